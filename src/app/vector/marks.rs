//! egui shapes → paths and texts of `export`, from which a PDF is written; the same drawing as the SVG.

use egui::{
    Color32, FontFamily, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2,
    emath::Rot2,
    epaint::{ClippedShape, ColorMode, Mesh, PathStroke, RectShape, TextShape},
    text::TextFormat,
};

use super::triangle::mean_color;

use export::deck::{
    drawing::{Area, Drawing, Ink, Letter, Line, Mark, Run, Spot, Step, ellipse, rounded},
    faces::Weight,
};

/// The shapes as paths and texts on a page of this size in points.
#[must_use]
pub fn drawing(shapes: &[ClippedShape], size: Vec2) -> Drawing {
    let page = Rect::from_min_size(Pos2::ZERO, size);
    let mut sketch = Sketch::default();
    for shape in shapes {
        let clip = shape.clip_rect.intersect(page);
        let bounds = shape.shape.visual_bounding_rect();
        if !clip.is_positive() || !clip.intersects(bounds) {
            continue;
        }
        sketch.clip((!clip.contains_rect(bounds)).then_some(clip));
        sketch.shape(&shape.shape);
    }
    Drawing {
        width: size.x,
        height: size.y,
        marks: sketch.marks,
    }
}

#[derive(Default)]
struct Sketch {
    marks: Vec<Mark>,
    clipped: Option<Rect>,
}

fn spot(at: Pos2) -> Spot {
    Spot { x: at.x, y: at.y }
}

fn area(rect: Rect) -> Area {
    Area::new(rect.left(), rect.top(), rect.width(), rect.height())
}

/// `None` for what cannot be seen.
fn ink(color: Color32) -> Option<Ink> {
    let [red, green, blue, alpha] = color.to_srgba_unmultiplied();
    (alpha > 0).then_some(Ink {
        rgb: [red, green, blue],
        alpha,
    })
}

fn line(stroke: Stroke) -> Option<Line> {
    let ink = ink(stroke.color).filter(|_| !stroke.is_empty())?;
    Some(Line {
        ink,
        width: stroke.width,
    })
}

fn path_line(stroke: &PathStroke, bounds: Rect) -> Option<Line> {
    let color = match &stroke.color {
        ColorMode::Solid(color) => *color,
        ColorMode::UV(color) => color(bounds, bounds.center()),
    };
    line(Stroke::new(stroke.width, color))
}

fn outline(points: &[Pos2], closed: bool) -> Vec<Step> {
    let mut steps: Vec<Step> = points.iter().map(|at| Step::Line(spot(*at))).collect();
    if let Some(first) = steps.first_mut() {
        *first = Step::Move(spot(points[0]));
    }
    if closed {
        steps.push(Step::Close);
    }
    steps
}

impl Sketch {
    fn clip(&mut self, clip: Option<Rect>) {
        if self.clipped != clip {
            self.marks.push(Mark::Clip(clip.map(area)));
            self.clipped = clip;
        }
    }

