//! Painting the cells of one table row.

use egui::{Color32, Painter, Rangef, Rect, pos2, vec2};

use super::CELL_PADDING;
use crate::{
    format,
    theme::{Palette, font, segment_color},
    widgets::elided::elided,
    widgets::segment_mark,
};

/// One visible row: knows where its cells are and paints into them.
pub struct Row<'a> {
    painter: &'a Painter,
    palette: &'a Palette,
    rect: Rect,
    columns: &'a [Rangef],
    marked: bool,
    label: String,
    tooltip: String,
}

impl<'a> Row<'a> {
    pub(super) fn new(
        painter: &'a Painter,
        palette: &'a Palette,
        rect: Rect,
        columns: &'a [Rangef],
    ) -> Self {
        Self {
            painter,
            palette,
            rect,
            columns,
            marked: false,
            label: String::new(),
            tooltip: String::new(),
        }
    }

    pub(super) fn finish(self) -> (bool, String, String) {
        (self.marked, self.label, self.tooltip)
    }

    /// Name of the row for screen readers.
    pub fn label(&mut self, label: impl Into<String>) {
        self.label = label.into();
    }

    /// Shown while hovering.
    pub fn tooltip(&mut self, text: impl Into<String>) {
        self.tooltip = text.into();
    }

    /// Tints the row as selected.
    pub fn mark(&mut self, marked: bool) {
        self.marked = marked;
    }

    /// The cell without its padding.
    #[must_use]
    pub fn cell(&self, column: usize) -> Rect {
        let range = self.columns[column];
        Rect::from_x_y_ranges(range, self.rect.y_range()).shrink2(vec2(CELL_PADDING, 0.0))
    }

    #[must_use]
    pub fn painter(&self) -> &Painter {
        self.painter
    }

    #[must_use]
    pub fn palette(&self) -> &Palette {
        self.palette
    }

    /// Left-aligned text, shortened with "…" where it does not fit.
    pub fn text(&self, column: usize, text: &str) {
        self.colored_text(column, text, self.palette.text);
    }

    /// Left-aligned text in another colour.
    pub fn colored_text(&self, column: usize, text: &str, color: Color32) {
        let cell = self.cell(column);
        let galley = elided(self.painter, text, font::body(), color, cell.width());
        let top = cell.center().y - galley.size().y / 2.0;
        self.painter.galley(pos2(cell.left(), top), galley, color);
    }

    /// Right-aligned text.
    pub fn number(&self, column: usize, text: &str) {
        self.colored_number(column, text, self.palette.text);
    }

    /// Right-aligned text in another colour.
    pub fn colored_number(&self, column: usize, text: &str, color: Color32) {
        let cell = self.cell(column);
        let galley = elided(self.painter, text, font::body(), color, cell.width());
        let corner = pos2(
            cell.right() - galley.size().x,
            cell.center().y - galley.size().y / 2.0,
        );
        self.painter.galley(corner, galley, color);
    }

    /// An amount as exactly as its cell has room for: to the cent, else whole, else `63.1k`. A number
    /// cut with "…" would be another number.
    #[must_use]
    pub fn amount(&self, column: usize, value: f64, currency: &str) -> String {
        let room = self.cell(column).width();
        let fits = |text: &String| {
            let ink = Color32::PLACEHOLDER;
            let galley = self.painter.layout_no_wrap(text.clone(), font::body(), ink);
            galley.size().x <= room
        };
        [
            format::money_exact(value, currency),
            format::money(value, currency),
        ]
        .into_iter()
        .find(fits)
        .unwrap_or_else(|| format::money_compact(value, currency))
    }

    /// A segment as coloured mark and word.
    pub fn segment(&self, column: usize, style: u8, name: &str) {
        let cell = self.cell(column);
        let label = segment_mark::Label {
            style,
            name,
            max_width: cell.width(),
        };
        segment_mark::paint_label(self.painter, self.palette, cell.left_center(), label);
    }

    /// A number at the right with a thin bar at its left; `share` is 0…1 of the bar's full width.
    pub fn bar(&self, column: usize, share: f32, text: &str, style: u8) {
        self.number(column, text);
        let cell = self.cell(column);
        let track = Rect::from_min_max(
            pos2(cell.left(), cell.center().y - 3.0),
            pos2(
                (cell.right() - 56.0).max(cell.left()),
                cell.center().y + 3.0,
            ),
        );
        self.painter.rect_filled(track, 3, self.palette.hover);
        let mut filled = track;
        filled.set_width(track.width() * share.clamp(0.0, 1.0));
        if filled.width() >= 1.0 {
            self.painter.rect_filled(filled, 3, segment_color(style));
        }
    }

    /// A score from 1 (pale) to 5 (strong) in a small box.
    pub fn score(&self, column: usize, score: u8) {
        let cell = self.cell(column);
        let size = vec2(24.0, 18.0);
        let corner = pos2(cell.left(), cell.center().y - size.y / 2.0);
        let rect = Rect::from_min_size(corner, size);
        paint_score(self.painter, self.palette, rect, score);
    }
}

/// One score as a tinted box with its digit.
pub fn paint_score(painter: &Painter, palette: &Palette, rect: Rect, score: u8) {
    let strength = [0.0, 0.06, 0.14, 0.22, 0.32, 0.44][usize::from(score.min(5))];
    painter.rect_filled(rect, 4, palette.tint(palette.accent, strength));
    painter.text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        if score == 0 {
            "–".to_owned()
        } else {
            score.to_string()
        },
        font::caption_medium(),
        palette.text,
    );
}
