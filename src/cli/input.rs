//! Arguments that say which shop to read, and opening it.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    output::{CliError, say},
    understood::{self, Answer},
};
use analysis::customers::default_as_of;
use base::monitor::Monitor;
use data::dataset::options::{ReadOptions, ReadingEdit};
use data::dataset::{Dataset, Role};
use data::day::{Day, iso, parse_iso};
use data::layouts::Layout;
use data::orders::Orders;
use pipeline::{
    Pipeline, Request, named, snapshot,
    source::{self, FileLoader, Loader},
};
use project::{Project, Source, file, layouts};

/// The shop a verb works on.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Input {
    /// Order files (CSV, TSV, text) or folders that together describe one shop, or one project
    /// (*.keepers.ron): its files with all its settings
    #[arg(required_unless_present = "sample", conflicts_with = "sample")]
    pub files: Vec<PathBuf>,
    /// Use the built-in sample shop
    #[arg(long)]
    pub sample: bool,
    /// What a column means where the guess is wrong: COLUMN=ROLE, such as Betrag=amount; repeat for several.
    /// Columns of a file without a header are called "column 1", "column 2"…
    #[arg(long = "map", value_name = "COLUMN=ROLE", value_parser = meaning)]
    pub map: Vec<(String, Role)>,
    /// Answer a question about how the files are read: ID=CHOICE, as `keepers summary` prints them; repeat
    /// for several
    #[arg(long = "answer", value_name = "ID=CHOICE", value_parser = Answer::parse)]
    pub answers: Vec<Answer>,
    /// Count only orders before this day, YYYY-MM-DD [default: the day after the last order]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Day>,
}

/// An opened shop and the date everything is computed as of.
pub(super) struct Shop {
    pub dataset: Dataset,
    pub as_of: Day,
    /// Every setting: the project's, or the defaults.
    pub project: Project,
}

impl Input {
    /// The files given on the command line; the sample shop when there are none.
    pub(super) fn of(files: Vec<PathBuf>) -> Self {
        Self {
            sample: files.is_empty(),
            files,
            map: Vec::new(),
            answers: Vec::new(),
            as_of: None,
        }
    }

    /// What the window opens: the files given, be it a project.
    pub(super) fn source(&self) -> Source {
        if self.sample {
            Source::Sample
        } else {
            Source::Files(self.files.clone())
        }
    }

    /// The project file given in place of data files.
    pub(super) fn project_file(&self) -> Option<&Path> {
        match self.files.as_slice() {
            [path] if file::is_project(path) => Some(path),
            _ => None,
        }
    }

    /// Every setting: of the project file, or the defaults on the files given. `--as-of` goes before
    /// the project's own date.
    pub(super) fn project(&self) -> Result<Project, CliError> {
        let mut project = match self.project_file() {
            Some(path) => {
                let opened =
                    file::open(path).map_err(|error| CliError::Input(error.to_string()))?;
                for change in &opened.changes {
                    say(&format!("note: {}", change.sentence()));
                }
                opened.project
            }
            None => Project {
                source: self.source(),
                reading: ReadOptions {
                    taught: self.taught(),
                    ..ReadOptions::default()
                },
                ..Project::default()
            },
        };
        project.as_of = self.as_of.or(project.as_of);
        for Answer { question, choice } in &self.answers {
            project.reading.edit(ReadingEdit::Answer {
                question: question.clone(),
                choice: Some(choice.clone()),
            });
        }
        self.map_columns(&mut project)?;
        Ok(project)
    }

    /// The exports the user has taught in the window; a project holds its own.
    pub(super) fn taught(&self) -> Vec<Layout> {
        let own_files = !self.sample && self.project_file().is_none();
        let folder = layouts::default_folder().filter(|_| own_files);
        folder.map_or_else(Vec::new, |folder| layouts::user_layouts(&folder))
    }

    /// Whether the command line says how files are read.
    pub(super) fn says_reading(&self) -> bool {
        !self.map.is_empty() || !self.answers.is_empty()
    }

    /// Refuses answers to what these files do not ask.
    fn check_answers(&self, dataset: &Dataset) -> Result<(), CliError> {
        understood::check(&self.answers, &dataset.understanding.questions)
    }

    /// Gives the columns of `--map` their meaning, in every file that has them.
    fn map_columns(&self, project: &mut Project) -> Result<(), CliError> {
        if self.map.is_empty() {
            return Ok(());
        }
        let files = source::look_at(&project.source, &project.reading)?;
        for (column, role) in &self.map {
            let mut met = false;
            for file in &files {
                if file.columns.iter().any(|known| known.name == *column) {
                    met = true;
                    project.reading.edit(ReadingEdit::Role {
                        file: file.name.clone(),
                        column: column.clone(),
                        role: Some(*role),
                    });
                }
            }
            if !met {
                let columns = files.iter().flat_map(|file| &file.columns);
                let names: Vec<&str> = columns.map(|known| &*known.name).collect();
                return Err(CliError::Input(format!(
                    "there is no column “{column}” to map. The files have: {}",
                    names.join(", ")
                )));
            }
        }
        Ok(())
    }

