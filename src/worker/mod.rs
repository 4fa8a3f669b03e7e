//! The background threads: the window asks, they work, and the window polls what came of it.
//!
//! | lane | thread | order | for |
//! | --- | --- | --- | --- |
//! | interactive | `keepers-worker` | the newest request replaces any waiting one and cancels the running one | the pipeline |
//! | [`Lane::Short`] | `keepers-tasks` | one after the other, none is dropped | exports |
//! | [`Lane::Long`] | `keepers-training` | one after the other, none is dropped | training models |
//!
//! Why more than one thread: training takes minutes, and thresholds must stay draggable meanwhile;
//! and an export of a second must not wait for training to end. "Newest wins" is right for numbers on
//! a screen and wrong for a file the user asked for. A lane's thread starts with its first task, so
//! a window that neither exports nor trains has the one background thread.
//!
//! The lanes share rayon's pool. Whoever trains for minutes on all cores must do so in a pool of its
//! own with a core less, or the interactive lane waits behind it.
//!
//! A panic in a job is caught, becomes a [`Problem`], and the thread lives on.

mod engine;
pub mod event;
mod interactive;
mod outbox;
mod tasks;
mod thread;

use std::sync::{Arc, mpsc};

pub use engine::Engine;
pub use event::{Lane, TaskEvent, TaskId, TaskOutcome};
pub use pipeline::Problem;

use event::{Event, Generation};
use interactive::Interactive;
use outbox::{Outbox, Post, Slots, Source};
use pipeline::{Pipeline, Request, Snapshot};
use tasks::TaskLane;

/// The window's end of the background threads. Dropping it stops them.
pub struct Worker {
    interactive: Interactive,
    short: TaskLane,
    long: TaskLane,
    inbox: mpsc::Receiver<Post>,
    slots: Slots,
    newest: Generation,
    busy: bool,
    /// Asked for last, to begin when the running request is done.
    following: Option<Request>,
    /// The newest request.
    asked: Option<Request>,
    tasks_started: u64,
    /// The newest snapshot published for any request, and the newest one handed out.
    published: Option<Arc<Snapshot>>,
    handed_out: Option<Arc<Snapshot>>,
}

impl Worker {
    /// Starts the pipeline's thread. `wake` is called from background threads whenever
    /// [`Worker::poll`] has something new; it must return quickly.
    #[must_use]
    pub fn start(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self::with_engine(Pipeline::new(), wake)
    }

    /// As [`Worker::start`], with another engine than the pipeline on files.
    #[must_use]
    pub fn with_engine(
        engine: impl Engine + 'static,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let (outbox, inbox) = Outbox::new(wake);
        Self {
            interactive: Interactive::start(engine, outbox.clone()),
            short: TaskLane::new(Lane::Short, outbox.clone()),
            long: TaskLane::new(Lane::Long, outbox.clone()),
            slots: outbox.slots(),
            inbox,
            newest: Generation::default(),
            busy: false,
            following: None,
            asked: None,
            tasks_started: 0,
            published: None,
            handed_out: None,
        }
    }

    /// Asks for new numbers. A waiting request is forgotten and the running one is cancelled, except
    /// that a load both have in common goes on: stepping a date must not start a long load anew.
    pub fn request(&mut self, request: Request) -> Generation {
        self.newest = Generation(self.newest.0 + 1);
        self.busy = true;
        self.following = None;
        self.asked = Some(request.clone());
        self.interactive.request(self.newest, request);
        self.newest
    }

    /// Asks for new numbers while something is dragged: the running request is let through and its
    /// numbers are shown, then the newest of those asked for meanwhile begins. So numbers follow a
    /// drag as fast as they can be worked out, where [`Worker::request`] would cancel each step
    /// before it is done and show nothing until the hand rests.
    ///
    /// Numbers of other data are not waited for.
    pub fn follow(&mut self, request: Request) {
        let same_data = self
            .asked
            .as_ref()
            .is_some_and(|asked| asked.same_reading(&request));
        if self.busy && same_data {
            self.following = Some(request);
        } else {
            self.request(request);
        }
    }

