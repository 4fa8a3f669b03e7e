//! egui shapes → SVG: the same drawing as in the window, with text that stays text.
//!
//! Shapes come before tessellation, so circles stay circles and words stay words: a `<text>` element
//! per run of one format, in the fonts of the window with fallbacks, stretched to the width it has
//! in the window so that columns of figures stay aligned where the font is missing. Colours are
//! blended in the same space by browsers and by egui. Same shapes, same bytes.

use std::fmt::Write as _;

use egui::{
    Color32, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2,
    epaint::{
        ClippedShape, ColorMode, EllipseShape, Mesh, PathShape, PathStroke, RectShape, TextShape,
    },
    text::TextFormat,
};

/// What the picture is called and how large it is.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Size of the drawing in points: the `viewBox`.
    pub size: Vec2,
    /// Size of the picture in pixels.
    pub pixels: [u32; 2],
    pub title: &'a str,
    pub description: &'a str,
}

/// Fallbacks where the window's font is not installed.
const FAMILIES: &str = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

/// Draws the shapes as one SVG document.
#[must_use]
pub fn svg(shapes: &[ClippedShape], page: Page<'_>) -> String {
    let mut drawing = Drawing {
        page: Rect::from_min_size(Pos2::ZERO, page.size),
        ..Drawing::default()
    };
    for shape in shapes {
        drawing.clipped(shape);
    }
    drawing.leave_clip();
    let mut text = String::new();
    let [width, height] = page.pixels;
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {} {}\" role=\"img\" font-family=\"{FAMILIES}\">\n<title>{}</title>\n<desc>{}</desc>\n",
        number(page.size.x),
        number(page.size.y),
        escaped(page.title),
        escaped(page.description),
    );
    if !drawing.clips.is_empty() {
        text.push_str("<defs>\n");
        for (index, clip) in drawing.clips.iter().enumerate() {
            let _ = writeln!(
                text,
                "<clipPath id=\"c{index}\"><rect{}/></clipPath>",
                box_of(*clip)
            );
        }
        text.push_str("</defs>\n");
    }
    text.push_str(&drawing.body);
    text.push_str("</svg>\n");
    text
}

/// The document's body while it is being written.
struct Drawing {
    page: Rect,
    body: String,
    /// Clip rectangles in use, in the order they were needed.
    clips: Vec<Rect>,
    /// The clip group that is open.
    open: Option<usize>,
}

impl Default for Drawing {
    fn default() -> Self {
        Self {
            page: Rect::NOTHING,
            body: String::new(),
            clips: Vec::new(),
            open: None,
        }
    }
}

impl Drawing {
    fn clipped(&mut self, shape: &ClippedShape) {
        let clip = shape.clip_rect.intersect(self.page);
        let bounds = shape.shape.visual_bounding_rect();
        if !clip.is_positive() || !clip.intersects(bounds) {
            return;
        }
        if clip.contains_rect(bounds) {
            self.leave_clip();
        } else {
            self.enter_clip(clip);
        }
        self.shape(&shape.shape);
    }

    fn enter_clip(&mut self, clip: Rect) {
        let known = self.clips.iter().position(|known| *known == clip);
        let index = known.unwrap_or_else(|| {
            self.clips.push(clip);
            self.clips.len() - 1
        });
        if self.open != Some(index) {
            self.leave_clip();
            let _ = writeln!(self.body, "<g clip-path=\"url(#c{index})\">");
            self.open = Some(index);
        }
    }

