//! Two-stage tiers: a router guesses whether a customer will be Low, Medium or High, and one
//! specialist per tier says how much.

use serde::{Deserialize, Serialize};

use super::{
    TrainError,
    boosting::{Boosted, Goal, Settings, fit},
    features::FeatureTable,
    preprocess::{Matrix, MissingFeatures, Preprocess},
    recipe::{Routing, TierCuts},
};
use base::monitor::Monitor;

/// Names of the tiers.
pub const TIERS: [&str; 3] = ["Low", "Medium", "High"];
/// With fewer answers a specialist says their mean.
const FEWEST_ROWS: usize = 30;

/// A fitted router with its specialists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwoStage {
    pub preprocess: Preprocess,
    /// Low below the first, High from the second on.
    pub cuts: [f64; 2],
    pub routing: Routing,
    router: Boosted,
    specialists: [Specialist; 3],
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Specialist {
    /// Trees, and the range of the tier's answers: a specialist does not leave its tier.
    Trees {
        trees: Boosted,
        low: f64,
        high: f64,
    },
    Mean(f64),
}

/// The parts of a two-stage model, to be looked at.
pub(super) struct Parts<'a> {
    pub router: &'a Boosted,
    pub specialists: [Tier<'a>; 3],
}

/// The specialist of one tier: its trees, if it has any, and the range of its answers.
pub(super) struct Tier<'a> {
    pub trees: Option<&'a Boosted>,
    pub low: f64,
    pub high: f64,
}

/// The tier of an answer: 0 Low, 1 Medium, 2 High.
#[must_use]
pub fn tier(cuts: [f64; 2], value: f64) -> usize {
    usize::from(value >= cuts[0]) + usize::from(value >= cuts[1])
}

/// Where the tiers are cut: at the terciles of the answers. Where more than a third share the lowest
/// answer (mostly: nothing), they are Low and the others are cut at their median.
#[must_use]
pub fn cuts(spec: &TierCuts, answers: &[f64]) -> [f64; 2] {
    if let TierCuts::Values(cuts) = spec {
        return *cuts;
    }
    let mut sorted = answers.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let Some((&lowest, count)) = sorted.first().zip(Some(sorted.len())) else {
        return [0.0; 2];
    };
    let (first, second) = (sorted[count / 3], sorted[2 * count / 3]);
    if first > lowest && second > first {
        return [first, second];
    }
    let above = sorted.partition_point(|&value| value <= lowest);
    match sorted.get(above) {
        None => [lowest, lowest],
        Some(&next) => {
            let rest = &sorted[above..];
            let middle = rest[rest.len() / 2];
            [
                next,
                if middle > next {
                    middle
                } else {
                    rest[rest.len() - 1]
                },
            ]
        }
    }
}

/// Training rows prepared for trees.
pub struct Prepared<'a> {
    pub preprocess: &'a Preprocess,
    pub x: &'a Matrix<f32>,
    pub y: &'a [f64],
}

impl TwoStage {
    /// Fits router and specialists; `settings` holds the trees of both.
    ///
    /// # Errors
    /// [`TrainError`].
    pub fn fit(
        data: &Prepared<'_>,
        (tier_cuts, routing): (&TierCuts, Routing),
        settings: &Settings,
        monitor: &Monitor,
    ) -> Result<Self, TrainError> {
        let cuts = cuts(tier_cuts, data.y);
        let tiers: Vec<usize> = data.y.iter().map(|&y| tier(cuts, y)).collect();
        let classes: Vec<f64> = tiers.iter().map(|&tier| tier as f64).collect();
        let routes = Settings {
            objective: Goal::Classes(TIERS.len()),
            ..*settings
        };
        let router = fit(
            data.x.clone(),
            &classes,
            &routes,
            (monitor, "Learning the tiers"),
        )?;
        let mut specialists = Vec::new();
        for (number, name) in TIERS.iter().enumerate() {
            let rows: Vec<usize> = (0..tiers.len())
                .filter(|&row| tiers[row] == number)
                .collect();
            let stage = format!("Learning the values of {name}");
            specialists.push(specialist(data, &rows, settings, (monitor, &stage))?);
        }
        let specialists =
            <[Specialist; 3]>::try_from(specialists).map_err(|_| TrainError::Fit {
                model: "Two-stage tiers".to_owned(),
                problem: "a specialist is missing".to_owned(),
            })?;
        Ok(Self {
            preprocess: data.preprocess.clone(),
            cuts,
            routing,
            router,
            specialists,
        })
    }

