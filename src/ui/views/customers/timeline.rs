//! The order timeline of one customer: a stem per order, credits below the axis, long gaps shaded.

use egui::{Align2, Pos2, Rect, Response, Shape, Stroke, Ui, accesskit, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};

use super::model::Detail;
use crate::{
    chart::{
        Axes, Axis, HousePlot, PlotOptions, Tip, Unit,
        plot::{Painted, Zoom},
        scale::{Scale, day_ticks},
        tip_ui,
    },
    cx::Cx,
    format::{self, count, date, money_exact},
    theme::{Palette, font, gap},
};
use analysis::customer_list::OrderRow;

const HEIGHT: f32 = 170.0;
/// About so many ticks of money.
const ROWS: usize = 3;
/// A pointer this far from a stem still means it.
const REACH: f32 = 14.0;

/// What a stem shows: what was ordered, also when it was not kept.
fn height(row: &OrderRow) -> f64 {
    if row.credit || row.kept {
        row.amount
    } else {
        row.amount_not_kept
    }
}

/// Draws the chart over the available width.
pub fn timeline_ui(ui: &mut Ui, cx: &Cx<'_>, detail: &Detail) {
    let heights = || detail.orders.iter().map(height);
    let (low, high) = (
        heights().fold(0.0, f64::min),
        heights().fold(1e-9, f64::max),
    );
    let unit = Unit::Money(&cx.project.currency);
    let y = Scale::covering(low, high, ROWS, unit);
    let days = || detail.orders.iter().map(|row| row.day);
    let first = days().min().unwrap_or(detail.as_of - 1);
    let plot = HousePlot {
        height: HEIGHT,
        axes: Axes {
            x_title: "",
            y_title: "",
            unit,
        },
        x: Axis {
            low: f64::from(first),
            high: f64::from(detail.as_of.max(first + 1)),
            ticks: &day_ticks,
        },
        y: Axis {
            low: y.min,
            high: y.max,
            ticks: &|sight| y.ticks(sight, unit),
        },
        options: PlotOptions {
            // Years of orders stand close together; their heights are compared.
            zoom: Zoom::Sideways,
            ..PlotOptions::default()
        },
    };
    let palette = cx.palette;
    let shown = plot.show(ui, palette, |plot| {
        let hovered = nearest(plot.transform(), detail, plot.response());
        plot.add(Painted::new(move |ui, at, shapes| {
            gaps(ui, palette, at, detail, shapes);
            let stems = Stems {
                palette,
                at,
                hovered,
            };
            stems.shapes(&detail.orders, shapes);
        }));
        hovered
    });
    let response = shown.response;
    response.widget_info(|| {
        let text = format!("Order timeline: {}", detail.finding);
        egui::WidgetInfo::labeled(accesskit::Role::Figure, true, text)
    });
    if let Some(index) = shown.inner {
        tip_ui(ui, palette, response.id, None, &tip(cx, detail, index));
    }
}

/// Where the head of an order's stem stands.
fn head(at: &PlotTransform, row: &OrderRow) -> Pos2 {
    at.position_from_point(&PlotPoint::new(f64::from(row.day), height(row)))
}

fn nearest(at: &PlotTransform, detail: &Detail, response: &Response) -> Option<usize> {
    let pointer = response.hover_pos().filter(|_| !response.dragged())?;
    let far = |row: &OrderRow| {
        let head = head(at, row);
        // Mostly sideways: a stem is met anywhere along its height.
        (head.x - pointer.x).abs() + (head.y - pointer.y).abs() * 0.05
    };
    (0..detail.orders.len())
        .map(|index| (far(&detail.orders[index]), index))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|&(distance, _)| distance <= REACH)
        .map(|(_, index)| index)
}

/// The read-out of one order.
fn tip(cx: &Cx<'_>, detail: &Detail, index: usize) -> Tip {
    let row = &detail.orders[index];
    let currency = &cx.project.currency;
    let mut tip = Tip::new(date(row.day));
    if let Some(id) = detail.order_ids.get(index) {
        tip = tip.row(None, "Order", id.clone());
    }
    tip = tip.row(None, kind(row), money_exact(height(row), currency));
    tip = tip.row(None, "Lines", format::integer(u64::from(row.lines)));
    if let Some(days) = row.gap_days {
        let days = u64::try_from(days).unwrap_or(0);
        tip = tip.row(None, "Since the order before", count(days, "day", "days"));
    }
    tip
}

/// What a row of the order list is.
#[must_use]
pub fn kind(row: &OrderRow) -> &'static str {
    match (row.credit, row.kept) {
        (true, _) => "Credit",
        (false, true) => "Kept",
        (false, false) => "Not kept",
    }
}

fn gaps(ui: &Ui, palette: &Palette, at: &PlotTransform, detail: &Detail, shapes: &mut Vec<Shape>) {
    for &(from, to) in &detail.long_gaps {
        let [left, right] = [from, to].map(|day| at.position_from_point_x(f64::from(day)));
        let band = Rect::from_x_y_ranges(left..=right, at.frame().y_range());
        // Two silences in a row stay two.
        let shade = band.shrink2(vec2(1.5, 0.0));
        shapes.push(Shape::rect_filled(
            shade,
            0,
            palette.warn.gamma_multiply(0.10),
        ));
        let days = count(u64::try_from(to - from).unwrap_or(0), "day", "days");
        let galley = ui
            .painter()
            .layout_no_wrap(days, font::caption(), palette.warn);
        if galley.size().x + gap::S < band.width() {
            let place = pos2(band.center().x, band.top() + 2.0);
            let place = Align2::CENTER_TOP.anchor_size(place, galley.size()).min;
            shapes.push(Shape::galley(place, galley, palette.warn));
        }
    }
}

struct Stems<'a> {
    palette: &'a Palette,
    at: &'a PlotTransform,
    hovered: Option<usize>,
}

impl Stems<'_> {
    fn shapes(&self, orders: &[OrderRow], shapes: &mut Vec<Shape>) {
        let (palette, zero) = (self.palette, self.at.position_from_point_y(0.0));
        let many = orders.len() as f32 > self.at.frame().width() / 6.0;
        let radius = if many { 2.5 } else { 4.0 };
        let mut taken: Option<(i32, f32)> = None;
        for (index, row) in orders.iter().enumerate() {
            let head = head(self.at, row);
            let lit = self.hovered == Some(index);
            // Thousands of orders: one stem per pixel column is all that can be seen.
            let pixel = (head.x * 2.0) as i32;
            if many && !lit && taken.is_some_and(|t| t.0 == pixel && t.1 <= head.y) {
                continue;
            }
            taken = Some((pixel, head.y));
            let color = match (row.credit, row.kept) {
                (true, _) => palette.warn,
                (false, true) => palette.accent,
                (false, false) => palette.muted,
            };
            let (width, radius) = if lit {
                (2.5, radius + 1.5)
            } else {
                (1.5, radius)
            };
            let stem = Stroke::new(width, color.gamma_multiply(0.7));
            shapes.push(Shape::line_segment([pos2(head.x, zero), head], stem));
            shapes.push(Shape::circle_filled(head, radius, color));
            if !row.kept && !row.credit {
                shapes.push(Shape::circle_filled(head, radius - 1.5, palette.card));
            }
        }
    }
}
