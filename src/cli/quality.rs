//! `keepers quality`: what every cleaning rule met, and the rows that were left out.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;

use super::{
    export::FileOptions,
    input::Input,
    output::{self, CliError, say},
    table::{self, Column, Table},
    understood::{self, Understood},
};
use base::monitor::Monitor;
use data::dataset::quality::{Effect, Limit, QualityReport, RowSample, RuleCount};
use data::day::iso;
use export::lists::rejected_table;
use pipeline::source::rejected_rows;

/// Print what happened to the rows: every rule with its count, its reason and sample rows
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Write every row that was left out to this file (.csv or .xlsx): file, line, rule, text
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
    #[command(flatten)]
    file: FileOptions,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    name: &'a str,
    shape: &'static str,
    rows_read: u64,
    rows_kept: u64,
    rows_dropped: u64,
    /// `rows_read = rows_kept + rows_dropped`; always true, or something is wrong.
    reconciles: bool,
    /// Every positive amount, those not kept and those left out included.
    gross_sales: f64,
    rules: Vec<Met<'a>>,
    remarks: &'a [String],
    #[serde(flatten)]
    understood: Understood,
    /// Rows written to the file of `--rejected`.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_rows: Option<u64>,
}

/// A rule and how much of the gross sales its rows hold.
#[derive(Serialize)]
struct Met<'a> {
    #[serde(flatten)]
    rule: &'a RuleCount,
    /// `None` without gross sales.
    share_of_sales: Option<f64>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    if let Some(path) = &arguments.rejected {
        arguments.file.check(path)?;
    }
    let dataset = arguments.input.open()?.dataset;
    let rejected_rows = match &arguments.rejected {
        Some(path) => Some(write_rejected(&arguments.input, &arguments.file, path)?),
        None => None,
    };
    let quality = &dataset.quality;
    let gross_sales = quality.gross_sales(&dataset.orders.amounts);
    let met = |rule| Met {
        rule,
        share_of_sales: (gross_sales > 0.0).then(|| worth(rule) / gross_sales),
    };
    let report = Report {
        name: &dataset.name,
        shape: dataset.shape.name(),
        rows_read: quality.rows_read,
        rows_kept: quality.rows_kept,
        rows_dropped: dropped(quality),
        reconciles: quality.reconciles(),
        gross_sales,
        rules: quality.rules.iter().map(met).collect(),
        remarks: &dataset.remarks,
        understood: Understood::of(&dataset.understanding),
        rejected_rows,
    };
    if let (Some(rows), Some(path)) = (rejected_rows, &arguments.rejected) {
        say(&format!(
            "wrote {} {} to {}",
            rows,
            if rows == 1 { "row" } else { "rows" },
            path.display()
        ));
    }
    if arguments.json {
        output::print_json(&report)
    } else {
        output::print(&text(&report))
    }
}

fn worth(rule: &RuleCount) -> f64 {
    rule.amount.abs()
}

fn dropped(quality: &QualityReport) -> u64 {
    let rules = quality.rules.iter();
    let dropping = rules.filter(|rule| rule.effect == Effect::Dropped);
    dropping.map(|rule| rule.rows).sum()
}

fn write_rejected(input: &Input, file: &FileOptions, path: &Path) -> Result<u64, CliError> {
    let project = input.project()?;
    let rejected = rejected_rows(&project.source, &project.reading, &Monitor::silent())?;
    let rows = rejected.rows.len() as u64;
    file.write(&rejected_table(rejected), path)?;
    Ok(rows)
}

fn text(report: &Report<'_>) -> String {
    let mut text = format!(
        "{}\n{} rows read = {} kept + {} left out\n",
        report.name,
        table::count(report.rows_read),
        table::count(report.rows_kept),
        table::count(report.rows_dropped),
    );
    if !report.rules.is_empty() {
        let mut rules = Table::new(&[
            ("rule", Column::Words),
            ("effect", Column::Words),
            ("rows", Column::Figures),
            ("share", Column::Figures),
            ("amount", Column::Figures),
            ("of sales", Column::Figures),
        ]);
        for met in &report.rules {
            let rule = met.rule;
            rules.row([
                rule.rule.clone(),
                effect(rule.effect).to_owned(),
                table::count(rule.rows),
                table::percent(rule.rows as f64 / report.rows_read.max(1) as f64),
                table::money(rule.amount),
                met.share_of_sales.map_or_else(String::new, table::percent),
            ]);
        }
        text.push('\n');
        text.push_str(&rules.render());
    }
    for Met { rule, .. } in &report.rules {
        let _ = writeln!(text, "\n{}\n  {}", rule.rule, rule.explanation);
        if let Some(limit) = rule.limit {
            let _ = writeln!(text, "  {}", limit_words(limit));
        }
        for sample in &rule.samples {
            let RowSample {
                file,
                line,
                column,
                found,
            } = sample;
            let column = if column.is_empty() {
                String::new()
            } else {
                format!("{column}: ")
            };
            let _ = writeln!(text, "  {file}, line {line}: {column}{found}");
        }
    }
    for remark in report.remarks {
        let _ = writeln!(text, "\n  {remark}");
    }
    text.push_str(&understood::text(&report.understood));
    text
}

fn limit_words(limit: Limit) -> String {
    match limit {
        Limit::Day(day) => format!("Here: after {}.", iso(day)),
        Limit::Amount(amount) => format!("Here: above {}.", table::money(amount)),
    }
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Dropped => "left out",
        Effect::Changed => "adjusted",
        Effect::Flagged => "noted",
    }
}
