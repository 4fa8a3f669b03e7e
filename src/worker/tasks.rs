//! Lanes for one-off jobs: first come, first served, none is dropped.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use super::{
    Event,
    outbox::{Outbox, Source, Throttle, lock},
    thread::{NamedThread, panic_problem, spawn_problem},
};
use crate::{
    analysis::clusters::Clustering,
    data::dataset::FileReading,
    data::judge::rejected::Rejected,
    pipeline::{
        Problem,
        cx::{Cancel, Monitor, Progress},
        profile::ShopProfile,
        training::{Predictions, Trained},
    },
};

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
    fn thread_name(self) -> &'static str {
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

type Job = Box<dyn FnOnce(&Monitor) -> Result<TaskOutcome, Problem> + Send>;

struct Task {
    id: TaskId,
    name: Arc<str>,
    cancel: Cancel,
    job: Job,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Task>,
    running: Option<(TaskId, Cancel)>,
    stopping: bool,
}

#[derive(Default)]
struct Desk {
    state: Mutex<State>,
    changed: Condvar,
}

pub(super) struct TaskLane {
    lane: Lane,
    desk: Arc<Desk>,
    outbox: Outbox,
    thread: Option<NamedThread>,
}

impl TaskLane {
    pub fn new(lane: Lane, outbox: Outbox) -> Self {
        Self {
            lane,
            desk: Arc::default(),
            outbox,
            thread: None,
        }
    }

    pub fn push(&mut self, id: TaskId, name: Arc<str>, job: Job) {
        if self.thread.is_none() {
            let (desk, outbox) = (Arc::clone(&self.desk), self.outbox.clone());
            match NamedThread::spawn(self.lane.thread_name(), move || serve(&desk, &outbox)) {
                Ok(thread) => self.thread = Some(thread),
                Err(error) => {
                    let event = TaskEvent::Failed(spawn_problem(&error));
                    return post(&self.outbox, id, &name, event);
                }
            }
        }
        lock(&self.desk.state).waiting.push_back(Task {
            id,
            name,
            cancel: Cancel::default(),
            job,
        });
        self.desk.changed.notify_one();
    }

    pub fn cancel(&self, id: TaskId) {
        let mut state = lock(&self.desk.state);
        if let Some((running, cancel)) = &state.running
            && *running == id
        {
            cancel.cancel();
        }
        let position = state.waiting.iter().position(|task| task.id == id);
        let removed = position.and_then(|position| state.waiting.remove(position));
        drop(state);
        if let Some(task) = removed {
            post(&self.outbox, id, &task.name, TaskEvent::Cancelled);
        }
    }

    pub fn stop(&self) {
        let mut state = lock(&self.desk.state);
        state.stopping = true;
        state.waiting.clear();
        if let Some((_, cancel)) = &state.running {
            cancel.cancel();
        }
        drop(state);
        self.desk.changed.notify_one();
    }

    pub fn join(&mut self) {
        if let Some(thread) = &mut self.thread {
            thread.join();
        }
    }
}

fn post(outbox: &Outbox, id: TaskId, name: &Arc<str>, event: TaskEvent) {
    let name = Arc::clone(name);
    outbox.post(Source::Task(id), Event::Task { id, name, event });
}

fn serve(desk: &Desk, outbox: &Outbox) {
    while let Some(task) = next(desk) {
        let (id, name) = (task.id, Arc::clone(&task.name));
        post(outbox, id, &name, TaskEvent::Started);
        let end = work(outbox, task);
        lock(&desk.state).running = None;
        outbox.forget_progress(Source::Task(id));
        post(outbox, id, &name, end);
    }
}

fn next(desk: &Desk) -> Option<Task> {
    let mut state = lock(&desk.state);
    loop {
        if state.stopping {
            return None;
        }
        if let Some(task) = state.waiting.pop_front() {
            state.running = Some((task.id, task.cancel.clone()));
            return Some(task);
        }
        state = desk
            .changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner);
    }
}

fn work(outbox: &Outbox, task: Task) -> TaskEvent {
    let throttle = Throttle::default();
    let monitor = {
        let (outbox, name) = (outbox.clone(), Arc::clone(&task.name));
        Monitor::new(task.cancel.clone(), move |progress| {
            let wake = throttle.lets_through(&progress.stage);
            outbox.progress(Source::Task(task.id), &name, progress, wake);
        })
    };
    let job = task.job;
    match catch_unwind(AssertUnwindSafe(|| job(&monitor))) {
        Ok(Ok(outcome)) => TaskEvent::Done(outcome),
        Ok(Err(_)) if task.cancel.is_cancelled() => TaskEvent::Cancelled,
        Ok(Err(problem)) => TaskEvent::Failed(problem),
        Err(payload) => TaskEvent::Failed(panic_problem(&task.name, &*payload)),
    }
}
