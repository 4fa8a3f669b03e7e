//! `keepers predict`: one customer, given as a JSON object of features.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{
    model,
    output::{self, CliError},
};
use models::artefact::SavedModel;

/// Predict one customer from its features
///
/// The object names every feature the model reads; `null` says that it is missing. Prints JSON.
#[derive(Args)]
pub(super) struct Arguments {
    /// Model file written by `keepers train --model-out`
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The customer, such as `{"rev_1m": 10, "n_orders_1m": 1}`; `-` reads it from standard input
    #[arg(value_name = "OBJECT", required_unless_present = "fields")]
    object: Option<String>,
    /// Print the features the model reads instead of predicting
    #[arg(long)]
    fields: bool,
}

/// The answer for one customer.
#[derive(Serialize)]
struct Output {
    recipe: String,
    model: String,
    prediction: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p_alive: Option<f64>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let saved = model::open(&arguments.model)?;
    if arguments.fields {
        return output::print_json(&saved.features);
    }
    let text = match arguments.object.as_deref() {
        Some("-") | None => std::io::read_to_string(std::io::stdin()).map_err(|error| {
            CliError::Input(format!("standard input could not be read: {error}"))
        })?,
        Some(text) => text.to_owned(),
    };
    output::print_json(&answer(&saved, &text)?)
}

fn answer(saved: &SavedModel, text: &str) -> Result<Output, CliError> {
    let fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|error| {
            CliError::Input(format!(
                "the customer must be a JSON object such as {{\"rev_1m\": 10}}: {error}"
            ))
        })?;
    let found = saved
        .predict(&fields)
        .map_err(|error| CliError::Input(error.to_string()))?;
    let first = |values: &[f64]| values.first().copied();
    Ok(Output {
        recipe: saved.recipe.name.clone(),
        model: saved.model.clone(),
        prediction: first(&found.value).unwrap_or(f64::NAN),
        low: first(&found.low),
        high: first(&found.high),
        p_alive: first(&found.p_alive),
    })
}
