//! `keepers overview`: every number of the Overview, unrounded as JSON or as tables for people.

use std::fmt::Write;

use clap::Args;
use serde::Serialize;

use super::{
    input::{Input, Shop},
    output::{self, CliError},
    table::{self, Column, Table},
};
use crate::{
    analysis::{
        breakdown::{Breakdown, Measure, Owner, Tally},
        calendar::{CalendarRevenue, calendar_revenue},
        concentration::ValueDistribution,
        customers::customers_as_of,
        insights::{Insights, insights},
        lifecycle::{Duration, Lifecycle},
        overview::{Kpis, Overview, overview},
    },
    data::{
        day::{Period, iso},
        monitor::Monitor,
        orders::Step,
    },
};

/// Print every number of the Overview: revenue over time and by vintage, top lists, order lifecycle,
/// customer value
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// How long a calendar period is
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(["week", "month", "quarter", "year"]), default_value = "month")]
    period: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer {
    name: String,
    as_of: String,
    period: Period,
    kpis: Headline,
    revenue: Vec<PeriodEntry>,
    orders_per_customer: Vec<u64>,
    gap_bin_days: u32,
    gap_histogram: Vec<u64>,
    calendar: CalendarAnswer,
    breakdowns: Vec<BreakdownAnswer>,
    lifecycle: LifecycleAnswer,
    value: ValueAnswer,
}

#[derive(Serialize)]
struct Headline {
    customers: u64,
    orders: u64,
    lines: u64,
    net_revenue: f64,
    revenue_without_customer: f64,
    aov: f64,
    one_time_share: f64,
    repeat_rate: f64,
    median_gap_days: Option<f64>,
    return_rate: Option<f64>,
    credit_share: Option<f64>,
}

#[derive(Serialize)]
struct PeriodEntry {
    period: String,
    revenue_new: f64,
    revenue_returning: f64,
    orders: u64,
    customers_new: u64,
    customers_returning: u64,
    complete: bool,
}

#[derive(Serialize)]
struct CalendarAnswer {
    cohort_period: Period,
    periods: Vec<String>,
    cohorts: Vec<LayerAnswer>,
    /// Credits of people without an order, per period.
    without_customer: Vec<f64>,
    legacy: Option<LegacyAnswer>,
}

#[derive(Serialize)]
struct LayerAnswer {
    cohort: String,
    and_before: bool,
    customers: u64,
    revenue: Vec<f64>,
}

#[derive(Serialize)]
struct LegacyAnswer {
    since: String,
    months: u32,
    revenue: f64,
    revenue_of_earlier_customers: f64,
}

#[derive(Serialize)]
struct BreakdownAnswer {
    column: String,
    of: &'static str,
    distinct: usize,
    /// By revenue, largest first.
    values: Vec<ValueRow>,
    /// What is beyond the ten largest, by each measure.
    other: Vec<OtherRow>,
    total: TallyAnswer,
}

#[derive(Serialize)]
struct ValueRow {
    value: String,
    #[serde(flatten)]
    tally: TallyAnswer,
}

#[derive(Serialize)]
struct OtherRow {
    ranked_by: &'static str,
    values: usize,
    #[serde(flatten)]
    tally: TallyAnswer,
}

#[derive(Serialize)]
struct TallyAnswer {
    revenue: f64,
    orders: u64,
    units: u64,
    customers: u64,
    sale_lines: u64,
    not_kept_lines: u64,
    return_rate: Option<f64>,
}

#[derive(Serialize)]
struct LifecycleAnswer {
    lines: u64,
    kept: u64,
    steps: Vec<StepAnswer>,
    status_column: String,
    outcomes: Vec<OutcomeAnswer>,
    why_nothing: Option<&'static str>,
}

#[derive(Serialize)]
struct StepAnswer {
    step: &'static str,
    lines: u64,
    lost_not_kept: u64,
    lost_other: u64,
    since_step_before: Option<DurationAnswer>,
    since_created: Option<DurationAnswer>,
}

#[derive(Serialize)]
struct DurationAnswer {
    lines: u64,
    median_days: f64,
    p90_days: f64,
    out_of_order: u64,
}

