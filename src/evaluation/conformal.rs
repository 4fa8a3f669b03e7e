//! Split conformal prediction intervals: how far predictions were off for customers the model had
//! not seen, turned into a range for those to come.
//!
//! If the customers to come are like those of the calibration (exchangeable), the range holds the
//! actual value with at least the nominal probability, whatever the model (Vovk, Gammerman & Shafer
//! 2005; Lei et al. 2018). Months later they may not be: so the achieved coverage is always measured,
//! and what a backtest shows of it widens the ranges ([`SplitConformal::widened`]).
//!
//! Spend is mostly nothing, sometimes much, and its errors grow with it. Three things follow:
//!
//! - Customers are grouped by their prediction, and each group has its own error quantiles
//!   ("Mondrian" conformal prediction): small predictions get short intervals.
//! - Within a group errors are counted in units of a spread fitted to all groups, a power of the
//!   prediction ("normalised" conformal prediction): the largest of a group get the widest.
//! - Both ends have their own quantile. Where one customer in ten buys nothing, the range begins at
//!   0 and all the doubt is spent on its top.

use serde::{Deserialize, Serialize};

use super::{EvaluationError, Scored, deciles, ranking::Ranking};

/// A group needs this many customers for its own quantiles.
const MIN_GROUP: usize = 50;
/// A backtest needs this many customers in a group to widen its interval.
const MIN_LATER: usize = 20;
/// Share of the topmost group that is a group of its own: its predictions differ by a multiple.
const TOP_SHARE: f64 = 0.2;
/// From this share of customers without value on, a group's intervals begin at 0.
const COMMON_ZEROS: f64 = 0.1;
/// Share of the mean prediction below which the spread of errors shrinks no more.
const LEAST_SHARE: f64 = 0.01;
/// Groups of [`Coverage::by_decile`].
const DECILES: usize = 10;

/// Prediction intervals fitted on a calibration set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SplitConformal {
    /// Nominal coverage, such as 0.8.
    pub level: f64,
    /// Values cannot lie below; 0 for spend, `None` where they can be negative.
    pub floor: Option<f64>,
    spread: Spread,
    groups: Vec<Group>,
}

/// Typical size of an error: max(prediction, least) ^ power.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Spread {
    power: f64,
    least: f64,
}

impl Spread {
    fn at(self, predicted: f64) -> f64 {
        predicted.max(self.least).powf(self.power)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Group {
    /// Lowest prediction of the group; the first group has no lower end, −∞.
    #[serde(deserialize_with = "null_is_lowest")]
    from: f64,
    #[serde(flatten)]
    ends: Ends,
}

/// Where intervals end, in units of the spread from the prediction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Ends {
    /// `None` = unlimited: too few customers for the level.
    low: Option<f64>,
    high: Option<f64>,
    /// Having no value is common: the interval reaches down to 0.
    zeros: bool,
}

impl Ends {
    /// Of (actual, predicted) rows.
    fn of(rows: &[(f64, f64)], spread: Spread, level: f64, floor: Option<f64>) -> Self {
        let tail = (1.0 - level) / 2.0;
        let nothing = rows.iter().filter(|(actual, _)| *actual <= 0.0).count();
        let zeros = nothing as f64 >= COMMON_ZEROS.min(tail) * rows.len() as f64;
        let mut errors: Vec<f64> = (rows.iter())
            .map(|&(actual, predicted)| (actual - predicted) / spread.at(predicted))
            .collect();
        // With nothing below the interval, all that may be missed lies above.
        let one_sided = zeros && floor.is_some();
        let high = quantile(&mut errors, if one_sided { level } else { 1.0 - tail });
        for error in &mut errors {
            *error = -*error;
        }
        let low = quantile(&mut errors, 1.0 - tail).map(|error| -error);
        Self { low, high, zeros }
    }

