//! What a forecast was worth when it was made before: held-out gains, level and spread.
//!
//! One horizon before S a forecast is made from what was known then, and compared with what came since.
//! Customers are put into groups by their place in a ranking; a group tells how much of the predicted
//! value really came (its ratio), and how much single customers varied around that. Today's predictions
//! times the ratio of their place are what a ranking really reaches: at the date of the check exactly
//! its held-out cumulative gains.
//!
//! How far all predictions together are off differs from quarter to quarter. It is told by as many
//! earlier checks as the history has room for, at most [`CHECKS`].

use analysis::customers::{Customers, customers_as_of};
use base::monitor::{Cancelled, Monitor};
use data::day::Day;
use data::orders::Orders;

use super::{
    forecast::{Fitted, Forecast},
    ranks::best_first,
};
use models::btyd::Family;

/// Earlier dates at which a forecast is checked, at most.
pub const CHECKS: u32 = 3;

/// Where groups end, as shares of the customers from the best: finer where the money is.
const BORDERS: [f64; 12] = [
    0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0,
];

/// Standard deviation of ln(actual ÷ predicted) assumed before any check has been seen, …
const USUAL_LEVEL_ERROR: f64 = 0.1;
/// … and for how many checks this assumption counts.
const USUAL_WEIGHT: f64 = 4.0;

/// A check that was off by more than this factor says that the forecast was of something else.
const MOST_OFF: f64 = 10.0;

/// 97.5th percentile of Student's t with 4, 5 and 6 degrees of freedom.
const STUDENT: [f64; CHECKS as usize] = [2.776_445, 2.570_582, 2.446_912];
/// The same of the normal distribution.
pub(super) const NORMAL: f64 = 1.959_964;

/// A forecast made earlier and what came of it; one entry per customer of that time.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// It looked ahead from here.
    pub made_at: Day,
    pub predicted: &'a [f64],
    /// Revenue up to then.
    pub past_spend: &'a [f64],
    /// Net revenue within the horizon.
    pub actual: &'a [f64],
}

/// A forecast in sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Check {
    pub made_at: Day,
    pub predicted: f64,
    pub actual: f64,
}

/// What all customers together are expected to bring, and its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct ExpectedTotal {
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

impl Check {
    /// Whether the forecast can be corrected by what came: it was not off by more than [`MOST_OFF`]. A
    /// forecast of next to nothing, as years after the last order, would make any number of it.
    fn tells(self) -> bool {
        self.predicted > 0.0
            && self.actual > 0.0
            && (1.0 / MOST_OFF..=MOST_OFF).contains(&(self.actual / self.predicted))
    }
}

/// What earlier forecasts of the same kind were worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeldOut {
    /// Latest first.
    pub checks: Vec<Check>,
    pub(super) by_predicted: Vec<Group>,
    pub(super) by_past_spend: Vec<Group>,
}

/// Customers of neighbouring places in a ranking, in sums.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Group {
    pub customers: f64,
    pub predicted: f64,
    pub actual: f64,
    /// Σ actual².
    squares: f64,
}

impl Group {
    /// Variance of the actual value over the customers.
    pub fn variance(self) -> f64 {
        let mean = self.actual / self.customers.max(1.0);
        (self.squares / self.customers.max(1.0) - mean * mean).max(0.0)
    }

    /// What came of one unit of predicted value.
    fn ratio(self) -> Option<f64> {
        (self.predicted > 0.0).then(|| (self.actual / self.predicted).max(0.0))
    }
}

impl HeldOut {
    /// Learns from earlier forecasts, the latest first; `None` without any of worth.
    #[must_use]
    pub fn new(latest: Earlier<'_>, before: &[Check]) -> Option<Self> {
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let newest = Check {
            made_at: latest.made_at,
            predicted: sum(latest.predicted),
            actual: sum(latest.actual),
        };
        let checks: Vec<Check> = std::iter::once(newest)
            .chain(before.iter().copied())
            .take(CHECKS as usize)
            .take_while(|check| check.tells())
            .collect();
        (!checks.is_empty()).then(|| Self {
            checks,
            by_predicted: grouped(latest.predicted, latest),
            by_past_spend: grouped(latest.past_spend, latest),
        })
    }

