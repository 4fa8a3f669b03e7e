//! How background threads hand events to the window.
//!
//! Events go through a channel and none is lost. Progress does not: each job has one slot that holds
//! its latest state, so a stage that reports ten thousand times a second cannot flood the window.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    time::{Duration, Instant},
};

use super::{
    TaskId,
    event::{Event, Generation},
};
use pipeline::cx::Progress;

/// Who reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Request(Generation),
    Task(TaskId),
}

pub(super) struct Post {
    pub source: Source,
    pub event: Event,
}

/// Locks a mutex. No code of ours panics while it holds one, and a panic elsewhere must not spread.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shortest time between two wake-ups for progress within one stage.
pub(super) const PROGRESS_INTERVAL: Duration = Duration::from_millis(50);

type SlotMap = BTreeMap<Source, (Arc<str>, Progress)>;

/// Latest progress of every job that reported since the last look.
#[derive(Clone, Default)]
pub(super) struct Slots(Arc<Mutex<SlotMap>>);

impl Slots {
    pub fn take(&self) -> Vec<(Source, Arc<str>, Progress)> {
        std::mem::take(&mut *lock(&self.0))
            .into_iter()
            .map(|(source, (name, progress))| (source, name, progress))
            .collect()
    }
}

/// The background end.
#[derive(Clone)]
pub(super) struct Outbox {
    sender: Sender<Post>,
    slots: Slots,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Outbox {
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> (Self, Receiver<Post>) {
        let (sender, receiver) = mpsc::channel();
        let outbox = Self {
            sender,
            slots: Slots::default(),
            wake: Arc::new(wake),
        };
        (outbox, receiver)
    }

    pub fn slots(&self) -> Slots {
        self.slots.clone()
    }

    pub fn post(&self, source: Source, event: Event) {
        // The window's end may be gone while the last job winds down; then nobody wants the event.
        if self.sender.send(Post { source, event }).is_ok() {
            (self.wake)();
        }
    }

    pub fn progress(&self, source: Source, name: &Arc<str>, progress: Progress, wake: bool) {
        lock(&self.slots.0).insert(source, (Arc::clone(name), progress));
        if wake {
            (self.wake)();
        }
    }

    /// Forgets progress of a job that is over.
    pub fn forget_progress(&self, source: Source) {
        lock(&self.slots.0).remove(&source);
    }
}

/// Decides which reports of a job wake the window, and remembers the stage for error messages.
#[derive(Default)]
pub(super) struct Throttle(Mutex<Option<(String, Instant)>>);

impl Throttle {
    /// Whether this report should wake the window: a new stage always, the same stage at most every
    /// [`PROGRESS_INTERVAL`].
    pub fn lets_through(&self, stage: &str) -> bool {
        let mut last = lock(&self.0);
        match &mut *last {
            Some((known, at)) if known == stage => {
                let due = at.elapsed() >= PROGRESS_INTERVAL;
                if due {
                    *at = Instant::now();
                }
                due
            }
            other => {
                *other = Some((stage.to_owned(), Instant::now()));
                true
            }
        }
    }

    /// The stage reported last.
    pub fn stage(&self) -> Option<String> {
        lock(&self.0).as_ref().map(|(stage, _)| stage.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_reports_of_one_stage_wake_rarely() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let woken = (0..100_000)
            .filter(|_| throttle.lets_through("Reading orders.csv"))
            .count();
        let due = start.elapsed().as_millis() / PROGRESS_INTERVAL.as_millis();
        assert!(woken >= 1 && woken as u128 <= due + 1, "{woken} > {due}");
        assert!(throttle.lets_through("Scoring customers"), "a new stage");
        assert_eq!(throttle.stage().as_deref(), Some("Scoring customers"));
    }

    #[test]
    fn only_the_latest_progress_is_kept() {
        let (outbox, _inbox) = Outbox::new(|| {});
        let source = Source::Request(Generation(1));
        for done in 0..5 {
            let progress = Progress {
                stage: "Reading".to_owned(),
                done,
                total: 5,
            };
            outbox.progress(source, &"".into(), progress, false);
        }
        let taken = outbox.slots().take();
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].2.done, 4);
        assert!(outbox.slots().take().is_empty());
    }
}
