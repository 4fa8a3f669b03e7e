//! How many customers hold each score, and which values a score covers.

use egui::{Id, Painter, Rect, Sense, Stroke, Ui, accesskit, pos2, vec2};

use super::model::{Model, SCORE_NAMES, ScoreBin};
use crate::ui::{
    cx::Cx,
    format::{compact, count, percent},
    theme::{Palette, font, gap},
    widgets::table::elided,
};

/// Room under the bars for score and range.
const FEET: f32 = 40.0;
/// Room above the bars for the count.
const HEAD: f32 = 40.0;
const UNITS: [&str; 3] = [
    "days since the last order",
    "orders per customer",
    "net revenue per customer",
];

/// Three histograms side by side.
pub fn scores_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model) {
    let size = vec2(
        ui.available_width(),
        ui.available_height().clamp(170.0, 320.0),
    );
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let most = model
        .scores
        .iter()
        .flatten()
        .map(|bin| bin.customers)
        .max()
        .unwrap_or(0)
        .max(1);
    let width = (rect.width() - 2.0 * gap::XL) / 3.0;
    for (kind, bins) in model.scores.iter().enumerate() {
        let left = rect.left() + kind as f32 * (width + gap::XL);
        let panel = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
        title(ui.painter(), cx.palette, panel, kind);
        let step = width / 5.0;
        for (index, bin) in bins.iter().enumerate() {
            let column = Rect::from_min_size(
                pos2(left + index as f32 * step, panel.top()),
                vec2(step, panel.height()),
            );
            let of = model.customers;
            bar_ui(ui, cx, column, (kind, index, bin), (most, of));
        }
    }
}

fn title(painter: &Painter, palette: &Palette, panel: Rect, kind: usize) {
    let name = painter.layout_no_wrap(
        SCORE_NAMES[kind].to_owned(),
        font::body_medium(),
        palette.text,
    );
    let unit_left = panel.left() + name.size().x + gap::S;
    let bottom = panel.top() + name.size().y;
    painter.galley(panel.min, name, palette.text);
    let room = panel.right() - unit_left;
    let unit = elided(painter, UNITS[kind], font::caption(), palette.muted, room);
    let at = pos2(unit_left, bottom - unit.size().y - 1.0);
    painter.galley(at, unit, palette.muted);
}

fn bar_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    column: Rect,
    (kind, index, bin): (usize, usize, &ScoreBin),
    (most, of): (u64, u64),
) {
    let id = Id::unique(("score bar", kind, index));
    let response = ui.interact(column, id, Sense::hover());
    let sentence = format!(
        "{} score {}: {} ({}){}{}",
        SCORE_NAMES[kind],
        index + 1,
        count(bin.customers, "customer", "customers"),
        percent(bin.customers as f64 / of.max(1) as f64),
        if bin.range.is_empty() { "" } else { ", " },
        bin.range
    );
    response.widget_info(|| egui::WidgetInfo::labeled(accesskit::Role::Image, true, &sentence));
    let strength = if response.hovered() {
        1.0
    } else {
        0.4 + 0.11 * index as f32
    };
    let share = bin.customers as f32 / most as f32;
    paint_bar(
        ui.painter(),
        cx.palette,
        column,
        (index, bin),
        (strength, share),
    );
    response.on_hover_text_at_pointer(sentence);
}

fn paint_bar(
    painter: &Painter,
    palette: &Palette,
    column: Rect,
    (index, bin): (usize, &ScoreBin),
    (strength, share): (f32, f32),
) {
    let base = column.bottom() - FEET;
    let top = base - (base - column.top() - HEAD) * share;
    let bar = Rect::from_min_max(
        pos2(column.left() + 2.0, top),
        pos2(column.right() - 2.0, base),
    );
    painter.rect_filled(bar, 3, palette.tint(palette.accent, strength));
    painter.hline(column.x_range(), base, Stroke::new(1.0, palette.hairline));
    let text = |top: f32, text: &str, font, color| {
        let galley = elided(painter, text, font, color, column.width());
        let left = column.center().x - galley.size().x / 2.0;
        painter.galley(pos2(left, top), galley, color);
    };
    let customers = compact(bin.customers as f64);
    text(top - 18.0, &customers, font::caption(), palette.text);
    let digit = (index + 1).to_string();
    text(base + gap::XS, &digit, font::caption_medium(), palette.text);
    // The unit stands in the panel's title.
    let values = bin.range.split(' ').next().unwrap_or_default();
    let values = if bin.range.contains(" to ") {
        &bin.range
    } else {
        values
    };
    text(base + 20.0, values, font::caption(), palette.muted);
}
