//! Cohorts: customers grouped by the period of their first order (or by an attribute of it), followed over age.

use serde::{Deserialize, Serialize};

use crate::data::{
    day::{Day, Period},
    orders::Orders,
};

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
#[serde(default)]
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
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CohortTable {
    pub spec: CohortSpec,
    pub as_of: Day,
    /// Oldest acquisition first; attribute rows by size, largest first.
    pub rows: Vec<CohortRow>,
    /// Longest row.
    pub ages: usize,
    /// Row of every customer, `u32::MAX` without an order before S.
    pub row_of: Vec<u32>,
}

impl CohortTable {
    /// The metric in one cell; `None` where unobserved or undefined (AOV without orders).
    #[must_use]
    pub fn value(&self, metric: Metric, row: usize, age: usize) -> Option<f64> {
        let _ = (metric, row, age);
        unimplemented!("cohort value")
    }

    /// Mean over the observed cohorts of an age, weighted by cohort size; sums for count metrics
    /// are also averaged, so that the row reads "a typical cohort". In-progress cells are left out.
    #[must_use]
    pub fn weighted_mean(&self, metric: Metric, age: usize) -> Option<f64> {
        let _ = (metric, age);
        unimplemented!("cohort mean")
    }

    #[must_use]
    pub fn state(&self, row: usize, age: usize) -> CellState {
        let _ = (row, age);
        unimplemented!("cohort state")
    }
}

/// Builds the table of all orders before `as_of`.
#[must_use]
pub fn cohorts(orders: &Orders, as_of: Day, spec: &CohortSpec) -> CohortTable {
    let _ = (orders, as_of, spec);
    unimplemented!("cohorts")
}
