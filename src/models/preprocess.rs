//! Feature table → matrix: what is learned from training rows before a model sees them.

/// A model reads features that the table does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the model reads {} that the data lack: {}. Train it again on this data, or open data with these columns",
    if names.len() == 1 { "a feature" } else { "features" },
    names.join(", ")
)]
pub struct MissingFeatures {
    pub names: Vec<String>,
}

impl MissingFeatures {
    pub(super) fn one(name: &str) -> Self {
        Self {
            names: vec![name.to_owned()],
        }
    }
}
