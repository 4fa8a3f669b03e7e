//! What came out of training: predictions of every model, how good they are, and what they say of
//! everyone today.
//!
//! Predictions on answers the model has never seen are of three kinds, kept apart: *out of fold*
//! (training rows, each predicted by models fitted on the other folds), *hold-out* (rows locked away
//! until everything was chosen) and *out of time* ([`Backtest`]: trained one or more horizons
//! earlier, applied where the answers are known by now).

use std::sync::Arc;

use super::{
    artefact::SavedModel,
    features::FeatureTable,
    learner::Predictor,
    predictions::{Metrics, Predictions},
    recipe::Recipe,
    split::Split,
    target::Target,
    two_stage,
};
use data::day::Day;
use evaluation::{
    conformal::{Coverage, SplitConformal},
    leakage::Leakage,
    tiers::ClassMatrix,
};

/// A finished training.
#[derive(Clone, Debug)]
pub struct Run {
    pub recipe: Recipe,
    /// S: only orders before it were read.
    pub as_of: Day,
    /// t₀ of the cutoff design; the last day of the data (S − 1) for the others.
    pub cutoff: Day,
    /// Features of the asked customers at t₀; row *i* belongs to answer *i*.
    pub features: Arc<FeatureTable>,
    /// What the naive rivals read of the same customers.
    pub naive: Arc<FeatureTable>,
    pub target: Arc<Target>,
    pub split: Split,
    /// Models in the order of the recipe, then the naive baselines.
    pub models: Vec<ModelRun>,
    /// Index of the model with the best cross-validated score; never a baseline.
    pub best: usize,
    /// The same recipe trained earlier, latest first.
    pub backtests: Vec<Backtest>,
    /// What was known beforehand, for value targets: the best model against copying an input.
    pub leakage: Option<Leakage>,
    /// What the best model says of everyone as of S.
    pub predictions: Predictions,
    /// The best model, ready to be saved.
    pub saved: Arc<SavedModel>,
    /// What the user should know: a model that says the same of everyone, missing features, negative answers, unidentified parameters…
    pub warnings: Vec<String>,
    /// Wall-clock seconds by stage, for the progress estimate of the next run.
    pub timings: Vec<(String, f64)>,
}

/// One model of a run.
#[derive(Clone, Debug)]
pub struct ModelRun {
    /// Name in files and JSON.
    pub name: String,
    pub title: String,
    /// A naive rival rather than a model of the recipe.
    pub baseline: bool,
    /// Place in [`Recipe::models`]; `None` for baselines.
    pub spec: Option<usize>,
    /// The grid point that cross-validation chose, in words: "depth 3, 150 trees".
    pub chosen: String,
    /// All grid points with their cross-validated loss (see [`Run::score_name`]); the smallest wins.
    pub grid: Vec<(String, f64)>,
    /// One per row of [`Split::training`]; recalibrated.
    pub out_of_fold: Vec<f64>,
    /// The same before recalibration.
    pub raw_out_of_fold: Vec<f64>,
    /// One per row of [`Split::hold_out`]; recalibrated.
    pub hold_out: Vec<f64>,
    /// The same before recalibration.
    pub raw_hold_out: Vec<f64>,
    /// Metrics of each fold's out-of-fold predictions.
    pub folds: Vec<Metrics>,
    /// Metrics of all out-of-fold predictions.
    pub cross_validated: Metrics,
    /// Metrics on the hold-out; empty without one.
    pub held_out: Metrics,
    /// Metrics of the same predictions on the value still to come at t₀, for total targets; a total
    /// prediction minus what is known. Hold-out where there is one, else out of fold.
    pub on_remaining: Metrics,
    /// What intervals learned out of fold hold on the locked rows; `None` for classes and baselines.
    pub hold_out_coverage: Option<Coverage>,
    /// How customers were routed, for a two-stage model.
    pub tiers: Option<TierRun>,
    /// (feature, share of the model's total gain or of absolute standardised coefficients).
    pub importances: Vec<(String, f64)>,
    /// Seconds of grid search and fits.
    pub seconds: f64,
    pub warnings: Vec<String>,
    /// The model fitted on all training rows.
    pub fitted: Arc<Predictor>,
}

/// The tiers a two-stage model guessed; all guesses were made without seeing the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct TierRun {
    /// Low below the first, High from the second on.
    pub cuts: [f64; 2],
    /// Likeliest tier per row of [`Split::training`].
    pub out_of_fold: Vec<u8>,
    /// Likeliest tier per row of [`Split::hold_out`].
    pub hold_out: Vec<u8>,
}

