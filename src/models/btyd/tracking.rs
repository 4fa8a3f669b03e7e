//! A fitted model seen from further away: week by week, and by frequency and recency.

use rayon::prelude::*;
use serde::Serialize;

use super::{
    counts::{Counts, History, lines_between, starts_day},
    transactions::TransactionModel,
};
use base::monitor::{Cancelled, Monitor};
use data::day::Day;
use data::orders::Orders;

/// Repeat purchases of the calibration's customers in one week.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackingWeek {
    /// First day of the week; weeks are counted from the first purchase of all.
    pub start: Day,
    /// Last day, included; the last week may be cut short by the end of the data.
    pub end: Day,
    pub actual: u64,
    pub expected: f64,
    /// Sums up to and including this week.
    pub cumulative_actual: u64,
    pub cumulative_expected: f64,
}

/// Repeat purchases week by week up to `end`, of customers known by the calibration end: what
/// happened, and what the model expects knowing only when each customer first bought.
///
/// # Errors
/// [`Cancelled`].
pub fn track(
    orders: &Orders,
    counts: &Counts,
    model: &TransactionModel,
    end: Day,
    monitor: &Monitor,
) -> Result<Vec<TrackingWeek>, Cancelled> {
    const WEEK: usize = 7;
    let ages = counts.groups.iter().map(|group| group.age_days);
    let Some(first) = ages
        .max()
        .and_then(|age| counts.calibration_end.checked_sub_unsigned(age))
        .filter(|&first| first <= end)
    else {
        return Ok(Vec::new());
    };
    let days = end.abs_diff(first) as usize + 1;
    monitor.progress("Tracking purchases by week", 0, days as u64);
    let actual = repeats_by_day(orders, counts, first, end);
    monitor.check()?;
    let expected = expected_by_day(counts, model, days, monitor)?;
    let mut weeks = Vec::with_capacity(days.div_ceil(WEEK));
    let (mut cumulative_actual, mut before) = (0, 0.0);
    for start in (0..days).step_by(WEEK) {
        let last = (start + WEEK).min(days) - 1;
        let in_week: u64 = actual[start..=last].iter().sum();
        cumulative_actual += in_week;
        weeks.push(TrackingWeek {
            start: first + start as Day,
            end: first + last as Day,
            actual: in_week,
            expected: expected[last] - before,
            cumulative_actual,
            cumulative_expected: expected[last],
        });
        before = expected[last];
    }
    Ok(weeks)
}

/// Purchase days after the first of each customer, by calendar day from `first`.
fn repeats_by_day(orders: &Orders, counts: &Counts, first: Day, end: Day) -> Vec<u64> {
    let mut by_day = vec![0; end.abs_diff(first) as usize + 1];
    for (index, &customer) in counts.customers.iter().enumerate() {
        let born = counts
            .calibration_end
            .saturating_sub_unsigned(counts.history(index).age_days);
        for line in lines_between(orders, customer as usize, born, end) {
            if starts_day(orders, line) {
                by_day[orders.days[line].abs_diff(first) as usize] += 1;
            }
        }
    }
    by_day
}

/// Expected repeats of all customers up to and including each day from the first.
fn expected_by_day(
    counts: &Counts,
    model: &TransactionModel,
    days: usize,
    monitor: &Monitor,
) -> Result<Vec<f64>, Cancelled> {
    let oldest = counts.groups.iter().map(|group| group.age_days).max();
    let mut newcomers = vec![0.0; days];
    for (group, weight) in counts.groups.iter().zip(&counts.weights) {
        let day = (oldest.unwrap_or(0) - group.age_days) as usize;
        if let Some(newcomers) = newcomers.get_mut(day) {
            *newcomers += weight;
        }
    }
    let by_age: Vec<f64> = (0..days)
        .into_par_iter()
        .map(|age| {
            monitor.check()?;
            Ok(model.expected_from_first(age as f64))
        })
        .collect::<Result<_, Cancelled>>()?;
    Ok((0..days)
        .into_par_iter()
        .map(|day| {
            (0..=day)
                .map(|born| newcomers[born] * by_age[day - born])
                .sum()
        })
        .collect())
}

/// Values by frequency (rows) and recency (columns) for customers of one age.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecencyFrequencyMatrix {
    /// Age T of the customers in days.
    pub age_days: u32,
    /// Repeats *x* of each row, ascending.
    pub repeats: Vec<u32>,
    /// Days since the last purchase, T − tₓ, of each column, ascending.
    pub silent_days: Vec<u32>,
    /// Row by row; `None` where the history cannot be: nobody has repeats on fewer days than *x*,
    /// and who never came back has been silent for the whole age.
    pub probability_alive: Vec<Option<f64>>,
    /// Expected purchases in the horizon, in the same order.
    pub expected_purchases: Vec<Option<f64>>,
}

/// Probability of being there and expected purchases by frequency and recency.
#[must_use]
pub fn recency_frequency_matrix(
    model: &TransactionModel,
    age_days: u32,
    horizon_days: f64,
    (repeats, silent_days): (Vec<u32>, Vec<u32>),
) -> RecencyFrequencyMatrix {
    let cell = |repeats: u32, silent: u32| {
        let last_days = age_days.checked_sub(silent)?;
        let possible = repeats <= last_days && (repeats > 0 || last_days == 0);
        let history = History {
            repeats,
            last_days,
            age_days,
        };
        possible.then(|| model.outlook(&history, horizon_days))
    };
    let outlooks: Vec<_> = repeats
        .iter()
        .flat_map(|&x| silent_days.iter().map(move |&silent| cell(x, silent)))
        .collect();
    let column = |value: fn(&super::transactions::Outlook) -> f64| {
        outlooks
            .iter()
            .map(|outlook| outlook.as_ref().map(value))
            .collect()
    };
    RecencyFrequencyMatrix {
        age_days,
        probability_alive: column(|outlook| outlook.probability_alive),
        expected_purchases: column(|outlook| outlook.expected_purchases),
        repeats,
        silent_days,
    }
}
