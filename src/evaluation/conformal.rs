//! Split conformal prediction intervals: how far predictions were off for customers the model had
//! not seen, turned into a range for those to come.
//!
//! If the customers to come are like those of the calibration (exchangeable), the range holds the
//! actual value with at least the nominal probability, whatever the model (Vovk, Gammerman & Shafer
//! 2005; Lei et al. 2018). Months later they may not be: so the achieved coverage is always measured.
//!
//! Errors of spend grow with spend, so customers are grouped by their prediction and each group has
//! its own error quantile ("Mondrian" conformal prediction): small predictions get short intervals.

use serde::{Deserialize, Serialize};

use super::{EvaluationError, Scored, ranking::Ranking};

/// A group needs this many customers for its own quantile.
const MIN_GROUP: usize = 50;

/// Prediction intervals fitted on a calibration set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SplitConformal {
    /// Nominal coverage, such as 0.8.
    pub level: f64,
    /// Values cannot lie below; 0 for spend, `None` where they can be negative.
    pub floor: Option<f64>,
    groups: Vec<Group>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Group {
    /// Lowest prediction of the group; the first group has no lower end, −∞.
    #[serde(deserialize_with = "null_is_lowest")]
    from: f64,
    /// Half width of its intervals; `None` = unlimited: too few customers for the level.
    half_width: Option<f64>,
}

impl SplitConformal {
    /// Fits on calibration customers, none of whom the model has seen, in at most `groups` groups of
    /// equal size by prediction (fewer when a group would fall under fifty customers).
    ///
    /// The half width is the ⌈(n + 1) · level⌉-th smallest |actual − predicted| of the group's n.
    #[must_use]
    pub fn fit(calibration: Scored<'_>, level: f64, groups: usize, floor: Option<f64>) -> Self {
        let (actual, predicted) = (calibration.actual(), calibration.predicted());
        let ranking = Ranking::by(predicted);
        let mut ties: Vec<&[u32]> = ranking.groups().collect();
        ties.reverse();
        let n = calibration.len();
        let groups = groups.min(n / MIN_GROUP).max(1);
        let mut found: Vec<Group> = Vec::with_capacity(groups);
        let (mut errors, mut seen): (Vec<f64>, usize) = (Vec::new(), 0);
        let mut from = f64::NEG_INFINITY;
        for (at, tie) in ties.iter().enumerate() {
            let prediction = tie.first().map_or(0.0, |&row| predicted[row as usize]);
            if errors.is_empty() && at > 0 {
                from = prediction;
            }
            errors.extend(
                tie.iter()
                    .map(|&row| (actual[row as usize] - prediction).abs()),
            );
            seen += tie.len();
            let full = seen >= (found.len() + 1) * n / groups;
            let rest_is_enough = n - seen >= MIN_GROUP || n == seen;
            if (full && rest_is_enough) || at + 1 == ties.len() {
                let half_width = quantile(&mut errors, level);
                found.push(Group { from, half_width });
                errors.clear();
            }
        }
        Self {
            level,
            floor,
            groups: found,
        }
    }

    /// Low and high end for a prediction; the prediction lies between them.
    #[must_use]
    pub fn interval(&self, predicted: f64) -> (f64, f64) {
        let at = self.groups.partition_point(|group| group.from <= predicted);
        let group = at.checked_sub(1).and_then(|at| self.groups.get(at));
        let half = group
            .and_then(|group| group.half_width)
            .unwrap_or(f64::INFINITY);
        let lowest = self.floor.unwrap_or(f64::NEG_INFINITY).min(predicted);
        ((predicted - half).max(lowest), predicted + half)
    }

    /// What the intervals achieve on other customers.
    ///
    /// # Errors
    /// [`EvaluationError`] never for checked rows; it is there for the bounds' own check.
    pub fn coverage(&self, scored: Scored<'_>) -> Result<Coverage, EvaluationError> {
        let bounds: Vec<(f64, f64)> = scored
            .predicted()
            .iter()
            .map(|&p| self.interval(p))
            .collect();
        Coverage::of(scored.actual(), &bounds, self.level)
    }
}

/// JSON has no −∞ and writes it as `null`.
fn null_is_lowest<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let number = Option::<f64>::deserialize(deserializer)?;
    Ok(number.unwrap_or(f64::NEG_INFINITY))
}

/// The ⌈(n + 1) · level⌉-th smallest; `None` when there are too few for that.
fn quantile(errors: &mut [f64], level: f64) -> Option<f64> {
    // A hair off the product, so that 0.8 · 10 is 8 and not 9.
    let rank = ((errors.len() as f64 + 1.0) * level - 1e-9).ceil().max(1.0) as usize;
    if rank > errors.len() {
        return None;
    }
    let (_, value, _) = errors.select_nth_unstable_by(rank - 1, f64::total_cmp);
    Some(*value)
}

