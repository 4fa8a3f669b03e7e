//! Cohorts: customers grouped by the period of their first order (or by an attribute of it), followed over age.

use serde::{Deserialize, Serialize};

use super::numeric::{quantile, settle};
use data::day::{Day, Period};

/// What a heatmap cell shows; all follow from the same three sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Share of the cohort that ordered in the period (0…1).
    #[default]
    Retention,
    /// Customers of the cohort that ordered in the period.
    Customers,
    Orders,
    /// Net revenue of the period.
    Revenue,
    /// Net revenue of the period ÷ cohort size.
    RevenuePerCustomer,
    /// Net revenue up to and including the period ÷ cohort size.
    CumulativeLtv,
    /// Net revenue ÷ orders of the period.
    Aov,
}

impl Metric {
    pub const ALL: [Self; 7] = [
        Self::Retention,
        Self::Customers,
        Self::Orders,
        Self::Revenue,
        Self::RevenuePerCustomer,
        Self::CumulativeLtv,
        Self::Aov,
    ];

    /// Name in JSON and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Retention => "retention",
            Self::Customers => "customers",
            Self::Orders => "orders",
            Self::Revenue => "revenue",
            Self::RevenuePerCustomer => "revenue_per_customer",
            Self::CumulativeLtv => "cumulative_ltv",
            Self::Aov => "aov",
        }
    }

    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Retention => "Retention",
            Self::Customers => "Customers",
            Self::Orders => "Orders",
            Self::Revenue => "Revenue",
            Self::RevenuePerCustomer => "Revenue per cohort customer",
            Self::CumulativeLtv => "Cumulative lifetime value",
            Self::Aov => "Average order value",
        }
    }
}

/// What makes a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowsBy {
    /// Period of the first order.
    #[default]
    Acquisition,
    /// Value of this attribute on the customer's first kept line.
    Attribute(String),
}

/// Everything that decides the table, apart from orders and S. The metric is chosen when reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CohortSpec {
    pub period: Period,
    pub rows: RowsBy,
}

