//! The naive baselines, measured exactly as the models are.

use std::time::Instant;

use super::compete::{Arena, Contender};
use crate::{
    TrainError,
    baseline::{Baseline, MONETARY},
    features::{FeatureTable, Unit},
    learner::Fitted,
    run::ModelRun,
    target::{Design, TargetKind},
};

/// A rival: its name, its title, and how it is learned from rows.
struct Rival {
    name: &'static str,
    title: String,
    kind: Kind,
}

enum Kind {
    /// A multiple of a feature, so that sums agree on the rows it is learned from.
    Multiple(String),
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
        let table = &self.prepared.table;
        let mut rivals = Vec::new();
        if let Some(spend) = past_spend(table) {
            rivals.push(Rival {
                name: "past_spend",
                title: "Past spend".to_owned(),
                kind: Kind::Multiple(spend),
            });
        }
        let target = &self.prepared.target;
        let total = matches!(target.kind, TargetKind::TotalValue);
        let rate = [MONETARY, "tenure_days"]
            .iter()
            .all(|name| table.position(name).is_some());
        if let Design::Cutoff { horizon_days } = target.design
            && rate
            && !self.class()
        {
            rivals.push(Rival {
                name: "spend_rate",
                title: "Past spend per day".to_owned(),
                kind: Kind::Rate {
                    days: f64::from(horizon_days),
                    total,
                },
            });
        }
        if let Some(feature) = self
            .nearest()
            .filter(|_| total || matches!(target.kind, TargetKind::Column(_)))
        {
            rivals.push(Rival {
                name: "copy_a_feature",
                title: format!("Copy {feature}"),
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

    /// The money or number feature with the smallest absolute error when it is copied.
    fn nearest(&self) -> Option<String> {
        let table = &self.prepared.table;
        let answers = &self.prepared.target.values;
        let training = &self.split.training;
        let error = |at: usize| -> f64 {
            let column = &table.columns[at];
            let each = training.iter().map(|&row| {
                let value = column[row as usize];
                let value = if value.is_nan() { 0.0 } else { value };
                (value - answers[row as usize]).abs()
            });
            each.sum()
        };
        let numeric = |at: &usize| table.specs[*at].unit != Unit::Category;
        (0..table.specs.len())
            .filter(numeric)
            .map(|at| (at, error(at)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(at, _)| table.specs[at].name.clone())
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
            let learned = self.learn(&rival.kind, &rows_of(&outside));
            let monitor = self.steps.monitor();
            let learned = Fitted::Baseline(learned);
            let (predicted, _) =
                learned.predict_rows(&self.prepared.table, &rows_of(&inside), monitor)?;
            for (&place, value) in inside.iter().zip(predicted) {
                raw[place as usize] = value;
            }
        }
        self.judge(Contender {
            name: rival.name.to_owned(),
            title: rival.title,
            spec: None,
            chosen: String::new(),
            grid: Vec::new(),
            raw,
            tiers: Vec::new(),
            fitted: Fitted::Baseline(self.learn(&rival.kind, training)),
            clock,
        })
    }

    fn learn(&self, kind: &Kind, rows: &[u32]) -> Baseline {
        let answers = self.answers(rows);
        let sum: f64 = answers.iter().sum();
        let churn = self.prepared.target.kind == TargetKind::Churn;
        match kind {
            Kind::Multiple(feature) => {
                let column = self.prepared.table.column(feature).unwrap_or_default();
                let known: f64 = rows
                    .iter()
                    .map(|&row| column[row as usize])
                    .filter(|value| !value.is_nan())
                    .sum();
                let feature = feature.clone();
                if churn {
                    let stay = answers.len() as f64 - sum;
                    let factor = if known > 0.0 { stay / known } else { 0.0 };
                    return Baseline::OneMinus { feature, factor };
                }
                let factor = if known > 0.0 && sum > 0.0 {
                    sum / known
                } else {
                    1.0
                };
                Baseline::Multiple {
                    feature,
                    factor,
                    chance: self.class(),
                }
            }
            Kind::Copy(feature) => Baseline::Multiple {
                feature: feature.clone(),
                factor: 1.0,
                chance: false,
            },
            Kind::Rate { days, total } => Baseline::Rate {
                days: *days,
                total: *total,
            },
            Kind::Mean => Baseline::Constant(sum / answers.len().max(1) as f64),
            Kind::Nothing => Baseline::Constant(0.0),
        }
    }
}

/// The feature that holds past spend: monetary value, or what an early-life recipe has of it.
fn past_spend(table: &FeatureTable) -> Option<String> {
    let names = [MONETARY, "rev_3m", "monetary_90d", "rev_1m", "monetary_30d"];
    let known = names
        .into_iter()
        .find(|name| table.position(name).is_some());
    known.map(str::to_owned)
}
