//! One model: cross-validated over its grid, recalibrated, fitted, and then shown the locked rows.

use std::{sync::Arc, time::Instant};

use super::{
    compete,
    grid::{self, Lesson, Point},
    material::Prepared,
    score::{self, Standing, best_of, calibrator, judged, metrics, tame},
    steps::Steps,
};
use crate::{
    TrainError,
    features::FeatureTable,
    learner::{Fitted, Predictor},
    predictions::Metrics,
    recipe::{ModelSpec, Recipe},
    run::{Backtest, ModelRun, TierRun},
    split::Split,
    target::Score,
    two_stage,
};
use base::monitor::Monitor;
use evaluation::{
    Scored, calibration::Calibrator, conformal::SplitConformal, gains::gini_normalised,
    ranking::Ranking,
};

/// Where models compete: the same rows, folds and answers for all.
#[derive(Clone, Copy)]
pub(super) struct Arena<'a> {
    pub prepared: &'a Prepared,
    pub recipe: &'a Recipe,
    pub split: &'a Split,
    pub steps: &'a Steps<'a>,
}

/// A model before it is judged.
pub(super) struct Contender {
    pub name: String,
    pub title: String,
    /// Place in the recipe; `None` for baselines.
    pub spec: Option<usize>,
    pub chosen: String,
    pub grid: Vec<(String, f64)>,
    /// Out-of-fold predictions, one per training row.
    pub raw: Vec<f64>,
    /// Out-of-fold tiers of a two-stage model, one per training row; else empty.
    pub tiers: Vec<u8>,
    /// Fitted on all training rows.
    pub fitted: Fitted,
    pub clock: Instant,
}

/// Predictions of training rows by models that had not seen them.
#[derive(Clone)]
struct OutOfFold {
    values: Vec<f64>,
    tiers: Vec<u8>,
}

/// Groups of customers with an interval width of their own.
pub(super) const INTERVAL_GROUPS: usize = 20;

