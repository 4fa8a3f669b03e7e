//! How long work tells where it is, and how it is told to stop.
//!
//! It stands in the lowest layer because loading already needs it; `pipeline` hands one to every stage.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Where a job stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Name of the stage for people: "Reading orders.csv".
    pub stage: String,
    /// Units done.
    pub done: u64,
    /// Units in all; 0 while unknown.
    pub total: u64,
}

/// A flag that asks a job to stop; cloning shares the flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The work was asked to stop and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

type Report = dyn Fn(Progress) + Send + Sync;
type Asked = dyn Fn() + Send + Sync;

/// Progress and cancellation for one job; cheap to clone.
#[derive(Clone)]
pub struct Monitor {
    cancel: Cancel,
    report: Arc<Report>,
    asked: Option<Arc<Asked>>,
}

impl Monitor {
    pub fn new(cancel: Cancel, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self {
            cancel,
            report: Arc::new(report),
            asked: None,
        }
    }

    /// The same monitor, telling `asked` whenever the work looks whether it was cancelled: the longest
    /// time between two looks is the longest that Cancel can take to be heard.
    #[must_use]
    pub fn watched(self, asked: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            asked: Some(Arc::new(asked)),
            ..self
        }
    }

    /// A monitor that nobody watches and nothing cancels: for tests and headless verbs.
    #[must_use]
    pub fn silent() -> Self {
        Self::new(Cancel::default(), |_| {})
    }

    /// Tells how far the named stage is.
    pub fn progress(&self, stage: impl Into<String>, done: u64, total: u64) {
        (self.report)(Progress {
            stage: stage.into(),
            done,
            total,
        });
    }

    /// A monitor for part `part` (from 0) of `parts`: what it is told is passed on under this stage's
    /// name, as progress inside the part. Cancelling is shared.
    #[must_use]
    pub fn part(&self, stage: impl Into<String>, part: u64, parts: u64) -> Self {
        /// Steps told inside a part.
        const FINE: u64 = 1000;
        let (stage, outer) = (stage.into(), Arc::clone(&self.report));
        let report = move |inner: Progress| {
            let inside = inner.done.min(inner.total) * FINE / inner.total.max(1);
            outer(Progress {
                stage: stage.clone(),
                done: part * FINE + inside,
                total: parts * FINE,
            });
        };
        Self {
            asked: self.asked.clone(),
            ..Self::new(self.cancel.clone(), report)
        }
    }

    /// A monitor that tells nothing and is cancelled with this one.
    #[must_use]
    pub fn without_progress(&self) -> Self {
        Self {
            asked: self.asked.clone(),
            ..Self::new(self.cancel.clone(), |_| {})
        }
    }

    /// # Errors
    /// [`Cancelled`] once the job was asked to stop.
    pub fn check(&self) -> Result<(), Cancelled> {
        if let Some(asked) = &self.asked {
            asked();
        }
        if self.cancel.is_cancelled() {
            Err(Cancelled)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn a_part_tells_progress_cancel_and_looks_to_the_whole() {
        let (done, looks) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let cancel = Cancel::default();
        let (told, looked) = (Arc::clone(&done), Arc::clone(&looks));
        let whole = Monitor::new(cancel.clone(), move |progress| {
            told.store(progress.done as usize, Ordering::Relaxed);
        })
        .watched(move || {
            looked.fetch_add(1, Ordering::Relaxed);
        });
        let part = whole.part("second of four", 1, 4);
        part.progress("inside", 1, 2);
        assert_eq!(done.load(Ordering::Relaxed), 1_500);
        assert_eq!(part.check(), Ok(()));
        cancel.cancel();
        assert_eq!(part.check(), Err(Cancelled));
        assert_eq!(looks.load(Ordering::Relaxed), 2);
    }
}
