//! Free curves and dots over a numeric x axis: gains, ROC, reliability, partial effects, tracking,
//! profit. With a cut line that can be dragged, for depths and thresholds.

use egui::{
    Align2, Color32, CursorIcon, Key, PointerButton, Rect, Response, Sense, Stroke, Ui, pos2, vec2,
};
use egui_plot::{FilledArea, LineStyle, PlotTransform, PlotUi, Points};

use super::{
    plot::{Axes, Axis, HousePlot, PAD, PlotOptions, hold_arrows, rule, text_width},
    scale::{BELOW, Scale, Sight, Tick, Unit, number_ticks, rows},
    tip::{Tip, tip_ui},
};
use crate::theme::{Palette, font};

/// A line of more points than this is drawn as `egui_plot` finds best.
const MANY: usize = 4_000;

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

    /// Dots without a line.
    #[must_use]
    pub fn dots(points: &'a [[f64; 2]], color: Color32) -> Self {
        Self {
            width: 0.0,
            dots: true,
            ..Self::new(points, color)
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
    /// Moved by one press of an arrow key; with Shift ten times as far.
    pub step: f64,
    /// The pointer moves it in steps of this.
    pub snap: f64,
    /// A ring on the line at this height: what the handle reads off.
    pub ring: Option<f64>,
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
    /// Ticks of the x axis where they are not round numbers of `x_unit`.
    pub x_ticks: Option<&'a dyn Fn(Sight) -> Vec<Tick>>,
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
            x_ticks: None,
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

/// Draws the chart over the full width.
pub fn curves_ui(ui: &mut Ui, palette: &Palette, chart: &Curves<'_>) -> CurvesResponse {
    let y = Scale::covering(chart.y.0, chart.y.1, rows(chart.height), chart.axes.unit);
    let numbers = |sight| number_ticks(sight, BELOW, chart.x_unit);
    let plot = HousePlot {
        height: chart.height,
        axes: chart.axes,
        // Curves fill the width: ticks stay round, the ends are the data's.
        x: Axis {
            low: chart.x.0,
            high: chart.x.1,
            ticks: chart.x_ticks.unwrap_or(&numbers),
        },
        y: Axis {
            low: y.min,
            high: y.max,
            ticks: &|sight| y.ticks(sight, chart.axes.unit),
        },
        options: match chart.handle {
            Some(handle) => PlotOptions {
                sense: Sense::click_and_drag(),
                handle: Some(handle.at),
                ..PlotOptions::default()
            },
            None => PlotOptions::default(),
        },
    };
    let shown = plot.show(ui, palette, |plot| {
        add(plot, chart, &y);
        if let Some(handle) = chart.handle {
            plot.add(rule(handle.at, Stroke::new(1.5, palette.text), false));
            if let Some(ring) = handle.ring {
                for (radius, color) in [(8.0, palette.accent), (5.5, palette.card)] {
                    let point = vec![[handle.at, ring]];
                    plot.points(Points::new("", point).radius(radius).color(color));
                }
            }
        }
        let x = hovered(chart, plot.transform(), plot.response());
        if let Some(x) = x {
            plot.add(rule(x, Stroke::new(1.0, palette.faint), false));
        }
        x
    });
    let response = shown.response;
    label(&response, chart);
    let moved = chart.handle.and_then(|handle| {
        let grip = Grip {
            handle,
            at: &shown.at,
            response: &response,
        };
        grip.paint(ui, palette);
        grip.moved(ui, shown.held)
    });
    if let (Some(x), Some(tip)) = (shown.inner, chart.tip) {
        tip_ui(ui, palette, response.id, None, &tip(x));
    }
    CurvesResponse { response, moved }
}

fn label(response: &Response, chart: &Curves<'_>) {
    let handle = chart.handle;
    response.widget_info(|| match handle {
        Some(handle) => {
            let mut info = egui::WidgetInfo::slider(true, handle.at, handle.name);
            let words = format!("{}. {}", handle.text, chart.summary);
            info.current_text_value = Some(words.trim_end_matches(['.', ' ']).to_owned());
            info
        }
        None => egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, chart.summary),
    });
}

/// Band, dots and curves; what leaves the scale runs along its edge.
fn add(plot: &mut PlotUi<'_>, chart: &Curves<'_>, y: &Scale) {
    let within = |value: f64| value.clamp(y.min, y.max);
    if let Some((band, color)) = chart.band {
        let column = |axis: usize| -> Vec<f64> { band.iter().map(|point| point[axis]).collect() };
        let [low, high] =
            [1, 2].map(|axis| column(axis).into_iter().map(within).collect::<Vec<_>>());
        plot.add(FilledArea::new("", &column(0), &low, &high).fill_color(color));
    }
    for dots in chart.dots.chunk_by(|a, b| a.2 == b.2) {
        let places: Vec<[f64; 2]> = dots.iter().map(|dot| [dot.0, within(dot.1)]).collect();
        let color = dots[0].2;
        plot.points(Points::new("", places).radius(2.0).color(color));
    }
    let pixel = plot.transform().dvalue_dpos()[0].abs();
    for curve in chart.curves {
        let line = curve.points.iter().map(|&[x, y]| [x, within(y)]);
        let mut line: Vec<[f64; 2]> = line.collect();
        if curve.dots {
            let dots = Points::new("", line.clone());
            plot.points(dots.radius(3.5).color(curve.color));
        }
        let style = if curve.dashed {
            // Dashes shorter than a step of the curve would be dots.
            thin(&mut line, 3.0 * pixel);
            LineStyle::Dashed { length: 5.0 }
        } else {
            LineStyle::Solid
        };
        plot.line(
            egui_plot::Line::new("", line)
                .stroke(Stroke::new(curve.width, curve.color))
                // Bands are thin where a line is steep: only for more points than a screen has.
                .allow_band(curve.points.len() > MANY)
                .style(style),
        );
    }
}

/// Leaves points out that are nearer to the one before than `least`, but never the ends.
fn thin(line: &mut Vec<[f64; 2]>, least: f64) {
    let last = line.last().copied();
    let mut before = f64::NEG_INFINITY;
    line.retain(|point| {
        let far = Some(*point) == last || point[0] - before >= least;
        if far {
            before = point[0];
        }
        far
    });
}

/// The x the pointer reads off.
fn hovered(chart: &Curves<'_>, at: &PlotTransform, response: &Response) -> Option<f64> {
    let pointer = response.hover_pos().filter(|_| !response.dragged());
    let x = at.value_from_position(pointer?).x;
    chart
        .tip
        .map(|_| x.clamp(chart.x.0, chart.x.1.max(chart.x.0)))
}

/// The line that can be dragged, where it stands.
struct Grip<'a> {
    handle: Handle<'a>,
    at: &'a PlotTransform,
    response: &'a Response,
}

