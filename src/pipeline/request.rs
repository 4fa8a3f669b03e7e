//! What the pipeline is asked for.

use std::sync::Arc;

use super::{people::Wants, training::Predictions};
use analysis::clusters::Clustering;
use analysis::selection::Selection;
use project::{Project, SegmentSpec};

/// What the pipeline is asked for: every input of the numbers, and what is selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    pub project: Arc<Project>,
    pub selection: Selection,
    /// Segments to compare with: those before the change under way.
    pub before: Option<Arc<SegmentSpec>>,
    /// Something is being dragged: only what follows it on the screen is worked out. What costs more
    /// is left out unless it is remembered, and comes with the request after the drag.
    pub live: bool,
    /// What somebody looks at that is worked out on demand.
    pub wants: Wants,
    pub given: Given,
}

/// What other work has brought.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The clusters at hand, for selections by cluster.
    pub clusters: Option<Arc<Clustering>>,
    /// What a trained model says of everyone; passed on to those who show it.
    pub predictions: Option<Arc<Predictions>>,
}

impl PartialEq for Given {
    /// Both are compared by identity: each run makes its own.
    fn eq(&self, other: &Self) -> bool {
        let clusters = match (&self.clusters, &other.clusters) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        clusters && self.predictions == other.predictions
    }
}

impl Request {
    /// Everything about a project, with its audiences.
    #[must_use]
    pub fn with_people(project: &Project) -> Self {
        Self {
            project: Arc::new(project.clone()),
            wants: Wants {
                people: true,
                ..Wants::default()
            },
            ..Self::default()
        }
    }

    /// Everything about a project that the Start view shows.
    #[must_use]
    pub fn with_start(project: &Project) -> Self {
        let mut request = Self::with_people(project);
        request.wants.start = true;
        request
    }

    /// Whether both ask for the same data read in the same way, so that a running load serves both.
    #[must_use]
    pub fn same_reading(&self, other: &Self) -> bool {
        self.project.source == other.project.source && self.project.reading == other.project.reading
    }
}
