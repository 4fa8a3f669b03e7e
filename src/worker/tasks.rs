//! Lanes for one-off jobs: first come, first served, none is dropped.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use super::{
    event::{Event, Lane, TaskEvent, TaskId, TaskOutcome},
    outbox::{Outbox, Source, Throttle, lock},
    thread::{NamedThread, panic_problem, spawn_problem},
};
use pipeline::{
    Problem,
    cx::{Cancel, Monitor},
};

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
