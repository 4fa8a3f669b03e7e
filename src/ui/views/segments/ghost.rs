//! Where the segments were before the last change: a hollow dashed ring each, and an arrow to the
//! place where the segment is now.

use egui::{Painter, Pos2, Shape, Stroke, Vec2, vec2};

use super::{
    bubbles::point_of,
    layout::{Plot, Point},
    model::Model,
};
use crate::theme::Palette;

/// A ring that moved or grew by less than this many points is not worth drawing.
const VISIBLE: f32 = 1.0;

/// Per segment now: where it was.
#[must_use]
pub fn points(model: &Model) -> Vec<Option<Point>> {
    let Some(changes) = &model.changes else {
        return Vec::new();
    };
    let ghost = |stats: &Option<_>| stats.as_ref().map(point_of);
    changes.ghosts.iter().map(ghost).collect()
}

/// Draws rings and arrows over the bubbles.
pub fn paint(
    painter: &Painter,
    palette: &Palette,
    plot: &Plot,
    (model, old): (&Model, &[Option<Point>]),
) {
    for (segment, old) in model.segments.iter().zip(old) {
        let Some(old) = old.filter(|old| old.weight > 0.0) else {
            continue;
        };
        let (from, radius) = plot.place(&old);
        let (to, now) = plot.place(&point_of(&segment.stats));
        let empty = segment.stats.customers == 0;
        let moved = to - from;
        if !empty && moved.length() < VISIBLE && (now - radius).abs() < VISIBLE {
            continue;
        }
        painter.add(Shape::Vec(ring(
            from,
            radius,
            Stroke::new(1.5, palette.text),
        )));
        if !empty && moved.length() > radius.min(8.0) {
            arrow(
                painter,
                (from, to),
                (radius, now),
                Stroke::new(2.0, palette.text),
            );
        }
    }
}

fn ring(center: Pos2, radius: f32, stroke: Stroke) -> Vec<Shape> {
    let steps = 64;
    let points: Vec<Pos2> = (0..=steps)
        .map(|step| {
            let angle = step as f32 / steps as f32 * std::f32::consts::TAU;
            center + radius * Vec2::angled(angle)
        })
        .collect();
    Shape::dashed_line(&points, stroke, 4.0, 3.0)
}

/// From the edge of the ring, where the new bubble lies outside it, else from its centre.
fn arrow(painter: &Painter, (from, to): (Pos2, Pos2), (old, _): (f32, f32), stroke: Stroke) {
    let way = to - from;
    let start = if way.length() > old + 6.0 {
        from + way.normalized() * old
    } else {
        from
    };
    let tip = to - start;
    let direction = tip.normalized();
    let side = vec2(-direction.y, direction.x);
    let barb = 6.0_f32.min(tip.length() / 2.0);
    painter.line_segment([start, to], stroke);
    for turn in [-0.6, 0.6] {
        painter.line_segment([to, to - barb * direction + barb * turn * side], stroke);
    }
}
