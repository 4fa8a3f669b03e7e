//! `keepers report`: everything as one HTML file.

use std::path::PathBuf;

use clap::Args;

use super::{
    input::Input,
    output::{self, CliError},
    render,
};
use crate::{
    analysis::selection::Selection,
    export::{
        report::{self, Report},
        write::{self, ExportError},
    },
};

/// Write a report: findings in words, charts, tables, definitions and data quality in one HTML file
///
/// The file needs nothing else: no network, no script. Scenes of a project are drawn into it.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// File to write; .html
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace the file when it exists
    #[arg(long)]
    replace: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let name = arguments.out.display().to_string();
    if arguments.out.exists() && !arguments.replace {
        return Err(ExportError::Exists(format!("{name} (--replace)")).into());
    }
    let (project, shop) = arguments.input.work_out("Reports", Selection::default())?;
    let scenes = if project.scenes.is_empty() {
        Vec::new()
    } else {
        render::scenes(&arguments.input, &project)?
    };
    let html = report::html(&Report {
        shop: &shop,
        project: &project,
        command: "keepers report report.keepers.ron --out report.html",
        scenes: &scenes,
    });
    write::save(html.as_bytes(), &arguments.out, arguments.replace)?;
    output::print(&format!("wrote {name}\n"))
}
