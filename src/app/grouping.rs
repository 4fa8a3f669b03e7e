//! Clusters of the open shop: asked for, under way, found.

use std::sync::Arc;

use super::App;
use crate::{
    pipeline::{
        cx::{Monitor, Progress},
        grouping::{Grouping, GroupingState, group_shop},
    },
    worker::{Lane, TaskEvent, TaskId, TaskOutcome, Worker},
};

/// The run under way and what the one before found.
#[derive(Default)]
pub(super) struct GroupingJob {
    pub grouping: Grouping,
    task: Option<TaskId>,
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

impl App {
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
    work: impl FnOnce(&Monitor) -> Result<TaskOutcome, crate::pipeline::Problem> + Send + 'static,
) {
    job.cancel(worker);
    job.grouping.state = GroupingState::Running(Progress::default());
    job.task = Some(worker.run_task(Lane::Long, "Clusters", work));
}
