//! How far a training is: every fold, fit and backtest is one step of a known number.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{recipe::ModelSpec, recipe::Recipe, target::Design};
use base::monitor::{Cancelled, Monitor};

/// Counts the steps of a training.
pub(super) struct Steps<'a> {
    monitor: &'a Monitor,
    done: AtomicU64,
    total: u64,
}

/// Steps of one round: features, folds and fit of every model, and a blend of them.
pub(super) fn in_round(recipe: &Recipe) -> u64 {
    let of = |spec: &ModelSpec| match spec {
        ModelSpec::Blend(_) => 1,
        _ => recipe.folds as u64 + 1,
    };
    1 + recipe.models.iter().map(of).sum::<u64>()
}

impl<'a> Steps<'a> {
    /// Every round (see [`in_round`]), that of every backtest too, and the last fit.
    pub fn new(monitor: &'a Monitor, recipe: &Recipe) -> Self {
        let rounds = match recipe.design {
            Design::Cutoff { .. } | Design::EarlyLife { .. } => 1 + recipe.backtests as u64,
            Design::Table => 1,
        };
        Self {
            monitor,
            done: AtomicU64::new(0),
            total: rounds * in_round(recipe) + 1,
        }
    }

    /// Begins the next step; what it reports becomes a part of the whole.
    pub fn next(&self, stage: impl Into<String>) -> Monitor {
        let done = self.done.fetch_add(1, Ordering::Relaxed);
        // More steps than were counted (a blend's members fitted again) stay at the end.
        let part = done.min(self.total - 1);
        let monitor = self.monitor.part(stage, part, self.total);
        monitor.progress("", 0, 1);
        monitor
    }

    pub fn monitor(&self) -> &Monitor {
        self.monitor
    }

    /// # Errors
    /// [`Cancelled`].
    pub fn check(&self) -> Result<(), Cancelled> {
        self.monitor.check()
    }

    /// Skips steps that are not needed.
    pub fn skip(&self, steps: u64) {
        self.done.fetch_add(steps, Ordering::Relaxed);
    }

    pub fn end(&self) {
        self.monitor.progress("Trained", self.total, self.total);
    }
}