    fn path(&mut self, steps: Vec<Step>, fill: Option<Ink>, line: Option<Line>) {
        if fill.is_some() || line.is_some() {
            self.marks.push(Mark::Path { steps, fill, line });
        }
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Noop | Shape::Callback(_) => {}
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.shape(shape)),
            Shape::Circle(circle) => {
                let steps = ellipse(spot(circle.center), circle.radius, circle.radius);
                self.path(steps, ink(circle.fill), line(circle.stroke));
            }
            Shape::Ellipse(shape) => {
                let steps = ellipse(spot(shape.center), shape.radius.x, shape.radius.y);
                let steps = turned(steps, shape.angle, shape.center);
                self.path(steps, ink(shape.fill), line(shape.stroke));
            }
            Shape::LineSegment { points, stroke } => {
                self.path(outline(points, false), None, line(*stroke));
            }
            Shape::Path(path) => {
                if path.points.len() > 1 {
                    let bounds = Rect::from_points(&path.points);
                    let steps = outline(&path.points, path.closed);
                    self.path(steps, ink(path.fill), path_line(&path.stroke, bounds));
                }
            }
            Shape::Band(band) => {
                let points = || band.points.iter();
                let upper = points().map(|point| Pos2::new(point.x, point.y.min));
                let lower = points().rev().map(|point| Pos2::new(point.x, point.y.max));
                let steps = outline(&upper.chain(lower).collect::<Vec<_>>(), true);
                self.path(steps, ink(band.fill), line(band.stroke));
            }
            Shape::Rect(rect) => self.rect(rect),
            Shape::Text(text) => self.text(text),
            Shape::Mesh(mesh) => self.mesh(mesh),
            Shape::QuadraticBezier(curve) => {
                let [a, b, c] = curve.points;
                // The same curve with two control points.
                let toward = |end: Pos2| spot(end + (b - end) * (2.0 / 3.0));
                let steps = vec![
                    Step::Move(spot(a)),
                    Step::Curve([toward(a), toward(c), spot(c)]),
                ];
                let stroke = path_line(&curve.stroke, curve.visual_bounding_rect());
                self.path(steps, ink(curve.fill), stroke);
            }
            Shape::CubicBezier(curve) => {
                let [a, b, c, d] = curve.points.map(spot);
                let steps = vec![Step::Move(a), Step::Curve([b, c, d])];
                let stroke = path_line(&curve.stroke, curve.visual_bounding_rect());
                self.path(steps, ink(curve.fill), stroke);
            }
        }
    }

    fn rect(&mut self, shape: &RectShape) {
        let width = shape.stroke.width;
        let edge = match shape.stroke_kind {
            StrokeKind::Inside => shape.rect.shrink(width / 2.0),
            StrokeKind::Middle => shape.rect,
            StrokeKind::Outside => shape.rect.expand(width / 2.0),
        };
        let corners = shape.corner_radius;
        let radius = f32::from(corners.nw.max(corners.ne).max(corners.sw).max(corners.se));
        let mut draw = |rect: Rect, radius: f32, fill, line| {
            if !rect.is_negative() {
                let steps = turned(
                    rounded(area(rect), radius),
                    shape.angle,
                    shape.rect.center(),
                );
                self.path(steps, fill, line);
            }
        };
        draw(shape.rect, radius, ink(shape.fill), None);
        let grown = (edge.width() - shape.rect.width()) / 2.0;
        draw(edge, (radius + grown).max(0.0), None, line(shape.stroke));
    }

    /// Triangles of one colour each: gradients become as many steps as they have triangles. Neighbours of
    /// one colour are one path, which shows no seams where it can be seen through.
    fn mesh(&mut self, mesh: &Mesh) {
        let mut path: Option<(Color32, Vec<Step>)> = None;
        for corners in mesh.indices.chunks_exact(3) {
            let vertices = [0, 1, 2].map(|corner| mesh.vertices[corners[corner] as usize]);
            let color = mean_color(&vertices);
            let steps = outline(&vertices.map(|vertex| vertex.pos), true);
            match &mut path {
                Some((known, path)) if *known == color => path.extend(steps),
                _ => self.patch(path.replace((color, steps))),
            }
        }
        self.patch(path);
    }

    fn patch(&mut self, path: Option<(Color32, Vec<Step>)>) {
        if let Some((color, steps)) = path {
            // A hairline of its own colour hides the seam between two opaque patches.
            let seam = line(Stroke::new(0.4, color)).filter(|_| color.is_opaque());
            self.path(steps, ink(color), seam);
        }
    }

    /// A run per format on a row.
    fn text(&mut self, shape: &TextShape) {
        let job = &shape.galley.job;
        let turn = Rot2::from_angle(shape.angle);
        let mut places = job.text.char_indices();
        for row in &shape.galley.rows {
            let mut run: Option<(usize, Run)> = None;
            for glyph in &row.row.glyphs {
                let byte = places.next().map_or(job.text.len(), |(byte, _)| byte);
                let section = job.sections.iter().position(|section| {
                    let range = &section.byte_range;
                    (range.start.0..range.end.0).contains(&byte)
                });
                let section = section.unwrap_or(job.sections.len().saturating_sub(1));
                let within = row.pos.to_vec2() + glyph.pos.to_vec2();
                if run.as_ref().is_none_or(|(known, _)| *known != section) {
                    self.push_run(run.take());
                    let Some(format) = job.sections.get(section).map(|it| &it.format) else {
                        continue;
                    };
                    run = Some((section, start(shape, format, shape.pos + turn * within)));
                }
                if let Some((_, run)) = &mut run {
                    let first = run
                        .letters
                        .first()
                        .map_or(within.x, |_| run_start(run, shape, turn));
                    run.letters.push(Letter {
                        letter: glyph.chr,
                        x: within.x - first,
                    });
                }
            }
            self.push_run(run);
            if row.ends_with_newline {
                places.next();
            }
        }
    }

    fn push_run(&mut self, run: Option<(usize, Run)>) {
        let Some((_, mut run)) = run else {
            return;
        };
        while run
            .letters
            .last()
            .is_some_and(|last| last.letter.is_whitespace())
        {
            run.letters.pop();
        }
        if run.ink.alpha > 0 && !run.letters.is_empty() {
            self.marks.push(Mark::Text(run));
        }
    }
}

