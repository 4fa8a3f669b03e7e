//! Orders → the three numbers a buy-till-you-die model reads, grouped by distinct value.
//!
//! The calibration end is a *day that still counts*: purchases on it belong to the calibration, and
//! ages are counted to it. (The as-of date S of the rest of the program is the day after.)

use std::ops::Range;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::BtydError;
use base::monitor::Monitor;
use data::day::Day;
use data::orders::{Orders, flag};

/// Unit of time in which parameters are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    Days,
    #[default]
    Weeks,
    /// A twelfth of 365 days.
    Months,
    /// 365 days.
    Years,
}

impl TimeUnit {
    pub const ALL: [Self; 4] = [Self::Days, Self::Weeks, Self::Months, Self::Years];

    /// Length of the unit in days.
    #[must_use]
    pub fn days(self) -> f64 {
        match self {
            Self::Days => 1.0,
            Self::Weeks => 7.0,
            Self::Months => 365.0 / 12.0,
            Self::Years => 365.0,
        }
    }

    /// `days`, `weeks`, `months` or `years`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
        }
    }
}

/// What a buy-till-you-die model knows of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct History {
    /// *x*: distinct purchase days after the first.
    pub repeats: u32,
    /// *tₓ*: days from the first purchase to the last; 0 without repeats. **Not** RFM recency.
    pub last_days: u32,
    /// *T*: days from the first purchase to the calibration end.
    pub age_days: u32,
}

/// Histories of all customers known by the calibration end, grouped by distinct value.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    /// Last day that counts.
    pub calibration_end: Day,
    /// Customers (rows of [`Orders`]) with a purchase by the calibration end, ascending.
    pub customers: Vec<u32>,
    /// For each of `customers` the index of its history in `groups`.
    pub group_of: Vec<u32>,
    /// Distinct histories, ascending.
    pub groups: Vec<History>,
    /// Customers per group.
    pub weights: Vec<f64>,
}

impl Counts {
    /// Reads the histories off the orders dated up to and including `calibration_end`.
    ///
    /// # Errors
    /// [`BtydError::NoCustomers`] when nobody bought by then; [`BtydError::Cancelled`].
    pub fn from_orders(
        orders: &Orders,
        calibration_end: Day,
        monitor: &Monitor,
    ) -> Result<Self, BtydError> {
        monitor.check()?;
        monitor.progress("Counting purchases", 0, orders.customers() as u64);
        let known: Vec<(u32, History)> = (0..orders.customers())
            .into_par_iter()
            .filter_map(|customer| {
                history(orders, customer, calibration_end).map(|h| (customer as u32, h))
            })
            .collect();
        if known.is_empty() {
            return Err(BtydError::NoCustomers {
                calibration_end,
                first_purchase: orders.day_range().map(|(first, _)| first),
            });
        }
        monitor.check()?;
        let (customers, histories): (Vec<u32>, Vec<History>) = known.into_iter().unzip();
        Ok(Self {
            customers,
            ..Self::from_histories(&histories, calibration_end)
        })
    }

    /// Groups histories that come from elsewhere; customer *i* is the *i*-th.
    #[must_use]
    pub fn from_histories(histories: &[History], calibration_end: Day) -> Self {
        let mut sorted = histories.to_vec();
        sorted.par_sort_unstable();
        let (mut groups, mut weights) = (Vec::new(), Vec::new());
        for run in sorted.chunk_by(|a, b| a == b) {
            groups.push(run[0]);
            weights.push(run.len() as f64);
        }
        let group_of = histories
            .par_iter()
            .map(|history| groups.partition_point(|group| group < history) as u32)
            .collect();
        Self {
            calibration_end,
            customers: (0..histories.len() as u32).collect(),
            group_of,
            groups,
            weights,
        }
    }