    fn leave_clip(&mut self) {
        if self.open.take().is_some() {
            self.body.push_str("</g>\n");
        }
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Noop | Shape::Callback(_) => {}
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.shape(shape)),
            Shape::Circle(circle) => {
                let paint = fill(circle.fill) + &line(circle.stroke);
                self.element(format_args!(
                    "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{paint}/>",
                    number(circle.center.x),
                    number(circle.center.y),
                    number(circle.radius)
                ));
            }
            Shape::Ellipse(ellipse) => self.ellipse(ellipse),
            Shape::LineSegment { points, stroke } => {
                if !stroke.is_empty() {
                    self.element(format_args!(
                        "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{}/>",
                        number(points[0].x),
                        number(points[0].y),
                        number(points[1].x),
                        number(points[1].y),
                        line(*stroke)
                    ));
                }
            }
            Shape::Path(path) => self.path(path),
            Shape::Band(band) => {
                let upper = band
                    .points
                    .iter()
                    .map(|point| Pos2::new(point.x, point.y.min));
                let lower = band.points.iter().rev();
                let lower = lower.map(|point| Pos2::new(point.x, point.y.max));
                let outline: Vec<Pos2> = upper.chain(lower).collect();
                let paint = fill(band.fill) + &line(band.stroke);
                self.outline(&outline, true, &paint);
            }
            Shape::Rect(rect) => self.rect(rect),
            Shape::Text(text) => self.text(text),
            Shape::Mesh(mesh) => self.mesh(mesh),
            Shape::QuadraticBezier(curve) => {
                let [a, b, c] = curve.points.map(point);
                let paint =
                    fill(curve.fill) + &path_line(&curve.stroke, curve.visual_bounding_rect());
                self.element(format_args!("<path d=\"M{a}Q{b} {c}\"{paint}/>"));
            }
            Shape::CubicBezier(curve) => {
                let [a, b, c, d] = curve.points.map(point);
                let paint =
                    fill(curve.fill) + &path_line(&curve.stroke, curve.visual_bounding_rect());
                self.element(format_args!("<path d=\"M{a}C{b} {c} {d}\"{paint}/>"));
            }
        }
    }

    fn element(&mut self, element: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.body, "{element}");
    }

    fn ellipse(&mut self, ellipse: &EllipseShape) {
        let (center, radius) = (ellipse.center, ellipse.radius);
        let turn = turned(ellipse.angle, center);
        self.element(format_args!(
            "<ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\"{}{}{turn}/>",
            number(center.x),
            number(center.y),
            number(radius.x),
            number(radius.y),
            fill(ellipse.fill),
            line(ellipse.stroke)
        ));
    }

    fn path(&mut self, path: &PathShape) {
        let bounds = Rect::from_points(&path.points);
        let paint = fill(path.fill) + &path_line(&path.stroke, bounds);
        self.outline(&path.points, path.closed, &paint);
    }

    fn outline(&mut self, points: &[Pos2], closed: bool, paint: &str) {
        if points.len() < 2 {
            return;
        }
        let mut places = String::new();
        for at in points {
            if !places.is_empty() {
                places.push(' ');
            }
            places.push_str(&point(*at));
        }
        let name = if closed { "polygon" } else { "polyline" };
        self.element(format_args!(
            "<{name} points=\"{places}\" stroke-linejoin=\"round\"{paint}/>"
        ));
    }

    fn rect(&mut self, shape: &RectShape) {
        let width = shape.stroke.width;
        let line_rect = match shape.stroke_kind {
            StrokeKind::Inside => shape.rect.shrink(width / 2.0),
            StrokeKind::Middle => shape.rect,
            StrokeKind::Outside => shape.rect.expand(width / 2.0),
        };
        let corners = shape.corner_radius;
        let radius = f32::from(corners.nw.max(corners.ne).max(corners.sw).max(corners.se));
        let turn = turned(shape.angle, shape.rect.center());
        let mut draw = |rect: Rect, radius: f32, paint: &str| {
            if rect.is_negative() || paint.is_empty() {
                return;
            }
            let radius = radius.min(rect.width() / 2.0).min(rect.height() / 2.0);
            let round = if radius > 0.0 {
                format!(" rx=\"{}\"", number(radius))
            } else {
                String::new()
            };
            self.element(format_args!("<rect{}{round}{paint}{turn}/>", box_of(rect)));
        };
        if shape.fill.a() > 0 {
            draw(shape.rect, radius, &fill(shape.fill));
        }
        if !shape.stroke.is_empty() {
            let inset = line_rect.width() - shape.rect.width();
            let paint = fill(Color32::TRANSPARENT) + &line(shape.stroke);
            draw(line_rect, (radius + inset / 2.0).max(0.0), &paint);
        }
    }

    /// Triangles of one colour each: gradients become as many steps as they have triangles.
    fn mesh(&mut self, mesh: &Mesh) {
        for corners in mesh.indices.chunks_exact(3) {
            let vertices = [0, 1, 2].map(|corner| mesh.vertices[corners[corner] as usize]);
            let color = mean_color(&vertices);
            if color.a() > 0 {
                // The hairline of its own colour hides the seam between two triangles.
                let paint = fill(color) + &line(Stroke::new(0.4, color));
                self.outline(&vertices.map(|vertex| vertex.pos), true, &paint);
            }
        }
    }

    fn text(&mut self, shape: &TextShape) {
        let job = &shape.galley.job;
        let mut letters = job.text.char_indices();
        for row in &shape.galley.rows {
            let mut run = Run::default();
            for glyph in &row.row.glyphs {
                let byte = letters.next().map_or(job.text.len(), |(byte, _)| byte);
                let section = job
                    .sections
                    .iter()
                    .position(|section| {
                        let range = &section.byte_range;
                        (range.start.0..range.end.0).contains(&byte)
                    })
                    .unwrap_or(job.sections.len().saturating_sub(1));
                if run.section != Some(section) {
                    self.run(shape, &run);
                    run = Run {
                        section: Some(section),
                        at: shape.pos + row.pos.to_vec2() + glyph.pos.to_vec2(),
                        ..Run::default()
                    };
                }
                run.words.push(glyph.chr);
                run.width += glyph.advance_width;
            }
            self.run(shape, &run);
            if row.ends_with_newline {
                letters.next();
            }
        }
    }

    fn run(&mut self, shape: &TextShape, run: &Run) {
        let Some(section) = run
            .section
            .and_then(|index| shape.galley.job.sections.get(index))
        else {
            return;
        };
        // Symbols of the icon font have no letters that another font could show.
        let words: String = run
            .words
            .chars()
            .filter(|letter| !is_private(*letter))
            .collect();
        let shown = words.trim_end();
        if shown.is_empty() {
            return;
        }
        let format = &section.format;
        let color = text_color(shape, format);
        let [_, _, _, alpha] = color.to_array();
        if alpha == 0 {
            return;
        }
        let stretch = if shown == run.words && shown.chars().count() > 1 {
            format!(
                " textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"",
                number(run.width)
            )
        } else {
            String::new()
        };
        self.element(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{}{}{stretch}{}>{}</text>",
            number(run.at.x),
            number(run.at.y),
            number(format.font_id.size),
            weight(format),
            fill(color),
            turned(shape.angle, shape.pos),
            escaped(shown)
        ));
    }
}

