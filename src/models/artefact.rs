//! A saved model: one versioned file with everything that predicting needs.
//!
//! The file is JSON: recipe, features with their units and known levels, preprocessing, parameters,
//! recalibration, intervals, metrics, a fingerprint of the data, and a checksum of all of it. Trees stand
//! in it as base64 of their binary format. Reading it back gives the same predictions to the bit; what was
//! changed since, or cannot be a model, is refused.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{
    TrainError,
    btyd::TransactionModel,
    features::{FeatureKind, FeatureSpec, FeatureTable},
    learner::{Fitted, Predictor},
    lifetime::Lifetime,
    predictions::{Metrics, Predictions},
    recipe::Recipe,
    saved_check::{Saved, check},
};
use base::monitor::Monitor;
use base::{atomic, reading};
use data::day::Day;
use evaluation::conformal::SplitConformal;

/// Version written to model files.
pub const VERSION: u32 = 2;

/// A trained model as it is written to a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedModel {
    pub version: u32,
    pub recipe: Recipe,
    /// Name and title of the model.
    pub model: String,
    pub title: String,
    /// The features it was trained on, with the levels known then.
    pub features: Vec<FeatureSpec>,
    /// Preprocessing, parameters, recalibration.
    pub predictor: Predictor,
    /// The lifetime model as of S, whose expectations are features of the others.
    pub lifetime: Option<Lifetime>,
    /// Tells P(alive) when it is not `lifetime`: the family that the check up to S prefers, where the
    /// one up to t₀ preferred another.
    #[serde(default)]
    pub alive: Option<TransactionModel>,
    pub intervals: Option<SplitConformal>,
    /// Metrics on the hold-out (cross-validated without one), of the model before it was fitted
    /// again on everyone.
    pub metrics: Metrics,
    pub trained_on: TrainedOn,
}

/// A model as its file holds it.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    model: &'a SavedModel,
    checksum: String,
}

/// The field that holds the checksum.
const CHECKSUM: &str = "checksum";

/// FNV-1a (64 bits) of everything else in the file, by content: spaces and line ends do not count.
fn checksum(value: &serde_json::Value) -> String {
    let hash = value
        .to_string()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
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

/// Why a model file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelFileError {
    #[error("{}: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: {source}. {}", path.display(), atomic::advice(source))]
    Save {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} exists already. Choose another name, or move it away first", path.display())]
    Exists { path: PathBuf },
    #[error(
        "{} is no model file of Keepers: {problem}. Choose a file written by `keepers train --model-out`",
        path.display()
    )]
    NotAModel { path: PathBuf, problem: String },
    #[error(
        "{} is a model of version {found}; this program reads version {VERSION}. Train it again, or use a newer program",
        path.display()
    )]
    Version { path: PathBuf, found: u64 },
    #[error(
        "{} cannot be used: {problem}. Train the model again, or take the file as `keepers train --model-out` wrote it",
        path.display()
    )]
    Damaged { path: PathBuf, problem: String },
    #[error("only models of trees alone can be written in XGBoost's format; this is {title}")]
    NoTrees { title: String },
    #[error(transparent)]
    Model(#[from] TrainError),
}

/// Why an object could not be predicted. All faults at once, so that one look is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub struct WrongFields {
    pub missing: Vec<String>,
    pub unknown: Vec<String>,
    /// (field, what was expected, what was found).
    pub wrong: Vec<(String, &'static str, String)>,
    pub expected: Vec<String>,
}

impl WrongFields {
    fn words(&self) -> String {
        let mut parts = Vec::new();
        if !self.missing.is_empty() {
            parts.push(format!("missing: {}", self.missing.join(", ")));
        }
        if !self.unknown.is_empty() {
            parts.push(format!(
                "not known to the model: {}",
                self.unknown.join(", ")
            ));
        }
        for (field, expected, found) in &self.wrong {
            parts.push(format!("`{field}` must be {expected}, found {found}"));
        }
        format!(
            "the fields do not fit the model: {}. It reads {}",
            parts.join("; "),
            self.expected.join(", ")
        )
    }

    fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.unknown.is_empty() && self.wrong.is_empty()
    }
}

impl SavedModel {
    /// Names of the features that hold text.
    #[must_use]
    pub fn text_features(&self) -> Vec<&str> {
        let text = |spec: &&FeatureSpec| matches!(spec.kind, FeatureKind::Category { .. });
        let names = self.features.iter().filter(text);
        names.map(|spec| spec.name.as_str()).collect()
    }

    /// Features a table lacks though the model reads them.
    #[must_use]
    pub fn missing_in(&self, table: &FeatureTable) -> Vec<String> {
        let missing = |name: &String| table.position(name).is_none();
        // What the lifetime model adds may be there without what it is made from: a recipe can leave
        // the one out and read the other.
        if !self.predictor.model.inputs().iter().any(missing) {
            return Vec::new();
        }
        let mut names = self.predictor.model.reads();
        names.retain(missing);
        names
    }