    pub(super) fn parts(&self) -> Parts<'_> {
        Parts {
            router: &self.router,
            specialists: self
                .specialists
                .each_ref()
                .map(|specialist| match specialist {
                    Specialist::Trees { trees, low, high } => Tier {
                        trees: Some(trees),
                        low: *low,
                        high: *high,
                    },
                    Specialist::Mean(mean) => Tier {
                        trees: None,
                        low: *mean,
                        high: *mean,
                    },
                }),
        }
    }

    /// Predicts every row.
    ///
    /// # Errors
    /// [`MissingFeatures`].
    pub fn predict(&self, table: &FeatureTable) -> Result<Vec<f64>, MissingFeatures> {
        self.predict_with_tiers(table).map(|(values, _)| values)
    }

    /// Value and likeliest tier of every row.
    ///
    /// # Errors
    /// [`MissingFeatures`].
    pub fn predict_with_tiers(
        &self,
        table: &FeatureTable,
    ) -> Result<(Vec<f64>, Vec<u8>), MissingFeatures> {
        let x: Matrix<f32> = self.preprocess.matrix_of_all(table)?;
        let chances = self.router.predict(&x, None);
        let values = [0, 1, 2].map(|number| self.specialists[number].predict(&x));
        let each = (0..x.rows).map(|row| {
            let of_tier = [values[0][row], values[1][row], values[2][row]];
            let chances = &chances[row * 3..row * 3 + 3];
            let tier = likeliest(chances);
            (mix(chances, of_tier, self.routing), tier as u8)
        });
        Ok(each.unzip())
    }

    /// Probabilities of Low, Medium and High for every row.
    ///
    /// # Errors
    /// [`MissingFeatures`].
    pub fn tier_chances(&self, table: &FeatureTable) -> Result<Vec<[f64; 3]>, MissingFeatures> {
        let x: Matrix<f32> = self.preprocess.matrix_of_all(table)?;
        let chances = self.router.predict(&x, None);
        Ok(chances.chunks(3).map(|p| [p[0], p[1], p[2]]).collect())
    }

    /// (feature, share of the router's gain), most important first.
    #[must_use]
    pub fn importances(&self) -> Vec<(String, f64)> {
        let inputs = &self.preprocess.inputs;
        let gains = self.router.gains(inputs.len());
        super::weights::shares(inputs.iter().map(|input| input.feature.clone()).zip(gains))
    }
}

/// Hard: the value of the likeliest tier (the lower one of equals). Soft: Σ probability × value.
fn mix(chances: &[f64], values: [f64; 3], routing: Routing) -> f64 {
    match routing {
        Routing::Soft => chances.iter().zip(values).map(|(p, value)| p * value).sum(),
        Routing::Hard => values[likeliest(chances)],
    }
}

/// The likeliest tier, the lower one of equals.
fn likeliest(chances: &[f64]) -> usize {
    let mut best = 0;
    for tier in 1..chances.len() {
        if chances[tier] > chances[best] {
            best = tier;
        }
    }
    best
}

fn specialist(
    data: &Prepared<'_>,
    rows: &[usize],
    settings: &Settings,
    told: (&Monitor, &str),
) -> Result<Specialist, TrainError> {
    let y: Vec<f64> = rows.iter().map(|&row| data.y[row]).collect();
    let low = y.iter().copied().fold(f64::INFINITY, f64::min);
    let high = y.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if rows.len() < FEWEST_ROWS || low >= high {
        let mean = y.iter().sum::<f64>() / y.len().max(1) as f64;
        return Ok(Specialist::Mean(mean));
    }
    let mut values = Vec::with_capacity(rows.len() * data.x.columns);
    for &row in rows {
        values.extend_from_slice(data.x.row(row));
    }
    let x = Matrix {
        rows: rows.len(),
        columns: data.x.columns,
        values,
    };
    let trees = fit(x, &y, settings, told)?;
    Ok(Specialist::Trees { trees, low, high })
}

impl Specialist {
    fn predict(&self, x: &Matrix<f32>) -> Vec<f64> {
        match self {
            Self::Mean(mean) => vec![*mean; x.rows],
            Self::Trees { trees, low, high } => {
                let values = trees.predict(x, None).into_iter();
                values.map(|value| value.clamp(*low, *high)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_are_cut_at_terciles_or_above_a_crowd_of_zeros() {
        let nine: Vec<f64> = (1..=9).map(f64::from).collect();
        assert_eq!(cuts(&TierCuts::Terciles, &nine), [4.0, 7.0]);
        let crowd = [0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 5.0, 8.0, 9.0];
        assert_eq!(cuts(&TierCuts::Terciles, &crowd), [3.0, 8.0]);
        assert_eq!(
            [0.0, 3.0, 7.9, 8.0].map(|v| tier([3.0, 8.0], v)),
            [0, 1, 1, 2]
        );
        assert_eq!(cuts(&TierCuts::Values([1.0, 2.0]), &crowd), [1.0, 2.0]);
    }

    #[test]
    fn hard_and_soft_routing_by_hand() {
        let chances = [0.5, 0.3, 0.2];
        assert_eq!(mix(&chances, [1.0, 10.0, 100.0], Routing::Hard), 1.0);
        let soft = mix(&chances, [1.0, 10.0, 100.0], Routing::Soft);
        assert!((soft - 23.5).abs() < 1e-12);
    }
}
