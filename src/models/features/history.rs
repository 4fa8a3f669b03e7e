//! Orders → features as of t₀, group by group; each walk reads every line up to t₀ once.
//!
//! One thing cannot be dated: a sale marked as cancelled counts as such from its own day on, because
//! files say *that* it was cancelled and not when. Returns with a day count from that day on.

use super::{
    FeatureGroup as Group, FeatureSpec, FeatureTable, Unit, categories,
    walk::{Past, fill},
};
use crate::target::{Panel, Span};
use analysis::numeric::settle;
use base::monitor::{Cancelled, Monitor};
use data::day::Day;
use data::orders::{Milestone, NO_DAY, Orders, Step, flag};

/// Builds the features of these groups for everyone in the panel.
#[must_use]
pub fn build(orders: &Orders, panel: &Panel, wanted: impl Fn(Group) -> bool) -> FeatureTable {
    // Nobody can cancel a silent monitor.
    build_watched(orders, panel, wanted, &Monitor::silent()).unwrap_or_default()
}

/// As [`build`], asking before every group: each is a walk over all lines.
///
/// # Errors
/// [`Cancelled`].
pub fn build_watched(
    orders: &Orders,
    panel: &Panel,
    wanted: impl Fn(Group) -> bool,
    monitor: &Monitor,
) -> Result<FeatureTable, Cancelled> {
    let mut table = FeatureTable {
        customers: panel.customers.clone(),
        ..FeatureTable::default()
    };
    let shop = (orders, panel);
    for group in Group::ALL.into_iter().filter(|&group| wanted(group)) {
        monitor.check()?;
        match group {
            Group::Rfm => rfm(&mut table, shop),
            Group::Windows => windows(&mut table, shop),
            Group::Decay => decay(&mut table, shop),
            Group::Rhythm => rhythm(&mut table, shop),
            Group::OrderValues => order_values(&mut table, shop),
            Group::Returns => returns(&mut table, shop),
            Group::Lifetime => lifetime(&mut table, shop),
            Group::EarlyLife => early_life(&mut table, shop),
            Group::Instalments => categories::instalments(&mut table, shop),
            Group::Categories => categories::first_values(&mut table, shop),
            Group::Demographics => categories::demographics(&mut table, shop),
            Group::Cohort => categories::cohort(&mut table, shop),
            Group::Table => {}
        }
    }
    monitor.check()?;
    Ok(table)
}

type Shop<'a> = (&'a Orders, &'a Panel);

fn days(value: i32) -> f64 {
    f64::from(value)
}

fn rfm(table: &mut FeatureTable, shop: Shop<'_>) {
    let spec = |name, unit, definition| FeatureSpec::new(name, Group::Rfm, unit, definition);
    let specs = [
        spec("recency_days", Unit::Days, "Days from the last order to t₀"),
        spec("frequency", Unit::Orders, "Orders up to t₀"),
        spec("lines", Unit::Lines, "Kept order lines up to t₀"),
        spec(
            "monetary",
            Unit::Money,
            "Net revenue up to t₀, credits taken off",
        ),
        spec(
            "price_mean",
            Unit::Money,
            "Mean amount of the kept order lines up to t₀",
        ),
        spec(
            "aov",
            Unit::Money,
            "Average order value: net revenue ÷ orders, up to t₀",
        ),
        spec("tenure_days", Unit::Days, "Days from the first order to t₀"),
        spec(
            "purchase_days",
            Unit::Days,
            "Distinct days with an order up to t₀",
        ),
    ];
    fill(table, shop, specs, |past| {
        let (mut orders, mut purchase_days, mut lines) = (0u32, 0u32, 0u32);
        let (mut revenue, mut sales) = (0.0, 0.0);
        let (mut first, mut last) = (past.cutoff, past.cutoff);
        for line in past.lines.clone() {
            revenue += past.orders.net(line);
            if past.is_kept_sale(line) {
                lines += 1;
                sales += past.orders.amounts[line];
            }
            if past.has(line, flag::ORDER_START) {
                last = past.orders.days[line];
                first = if orders == 0 { last } else { first };
                orders += 1;
            }
            purchase_days += u32::from(past.has(line, flag::DAY_START));
        }
        let revenue = settle(revenue);
        [
            days(past.cutoff - last),
            f64::from(orders),
            f64::from(lines),
            revenue,
            settle(sales) / f64::from(lines.max(1)),
            revenue / f64::from(orders.max(1)),
            days(past.cutoff - first),
            f64::from(purchase_days),
        ]
    });
}

const WINDOWS: [i32; 4] = [30, 90, 180, 365];

