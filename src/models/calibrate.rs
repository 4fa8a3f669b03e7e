//! Recalibration: from what a model says to the level of the answers.
//!
//! Learned from out-of-fold predictions of training rows only; the hold-out shows whether it helps.

use serde::{Deserialize, Serialize};

use super::recipe::Recalibration;

/// A rising curve from raw to recalibrated predictions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Curve {
    /// As it is.
    #[default]
    Identity,
    /// Times this factor.
    Factor(f64),
    /// Platt 1999: 1 / (1 + exp(−(slope · logit(p) + intercept))).
    Platt { slope: f64, intercept: f64 },
    /// Isotonic regression: straight lines between (raw, recalibrated) points, flat beyond the ends.
    Isotonic { raw: Vec<f64>, level: Vec<f64> },
}

impl Curve {
    /// Learns the curve from predictions and answers of rows the model had not seen.
    #[must_use]
    pub fn learn(kind: Recalibration, class: bool, raw: &[f64], actual: &[f64]) -> Self {
        match kind {
            Recalibration::None => Self::Identity,
            Recalibration::Scale if class => platt(raw, actual),
            Recalibration::Scale => factor(raw, actual),
            Recalibration::Isotonic => isotonic(raw, actual),
        }
    }

    /// Applies the curve in place.
    pub fn apply(&self, values: &mut [f64]) {
        match self {
            Self::Identity => {}
            Self::Factor(factor) => values.iter_mut().for_each(|value| *value *= factor),
            Self::Platt { slope, intercept } => values
                .iter_mut()
                .for_each(|value| *value = sigmoid(slope * logit(*value) + intercept)),
            Self::Isotonic { raw, level } => values
                .iter_mut()
                .for_each(|value| *value = between(raw, level, *value)),
        }
    }
}

fn factor(raw: &[f64], actual: &[f64]) -> Curve {
    let (sum, wanted): (f64, f64) = (raw.iter().sum(), actual.iter().sum());
    if sum > 0.0 && wanted > 0.0 {
        Curve::Factor(wanted / sum)
    } else {
        Curve::Identity
    }
}

/// Probabilities this near to 0 or 1 are taken for this: their logit stays finite.
const EDGE: f64 = 1e-6;

fn logit(p: f64) -> f64 {
    let p = p.clamp(EDGE, 1.0 - EDGE);
    (p / (1.0 - p)).ln()
}

pub(super) fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// Maximum likelihood by Newton's method on Platt's smoothed answers, (n₊ + 1)/(n₊ + 2) and
/// 1/(n₋ + 2), which keep the curve finite for separable classes.
fn platt(raw: &[f64], actual: &[f64]) -> Curve {
    let yes = actual.iter().filter(|&&y| y > 0.5).count() as f64;
    let no = actual.len() as f64 - yes;
    if yes == 0.0 || no == 0.0 {
        return Curve::Identity;
    }
    let (high, low) = ((yes + 1.0) / (yes + 2.0), 1.0 / (no + 2.0));
    let points: Vec<(f64, f64)> = raw
        .iter()
        .zip(actual)
        .map(|(&p, &y)| (logit(p), if y > 0.5 { high } else { low }))
        .collect();
    let loss = |slope: f64, intercept: f64| -> f64 {
        let each = |&(x, y): &(f64, f64)| {
            let z = slope * x + intercept;
            // ln(1 + eᶻ) − y z, without overflow.
            z.max(0.0) + (-z.abs()).exp().ln_1p() - y * z
        };
        points.iter().map(each).sum()
    };
    let (mut slope, mut intercept) = (0.0, (yes / no).ln());
    let mut before = loss(slope, intercept);
    for _ in 0..100 {
        let [step_slope, step_intercept] = platt_step(&points, slope, intercept);
        let mut part = 1.0;
        while part > 1e-10 {
            let (s, i) = (slope - part * step_slope, intercept - part * step_intercept);
            let now = loss(s, i);
            if now <= before {
                (slope, intercept) = (s, i);
                break;
            }
            part *= 0.5;
        }
        let now = loss(slope, intercept);
        if (before - now).abs() <= 1e-12 * before.abs() {
            break;
        }
        before = now;
    }
    Curve::Platt { slope, intercept }
}

fn platt_step(points: &[(f64, f64)], slope: f64, intercept: f64) -> [f64; 2] {
    let (mut g, mut h) = ([0.0; 2], [1e-12, 0.0, 1e-12]);
    for &(x, y) in points {
        let p = sigmoid(slope * x + intercept);
        let weight = p * (1.0 - p);
        g[0] += (p - y) * x;
        g[1] += p - y;
        h[0] += weight * x * x;
        h[1] += weight * x;
        h[2] += weight;
    }
    let determinant = h[0] * h[2] - h[1] * h[1];
    if determinant.abs() < 1e-300 {
        return [0.0, g[1] / h[2]];
    }
    [
        (h[2] * g[0] - h[1] * g[1]) / determinant,
        (h[0] * g[1] - h[1] * g[0]) / determinant,
    ]
}

/// Pool adjacent violators; equal predictions are one point.
fn isotonic(raw: &[f64], actual: &[f64]) -> Curve {
    let mut order: Vec<usize> = (0..raw.len()).collect();
    order.sort_by(|&a, &b| raw[a].total_cmp(&raw[b]));
    // (lowest raw, highest raw, sum, weight)
    let mut blocks: Vec<(f64, f64, f64, f64)> = Vec::new();
    for run in order.chunk_by(|&a, &b| raw[a] == raw[b]) {
        let at = raw[run[0]];
        let sum: f64 = run.iter().map(|&row| actual[row]).sum();
        blocks.push((at, at, sum, run.len() as f64));
        while let [.., before, last] = blocks.as_slice()
            && before.2 / before.3 >= last.2 / last.3
        {
            let merged = (before.0, last.1, before.2 + last.2, before.3 + last.3);
            blocks.truncate(blocks.len() - 2);
            blocks.push(merged);
        }
    }
    let (mut xs, mut levels) = (Vec::new(), Vec::new());
    for (low, high, sum, weight) in blocks {
        xs.push(low);
        levels.push(sum / weight);
        if high > low {
            xs.push(high);
            levels.push(sum / weight);
        }
    }
    if xs.is_empty() {
        return Curve::Identity;
    }
    Curve::Isotonic {
        raw: xs,
        level: levels,
    }
}

fn between(xs: &[f64], levels: &[f64], x: f64) -> f64 {
    let after = xs.partition_point(|&known| known <= x);
    match (after.checked_sub(1), xs.get(after)) {
        (None, _) => levels.first().copied().unwrap_or(x),
        (Some(before), None) => levels[before],
        (Some(before), Some(&next)) => {
            let share = (x - xs[before]) / (next - xs[before]);
            levels[before] + share * (levels[after] - levels[before])
        }
    }
}
