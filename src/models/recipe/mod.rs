//! What to train: every setting of a prediction, from the question to the seeds.
//!
//! | module | holds |
//! | --- | --- |
//! | [`spec`] | the models and their grids |
//! | [`gallery`] | the recipes one click away |
//!
//! A recipe is plain data: it stands in the project file and in every saved model. A setting with
//! several values is a grid; the value is chosen by cross-validation inside the training rows.

pub mod gallery;
pub mod spec;

use serde::{Deserialize, Serialize};

pub use spec::{
    BlendSpec, BoostingSpec, ForestSpec, LifetimeSpec, LogisticSpec, Loss, ModelSpec,
    Recalibration, Routing, SmoteSpec, TierCuts, TweedieSpec, TwoStageSpec,
};

use super::{
    error::InvalidRecipe,
    features::FeatureChoice,
    target::{Design, Span, TargetKind},
};

/// More would train for days: a recipe may come from anywhere.
const MOST_MODELS: usize = 40;
const MOST_BACKTESTS: usize = 50;
/// A hundred years.
const MOST_DAYS: u32 = 36_500;

/// Every setting of a prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// Name in files and on the command line: `90_day_clv`.
    pub name: String,
    /// Name for people.
    pub title: String,
    pub target: TargetKind,
    pub design: Design,
    pub features: FeatureChoice,
    /// What competes; naive baselines always do.
    pub models: Vec<ModelSpec>,
    /// Share of customers locked away until everything is chosen.
    pub hold_out: f64,
    /// Folds of the cross-validation inside the rest.
    pub folds: usize,
    /// Seed of hold-out, folds, subsamples and forests.
    pub seed: u64,
    /// Earlier t₀'s at which the recipe is trained again and applied one horizon later.
    pub backtests: usize,
    /// Oversampling of the rarer class, in training folds only.
    pub smote: Option<SmoteSpec>,
    pub recalibration: Recalibration,
    /// Nominal coverage of prediction intervals.
    pub interval: f64,
}

impl Recipe {
    /// Checks what types cannot.
    ///
    /// # Errors
    /// The first setting that is out of range.
    pub fn check(&self) -> Result<(), InvalidRecipe> {
        let wrong = |setting, found: &dyn ToString, expected| {
            Err(InvalidRecipe {
                setting,
                found: found.to_string(),
                expected,
            })
        };
        if !(0.0..=0.9).contains(&self.hold_out) {
            return wrong("hold_out", &self.hold_out, "a share between 0 and 0.9");
        }
        if !(2..=50).contains(&self.folds) {
            return wrong("folds", &self.folds, "2 to 50");
        }
        if !(self.interval > 0.0 && self.interval < 1.0) {
            return wrong("interval", &self.interval, "a share between 0 and 1");
        }
        if self.models.is_empty() || self.models.len() > MOST_MODELS {
            return wrong("models", &self.models.len(), "1 to 40 models");
        }
        if self.backtests > MOST_BACKTESTS {
            return wrong("backtests", &self.backtests, "at most 50");
        }
        if let Design::Cutoff { horizon_days } = self.design
            && !(1..=MOST_DAYS).contains(&horizon_days)
        {
            return wrong("horizon_days", &horizon_days, "1 to 36,500 days");
        }
        if let Design::EarlyLife { window, total } = self.design {
            for span in [window, total] {
                let (Span::Days(count) | Span::Months(count)) = span;
                if !(1..=MOST_DAYS).contains(&count) {
                    return wrong("design", &span.words(), "1 to 36,500 days or months");
                }
            }
        }
        if let Some(spec) = self.smote
            && !(spec.ratio > 0.0 && spec.ratio <= 1.0 && (1..=1_000).contains(&spec.neighbours))
        {
            return wrong(
                "smote",
                &spec.ratio,
                "a ratio in (0, 1] and 1 to 1,000 neighbours",
            );
        }
        let class = self.target.is_class();
        for model in &self.models {
            model.check(class)?;
        }
        Ok(())
    }
}
