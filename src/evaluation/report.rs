//! Everything that is known about a model's predictions, in one struct: metrics under their standard
//! names, curves, intervals, and the verdict.

use serde::{Deserialize, Serialize};

use super::{
    Classified, EvaluationError, Scored,
    bootstrap::{RankingIntervals, Resampling, SkillIntervals, ranking_intervals, skill_intervals},
    calibration::{ReliabilityBin, reliability},
    classes::{Confusion, Thresholds},
    conformal::Coverage,
    deciles::DecileChart,
    gains::{Gains, gini},
    leakage::Leakage,
    ranking::Ranking,
    ratio,
    tiers::ClassMatrix,
    verdict::{Contest, Evidence, Tested, Verdict, sentence},
};
use base::monitor::Monitor;

pub use super::metrics::Metrics;

/// Groups of the decile chart and of the reliability diagram.
const GROUPS: usize = 10;
/// Thresholds kept in a report.
const THRESHOLDS: usize = 2000;

/// Whether values or the probability of an event are predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Value,
    Class,
}

/// How to judge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportSpec {
    pub kind: Kind,
    /// What the best customers hold, in words: "next quarter's spend", "next quarter's buyers".
    pub captured: String,
    /// Whether the target includes what the features already contain.
    pub total_target: bool,
    /// Power of the Tweedie deviance of a value target.
    pub tweedie_power: f64,
    /// Probability from which a class target counts as predicted.
    pub threshold: f64,
    /// Also decides how equal predictions fall into deciles.
    pub resampling: Resampling,
}

impl Default for ReportSpec {
    fn default() -> Self {
        Self {
            kind: Kind::Value,
            captured: "next quarter's spend".to_owned(),
            total_target: false,
            tweedie_power: 1.5,
            threshold: 0.5,
            resampling: Resampling::default(),
        }
    }
}

/// What there is to judge.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// What happened; 0 or 1 for a class target.
    pub actual: &'a [f64],
    pub predicted: &'a [f64],
    /// Naive baselines by name ("past spend"), one prediction per customer, probabilities for a class
    /// target; the strongest by the tested metric is the rival.
    pub rivals: &'a [(&'a str, &'a [f64])],
    /// Probabilities before recalibration.
    pub uncalibrated: Option<&'a [f64]>,
    pub leakage: Option<&'a Leakage>,
    /// Prediction intervals and what they achieved; the one of 80 % joins the metrics.
    pub coverage: &'a [Coverage],
    /// Tiers chosen on the way to a value.
    pub tiers: Option<&'a ClassMatrix>,
}

impl<'a> Judged<'a> {
    /// Predictions without anything else.
    #[must_use]
    pub fn new(actual: &'a [f64], predicted: &'a [f64]) -> Self {
        Self {
            actual,
            predicted,
            rivals: &[],
            uncalibrated: None,
            leakage: None,
            coverage: &[],
            tiers: None,
        }
    }
}

/// A naive baseline, measured as the models are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    pub name: String,
    pub metrics: Metrics,
}

/// What only a class target has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassReport {
    pub thresholds: Thresholds,
    /// At the threshold of the spec.
    pub confusion: Confusion,
    pub roc: Vec<[f64; 2]>,
    pub precision_recall: Vec<[f64; 2]>,
    pub reliability: Vec<ReliabilityBin>,
    /// Reliability before recalibration.
    pub uncalibrated: Option<Vec<ReliabilityBin>>,
}

/// Everything about one set of predictions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub spec: ReportSpec,
    pub metrics: Metrics,
    /// All naive baselines, the strongest by the tested metric first.
    pub rivals: Vec<Rival>,
    pub intervals: RankingIntervals,
    /// Of a class target.
    pub skill: Option<SkillIntervals>,
    /// `None` when nothing was sold.
    pub gains: Option<Gains>,
    pub deciles: DecileChart,
    pub class: Option<ClassReport>,
    pub tiers: Option<ClassMatrix>,
    pub leakage: Option<Leakage>,
    pub coverage: Vec<Coverage>,
    /// The least normalised Gini that these outcomes can tell from chance (95 %).
    pub resolution: Option<f64>,
    /// Customers on the rarer side: with a value (with the event), or without.
    pub rarer: usize,
    pub verdict: Verdict,
    /// The verdict as a sentence, with the figures that decided.
    pub sentence: String,
}

