//! Clusters of the open shop, on demand: they take seconds, so they are a task of their own and not a
//! stage that every step of a date waits for.

use std::sync::Arc;

use super::{
    Problem,
    cx::{Monitor, Progress},
    snapshot::Shop,
};
use analysis::clusters::{
    ClusterSpec, Clustering, Effort, error::ClusterError, features::Rows, fit::cluster,
};

/// How far the clusters of the open shop are.
#[derive(Clone, Debug, Default)]
pub struct Grouping {
    /// The clusters found last; they stay while others are looked for.
    pub found: Option<Arc<Clustering>>,
    pub state: GroupingState,
}

#[derive(Clone, Debug, Default)]
pub enum GroupingState {
    /// Nothing is under way.
    #[default]
    Idle,
    Running(Progress),
    Failed(Problem),
}

/// No clusters yet, and none under way.
pub const NOTHING: &Grouping = &Grouping {
    found: None,
    state: GroupingState::Idle,
};

impl Grouping {
    /// Whether the clusters at hand are those of this spec.
    #[must_use]
    pub fn answers(&self, spec: &ClusterSpec) -> bool {
        self.found
            .as_ref()
            .is_some_and(|found| found.spec.same_clusters(spec))
    }
}

/// The rows of a shop that can be clustered: customers of an order history, rows of a customer table.
#[must_use]
pub fn rows_of(shop: &Shop) -> Option<Rows<'_>> {
    if shop.dataset.shape.has_orders() {
        return Some(Rows::Customers(&shop.customers));
    }
    let table = shop.dataset.tables.first()?;
    Some(Rows::Table(table))
}

/// Finds the clusters of a shop.
///
/// # Errors
/// In words for a notice; also when cancelled, which the worker knows by itself.
pub fn group_shop(
    shop: &Shop,
    spec: &ClusterSpec,
    monitor: &Monitor,
) -> Result<Clustering, Problem> {
    let Some(rows) = rows_of(shop) else {
        return Err(Problem::new(
            "There is nothing to cluster",
            "The data holds neither orders nor a customer table.",
            "Open other files.",
        ));
    };
    cluster(rows, shop.as_of, spec, Effort::default(), monitor).map_err(|error| problem(&error))
}

/// What a notice says about a run that found nothing.
fn problem(error: &ClusterError) -> Problem {
    Problem::new(
        "No clusters were found",
        format!("{error}."),
        "Change what customers are clustered by under Segments, Clusters.",
    )
}
