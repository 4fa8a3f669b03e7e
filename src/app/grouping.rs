//! Clusters of the open shop: asked for, under way, found.

use std::sync::Arc;

use super::App;
use analysis::selection::{Part, Selection};
use pipeline::{
    cx::{Monitor, Progress},
    grouping::{Grouping, GroupingState, group_shop},
};
use worker::{Lane, TaskEvent, TaskId, TaskOutcome, Worker};

/// The run under way and what the one before found.
#[derive(Default)]
pub(super) struct GroupingJob {
    pub grouping: Grouping,
    task: Option<TaskId>,
    /// Clusters that a selection names were looked for once without being asked.
    looked: bool,
}

impl GroupingJob {
    /// Whether clusters are being looked for.
    pub(super) fn runs(&self) -> bool {
        self.task.is_some()
    }

    /// Whether this task looks for them.
    pub(super) fn runs_as(&self, id: TaskId) -> bool {
        self.task == Some(id)
    }

    /// Other data is on the screen now: its rows are other customers.
    pub(super) fn forget(&mut self, worker: &Worker) {
        self.cancel(worker);
        self.grouping = Grouping::default();
        self.looked = false;
    }

    /// Whether there are no clusters and nobody has looked for them; the next call says no.
    pub(super) fn are_missing(&mut self) -> bool {
        let idle = matches!(self.grouping.state, GroupingState::Idle);
        let missing = idle && self.task.is_none() && self.grouping.found.is_none() && !self.looked;
        self.looked |= missing;
        missing
    }

    pub(super) fn cancel(&mut self, worker: &Worker) {
        if let Some(id) = self.task.take() {
            worker.cancel_task(id);
        }
        self.grouping.state = GroupingState::Idle;
    }

    pub(super) fn take(&mut self, event: TaskEvent) {
        self.grouping.state = match event {
            TaskEvent::Started => GroupingState::Running(Progress::default()),
            TaskEvent::Progress(progress) => GroupingState::Running(progress),
            TaskEvent::Done(TaskOutcome::Grouped(found)) => {
                self.grouping.found = Some(found);
                GroupingState::Idle
            }
            TaskEvent::Failed(problem) => GroupingState::Failed(problem),
            TaskEvent::Cancelled | TaskEvent::Done(_) => GroupingState::Idle,
        };
        if !matches!(self.grouping.state, GroupingState::Running(_)) {
            self.task = None;
        }
    }
}

/// Whether a part of the selection is a cluster.
fn names_clusters(selection: &Selection) -> bool {
    fn is_cluster(part: &Part) -> bool {
        match part {
            Part::Not(part) => is_cluster(part),
            part => matches!(part, Part::Cluster { .. }),
        }
    }
    selection.parts.iter().any(is_cluster)
}

impl App {
    /// A selection, or a scene, can name a cluster of an earlier session: then the clusters are found
    /// again by the same seed, instead of selecting nobody.
    pub(super) fn find_missing_clusters(&mut self) {
        let scenes = &self.history.current().scenes;
        let named = names_clusters(&self.selection)
            || scenes.iter().any(|scene| names_clusters(&scene.selection));
        if named && self.snapshot.shop.is_some() && self.jobs.clusters_are_missing() {
            self.find_clusters();
        }
    }

    /// Looks for clusters by the project's spec; a run under way is left.
    pub(super) fn find_clusters(&mut self) {
        let Some(shop) = self.snapshot.shop.clone() else {
            return;
        };
        let spec = self.history.current().clusters.clone();
        self.jobs.start_grouping(move |monitor: &Monitor| {
            let found = group_shop(&shop, &spec, monitor)?;
            Ok(TaskOutcome::Grouped(Arc::new(found)))
        });
    }
}

/// Starts the task on the lane for long work.
pub(super) fn start(
    job: &mut GroupingJob,
    worker: &mut Worker,
    work: impl FnOnce(&Monitor) -> Result<TaskOutcome, pipeline::Problem> + Send + 'static,
) {
    job.cancel(worker);
    job.grouping.state = GroupingState::Running(Progress::default());
    job.task = Some(worker.run_task(Lane::Long, "Clusters", work));
}
