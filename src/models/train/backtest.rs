//! The same recipe one or more horizons earlier, applied one horizon later: what would have been
//! known then, judged by what has come since.
//!
//! Everything is learned again at the earlier t₀ — grid, recalibration, blend — from answers that were
//! complete by the date of application. Only the buy-till-you-die model is fitted on the date of
//! application, as it would be in use: it needs no answers.

use super::{
    finish, material,
    material::Material,
    rivals::table_of,
    score::{metrics, tame},
    steps::{Steps, in_round},
};
use crate::{
    TrainError,
    features::naive,
    recipe::Recipe,
    run::{Backtest, BacktestModel, ModelRun},
    split::Split,
    target::{self, Design, Panel},
};
use data::day::Day;
use data::orders::Orders;

/// All backtests that the data is long enough for, latest first.
///
/// What could not be trained is said in `warnings`.
pub(super) fn run(
    orders: &Orders,
    recipe: &Recipe,
    (cutoff, last): (Day, Day),
    steps: &Steps<'_>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Backtest>, TrainError> {
    let Design::Cutoff { horizon_days } = recipe.design else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for back in 0..recipe.backtests as u32 {
        let applied_at = cutoff.saturating_sub_unsigned(horizon_days.saturating_mul(back));
        let trained_at = applied_at.saturating_sub_unsigned(horizon_days);
        match one(orders, recipe, (trained_at, applied_at), last, steps) {
            Ok(backtest) => found.push(backtest),
            Err(TrainError::Cancelled(cancelled)) => return Err(cancelled.into()),
            // Mostly the history is too short for an earlier training: later ones stand.
            Err(error) => {
                let date = data::day::iso(trained_at);
                warnings.push(format!("Not trained as of {date}: {error}"));
                steps.skip(in_round(recipe));
                break;
            }
        }
    }
    Ok(found)
}

/// Trains at one date and applies at a later one.
pub(super) fn one(
    orders: &Orders,
    recipe: &Recipe,
    (trained_at, applied_at): (Day, Day),
    last: Day,
    steps: &Steps<'_>,
) -> Result<Backtest, TrainError> {
    // Nobody is locked away: the judges are the answers of the later window.
    let recipe = Recipe {
        hold_out: 0.0,
        ..recipe.clone()
    };
    let stage = format!("Earlier t₀: {}", data::day::iso(trained_at));
    let monitor = steps.next(stage);
    let material = Material::Orders(orders);
    let prepared = material::prepare(material, &recipe, (trained_at, applied_at), &monitor)?;
    let answers = &prepared.target.values;
    let class = recipe.target.is_class();
    let split = Split::draw(answers, class, 0.0, recipe.folds, recipe.seed);
    let (models, best) = super::compete::all_models(&prepared, &recipe, &split, steps)?;
    let target = target::from_orders(orders, &recipe.target, recipe.design, applied_at, last)?;
    let panel = Panel {
        customers: target.customers.clone(),
        cutoffs: target.cutoffs.clone(),
    };
    let family = prepared.lifetime.as_ref().map(|l| l.transactions.family);
    // Features of two dates do not stand in memory together.
    drop(prepared);
    let (table, lifetime) = finish::features_at(orders, &recipe, (&panel, family), &monitor)?;
    let naive = naive::build(orders, &panel, &monitor)?;
    let everyone: Vec<u32> = (0..table.rows() as u32).collect();
    let judge = |model: &ModelRun| -> Result<BacktestModel, TrainError> {
        let predictor = finish::with_lifetime(&model.fitted, lifetime.as_ref());
        let table = table_of(&predictor.model, &table, &naive);
        let mut predicted = predictor.predict_rows(table, &everyone, &monitor)?;
        tame(class, &mut predicted);
        Ok(BacktestModel {
            name: model.name.clone(),
            title: model.title.clone(),
            baseline: model.baseline,
            metrics: metrics(class, (&target.values, &predicted), recipe.seed)?,
            predicted,
        })
    };
    Ok(Backtest {
        trained_at,
        applied_at,
        models: models.iter().map(judge).collect::<Result<_, _>>()?,
        best,
        customers: target.customers,
        actual: target.values,
    })
}