/// Judges predictions in every way there is.
///
/// # Errors
/// [`EvaluationError`] when the columns do not fit together, or on cancellation.
pub fn evaluate(
    judged: Judged<'_>,
    spec: ReportSpec,
    monitor: &Monitor,
) -> Result<Report, EvaluationError> {
    let scored = Scored::new(judged.actual, judged.predicted)?;
    let (mut metrics, deciles, class) = match spec.kind {
        Kind::Value => {
            let (metrics, deciles) = value_metrics(scored, &spec);
            (metrics, deciles, None)
        }
        Kind::Class => {
            let (metrics, class) = class_report(judged, &spec)?;
            let deciles = DecileChart::new(scored, GROUPS, spec.resampling.seed);
            (metrics, deciles, Some(class))
        }
    };
    let eighty = judged
        .coverage
        .iter()
        .find(|coverage| coverage.nominal == 0.8);
    metrics.coverage_80 = eighty.map(|coverage| coverage.achieved);
    if let Some(tiers) = judged.tiers {
        metrics.accuracy = Some(tiers.accuracy());
        metrics.precision_high = tiers.precision(tiers.names.len() - 1);
    }
    let contenders = contenders(judged, &spec, monitor)?;
    let strongest = contenders.first().map(|contender| contender.scores);
    monitor.check()?;
    let intervals = ranking_intervals(scored, strongest, spec.resampling, monitor)?;
    let skill = match spec.kind {
        Kind::Value => None,
        Kind::Class => {
            let classified = Classified::new(judged.actual, judged.predicted)?;
            let reference = reference(judged);
            let how = spec.resampling;
            Some(skill_intervals(
                classified, reference, strongest, how, monitor,
            )?)
        }
    };
    let mut report = Report {
        gains: Gains::new(scored, strongest),
        rivals: contenders.into_iter().map(|one| one.rival).collect(),
        tiers: judged.tiers.cloned(),
        leakage: judged.leakage.cloned(),
        coverage: judged.coverage.to_vec(),
        resolution: resolution(judged.actual),
        rarer: rarer(judged.actual),
        verdict: Verdict::NoSignal,
        sentence: String::new(),
        spec,
        metrics,
        intervals,
        skill,
        deciles,
        class,
    };
    report.judge();
    Ok(report)
}

fn class_report(
    judged: Judged<'_>,
    spec: &ReportSpec,
) -> Result<(Metrics, ClassReport), EvaluationError> {
    let classified = Classified::new(judged.actual, judged.predicted)?;
    let thresholds = Thresholds::new(classified);
    let uncalibrated = judged.uncalibrated.map(|before| {
        Ok::<_, EvaluationError>(reliability(Classified::new(judged.actual, before)?, GROUPS))
    });
    let metrics = Metrics::of_classes(classified, &thresholds, spec.threshold);
    let class = ClassReport {
        confusion: thresholds.confusion(spec.threshold),
        roc: thresholds.roc(),
        precision_recall: thresholds.precision_recall(),
        reliability: reliability(classified, GROUPS),
        uncalibrated: uncalibrated.transpose()?,
        thresholds: thresholds.thinned_to(THRESHOLDS),
    };
    Ok((metrics, class))
}

fn value_metrics(scored: Scored<'_>, spec: &ReportSpec) -> (Metrics, DecileChart) {
    let deciles = DecileChart::new(scored, GROUPS, spec.resampling.seed);
    let metrics = Metrics::of_values(scored, &deciles, Some(spec.tweedie_power));
    (metrics, deciles)
}

/// A naive baseline with its predictions.
struct Contender<'a> {
    scores: &'a [f64],
    rival: Rival,
}

/// All baselines, the strongest by the tested metric first; the given order decides between equals.
fn contenders<'a>(
    judged: Judged<'a>,
    spec: &ReportSpec,
    monitor: &Monitor,
) -> Result<Vec<Contender<'a>>, EvaluationError> {
    let mut found = Vec::with_capacity(judged.rivals.len());
    for (name, scores) in judged.rivals {
        monitor.check()?;
        let metrics = match spec.kind {
            Kind::Value => value_metrics(Scored::new(judged.actual, scores)?, spec).0,
            Kind::Class => {
                let classified = Classified::new(judged.actual, scores)?;
                Metrics::of_classes(classified, &Thresholds::new(classified), spec.threshold)
            }
        };
        let name = (*name).to_owned();
        found.push(Contender {
            scores,
            rival: Rival { name, metrics },
        });
    }
    let strength = |one: &Contender<'_>| match spec.kind {
        Kind::Value => one.rival.metrics.gini_normalised,
        Kind::Class => one.rival.metrics.log_loss.map(|loss| -loss),
    };
    found.sort_by(|a, b| {
        let of = |one| strength(one).unwrap_or(f64::NEG_INFINITY);
        of(b).total_cmp(&of(a))
    });
    Ok(found)
}

