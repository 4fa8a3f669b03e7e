//! Errors: where single predictions are wrong. Values: see `values`, and `tiers` for two-stage models.
//! Classes: ROC, precision and recall, and the confusion matrix at a threshold that can be dragged.

use std::sync::Arc;

use egui::{Align2, Rect, Sense, Ui, pos2, vec2};

use super::{Page, State, chart_height, chart_height_from, tiers, values, words};
use crate::{
    action::Actions,
    chart::{
        Axes, ChartCard, Curve, Curves, Handle, Key, KeyMark, Sheet, Tip, Unit, curves_ui,
        legend_ui,
    },
    cx::Cx,
    format::{fixed, integer, percent},
    theme::{Palette, font, gap},
    widgets::card::Head,
};
use evaluation::{
    classes::Confusion,
    report::{ClassReport, Report},
};

pub(super) fn errors_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, page): (&mut State, &Page<'_>),
    actions: &mut Actions,
) {
    let report = page.chosen.report();
    let dots = match &report.class {
        Some(_) => Arc::default(),
        None => state.dots.of(page.chosen),
    };
    page.pair_ui(ui, [0.5, 0.5], |ui, card| match (card, &report.class) {
        (0, Some(class)) => confusion_card_ui(ui, cx, (state, class, report), actions),
        (_, Some(class)) => curves_card_ui(ui, cx, (class, report), actions),
        (0, None) => values::scatter_ui(ui, cx, (page, &dots), actions),
        (_, None) => values::residuals_ui(ui, cx, (page, &dots), actions),
    });
    if let Some(matrix) = &report.tiers {
        tiers::tiers_ui(ui, cx, (matrix, report), actions);
    }
}

/// Confusion matrix with its threshold.
fn confusion_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, class, report): (&mut State, &ClassReport, &Report),
    actions: &mut Actions,
) {
    let threshold = state.threshold.unwrap_or(report.spec.threshold);
    let confusion = class.thresholds.confusion(threshold);
    let finding = confusion_finding(threshold, &confusion);
    let head = Head {
        title: "Confusion matrix",
        finding: &finding,
        definition: "Customers with a probability at or above the threshold count as predicted. Precision: share \
                     of the predicted that have the event. Recall: share of those with the event that are \
                     predicted. Drag the line, or focus it and use the arrow keys.",
    };
    let sheet = || {
        let mut sheet = Sheet::new(&[
            "threshold",
            "true_positives",
            "false_positives",
            "true_negatives",
            "false_negatives",
        ]);
        for step in 0..=100 {
            let at = f64::from(step) / 100.0;
            let c = class.thresholds.confusion(at);
            let counts = [
                c.true_positives,
                c.false_positives,
                c.true_negatives,
                c.false_negatives,
            ];
            let mut row = vec![at.to_string()];
            row.extend(counts.map(|count| count.to_string()));
            sheet.push(row);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "confusion", &sheet).show_ui(ui, actions, |ui, _| {
        matrix_ui(ui, cx.palette, &confusion);
        ui.add_space(gap::S);
        threshold_ui(ui, cx, (state, class, threshold), &finding);
    });
}

fn confusion_finding(threshold: f64, confusion: &Confusion) -> String {
    let or_dash = |share: Option<f64>| share.map_or("–".to_owned(), percent);
    format!(
        "From {} on: accuracy {} (saying the same for all: {}), precision {}, recall {}, F1 {}.",
        percent(threshold),
        percent(confusion.accuracy()),
        percent(confusion.majority_share()),
        or_dash(confusion.precision()),
        or_dash(confusion.recall()),
        confusion.f1().map_or("–".to_owned(), |f1| fixed(f1, 3)),
    )
}

/// Four cells: right ones tinted, wrong ones plain, with words.
fn matrix_ui(ui: &mut Ui, palette: &Palette, confusion: &Confusion) {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), 132.0), Sense::hover());
    response.widget_info(|| {
        let words = format!(
            "Event and predicted: {}. Event, not predicted: {}. No event, predicted: {}. Neither: {}.",
            confusion.true_positives,
            confusion.false_negatives,
            confusion.false_positives,
            confusion.true_negatives
        );
        egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, words)
    });
    let all = confusion.customers().max(1) as f64;
    let cells = [
        ("Event, predicted", confusion.true_positives, true),
        ("Event, missed", confusion.false_negatives, false),
        ("False alarm", confusion.false_positives, false),
        ("No event, not predicted", confusion.true_negatives, true),
    ];
    let size = vec2(
        (rect.width() - gap::S) / 2.0,
        (rect.height() - gap::S) / 2.0,
    );
    for (at, (name, count, right)) in cells.into_iter().enumerate() {
        let (row, column) = ((at / 2) as f32, (at % 2) as f32);
        let corner = rect.min + vec2(column * (size.x + gap::S), row * (size.y + gap::S));
        let cell = Rect::from_min_size(corner, size);
        let fill = if right {
            palette.accent_soft
        } else {
            palette.hover
        };
        let painter = ui.painter();
        painter.rect_filled(cell, 6, fill);
        let at = |y: f32| pos2(cell.left() + 12.0, cell.top() + y);
        painter.text(
            at(8.0),
            Align2::LEFT_TOP,
            name,
            font::caption(),
            palette.muted,
        );
        let text = format!(
            "{}  ({})",
            integer(count as u64),
            percent(count as f64 / all)
        );
        painter.text(
            at(28.0),
            Align2::LEFT_TOP,
            text,
            font::card_title(),
            palette.text,
        );
    }
}

