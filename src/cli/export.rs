//! `keepers export`: any list or table into a file.

use std::{
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, ValueEnum, builder::PossibleValuesParser};

use super::{
    input::Input,
    output::{self, CliError, say},
};
use analysis::selection::{Part, Selection};
use audiences::ListKind;
use export::{
    Delivery, Format, Options, Table, Tool, What,
    csv::{self, CsvOptions},
    delivery::Delivered,
    error::ExportError,
    write::{self},
};
use pipeline::{Request, Wants, snapshot::Shop};

/// Write a list or a table into a CSV file or an Excel workbook
///
/// Texts that a spreadsheet would take for formulas are defused, ids stay text, numbers stay numbers,
/// and the order of rows is the same from run to run.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// List to write: customers, segments, cohorts, periods, quality, by-COLUMN for a column of the orders
    /// (category, country…), or a list of the audiences (`high_value`, `churn_risk`…)
    #[arg(long, value_name = "NAME")]
    what: String,
    /// File to write; .csv or .xlsx, or .parquet in a build with that feature
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Columns to write, in this order, by their names in the header [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// Only customers of this segment; repeat for several
    #[arg(long, value_name = "NAME")]
    segment: Vec<String>,
    /// Only customers of this part of a selection: segment:VIP, cohort:2024-03, rf:5:4,
    /// column:country:Austria, number:COLUMN:2:4, step:returned, status:VALUE, line:not-kept,
    /// customer:ID; repeat to narrow
    #[arg(long, value_name = "PART")]
    select: Vec<String>,
    #[command(flatten)]
    delivery: DeliveryOptions,
    #[command(flatten)]
    file: FileOptions,
}

/// Whom of a list of people to take, and for which tool.
#[derive(Args)]
pub(super) struct DeliveryOptions {
    /// Tool that a list of people is for: its exact headers, only who can be written to, without the
    /// control group
    #[arg(long = "for", value_name = "TOOL", default_value = Tool::Table.name(), value_parser = PossibleValuesParser::new(Tool::ALL.map(Tool::name)))]
    tool: String,
    /// Take only the first so many of a list of people, best first
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    at_most: Option<u64>,
    /// Take only who can be written to: a usable address, and consent where the files speak of it
    #[arg(long)]
    reachable: bool,
    /// Write SHA-256 in place of what identifies people (meta and google)
    #[arg(long)]
    hashed: bool,
}

impl DeliveryOptions {
    pub(super) fn delivery(&self) -> Result<Delivery, CliError> {
        let tool = Tool::ALL.into_iter().find(|tool| tool.name() == self.tool);
        let tool = tool.unwrap_or_default();
        if self.hashed && !tool.takes_hashes() {
            let why = format!(
                "--hashed: only meta and google take hashes, not {}",
                tool.name()
            );
            return Err(CliError::Input(why));
        }
        Ok(Delivery {
            tool,
            at_most: self
                .at_most
                .map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
            reachable: self.reachable,
            hashed: self.hashed,
        })
    }
}

/// How a table becomes a file.
#[derive(Args)]
pub(super) struct FileOptions {
    /// Begin a CSV with a byte-order mark: Excel needs it to read letters beyond ASCII
    #[arg(long)]
    bom: bool,
    /// What stands between the values of a CSV
    #[arg(long, value_enum, default_value_t = Separator::Comma)]
    separator: Separator,
    /// Replace the file when it exists
    #[arg(long)]
    replace: bool,
}

impl FileOptions {
    /// Refuses a name without a format, and a file that must not be replaced, before anything is
    /// worked out.
    pub(super) fn check(&self, path: &Path) -> Result<Format, CliError> {
        let name = path.display().to_string();
        if path.exists() && !self.replace {
            return Err(ExportError::Exists(name).into());
        }
        let format = Format::of(path).ok_or(ExportError::Format(name))?;
        if Format::ALL.contains(&format) {
            Ok(format)
        } else {
            Err(CliError::Input(format!(
                "{}: this build writes no Parquet. End the name with .csv or .xlsx, or build Keepers with `--features parquet`",
                path.display()
            )))
        }
    }

    /// Writes a table; the name says the format.
    pub(super) fn write(&self, table: &Table, path: &Path) -> Result<(), CliError> {
        let options = Options {
            format: self.check(path)?,
            csv: self.csv(),
        };
        let bytes = write::bytes(table, options)?;
        Ok(write::save(&bytes, path, self.replace)?)
    }

