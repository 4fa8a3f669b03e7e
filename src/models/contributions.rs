//! What drove single predictions: one part per feature, and a base, that add up to what the model says.
//!
//! | model | parts | unit |
//! | --- | --- | --- |
//! | boosted trees, forest | `TreeSHAP` (Lundberg et al. 2020) | the trees' score |
//! | Tweedie GLM, logistic regression | coefficient × standardised input | the linear score |
//! | tiers, blends, buy-till-you-die | Shapley values, sampled (Štrumbelj & Kononenko 2014) | the prediction |
//!
//! The first two are exact. The third asks the model itself: the customer's values replace those of other
//! customers one by one, in random orders, and a feature's part is the mean of what its replacement
//! changed. Each order adds up exactly, so the parts do, too. Recalibration comes after all of them.

use std::collections::BTreeMap;

use super::{
    TrainError,
    boosting::Score,
    features::FeatureTable,
    learner::{Fitted, TreeModel},
    linear::LinearModel,
    preprocess::{Input, Matrix, MissingFeatures},
};
use base::monitor::Monitor;
use evaluation::random::Draws;

/// What one unit of the parts is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scale {
    /// The predicted value itself: money.
    Value,
    /// ln of the value.
    LogValue,
    /// ln(1 + value).
    LogOnePlus,
    Probability,
    /// ln(p ÷ (1 − p)).
    LogOdds,
}

impl Scale {
    /// The scale as it stands after "on the scale of".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Value => "the prediction itself",
            Self::LogValue => "the logarithm of the prediction (0.1 is about 10 %)",
            Self::LogOnePlus => "ln(1 + prediction) (0.1 is about 10 %)",
            Self::Probability => "the probability itself",
            Self::LogOdds => "the log-odds of the probability",
        }
    }

    /// What a score on this scale stands for.
    #[must_use]
    pub fn answer(self, score: f64) -> f64 {
        match self {
            Self::Value | Self::Probability => score,
            Self::LogValue => score.exp(),
            Self::LogOnePlus => libm::expm1(score).max(0.0),
            Self::LogOdds => super::irls::sigmoid(score),
        }
    }
}

/// How the parts were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    TreeShap,
    Linear,
    Sampled,
}

impl Method {
    /// Name for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::TreeShap => "TreeSHAP values, exact for trees",
            Self::Linear => "Coefficient × standardised input, exact for a linear model",
            Self::Sampled => "Shapley values, sampled by asking the model",
        }
    }
}

/// Parts of the predictions of some rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    pub method: Method,
    pub scale: Scale,
    /// What the parts start from, one per row.
    pub base: Vec<f64>,
    /// One part per row of every feature the model reads, ascending by name.
    pub parts: Vec<(String, Vec<f64>)>,
}

/// What sampling needs besides the rows.
#[derive(Clone, Copy)]
pub struct Sampling<'a> {
    /// Customers to compare with; at least one.
    pub others: &'a FeatureTable,
    /// Random orders per row.
    pub orders: usize,
    pub seed: u64,
    pub monitor: &'a Monitor,
}

/// Splits the predictions of every row of the table into parts; `class` says that they are
/// probabilities. `None` for naive baselines, which are what they copy.
///
/// # Errors
/// [`TrainError::MissingFeatures`], [`TrainError::Cancelled`].
pub fn contributions(
    model: &Fitted,
    (table, class): (&FeatureTable, bool),
    sampling: Sampling<'_>,
) -> Result<Option<Contributions>, TrainError> {
    match model {
        Fitted::Baseline(_) => Ok(None),
        Fitted::Trees(trees) => of_trees(trees, (table, class), sampling.monitor),
        Fitted::Linear(linear) => Ok(Some(of_linear(linear, table)?)),
        Fitted::Lifetime(_) | Fitted::TwoStage(_) | Fitted::Blend(_) => {
            sampled(model, (table, class), sampling).map(Some)
        }
    }
}

/// Whether the parts of this model are found by asking it, which costs more.
#[must_use]
pub fn is_asked(model: &Fitted) -> bool {
    matches!(
        model,
        Fitted::Lifetime(_) | Fitted::TwoStage(_) | Fitted::Blend(_)
    )
}

/// Sums the parts of the inputs that stand for one feature: the levels of a category.
#[derive(Default)]
struct Sums<'a>(BTreeMap<&'a str, Vec<f64>>);

