//! Gradient-boosted trees: the only place that knows the boosting crate.
//!
//! The crate is young, so everything it does for us goes through [`fit`], [`Boosted`] and
//! [`forest`], and the tests compare it with figures of other libraries.

use std::ops::ControlFlow;

use hessboost::{
    model::{BoostedModel, ImportanceType, Iterations, ModelFormat},
    objective::{Multiclass, Objective, RegLoss, Tweedie},
    prelude::{DMatrix, HessboostError, Trainer, TrainingParams, TreeMethod},
};
use serde::{Deserialize, Serialize};

use super::{TrainError, base64, preprocess::Matrix, recipe::Loss};
use base::monitor::Monitor;

/// One point of a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    pub objective: Goal,
    pub trees: usize,
    pub depth: u32,
    pub learning_rate: f64,
    /// Least sum of second derivatives in a leaf; of few rows at most a twentieth of all.
    pub min_child_weight: f64,
    pub subsample: f64,
    pub feature_share: f64,
    pub ridge: f64,
    pub seed: u64,
}

/// What the trees minimise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    Loss(Loss),
    /// Classes 0…n − 1 by softmax; predictions are one probability per class.
    Classes(usize),
}

/// Trained trees. Written to files in the crate's binary format, as base64 text.
#[derive(Clone, Debug)]
pub struct Boosted {
    model: Box<BoostedModel>,
    log1p: bool,
}

/// How many numbers trees read, and how many they answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub inputs: usize,
    pub outputs: usize,
}

/// What the sum of the trees is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// The answer itself.
    Plain,
    /// ln of the answer.
    Log,
    /// ln(1 + answer).
    LogOnePlus,
    /// ln(p ÷ (1 − p)).
    LogOdds,
}

/// Rows with their answers: put into bins once, whatever is trained on them.
#[derive(Debug)]
pub struct Rows {
    data: DMatrix,
    goal: Goal,
    /// Least sum of second derivatives in a leaf that so few rows allow at most.
    most_child_weight: f64,
}

/// Least leaves a tree may have room for: one leaf needs at most this share of all rows. A fixed
/// least size leaves small shops without a single split, and what is then predicted out of fold is
/// the base rate of the other folds, which ranks the left-out one upside down.
const LEAF_SHARE: f64 = 1.0 / 20.0;

/// Sum of the second derivatives of the loss when everyone is predicted the mean.
fn curvature(y: &[f64], goal: Goal) -> f64 {
    let count = y.len() as f64;
    let mean = y.iter().map(|y| y.max(0.0)).sum::<f64>() / count.max(1.0);
    match goal {
        Goal::Loss(Loss::Squared | Loss::Log1p) => count,
        Goal::Loss(Loss::Logistic) => count * mean * (1.0 - mean),
        Goal::Loss(Loss::Tweedie(power)) => count * mean.powf(2.0 - power),
        // Softmax counts 2 · p · (1 − p) for each class.
        Goal::Classes(classes) => {
            let share = 1.0 / classes.max(1) as f64;
            count * 2.0 * share * (1.0 - share)
        }
    }
}

impl Rows {
    /// Takes a matrix (missing = NaN) and one answer per row.
    ///
    /// # Errors
    /// [`TrainError::Fit`] with the crate's message.
    pub fn new(x: Matrix<f32>, y: &[f64], goal: Goal) -> Result<Self, TrainError> {
        let labels: Vec<f32> = y.iter().map(|&y| label(goal, y)).collect();
        let data = DMatrix::from_dense_vec(x.values, x.rows, x.columns)
            .and_then(|data| data.with_labels(&labels))
            .map_err(|error| failure(&error))?;
        Ok(Self {
            data,
            goal,
            most_child_weight: curvature(y, goal) * LEAF_SHARE,
        })
    }
}

/// Trains on a matrix (missing = NaN). Each finished tree is told as `stage`, n of N; a cancelled
/// training ends after the tree at hand.
///
/// # Errors
/// [`TrainError::Fit`] with the crate's message, [`TrainError::Cancelled`].
pub fn fit(
    x: Matrix<f32>,
    y: &[f64],
    settings: &Settings,
    told: (&Monitor, &str),
) -> Result<Boosted, TrainError> {
    told.0.check()?;
    fit_rows(&Rows::new(x, y, settings.objective)?, settings, told)
}

