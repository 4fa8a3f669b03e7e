//! How many customers hold each score, and which values a score covers.

use egui::{Id, Painter, Rect, Sense, Ui, accesskit, pos2, vec2};

use super::model::{Model, SCORE_NAMES, ScoreBin, short_count};
use crate::ui::{
    cx::Cx,
    format::{count, percent},
    theme::{Palette, font, gap},
    widgets::{
        grid::cards_ui,
        table::{elided, paint_score},
    },
};

/// Room for a panel's title.
const HEAD: f32 = 28.0;
/// A panel narrower than this goes below the others.
const PANEL_LEAST: f32 = 170.0;
const ROW: f32 = 30.0;
/// Room for the values a score covers.
const VALUES: f32 = 64.0;
const UNITS: [&str; 3] = ["days since last order", "orders", "net revenue"];

/// A histogram per score kind, best score on top as in the grid.
pub fn scores_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model) {
    let most = model
        .scores
        .iter()
        .flatten()
        .map(|bin| bin.customers)
        .max()
        .unwrap_or(0)
        .max(1);
    ui.set_min_height(ui.available_height());
    let height = HEAD + 5.0 * ROW;
    cards_ui(ui, (3, PANEL_LEAST), height, |ui, kind| {
        let size = vec2(ui.available_width(), height);
        let (panel, _) = ui.allocate_exact_size(size, Sense::hover());
        title(ui.painter(), cx.palette, panel, kind);
        for (index, bin) in model.scores[kind].iter().enumerate() {
            let top = panel.top() + HEAD + (4 - index) as f32 * ROW;
            let row = Rect::from_min_size(pos2(panel.left(), top), vec2(panel.width(), ROW));
            bar_ui(ui, cx, row, (kind, index, bin), (most, model.customers));
        }
    });
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
    row: Rect,
    (kind, index, bin): (usize, usize, &ScoreBin),
    (most, of): (u64, u64),
) {
    let id = Id::unique(("score bar", kind, index));
    let response = ui.interact(row, id, Sense::hover());
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
    let strength = if response.hovered() { 1.0 } else { 0.55 };
    let share = bin.customers as f32 / most as f32;
    paint_bar(
        ui.painter(),
        cx.palette,
        row,
        (index, bin),
        (strength, share),
    );
    response.on_hover_text_at_pointer(sentence);
}

fn paint_bar(
    painter: &Painter,
    palette: &Palette,
    row: Rect,
    (index, bin): (usize, &ScoreBin),
    (strength, share): (f32, f32),
) {
    let middle = row.center().y;
    let digit = Rect::from_min_size(pos2(row.left(), middle - 9.0), vec2(24.0, 18.0));
    paint_score(painter, palette, digit, index as u8 + 1);
    let left = digit.right() + gap::S;
    let values = elided(
        painter,
        bin.values(),
        font::caption(),
        palette.muted,
        VALUES,
    );
    painter.galley(
        pos2(left, middle - values.size().y / 2.0),
        values,
        palette.muted,
    );
    let bars = Rect::from_x_y_ranges(left + VALUES + gap::XS..=row.right(), row.y_range());
    let text = painter.layout_no_wrap(short_count(bin.customers), font::caption(), palette.text);
    let room = (bars.width() - text.size().x - 6.0).max(8.0);
    let bar = Rect::from_min_size(
        pos2(bars.left(), middle - 8.0),
        vec2((room * share).max(1.0), 16.0),
    );
    painter.rect_filled(bar, 3, palette.tint(palette.accent, strength));
    let at = pos2(bar.right() + 6.0, middle - text.size().y / 2.0);
    painter.galley(at, text, palette.text);
}
