//! A run's models before the court of [`evaluation`]: everything that is known about their
//! predictions, and the verdict.

use super::{
    Run, TrainError,
    run::{Backtest, BacktestModel, ModelRun},
    target::{Design, TargetKind},
    train::judged,
};
use base::monitor::Monitor;
use evaluation::{
    Scored,
    bootstrap::Resampling,
    leakage::Leakage,
    report::{Judged, Kind, Report, ReportSpec, evaluate},
};

/// Which predictions are judged; all of them were made without seeing their answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// The locked rows where there are any, else out of fold.
    Best,
    OutOfFold,
    HoldOut,
    /// The backtest of this number, 0 the latest.
    OutOfTime(usize),
}

impl Run {
    /// Judges one model.
    ///
    /// # Errors
    /// [`TrainError::Judged`], [`TrainError::Cancelled`].
    pub fn report(
        &self,
        model: usize,
        sample: Sample,
        monitor: &Monitor,
    ) -> Result<Report, TrainError> {
        let spec = self.report_spec();
        match sample {
            Sample::OutOfTime(number) => {
                let own = &self.models[model];
                let backtest = self.backtests.get(number);
                let earlier = backtest.zip(self.at_backtest(model, number));
                match earlier {
                    Some(earlier) => {
                        let leakage = self.leakage.as_ref().filter(|_| spec.total_target);
                        report_backtest(earlier, spec, leakage, monitor)
                    }
                    None => Err(TrainError::Judged {
                        model: own.title.clone(),
                        problem: "the history is too short to train it earlier".to_owned(),
                    }),
                }
            }
            Sample::Best if self.split.hold_out.is_empty() => {
                self.report_sample(model, (false, spec), monitor)
            }
            Sample::Best | Sample::HoldOut => self.report_sample(model, (true, spec), monitor),
            Sample::OutOfFold => self.report_sample(model, (false, spec), monitor),
        }
    }

    /// What is judged, in the words of the target.
    #[must_use]
    pub fn report_spec(&self) -> ReportSpec {
        let class = self.target.kind.is_class();
        let time = match self.recipe.design {
            Design::Cutoff { horizon_days: 90 } => "next quarter's ".to_owned(),
            Design::Cutoff { horizon_days: 365 } => "next year's ".to_owned(),
            Design::Cutoff { horizon_days } => format!("the next {horizon_days} days' "),
            Design::EarlyLife { total, .. } => format!("the first {}' ", total.words()),
            Design::Table => String::new(),
        };
        let what = match &self.target.kind {
            TargetKind::RemainingValue | TargetKind::TotalValue => "spend".to_owned(),
            TargetKind::Purchase => "buyers".to_owned(),
            TargetKind::Churn => "churners".to_owned(),
            TargetKind::Condition(_) => format!("customers with {}", self.target.definition),
            TargetKind::Column(column) => column.clone(),
        };
        let captured = match (&self.target.kind, self.recipe.design) {
            (TargetKind::RemainingValue, Design::EarlyLife { window, total }) => format!(
                "spend after the first {}, up to the first {}",
                window.words(),
                total.words()
            ),
            _ => format!("{time}{what}"),
        };
        ReportSpec {
            kind: if class { Kind::Class } else { Kind::Value },
            captured,
            total_target: self.target.kind == TargetKind::TotalValue,
            resampling: Resampling {
                seed: self.recipe.seed,
                ..Resampling::default()
            },
            ..ReportSpec::default()
        }
    }

    fn report_sample(
        &self,
        model: usize,
        (locked, spec): (bool, ReportSpec),
        monitor: &Monitor,
    ) -> Result<Report, TrainError> {
        let of = |model: &ModelRun| -> (Vec<f64>, Vec<f64>) {
            if locked {
                (model.hold_out.clone(), model.raw_hold_out.clone())
            } else {
                (model.out_of_fold.clone(), model.raw_out_of_fold.clone())
            }
        };
        let actual = if locked {
            self.hold_out_actual()
        } else {
            self.training_actual()
        };
        let (predicted, raw) = of(&self.models[model]);
        let rivals: Vec<(String, Vec<f64>)> = (self.models.iter())
            .filter(|other| other.baseline)
            .map(|other| (in_a_sentence(&other.title), of(other).0))
            .collect();
        let rivals: Vec<(&str, &[f64])> = rivals
            .iter()
            .map(|(name, p)| (name.as_str(), p.as_slice()))
            .collect();
        let coverage = self.models[model].hold_out_coverage.as_ref();
        let coverage = coverage.filter(|_| locked);
        let leakage = match &self.leakage {
            Some(leakage) if model == self.best => Some(leakage.clone()),
            Some(leakage) => {
                let scored = Scored::new(&actual, &predicted).map_err(judged)?;
                Some(leakage.of_model(scored))
            }
            None => None,
        };
        let tiers = self.models[model].tiers.as_ref().and_then(|tiers| {
            let guessed = if locked {
                &tiers.hold_out
            } else {
                &tiers.out_of_fold
            };
            tiers.matrix(&actual, guessed)
        });
        let case = Judged {
            rivals: &rivals,
            uncalibrated: (spec.kind == Kind::Class).then_some(&*raw),
            leakage: leakage.as_ref(),
            coverage: coverage.map_or(&[], std::slice::from_ref),
            tiers: tiers.as_ref(),
            ..Judged::new(&actual, &predicted)
        };
        evaluate(case, spec, monitor).map_err(judged)
    }
}

/// The title as it stands inside a sentence: its first letter small, names of features as they are.
fn in_a_sentence(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().collect::<String>() + letters.as_str()
    })
}

fn report_backtest(
    (backtest, model): (&Backtest, &BacktestModel),
    spec: ReportSpec,
    leakage: Option<&Leakage>,
    monitor: &Monitor,
) -> Result<Report, TrainError> {
    let rivals: Vec<(String, &[f64])> = (backtest.models.iter())
        .filter(|other| other.baseline)
        .map(|other| (in_a_sentence(&other.title), other.predicted.as_slice()))
        .collect();
    let rivals: Vec<(&str, &[f64])> = rivals
        .iter()
        .map(|(name, predicted)| (name.as_str(), *predicted))
        .collect();
    let case = Judged {
        rivals: &rivals,
        leakage,
        coverage: model.coverage.as_slice(),
        ..Judged::new(&backtest.actual, &model.predicted)
    };
    evaluate(case, spec, monitor).map_err(judged)
}
