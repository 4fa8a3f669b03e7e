//! The choices of one question side by side: one stop of the Tab key, arrows go from choice to choice,
//! Enter, Space or a click answers.

use egui::{
    Align2, Color32, EventFilter, Galley, Id, Key, Modifiers, Rect, Response, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};
use std::sync::Arc;

use super::model::{self, Figure};
use crate::{
    cx::Cx,
    frame::parts,
    theme::{Palette, font, gap},
    widgets::grid,
};
use data::dataset::understanding::Question;

/// Narrower choices go below each other.
const LEAST_WIDTH: f32 = 230.0;
const PADDING: f32 = 12.0;
/// Room for the round mark before the words.
const MARK: f32 = 24.0;
const FIGURE_HEIGHT: f32 = 20.0;
const NOTE_HEIGHT: f32 = 18.0;

/// One choice, laid out.
struct Tile {
    id: Id,
    choice: String,
    name: String,
    text: Arc<Galley>,
    note: &'static str,
    /// `None` where they were not worked out.
    figures: Option<[Figure; 3]>,
    on: bool,
}

impl Tile {
    fn height(&self) -> f32 {
        let note = if self.note.is_empty() {
            0.0
        } else {
            NOTE_HEIGHT
        };
        2.0 * PADDING + self.text.size().y.max(20.0) + note + gap::S + 3.0 * FIGURE_HEIGHT
    }
}

/// Draws the choices; returns the one picked in this frame. The reading in use can be picked too: that
/// confirms it.
pub(super) fn choices_ui(ui: &mut Ui, cx: &Cx<'_>, question: &Question) -> Option<String> {
    let width = ui.available_width();
    let lengths = grid::row_lengths(question.choices.len(), width, LEAST_WIDTH);
    let mut tiles = tiles(ui, cx, question, &lengths);
    let at = focused(ui, &tiles);
    let mut picked = None;
    let mut next = 0;
    for length in lengths {
        let row = &mut tiles[next..next + length];
        let height = row.iter().map(Tile::height).fold(0.0, f32::max);
        let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        for (column, tile) in row.iter().enumerate() {
            let slot = slot(rect, column, length);
            if tile_ui(ui, cx.palette, slot, tile, next + column == at) {
                picked = Some(tile.choice.clone());
            }
        }
        next += length;
    }
    picked
}

fn tile_width(width: f32, length: usize) -> f32 {
    ((width - gap::M * (length.max(1) - 1) as f32) / length.max(1) as f32).floor()
}

fn slot(row: Rect, column: usize, length: usize) -> Rect {
    let width = tile_width(row.width(), length);
    let left = row.left() + column as f32 * (width + gap::M);
    Rect::from_min_size(pos2(left, row.top()), vec2(width, row.height()))
}

fn tiles(ui: &Ui, cx: &Cx<'_>, question: &Question, lengths: &[usize]) -> Vec<Tile> {
    let (reading, palette) = (&cx.project.reading, cx.palette);
    let used = model::chosen(question, reading);
    let widths = lengths
        .iter()
        .flat_map(|&length| std::iter::repeat_n(tile_width(ui.available_width(), length), length));
    let choices = question.choices.iter().zip(widths);
    choices
        .map(|(choice, width)| {
            let figures = model::figures(choice, used, &cx.project.currency);
            let room = width - 2.0 * PADDING - MARK;
            Tile {
                id: ui.scope_id().with((&question.id, &choice.id)),
                choice: choice.id.clone(),
                name: model::name(choice, figures.as_ref()),
                text: ui.painter().layout(
                    model::words(choice),
                    font::body_medium(),
                    palette.text,
                    room,
                ),
                note: model::mark(question, choice, reading),
                figures,
                on: used.is_some_and(|used| used.id == choice.id),
            }
        })
        .collect()
}