/// The same chance for all: the baseline that says so, learned where the model was; else the share of
/// events itself.
fn reference(judged: Judged<'_>) -> f64 {
    let constant = judged.rivals.iter().find_map(|(_, scores)| {
        let first = *scores.first()?;
        scores.iter().all(|&score| score == first).then_some(first)
    });
    constant.unwrap_or_else(|| judged.actual.iter().sum::<f64>() / judged.actual.len() as f64)
}

/// What the normalised Gini of a ranking with nothing behind it stays below in 97.5 of 100 draws:
/// 1.96 standard deviations of it over random orders. With n values of mean m and variance s² the
/// Gini of a random order has variance s² ÷ (3 · n · m²), as the mean of values with evenly spread
/// weights from −1 to 1; for classes that is the null variance of the AUC (Mann & Whitney 1947).
fn resolution(actual: &[f64]) -> Option<f64> {
    let n = actual.len() as f64;
    let mean = actual.iter().sum::<f64>() / n;
    let variance = actual.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n;
    let perfect = gini(&Ranking::by(actual), actual, None)?;
    ratio(1.96 * (variance / (3.0 * n)).sqrt() / mean, perfect)
}

/// How many customers stand on the rarer side: with a value, or without one; nobody stands apart
/// where every value is another.
fn rarer(actual: &[f64]) -> usize {
    let with = actual.iter().filter(|&&y| y != 0.0).count();
    let without = actual.len() - with;
    // Values that all differ from 0 tell customers apart by themselves.
    if without == 0 {
        with
    } else {
        with.min(without)
    }
}

impl Report {
    /// Adds what became known of the target's leakage, and judges again.
    #[must_use]
    pub fn with_leakage(mut self, leakage: Leakage) -> Self {
        self.leakage = Some(leakage);
        self.judge();
        self
    }

    /// The strongest naive baseline by the tested metric.
    #[must_use]
    pub fn rival(&self) -> Option<&Rival> {
        self.rivals.first()
    }

    /// Name of the strongest naive baseline in words.
    #[must_use]
    pub fn rival_name(&self) -> &str {
        self.rival().map_or("past spend", |rival| &rival.name)
    }

