//! What naive rivals read: spend, its rate, and spend that fades. Built from the histories themselves,
//! whatever features a recipe has chosen, so that no choice can make a rival vanish.

use super::{
    FeatureGroup as Group, FeatureSpec, FeatureTable, Unit, history::fading_spec, walk::fill,
};
use crate::target::Panel;
use analysis::numeric::settle;
use base::monitor::{Cancelled, Monitor};
use data::orders::{Orders, flag};

/// Days after which past spend counts half: the rival's half-life is one of these.
pub const HALF_LIVES: [i32; 5] = [30, 60, 90, 180, 365];
/// Net revenue up to t₀.
pub const MONETARY: &str = "monetary";
/// Net revenue up to t₀ ÷ days since the first order, the first day included.
pub const SPEND_PER_DAY: &str = "spend_per_day";

/// The column of spend that counts half as much every `half_life` days.
#[must_use]
pub fn fading(half_life: i32) -> String {
    format!("revenue_fading_{half_life}d")
}

/// The columns of everyone in the panel.
///
/// # Errors
/// [`Cancelled`].
pub fn build(orders: &Orders, panel: &Panel, monitor: &Monitor) -> Result<FeatureTable, Cancelled> {
    monitor.check()?;
    let mut table = FeatureTable {
        customers: panel.customers.clone(),
        ..FeatureTable::default()
    };
    let spec = |name, words| FeatureSpec::new(name, Group::Rfm, Unit::Money, words);
    let [a, b, c, d, e] = HALF_LIVES.map(|half_life| {
        let spec = fading_spec("Net revenue", half_life, Unit::Money);
        debug_assert_eq!(spec.name, fading(half_life));
        spec
    });
    let specs = [
        spec(MONETARY, "Net revenue up to t₀, credits taken off"),
        spec(
            SPEND_PER_DAY,
            "Net revenue up to t₀ ÷ days since the first order",
        ),
        a,
        b,
        c,
        d,
        e,
    ];
    fill(&mut table, (orders, panel), specs, |past| {
        let (mut revenue, mut first) = (0.0, None);
        let mut fading = [0.0; HALF_LIVES.len()];
        for line in past.lines.clone() {
            let net = past.orders.net(line);
            revenue += net;
            if first.is_none() && past.has(line, flag::ORDER_START) {
                first = Some(past.orders.days[line]);
            }
            let age = f64::from(past.age(line));
            for (sum, half_life) in fading.iter_mut().zip(HALF_LIVES) {
                *sum += net * libm::exp2(-age / f64::from(half_life));
            }
        }
        let revenue = settle(revenue);
        let days = f64::from(past.cutoff - first.unwrap_or(past.cutoff)) + 1.0;
        let [a, b, c, d, e] = fading;
        [revenue, revenue / days, a, b, c, d, e]
    });
    monitor.check()?;
    Ok(table)
}
