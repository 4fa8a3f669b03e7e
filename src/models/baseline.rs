//! The naive rivals: past spend, its rate, spend that fades, copying one input, the same for all.

use serde::{Deserialize, Serialize};

use super::{
    features::{
        FeatureTable,
        naive::{MONETARY, SPEND_PER_DAY},
    },
    irls::sigmoid,
    preprocess::MissingFeatures,
};

/// A prediction anybody could make without a model. Missing inputs count as 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// A multiple of one feature: past spend (the factor makes sums agree on the training rows), or
    /// a plain copy (factor 1).
    Multiple { feature: String, factor: f64 },
    /// The chance of an event by one feature: 1 ÷ (1 + exp(−(slope · sign(x) · ln(1 + |x|) +
    /// intercept))). It ranks as the feature does, or says the same of all (slope 0).
    Chance {
        feature: String,
        slope: f64,
        intercept: f64,
    },
    /// Past spend per day, over so many days, plus what a total already contains.
    Rate { days: f64, total: bool },
    /// The same answer for all: the mean, the share of "yes", or 0 ("nobody buys").
    Constant(f64),
}

/// What a chance is linear in: steps of money count the less the more there is.
pub(super) fn damped(x: f64) -> f64 {
    if x.is_nan() {
        return 0.0;
    }
    x.signum() * libm::log1p(x.abs())
}

impl Baseline {
    /// Predicts every row.
    ///
    /// # Errors
    /// [`MissingFeatures`].
    pub fn predict(&self, table: &FeatureTable) -> Result<Vec<f64>, MissingFeatures> {
        let known = |value: f64| if value.is_nan() { 0.0 } else { value };
        let column = |name: &str| {
            let missing = || MissingFeatures::one(name);
            table.column(name).ok_or_else(missing)
        };
        Ok(match self {
            Self::Multiple { feature, factor } => {
                let multiple = |&value: &f64| factor * known(value);
                column(feature)?.iter().map(multiple).collect()
            }
            Self::Chance {
                feature,
                slope,
                intercept,
            } => {
                let chance = |&value: &f64| sigmoid(slope * damped(value) + intercept);
                column(feature)?.iter().map(chance).collect()
            }
            Self::Rate { days, total } => {
                let pairs = column(MONETARY)?.iter().zip(column(SPEND_PER_DAY)?);
                let spend = |(&spend, &rate): (&f64, &f64)| {
                    let before = if *total { known(spend) } else { 0.0 };
                    before + known(rate) * days
                };
                pairs.map(spend).collect()
            }
            Self::Constant(value) => vec![*value; table.rows()],
        })
    }

    /// Names of the features it reads.
    #[must_use]
    pub fn reads(&self) -> Vec<String> {
        match self {
            Self::Multiple { feature, .. } | Self::Chance { feature, .. } => vec![feature.clone()],
            Self::Rate { .. } => vec![MONETARY.to_owned(), SPEND_PER_DAY.to_owned()],
            Self::Constant(_) => Vec::new(),
        }
    }
}