/// As [`fit`], on rows that several trainings share; the goal is theirs.
///
/// # Errors
/// As [`fit`].
pub fn fit_rows(
    rows: &Rows,
    settings: &Settings,
    (monitor, stage): (&Monitor, &str),
) -> Result<Boosted, TrainError> {
    monitor.check()?;
    let settings = &Settings {
        objective: rows.goal,
        min_child_weight: settings.min_child_weight.min(rows.most_child_weight),
        ..*settings
    };
    let log1p = rows.goal == Goal::Loss(Loss::Log1p);
    let parameters = parameters(settings).map_err(|error| failure(&error))?;
    let total = settings.trees as u64;
    let trained = Trainer::new(&parameters, &rows.data, settings.trees)
        .on_round(|round| {
            monitor.progress(stage, round.iteration() as u64 + 1, total);
            if monitor.check().is_err() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .train()
        .map_err(|error| failure(&error))?;
    monitor.check()?;
    Ok(Boosted {
        model: Box::new(trained.model),
        log1p,
    })
}

/// A random forest (Breiman 2001) grown by the same trees: each on its own 63 % of the rows, a share
/// of the features at every node, unshrunk leaf means. On answers 0 and 1 its mean is a probability.
///
/// # Errors
/// As [`fit`].
pub fn forest(
    rows: &Rows,
    settings: &ForestSettings,
    (monitor, stage): (&Monitor, &str),
) -> Result<Boosted, TrainError> {
    /// Most trees between two looks at the monitor.
    const BATCH: usize = 10;
    /// Cells that a batch reads at most: of large tables each tree is a batch of its own.
    const CELLS: usize = 10_000_000;
    let data = &rows.data;
    let least = (data.n_rows() as f64 * LEAF_SHARE).floor().max(1.0);
    let min_leaf = (settings.min_leaf as f64).min(least);
    let cells = (data.n_rows() * data.n_cols()).max(1);
    let batch = (CELLS / cells).clamp(1, BATCH);
    // Batches of one size, so that their plain mean is the mean of all trees.
    let count = settings.trees.div_ceil(batch).max(1);
    let size = settings.trees.div_ceil(count);
    let mut batches = Vec::new();
    for batch in 0..count {
        monitor.check()?;
        let parameters = TrainingParams::builder()
            .objective(Objective::SquaredError(RegLoss::default()))
            .tree_method(TreeMethod::Hist)
            .num_parallel_tree(size)
            .eta(1.0)
            .lambda(0.0)
            .subsample(0.632)
            .colsample_bynode(settings.feature_share)
            .min_child_weight(min_leaf)
            .max_depth(usize::from(settings.depth))
            .seed(settings.seed.wrapping_add(batch as u64))
            .build()
            .map_err(|error| failure(&error))?;
        let trained = Trainer::new(&parameters, data, 1).train();
        batches.push(trained.map_err(|error| failure(&error))?.model);
        monitor.progress(stage, batch as u64 + 1, count as u64);
    }
    let model = BoostedModel::average(&batches).map_err(|error| failure(&error))?;
    monitor.check()?;
    Ok(Boosted {
        model: Box::new(model),
        log1p: false,
    })
}

/// Settings of [`forest`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ForestSettings {
    pub trees: usize,
    pub depth: u16,
    /// Least rows in a leaf; of few rows at most a twentieth of all.
    pub min_leaf: usize,
    /// Share of the features tried at every node.
    pub feature_share: f64,
    pub seed: u64,
}

fn parameters(settings: &Settings) -> Result<TrainingParams, HessboostError> {
    let objective = match settings.objective {
        Goal::Loss(Loss::Squared | Loss::Log1p) => Objective::SquaredError(RegLoss::default()),
        Goal::Loss(Loss::Tweedie(power)) => Objective::Tweedie(Tweedie::new(power)?),
        Goal::Loss(Loss::Logistic) => Objective::BinaryLogistic(RegLoss::default()),
        Goal::Classes(count) => Objective::Softprob(Multiclass::new(count)?),
    };
    TrainingParams::builder()
        .objective(objective)
        .tree_method(TreeMethod::Hist)
        .max_depth(settings.depth as usize)
        .eta(settings.learning_rate)
        .min_child_weight(settings.min_child_weight)
        .subsample(settings.subsample)
        .colsample_bytree(settings.feature_share)
        .lambda(settings.ridge)
        .seed(settings.seed)
        .build()
}

fn label(goal: Goal, y: f64) -> f32 {
    match goal {
        Goal::Loss(Loss::Log1p) => libm::log1p(y.max(0.0)) as f32,
        Goal::Loss(Loss::Tweedie(_)) => y.max(0.0) as f32,
        Goal::Loss(Loss::Squared | Loss::Logistic) | Goal::Classes(_) => y as f32,
    }
}

fn failure(error: &HessboostError) -> TrainError {
    TrainError::Fit {
        model: "The tree model".to_owned(),
        problem: error.to_string(),
    }
}

impl Boosted {
    /// Predicts rows of a matrix with as many columns as in training, by the first `trees` rounds
    /// (all when `None`): money, probabilities, or one probability per class and row.
    #[must_use]
    pub fn predict(&self, x: &Matrix<f32>, trees: Option<usize>) -> Vec<f64> {
        if x.rows == 0 {
            return Vec::new();
        }
        let rounds = trees.map_or(Iterations::Best, |trees| Iterations::from(..trees));
        // The width is that of training, and cells are finite or NaN: nothing else can fail.
        let predicted = self.model.predict_rows(&x.values, rounds);
        let values = predicted.map_or_else(
            |_| vec![f32::NAN; x.rows],
            hessboost::model::Predictions::into_vec,
        );
        let answer = |value: f32| {
            let value = f64::from(value);
            if self.log1p {
                libm::expm1(value).max(0.0)
            } else {
                value
            }
        };
        values.into_iter().map(answer).collect()
    }

    /// How many numbers go in and come out.
    #[must_use]
    pub(super) fn shape(&self) -> Shape {
        Shape {
            inputs: self.model.n_features(),
            outputs: self.model.n_outputs(),
        }
    }

    /// The model of the first `trees` rounds only.
    #[must_use]
    pub fn first(self, trees: usize) -> Self {
        match self.model.slice(..trees, 1) {
            Ok(model) => Self {
                model: Box::new(model),
                ..self
            },
            Err(_) => self,
        }
    }

    /// Total gain of each column of the matrix.
    #[must_use]
    pub fn gains(&self, columns: usize) -> Vec<f64> {
        let mut gains = vec![0.0; columns];
        for (column, gain) in self.model.feature_importance(ImportanceType::TotalGain) {
            gains[column] = gain;
        }
        gains
    }

    /// What the sum of the trees is.
    #[must_use]
    pub fn score(&self) -> Score {
        match self.model.objective().built_in() {
            _ if self.log1p => Score::LogOnePlus,
            Some(Objective::Tweedie(_)) => Score::Log,
            Some(Objective::BinaryLogistic(_)) => Score::LogOdds,
            _ => Score::Plain,
        }
    }

    /// The model in XGBoost's JSON format.
    ///
    /// # Errors
    /// [`TrainError::Fit`] when the format cannot express it.
    pub fn xgboost_json(&self) -> Result<Vec<u8>, TrainError> {
        let encoded = self.model.encode(ModelFormat::XgboostJson);
        encoded.map_err(|error| failure(&error))
    }

    /// Contribution of every column to one row's raw score (`TreeSHAP`), the base value last. Costs
    /// about 0.15 ms a row.
    #[must_use]
    pub fn contributions(&self, row: &[f32]) -> Option<Vec<f64>> {
        let data = DMatrix::from_dense(row, 1, row.len()).ok()?;
        let found = self.model.predict_contribs(&data, Iterations::Best).ok()?;
        let values = found.get(0, 0)?;
        let mut all: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
        if all.len() == row.len() {
            all.push(f64::from(found.bias(0, 0)?));
        }
        Some(all)
    }
}

impl PartialEq for Boosted {
    fn eq(&self, other: &Self) -> bool {
        let bytes = |one: &Self| one.model.encode(ModelFormat::Binary).ok();
        self.log1p == other.log1p && bytes(self) == bytes(other)
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    log1p: bool,
    /// The crate's binary format as base64.
    trees: String,
}

impl Serialize for Boosted {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = self.model.encode(ModelFormat::Binary);
        let bytes = bytes.map_err(serde::ser::Error::custom)?;
        let written = Written {
            log1p: self.log1p,
            trees: base64::encode(&bytes),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Boosted {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let bytes = base64::decode(&written.trees)
            .ok_or_else(|| serde::de::Error::custom("the trees are not base64 text"))?;
        let model = BoostedModel::decode(bytes, ModelFormat::Binary);
        Ok(Self {
            model: Box::new(model.map_err(serde::de::Error::custom)?),
            log1p: written.log1p,
        })
    }
}
