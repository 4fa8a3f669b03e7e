//! The naive rivals: past spend, the spend rate, copying one input, the majority, nobody buys.

use serde::{Deserialize, Serialize};

use super::{features::FeatureTable, preprocess::MissingFeatures};

/// A prediction anybody could make without a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// A multiple of one feature: past spend (the factor makes sums agree on the training rows), or
    /// a plain copy (factor 1). Missing counts as 0; for chances the result is cut to 0…1.
    Multiple {
        feature: String,
        factor: f64,
        chance: bool,
    },
    /// 1 − a multiple: the chance of churn falls as past spend rises.
    OneMinus { feature: String, factor: f64 },
    /// Past spend per day of tenure, over so many days, plus what a total already contains.
    Rate { days: f64, total: bool },
    /// The same answer for all: the majority's share, or 0 ("nobody buys").
    Constant(f64),
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
            Self::Multiple {
                feature,
                factor,
                chance,
            } => {
                let top = if *chance { 1.0 } else { f64::INFINITY };
                let bottom = if *chance { 0.0 } else { f64::NEG_INFINITY };
                let multiple = |&value: &f64| (factor * known(value)).clamp(bottom, top);
                column(feature)?.iter().map(multiple).collect()
            }
            Self::OneMinus { feature, factor } => {
                let rest = |&value: &f64| 1.0 - (factor * known(value)).clamp(0.0, 1.0);
                column(feature)?.iter().map(rest).collect()
            }
            Self::Rate { days, total } => {
                let pairs = column(MONETARY)?.iter().zip(column("tenure_days")?);
                pairs
                    .map(|(&spend, &tenure)| {
                        let coming = known(spend) / (known(tenure) + 1.0) * days;
                        if *total {
                            known(spend) + coming
                        } else {
                            coming
                        }
                    })
                    .collect()
            }
            Self::Constant(value) => vec![*value; table.rows()],
        })
    }
}

impl Baseline {
    /// Names of the features it reads.
    #[must_use]
    pub fn reads(&self) -> Vec<String> {
        match self {
            Self::Multiple { feature, .. } | Self::OneMinus { feature, .. } => {
                vec![feature.clone()]
            }
            Self::Rate { .. } => vec![MONETARY.to_owned(), "tenure_days".to_owned()],
            Self::Constant(_) => Vec::new(),
        }
    }
}

/// The feature that holds past spend.
pub const MONETARY: &str = "monetary";
