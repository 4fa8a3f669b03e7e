//! The sections of the report: headline figures, revenue, cohorts, segments, value, lists, quality.

use super::{
    charts,
    contents::Report,
    html::{Cell, Html, figure, words as text},
    words,
};
use crate::lists::effect_name;
use analysis::{
    cohorts::{CellState, Metric},
    overview::PeriodRevenue,
};
use pipeline::snapshot::Shop;

/// Ages of a cohort table that fit a page.
const AGES: usize = 13;

pub(super) fn kpis(page: &mut Html, shop: &Shop) {
    let kpis = &shop.overview.kpis;
    page.open_section("Headline figures");
    page.raw("<div class=\"kpis\">\n");
    let whole = |value: u64| (words::integer(value), Some(value as f64));
    let share = |value: Option<f64>| (value.map_or_else(|| "–".to_owned(), words::percent), value);
    let money = |value: f64| (words::money(value, ""), Some(value));
    let days = kpis.median_gap_days;
    for (name, key, (shown, raw)) in [
        ("Customers", "customers", whole(kpis.customers)),
        ("Orders", "orders", whole(kpis.orders)),
        ("Net revenue", "net_revenue", money(kpis.net_revenue)),
        ("Average order value", "aov", money(kpis.aov)),
        (
            "One-time customers",
            "one_time_share",
            share(Some(kpis.one_time_share)),
        ),
        ("Repeat rate", "repeat_rate", share(Some(kpis.repeat_rate))),
        (
            "Median days between orders",
            "median_gap_days",
            (
                days.map_or_else(|| "–".to_owned(), |days| words::fixed(days, 0)),
                days,
            ),
        ),
        (
            "Cancelled or returned",
            "return_rate",
            share(kpis.return_rate),
        ),
    ] {
        page.figure_row(name, key, &shown, raw);
    }
    page.raw("</div>\n");
    page.close_section();
}

pub(super) fn revenue(page: &mut Html, report: &Report<'_>) {
    let series = &report.shop.overview.series;
    let period = report.shop.overview.period.noun();
    page.open_section("Revenue");
    let all: f64 = series.iter().map(PeriodRevenue::revenue).sum();
    let returning: f64 = series.iter().map(|period| period.revenue_returning).sum();
    page.finding(&format!(
        "Over the whole time, returning customers brought {} of the net revenue.",
        words::percent(returning / all)
    ));
    if let Some(said) = report.shop.overview.longer_periods() {
        page.finding(&said);
    }
    charts::figure(page, report.charts, "revenue_over_time");
    // What sells, where and by which way: one chart per column of the orders, as the Overview has them.
    let charts = report.charts.iter();
    for chart in charts.filter(|chart| chart.name.starts_with("by_")) {
        charts::figure(page, report.charts, &chart.name);
    }
    page.open_details(&format!("Every {period} in figures"));
    let rows: Vec<Vec<Cell>> = series
        .iter()
        .map(|period| {
            let open = if period.complete { "" } else { " (not ended)" };
            vec![
                text(format!("{}{open}", period.label)),
                figure(words::money(period.revenue(), "")),
                figure(words::integer(period.orders)),
                figure(words::integer(period.customers_new)),
                figure(words::integer(period.customers_returning)),
            ]
        })
        .collect();
    let titles = [
        (period, false),
        ("net revenue", true),
        ("orders", true),
        ("new customers", true),
        ("returning customers", true),
    ];
    page.table(&titles, &rows);
    page.close_details();
    page.close_section();
}

pub(super) fn cohorts(page: &mut Html, report: &Report<'_>) {
    let cohorts = &report.shop.cohorts;
    let metric = report.project.cohort_metric;
    let noun = cohorts.spec.period.noun();
    page.open_section(&format!("{} by cohort", metric.title()));
    charts::figure(page, report.charts, "cohort_curves");
    for said in [cohorts.left_out(), cohorts.cut_short()]
        .into_iter()
        .flatten()
    {
        page.finding(&said);
    }
    page.finding(&format!(
        "A row holds the customers who first ordered in that {noun}; a column is {noun}s later. * has not ended yet."
    ));
    let ages = cohorts.ages.min(AGES);
    // Everyone of a cohort orders in its first period: that column says nothing of retention.
    let first = usize::from(metric == Metric::Retention);
    let names: Vec<String> = (first..ages).map(|age| age.to_string()).collect();
    let mut titles = vec![("cohort", false), ("customers", true)];
    titles.extend(names.iter().map(|name| (name.as_str(), true)));
    let domain = cohorts.colour_domain(metric);
    let rows: Vec<Vec<Cell>> = cohorts
        .rows
        .iter()
        .enumerate()
        .map(|(row, cohort)| {
            let dagger = if cohorts.compares(row) { "" } else { " †" };
            let label = format!("{}{dagger}", cohort.label);
            let mut cells = vec![text(label), figure(words::integer(cohort.size))];
            cells.extend((first..ages).map(|age| {
                let begun = age < cohort.cells.len();
                let value = begun.then(|| cohorts.value(metric, row, age)).flatten();
                let running = begun && cohorts.state(row, age) == CellState::InProgress;
                let mark = if running { "*" } else { "" };
                let shown = value.map_or_else(String::new, |value| written(metric, value));
                let heat = value.zip(domain).filter(|_| age > 0 && !running);
                Cell {
                    heat: heat.map(|(value, (low, high))| {
                        if high > low {
                            0.05 + 0.8 * (value - low) / (high - low)
                        } else {
                            0.4
                        }
                    }),
                    ..figure(format!("{shown}{mark}"))
                }
            }));
            cells
        })
        .collect();
    page.table(&titles, &rows);
    page.close_section();
}

