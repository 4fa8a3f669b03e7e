//! `keepers evaluate`: a saved model against what happened.

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    input::Input,
    model,
    model::{material, told},
    output::{self, CliError},
    table::{self, Table},
};
use base::monitor::Monitor;
use data::day::{Day, iso};
use models::{target::Design, train::evaluate_saved};

/// Measure a saved model on data whose answers are known
///
/// For recipes with one t₀ for all, t₀ is one horizon before the as-of date: everyone who had ordered
/// by then is predicted from what was known then, and judged by what came after. Metrics have their
/// standard names.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Model file written by `keepers train --model-out`
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Predict as of this day instead of one horizon before the as-of date
    #[arg(long, value_name = "DATE", value_parser = super::input::day)]
    cutoff: Option<Day>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Output {
    name: String,
    recipe: String,
    model: String,
    target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cutoff: Option<String>,
    as_of: String,
    customers: usize,
    /// Whether these are the very customers, features and answers the model was trained on: then the
    /// figures flatter it.
    in_sample: bool,
    /// Days of the answers that were answers in training, too: the more, the more the figures
    /// flatter the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    shared_answer_days: Option<u32>,
    #[serde(flatten)]
    metrics: BTreeMap<String, f64>,
    #[serde(flatten)]
    coverage: Option<model::CoverageOutput>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let saved = model::open(&arguments.model)?;
    let shop = arguments.input.open()?;
    let source = material(&shop)?;
    let days = (arguments.cutoff, shop.as_of);
    let found = evaluate_saved(source, &saved, days, &Monitor::silent()).map_err(told)?;
    let answer = Output {
        name: shop.dataset.name.clone(),
        recipe: saved.recipe.name.clone(),
        model: saved.model.clone(),
        target: found.target.definition.clone(),
        cutoff: found.cutoff.map(iso),
        as_of: iso(shop.as_of),
        customers: found.target.customers.len(),
        in_sample: found.in_sample,
        shared_answer_days: found.cutoff.map(|_| found.shared_days),
        metrics: found.metrics,
        coverage: found.coverage.as_ref().map(model::CoverageOutput::of),
    };
    if arguments.json {
        return output::print_json(&answer);
    }
    let mut list = Table::list();
    for (name, value) in &answer.metrics {
        list.entry(name, table::decimals(*value, 4));
    }
    let note = if answer.in_sample {
        "\nnote: the model was trained on these answers; these figures flatter it.\n".to_owned()
    } else if let (1.., Design::Cutoff { horizon_days }) = (found.shared_days, saved.recipe.design)
    {
        format!(
            "\nnote: {} of the {horizon_days} days of these answers were answers in training, too; these figures flatter it.\n",
            found.shared_days
        )
    } else {
        String::new()
    };
    output::print(&format!(
        "{}, {}: {}, {} customers\n{}{note}",
        answer.name,
        saved.recipe.title,
        answer.target,
        table::count(answer.customers as u64),
        list.render()
    ))
}
