//! What verbs with a saved model share: opening it, and features for it.

use std::path::Path;

use serde::Serialize;

use super::{input::Shop, output::CliError};
use base::monitor::Monitor;
use evaluation::conformal::{Coverage, Covered};
use export::error::ExportError;
use export::write;
use models::{
    Material, TrainError,
    artefact::SavedModel,
    features::FeatureTable,
    train::{features_of, features_of_table},
};

/// What prediction intervals hold, beside the share over everybody.
#[derive(Serialize)]
pub(super) struct CoverageOutput {
    /// By tenth of the predictions, highest first.
    coverage_by_decile: Vec<f64>,
    /// Of those whose interval begins above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage_low_above_zero: Option<Covered>,
    /// Median width; absent when unlimited.
    #[serde(skip_serializing_if = "Option::is_none")]
    interval_median_width: Option<f64>,
}

impl CoverageOutput {
    pub(super) fn of(coverage: &Coverage) -> Self {
        Self {
            coverage_by_decile: coverage.by_decile.clone(),
            coverage_low_above_zero: coverage.above_zero,
            interval_median_width: coverage.median_width,
        }
    }
}

/// Reads a model file.
pub(super) fn open(path: &Path) -> Result<SavedModel, CliError> {
    SavedModel::load(path).map_err(|error| CliError::Input(error.to_string()))
}

/// The features of everyone a model can score as of S; columns it lacks are told all at once.
pub(super) fn features(shop: &Shop, saved: &SavedModel) -> Result<FeatureTable, CliError> {
    let table = match material(shop)? {
        Material::Orders(orders) => {
            features_of(orders, saved, shop.as_of, &Monitor::silent()).map_err(told)?
        }
        Material::Table(table) => features_of_table(table, saved, shop.as_of),
    };
    refuse_missing(saved, &table)?;
    Ok(table)
}

/// Refuses data whose columns do not fit the model, naming every one.
pub(super) fn refuse_missing(saved: &SavedModel, table: &FeatureTable) -> Result<(), CliError> {
    let missing = saved.missing_in(table);
    if missing.is_empty() {
        return Ok(());
    }
    Err(CliError::Input(format!(
        "the columns do not fit the model “{}” ({}). It reads, and the data lacks: {}. Train it again on this data, or open data with these columns",
        saved.recipe.title,
        saved.title,
        missing.join(", ")
    )))
}

/// Writes a file that must not replace another unless asked.
pub(super) fn write_new(path: &Path, bytes: &[u8], replace: bool) -> Result<(), CliError> {
    Ok(write::save(bytes, path, replace)?)
}

/// Refuses a file that exists already, before any work is done for it.
pub(super) fn refuse_existing(path: &Path, replace: bool) -> Result<(), CliError> {
    if replace || !path.exists() {
        return Ok(());
    }
    Err(ExportError::Exists(path.display().to_string()).into())
}

#[allow(clippy::needless_pass_by_value)] // The shape `map_err` wants.
pub(super) fn told(error: TrainError) -> CliError {
    CliError::Input(error.to_string())
}

/// What a shop is learned from.
pub(super) fn material(shop: &Shop) -> Result<Material<'_>, CliError> {
    if shop.dataset.shape.has_orders() {
        return Ok(Material::Orders(&shop.dataset.orders));
    }
    let table = shop.dataset.tables.first().ok_or_else(|| {
        CliError::Input(format!(
            "{} holds neither orders nor a table",
            shop.dataset.name
        ))
    })?;
    Ok(Material::Table(table))
}
