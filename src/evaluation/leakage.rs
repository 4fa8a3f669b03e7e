//! The leakage meter: how much of a target was known before anything was predicted.
//!
//! A target such as "revenue of the first twelve months" predicted from the first three contains
//! what it is predicted from. Two rivals expose it: copying one input as it is, and the same problem
//! on the value that was still to come (the remaining-value twin).

use serde::{Deserialize, Serialize};

use super::{EvaluationError, Scored, ratio, values};

/// Values this near to each other, relative to the larger, are the same amount.
const SAME: f64 = 1e-9;

/// One input taken as the prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopyRival {
    /// Name of the input.
    pub feature: String,
    /// Share of customers whose target equals the input.
    pub equal_share: f64,
    pub r2: Option<f64>,
    pub mae: f64,
}

/// How the model does on what was still to come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RemainingTwin {
    pub r2: Option<f64>,
    pub mae: f64,
    pub gini_normalised: Option<f64>,
    pub gain_20: Option<f64>,
    /// Of tiers of the remaining value: share of customers put into the right one, and share of the
    /// largest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers: Option<[f64; 2]>,
}

/// What was known of a target at the prediction date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leakage {
    /// Share of the target's sum that lies inside the feature window; `None` when the sum is not
    /// positive or the target has no such part.
    pub known_share: Option<f64>,
    /// Share of customers whose whole target was known: nothing was left to predict.
    pub fully_known_share: Option<f64>,
    /// The input that, copied, comes nearest to the target.
    pub rival: Option<CopyRival>,
    pub model_r2: Option<f64>,
    pub model_mae: f64,
    pub twin: Option<RemainingTwin>,
}

/// A target with what its feature window already holds.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Model's predictions of the target.
    pub scored: Scored<'a>,
    /// The part of each customer's target that lies inside the feature window; `None` for a target
    /// that begins after it.
    pub inside: Option<&'a [f64]>,
    /// Inputs by name, one value per customer; values that are missing (NaN) never equal the target.
    pub inputs: &'a [(&'a str, &'a [f64])],
}

impl Leakage {
    /// Measures the leakage of a target; `twin` comes from the same model trained on the remaining value.
    ///
    /// # Errors
    /// [`EvaluationError::Lengths`] when an input has another number of customers.
    pub fn measure(known: Known<'_>, twin: Option<RemainingTwin>) -> Result<Self, EvaluationError> {
        let actual = known.scored.actual();
        let columns = known
            .inputs
            .iter()
            .map(|(_, values)| *values)
            .chain(known.inside);
        for values in columns {
            if values.len() != actual.len() {
                return Err(EvaluationError::Lengths {
                    actual: actual.len(),
                    predicted: values.len(),
                });
            }
        }
        Ok(Self {
            known_share: known.inside.and_then(|inside| {
                let total: f64 = actual.iter().sum();
                if total > 0.0 {
                    ratio(inside.iter().sum(), total)
                } else {
                    None
                }
            }),
            fully_known_share: known.inside.map(|inside| equal_share(actual, inside)),
            rival: best_rival(actual, known.inputs),
            model_r2: values::r2(known.scored),
            model_mae: values::mae(known.scored),
            twin,
        })
    }

    /// What was known of the target, beside another model's predictions of it. Its twin is another, too.
    #[must_use]
    pub fn of_model(&self, scored: Scored<'_>) -> Self {
        Self {
            model_r2: values::r2(scored),
            model_mae: values::mae(scored),
            twin: None,
            ..self.clone()
        }
    }

    /// The metric by which copying the rival is at least as good as the model, R² before MAE; `None`
    /// where the model is better by both.
    #[must_use]
    pub fn won_by(&self) -> Option<Won> {
        let rival = self.rival.as_ref()?;
        let pairs = rival.r2.zip(self.model_r2);
        let by_r2 = pairs.filter(|(copied, model)| copied >= model);
        let by_r2 = by_r2.map(|(copied, model)| Won {
            metric: "R²",
            copied,
            model,
        });
        by_r2.or_else(|| {
            (rival.mae <= self.model_mae).then_some(Won {
                metric: "mean absolute error",
                copied: rival.mae,
                model: self.model_mae,
            })
        })
    }