#[derive(Serialize)]
struct OutcomeAnswer {
    status: String,
    lines: u64,
    kept: u64,
    amount: f64,
}

#[derive(Serialize)]
struct ValueAnswer {
    customers: u64,
    revenue: f64,
    mean: f64,
    median: f64,
    without_value: u64,
    edges: Vec<f64>,
    counts: Vec<u64>,
    top: Vec<TopAnswer>,
    curve: Vec<f64>,
    customers_for_half: Option<u64>,
}

#[derive(Serialize)]
struct TopAnswer {
    share: f64,
    customers: u64,
    revenue: f64,
    revenue_share: Option<f64>,
}

/// Everything the verb prints.
struct Numbers {
    overview: Overview,
    calendar: CalendarRevenue,
    insights: Insights,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let shop = arguments.input.open_history("Overview figures")?;
    let period = match arguments.period.as_str() {
        "week" => Period::Week,
        "quarter" => Period::Quarter,
        "year" => Period::Year,
        _ => Period::Month,
    };
    let orders = &*shop.dataset.orders;
    let customers = customers_as_of(orders, shop.as_of);
    let numbers = Numbers {
        overview: overview(orders, &customers, period),
        calendar: calendar_revenue(orders, &customers, period),
        insights: insights(orders, &customers, &Monitor::silent())
            .map_err(|cancelled| CliError::Input(cancelled.to_string()))?,
    };
    if arguments.json {
        output::print_json(&answer(&shop, numbers))
    } else {
        output::print(&text(&shop, &numbers))
    }
}

fn answer(shop: &Shop, numbers: Numbers) -> Answer {
    let Numbers {
        overview,
        calendar,
        insights,
    } = numbers;
    Answer {
        name: shop.dataset.name.clone(),
        as_of: iso(shop.as_of),
        period: overview.period,
        kpis: headline(&overview.kpis),
        revenue: overview
            .series
            .iter()
            .map(|entry| PeriodEntry {
                period: entry.label.clone(),
                revenue_new: entry.revenue_new,
                revenue_returning: entry.revenue_returning,
                orders: entry.orders,
                customers_new: entry.customers_new,
                customers_returning: entry.customers_returning,
                complete: entry.complete,
            })
            .collect(),
        orders_per_customer: overview.orders_per_customer,
        gap_bin_days: overview.gap_bin_days,
        gap_histogram: overview.gap_histogram,
        calendar: calendar_answer(calendar),
        breakdowns: insights.breakdowns.into_iter().map(breakdown).collect(),
        lifecycle: lifecycle(insights.lifecycle),
        value: value(insights.value),
    }
}

fn headline(kpis: &Kpis) -> Headline {
    Headline {
        customers: kpis.customers,
        orders: kpis.orders,
        lines: kpis.lines,
        net_revenue: kpis.net_revenue,
        revenue_without_customer: kpis.revenue_without_customer,
        aov: kpis.aov,
        one_time_share: kpis.one_time_share,
        repeat_rate: kpis.repeat_rate,
        median_gap_days: kpis.median_gap_days,
        return_rate: kpis.return_rate,
        credit_share: kpis.credit_share,
    }
}

fn calendar_answer(calendar: CalendarRevenue) -> CalendarAnswer {
    let label = |place: usize| calendar.period.label(calendar.first + place as i32);
    CalendarAnswer {
        cohort_period: calendar.layer_period,
        periods: (0..calendar.periods).map(label).collect(),
        cohorts: calendar
            .layers
            .into_iter()
            .map(|layer| LayerAnswer {
                cohort: calendar.layer_period.label(layer.key),
                and_before: layer.and_before,
                customers: layer.customers,
                revenue: layer.revenue,
            })
            .collect(),
        without_customer: calendar.without_customer,
        legacy: calendar.legacy.map(|legacy| LegacyAnswer {
            since: iso(legacy.since),
            months: legacy.months,
            revenue: legacy.revenue,
            revenue_of_earlier_customers: legacy.revenue_of_earlier,
        }),
    }
}

fn tally(tally: &Tally) -> TallyAnswer {
    TallyAnswer {
        revenue: tally.revenue,
        orders: tally.orders,
        units: tally.units,
        customers: tally.customers,
        sale_lines: tally.sale_lines,
        not_kept_lines: tally.not_kept_lines,
        return_rate: tally.return_rate(),
    }
}

