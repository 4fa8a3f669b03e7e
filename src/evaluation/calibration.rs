//! Whether probabilities mean what they say, and how to mend them.
//!
//! A calibrator is fitted on predictions the model made for customers it had not seen (out of fold),
//! never on its training rows.

use serde::{Deserialize, Serialize};

use super::{Classified, EvaluationError, Scored, ranking::Ranking};

/// Newton steps of Platt scaling; it needs five to ten.
const NEWTON_STEPS: usize = 100;
/// z of a 95 % interval.
const Z95: f64 = 1.959_963_984_540_054;
/// Smallest and largest probability whose log-odds are used.
const EDGE: f64 = 1e-12;

/// Customers of similar probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    pub customers: usize,
    pub mean_probability: f64,
    /// Share of them with the event.
    pub observed_rate: f64,
    /// 95 % Wilson interval of the observed rate.
    pub interval: (f64, f64),
}

/// The reliability diagram: observed rate against mean probability in at most `bins` groups of equal
/// size, lowest first. Customers with the same probability stay in one group.
#[must_use]
pub fn reliability(classified: Classified<'_>, bins: usize) -> Vec<ReliabilityBin> {
    let scored = classified.scored();
    let ranking = Ranking::by(scored.predicted());
    let mut groups: Vec<&[u32]> = ranking.groups().collect();
    groups.reverse();
    let bins = bins.max(1);
    let (mut found, mut seen, mut sums) = (Vec::new(), 0, (0usize, 0.0, 0.0));
    for (at, group) in groups.iter().enumerate() {
        for &row in *group {
            sums.0 += 1;
            sums.1 += scored.predicted()[row as usize];
            sums.2 += scored.actual()[row as usize];
        }
        seen += group.len();
        let due = (found.len() + 1) * classified.len() / bins;
        if seen >= due || at + 1 == groups.len() {
            found.push(bin(sums));
            sums = (0, 0.0, 0.0);
        }
    }
    found
}

fn bin((customers, probabilities, events): (usize, f64, f64)) -> ReliabilityBin {
    let n = customers as f64;
    let observed_rate = events / n;
    ReliabilityBin {
        customers,
        mean_probability: probabilities / n,
        observed_rate,
        interval: wilson(observed_rate, n),
    }
}

/// Wilson's 95 % interval of a share among `n`.
#[must_use]
pub fn wilson(share: f64, n: f64) -> (f64, f64) {
    let z2 = Z95 * Z95;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// A map from a model's output to a better one, the same for everyone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibrator {
    /// 1 ÷ (1 + exp(−(slope · logit p + intercept))) (Platt 1999, on the log-odds).
    Platt { slope: f64, intercept: f64 },
    /// A non-decreasing line through these points (isotonic regression); flat outside.
    Isotonic { x: Vec<f64>, y: Vec<f64> },
    /// Every value times a factor: mends the aggregate bias, keeps the ranking.
    Scale { factor: f64 },
}

impl Calibrator {
    /// Platt scaling: logistic regression of the event on the log-odds, by Newton's method. With
    /// Platt's targets (n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2), so that perfectly separated classes have a
    /// finite answer.
    ///
    /// The slope is never negative: a recalibration may flatten a ranking, not turn it round. Where
    /// the best slope would be negative, the best of those allowed is 0 (the loss is convex), and
    /// everyone gets the mean of the targets; see [`Calibrator::is_flat`].
    #[must_use]
    pub fn platt(classified: Classified<'_>) -> Self {
        let positives = classified.positives() as f64;
        let negatives = classified.len() as f64 - positives;
        let targets = (
            (positives + 1.0) / (positives + 2.0),
            1.0 / (negatives + 2.0),
        );
        let rows: Vec<(f64, f64)> = classified
            .pairs()
            .map(|(label, p)| (logit(p), if label { targets.0 } else { targets.1 }))
            .collect();
        let (mut slope, mut intercept) = (0.0, ((positives + 1.0) / (negatives + 1.0)).ln());
        let mut loss = platt_loss(&rows, slope, intercept);
        for _ in 0..NEWTON_STEPS {
            let Some((down_slope, down_intercept)) = newton_step(&rows, slope, intercept) else {
                break;
            };
            // Halve the step until the loss falls.
            let mut size = 1.0;
            let better = loop {
                let trial = (slope - size * down_slope, intercept - size * down_intercept);
                let found = platt_loss(&rows, trial.0, trial.1);
                if found < loss {
                    break Some((trial, found));
                }
                size /= 2.0;
                if size < 1e-10 {
                    break None;
                }
            };
            let Some((trial, found)) = better else { break };
            let settled = loss - found < 1e-14 * loss.abs();
            (slope, intercept) = trial;
            loss = found;
            if settled {
                break;
            }
        }
        if slope < 0.0 {
            let mean = rows.iter().map(|(_, target)| target).sum::<f64>() / rows.len() as f64;
            (slope, intercept) = (0.0, logit(mean));
        }
        Self::Platt { slope, intercept }
    }

