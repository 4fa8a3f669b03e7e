//! The tables that a selection is looked up in.

use std::sync::Arc;

use crate::{
    clusters::Clustering, cohorts::CohortTable, customers::Customers, migration::Placement,
    rfm::Scores, segments::Segmentation,
};
use data::orders::Orders;

/// Tables a selection is resolved against.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    pub orders: &'a Orders,
    pub customers: &'a Customers,
    pub scores: &'a Scores,
    pub segments: &'a Segmentation,
    pub cohorts: &'a CohortTable,
    pub extras: Extras<'a>,
}

/// What only some parts look at; a part that asks for what is missing matches nobody.
#[derive(Clone, Copy, Default)]
pub struct Extras<'a> {
    /// Where everybody stood on the dates of [`super::part::Part::Move`].
    pub placements: &'a [Arc<Placement>],
    pub clusters: Option<&'a Clustering>,
    /// What a trained model says of each customer; empty without one, not a number where it says nothing.
    pub predicted: &'a [f64],
    pub p_alive: &'a [f64],
    /// Number of each customer's kept cluster; empty when none are kept.
    pub kept_clusters: &'a [u8],
}
