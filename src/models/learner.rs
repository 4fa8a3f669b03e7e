//! Fitted models behind one type: features in, predictions out.

use serde::{Deserialize, Serialize};

use super::{
    baseline::Baseline, calibrate::Curve, features::FeatureTable, preprocess::MissingFeatures,
};

/// A fitted model with its recalibration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predictor {
    pub model: Fitted,
    pub curve: Curve,
}

/// A fitted model; everything it needs to predict, as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fitted {
    Baseline(Baseline),
}

impl Predictor {
    /// Predicts every row; features are found by name, so their order does not matter.
    ///
    /// # Errors
    /// [`MissingFeatures`] with the names of all features that the model reads and the table lacks.
    pub fn predict(&self, table: &FeatureTable) -> Result<Vec<f64>, MissingFeatures> {
        let mut values = self.model.predict(table)?;
        self.curve.apply(&mut values);
        Ok(values)
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
    fn predict(&self, table: &FeatureTable) -> Result<Vec<f64>, MissingFeatures> {
        match self {
            Self::Baseline(baseline) => baseline.predict(table),
        }
    }
}
