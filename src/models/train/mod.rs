//! Training: who is asked, what competes, what wins, and what it says of everyone today.
//!
//! | module | holds |
//! | --- | --- |
//! | `material` | orders or a table → features, answers, lifetime model |
//! | `grid` | the points of a grid, and fitting them |
//! | `compete` | cross-validation of one model, hold-out, recalibration, metrics |
//! | `rivals` | naive baselines |
//! | `undated` | columns without a date that a model hangs on |
//! | `blend` | weights of a blend |
//! | `backtest` | the same recipe one or more horizons earlier |
//! | `evaluate` | a saved model against answers that are known |
//! | `finish` | the best model on all rows, intervals, everyone as of S |
//!
//! Order of things: 20 % of the customers are locked away; inside the rest every model is
//! cross-validated over its grid, recalibrated from out-of-fold predictions, and fitted on all of it;
//! the model with the best cross-validated score (a proper one: [`Score`](super::target::Score)) wins;
//! only then the locked rows are predicted — by every model, so
//! that the leaderboard shows what was chosen blind. What leaves the house is the winner, fitted again
//! on everyone.

mod backtest;
mod blend;
mod compete;
mod evaluate;
mod finish;
mod grid;
pub mod material;
mod oversample;
mod rivals;
mod score;
mod steps;
mod undated;

use std::{sync::Arc, time::Instant};

use super::{
    Recipe, Run, TrainError,
    split::Split,
    target::{Design, latest_cutoff},
};
use base::monitor::Monitor;
use data::day::Day;

use compete::all_models;
pub use evaluate::{Evaluated, evaluate_saved};
pub use finish::{features_of, features_of_panel, features_of_table, panel_of};
use material::Material;
pub(super) use score::judged;
use steps::Steps;

/// Trains a recipe on everything dated before `as_of` (S), on all cores but one, so that a window
/// stays smooth. Progress tells the stage and how far all of it is; a cancelled training ends within
/// a second.
///
/// # Errors
/// [`TrainError`].
pub fn train(
    material: Material<'_>,
    as_of: Day,
    recipe: &Recipe,
    monitor: &Monitor,
) -> Result<Run, TrainError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(cores.saturating_sub(1).max(1))
        .thread_name(|index| format!("training {index}"))
        .build();
    match pool {
        Ok(pool) => pool.install(|| train_here(material, as_of, recipe, monitor)),
        // Without threads of its own the training still works, on the shared ones.
        Err(_) => train_here(material, as_of, recipe, monitor),
    }
}

/// As [`train`], on the threads of the caller: for headless verbs and benches, which have the
/// machine to themselves. The result is the same to the bit.
///
/// # Errors
/// [`TrainError`].
pub fn train_here(
    material: Material<'_>,
    as_of: Day,
    recipe: &Recipe,
    monitor: &Monitor,
) -> Result<Run, TrainError> {
    recipe.check()?;
    let clock = Instant::now();
    let steps = Steps::new(monitor, recipe);
    let mut timings = Vec::new();
    let last = as_of - 1;
    let cutoff = match recipe.design {
        Design::Cutoff { horizon_days } => latest_cutoff(horizon_days, last),
        Design::EarlyLife { .. } | Design::Table => last,
    };
    let mut prepared =
        material::prepare(material, recipe, (cutoff, last), &steps.next("Features"))?;
    timings.push(("Features".to_owned(), clock.elapsed().as_secs_f64()));
    let target = &prepared.target;
    let class = target.kind.is_class();
    let split = Split::draw(
        &target.values,
        class,
        recipe.hold_out,
        recipe.folds,
        recipe.seed,
    );
    let (models, best) = all_models(&prepared, recipe, &split, &steps)?;
    for model in &models {
        timings.push((model.title.clone(), model.seconds));
    }
    let clock = Instant::now();
    let leakage = finish::leakage(&prepared, recipe, &split, (&models, best), &steps)?;
    let mut warnings = std::mem::take(&mut prepared.warnings);
    warnings.extend(models.iter().flat_map(|model| model.warnings.clone()));
    let arena = compete::Arena {
        prepared: &prepared,
        recipe,
        split: &split,
        steps: &steps,
    };
    warnings.extend(arena.undated(&models[best])?);
    let backtests = match material {
        Material::Orders(orders) => {
            backtest::run(orders, recipe, (cutoff, last), &steps, &mut warnings)?
        }
        Material::Table(_) => Vec::new(),
    };
    timings.push(("Earlier dates".to_owned(), clock.elapsed().as_secs_f64()));
    let (saved, predictions) = finish::finish(
        (material, as_of),
        &prepared,
        recipe,
        (&models, best, &split),
        &backtests,
        &steps,
    )?;
    steps.end();
    warnings.dedup();
    Ok(Run {
        recipe: recipe.clone(),
        as_of,
        cutoff,
        features: Arc::new(prepared.table),
        naive: Arc::new(prepared.naive),
        target: Arc::new(prepared.target),
        split,
        models,
        best,
        backtests,
        leakage,
        predictions,
        saved: Arc::new(saved),
        warnings,
        timings,
    })
}
