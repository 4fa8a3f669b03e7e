//! The Overview as tables for people.

use std::fmt::Write;

use super::{
    super::{
        input::Shop,
        table::{self, Column, Table},
    },
    numbers::{Numbers, step_name},
};
use analysis::{
    breakdown::{Breakdown, Measure},
    calendar::CalendarRevenue,
    concentration::ValueDistribution,
    lifecycle::{Duration, Lifecycle},
};
use data::day::iso;

/// Headline numbers, customer value, vintages, lists and lifecycle below each other.
pub(super) fn text(shop: &Shop, numbers: &Numbers) -> String {
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
    if let Some(said) = numbers.overview.longer_periods() {
        let _ = writeln!(text, "  {said}");
    }
    for limit in &numbers.limits {
        let _ = writeln!(text, "  {}", limit.sentence);
    }
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
    let counts_units = breakdown.total.units > 0;
    let mut columns = vec![
        (breakdown.name.as_str(), Column::Words),
        ("revenue", Column::Figures),
        ("share", Column::Figures),
        ("orders", Column::Figures),
        ("customers", Column::Figures),
        ("not kept", Column::Figures),
    ];
    if counts_units {
        columns.push(("units", Column::Figures));
    }
    let mut rows = Table::new(&columns);
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
        let mut cells = vec![
            name,
            table::money(tally.revenue),
            table::percent(share.unwrap_or(f64::NAN)),
            table::count(tally.orders),
            table::count(tally.customers),
            table::percent(tally.return_rate().unwrap_or(f64::NAN)),
        ];
        if counts_units {
            cells.push(table::count(tally.units));
        }
        rows.row(cells);
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