fn breakdown(breakdown: Breakdown) -> BreakdownAnswer {
    let other = Measure::ALL.into_iter().filter_map(|measure| {
        let (values, other) = breakdown.ranking(measure).other?;
        Some(OtherRow {
            ranked_by: measure.name(),
            values,
            tally: tally(&other),
        })
    });
    BreakdownAnswer {
        other: other.collect(),
        column: breakdown.name,
        of: match breakdown.owner {
            Owner::Line => "lines",
            Owner::Customer => "customers",
        },
        distinct: breakdown.distinct,
        values: breakdown
            .groups
            .into_iter()
            .map(|group| ValueRow {
                tally: tally(&group.tally),
                value: group.value,
            })
            .collect(),
        total: tally(&breakdown.total),
    }
}

fn step_name(step: Option<Step>) -> &'static str {
    match step {
        None => "created",
        Some(Step::Shipped) => "shipped",
        Some(Step::Delivered) => "delivered",
        Some(Step::Returned) => "returned",
    }
}

fn lifecycle(lifecycle: Lifecycle) -> LifecycleAnswer {
    let duration = |duration: Duration| DurationAnswer {
        lines: duration.lines,
        median_days: duration.median_days,
        p90_days: duration.p90_days,
        out_of_order: duration.out_of_order,
    };
    LifecycleAnswer {
        lines: lifecycle.lines,
        kept: lifecycle.kept,
        steps: lifecycle
            .steps
            .into_iter()
            .map(|step| StepAnswer {
                step: step_name(step.step),
                lines: step.lines,
                lost_not_kept: step.not_kept,
                lost_other: step.open,
                since_step_before: step.since_step_before.map(duration),
                since_created: step.since_created.map(duration),
            })
            .collect(),
        status_column: lifecycle.status_column,
        outcomes: lifecycle
            .outcomes
            .into_iter()
            .map(|outcome| OutcomeAnswer {
                status: outcome.status,
                lines: outcome.lines,
                kept: outcome.kept,
                amount: outcome.amount,
            })
            .collect(),
        why_nothing: lifecycle.silent,
    }
}

fn value(value: ValueDistribution) -> ValueAnswer {
    ValueAnswer {
        customers: value.customers,
        revenue: value.revenue,
        mean: value.mean,
        median: value.median,
        without_value: value.without_value,
        edges: value.edges,
        counts: value.counts,
        top: value
            .top
            .into_iter()
            .map(|top| TopAnswer {
                share: top.share,
                customers: top.customers,
                revenue: top.revenue,
                revenue_share: top.revenue_share,
            })
            .collect(),
        curve: value.curve,
        customers_for_half: value.customers_for_half,
    }
}

fn text(shop: &Shop, numbers: &Numbers) -> String {
    let kpis = &numbers.overview.kpis;
    let mut head = Table::list();
    head.entry("customers", table::count(kpis.customers));
    head.entry("orders", table::count(kpis.orders));
    head.entry("net revenue", table::money(kpis.net_revenue));
    head.entry("average order value", table::money(kpis.aov));
    head.entry("repeat rate", table::percent(kpis.repeat_rate));
    if let Some(rate) = kpis.return_rate {
        head.entry("return rate", table::percent(rate));
    }
    let mut text = format!(
        "{}, as of {}\n{}",
        shop.dataset.name,
        iso(shop.as_of),
        head.render()
    );
    text.push_str(&value_text(&numbers.insights.value));
    text.push_str(&calendar_text(&numbers.calendar));
    for breakdown in &numbers.insights.breakdowns {
        text.push_str(&breakdown_text(breakdown));
    }
    text.push_str(&lifecycle_text(&numbers.insights.lifecycle));
    text
}

fn value_text(value: &ValueDistribution) -> String {
    let mut rows = Table::new(&[
        ("best customers", Column::Words),
        ("customers", Column::Figures),
        ("revenue", Column::Figures),
        ("share", Column::Figures),
    ]);
    for top in &value.top {
        rows.row([
            format!("top {:.0} %", top.share * 100.0),
            table::count(top.customers),
            table::money(top.revenue),
            table::percent(top.revenue_share.unwrap_or(f64::NAN)),
        ]);
    }
    format!("\nCustomer value\n{}", rows.render())
}