    /// Whether the rival does at least as well as the model by R² or by MAE.
    #[must_use]
    pub fn rival_wins(&self) -> bool {
        self.won_by().is_some()
    }
}

/// How copying an input compares with the model, by the metric that decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Won {
    /// Name for people.
    pub metric: &'static str,
    pub copied: f64,
    pub model: f64,
}

impl Won {
    /// Decimals, two to six, that tell the two figures apart.
    #[must_use]
    pub fn decimals(&self) -> usize {
        let apart = |&decimals: &usize| {
            format!("{:.decimals$}", self.copied) != format!("{:.decimals$}", self.model)
        };
        (2..6).find(apart).unwrap_or(6)
    }
}

/// The rival with the smallest MAE; names decide between equals.
fn best_rival(actual: &[f64], inputs: &[(&str, &[f64])]) -> Option<CopyRival> {
    let rivals = inputs.iter().filter_map(|(name, values)| {
        let scored = Scored::new(actual, values).ok()?;
        Some(CopyRival {
            feature: (*name).to_owned(),
            equal_share: equal_share(actual, values),
            r2: values::r2(scored),
            mae: values::mae(scored),
        })
    });
    rivals.min_by(|one, other| {
        one.mae
            .total_cmp(&other.mae)
            .then_with(|| one.feature.cmp(&other.feature))
    })
}

fn equal_share(actual: &[f64], other: &[f64]) -> f64 {
    let equal = |(a, b): &(&f64, &f64)| (*a - *b).abs() <= SAME * a.abs().max(b.abs());
    let count = actual.iter().zip(other).filter(equal).count();
    count as f64 / actual.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOTAL: [f64; 5] = [10.0, 20.0, 30.0, 40.0, 100.0];
    const INSIDE: [f64; 5] = [10.0, 20.0, 30.0, 40.0, 60.0];
    const ORDERS: [f64; 5] = [1.0, 2.0, 1.0, 1.0, 3.0];

    #[test]
    fn a_total_target_is_mostly_known() {
        let predicted = [15.0, 22.0, 28.0, 45.0, 50.0];
        let leakage = Leakage::measure(
            Known {
                scored: Scored::new(&TOTAL, &predicted).unwrap(),
                inside: Some(&INSIDE),
                inputs: &[("orders", &ORDERS), ("rev_3m", &INSIDE)],
            },
            None,
        )
        .unwrap();
        assert_eq!(leakage.known_share, Some(0.8), "160 of 200");
        assert_eq!(leakage.fully_known_share, Some(0.8), "four of five");
        let rival = leakage.rival.as_ref().unwrap();
        assert_eq!(
            (rival.feature.as_str(), rival.equal_share, rival.mae),
            ("rev_3m", 0.8, 8.0)
        );
        // 1 − 40² / Σ(total − 40)² = 1 − 1600 / 5000.
        assert!((rival.r2.unwrap() - 0.68).abs() < 1e-12);
        assert_eq!(leakage.model_mae, 12.8);
        assert!(leakage.rival_wins());
    }

    #[test]
    fn a_good_model_of_what_remains_beats_the_copy() {
        let remaining = [5.0, 0.0, 3.0, 0.0, 9.0];
        let predicted = [4.0, 1.0, 3.0, 0.0, 8.0];
        let missing = [f64::NAN; 5];
        let leakage = Leakage::measure(
            Known {
                scored: Scored::new(&remaining, &predicted).unwrap(),
                inside: None,
                inputs: &[("spend", &INSIDE), ("instalments", &missing)],
            },
            None,
        )
        .unwrap();
        assert_eq!(
            (leakage.known_share, leakage.fully_known_share),
            (None, None)
        );
        assert_eq!(
            leakage.rival.as_ref().unwrap().feature,
            "spend",
            "missing values cannot be copied"
        );
        assert!(!leakage.rival_wins());
    }

    #[test]
    fn inputs_of_other_customers_are_refused() {
        let known = Known {
            scored: Scored::new(&TOTAL, &TOTAL).unwrap(),
            inside: None,
            inputs: &[("short", &[1.0])],
        };
        assert!(matches!(
            Leakage::measure(known, None),
            Err(EvaluationError::Lengths { .. })
        ));
    }
}
