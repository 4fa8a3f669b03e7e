//! One row per customer as of S.

use rayon::prelude::*;

use super::numeric::{CHUNK, settle};
use data::day::Day;
use data::orders::{Orders, flag};

/// Recency, frequency, monetary value and tenure of every customer as of S.
///
/// Dense: row *i* is customer *i* of the orders; `frequency[i] == 0` means no kept order before S.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Customers {
    /// S: only orders dated before it count.
    pub as_of: Day,
    /// Customers with at least one order before S.
    pub active: usize,
    /// Day of the first and last kept order; meaningless where `frequency` is 0.
    pub first_day: Vec<Day>,
    pub last_day: Vec<Day>,
    /// Distinct kept orders before S.
    pub frequency: Vec<u32>,
    /// Distinct days with a kept order before S.
    pub purchase_days: Vec<u32>,
    /// Net revenue before S, credits included.
    pub monetary: Vec<f64>,
}

impl Customers {
    #[must_use]
    pub fn len(&self) -> usize {
        self.frequency.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frequency.is_empty()
    }

    /// Whether the customer has an order before S.
    #[must_use]
    pub fn exists(&self, customer: usize) -> bool {
        self.frequency[customer] > 0
    }

    /// Days from the last order to S.
    #[must_use]
    pub fn recency_days(&self, customer: usize) -> i32 {
        self.as_of - self.last_day[customer]
    }

    /// Days from the first order to S.
    #[must_use]
    pub fn tenure_days(&self, customer: usize) -> i32 {
        self.as_of - self.first_day[customer]
    }

    /// Average order value: net revenue ÷ orders.
    #[must_use]
    pub fn aov(&self, customer: usize) -> f64 {
        self.monetary[customer] / f64::from(self.frequency[customer].max(1))
    }
}

/// The default S: the day after the last order, or after the last credit where that is later: money that
/// was given back after the last sale is part of what was kept.
#[must_use]
pub fn default_as_of(orders: &Orders) -> Option<Day> {
    let (_, last) = orders.day_range()?;
    let credits = (0..orders.lines()).filter(|&line| orders.flags[line] & flag::CREDIT != 0);
    let last = credits.map(|line| orders.days[line]).fold(last, Day::max);
    Some(last + 1)
}

/// Walks every customer's lines before `as_of`.
///
/// Lines are sorted by day, so this is a prefix of each customer's slice. Sales that were not kept
/// add nothing; credits lower `monetary` and change nothing else. `monetary` is rounded to a
/// millionth ([`settle`]) and is filled also for customers who have credits only, so that it always
/// sums up to the shop's net revenue.
#[must_use]
pub fn customers_as_of(orders: &Orders, as_of: Day) -> Customers {
    let count = orders.customers();
    let mut table = Customers {
        as_of,
        active: 0,
        first_day: vec![0; count],
        last_day: vec![0; count],
        frequency: vec![0; count],
        purchase_days: vec![0; count],
        monetary: vec![0.0; count],
    };
    table.active = table
        .first_day
        .par_chunks_mut(CHUNK)
        .zip(table.last_day.par_chunks_mut(CHUNK))
        .zip(table.frequency.par_chunks_mut(CHUNK))
        .zip(table.purchase_days.par_chunks_mut(CHUNK))
        .zip(table.monetary.par_chunks_mut(CHUNK))
        .enumerate()
        .map(
            |(chunk, ((((first_day, last_day), frequency), days), monetary))| {
                let mut active = 0;
                for slot in 0..monetary.len() {
                    let row = row_of(orders, chunk * CHUNK + slot, as_of);
                    first_day[slot] = row.first_day;
                    last_day[slot] = row.last_day;
                    frequency[slot] = row.frequency;
                    days[slot] = row.purchase_days;
                    monetary[slot] = row.monetary;
                    active += usize::from(row.frequency > 0);
                }
                active
            },
        )
        .sum();
    table
}

#[derive(Default)]
struct Row {
    first_day: Day,
    last_day: Day,
    frequency: u32,
    purchase_days: u32,
    monetary: f64,
}

#[inline]
fn row_of(orders: &Orders, customer: usize, as_of: Day) -> Row {
    let lines = orders.lines_of(customer);
    let days = &orders.days[lines.clone()];
    let flags = &orders.flags[lines.clone()];
    let amounts = &orders.amounts[lines];
    let mut row = Row::default();
    for ((&day, &flags), &amount) in days.iter().zip(flags).zip(amounts) {
        if day >= as_of {
            break;
        }
        row.monetary += if flags & flag::NOT_KEPT == 0 {
            amount
        } else {
            0.0
        };
        let starts_order = flags & flag::ORDER_START != 0;
        row.first_day = if starts_order && row.frequency == 0 {
            day
        } else {
            row.first_day
        };
        row.last_day = if starts_order { day } else { row.last_day };
        row.frequency += u32::from(starts_order);
        row.purchase_days += u32::from(flags & flag::DAY_START != 0);
    }
    row.monetary = settle(row.monetary);
    row
}
