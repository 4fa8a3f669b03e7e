//! The naive baselines, measured exactly as the models are: same folds, same locked rows, same
//! backtests, same metrics. What they read comes from the histories themselves
//! ([`naive`](crate::features::naive)), so they stand beside every run, whatever features it chose.

use std::time::Instant;

use super::{
    compete::{Arena, Contender, table_of},
    score,
};
use crate::{
    TrainError,
    baseline::{Baseline, damped},
    features::{
        FeatureTable, Unit,
        naive::{HALF_LIVES, MONETARY, SPEND_PER_DAY, fading},
    },
    irls::{self, Family},
    learner::Fitted,
    preprocess::Matrix,
    run::ModelRun,
    target::{Design, Score, TargetKind},
};
use evaluation::{Scored, gains::gini_normalised, ranking::Ranking};

/// A rival: its name, its title, and how it is learned from rows.
struct Rival {
    name: &'static str,
    title: String,
    kind: Kind,
}

enum Kind {
    /// One feature: a multiple of it, so that sums agree on the rows it is learned from, or the chance
    /// that goes with it.
    Feature(String),
    /// Spend that fades; the half-life is chosen from the rows it is learned from.
    Fading,
    Copy(String),
    Rate {
        days: f64,
        total: bool,
    },
    /// The mean answer: for classes the share of "yes".
    Mean,
    Nothing,
}

