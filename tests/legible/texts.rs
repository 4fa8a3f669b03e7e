//! Every text a page paints, with what may hide it.

use egui::{
    Color32, Pos2, Rect, Shape, Vec2,
    epaint::{Mesh, RectShape, TextShape},
};
use keepers::app::headless::Painted;

/// One line of a painted text.
pub struct Line {
    pub words: String,
    /// Around the ink, not around the line.
    pub ink: Rect,
    /// What the clip rectangle and the window leave visible.
    pub clip: Rect,
    pub color: Color32,
    /// Height of the type in points, and whether it is an icon.
    pub points: f32,
    pub icon: bool,
    /// Place in the order of painting.
    pub at: usize,
    /// Lines of one text share this.
    pub text: usize,
}

impl Line {
    /// The part of the ink that is seen.
    pub fn seen(&self) -> Rect {
        self.ink.intersect(self.clip)
    }

    pub fn is_seen(&self) -> bool {
        let seen = self.seen();
        seen.width() > 0.5 && seen.height() > 0.5
    }
}

/// A filled rectangle.
pub struct Area {
    pub rect: Rect,
    pub clip: Rect,
    /// Opaque, or the thumb of a scroll bar.
    pub fill: Color32,
    pub radius: u8,
    pub at: usize,
}

/// What a page paints, sorted out.
#[derive(Default)]
pub struct Paint {
    pub lines: Vec<Line>,
    pub areas: Vec<Area>,
    /// Edges at which a scroll area fades out, because there is more behind them.
    pub veils: Vec<Rect>,
    texts: usize,
}

impl Paint {
    pub fn of(painted: &Painted) -> Self {
        let window = Rect::from_min_size(Pos2::ZERO, painted.size);
        let mut paint = Self::default();
        for (at, clipped) in painted.shapes.iter().enumerate() {
            paint.add(&clipped.shape, clipped.clip_rect.intersect(window), at);
        }
        paint
    }

    fn add(&mut self, shape: &Shape, clip: Rect, at: usize) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.add(shape, clip, at)),
            Shape::Text(text) => self.add_text(text, clip, at),
            Shape::Rect(rect) => self.add_area(rect, clip, at),
            Shape::Mesh(mesh) => self.add_veil(mesh, clip),
            _ => {}
        }
    }

    fn add_area(&mut self, shape: &RectShape, clip: Rect, at: usize) {
        if shape.fill.a() > 0 {
            self.areas.push(Area {
                rect: shape.rect,
                clip,
                fill: shape.fill,
                radius: shape.corner_radius.nw,
                at,
            });
        }
    }

    fn add_veil(&mut self, mesh: &Mesh, clip: Rect) {
        let clear = |color| mesh.vertices.iter().any(|vertex| vertex.color == color);
        if mesh.vertices.len() == 4 && clear(Color32::TRANSPARENT) {
            self.veils.push(mesh.calc_bounds().intersect(clip));
        }
    }

    fn add_text(&mut self, text: &TextShape, clip: Rect, at: usize) {
        self.texts += 1;
        let sections = &text.galley.job.sections;
        let font = sections.first().map(|section| &section.format.font_id);
        let points = font.map_or(0.0, |font| font.size);
        let icon = font.is_some_and(|font| font.family.to_string() == "icons");
        for placed in &text.galley.rows {
            let visuals = &placed.row.visuals;
            let words: String = placed.row.glyphs.iter().map(|glyph| glyph.chr).collect();
            let vertex = visuals.mesh.vertices.get(visuals.glyph_vertex_range.start);
            let (Some(vertex), false) = (vertex, words.trim().is_empty()) else {
                continue;
            };
            let color = match text.override_text_color {
                Some(color) => color,
                None if vertex.color == Color32::PLACEHOLDER => text.fallback_color,
                None => vertex.color,
            };
            let color = color.gamma_multiply(text.opacity_factor);
            let offset: Vec2 = placed.pos.to_vec2();
            let ink = visuals.mesh_bounds.translate(offset);
            let ink = ink.rotate_bb(egui::emath::Rot2::from_angle(text.angle));
            if color.a() > 0 {
                self.lines.push(Line {
                    words: words.trim().to_owned(),
                    ink: ink.translate(text.pos.to_vec2()),
                    clip,
                    color,
                    points,
                    icon,
                    at,
                    text: self.texts,
                });
            }
        }
    }

    /// Whether something filled was painted over this place between two steps of painting.
    pub fn covered(&self, place: Rect, after: usize, before: usize) -> bool {
        self.areas.iter().any(|area| {
            let hides = area.rect.intersect(area.clip).contains_rect(place);
            area.at > after && area.at < before && hides && area.fill.a() == 255
        })
    }

    /// Whether this text goes on behind an edge that fades out, or that is in line with one that
    /// does, as heads are with their cells: 0 = sideways, 1 = downwards.
    pub fn fades(&self, line: &Line, axis: usize) -> bool {
        let mut edges = self.veils.iter().map(|veil| veil.max[axis]);
        edges.any(|edge| (edge - line.clip.max[axis]).abs() < 2.0)
    }

    /// Whether a scroll bar stands along an edge of the text's clip rectangle: below it, or below the
    /// rows of which it is the head, for moving sideways; right of it for moving down.
    pub fn scrolls(&self, line: &Line, axis: usize) -> bool {
        let (across, clip) = (1 - axis, line.clip);
        self.areas.iter().any(|area| {
            let (size, edge) = (area.rect.size(), area.rect.max[across] - clip.max[across]);
            let beside = (-14.0..14.0).contains(&edge) || axis == 0 && edge > 0.0;
            let along = area.rect.min[axis] > clip.min[axis] - 14.0
                && area.rect.max[axis] < clip.max[axis] + 14.0;
            area.radius >= 2 && size[across] <= 10.0 && size[axis] >= 20.0 && beside && along
        })
    }
}