fn windows(table: &mut FeatureTable, shop: Shop<'_>) {
    let revenue = |w: i32| {
        let words = format!("Net revenue of the {w} days up to t₀");
        FeatureSpec::new(format!("revenue_{w}d"), Group::Windows, Unit::Money, words)
    };
    let orders = |w: i32| {
        let words = format!("Orders in the {w} days up to t₀");
        FeatureSpec::new(format!("orders_{w}d"), Group::Windows, Unit::Orders, words)
    };
    let [a, b, c, d] = WINDOWS;
    let specs = [
        revenue(a),
        orders(a),
        revenue(b),
        orders(b),
        revenue(c),
        orders(c),
        revenue(d),
        orders(d),
    ];
    fill(table, shop, specs, |past| {
        let mut sums = [0.0; 8];
        for line in past.lines.clone() {
            for (at, window) in WINDOWS.into_iter().enumerate() {
                if past.age(line) < window {
                    sums[2 * at] += past.orders.net(line);
                    sums[2 * at + 1] += f64::from(u8::from(past.has(line, flag::ORDER_START)));
                }
            }
        }
        sums.map(settle)
    });
}

const HALF_LIVES: [i32; 3] = [30, 90, 180];

/// `revenue_fading_90d`, `orders_fading_30d`.
pub(super) fn fading_spec(what: &str, half_life: i32, unit: Unit) -> FeatureSpec {
    let words = format!("{what} up to t₀, each counting half as much every {half_life} days");
    let what = what.to_lowercase().replace("net ", "");
    let name = format!("{what}_fading_{half_life}d");
    FeatureSpec::new(name, Group::Decay, unit, words)
}

fn decay(table: &mut FeatureTable, shop: Shop<'_>) {
    let spec = fading_spec;
    let [a, b, c] = HALF_LIVES;
    let specs = [
        spec("Net revenue", a, Unit::Money),
        spec("Orders", a, Unit::Orders),
        spec("Net revenue", b, Unit::Money),
        spec("Orders", b, Unit::Orders),
        spec("Net revenue", c, Unit::Money),
        spec("Orders", c, Unit::Orders),
    ];
    fill(table, shop, specs, |past| {
        let mut sums = [0.0; 6];
        for line in past.lines.clone() {
            let starts = f64::from(u8::from(past.has(line, flag::ORDER_START)));
            for (at, half) in HALF_LIVES.into_iter().enumerate() {
                let weight = libm::exp2(-days(past.age(line)) / f64::from(half));
                sums[2 * at] += weight * past.orders.net(line);
                sums[2 * at + 1] += weight * starts;
            }
        }
        sums
    });
}

fn rhythm_specs() -> [FeatureSpec; 6] {
    let spec = |name, unit, definition| FeatureSpec::new(name, Group::Rhythm, unit, definition);
    [
        spec(
            "gap_mean_days",
            Unit::Days,
            "Mean days between purchases; missing with one purchase",
        ),
        spec(
            "gap_sd_days",
            Unit::Days,
            "Standard deviation of the days between purchases",
        ),
        spec(
            "gap_longest_days",
            Unit::Days,
            "Longest time between two purchases",
        ),
        spec(
            "gap_last_days",
            Unit::Days,
            "Days between the last two purchases",
        ),
        spec(
            "lateness",
            Unit::Orders,
            "Days since the last purchase ÷ mean days between purchases",
        ),
        spec(
            "trend_90d",
            Unit::Money,
            "Net revenue of the last 90 days less that of the 90 days before",
        ),
    ]
}

fn rhythm(table: &mut FeatureTable, shop: Shop<'_>) {
    fill(table, shop, rhythm_specs(), |past| {
        let (mut gaps, mut sum, mut squares) = (0u32, 0.0, 0.0);
        let (mut longest, mut latest) = (0.0, 0.0);
        let mut before: Option<Day> = None;
        for purchase in past.purchases() {
            if let Some(before) = before {
                let gap = days(purchase.day - before);
                gaps += 1;
                sum += gap;
                squares += gap * gap;
                longest = gap.max(longest);
                latest = gap;
            }
            before = Some(purchase.day);
        }
        let mut trend = 0.0;
        for line in past.lines.clone() {
            trend += match past.age(line) {
                age if age < 90 => past.orders.net(line),
                age if age < 180 => -past.orders.net(line),
                _ => 0.0,
            };
        }
        let trend = settle(trend);
        if gaps == 0 {
            return [f64::NAN, f64::NAN, f64::NAN, f64::NAN, f64::NAN, trend];
        }
        let mean = sum / f64::from(gaps);
        let variance = (squares / f64::from(gaps) - mean * mean).max(0.0);
        let since = days(past.cutoff - before.unwrap_or(past.cutoff));
        [mean, variance.sqrt(), longest, latest, since / mean, trend]
    });
}

fn order_values(table: &mut FeatureTable, shop: Shop<'_>) {
    let spec = |name, words| FeatureSpec::new(name, Group::OrderValues, Unit::Money, words);
    let specs = [
        spec(
            "first_purchase_value",
            "Net revenue of the first purchase day",
        ),
        spec(
            "last_purchase_value",
            "Net revenue of the last purchase day up to t₀",
        ),
        spec(
            "largest_purchase_value",
            "Net revenue of the best purchase day up to t₀",
        ),
    ];
    fill(table, shop, specs, |past| {
        let mut values = [f64::NAN; 3];
        for (at, purchase) in past.purchases().enumerate() {
            let value = settle(purchase.value);
            values[0] = if at == 0 { value } else { values[0] };
            values[1] = value;
            // NaN is never the larger one.
            values[2] = values[2].max(value);
        }
        values
    });
}

