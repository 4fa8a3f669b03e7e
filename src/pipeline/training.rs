//! Training for the window: a run with everything the Models view shows of it, and what flows from
//! the chosen run into the other views.
//!
//! Like profiles, runs are no stage of the pipeline: they take minutes, nothing else waits for them,
//! and a step of a slider must not cancel them. They are kept for the session.

use std::{path::Path, sync::Arc};

use super::{
    cx::{Monitor, Progress},
    drivers::{Drivers, drivers},
    lifetime::{LifetimeCheck, lifetime_check},
    problem::Problem,
};
use audiences::held_out::Check;
use data::dataset::Dataset;
use data::day::Day;
use evaluation::report::Report;
use models::{
    Material, Recipe, Run, TrainError,
    artefact::SavedModel,
    judge::Sample,
    target::{Design, definition},
    train,
    train::{features_of, features_of_table},
};

/// What a run says of everyone: the columns other views show, one value per customer of the orders.
#[derive(Clone, Debug)]
pub struct Predictions {
    /// Number of the run in this session.
    pub run: u64,
    /// Title of the recipe and of the model.
    pub recipe: String,
    pub model: String,
    /// What is predicted, in words: "net revenue in the 90 days after t₀".
    pub meaning: String,
    /// A probability rather than an amount.
    pub class: bool,
    /// S of the run: the predictions look ahead from here.
    pub as_of: Day,
    /// Nominal coverage of `low`…`high`.
    pub interval: f64,
    /// Not a number for customers the run says nothing of.
    pub value: Vec<f64>,
    /// Empty when the run has no intervals.
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    /// Chance of still being a customer; empty when the run does not say.
    pub p_alive: Vec<f64>,
    /// The model behind them, for what drove a single prediction.
    pub saved: Arc<SavedModel>,
    /// What the same recipe said earlier and what came of it; `None` without a backtest of values, and
    /// for a model from a file.
    pub earlier: Option<Arc<EarlierPredictions>>,
}

/// The latest backtest of a run's best model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EarlierPredictions {
    /// It looked ahead from this date: everything before it was known.
    pub made_at: Day,
    /// Rows of the orders, ascending, with one entry each in the columns below.
    pub customers: Vec<u32>,
    pub predicted: Vec<f64>,
    pub actual: Vec<f64>,
    /// The backtests before it, latest first.
    pub before: Vec<Check>,
}

impl EarlierPredictions {
    fn of(run: &Run) -> Option<Self> {
        let name = &run.best().name;
        let mut found = run.backtests.iter().filter_map(|backtest| {
            let model = backtest.model(run.best, name)?;
            Some((backtest, model))
        });
        let (latest, model) = found.next().filter(|_| !run.target.kind.is_class())?;
        let before = found.map(|(backtest, model)| Check {
            made_at: backtest.applied_at + 1,
            predicted: model.predicted.iter().sum(),
            actual: backtest.actual.iter().sum(),
        });
        Some(Self {
            made_at: latest.applied_at + 1,
            customers: latest.customers.clone(),
            predicted: model.predicted.clone(),
            actual: latest.actual.clone(),
            before: before.collect(),
        })
    }
}

impl PartialEq for Predictions {
    /// Runs of one session are told apart by their number.
    fn eq(&self, other: &Self) -> bool {
        self.run == other.run
    }
}

impl Predictions {
    /// Spreads the predictions of a model over all customers.
    fn of(
        sparse: &models::predictions::Predictions,
        saved: &Arc<SavedModel>,
        (as_of, number): (Day, u64),
        customers: usize,
    ) -> Self {
        let recipe = &saved.recipe;
        let dense = |values: &[f64]| {
            if values.is_empty() {
                return Vec::new();
            }
            let mut column = vec![f64::NAN; customers];
            for (&customer, &value) in sparse.customers.iter().zip(values) {
                if let Some(cell) = column.get_mut(customer as usize) {
                    *cell = value;
                }
            }
            column
        };
        Self {
            run: number,
            recipe: recipe.title.clone(),
            model: saved.title.clone(),
            meaning: definition(&recipe.target, recipe.design),
            class: recipe.target.is_class(),
            as_of,
            interval: recipe.interval,
            value: dense(&sparse.value),
            low: dense(&sparse.low),
            high: dense(&sparse.high),
            p_alive: dense(&sparse.p_alive),
            saved: Arc::clone(saved),
            earlier: None,
        }
    }

