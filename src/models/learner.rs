//! Fitted models behind one type: features in, predictions out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    baseline::Baseline,
    boosting::Boosted,
    features::FeatureTable,
    lifetime::{Lifetime, OUTPUTS},
    linear::LinearModel,
    preprocess::{Matrix, MissingFeatures, Preprocess},
    two_stage::TwoStage,
};
use crate::evaluation::calibration::Calibrator;

/// A fitted model with its recalibration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predictor {
    pub model: Fitted,
    /// `None`: predictions stay as they are.
    pub calibrator: Option<Calibrator>,
}

/// A fitted model; everything it needs to predict, as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fitted {
    Baseline(Baseline),
    Lifetime(Box<Lifetime>),
    Linear(LinearModel),
    /// Boosted trees or a random forest.
    Trees(TreeModel),
    TwoStage(Box<TwoStage>),
    Blend(Vec<Member>),
}

/// A part of a blend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Above 0; the weights of a blend sum to 1.
    pub weight: f64,
    /// Place of its model in the recipe.
    pub spec: usize,
    pub predictor: Predictor,
}

/// Trees and the inputs they read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TreeModel {
    pub preprocess: Preprocess,
    pub trees: Boosted,
}

impl Predictor {
    /// A model whose predictions stay as they are.
    #[must_use]
    pub fn plain(model: Fitted) -> Self {
        Self {
            model,
            calibrator: None,
        }
    }

    /// Predicts every row; features are found by name, so their order does not matter.
    ///
    /// # Errors
    /// [`MissingFeatures`] with the names of all features that the model reads and the table lacks.
    pub fn predict(&self, table: &FeatureTable) -> Result<Vec<f64>, MissingFeatures> {
        let values = self.model.predict(table)?;
        Ok(match &self.calibrator {
            Some(calibrator) => calibrator.apply_all(&values),
            None => values,
        })
    }

    /// Predicts every row without recalibration.
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub fn predict_raw(&self, table: &FeatureTable) -> Result<Vec<f64>, MissingFeatures> {
        self.model.predict(table)
    }
}

impl Fitted {
    /// Predicts every row.
    ///
    /// # Errors
    /// [`MissingFeatures`].
    pub fn predict(&self, table: &FeatureTable) -> Result<Vec<f64>, MissingFeatures> {
        match self {
            Self::Baseline(baseline) => baseline.predict(table),
            Self::Lifetime(lifetime) => {
                // The features may hold what another fit expects; this model speaks for itself.
                let [.., value] = lifetime.outputs(table)?;
                Ok(value)
            }
            Self::Linear(linear) => linear.predict(table),
            Self::Trees(model) => {
                let x: Matrix<f32> = model.preprocess.matrix_of_all(table)?;
                Ok(model.trees.predict(&x, None))
            }
            Self::TwoStage(model) => model.predict(table),
            Self::Blend(members) => {
                let mut sum = vec![0.0; table.rows()];
                for member in members {
                    let values = member.predictor.predict(table)?;
                    for (sum, value) in sum.iter_mut().zip(values) {
                        *sum += member.weight * value;
                    }
                }
                Ok(sum)
            }
        }
    }

    /// (feature, share of the whole), most important first; empty where nothing is weighed.
    #[must_use]
    pub fn importances(&self) -> Vec<(String, f64)> {
        match self {
            Self::Baseline(_) | Self::Lifetime(_) => Vec::new(),
            Self::Linear(linear) => linear.importances(),
            Self::Trees(model) => {
                let inputs = &model.preprocess.inputs;
                let gains = model.trees.gains(inputs.len());
                shares(inputs.iter().map(|input| input.feature.clone()).zip(gains))
            }
            Self::TwoStage(model) => model.importances(),
            Self::Blend(members) => {
                let weighed = members.iter().flat_map(|member| {
                    let own = member.predictor.model.importances().into_iter();
                    own.map(move |(name, share)| (name, member.weight * share))
                });
                shares(weighed)
            }
        }
    }

    /// Names of the features it reads, sorted.
    #[must_use]
    pub fn reads(&self) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Self::Baseline(baseline) => baseline.reads(),
            Self::Lifetime(_) => lifetime_fields(),
            Self::Linear(linear) => of_inputs(&linear.preprocess),
            Self::Trees(model) => of_inputs(&model.preprocess),
            Self::TwoStage(model) => of_inputs(&model.preprocess),
            Self::Blend(members) => members
                .iter()
                .flat_map(|m| m.predictor.model.reads())
                .collect(),
        };
        // What the lifetime model adds is made from its own fields.
        if names.iter().any(|name| OUTPUTS.contains(&name.as_str())) {
            names.retain(|name| !OUTPUTS.contains(&name.as_str()));
            names.extend(lifetime_fields());
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The boosted trees or forest, where the model is nothing else.
    #[must_use]
    pub fn trees(&self) -> Option<&TreeModel> {
        match self {
            Self::Trees(model) => Some(model),
            _ => None,
        }
    }
}

fn lifetime_fields() -> Vec<String> {
    let names = super::features::history::LIFETIME_FIELDS.iter();
    names.map(|&name| name.to_owned()).collect()
}

fn of_inputs(preprocess: &Preprocess) -> Vec<String> {
    let inputs = preprocess.inputs.iter();
    inputs.map(|input| input.feature.clone()).collect()
}

/// Sums weights by name and scales them to a sum of 1, largest first.
pub(super) fn shares(weights: impl Iterator<Item = (String, f64)>) -> Vec<(String, f64)> {
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for (name, weight) in weights {
        *sums.entry(name).or_default() += weight;
    }
    let total: f64 = sums.values().sum();
    let mut shares: Vec<(String, f64)> = sums.into_iter().collect();
    if total > 0.0 {
        for (_, weight) in &mut shares {
            *weight /= total;
        }
    }
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares
}
