//! Which customers a click selects. Parts of a selection are combined with *and*.

use serde::{Deserialize, Serialize};

use super::{cohorts::CohortSpec, cohorts::CohortTable, segments::Segmentation};

/// One removable part of a selection.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Customers won by the rule of this name.
    Segment(String),
    /// A cohort row; with an age, only those who ordered in that period.
    Cohort {
        spec: CohortSpec,
        key: i64,
        label: String,
        age: Option<u32>,
    },
    /// Customers with these recency and frequency scores (1…5).
    RfCell { r: u8, f: u8 },
    /// Named customers, by id.
    Customers(Vec<String>),
}

/// Chips in the top bar; empty = everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Selection {
    pub parts: Vec<Part>,
}

/// The customers a selection holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selected {
    /// Customer numbers, ascending.
    pub customers: Vec<u32>,
    pub orders: u64,
    pub revenue: f64,
}

/// Tables a selection is resolved against.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    pub orders: &'a crate::data::orders::Orders,
    pub customers: &'a super::customers::Customers,
    pub scores: &'a super::rfm::Scores,
    pub segments: &'a Segmentation,
    pub cohorts: &'a CohortTable,
}

/// Customers that match every part; everyone with an order before S when there is none.
#[must_use]
pub fn select(tables: Tables<'_>, selection: &Selection) -> Selected {
    let _ = (tables, selection);
    unimplemented!("selection")
}