    /// Checks the forecast from orders one, two, … horizons before S.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn of_orders(
        orders: &Orders,
        now: &Customers,
        (family, horizon_days): (Family, u32),
        monitor: &Monitor,
    ) -> Result<Option<Self>, Cancelled> {
        let mut after = now.monetary.clone();
        let mut end = now.as_of;
        let mut latest: Option<[Vec<f64>; 3]> = None;
        let mut checks: Vec<Check> = Vec::new();
        for number in 0..CHECKS {
            monitor.progress(
                "Checking earlier forecasts",
                u64::from(number),
                u64::from(CHECKS),
            );
            let start = end.saturating_sub_unsigned(horizon_days);
            let then = customers_as_of(orders, start);
            let Ok(fitted) = Fitted::learn_as(orders, &then, Some(family), monitor)? else {
                break;
            };
            let forecast = Forecast::new(&fitted, then.len(), horizon_days, monitor)?;
            let rows: Vec<usize> = (0..then.len()).filter(|&row| then.exists(row)).collect();
            let pick = |of: &dyn Fn(usize) -> f64| rows.iter().map(|&row| of(row)).collect();
            let predicted: Vec<f64> = pick(&|row| forecast.value[row]);
            let actual: Vec<f64> = pick(&|row| after[row] - then.monetary[row]);
            checks.push(Check {
                made_at: start,
                predicted: predicted.iter().sum(),
                actual: actual.iter().sum(),
            });
            if latest.is_none() {
                latest = Some([predicted, pick(&|row| then.monetary[row]), actual]);
            }
            (after, end) = (then.monetary, start);
        }
        let (Some([predicted, past_spend, actual]), Some((newest, before))) =
            (&latest, checks.split_first())
        else {
            return Ok(None);
        };
        let latest = Earlier {
            made_at: newest.made_at,
            predicted,
            past_spend,
            actual,
        };
        Ok(Self::new(latest, before))
    }

    /// Mean of ln(actual ÷ predicted) over the checks.
    fn level(&self) -> f64 {
        self.levels().sum::<f64>() / self.checks.len() as f64
    }

    fn levels(&self) -> impl Iterator<Item = f64> + '_ {
        self.checks
            .iter()
            .map(|check| (check.actual / check.predicted).ln())
    }

    /// Half of the 95 % interval of the sum of all predictions, as a share of it: how far the level of
    /// a further quarter lies from the mean of those seen. Their variance is pooled with the usual one
    /// (a scaled inverse χ² prior), so that one or two checks do not pass for certainty.
    #[must_use]
    pub fn level_error(&self) -> f64 {
        let (count, level) = (self.checks.len() as f64, self.level());
        let squares: f64 = self.levels().map(|found| (found - level).powi(2)).sum();
        let usual = USUAL_WEIGHT * USUAL_LEVEL_ERROR.powi(2);
        let variance = (usual + squares) / (USUAL_WEIGHT + count - 1.0) * (1.0 + 1.0 / count);
        let student = STUDENT[(self.checks.len() - 1).min(STUDENT.len() - 1)];
        student * variance.sqrt()
    }

    /// What came of a unit of predicted value, on average: the geometric mean of actual ÷ predicted over
    /// the checks.
    #[must_use]
    pub fn mean_ratio(&self) -> f64 {
        self.level().exp()
    }

    /// What a sum of predictions comes to: Σ predicted × [`Self::mean_ratio`], give or take
    /// [`Self::level_error`] of it; nobody brings less than nothing.
    #[must_use]
    pub fn expected_total(&self, predicted: f64) -> ExpectedTotal {
        let estimate = predicted * self.mean_ratio();
        let half = estimate * self.level_error();
        ExpectedTotal {
            estimate,
            low: (estimate - half).max(0.0),
            high: estimate + half,
        }
    }

    /// What a unit of predicted value is worth, by group of a ranking: its ratio at the latest check,
    /// brought to the level of all checks.
    pub(super) fn ratios(&self, groups: &[Group]) -> Vec<f64> {
        let latest = self.levels().next().unwrap_or(0.0);
        let level = self.level();
        let shift = (level - latest).exp();
        let ratio = |group: &Group| group.ratio().map_or(level.exp(), |ratio| ratio * shift);
        groups.iter().map(ratio).collect()
    }
}

/// Group of each of so many places in a ranking, best first.
pub(super) fn places(count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |place| {
        let share = (place + 1) as f64 / count as f64;
        BORDERS.partition_point(|&border| border + 1e-12 < share)
    })
}

