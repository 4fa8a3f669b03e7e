//! What a run's best model hangs on: permutation importance, partial effects, and the contributions
//! (SHAP values) of a sample of customers.

use evaluation::{
    gains::gini_normalised,
    importance::{PartialEffect, Permutation, partial_effect, permutation},
    random::Draws,
    ranking::{Ranking, mean_ranks},
};
use models::{
    Run, TrainError,
    contributions::{self, Method, Sampling, Scale},
    features::{FeatureKind, FeatureTable},
    run::ModelRun,
};

use super::cx::Monitor;

/// Features with partial effects and contributions.
const SHOWN: usize = 8;
/// Values per partial effect, and customers they are averaged over.
const GRID: (usize, usize) = (16, 500);
/// Customers whose contributions are shown; and of a model that has to be asked for them, with the
/// random orders each.
const CONTRIBUTION_ROWS: usize = 300;
const ASKED: (usize, usize) = (100, 16);

/// One feature and how much of the ranking is lost without it.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    /// Field name, `recency_days`.
    pub name: String,
    pub definition: String,
    /// Mean and standard deviation of the fall of the normalised Gini when it is shuffled.
    pub fall: f64,
    pub sd: f64,
}

/// The mean prediction as one feature varies.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    pub name: String,
    pub definition: String,
    /// Names of the levels a category's values stand for; empty for numbers.
    pub levels: Vec<String>,
    pub effect: PartialEffect,
}

/// Contributions of one feature to the predictions of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    pub name: String,
    /// Mean absolute contribution.
    pub mean: f64,
    /// (share of the customers with a lower value of the feature, contribution).
    pub points: Vec<(f64, f64)>,
}

/// How contributions were found, and what their unit is.
pub type Explained = (Method, Scale);

/// What a model hangs on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drivers {
    /// Most important first.
    pub permutation: Vec<Driver>,
    /// Of the most important.
    pub effects: Vec<Effect>,
    /// Of the most important.
    pub contributions: Vec<Contributions>,
    /// How the contributions were found, and what their unit is.
    pub explained: Option<Explained>,
}

/// Finds what the best model of a run hangs on, on locked rows where there are any.
///
/// # Errors
/// [`TrainError::Cancelled`].
pub fn drivers(run: &Run, monitor: &Monitor) -> Result<Drivers, TrainError> {
    let locked = &run.split.hold_out;
    let rows = if locked.is_empty() {
        &run.split.training
    } else {
        locked
    };
    let table = run.features.select(rows);
    let actual: Vec<f64> = rows
        .iter()
        .map(|&row| run.target.values[row as usize])
        .collect();
    let best = run.best();
    let columns: Vec<&[f64]> = table.columns.iter().map(Vec::as_slice).collect();
    let read = read(best, &table);
    // The columns the model does not read cannot matter: leave them out of the search.
    let narrow: Vec<&[f64]> = read.iter().map(|&at| columns[at]).collect();
    let predict = |narrow: &[&[f64]]| predict(best, &table, &read, narrow);
    let score = |actual: &[f64], predicted: &[f64]| {
        let (ranking, perfect) = (Ranking::by(predicted), Ranking::by(actual));
        gini_normalised(&ranking, &perfect, actual, None)
    };
    let settings = Permutation {
        repeats: 3,
        max_customers: 4_000,
        seed: run.recipe.seed,
    };
    let found = permutation(&narrow, &actual, (settings, monitor), predict, score)?;
    let spec = |at: usize| &table.specs[read[at]];
    let permutation: Vec<Driver> = found
        .iter()
        .map(|importance| Driver {
            name: spec(importance.feature).name.clone(),
            definition: spec(importance.feature).definition.clone(),
            fall: importance.fall,
            sd: importance.sd,
        })
        .collect();
    let mut effects = Vec::new();
    for importance in found.iter().take(SHOWN) {
        monitor.check()?;
        let at = importance.feature;
        effects.push(Effect {
            name: spec(at).name.clone(),
            definition: spec(at).definition.clone(),
            levels: match &spec(at).kind {
                FeatureKind::Category { levels } => levels.clone(),
                FeatureKind::Number | FeatureKind::Skewed => Vec::new(),
            },
            effect: partial_effect(&narrow, at, GRID, run.recipe.seed, predict),
        });
    }
    monitor.check()?;
    let (contributions, explained) = shares(run, &table, monitor)?;
    Ok(Drivers {
        permutation,
        effects,
        contributions,
        explained,
    })
}

/// Places of the features that the model reads.
fn read(model: &ModelRun, table: &FeatureTable) -> Vec<usize> {
    let names = model.fitted.model.inputs();
    (0..table.specs.len())
        .filter(|&at| names.binary_search(&table.specs[at].name).is_ok())
        .collect()
}

/// Predicts from the read columns; a model that cannot be asked predicts nothing, and nothing is
/// found to matter.
fn predict(model: &ModelRun, table: &FeatureTable, read: &[usize], narrow: &[&[f64]]) -> Vec<f64> {
    let rows = narrow.first().map_or(0, |column| column.len());
    let asked = FeatureTable {
        specs: read.iter().map(|&at| table.specs[at].clone()).collect(),
        customers: (0..rows as u32).collect(),
        columns: narrow.iter().map(|column| column.to_vec()).collect(),
    };
    model
        .fitted
        .predict(&asked)
        .unwrap_or_else(|_| vec![0.0; rows])
}

/// Contributions to the best model's predictions of a sample of customers, and what they are.
fn shares(
    run: &Run,
    table: &FeatureTable,
    monitor: &Monitor,
) -> Result<(Vec<Contributions>, Option<Explained>), TrainError> {
    let model = &run.best().fitted.model;
    let asked = contributions::is_asked(model);
    let count = if asked { ASKED.0 } else { CONTRIBUTION_ROWS };
    let rows: Vec<u32> = Draws::new(run.recipe.seed, 7)
        .sample(table.rows(), count)
        .into_iter()
        .map(|row| row as u32)
        .collect();
    let sample = table.select(&rows);
    let sampling = Sampling {
        others: &sample,
        orders: ASKED.1,
        seed: run.recipe.seed,
        monitor,
    };
    let class = run.target.kind.is_class();
    let Some(found) = contributions::contributions(model, (&sample, class), sampling)? else {
        return Ok((Vec::new(), None));
    };
    let n = rows.len().max(1) as f64;
    let mut all: Vec<Contributions> = found
        .parts
        .into_iter()
        .filter_map(|(name, values)| {
            let ranks = mean_ranks(&missing_lowest(sample.column(&name)?));
            Some(Contributions {
                mean: values.iter().map(|value| value.abs()).sum::<f64>() / n,
                points: ranks.into_iter().map(|rank| rank / n).zip(values).collect(),
                name,
            })
        })
        .collect();
    all.sort_by(|one, other| {
        other
            .mean
            .total_cmp(&one.mean)
            .then(one.name.cmp(&other.name))
    });
    all.truncate(SHOWN);
    Ok((all, Some((found.method, found.scale))))
}

/// Missing values rank below all others.
fn missing_lowest(values: &[f64]) -> Vec<f64> {
    let known = |&value: &f64| if value.is_nan() { f64::MIN } else { value };
    values.iter().map(known).collect()
}
