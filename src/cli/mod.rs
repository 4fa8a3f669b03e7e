//! The headless twin: one file per verb, the same core as the window.
//!
//! Results go to standard output, as a table for people or, with `--json`, as one JSON object for
//! programs; messages go to standard error. Exit code 0: done, 1: the input could not be used,
//! 2: the command line could not be understood.

mod audiences;
mod btyd;
mod clusters;
mod cohorts;
mod evaluate;
mod export;
mod generate;
mod input;
mod manual;
mod migration;
mod model;
mod output;
mod overview;
mod predict;
mod profile;
mod quality;
mod render;
mod report;
mod score;
mod segments;
#[cfg(feature = "serve")]
mod serve;
mod start;
mod summary;
mod table;
mod train;
mod understood;
mod window;

use std::{path::PathBuf, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

/// Version and features of this build.
const VERSION: &str = match (cfg!(feature = "parquet"), cfg!(feature = "serve")) {
    (true, true) => concat!(env!("CARGO_PKG_VERSION"), " (parquet, serve)"),
    (true, false) => concat!(env!("CARGO_PKG_VERSION"), " (parquet)"),
    (false, true) => concat!(env!("CARGO_PKG_VERSION"), " (serve)"),
    (false, false) => concat!(env!("CARGO_PKG_VERSION"), " (no optional features)"),
};

/// Who comes back to your shop, what they will be worth, and whom to act on next.
///
/// Without a verb, opens the window. Where there is no display it prints the summary and draws the
/// views as pictures instead.
#[derive(Parser)]
#[command(
    name = "keepers",
    version = VERSION,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    subcommand_negates_reqs = true
)]
struct Arguments {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Order files (CSV, TSV, text) or folders that together describe one shop
    files: Vec<PathBuf>,
}

#[derive(Subcommand)]
enum Verb {
    Start(start::Arguments),
    Summary(summary::Arguments),
    Overview(overview::Arguments),
    Cohorts(cohorts::Arguments),
    Segments(segments::Arguments),
    Migration(migration::Arguments),
    Clusters(clusters::Arguments),
    Btyd(btyd::Arguments),
    Train(train::Arguments),
    Score(score::Arguments),
    Predict(predict::Arguments),
    Evaluate(evaluate::Arguments),
    Audiences(audiences::Arguments),
    Quality(quality::Arguments),
    Profile(profile::Arguments),
    Render(render::Arguments),
    Export(export::Arguments),
    Report(report::Arguments),
    #[cfg(feature = "serve")]
    Serve(serve::Arguments),
    /// Answer predictions over HTTP: in a build with `--features serve`
    #[cfg(not(feature = "serve"))]
    #[command(hide = true)]
    Serve {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        rest: Vec<std::ffi::OsString>,
    },
    Generate(generate::Arguments),
    Manual(manual::Arguments),
    Help(manual::HelpArguments),
}

/// What `main` has to do next.
#[derive(Debug)]
pub enum Outcome {
    /// Everything is done; leave with this code.
    Done(ExitCode),
    /// Open the window with these files; none means the welcome page.
    OpenWindow(Vec<PathBuf>),
}

/// Reads the command line and does what it says, but for opening the window.
#[must_use]
pub fn run() -> Outcome {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return Outcome::Done(output::usage(&error)),
    };
    let done = match arguments.verb {
        None => return Outcome::OpenWindow(arguments.files),
        Some(Verb::Start(arguments)) => start::run(&arguments),
        Some(Verb::Summary(arguments)) => summary::run(&arguments),
        Some(Verb::Overview(arguments)) => overview::run(&arguments),
        Some(Verb::Cohorts(arguments)) => cohorts::run(&arguments),
        Some(Verb::Segments(arguments)) => segments::run(&arguments),
        Some(Verb::Migration(arguments)) => migration::run(&arguments),
        Some(Verb::Clusters(arguments)) => clusters::run(&arguments),
        Some(Verb::Btyd(arguments)) => btyd::run(&arguments),
        Some(Verb::Train(arguments)) => train::run(&arguments),
        Some(Verb::Score(arguments)) => score::run(&arguments),
        Some(Verb::Predict(arguments)) => predict::run(&arguments),
        Some(Verb::Evaluate(arguments)) => evaluate::run(&arguments),
        Some(Verb::Audiences(arguments)) => audiences::run(&arguments),
        Some(Verb::Quality(arguments)) => quality::run(&arguments),
        Some(Verb::Profile(arguments)) => profile::run(&arguments),
        Some(Verb::Render(arguments)) => render::run(&arguments),
        Some(Verb::Export(arguments)) => export::run(&arguments),
        Some(Verb::Report(arguments)) => report::run(&arguments),
        #[cfg(feature = "serve")]
        Some(Verb::Serve(arguments)) => serve::run(&arguments),
        // Not a file of that name for the window: whoever writes this has read of the endpoint.
        #[cfg(not(feature = "serve"))]
        Some(Verb::Serve { .. }) => Err(output::CliError::Usage(
            "this build answers nothing over HTTP: it holds no network code. Build one that does with `cargo build --features serve`"
                .to_owned(),
        )),
        Some(Verb::Generate(arguments)) => generate::run(&arguments),
        Some(Verb::Manual(arguments)) => manual::run(&arguments),
        Some(Verb::Help(arguments)) => manual::help(&arguments, Arguments::command()),
    };
    Outcome::Done(output::finish(done))
}

/// Does the window's job without it, after opening it failed: prints the summary and draws the views.
#[must_use]
pub fn instead_of_window(files: Vec<PathBuf>, error: &dyn std::error::Error) -> ExitCode {
    let why = format!("No window can open here: {error}.");
    output::finish(window::instead(files, &why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    /// Words of a command as a shell passes them on; comments are left out.
    fn words(line: &str) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut word: Option<String> = None;
        let mut quote: Option<char> = None;
        for letter in line.chars() {
            match (letter, quote) {
                (_, Some(open)) if letter == open => quote = None,
                ('\'' | '"', None) => {
                    quote = Some(letter);
                    word.get_or_insert_default();
                }
                ('#', None) if word.is_none() => break,
                (' ', None) => words.extend(word.take()),
                _ => word.get_or_insert_default().push(letter),
            }
        }
        words.extend(word);
        words
    }

    #[test]
    fn every_command_of_the_manual_and_of_the_readme_is_understood() {
        let readme = ("README", include_str!("../../README.md"));
        let pages = ::manual::pages().iter();
        let texts = pages.map(|page| (page.name, page.source)).chain([readme]);
        let mut parsed = 0;
        for (name, text) in texts {
            // Odd pieces between the fences are code.
            for block in text.split("```").skip(1).step_by(2) {
                for line in block.lines().filter(|line| line.starts_with("keepers ")) {
                    let understood = Arguments::try_parse_from(words(line));
                    assert!(understood.is_ok(), "{name}: {line}: {:?}", understood.err());
                    parsed += 1;
                }
            }
        }
        assert!(parsed > 30, "{parsed} commands");
    }

    #[test]
    fn every_verb_has_its_section_in_the_manual() {
        let command = Arguments::command();
        for verb in command.get_subcommands() {
            let section = format!("verbs#{}", verb.get_name());
            assert!(::manual::place(&section).is_some(), "{section}");
        }
    }

    #[test]
    fn files_without_a_verb_are_for_the_window() {
        let arguments = Arguments::try_parse_from(["keepers", "a.csv", "b.csv"]).expect("valid");
        assert!(arguments.verb.is_none());
        assert_eq!(arguments.files.len(), 2);
    }
}
