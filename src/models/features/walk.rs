//! One customer's lines up to t₀, and filling feature columns from them in parallel.

use std::ops::Range;

use rayon::prelude::*;

use super::{FeatureSpec, FeatureTable};
use crate::target::Panel;
use data::day::Day;
use data::orders::{Orders, flag};

/// What is known of a customer at t₀: the lines dated up to and including it.
pub(super) struct Past<'a> {
    pub orders: &'a Orders,
    pub lines: Range<usize>,
    pub cutoff: Day,
}

/// A purchase: a day with at least one kept order.
#[derive(Clone, Copy)]
pub(super) struct Purchase {
    pub day: Day,
    /// Net revenue of the day, credits of the day included.
    pub value: f64,
}

impl<'a> Past<'a> {
    pub fn of(orders: &'a Orders, customer: u32, cutoff: Day) -> Self {
        let all = orders.lines_of(customer as usize);
        let count = orders.days[all.clone()].partition_point(|&day| day <= cutoff);
        Self {
            orders,
            lines: all.start..all.start + count,
            cutoff,
        }
    }

    pub fn has(&self, line: usize, bits: u8) -> bool {
        self.orders.flags[line] & bits != 0
    }

    pub fn is_kept_sale(&self, line: usize) -> bool {
        !self.has(line, flag::NOT_KEPT | flag::CREDIT)
    }

    /// Days from the line to t₀.
    pub fn age(&self, line: usize) -> i32 {
        self.cutoff - self.orders.days[line]
    }

    /// Day of the first kept order.
    pub fn first_day(&self) -> Option<Day> {
        let mut lines = self.lines.clone();
        lines
            .find(|&line| self.has(line, flag::ORDER_START))
            .map(|line| self.orders.days[line])
    }

    /// First kept sale line.
    pub fn first_line(&self) -> Option<usize> {
        self.lines.clone().find(|&line| self.is_kept_sale(line))
    }

    /// Purchases in order of time.
    pub fn purchases(&self) -> impl Iterator<Item = Purchase> + '_ {
        let mut at = self.lines.start;
        std::iter::from_fn(move || {
            while at < self.lines.end {
                let day = self.orders.days[at];
                let (mut value, mut bought) = (0.0, false);
                while at < self.lines.end && self.orders.days[at] == day {
                    value += self.orders.net(at);
                    bought |= self.has(at, flag::DAY_START);
                    at += 1;
                }
                if bought {
                    return Some(Purchase { day, value });
                }
            }
            None
        })
    }
}

/// Fills `N` columns: `values` says what they hold for one customer.
pub(super) fn fill<const N: usize>(
    table: &mut FeatureTable,
    (orders, panel): (&Orders, &Panel),
    specs: [FeatureSpec; N],
    values: impl Fn(&Past<'_>) -> [f64; N] + Sync,
) {
    let rows: Vec<[f64; N]> = panel
        .customers
        .par_iter()
        .zip(&panel.cutoffs)
        .map(|(&customer, &cutoff)| values(&Past::of(orders, customer, cutoff)))
        .collect();
    for (at, spec) in specs.into_iter().enumerate() {
        let column = rows.par_iter().map(|row| row[at]).collect();
        table.push(spec, column);
    }
}