fn written(metric: Metric, value: f64) -> String {
    match metric {
        Metric::Retention => words::percent(value),
        Metric::Customers | Metric::Orders | Metric::Revenue => words::fixed(value, 0),
        Metric::RevenuePerCustomer | Metric::CumulativeLtv | Metric::Aov => words::fixed(value, 2),
    }
}

pub(super) fn segments(page: &mut Html, report: &Report<'_>) {
    let shop = report.shop;
    let stats = &shop.segments.stats;
    let all = shop.segments.customers();
    page.open_section("Segments");
    charts::figure(page, report.charts, "segment_bubbles");
    let rows: Vec<Vec<Cell>> = stats
        .iter()
        .map(|stats| {
            vec![
                text(&*stats.name).marked(stats.style),
                figure(words::integer(stats.customers)),
                figure(words::percent(stats.customers as f64 / all as f64)),
                figure(words::money(stats.revenue, "")),
                figure(words::percent(stats.revenue_share)),
                figure(words::fixed(stats.recency_days, 0)),
                figure(words::fixed(stats.frequency, 1)),
                figure(words::money(stats.monetary, "")),
                figure(words::money(stats.aov, "")),
            ]
        })
        .collect();
    let titles = [
        ("segment", false),
        ("customers", true),
        ("share", true),
        ("net revenue", true),
        ("share", true),
        ("days since last order, mean", true),
        ("orders, mean", true),
        ("revenue, mean", true),
        ("average order value", true),
    ];
    page.table(&titles, &rows);
    page.close_section();
}

pub(super) fn value(page: &mut Html, report: &Report<'_>) {
    let Some(details) = &report.shop.details else {
        return;
    };
    let value = &details.insights.value;
    if value.curve.len() < 2 {
        return;
    }
    page.open_section("How unequal customers are");
    charts::figure(page, report.charts, "revenue_of_best_customers");
    page.open_details("In figures");
    let rows: Vec<Vec<Cell>> = value
        .top
        .iter()
        .map(|top| {
            let share = top.revenue_share;
            vec![
                text(format!("best {}", words::percent(top.share))),
                figure(words::integer(top.customers)),
                figure(words::money(top.revenue, "")),
                figure(share.map_or_else(|| "–".to_owned(), words::percent)),
            ]
        })
        .collect();
    let titles = [
        ("customers", false),
        ("how many", true),
        ("net revenue", true),
        ("share", true),
    ];
    page.table(&titles, &rows);
    page.close_details();
    page.close_section();
}

pub(super) fn quality(page: &mut Html, shop: &Shop) {
    let quality = &shop.dataset.quality;
    page.open_section("Data quality");
    page.finding(&format!(
        "{} read = {} kept + {} left out by the rules below. Nothing is dropped silently.",
        words::count_of(quality.rows_read, "row", "rows"),
        words::integer(quality.rows_kept),
        words::integer(quality.rows_read - quality.rows_kept),
    ));
    for limit in shop.limits.iter() {
        page.tag("p", &limit.sentence);
    }
    let rows: Vec<Vec<Cell>> = quality
        .rules
        .iter()
        .filter(|rule| rule.rows > 0)
        .map(|rule| {
            vec![
                text(&*rule.explanation).long(),
                text(effect_name(rule.effect)),
                figure(words::integer(rule.rows)),
                figure(words::money(rule.amount, "")),
            ]
        })
        .collect();
    let titles = [
        ("rule", false),
        ("effect", false),
        ("rows", true),
        ("amount", true),
    ];
    if rows.is_empty() {
        page.tag("p", "No rule met a row.");
    } else {
        page.table(&titles, &rows);
    }
    page.close_section();
}
