//! Which run, model and sample the tabs are about.

use std::sync::Arc;

use super::State;
use evaluation::report::Report;
use models::run::ModelRun;
use pipeline::training::{JudgedModel, JudgedOn, Trained, Training};

/// The chosen model of the chosen run, and a run to compare with.
pub(super) struct Chosen<'a> {
    pub run: &'a Arc<Trained>,
    /// Place of the model in its run; never a naive baseline.
    pub model: usize,
    pub sample: JudgedOn,
    /// The best model of another run of the same target.
    pub other: Option<(&'a Arc<Trained>, &'a JudgedModel)>,
    judged: &'a JudgedModel,
}

impl<'a> Chosen<'a> {
    /// What is chosen, or else the best model of the newest run.
    pub fn of(training: &'a Training, state: &State) -> Option<Self> {
        let run = state
            .run
            .and_then(|number| training.run(number))
            .or_else(|| training.runs.last())?;
        let judged = |at: usize| run.judged.get(at).and_then(Option::as_ref);
        let model = state.model.filter(|&at| judged(at).is_some());
        let model = model.unwrap_or(run.run.best);
        let judged = judged(model)?;
        let other = state
            .other
            .filter(|&number| number != run.number)
            .and_then(|number| training.run(number))
            .filter(|other| other.asks_as(run))
            .and_then(|other| Some((other, other.best()?)));
        Some(Self {
            run,
            model,
            sample: if judged.has(state.sample) {
                state.sample
            } else {
                JudgedOn::OutOfFold
            },
            other,
            judged,
        })
    }

    pub fn judged(&self) -> &'a JudgedModel {
        self.judged
    }

    /// The report on the chosen sample.
    pub fn report(&self) -> &'a Report {
        self.judged.on(self.sample)
    }

    /// The report of the run to compare with.
    pub fn other_report(&self) -> Option<&'a Report> {
        self.other.map(|(_, judged)| judged.on(self.sample))
    }

    pub fn model(&self) -> &'a ModelRun {
        &self.run.run.models[self.model]
    }

    /// Outcomes and predictions of the chosen sample, customer by customer.
    pub fn pairs(&self) -> (Vec<f64>, &'a [f64]) {
        let run = &self.run.run;
        match self.sample {
            JudgedOn::OutOfTime => {
                match run.backtests.first().zip(run.at_backtest(self.model, 0)) {
                    Some((backtest, model)) => (backtest.actual.clone(), &model.predicted),
                    None => (Vec::new(), &[]),
                }
            }
            JudgedOn::HoldOut => (run.hold_out_actual(), &self.model().hold_out),
            JudgedOn::OutOfFold => (run.training_actual(), &self.model().out_of_fold),
        }
    }
}