fn returns(table: &mut FeatureTable, shop: Shop<'_>) {
    let spec = |name, unit, words| FeatureSpec::new(name, Group::Returns, unit, words);
    let specs = [
        spec(
            "returned_lines",
            Unit::Lines,
            "Order lines up to t₀ that were cancelled, or returned by t₀",
        ),
        spec(
            "returned_share",
            Unit::Share,
            "Returned or cancelled lines ÷ all order lines up to t₀",
        ),
        spec(
            "credits",
            Unit::Money,
            "Money given back by credit lines up to t₀",
        ),
    ];
    let came_back = shop.0.milestones.iter().find(|m| m.step == Step::Returned);
    fill(table, shop, specs, |past| {
        let (mut sales, mut returned, mut credits) = (0u32, 0u32, 0.0);
        for line in past.lines.clone() {
            if past.has(line, flag::CREDIT) {
                credits -= past.orders.net(line);
            } else {
                sales += 1;
                returned += u32::from(is_known_return(past, line, came_back));
            }
        }
        [
            f64::from(returned),
            f64::from(returned) / f64::from(sales.max(1)),
            settle(credits),
        ]
    });
}

/// Whether the line was not kept and that is known at t₀.
fn is_known_return(past: &Past<'_>, line: usize, returned: Option<&Milestone>) -> bool {
    let day = returned.map_or(NO_DAY, |returned| returned.days[line]);
    past.has(line, flag::NOT_KEPT) && (day == NO_DAY || day <= past.cutoff)
}

/// What buy-till-you-die models read.
pub const LIFETIME_FIELDS: [&str; 4] = [
    "repeats",
    "repeat_span_days",
    "age_days",
    "repeat_mean_value",
];

fn lifetime(table: &mut FeatureTable, shop: Shop<'_>) {
    let [x, span, age, mean] = LIFETIME_FIELDS;
    let spec = |name, unit, words| FeatureSpec::new(name, Group::Lifetime, unit, words);
    let specs = [
        spec(
            x,
            Unit::Number,
            "x: distinct purchase days up to t₀ after the first",
        ),
        spec(
            span,
            Unit::Days,
            "tₓ: days from the first purchase to the last up to t₀",
        ),
        spec(age, Unit::Days, "T: days from the first purchase to t₀"),
        spec(
            mean,
            Unit::Money,
            "Mean net revenue of the purchase days after the first; 0 without",
        ),
    ];
    fill(table, shop, specs, |past| {
        let (mut purchases, mut repeat_value) = (0u32, 0.0);
        let (mut first, mut last) = (past.cutoff, past.cutoff);
        for purchase in past.purchases() {
            last = purchase.day;
            if purchases == 0 {
                first = purchase.day;
            } else {
                repeat_value += purchase.value;
            }
            purchases += 1;
        }
        let repeats = purchases.saturating_sub(1);
        [
            f64::from(repeats),
            days(last - first),
            days(past.cutoff - first),
            repeat_value / f64::from(repeats.max(1)),
        ]
    });
}

const SPANS: [Span; 4] = [
    Span::Months(1),
    Span::Months(3),
    Span::Days(30),
    Span::Days(90),
];

fn early_life(table: &mut FeatureTable, shop: Shop<'_>) {
    let spec = |name, unit, words| FeatureSpec::new(name, Group::EarlyLife, unit, words);
    let money = |name, words| spec(name, Unit::Money, words);
    let count = |name, words| spec(name, Unit::Orders, words);
    let specs = [
        money(
            "rev_1m",
            "Net revenue in the calendar month of the first order",
        ),
        count(
            "n_orders_1m",
            "Orders in the calendar month of the first order",
        ),
        money(
            "rev_3m",
            "Net revenue in the first three calendar months of age",
        ),
        count(
            "n_orders_3m",
            "Orders in the first three calendar months of age",
        ),
        money(
            "monetary_30d",
            "Net revenue up to 30 days after the first order",
        ),
        count(
            "frequency_30d",
            "Orders up to 30 days after the first order",
        ),
        money(
            "monetary_90d",
            "Net revenue up to 90 days after the first order",
        ),
        count(
            "frequency_90d",
            "Orders up to 90 days after the first order",
        ),
    ];
    fill(table, shop, specs, |past| {
        let mut sums = [0.0; 8];
        let Some(first) = past.first_day() else {
            return sums;
        };
        let ends = SPANS.map(|span| span.end(first));
        for line in past.lines.clone() {
            for (at, end) in ends.into_iter().enumerate() {
                if past.orders.days[line] <= end {
                    sums[2 * at] += past.orders.net(line);
                    sums[2 * at + 1] += f64::from(u8::from(past.has(line, flag::ORDER_START)));
                }
            }
        }
        sums.map(settle)
    });
}