    /// The predicted value of a customer, where there is one.
    #[must_use]
    pub fn value_of(&self, customer: usize) -> Option<f64> {
        known(&self.value, customer)
    }

    /// Low and high end of a customer's interval.
    #[must_use]
    pub fn interval_of(&self, customer: usize) -> Option<(f64, f64)> {
        Some((known(&self.low, customer)?, known(&self.high, customer)?))
    }

    /// The chance that a customer is still one.
    #[must_use]
    pub fn p_alive_of(&self, customer: usize) -> Option<f64> {
        known(&self.p_alive, customer)
    }
}

fn known(column: &[f64], customer: usize) -> Option<f64> {
    column
        .get(customer)
        .copied()
        .filter(|value| !value.is_nan())
}

/// One model of a run, judged on every sample it has not seen.
#[derive(Clone, Debug)]
pub struct JudgedModel {
    pub out_of_fold: Report,
    /// `None` when the recipe locks nobody away.
    pub hold_out: Option<Report>,
    /// Trained earlier, latest first.
    pub out_of_time: Vec<Report>,
}

/// Which predictions are shown; all were made without seeing their answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum JudgedOn {
    #[default]
    HoldOut,
    OutOfTime,
    OutOfFold,
}

impl JudgedOn {
    pub const ALL: [Self; 3] = [Self::HoldOut, Self::OutOfTime, Self::OutOfFold];

    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::HoldOut => "Locked hold-out",
            Self::OutOfTime => "Out of time",
            Self::OutOfFold => "Cross-validation",
        }
    }
}

impl JudgedModel {
    /// The report on this sample; where there is none, on the hold-out, else out of fold.
    #[must_use]
    pub fn on(&self, sample: JudgedOn) -> &Report {
        let fallback = self.hold_out.as_ref().unwrap_or(&self.out_of_fold);
        match sample {
            JudgedOn::HoldOut => fallback,
            JudgedOn::OutOfTime => self.out_of_time.first().unwrap_or(fallback),
            JudgedOn::OutOfFold => &self.out_of_fold,
        }
    }

    /// The report people are told of first: the locked hold-out, else out of fold.
    #[must_use]
    pub fn on_hold_out(&self) -> &Report {
        self.on(JudgedOn::HoldOut)
    }

    /// Whether this sample exists.
    #[must_use]
    pub fn has(&self, sample: JudgedOn) -> bool {
        match sample {
            JudgedOn::HoldOut => self.hold_out.is_some(),
            JudgedOn::OutOfTime => !self.out_of_time.is_empty(),
            JudgedOn::OutOfFold => true,
        }
    }
}

/// A finished run with everything that is shown of it.
#[derive(Debug)]
pub struct Trained {
    /// Counts runs of this session from 1.
    pub number: u64,
    pub run: Run,
    /// One per model of the run; `None` for the naive baselines, which are the rivals.
    pub judged: Vec<Option<JudgedModel>>,
    /// What the best model hangs on.
    pub drivers: Drivers,
    /// Checks of the buy-till-you-die models, when the recipe uses them.
    pub lifetime: Option<LifetimeCheck>,
    pub predictions: Arc<Predictions>,
}

