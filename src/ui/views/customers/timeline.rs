//! The order timeline of one customer: a stem per order, credits below the axis, long gaps shaded.

use egui::{Align2, Id, Painter, Rect, Response, Sense, Stroke, Ui, accesskit, pos2, vec2};

use super::model::Detail;
use crate::{
    chart::{Tip, tip_ui},
    cx::Cx,
    format::{self, count, date, money_exact},
    theme::{Palette, font, gap},
};
use analysis::customer_list::OrderRow;
use data::day::{Day, Period};

const HEIGHT: f32 = 170.0;
const LEFT: f32 = 44.0;
const BOTTOM: f32 = 22.0;
/// A pointer this far from a stem still means it.
const REACH: f32 = 14.0;

/// Time from left to right, money upwards.
struct Plane {
    area: Rect,
    first: Day,
    last: Day,
    low: f64,
    high: f64,
}

impl Plane {
    fn new(area: Rect, detail: &Detail) -> Self {
        let days = || detail.orders.iter().map(|row| row.day);
        let first = days().min().unwrap_or(detail.as_of - 1);
        let heights = || detail.orders.iter().map(height);
        Self {
            area,
            first,
            last: detail.as_of.max(first + 1),
            low: heights().fold(0.0, f64::min) * 1.1,
            high: heights().fold(0.0, f64::max).max(1e-9) * 1.1,
        }
    }

    fn x(&self, day: Day) -> f32 {
        let inner = self.area.shrink2(vec2(8.0, 0.0));
        let share = f64::from(day - self.first) / f64::from(self.last - self.first);
        inner.left() + inner.width() * share as f32
    }

    fn y(&self, amount: f64) -> f32 {
        let share = (amount - self.low) / (self.high - self.low);
        self.area.bottom() - self.area.height() * share as f32
    }
}

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
    let size = vec2(ui.available_width(), HEIGHT);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let response = ui.interact(rect, Id::unique("order timeline"), Sense::hover());
    response.widget_info(|| {
        let text = format!("Order timeline: {}", detail.finding);
        egui::WidgetInfo::labeled(accesskit::Role::Image, true, text)
    });
    let area = Rect::from_min_max(
        pos2(rect.left() + LEFT, rect.top() + 6.0),
        pos2(rect.right(), rect.bottom() - BOTTOM),
    );
    let plane = Plane::new(area, detail);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    gaps(&painter, cx.palette, &plane, detail);
    axes(&painter, cx.palette, &plane);
    let hovered = nearest(&plane, detail, &response);
    stems(&painter, cx.palette, &plane, detail, hovered);
    if let Some(index) = hovered {
        let id = Id::unique("order timeline tip");
        tip_ui(ui, cx.palette, id, None, &tip(cx, detail, index));
    }
}