    /// The bytes of the file: the same for the same model.
    ///
    /// # Errors
    /// [`TrainError::Fit`] when a part of the model cannot be written.
    pub fn to_json(&self) -> Result<Vec<u8>, TrainError> {
        let failed = |error: serde_json::Error| TrainError::Fit {
            model: self.title.clone(),
            problem: format!("it cannot be written: {error}"),
        };
        // The checksum is of the text as it will be read: numbers may be written in several ways.
        let text = serde_json::to_vec(self).map_err(failed)?;
        let read: serde_json::Value = serde_json::from_slice(&text).map_err(failed)?;
        let written = Written {
            model: self,
            checksum: checksum(&read),
        };
        let mut bytes = serde_json::to_vec_pretty(&written).map_err(failed)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Writes the model through a temporary file; `replace` allows an existing file to be replaced.
    ///
    /// # Errors
    /// [`ModelFileError::Exists`], [`ModelFileError::Io`].
    pub fn save(&self, path: &Path, replace: bool) -> Result<(), ModelFileError> {
        write(path, &self.to_json()?, replace)
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ModelFileError`].
    pub fn load(path: &Path) -> Result<Self, ModelFileError> {
        let bytes =
            reading::bytes(path, reading::MOST_MODEL).map_err(|source| ModelFileError::Io {
                path: path.to_path_buf(),
                source,
            })?;
        let not_a_model = |problem: String| ModelFileError::NotAModel {
            path: path.to_path_buf(),
            problem,
        };
        let mut value: serde_json::Value =
            serde_json::from_slice(&bytes).map_err(|error| not_a_model(error.to_string()))?;
        match value.get("version").and_then(serde_json::Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(found) => {
                return Err(ModelFileError::Version {
                    path: path.to_path_buf(),
                    found,
                });
            }
            None => return Err(not_a_model("it names no version".to_owned())),
        }
        let damaged = |problem: String| ModelFileError::Damaged {
            path: path.to_path_buf(),
            problem,
        };
        let fields = value.as_object_mut();
        // Files of the first builds have none.
        if let Some(noted) = fields.and_then(|fields| fields.remove(CHECKSUM))
            && noted != checksum(&value)
        {
            let problem = "it was changed after it was written (its checksum differs)";
            return Err(damaged(problem.to_owned()));
        }
        let model: Self =
            serde_json::from_value(value).map_err(|error| not_a_model(error.to_string()))?;
        check(&Saved {
            recipe: &model.recipe,
            features: &model.features,
            predictor: &model.predictor,
            lifetime: model.lifetime.as_ref(),
            intervals: model.intervals.as_ref(),
            days: [model.trained_on.as_of, model.trained_on.cutoff],
        })
        .map_err(damaged)?;
        Ok(model)
    }

    /// Writes the trees in XGBoost's JSON format, without recalibration: that is not part of it.
    ///
    /// # Errors
    /// [`ModelFileError::NoTrees`] for other models.
    pub fn export_xgboost(&self, path: &Path, replace: bool) -> Result<(), ModelFileError> {
        let Fitted::Trees(model) = &self.predictor.model else {
            return Err(ModelFileError::NoTrees {
                title: self.title.clone(),
            });
        };
        write(path, &model.trees.xgboost_json()?, replace)
    }

    /// Predicts one customer from its features as a JSON object: numbers, texts for categories,
    /// `null` for missing.
    ///
    /// # Errors
    /// [`WrongFields`] with everything that does not fit.
    pub fn predict(
        &self,
        fields: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<Predictions, PredictError> {
        let mut table = self.one_row(fields)?;
        if let Some(lifetime) = &self.lifetime
            && super::features::history::LIFETIME_FIELDS
                .iter()
                .all(|name| table.position(name).is_some())
        {
            lifetime.append(&mut table, &Monitor::silent())?;
        }
        Ok(self.predictions(&table, &Monitor::silent())?)
    }

    fn one_row(
        &self,
        fields: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<FeatureTable, WrongFields> {
        let reads = self.predictor.model.reads();
        let mut faults = WrongFields {
            expected: self.features.iter().map(|spec| spec.name.clone()).collect(),
            ..WrongFields::default()
        };
        let mut table = FeatureTable {
            customers: vec![0],
            ..FeatureTable::default()
        };
        for spec in &self.features {
            let Some(value) = fields.get(&spec.name) else {
                if reads.contains(&spec.name) {
                    faults.missing.push(spec.name.clone());
                }
                continue;
            };
            match cell(spec, value) {
                Ok(number) => table.push(spec.clone(), vec![number]),
                Err(expected) => {
                    faults
                        .wrong
                        .push((spec.name.clone(), expected, value.to_string()));
                }
            }
        }
        let known = |name: &&String| self.features.iter().any(|spec| spec.name == **name);
        faults.unknown = fields.keys().filter(|name| !known(name)).cloned().collect();
        if faults.is_empty() {
            Ok(table)
        } else {
            Err(faults)
        }
    }
}

/// Why one customer could not be predicted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PredictError {
    #[error(transparent)]
    Fields(#[from] WrongFields),
    #[error(transparent)]
    Model(#[from] TrainError),
}

/// The number that stands for a JSON value in a feature column.
fn cell(spec: &FeatureSpec, value: &serde_json::Value) -> Result<f64, &'static str> {
    use serde_json::Value;
    match (&spec.kind, value) {
        (_, Value::Null) => Ok(f64::NAN),
        (FeatureKind::Category { levels }, Value::String(text)) => {
            // A text that training never saw is none of the known levels.
            let place = levels.iter().position(|level| level == text);
            Ok(place.unwrap_or(levels.len()) as f64)
        }
        (FeatureKind::Category { .. }, _) => Err("a text or null"),
        (FeatureKind::Number | FeatureKind::Skewed, Value::Number(number)) => {
            let finite = number.as_f64().filter(|number| number.is_finite());
            finite.ok_or("a finite number or null")
        }
        (FeatureKind::Number | FeatureKind::Skewed, _) => Err("a number or null"),
    }
}

fn write(path: &Path, bytes: &[u8], replace: bool) -> Result<(), ModelFileError> {
    let written = if replace {
        atomic::write_atomically(path, bytes)
    } else {
        atomic::write_new(path, bytes)
    };
    let path = path.to_path_buf();
    written.map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => ModelFileError::Exists { path },
        _ => ModelFileError::Save { path, source },
    })
}