    /// The wider of both at each end.
    fn or_wider(self, other: Self) -> Self {
        let wider = |one: Option<f64>, other: Option<f64>, pick: fn(f64, f64) -> f64| {
            Some(pick(one?, other?))
        };
        Self {
            low: wider(self.low, other.low, f64::min),
            high: wider(self.high, other.high, f64::max),
            zeros: self.zeros || other.zeros,
        }
    }
}

impl SplitConformal {
    /// Fits on calibration customers, none of whom the model has seen, in at most `groups` groups of
    /// equal size by prediction (fewer when a group would fall under fifty customers); the best fifth
    /// of the topmost group is one more.
    ///
    /// With n customers in a group and q = (actual − predicted) ÷ spread, the ends are the
    /// ⌈(n + 1)(1 + level) ÷ 2⌉-th smallest q and its mirror image; where the low end is 0, the top is
    /// the ⌈(n + 1) · level⌉-th.
    #[must_use]
    pub fn fit(calibration: Scored<'_>, level: f64, groups: usize, floor: Option<f64>) -> Self {
        let cut = cut(calibration, groups);
        let spread = spread(&cut);
        let groups = cut
            .into_iter()
            .enumerate()
            .map(|(at, rows)| Group {
                from: match rows.first() {
                    Some(&(_, lowest)) if at > 0 => lowest,
                    _ => f64::NEG_INFINITY,
                },
                ends: Ends::of(&rows, spread, level, floor),
            })
            .collect();
        Self {
            level,
            floor,
            spread,
            groups,
        }
    }

    /// The same intervals, wider wherever these later customers were missed by more: each end is the
    /// farther one of calibration and backtest, and what is common in either counts as common.
    ///
    /// `later` are predictions made the same way at an earlier date and what came of them.
    #[must_use]
    pub fn widened(mut self, later: Scored<'_>) -> Self {
        let mut rows: Vec<Vec<(f64, f64)>> = vec![Vec::new(); self.groups.len()];
        for (actual, predicted) in later.pairs() {
            if let Some(rows) = self.group(predicted).and_then(|at| rows.get_mut(at)) {
                rows.push((actual, predicted));
            }
        }
        for (group, rows) in self.groups.iter_mut().zip(rows) {
            if rows.len() >= MIN_LATER {
                let found = Ends::of(&rows, self.spread, self.level, self.floor);
                group.ends = group.ends.or_wider(found);
            }
        }
        self
    }

    fn group(&self, predicted: f64) -> Option<usize> {
        let after = self.groups.partition_point(|group| group.from <= predicted);
        after.checked_sub(1)
    }

    /// Low and high end for a prediction; the prediction lies between them.
    #[must_use]
    pub fn interval(&self, predicted: f64) -> (f64, f64) {
        let group = self.group(predicted).and_then(|at| self.groups.get(at));
        let Some(Group { ends, .. }) = group else {
            return (f64::NEG_INFINITY, f64::INFINITY);
        };
        let spread = self.spread.at(predicted);
        let end = |units: Option<f64>, none: f64| units.map_or(none, |u| predicted + u * spread);
        let mut low = end(ends.low, f64::NEG_INFINITY);
        if ends.zeros {
            low = self.floor.unwrap_or_else(|| low.min(0.0));
        }
        let low = low.max(self.floor.unwrap_or(f64::NEG_INFINITY));
        let high = end(ends.high, f64::INFINITY);
        (low.min(predicted), high.max(predicted))
    }

