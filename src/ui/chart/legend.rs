//! The slim legend row above a chart: a mark and a word each. Direct labels are better where there is
//! room; this is for charts where there is none.

use egui::{
    Color32, Rect, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};

use crate::{
    format::capital,
    theme::{Palette, font, gap},
    widgets::elided::elided,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMark {
    Swatch,
    /// A pale swatch with diagonal lines: still in progress.
    Hatched,
    Line,
    Dashed,
}

/// One entry of a legend.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    pub name: &'a str,
    pub color: Color32,
    pub mark: KeyMark,
}

impl<'a> Key<'a> {
    #[must_use]
    pub fn new(name: &'a str, color: Color32, mark: KeyMark) -> Self {
        Self { name, color, mark }
    }
}

/// Draws the entries in one row that wraps when the chart is narrow.
pub fn legend_ui(ui: &mut Ui, palette: &Palette, keys: &[Key<'_>]) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
        ui.spacing_mut().interact_size.y = 16.0;
        keys_ui(ui, palette, keys);
    });
}

/// The entries alone, for a row that holds other things too.
pub fn keys_ui(ui: &mut Ui, palette: &Palette, keys: &[Key<'_>]) {
    for key in keys {
        key_ui(ui, palette, key);
    }
}

/// Mark and word in one piece, so that no line ends between them.
fn key_ui(ui: &mut Ui, palette: &Palette, key: &Key<'_>) {
    let long = matches!(key.mark, KeyMark::Line | KeyMark::Dashed);
    let mark_size = vec2(if long { 18.0 } else { 10.0 }, 10.0);
    let name = capital(key.name);
    let room = ui.max_rect().width() - mark_size.x - 6.0;
    let text = elided(ui.painter(), &name, font::caption(), palette.muted, room);
    let size = vec2(mark_size.x + 6.0 + text.size().x, 16.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    let middle = pos2(rect.left() + mark_size.x / 2.0, rect.center().y);
    mark(ui, palette, Rect::from_center_size(middle, mark_size), key);
    let corner = pos2(
        rect.right() - text.size().x,
        rect.center().y - text.size().y / 2.0,
    );
    ui.painter().galley(corner, text, palette.muted);
    ui.add_space(gap::S);
}

fn mark(ui: &Ui, palette: &Palette, rect: Rect, key: &Key<'_>) {
    let painter = ui.painter();
    let middle = [
        pos2(rect.left(), rect.center().y),
        pos2(rect.right(), rect.center().y),
    ];
    match key.mark {
        KeyMark::Swatch => {
            painter.rect_filled(rect, 2, key.color);
        }
        KeyMark::Hatched => {
            painter.rect_filled(rect, 2, palette.tint(key.color, 0.25));
            painter.extend(hatch(rect, Stroke::new(1.0, key.color), 4.0));
            painter.rect_stroke(rect, 2, Stroke::new(1.0, key.color), StrokeKind::Inside);
        }
        KeyMark::Line => {
            painter.line_segment(middle, Stroke::new(2.0, key.color));
        }
        KeyMark::Dashed => {
            painter.extend(Shape::dashed_line(
                &middle,
                Stroke::new(2.0, key.color),
                4.0,
                3.0,
            ));
        }
    }
}

/// Rising diagonal lines over a rectangle, `spacing` points apart.
#[must_use]
pub fn hatch(rect: Rect, stroke: Stroke, spacing: f32) -> Vec<Shape> {
    if !rect.is_positive() {
        return Vec::new();
    }
    // Lines x + y = c, anchored to the screen so that neighbouring rectangles line up.
    let first = ((rect.left() + rect.top()) / spacing).ceil() * spacing;
    let last = rect.right() + rect.bottom();
    let count = ((last - first) / spacing).floor().max(0.0) as usize;
    (0..=count)
        .filter_map(|index| {
            let sum = first + index as f32 * spacing;
            let left = rect.left().max(sum - rect.bottom());
            let right = rect.right().min(sum - rect.top());
            let ends = [pos2(left, sum - left), pos2(right, sum - right)];
            (left < right).then(|| Shape::line_segment(ends, stroke))
        })
        .collect()
}

/// Moves labels (the lowest on the screen first) apart to `least` points, less where `top`…`bottom`
/// has no room for that, and keeps their order.
#[must_use]
pub fn spread(middles: &[f32], least: f32, (top, bottom): (f32, f32)) -> Vec<f32> {
    let gaps = middles.len().saturating_sub(1).max(1) as f32;
    let least = least.min((bottom - top) / gaps);
    let mut places: Vec<f32> = middles.to_vec();
    let mut lowest = bottom;
    for place in &mut places {
        *place = place.min(lowest);
        lowest = *place - least;
    }
    // Those pushed over the top come down again, and push the others in turn.
    let mut highest = top;
    for place in places.iter_mut().rev() {
        *place = place.max(highest);
        highest = *place + least;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_apart_in_order() {
        let places = spread(&[100.0, 98.0, 96.0, 20.0], 15.0, (0.0, 110.0));
        assert_eq!(places, [100.0, 85.0, 70.0, 20.0]);
        assert_eq!(spread(&[100.0, 60.0], 15.0, (0.0, 110.0)), [100.0, 60.0]);
        // No room above: they come down, and in the end closer together.
        assert_eq!(spread(&[5.0, 4.0], 15.0, (0.0, 110.0)), [15.0, 0.0]);
        assert_eq!(
            spread(&[9.0, 8.0, 7.0], 15.0, (0.0, 20.0)),
            [20.0, 10.0, 0.0]
        );
        assert!(spread(&[], 15.0, (0.0, 1.0)).is_empty());
    }
}