impl PartialEq for Trained {
    /// Runs of one session are told apart by their number.
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Trained {
    /// Whether both runs predict the same: only then their figures stand on one axis.
    #[must_use]
    pub fn asks_as(&self, other: &Self) -> bool {
        let (own, theirs) = (&self.run.target, &other.run.target);
        own.kind == theirs.kind && own.design == theirs.design
    }

    /// Whether the best model beats its naive rivals wherever it was judged: on the locked hold-out, and
    /// on later customers where there is a backtest.
    #[must_use]
    pub fn is_useful(&self) -> bool {
        self.best().is_some_and(|best| {
            [JudgedOn::HoldOut, JudgedOn::OutOfTime]
                .iter()
                .all(|&sample| best.on(sample).verdict.is_useful())
        })
    }

    /// The verdict of the best model in a sentence: the one that speaks against it, else that on the
    /// hold-out. Empty without a judged model.
    #[must_use]
    pub fn sentence(&self) -> &str {
        let Some(best) = self.best() else { return "" };
        let (seen, later) = (best.on_hold_out(), best.on(JudgedOn::OutOfTime));
        if seen.verdict.is_useful() && !later.verdict.is_useful() {
            &later.sentence
        } else {
            &seen.sentence
        }
    }

    /// The judged best model.
    #[must_use]
    pub fn best(&self) -> Option<&JudgedModel> {
        self.judged.get(self.run.best).and_then(Option::as_ref)
    }
}

/// A training under way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrainingJob {
    /// Title of the recipe.
    pub title: String,
    pub progress: Progress,
    pub elapsed_seconds: f64,
    pub cancelling: bool,
    /// Trainings that wait behind it.
    pub waiting: usize,
}

impl TrainingJob {
    /// Seconds left, from the share that is done; `None` until a twentieth is.
    #[must_use]
    pub fn seconds_left(&self) -> Option<f64> {
        let share = self.share()?;
        (share > 0.05).then(|| self.elapsed_seconds * (1.0 - share) / share)
    }

    /// 0…1; `None` while the total is unknown.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let Progress { done, total, .. } = self.progress;
        (total > 0).then(|| (done as f64 / total as f64).clamp(0.0, 1.0))
    }
}

/// Everything the window knows of trainings.
#[derive(Clone, Debug, Default)]
pub struct Training {
    pub job: Option<TrainingJob>,
    /// Finished runs on the open shop, oldest first.
    pub runs: Vec<Arc<Trained>>,
    /// What flows into the other views.
    pub used: Option<Arc<Predictions>>,
    /// Counts up with every change of `runs`.
    pub revision: u64,
}

impl Training {
    /// The run of this number.
    #[must_use]
    pub fn run(&self, number: u64) -> Option<&Arc<Trained>> {
        self.runs.iter().find(|run| run.number == number)
    }
}

/// Trains a recipe on the open shop as of S and judges every model of it.
///
/// # Errors
/// Why it could not be done, for a notice; also on cancellation, which the worker recognises.
pub fn train_shop(
    dataset: &Dataset,
    (as_of, number): (Day, u64),
    recipe: &Recipe,
    monitor: &Monitor,
) -> Result<Trained, Problem> {
    let material = material(dataset);
    let run = train(material, as_of, recipe, monitor).map_err(|error| problem(recipe, &error))?;
    // As the training itself: a core less than there are, so that the window stays smooth.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.saturating_sub(1).max(1);
    let judge = || judge(dataset, run, number, monitor);
    let judged = match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(judge),
        Err(_) => judge(),
    };
    judged.map_err(|error| problem(recipe, &error))
}

/// Scores everyone of the open shop as of S with a saved model.
///
/// # Errors
/// A file that is no model, or of another version; features the shop lacks, all of them named.
pub fn score_shop(
    dataset: &Dataset,
    (as_of, number): (Day, u64),
    path: &Path,
    monitor: &Monitor,
) -> Result<Predictions, Problem> {
    let refused = |why: &dyn std::fmt::Display| {
        let title = "The saved model cannot be used here";
        Problem::new(title, sentence(&why.to_string()), "")
    };
    monitor.progress("Reading the model", 0, 2);
    let saved = SavedModel::load(path).map_err(|error| refused(&error))?;
    monitor.check()?;
    monitor.progress(format!("Scoring with {}", saved.title), 1, 2);
    let features = match material(dataset) {
        Material::Orders(orders) if saved.recipe.design != Design::Table => {
            match features_of(orders, &saved, as_of, monitor) {
                Err(TrainError::Cancelled(cancelled)) => return Err(cancelled.into()),
                found => found.map_err(|error| refused(&error))?,
            }
        }
        Material::Table(table) if saved.recipe.design == Design::Table => {
            features_of_table(table, &saved, as_of)
        }
        Material::Orders(_) => return Err(refused(&TrainError::NeedsTable)),
        Material::Table(_) => return Err(refused(&TrainError::NeedsOrders)),
    };
    let missing = saved.missing_in(&features);
    if !missing.is_empty() {
        return Err(refused(&format!(
            "the columns do not fit the model “{}” ({}). It reads, and the data lacks: {}. Train it again on this data, or open data with these columns",
            saved.recipe.title,
            saved.title,
            missing.join(", ")
        )));
    }
    let sparse = match saved.predictions(&features, monitor) {
        Err(TrainError::Cancelled(cancelled)) => return Err(cancelled.into()),
        said => said.map_err(|error| refused(&error))?,
    };
    monitor.check()?;
    let saved = Arc::new(saved);
    Ok(Predictions::of(
        &sparse,
        &saved,
        (as_of, number),
        rows(dataset),
    ))
}

