//! What the numbers say, in sentences, each with its number.

use super::{contents::Report, html::Html, words};
use analysis::cohorts::{CellState, CohortTable, Metric};
use pipeline::snapshot::Shop;

pub(super) fn section(page: &mut Html, report: &Report<'_>) {
    page.open_section("What stands out");
    page.raw("<ul>\n");
    for sentence in findings(report.shop, &report.project.currency) {
        page.tag("li", &sentence);
    }
    page.raw("</ul>\n");
    page.close_section();
}

/// What stands out in a shop, one full sentence each.
#[must_use]
pub fn findings(shop: &Shop, currency: &str) -> Vec<String> {
    [
        size(shop, currency),
        coming_back(shop),
        trend(shop),
        retention(&shop.cohorts),
        best(shop),
        segment(shop),
        not_kept(shop),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn size(shop: &Shop, currency: &str) -> Option<String> {
    let kpis = &shop.overview.kpis;
    (kpis.customers > 0).then(|| {
        format!(
            "{} placed {} and brought {} in net revenue: {} an order.",
            words::count_of(kpis.customers, "customer", "customers"),
            words::count_of(kpis.orders, "order", "orders"),
            words::money(kpis.net_revenue, currency),
            words::money(kpis.aov, currency),
        )
    })
}

fn coming_back(shop: &Shop) -> Option<String> {
    let kpis = &shop.overview.kpis;
    if kpis.customers == 0 {
        return None;
    }
    let gap = kpis.median_gap_days.map_or_else(String::new, |days| {
        format!(
            "; half of the repeat orders came within {} days of the one before",
            words::fixed(days, 0)
        )
    });
    Some(format!(
        "{} of the customers ordered more than once{gap}.",
        words::percent(kpis.repeat_rate)
    ))
}

fn trend(shop: &Shop) -> Option<String> {
    let trend = shop.overview.trend.as_ref()?;
    let change = trend.change(|window| window.revenue)?;
    let direction = if change < 0.0 { "less" } else { "more" };
    Some(format!(
        "The last {} days brought {} {direction} net revenue than the {} days before.",
        trend.window_days,
        words::percent(change.abs()),
        trend.window_days
    ))
}

fn retention(cohorts: &CohortTable) -> Option<String> {
    let noun = cohorts.spec.period.noun();
    let one = cohorts.weighted_mean(Metric::Retention, 1)?;
    let later = [12, 6, 3]
        .into_iter()
        .find_map(|age| Some((age, cohorts.weighted_mean(Metric::Retention, age)?)));
    let later = later.map_or_else(String::new, |(age, share)| {
        format!(", and {} {age} {noun}s after", words::percent(share))
    });
    let complete = (0..cohorts.rows.len())
        .filter(|&row| cohorts.state(row, 1) == CellState::Complete)
        .count();
    Some(format!(
        "On average {} of a cohort ordered again one {noun} after its first{later} (weighted by size, {} followed).",
        words::percent(one),
        words::count_of(complete as u64, "cohort", "cohorts"),
    ))
}

fn best(shop: &Shop) -> Option<String> {
    let value = &shop.details.as_ref()?.insights.value;
    let top = value
        .top
        .iter()
        .find(|top| (top.share - 0.2).abs() < 1e-9)?;
    Some(format!(
        "The best {} of the customers bring {} of the net revenue.",
        words::percent(top.share),
        words::percent(top.revenue_share?)
    ))
}

fn segment(shop: &Shop) -> Option<String> {
    let all = shop.segments.customers();
    let stats = shop
        .segments
        .stats
        .iter()
        .filter(|stats| stats.customers > 0);
    let largest = stats.max_by(|a, b| a.revenue.total_cmp(&b.revenue))?;
    Some(format!(
        "{} customers are {} of all and bring {} of the net revenue.",
        largest.name,
        words::percent(largest.customers as f64 / all as f64),
        words::percent(largest.revenue_share)
    ))
}

fn not_kept(shop: &Shop) -> Option<String> {
    let rate = shop.overview.kpis.return_rate?;
    Some(format!(
        "{} of the lines sold were cancelled or returned.",
        words::percent(rate)
    ))
}
