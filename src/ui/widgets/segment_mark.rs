//! A segment's coloured mark, alone or with its name: the same everywhere a segment is mentioned.

use egui::{Color32, Painter, Pos2, Response, Shape, Stroke, Ui, Vec2, pos2, vec2};

use crate::theme::{Mark, Palette, font, gap, segment_color, segment_mark};

/// Room a mark takes in a row of text, in points.
pub const MARK_SIZE: f32 = 10.0;

/// Paints the mark of segment style `style` around `center`, about `size` points across.
pub fn paint(painter: &Painter, center: Pos2, size: f32, style: u8) {
    paint_in(painter, center, size, style, segment_color(style));
}

/// Paints the mark in another colour, for places that already stand on the segment's colour.
pub fn paint_in(painter: &Painter, center: Pos2, size: f32, style: u8, color: Color32) {
    let half = size / 2.0;
    match segment_mark(style) {
        Mark::Circle => {
            painter.circle_filled(center, half * 0.95, color);
        }
        Mark::Ring => {
            let stroke = Stroke::new((size * 0.22).max(1.5), color);
            painter.circle_stroke(center, half * 0.78, stroke);
        }
        Mark::Square => {
            let rect = egui::Rect::from_center_size(center, Vec2::splat(size * 0.84));
            painter.rect_filled(rect, 1.0, color);
        }
        Mark::Diamond => polygon(painter, center, color, &diamond(half)),
        Mark::TriangleUp => polygon(painter, center, color, &triangle(half, 1.0)),
        Mark::TriangleDown => polygon(painter, center, color, &triangle(half, -1.0)),
    }
}

fn diamond(half: f32) -> [Vec2; 4] {
    [
        vec2(0.0, -half),
        vec2(half, 0.0),
        vec2(0.0, half),
        vec2(-half, 0.0),
    ]
}

/// Points clockwise on screen; `up` is 1 or −1.
fn triangle(half: f32, up: f32) -> [Vec2; 3] {
    let points = [
        vec2(0.0, -half * 0.95 * up),
        vec2(half, half * 0.8 * up),
        vec2(-half, half * 0.8 * up),
    ];
    if up > 0.0 {
        points
    } else {
        [points[0], points[2], points[1]]
    }
}

fn polygon(painter: &Painter, center: Pos2, color: Color32, offsets: &[Vec2]) {
    let points = offsets.iter().map(|&offset| center + offset).collect();
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// Mark and name in running text.
pub fn label_ui(ui: &mut Ui, palette: &Palette, style: u8, name: &str) -> Response {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        ui.horizontal(|ui| {
            let (rect, _) =
                ui.allocate_exact_size(vec2(MARK_SIZE, MARK_SIZE), egui::Sense::hover());
            paint(ui.painter(), rect.center(), MARK_SIZE, style);
            ui.label(
                egui::RichText::new(name)
                    .font(font::body_medium())
                    .color(palette.text),
            )
        })
        .inner
    })
    .inner
}

/// Paints mark and name into a table cell or chart; `left_center` is where the mark begins.
/// Returns the width used.
pub fn paint_label(
    painter: &Painter,
    palette: &Palette,
    left_center: Pos2,
    label: Label<'_>,
) -> f32 {
    let center = pos2(left_center.x + MARK_SIZE / 2.0, left_center.y);
    paint(painter, center, MARK_SIZE, label.style);
    let left = left_center.x + MARK_SIZE + gap::S;
    let text = super::elided::elided(
        painter,
        label.name,
        font::body(),
        palette.text,
        label.max_width - MARK_SIZE - gap::S,
    );
    let width = text.size().x;
    painter.galley(
        pos2(left, left_center.y - text.size().y / 2.0),
        text,
        palette.text,
    );
    MARK_SIZE + gap::S + width
}

/// What [`paint_label`] writes.
#[derive(Clone, Copy, Debug)]
pub struct Label<'a> {
    pub style: u8,
    pub name: &'a str,
    /// The name is shortened with "…" beyond this width, mark included.
    pub max_width: f32,
}