    /// Writes a table to standard output, as CSV.
    pub(super) fn print(&self, table: &Table) -> Result<(), CliError> {
        let mut out = BufWriter::new(std::io::stdout().lock());
        csv::write(table, self.csv(), &mut out)
            .and_then(|()| out.flush())
            .map_err(CliError::Output)
    }

    fn csv(&self) -> CsvOptions {
        CsvOptions {
            byte_order_mark: self.bom,
            separator: self.separator.letter(),
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Separator {
    Comma,
    Semicolon,
    Tab,
}

impl Separator {
    fn letter(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
        }
    }
}

impl From<ExportError> for CliError {
    fn from(error: ExportError) -> Self {
        Self::Input(match error {
            ExportError::Exists(name) => {
                format!("{name} exists already. Choose another name, or add --replace")
            }
            error => error.to_string(),
        })
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    arguments.file.check(&arguments.out)?;
    let delivery = arguments.delivery.delivery()?;
    let parts = arguments.segment.iter().cloned().map(Part::Segment);
    let selection = Selection {
        parts: parts.collect(),
        ..Selection::default()
    };
    let selects = !selection.parts.is_empty() || !arguments.select.is_empty();
    let project = arguments.input.project()?;
    let request = Request {
        project: Arc::new(project.clone()),
        selection,
        wants: Wants {
            people: ListKind::ALL
                .iter()
                .any(|kind| kind.name() == arguments.what),
            ..Wants::default()
        },
        ..Request::default()
    };
    let shop = arguments
        .input
        .work_out(request, "Lists", &arguments.select)?;
    known_segments(&shop, &arguments.segment)?;
    let what = known_list(&shop, &arguments.what)?;
    let chosen = selects.then_some(shop.selected.customers.as_slice());
    if !what.is_of_people() && delivery != Delivery::default() {
        return Err(CliError::Input(format!(
            "{} is no list of people to write to: --for, --at-most, --reachable and --hashed do not \
             apply. Lists: {}",
            what.name(),
            ListKind::ALL.map(ListKind::name).join(", ")
        )));
    }
    let Delivered { table, told } = what.deliver(&shop, &project, chosen, delivery);
    if !told.is_empty() {
        say(&told);
    }
    let table = pick(table, &arguments.columns)?;
    arguments.file.write(&table, &arguments.out)?;
    output::print(&format!(
        "wrote {}: {} rows, {} columns\n",
        arguments.out.display(),
        super::table::count(table.rows() as u64),
        table.columns.len()
    ))
}

/// The list of this name.
fn known_list(shop: &Shop, name: &str) -> Result<What, CliError> {
    let all = What::all(shop);
    let audiences = ListKind::ALL.iter().find(|kind| kind.name() == name);
    if let (Some(kind), Some(people)) = (audiences, &shop.people) {
        let list = people.lists.get(*kind);
        if let Some(why) = list.and_then(|list| list.unavailable.clone()) {
            return Err(CliError::Input(why));
        }
    }
    if let Some(what) = all.iter().find(|what| what.name() == name) {
        return Ok(what.clone());
    }
    let mut names: Vec<String> = all.iter().map(What::name).collect();
    names.extend(ListKind::ALL.map(|kind| kind.name().to_owned()));
    Err(CliError::Input(format!(
        "there is no list called “{name}”. This shop has: {}",
        names.join(", ")
    )))
}

fn known_segments(shop: &Shop, wanted: &[String]) -> Result<(), CliError> {
    let names: Vec<&str> = shop
        .segments
        .stats
        .iter()
        .map(|stats| &*stats.name)
        .collect();
    match wanted.iter().find(|name| !names.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(CliError::Input(format!(
            "there is no segment called “{name}”. This shop has: {}",
            names.join(", ")
        ))),
    }
}

/// The columns of these names, or all.
pub(super) fn pick(table: Table, columns: &[String]) -> Result<Table, CliError> {
    if columns.is_empty() {
        return Ok(table);
    }
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    table.select(columns).map_err(|name| {
        CliError::Input(format!(
            "there is no column called “{name}”. This list has: {}",
            names.join(", ")
        ))
    })
}
