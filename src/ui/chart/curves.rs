//! Free curves and dots over a numeric x axis, in the house's own painting: gains, ROC, reliability,
//! partial effects, tracking. With a cut line that can be dragged, for depths and thresholds.

use egui::{
    Align2, Color32, CursorIcon, EventFilter, Key, Pos2, Rect, Response, Sense, Shape, Stroke, Ui,
    pos2, vec2,
};

use super::{
    plane::{Axes, Plane, text_width},
    scale::{Scale, Unit},
    tip::{Tip, tip_ui},
};
use crate::theme::{Palette, font};

/// One curve.
#[derive(Clone, Copy, Debug)]
pub struct Curve<'a> {
    /// Points (x, y) in rising x.
    pub points: &'a [[f64; 2]],
    pub color: Color32,
    pub width: f32,
    pub dashed: bool,
    /// A dot at every point.
    pub dots: bool,
}

impl<'a> Curve<'a> {
    /// A solid curve of normal width.
    #[must_use]
    pub fn new(points: &'a [[f64; 2]], color: Color32) -> Self {
        Self {
            points,
            color,
            width: 2.0,
            dashed: false,
            dots: false,
        }
    }

    /// The same, dashed and thin: a rival, a limit.
    #[must_use]
    pub fn reference(points: &'a [[f64; 2]], color: Color32) -> Self {
        Self {
            width: 1.5,
            dashed: true,
            ..Self::new(points, color)
        }
    }
}

/// The line that can be dragged.
#[derive(Clone, Copy, Debug)]
pub struct Handle<'a> {
    /// Name for screen readers.
    pub name: &'a str,
    pub at: f64,
    /// Written on the handle.
    pub text: &'a str,
    /// Moved by one press of an arrow key.
    pub step: f64,
    /// The least and the most it can be.
    pub range: (f64, f64),
}

/// A chart of curves.
pub struct Curves<'a> {
    /// Text summary for screen readers: the finding sentence.
    pub summary: &'a str,
    pub height: f32,
    pub axes: Axes<'a>,
    pub x_unit: Unit<'a>,
    /// Least and largest value of each axis.
    pub x: (f64, f64),
    pub y: (f64, f64),
    /// Bands (x, low, high) below everything.
    pub band: Option<(&'a [[f64; 3]], Color32)>,
    pub curves: &'a [Curve<'a>],
    /// Loose dots (x, y, colour).
    pub dots: &'a [(f64, f64, Color32)],
    pub handle: Option<Handle<'a>>,
    /// The hover card at an x.
    pub tip: Option<&'a dyn Fn(f64) -> Tip>,
}

impl Curves<'_> {
    /// Nothing on two axes from 0 to 1: the start of a chart.
    #[must_use]
    pub fn blank() -> Self {
        Self {
            summary: "",
            height: 240.0,
            axes: Axes {
                x_title: "",
                y_title: "",
                unit: Unit::Number,
            },
            x_unit: Unit::Number,
            x: (0.0, 1.0),
            y: (0.0, 1.0),
            band: None,
            curves: &[],
            dots: &[],
            handle: None,
            tip: None,
        }
    }
}

/// What the user did.
#[derive(Debug)]
pub struct CurvesResponse {
    pub response: Response,
    /// Where the handle was moved to in this frame.
    pub moved: Option<f64>,
}

struct Frame {
    plane: Plane,
    x: Scale,
}

impl Frame {
    fn place(&self, [x, y]: [f64; 2]) -> Pos2 {
        let y = y.clamp(self.plane.y.min, self.plane.y.max);
        pos2(self.plane.x_of(self.x.share(x)), self.plane.y_of(y))
    }

    fn x_at(&self, pixel: f32) -> f64 {
        let area = self.plane.area;
        let share = f64::from((pixel - area.left()) / area.width().max(1.0));
        self.x.min + share * (self.x.max - self.x.min)
    }
}

/// Draws the chart over the full width.
pub fn curves_ui(ui: &mut Ui, palette: &Palette, chart: &Curves<'_>) -> CurvesResponse {
    let size = vec2(ui.available_width(), chart.height);
    let sense = if chart.handle.is_some() {
        Sense::click_and_drag()
    } else {
        Sense::hover()
    };
    let (rect, response) = ui.allocate_exact_size(size, sense);
    label(&response, chart);
    let plane = Plane::layout(ui, rect, &chart.axes, chart.y);
    let target = ((plane.area.width() / 80.0) as usize).clamp(2, 10);
    let mut x = Scale::covering(chart.x.0, chart.x.1, target, chart.x_unit);
    // Curves fill the width: ticks stay round, the ends are the data's.
    (x.min, x.max) = (chart.x.0, chart.x.1.max(chart.x.0 + f64::EPSILON));
    let frame = Frame { plane, x };
    let moved = chart
        .handle
        .and_then(|handle| dragged(ui, &response, &frame, handle));
    if ui.is_rect_visible(rect) {
        frame.plane.paint(ui, palette, &chart.axes);
        ticks(ui, palette, chart, &frame);
        paint(ui, chart, &frame);
        if let Some(handle) = chart.handle {
            paint_handle(ui, palette, &frame, (handle, &response));
        }
        hover(ui, palette, chart, (&frame, &response));
    }
    CurvesResponse { response, moved }
}

