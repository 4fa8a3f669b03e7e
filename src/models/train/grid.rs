//! The points of a model's grid, and fitting them with as much shared work as possible.

use super::oversample::{self, Made};
use crate::{
    TrainError,
    boosting::{self, Boosted, ForestSettings, Goal, Settings},
    features::FeatureTable,
    learner::{Fitted, TreeModel},
    lifetime::Lifetime,
    linear,
    preprocess::{Matrix, Preprocess, Reader},
    recipe::{BoostingSpec, ForestSpec, Loss, ModelSpec, SmoteSpec, TwoStageSpec},
    two_stage::{self, TwoStage},
};
use base::monitor::Monitor;

/// One point of a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Point {
    /// Nothing to choose.
    Only,
    Ridge(f64),
    Trees {
        trees: usize,
        depth: u32,
        learning_rate: f64,
    },
    Depth(u16),
}

impl Point {
    /// The point in words: "300 trees of depth 3, learning rate 0.05".
    pub fn words(self) -> String {
        match self {
            Self::Only => "as it is".to_owned(),
            Self::Ridge(ridge) => format!("ridge {ridge}"),
            Self::Trees {
                trees,
                depth,
                learning_rate,
            } => format!("{trees} trees of depth {depth}, learning rate {learning_rate}"),
            Self::Depth(depth) => format!("depth {depth}"),
        }
    }
}

/// All points of a model's grid.
pub(super) fn points(spec: &ModelSpec) -> Vec<Point> {
    match spec {
        ModelSpec::Lifetime(_) | ModelSpec::Blend(_) => vec![Point::Only],
        ModelSpec::Tweedie(spec) => spec.ridge.iter().map(|&r| Point::Ridge(r)).collect(),
        ModelSpec::Logistic(spec) => spec.ridge.iter().map(|&r| Point::Ridge(r)).collect(),
        ModelSpec::Forest(spec) => spec.depth.iter().map(|&d| Point::Depth(d)).collect(),
        ModelSpec::Boosting(spec) | ModelSpec::TwoStage(TwoStageSpec { trees: spec, .. }) => {
            let mut points = Vec::new();
            for &depth in &spec.depth {
                for &learning_rate in &spec.learning_rate {
                    points.extend(spec.trees.iter().map(|&trees| Point::Trees {
                        trees,
                        depth,
                        learning_rate,
                    }));
                }
            }
            points
        }
    }
}

/// What a fit needs besides the model.
#[derive(Clone, Copy)]
pub(super) struct Lesson<'a> {
    pub table: &'a FeatureTable,
    /// Answers of all rows of the table.
    pub answers: &'a [f64],
    /// The rows to learn from.
    pub rows: &'a [u32],
    pub lifetime: Option<&'a Lifetime>,
    pub smote: Option<SmoteSpec>,
    pub seed: u64,
    pub monitor: &'a Monitor,
}

/// Fits the model at each of these points of its grid.
pub(super) fn fit(
    spec: &ModelSpec,
    points: &[Point],
    lesson: &Lesson<'_>,
) -> Result<Vec<Fitted>, TrainError> {
    lesson.monitor.check()?;
    let answers: Vec<f64> = lesson.of_rows(lesson.answers);
    match spec {
        ModelSpec::Lifetime(_) => match lesson.lifetime {
            Some(lifetime) => Ok(vec![Fitted::Lifetime(Box::new(lifetime.clone()))]),
            None => Err(TrainError::NoModel {
                recipe: spec.title(),
            }),
        },
        ModelSpec::Tweedie(spec) => lesson.linear(answers, Some(spec.power), points),
        ModelSpec::Logistic(_) => lesson.linear(answers, None, points),
        ModelSpec::Boosting(spec) => lesson.boosted(answers, spec, points),
        ModelSpec::Forest(spec) => lesson.forest(answers, spec, points),
        ModelSpec::TwoStage(spec) => lesson.two_stage(&answers, spec, points),
        // A blend is put together from the others' predictions, see `blend`.
        ModelSpec::Blend(_) => Ok(Vec::new()),
    }
}