    /// Whether it says the same of everyone: the predictions it was learned from rank no better than
    /// chance, or upside down.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        match self {
            Self::Platt { slope, .. } => *slope <= 0.0,
            Self::Isotonic { y, .. } => y
                .first()
                .zip(y.last())
                .is_some_and(|(low, high)| low >= high),
            Self::Scale { .. } => false,
        }
    }

    /// Isotonic regression of the actual values on the predictions (pool adjacent violators): the
    /// non-decreasing function with the least squared error.
    #[must_use]
    pub fn isotonic(scored: Scored<'_>) -> Self {
        let ranking = Ranking::by(scored.predicted());
        let mut groups: Vec<&[u32]> = ranking.groups().collect();
        groups.reverse();
        // Blocks of (weight, mean, first x, last x), means ascending.
        let mut blocks: Vec<(f64, f64, f64, f64)> = Vec::new();
        for group in groups {
            let weight = group.len() as f64;
            let sum: f64 = group.iter().map(|&row| scored.actual()[row as usize]).sum();
            let x = group
                .first()
                .map_or(0.0, |&row| scored.predicted()[row as usize]);
            let mut block = (weight, sum / weight, x, x);
            while let Some(&before) = blocks.last().filter(|before| before.1 >= block.1) {
                let weight = before.0 + block.0;
                let mean = (before.0 * before.1 + block.0 * block.1) / weight;
                block = (weight, mean, before.2, block.3);
                blocks.pop();
            }
            blocks.push(block);
        }
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for (_, mean, first, last) in blocks {
            x.push(first);
            y.push(mean);
            if last > first {
                x.push(last);
                y.push(mean);
            }
        }
        Self::Isotonic { x, y }
    }

    /// The factor Σ actual ÷ Σ predicted; 1 where that is not a positive number.
    #[must_use]
    pub fn scale(scored: Scored<'_>) -> Self {
        let factor = scored.actual().iter().sum::<f64>() / scored.predicted().iter().sum::<f64>();
        let usable = factor.is_finite() && factor > 0.0;
        Self::Scale {
            factor: if usable { factor } else { 1.0 },
        }
    }

    /// The better number for a model's output.
    #[must_use]
    pub fn apply(&self, value: f64) -> f64 {
        match self {
            Self::Platt { slope, intercept } => logistic(slope * logit(value) + intercept),
            Self::Isotonic { x, y } => interpolate(x, y, value),
            Self::Scale { factor } => factor * value,
        }
    }

    /// [`Calibrator::apply`] for everyone.
    #[must_use]
    pub fn apply_all(&self, values: &[f64]) -> Vec<f64> {
        values.iter().map(|&value| self.apply(value)).collect()
    }
}

fn logit(p: f64) -> f64 {
    let p = p.clamp(EDGE, 1.0 - EDGE);
    (p / (1.0 - p)).ln()
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Σ log(1 + eᶻ) − t·z for z = slope · x + intercept.
fn platt_loss(rows: &[(f64, f64)], slope: f64, intercept: f64) -> f64 {
    let loss = |&(x, target): &(f64, f64)| {
        let z = slope * x + intercept;
        z.max(0.0) + (-z.abs()).exp().ln_1p() - target * z
    };
    rows.iter().map(loss).sum()
}

/// Inverse Hessian times gradient; `None` where the Hessian cannot be inverted.
fn newton_step(rows: &[(f64, f64)], slope: f64, intercept: f64) -> Option<(f64, f64)> {
    let (mut g0, mut g1, mut h00, mut h01, mut h11) = (0.0, 0.0, 1e-12, 0.0, 1e-12);
    for &(x, target) in rows {
        let p = logistic(slope * x + intercept);
        let (off, weight) = (p - target, p * (1.0 - p));
        g0 += off * x;
        g1 += off;
        h00 += weight * x * x;
        h01 += weight * x;
        h11 += weight;
    }
    let determinant = h00 * h11 - h01 * h01;
    let step = (
        (h11 * g0 - h01 * g1) / determinant,
        (h00 * g1 - h01 * g0) / determinant,
    );
    (step.0.is_finite() && step.1.is_finite()).then_some(step)
}

/// Linear between points of ascending `x`, flat outside; the value itself without points.
fn interpolate(x: &[f64], y: &[f64], value: f64) -> f64 {
    let above = x.partition_point(|&point| point < value);
    match (above.checked_sub(1), x.get(above)) {
        (_, Some(&point)) if point == value => y[above],
        (Some(below), Some(&point)) => {
            let part = (value - x[below]) / (point - x[below]);
            y[below] + part * (y[above] - y[below])
        }
        (None, Some(_)) => y[0],
        (Some(last), None) => y[last],
        (None, None) => value,
    }
}

/// Before and after recalibration, on customers neither the model nor the calibrator had seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recalibration {
    pub before: Vec<ReliabilityBin>,
    pub after: Vec<ReliabilityBin>,
}

