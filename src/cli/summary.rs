//! `keepers summary`: the headline numbers of a shop and what happened to its rows.

use std::{fmt::Write, time::Instant};

use clap::Args;
use serde::Serialize;

use super::{
    input::{Input, Shop},
    output::{self, CliError},
    table::{self, Table},
    understood::{self, Understood},
};
use analysis::{
    cohort_build::cohorts,
    customers::{Customers, customers_as_of},
    overview::Kpis,
    overview_build::overview,
    rfm::score,
    segmenting::segment_orders,
};
use data::dataset::quality::Effect;
use data::day::{Day, Period, iso};

/// Print customers, orders, revenue and what happened to the rows
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Also score customers, form segments and follow cohorts, and tell how long each stage took
    #[arg(long)]
    full: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Summary {
    name: String,
    shape: &'static str,
    as_of: String,
    /// Rows and columns of a customer table.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<usize>,
    customers: u64,
    orders: u64,
    lines: u64,
    net_revenue: f64,
    aov: f64,
    repeat_rate: f64,
    one_time_share: f64,
    median_gap_days: Option<f64>,
    return_rate: Option<f64>,
    first_order: Option<String>,
    last_order: Option<String>,
    rows_read: u64,
    rows_kept: u64,
    quality: Vec<QualityEntry>,
    remarks: Vec<String>,
    #[serde(flatten)]
    understood: Understood,
    #[serde(flatten)]
    full: Option<Full>,
}

/// What one cleaning rule met.
#[derive(Serialize)]
struct QualityEntry {
    rule: String,
    rows: u64,
    effect: Effect,
    amount: f64,
    explanation: String,
}

/// What `--full` adds.
#[derive(Serialize)]
struct Full {
    segments: Vec<Count>,
    cohorts: usize,
    stages: Vec<StageTime>,
    /// Most memory the process ever held; absent where the system does not tell.
    peak_memory_bytes: Option<u64>,
}

#[derive(Serialize)]
struct Count {
    name: String,
    customers: u64,
}

#[derive(Serialize)]
struct StageTime {
    stage: &'static str,
    seconds: f64,
}

/// Runs stages and keeps their times.
#[derive(Default)]
struct Clock(Vec<StageTime>);

