//! Sparklines: the shape of a series without axes.

use egui::{Color32, Pos2, Response, Sense, Shape, Stroke, Ui, Vec2, pos2};

use crate::theme::Palette;

/// Draws the values over the given size, the last one marked with a dot. Fewer than two values draw
/// nothing but keep the space, so that neighbours stay aligned.
pub fn sparkline_ui(
    ui: &mut Ui,
    palette: &Palette,
    size: Vec2,
    values: &[f64],
    color: Color32,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    if values.len() < 2 || !ui.is_rect_visible(rect) {
        return response;
    }
    let area = rect.shrink2(egui::vec2(3.0, 4.0));
    let (low, high) = values
        .iter()
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
            (low.min(value), high.max(value))
        });
    let span = if high > low { high - low } else { 1.0 };
    let last = (values.len() - 1) as f32;
    let points: Vec<Pos2> = values
        .iter()
        .enumerate()
        .filter(|(_, value)| value.is_finite())
        .map(|(index, value)| {
            pos2(
                area.left() + index as f32 / last * area.width(),
                area.bottom() - ((value - low) / span) as f32 * area.height(),
            )
        })
        .collect();
    let Some(&end) = points.last() else {
        return response;
    };
    ui.painter().add(Shape::line(
        points,
        Stroke::new(1.5, palette.tint(color, 0.75)),
    ));
    ui.painter().circle_filled(end, 2.5, color);
    response
}