    /// Number of customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.group_of.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.group_of.is_empty()
    }

    /// History of the *i*-th of `customers`.
    #[must_use]
    pub fn history(&self, index: usize) -> History {
        self.groups[self.group_of[index] as usize]
    }

    /// Number of customers by number of repeats, from 0 to the most.
    #[must_use]
    pub fn by_repeats(&self) -> Vec<f64> {
        let most = self.groups.last().map_or(0, |group| group.repeats);
        let mut customers = vec![0.0; most as usize + 1];
        for (group, weight) in self.groups.iter().zip(&self.weights) {
            customers[group.repeats as usize] += weight;
        }
        customers
    }

    /// Mean repeats and mean age in days, per customer.
    pub(super) fn means(&self) -> (f64, f64) {
        let sum = |value: fn(&History) -> u32| {
            let pairs = self.groups.iter().zip(&self.weights);
            pairs
                .map(|(group, w)| w * f64::from(value(group)))
                .sum::<f64>()
        };
        let customers = self.len() as f64;
        (
            sum(|group| group.repeats) / customers,
            sum(|group| group.age_days) / customers,
        )
    }

    /// Spreads one value per group over the customers.
    #[must_use]
    pub fn per_customer(&self, per_group: &[f64]) -> Vec<f64> {
        self.group_of
            .iter()
            .map(|&group| per_group[group as usize])
            .collect()
    }

    /// Purchase days of each of `customers` after the calibration end, up to and including `end`.
    #[must_use]
    pub fn purchases_until(&self, orders: &Orders, end: Day) -> Vec<u32> {
        self.customers
            .par_iter()
            .map(|&customer| {
                let lines = lines_between(orders, customer as usize, self.calibration_end, end);
                lines.filter(|&line| starts_day(orders, line)).count() as u32
            })
            .collect()
    }
}

/// Lines of a customer dated after `after` and up to and including `until`.
pub(super) fn lines_between(
    orders: &Orders,
    customer: usize,
    after: Day,
    until: Day,
) -> Range<usize> {
    let start = orders.lines_before(customer, after.saturating_add(1)).end;
    let end = orders.lines_before(customer, until.saturating_add(1)).end;
    start..end.max(start)
}

/// Does this line begin a purchase day?
pub(super) fn starts_day(orders: &Orders, line: usize) -> bool {
    orders.flags[line] & flag::DAY_START != 0
}

fn history(orders: &Orders, customer: usize, calibration_end: Day) -> Option<History> {
    let lines = orders.lines_before(customer, calibration_end.saturating_add(1));
    let mut days = lines
        .filter(|&line| starts_day(orders, line))
        .map(|line| orders.days[line]);
    let first = days.next()?;
    let (repeats, last) = days.fold((0, first), |(count, _), day| (count + 1, day));
    Some(History {
        repeats,
        last_days: last.abs_diff(first),
        age_days: calibration_end.abs_diff(first),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Customer 0: days 0, 0 (same day), 5, 9 and 20; customer 1: a sale not kept on day 2, kept on
    /// day 10; customer 2: day 30.
    fn orders() -> Orders {
        let start = flag::ORDER_START | flag::DAY_START;
        Orders {
            customer_ids: ["a", "b", "c"].into_iter().collect(),
            offsets: vec![0, 5, 7, 8],
            days: vec![0, 0, 5, 9, 20, 2, 10, 30],
            amounts: vec![1.0; 8],
            orders: (0..8).collect(),
            flags: vec![
                start,
                flag::ORDER_START,
                start,
                start,
                start,
                flag::NOT_KEPT,
                start,
                start,
            ],
            ..Orders::default()
        }
    }

    #[test]
    fn purchases_on_the_calibration_end_still_count() {
        let counts = Counts::from_orders(&orders(), 10, &Monitor::silent()).unwrap();
        assert_eq!(counts.customers, [0, 1]);
        let expected = History {
            repeats: 2,
            last_days: 9,
            age_days: 10,
        };
        assert_eq!(counts.history(0), expected);
        let newcomer = History {
            repeats: 0,
            last_days: 0,
            age_days: 0,
        };
        assert_eq!(counts.history(1), newcomer);
        assert_eq!(counts.purchases_until(&orders(), 20), [1, 0]);
        assert_eq!(counts.purchases_until(&orders(), 19), [0, 0]);
        assert_eq!(counts.by_repeats(), [1.0, 0.0, 1.0]);
    }

    #[test]
    fn nobody_yet_is_an_error_that_names_the_first_day() {
        let error = Counts::from_orders(&orders(), -1, &Monitor::silent()).unwrap_err();
        assert!(error.to_string().contains("1970-01-01"), "{error}");
    }

    #[test]
    fn equal_histories_share_a_group() {
        let (once, twice) = (
            History {
                repeats: 0,
                last_days: 0,
                age_days: 7,
            },
            History {
                repeats: 1,
                last_days: 3,
                age_days: 7,
            },
        );
        let counts = Counts::from_histories(&[twice, once, twice], 0);
        assert_eq!(counts.groups, [once, twice]);
        assert_eq!(counts.weights, [1.0, 2.0]);
        assert_eq!(counts.per_customer(&[0.5, 2.5]), [2.5, 0.5, 2.5]);
    }
}
