//! Where everything of the heatmap stands: pure geometry, so that painting, pointer and keyboard agree.

use egui::{Pos2, Rect, Vec2, pos2, vec2};

/// Smallest cell that still takes a number and a finger.
pub const LEAST_CELL: Vec2 = vec2(46.0, 26.0);
/// Cells do not grow beyond this; a table of three cohorts is not a poster.
const GREATEST_CELL: Vec2 = vec2(92.0, 36.0);
const HEADER_HEIGHT: f32 = 28.0;
/// Air between the cells and the row of means.
const MEAN_GAP: f32 = 6.0;

/// What decides the geometry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Need {
    pub rows: usize,
    pub ages: usize,
    /// Widths of the frozen columns.
    pub name_width: f32,
    pub size_width: f32,
}

/// The heatmap's parts on screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    need: Need,
    pub outer: Rect,
    pub cell: Vec2,
    /// The window onto the cells; scrolls when they do not fit.
    pub window: Rect,
    /// How far the cells are scrolled.
    pub offset: Vec2,
}

impl Layout {
    /// The size of the whole table with the smallest cells.
    #[must_use]
    pub fn least_size(need: &Need) -> Vec2 {
        vec2(
            need.name_width + need.size_width + need.ages as f32 * LEAST_CELL.x,
            HEADER_HEIGHT + MEAN_GAP + (need.rows + 1) as f32 * LEAST_CELL.y,
        )
    }

    /// The height the table takes in a space of `available`.
    #[must_use]
    pub fn height(need: &Need, available: f32) -> f32 {
        let fixed = HEADER_HEIGHT + MEAN_GAP;
        let lines = (need.rows + 1) as f32;
        let least = fixed + LEAST_CELL.y * (lines.min(6.0));
        let cell = ((available - fixed) / lines).floor();
        if cell >= LEAST_CELL.y {
            // Everything fits: exactly as high as its rows.
            fixed + lines * cell.min(GREATEST_CELL.y)
        } else {
            available.max(least)
        }
    }

    #[must_use]
    pub fn new(outer: Rect, need: Need) -> Self {
        let frozen = need.name_width + need.size_width;
        let lines = (need.rows + 1) as f32;
        let across = (outer.width() - frozen) / need.ages.max(1) as f32;
        let down = (outer.height() - HEADER_HEIGHT - MEAN_GAP) / lines;
        let cell = vec2(
            across.floor().clamp(LEAST_CELL.x, GREATEST_CELL.x),
            down.floor().clamp(LEAST_CELL.y, GREATEST_CELL.y),
        );
        let origin = outer.min + vec2(frozen, HEADER_HEIGHT);
        let room = vec2(
            (outer.right() - origin.x).max(0.0),
            (outer.bottom() - origin.y - MEAN_GAP - cell.y).max(0.0),
        );
        let content = vec2(need.ages as f32 * cell.x, need.rows as f32 * cell.y);
        Self {
            need,
            outer,
            cell,
            window: Rect::from_min_size(origin, room.min(content)),
            offset: Vec2::ZERO,
        }
    }

    #[must_use]
    pub fn content(&self) -> Vec2 {
        vec2(
            self.need.ages as f32 * self.cell.x,
            self.need.rows as f32 * self.cell.y,
        )
    }

    /// Rectangle of a cell, scrolled; may lie outside the window.
    #[must_use]
    pub fn cell_rect(&self, row: usize, age: usize) -> Rect {
        let corner = self.window.min - self.offset
            + vec2(age as f32 * self.cell.x, row as f32 * self.cell.y);
        Rect::from_min_size(corner, self.cell)
    }

    /// Head of an age column.
    #[must_use]
    pub fn column_head(&self, age: usize) -> Rect {
        let left = self.cell_rect(0, age).left();
        Rect::from_min_size(
            pos2(left, self.outer.top()),
            vec2(self.cell.x, HEADER_HEIGHT),
        )
    }

    /// Frozen columns of a row.
    #[must_use]
    pub fn row_head(&self, row: usize) -> Rect {
        let top = self.cell_rect(row, 0).top();
        Rect::from_min_size(
            pos2(self.outer.left(), top),
            vec2(self.frozen_width(), self.cell.y),
        )
    }

