//! The 5 × 5 grid of recency and frequency scores: best corner top right.

use egui::{Align2, Id, Painter, Pos2, Rect, Response, Sense, Stroke, Ui, accesskit, pos2, vec2};

use super::{
    model::{Model, short_count},
    picked,
};
use crate::{
    action::Actions,
    cx::Cx,
    format::{count, integer, money, percent},
    theme::{Palette, font, gap},
};
use analysis::{segments::GridCell, selection::Part};

const LEFT: f32 = 90.0;
const BOTTOM: f32 = 62.0;
const CELL_GAP: f32 = 2.0;

/// Draws the grid into the available space.
pub fn grid_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model, actions: &mut Actions) {
    let size = vec2(
        ui.available_width(),
        ui.available_height().clamp(220.0, 420.0),
    );
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let area = Rect::from_min_max(
        pos2(rect.left() + LEFT, rect.top()),
        pos2(rect.right(), rect.bottom() - BOTTOM),
    );
    let most = model
        .grid
        .iter()
        .flatten()
        .map(|cell| cell.customers)
        .max()
        .unwrap_or(0);
    let chosen = picked(cx, |part| match part {
        Part::RfCell { r, f } => Some((*r, *f)),
        _ => None,
    });
    heads(ui.painter(), cx.palette, area, model);
    for r in 1..=5u8 {
        for f in 1..=5u8 {
            let cell = Cell {
                r,
                f,
                rect: cell_rect(area, r, f),
                data: model.grid[usize::from(r) - 1][usize::from(f) - 1],
            };
            let response = cell_response(ui, cx, model, &cell, actions);
            let on = chosen.is_empty() || chosen.contains(&(r, f));
            let look = Look {
                heat: heat(cell.data.customers, most),
                dimmed: !on,
                framed: response.hovered() || response.has_focus() || on && !chosen.is_empty(),
                second: second_line(model, &cell),
            };
            paint_cell(ui.painter(), cx.palette, &cell, &look);
        }
    }
}

#[derive(Clone, Copy)]
struct Cell {
    r: u8,
    f: u8,
    rect: Rect,
    data: GridCell,
}

struct Look {
    /// 0…1 on the colour scale; `None` for an empty cell.
    heat: Option<f32>,
    dimmed: bool,
    framed: bool,
    /// Share of all revenue; the difference to the state before, where there is one.
    second: String,
}

/// Customers more or fewer than before the last change; `None` when nothing is compared.
fn difference(model: &Model, cell: &Cell) -> Option<i64> {
    let changes = model.changes.as_ref()?;
    let (r, f) = (usize::from(cell.r) - 1, usize::from(cell.f) - 1);
    Some(changes.cell(&model.grid, r, f))
}

/// "▲ 120", "▼ 41", "±0" against the state before; else the share of revenue.
fn second_line(model: &Model, cell: &Cell) -> String {
    match difference(model, cell) {
        Some(0) => "±0".to_owned(),
        Some(more) if more > 0 => format!("▲ {}", short_count(more.unsigned_abs())),
        Some(fewer) => format!("▼ {}", short_count(fewer.unsigned_abs())),
        None => percent(ratio(cell.data.revenue, model.revenue)),
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// Square-root scale: a few crowded cells must not flatten all the others.
fn heat(customers: u64, most: u64) -> Option<f32> {
    (customers > 0).then(|| (customers as f32 / most.max(1) as f32).sqrt())
}

fn cell_rect(area: Rect, r: u8, f: u8) -> Rect {
    let step = area.size() / 5.0;
    let corner = area.min + vec2(f32::from(f - 1) * step.x, f32::from(5 - r) * step.y);
    Rect::from_min_size(corner, step).shrink(CELL_GAP / 2.0)
}

/// "Recency score 5, frequency score 5: 3,210 customers (13.6 %), 45.2 % of revenue".
fn sentence(model: &Model, cell: &Cell) -> String {
    let before = match difference(model, cell) {
        Some(0) | None => String::new(),
        Some(more) if more > 0 => format!(", {} more than before", integer(more.unsigned_abs())),
        Some(fewer) => format!(", {} fewer than before", integer(fewer.unsigned_abs())),
    };
    format!(
        "Recency score {}, frequency score {}: {} ({}), {} of revenue{before}",
        cell.r,
        cell.f,
        count(cell.data.customers, "customer", "customers"),
        percent(ratio(cell.data.customers as f64, model.customers as f64)),
        percent(ratio(cell.data.revenue, model.revenue)),
    )
}

fn cell_response(
    ui: &Ui,
    cx: &Cx<'_>,
    model: &Model,
    cell: &Cell,
    actions: &mut Actions,
) -> Response {
    let empty = cell.data.customers == 0;
    let id = Id::unique(("rf cell", cell.r, cell.f));
    let sense = if empty {
        Sense::hover()
    } else {
        Sense::click()
    };
    let response = ui.interact(cell.rect, id, sense);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(accesskit::Role::Button, !empty, sentence(model, cell))
    });
    if response.clicked() {
        let part = Part::RfCell {
            r: cell.r,
            f: cell.f,
        };
        super::pick_ui(ui, cx, part, actions);
    }
    let response = if empty {
        response
    } else {
        response.on_hover_cursor(egui::CursorIcon::PointingHand)
    };
    response.on_hover_ui_at_pointer(|ui| tooltip_ui(ui, cx, model, cell))
}

