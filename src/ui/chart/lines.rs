//! A set of lines over whole steps: the age of a cohort, a running period.

use egui::{Align2, Color32, Pos2, Rect, Response, Sense, Stroke, Ui, Vec2, pos2};
use egui_plot::{LineStyle, PlotPoint, PlotTransform, PlotUi, Points};

use super::{
    plot::{Axes, Axis, HousePlot, PAD, PlotOptions, focus_step, rule, text_width},
    scale::{Scale, Steps, rows},
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

/// A value of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spot {
    step: usize,
    line: usize,
}

/// What the pointer is on.
#[derive(Debug)]
pub struct LinesResponse {
    pub response: Response,
    /// (step, line) nearest to the pointer.
    pub hovered: Option<(usize, usize)>,
}

/// Draws the chart over the full width. With focus, ← and → walk the steps of the last line.
pub fn lines_ui(ui: &mut Ui, palette: &Palette, chart: &Lines<'_>) -> LinesResponse {
    let (low, high) = range(chart);
    let y = Scale::covering(low, high, rows(chart.height), chart.axes.unit);
    let widest = |texts: &mut dyn Iterator<Item = &str>| {
        texts.map(|text| text_width(ui, text)).fold(0.0, f32::max)
    };
    let steps = Steps {
        labels: chart.labels,
        shift: 0.0,
        anchor: 0,
        every: chart.label_every,
        widest: widest(&mut chart.labels.iter().map(String::as_str)),
    };
    let named = |line: &&Line<'_>| (line.labelled || chart.names_room) && !line.name.is_empty();
    let names = widest(&mut chart.lines.iter().filter(named).map(|line| line.name));
    let last = chart.labels.len().saturating_sub(1).max(chart.first + 1);
    let plot = HousePlot {
        height: chart.height,
        axes: chart.axes,
        x: Axis {
            low: chart.first as f64,
            high: last as f64,
            ticks: &|sight| steps.ticks(sight),
        },
        y: Axis {
            low: y.min,
            high: y.max,
            ticks: &|sight| y.ticks(sight, chart.axes.unit),
        },
        options: PlotOptions {
            right: if names > 0.0 { names + 2.0 * PAD } else { 0.0 },
            sense: Sense::click_and_drag(),
            ..PlotOptions::default()
        },
    };
    let shown = plot.show(ui, palette, |plot| {
        let focused = focused(chart, plot);
        let pointer = plot.response().hover_pos();
        let hovered = pointer.and_then(|pointer| nearest(chart, plot.transform(), pointer));
        if let Some(spot) = hovered.or(focused) {
            plot.add(rule(
                spot.step as f64,
                Stroke::new(1.0, palette.faint),
                false,
            ));
        }
        for (index, line) in chart.lines.iter().enumerate() {
            let lit = hovered.is_some_and(|spot| spot.line == index);
            add_line(plot, chart, line, lit);
        }
        let last = chart.lines.len().checked_sub(1);
        if let Some((step, line)) = chart.marked.zip(last) {
            plot.add(rule(step as f64, Stroke::new(1.0, palette.faint), true));
            add_dot(plot, palette, chart, Spot { step, line });
        }
        if let Some(spot) = hovered.or(focused) {
            add_dot(plot, palette, chart, spot);
        }
        (hovered, focused)
    });
    let (hovered, focused) = shown.inner;
    let response = shown.response;
    let summary = focused.map_or_else(
        || chart.summary.to_owned(),
        |spot| (chart.tip)(spot.step, spot.line).sentence(),
    );
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, &summary));
    end_labels(ui, palette.card, chart, &shown.at);
    if let Some(spot) = hovered.or(focused).filter(|_| !response.dragged()) {
        let place = value(chart, spot).map(|value| at(&shown.at, spot.step, value));
        let anchor = place.filter(|_| hovered.is_none());
        let anchor = anchor.map(|place| Rect::from_center_size(place, Vec2::splat(8.0)));
        let tip = (chart.tip)(spot.step, spot.line);
        tip_ui(ui, palette, response.id, anchor, &tip);
    }
    LinesResponse {
        response,
        hovered: hovered.map(|spot| (spot.step, spot.line)),
    }
}

fn focused(chart: &Lines<'_>, plot: &PlotUi<'_>) -> Option<Spot> {
    let line = chart.lines.len().checked_sub(1)?;
    let count = chart.labels.len().checked_sub(chart.first)?;
    let step = chart.first + focus_step(plot.ctx(), plot.response(), count)?;
    Some(Spot { step, line })
}

