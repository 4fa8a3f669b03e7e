//! Painting of the point view: axes, hexagons, people, and what is being drawn around them.

use egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::cloud::{Answer, Bin, Cloud, Point, RADIUS, Window};
use crate::{
    chart::{Tip, Unit, scale::Scale, tip_ui},
    cx::Cx,
    format,
    frame::selection_text,
    theme::{font, segment_color},
    views::segments::colour::Shades,
};
use analysis::{
    rules::NO_SEGMENT,
    selection::{Axis, Quantity},
};

const LEFT: f32 = 52.0;
const BOTTOM: f32 = 40.0;
const TOP: f32 = 22.0;

/// Where things stand on the screen.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    pub area: Rect,
    pub window: Window,
    pub axes: (Axis, Axis),
}

impl Plot {
    /// Screen position of a pair of places.
    pub fn at(&self, x: f64, y: f64) -> Pos2 {
        let share = |at: f64, (low, high): (f64, f64)| ((at - low) / (high - low)) as f32;
        pos2(
            self.area.left() + share(x, self.window.x) * self.area.width(),
            self.area.bottom() - share(y, self.window.y) * self.area.height(),
        )
    }

    /// Places under a screen position.
    pub fn place(&self, at: Pos2) -> (f64, f64) {
        let per = self.per_point();
        (
            self.window.x.0 + f64::from(at.x - self.area.left()) * per.0,
            self.window.y.0 + f64::from(self.area.bottom() - at.y) * per.1,
        )
    }

    /// Places per point of the screen.
    pub fn per_point(&self) -> (f64, f64) {
        let length = |(low, high): (f64, f64)| high - low;
        (
            length(self.window.x) / f64::from(self.area.width().max(1.0)),
            length(self.window.y) / f64::from(self.area.height().max(1.0)),
        )
    }
}

/// What axes leave of a rectangle.
pub fn area(rect: Rect) -> Rect {
    Rect::from_min_max(rect.min + vec2(LEFT, TOP), rect.max - vec2(4.0, BOTTOM))
}

/// The number at a place of an axis.
pub fn value(axis: Axis, place: f64) -> f64 {
    if axis.log {
        10.0_f64.powf(place)
    } else {
        place
    }
}

/// "12 days since last order", "2.4 orders", "revenue of 130".
pub fn words(cx: &Cx<'_>, axis: Axis, place: f64) -> String {
    let value = value(axis, place);
    let days = |name: &str| format!("{} days since the {name} order", format::fixed(value, 0));
    match axis.quantity {
        Quantity::RecencyDays => days("last"),
        Quantity::TenureDays => days("first"),
        Quantity::Frequency if value < 1.5 => "1 order".to_owned(),
        Quantity::Frequency => format!("{} orders", format::fixed(value, 0)),
        Quantity::Monetary => format!("revenue of {}", format::money(value, &cx.project.currency)),
        Quantity::Aov => format!("{} per order", format::money(value, &cx.project.currency)),
    }
}

/// Axes and everything in the window.
pub fn cloud(ui: &Ui, cx: &Cx<'_>, plot: &Plot, (shown, shades): (&Answer, Option<Shades>)) {
    axes(ui, cx, plot);
    match &shown.cloud {
        Cloud::Bins(bins) => hexagons(ui, cx, plot, (shown, bins), shades),
        Cloud::Points(points) => {
            let painter = ui
                .painter()
                .with_clip_rect(plot.area.intersect(ui.clip_rect()));
            for point in points {
                let color = person_color(cx, point, shades);
                let centre = plot.at(point.x, point.y);
                painter.circle(centre, 3.5, color, Stroke::new(0.5, cx.palette.card));
            }
        }
    }
}

/// Many customers: hexagons coloured by how many, or by what is predicted of them.
fn hexagons(
    ui: &Ui,
    cx: &Cx<'_>,
    plot: &Plot,
    (shown, bins): (&Answer, &[Bin]),
    shades: Option<Shades>,
) {
    let painter = ui
        .painter()
        .with_clip_rect(plot.area.intersect(ui.clip_rect()));
    let picking = !cx.shop.selection.is_empty();
    let count = |bin: &Bin| if picking { bin.selected } else { bin.customers };
    let most = bins.iter().map(count).max().unwrap_or(1).max(1);
    let grown = |size: f32, asked: f32| if asked > 0.0 { size / asked } else { 1.0 };
    let scale = vec2(
        grown(plot.area.width(), shown.ask.size[0]) * zoomed(shown.window.x, plot.window.x),
        grown(plot.area.height(), shown.ask.size[1]) * zoomed(shown.window.y, plot.window.y),
    );
    if shades.is_none() {
        count_key(ui, cx, plot, (most, picking));
    }
    let quiet = cx.palette.tint(cx.palette.faint, 0.35);
    for bin in bins {
        let color = match (count(bin), shades) {
            (0, _) => quiet,
            (_, Some(shades)) => {
                let shade = |value| shades.color(cx.palette, value);
                bin.predicted.map_or(quiet, shade)
            }
            (count, None) => {
                let share = f64::from(count + 1).ln() / f64::from(most + 1).ln();
                cx.palette.sequential(share as f32)
            }
        };
        let centre = plot.at(bin.x, bin.y);
        painter.add(hexagon(centre, scale, color));
    }
}