/// Customers of the orders, or rows of the table.
fn rows(dataset: &Dataset) -> usize {
    match material(dataset) {
        Material::Orders(orders) => orders.customers(),
        Material::Table(table) => table.rows,
    }
}

/// The text with a capital letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// What a shop is learned from.
#[must_use]
pub fn material(dataset: &Dataset) -> Material<'_> {
    match dataset.tables.first() {
        Some(table) if !dataset.shape.has_orders() => Material::Table(table),
        _ => Material::Orders(&dataset.orders),
    }
}

fn judge(
    dataset: &Dataset,
    run: Run,
    number: u64,
    monitor: &Monitor,
) -> Result<Trained, TrainError> {
    let models = run.models.len() as u64;
    let mut judged = Vec::with_capacity(run.models.len());
    for (at, model) in run.models.iter().enumerate() {
        monitor.progress(format!("Judging {}", model.title), at as u64, models + 2);
        monitor.check()?;
        judged.push(if model.baseline {
            None
        } else {
            Some(judge_model(&run, at, monitor)?)
        });
    }
    monitor.progress("Finding what drives the best model", models, models + 2);
    let drivers = drivers(&run, monitor)?;
    monitor.progress("Checking buy-till-you-die models", models + 1, models + 2);
    monitor.check()?;
    let lifetime = lifetime_check(dataset, &run, monitor)?;
    let rows = rows(dataset);
    Ok(Trained {
        predictions: Arc::new(Predictions {
            earlier: EarlierPredictions::of(&run).map(Arc::new),
            ..Predictions::of(&run.predictions, &run.saved, (run.as_of, number), rows)
        }),
        number,
        run: run.lightened(),
        judged,
        drivers,
        lifetime,
    })
}

fn judge_model(run: &Run, at: usize, monitor: &Monitor) -> Result<JudgedModel, TrainError> {
    let locked = !run.split.hold_out.is_empty();
    let hold_out = locked.then(|| run.report(at, Sample::HoldOut, monitor));
    let trained = |number: &usize| run.at_backtest(at, *number).is_some();
    let out_of_time = (0..run.backtests.len())
        .filter(trained)
        .map(|number| run.report(at, Sample::OutOfTime(number), monitor))
        .collect::<Result<_, _>>()?;
    Ok(JudgedModel {
        out_of_fold: run.report(at, Sample::OutOfFold, monitor)?,
        hold_out: hold_out.transpose()?,
        out_of_time,
    })
}

fn problem(recipe: &Recipe, error: &TrainError) -> Problem {
    if let TrainError::Cancelled(cancelled) = error {
        return (*cancelled).into();
    }
    let sentence = sentence(&error.to_string());
    Problem::new(
        format!("“{}” could not be trained", recipe.title),
        sentence,
        "",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_the_share_done() {
        let job = |done, elapsed_seconds| TrainingJob {
            progress: Progress {
                stage: String::new(),
                done,
                total: 10,
            },
            elapsed_seconds,
            ..TrainingJob::default()
        };
        assert_eq!(job(0, 3.0).seconds_left(), None, "nothing to go by");
        assert_eq!(job(4, 20.0).seconds_left(), Some(30.0));
        assert_eq!(TrainingJob::default().share(), None);
    }
}
