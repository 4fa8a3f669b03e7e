//! `keepers cohorts`: one metric of the cohort table.

use std::fmt::Write;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{
    input::Input,
    output::{self, CliError},
    table::{self, Column, Table},
};
use analysis::cohort_build::cohorts;
use analysis::cohorts::{CellState, CohortSpec, CohortTable, Metric, RowsBy};
use data::day::{Period, iso};

/// Print a cohort table: customers by the period of their first order, followed over time
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// What a cell shows [default: as the project says, else retention]
    #[arg(long, value_enum)]
    metric: Option<MetricName>,
    /// How long a period is [default: as the project says, else month]
    #[arg(long, value_enum)]
    period: Option<PeriodName>,
    /// Group by this column of the first order (country, channel…) instead of its period
    #[arg(long, value_name = "COLUMN")]
    rows: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum MetricName {
    Customers,
    Retention,
    Orders,
    Revenue,
    RevenuePerCustomer,
    CumulativeLtv,
    Aov,
}

impl MetricName {
    fn metric(self) -> Metric {
        match self {
            Self::Customers => Metric::Customers,
            Self::Retention => Metric::Retention,
            Self::Orders => Metric::Orders,
            Self::Revenue => Metric::Revenue,
            Self::RevenuePerCustomer => Metric::RevenuePerCustomer,
            Self::CumulativeLtv => Metric::CumulativeLtv,
            Self::Aov => Metric::Aov,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum PeriodName {
    Week,
    Month,
    Quarter,
    Year,
}

impl PeriodName {
    fn period(self) -> Period {
        match self {
            Self::Week => Period::Week,
            Self::Month => Period::Month,
            Self::Quarter => Period::Quarter,
            Self::Year => Period::Year,
        }
    }
}

#[derive(Serialize)]
struct Answer {
    metric: &'static str,
    period: Period,
    as_of: String,
    /// Column that makes the rows; absent when it is the period of the first order.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<String>,
    cohorts: Vec<Row>,
    /// Mean of each age over the cohorts, weighted by size; null where none is complete.
    weighted_mean: Vec<Option<f64>>,
    /// Orders at ages beyond the last value, where dates lie too far apart to follow all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    orders_beyond: Option<u64>,
}

#[derive(Serialize)]
struct Row {
    cohort: String,
    size: u64,
    /// True for a first cohort that seems to hold customers from before the data begin: it is not in the mean.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    left_censored: bool,
    /// One value per age 0…; as many as have begun. Null where undefined (AOV without orders).
    values: Vec<Option<f64>>,
    /// How many of the values, from age 0 on, belong to periods that have ended.
    complete: usize,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let shop = arguments.input.open_history("Cohorts")?;
    let orders = &*shop.dataset.orders;
    let rows = match &arguments.rows {
        None => shop.project.cohorts.rows.clone(),
        Some(name) => {
            let attribute = orders.attribute(name).ok_or_else(|| {
                let names: Vec<&str> = orders.attributes.iter().map(|a| &*a.name).collect();
                CliError::Input(format!(
                    "there is no column {name:?} to group by. Columns that can be used: {}",
                    if names.is_empty() {
                        "none".to_owned()
                    } else {
                        names.join(", ")
                    }
                ))
            })?;
            RowsBy::Attribute(attribute.name.clone())
        }
    };
    let spec = CohortSpec {
        period: arguments
            .period
            .map_or(shop.project.cohorts.period, PeriodName::period),
        rows,
    };
    let metric = arguments
        .metric
        .map_or(shop.project.cohort_metric, MetricName::metric);
    let table = cohorts(orders, shop.as_of, &spec);
    if arguments.json {
        output::print_json(&result(&table, metric))
    } else {
        output::print(&text(&table, metric))
    }
}

fn result(table: &CohortTable, metric: Metric) -> Answer {
    Answer {
        metric: metric.name(),
        period: table.spec.period,
        as_of: iso(table.as_of),
        rows: match &table.spec.rows {
            RowsBy::Acquisition => None,
            RowsBy::Attribute(name) => Some(name.clone()),
        },
        cohorts: table
            .rows
            .iter()
            .enumerate()
            .map(|(row, cohort)| Row {
                cohort: cohort.label.clone(),
                size: cohort.size,
                left_censored: !table.compares(row),
                values: (0..cohort.cells.len())
                    .map(|age| table.value(metric, row, age))
                    .collect(),
                complete: (0..cohort.cells.len())
                    .take_while(|&age| table.state(row, age) == CellState::Complete)
                    .count(),
            })
            .collect(),
        weighted_mean: (0..table.ages)
            .map(|age| table.weighted_mean(metric, age))
            .collect(),
        orders_beyond: table.beyond.map(|beyond| beyond.orders),
    }
}

fn text(table: &CohortTable, metric: Metric) -> String {
    let ages: Vec<String> = (0..table.ages).map(|age| age.to_string()).collect();
    let mut columns = vec![("cohort", Column::Words), ("size", Column::Figures)];
    columns.extend(ages.iter().map(|age| (age.as_str(), Column::Figures)));
    let mut rows = Table::new(&columns);
    let mut running = false;
    for (row, cohort) in table.rows.iter().enumerate() {
        let dagger = if table.compares(row) { "" } else { " †" };
        let label = format!("{}{dagger}", cohort.label);
        let mut cells = vec![label, table::count(cohort.size)];
        for age in 0..cohort.cells.len() {
            let in_progress = table.state(row, age) == CellState::InProgress;
            running |= in_progress;
            let mark = if in_progress { "*" } else { "" };
            let value = table.value(metric, row, age);
            cells.push(format!("{}{mark}", written(metric, value)));
        }
        rows.row(cells);
    }
    let mut mean = vec!["mean".to_owned(), String::new()];
    mean.extend((0..table.ages).map(|age| written(metric, table.weighted_mean(metric, age))));
    rows.row(mean);
    let period = table.spec.period.noun();
    let mut text = format!(
        "{} by {period} since the first order, as of {}\n{}",
        metric.title(),
        iso(table.as_of),
        rows.render()
    );
    for said in [table.left_out(), table.cut_short()].into_iter().flatten() {
        let _ = writeln!(text, "  {said}");
    }
    if running {
        let _ = writeln!(text, "  * this {period} has not ended yet");
    }
    text
}

fn written(metric: Metric, value: Option<f64>) -> String {
    let Some(value) = value else {
        return "-".to_owned();
    };
    match metric {
        Metric::Retention => table::percent(value),
        Metric::Customers | Metric::Orders | Metric::Revenue => table::decimals(value, 0),
        Metric::RevenuePerCustomer | Metric::CumulativeLtv | Metric::Aov => table::money(value),
    }
}
