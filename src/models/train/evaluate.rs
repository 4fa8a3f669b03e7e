//! A saved model against answers that are known.

use super::{
    compete::coverage_name,
    finish::{self, fingerprint},
    material,
    material::Material,
    score::{judged, metrics},
};
use crate::{
    TrainError,
    artefact::SavedModel,
    predictions::{Metrics, Predictions},
    target::{self, Design, Panel, Target, latest_cutoff},
};
use base::monitor::Monitor;
use data::day::Day;
use evaluation::{Scored, conformal::Coverage};

/// How a saved model did.
#[derive(Clone, Debug)]
pub struct Evaluated {
    pub target: Target,
    pub predictions: Predictions,
    pub metrics: Metrics,
    /// What the model's intervals hold; `None` for classes.
    pub coverage: Option<Coverage>,
    /// t₀ of the cutoff design.
    pub cutoff: Option<Day>,
    /// Whether features and answers are those of training, customer by customer.
    pub in_sample: bool,
    /// Days of the label window that were answers in training, too (cutoff design).
    pub shared_days: u32,
}

/// Predicts from what was known at t₀ and measures by what came after, up to S. Without a `cutoff`,
/// t₀ is the latest whose answers are complete. The lifetime model is fitted on t₀, as in training.
///
/// # Errors
/// [`TrainError`]: nobody to ask, features missing (all named), or predictions that cannot be judged.
pub fn evaluate_saved(
    material: Material<'_>,
    saved: &SavedModel,
    (cutoff, as_of): (Option<Day>, Day),
    monitor: &Monitor,
) -> Result<Evaluated, TrainError> {
    let (recipe, last) = (&saved.recipe, as_of - 1);
    let (table, target, t0, lifetime) = match material {
        Material::Orders(orders) => {
            let t0 = match recipe.design {
                Design::Cutoff { horizon_days } => {
                    Some(cutoff.unwrap_or_else(|| latest_cutoff(horizon_days, last)))
                }
                Design::EarlyLife { .. } | Design::Table => None,
            };
            let day = t0.unwrap_or(last);
            let target = target::from_orders(orders, &recipe.target, recipe.design, day, last)?;
            let panel = Panel {
                customers: target.customers.clone(),
                cutoffs: target.cutoffs.clone(),
            };
            let family = saved.lifetime.as_ref().map(|l| l.transactions.family);
            let (table, lifetime) = finish::features_at(orders, recipe, (&panel, family), monitor)?;
            (table, target, t0, lifetime)
        }
        Material::Table(source) => {
            let target = target::from_table(source, &recipe.target)?;
            let table = material::of_table(source, recipe, &target.customers, as_of);
            (table, target, None, None)
        }
    };
    let missing = saved.missing_in(&table);
    if !missing.is_empty() {
        return Err(super::super::preprocess::MissingFeatures { names: missing }.into());
    }
    let in_sample = fingerprint(&table, &target.values) == saved.trained_on.fingerprint;
    let at_t0 = SavedModel {
        predictor: finish::with_lifetime(&saved.predictor, lifetime.as_ref()),
        lifetime,
        // It looks ahead from t₀, not from S.
        alive: None,
        ..saved.clone()
    };
    let predictions = at_t0.predictions(&table, monitor)?;
    let class = target.kind.is_class();
    let known = (&*target.values, &*predictions.value);
    let mut found = metrics(class, known, recipe.seed)?;
    let mut held = None;
    if let Some(intervals) = &saved.intervals {
        let scored = Scored::new(&target.values, &predictions.value).map_err(judged)?;
        let coverage = intervals.coverage(scored, recipe.seed).map_err(judged)?;
        found.insert(coverage_name(recipe.interval), coverage.achieved);
        held = Some(coverage);
    }
    Ok(Evaluated {
        target,
        predictions,
        metrics: found,
        coverage: held,
        cutoff: t0,
        in_sample,
        shared_days: t0.map_or(0, |t0| shared_days(saved, t0)),
    })
}

/// Days that lie both in the label window after `t0` and in the one the model was trained on.
fn shared_days(saved: &SavedModel, t0: Day) -> u32 {
    let Design::Cutoff { horizon_days } = saved.recipe.design else {
        return 0;
    };
    horizon_days.saturating_sub(t0.abs_diff(saved.trained_on.cutoff))
}
