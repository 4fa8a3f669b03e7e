//! Generalised linear models by Newton's method: Tweedie with log link, binomial with logit link.
//!
//! Minimises mean loss + ridge/2 · ‖coefficients‖² with an unpenalised intercept, where the loss is
//! half the Tweedie deviance (as in scikit-learn's `TweedieRegressor`, `alpha` = ridge) or the log
//! loss (`LogisticRegression`, C = 1 ÷ (n · ridge)). Both are convex; a step that does not lower the
//! loss is halved. Sums run over chunks of fixed length in order, so threads do not change a bit.

use rayon::prelude::*;

use super::{TrainError, preprocess::Matrix};
use crate::data::monitor::Monitor;

/// The distribution of the answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Family {
    /// Variance power 1 < p < 2, log link; answers ≥ 0.
    Tweedie(f64),
    /// Answers 0 or 1 (or between), logit link.
    Binomial,
}

/// Intercept and coefficients.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Linear {
    pub intercept: f64,
    pub coefficients: Vec<f64>,
}

impl Linear {
    /// Intercept + coefficients · row.
    #[must_use]
    pub fn score(&self, row: &[f64]) -> f64 {
        let products = self.coefficients.iter().zip(row).map(|(c, x)| c * x);
        self.intercept + products.sum::<f64>()
    }
}

const ROWS: usize = 2048;
const MOST_STEPS: usize = 100;

impl Family {
    /// Loss, its first and its second derivative by the linear score.
    #[inline]
    fn loss(self, score: f64, y: f64) -> [f64; 3] {
        match self {
            Self::Tweedie(p) => {
                let (a, b) = (1.0 - p, 2.0 - p);
                let (up, down) = ((b * score).exp(), (a * score).exp() * y);
                [up / b - down / a, up - down, b * up - a * down]
            }
            Self::Binomial => {
                let p = sigmoid(score);
                let loss = score.max(0.0) + (-score.abs()).exp().ln_1p() - y * score;
                [loss, p - y, p * (1.0 - p)]
            }
        }
    }

    fn start(self, mean: f64) -> f64 {
        match self {
            Self::Tweedie(_) => mean.max(1e-12).ln(),
            Self::Binomial => {
                let p = mean.clamp(1e-9, 1.0 - 1e-9);
                (p / (1.0 - p)).ln()
            }
        }
    }
}

/// Fits the model; `start` (the fit at another ridge) saves steps.
///
/// # Errors
/// [`TrainError::Fit`] when no finite optimum is found, [`TrainError::Cancelled`].
pub fn fit(
    family: Family,
    (x, y): (&Matrix<f64>, &[f64]),
    ridge: f64,
    start: Option<&Linear>,
    monitor: &Monitor,
) -> Result<Linear, TrainError> {
    let problem = Problem {
        family,
        x,
        y,
        ridge,
    };
    let mut at = start.cloned().unwrap_or_else(|| Linear {
        intercept: family.start(y.iter().sum::<f64>() / y.len().max(1) as f64),
        coefficients: vec![0.0; x.columns],
    });
    let mut value = problem.value(&at);
    for _ in 0..MOST_STEPS {
        monitor.check()?;
        let (gradient, hessian) = problem.derivatives(&at);
        let Some(step) = solve(&hessian, &gradient) else {
            return Err(failure(family, "the inputs repeat each other exactly"));
        };
        let decrease: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
        let mut length = 1.0;
        let next = loop {
            let trial = at.moved(&step, -length);
            let found = problem.value(&trial);
            if found <= value - 1e-4 * length * decrease {
                break Some((trial, found));
            }
            length *= 0.5;
            if length < 1e-12 {
                break None;
            }
        };
        let Some((next, found)) = next else { break };
        at = next;
        let gained = value - found;
        value = found;
        if decrease <= 1e-13 * value.abs().max(1e-12) && gained <= 1e-13 * value.abs().max(1e-12) {
            break;
        }
    }
    let finite = at.intercept.is_finite() && at.coefficients.iter().all(|c| c.is_finite());
    if finite && value.is_finite() {
        Ok(at)
    } else {
        Err(failure(
            family,
            "no finite optimum; raise the ridge penalty",
        ))
    }
}

fn failure(family: Family, problem: &str) -> TrainError {
    TrainError::Fit {
        model: match family {
            Family::Tweedie(_) => "Tweedie GLM",
            Family::Binomial => "Logistic regression",
        }
        .to_owned(),
        problem: problem.to_owned(),
    }
}

impl Linear {
    fn moved(&self, step: &[f64], length: f64) -> Self {
        let (last, slopes) = (step[step.len() - 1], &step[..step.len() - 1]);
        let pairs = self.coefficients.iter().zip(slopes);
        Self {
            intercept: self.intercept + length * last,
            coefficients: pairs.map(|(c, s)| c + length * s).collect(),
        }
    }
}

struct Problem<'a> {
    family: Family,
    x: &'a Matrix<f64>,
    y: &'a [f64],
    ridge: f64,
}