impl Grip<'_> {
    /// Where the pointer or a key moves the handle to.
    fn moved(&self, ui: &Ui, held: bool) -> Option<f64> {
        let (response, handle) = (self.response, self.handle);
        if response.hovered() && held {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        if response.clicked() || response.drag_started() {
            response.request_focus();
        }
        let pulled = held && (response.dragged_by(PointerButton::Primary) || response.clicked());
        let target = if let Some(pointer) = response.interact_pointer_pos().filter(|_| pulled) {
            // Whole steps, so that figures beside the line stay readable.
            let x = self.at.value_from_position(pointer).x;
            (x / handle.snap).round() * handle.snap
        } else if response.has_focus() {
            hold_arrows(ui.ctx(), response.id);
            self.pressed(ui)?
        } else {
            return None;
        };
        let target = target.clamp(handle.range.0, handle.range.1);
        (target != handle.at).then_some(target)
    }

    /// Where the keys move it to: steps, with Shift ten times as far; Home and End go to the ends.
    fn pressed(&self, ui: &Ui) -> Option<f64> {
        let handle = self.handle;
        ui.input(|input| {
            if input.key_pressed(Key::Home) {
                return Some(handle.range.0);
            }
            if input.key_pressed(Key::End) {
                return Some(handle.range.1);
            }
            let presses = |key| input.num_presses(key) as f64;
            let steps = presses(Key::ArrowRight) - presses(Key::ArrowLeft);
            let far = if input.modifiers.shift { 10.0 } else { 1.0 };
            let whole = |value: f64| (value / handle.step).round() * handle.step;
            (steps != 0.0).then(|| whole(handle.at + steps * far * handle.step))
        })
    }

    /// Its words above the line and a knob below it.
    fn paint(&self, ui: &Ui, palette: &Palette) {
        let (painter, area) = (ui.painter(), *self.at.frame());
        let x = self.at.position_from_point_x(self.handle.at);
        if !area.x_range().contains(x) {
            return;
        }
        let color = palette.text;
        let width = text_width(ui, self.handle.text) + 12.0;
        let left = (x - width / 2.0).clamp(area.left(), (area.right() - width).max(area.left()));
        let tag = Rect::from_min_size(pos2(left, area.top()), vec2(width, 20.0));
        painter.rect_filled(tag, 5, color);
        if self.response.has_focus() {
            let ring = Stroke::new(2.0, palette.accent);
            painter.rect_stroke(tag.expand(2.0), 6, ring, egui::StrokeKind::Outside);
        }
        painter.text(
            tag.center(),
            Align2::CENTER_CENTER,
            self.handle.text,
            font::caption_medium(),
            Palette::text_on(color),
        );
        painter.circle_filled(pos2(x, area.bottom() - PAD), 6.0, color);
    }
}