fn calendar_text(calendar: &CalendarRevenue) -> String {
    let mut rows = Table::new(&[
        ("first order in", Column::Words),
        ("customers", Column::Figures),
        ("revenue so far", Column::Figures),
    ]);
    for layer in &calendar.layers {
        let before = if layer.and_before { " and before" } else { "" };
        rows.row([
            format!("{}{before}", calendar.layer_period.label(layer.key)),
            table::count(layer.customers),
            table::money(layer.revenue.iter().sum()),
        ]);
    }
    let mut text = format!("\nRevenue by vintage\n{}", rows.render());
    if let Some((legacy, share)) = calendar.legacy.and_then(|it| Some((it, it.share()?))) {
        let _ = writeln!(
            text,
            "  Customers won before {} brought {} of the revenue of the {} months that follow.",
            iso(legacy.since),
            table::percent(share),
            legacy.months
        );
    }
    text
}

fn breakdown_text(breakdown: &Breakdown) -> String {
    let mut rows = Table::new(&[
        (&breakdown.name, Column::Words),
        ("revenue", Column::Figures),
        ("share", Column::Figures),
        ("orders", Column::Figures),
        ("units", Column::Figures),
        ("customers", Column::Figures),
        ("not kept", Column::Figures),
    ]);
    let ranking = breakdown.ranking(Measure::Revenue);
    let named = ranking.top.iter().map(|&place| {
        let group = &breakdown.groups[place];
        let name = if group.value.is_empty() {
            "(missing)".to_owned()
        } else {
            group.value.clone()
        };
        (name, &group.tally)
    });
    let other = ranking
        .other
        .iter()
        .map(|(values, tally)| (format!("Other ({values})"), tally));
    for (name, tally) in named.chain(other) {
        let share = breakdown.share(tally, Measure::Revenue);
        rows.row([
            name,
            table::money(tally.revenue),
            table::percent(share.unwrap_or(f64::NAN)),
            table::count(tally.orders),
            table::count(tally.units),
            table::count(tally.customers),
            table::percent(tally.return_rate().unwrap_or(f64::NAN)),
        ]);
    }
    format!("\nBy {}\n{}", breakdown.name, rows.render())
}

fn lifecycle_text(lifecycle: &Lifecycle) -> String {
    if let Some(why) = lifecycle.silent {
        return format!("\nOrder lifecycle\n  {why}\n");
    }
    let mut text = "\nOrder lifecycle (order lines)\n".to_owned();
    if !lifecycle.steps.is_empty() {
        text.push_str(&steps_text(lifecycle));
    }
    let mut rows = Table::new(&[
        ("status", Column::Words),
        ("lines", Column::Figures),
        ("share", Column::Figures),
        ("kept", Column::Figures),
        ("amount", Column::Figures),
    ]);
    for outcome in &lifecycle.outcomes {
        rows.row([
            outcome.status.clone(),
            table::count(outcome.lines),
            table::percent(outcome.lines as f64 / lifecycle.lines as f64),
            table::count(outcome.kept),
            table::money(outcome.amount),
        ]);
    }
    if !lifecycle.outcomes.is_empty() {
        text.push_str(&rows.render());
    }
    let _ = writeln!(
        text,
        "  {} of {} lines kept",
        table::count(lifecycle.kept),
        table::count(lifecycle.lines)
    );
    text
}

fn steps_text(lifecycle: &Lifecycle) -> String {
    let mut rows = Table::new(&[
        ("step", Column::Words),
        ("lines", Column::Figures),
        ("share", Column::Figures),
        ("median days", Column::Figures),
        ("90 % within", Column::Figures),
    ]);
    for step in &lifecycle.steps {
        let days = |of: fn(Duration) -> f64| {
            step.since_step_before
                .map_or_else(String::new, |days| table::decimals(of(days), 1))
        };
        rows.row([
            step_name(step.step).to_owned(),
            table::count(step.lines),
            table::percent(step.lines as f64 / lifecycle.lines as f64),
            days(|days| days.median_days),
            days(|days| days.p90_days),
        ]);
    }
    rows.render()
}