/// How many customers the strongest colour stands for.
fn count_key(ui: &Ui, cx: &Cx<'_>, plot: &Plot, (most, picking): (u32, bool)) {
    let noun = if picking {
        "selected customer"
    } else {
        "customer"
    };
    let key = format::count(u64::from(most), noun, &format!("{noun}s"));
    let end = if cx.palette.dark {
        "brightest"
    } else {
        "darkest"
    };
    ui.painter().text(
        plot.area.right_top() - vec2(0.0, TOP),
        Align2::RIGHT_TOP,
        format!("{end}: {key} in one place"),
        font::caption(),
        cx.palette.muted,
    );
}

/// How much larger the old window's hexagons are in the new one.
fn zoomed(old: (f64, f64), new: (f64, f64)) -> f32 {
    ((old.1 - old.0) / (new.1 - new.0)) as f32
}

fn hexagon(centre: Pos2, scale: egui::Vec2, color: Color32) -> Shape {
    // A little smaller than its cell, so that neighbours read apart.
    let radius = RADIUS * 0.94;
    let corners = (0..6).map(|corner| {
        let angle = std::f32::consts::FRAC_PI_3 * (corner as f32 + 0.5);
        centre + radius * vec2(angle.cos(), angle.sin()) * scale
    });
    Shape::convex_polygon(corners.collect(), color, Stroke::NONE)
}

/// The colours of the predicted values in sight.
pub fn shades(cx: &Cx<'_>, shown: &Answer) -> Option<Shades> {
    let outlook = cx.shop.outlook.as_ref()?;
    let chance = outlook.is_chance();
    match &shown.cloud {
        Cloud::Bins(bins) => Shades::covering(bins.iter().filter_map(|bin| bin.predicted), chance),
        Cloud::Points(points) => {
            let values = points
                .iter()
                .filter_map(|point| outlook.value_of(point.row as usize));
            Shades::covering(values, chance)
        }
    }
}

fn person_color(cx: &Cx<'_>, point: &Point, shades: Option<Shades>) -> Color32 {
    let quiet = cx.palette.tint(cx.palette.faint, 0.5);
    if !cx.shop.selection.is_empty() && !point.selected {
        return quiet;
    }
    if let Some(shades) = shades {
        let value = cx
            .shop
            .outlook
            .as_ref()
            .and_then(|known| known.value_of(point.row as usize));
        return value.map_or(quiet, |value| shades.color(cx.palette, value));
    }
    segment(cx, point.row).map_or(cx.palette.accent, |(style, _)| segment_color(style))
}

fn segment<'a>(cx: &Cx<'a>, row: u32) -> Option<(u8, &'a str)> {
    let number = *cx.shop.segments.segment.get(row as usize)?;
    if number == NO_SEGMENT {
        return None;
    }
    let stats = cx.shop.segments.stats.get(usize::from(number))?;
    Some((stats.style, stats.name.as_str()))
}

/// Ticks of an axis: round values, or 1, 2 and 5 times powers of ten.
fn ticks(axis: Axis, (low, high): (f64, f64), room: f32) -> Vec<(f64, String)> {
    if !axis.log {
        let target = (room / 70.0).clamp(2.0, 10.0) as usize;
        let scale = Scale::covering(low, high, target, Unit::Number);
        let text = |value: f64| (value, format::tick(value, scale.step));
        let inside = |value: &f64| (low..=high).contains(value);
        return scale.ticks().into_iter().filter(inside).map(text).collect();
    }
    let leads: &[f64] = if high - low < 3.5 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    let powers = low.floor() as i32..=high.ceil() as i32;
    powers
        .flat_map(|power| {
            leads
                .iter()
                .map(move |lead| f64::from(power) + lead.log10())
        })
        .filter(|place| *place >= 0.0 && (low..=high).contains(place))
        .map(|place| {
            let value = 10.0_f64.powf(place).round();
            (place, format::tick(value, value.max(1.0)))
        })
        .collect()
}

