//! A set of lines over whole steps: the age of a cohort, a running period.

use egui::{Align2, Color32, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::{
    plane::{Axes, Plane, text_width},
    scale::stride,
    tip::{Tip, tip_ui},
};
use crate::theme::{Palette, font};

/// One line; `None` is a gap.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Written at the line's end when `labelled`.
    pub name: &'a str,
    pub color: Color32,
    pub width: f32,
    pub values: &'a [Option<f64>],
    /// Values from this step on are still in progress: dashed.
    pub provisional_from: usize,
    pub labelled: bool,
}

/// A line chart. Lines are drawn in order, so the important ones come last.
pub struct Lines<'a> {
    /// Text summary for screen readers: the finding sentence.
    pub summary: &'a str,
    pub height: f32,
    pub axes: Axes<'a>,
    /// Label of each step below the axis; thinned out when they do not fit.
    pub labels: &'a [String],
    /// Label every so many steps where that fits; 0 = as many as fit.
    pub label_every: usize,
    /// Steps drawn: `first..labels.len()`.
    pub first: usize,
    pub lines: &'a [Line<'a>],
    /// Keep room at the right for the names of all lines, so that naming one moves nothing.
    pub names_room: bool,
    /// A step that stands out: a dotted line and a dot on the last line.
    pub marked: Option<usize>,
    /// The hover card for (step, nearest line).
    pub tip: &'a dyn Fn(usize, usize) -> Tip,
}

/// What the pointer is on.
#[derive(Debug)]
pub struct LinesResponse {
    pub response: Response,
    /// (step, line) nearest to the pointer.
    pub hovered: Option<(usize, usize)>,
}

/// Draws the chart over the full width.
pub fn lines_ui(ui: &mut Ui, palette: &Palette, chart: &Lines<'_>) -> LinesResponse {
    let size = vec2(ui.available_width(), chart.height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, chart.summary)
    });
    let mut plane = Plane::layout(ui, rect, &chart.axes, range(chart));
    plane.area.max.x -= end_label_width(ui, chart);
    let hovered = response
        .hover_pos()
        .filter(|pointer| plane.area.expand(8.0).contains(*pointer))
        .and_then(|pointer| nearest(chart, &plane, pointer));
    if ui.is_rect_visible(rect) {
        plane.paint(ui, palette, &chart.axes);
        if let Some((step, _)) = hovered {
            let x = ui
                .painter()
                .round_to_pixel_center(x_of(chart, &plane, step));
            ui.painter()
                .vline(x, plane.area.y_range(), Stroke::new(1.0, palette.faint));
        }
        let painter = ui
            .painter()
            .with_clip_rect(plane.area.expand(3.0).intersect(ui.clip_rect()));
        for (index, line) in chart.lines.iter().enumerate() {
            paint_line(
                &painter,
                chart,
                &plane,
                line,
                hovered.is_some_and(|(_, on)| on == index),
            );
        }
        labels(ui, palette, chart, &plane);
        mark(ui, palette, chart, &plane);
        end_labels(ui, palette.card, chart, &plane);
        if let Some((step, line)) = hovered {
            dot(ui, palette, chart, &plane, (step, line));
        }
    }
    if let Some((step, line)) = hovered {
        tip_ui(ui, palette, response.id, None, &(chart.tip)(step, line));
    }
    LinesResponse { response, hovered }
}

fn steps(chart: &Lines<'_>) -> usize {
    chart.labels.len().saturating_sub(chart.first)
}

fn x_of(chart: &Lines<'_>, plane: &Plane, step: usize) -> f32 {
    let last = steps(chart).saturating_sub(1).max(1);
    plane.x_of(step.saturating_sub(chart.first) as f32 / last as f32)
}