impl Arena<'_> {
    /// What grid points and models are chosen by.
    pub fn score(&self) -> Score {
        self.prepared.target.kind.score()
    }

    pub fn class(&self) -> bool {
        self.prepared.target.kind.is_class()
    }

    /// Answers of the training rows.
    pub fn training_answers(&self) -> Vec<f64> {
        self.answers(&self.split.training)
    }

    pub fn answers(&self, rows: &[u32]) -> Vec<f64> {
        let values = &self.prepared.target.values;
        rows.iter().map(|&row| values[row as usize]).collect()
    }

    pub fn lesson<'b>(&'b self, rows: &'b [u32], monitor: &'b Monitor) -> Lesson<'b> {
        Lesson {
            table: &self.prepared.table,
            answers: &self.prepared.target.values,
            rows,
            lifetime: self.prepared.lifetime.as_ref(),
            smote: self.recipe.smote.filter(|_| self.class()),
            seed: self.recipe.seed,
            monitor,
        }
    }

    /// Runs one model of the recipe.
    pub fn compete(&self, place: usize, spec: &ModelSpec) -> Result<ModelRun, TrainError> {
        let clock = Instant::now();
        let points = grid::points(spec);
        let out_of_fold = self.cross_validate(spec, &points)?;
        let answers = self.training_answers();
        let (mut scores, mut standings) = (Vec::new(), Vec::new());
        for (point, found) in points.iter().zip(&out_of_fold) {
            self.steps.check()?;
            let standing = self.standing(&answers, &found.values)?;
            scores.push((point.words(), standing.loss));
            standings.push(standing);
        }
        let best = best_of(&standings).unwrap_or_default();
        let (point, found) = (points[best], out_of_fold.into_iter().nth(best));
        let monitor = self.steps.next(format!("{}: all folds", spec.title()));
        let lesson = self.lesson(&self.split.training, &monitor);
        let fitted = grid::fit(spec, &[point], &lesson)?.into_iter().next();
        let (Some(fitted), Some(found)) = (fitted, found) else {
            return Err(TrainError::NoModel {
                recipe: spec.title(),
            });
        };
        self.judge(Contender {
            name: spec.name(),
            title: spec.title(),
            spec: Some(place),
            chosen: point.words(),
            grid: scores,
            raw: found.values,
            tiers: found.tiers,
            fitted,
            clock,
        })
    }

    /// Out-of-fold predictions of the training rows, for every point of the grid.
    fn cross_validate(
        &self,
        spec: &ModelSpec,
        points: &[Point],
    ) -> Result<Vec<OutOfFold>, TrainError> {
        let training = &self.split.training;
        let empty = OutOfFold {
            values: vec![0.0; training.len()],
            tiers: match spec {
                ModelSpec::TwoStage(_) => vec![0; training.len()],
                _ => Vec::new(),
            },
        };
        let mut out_of_fold = vec![empty; points.len()];
        if matches!(spec, ModelSpec::Lifetime(_)) {
            // It reads no answers: there is nothing to leave out.
            let folds = self.split.folds as u64;
            let monitor = self.steps.next(spec.title());
            self.steps.skip(folds - 1);
            for fitted in grid::fit(spec, points, &self.lesson(training, &monitor))? {
                let table = &self.prepared.table;
                (out_of_fold[0].values, _) = fitted.predict_rows(table, training, &monitor)?;
            }
            return Ok(out_of_fold);
        }
        for fold in 0..self.split.folds {
            let stage = format!(
                "{}: fold {} of {}",
                spec.title(),
                fold + 1,
                self.split.folds
            );
            let monitor = self.steps.next(stage);
            let (outside, inside) = self.split.fold(fold);
            let rows_of = |places: &[u32]| -> Vec<u32> {
                places
                    .iter()
                    .map(|&place| training[place as usize])
                    .collect()
            };
            let models = grid::fit(spec, points, &self.lesson(&rows_of(&outside), &monitor))?;
            let unseen = rows_of(&inside);
            for (model, all) in models.iter().zip(&mut out_of_fold) {
                let table = &self.prepared.table;
                let (mut predicted, tiers) = model.predict_rows(table, &unseen, &monitor)?;
                tame(self.class(), &mut predicted);
                for (&place, value) in inside.iter().zip(predicted) {
                    all.values[place as usize] = value;
                }
                for (&place, tier) in inside.iter().zip(tiers) {
                    all.tiers[place as usize] = tier;
                }
            }
        }
        Ok(out_of_fold)
    }

    /// How a grid point stands once its predictions are recalibrated, as those of the chosen one will
    /// be.
    fn standing(&self, answers: &[f64], raw: &[f64]) -> Result<Standing, TrainError> {
        let kind = self.recipe.recalibration;
        let learned = calibrator(kind, self.class(), (answers, raw))?;
        let mut values = apply(learned.as_ref(), raw);
        tame(self.class(), &mut values);
        self.standing_of(answers, &values)
    }

    /// How predictions stand as they are.
    fn standing_of(&self, answers: &[f64], predicted: &[f64]) -> Result<Standing, TrainError> {
        let scored = Scored::new(answers, predicted).map_err(judged)?;
        let (ranking, perfect) = (Ranking::by(predicted), Ranking::by(answers));
        Ok(Standing {
            loss: score::loss(self.score(), scored.actual(), scored.predicted()),
            ranking: gini_normalised(&ranking, &perfect, answers, None)
                .unwrap_or(f64::NEG_INFINITY),
        })
    }

    /// Recalibrates out-of-fold predictions fold by fold: each by what the other folds show.
    pub fn recalibrated(&self, raw: &[f64]) -> Result<Vec<f64>, TrainError> {
        let answers = self.training_answers();
        let mut values = raw.to_vec();
        for fold in 0..self.split.folds {
            self.steps.check()?;
            let (outside, inside) = self.split.fold(fold);
            let pick = |values: &[f64]| -> Vec<f64> {
                outside
                    .iter()
                    .map(|&place| values[place as usize])
                    .collect()
            };
            let known = (&*pick(&answers), &*pick(raw));
            let learned = calibrator(self.recipe.recalibration, self.class(), known)?;
            if let Some(learned) = learned {
                for &place in &inside {
                    values[place as usize] = learned.apply(raw[place as usize]);
                }
            }
        }
        tame(self.class(), &mut values);
        Ok(values)
    }

    /// Recalibrates, predicts the locked rows, and measures.
    pub fn judge(&self, contender: Contender) -> Result<ModelRun, TrainError> {
        let (class, seed) = (self.class(), self.recipe.seed);
        let answers = self.training_answers();
        let raw = contender.raw;
        let (out_of_fold, learned) = if contender.spec.is_none() {
            (raw.clone(), None)
        } else {
            let kind = self.recipe.recalibration;
            (
                self.recalibrated(&raw)?,
                calibrator(kind, class, (&answers, &raw))?,
            )
        };
        let locked_answers = self.answers(&self.split.hold_out);
        let warnings = flat_words(&contender.title, learned.as_ref());
        let features = (&self.prepared.table, &self.prepared.naive);
        let (mut raw_hold_out, routed) = contender.fitted.predict_rows(
            table_of(&contender.fitted, features.0, features.1),
            &self.split.hold_out,
            self.steps.monitor(),
        )?;
        tame(class, &mut raw_hold_out);
        let mut hold_out = apply(learned.as_ref(), &raw_hold_out);
        tame(class, &mut hold_out);
        let mut run = ModelRun {
            name: contender.name,
            title: contender.title,
            baseline: contender.spec.is_none(),
            spec: contender.spec,
            chosen: contender.chosen,
            grid: contender.grid,
            cross_validated: metrics(class, (&answers, &out_of_fold), seed)?,
            held_out: Metrics::new(),
            on_remaining: Metrics::new(),
            hold_out_coverage: None,
            tiers: tier_run(&contender.fitted, contender.tiers, routed),
            importances: contender.fitted.importances(),
            folds: self.by_fold(&answers, &out_of_fold)?,
            out_of_fold,
            raw_out_of_fold: raw,
            hold_out,
            raw_hold_out,
            seconds: 0.0,
            warnings,
            fitted: Arc::new(Predictor {
                model: contender.fitted,
                calibrator: learned,
            }),
        };
        self.steps.check()?;
        if !locked_answers.is_empty() {
            run.held_out = metrics(class, (&locked_answers, &run.hold_out), seed)?;
        }
        add_tiers(&mut run, (&answers, &locked_answers));
        self.intervals(&mut run, (&answers, &locked_answers))?;
        self.steps.check()?;
        self.on_remaining(&mut run)?;
        run.seconds = contender.clock.elapsed().as_secs_f64();
        Ok(run)
    }

    /// Metrics of each fold's predictions.
    fn by_fold(&self, answers: &[f64], predicted: &[f64]) -> Result<Vec<Metrics>, TrainError> {
        let of_fold = |fold| {
            self.steps.check()?;
            let (_, inside) = self.split.fold(fold);
            let pick = |values: &[f64]| -> Vec<f64> {
                inside.iter().map(|&place| values[place as usize]).collect()
            };
            let known = (&*pick(answers), &*pick(predicted));
            metrics(self.class(), known, self.recipe.seed)
        };
        (0..self.split.folds).map(of_fold).collect()
    }

    /// Conformal intervals learned out of fold, and what they hold on the locked rows.
    fn intervals(
        &self,
        run: &mut ModelRun,
        (answers, locked): (&[f64], &[f64]),
    ) -> Result<(), TrainError> {
        if self.class() || run.baseline || locked.is_empty() {
            return Ok(());
        }
        let learned = conformal(self.recipe.interval, answers, &run.out_of_fold)?;
        let scored = Scored::new(locked, &run.hold_out).map_err(judged)?;
        let coverage = learned.coverage(scored, self.recipe.seed).map_err(judged)?;
        run.held_out
            .insert(coverage_name(self.recipe.interval), coverage.achieved);
        run.hold_out_coverage = Some(coverage);
        Ok(())
    }

    /// The same predictions judged on what is still to come at t₀, for totals.
    fn on_remaining(&self, run: &mut ModelRun) -> Result<(), TrainError> {
        let target = &self.prepared.target;
        if target.known.is_empty() {
            return Ok(());
        }
        let (rows, predicted) = if self.split.hold_out.is_empty() {
            (&self.split.training, &run.out_of_fold)
        } else {
            (&self.split.hold_out, &run.hold_out)
        };
        let remaining = target.remaining();
        let actual: Vec<f64> = rows.iter().map(|&row| remaining[row as usize]).collect();
        let coming: Vec<f64> = (rows.iter().zip(predicted))
            .map(|(&row, value)| value - target.known[row as usize])
            .collect();
        run.on_remaining = metrics(false, (&actual, &coming), self.recipe.seed)?;
        Ok(())
    }
}