impl<'a> Sums<'a> {
    fn add(&mut self, inputs: &'a [Input], (row, rows): (usize, usize), parts: &[f64]) {
        for (input, part) in inputs.iter().zip(parts) {
            let empty = || vec![0.0; rows];
            self.0.entry(&input.feature).or_insert_with(empty)[row] += part;
        }
    }

    fn parts(self) -> Vec<(String, Vec<f64>)> {
        let named = self.0.into_iter();
        named
            .map(|(name, parts)| (name.to_owned(), parts))
            .collect()
    }
}

fn of_trees(
    model: &TreeModel,
    (table, class): (&FeatureTable, bool),
    monitor: &Monitor,
) -> Result<Option<Contributions>, TrainError> {
    let x: Matrix<f32> = model.preprocess.matrix_of_all(table)?;
    let inputs = &model.preprocess.inputs;
    let (mut sums, mut base) = (Sums::default(), Vec::with_capacity(x.rows));
    for row in 0..x.rows {
        monitor.check()?;
        let Some(parts) = model.trees.contributions(x.row(row)) else {
            return Ok(None);
        };
        sums.add(inputs, (row, x.rows), &parts);
        base.push(parts.last().copied().unwrap_or_default());
    }
    let scale = match model.trees.score() {
        Score::Plain if class => Scale::Probability,
        Score::Plain => Scale::Value,
        Score::LogOnePlus => Scale::LogOnePlus,
        Score::Log => Scale::LogValue,
        Score::LogOdds => Scale::LogOdds,
    };
    Ok(Some(Contributions {
        method: Method::TreeShap,
        scale,
        base,
        parts: sums.parts(),
    }))
}

/// Inputs are centred, so a part is counted from the average customer without a named level.
fn of_linear(model: &LinearModel, table: &FeatureTable) -> Result<Contributions, MissingFeatures> {
    let x: Matrix<f64> = model.preprocess.matrix_of_all(table)?;
    let mut sums = Sums::default();
    for row in 0..x.rows {
        let pairs = model.linear.coefficients.iter().zip(x.row(row));
        let parts: Vec<f64> = pairs
            .map(|(coefficient, input)| coefficient * input)
            .collect();
        sums.add(&model.preprocess.inputs, (row, x.rows), &parts);
    }
    Ok(Contributions {
        method: Method::Linear,
        scale: match model.power {
            Some(_) => Scale::LogValue,
            None => Scale::LogOdds,
        },
        base: vec![model.linear.intercept; x.rows],
        parts: sums.parts(),
    })
}

/// Stream of the random orders.
const ORDER_STREAM: u64 = 0x5A4B;

fn sampled(
    model: &Fitted,
    (table, class): (&FeatureTable, bool),
    sampling: Sampling<'_>,
) -> Result<Contributions, TrainError> {
    let names = model.inputs();
    let place = |of: &FeatureTable, name: &String| {
        let found = of.position(name);
        found.ok_or_else(|| MissingFeatures::one(name))
    };
    let mine: Vec<usize> = names
        .iter()
        .map(|n| place(table, n))
        .collect::<Result<_, _>>()?;
    let theirs: Vec<usize> = (names.iter())
        .map(|name| place(sampling.others, name))
        .collect::<Result<_, _>>()?;
    let mut parts = vec![vec![0.0; table.rows()]; names.len()];
    let mut base = vec![0.0; table.rows()];
    for row in 0..table.rows() {
        sampling.monitor.check()?;
        let mut draws = Draws::new(sampling.seed, ORDER_STREAM + row as u64);
        let walk = Walk {
            own: mine.iter().map(|&at| table.columns[at][row]).collect(),
            others: theirs
                .iter()
                .map(|&at| sampling.others.columns[at].as_slice())
                .collect(),
            specs: mine.iter().map(|&at| table.specs[at].clone()).collect(),
        };
        let orders = sampling.orders.max(1);
        let (start, moved) = walk.go(model, orders, &mut draws)?;
        base[row] = start;
        for (part, moved) in parts.iter_mut().zip(moved) {
            part[row] = moved;
        }
    }
    Ok(Contributions {
        method: Method::Sampled,
        scale: if class {
            Scale::Probability
        } else {
            Scale::Value
        },
        base,
        parts: names.into_iter().zip(parts).collect(),
    })
}

/// From other customers to one, a feature at a time.
struct Walk<'a> {
    own: Vec<f64>,
    others: Vec<&'a [f64]>,
    specs: Vec<super::features::FeatureSpec>,
}