impl Clock {
    fn time<T>(&mut self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let result = work();
        self.0.push(StageTime {
            stage,
            seconds: begin.elapsed().as_secs_f64(),
        });
        result
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let summary = summarise(&arguments.input, arguments.full)?;
    if arguments.json {
        output::print_json(&summary)
    } else {
        output::print(&text(&summary))
    }
}

/// Prints the summary for people: what the bare command does where there is no display.
pub(super) fn print(input: &Input) -> Result<(), CliError> {
    output::print(&text(&summarise(input, false)?))
}

fn summarise(input: &Input, full: bool) -> Result<Summary, CliError> {
    let mut clock = Clock::default();
    let begin = Instant::now();
    let shop = clock.time("load", || input.open())?;
    let orders = &*shop.dataset.orders;
    let customers = clock.time("customers", || customers_as_of(orders, shop.as_of));
    let full = full.then(|| complete(&shop, &customers, &mut clock));
    let numbers = clock.time("overview", || overview(orders, &customers, Period::Month));
    let full = full.map(|(segments, cohorts)| {
        let mut stages = clock.0;
        stages.push(StageTime {
            stage: "total",
            seconds: begin.elapsed().as_secs_f64(),
        });
        Full {
            segments,
            cohorts,
            stages,
            peak_memory_bytes: peak_memory_bytes(),
        }
    });
    Ok(assemble(&shop, &customers, &numbers.kpis, full))
}

/// Scores, segments and cohorts; returns segment sizes and the number of cohorts.
fn complete(shop: &Shop, customers: &Customers, clock: &mut Clock) -> (Vec<Count>, usize) {
    let orders = &*shop.dataset.orders;
    let scores = clock.time("rfm", || score(customers, shop.project.ties));
    let segments = clock.time("segments", || {
        segment_orders(orders, customers, &scores, shop.project.rule_list())
    });
    let table = clock.time("cohorts", || {
        cohorts(orders, shop.as_of, &shop.project.cohorts)
    });
    let sizes = segments.stats.into_iter().map(|stats| Count {
        name: stats.name,
        customers: stats.customers,
    });
    (sizes.collect(), table.rows.len())
}

fn assemble(shop: &Shop, customers: &Customers, kpis: &Kpis, full: Option<Full>) -> Summary {
    let having_ordered = || (0..customers.len()).filter(|&customer| customers.exists(customer));
    let first = having_ordered().map(|customer| customers.first_day[customer]);
    let last = having_ordered().map(|customer| customers.last_day[customer]);
    let written = |day: Option<Day>| day.map(iso);
    let quality = &shop.dataset.quality;
    let has_orders = shop.dataset.shape.has_orders();
    let flat = shop.dataset.tables.first().filter(|_| !has_orders);
    Summary {
        name: shop.dataset.name.clone(),
        shape: shop.dataset.shape.name(),
        as_of: iso(shop.as_of),
        rows: flat.map(|table| table.rows),
        columns: flat.map(|table| table.columns.len()),
        customers: flat.map_or(kpis.customers, |table| table.rows as u64),
        orders: kpis.orders,
        lines: kpis.lines,
        net_revenue: kpis.net_revenue,
        aov: kpis.aov,
        repeat_rate: kpis.repeat_rate,
        one_time_share: kpis.one_time_share,
        median_gap_days: kpis.median_gap_days,
        return_rate: kpis.return_rate,
        first_order: written(first.min()),
        last_order: written(last.max()),
        rows_read: quality.rows_read,
        rows_kept: quality.rows_kept,
        quality: quality
            .rules
            .iter()
            .map(|rule| QualityEntry {
                rule: rule.rule.clone(),
                rows: rule.rows,
                effect: rule.effect,
                amount: rule.amount,
                explanation: rule.explanation.clone(),
            })
            .collect(),
        remarks: shop.dataset.remarks.clone(),
        understood: Understood::of(&shop.dataset.understanding),
        full,
    }
}

fn text(summary: &Summary) -> String {
    let mut list = Table::list();
    list.entry("Customers", table::count(summary.customers));
    if let Some(columns) = summary.columns {
        list.entry("Columns", table::count(columns as u64));
        return with_rows(summary, &list);
    }
    list.entry("Orders", table::count(summary.orders));
    list.entry("Order lines", table::count(summary.lines));
    list.entry("Net revenue", table::money(summary.net_revenue));
    list.entry("Average order value", table::money(summary.aov));
    list.entry("Repeat rate", table::percent(summary.repeat_rate));
    if let Some(days) = summary.median_gap_days {
        list.entry("Median days between orders", table::decimals(days, 0));
    }
    if let Some(rate) = summary.return_rate {
        list.entry("Lines not kept", table::percent(rate));
    }
    let day = |day: &Option<String>| day.clone().unwrap_or_else(|| "-".to_owned());
    list.entry("First order", day(&summary.first_order));
    list.entry("Last order", day(&summary.last_order));
    with_rows(summary, &list)
}

/// The figures, and below them what happened to the rows.
fn with_rows(summary: &Summary, list: &Table) -> String {
    let mut text = format!(
        "{} ({}), as of {}\n{}",
        summary.name,
        summary.shape,
        summary.as_of,
        list.render()
    );
    let _ = writeln!(
        text,
        "
Rows: {} read, {} kept",
        table::count(summary.rows_read),
        table::count(summary.rows_kept)
    );
    let mut rules = Table::list();
    for rule in &summary.quality {
        rules.entry(&rule.rule, table::count(rule.rows));
    }
    text.push_str(&rules.render());
    for remark in &summary.remarks {
        let _ = writeln!(text, "  {remark}");
    }
    text.push_str(&understood::text(&summary.understood));
    if let Some(full) = &summary.full {
        text.push_str(&full_text(full));
    }
    text
}

fn full_text(full: &Full) -> String {
    let mut segments = Table::list();
    for segment in &full.segments {
        segments.entry(&segment.name, table::count(segment.customers));
    }
    let mut stages = Table::list();
    for stage in &full.stages {
        stages.entry(stage.stage, format!("{:.3} s", stage.seconds));
    }
    if let Some(bytes) = full.peak_memory_bytes {
        let mebibytes = bytes as f64 / f64::from(1 << 20);
        stages.entry(
            "peak memory",
            format!("{} MiB", table::decimals(mebibytes, 0)),
        );
    }
    format!(
        "\nSegments (customers)\n{}\nMonthly cohorts: {}\n\nTime of each stage\n{}",
        segments.render(),
        full.cohorts,
        stages.render()
    )
}

/// `VmHWM` of Linux: the largest resident set so far.
fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