/// Precision and recall over all thresholds, with the line to drag.
fn threshold_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, class, threshold): (&mut State, &ClassReport, f64),
    finding: &str,
) {
    let steps = (0..=100).map(|step| f64::from(step) / 100.0);
    let (mut precision, mut recall) = (Vec::new(), Vec::new());
    for at in steps {
        let confusion = class.thresholds.confusion(at);
        precision.extend(confusion.precision().map(|share| [at, share]));
        recall.extend(confusion.recall().map(|share| [at, share]));
    }
    let colors = (cx.palette.accent, cx.palette.second);
    legend_ui(
        ui,
        cx.palette,
        &[
            Key::new("precision", colors.0, KeyMark::Line),
            Key::new("recall", colors.1, KeyMark::Line),
        ],
    );
    let text = percent(threshold);
    let chart = Curves {
        summary: finding,
        height: chart_height_from(ui, 150.0),
        axes: Axes {
            x_title: "Threshold of the probability",
            y_title: "Share",
            unit: Unit::Share,
        },
        x_unit: Unit::Share,
        curves: &[
            Curve::new(&precision, colors.0),
            Curve::new(&recall, colors.1),
        ],
        handle: Some(Handle {
            name: "Threshold",
            at: threshold,
            text: &text,
            step: 0.01,
            snap: 0.01,
            ring: None,
            range: (0.0, 1.0),
        }),
        ..Curves::blank()
    };
    if let Some(moved) = curves_ui(ui, cx.palette, &chart).moved {
        state.threshold = Some(moved);
    }
}

/// ROC and precision–recall.
fn curves_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (class, report): (&ClassReport, &Report),
    actions: &mut Actions,
) {
    let finding = format!(
        "ROC-AUC {} (chance: 0.500), PR-AUC {}.",
        words::metric("auc", report.metrics.auc),
        words::metric("pr_auc", report.metrics.pr_auc),
    );
    let head = Head {
        title: "ROC and precision–recall",
        finding: &finding,
        definition: "ROC: share of those with the event that are found against the share of the others that are \
                     flagged, over all thresholds; the diagonal is chance. Precision–recall: precision against \
                     recall; chance is the share of customers with the event.",
    };
    let sheet = || {
        let mut sheet = Sheet::new(&["curve", "x", "y"]);
        for (name, points) in [
            ("roc", &class.roc),
            ("precision_recall", &class.precision_recall),
        ] {
            for [x, y] in points {
                sheet.push(vec![name.to_owned(), x.to_string(), y.to_string()]);
            }
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "roc", &sheet).show_ui(ui, actions, |ui, _| {
        roc_chart_ui(ui, cx, class, &finding);
    });
}

/// Both curves in one square.
fn roc_chart_ui(ui: &mut Ui, cx: &Cx<'_>, class: &ClassReport, finding: &str) {
    let palette = cx.palette;
    legend_ui(
        ui,
        palette,
        &[
            Key::new("ROC", palette.accent, KeyMark::Line),
            Key::new("precision by recall", palette.second, KeyMark::Line),
            Key::new("chance (ROC)", palette.faint, KeyMark::Line),
        ],
    );
    let diagonal = [[0.0, 0.0], [1.0, 1.0]];
    let tip = |x: f64| {
        Tip::new(percent(x))
            .row(
                Some(palette.accent),
                "True positive rate",
                at(&class.roc, x),
            )
            .row(
                Some(palette.second),
                "Precision",
                at(&class.precision_recall, x),
            )
    };
    curves_ui(
        ui,
        palette,
        &Curves {
            summary: finding,
            height: chart_height(ui),
            axes: Axes {
                x_title: "False positive rate (ROC), recall (precision–recall)",
                y_title: "True positive rate, precision",
                unit: Unit::Share,
            },
            x_unit: Unit::Share,
            curves: &[
                Curve {
                    width: 1.0,
                    ..Curve::new(&diagonal, palette.faint)
                },
                Curve::new(&class.precision_recall, palette.second),
                Curve::new(&class.roc, palette.accent),
            ],
            tip: Some(&tip),
            ..Curves::blank()
        },
    );
}

/// The y of the last point at or before x.
fn at(points: &[[f64; 2]], x: f64) -> String {
    let after = points.partition_point(|point| point[0] <= x);
    let before = after.checked_sub(1).and_then(|at| points.get(at));
    before.map_or("–".to_owned(), |point| percent(point[1]))
}
