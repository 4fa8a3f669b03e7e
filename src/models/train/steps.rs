//! How far a training is: every fold, fit and backtest is one step of a known number.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{
    data::monitor::Monitor,
    models::{recipe::ModelSpec, recipe::Recipe, target::Design},
};

/// Counts the steps of a training.
pub(super) struct Steps<'a> {
    monitor: &'a Monitor,
    done: AtomicU64,
    total: u64,
}

impl<'a> Steps<'a> {
    /// Features, folds and fit of every model, the same for every backtest, and the last fit.
    pub fn new(monitor: &'a Monitor, recipe: &Recipe) -> Self {
        let fitted = |spec: &&ModelSpec| !matches!(spec, ModelSpec::Blend(_));
        let models = recipe.models.iter().filter(fitted).count() as u64;
        let rounds = match recipe.design {
            Design::Cutoff { .. } => 1 + recipe.backtests as u64,
            Design::EarlyLife { .. } | Design::Table => 1,
        };
        Self {
            monitor,
            done: AtomicU64::new(0),
            total: rounds * (1 + models * (recipe.folds as u64 + 1)) + 1,
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

    /// Skips steps that are not needed.
    pub fn skip(&self, steps: u64) {
        self.done.fetch_add(steps, Ordering::Relaxed);
    }

    pub fn end(&self) {
        self.monitor.progress("Trained", self.total, self.total);
    }
}