impl TierRun {
    /// Actual tier by guessed tier; `None` without rows.
    #[must_use]
    pub fn matrix(&self, actual: &[f64], guessed: &[u8]) -> Option<ClassMatrix> {
        let tiers: Vec<u8> = actual
            .iter()
            .map(|&value| two_stage::tier(self.cuts, value) as u8)
            .collect();
        let names = two_stage::TIERS.map(str::to_owned).to_vec();
        ClassMatrix::new(names, &tiers, guessed).ok()
    }
}

impl ModelRun {
    /// A metric from the hold-out, or cross-validated where there is no hold-out.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<f64> {
        let metrics = if self.held_out.is_empty() {
            &self.cross_validated
        } else {
            &self.held_out
        };
        metrics.get(name).copied()
    }
}

/// The recipe trained at an earlier t₀ and applied one horizon later.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// t₀ of training; of an early-life recipe, the day by which every answer learned from was
    /// complete.
    pub trained_at: Day,
    /// t₀ of the customers that were predicted, or of early life the day after which theirs come;
    /// their answers are known by S.
    pub applied_at: Day,
    /// The predicted customers and their answers.
    pub customers: Vec<u32>,
    pub actual: Vec<f64>,
    pub models: Vec<BacktestModel>,
    /// The model that would have been chosen then: by cross-validation at t₀ of training, before the
    /// window it is judged on.
    pub best: usize,
}

impl Backtest {
    /// The model that stands at this place of the run and has this name; `None` when it could not be
    /// trained at the earlier date.
    #[must_use]
    pub fn model(&self, place: usize, name: &str) -> Option<&BacktestModel> {
        let same = |model: &&BacktestModel| model.name == name;
        let here = self.models.get(place).filter(same);
        here.or_else(|| self.models.iter().find(same))
    }

    /// The model that would have been chosen then.
    #[must_use]
    pub fn chosen(&self) -> Option<&BacktestModel> {
        self.models.get(self.best)
    }
}

/// One model of a backtest.
#[derive(Clone, Debug, PartialEq)]
pub struct BacktestModel {
    pub name: String,
    pub title: String,
    pub baseline: bool,
    /// One per customer.
    pub predicted: Vec<f64>,
    pub metrics: Metrics,
    /// Learned when it was trained, wider by the backtest before; `None` for classes and baselines.
    pub intervals: Option<SplitConformal>,
    /// What they hold.
    pub coverage: Option<Coverage>,
}

impl Run {
    /// The proper score that chooses among grid points and models: log loss of chances, Tweedie
    /// deviance of amounts, squared error of other numbers.
    #[must_use]
    pub fn score_name(&self) -> &'static str {
        self.target.kind.score().name()
    }

    /// The chosen model.
    #[must_use]
    pub fn best(&self) -> &ModelRun {
        &self.models[self.best]
    }

    /// What stands for a model of the run in a backtest. For the chosen model that is the one that
    /// would have been chosen then: today's choice has seen the window the backtest is judged on.
    #[must_use]
    pub fn at_backtest(&self, model: usize, number: usize) -> Option<&BacktestModel> {
        let backtest = self.backtests.get(number)?;
        if model == self.best {
            return backtest.chosen();
        }
        backtest.model(model, &self.models.get(model)?.name)
    }

    /// Answers of the training rows, in the order of [`ModelRun::out_of_fold`].
    #[must_use]
    pub fn training_actual(&self) -> Vec<f64> {
        self.pick(&self.split.training)
    }

    /// Answers of the locked rows, in the order of [`ModelRun::hold_out`].
    #[must_use]
    pub fn hold_out_actual(&self) -> Vec<f64> {
        self.pick(&self.split.hold_out)
    }

    /// Lets go of what nobody reads once everything was judged: features (half a gigabyte at a million
    /// customers), what naive rivals read, predictions before recalibration, and those of all backtests but the latest.
    #[must_use]
    pub fn lightened(mut self) -> Self {
        self.features = Arc::new(FeatureTable {
            specs: self.features.specs.clone(),
            ..FeatureTable::default()
        });
        self.naive = Arc::default();
        for model in &mut self.models {
            model.raw_out_of_fold = Vec::new();
            model.raw_hold_out = Vec::new();
        }
        for backtest in self.backtests.iter_mut().skip(1) {
            backtest.customers = Vec::new();
            backtest.actual = Vec::new();
            for model in &mut backtest.models {
                model.predicted = Vec::new();
            }
        }
        self
    }

    fn pick(&self, rows: &[u32]) -> Vec<f64> {
        rows.iter()
            .map(|&row| self.target.values[row as usize])
            .collect()
    }
}