impl Problem<'_> {
    fn chunks(&self) -> impl IndexedParallelIterator<Item = std::ops::Range<usize>> {
        let rows = self.x.rows;
        (0..rows.div_ceil(ROWS))
            .into_par_iter()
            .map(move |chunk| chunk * ROWS..((chunk + 1) * ROWS).min(rows))
    }

    fn value(&self, at: &Linear) -> f64 {
        let sums: Vec<f64> = self
            .chunks()
            .map(|rows| {
                rows.map(|row| self.family.loss(at.score(self.x.row(row)), self.y[row])[0])
                    .sum()
            })
            .collect();
        let penalty: f64 = at.coefficients.iter().map(|c| c * c).sum();
        sums.iter().sum::<f64>() / self.x.rows as f64 + 0.5 * self.ridge * penalty
    }

    /// Gradient (intercept last) and lower triangle of the Hessian, row by row.
    fn derivatives(&self, at: &Linear) -> (Vec<f64>, Vec<Vec<f64>>) {
        let columns = self.x.columns;
        let size = columns + 1;
        let parts: Vec<(Vec<f64>, Vec<f64>)> =
            self.chunks().map(|rows| self.part(at, rows)).collect();
        let (mut gradient, mut packed) = (vec![0.0; size], vec![0.0; size * (size + 1) / 2]);
        for (part_gradient, part) in parts {
            gradient
                .iter_mut()
                .zip(part_gradient)
                .for_each(|(sum, g)| *sum += g);
            packed.iter_mut().zip(part).for_each(|(sum, h)| *sum += h);
        }
        let count = self.x.rows as f64;
        for g in &mut gradient {
            *g /= count;
        }
        for h in &mut packed {
            *h /= count;
        }
        for (column, coefficient) in at.coefficients.iter().enumerate() {
            gradient[column] += self.ridge * coefficient;
        }
        let mut hessian = Vec::with_capacity(size);
        let mut rest = packed.as_slice();
        for row in 0..size {
            let (values, after) = rest.split_at(row + 1);
            hessian.push(values.to_vec());
            rest = after;
        }
        for (column, values) in hessian.iter_mut().enumerate().take(columns) {
            values[column] += self.ridge;
        }
        (gradient, hessian)
    }

    fn part(&self, at: &Linear, rows: std::ops::Range<usize>) -> (Vec<f64>, Vec<f64>) {
        let columns = self.x.columns;
        let size = columns + 1;
        let (mut gradient, mut packed) = (vec![0.0; size], vec![0.0; size * (size + 1) / 2]);
        for row in rows {
            let x = self.x.row(row);
            let [_, first, second] = self.family.loss(at.score(x), self.y[row]);
            let mut start = 0;
            for i in 0..columns {
                gradient[i] += first * x[i];
                let weighted = second * x[i];
                if weighted != 0.0 {
                    let line = &mut packed[start..=start + i];
                    line.iter_mut()
                        .zip(x)
                        .for_each(|(h, xj)| *h += weighted * xj);
                }
                start += i + 1;
            }
            gradient[columns] += first;
            let line = &mut packed[start..start + columns];
            line.iter_mut().zip(x).for_each(|(h, xj)| *h += second * xj);
            packed[start + columns] += second;
        }
        (gradient, packed)
    }
}

/// Solves H s = g by Cholesky (H given by its lower triangle); nearly dependent inputs get the
/// smallest diagonal addition that makes H positive definite. `None` when none helps.
fn solve(hessian: &[Vec<f64>], gradient: &[f64]) -> Option<Vec<f64>> {
    let scale = hessian
        .iter()
        .map(|row| row[row.len() - 1])
        .fold(0.0, f64::max);
    let mut extra = 0.0;
    for _ in 0..12 {
        let mut lower = hessian.to_vec();
        for row in &mut lower {
            if let Some(diagonal) = row.last_mut() {
                *diagonal += extra;
            }
        }
        if let Some(lower) = cholesky(lower) {
            return Some(substitute(&lower, gradient));
        }
        extra = if extra == 0.0 {
            scale * 1e-12
        } else {
            extra * 10.0
        };
    }
    None
}

fn cholesky(mut a: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    for i in 0..a.len() {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| a[i][k] * a[j][k]).sum();
            let rest = a[i][j] - dot;
            if i == j {
                // Written so that NaN fails, too.
                if !(rest > a[i][i].abs() * 1e-14 && rest.is_finite()) {
                    return None;
                }
                a[i][i] = rest.sqrt();
            } else {
                a[i][j] = rest / a[j][j];
            }
        }
    }
    Some(a)
}

fn substitute(lower: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let size = right.len();
    let mut x = right.to_vec();
    for i in 0..size {
        let dot: f64 = (0..i).map(|k| lower[i][k] * x[k]).sum();
        x[i] = (x[i] - dot) / lower[i][i];
    }
    for i in (0..size).rev() {
        let dot: f64 = (i + 1..size).map(|k| lower[k][i] * x[k]).sum();
        x[i] = (x[i] - dot) / lower[i][i];
    }
    x
}

/// 1 / (1 + exp(−x)) without overflow.
pub(super) fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}
