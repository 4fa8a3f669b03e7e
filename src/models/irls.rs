//! Generalised linear models by Newton's method: Tweedie with log link, binomial with logit link.
//!
//! Minimises mean loss + ridge/2 · ‖coefficients‖² with an unpenalised intercept, where the loss is
//! half the Tweedie deviance (as in scikit-learn's `TweedieRegressor`, `alpha` = ridge) or the log
//! loss (`LogisticRegression`, C = 1 ÷ (n · ridge)). Both are convex; a step that does not lower the
//! loss is halved. Sums run over chunks of fixed length in order, so threads do not change a bit.

use rayon::prelude::*;

use super::{TrainError, preprocess::Matrix};
use base::monitor::{Cancelled, Monitor};

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
        monitor,
    };
    let mut at = start.cloned().unwrap_or_else(|| Linear {
        intercept: family.start(y.iter().sum::<f64>() / y.len().max(1) as f64),
        coefficients: vec![0.0; x.columns],
    });
    let mut value = problem.value(&at)?;
    for _ in 0..MOST_STEPS {
        monitor.check()?;
        let (gradient, hessian) = problem.derivatives(&at)?;
        let Some(step) = solve(&hessian, &gradient) else {
            return Err(failure(family, "the inputs repeat each other exactly"));
        };
        let decrease: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
        let mut length = 1.0;
        let next = loop {
            let trial = at.moved(&step, -length);
            let found = problem.value(&trial)?;
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

/// Gradient, and the lower triangle of the Hessian row by row.
type Derivatives = (Vec<f64>, Vec<Vec<f64>>);

struct Problem<'a> {
    family: Family,
    x: &'a Matrix<f64>,
    y: &'a [f64],
    ridge: f64,
    /// Asked before every chunk: on a million rows one step can take a second.
    monitor: &'a Monitor,
}

impl Problem<'_> {
    fn chunks(&self) -> impl IndexedParallelIterator<Item = std::ops::Range<usize>> {
        let rows = self.x.rows;
        (0..rows.div_ceil(ROWS))
            .into_par_iter()
            .map(move |chunk| chunk * ROWS..((chunk + 1) * ROWS).min(rows))
    }

    fn value(&self, at: &Linear) -> Result<f64, Cancelled> {
        let loss = |row| self.family.loss(at.score(self.x.row(row)), self.y[row])[0];
        let sums: Vec<f64> = self
            .chunks()
            .map(|rows| {
                self.monitor.check()?;
                Ok(rows.map(loss).sum())
            })
            .collect::<Result<_, Cancelled>>()?;
        let penalty: f64 = at.coefficients.iter().map(|c| c * c).sum();
        Ok(sums.iter().sum::<f64>() / self.x.rows as f64 + 0.5 * self.ridge * penalty)
    }

    /// Gradient (intercept last) and lower triangle of the Hessian, row by row.
    fn derivatives(&self, at: &Linear) -> Result<Derivatives, Cancelled> {
        let columns = self.x.columns;
        let size = columns + 1;
        let parts: Vec<(Vec<f64>, Vec<f64>)> = self
            .chunks()
            .map(|rows| {
                self.monitor.check()?;
                Ok(self.part(at, rows))
            })
            .collect::<Result<_, Cancelled>>()?;
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
        Ok((gradient, hessian))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixty rows of three inputs and answers with a third of zeros.
    fn data() -> (Matrix<f64>, Vec<f64>) {
        let (mut values, mut y) = (Vec::new(), Vec::new());
        for i in 0..60 {
            let n = f64::from(i);
            let x = [n.sin(), f64::from(i % 7) / 3.0 - 1.0, (0.7 * n).cos()];
            values.extend(x);
            let mean = (0.5 + 0.8 * x[0] - 0.3 * x[1]).exp();
            let zero = i % 3 == 0;
            y.push(if zero {
                0.0
            } else {
                mean * (1.0 + f64::from(i % 5) / 4.0)
            });
        }
        let x = Matrix {
            rows: 60,
            columns: 3,
            values,
        };
        (x, y)
    }

    fn assert_near(found: &Linear, expected: [f64; 4]) {
        let all = std::iter::once(&found.intercept).chain(&found.coefficients);
        for (found, expected) in all.zip(expected) {
            assert!((found - expected).abs() < 1e-8, "{found} {expected}");
        }
    }

    /// Expected: scikit-learn 1.9.1 `TweedieRegressor(link="log", solver="newton-cholesky")`.
    #[test]
    fn tweedie_agrees_with_scikit_learn() {
        let (x, y) = data();
        for (power, ridge, expected) in [
            (
                1.5,
                0.1,
                [
                    0.5290405503905683,
                    0.7241165499118263,
                    -0.3266376855227793,
                    -0.04653049104905637,
                ],
            ),
            (
                1.2,
                0.01,
                [
                    0.5021032312906412,
                    0.8225747456410317,
                    -0.3810216132150527,
                    -0.048213852913872236,
                ],
            ),
            (
                1.9,
                1.0,
                [
                    0.6220147836002603,
                    0.27593489809230154,
                    -0.11541785544735354,
                    -0.014912984706060754,
                ],
            ),
        ] {
            let family = Family::Tweedie(power);
            let found = fit(family, (&x, &y), ridge, None, &Monitor::silent()).expect("a fit");
            assert_near(&found, expected);
            // From another start the optimum is the same.
            let start = Linear {
                intercept: -1.0,
                coefficients: vec![2.0, 0.0, -1.0],
            };
            let again = fit(family, (&x, &y), ridge, Some(&start), &Monitor::silent());
            assert_near(&again.expect("a fit"), expected);
        }
    }

    /// Expected: scikit-learn 1.9.1 `LogisticRegression(C=1 ÷ ridge, solver="newton-cholesky")`.
    #[test]
    fn logistic_regression_agrees_with_scikit_learn() {
        let (x, y) = data();
        let y: Vec<f64> = y.iter().map(|&y| f64::from(u8::from(y > 1.5))).collect();
        for (ridge, expected) in [
            (
                1.0,
                [
                    0.10170760674696915,
                    0.7578741602201172,
                    -0.5896029182455801,
                    -0.09761192686524257,
                ],
            ),
            (
                0.1,
                [
                    0.098504508755781,
                    0.8788809992269806,
                    -0.6995095185044774,
                    -0.12074525143404004,
                ],
            ),
        ] {
            let found = fit(
                Family::Binomial,
                (&x, &y),
                ridge / 60.0,
                None,
                &Monitor::silent(),
            );
            assert_near(&found.expect("a fit"), expected);
        }
    }

    #[test]
    fn repeated_inputs_and_separable_classes_are_no_trouble() {
        let (x, y) = data();
        let twice = Matrix {
            rows: 60,
            columns: 6,
            values: x
                .values
                .chunks(3)
                .flat_map(|row| [row, row].concat())
                .collect(),
        };
        let found = fit(
            Family::Tweedie(1.5),
            (&twice, &y),
            0.0,
            None,
            &Monitor::silent(),
        );
        let once = fit(
            Family::Tweedie(1.5),
            (&x, &y),
            0.0,
            None,
            &Monitor::silent(),
        );
        let (found, once) = (found.expect("a fit"), once.expect("a fit"));
        for row in 0..60 {
            let difference = found.score(twice.row(row)) - once.score(x.row(row));
            assert!(difference.abs() < 1e-6, "{difference}");
        }
        let sides: Vec<f64> = x
            .values
            .chunks(3)
            .map(|r| f64::from(u8::from(r[0] > 0.0)))
            .collect();
        let found = fit(
            Family::Binomial,
            (&x, &sides),
            1e-3,
            None,
            &Monitor::silent(),
        );
        assert!(found.expect("a fit").coefficients[0] > 5.0);
    }

    #[test]
    fn cancelling_stops_a_fit() {
        let cancel = base::monitor::Cancel::default();
        cancel.cancel();
        let (x, y) = data();
        let monitor = Monitor::new(cancel, |_| {});
        let stopped = fit(Family::Tweedie(1.5), (&x, &y), 0.1, None, &monitor);
        assert!(matches!(stopped, Err(TrainError::Cancelled(_))));
    }
}