/// The choice the Tab key comes to: the one that has the keyboard, else the one in use. Arrows move it.
fn focused(ui: &Ui, tiles: &[Tile]) -> usize {
    let has = ui.memory(egui::Memory::focused);
    let at = tiles.iter().position(|tile| Some(tile.id) == has);
    let Some(at) = at else {
        return tiles.iter().position(|tile| tile.on).unwrap_or(0);
    };
    let moved = ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        let back = pressed(Key::ArrowLeft) | pressed(Key::ArrowUp);
        let on = pressed(Key::ArrowRight) | pressed(Key::ArrowDown);
        i32::from(on) - i32::from(back)
    });
    let next = (at as i32 + moved).rem_euclid(tiles.len() as i32) as usize;
    if next != at {
        ui.memory_mut(|memory| memory.request_focus(tiles[next].id));
    }
    next
}

fn tile_ui(ui: &Ui, palette: &Palette, rect: Rect, tile: &Tile, stop: bool) -> bool {
    let sense = if stop { Sense::click() } else { Sense::CLICK };
    let response = ui
        .interact(rect, tile.id, sense)
        .on_hover_cursor(egui::CursorIcon::PointingHand);
    response.widget_info(|| {
        WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), tile.on, &tile.name)
    });
    if response.has_focus() {
        let arrows = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(tile.id, arrows));
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
    }
    if ui.is_rect_visible(rect) {
        paint(ui, palette, rect, tile, &response);
    }
    response.clicked()
}

fn paint(ui: &Ui, palette: &Palette, rect: Rect, tile: &Tile, response: &Response) {
    let painter = ui.painter();
    let (fill, line) = match (tile.on, response.hovered()) {
        (true, _) => (palette.accent_soft, Stroke::new(1.5, palette.accent)),
        (_, true) => (palette.hover, Stroke::new(1.0, palette.faint)),
        _ => (palette.card, Stroke::new(1.0, palette.hairline)),
    };
    painter.rect(rect, 8, fill, line, StrokeKind::Inside);
    parts::focus_ring(painter, rect, 8, palette, response);
    let inner = rect.shrink(PADDING);
    let ink = if tile.on {
        palette.accent
    } else {
        palette.muted
    };
    let centre = pos2(inner.left() + 8.0, inner.top() + 10.0);
    painter.circle_stroke(centre, 7.0, Stroke::new(1.5, ink));
    if tile.on {
        painter.circle_filled(centre, 3.5, ink);
    }
    let left = inner.left() + MARK;
    let mut top = inner.top();
    painter.galley(pos2(left, top), Arc::clone(&tile.text), palette.text);
    top += tile.text.size().y.max(20.0);
    if !tile.note.is_empty() {
        let at = pos2(left, top + 1.0);
        painter.text(at, Align2::LEFT_TOP, tile.note, font::caption(), ink);
    }
    let mut y = inner.bottom() - 2.5 * FIGURE_HEIGHT;
    if tile.figures.is_none() {
        let at = pos2(left, inner.bottom() - FIGURE_HEIGHT / 2.0);
        let words = model::NO_FIGURES;
        painter.text(
            at,
            Align2::LEFT_CENTER,
            words,
            font::caption(),
            palette.muted,
        );
    }
    for figure in tile.figures.iter().flatten() {
        let row = Rect::from_min_max(pos2(left, y), pos2(inner.right(), y));
        figure_ui(ui, palette, row, figure);
        y += FIGURE_HEIGHT;
    }
}

/// `Orders        +2.0 %  3,412`
fn figure_ui(ui: &Ui, palette: &Palette, row: Rect, figure: &Figure) {
    let painter = ui.painter();
    let put = |x: f32, align: Align2, text: &str, font_id, ink: Color32| {
        painter.text(pos2(x, row.top()), align, text, font_id, ink)
    };
    put(
        row.left(),
        Align2::LEFT_CENTER,
        figure.name,
        font::caption(),
        palette.muted,
    );
    let text = put(
        row.right(),
        Align2::RIGHT_CENTER,
        &figure.text,
        font::body_medium(),
        palette.text,
    );
    if !figure.change.is_empty() {
        let right = text.left() - gap::S;
        put(
            right,
            Align2::RIGHT_CENTER,
            &figure.change,
            font::caption(),
            palette.muted,
        );
    }
}
