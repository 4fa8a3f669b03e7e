//! Calibration → hold-out: what a model expected against what customers did afterwards.

use serde::Serialize;

use super::counts::Counts;
use data::day::Day;
use data::orders::Orders;

/// What happened after the calibration end.
#[derive(Clone, Debug, PartialEq)]
pub struct HoldOut {
    /// Last day of the hold-out, included.
    pub end: Day,
    /// Length in days.
    pub days: u32,
    /// Purchase days of each of [`Counts::customers`] in it.
    pub actual: Vec<u32>,
}

impl HoldOut {
    /// Reads the hold-out from the day after the calibration end to `end`; `None` when that is no
    /// day at all.
    #[must_use]
    pub fn from_orders(orders: &Orders, counts: &Counts, end: Day) -> Option<Self> {
        (end > counts.calibration_end).then(|| Self {
            end,
            days: end.abs_diff(counts.calibration_end),
            actual: counts.purchases_until(orders, end),
        })
    }

    /// Purchases of all customers.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.actual.iter().map(|&count| u64::from(count)).sum()
    }

    /// Compares expectations, one per customer, with what happened.
    #[must_use]
    pub fn score(&self, predictor: &str, expected: &[f64]) -> HoldOutScore {
        let customers = self.actual.len() as f64;
        let actual: Vec<f64> = self.actual.iter().map(|&count| f64::from(count)).collect();
        let errors = || expected.iter().zip(&actual).map(|(e, a)| e - a);
        HoldOutScore {
            predictor: predictor.to_owned(),
            expected: expected.iter().sum(),
            actual: self.total(),
            mae: errors().map(f64::abs).sum::<f64>() / customers,
            rmse: (errors().map(|error| error * error).sum::<f64>() / customers).sqrt(),
            correlation: correlation(expected, &actual),
        }
    }
}

/// One row of the hold-out table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HoldOutScore {
    /// Model or rival.
    pub predictor: String,
    /// Expected purchases of all customers.
    pub expected: f64,
    /// Purchases of all customers.
    pub actual: u64,
    /// Mean absolute error per customer.
    pub mae: f64,
    /// Root mean squared error per customer.
    pub rmse: f64,
    /// Pearson correlation of expected and actual; `None` where nothing varies.
    pub correlation: Option<f64>,
}

/// The rival that lets everyone go on at their own rate: x / T · days.
#[must_use]
pub fn naive_rate(counts: &Counts, days: u32) -> Vec<f64> {
    let rates: Vec<f64> = counts
        .groups
        .iter()
        .map(|group| f64::from(group.repeats) / f64::from(group.age_days.max(1)) * f64::from(days))
        .collect();
    counts.per_customer(&rates)
}

/// The rival that expects nobody to buy.
#[must_use]
pub fn nobody_buys(counts: &Counts) -> Vec<f64> {
    vec![0.0; counts.len()]
}

/// Hold-out purchases of the customers with the same number of calibration repeats.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FrequencyRow {
    /// Repeats in the calibration; in the last row this many or more.
    pub repeats: u32,
    pub or_more: bool,
    pub customers: usize,
    pub mean_actual: f64,
    pub mean_expected: f64,
}

/// Mean expected and actual purchases by calibration frequency 0, 1, …, `top` or more.
#[must_use]
pub fn by_frequency(
    counts: &Counts,
    hold_out: &HoldOut,
    expected: &[f64],
    top: u32,
) -> Vec<FrequencyRow> {
    let mut sums = vec![(0usize, 0.0, 0.0); top as usize + 1];
    for (index, (&actual, &expected)) in hold_out.actual.iter().zip(expected).enumerate() {
        let row = &mut sums[counts.history(index).repeats.min(top) as usize];
        row.0 += 1;
        row.1 += f64::from(actual);
        row.2 += expected;
    }
    sums.into_iter()
        .zip(0..)
        .filter(|((customers, ..), _)| *customers > 0)
        .map(|((customers, actual, expected), repeats)| FrequencyRow {
            repeats,
            or_more: repeats == top,
            customers,
            mean_actual: actual / customers as f64,
            mean_expected: expected / customers as f64,
        })
        .collect()
}

/// Pearson correlation; `None` where one side does not vary.
pub(super) fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        let (a, b) = (a - mean_x, b - mean_y);
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::btyd::counts::History;

    fn counts() -> Counts {
        let history = |(repeats, last_days, age_days)| History {
            repeats,
            last_days,
            age_days,
        };
        Counts::from_histories(&[(0, 0, 10), (2, 8, 10), (5, 9, 20)].map(history), 0)
    }

    fn hold_out() -> HoldOut {
        HoldOut {
            end: 10,
            days: 10,
            actual: vec![0, 1, 5],
        }
    }

    #[test]
    fn scores_by_hand() {
        // Naive: 0, 2, 2.5; errors 0, 1, −2.5.
        let score = hold_out().score("naive", &naive_rate(&counts(), 10));
        assert_eq!(score.expected, 4.5);
        assert_eq!(score.actual, 6);
        assert!((score.mae - 3.5 / 3.0).abs() < 1e-15);
        assert!((score.rmse - (7.25f64 / 3.0).sqrt()).abs() < 1e-15);
        // Sxy = 14.5 − 4.5·6/3, Sxx = 10.25 − 4.5²/3, Syy = 26 − 6²/3.
        let expected = 5.5 / (3.5f64 * 14.0).sqrt();
        assert!((score.correlation.unwrap() - expected).abs() < 1e-15);
        let nobody = hold_out().score("nobody", &nobody_buys(&counts()));
        assert_eq!((nobody.mae, nobody.correlation), (2.0, None));
    }

    #[test]
    fn the_last_frequency_is_open_ended() {
        let rows = by_frequency(&counts(), &hold_out(), &[0.5, 1.5, 4.0], 2);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].repeats, rows[0].customers), (0, 1));
        let last = &rows[1];
        assert!(last.or_more && last.customers == 2);
        assert_eq!((last.mean_actual, last.mean_expected), (3.0, 2.75));
    }
}
