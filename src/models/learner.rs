//! Fitted models behind one type: features in, predictions out.

use serde::{Deserialize, Serialize};

use super::{
    TrainError,
    baseline::Baseline,
    boosting::Boosted,
    features::FeatureTable,
    lifetime::{Lifetime, OUTPUTS},
    linear::LinearModel,
    preprocess::{Matrix, MissingFeatures, Preprocess},
    two_stage::TwoStage,
    weights::shares,
};
use base::monitor::Monitor;
use evaluation::calibration::Calibrator;

/// Rows predicted between two looks at the monitor: a forest takes a tenth of a second for them.
const BLOCK: usize = 16_384;

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

    /// Predicts these rows of a table, block by block: cancelling ends it, and no block is large.
    ///
    /// # Errors
    /// [`TrainError::MissingFeatures`], [`TrainError::Cancelled`].
    pub fn predict_rows(
        &self,
        table: &FeatureTable,
        rows: &[u32],
        monitor: &Monitor,
    ) -> Result<Vec<f64>, TrainError> {
        let (values, _) = self.model.predict_rows(table, rows, monitor)?;
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

    /// Predicts these rows of a table, block by block, with the tiers of a two-stage model (else empty).
    ///
    /// # Errors
    /// [`TrainError::MissingFeatures`], [`TrainError::Cancelled`].
    pub fn predict_rows(
        &self,
        table: &FeatureTable,
        rows: &[u32],
        monitor: &Monitor,
    ) -> Result<(Vec<f64>, Vec<u8>), TrainError> {
        let (mut values, mut tiers) = (Vec::with_capacity(rows.len()), Vec::new());
        for block in rows.chunks(BLOCK) {
            monitor.check()?;
            let (some, routed) = self.predict_with_tiers(&table.select(block))?;
            values.extend(some);
            tiers.extend(routed);
        }
        Ok((values, tiers))
    }

    /// Predicts every row, and for a two-stage model the tiers too: value by value, else empty.
    ///
    /// # Errors
    /// [`MissingFeatures`].
    pub fn predict_with_tiers(
        &self,
        table: &FeatureTable,
    ) -> Result<(Vec<f64>, Vec<u8>), MissingFeatures> {
        match self {
            Self::TwoStage(model) => model.predict_with_tiers(table),
            model => Ok((model.predict(table)?, Vec::new())),
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

    /// Names of the columns it reads of a table that is complete, sorted.
    #[must_use]
    pub fn inputs(&self) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Self::Baseline(baseline) => baseline.reads(),
            Self::Lifetime(_) => lifetime_fields(),
            Self::Linear(linear) => of_inputs(&linear.preprocess),
            Self::Trees(model) => of_inputs(&model.preprocess),
            Self::TwoStage(model) => of_inputs(&model.preprocess),
            Self::Blend(members) => members
                .iter()
                .flat_map(|m| m.predictor.model.inputs())
                .collect(),
        };
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Names of the features that have to be there before it can predict, sorted.
    #[must_use]
    pub fn reads(&self) -> Vec<String> {
        let mut names = self.inputs();
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