fn nearest(plane: &Plane, detail: &Detail, response: &Response) -> Option<usize> {
    let pointer = response.hover_pos()?;
    let far = |row: &OrderRow| {
        let head = pos2(plane.x(row.day), plane.y(height(row)));
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

fn gaps(painter: &Painter, palette: &Palette, plane: &Plane, detail: &Detail) {
    for &(from, to) in &detail.long_gaps {
        let band = Rect::from_min_max(
            pos2(plane.x(from), plane.area.top()),
            pos2(plane.x(to), plane.area.bottom()),
        );
        // Two silences in a row stay two.
        let shade = band.shrink2(vec2(1.5, 0.0));
        painter.rect_filled(shade, 0, palette.warn.gamma_multiply(0.10));
        let text = painter.layout_no_wrap(
            count(u64::try_from(to - from).unwrap_or(0), "day", "days"),
            font::caption(),
            palette.warn,
        );
        if text.size().x + gap::S < band.width() {
            let left = band.center().x - text.size().x / 2.0;
            painter.galley(pos2(left, band.top() + 2.0), text, palette.warn);
        }
    }
}

fn axes(painter: &Painter, palette: &Palette, plane: &Plane) {
    let area = plane.area;
    let grid = Stroke::new(1.0, palette.hairline.gamma_multiply(0.7));
    let step = tick_step(plane.high - plane.low);
    let mut value = (plane.low / step).ceil() * step;
    while value <= plane.high {
        let y = plane.y(value);
        painter.hline(area.x_range(), y, grid);
        painter.text(
            pos2(area.left() - gap::S, y),
            Align2::RIGHT_CENTER,
            format::tick(value, step),
            font::caption(),
            palette.muted,
        );
        value += step;
    }
    let zero = plane.y(0.0);
    painter.hline(area.x_range(), zero, Stroke::new(1.0, palette.faint));
    let mut taken = f32::NEG_INFINITY;
    for (day, label) in dates(plane.first, plane.last, area.width()) {
        let x = plane.x(day);
        painter.vline(x, area.bottom()..=area.bottom() + 4.0, grid);
        let half = painter
            .layout_no_wrap(label.clone(), font::caption(), palette.muted)
            .size()
            .x
            / 2.0;
        let x = x.clamp(area.left() - LEFT + half, area.right() - half);
        if x - half < taken + gap::S {
            continue;
        }
        taken = x + half;
        painter.text(
            pos2(x, area.bottom() + 5.0),
            Align2::CENTER_TOP,
            label,
            font::caption(),
            palette.muted,
        );
    }
}

/// About three round steps.
fn tick_step(range: f64) -> f64 {
    let rough = (range / 3.0).max(1e-9);
    let power = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|&step| step >= rough)
        .unwrap_or(10.0 * power)
}

/// First days of months or years between two days, as many as have room.
fn dates(first: Day, last: Day, width: f32) -> Vec<(Day, String)> {
    let (from, to) = (Period::Month.index(first), Period::Month.index(last));
    let room = (width / 76.0).max(1.0) as i32;
    let months = (to - from) + 1;
    let step = [1, 2, 3, 6, 12, 24, 60, 120, 240]
        .into_iter()
        .find(|step| months / step <= room)
        .unwrap_or(600);
    (from..=to)
        .filter(|index| index.rem_euclid(step) == 0)
        .map(|index| {
            let label = if step >= 12 {
                format::period(Period::Year, index.div_euclid(12))
            } else {
                format::period(Period::Month, index)
            };
            (Period::Month.first_day(index), label)
        })
        .filter(|&(day, _)| day >= first && day <= last)
        .collect()
}

fn stems(
    painter: &Painter,
    palette: &Palette,
    plane: &Plane,
    detail: &Detail,
    hovered: Option<usize>,
) {
    let zero = plane.y(0.0);
    let many = detail.orders.len() as f32 > plane.area.width() / 6.0;
    let radius = if many { 2.5 } else { 4.0 };
    let mut taken: Option<(i32, f32)> = None;
    for (index, row) in detail.orders.iter().enumerate() {
        let (x, y) = (plane.x(row.day), plane.y(height(row)));
        // Thousands of orders: one stem per pixel column is all that can be seen.
        let pixel = (x * 2.0) as i32;
        if many && hovered != Some(index) && taken.is_some_and(|t| t.0 == pixel && t.1 <= y) {
            continue;
        }
        taken = Some((pixel, y));
        let color = match (row.credit, row.kept) {
            (true, _) => palette.warn,
            (false, true) => palette.accent,
            (false, false) => palette.muted,
        };
        let (width, radius) = if hovered == Some(index) {
            (2.5, radius + 1.5)
        } else {
            (1.5, radius)
        };
        painter.line_segment(
            [pos2(x, zero), pos2(x, y)],
            Stroke::new(width, color.gamma_multiply(0.7)),
        );
        let head = pos2(x, y);
        if row.kept || row.credit {
            painter.circle_filled(head, radius, color);
        } else {
            painter.circle(head, radius, palette.card, Stroke::new(1.5, color));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::day::parse_iso;

    #[test]
    fn dates_are_round_and_few_enough() {
        let day = |text| parse_iso(text).expect("a date");
        let labels = |from, to, width| -> Vec<String> {
            dates(day(from), day(to), width)
                .into_iter()
                .map(|(_, label)| label)
                .collect()
        };
        assert_eq!(
            labels("1997-01-15", "1998-07-01", 330.0),
            ["Jul 1997", "Jan 1998", "Jul 1998"]
        );
        assert_eq!(
            labels("2010-05-01", "2014-02-01", 330.0),
            ["2011", "2012", "2013", "2014"]
        );
        assert!(labels("1990-01-01", "2024-01-01", 330.0).len() <= 5);
    }
}
