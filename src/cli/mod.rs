//! The headless twin: one file per verb, the same core as the window.
//!
//! Results go to standard output, as a table for people or, with `--json`, as one JSON object for
//! programs; messages go to standard error. Exit code 0: done, 1: the input could not be used,
//! 2: the command line could not be understood.

mod generate;
mod output;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use self::output::CliError;

/// Who comes back to your shop, what they will be worth, and whom to act on next.
#[derive(Parser)]
#[command(name = "keepers", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Order files (CSV, TSV, text) or folders to open in the window
    files: Vec<PathBuf>,
}

#[derive(Subcommand)]
enum Verb {
    Generate(generate::Arguments),
}

/// Reads the command line, does what it says, and returns the exit code.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return output::usage(&error),
    };
    let done = match arguments.verb {
        Some(Verb::Generate(arguments)) => generate::run(&arguments),
        None => {
            let _ = arguments.files;
            Ok(())
        }
    };
    output::finish(done)
}