fn label(response: &Response, chart: &Curves<'_>) {
    let handle = chart.handle;
    response.widget_info(|| match handle {
        Some(handle) => {
            let mut info = egui::WidgetInfo::slider(true, handle.at, handle.name);
            info.current_text_value = Some(format!("{}. {}", handle.text, chart.summary));
            info
        }
        None => egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, chart.summary),
    });
}

fn ticks(ui: &Ui, palette: &Palette, chart: &Curves<'_>, frame: &Frame) {
    let step = frame.x.step;
    let first = (frame.x.min / step).ceil() as i64;
    let last = (frame.x.max / step + 1e-9).floor() as i64;
    for number in first..=last.min(first + 40) {
        let value = number as f64 * step;
        let x = frame.place([value, 0.0]).x;
        frame
            .plane
            .x_label(ui, palette, x, &chart.x_unit.tick(value, step));
    }
}

fn paint(ui: &Ui, chart: &Curves<'_>, frame: &Frame) {
    let painter = ui.painter().with_clip_rect(frame.plane.area.expand(4.0));
    if let Some((band, color)) = chart.band {
        for pair in band.windows(2) {
            let [[x0, low0, high0], [x1, low1, high1]] = [pair[0], pair[1]];
            let corners = [[x0, low0], [x0, high0], [x1, high1], [x1, low1]];
            let corners = corners.map(|corner| frame.place(corner)).to_vec();
            painter.add(Shape::convex_polygon(corners, color, Stroke::NONE));
        }
    }
    for &(x, y, color) in chart.dots {
        painter.circle_filled(frame.place([x, y]), 2.0, color);
    }
    for curve in chart.curves {
        let line: Vec<Pos2> = curve
            .points
            .iter()
            .map(|&point| frame.place(point))
            .collect();
        let stroke = Stroke::new(curve.width, curve.color);
        if curve.dots {
            for &place in &line {
                painter.circle_filled(place, 3.5, curve.color);
            }
        }
        if curve.dashed {
            painter.extend(Shape::dashed_line(&line, stroke, 5.0, 4.0));
        } else {
            painter.add(Shape::line(line, stroke));
        }
    }
}

/// Where the pointer or a key moves the handle to.
fn dragged(ui: &Ui, response: &Response, frame: &Frame, handle: Handle<'_>) -> Option<f64> {
    let (least, most) = handle.range;
    if response.hovered() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    if response.clicked() || response.drag_started() {
        response.request_focus();
    }
    let pulled = response.dragged() || response.clicked();
    let target = if let Some(pointer) = response.interact_pointer_pos().filter(|_| pulled) {
        // Whole steps, so that figures beside the line stay readable.
        (frame.x_at(pointer.x) / handle.step).round() * handle.step
    } else if response.has_focus() {
        ui.memory_mut(|memory| {
            let filter = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            memory.set_focus_lock_filter(response.id, filter);
        });
        let presses = |key| ui.input(|input| input.num_presses(key)) as f64;
        let steps = presses(Key::ArrowRight) - presses(Key::ArrowLeft);
        if steps == 0.0 {
            return None;
        }
        handle.at + steps * handle.step
    } else {
        return None;
    };
    let target = target.clamp(least, most);
    (target != handle.at).then_some(target)
}

fn paint_handle(
    ui: &Ui,
    palette: &Palette,
    frame: &Frame,
    (handle, response): (Handle<'_>, &Response),
) {
    let painter = ui.painter();
    let area = frame.plane.area;
    let x = frame.place([handle.at, 0.0]).x;
    let color = palette.text;
    painter.vline(x, area.y_range(), Stroke::new(1.5, color));
    let width = text_width(ui, handle.text) + 12.0;
    let left = (x - width / 2.0).clamp(area.left(), (area.right() - width).max(area.left()));
    let tag = Rect::from_min_size(pos2(left, area.top() - 2.0), vec2(width, 20.0));
    painter.rect_filled(tag, 5, color);
    if response.has_focus() {
        let ring = Stroke::new(2.0, palette.accent);
        painter.rect_stroke(tag.expand(2.0), 6, ring, egui::StrokeKind::Outside);
    }
    painter.text(
        tag.center(),
        Align2::CENTER_CENTER,
        handle.text,
        font::caption_medium(),
        Palette::text_on(color),
    );
    let knob = Rect::from_center_size(pos2(x, area.bottom()), vec2(12.0, 12.0));
    painter.circle_filled(knob.center(), 6.0, color);
}

fn hover(ui: &Ui, palette: &Palette, chart: &Curves<'_>, (frame, response): (&Frame, &Response)) {
    let Some((tip, pointer)) = chart.tip.zip(response.hover_pos()) else {
        return;
    };
    if response.dragged() || !frame.plane.area.expand(6.0).contains(pointer) {
        return;
    }
    let x = frame.x_at(pointer.x).clamp(frame.x.min, frame.x.max);
    let pixel = frame.place([x, 0.0]).x;
    let area = frame.plane.area;
    ui.painter()
        .vline(pixel, area.y_range(), Stroke::new(1.0, palette.faint));
    tip_ui(ui, palette, response.id, None, &tip(x));
}
