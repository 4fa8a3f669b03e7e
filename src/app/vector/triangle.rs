//! Triangles of one colour each, for files that know no gradients between corners.

use egui::{Color32, epaint::Vertex};

/// The one colour that stands for a triangle's three.
pub(super) fn mean_color(vertices: &[Vertex; 3]) -> Color32 {
    let mean = |channel: fn(&Color32) -> u8| {
        let sum: u16 = vertices.iter().map(|v| u16::from(channel(&v.color))).sum();
        (sum / 3) as u8
    };
    Color32::from_rgba_premultiplied(
        mean(Color32::r),
        mean(Color32::g),
        mean(Color32::b),
        mean(Color32::a),
    )
}