impl Lesson<'_> {
    fn of_rows(&self, values: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|&row| values[row as usize]).collect()
    }

    /// Rows made for the rarer class, from neighbours in these standardised features.
    fn made(&self, x: &Matrix<f64>, answers: &[f64]) -> Result<Vec<Made>, TrainError> {
        self.smote.map_or(Ok(Vec::new()), |spec| {
            oversample::make(x, answers, spec, (self.seed, self.monitor))
        })
    }

    fn linear(
        &self,
        mut answers: Vec<f64>,
        power: Option<f64>,
        points: &[Point],
    ) -> Result<Vec<Fitted>, TrainError> {
        let mut prepared = linear::Prepared::new(self.table, self.rows, self.monitor)?;
        let made = self.made(prepared.rows(), &answers)?;
        oversample::extend(prepared.rows_mut(), &made, self.monitor)?;
        answers.extend(made.iter().map(|made| made.class));
        let ridges: Vec<f64> = points
            .iter()
            .map(|point| match point {
                Point::Ridge(ridge) => *ridge,
                _ => 0.0,
            })
            .collect();
        let models = prepared.path(&answers, power, &ridges, self.monitor)?;
        Ok(models.into_iter().map(Fitted::Linear).collect())
    }

    /// Inputs of trees, made rows included.
    fn for_trees(&self, answers: &mut Vec<f64>) -> Result<(Preprocess, Matrix<f32>), TrainError> {
        let made = match self.smote {
            Some(_) => {
                let prepared = linear::Prepared::new(self.table, self.rows, self.monitor)?;
                self.made(prepared.rows(), answers)?
            }
            None => Vec::new(),
        };
        let preprocess = Preprocess::fit(self.table, self.rows, Reader::Trees, self.monitor)?;
        let mut x: Matrix<f32> = preprocess.matrix(self.table, self.rows)?;
        self.monitor.check()?;
        oversample::extend(&mut x, &made, self.monitor)?;
        answers.extend(made.iter().map(|made| made.class));
        Ok((preprocess, x))
    }

    fn boosted(
        &self,
        mut answers: Vec<f64>,
        spec: &BoostingSpec,
        points: &[Point],
    ) -> Result<Vec<Fitted>, TrainError> {
        let (preprocess, x) = self.for_trees(&mut answers)?;
        let rows = boosting::Rows::new(x, &answers, Goal::Loss(spec.loss))?;
        // The longest training of each (depth, rate) holds all shorter ones.
        let mut longest: Vec<(Settings, Boosted)> = Vec::new();
        let mut fitted = Vec::new();
        for &point in points {
            let wanted = settings(spec, point, self.seed);
            let same = |other: &Settings| {
                other.depth == wanted.depth && other.learning_rate == wanted.learning_rate
            };
            let known = longest.iter().find(|(other, _)| same(other));
            let trees = if let Some((_, trees)) = known {
                trees.clone()
            } else {
                let all = points.iter().map(|&point| settings(spec, point, self.seed));
                let most = all.filter(same).map(|s| s.trees).max();
                let longer = Settings {
                    trees: most.unwrap_or(wanted.trees),
                    ..wanted
                };
                let told = (self.monitor, "trees");
                let trees = boosting::fit_rows(&rows, &longer, told)?;
                longest.push((longer, trees.clone()));
                trees
            };
            fitted.push(Fitted::Trees(TreeModel {
                preprocess: preprocess.clone(),
                trees: trees.first(wanted.trees),
            }));
        }
        Ok(fitted)
    }

    fn forest(
        &self,
        mut answers: Vec<f64>,
        spec: &ForestSpec,
        points: &[Point],
    ) -> Result<Vec<Fitted>, TrainError> {
        let (preprocess, x) = self.for_trees(&mut answers)?;
        let columns = x.columns.max(1) as f64;
        let rows = boosting::Rows::new(x, &answers, Goal::Loss(Loss::Squared))?;
        let mut fitted = Vec::new();
        for point in points {
            let settings = ForestSettings {
                trees: spec.trees,
                depth: match point {
                    Point::Depth(depth) => *depth,
                    _ => 10,
                },
                min_leaf: spec.min_leaf,
                // Breiman's advice: the root of the number of features for classes, a third for values.
                feature_share: (columns.sqrt().max(columns / 3.0).ceil() / columns).min(1.0),
                seed: self.seed,
            };
            let trees = boosting::forest(&rows, &settings, (self.monitor, "trees"))?;
            fitted.push(Fitted::Trees(TreeModel {
                preprocess: preprocess.clone(),
                trees,
            }));
        }
        Ok(fitted)
    }

    fn two_stage(
        &self,
        answers: &[f64],
        spec: &TwoStageSpec,
        points: &[Point],
    ) -> Result<Vec<Fitted>, TrainError> {
        let preprocess = Preprocess::fit(self.table, self.rows, Reader::Trees, self.monitor)?;
        let x: Matrix<f32> = preprocess.matrix(self.table, self.rows)?;
        let data = two_stage::Prepared {
            preprocess: &preprocess,
            x: &x,
            y: answers,
        };
        let fit_at = |&point: &Point| {
            let settings = settings(&spec.trees, point, self.seed);
            let how = (&spec.cuts, spec.routing);
            TwoStage::fit(&data, how, &settings, self.monitor)
                .map(|model| Fitted::TwoStage(Box::new(model)))
        };
        points.iter().map(fit_at).collect()
    }
}

fn settings(spec: &BoostingSpec, point: Point, seed: u64) -> Settings {
    let (trees, depth, learning_rate) = match point {
        Point::Trees {
            trees,
            depth,
            learning_rate,
        } => (trees, depth, learning_rate),
        _ => (100, 3, 0.1),
    };
    Settings {
        objective: Goal::Loss(spec.loss),
        trees,
        depth,
        learning_rate,
        min_child_weight: spec.min_child_weight,
        subsample: spec.subsample,
        feature_share: spec.feature_share,
        ridge: spec.ridge,
        seed,
    }
}
