//! After the competition: the leakage meter, the winner fitted on everyone, and everyone as of S.

use super::{
    compete::{Arena, conformal, widened},
    grid,
    material::{self, Material, Prepared, history_features, lifetime_wanted},
    score::{judged, metrics, tame},
    steps::Steps,
};
use crate::{
    TrainError,
    artefact::{SavedModel, TrainedOn, VERSION},
    btyd::{Counts, Family, TimeUnit, TransactionModel},
    features::{FeatureTable, Unit},
    learner::{Fitted, Member, Predictor},
    lifetime::{Lifetime, OUTPUTS, alive_of, choose_family},
    predictions::Predictions,
    recipe::{ModelSpec, Recipe},
    run::{Backtest, ModelRun, TierRun},
    split::Split,
    target::{Design, Panel, panel_at, panel_of_age},
};
use base::monitor::Monitor;
use data::dataset::tables::Table;
use data::day::Day;
use data::orders::Orders;
use evaluation::{
    Scored,
    leakage::{Known, Leakage, RemainingTwin},
};

/// The leakage meter of the best model: on the locked rows where there are any.
pub(super) fn leakage(
    prepared: &Prepared,
    recipe: &Recipe,
    split: &Split,
    (models, best): (&[ModelRun], usize),
    steps: &Steps<'_>,
) -> Result<Option<Leakage>, TrainError> {
    let target = &prepared.target;
    if target.kind.is_class() {
        return Ok(None);
    }
    let model = &models[best];
    let (rows, predicted) = if split.hold_out.is_empty() {
        (&split.training, &model.out_of_fold)
    } else {
        (&split.hold_out, &model.hold_out)
    };
    let pick =
        |values: &[f64]| -> Vec<f64> { rows.iter().map(|&row| values[row as usize]).collect() };
    let actual = pick(&target.values);
    let inside = (!target.known.is_empty()).then(|| pick(&target.known));
    let numeric = prepared.table.specs.iter().zip(&prepared.table.columns);
    let inputs: Vec<(&str, Vec<f64>)> = numeric
        .filter(|(spec, _)| spec.unit != Unit::Category && !OUTPUTS.contains(&spec.name.as_str()))
        .map(|(spec, column)| (spec.name.as_str(), pick(column)))
        .collect();
    let inputs: Vec<(&str, &[f64])> = inputs.iter().map(|(n, v)| (*n, v.as_slice())).collect();
    let twin = match inside {
        Some(_) => twin(prepared, recipe, (split, rows), model, steps)?,
        None => None,
    };
    let known = Known {
        scored: Scored::new(&actual, predicted).map_err(judged)?,
        inside: inside.as_deref(),
        inputs: &inputs,
    };
    Leakage::measure(known, twin).map(Some).map_err(judged)
}

/// The same model at the same grid point, trained on what is still to come.
fn twin(
    prepared: &Prepared,
    recipe: &Recipe,
    (split, rows): (&Split, &[u32]),
    model: &ModelRun,
    steps: &Steps<'_>,
) -> Result<Option<RemainingTwin>, TrainError> {
    let remaining = prepared.target.remaining();
    let Some(spec) = model.spec.and_then(|place| recipe.models.get(place)) else {
        return Ok(None);
    };
    if matches!(spec, ModelSpec::Blend(_) | ModelSpec::Lifetime(_)) {
        return Ok(None);
    }
    let arena = Arena {
        prepared,
        recipe,
        split,
        steps,
    };
    let monitor = steps.next("The same model on what is still to come");
    let points: Vec<_> = grid::points(spec).into_iter().collect();
    let point = points.iter().find(|point| point.words() == model.chosen);
    let Some(&point) = point else {
        return Ok(None);
    };
    let mut lesson = arena.lesson(&split.training, &monitor);
    lesson.answers = &remaining;
    let Some(fitted) = grid::fit(spec, &[point], &lesson)?.into_iter().next() else {
        return Ok(None);
    };
    let (predicted, routed) = fitted.predict_rows(&prepared.table, rows, &monitor)?;
    let actual: Vec<f64> = rows.iter().map(|&row| remaining[row as usize]).collect();
    let found = metrics(false, (&actual, &predicted), recipe.seed)?;
    let get = |name: &str| found.get(name).copied();
    Ok(Some(RemainingTwin {
        r2: get("r2"),
        mae: get("mae").unwrap_or(f64::NAN),
        gini_normalised: get("gini_normalised"),
        gain_20: get("gain_20"),
        tiers: match &fitted {
            Fitted::TwoStage(model) => {
                let tiers = TierRun {
                    cuts: model.cuts,
                    out_of_fold: Vec::new(),
                    hold_out: Vec::new(),
                };
                let matrix = tiers.matrix(&actual, &routed);
                matrix.map(|matrix| [matrix.accuracy(), matrix.majority_share()])
            }
            _ => None,
        },
    }))
}