fn range(chart: &Lines<'_>) -> (f64, f64) {
    let of = |certain: bool| {
        let lines = chart.lines.iter();
        lines
            .flat_map(move |line| {
                let end = if certain {
                    line.provisional_from
                } else {
                    usize::MAX
                };
                let steps = line.values.iter().enumerate().skip(chart.first);
                steps.filter(move |(step, _)| *step < end)
            })
            .filter_map(|(_, value)| value.filter(|value| value.is_finite()))
            .fold((0.0, 0.0), |(low, high): (f64, f64), value| {
                (low.min(value), high.max(value))
            })
    };
    // One customer of a cohort of three would be a peak of 33 % over everything: what is uncertain runs
    // out of the picture rather than flatten the rest.
    let certain = of(true);
    if certain == (0.0, 0.0) {
        of(false)
    } else {
        certain
    }
}

fn nearest(chart: &Lines<'_>, plane: &Plane, pointer: Pos2) -> Option<(usize, usize)> {
    let last = steps(chart).checked_sub(1)?;
    let share = (pointer.x - plane.area.left()) / plane.area.width().max(1.0);
    let step = chart.first + (share * last as f32).round().clamp(0.0, last as f32) as usize;
    chart
        .lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| {
            let value = (*line.values.get(step)?)?;
            Some((index, (plane.y_of(value) - pointer.y).abs()))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(index, _)| (step, index))
}

/// Unbroken runs of points, split where the values become provisional.
fn paint_line(painter: &Painter, chart: &Lines<'_>, plane: &Plane, line: &Line<'_>, hovered: bool) {
    let width = if hovered {
        line.width + 1.0
    } else {
        line.width
    };
    let stroke = Stroke::new(width, line.color);
    let mut solid: Vec<Pos2> = Vec::new();
    let mut last: Option<Pos2> = None;
    for (step, value) in line.values.iter().enumerate().skip(chart.first) {
        let Some(value) = value else {
            flush(painter, &mut solid, stroke);
            last = None;
            continue;
        };
        let point = pos2(x_of(chart, plane, step), plane.y_of(*value));
        if step >= line.provisional_from {
            flush(painter, &mut solid, stroke);
            if let Some(from) = last {
                painter.extend(Shape::dashed_line(&[from, point], stroke, 4.0, 3.0));
            }
        } else {
            solid.push(point);
        }
        last = Some(point);
    }
    flush(painter, &mut solid, stroke);
}

fn flush(painter: &Painter, points: &mut Vec<Pos2>, stroke: Stroke) {
    let points = std::mem::take(points);
    match points.as_slice() {
        [] => {}
        [only] => {
            painter.circle_filled(*only, stroke.width, stroke.color);
        }
        _ => {
            painter.add(Shape::line(points, stroke));
        }
    }
}

fn dot(
    ui: &Ui,
    palette: &Palette,
    chart: &Lines<'_>,
    plane: &Plane,
    (step, index): (usize, usize),
) {
    let Some(line) = chart.lines.get(index) else {
        return;
    };
    if let Some(Some(value)) = line.values.get(step) {
        let point = pos2(x_of(chart, plane, step), plane.y_of(*value));
        if !plane.area.expand(3.0).contains(point) {
            return;
        }
        ui.painter().circle_filled(point, 5.0, palette.card);
        ui.painter().circle_filled(point, 3.5, line.color);
    }
}

/// The marked step.
fn mark(ui: &Ui, palette: &Palette, chart: &Lines<'_>, plane: &Plane) {
    let Some(step) = chart.marked else { return };
    let Some(last) = chart.lines.len().checked_sub(1) else {
        return;
    };
    let x = ui.painter().round_to_pixel_center(x_of(chart, plane, step));
    let ends = [pos2(x, plane.area.top()), pos2(x, plane.area.bottom())];
    let stroke = Stroke::new(1.0, palette.faint);
    ui.painter()
        .extend(Shape::dashed_line(&ends, stroke, 3.0, 3.0));
    dot(ui, palette, chart, plane, (step, last));
}

