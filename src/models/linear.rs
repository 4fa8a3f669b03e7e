//! Tweedie regression and logistic regression on prepared inputs, along a path of ridge penalties.

use serde::{Deserialize, Serialize};

use super::{
    TrainError,
    features::FeatureTable,
    irls::{self, Family, Linear},
    preprocess::{Matrix, MissingFeatures, Preprocess, Reader},
};
use base::monitor::Monitor;

/// A fitted linear model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinearModel {
    pub preprocess: Preprocess,
    pub linear: Linear,
    /// Answer = exp(score) for a Tweedie model of this power, else 1 / (1 + exp(−score)).
    pub power: Option<f64>,
    pub ridge: f64,
}

/// Training rows prepared for a linear model.
pub struct Prepared {
    preprocess: Preprocess,
    x: Matrix<f64>,
}

impl Prepared {
    /// Learns preprocessing from the rows and prepares them.
    ///
    /// # Errors
    /// [`TrainError::Cancelled`]; features are never missing in the table it was learned from.
    pub fn new(table: &FeatureTable, rows: &[u32], monitor: &Monitor) -> Result<Self, TrainError> {
        let preprocess = Preprocess::fit(table, rows, Reader::Linear, monitor)?;
        let x = preprocess.matrix(table, rows)?;
        Ok(Self { preprocess, x })
    }

    /// The rows, to be added to (oversampling).
    pub fn rows_mut(&mut self) -> &mut Matrix<f64> {
        &mut self.x
    }

    /// The prepared rows.
    #[must_use]
    pub fn rows(&self) -> &Matrix<f64> {
        &self.x
    }

    /// Fits one model per ridge penalty, from the strongest (nearest to the start) to the weakest;
    /// results are in the order given. Answers below 0 count as 0 for Tweedie.
    ///
    /// # Errors
    /// [`TrainError`].
    pub fn path(
        &self,
        y: &[f64],
        power: Option<f64>,
        ridges: &[f64],
        monitor: &Monitor,
    ) -> Result<Vec<LinearModel>, TrainError> {
        let (family, y): (Family, Vec<f64>) = match power {
            Some(power) => (
                Family::Tweedie(power),
                y.iter().map(|v| v.max(0.0)).collect(),
            ),
            None => (Family::Binomial, y.to_vec()),
        };
        let mut order: Vec<usize> = (0..ridges.len()).collect();
        order.sort_by(|&a, &b| ridges[b].total_cmp(&ridges[a]));
        let mut models: Vec<Option<LinearModel>> = vec![None; ridges.len()];
        let mut warm: Option<Linear> = None;
        for at in order {
            // scikit-learn's C is over the sum of the losses, its Tweedie alpha over their mean.
            let ridge = match family {
                Family::Tweedie(_) => ridges[at],
                Family::Binomial => ridges[at] / y.len() as f64,
            };
            let linear = irls::fit(family, (&self.x, &y), ridge, warm.as_ref(), monitor)?;
            warm = Some(linear.clone());
            models[at] = Some(LinearModel {
                preprocess: self.preprocess.clone(),
                linear,
                power,
                ridge: ridges[at],
            });
        }
        Ok(models.into_iter().flatten().collect())
    }
}

impl LinearModel {
    /// Predicts every row.
    ///
    /// # Errors
    /// [`MissingFeatures`].
    pub fn predict(&self, table: &FeatureTable) -> Result<Vec<f64>, MissingFeatures> {
        let x: Matrix<f64> = self.preprocess.matrix_of_all(table)?;
        let answer = |row| {
            let score = self.linear.score(x.row(row));
            match self.power {
                Some(_) => score.exp(),
                None => irls::sigmoid(score),
            }
        };
        Ok((0..x.rows).map(answer).collect())
    }

    /// (feature, share of the absolute standardised coefficients), most important first.
    #[must_use]
    pub fn importances(&self) -> Vec<(String, f64)> {
        let names = self
            .preprocess
            .inputs
            .iter()
            .map(|input| input.feature.clone());
        let weights = self.linear.coefficients.iter().map(|c| c.abs());
        super::weights::shares(names.zip(weights))
    }
}
