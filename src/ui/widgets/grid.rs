//! The responsive card grid: rows that fill the width, fewer columns when it is narrow.

use egui::{Layout, Rect, Ui, UiBuilder, pos2, vec2};

use crate::ui::theme::{STACK_WIDTH, gap};

/// The rail and the margins stand beside the cards: cards stack when less than this is left.
const STACK_AT: f32 = STACK_WIDTH - 100.0;

/// Whether side-by-side charts go below each other in this width.
#[must_use]
pub fn stacks(ui: &Ui) -> bool {
    ui.available_width() < STACK_AT
}

/// How `items` cards of at least `least_width` points go into rows of `width` points: as few rows as
/// possible, their lengths as equal as possible, longer rows first.
#[must_use]
pub fn row_lengths(items: usize, width: f32, least_width: f32) -> Vec<usize> {
    if items == 0 {
        return Vec::new();
    }
    let fit = (((width + gap::L) / (least_width + gap::L)).floor() as usize).clamp(1, items);
    let rows = items.div_ceil(fit);
    (0..rows)
        .map(|row| items / rows + usize::from(row < items % rows))
        .collect()
}

/// Draws `items` cards of equal height in balanced rows. `draw` gets the number of the card; it
/// should fill the height it is given.
pub fn cards_ui(
    ui: &mut Ui,
    (items, least_width): (usize, f32),
    height: f32,
    mut draw: impl FnMut(&mut Ui, usize),
) {
    let mut next = 0;
    for length in row_lengths(items, ui.available_width(), least_width) {
        row_ui(ui, &vec![1.0; length], height, |ui, column| {
            draw(ui, next + column);
        });
        next += length;
    }
}

/// Draws one row of columns with these relative widths, a card gap apart. All columns start at the
/// same top; the row is at least `height` high and as high as its highest column.
pub fn row_ui(ui: &mut Ui, weights: &[f32], height: f32, mut draw: impl FnMut(&mut Ui, usize)) {
    let total: f32 = weights.iter().sum();
    let gaps = gap::L * weights.len().saturating_sub(1) as f32;
    let width = (ui.available_width() - gaps).max(0.0);
    let origin = ui.cursor().min;
    let mut left = origin.x;
    let mut bottom = origin.y + height;
    for (column, weight) in weights.iter().enumerate() {
        let share = (width * weight / total).floor();
        let rect = Rect::from_min_size(pos2(left, origin.y), vec2(share, height));
        let mut child = ui.new_child(
            UiBuilder::new()
                .id_salt(("column", column))
                .max_rect(rect)
                .layout(Layout::top_down(egui::Align::Min)),
        );
        draw(&mut child, column);
        bottom = bottom.max(child.min_rect().bottom());
        left += share + gap::L;
    }
    let used = Rect::from_min_max(origin, pos2(origin.x + width + gaps, bottom));
    ui.advance_cursor_after_rect(used);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_balanced() {
        assert_eq!(row_lengths(8, 1_200.0, 220.0), [4, 4]);
        assert_eq!(row_lengths(7, 1_200.0, 220.0), [4, 3]);
        assert_eq!(row_lengths(8, 960.0, 220.0), [4, 4]);
        assert_eq!(row_lengths(8, 700.0, 220.0), [3, 3, 2]);
        assert_eq!(row_lengths(3, 100.0, 220.0), [1, 1, 1]);
        assert!(row_lengths(0, 100.0, 220.0).is_empty());
    }
}
