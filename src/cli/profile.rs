//! `keepers profile`: what every column of the files holds, how numbers move together, derived fields
//! of the customers, and the rate of a target per category.

use std::fmt::Write;

use clap::Args;
use serde::Serialize;

use super::{
    input::{Input, Shop},
    output::{self, CliError, say},
    table::{self, Column, Table},
};
use analysis::{
    correlation::Correlations,
    customers::customers_as_of,
    derived::Derived,
    flat::{FlatAnswers, FlatColumns, FlatSpec, customer_table, flat_answers, flat_columns},
    rates::{Rates, Target, Test},
};
use base::monitor::Monitor;
use data::dataset::tables::Table as Data;
use data::day::iso;
use data::profile::{ColumnKind, ColumnProfile, Distinct, TableProfile};
use pipeline::profile::profile_shop;

/// Print what every column holds, correlations, derived fields and the rate of a target by category
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Column the target asks about
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// The target is met above this number
    #[arg(
        long,
        value_name = "X",
        requires = "target",
        conflicts_with = "is",
        allow_negative_numbers = true
    )]
    over: Option<f64>,
    /// The target is met by this value
    #[arg(long, value_name = "VALUE", requires = "target")]
    is: Option<String>,
    /// Column whose categories are compared
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    name: String,
    shape: &'static str,
    as_of: String,
    files: Vec<TableProfile>,
    /// One row per customer: the file itself, or what its orders make of each customer.
    customers: CustomersReport,
}

#[derive(Serialize)]
struct CustomersReport {
    rows: usize,
    columns: Vec<ColumnProfile>,
    correlations: Matrices,
    derived: Vec<DerivedField>,
    absent: Vec<Absent>,
    rates: Option<Rates>,
}

/// Correlations as rows of rows; null where there is none.
#[derive(Serialize)]
struct Matrices {
    columns: Vec<String>,
    pearson: Vec<Vec<Option<f64>>>,
    spearman: Vec<Vec<Option<f64>>>,
}

#[derive(Serialize)]
struct DerivedField {
    /// Which column it comes from and by which rule.
    rule: String,
    #[serde(flatten)]
    profile: ColumnProfile,
}

#[derive(Serialize)]
struct Absent {
    name: &'static str,
    why: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let shop = arguments.input.open()?;
    let files = files(&shop)?;
    let data = data(&shop);
    let own = shop.project.flat.clone();
    let spec = FlatSpec {
        target: target(arguments)?.or(own.target),
        by: arguments.by.clone().or(own.by),
        ..own
    };
    let columns = flat_columns(&data);
    let answers = flat_answers(&data, shop.as_of, &spec);
    let rates = match &answers.rates {
        Some(Err(why)) => return Err(CliError::Input(why.clone())),
        Some(Ok(rates)) => Some(rates.clone()),
        None if spec.target.is_some() || spec.by.is_some() => {
            return Err(CliError::Input(
                "a rate needs both a target and a column with categories. Add --target COLUMN --over X (or --is VALUE) and --by COLUMN".to_owned(),
            ));
        }
        None => None,
    };
    if !arguments.json {
        return output::print(&text(&shop, &files, (&columns, &answers)));
    }
    output::print_json(&Report {
        name: shop.dataset.name.clone(),
        shape: shop.dataset.shape.name(),
        as_of: iso(shop.as_of),
        files,
        customers: CustomersReport {
            rows: data.rows,
            correlations: matrices(&columns.correlations),
            columns: columns.profile.columns,
            derived: fields(&answers),
            absent: absent(&answers.derived),
            rates,
        },
    })
}

/// The files' profiles; one that cannot be read again is named on standard error.
fn files(shop: &Shop) -> Result<Vec<TableProfile>, CliError> {
    let (source, options) = (&shop.project.source, &shop.project.reading);
    let profile = profile_shop(source, &shop.dataset, options, &Monitor::silent())
        .map_err(|cancelled| CliError::Input(cancelled.to_string()))?;
    let mut files = Vec::new();
    for file in profile.files {
        match file {
            Ok(profile) => files.push(profile),
            Err(problem) => say(&format!("note: {}. {}", problem.title, problem.detail)),
        }
    }
    Ok(files)
}

fn data(shop: &Shop) -> Data {
    let dataset = &shop.dataset;
    match dataset.tables.first() {
        Some(table) if !dataset.shape.has_orders() => (**table).clone(),
        _ => {
            let customers = customers_as_of(&dataset.orders, shop.as_of);
            customer_table(&dataset.orders, &customers)
        }
    }
}

fn target(arguments: &Arguments) -> Result<Option<Target>, CliError> {
    let Some(column) = arguments.target.clone() else {
        return Ok(None);
    };
    let test = match (arguments.over, &arguments.is) {
        (Some(threshold), _) => Test::Over(threshold),
        (None, Some(value)) => Test::Is(value.clone()),
        (None, None) => {
            return Err(CliError::Input(format!(
                "when is the target `{column}` met? Add --over X or --is VALUE"
            )));
        }
    };
    Ok(Some(Target { column, test }))
}