    /// What the intervals achieve on other customers. `seed` decides who of equal predictions falls
    /// into which tenth.
    ///
    /// # Errors
    /// [`EvaluationError`] never for checked rows; it is there for the bounds' own check.
    pub fn coverage(&self, scored: Scored<'_>, seed: u64) -> Result<Coverage, EvaluationError> {
        let bounds: Vec<(f64, f64)> = scored
            .predicted()
            .iter()
            .map(|&p| self.interval(p))
            .collect();
        Coverage::of(scored, &bounds, self.level, seed)
    }
}

/// (actual, predicted) in groups by prediction, lowest first; equal predictions stay together.
fn cut(calibration: Scored<'_>, groups: usize) -> Vec<Vec<(f64, f64)>> {
    let (actual, predicted) = (calibration.actual(), calibration.predicted());
    let ranking = Ranking::by(predicted);
    let mut ties: Vec<&[u32]> = ranking.groups().collect();
    ties.reverse();
    let n = calibration.len();
    let groups = groups.min(n / MIN_GROUP).max(1);
    let mut borders: Vec<usize> = (1..=groups).map(|at| at * n / groups).collect();
    let top = (TOP_SHARE * n as f64 / groups as f64) as usize;
    if top >= MIN_GROUP {
        borders.insert(groups - 1, n - top);
    }
    let mut found = Vec::with_capacity(borders.len());
    let (mut rows, mut seen) = (Vec::new(), 0);
    let mut borders = borders.into_iter().peekable();
    for tie in ties {
        rows.extend(
            tie.iter()
                .map(|&row| (actual[row as usize], predicted[row as usize])),
        );
        seen += tie.len();
        let full = borders.peek().is_some_and(|&border| seen >= border);
        if seen == n || (full && rows.len() >= MIN_GROUP && n - seen >= MIN_GROUP) {
            found.push(std::mem::take(&mut rows));
        }
        while borders.next_if(|&border| border <= seen).is_some() {}
    }
    found
}

/// The power law of mean |actual − predicted| by mean prediction over the groups: least squares on
/// logarithms, weighted by customers; from constant errors to errors in proportion.
fn spread(groups: &[Vec<(f64, f64)>]) -> Spread {
    let sums = |rows: &[(f64, f64)]| {
        rows.iter()
            .fold([0.0; 2], |[size, error], &(actual, predicted)| {
                [
                    size + predicted.max(0.0),
                    error + (actual - predicted).abs(),
                ]
            })
    };
    let all: f64 = groups.iter().map(|rows| sums(rows)[0]).sum();
    let customers: usize = groups.iter().map(Vec::len).sum();
    let mean = all / customers.max(1) as f64;
    let least = if mean > 0.0 { mean * LEAST_SHARE } else { 1.0 };
    let points: Vec<[f64; 3]> = groups
        .iter()
        .filter_map(|rows| {
            let count = rows.len() as f64;
            let [size, error] = sums(rows).map(|sum| sum / count);
            (error > 0.0).then(|| [count, size.max(least).ln(), error.ln()])
        })
        .collect();
    let total: f64 = points.iter().map(|point| point[0]).sum();
    let middle = |of: usize| points.iter().map(|p| p[0] * p[of]).sum::<f64>() / total;
    let (x, y) = (middle(1), middle(2));
    let xx: f64 = points.iter().map(|p| p[0] * (p[1] - x).powi(2)).sum();
    let xy: f64 = points.iter().map(|p| p[0] * (p[1] - x) * (p[2] - y)).sum();
    let power = if xx > 0.0 {
        (xy / xx).clamp(0.0, 1.0)
    } else {
        0.0
    };
    Spread { power, least }
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    pub nominal: f64,
    /// Share of customers whose actual value lay inside.
    pub achieved: f64,
    /// Median width of the intervals; `None` when unlimited.
    pub median_width: Option<f64>,
    pub customers: usize,
    /// Achieved by tenth of the predictions, highest first; fewer with fewer customers than that.
    pub by_decile: Vec<f64>,
    /// Achieved for those whose interval says that they will spend: low end above 0. `None` without
    /// any.
    pub above_zero: Option<Covered>,
}

/// Customers and the share of them whose actual value lay inside.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Covered {
    pub customers: usize,
    pub achieved: f64,
}

