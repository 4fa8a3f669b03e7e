//! A saved model: one versioned file with everything that predicting needs.

use serde::{Deserialize, Serialize};

use super::{
    features::{FeatureKind, FeatureSpec},
    learner::Predictor,
    recipe::Recipe,
    run::Metrics,
};
use crate::data::day::Day;

/// Version written to model files.
pub const VERSION: u32 = 1;

/// A trained model as it is written to a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedModel {
    pub version: u32,
    pub recipe: Recipe,
    /// Name and title of the model.
    pub model: String,
    pub title: String,
    /// The features it reads, with the levels known in training.
    pub features: Vec<FeatureSpec>,
    /// Preprocessing, parameters, recalibration.
    pub predictor: Predictor,
    /// Metrics on the hold-out (cross-validated without one).
    pub metrics: Metrics,
    pub trained_on: TrainedOn,
}

/// The data a model was trained on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainedOn {
    /// S and t₀ as days since 1970-01-01.
    pub as_of: Day,
    pub cutoff: Day,
    /// Customers that were learned from.
    pub customers: usize,
    /// Fingerprint of features and answers: equal for equal data.
    pub fingerprint: u64,
}

impl SavedModel {
    /// Names of the features that hold text.
    #[must_use]
    pub fn text_features(&self) -> Vec<&str> {
        let text = |spec: &&FeatureSpec| matches!(spec.kind, FeatureKind::Category { .. });
        let names = self.features.iter().filter(text);
        names.map(|spec| spec.name.as_str()).collect()
    }
}