/// Nominal and achieved coverage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    pub nominal: f64,
    /// Share of customers whose actual value lay inside.
    pub achieved: f64,
    /// Median width of the intervals; `None` when unlimited.
    pub median_width: Option<f64>,
    pub customers: usize,
}

impl Coverage {
    /// # Errors
    /// [`EvaluationError::Lengths`] or [`EvaluationError::Empty`].
    pub fn of(
        actual: &[f64],
        bounds: &[(f64, f64)],
        nominal: f64,
    ) -> Result<Self, EvaluationError> {
        if actual.len() != bounds.len() {
            return Err(EvaluationError::Lengths {
                actual: actual.len(),
                predicted: bounds.len(),
            });
        }
        let mut widths: Vec<f64> = bounds.iter().map(|(low, high)| high - low).collect();
        if widths.is_empty() {
            return Err(EvaluationError::Empty);
        }
        let middle = widths.len() / 2;
        let (_, &mut median, _) = widths.select_nth_unstable_by(middle, f64::total_cmp);
        let inside = |(value, (low, high)): &(&f64, &(f64, f64))| low <= *value && *value <= high;
        let hits = actual.iter().zip(bounds).filter(inside).count();
        Ok(Self {
            nominal,
            achieved: hits as f64 / actual.len() as f64,
            median_width: median.is_finite().then_some(median),
            customers: actual.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Draws;

    /// Spend-like rows: 60 % nothing, else exponential around a known mean; the prediction knows the
    /// mean only.
    fn customers(seed: u64, n: usize) -> (Vec<f64>, Vec<f64>) {
        let mut draws = Draws::new(seed, 0);
        (0..n)
            .map(|_| {
                let mean = 1.0 + 30.0 * draws.uniform() * draws.uniform();
                let buys = draws.uniform() < 0.4;
                let spend = -draws.uniform().ln() * mean / 0.4;
                (if buys { spend } else { 0.0 }, mean)
            })
            .unzip()
    }

    #[test]
    fn eighty_percent_intervals_hold_eighty_percent_of_exchangeable_customers() {
        let (actual, predicted) = customers(1, 4000);
        let conformal = SplitConformal::fit(
            Scored::new(&actual, &predicted).unwrap(),
            0.8,
            10,
            Some(0.0),
        );
        assert_eq!(conformal.groups.len(), 10);
        for seed in 2..6 {
            let (actual, predicted) = customers(seed, 20_000);
            let coverage = conformal
                .coverage(Scored::new(&actual, &predicted).unwrap())
                .unwrap();
            assert!((0.77..=0.83).contains(&coverage.achieved), "{coverage:?}");
            // And not only on the whole: also among the best-ranked tenth.
            let best: Vec<usize> = (0..20_000).filter(|&i| predicted[i] > 18.0).collect();
            let of = |values: &[f64]| best.iter().map(|&i| values[i]).collect::<Vec<_>>();
            let (actual, predicted) = (of(&actual), of(&predicted));
            let coverage = conformal
                .coverage(Scored::new(&actual, &predicted).unwrap())
                .unwrap();
            assert!((0.72..=0.88).contains(&coverage.achieved), "{coverage:?}");
        }
    }

    #[test]
    fn the_quantile_by_hand() {
        let mut errors = [5.0, 1.0, 4.0, 2.0, 3.0, 6.0, 7.0, 8.0, 9.0];
        // ⌈10 · 0.8⌉ = 8th smallest of nine.
        assert_eq!(quantile(&mut errors, 0.8), Some(8.0));
        assert_eq!(
            quantile(&mut errors, 0.95),
            None,
            "nine rows cannot promise 95 %"
        );
    }

    #[test]
    fn intervals_hold_their_prediction_and_respect_the_floor() {
        let actual = vec![0.0; 60];
        let predicted: Vec<f64> = (0..60).map(f64::from).collect();
        let conformal = SplitConformal::fit(
            Scored::new(&actual, &predicted).unwrap(),
            0.5,
            10,
            Some(0.0),
        );
        assert_eq!(conformal.groups.len(), 1, "too few for more");
        // ⌈61 · 0.5⌉ = 31st smallest error of 0 … 59.
        assert_eq!(conformal.interval(40.0), (10.0, 70.0));
        assert_eq!(conformal.interval(10.0), (0.0, 40.0));
        assert_eq!(
            conformal.interval(-5.0),
            (-5.0, 25.0),
            "never above the prediction"
        );
        let coverage = Coverage::of(&[1.0, 9.0], &[(0.0, 2.0), (0.0, 4.0)], 0.8).unwrap();
        assert_eq!((coverage.achieved, coverage.median_width), (0.5, Some(4.0)));
    }
}