    /// What the verdict rests on.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'_> {
        let (tested, signal, score, difference) = match &self.skill {
            Some(skill) => (
                Tested::LogLossSkill,
                // Outcomes that are all the same leave nothing to tell apart.
                skill.skill.filter(|_| self.metrics.auc.is_some()),
                skill.rival_skill,
                skill.difference,
            ),
            None => (
                Tested::GiniNormalised,
                self.intervals.gini_normalised,
                self.intervals.rival_gini,
                self.intervals.gini_difference,
            ),
        };
        let contest = score.zip(difference).map(|(score, difference)| Contest {
            rival: self.rival_name().to_owned(),
            score,
            difference,
        });
        Evidence {
            tested,
            signal,
            contest,
            resolution: self.resolution,
            rarer: Some(self.rarer),
            level: self.metrics.bias,
            leakage: self.leakage.as_ref(),
            total_target: self.spec.total_target,
        }
    }

    fn judge(&mut self) {
        let evidence = self.evidence();
        let verdict = Verdict::of(&evidence);
        let sentence = sentence(verdict, &evidence, &self.spec.captured);
        (self.verdict, self.sentence) = (verdict, sentence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Draws;

    /// Buyers whose spend follows a hidden strength, a model that sees it with little noise, and past
    /// spend that sees it with much.
    fn shop(n: usize) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let mut draws = Draws::new(42, 0);
        let mut rows = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..n {
            let strength = -draws.uniform().ln();
            let buys = draws.uniform() < 1.0 - (-strength).exp();
            rows.0.push(if buys { 10.0 * strength } else { 0.0 });
            // On average 7.5, as what is spent: E[10 · s · (1 − e⁻ˢ)].
            rows.1.push(7.0 * strength + draws.uniform());
            rows.2.push(strength + 3.0 * draws.uniform());
        }
        rows
    }

    fn spec(kind: Kind) -> ReportSpec {
        ReportSpec {
            kind,
            resampling: Resampling {
                replicates: 100,
                ..Resampling::default()
            },
            ..ReportSpec::default()
        }
    }

    #[test]
    fn a_value_report_is_whole_and_survives_saving() {
        let (actual, predicted, past) = shop(3000);
        let noise: Vec<f64> = (0..3000).map(|i| f64::from(i % 17)).collect();
        let judged = Judged {
            rivals: &[("the weekday", &noise), ("past spend", &past)],
            coverage: &[Coverage {
                nominal: 0.8,
                achieved: 0.79,
                median_width: Some(3.0),
                customers: 3000,
                by_decile: vec![0.79; 10],
                above_zero: None,
            }],
            ..Judged::new(&actual, &predicted)
        };
        let report = evaluate(judged, spec(Kind::Value), &Monitor::silent()).unwrap();
        assert_eq!(report.verdict, Verdict::Useful);
        assert_eq!(report.rival_name(), "past spend", "the better of the two");
        assert!(
            report.sentence.contains("ranking by past spend scores"),
            "{}",
            report.sentence
        );
        assert_eq!(report.metrics.coverage_80, Some(0.79));
        let gains = report.gains.as_ref().unwrap();
        assert!((gains.model.at(0.2) - report.metrics.gain_20.unwrap()).abs() < 1e-9);
        let text = serde_json::to_string(&report).unwrap();
        let back: Report = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (back.verdict, back.sentence.as_str()),
            (report.verdict, report.sentence.as_str())
        );
        assert!(text.contains("\"gini_normalised\"") && !text.contains("\"auc\""));
    }

    #[test]
    fn a_class_report_has_the_gini_of_its_auc() {
        let (spend, strength, past) = shop(3000);
        let labels: Vec<f64> = spend
            .iter()
            .map(|&s| f64::from(u8::from(s > 0.0)))
            .collect();
        let probability: Vec<f64> = strength.iter().map(|s| 1.0 - (-s / 7.5).exp()).collect();
        let past: Vec<f64> = past.iter().map(|s| 1.0 - (-s / 3.0).exp()).collect();
        let judged = Judged {
            rivals: &[("past spend", &past)],
            uncalibrated: Some(&probability),
            ..Judged::new(&labels, &probability)
        };
        let report = evaluate(judged, spec(Kind::Class), &Monitor::silent()).unwrap();
        let metrics = &report.metrics;
        let (auc, gini) = (metrics.auc.unwrap(), metrics.gini_normalised.unwrap());
        assert!((gini - (2.0 * auc - 1.0)).abs() < 1e-12);
        assert_eq!(report.verdict, Verdict::Useful);
        let class = report.class.unwrap();
        assert_eq!(class.confusion.customers(), 3000);
        assert_eq!(class.uncalibrated.unwrap(), class.reliability);
        assert_eq!(metrics.mae, None);
    }

    #[test]
    fn noise_has_no_signal() {
        let mut draws = Draws::new(9, 9);
        let labels: Vec<f64> = (0..2000).map(|_| (draws.below(2)) as f64).collect();
        let noise: Vec<f64> = (0..2000).map(|_| draws.uniform()).collect();
        let report = evaluate(
            Judged::new(&labels, &noise),
            spec(Kind::Class),
            &Monitor::silent(),
        )
        .unwrap();
        assert_eq!(report.verdict, Verdict::NoSignal, "{}", report.sentence);
        let sold_nothing = [0.0; 20];
        let judged = Judged::new(&sold_nothing, &noise[..20]);
        let report = evaluate(judged, spec(Kind::Value), &Monitor::silent()).unwrap();
        assert_eq!((report.verdict, report.gains), (Verdict::NoSignal, None));
    }

    #[test]
    fn leakage_that_comes_later_changes_the_verdict() {
        let (actual, predicted, past) = shop(2000);
        let judged = Judged {
            rivals: &[("past spend", &past)],
            ..Judged::new(&actual, &predicted)
        };
        let total = ReportSpec {
            total_target: true,
            ..spec(Kind::Value)
        };
        let report = evaluate(judged, total, &Monitor::silent()).unwrap();
        assert_eq!(report.verdict, Verdict::Useful);
        let known = super::super::leakage::Known {
            scored: Scored::new(&actual, &predicted).unwrap(),
            inside: Some(&actual),
            inputs: &[("rev_3m", &actual)],
        };
        let report = report.with_leakage(Leakage::measure(known, None).unwrap());
        assert_eq!(report.verdict, Verdict::MostlyLeakage);
        assert!(
            report
                .sentence
                .starts_with("Mostly leakage: 100 % of this target was already known")
        );
    }
}