impl Arena<'_> {
    /// All baselines that the data allows.
    pub fn rivals(&self) -> Result<Vec<ModelRun>, TrainError> {
        let rivals = self.candidates();
        rivals.into_iter().map(|rival| self.rival(rival)).collect()
    }

    fn candidates(&self) -> Vec<Rival> {
        let naive = &self.prepared.naive;
        let mut rivals = Vec::new();
        if let Some(spend) = past_spend(naive) {
            rivals.push(Rival {
                name: "past_spend",
                title: "Past spend".to_owned(),
                kind: Kind::Feature(spend),
            });
        }
        let target = &self.prepared.target;
        let total = matches!(target.kind, TargetKind::TotalValue);
        // Customers of one age: what they spent a day ranks them as what they spent.
        if let Design::Cutoff { horizon_days } = target.design {
            rivals.push(Rival {
                name: "spend_rate",
                title: "Past spend per day".to_owned(),
                kind: if self.class() {
                    Kind::Feature(SPEND_PER_DAY.to_owned())
                } else {
                    Kind::Rate {
                        days: f64::from(horizon_days),
                        total,
                    }
                },
            });
        }
        if naive.position(&fading(HALF_LIVES[0])).is_some() {
            rivals.push(Rival {
                name: "fading_spend",
                // The half-life is told once it is chosen.
                title: String::new(),
                kind: Kind::Fading,
            });
        }
        if let Some(feature) = self.nearest().filter(|_| !self.class()) {
            rivals.push(Rival {
                name: "copy_a_feature",
                title: format!("Copying {feature}"),
                kind: Kind::Copy(feature),
            });
        }
        rivals.push(match self.class() {
            true => Rival {
                name: "majority",
                title: "The same chance for all".to_owned(),
                kind: Kind::Mean,
            },
            false if target.kind.is_column() => Rival {
                name: "mean",
                title: "The mean for all".to_owned(),
                kind: Kind::Mean,
            },
            false => Rival {
                name: "nobody_buys",
                title: "Nobody buys".to_owned(),
                kind: Kind::Nothing,
            },
        });
        rivals
    }

    /// The money or number feature with the smallest absolute error when it is copied, the naive
    /// columns among them.
    fn nearest(&self) -> Option<String> {
        let answers = &self.prepared.target.values;
        let training = &self.split.training;
        let error = |column: &[f64]| -> f64 {
            let each = training.iter().map(|&row| {
                let value = column[row as usize];
                let value = if value.is_nan() { 0.0 } else { value };
                (value - answers[row as usize]).abs()
            });
            each.sum()
        };
        let tables = [&self.prepared.table, &self.prepared.naive];
        tables
            .iter()
            .flat_map(|table| table.specs.iter().zip(&table.columns))
            .filter(|(spec, _)| spec.unit != Unit::Category)
            .map(|(spec, column)| (&spec.name, error(column)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(name, _)| name.clone())
    }

    fn rival(&self, rival: Rival) -> Result<ModelRun, TrainError> {
        let clock = Instant::now();
        let training = &self.split.training;
        let mut raw = vec![0.0; training.len()];
        for fold in 0..self.split.folds {
            let (outside, inside) = self.split.fold(fold);
            let rows_of = |places: &[u32]| -> Vec<u32> {
                places
                    .iter()
                    .map(|&place| training[place as usize])
                    .collect()
            };
            let learned = Fitted::Baseline(self.learn(&rival.kind, &rows_of(&outside))?);
            let predicted = self.predicted(&learned, &rows_of(&inside))?;
            for (&place, value) in inside.iter().zip(predicted) {
                raw[place as usize] = value;
            }
        }
        let learned = self.learn(&rival.kind, training)?;
        let title = match (&rival.kind, &learned) {
            (
                Kind::Fading,
                Baseline::Multiple { feature, .. } | Baseline::Chance { feature, .. },
            ) => HALF_LIVES
                .into_iter()
                .find(|&half_life| fading(half_life) == *feature)
                .map_or_else(String::new, |half_life| {
                    format!("Spend fading by half every {half_life} days")
                }),
            _ => rival.title,
        };
        self.judge(Contender {
            name: rival.name.to_owned(),
            title,
            spec: None,
            chosen: String::new(),
            grid: Vec::new(),
            raw,
            tiers: Vec::new(),
            fitted: Fitted::Baseline(learned),
            clock,
        })
    }

    fn predicted(&self, learned: &Fitted, rows: &[u32]) -> Result<Vec<f64>, TrainError> {
        let table = table_of(learned, &self.prepared.table, &self.prepared.naive);
        let (predicted, _) = learned.predict_rows(table, rows, self.steps.monitor())?;
        Ok(predicted)
    }

    fn learn(&self, kind: &Kind, rows: &[u32]) -> Result<Baseline, TrainError> {
        let mean = || {
            let answers = self.answers(rows);
            answers.iter().sum::<f64>() / answers.len().max(1) as f64
        };
        Ok(match kind {
            Kind::Feature(feature) => self.by_feature(feature, rows)?,
            Kind::Fading => self.fading(rows)?,
            Kind::Copy(feature) => Baseline::Multiple {
                feature: feature.clone(),
                factor: 1.0,
            },
            Kind::Rate { days, total } => Baseline::Rate {
                days: *days,
                total: *total,
            },
            Kind::Mean => Baseline::Constant(mean()),
            Kind::Nothing => Baseline::Constant(0.0),
        })
    }

    /// Values of a naive column for these rows; missing counts as 0.
    fn naive_column(&self, feature: &str, rows: &[u32]) -> Vec<f64> {
        let column = self.prepared.naive.column(feature).unwrap_or_default();
        let value = |&row: &u32| match column[row as usize] {
            value if value.is_nan() => 0.0,
            value => value,
        };
        rows.iter().map(value).collect()
    }

    fn by_feature(&self, feature: &str, rows: &[u32]) -> Result<Baseline, TrainError> {
        let answers = self.answers(rows);
        let values = self.naive_column(feature, rows);
        if self.class() {
            return self.chance(feature, &values, &answers);
        }
        let (known, sum): (f64, f64) = (values.iter().sum(), answers.iter().sum());
        Ok(Baseline::Multiple {
            feature: feature.to_owned(),
            factor: if known > 0.0 && sum > 0.0 {
                sum / known
            } else {
                1.0
            },
        })
    }

    /// The chance of the event by one feature: logistic regression on its damped value. Those who
    /// spent more are never held likelier to stay away.
    fn chance(
        &self,
        feature: &str,
        values: &[f64],
        answers: &[f64],
    ) -> Result<Baseline, TrainError> {
        /// Keeps the slope finite where one amount tells the answers apart.
        const RIDGE: f64 = 1e-6;
        let rising = self.prepared.target.kind != TargetKind::Churn;
        let damped: Vec<f64> = values.iter().map(|&value| damped(value)).collect();
        let x = Matrix {
            rows: damped.len(),
            columns: 1,
            values: damped,
        };
        let monitor = self.steps.monitor();
        let found = irls::fit(Family::Binomial, (&x, answers), RIDGE, None, monitor)?;
        let slope = found.coefficients.first().copied().unwrap_or_default();
        if (slope >= 0.0) == rising {
            return Ok(Baseline::Chance {
                feature: feature.to_owned(),
                slope,
                intercept: found.intercept,
            });
        }
        let share = answers.iter().sum::<f64>() / answers.len().max(1) as f64;
        Ok(Baseline::Chance {
            feature: feature.to_owned(),
            slope: 0.0,
            intercept: (share / (1.0 - share)).ln(),
        })
    }

    /// Spend fading with the half-life that does best on these rows by the metric that verdicts test:
    /// normalised Gini for values, log loss for classes.
    fn fading(&self, rows: &[u32]) -> Result<Baseline, TrainError> {
        let answers = self.answers(rows);
        let perfect = Ranking::by(&answers);
        let mut best: Option<(f64, Baseline)> = None;
        for half_life in HALF_LIVES {
            self.steps.check()?;
            let feature = fading(half_life);
            let learned = self.by_feature(&feature, rows)?;
            let values = self.naive_column(&feature, rows);
            let score = if let Baseline::Chance {
                slope, intercept, ..
            } = &learned
            {
                let chance = |&x: &f64| irls::sigmoid(slope * damped(x) + intercept);
                let chances: Vec<f64> = values.iter().map(chance).collect();
                -score::loss(Score::LogLoss, &answers, &chances)
            } else {
                let scored = Scored::new(&answers, &values).map_err(score::judged)?;
                let ranking = Ranking::by(scored.predicted());
                gini_normalised(&ranking, &perfect, &answers, None).unwrap_or(0.0)
            };
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, learned));
            }
        }
        // There always is a first half-life.
        Ok(best.map_or(Baseline::Constant(0.0), |(_, learned)| learned))
    }
}

/// The column that holds past spend: net revenue up to t₀, or what a customer table has of it.
fn past_spend(naive: &FeatureTable) -> Option<String> {
    let names = [MONETARY, "rev_3m", "monetary_90d", "rev_1m", "monetary_30d"];
    let known = names
        .into_iter()
        .find(|name| naive.position(name).is_some());
    known.map(str::to_owned)
}