/// Letters of one format on one row.
#[derive(Default)]
struct Run {
    section: Option<usize>,
    /// Left end of the baseline.
    at: Pos2,
    words: String,
    width: f32,
}

fn is_private(letter: char) -> bool {
    ('\u{E000}'..='\u{F8FF}').contains(&letter)
}

fn text_color(shape: &TextShape, format: &TextFormat) -> Color32 {
    let own = if format.color == Color32::PLACEHOLDER {
        shape.fallback_color
    } else {
        format.color
    };
    shape
        .override_text_color
        .unwrap_or(own)
        .gamma_multiply(shape.opacity_factor)
}

/// The window's fonts are families of one weight each.
fn weight(format: &TextFormat) -> &'static str {
    match &format.font_id.family {
        egui::FontFamily::Name(name) if &**name == "strong" => " font-weight=\"600\"",
        egui::FontFamily::Name(name) if &**name == "medium" => " font-weight=\"500\"",
        egui::FontFamily::Monospace => " font-family=\"monospace\"",
        _ => "",
    }
}

fn fill(color: Color32) -> String {
    paint("fill", color)
}

fn line(stroke: Stroke) -> String {
    if stroke.is_empty() {
        return String::new();
    }
    let width = number(stroke.width);
    paint("stroke", stroke.color) + &format!(" stroke-width=\"{width}\"")
}

fn path_line(stroke: &PathStroke, bounds: Rect) -> String {
    let color = match &stroke.color {
        ColorMode::Solid(color) => *color,
        ColorMode::UV(color) => color(bounds, bounds.center()),
    };
    line(Stroke::new(stroke.width, color))
}

fn paint(name: &str, color: Color32) -> String {
    let [red, green, blue, alpha] = color.to_srgba_unmultiplied();
    match alpha {
        0 => format!(" {name}=\"none\""),
        255 => format!(" {name}=\"#{red:02x}{green:02x}{blue:02x}\""),
        alpha => format!(
            " {name}=\"#{red:02x}{green:02x}{blue:02x}\" {name}-opacity=\"{}\"",
            number((f32::from(alpha) / 255.0 * 1000.0).round() / 1000.0)
        ),
    }
}

fn turned(angle: f32, about: Pos2) -> String {
    if angle == 0.0 {
        return String::new();
    }
    format!(
        " transform=\"rotate({} {} {})\"",
        number(angle.to_degrees()),
        number(about.x),
        number(about.y)
    )
}

fn box_of(rect: Rect) -> String {
    format!(
        " x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        number(rect.left()),
        number(rect.top()),
        number(rect.width()),
        number(rect.height())
    )
}

fn point(at: Pos2) -> String {
    format!("{},{}", number(at.x), number(at.y))
}

/// Up to three decimals, no trailing zeros, never "-0".
fn number(value: f32) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

/// XML text; control characters and the two code points that are no characters, which XML forbids, become
/// spaces.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

mod marks;
mod triangle;

pub use marks::drawing;
use triangle::mean_color;

#[cfg(test)]
mod tests;