/// Fits the winner on all rows, saves it, and predicts everyone as of S.
pub(super) fn finish(
    (material, as_of): (Material<'_>, Day),
    prepared: &Prepared,
    recipe: &Recipe,
    (models, best, split): (&[ModelRun], usize, &Split),
    backtests: &[Backtest],
    steps: &Steps<'_>,
) -> Result<(SavedModel, Predictions), TrainError> {
    let winner = &models[best];
    let everyone: Vec<u32> = (0..prepared.table.rows() as u32).collect();
    let monitor = steps.next(format!("{}: everyone", winner.title));
    let arena = Arena {
        prepared,
        recipe,
        split,
        steps,
    };
    let mut predictor = refit(&arena, models, winner, &everyone, &monitor)?;
    let answers = arena.training_answers();
    let intervals = if prepared.target.kind.is_class() {
        None
    } else {
        let learned = conformal(recipe.interval, &answers, &winner.out_of_fold)?;
        Some(match backtests.first() {
            Some(backtest) => widened(learned, backtest, (best, &winner.name))?,
            None => learned,
        })
    };
    let family = prepared.lifetime.as_ref().map(|l| l.transactions.family);
    let (table, lifetime) = match material {
        Material::Orders(orders) => {
            let panel = panel_as_of(orders, recipe.design, as_of);
            features_at(orders, recipe, (&panel, family), &monitor)?
        }
        Material::Table(table) => {
            let rows: Vec<u32> = (0..table.rows as u32).collect();
            (material::of_table(table, recipe, &rows, as_of), None)
        }
    };
    predictor = with_lifetime(&predictor, lifetime.as_ref());
    let alive = match (material, &lifetime) {
        (Material::Orders(orders), Some(lifetime)) => {
            alive_as_of(orders, lifetime, as_of, &monitor)?
        }
        _ => None,
    };
    let cutoff = prepared.target.cutoffs.first().copied().unwrap_or_default();
    let saved = SavedModel {
        version: VERSION,
        recipe: recipe.clone(),
        model: winner.name.clone(),
        title: winner.title.clone(),
        features: (prepared.table.specs.iter())
            .filter(|spec| !OUTPUTS.contains(&spec.name.as_str()))
            .cloned()
            .collect(),
        predictor,
        lifetime,
        alive,
        intervals,
        metrics: if winner.held_out.is_empty() {
            winner.cross_validated.clone()
        } else {
            winner.held_out.clone()
        },
        trained_on: TrainedOn {
            as_of,
            cutoff,
            customers: prepared.table.rows(),
            fingerprint: fingerprint(&prepared.table, &prepared.target.values),
        },
    };
    let predictions = saved.predictions(&table, &monitor)?;
    Ok((saved, predictions))
}

/// What tells P(alive) as of S where that is not the lifetime model: one family for all views.
fn alive_as_of(
    orders: &Orders,
    lifetime: &Lifetime,
    as_of: Day,
    monitor: &Monitor,
) -> Result<Option<TransactionModel>, TrainError> {
    let last = as_of - 1;
    let family = choose_family(orders, &Family::ANYBODY_LEAVES, last, monitor)?;
    if family == lifetime.transactions.family {
        return Ok(None);
    }
    let counts = Counts::from_orders(orders, last, monitor)?;
    let model = TransactionModel::fit(family, &counts, TimeUnit::Weeks, monitor)?;
    Ok(Some(model))
}

/// The winner, and the members of a blend, learned again from all rows.
fn refit(
    arena: &Arena<'_>,
    models: &[ModelRun],
    winner: &ModelRun,
    rows: &[u32],
    monitor: &Monitor,
) -> Result<Predictor, TrainError> {
    let again = if let Fitted::Blend(members) = &winner.fitted.model {
        let mut again = Vec::with_capacity(members.len());
        for member in members {
            let own = models.iter().find(|model| model.spec == Some(member.spec));
            if let Some(own) = own {
                again.push(Member {
                    predictor: refit(arena, models, own, rows, monitor)?,
                    ..*member
                });
            }
        }
        Some(Fitted::Blend(again))
    } else {
        match winner.spec.and_then(|place| arena.recipe.models.get(place)) {
            Some(spec) => {
                let points = grid::points(spec);
                let point = points.into_iter().find(|p| p.words() == winner.chosen);
                let points: Vec<_> = point.into_iter().collect();
                let fitted = grid::fit(spec, &points, &arena.lesson(rows, monitor))?;
                fitted.into_iter().next()
            }
            None => None,
        }
    };
    let model = again.ok_or_else(|| TrainError::NoModel {
        recipe: arena.recipe.title.clone(),
    })?;
    Ok(Predictor {
        model,
        calibrator: winner.fitted.calibrator.clone(),
    })
}

/// The predictor with another fit of the lifetime model wherever it holds one.
pub(super) fn with_lifetime(predictor: &Predictor, lifetime: Option<&Lifetime>) -> Predictor {
    let model = match (&predictor.model, lifetime) {
        (Fitted::Lifetime(_), Some(lifetime)) => Fitted::Lifetime(Box::new(lifetime.clone())),
        (Fitted::Blend(members), Some(_)) => {
            let again = members.iter().map(|member| Member {
                predictor: with_lifetime(&member.predictor, lifetime),
                ..*member
            });
            Fitted::Blend(again.collect())
        }
        (model, _) => model.clone(),
    };
    Predictor {
        model,
        calibrator: predictor.calibrator.clone(),
    }
}

/// Features of a panel with the lifetime model of this family fitted to its own histories.
pub(super) fn features_at(
    orders: &Orders,
    recipe: &Recipe,
    (panel, family): (&Panel, Option<Family>),
    monitor: &Monitor,
) -> Result<(FeatureTable, Option<Lifetime>), TrainError> {
    let mut table = history_features(orders, recipe, panel, monitor)?;
    let mut lifetime = None;
    if let (Some(family), Some((_, days))) = (family, lifetime_wanted(recipe)) {
        let fitted = Lifetime::fit(&table, (family, days), monitor, &mut Vec::new())?;
        fitted.append(&mut table, monitor)?;
        lifetime = Some(fitted);
    }
    Ok((table.choose(&recipe.features), lifetime))
}

/// Who is predicted as of S: everyone who has ordered, or everyone old enough.
pub(super) fn panel_as_of(orders: &Orders, design: Design, as_of: Day) -> Panel {
    match design {
        Design::EarlyLife { window, .. } => panel_of_age(orders, window, None, as_of - 1),
        Design::Cutoff { .. } | Design::Table => panel_at(orders, as_of - 1),
    }
}

/// These customers (ascending) at their t₀ as of S; without those too young for an early-life recipe.
#[must_use]
pub fn panel_of(orders: &Orders, design: Design, as_of: Day, customers: &[u32]) -> Panel {
    if let Design::EarlyLife { .. } = design {
        let all = panel_as_of(orders, design, as_of);
        let asked = all.customers.iter().copied().zip(all.cutoffs);
        let (customers, cutoffs) = asked
            .filter(|(one, _)| customers.binary_search(one).is_ok())
            .unzip();
        return Panel { customers, cutoffs };
    }
    Panel {
        customers: customers.to_vec(),
        cutoffs: vec![as_of - 1; customers.len()],
    }
}

/// The features that a saved model reads, for everyone it can score as of S.
///
/// # Errors
/// [`TrainError::MissingFeatures`].
pub fn features_of(
    orders: &Orders,
    saved: &SavedModel,
    as_of: Day,
    monitor: &Monitor,
) -> Result<FeatureTable, TrainError> {
    let panel = panel_as_of(orders, saved.recipe.design, as_of);
    features_of_panel(orders, saved, &panel, monitor)
}

/// The features that a saved model reads, for these customers at their t₀.
///
/// # Errors
/// [`TrainError::MissingFeatures`].
pub fn features_of_panel(
    orders: &Orders,
    saved: &SavedModel,
    panel: &Panel,
    monitor: &Monitor,
) -> Result<FeatureTable, TrainError> {
    let mut table = history_features(orders, &saved.recipe, panel, monitor)?;
    if let Some(lifetime) = &saved.lifetime {
        lifetime.append(&mut table, monitor)?;
    }
    Ok(table.choose(&saved.recipe.features))
}

/// The features that a saved model reads, for every row of a customer table.
#[must_use]
pub fn features_of_table(table: &Table, saved: &SavedModel, as_of: Day) -> FeatureTable {
    let rows: Vec<u32> = (0..table.rows as u32).collect();
    material::of_table(table, &saved.recipe, &rows, as_of)
}

/// Equal for equal features and answers.
pub(super) fn fingerprint(table: &FeatureTable, answers: &[f64]) -> u64 {
    let prints: Vec<f64> = table
        .columns
        .iter()
        .map(Vec::as_slice)
        .chain(std::iter::once(answers))
        .map(|column| (crate::preprocess::fingerprint(column) >> 12) as f64)
        .collect();
    crate::preprocess::fingerprint(&prints)
}

impl SavedModel {
    /// Predicts every row of a feature table, with intervals.
    ///
    /// # Errors
    /// [`TrainError::MissingFeatures`] with all features that the table lacks; [`TrainError::Cancelled`].
    pub fn predictions(
        &self,
        table: &FeatureTable,
        monitor: &Monitor,
    ) -> Result<Predictions, TrainError> {
        let rows: Vec<u32> = (0..table.rows() as u32).collect();
        let mut value = self.predictor.predict_rows(table, &rows, monitor)?;
        tame(self.recipe.target.is_class(), &mut value);
        let bounds: Option<Vec<(f64, f64)>> = (self.intervals.as_ref())
            .map(|intervals| value.iter().map(|&v| intervals.interval(v)).collect());
        let (low, high) = bounds.unwrap_or_default().into_iter().unzip();
        let alive = table.column(OUTPUTS[0]).map(<[f64]>::to_vec);
        let p_alive = match (&self.alive, &self.lifetime, alive) {
            (Some(model), ..) => alive_of(model, table)?,
            (None, _, Some(alive)) => alive,
            (None, Some(lifetime), None) => {
                let [alive, ..] = lifetime.outputs_watched(table, monitor)?;
                alive
            }
            (None, None, None) => Vec::new(),
        };
        Ok(Predictions {
            recipe: self.recipe.name.clone(),
            model: self.model.clone(),
            customers: table.customers.clone(),
            value,
            low,
            high,
            p_alive,
        })
    }
}