fn matrices(found: &Correlations) -> Matrices {
    let rows = |cells: &[f64]| {
        let rows = cells.chunks(found.columns.len().max(1));
        rows.map(|row| {
            row.iter()
                .map(|cell| (!cell.is_nan()).then_some(*cell))
                .collect()
        })
        .collect()
    };
    Matrices {
        columns: found.columns.clone(),
        pearson: rows(&found.pearson),
        spearman: rows(&found.spearman),
    }
}

fn fields(answers: &FlatAnswers) -> Vec<DerivedField> {
    let profiles = answers.derived_profile.columns.iter().cloned();
    profiles
        .zip(&answers.derived.reasons)
        .map(|(profile, reason)| DerivedField {
            rule: reason.clone(),
            profile,
        })
        .collect()
}

fn absent(derived: &Derived) -> Vec<Absent> {
    let absent = derived.absent.iter();
    absent
        .map(|(name, why)| Absent {
            name,
            why: why.clone(),
        })
        .collect()
}

fn text(
    shop: &Shop,
    files: &[TableProfile],
    (columns, answers): (&FlatColumns, &FlatAnswers),
) -> String {
    let mut text = String::new();
    for file in files {
        let _ = writeln!(text, "{}: {} rows", file.name, table::count(file.rows));
        text.push_str(&columns_text(&file.columns));
        text.push('\n');
    }
    let _ = writeln!(text, "Derived for each customer, as of {}", iso(shop.as_of));
    text.push_str(&columns_text(&answers.derived_profile.columns));
    for (name, why) in &answers.derived.absent {
        let _ = writeln!(text, "  {name}: {why}");
    }
    text.push_str(&correlations_text(&columns.correlations));
    if let Some(Ok(rates)) = &answers.rates {
        text.push_str(&rates_text(rates));
    }
    text
}

fn columns_text(columns: &[ColumnProfile]) -> String {
    let mut table = Table::new(&[
        ("Column", Column::Words),
        ("Type", Column::Words),
        ("Missing", Column::Figures),
        ("Distinct", Column::Figures),
        ("Min", Column::Figures),
        ("Median", Column::Figures),
        ("Mean", Column::Figures),
        ("Max", Column::Figures),
        ("Most frequent", Column::Words),
    ]);
    for column in columns {
        let figure = |value: f64, whole: bool| match column.kind {
            ColumnKind::Date => iso(value.round() as i32),
            _ => table::decimals(value, if whole { 0 } else { 2 }),
        };
        let whole = matches!(column.kind, ColumnKind::WholeNumber | ColumnKind::YesNo);
        let [min, median, mean, max] = column.summary.map_or_else(Default::default, |summary| {
            [
                figure(summary.min, whole),
                figure(summary.median, false),
                figure(summary.mean, false),
                figure(summary.max, whole),
            ]
        });
        let distinct = match column.distinct {
            Distinct::Exact(count) => table::count(count),
            Distinct::AtLeast(count) => format!("at least {}", table::count(count)),
        };
        let top = column.top.first().filter(|top| top.rows > 1);
        let top = top.map(|top| format!("{} ({})", top.text, table::count(top.rows)));
        table.row(vec![
            column.name.clone(),
            column.kind.title().to_lowercase(),
            table::percent(column.missing_share()),
            distinct,
            min,
            median,
            mean,
            max,
            top.unwrap_or_default(),
        ]);
    }
    table.render()
}

fn correlations_text(found: &Correlations) -> String {
    if found.columns.len() < 2 {
        return String::new();
    }
    let mut names = vec![("Pearson / Spearman", Column::Words)];
    names.extend(
        found
            .columns
            .iter()
            .map(|name| (name.as_str(), Column::Figures)),
    );
    let mut table = Table::new(&names);
    for (row, name) in found.columns.iter().enumerate() {
        let mut cells = vec![name.clone()];
        cells.extend((0..found.columns.len()).map(|column| {
            let at = found.at(row, column);
            // Pearson above the diagonal, Spearman below.
            let value = if row <= column {
                found.pearson[at]
            } else {
                found.spearman[at]
            };
            table::decimals(value, 2)
        }));
        table.row(cells);
    }
    format!(
        "\nCorrelations: Pearson above the diagonal, Spearman below\n{}",
        table.render()
    )
}

fn rates_text(rates: &Rates) -> String {
    let mut table = Table::new(&[
        (rates.by.as_str(), Column::Words),
        ("Rows", Column::Figures),
        ("Met", Column::Figures),
        ("Rate", Column::Figures),
        ("95 % from", Column::Figures),
        ("to", Column::Figures),
    ]);
    let rows = rates.categories.iter().chain([&rates.overall]);
    for (at, rate) in rows.enumerate() {
        let name = match (at == rates.categories.len(), rate.category.is_empty()) {
            (true, _) => "All",
            (false, true) => "(missing)",
            (false, false) => &rate.category,
        };
        table.row(vec![
            name.to_owned(),
            table::count(rate.rows),
            table::count(rate.hits),
            table::percent(rate.rate),
            table::percent(rate.low),
            table::percent(rate.high),
        ]);
    }
    format!(
        "\n{} by {}\n{}",
        rates.target.words(),
        rates.by,
        table.render()
    )
}
