//! Small texts that several parts of the Models view use.

use egui::{Color32, RichText};

use crate::{
    cx::Cx,
    format::{count, fixed, percent},
    theme::{Palette, font},
};
use evaluation::{conformal::Coverage, verdict::Verdict};
use lucide_icons::Icon;

pub(super) use crate::format::{feature, plain};

/// Muted running text.
pub(super) fn quiet(cx: &Cx<'_>, text: &str) -> RichText {
    RichText::new(text)
        .font(font::body())
        .color(cx.palette.muted)
}

/// Muted small text.
pub(super) fn caption(cx: &Cx<'_>, text: &str) -> RichText {
    RichText::new(text)
        .font(font::caption())
        .color(cx.palette.muted)
}

/// Colour and sign of a verdict; the word always goes with them.
pub(super) fn verdict_look(palette: &Palette, verdict: Verdict) -> (Color32, Icon) {
    match verdict {
        Verdict::Useful => (palette.good, Icon::CircleCheck),
        Verdict::LevelOff => (palette.warn, Icon::CircleCheck),
        Verdict::NoBetterThanRival => (palette.warn, Icon::CircleMinus),
        Verdict::TooSmallToTell => (palette.warn, Icon::CircleQuestionMark),
        Verdict::MostlyLeakage => (palette.bad, Icon::TriangleAlert),
        Verdict::WorseThanRival | Verdict::NoSignal => (palette.bad, Icon::CircleX),
    }
}

/// A metric for people: shares as percentages, everything else with three decimals; "–" where it is
/// not defined.
pub(super) fn metric(name: &str, value: Option<f64>) -> String {
    let Some(value) = value else {
        return "–".to_owned();
    };
    match name {
        "gain_10" | "gain_20" | "gain_30" | "decile_mape" | "accuracy" | "precision" | "recall"
        | "precision_high" | "coverage_80" => percent(value),
        "mae" | "rmse" => fixed(value, 2),
        _ => fixed(value, 3),
    }
}

/// What prediction intervals held: of everybody, of each tenth, and where they promise spending.
pub(super) fn coverage(coverage: &Coverage) -> String {
    let tenths: Vec<String> = (coverage.by_decile.iter())
        .map(|share| fixed(share * 100.0, 0))
        .collect();
    let sure = coverage.above_zero.map_or(String::new(), |sure| {
        format!(
            " Of {} whose interval begins above 0, {}.",
            count(sure.customers as u64, "customer", "customers"),
            percent(sure.achieved)
        )
    });
    format!(
        "{} intervals held {} of the outcomes; by tenth of the prediction, best first: {} %.{sure}",
        percent(coverage.nominal),
        percent(coverage.achieved),
        tenths.join(", ")
    )
}

/// Name, and definition, of a metric for people.
#[allow(clippy::too_many_lines)] // A table: one line per metric.
pub(super) fn metric_title(name: &str) -> (&'static str, &'static str) {
    match name {
        "gain_10" => (
            "Top 10 % hold",
            "Share of the value held by the best-ranked 10 % of customers",
        ),
        "gain_20" => (
            "Top 20 % hold",
            "Share of the value held by the best-ranked 20 % of customers",
        ),
        "gain_30" => (
            "Top 30 % hold",
            "Share of the value held by the best-ranked 30 % of customers",
        ),
        "gini" => (
            "Gini",
            "Twice the area between the gain curve and the diagonal",
        ),
        "gini_normalised" => (
            "Normalised Gini",
            "(model − random) ÷ (perfect − random): 1 is perfect, 0 is chance",
        ),
        "spearman" => (
            "Spearman ρ",
            "Correlation of the ranks by prediction and by outcome",
        ),
        "lift_10" => (
            "Lift of the top 10 %",
            "How many times the average the best-ranked tenth brought",
        ),
        "mae" => ("Mean absolute error", "Mean of |predicted − actual|"),
        "rmse" => ("RMSE", "Square root of the mean squared error"),
        "r2" => ("R²", "Share of the variance explained"),
        "bias" => (
            "Predicted ÷ actual",
            "Sum of the predictions ÷ sum of the outcomes: 1 is right on the whole",
        ),
        "decile_mape" => (
            "Decile error (MAPE)",
            "Mean relative error of the ten groups of the decile chart; groups without sales are left out",
        ),
        "tweedie_power" => ("Tweedie power", "Power of the two next"),
        "tweedie_deviance" => (
            "Tweedie deviance",
            "Mean Tweedie deviance; smaller is better",
        ),
        "tweedie_d2" => ("Tweedie D²", "Share of the Tweedie deviance explained"),
        "auc" => (
            "ROC-AUC",
            "Chance that a customer with the event is ranked above one without; 0.5 is chance",
        ),
        "pr_auc" => ("PR-AUC", "Average precision over all thresholds"),
        "log_loss" => (
            "Log-loss",
            "Mean −log of the probability given to what happened; smaller is better",
        ),
        "brier" => (
            "Brier score",
            "Mean squared error of the probability; smaller is better",
        ),
        "ece" => (
            "Calibration error",
            "Mean gap between probability and observed rate over ten bins",
        ),
        "threshold" => (
            "Threshold",
            "Probability from which the event counts as predicted",
        ),
        "accuracy" => ("Accuracy", "Share of customers put into the right class"),
        "precision" => ("Precision", "Share of those predicted that have the event"),
        "recall" => ("Recall", "Share of those with the event that are predicted"),
        "f1" => ("F1", "Harmonic mean of precision and recall"),
        "precision_high" => (
            "Precision of High",
            "Share of those guessed as the highest tier that are in it",
        ),
        "coverage_80" => (
            "80 % intervals hold",
            "Share of outcomes inside the intervals that promise 80 %",
        ),
        _ => ("", ""),
    }
}

/// Name of a metric in a narrow column head.
pub(super) fn metric_head(name: &str) -> &'static str {
    match name {
        "gain_10" => "Top 10 %",
        "gain_20" => "Top 20 %",
        "gini_normalised" => "Gini (n.)",
        "mae" => "MAE",
        "auc" => "AUC",
        "brier" => "Brier",
        "bias" => "Pred ÷ act",
        "precision_high" => "Prec. High",
        name => metric_title(name).0,
    }
}

/// `0:42`
pub(super) fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use evaluation::report::Metrics;

    #[test]
    fn every_metric_has_a_name_for_people() {
        for (name, _) in Metrics::default().entries() {
            let (title, definition) = metric_title(name);
            assert!(!title.is_empty() && !definition.is_empty(), "{name}");
        }
        assert_eq!(metric("gain_20", Some(0.7687)), "76.9 %");
        assert_eq!(metric("auc", None), "–");
        assert_eq!(clock(61.6), "1:02");
    }
}
