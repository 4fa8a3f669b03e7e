//! Tiers of a two-stage model: whom it put into the right one.

use egui::{Align2, Rect, Sense, Ui, pos2, vec2};

use crate::{
    action::Actions,
    chart::{ChartCard, Sheet},
    cx::Cx,
    format::{integer, percent},
    theme::{font, gap},
    widgets::card::Head,
};
use evaluation::{report::Report, tiers::ClassMatrix};

const ROW: f32 = 44.0;
/// Width of the names of the rows.
const NAMES: f32 = 120.0;

pub(super) fn tiers_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (matrix, report): (&ClassMatrix, &Report),
    actions: &mut Actions,
) {
    let finding = finding(matrix);
    let head = Head {
        title: "Tiers",
        finding: &finding,
        definition: "Actual tier (rows) by the tier the router thought likeliest (columns), for customers the model \
                     had not seen. Tiers are cut at the terciles of the value, or where the recipe says; where \
                     more than a third have the lowest value, they are Low and the others are cut at their median. \
                     Precision of High: share of those guessed as High that are. If the target counts what was \
                     known beforehand, so does this table.",
    };
    let sheet = || sheet(matrix);
    let summary = format!("{} {}", report.spec.captured, finding);
    ChartCard::new(cx.palette, head, "tiers", &sheet).show_ui(ui, actions, |ui, _| {
        matrix_ui(ui, cx, matrix, &summary);
    });
}

fn finding(matrix: &ClassMatrix) -> String {
    let or_dash = |share: Option<f64>| share.map_or("–".to_owned(), percent);
    let last = matrix.names.len().saturating_sub(1);
    format!(
        "{} are put into the right tier (saying the same for all: {}); of those guessed as {}, {} are, and {} of \
         them are found.",
        percent(matrix.accuracy()),
        percent(matrix.majority_share()),
        matrix.names.last().map_or("the highest", String::as_str),
        or_dash(matrix.precision(last)),
        or_dash(matrix.recall(last)),
    )
}

fn sheet(matrix: &ClassMatrix) -> Sheet {
    let mut sheet = Sheet::new(&["actual", "guessed", "customers"]);
    for (actual, name) in matrix.names.iter().enumerate() {
        for (guessed, other) in matrix.names.iter().enumerate() {
            let count = matrix.count(actual, guessed).to_string();
            sheet.push(vec![name.clone(), other.clone(), count]);
        }
    }
    sheet
}

/// One cell per actual and guessed tier, tinted by its share of the row.
fn matrix_ui(ui: &mut Ui, cx: &Cx<'_>, matrix: &ClassMatrix, summary: &str) {
    let tiers = matrix.names.len();
    let size = vec2(ui.available_width(), ROW * tiers as f32 + 24.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, summary));
    let (painter, palette) = (ui.painter(), cx.palette);
    let width = (rect.width() - NAMES) / tiers.max(1) as f32;
    let text = |place, align, words: String, ink| {
        painter.text(place, align, words, font::body(), ink);
    };
    for (column, name) in matrix.names.iter().enumerate() {
        let x = rect.left() + NAMES + (column as f32 + 0.5) * width;
        let words = format!("guessed {name}");
        painter.text(
            pos2(x, rect.top() + 10.0),
            Align2::CENTER_CENTER,
            words,
            font::caption(),
            palette.muted,
        );
    }
    for (row, name) in matrix.names.iter().enumerate() {
        let top = rect.top() + 24.0 + row as f32 * ROW;
        let middle = top + ROW / 2.0;
        let place = pos2(rect.left(), middle);
        text(
            place,
            Align2::LEFT_CENTER,
            format!("{name} in fact"),
            palette.text,
        );
        let all: usize = (0..tiers).map(|column| matrix.count(row, column)).sum();
        for column in 0..tiers {
            let count = matrix.count(row, column);
            let share = count as f64 / all.max(1) as f64;
            let corner = pos2(rect.left() + NAMES + column as f32 * width, top);
            let cell = Rect::from_min_size(corner, vec2(width, ROW)).shrink(gap::XS / 2.0);
            let right = if row == column {
                palette.accent_soft
            } else {
                palette.hover
            };
            painter.rect_filled(cell, 6, right);
            let words = format!("{}  ({})", integer(count as u64), percent(share));
            text(cell.center(), Align2::CENTER_CENTER, words, palette.text);
        }
    }
}
