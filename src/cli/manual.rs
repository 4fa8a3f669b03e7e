//! `keepers manual` and `keepers help`: the manual and the options of the verbs, in the terminal.

use clap::{Args, Command};

use super::output::{self, CliError};
use ::manual::{Place, place, places, text};

/// Print a page or a section of the manual; without one, list the pages
#[derive(Args)]
pub(super) struct Arguments {
    /// Page, such as segments, or section, such as segments#cut-points
    page: Option<String>,
}

/// Explain a verb, a page or a section of the manual
#[derive(Args)]
pub(super) struct HelpArguments {
    /// Verb, page or section
    topic: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    match &arguments.page {
        None => output::print(&text::contents()),
        Some(page) => print(page),
    }
}

/// Options of the verb called `topic`, or what the manual says of it.
pub(super) fn help(arguments: &HelpArguments, mut command: Command) -> Result<(), CliError> {
    let Some(topic) = &arguments.topic else {
        return output::print(&command.render_long_help().to_string());
    };
    // Names the verb with its program in the line of usage.
    command.build();
    match command.find_subcommand_mut(topic) {
        Some(verb) if !verb.is_hide_set() => output::print(&verb.render_long_help().to_string()),
        _ => print(topic),
    }
}

fn print(written: &str) -> Result<(), CliError> {
    match place(written) {
        Some(place) => output::print(&text::printed(place)),
        None => Err(CliError::Usage(unknown(written))),
    }
}

/// Names the sections that bear the name, or else the pages there are.
fn unknown(written: &str) -> String {
    let same = places().filter(|place| place.section().id == written);
    let same: Vec<String> = same.map(Place::written).collect();
    if same.is_empty() {
        let pages = text::contents();
        format!("the manual has no page or section “{written}”. Its pages:\n{pages}")
    } else {
        let names = same.join(", ");
        format!("“{written}” stands on several pages of the manual. Choose one of {names}")
    }
}