/// The three sums every metric follows from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell {
    pub customers: u64,
    pub orders: u64,
    pub revenue: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellState {
    Complete,
    /// Its period has begun but not ended by S.
    InProgress,
    /// Its period begins at S or later.
    Unobserved,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CohortRow {
    /// `1997-01`, or the attribute's value.
    pub label: String,
    /// Period index of the acquisition, or code of the attribute value.
    pub key: i64,
    /// Customers in the cohort.
    pub size: u64,
    /// One cell per age 0…; as many as have begun for the row's oldest member.
    pub cells: Vec<Cell>,
    /// How many customers of the row have reached each age (their period has begun): equals `size`
    /// in acquisition rows, falls with age in attribute rows, and is what rates divide by.
    pub exposed: Vec<u64>,
    /// The part of each cell that lies in a period still running at S, and how many of `exposed` are
    /// in theirs. In acquisition rows that is the whole last cell or nothing; in attribute rows, where
    /// one age mixes many periods, it is what rates leave out so that a started month does not
    /// pull them down.
    pub running: Vec<Cell>,
    pub exposed_running: Vec<u64>,
    /// Σ over ages up to this one of net revenue ÷ customers who have reached the age.
    pub cumulative_ltv: Vec<f64>,
}

impl CohortRow {
    /// The sums rates follow from and the customers to divide by: periods that have ended, or the
    /// running ones where nothing has ended yet.
    #[must_use]
    pub fn rated(&self, age: usize) -> (Cell, u64) {
        let (cell, running) = (self.cells[age], self.running[age]);
        if self.exposed[age] == self.exposed_running[age] {
            return (cell, self.exposed[age]);
        }
        let ended = Cell {
            customers: cell.customers - running.customers,
            orders: cell.orders - running.orders,
            revenue: settle(cell.revenue - running.revenue),
        };
        (ended, self.exposed[age] - self.exposed_running[age])
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CohortTable {
    pub spec: CohortSpec,
    pub as_of: Day,
    /// Oldest acquisition first; attribute rows by size, largest first.
    pub rows: Vec<CohortRow>,
    /// Longest row.
    pub ages: usize,
    /// Where dates lie so far apart that rows end before S: what lies beyond their last age.
    pub beyond: Option<Cell>,
    /// Whether the first row holds customers from before the data begin, as far as sizes and returns tell
    /// ([`super::left_censoring`]). It is then left out of means and comparisons.
    pub left_censored: bool,
    /// Row of every customer, `u32::MAX` without an order before S.
    pub row_of: Vec<u32>,
}

/// Attribute rows shown by themselves; the values beyond the largest ones share the row "Other".
pub const MAX_ATTRIBUTE_ROWS: usize = 20;
/// Key of the row "Other".
pub const OTHER_KEY: i64 = -1;
/// Row number of a customer without an order before S.
pub const NO_ROW: u32 = u32::MAX;
/// Cohorts below this size are too small to read a rate from.
pub const SMALL_COHORT: u64 = 30;

impl CohortTable {
    /// Whether a row stands for customers won in its period, so that it belongs into a mean.
    #[must_use]
    pub fn compares(&self, row: usize) -> bool {
        row > 0 || !self.left_censored
    }

    /// Says that the first row is left out: "2010-12 † is left out of the mean: …"
    #[must_use]
    pub fn left_out(&self) -> Option<String> {
        let first = self.rows.first().filter(|_| self.left_censored)?;
        Some(format!(
            "{} † is left out of the mean: it is much larger and comes back more often than the {}s after it, so it \
             seems to hold customers from before the data begin.",
            first.label,
            self.spec.period.noun()
        ))
    }

    /// The metric in one cell; `None` where unobserved or undefined (AOV without orders, an
    /// acquisition period without customers). Counts and sums show everything before S; rates are
    /// explained at [`CohortRow::running`].
    #[must_use]
    pub fn value(&self, metric: Metric, row: usize, age: usize) -> Option<f64> {
        let row = self.rows.get(row).filter(|row| row.size > 0)?;
        let cell = row.cells.get(age)?;
        let (rated, exposed) = row.rated(age);
        let ratio = |sum: f64, count: u64| (count > 0).then(|| sum / count as f64);
        match metric {
            Metric::Customers => Some(cell.customers as f64),
            Metric::Orders => Some(cell.orders as f64),
            Metric::Revenue => Some(cell.revenue),
            Metric::Retention => ratio(rated.customers as f64, exposed),
            Metric::RevenuePerCustomer => ratio(rated.revenue, exposed),
            Metric::CumulativeLtv => row.cumulative_ltv.get(age).copied(),
            Metric::Aov => ratio(rated.revenue, rated.orders),
        }
    }

    /// Mean over the observed cohorts of an age, weighted by cohort size; sums for count metrics
    /// are also averaged, so that the row reads "a typical cohort". In-progress cells are left out, and a
    /// first cohort that holds customers from before the data begin ([`Self::left_censored`]);
    /// in attribute rows the weight is the number of customers who have completed the age.
    #[must_use]
    pub fn weighted_mean(&self, metric: Metric, age: usize) -> Option<f64> {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (index, row) in self.rows.iter().enumerate() {
            if !self.compares(index) || self.state(index, age) != CellState::Complete {
                continue;
            }
            if let Some(value) = self.value(metric, index, age) {
                let weight = row.rated(age).1 as f64;
                sum += value * weight;
                weights += weight;
            }
        }
        (weights > 0.0).then(|| sum / weights)
    }

    /// Whether a cell's period has ended by S. An attribute row's cell is in progress when none of
    /// its customers has completed that age.
    #[must_use]
    pub fn state(&self, row: usize, age: usize) -> CellState {
        let Some(row) = self.rows.get(row).filter(|row| age < row.cells.len()) else {
            return CellState::Unobserved;
        };
        if row.exposed[age] > 0 && row.exposed[age] == row.exposed_running[age] {
            CellState::InProgress
        } else {
            CellState::Complete
        }
    }

    /// Row with this key.
    #[must_use]
    pub fn row_with_key(&self, key: i64) -> Option<usize> {
        self.rows.iter().position(|row| row.key == key)
    }

    /// Says that rows end before S: "Ages end at 1,199 months, for dates lie very far apart: 3 later orders
    /// are in no cell."
    #[must_use]
    pub fn cut_short(&self) -> Option<String> {
        let beyond = self.beyond?;
        let last = base::figures::integer(self.ages.saturating_sub(1) as u64);
        let orders = match beyond.orders {
            1 => "1 later order is".to_owned(),
            count => format!("{} later orders are", base::figures::integer(count)),
        };
        Some(format!(
            "Ages end at {last} {}s, for dates lie very far apart: {orders} in no cell.",
            self.spec.period.noun()
        ))
    }

    /// Customers in all rows.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.rows.iter().map(|row| row.size).sum()
    }

    /// Limits of a colour scale: 2nd and 98th percentile of the complete cells without age 0 (which
    /// would outshine the rest) and without small cohorts. With too little history for that, of all
    /// cells; `None` when no cell has a value.
    #[must_use]
    pub fn colour_domain(&self, metric: Metric) -> Option<(f64, f64)> {
        let values = |from: usize, strict: bool| {
            let mut values: Vec<f64> = (0..self.rows.len())
                .filter(|&row| !strict || self.rows[row].size >= SMALL_COHORT)
                .flat_map(|row| (from..self.rows[row].cells.len()).map(move |age| (row, age)))
                .filter(|&(row, age)| !strict || self.state(row, age) == CellState::Complete)
                .filter_map(|(row, age)| self.value(metric, row, age))
                .collect();
            values.sort_unstable_by(f64::total_cmp);
            values
        };
        [(1, true), (1, false), (0, false)]
            .into_iter()
            .map(|(from, strict)| values(from, strict))
            .find_map(|sorted| Some((quantile(&sorted, 0.02)?, quantile(&sorted, 0.98)?)))
    }

    /// Rows with the highest and the lowest value at an age, among complete cells of cohorts of at
    /// least [`SMALL_COHORT`] customers (the first row wins a tie); `None` with fewer than two.
    #[must_use]
    pub fn best_and_worst_row(&self, metric: Metric, age: usize) -> Option<(usize, usize)> {
        let rated: Vec<(usize, f64)> = (0..self.rows.len())
            .filter(|&row| self.compares(row))
            .filter(|&row| self.rows[row].size >= SMALL_COHORT)
            .filter(|&row| self.state(row, age) == CellState::Complete)
            .filter_map(|row| Some((row, self.value(metric, row, age)?)))
            .collect();
        let first = *rated.first().filter(|_| rated.len() > 1)?;
        let best = rated.iter().fold(
            first,
            |best, &next| if next.1 > best.1 { next } else { best },
        );
        let worst = rated.iter().fold(
            first,
            |worst, &next| if next.1 < worst.1 { next } else { worst },
        );
        Some((best.0, worst.0))
    }
}