impl Recalibration {
    /// # Errors
    /// [`EvaluationError`] when labels and probabilities do not fit together.
    pub fn new(
        labels: &[f64],
        before: &[f64],
        after: &[f64],
        bins: usize,
    ) -> Result<Self, EvaluationError> {
        Ok(Self {
            before: reliability(Classified::new(labels, before)?, bins),
            after: reliability(Classified::new(labels, after)?, bins),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() < tolerance,
            "{found} instead of {expected}"
        );
    }

    const LABELS: [f64; 10] = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0];
    const PROBABILITIES: [f64; 10] = [0.05, 0.4, 0.45, 0.3, 0.8, 0.55, 0.6, 0.95, 0.35, 0.1];

    /// Expected: scikit-learn 1.9.1 `IsotonicRegression(out_of_bounds="clip")`.
    #[test]
    fn isotonic_agrees_with_scikit_learn() {
        let calibrator = Calibrator::isotonic(Scored::new(&LABELS, &PROBABILITIES).unwrap());
        for (x, expected) in [
            (0.0, 0.0),
            (0.05, 0.0),
            (0.2, 0.0),
            (0.35, 0.5),
            (0.42, 0.5666666666666665),
            (0.45, 0.6666666666666666),
            (0.5, 0.6666666666666666),
            (0.6, 0.6666666666666666),
            (0.7, 0.8333333333333333),
            (0.8, 1.0),
            (0.99, 1.0),
        ] {
            close(calibrator.apply(x), expected, 1e-12);
        }
    }

    /// Expected: scikit-learn 1.9.1 `_sigmoid_calibration` on the log-odds (it returns a, b of
    /// 1 / (1 + exp(a·x + b)), the signs the other way round).
    #[test]
    fn platt_agrees_with_scikit_learn() {
        let calibrator = Calibrator::platt(Classified::new(&LABELS, &PROBABILITIES).unwrap());
        let Calibrator::Platt { slope, intercept } = calibrator else {
            panic!("not Platt");
        };
        close(slope, 0.6949006030227618, 1e-5);
        close(intercept, 0.17228395494174967, 1e-5);
    }

    #[test]
    fn separated_classes_have_a_finite_answer() {
        let classified = Classified::new(&[0.0, 0.0, 1.0, 1.0], &[0.0, 0.1, 0.9, 1.0]).unwrap();
        let calibrator = Calibrator::platt(classified);
        let found = [0.0, 0.1, 0.9, 1.0].map(|p| calibrator.apply(p));
        assert!(
            found.windows(2).all(|pair| pair[0] <= pair[1]) && found[3] < 1.0,
            "{found:?}"
        );
    }

    /// A ranking that is upside down on the customers it is checked on is not turned round: everyone
    /// gets the share of events, by both kinds of recalibration.
    #[test]
    fn no_recalibration_turns_a_ranking_round() {
        let upside_down = PROBABILITIES.map(|p| 1.0 - p);
        let classified = Classified::new(&LABELS, &upside_down).unwrap();
        let platt = Calibrator::platt(classified);
        let isotonic = Calibrator::isotonic(classified.scored());
        let mut draws = crate::random::Draws::new(4, 2);
        for calibrator in [&platt, &isotonic] {
            assert!(calibrator.is_flat(), "{calibrator:?}");
            close(calibrator.apply(0.2), 0.5, 1e-9);
            close(calibrator.apply(0.9), 0.5, 1e-9);
        }
        for _ in 0..200 {
            let n = 5 + draws.below(60);
            let p: Vec<f64> = (0..n).map(|_| draws.uniform()).collect();
            let y: Vec<f64> = (0..n).map(|_| draws.below(2) as f64).collect();
            let calibrator = Calibrator::platt(Classified::new(&y, &p).unwrap());
            assert!(
                calibrator.apply(0.3) <= calibrator.apply(0.7),
                "{calibrator:?}"
            );
        }
        let right_way = Classified::new(&LABELS, &PROBABILITIES).unwrap();
        assert!(!Calibrator::platt(right_way).is_flat());
    }

    #[test]
    fn reliability_by_hand_keeps_equal_probabilities_together() {
        let labels = [0.0, 1.0, 0.0, 1.0];
        let classified = Classified::new(&labels, &[0.2, 0.2, 0.2, 0.9]).unwrap();
        let bins = reliability(classified, 2);
        assert_eq!(bins.len(), 2);
        assert_eq!((bins[0].customers, bins[1].customers), (3, 1));
        close(bins[0].mean_probability, 0.2, 1e-12);
        close(bins[0].observed_rate, 1.0 / 3.0, 1e-12);
        // 7 of 20, computed in Python from Wilson's formula.
        let (low, high) = wilson(0.35, 20.0);
        close(low, 0.18119182410108206, 1e-9);
        close(high, 0.5671457233147638, 1e-9);
    }

    #[test]
    fn scaling_mends_the_sum() {
        let (actual, predicted) = ([0.0, 3.0], [2.0, 2.0]);
        let calibrator = Calibrator::scale(Scored::new(&actual, &predicted).unwrap());
        assert_eq!(calibrator.apply_all(&predicted), [1.5, 1.5]);
        let nothing = Calibrator::scale(Scored::new(&[0.0], &[2.0]).unwrap());
        assert_eq!(nothing, Calibrator::Scale { factor: 1.0 });
    }
}