/// Where a run begins within its text, before the text is turned.
fn run_start(run: &Run, shape: &TextShape, turn: Rot2) -> f32 {
    let from = Pos2::new(run.at.x, run.at.y) - shape.pos;
    (turn.inverse() * from).x
}

fn start(shape: &TextShape, format: &TextFormat, at: Pos2) -> Run {
    let own = if format.color == Color32::PLACEHOLDER {
        shape.fallback_color
    } else {
        format.color
    };
    let color = shape.override_text_color.unwrap_or(own);
    let color = color.gamma_multiply(shape.opacity_factor);
    Run {
        at: spot(at),
        turn: shape.angle,
        size: format.font_id.size,
        weight: weight(&format.font_id.family),
        ink: ink(color).unwrap_or(Ink {
            rgb: [0; 3],
            alpha: 0,
        }),
        letters: Vec::new(),
    }
}

/// The weight of a family of the window.
fn weight(family: &FontFamily) -> Weight {
    match family {
        FontFamily::Name(name) if &**name == "strong" => Weight::Strong,
        FontFamily::Name(name) if &**name == "medium" => Weight::Medium,
        FontFamily::Name(name) if &**name == "icons" => Weight::Icons,
        FontFamily::Monospace => Weight::Mono,
        _ => Weight::Regular,
    }
}

fn turned(mut steps: Vec<Step>, angle: f32, about: Pos2) -> Vec<Step> {
    if angle == 0.0 {
        return steps;
    }
    let turn = Rot2::from_angle(angle);
    let moved = |at: Spot| spot(about + turn * (Pos2::new(at.x, at.y) - about));
    for step in &mut steps {
        *step = match *step {
            Step::Move(at) => Step::Move(moved(at)),
            Step::Line(at) => Step::Line(moved(at)),
            Step::Curve(points) => Step::Curve(points.map(moved)),
            Step::Close => Step::Close,
        };
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Align2, FontId};

    #[test]
    fn shapes_become_paths_and_text_stays_text() {
        let ctx = egui::Context::default();
        let mut shapes = Vec::new();
        let _ = ctx.run_ui(egui::RawInput::default(), |ui| {
            let painter = ui.painter();
            let size = egui::vec2(100.0, 50.0);
            painter.rect_filled(Rect::from_min_size(Pos2::ZERO, size), 4, Color32::RED);
            let font = FontId::proportional(12.0);
            painter.text(
                Pos2::new(10.0, 20.0),
                Align2::LEFT_TOP,
                "a bc ",
                font,
                Color32::BLUE,
            );
            shapes = ui.ctx().graphics(|layers| {
                let list = layers.get(painter.layer_id());
                list.map_or_else(Vec::new, |list| list.all_entries().cloned().collect())
            });
        });
        let drawing = drawing(&shapes, egui::vec2(200.0, 100.0));
        let fills = drawing.marks.iter().filter(
            |mark| matches!(mark, Mark::Path { fill: Some(ink), .. } if ink.rgb == [255, 0, 0]),
        );
        assert_eq!(fills.count(), 1);
        let words: String = drawing.letters().map(|(_, letter)| letter).collect();
        assert_eq!(words, "a bc", "the space at the end is no letter");
        let runs: Vec<&Run> = drawing
            .marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Text(run) => Some(run),
                _ => None,
            })
            .collect();
        assert_eq!(runs[0].letters[0].x, 0.0);
        assert!(runs[0].letters.is_sorted_by(|a, b| a.x < b.x));
        assert_eq!((runs[0].at.x, runs[0].ink.rgb), (10.0, [0, 0, 255]));
    }
}
