//! Display data of the Overview: KPI cards, chart series and their sentences, without egui.

use super::spread::{Histogram, gaps, orders_per_customer, short};
use crate::{
    chart::{Sheet, Tip, Unit, sheet},
    format,
    widgets::kpi::{Change, Kpi, Welcome},
};
use analysis::overview::{Overview, PeriodRevenue, Window};
use data::day::Period;

/// Periods a sparkline shows at most.
const SPARK_PERIODS: usize = 24;

/// Everything the view draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub kpis: Vec<Kpi>,
    pub revenue: Revenue,
    pub orders: Histogram,
    pub gaps: Histogram,
}

/// Revenue over time, new and returning.
#[derive(Clone, Debug, PartialEq)]
pub struct Revenue {
    pub finding: String,
    /// "Jan 1997"…
    pub labels: Vec<String>,
    pub new: Vec<f64>,
    pub returning: Vec<f64>,
    /// Periods that have not ended by S.
    pub in_progress: Vec<bool>,
    /// A period that begins a year: its label must stand.
    pub anchor: usize,
    pub period: Period,
    currency: String,
    pub(super) series: Vec<PeriodRevenue>,
}

impl Page {
    #[must_use]
    pub fn build(overview: &Overview, currency: &str) -> Self {
        Self {
            kpis: kpis(overview, currency),
            revenue: revenue(overview, currency),
            orders: orders_per_customer(overview),
            gaps: gaps(overview),
        }
    }
}

impl Revenue {
    #[must_use]
    pub fn unit(&self) -> Unit<'_> {
        Unit::Money(&self.currency)
    }

    /// "Net revenue per month (€)"
    #[must_use]
    pub fn value_title(&self) -> String {
        value_title(self.period, &self.currency)
    }

    /// The read-out of a period; its first row is the returning customers', the second the new ones'.
    #[must_use]
    pub fn tip(&self, index: usize) -> Tip {
        let Some(period) = self.series.get(index) else {
            return Tip::default();
        };
        let money = |value: f64| format::money(value, &self.currency);
        let customers = |count: u64| format::count(count, "customer", "customers");
        let mut tip = Tip::new(self.labels[index].clone())
            .row(
                None,
                format!("Returning · {}", customers(period.customers_returning)),
                money(period.revenue_returning),
            )
            .row(
                None,
                format!("New · {}", customers(period.customers_new)),
                money(period.revenue_new),
            )
            .total("Net revenue", money(period.revenue()))
            .row(None, "Orders", format::integer(period.orders));
        if !period.complete {
            tip = tip.note(format!("This {} is still in progress.", self.period.noun()));
        }
        tip
    }

    #[must_use]
    pub fn sheet(&self) -> Sheet {
        let mut sheet = Sheet::new(&[
            self.period.noun(),
            "revenue_new",
            "revenue_returning",
            "orders",
            "customers_new",
            "customers_returning",
            "complete",
        ]);
        for period in &self.series {
            sheet.push(vec![
                period.label.clone(),
                sheet::cell(Some(period.revenue_new)),
                sheet::cell(Some(period.revenue_returning)),
                period.orders.to_string(),
                period.customers_new.to_string(),
                period.customers_returning.to_string(),
                period.complete.to_string(),
            ]);
        }
        sheet
    }
}

/// Complete periods, oldest first, at most [`SPARK_PERIODS`].
fn spark(overview: &Overview, of: impl Fn(&PeriodRevenue) -> Option<f64>) -> Vec<f64> {
    let complete: Vec<f64> = overview
        .series
        .iter()
        .filter(|period| period.complete)
        .filter_map(of)
        .collect();
    complete[complete.len().saturating_sub(SPARK_PERIODS)..].to_vec()
}

fn change(overview: &Overview, of: impl Fn(&Window) -> f64) -> Option<Change> {
    let trend = overview.trend?;
    Some(Change {
        ratio: trend.change(of)?,
        against: format!("vs prior {} days", trend.window_days),
        welcome: Welcome::Rise,
    })
}

fn kpis(overview: &Overview, currency: &str) -> Vec<Kpi> {
    let kpis = &overview.kpis;
    let one_time = (kpis.one_time_share * kpis.customers as f64).round() as u64;
    let repeat = (kpis.repeat_rate * kpis.customers as f64).round() as u64;
    let of_all = |count: u64, did: &str| {
        format!(
            "{} of {} {did}",
            format::integer(count),
            format::integer(kpis.customers)
        )
    };
    let mut cards = volume_kpis(overview, currency);
    cards.push(Kpi {
        label: "One-time customers".to_owned(),
        figure: format::percent(kpis.one_time_share),
        definition: "Customers with exactly one order ÷ all customers.".to_owned(),
        change: None,
        note: of_all(one_time, "ordered once"),
        spark: Vec::new(),
    });
    cards.push(Kpi {
        label: "Repeat rate".to_owned(),
        figure: format::percent(kpis.repeat_rate),
        definition: "Customers with two or more orders ÷ all customers.".to_owned(),
        change: None,
        note: of_all(repeat, "came back"),
        spark: Vec::new(),
    });
    cards.extend(gap_kpi(overview));
    cards.extend(return_kpi(overview));
    cards
}

fn gap_kpi(overview: &Overview) -> Option<Kpi> {
    let days = overview.kpis.median_gap_days?;
    Some(Kpi {
        label: "Days between orders".to_owned(),
        figure: format!("{} days", short(days)),
        definition:
            "The median gap between two purchase days of the same customer that follow each \
                     other: half of all gaps are shorter."
                .to_owned(),
        change: None,
        note: "median: half come sooner".to_owned(),
        spark: Vec::new(),
    })
}

