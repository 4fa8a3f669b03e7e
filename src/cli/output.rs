//! Where results and messages go, and what the exit codes mean.

use std::{
    io::{ErrorKind, Write},
    process::ExitCode,
};

use data::dataset::error::DataError;
use simulator::GenerateError;

/// The input could not be used.
const BAD_INPUT: u8 = 1;
/// The command line could not be understood.
const BAD_USAGE: u8 = 2;

/// Why a verb ended early. `Display` is the full message for people.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Generate(#[from] GenerateError),
    #[error("{0}")]
    Input(String),
    /// The command line asks for what this program cannot do.
    #[error("{0}")]
    Usage(String),
    /// Standard output could not be written. A closed pipe (`keepers … | head`) is no failure: the
    /// reader has seen enough.
    #[error(
        "the output could not be written: {0}. Check where it goes and that there is space left"
    )]
    Output(std::io::Error),
}

/// Writes a result to standard output.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(CliError::Output)
}

/// Writes one JSON object to standard output.
pub(super) fn print_json(value: &impl serde::Serialize) -> Result<(), CliError> {
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| CliError::Input(format!("the result is no JSON: {error}")))?;
    text.push('\n');
    print(&text)
}

/// Writes a message to standard error; there is nobody left to tell when that fails.
pub(super) fn say(message: &str) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

/// Turns the end of a verb into the exit code, telling people what went wrong.
pub(super) fn finish(done: Result<(), CliError>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(CliError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::from(match error {
                CliError::Generate(GenerateError::Impossible(_)) | CliError::Usage(_) => BAD_USAGE,
                _ => BAD_INPUT,
            })
        }
    }
}

/// Prints clap's message: help and version to standard output with success, mistakes to standard
/// error with exit code 2.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    if error.use_stderr() {
        return ExitCode::from(BAD_USAGE);
    }
    finish(printed.map_err(CliError::Output))
}
