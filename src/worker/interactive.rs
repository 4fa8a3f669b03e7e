//! The interactive lane: one request at a time, the newest wins.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use super::{
    engine::Engine,
    event::{Event, Generation},
    outbox::{Outbox, Source, Throttle, lock},
    thread::{NamedThread, panic_problem, spawn_problem},
};
use pipeline::{
    PipelineError, Problem, Request,
    cx::{Cancel, Monitor},
};

struct Job {
    generation: Generation,
    request: Request,
}

/// What is being worked on, and the two ways to stop it.
struct Running {
    request: Request,
    /// Stops everything: another data set is wanted, or the user cancelled.
    reading: Cancel,
    /// Stops what follows reading: other numbers of the same data are wanted.
    analysing: Cancel,
}

#[derive(Default)]
struct State {
    /// The newest request's number.
    newest: Generation,
    waiting: Option<Job>,
    running: Option<Running>,
    stopping: bool,
}

#[derive(Default)]
struct Desk {
    state: Mutex<State>,
    changed: Condvar,
}

pub(super) struct Interactive {
    desk: Arc<Desk>,
    outbox: Outbox,
    /// Why there is no thread, when there is none.
    thread: Result<NamedThread, Problem>,
}

impl Interactive {
    pub fn start(engine: impl Engine + 'static, outbox: Outbox) -> Self {
        let desk = Arc::new(Desk::default());
        let thread = {
            let (desk, outbox) = (Arc::clone(&desk), outbox.clone());
            NamedThread::spawn("keepers-worker", move || serve(&desk, &outbox, engine))
        };
        Self {
            desk,
            outbox,
            thread: thread.map_err(|error| spawn_problem(&error)),
        }
    }

    pub fn request(&self, generation: Generation, request: Request) {
        if let Err(problem) = &self.thread {
            let source = Source::Request(generation);
            self.outbox.post(source, Event::Failed(problem.clone()));
            return;
        }
        let mut state = lock(&self.desk.state);
        state.newest = generation;
        if let Some(running) = &state.running {
            running.analysing.cancel();
            if !running.request.same_reading(&request) {
                running.reading.cancel();
            }
        }
        state.waiting = Some(Job {
            generation,
            request,
        });
        drop(state);
        self.desk.changed.notify_one();
    }

    pub fn cancel(&self) {
        let mut state = lock(&self.desk.state);
        if let Some(running) = &state.running {
            running.reading.cancel();
            running.analysing.cancel();
        }
        let waiting = state.waiting.take();
        drop(state);
        // A running job reports its own end; one that never began cannot.
        if let Some(job) = waiting {
            let source = Source::Request(job.generation);
            self.outbox.post(source, Event::Cancelled);
        }
    }

    pub fn stop(&self) {
        let mut state = lock(&self.desk.state);
        state.stopping = true;
        state.waiting = None;
        if let Some(running) = &state.running {
            running.reading.cancel();
            running.analysing.cancel();
        }
        drop(state);
        self.desk.changed.notify_one();
    }

    pub fn join(&mut self) {
        if let Ok(thread) = &mut self.thread {
            thread.join();
        }
    }
}

/// Cancellation of one job, as the thread sees it.
struct Tokens {
    reading: Cancel,
    analysing: Cancel,
}

/// The thread's life.
fn serve(desk: &Arc<Desk>, outbox: &Outbox, mut engine: impl Engine) {
    while let Some((job, tokens)) = next(desk) {
        let end = work(desk, outbox, &mut engine, &job, &tokens);
        lock(&desk.state).running = None;
        let source = Source::Request(job.generation);
        outbox.forget_progress(source);
        outbox.post(source, end);
    }
}

/// Waits for a request; `None` when the window is closed.
fn next(desk: &Desk) -> Option<(Job, Tokens)> {
    let mut state = lock(&desk.state);
    loop {
        if state.stopping {
            return None;
        }
        if let Some(job) = state.waiting.take() {
            let tokens = Tokens {
                reading: Cancel::default(),
                analysing: Cancel::default(),
            };
            state.running = Some(Running {
                request: job.request.clone(),
                reading: tokens.reading.clone(),
                analysing: tokens.analysing.clone(),
            });
            return Some((job, tokens));
        }
        state = desk
            .changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner);
    }
}

/// Runs one job; its last event.
fn work(
    desk: &Arc<Desk>,
    outbox: &Outbox,
    engine: &mut impl Engine,
    job: &Job,
    tokens: &Tokens,
) -> Event {
    let throttle = Arc::new(Throttle::default());
    let reading = monitor(desk, outbox, &tokens.reading, &throttle);
    let analysing = monitor(desk, outbox, &tokens.analysing, &throttle);
    let source = Source::Request(job.generation);
    // Unwind-safe: stages write their memo last, so a panic leaves every memo whole.
    let result = catch_unwind(AssertUnwindSafe(|| -> Result<(), PipelineError> {
        engine.read(&job.request, &reading)?;
        analysing.check()?;
        engine.run(&job.request, &analysing, &mut |snapshot| {
            outbox.post(source, Event::Updated(snapshot));
        })
    }));
    match result {
        Ok(Ok(())) => Event::Finished,
        Ok(Err(PipelineError::Cancelled(_))) => Event::Cancelled,
        Ok(Err(error)) => Event::Failed(Problem::from(&error)),
        Err(payload) => {
            let stage = throttle.stage();
            let what = stage.as_deref().unwrap_or("Updating the numbers");
            Event::Failed(panic_problem(what, &*payload))
        }
    }
}

/// Reports under the newest request's number: a load that goes on for a newer request is that
/// request's progress.
fn monitor(
    desk: &Arc<Desk>,
    outbox: &Outbox,
    cancel: &Cancel,
    throttle: &Arc<Throttle>,
) -> Monitor {
    let (desk, outbox, throttle) = (Arc::clone(desk), outbox.clone(), Arc::clone(throttle));
    let stopped = cancel.clone();
    let name: Arc<str> = "".into();
    Monitor::new(cancel.clone(), move |progress| {
        let wake = throttle.lets_through(&progress.stage);
        if !stopped.is_cancelled() {
            let newest = lock(&desk.state).newest;
            outbox.progress(Source::Request(newest), &name, progress, wake);
        }
    })
}
