//! `keepers report`: everything as one HTML file.

use std::path::PathBuf;

use clap::Args;

use super::{
    input::Input,
    model,
    output::{self, CliError},
    render,
};
use export::write;

/// Write a report: findings, charts, segments, lists to act on, model verdicts, definitions and data
/// quality in one HTML file
///
/// The file needs nothing else: no network, no script. Scenes of a project are drawn into it.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// File to write; .html
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Train this recipe first and judge it in the report: 90-day-clv, churn, best-of-all…
    #[arg(long, value_name = "RECIPE")]
    train: Option<String>,
    /// Predict with this saved model (see `keepers train --model-out`): the lists are drawn up from it
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Replace the file when it exists
    #[arg(long)]
    replace: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    model::refuse_existing(&arguments.out, arguments.replace)?;
    let html = render::report(
        &arguments.input,
        arguments.train.as_deref(),
        arguments.model.as_deref(),
    )?;
    write::save(html.as_bytes(), &arguments.out, arguments.replace)?;
    output::print(&format!("wrote {}\n", arguments.out.display()))
}
