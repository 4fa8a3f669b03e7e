//! What was written, counted while writing: the truth that a reader must find again.
//!
//! Money is summed in whole cents and counts are integers, so the sums are exact and do not depend
//! on the order in which blocks finish.

use std::sync::atomic::{AtomicU16, AtomicU32, Ordering::Relaxed};

use serde::Serialize;

use super::{
    layout::Layout,
    params::{FIRST_DAY, Parameters, Spec},
    people::Event,
};
use data::day::{Day, Period, iso};

/// Sums over one block of orders.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub order_rows: u64,
    pub lines: u64,
    pub cancelled_lines: u64,
    pub returned_lines: u64,
    pub orders: u64,
    pub gross_cents: u64,
    pub net_cents: u64,
    /// Rows of the file, its header not counted; only exports that say so at their end count them.
    pub rows: u64,
    /// Times money was given back, in whole or in part, and how much.
    pub refunds: u64,
    pub refunded_cents: u64,
    /// Kept orders that name no customer, and what they brought.
    pub nameless_orders: u64,
    pub nameless_cents: u64,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        self.order_rows += other.order_rows;
        self.lines += other.lines;
        self.cancelled_lines += other.cancelled_lines;
        self.returned_lines += other.returned_lines;
        self.orders += other.orders;
        self.gross_cents += other.gross_cents;
        self.net_cents += other.net_cents;
        self.rows += other.rows;
        self.refunds += other.refunds;
        self.refunded_cents += other.refunded_cents;
        self.nameless_orders += other.nameless_orders;
        self.nameless_cents += other.nameless_cents;
    }
}

/// Kept orders and day of the first one (`u16::MAX`: none) per customer.
pub(super) struct Ledger {
    orders: Vec<AtomicU32>,
    first_day: Vec<AtomicU16>,
    last_day: AtomicU16,
}

impl Ledger {
    pub(super) fn new(customers: usize) -> Self {
        Self {
            orders: (0..customers).map(|_| AtomicU32::new(0)).collect(),
            first_day: (0..customers).map(|_| AtomicU16::new(u16::MAX)).collect(),
            last_day: AtomicU16::new(0),
        }
    }

    /// Notes a kept order; may be called from any thread in any order.
    pub(super) fn keep(&self, event: Event) {
        let customer = event.customer as usize;
        self.orders[customer].fetch_add(1, Relaxed);
        self.first_day[customer].fetch_min(event.day, Relaxed);
        self.last_day.fetch_max(event.day, Relaxed);
    }

    pub(super) fn truth(&self, spec: &Spec, parameters: Parameters, tally: Tally) -> Truth {
        let having = |least: u32| {
            let enough = self.orders.iter().filter(|n| n.load(Relaxed) >= least);
            enough.count() as u64
        };
        let mut cohorts: Vec<CohortSize> = Vec::new();
        let mut first_days: Vec<u16> = self
            .first_day
            .iter()
            .map(|day| day.load(Relaxed))
            .filter(|&day| day != u16::MAX)
            .collect();
        first_days.sort_unstable();
        for &day in &first_days {
            let cohort = Period::Month.label(Period::Month.index(date(day)));
            match cohorts.last_mut() {
                Some(last) if last.cohort == cohort => last.size += 1,
                _ => cohorts.push(CohortSize { cohort, size: 1 }),
            }
        }
        Truth {
            spec: spec.clone(),
            parameters,
            order_rows: tally.order_rows,
            lines: tally.lines,
            cancelled_lines: tally.cancelled_lines,
            returned_lines: tally.returned_lines,
            customers: having(1),
            repeat_customers: having(2),
            orders: tally.orders,
            gross_revenue: tally.gross_cents as f64 / 100.0,
            net_revenue: tally.net_cents as f64 / 100.0,
            first_order: first_days.first().map(|&day| iso(date(day))),
            last_order: (!first_days.is_empty()).then(|| iso(date(self.last_day.load(Relaxed)))),
            cohorts,
            export: matches!(spec.layout, Layout::Export(_)).then(|| ExportTruth {
                repeat_rate: having(2) as f64 / having(1).max(1) as f64,
                refunds: tally.refunds,
                refunded: tally.refunded_cents as f64 / 100.0,
                orders_without_customer: tally.nameless_orders,
                revenue_without_customer: tally.nameless_cents as f64 / 100.0,
            }),
        }
    }
}

/// Calendar day of an event.
pub(super) fn date(day: u16) -> Day {
    FIRST_DAY + Day::from(day)
}

/// Customers whose first kept order falls in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CohortSize {
    pub cohort: String,
    pub size: u64,
}

/// What was generated: the process behind it and the exact figures a reader must find.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Truth {
    pub spec: Spec,
    pub parameters: Parameters,
    /// Orders written, kept or not.
    pub order_rows: u64,
    /// Order lines written (items, in the Olist layout), kept or not.
    pub lines: u64,
    pub cancelled_lines: u64,
    pub returned_lines: u64,
    /// Customers with at least one, and with at least two, kept orders.
    pub customers: u64,
    pub repeat_customers: u64,
    /// Kept orders; customer-days in the CDNOW layout, which names no orders.
    pub orders: u64,
    /// Revenue of all lines, and of the kept ones.
    pub gross_revenue: f64,
    pub net_revenue: f64,
    /// Days of the first and last kept order; absent in an empty shop.
    pub first_order: Option<String>,
    pub last_order: Option<String>,
    /// Months in which customers were won, oldest first.
    pub cohorts: Vec<CohortSize>,
    /// What only exports of shop systems have.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub export: Option<ExportTruth>,
}

/// What is true of an export beside the counts of every layout.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExportTruth {
    /// Share of the customers with two orders or more.
    pub repeat_rate: f64,
    /// Sales of which money was given back, wholly or partly, and how much of it.
    pub refunds: u64,
    pub refunded: f64,
    /// Kept orders that name no customer, and their revenue: not part of the figures above.
    pub orders_without_customer: u64,
    pub revenue_without_customer: f64,
}