fn tooltip_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model, cell: &Cell) {
    let palette = cx.palette;
    let strong = |text: String| {
        egui::RichText::new(text)
            .font(font::body_medium())
            .color(palette.text)
    };
    let quiet = |text: String| {
        egui::RichText::new(text)
            .font(font::body())
            .color(palette.muted)
    };
    ui.label(strong(format!(
        "Recency score {}, frequency score {}",
        cell.r, cell.f
    )));
    let range = |kind: usize, score: u8| &model.scores[kind][usize::from(score) - 1].range;
    let (recency, frequency) = (range(0, cell.r), range(1, cell.f));
    if cell.data.customers == 0 {
        let why = if frequency.is_empty() {
            format!(
                "Nobody has frequency score {}: equal customers share a score, and the groups \
                 around it are larger than a fifth.",
                cell.f
            )
        } else {
            "Nobody has both scores.".to_owned()
        };
        ui.label(quiet(why));
        return;
    }
    ui.label(quiet(format!(
        "{recency} since the last order, {frequency}"
    )));
    ui.label(strong(format!(
        "{} ({})",
        count(cell.data.customers, "customer", "customers"),
        percent(ratio(cell.data.customers as f64, model.customers as f64))
    )));
    ui.label(strong(format!(
        "{} revenue ({})",
        money(cell.data.revenue, &cx.project.currency),
        percent(ratio(cell.data.revenue, model.revenue))
    )));
}

#[allow(clippy::too_many_lines)] // one drawing of a cell in all its states
fn paint_cell(painter: &Painter, palette: &Palette, cell: &Cell, look: &Look) {
    let rect = cell.rect;
    let Some(heat) = look.heat else {
        painter.rect_stroke(
            rect,
            4,
            Stroke::new(1.0, palette.hairline),
            egui::StrokeKind::Inside,
        );
        painter.text(
            rect.center(),
            Align2::CENTER_CENTER,
            "–",
            font::body(),
            palette.muted,
        );
        if look.second.starts_with('▼') {
            painter.text(
                rect.center() + vec2(0.0, 16.0),
                Align2::CENTER_CENTER,
                &look.second,
                font::caption(),
                palette.muted,
            );
        }
        return;
    };
    let full = palette.sequential(heat);
    let fill = if look.dimmed {
        palette.tint(full, 0.3)
    } else {
        full
    };
    painter.rect_filled(rect, 4, fill);
    let ink = Palette::text_on(fill);
    let customers = if rect.width() < 58.0 {
        short_count(cell.data.customers)
    } else {
        integer(cell.data.customers)
    };
    let two_lines = rect.height() >= 34.0;
    let lift = if two_lines { 7.5 } else { 0.0 };
    painter.text(
        rect.center() - vec2(0.0, lift),
        Align2::CENTER_CENTER,
        customers,
        font::body_medium(),
        ink,
    );
    if two_lines {
        painter.text(
            rect.center() + vec2(0.0, 8.0),
            Align2::CENTER_CENTER,
            &look.second,
            font::caption(),
            ink,
        );
    }
    if look.framed {
        let stroke = Stroke::new(2.0, palette.text);
        painter.rect_stroke(rect.expand(1.0), 5, stroke, egui::StrokeKind::Inside);
    }
}

/// Scores with the values they cover along both sides.
fn heads(painter: &Painter, palette: &Palette, area: Rect, model: &Model) {
    for score in 1..=5u8 {
        let index = usize::from(score) - 1;
        let row = cell_rect(area, score, 1);
        let at = pos2(area.left() - gap::S, row.center().y);
        head(
            painter,
            palette,
            at,
            Align2::RIGHT_CENTER,
            (score, model.scores[0][index].values()),
        );
        let column = cell_rect(area, 1, score);
        let at = pos2(column.center().x, area.bottom() + gap::S);
        head(
            painter,
            palette,
            at,
            Align2::CENTER_TOP,
            (score, model.scores[1][index].values()),
        );
    }
    vertical_text(
        painter,
        palette,
        pos2(area.left() - LEFT, area.center().y),
        if area.height() < 200.0 {
            "Recency (better →)"
        } else {
            "Recency score, days (better →)"
        },
    );
    painter.text(
        pos2(area.center().x, area.bottom() + BOTTOM),
        Align2::CENTER_BOTTOM,
        "Frequency score, orders (better →)",
        font::caption(),
        palette.muted,
    );
}

/// Text that reads upwards, its line starting at the left edge `at.x`, centred on `at.y`.
fn vertical_text(painter: &Painter, palette: &Palette, at: Pos2, text: &str) {
    let galley = painter.layout_no_wrap(text.to_owned(), font::caption(), palette.muted);
    let pos = pos2(at.x, at.y + galley.size().x / 2.0);
    let shape = egui::epaint::TextShape::new(pos, galley, palette.muted)
        .with_angle(-std::f32::consts::FRAC_PI_2);
    painter.add(shape);
}

fn head(
    painter: &Painter,
    palette: &Palette,
    at: egui::Pos2,
    align: Align2,
    (score, range): (u8, &str),
) {
    let sideways = align == Align2::RIGHT_CENTER;
    let digit = if sideways { at - vec2(0.0, 8.0) } else { at };
    painter.text(digit, align, score, font::caption_medium(), palette.text);
    let below = if sideways {
        at + vec2(0.0, 8.0)
    } else {
        at + vec2(0.0, 15.0)
    };
    painter.text(below, align, range, font::caption(), palette.muted);
}
