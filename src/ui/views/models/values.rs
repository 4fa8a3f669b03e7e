//! Single values: actual against predicted, and residuals, of a sample that is drawn once.

use std::sync::Arc;

use egui::{Color32, Ui};
use lucide_icons::Icon;

use super::{Page, chart_height, chosen::Chosen, words};
use crate::{
    action::Actions,
    chart::{Axes, ChartCard, Curve, Curves, Key, KeyMark, Sheet, Unit, curves_ui, legend_ui},
    cx::Cx,
    widgets::{card::Head, empty::empty_ui},
};
use evaluation::random::Draws;
use pipeline::training::JudgedOn;

/// Customers drawn of a scatter; more would only cover each other.
const DOTS: usize = 1_500;

/// (actual, predicted) of a seeded sample of customers.
type Pairs = Arc<Vec<(f64, f64)>>;

/// The sample of the chosen model, kept from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Dots {
    /// Number of the run, place of the model, and the customers it is judged on.
    of: Option<(u64, usize, JudgedOn)>,
    pairs: Pairs,
}

impl Dots {
    /// The sample of this choice; drawn when the choice is another than before.
    pub fn of(&mut self, chosen: &Chosen<'_>) -> Pairs {
        let key = (chosen.run.number, chosen.model, chosen.sample);
        if self.of != Some(key) {
            self.of = Some(key);
            self.pairs = Arc::new(sample(chosen));
        }
        Arc::clone(&self.pairs)
    }
}

fn sample(chosen: &Chosen<'_>) -> Vec<(f64, f64)> {
    let (actual, predicted) = chosen.pairs();
    let rows = Draws::new(1, 0).sample(actual.len().min(predicted.len()), DOTS);
    rows.into_iter()
        .map(|row| (actual[row], predicted[row]))
        .collect()
}

fn pairs_sheet(pairs: &[(f64, f64)]) -> Sheet {
    let mut sheet = Sheet::new(&["predicted", "actual"]);
    for (actual, predicted) in pairs {
        sheet.push(vec![predicted.to_string(), actual.to_string()]);
    }
    sheet
}

/// ln(1 + x) that keeps the sign: spend is skewed, and returns may make it negative.
fn folded(value: f64) -> f64 {
    value.signum() * value.abs().ln_1p()
}

/// The least range that holds these values and a first one.
fn range(first: (f64, f64), values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold(first, |(least, most), value| {
        (least.min(value), most.max(value))
    })
}

/// An empty chart over folded predictions.
fn against_predictions<'a>(ui: &Ui, y_title: &'a str) -> Curves<'a> {
    Curves {
        height: chart_height(ui),
        axes: Axes {
            x_title: "Predicted, ln(1 + value)",
            y_title,
            unit: Unit::Number,
        },
        x_unit: Unit::Number,
        ..Curves::blank()
    }
}

pub(super) fn scatter_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (page, pairs): (&Page<'_>, &[(f64, f64)]),
    actions: &mut Actions,
) {
    let report = page.chosen.report();
    let finding = format!(
        "Single predictions miss by {} on average; R² is {}.",
        words::metric("mae", report.metrics.mae),
        words::metric("r2", report.metrics.r2),
    );
    let head = Head {
        title: "Actual against predicted",
        finding: &finding,
        definition: "One dot per customer, at most 1,500 drawn by a fixed seed. Both axes show ln(1 + value): \
                     3 stands for 19, 5 for 147, 7 for 1,096. On the diagonal a prediction is exact; the row of \
                     dots at the bottom are customers who bought nothing.",
    };
    let sheet = || pairs_sheet(pairs);
    ChartCard::new(cx.palette, head, "actual_predicted", &sheet).show_ui(ui, actions, |ui, _| {
        if pairs.is_empty() {
            let why = "No customers to draw.";
            empty_ui(ui, cx.palette, Icon::ChartScatter, why, None);
            return;
        }
        let color = cx.palette.accent.gamma_multiply(0.55);
        let dots: Vec<(f64, f64, Color32)> = pairs
            .iter()
            .map(|&(a, p)| (folded(p), folded(a), color))
            .collect();
        let both = dots.iter().flat_map(|dot| [dot.0, dot.1]);
        let (least, most) = range((0.0, 1.0), both);
        let diagonal = [[least, least], [most, most]];
        let chart = Curves {
            summary: &finding,
            x: (least, most),
            y: (least, most),
            curves: &[Curve {
                width: 1.0,
                ..Curve::new(&diagonal, cx.palette.faint)
            }],
            dots: &dots,
            ..against_predictions(ui, "Actual, ln(1 + value)")
        };
        curves_ui(ui, cx.palette, &chart);
    });
}

pub(super) fn residuals_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (page, pairs): (&Page<'_>, &[(f64, f64)]),
    actions: &mut Actions,
) {
    let report = page.chosen.report();
    let coverage = report.coverage.first();
    let finding = coverage.map_or_else(
        || "Residual: actual − predicted. Above the line too little was predicted.".to_owned(),
        words::coverage,
    );
    let head = Head {
        title: "Residuals",
        finding: &finding,
        definition: "Residual: actual − predicted, against the prediction, both as ln(1 + |x|) with their sign. \
                     Intervals are split conformal: their ends are error quantiles of customers the model had \
                     not seen, in groups of similar prediction and in proportion to its spread; where one in ten \
                     buys nothing they begin at 0. For predictions of today they are widened by what the \
                     latest backtest missed; the shares here are of intervals without that.",
    };
    let sheet = || pairs_sheet(pairs);
    ChartCard::new(cx.palette, head, "residuals", &sheet).show_ui(ui, actions, |ui, _| {
        residuals_chart_ui(ui, cx, pairs, &finding);
    });
}

/// The dots, above and below the line.
fn residuals_chart_ui(ui: &mut Ui, cx: &Cx<'_>, pairs: &[(f64, f64)], finding: &str) {
    let dots: Vec<(f64, f64, Color32)> = pairs
        .iter()
        .map(|&(actual, predicted)| {
            let color = if actual >= predicted {
                cx.palette.second
            } else {
                cx.palette.accent
            };
            (
                folded(predicted),
                folded(actual - predicted),
                color.gamma_multiply(0.6),
            )
        })
        .collect();
    legend_ui(
        ui,
        cx.palette,
        &[
            Key::new(
                "spent more than predicted",
                cx.palette.second,
                KeyMark::Swatch,
            ),
            Key::new("spent less", cx.palette.accent, KeyMark::Swatch),
        ],
    );
    let chart = Curves {
        summary: finding,
        x: range((0.0, 1.0), dots.iter().map(|dot| dot.0)),
        y: range((0.0, 0.0), dots.iter().map(|dot| dot.1)),
        dots: &dots,
        ..against_predictions(ui, "Residual, signed ln(1 + |value|)")
    };
    curves_ui(ui, cx.palette, &chart);
}