    /// Cancels the newest request; the last snapshot stays. [`Event::Cancelled`] follows once the
    /// running stage has noticed.
    pub fn cancel(&mut self) {
        self.following = None;
        self.interactive.cancel();
    }

    /// Cancels the newest request for good: its numbers are at hand from elsewhere, so nothing of it is
    /// handed out any more, not even what it may have brought already.
    pub fn abandon(&mut self) {
        self.cancel();
        self.newest = Generation(self.newest.0 + 1);
        self.busy = false;
    }

    /// Whether a request is under way whose last event was not polled yet.
    #[must_use]
    pub fn busy(&self) -> bool {
        self.busy
    }

    /// The newest request's number.
    #[must_use]
    pub fn newest(&self) -> Generation {
        self.newest
    }

    /// Everything that happened since the last call, oldest first, without waiting. Events of older
    /// requests than the newest are left out; progress comes last and only while work goes on.
    pub fn poll(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Ok(post) = self.inbox.try_recv() {
            if let Event::Updated(snapshot) = &post.event {
                self.published = Some(Arc::clone(snapshot));
            }
            match post.source {
                Source::Request(generation) if generation != self.newest => continue,
                Source::Request(_) if post.event.ends_request() => {
                    self.busy = false;
                    if matches!(post.event, Event::Finished) {
                        events.extend(self.passed_over());
                    }
                    if let Some(next) = self.following.take() {
                        // For the window it is one piece of work, which ends with the last step.
                        self.request(next);
                        continue;
                    }
                }
                Source::Request(_) | Source::Task(_) => {}
            }
            let shows_numbers = matches!(post.event, Event::Updated(_));
            if let Event::Updated(snapshot) = &post.event {
                self.handed_out = Some(Arc::clone(snapshot));
            }
            events.push(post.event);
            if shows_numbers && let Some(next) = self.following.take() {
                // The numbers everybody waits for are here; the details of a date that has been
                // left behind are not worth waiting for.
                self.request(next);
            }
        }
        for (source, name, progress) in self.slots.take() {
            match source {
                Source::Request(generation) if generation == self.newest && self.busy => {
                    events.push(Event::Progress(progress));
                }
                Source::Request(_) => {}
                Source::Task(id) => events.push(Event::Task {
                    id,
                    name,
                    event: TaskEvent::Progress(progress),
                }),
            }
        }
        events
    }

    /// Numbers published for a request that was replaced before it ended. The engine publishes only
    /// what is new to it, so the request that replaced it may have had nothing to publish itself.
    fn passed_over(&mut self) -> Option<Event> {
        let published = self.published.as_ref()?;
        let known = self.handed_out.as_ref();
        if known.is_some_and(|known| Arc::ptr_eq(known, published)) {
            return None;
        }
        self.handed_out = Some(Arc::clone(published));
        Some(Event::Updated(Arc::clone(published)))
    }

    /// Runs a one-off job on another thread than the pipeline's; see [`Lane`]. Jobs of a lane run one
    /// after the other in the order given. `name` is for people: "Export of 412 customers".
    pub fn run_task(
        &mut self,
        lane: Lane,
        name: impl Into<Arc<str>>,
        job: impl FnOnce(&pipeline::cx::Monitor) -> Result<TaskOutcome, Problem> + Send + 'static,
    ) -> TaskId {
        self.tasks_started += 1;
        let id = TaskId(self.tasks_started);
        let lane = match lane {
            Lane::Short => &mut self.short,
            Lane::Long => &mut self.long,
        };
        lane.push(id, name.into(), Box::new(job));
        id
    }

    /// Cancels one task, waiting or running. A job that is done before it notices still reports
    /// [`TaskEvent::Done`]: a file that was written is not called cancelled.
    pub fn cancel_task(&self, id: TaskId) {
        self.short.cancel(id);
        self.long.cancel(id);
    }
}

impl Drop for Worker {
    /// Asks every thread to stop before waiting for any of them.
    fn drop(&mut self) {
        self.interactive.stop();
        self.short.stop();
        self.long.stop();
        self.interactive.join();
        self.short.join();
        self.long.join();
    }
}
