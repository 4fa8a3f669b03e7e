//! `keepers export`: any list or table into a file.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{
    input::Input,
    output::{self, CliError},
};
use crate::{
    analysis::selection::{Part, Selection},
    export::{
        Format, Options, Table, What,
        csv::CsvOptions,
        write::{self, ExportError},
    },
    pipeline::snapshot::Shop,
};

/// Write a list or a table into a CSV file or an Excel workbook
///
/// Texts that a spreadsheet would take for formulas are defused, ids stay text, numbers stay numbers,
/// and the order of rows is the same from run to run.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// List to write: customers, segments, cohorts, periods, quality, or by-COLUMN for a column of the
    /// orders (category, country…)
    #[arg(long, value_name = "NAME")]
    what: String,
    /// File to write; .csv or .xlsx
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
    /// Begin the CSV with a byte-order mark: Excel needs it to read letters beyond ASCII
    #[arg(long)]
    bom: bool,
    /// What stands between the values of a CSV
    #[arg(long, value_enum, default_value_t = Separator::Comma)]
    separator: Separator,
    /// Replace the file when it exists
    #[arg(long)]
    replace: bool,
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
        Self::Input(error.to_string())
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let name = || arguments.out.display().to_string();
    let format = Format::of(&arguments.out).ok_or_else(|| ExportError::Format(name()))?;
    if arguments.out.exists() && !arguments.replace {
        return Err(ExportError::Exists(format!("{} (--replace)", name())).into());
    }
    let parts = arguments.segment.iter().cloned().map(Part::Segment);
    let selection = Selection {
        parts: parts.collect(),
        ..Selection::default()
    };
    let selects = !selection.parts.is_empty() || !arguments.select.is_empty();
    let selects_by = (selection, arguments.select.as_slice());
    let (project, shop) = arguments.input.work_out_selected("Lists", selects_by)?;
    known_segments(&shop, &arguments.segment)?;
    let all = What::all(&shop);
    let what = all.iter().find(|what| what.name() == arguments.what);
    let what = what.ok_or_else(|| {
        let names: Vec<String> = all.iter().map(What::name).collect();
        CliError::Input(format!(
            "there is no list called “{}”. This shop has: {}",
            arguments.what,
            names.join(", ")
        ))
    })?;
    let chosen = selects.then_some(shop.selected.customers.as_slice());
    let table = pick(what.table(&shop, &project, chosen), &arguments.columns)?;
    let options = Options {
        format,
        csv: CsvOptions {
            byte_order_mark: arguments.bom,
            separator: arguments.separator.letter(),
        },
    };
    write::save(
        &write::bytes(&table, options)?,
        &arguments.out,
        arguments.replace,
    )?;
    output::print(&format!(
        "wrote {}: {} rows, {} columns\n",
        name(),
        super::table::count(table.rows() as u64),
        table.columns.len()
    ))
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

fn pick(table: Table, columns: &[String]) -> Result<Table, CliError> {
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
