//! Revenue, orders, units and customers by the values of a coded column: categories, countries,
//! channels, ages… whatever the data holds.

/// What a list is ranked by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Measure {
    #[default]
    Revenue,
    Orders,
    Units,
    Customers,
}

impl Measure {
    pub const ALL: [Self; 4] = [Self::Revenue, Self::Orders, Self::Units, Self::Customers];

    /// Name in JSON output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::Orders => "orders",
            Self::Units => "units",
            Self::Customers => "customers",
        }
    }

    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Revenue => "Revenue",
            Self::Orders => "Orders",
            Self::Units => "Units",
            Self::Customers => "Customers",
        }
    }

    /// Place in arrays with one entry per measure.
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::Revenue => 0,
            Self::Orders => 1,
            Self::Units => 2,
            Self::Customers => 3,
        }
    }
}

/// What the lines of one value, or of several, add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Net revenue, credits included.
    pub revenue: f64,
    /// Distinct orders with a kept line of the value.
    pub orders: u64,
    /// Units of kept sale lines; 0 when the data does not count units.
    pub units: u64,
    /// Distinct customers with a kept line of the value.
    pub customers: u64,
    /// Sale lines, also those not kept.
    pub sale_lines: u64,
    pub not_kept_lines: u64,
}

impl Tally {
    #[must_use]
    pub fn get(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Revenue => self.revenue,
            Measure::Orders => self.orders as f64,
            Measure::Units => self.units as f64,
            Measure::Customers => self.customers as f64,
        }
    }

    /// Sale lines that were not kept ÷ sale lines.
    #[must_use]
    pub fn return_rate(&self) -> Option<f64> {
        (self.sale_lines > 0).then(|| self.not_kept_lines as f64 / self.sale_lines as f64)
    }
}

/// One value of a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// As the file spells it; empty stands for "missing".
    pub value: String,
    pub tally: Tally,
}

/// Largest values by one measure, and everybody else together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// Places in [`Breakdown::groups`], largest first.
    pub top: Vec<usize>,
    /// How many values are not in `top`, and what they add up to (an order with two of them counts once).
    pub other: Option<(usize, Tally)>,
}

/// Whose column it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Each order line has a value: an order or a customer may have several.
    #[default]
    Line,
    /// Each customer has one value.
    Customer,
}

/// A shop's numbers by the values of one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Breakdown {
    /// Column name as the file spells it.
    pub name: String,
    pub owner: Owner,
    /// Values with a line before S.
    pub distinct: usize,
    /// Values by revenue, largest first; all of them up to [`MAX_GROUPS`], beyond that the largest by
    /// any measure.
    pub groups: Vec<Group>,
    /// One per [`Measure`], in the order of [`Measure::ALL`].
    pub rankings: [Ranking; 4],
    /// The whole shop: what shares are shares of.
    pub total: Tally,
}

/// Values listed by name; the others are "Other".
pub const TOP: usize = 10;
/// Values kept with their numbers.
pub const MAX_GROUPS: usize = 200;

impl Breakdown {
    #[must_use]
    pub fn ranking(&self, measure: Measure) -> &Ranking {
        &self.rankings[measure.index()]
    }

    /// Share of the shop's total. Shares of orders and customers by a line's column add up to more
    /// than 1 when orders hold several values.
    #[must_use]
    pub fn share(&self, tally: &Tally, measure: Measure) -> Option<f64> {
        let total = self.total.get(measure);
        (total > 0.0).then(|| tally.get(measure) / total)
    }
}
