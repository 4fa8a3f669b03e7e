//! The Overview as one JSON object.

use serde::Serialize;

use super::{
    super::input::Shop,
    numbers::{Numbers, step_name},
};
use analysis::{
    breakdown::{Breakdown, Measure, Owner, Tally},
    calendar::CalendarRevenue,
    concentration::ValueDistribution,
    lifecycle::{Duration, Lifecycle},
    overview::Kpis,
    trust::Subject,
};
use data::day::{Period, iso};

#[derive(Serialize)]
pub(super) struct Answer {
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
    limits: Vec<LimitAnswer>,
}

#[derive(Serialize)]
struct LimitAnswer {
    /// The numbers it makes weak.
    subject: Subject,
    sentence: String,
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

/// Puts everything into the shape of the answer.
pub(super) fn answer(shop: &Shop, numbers: Numbers) -> Answer {
    let Numbers {
        overview,
        calendar,
        insights,
        limits,
    } = numbers;
    let limits = limits.into_iter().map(|limit| LimitAnswer {
        subject: limit.subject,
        sentence: limit.sentence,
    });
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
        limits: limits.collect(),
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
