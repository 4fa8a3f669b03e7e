//! The shop's seasons: how busy each day is, and when customers arrive.

use super::params::{FIRST_DAY, LAST_DAY, Parameters, Spec};
use data::day::{Day, civil, from_civil};

/// Days of history.
pub(super) const DAYS: usize = (LAST_DAY - FIRST_DAY + 1) as usize;

/// Days counted from [`FIRST_DAY`].
pub(super) struct Calendar {
    /// Busyness summed over the days before each day; entry `DAYS` is the total, equal to `DAYS`.
    busy_before: Vec<f64>,
    /// Share of customers acquired before each day; entry `DAYS` is 1.
    acquired_before: Vec<f64>,
}

impl Calendar {
    pub(super) fn new(spec: &Spec, parameters: &Parameters) -> Self {
        let busy: Vec<f64> = (FIRST_DAY..=LAST_DAY)
            .map(|day| if spec.plain { 1.0 } else { busyness(day) })
            .collect();
        let daily_growth = libm::log(parameters.acquisition_growth) / 365.25;
        let arrivals: Vec<f64> = busy
            .iter()
            .enumerate()
            .map(|(day, busy)| busy * libm::exp(daily_growth * day as f64))
            .collect();
        Self {
            busy_before: running_sum(&busy, DAYS as f64),
            acquired_before: running_sum(&arrivals, 1.0),
        }
    }

    /// Day (from 0) on which this share of all customers has arrived.
    pub(super) fn acquisition_day(&self, share: f64) -> usize {
        day_at(&self.acquired_before, share)
    }

    /// Operational time at the start of a day: purchases are a Poisson process in this time.
    pub(super) fn time_at(&self, day: usize) -> f64 {
        self.busy_before[day]
    }

    /// Day that contains this operational time; `None` after the last day.
    pub(super) fn day_of(&self, time: f64) -> Option<usize> {
        (time < self.busy_before[DAYS]).then(|| day_at(&self.busy_before, time))
    }
}

/// Last day whose entry does not lie above `value`.
fn day_at(before: &[f64], value: f64) -> usize {
    before
        .partition_point(|&entry| entry <= value)
        .clamp(1, DAYS)
        - 1
}

fn running_sum(values: &[f64], total: f64) -> Vec<f64> {
    let scale = total / values.iter().sum::<f64>();
    let mut sums = Vec::with_capacity(values.len() + 1);
    let mut sum = 0.0;
    sums.push(0.0);
    for value in values {
        sum += value * scale;
        sums.push(sum);
    }
    sums
}

/// Relative demand of a day: month of the year, weekday, the sales week at the end of November and
/// the quiet days after Christmas.
fn busyness(day: Day) -> f64 {
    const MONTHS: [f64; 12] = [
        0.88, 0.84, 0.92, 0.97, 1.02, 0.95, 0.88, 0.86, 0.97, 1.02, 1.22, 1.36,
    ];
    /// Monday first.
    const WEEKDAYS: [f64; 7] = [1.09, 1.05, 1.01, 0.98, 0.94, 0.86, 1.07];
    let (_, month, day_of_month) = civil(day);
    let special = match (month, day_of_month) {
        (11, 22..=30) => 1.55,
        (12, 24..=31) => 0.55,
        _ => 1.0,
    };
    MONTHS[month as usize - 1] * WEEKDAYS[(day + 3).rem_euclid(7) as usize] * special
}

/// How the dropout of a cohort differs, as a factor on `b`: customers won before the loyalty
/// programme of January 2024 leave sooner, later ones stay longer, and bargain hunters won in the
/// sales weeks before Christmas leave soonest.
pub(super) fn cohort_loyalty(day: usize) -> f64 {
    let day = FIRST_DAY + day as Day;
    let (_, month, day_of_month) = civil(day);
    let programme = from_civil(2024, 1, 1).unwrap_or(day);
    let trend = if day < programme { 0.55 } else { 1.9 };
    match (month, day_of_month) {
        (11, 15..) | (12, ..24) => trend * 0.4,
        _ => trend,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::dataset::Shape;
    use data::day::iso;

    #[test]
    fn history_has_the_promised_ends() {
        assert_eq!(iso(FIRST_DAY), "2022-07-01");
        assert_eq!(iso(LAST_DAY), "2025-06-30");
        assert_eq!(DAYS, 1096);
    }

    #[test]
    fn operational_time_runs_through_every_day() {
        let spec = Spec::new(10, 1, Shape::OrderLog);
        let calendar = Calendar::new(&spec, &Parameters::of(&spec));
        for day in 0..DAYS {
            assert_eq!(calendar.day_of(calendar.time_at(day)), Some(day));
        }
        assert_eq!(calendar.day_of(DAYS as f64 + 0.001), None);
        assert_eq!(calendar.acquisition_day(0.0), 0);
        assert_eq!(calendar.acquisition_day(1.0), DAYS - 1);
        // Growth: the second half of the history brings more customers than the first.
        assert!(calendar.acquisition_day(0.5) > DAYS / 2);
    }

    #[test]
    fn plain_time_is_calendar_time() {
        let spec = Spec {
            plain: true,
            ..Spec::new(10, 1, Shape::OrderLog)
        };
        let calendar = Calendar::new(&spec, &Parameters::of(&spec));
        assert_eq!(calendar.day_of(0.5), Some(0));
        assert_eq!(calendar.day_of(99.5), Some(99));
        assert_eq!(calendar.acquisition_day(0.5), DAYS / 2);
    }
}