fn axes(ui: &Ui, cx: &Cx<'_>, plot: &Plot) {
    let (palette, painter, area) = (cx.palette, ui.painter(), plot.area);
    let line = Stroke::new(1.0, palette.hairline);
    for (place, text) in ticks(plot.axes.0, plot.window.x, area.width()) {
        let x = plot.at(place, plot.window.y.0).x;
        painter.vline(x, area.y_range(), line);
        let at = pos2(x, area.bottom() + 6.0);
        painter.text(at, Align2::CENTER_TOP, text, font::caption(), palette.muted);
    }
    for (place, text) in ticks(plot.axes.1, plot.window.y, area.height()) {
        let y = plot.at(plot.window.x.0, place).y;
        painter.hline(area.x_range(), y, line);
        let at = pos2(area.left() - 8.0, y);
        painter.text(
            at,
            Align2::RIGHT_CENTER,
            text,
            font::caption(),
            palette.muted,
        );
    }
    let currency = &cx.project.currency;
    let title = |axis: Axis| {
        let name = selection_text::quantity(axis.quantity);
        match axis.quantity {
            Quantity::Monetary | Quantity::Aov if !currency.is_empty() => {
                format!("{name} ({currency})")
            }
            _ => name.to_owned(),
        }
    };
    painter.text(
        area.left_top() + vec2(-LEFT, -TOP),
        Align2::LEFT_TOP,
        title(plot.axes.1),
        font::caption(),
        palette.muted,
    );
    painter.text(
        pos2(area.center().x, area.bottom() + BOTTOM),
        Align2::CENTER_BOTTOM,
        title(plot.axes.0),
        font::caption(),
        palette.muted,
    );
}

/// The box or the line being drawn.
pub fn drag(ui: &Ui, cx: &Cx<'_>, plot: &Plot, (path, lasso): (&[Pos2], bool)) {
    let (Some(first), Some(last)) = (path.first(), path.last()) else {
        return;
    };
    let painter = ui
        .painter()
        .with_clip_rect(plot.area.intersect(ui.clip_rect()));
    let line = Stroke::new(1.5, cx.palette.accent);
    if lasso {
        painter.add(Shape::closed_line(path.to_vec(), line));
    } else {
        let rect = Rect::from_two_pos(*first, *last);
        let fill = cx.palette.accent.gamma_multiply(0.12);
        painter.rect(rect, 2, fill, line, egui::StrokeKind::Inside);
    }
}

/// What is under the pointer: a person by name, or how many stand in the hexagon.
pub fn read_out(
    ui: &Ui,
    cx: &Cx<'_>,
    (plot, shown): (&Plot, &Answer),
    (pointer, person): (Pos2, Option<u32>),
    id: egui::Id,
) {
    let tip = match &shown.cloud {
        Cloud::Points(_) => person.map(|row| person_tip(cx, row)),
        Cloud::Bins(bins) => {
            let near = bins
                .iter()
                .map(|bin| (plot.at(bin.x, bin.y).distance(pointer), bin))
                .filter(|(distance, _)| *distance <= RADIUS)
                .min_by(|one, other| one.0.total_cmp(&other.0));
            near.map(|(_, bin)| bin_tip(cx, shown, bin))
        }
    };
    if let Some(tip) = tip {
        tip_ui(ui, cx.palette, id, None, &tip);
    }
}

fn person_tip(cx: &Cx<'_>, row: u32) -> Tip {
    let customers = &cx.shop.customers;
    let number = row as usize;
    let mut tip = Tip::new(cx.shop.dataset.orders.customer_ids.get(number).to_owned());
    tip.lead = segment(cx, row).map_or_else(String::new, |(_, name)| name.to_owned());
    let days = customers.recency_days(number).max(0) as u64;
    let money = format::money(customers.monetary[number], &cx.project.currency);
    tip = tip
        .row(
            None,
            "Last order",
            format::count(days, "day ago", "days ago"),
        )
        .row(
            None,
            "Orders",
            format::integer(u64::from(customers.frequency[number])),
        )
        .row(None, "Revenue", money);
    if let Some(outlook) = &cx.shop.outlook {
        if let Some(value) = outlook.value_of(number) {
            let value = Shades::words(outlook.is_chance(), value, &cx.project.currency);
            tip = tip.row(None, "Predicted value", value);
        }
        if let Some(alive) = outlook.p_alive_of(number) {
            tip = tip.row(None, "P(alive)", format::percent(alive));
        }
    }
    tip.note("Click to select, drag to select several.")
}

fn bin_tip(cx: &Cx<'_>, shown: &Answer, bin: &Bin) -> Tip {
    let count = format::count(u64::from(bin.customers), "customer", "customers");
    let mut tip = Tip::new(count);
    tip.lead = format!(
        "around {} and {}",
        words(cx, shown.ask.x, bin.x),
        words(cx, shown.ask.y, bin.y)
    );
    if let (Some(mean), Some(outlook)) = (bin.predicted, &cx.shop.outlook) {
        let mean = Shades::words(outlook.is_chance(), mean, &cx.project.currency);
        tip = tip.row(None, "Predicted value, mean", mean);
    }
    if !cx.shop.selection.is_empty() {
        tip = tip.row(None, "Selected", format::integer(u64::from(bin.selected)));
    }
    tip.note("Double-click to come closer.")
}
