//! The steps of a computation, said while they are made; how many results a stage keeps.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{
    cx::{Cancelled, Monitor},
    stage::{Artefact, Stage},
};

/// Values kept per stage. A million customers weigh about 25 MB in `customers`, 3 MB in `scores`,
/// 1 MB in `segments` and 4 MB in `cohorts`; the last few dates and rules are worth that.
pub(super) const KEEP_LARGE: usize = 2;
pub(super) const KEEP_SMALL: usize = 4;

/// Tells how many stages are behind us, and stops between stages when asked to.
pub(super) struct Steps<'a> {
    pub(super) monitor: &'a Monitor,
    pub(super) done: AtomicU64,
}

/// Stages between the loaded data and a snapshot, for "n of N".
pub(super) const STEPS: u64 = 20;

impl<'a> Steps<'a> {
    pub(super) fn new(monitor: &'a Monitor) -> Self {
        Self {
            monitor,
            done: AtomicU64::new(0),
        }
    }

    pub(super) fn get<K: PartialEq, V>(
        &self,
        stage: &mut Stage<K, V>,
        key: K,
        compute: impl FnOnce() -> V,
    ) -> Result<Artefact<V>, Cancelled> {
        self.get_try(stage, key, || Ok(compute()))
    }

    /// As [`Self::get`], for work that stops by itself when asked to.
    pub(super) fn get_try<K: PartialEq, V>(
        &self,
        stage: &mut Stage<K, V>,
        key: K,
        compute: impl FnOnce() -> Result<V, Cancelled>,
    ) -> Result<Artefact<V>, Cancelled> {
        self.monitor.check()?;
        let name = stage.name();
        let artefact = stage.get_or_try(key, || {
            self.monitor
                .progress(name, self.done.load(Ordering::Relaxed), STEPS);
            compute()
        });
        self.done.fetch_add(1, Ordering::Relaxed);
        artefact
    }
}