/// What a two-stage model guessed.
fn tier_run(fitted: &Fitted, out_of_fold: Vec<u8>, hold_out: Vec<u8>) -> Option<TierRun> {
    let Fitted::TwoStage(model) = fitted else {
        return None;
    };
    Some(TierRun {
        cuts: model.cuts,
        out_of_fold,
        hold_out,
    })
}

/// How well a two-stage model guesses tiers, among its metrics.
fn add_tiers(run: &mut ModelRun, (training, locked): (&[f64], &[f64])) {
    let Some(tiers) = &run.tiers else { return };
    let samples = [
        (&mut run.cross_validated, training, &tiers.out_of_fold),
        (&mut run.held_out, locked, &tiers.hold_out),
    ];
    for (metrics, actual, guessed) in samples {
        if let Some(matrix) = tiers.matrix(actual, guessed) {
            metrics.insert("accuracy".to_owned(), matrix.accuracy());
            metrics.insert("majority_share".to_owned(), matrix.majority_share());
            let high = matrix.precision(two_stage::TIERS.len() - 1);
            metrics.extend(high.map(|share| ("precision_high".to_owned(), share)));
        }
    }
}

/// `coverage_80`: achieved coverage of intervals at this nominal level.
pub(crate) fn coverage_name(nominal: f64) -> String {
    format!("coverage_{:.0}", nominal * 100.0)
}