/// Cancelled and returned lines, or credits, whichever way the shop says "not kept".
fn return_kpi(overview: &Overview) -> Option<Kpi> {
    let (label, share, definition, note) =
        match (overview.kpis.return_rate, overview.kpis.credit_share) {
            (Some(rate), _) => (
                "Return rate",
                rate,
                "Sale lines that were not kept (cancelled, returned, refunded) ÷ all sale lines.",
                "of sale lines were not kept",
            ),
            (None, Some(share)) => (
                "Credits",
                share,
                "Amount of credit lines ÷ amount of kept sales.",
                "of sales were credited back",
            ),
            (None, None) => return None,
        };
    Some(Kpi {
        label: label.to_owned(),
        figure: format::percent(share),
        definition: definition.to_owned(),
        change: None,
        note: note.to_owned(),
        spark: Vec::new(),
    })
}

/// Customers, orders, revenue and AOV: the numbers with a history.
fn volume_kpis(overview: &Overview, currency: &str) -> Vec<Kpi> {
    let kpis = &overview.kpis;
    let compared = overview.trend.map_or_else(String::new, |trend| {
        format!(
            " The change compares the {0} days before the as-of date with the {0} days before those.",
            trend.window_days
        )
    });
    let new = overview.trend.map(|trend| {
        format!(
            "{} new in the last {} days",
            format::integer(trend.current.new_customers),
            trend.window_days
        )
    });
    vec![
        Kpi {
            label: "Customers".to_owned(),
            figure: format::integer(kpis.customers),
            definition: "People with at least one order before the as-of date.".to_owned(),
            change: None,
            note: new.unwrap_or_default(),
            spark: spark(overview, |period| Some(period.customers() as f64)),
        },
        Kpi {
            label: "Orders".to_owned(),
            figure: format::integer(kpis.orders),
            definition: format!("Distinct orders before the as-of date that were kept.{compared}"),
            change: change(overview, |window| window.orders as f64),
            note: String::new(),
            spark: spark(overview, |period| Some(period.orders as f64)),
        },
        Kpi {
            label: "Net revenue".to_owned(),
            figure: format::money(kpis.net_revenue, currency),
            definition:
                "What was kept: all sales without cancelled and returned ones, less credits."
                    .to_owned(),
            change: change(overview, |window| window.revenue),
            note: String::new(),
            spark: spark(overview, |period| Some(period.revenue())),
        },
        Kpi {
            label: "Average order value".to_owned(),
            figure: format::money(kpis.aov, currency),
            definition: format!("AOV = net revenue ÷ orders.{compared}"),
            change: change(overview, |window| window.aov().unwrap_or(0.0)),
            note: String::new(),
            spark: spark(overview, PeriodRevenue::aov),
        },
    ]
}

/// "Net revenue per month (€)"
pub(super) fn value_title(period: Period, currency: &str) -> String {
    let noun = period.noun();
    if currency.is_empty() {
        format!("Net revenue per {noun}")
    } else {
        format!("Net revenue per {noun} ({currency})")
    }
}

/// Place of the first of these periods that begins a year; 0 when none does or weeks are counted.
pub(super) fn first_of_year(period: Period, first: i32, count: usize) -> usize {
    let year = periods_per_year(period) as i32;
    let begins = |place: &usize| (first + *place as i32).rem_euclid(year) == 0;
    (0..count)
        .find(|place| period != Period::Week && begins(place))
        .unwrap_or(0)
}

/// How many periods make about a year.
fn periods_per_year(period: Period) -> usize {
    match period {
        Period::Week => 52,
        Period::Month => 12,
        Period::Quarter => 4,
        Period::Year => 1,
    }
}

fn revenue(overview: &Overview, currency: &str) -> Revenue {
    let series = &overview.series;
    let finding = revenue_finding(overview, currency);
    Revenue {
        finding: match overview.longer_periods() {
            Some(said) => format!("{finding} {said}"),
            None => finding,
        },
        labels: series
            .iter()
            .map(|period| format::period(overview.period, period.index))
            .collect(),
        new: series.iter().map(|period| period.revenue_new).collect(),
        returning: series
            .iter()
            .map(|period| period.revenue_returning)
            .collect(),
        in_progress: series.iter().map(|period| !period.complete).collect(),
        anchor: first_of_year(
            overview.period,
            series.first().map_or(0, |period| period.index),
            series.len(),
        ),
        period: overview.period,
        currency: currency.to_owned(),
        series: series.clone(),
    }
}

/// "Returning customers brought 63.0 % of revenue in the last 12 months."
fn revenue_finding(overview: &Overview, currency: &str) -> String {
    let complete: Vec<&PeriodRevenue> = overview
        .series
        .iter()
        .filter(|period| period.complete)
        .collect();
    let noun = overview.period.noun();
    let year = periods_per_year(overview.period);
    let window = &complete[complete.len().saturating_sub(year)..];
    let total: f64 = window.iter().map(|period| period.revenue()).sum();
    let returning: f64 = window.iter().map(|period| period.revenue_returning).sum();
    if window.is_empty() || total <= 0.0 {
        return format!("No {noun} is complete yet.");
    }
    let when = match window.len() {
        1 => format!("in {}", format::period(overview.period, window[0].index)),
        count => format!("in the last {count} complete {noun}s"),
    };
    format!(
        "Returning customers brought {} of {} {when}.",
        format::percent(returning / total),
        format::money(total, currency)
    )
}
