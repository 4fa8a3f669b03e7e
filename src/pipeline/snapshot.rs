//! What the window shows: one `Arc` per artefact, so that taking a snapshot copies nothing.

use std::sync::Arc;

use crate::{
    analysis::{
        cohorts::CohortTable,
        customers::Customers,
        overview::Overview,
        rfm::Scores,
        segments::Segmentation,
        selection::{Selected, Selection},
    },
    data::{dataset::Dataset, day::Day},
};

/// All results for one loaded shop as of one date; complete and consistent with each other.
#[derive(Clone, Debug)]
pub struct Shop {
    pub dataset: Arc<Dataset>,
    /// S in use.
    pub as_of: Day,
    pub customers: Arc<Customers>,
    pub scores: Arc<Scores>,
    pub segments: Arc<Segmentation>,
    pub cohorts: Arc<CohortTable>,
    pub overview: Arc<Overview>,
    pub selection: Selection,
    pub selected: Arc<Selected>,
}

/// The newest finished results; empty before the first shop is open.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Counts up with every change, so that memos of the window can key on it.
    pub revision: u64,
    pub shop: Option<Shop>,
}