fn at(transform: &PlotTransform, step: usize, value: f64) -> Pos2 {
    transform.position_from_point(&PlotPoint::new(step as f64, value))
}

fn value(chart: &Lines<'_>, spot: Spot) -> Option<f64> {
    *chart.lines.get(spot.line)?.values.get(spot.step)?
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

fn nearest(chart: &Lines<'_>, transform: &PlotTransform, pointer: Pos2) -> Option<Spot> {
    let last = chart.labels.len().checked_sub(1)? as f64;
    let at_pointer = transform.value_from_position(pointer);
    let step = at_pointer.x.round().clamp(chart.first as f64, last) as usize;
    (0..chart.lines.len())
        .map(|line| Spot { step, line })
        .filter_map(|spot| {
            let y = at(transform, step, value(chart, spot)?).y;
            Some((spot, (y - pointer.y).abs()))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(spot, _)| spot)
}

/// Unbroken runs of points, split where the values become provisional.
fn add_line(plot: &mut PlotUi<'_>, chart: &Lines<'_>, line: &Line<'_>, lit: bool) {
    let width = if lit { line.width + 1.0 } else { line.width };
    let points: Vec<Option<[f64; 2]>> = line
        .values
        .iter()
        .enumerate()
        .skip(chart.first)
        .map(|(step, value)| value.map(|value| [step as f64, value]))
        .collect();
    let turn = line.provisional_from.saturating_sub(chart.first);
    let (certain, unsure) = points.split_at(turn.min(points.len()));
    // The dashes start where the line ends.
    let unsure: Vec<_> = certain.last().into_iter().chain(unsure).copied().collect();
    let solid = (certain, LineStyle::Solid);
    let dashed = (unsure.as_slice(), LineStyle::Dashed { length: 4.0 });
    for (points, style) in [solid, dashed] {
        for run in points.split(Option::is_none) {
            let run: Vec<[f64; 2]> = run.iter().flatten().copied().collect();
            match run.as_slice() {
                [_] if style == LineStyle::Solid => plot.points(
                    Points::new("", run)
                        .radius(width)
                        .color(line.color)
                        .allow_hover(false),
                ),
                _ => plot.line(
                    egui_plot::Line::new("", run)
                        .stroke(Stroke::new(width, line.color))
                        .style(style),
                ),
            }
        }
    }
}

fn add_dot(plot: &mut PlotUi<'_>, palette: &Palette, chart: &Lines<'_>, spot: Spot) {
    let (Some(value), Some(line)) = (value(chart, spot), chart.lines.get(spot.line)) else {
        return;
    };
    for (radius, color) in [(5.0, palette.card), (3.5, line.color)] {
        let point = vec![[spot.step as f64, value]];
        plot.points(Points::new("", point).radius(radius).color(color));
    }
}

/// The last value in sight.
fn last_point(chart: &Lines<'_>, line: &Line<'_>, end: f64) -> Option<(usize, f64)> {
    line.values
        .iter()
        .enumerate()
        .skip(chart.first)
        .take_while(|(step, _)| *step as f64 <= end)
        .filter_map(|(step, value)| value.map(|value| (step, value)))
        .last()
}

/// Names at the lines' ends, pushed apart where they would overlap.
fn end_labels(ui: &Ui, ground: Color32, chart: &Lines<'_>, transform: &PlotTransform) {
    const HEIGHT: f32 = 15.0;
    let area = transform.frame().shrink(PAD);
    let end = transform.bounds().max()[0];
    let mut ends: Vec<(Pos2, &Line<'_>)> = chart
        .lines
        .iter()
        .filter(|line| line.labelled)
        .filter_map(|line| {
            let (step, value) = last_point(chart, line, end)?;
            let place = at(transform, step, value);
            let y = place.y.clamp(area.top(), area.bottom());
            (place.x >= area.left()).then_some((pos2(place.x, y), line))
        })
        .collect();
    ends.sort_by(|a, b| a.0.y.total_cmp(&b.0.y));
    let mut lowest = f32::NEG_INFINITY;
    for (place, line) in ends {
        let y = place.y.max(lowest + HEIGHT);
        lowest = y;
        // Ends near the right edge share the margin, out of the way of other lines.
        let x = if place.x > area.right() - 100.0 {
            area.right()
        } else {
            place.x
        };
        let galley =
            ui.painter()
                .layout_no_wrap(line.name.to_owned(), font::caption_medium(), line.color);
        let rect = Align2::LEFT_CENTER.anchor_size(pos2(x + 8.0, y), galley.size());
        ui.painter().rect_filled(rect.expand(2.0), 2, ground);
        ui.painter().galley(rect.min, galley, line.color);
    }
}
