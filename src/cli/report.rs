//! `keepers report`: everything as one HTML file, as `PowerPoint` slides or as a PDF.

use std::path::PathBuf;

use clap::Args;

use super::{
    input::Input,
    model,
    output::{self, CliError},
    render,
};
use export::{report::Format, write};

/// Write a report: findings, charts, segments, lists to act on, model verdicts, definitions and data
/// quality in one HTML file, or as slides
///
/// The file needs nothing else: no network, no script. Scenes of a project are drawn into it. As .pptx the
/// charts can be edited; .pdf holds the same slides. Projects with scenes get one slide per scene, with its
/// notes for the speaker.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// File to write; .html, .pptx or .pdf
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
    let format = Format::of(&arguments.out).unwrap_or_default();
    let bytes = render::report_of(
        &arguments.input,
        arguments.train.as_deref(),
        arguments.model.as_deref(),
        format,
    )?;
    write::save(&bytes, &arguments.out, arguments.replace)?;
    output::print(&format!("wrote {}\n", arguments.out.display()))
}