fn labels(ui: &Ui, palette: &Palette, chart: &Lines<'_>, plane: &Plane) {
    let shown = chart.labels.get(chart.first..).unwrap_or(&[]);
    let widest = shown
        .iter()
        .map(|label| text_width(ui, label))
        .fold(0.0, f32::max);
    let least = stride(shown.len(), plane.area.width(), widest + 14.0);
    let step = if chart.label_every < least {
        least
    } else {
        chart.label_every
    };
    for (offset, label) in shown.iter().enumerate() {
        let index = offset + chart.first;
        // Multiples of the stride read better than "1, 4, 7".
        if index.is_multiple_of(step) {
            plane.x_label(ui, palette, x_of(chart, plane, index), label);
        }
    }
}

fn last_point(chart: &Lines<'_>, line: &Line<'_>) -> Option<(usize, f64)> {
    line.values
        .iter()
        .enumerate()
        .skip(chart.first)
        .filter_map(|(step, value)| value.map(|value| (step, value)))
        .next_back()
}

fn end_label_width(ui: &Ui, chart: &Lines<'_>) -> f32 {
    let widest = chart
        .lines
        .iter()
        .filter(|line| line.labelled || chart.names_room)
        .map(|line| text_width(ui, line.name) + 8.0)
        .fold(0.0, f32::max);
    // Half of the last tick's label hangs over the axis anyway.
    widest.max(6.0)
}

/// Names at the lines' ends, pushed apart where they would overlap.
fn end_labels(ui: &Ui, ground: Color32, chart: &Lines<'_>, plane: &Plane) {
    const HEIGHT: f32 = 15.0;
    let mut ends: Vec<(f32, f32, &Line<'_>)> = chart
        .lines
        .iter()
        .filter(|line| line.labelled)
        .filter_map(|line| {
            let (step, value) = last_point(chart, line)?;
            let y = plane.y_of(value).max(plane.area.top());
            Some((y, x_of(chart, plane, step), line))
        })
        .collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lowest = f32::NEG_INFINITY;
    for (y, x, line) in ends {
        let y = y.max(lowest + HEIGHT);
        lowest = y;
        // Ends near the right edge share the margin, out of the way of other lines.
        let x = if x > plane.area.right() - 100.0 {
            plane.area.right()
        } else {
            x
        };
        let galley =
            ui.painter()
                .layout_no_wrap(line.name.to_owned(), font::caption_medium(), line.color);
        let rect = Align2::LEFT_CENTER.anchor_size(pos2(x + 8.0, y), galley.size());
        ui.painter().rect_filled(rect.expand(2.0), 2, ground);
        ui.painter().galley(rect.min, galley, line.color);
    }
}

/// Keyboard read-out shared by the charts: with focus, ← and → move over the steps. Returns the step
/// in focus.
pub(super) fn focus_step(ui: &Ui, response: &Response, count: usize) -> Option<usize> {
    if !response.has_focus() || count == 0 {
        return None;
    }
    ui.memory_mut(|memory| {
        memory.set_focus_lock_filter(
            response.id,
            egui::EventFilter {
                horizontal_arrows: true,
                ..egui::EventFilter::default()
            },
        );
    });
    let id = response.id.with("step");
    let before = ui.data(|data| data.get_temp::<usize>(id));
    let mut step = before.unwrap_or(count - 1).min(count - 1);
    ui.input(|input| {
        if input.key_pressed(egui::Key::ArrowLeft) {
            step = step.saturating_sub(1);
        }
        if input.key_pressed(egui::Key::ArrowRight) {
            step = (step + 1).min(count - 1);
        }
    });
    ui.data_mut(|data| data.insert_temp(id, step));
    focus_ring(ui, response.rect);
    Some(step)
}

fn focus_ring(ui: &Ui, rect: Rect) {
    let stroke = ui.visuals().selection.stroke;
    ui.painter()
        .rect_stroke(rect, 4, stroke, egui::StrokeKind::Outside);
}