    /// Reads a shop that must have orders; `what` needs them: "Cohorts".
    pub(super) fn open_history(&self, what: &str) -> Result<Shop, CliError> {
        let shop = self.open()?;
        if shop.dataset.shape.has_orders() {
            return Ok(shop);
        }
        Err(without_orders(what, &shop.dataset))
    }

    /// Reads the shop, the same way as the window does.
    pub(super) fn open(&self) -> Result<Shop, CliError> {
        let project = self.project()?;
        let dataset = FileLoader.load(&project.source, &project.reading, &Monitor::silent())?;
        self.check_answers(&dataset)?;
        let after_last = default_as_of(&dataset.orders);
        if after_last.is_none() && dataset.shape.has_orders() {
            say(
                "note: there is no kept order in this data: every line is cancelled, returned or a credit.",
            );
        }
        let latest = dataset.tables.iter().filter_map(|table| table.latest_day());
        let after_last = after_last.or(latest.max().map(|day| day + 1));
        let as_of = project.as_of.or(after_last).unwrap_or_default();
        note_nobody(&dataset.orders, as_of, "--as-of");
        Ok(Shop {
            dataset,
            as_of,
            project,
        })
    }

    /// Everything the window would show of this project, with more parts of the selection by name (see
    /// [`named::PARTS`]). The shop must have orders; `what` needs them: "Lists".
    pub(super) fn work_out(
        &self,
        mut request: Request,
        what: &str,
        parts: &[String],
    ) -> Result<snapshot::Shop, CliError> {
        let mut pipeline = Pipeline::new();
        let mut run = |request: &Request| {
            pipeline
                .run(request, &Monitor::silent(), &mut |_| {})
                .map_err(|error| CliError::Input(error.to_string()))
        };
        let mut snapshot = run(&request)?;
        if let (Some(shop), false) = (&snapshot.shop, parts.is_empty()) {
            for text in parts {
                let part = named::part(shop, text).ok_or_else(|| unknown_part(text))?;
                request.selection.parts.push(part);
            }
            // Only the selection is new: everything else is at hand.
            snapshot = run(&request)?;
        }
        for warning in &snapshot.warnings {
            say(&format!("note: {warning}"));
        }
        match &snapshot.shop {
            Some(shop) if shop.dataset.shape.has_orders() => {
                self.check_answers(&shop.dataset)?;
                Ok(shop.clone())
            }
            Some(shop) => Err(without_orders(what, &shop.dataset)),
            None => Err(CliError::Input("no shop was opened".to_owned())),
        }
    }
}

/// Says so where nobody had ordered before a day that `option` sets.
pub(super) fn note_nobody(orders: &Orders, day: Day, option: &str) {
    if let Some((first, _)) = orders.day_range()
        && day <= first
    {
        say(&format!(
            "note: nobody had ordered before {}: the first order is of {}. Choose a later {option}.",
            iso(day),
            iso(first)
        ));
    }
}

fn unknown_part(text: &str) -> CliError {
    let parts = named::PARTS;
    CliError::Input(format!(
        "nothing to select is called “{text}”. Use {parts}, with names as this shop has them"
    ))
}

fn without_orders(what: &str, dataset: &Dataset) -> CliError {
    CliError::Input(format!(
        "{what} need an order history, but {} is a customer table with one row per customer. Use `keepers profile` for it, or open the orders",
        dataset.name
    ))
}

/// Reads `COLUMN=ROLE`.
fn meaning(text: &str) -> Result<(String, Role), String> {
    let roles = "customer, date, amount, unit_price, quantity, order, status, refund, discount, currency, \
                 contact, attribute or ignored";
    let (column, role) = text
        .rsplit_once('=')
        .ok_or_else(|| format!("expected COLUMN=ROLE; roles are {roles}"))?;
    let known = serde_json::from_value(serde_json::Value::String(role.to_owned()));
    let role = known.map_err(|_| format!("there is no role “{role}”; roles are {roles}"))?;
    Ok((column.to_owned(), role))
}

/// Reads a date argument.
pub(super) fn day(text: &str) -> Result<Day, String> {
    parse_iso(text).ok_or_else(|| {
        "expected a date of the calendar as YYYY-MM-DD, such as 2025-06-30".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_iso_or_refused() {
        assert_eq!(day("1998-07-01"), Ok(10_408));
        assert!(day("01.07.1998").is_err());
        assert!(day("1998-02-30").is_err());
    }
}