impl Coverage {
    /// # Errors
    /// [`EvaluationError::Lengths`].
    pub fn of(
        scored: Scored<'_>,
        bounds: &[(f64, f64)],
        nominal: f64,
        seed: u64,
    ) -> Result<Self, EvaluationError> {
        let actual = scored.actual();
        if actual.len() != bounds.len() {
            return Err(EvaluationError::Lengths {
                actual: actual.len(),
                predicted: bounds.len(),
            });
        }
        let mut widths: Vec<f64> = bounds.iter().map(|(low, high)| high - low).collect();
        let middle = widths.len() / 2;
        let (_, &mut median, _) = widths.select_nth_unstable_by(middle, f64::total_cmp);
        let inside = |row: usize| {
            let (low, high) = bounds[row];
            low <= actual[row] && actual[row] <= high
        };
        let covered = |rows: &mut dyn Iterator<Item = usize>| {
            let (mut customers, mut hits) = (0_u32, 0_u32);
            for row in rows {
                customers += 1;
                hits += u32::from(inside(row));
            }
            Covered {
                customers: customers as usize,
                achieved: f64::from(hits) / f64::from(customers.max(1)),
            }
        };
        let tenths = deciles::by_prediction(scored.predicted(), DECILES, seed);
        let sure = covered(&mut (0..bounds.len()).filter(|&row| bounds[row].0 > 0.0));
        Ok(Self {
            nominal,
            achieved: covered(&mut (0..bounds.len())).achieved,
            median_width: median.is_finite().then_some(median),
            customers: actual.len(),
            by_decile: (tenths.iter())
                .map(|rows| covered(&mut rows.iter().map(|&row| row as usize)).achieved)
                .collect(),
            above_zero: (sure.customers > 0).then_some(sure),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Draws;

    fn scored((actual, predicted): &(Vec<f64>, Vec<f64>)) -> Scored<'_> {
        Scored::new(actual, predicted).unwrap()
    }

    /// Spend-like rows: a share buys nothing, the rest exponentially around a known mean; the
    /// prediction knows the mean only. Means reach from 1 to 1,000.
    fn customers(seed: u64, n: usize, buyers: f64) -> (Vec<f64>, Vec<f64>) {
        let mut draws = Draws::new(seed, 0);
        (0..n)
            .map(|_| {
                let mean = 1000f64.powf(draws.uniform().powi(2));
                let buys = draws.uniform() < buyers;
                let spend = -draws.uniform().ln() * mean / buyers;
                (if buys { spend } else { 0.0 }, mean)
            })
            .unzip()
    }

    /// In all, in every tenth, and in the best hundredth, whose means differ by a multiple.
    #[test]
    fn eighty_percent_intervals_hold_eighty_percent_wherever_one_looks() {
        for buyers in [0.4, 0.95, 1.0] {
            let learned =
                SplitConformal::fit(scored(&customers(1, 8000, buyers)), 0.8, 20, Some(0.0));
            assert_eq!(learned.groups.len(), 21);
            let rows = customers(2, 40_000, buyers);
            let found = learned.coverage(scored(&rows), 1).unwrap();
            assert!((0.78..=0.83).contains(&found.achieved), "{found:?}");
            let least = found.by_decile.iter().copied().fold(1.0, f64::min);
            assert!(found.by_decile.len() == 10 && least > 0.74, "{found:?}");
            let best: (Vec<f64>, Vec<f64>) = (rows.0.iter().zip(&rows.1))
                .filter(|(_, mean)| **mean > 870.0)
                .unzip();
            let top = learned.coverage(scored(&best), 1).unwrap();
            assert!(
                best.0.len() > 200 && (0.7..=0.9).contains(&top.achieved),
                "{top:?}"
            );
        }
    }

    /// With 60 % of zeros nobody is told that they will spend; with 2 % nearly everybody is, and
    /// four of five of them rightly.
    #[test]
    fn where_zeros_are_common_intervals_begin_at_zero() {
        let learned = SplitConformal::fit(scored(&customers(1, 8000, 0.4)), 0.8, 20, Some(0.0));
        assert!((0..1000).all(|p| learned.interval(f64::from(p)).0 == 0.0));
        assert_eq!(
            learned
                .coverage(scored(&customers(2, 999, 0.4)), 1)
                .unwrap()
                .above_zero,
            None
        );
        let learned = SplitConformal::fit(scored(&customers(1, 8000, 0.98)), 0.8, 20, Some(0.0));
        let found = learned
            .coverage(scored(&customers(2, 20_000, 0.98)), 1)
            .unwrap();
        let sure = found.above_zero.unwrap();
        assert!(
            sure.customers > 15_000 && (0.77..0.83).contains(&sure.achieved),
            "{sure:?}"
        );
    }

    /// Errors in proportion to the prediction have power 1, constant ones power 0.
    #[test]
    fn the_spread_follows_the_errors() {
        let predicted: Vec<f64> = (1..=4000).map(f64::from).collect();
        let signs = |at: usize| if at.is_multiple_of(2) { 1.0 } else { -1.0 };
        let rows = |error: fn(f64) -> f64| -> (Vec<f64>, Vec<f64>) {
            let actual = predicted
                .iter()
                .enumerate()
                .map(|(at, &p)| p + signs(at) * error(p));
            (actual.collect(), predicted.clone())
        };
        let power = |error| {
            SplitConformal::fit(scored(&rows(error)), 0.8, 20, None)
                .spread
                .power
        };
        assert!((power(|p| 0.3 * p) - 1.0).abs() < 0.02);
        assert!(power(|_| 7.0).abs() < 1e-9);
        let learned = SplitConformal::fit(scored(&rows(|p| 0.3 * p)), 0.8, 20, None);
        let (low, high) = learned.interval(8000.0);
        // Twice the largest prediction seen: twice its errors.
        assert!(
            (low - 5600.0).abs() < 100.0 && (high - 10_400.0).abs() < 100.0,
            "{low} {high}"
        );
    }

    /// Trained where everybody buys, applied where a third stays away and the rest spends twice as
    /// much: after one backtest of that kind the intervals hold what they promise.
    #[test]
    fn drift_seen_in_a_backtest_widens() {
        let drifted = |seed| {
            let (mut actual, predicted) = customers(seed, 8000, 1.0);
            let mut draws = Draws::new(seed, 1);
            for value in &mut actual {
                *value *= if draws.uniform() < 0.33 { 0.0 } else { 2.0 };
            }
            (actual, predicted)
        };
        let stale = SplitConformal::fit(scored(&customers(1, 8000, 1.0)), 0.8, 20, Some(0.0));
        let of = |learned: &SplitConformal| learned.coverage(scored(&drifted(3)), 1).unwrap();
        assert!(of(&stale).achieved < 0.6, "{:?}", of(&stale));
        let widened = stale.clone().widened(scored(&drifted(2)));
        assert!(
            (0.77..0.84).contains(&of(&widened).achieved),
            "{:?}",
            of(&widened)
        );
        // Nothing new is learned from more of the same.
        let same = stale.clone().widened(scored(&customers(1, 8000, 1.0)));
        assert_eq!(same, stale);
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

    /// Sixty predictions 0…59 above nothing: one group, constant spread of the only group, so the
    /// top is the ⌈61 · 0.5⌉ = 31st smallest of −59…0, −29, and never below the prediction.
    #[test]
    fn intervals_hold_their_prediction_and_respect_the_floor() {
        let predicted: Vec<f64> = (0..60).map(f64::from).collect();
        let never = (vec![0.0; 60], predicted.clone());
        let learned = SplitConformal::fit(scored(&never), 0.5, 10, Some(0.0));
        assert_eq!((learned.groups.len(), learned.spread.power), (1, 0.0));
        assert_eq!(learned.interval(40.0), (0.0, 40.0));
        assert_eq!(learned.interval(-5.0), (-5.0, -5.0));
        // Always 0…59 more than predicted: the ⌈61 · 0.75⌉ = 46th smallest from either side.
        let more = (
            predicted.iter().map(|p| 100.0 + p).collect(),
            vec![100.0; 60],
        );
        let learned = SplitConformal::fit(scored(&more), 0.5, 10, Some(0.0));
        assert_eq!(learned.interval(100.0), (100.0, 145.0));
        let learned = SplitConformal::fit(scored(&more), 0.99, 10, Some(0.0));
        assert_eq!(
            learned.interval(100.0),
            (0.0, f64::INFINITY),
            "too few for that"
        );
    }

    #[test]
    fn coverage_by_hand() {
        let rows = (vec![1.0, 9.0, 3.0], vec![1.0, 2.0, 3.0]);
        let bounds = [(0.0, 2.0), (0.5, 4.0), (2.0, 5.0)];
        let found = Coverage::of(scored(&rows), &bounds, 0.8, 1).unwrap();
        assert!((found.achieved - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(
            (found.median_width, found.by_decile),
            (Some(3.0), vec![1.0, 0.0, 1.0])
        );
        let sure = Covered {
            customers: 2,
            achieved: 0.5,
        };
        assert_eq!(found.above_zero, Some(sure));
        assert!(Coverage::of(scored(&rows), &bounds[..2], 0.8, 1).is_err());
    }

    #[test]
    fn intervals_survive_saving() {
        let learned = SplitConformal::fit(scored(&customers(1, 900, 0.9)), 0.8, 20, Some(0.0));
        let text = serde_json::to_string(&learned).unwrap();
        assert_eq!(
            serde_json::from_str::<SplitConformal>(&text).unwrap(),
            learned
        );
    }
}
