//! The responsive card grid: rows that fill the width, fewer columns when it is narrow.

use egui::{Layout, Rect, Ui, UiBuilder, pos2, vec2};

use crate::theme::{STACK_WIDTH, gap};

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

/// A page that scrolls as a whole: the scroll bar stands in the margin, right of the cards. `page`
/// gets the height at which the window ends, so that cards can fill it.
pub fn page_ui(ui: &mut Ui, id: &str, page: impl FnOnce(&mut Ui, f32)) {
    const BAR: f32 = 12.0;
    let (width, height) = (ui.available_width(), ui.available_height());
    let mut rect = ui.available_rect_before_wrap();
    rect.max.x += BAR;
    let mut outer = ui.new_child(UiBuilder::new().id_salt(id).max_rect(rect));
    outer.set_clip_rect(ui.clip_rect().union(rect));
    egui::ScrollArea::vertical()
        .id_salt(id)
        .auto_shrink(false)
        .show(&mut outer, |ui| {
            ui.set_max_width(width);
            let bottom = ui.cursor().top() + height - gap::L;
            page(ui, bottom);
            // The frame has no bottom margin, so that a scrolled page runs out of the window.
            ui.expand_to_include_y(ui.min_rect().bottom() + gap::L);
        });
    ui.advance_cursor_after_rect(outer.min_rect());
}

/// The height a body still has when its card should end at `bottom`, but at least `least`. In a
/// picture of one card ([`crate::chart::portrait`]) the body fills the picture.
#[must_use]
pub fn height_to(ui: &Ui, bottom: f32, least: f32) -> f32 {
    if let Some(bottom) = crate::chart::portrait::bottom(ui) {
        return (bottom - ui.cursor().top()).max(least).floor();
    }
    (bottom - crate::theme::CARD_PADDING - 1.0 - ui.cursor().top())
        .max(least)
        .floor()
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
    let mut before = 0.0;
    let mut bottom = origin.y + height;
    for (column, weight) in weights.iter().enumerate() {
        // Whole points, and the last column ends where the row ends.
        let edge = |weights: f32| (width * weights / total).round() + gap::L * column as f32;
        let (left, right) = (edge(before), edge(before + weight));
        before += weight;
        let rect = Rect::from_min_size(pos2(origin.x + left, origin.y), vec2(right - left, height));
        let mut child = ui.new_child(
            UiBuilder::new()
                .id_salt(("column", column))
                .max_rect(rect)
                .layout(Layout::top_down(egui::Align::Min)),
        );
        draw(&mut child, column);
        bottom = bottom.max(child.min_rect().bottom());
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