/// Intervals learned from predictions that had not seen their answers; spend cannot be negative
/// where it never was.
pub(super) fn conformal(
    nominal: f64,
    answers: &[f64],
    out_of_fold: &[f64],
) -> Result<SplitConformal, TrainError> {
    let floor = answers.iter().all(|&y| y >= 0.0).then_some(0.0);
    let scored = Scored::new(answers, out_of_fold).map_err(judged)?;
    Ok(SplitConformal::fit(scored, nominal, INTERVAL_GROUPS, floor))
}

/// Intervals of the model at this place and of this name, wider where a backtest missed by more.
pub(super) fn widened(
    intervals: SplitConformal,
    backtest: &Backtest,
    (place, name): (usize, &str),
) -> Result<SplitConformal, TrainError> {
    let Some(model) = backtest.model(place, name) else {
        return Ok(intervals);
    };
    let later = Scored::new(&backtest.actual, &model.predicted).map_err(judged)?;
    Ok(intervals.widened(later))
}

/// The table that holds what a model reads: of naive rivals the naive one, where it has everything.
pub(super) fn table_of<'a>(
    model: &Fitted,
    features: &'a FeatureTable,
    naive: &'a FeatureTable,
) -> &'a FeatureTable {
    let Fitted::Baseline(baseline) = model else {
        return features;
    };
    let reads = baseline.reads();
    let all = reads.iter().all(|name| naive.position(name).is_some());
    if all { naive } else { features }
}

/// What is said of a recalibration that says the same of everyone.
fn flat_words(title: &str, learned: Option<&Calibrator>) -> Vec<String> {
    let flat = learned.is_some_and(Calibrator::is_flat);
    let words = format!(
        "{title}: on customers it had not seen it ranked no better than chance, so it gives everyone the same chance"
    );
    if flat { vec![words] } else { Vec::new() }
}

pub(super) fn apply(learned: Option<&Calibrator>, values: &[f64]) -> Vec<f64> {
    match learned {
        Some(learned) => learned.apply_all(values),
        None => values.to_vec(),
    }
}

/// Every model of the recipe, then the baselines; and the place of the best of the recipe.
pub fn all_models(
    prepared: &Prepared,
    recipe: &Recipe,
    split: &Split,
    steps: &Steps<'_>,
) -> Result<(Vec<ModelRun>, usize), TrainError> {
    let mut models: Vec<ModelRun> = Vec::new();
    let arena = compete::Arena {
        prepared,
        recipe,
        split,
        steps,
    };
    let specs = recipe.models.iter().enumerate();
    for (place, spec) in specs.clone() {
        let lifetime = matches!(spec, ModelSpec::Lifetime(_));
        if matches!(spec, ModelSpec::Blend(_)) || (lifetime && prepared.lifetime.is_none()) {
            continue;
        }
        models.push(arena.compete(place, spec)?);
    }
    for (place, spec) in specs {
        if let ModelSpec::Blend(spec) = spec
            && models.len() > 1
        {
            models.push(arena.blend((place, spec), &models)?);
        }
    }
    let answers = arena.training_answers();
    let standings = models
        .iter()
        .map(|model| arena.standing_of(&answers, &model.out_of_fold))
        .collect::<Result<Vec<_>, _>>()?;
    let best = best_of(&standings);
    let best = best.ok_or_else(|| TrainError::NoModel {
        recipe: recipe.title.clone(),
    })?;
    models.extend(arena.rivals()?);
    Ok((models, best))
}
