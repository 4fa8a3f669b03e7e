//! What the worker reports, and of which request or task.

use std::{path::PathBuf, sync::Arc};

use analysis::clusters::Clustering;
use data::dataset::FileReading;
use data::judge::rejected::Rejected;
use pipeline::cx::Progress;
use pipeline::profile::ShopProfile;
use pipeline::training::{Predictions, Trained};
use pipeline::{Problem, Snapshot};

/// Number of a request; later requests have larger numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub(super) u64);

/// News from the background.
#[derive(Clone, Debug)]
pub enum Event {
    /// Where the newest request stands. At most one per [`Worker::poll`].
    Progress(Progress),
    /// Newer numbers.
    Updated(Arc<Snapshot>),
    /// The newest request is done; the last `Updated` holds its numbers (none when nothing changed).
    Finished,
    /// The newest request failed; the numbers shown before stay valid.
    Failed(Problem),
    /// The newest request was cancelled by [`Worker::cancel`].
    Cancelled,
    /// News of a task started with [`Worker::run_task`].
    Task {
        id: TaskId,
        /// As given to [`Worker::run_task`].
        name: Arc<str>,
        event: TaskEvent,
    },
}

impl Event {
    /// Whether it is the last event of its request.
    pub(super) fn ends_request(&self) -> bool {
        matches!(self, Self::Finished | Self::Failed(_) | Self::Cancelled)
    }
}

/// Number of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub(super) u64);

/// Which thread runs a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Seconds: writing files.
    Short,
    /// Minutes: training models.
    Long,
}

impl Lane {
    pub(super) fn thread_name(self) -> &'static str {
        match self {
            Self::Short => "keepers-tasks",
            Self::Long => "keepers-training",
        }
    }
}

/// What a finished task leaves behind.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskOutcome {
    /// A file was written. `summary` is for people: "412 customers, 18 KB".
    Written { path: PathBuf, summary: String },
    /// Nothing but something to say.
    Said(String),
    /// What the files of the open shop hold.
    Profiled(Arc<ShopProfile>),
    /// A first look at files whose columns are being mapped.
    Inspected(Arc<Vec<FileReading>>),
    /// Clusters of the open shop.
    Grouped(Arc<Clustering>),
    /// The rows that rules left out, to be saved.
    Rejected(Rejected),
    /// A trained and judged recipe.
    Trained(Arc<Trained>),
    /// What a saved model says of everyone.
    Scored(Arc<Predictions>),
}

/// The life of a task, in this order; the last three end it.
#[derive(Clone, Debug)]
pub enum TaskEvent {
    Started,
    Progress(Progress),
    Done(TaskOutcome),
    Failed(Problem),
    Cancelled,
}
