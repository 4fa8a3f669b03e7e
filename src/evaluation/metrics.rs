//! Metrics of predictions under their standard names.

use serde::{Deserialize, Serialize};

use super::{
    Classified, Scored,
    classes::{Thresholds, brier, expected_calibration_error, log_loss, roc_auc},
    deciles::DecileChart,
    gains::{gain, gini, gini_normalised},
    ranking::Ranking,
    values,
};

/// Metrics by standard name; what is not defined for the target or the data is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metrics {
    /// Customers judged by.
    pub customers: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gain_10: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gain_20: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gain_30: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gini: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gini_normalised: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spearman: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lift_10: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mae: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rmse: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r2: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bias: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decile_mape: Option<f64>,
    /// Power of the two next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tweedie_power: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tweedie_deviance: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tweedie_d2: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auc: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pr_auc: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_loss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brier: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ece: Option<f64>,
    /// Threshold of the four next; tiers have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1: Option<f64>,
    /// Of tiers: share of those guessed as the highest that are in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision_high: Option<f64>,
    /// Achieved coverage of the 80 % intervals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage_80: Option<f64>,
}

impl Metrics {
    /// All metrics in their order, with their standard names.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'static str, Option<f64>)> {
        vec![
            ("gain_10", self.gain_10),
            ("gain_20", self.gain_20),
            ("gain_30", self.gain_30),
            ("gini", self.gini),
            ("gini_normalised", self.gini_normalised),
            ("spearman", self.spearman),
            ("lift_10", self.lift_10),
            ("mae", self.mae),
            ("rmse", self.rmse),
            ("r2", self.r2),
            ("bias", self.bias),
            ("decile_mape", self.decile_mape),
            ("tweedie_power", self.tweedie_power),
            ("tweedie_deviance", self.tweedie_deviance),
            ("tweedie_d2", self.tweedie_d2),
            ("auc", self.auc),
            ("pr_auc", self.pr_auc),
            ("log_loss", self.log_loss),
            ("brier", self.brier),
            ("ece", self.ece),
            ("threshold", self.threshold),
            ("accuracy", self.accuracy),
            ("precision", self.precision),
            ("recall", self.recall),
            ("f1", self.f1),
            ("precision_high", self.precision_high),
            ("coverage_80", self.coverage_80),
        ]
    }

    /// How well a ranking finds the value.
    fn of_ranking(scored: Scored<'_>) -> Self {
        let (ranking, perfect) = (
            Ranking::by(scored.predicted()),
            Ranking::by(scored.actual()),
        );
        let actual = scored.actual();
        Self {
            customers: scored.len(),
            gain_10: gain(&ranking, actual, None, 0.1),
            gain_20: gain(&ranking, actual, None, 0.2),
            gain_30: gain(&ranking, actual, None, 0.3),
            gini: gini(&ranking, actual, None),
            gini_normalised: gini_normalised(&ranking, &perfect, actual, None),
            spearman: values::spearman(scored),
            lift_10: gain(&ranking, actual, None, 0.1).map(|gain| gain / 0.1),
            ..Self::default()
        }
    }

    /// Metrics of predicted values.
    #[must_use]
    pub fn of_values(scored: Scored<'_>, chart: &DecileChart, tweedie_power: Option<f64>) -> Self {
        let deviance = tweedie_power.and_then(|power| values::tweedie_deviance(scored, power));
        Self {
            mae: Some(values::mae(scored)),
            rmse: Some(values::rmse(scored)),
            r2: values::r2(scored),
            bias: values::bias(scored),
            decile_mape: chart.mape,
            tweedie_power: deviance.and(tweedie_power),
            tweedie_deviance: deviance,
            tweedie_d2: tweedie_power.and_then(|power| values::tweedie_d2(scored, power)),
            ..Self::of_ranking(scored)
        }
    }

    /// Metrics of predicted probabilities; accuracy and its kin at `threshold`.
    #[must_use]
    pub fn of_classes(classified: Classified<'_>, thresholds: &Thresholds, threshold: f64) -> Self {
        let scored = classified.scored();
        let ranking = Ranking::by(scored.predicted());
        let confusion = thresholds.confusion(threshold);
        Self {
            bias: values::bias(scored),
            auc: roc_auc(&ranking, scored.actual(), None),
            pr_auc: thresholds.average_precision(),
            log_loss: Some(log_loss(classified)),
            brier: Some(brier(classified)),
            ece: Some(expected_calibration_error(classified)),
            threshold: Some(threshold),
            accuracy: Some(confusion.accuracy()),
            precision: confusion.precision(),
            recall: confusion.recall(),
            f1: confusion.f1(),
            ..Self::of_ranking(scored)
        }
    }
}