    /// Frozen columns of the row of means.
    #[must_use]
    pub fn mean_head(&self) -> Rect {
        Rect::from_min_size(
            pos2(self.outer.left(), self.window.bottom() + MEAN_GAP),
            vec2(self.frozen_width(), self.cell.y),
        )
    }

    #[must_use]
    pub fn mean_cell(&self, age: usize) -> Rect {
        let left = self.cell_rect(0, age).left();
        Rect::from_min_size(pos2(left, self.mean_head().top()), self.cell)
    }

    /// Right edges of the two frozen columns' texts.
    #[must_use]
    pub fn size_right(&self) -> f32 {
        self.outer.left() + self.frozen_width() - 12.0
    }

    fn frozen_width(&self) -> f32 {
        self.need.name_width + self.need.size_width
    }

    /// Where the row heads scroll.
    #[must_use]
    pub fn heads_window(&self) -> Rect {
        Rect::from_x_y_ranges(
            self.outer.left()..=self.window.left(),
            self.window.y_range(),
        )
    }

    /// Everything from the column heads down to the means, to the right of the frozen columns.
    #[must_use]
    pub fn columns_window(&self) -> Rect {
        Rect::from_x_y_ranges(
            self.window.x_range(),
            self.outer.top()..=self.mean_head().bottom(),
        )
    }

    /// Rows and ages that are at least partly visible.
    #[must_use]
    pub fn visible(&self) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let range = |offset: f32, length: f32, cell: f32, count: usize| {
            let first = (offset / cell).floor().max(0.0) as usize;
            let end = ((offset + length) / cell).ceil().max(0.0) as usize;
            first.min(count)..end.min(count)
        };
        (
            range(
                self.offset.y,
                self.window.height(),
                self.cell.y,
                self.need.rows,
            ),
            range(
                self.offset.x,
                self.window.width(),
                self.cell.x,
                self.need.ages,
            ),
        )
    }

    /// The place under the pointer: a row, with an age unless it is the row's head.
    #[must_use]
    pub fn place_at(&self, pointer: Pos2) -> Option<(usize, Option<usize>)> {
        let row = ((pointer.y - self.window.top() + self.offset.y) / self.cell.y).floor();
        let inside = self.window.y_range().contains(pointer.y) && row >= 0.0;
        let row = (inside && (row as usize) < self.need.rows).then_some(row as usize)?;
        if self.heads_window().contains(pointer) {
            return Some((row, None));
        }
        if !self.window.contains(pointer) {
            return None;
        }
        let age = ((pointer.x - self.window.left() + self.offset.x) / self.cell.x).floor();
        (age >= 0.0 && (age as usize) < self.need.ages).then_some((row, Some(age as usize)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEED: Need = Need {
        rows: 3,
        ages: 18,
        name_width: 96.0,
        size_width: 64.0,
    };

    #[test]
    fn cells_fill_the_width_and_never_shrink_below_the_minimum() {
        let wide = Layout::new(Rect::from_min_size(Pos2::ZERO, vec2(1_200.0, 180.0)), NEED);
        assert_eq!(wide.cell.x, 57.0);
        assert_eq!(wide.content().x, wide.window.width());
        let narrow = Layout::new(Rect::from_min_size(Pos2::ZERO, vec2(600.0, 90.0)), NEED);
        assert_eq!(narrow.cell, LEAST_CELL);
        assert!(narrow.content().x > narrow.window.width());
    }

    #[test]
    fn the_pointer_finds_cells_and_heads_when_scrolled() {
        let mut layout = Layout::new(Rect::from_min_size(Pos2::ZERO, vec2(600.0, 200.0)), NEED);
        layout.offset = vec2(2.0 * layout.cell.x, 0.0);
        let cell = layout.cell_rect(1, 5);
        assert_eq!(layout.place_at(cell.center()), Some((1, Some(5))));
        assert_eq!(
            layout.place_at(layout.row_head(2).center()),
            Some((2, None))
        );
        assert_eq!(layout.place_at(layout.column_head(5).center()), None);
        assert_eq!(layout.visible().1.start, 2);
    }
}
