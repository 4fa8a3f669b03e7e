//! Rolling-origin backtest: the same recipe at earlier dates, each judged by what came after.

use serde::{Deserialize, Serialize};

use super::{mean, report::Report};
use base::monitor::{Cancelled, Monitor};
use data::day::Day;

/// One earlier prediction date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fold {
    /// t₀: orders up to and including this day were known.
    pub origin: Day,
    pub report: Report,
}

/// Mean and spread of a metric over folds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub mean: f64,
    /// Sample standard deviation (n − 1); `None` for a single fold.
    pub sd: Option<f64>,
    pub folds: usize,
}

impl Spread {
    /// Of those values that are defined; `None` when none is.
    #[must_use]
    pub fn of(values: impl Iterator<Item = Option<f64>>) -> Option<Self> {
        let values: Vec<f64> = values.flatten().collect();
        let middle = mean(values.iter().copied())?;
        let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
        let free = values.len().checked_sub(1).filter(|&free| free > 0);
        Some(Self {
            mean: middle,
            sd: free.map(|free| (squares / free as f64).sqrt()),
            folds: values.len(),
        })
    }
}

/// Prediction dates for a backtest, oldest first: `last`, and every `step_days` before it as long as
/// `history_days` of orders lie before; at most `count`. A window (t₀, t₀ + h] that ends by the last
/// day of the data is the caller's choice of `last`.
#[must_use]
pub fn origins(
    first_order: Day,
    last: Day,
    step_days: u32,
    history_days: u32,
    count: usize,
) -> Vec<Day> {
    let earliest = first_order.saturating_add_unsigned(history_days);
    let before = |&day: &Day| day.checked_sub_unsigned(step_days.max(1));
    let mut days: Vec<Day> = std::iter::successors(Some(last), before)
        .take_while(|&day| day >= earliest)
        .take(count)
        .collect();
    days.reverse();
    days
}

/// Trains and judges at each origin, one after the other: `run` must look at nothing after the
/// origin but the outcome it judges by.
///
/// # Errors
/// The first error of `run`, or the cancellation as its `E`.
pub fn backtest<E: From<Cancelled>>(
    origins: &[Day],
    monitor: &Monitor,
    mut run: impl FnMut(Day) -> Result<Report, E>,
) -> Result<Vec<Fold>, E> {
    let mut folds = Vec::with_capacity(origins.len());
    for (at, &origin) in origins.iter().enumerate() {
        monitor.check()?;
        monitor.progress("Backtest at earlier dates", at as u64, origins.len() as u64);
        let report = run(origin)?;
        folds.push(Fold { origin, report });
    }
    Ok(folds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::monitor::Cancel;

    #[test]
    fn origins_step_back_as_far_as_the_history_allows() {
        assert_eq!(origins(0, 400, 90, 100, 10), [130, 220, 310, 400]);
        assert_eq!(origins(0, 400, 90, 100, 2), [310, 400]);
        assert_eq!(origins(0, 400, 90, 401, 2), [] as [Day; 0]);
    }

    #[test]
    fn spread_by_hand() {
        let spread = Spread::of([Some(1.0), None, Some(3.0)].into_iter()).unwrap();
        assert_eq!((spread.mean, spread.folds), (2.0, 2));
        assert!((spread.sd.unwrap() - 2f64.sqrt()).abs() < 1e-15);
        assert_eq!(Spread::of([Some(5.0)].into_iter()).unwrap().sd, None);
        assert_eq!(Spread::of([None].into_iter()), None);
    }

    #[test]
    fn a_cancelled_backtest_stops_before_the_next_date() {
        let cancel = Cancel::default();
        let monitor = Monitor::new(cancel.clone(), |_| {});
        let mut asked = Vec::new();
        let result: Result<Vec<Fold>, Cancelled> = backtest(&[1, 2, 3], &monitor, |origin| {
            asked.push(origin);
            cancel.cancel();
            Err(Cancelled)
        });
        assert_eq!((result, asked), (Err(Cancelled), vec![1]));
    }
}
