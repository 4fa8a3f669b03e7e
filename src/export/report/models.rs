//! What to think of a trained model: the verdict in words, every model beside its naive rival, and what
//! a saved model was worth when it was trained.

use super::{
    charts,
    contents::{Models, Report},
    html::{Cell, Html, figure, words as text},
    words,
};
use evaluation::{report::Kind, verdict::Verdict};
use pipeline::{
    Predictions,
    training::{JudgedOn, Trained},
};

pub(super) fn section(page: &mut Html, report: &Report<'_>) {
    let Models { run, saved } = report.models;
    if run.is_none() && saved.is_none() {
        return;
    }
    page.open_section("How far the prediction can be trusted");
    if let Some(run) = run {
        run_part(page, run);
        for name in ["gains", "permutation_importance"] {
            charts::figure(page, report.charts, name);
        }
    }
    if let Some(saved) = saved {
        saved_part(page, saved);
    }
    page.close_section();
}

/// The verdict on a run's best model, with its recipe.
#[must_use]
pub fn headline_of_run(run: &Trained) -> Option<String> {
    let sentence = &run.best()?.on_hold_out().sentence;
    Some(format!("{}: {sentence}", run.run.recipe.title))
}

/// The best model's verdict, then the board of the run.
fn run_part(page: &mut Html, run: &Trained) {
    page.tag("h3", &run.run.recipe.title);
    if let Some(best) = run.best() {
        let report = best.on_hold_out();
        page.raw(&format!(
            "<p class=\"verdict {}\">{}</p>\n",
            class_of(report.verdict),
            super::html::escape(&report.sentence)
        ));
        let on = if best.has(JudgedOn::HoldOut) {
            "customers locked away until everything was chosen"
        } else {
            "customers the model had not seen (cross-validation)"
        };
        page.finding(&format!(
            "Target: {}, as of {}. Judged on {} {on}. {}",
            run.run.target.definition,
            words::date(run.run.as_of),
            words::integer(report.metrics.customers as u64),
            report.verdict.definition(),
        ));
        if let Some(later) = best.out_of_time.first() {
            page.finding(&format!("Out of time: {}", later.sentence));
        }
    }
    board(page, run);
    for warning in &run.run.warnings {
        page.finding(warning);
    }
}

fn class_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Useful => "good",
        Verdict::LevelOff | Verdict::NoBetterThanRival | Verdict::TooSmallToTell => "warn",
        Verdict::MostlyLeakage | Verdict::WorseThanRival | Verdict::NoSignal => "bad",
    }
}

/// Names of metrics as in the Models view's leaderboard.
const OF_VALUES: [(&str, &str); 6] = [
    ("gain_10", "top 10 % hold"),
    ("gain_20", "top 20 % hold"),
    ("gini_normalised", "normalised Gini"),
    ("r2", "R²"),
    ("mae", "mean abs. error"),
    ("bias", "predicted ÷ actual"),
];
const OF_CLASSES: [(&str, &str); 6] = [
    ("gain_20", "top 20 % hold"),
    ("auc", "ROC-AUC"),
    ("pr_auc", "PR-AUC"),
    ("log_loss", "log-loss"),
    ("brier", "Brier"),
    ("f1", "F1"),
];

/// Every model of the run and its naive rivals, the best ranking first.
fn board(page: &mut Html, run: &Trained) {
    let class = run
        .best()
        .is_some_and(|best| best.on_hold_out().spec.kind == Kind::Class);
    let metrics = if class { OF_CLASSES } else { OF_VALUES };
    let mut lines: Vec<(f64, Vec<Cell>)> = Vec::new();
    for (model, judged) in run.run.models.iter().zip(&run.judged) {
        let Some(judged) = judged else { continue };
        let report = judged.on_hold_out();
        let mut cells = vec![text(&*model.title), text(report.verdict.title())];
        cells.extend(figures(&report.metrics.entries(), &metrics));
        lines.push((strength(report.metrics.gini_normalised), cells));
    }
    let rivals = run
        .best()
        .map_or(&[][..], |best| &best.on_hold_out().rivals);
    for (place, rival) in rivals.iter().enumerate() {
        let mut cells = vec![
            text(format!("Naive: {}", rival.name)),
            text(if place == 0 {
                "the strongest rival"
            } else {
                "a rival"
            }),
        ];
        cells.extend(figures(&rival.metrics.entries(), &metrics));
        lines.push((strength(rival.metrics.gini_normalised), cells));
    }
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut titles = vec![("model", false), ("verdict", false)];
    titles.extend(metrics.iter().map(|(_, title)| (*title, true)));
    let rows: Vec<Vec<Cell>> = lines.into_iter().map(|(_, cells)| cells).collect();
    page.table(&titles, &rows);
}

fn strength(gini: Option<f64>) -> f64 {
    gini.unwrap_or(f64::NEG_INFINITY)
}

fn figures(entries: &[(&str, Option<f64>)], wanted: &[(&str, &str)]) -> Vec<Cell> {
    wanted
        .iter()
        .map(|(name, _)| {
            let entry = entries.iter().find(|(known, _)| known == name);
            figure(written(name, entry.and_then(|(_, value)| *value)))
        })
        .collect()
}

/// Shares as percentages, errors in money, everything else with three decimals.
fn written(name: &str, value: Option<f64>) -> String {
    match (name, value) {
        (_, None) => "–".to_owned(),
        ("gain_10" | "gain_20", Some(value)) => words::percent(value),
        ("mae", Some(value)) => words::fixed(value, 2),
        (_, Some(value)) => words::fixed(value, 3),
    }
}

/// A saved model: what it predicts here, and its metrics when it was trained.
fn saved_part(page: &mut Html, predictions: &Predictions) {
    let saved = &predictions.saved;
    let known = predictions.value.iter().filter(|value| !value.is_nan());
    page.tag("h3", &format!("Saved model: {}", predictions.recipe));
    page.finding(&format!(
        "{} predicts {} of {}. It was trained on {} as of {}; the figures below are those of that \
         training, on customers it had not seen. Measure it on what has happened since with \
         keepers evaluate.",
        predictions.model,
        predictions.meaning,
        words::count_of(known.count() as u64, "customer", "customers"),
        words::count_of(saved.trained_on.customers as u64, "customer", "customers"),
        words::date(saved.trained_on.as_of),
    ));
    let metrics = if predictions.class {
        OF_CLASSES
    } else {
        OF_VALUES
    };
    let rows: Vec<Vec<Cell>> = metrics
        .iter()
        .filter_map(|(name, title)| {
            let value = saved.metrics.get(*name).copied()?;
            Some(vec![text(*title), figure(written(name, Some(value)))])
        })
        .collect();
    page.table(&[("metric", false), ("at training", true)], &rows);
}
