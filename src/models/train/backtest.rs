//! The same recipe one or more horizons earlier, applied one horizon later: what would have been
//! known then, judged by what has come since.
//!
//! Everything is learned again at the earlier t₀ — grid, recalibration, blend — from answers that were
//! complete by the date of application. Only the buy-till-you-die model is fitted on the date of
//! application, as it would be in use: it needs no answers.
//!
//! Recipes of early life have no one t₀. Their backtest stands on a day D, learns from everyone whose
//! answer was complete by D, and predicts everyone whose own t₀ came after D: no day of an answer
//! that was learned from lies behind a prediction's t₀.

use super::{
    compete::{conformal, coverage_name, table_of, widened},
    finish, material,
    material::Material,
    score::{judged, metrics, tame},
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
use evaluation::{Scored, conformal::SplitConformal};

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
    let mut found = Vec::new();
    for back in 0..recipe.backtests as u32 {
        let Some(dates) = Dates::of(recipe.design, (cutoff, last), back) else {
            break;
        };
        match one(orders, recipe, dates, last, steps) {
            Ok(backtest) => found.push(backtest),
            Err(TrainError::Cancelled(cancelled)) => return Err(cancelled.into()),
            // Mostly the history is too short for an earlier training: later ones stand.
            Err(error) => {
                let date = data::day::iso(dates.trained_at);
                warnings.push(format!("Not trained as of {date}: {error}"));
                steps.skip(in_round(recipe));
                break;
            }
        }
    }
    learn_from_the_one_before(&mut found, recipe)?;
    Ok(found)
}

/// Widens every backtest's intervals by what the one before it missed, and measures what they hold.
fn learn_from_the_one_before(
    backtests: &mut [Backtest],
    recipe: &Recipe,
) -> Result<(), TrainError> {
    for at in 0..backtests.len() {
        let (later, earlier) = backtests.split_at_mut(at + 1);
        let (Some(backtest), before) = (later.last_mut(), earlier.first()) else {
            continue;
        };
        for (place, model) in backtest.models.iter_mut().enumerate() {
            let Some(learned) = model.intervals.take() else {
                continue;
            };
            let learned = match before {
                Some(before) => widened(learned, before, (place, &model.name))?,
                None => learned,
            };
            let scored = Scored::new(&backtest.actual, &model.predicted).map_err(judged)?;
            let coverage = learned.coverage(scored, recipe.seed).map_err(judged)?;
            let name = coverage_name(recipe.interval);
            model.metrics.insert(name, coverage.achieved);
            model.coverage = Some(coverage);
            model.intervals = Some(learned);
        }
    }
    Ok(())
}

/// Days in which the customers of an early-life backtest reach their t₀.
const ASKED_DAYS: u32 = 90;
/// Folds of an early-life backtest at most: with fewer customers than the training itself, this keeps
/// it a small part of the whole.
const EARLY_FOLDS: usize = 2;
/// Fewer customers than this cannot judge.
const FEWEST_JUDGES: usize = 50;

/// When a backtest learns, and when its customers are asked.
#[derive(Clone, Copy)]
struct Dates {
    /// t₀ of training; of early life, the day by which every answer learned from was complete.
    trained_at: Day,
    /// Last day that training reads.
    known_until: Day,
    /// t₀ of the predicted; of early life, the day after which their t₀ come.
    applied_at: Day,
}

impl Dates {
    /// So many backtests before the latest; `None` for designs without time.
    fn of(design: Design, (cutoff, last): (Day, Day), back: u32) -> Option<Self> {
        match design {
            Design::Cutoff { horizon_days } => {
                let applied_at = cutoff.saturating_sub_unsigned(horizon_days.saturating_mul(back));
                Some(Self {
                    trained_at: applied_at.saturating_sub_unsigned(horizon_days),
                    known_until: applied_at,
                    applied_at,
                })
            }
            Design::EarlyLife { window, total } => {
                let open = total.end(last).saturating_sub(window.end(last)).max(0);
                let asked = ASKED_DAYS.saturating_mul(back + 1);
                let day = last.saturating_sub(open).saturating_sub_unsigned(asked);
                Some(Self {
                    trained_at: day,
                    known_until: day,
                    applied_at: day,
                })
            }
            Design::Table => None,
        }
    }
}

/// Trains at one date and applies at a later one.
fn one(
    orders: &Orders,
    recipe: &Recipe,
    dates: Dates,
    last: Day,
    steps: &Steps<'_>,
) -> Result<Backtest, TrainError> {
    let Dates {
        trained_at,
        known_until,
        applied_at,
    } = dates;
    let early = matches!(recipe.design, Design::EarlyLife { .. });
    // Nobody is locked away: the judges are the answers of the later window.
    let asked = recipe;
    let recipe = Recipe {
        hold_out: 0.0,
        folds: if early {
            recipe.folds.min(EARLY_FOLDS)
        } else {
            recipe.folds
        },
        ..recipe.clone()
    };
    steps.skip(in_round(asked) - in_round(&recipe));
    let stage = format!("Earlier t₀: {}", data::day::iso(trained_at));
    let monitor = steps.next(stage);
    let material = Material::Orders(orders);
    let prepared = material::prepare(material, &recipe, (trained_at, known_until), &monitor)?;
    let answers = &prepared.target.values;
    let class = recipe.target.is_class();
    let split = Split::draw(answers, class, 0.0, recipe.folds, recipe.seed);
    let (models, best) = super::compete::all_models(&prepared, &recipe, &split, steps)?;
    let known = split.training.iter().map(|&row| answers[row as usize]);
    let known: Vec<f64> = known.collect();
    let intervals = |model: &ModelRun| -> Result<Option<SplitConformal>, TrainError> {
        let wanted = !class && !model.baseline;
        wanted
            .then(|| conformal(recipe.interval, &known, &model.out_of_fold))
            .transpose()
    };
    let mut target = target::from_orders(orders, &recipe.target, recipe.design, applied_at, last)?;
    if early {
        target = target.asked_after(applied_at);
        if target.values.len() < FEWEST_JUDGES {
            return Err(TrainError::TooFewCustomers {
                found: target.values.len(),
                needed: FEWEST_JUDGES,
            });
        }
    }
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
            intervals: intervals(model)?,
            coverage: None,
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
