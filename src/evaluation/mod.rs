//! How good predictions are, said so that nobody is fooled: ranking, values, classes, intervals,
//! leakage, backtests and a verdict in words.
//!
//! Everything works on plain slices — what happened and what was predicted, customer by customer —
//! and knows no model, so that a model, a rule of thumb and a list from elsewhere are judged alike.
//!
//! | module | holds |
//! | --- | --- |
//! | [`ranking`] | customers sorted by prediction, ties kept together |
//! | [`gains`] | cumulative gains, Gini, normalised Gini, lift |
//! | [`values`] | MAE, RMSE, R², bias, Spearman, Tweedie deviance |
//! | [`deciles`] | predicted and actual value by tenth of the ranking |
//! | [`classes`] | ROC and PR curves, confusion at any threshold, log-loss, Brier score |
//! | [`tiers`] | several classes at once |
//! | [`calibration`] | reliability, and its repair: Platt scaling and isotonic regression |
//! | [`conformal`] | prediction intervals and the coverage they achieve |
//! | [`bootstrap`] | intervals on metrics and on their difference to a rival |
//! | [`leakage`] | how much of a target was known before |
//! | [`backtest`] | the same recipe at earlier dates |
//! | [`importance`] | what a prediction hangs on: permutation, partial effects |
//! | [`verdict`] | all of it in one of five words |
//! | [`metrics`] | all numbers under their standard names |
//! | [`report`] | all of it in one struct, with curves and verdict |
//! | [`random`] | seeded draws |

pub mod backtest;
pub mod bootstrap;
pub mod calibration;
pub mod classes;
pub mod conformal;
pub mod deciles;
pub mod gains;
pub mod importance;
pub mod leakage;
pub mod metrics;
pub mod random;
pub mod ranking;
pub mod report;
pub mod tiers;
pub mod values;
pub mod verdict;

use base::monitor::Cancelled;

/// Why predictions cannot be judged. `Display` is the full sentence for people.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EvaluationError {
    #[error(
        "there are {actual} actual values and {predicted} predictions; give one prediction for each customer"
    )]
    Lengths { actual: usize, predicted: usize },
    #[error(
        "there is no customer to judge the predictions by; choose an earlier date or a shorter horizon"
    )]
    Empty,
    #[error("the {which} value of row {row} is {value}, expected a finite number")]
    NotFinite {
        which: &'static str,
        row: usize,
        value: f64,
    },
    #[error(
        "the actual value of row {row} is {value}, expected 0 or 1; use a value target instead"
    )]
    NotBinary { row: usize, value: f64 },
    #[error("the probability of row {row} is {value}, expected a number from 0 to 1")]
    NotProbability { row: usize, value: f64 },
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// What happened and what was predicted, checked once: as many of one as of the other, at least one,
/// all finite.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    actual: &'a [f64],
    predicted: &'a [f64],
}

impl<'a> Scored<'a> {
    /// # Errors
    /// [`EvaluationError`] for different lengths, no rows, or a value that is not finite.
    pub fn new(actual: &'a [f64], predicted: &'a [f64]) -> Result<Self, EvaluationError> {
        if actual.len() != predicted.len() {
            return Err(EvaluationError::Lengths {
                actual: actual.len(),
                predicted: predicted.len(),
            });
        }
        if actual.is_empty() {
            return Err(EvaluationError::Empty);
        }
        for (which, values) in [("actual", actual), ("predicted", predicted)] {
            if let Some(row) = values.iter().position(|value| !value.is_finite()) {
                let value = values[row];
                return Err(EvaluationError::NotFinite { which, row, value });
            }
        }
        Ok(Self { actual, predicted })
    }

    #[must_use]
    pub fn actual(&self) -> &'a [f64] {
        self.actual
    }

    #[must_use]
    pub fn predicted(&self) -> &'a [f64] {
        self.predicted
    }

    /// Number of customers; never 0.
    #[must_use]
    pub fn len(&self) -> usize {
        self.actual.len()
    }

    /// Never: there is at least one customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.actual.is_empty()
    }

    /// Pairs of actual and predicted.
    pub fn pairs(self) -> impl Iterator<Item = (f64, f64)> + Clone + 'a {
        self.actual
            .iter()
            .copied()
            .zip(self.predicted.iter().copied())
    }
}

/// What happened as 0 or 1 (1 = the event) and its predicted probability, checked once.
#[derive(Clone, Copy, Debug)]
pub struct Classified<'a>(Scored<'a>);

impl<'a> Classified<'a> {
    /// # Errors
    /// As [`Scored::new`]; also an actual value that is neither 0 nor 1, and a probability outside 0 to 1.
    pub fn new(actual: &'a [f64], probability: &'a [f64]) -> Result<Self, EvaluationError> {
        let scored = Scored::new(actual, probability)?;
        if let Some(row) = actual
            .iter()
            .position(|&value| value != 0.0 && value != 1.0)
        {
            let value = actual[row];
            return Err(EvaluationError::NotBinary { row, value });
        }
        let outside = |value: &f64| !(0.0..=1.0).contains(value);
        if let Some(row) = probability.iter().position(outside) {
            let value = probability[row];
            return Err(EvaluationError::NotProbability { row, value });
        }
        Ok(Self(scored))
    }

    #[must_use]
    pub fn scored(&self) -> Scored<'a> {
        self.0
    }

    /// Number of customers; never 0.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Never: there is at least one customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Customers with the event.
    #[must_use]
    pub fn positives(&self) -> usize {
        self.0.actual.iter().filter(|&&value| value == 1.0).count()
    }

    /// Pairs of label and probability.
    pub fn pairs(self) -> impl Iterator<Item = (bool, f64)> + Clone + 'a {
        self.0.pairs().map(|(label, p)| (label == 1.0, p))
    }
}

/// `numerator / denominator`, or `None` where the quotient says nothing.
pub(crate) fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    let quotient = numerator / denominator;
    (denominator != 0.0 && quotient.is_finite()).then_some(quotient)
}

/// Arithmetic mean; `None` of nothing.
pub(crate) fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let count = values.len();
    (count > 0).then(|| values.sum::<f64>() / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_cannot_be_judged_are_named() {
        assert!(matches!(
            Scored::new(&[1.0], &[]),
            Err(EvaluationError::Lengths {
                actual: 1,
                predicted: 0
            })
        ));
        assert_eq!(Scored::new(&[], &[]).unwrap_err(), EvaluationError::Empty);
        let error = Scored::new(&[0.0, 1.0], &[0.0, f64::NAN]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the predicted value of row 1 is NaN, expected a finite number"
        );
        assert!(matches!(
            Classified::new(&[0.0, 0.5], &[0.1, 0.2]),
            Err(EvaluationError::NotBinary { row: 1, value: 0.5 })
        ));
        assert!(matches!(
            Classified::new(&[0.0, 1.0], &[0.1, 1.2]),
            Err(EvaluationError::NotProbability { row: 1, value: 1.2 })
        ));
        assert_eq!(
            Classified::new(&[0.0, 1.0], &[0.1, 0.2])
                .unwrap()
                .positives(),
            1
        );
    }
}