fn grouped(ranking: &[f64], of: Earlier<'_>) -> Vec<Group> {
    let order = best_first(ranking);
    let mut groups = vec![Group::default(); BORDERS.len()];
    for (&row, place) in order.iter().zip(places(order.len())) {
        let (group, row) = (&mut groups[place], row as usize);
        group.customers += 1.0;
        group.predicted += of.predicted[row];
        group.actual += of.actual[row];
        group.squares += of.actual[row] * of.actual[row];
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(predicted: f64, actual: f64) -> Check {
        Check {
            made_at: 0,
            predicted,
            actual,
        }
    }

    #[test]
    fn places_fall_into_the_groups_by_share() {
        let of: Vec<usize> = places(100).collect();
        assert_eq!(
            [of[0], of[1], of[2], of[4], of[5], of[99]],
            [0, 1, 2, 2, 3, 11]
        );
        assert_eq!(places(1).collect::<Vec<_>>(), [11]);
    }

    /// Ten customers; half of what was predicted came, nearly all of it from the best.
    #[test]
    fn a_group_tells_what_came_of_its_predictions() {
        let predicted = [50.0, 10.0, 10.0, 10.0, 5.0, 5.0, 4.0, 3.0, 2.0, 1.0];
        let actual = [40.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let latest = Earlier {
            made_at: 0,
            predicted: &predicted,
            past_spend: &predicted,
            actual: &actual,
        };
        let alone = HeldOut::new(latest, &[]).unwrap();
        let ratios = alone.ratios(&alone.by_predicted);
        // The best tenth is group 3; places 1 and 2 are groups 5 and 6.
        assert!((ratios[3] - 0.8).abs() < 1e-12 && (ratios[5] - 1.0).abs() < 1e-12);
        assert_eq!(ratios[6], 0.0);
        // Nobody stands in the first hundredth: the level of everybody, 50 of 100.
        assert!((ratios[0] - 0.5).abs() < 1e-12);
        // A second check at twice the level: the mean of the logarithms, √2 of the latest.
        let two = HeldOut::new(latest, &[check(100.0, 100.0)]).unwrap();
        assert!((two.ratios(&two.by_predicted)[3] - 0.8 * 2f64.sqrt()).abs() < 1e-12);
        assert!(
            HeldOut::new(
                Earlier {
                    actual: &[0.0; 10],
                    ..latest
                },
                &[]
            )
            .is_none()
        );
    }

    /// Long after the last order next to nothing is predicted; one late order is then no correction.
    #[test]
    fn a_forecast_of_next_to_nothing_corrects_nothing() {
        assert!(check(10.0, 99.0).tells() && check(10.0, 1.01).tells());
        for (predicted, actual) in [(10.0, 101.0), (10.0, 0.99), (1.28e-8, 15.51), (0.0, 1.0)] {
            assert!(!check(predicted, actual).tells(), "{predicted} {actual}");
        }
    }

    /// By hand. One check: √(4·0.01/4 · 2) · 2.776 = 0.3926. Two, e⁰ and e^0.2: squares 0.02, so
    /// √((0.04 + 0.02)/5 · 1.5) · 2.5706 = 0.3449.
    #[test]
    fn the_level_error_by_hand() {
        let of = |checks: &[Check]| {
            HeldOut {
                checks: checks.to_vec(),
                ..HeldOut::default()
            }
            .level_error()
        };
        assert!((of(&[check(1.0, 1.3)]) - 0.392_65).abs() < 1e-4);
        let two = of(&[check(1.0, 1.0), check(1.0, 0.2f64.exp())]);
        assert!((two - 0.3449).abs() < 1e-4, "{two}");
    }

    /// By hand. Checks of 1 and of e^0.2: mean ratio e^0.1 = 1.105 171; so 1,000 predicted come to 1,105.17,
    /// ± 34.49 % (the test above) = ± 381.2.
    #[test]
    fn the_expected_total_by_hand() {
        let held_out = HeldOut {
            checks: vec![check(10.0, 10.0), check(5.0, 5.0 * 0.2f64.exp())],
            ..HeldOut::default()
        };
        let total = held_out.expected_total(1_000.0);
        assert!((total.estimate - 1_105.171).abs() < 1e-3, "{total:?}");
        assert!((total.low - 724.0).abs() < 0.1, "{total:?}");
        assert!((total.high - 1_486.4).abs() < 0.1, "{total:?}");
        assert_eq!(held_out.expected_total(0.0), ExpectedTotal::default());
    }
}