impl Walk<'_> {
    /// Mean prediction of the others met, and the mean change by each feature. Every second order is
    /// the reverse of the one before, with the same customer: their errors cancel in part.
    fn go(
        self,
        model: &Fitted,
        orders: usize,
        draws: &mut Draws,
    ) -> Result<(f64, Vec<f64>), MissingFeatures> {
        let features = self.own.len();
        let rows = self.others.first().map_or(0, |column| column.len());
        if rows == 0 || features == 0 {
            let alone = self.table(self.own.iter().map(|&value| vec![value]).collect());
            let said = model.predict(&alone)?.first().copied().unwrap_or_default();
            return Ok((said, vec![0.0; features]));
        }
        let (mut turns, mut columns) = (Vec::new(), vec![Vec::new(); features]);
        let mut order: Vec<usize> = (0..features).collect();
        let mut other = 0;
        for turn in 0..orders {
            if turn % 2 == 0 {
                draws.shuffle(&mut order);
                other = draws.below(rows);
            } else {
                order.reverse();
            }
            let mut now: Vec<f64> = self.others.iter().map(|column| column[other]).collect();
            for step in 0..=features {
                if step > 0 {
                    now[order[step - 1]] = self.own[order[step - 1]];
                }
                for (column, value) in columns.iter_mut().zip(&now) {
                    column.push(*value);
                }
            }
            turns.push(order.clone());
        }
        let said = model.predict(&self.table(columns))?;
        let (mut start, mut moved) = (0.0, vec![0.0; features]);
        for (order, said) in turns.iter().zip(said.chunks(features + 1)) {
            start += said[0] / orders as f64;
            for (pair, &feature) in said.windows(2).zip(order) {
                moved[feature] += (pair[1] - pair[0]) / orders as f64;
            }
        }
        Ok((start, moved))
    }

    fn table(&self, columns: Vec<Vec<f64>>) -> FeatureTable {
        let rows = columns.first().map_or(0, Vec::len);
        FeatureTable {
            specs: self.specs.clone(),
            customers: (0..rows as u32).collect(),
            columns,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        baseline::Baseline,
        features::{FeatureGroup, FeatureSpec, Unit},
        learner::{Member, Predictor},
    };

    fn table(rows: &[[f64; 2]]) -> FeatureTable {
        let mut table = FeatureTable {
            customers: (0..rows.len() as u32).collect(),
            ..FeatureTable::default()
        };
        for (at, name) in ["a", "b"].into_iter().enumerate() {
            let spec = FeatureSpec::new(name, FeatureGroup::Table, Unit::Number, "");
            table.push(spec, rows.iter().map(|row| row[at]).collect());
        }
        table
    }

    /// 2a + 3b has the Shapley values 2 (a − a₀) and 3 (b − b₀) against one other customer.
    #[test]
    fn sampled_parts_of_a_sum_by_hand() {
        let part = |feature: &str, factor| Member {
            weight: 1.0,
            spec: 0,
            predictor: Predictor::plain(Fitted::Baseline(Baseline::Multiple {
                feature: feature.to_owned(),
                factor,
            })),
        };
        let blend = Fitted::Blend(vec![part("a", 2.0), part("b", 3.0)]);
        let asked = table(&[[5.0, 1.0], [1.0, 4.0]]);
        let one = table(&[[1.0, 2.0]]);
        let silent = Monitor::silent();
        let sampling = |others, orders| Sampling {
            others,
            orders,
            seed: 1,
            monitor: &silent,
        };
        let found = sampled(&blend, (&asked, false), sampling(&one, 6)).unwrap();
        assert!(found.base.iter().all(|base| (base - 8.0).abs() < 1e-12));
        let parts = |name: &str| {
            let part = found.parts.iter().find(|(known, _)| known == name);
            part.unwrap().1.clone()
        };
        for (found, expected) in [(parts("a"), [8.0, 0.0]), (parts("b"), [-3.0, 6.0])] {
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-12, "{found} {expected}");
            }
        }
        // Against several: the base is a mean of theirs, and everything still adds up.
        let some = table(&[[0.0, 0.0], [2.0, 2.0], [4.0, 0.0]]);
        let found = sampled(&blend, (&asked, false), sampling(&some, 9)).unwrap();
        for (row, said) in [13.0, 14.0].into_iter().enumerate() {
            assert!((0.0..=10.0).contains(&found.base[row]));
            let sum: f64 = found.parts.iter().map(|(_, parts)| parts[row]).sum();
            assert!((found.base[row] + sum - said).abs() < 1e-12);
        }
    }
}
