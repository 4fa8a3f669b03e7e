//! Painting of the point view: axes, hexagons, people, and what is being drawn around them.

use egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, Ui, epaint::CircleShape, pos2, vec2};
use egui_plot::PlotTransform;

use super::cloud::{Answer, Bin, Cloud, Point, RADIUS, Window};
use crate::{
    chart::{
        Axes, Axis as PlotAxis, HousePlot, PlotOptions, Tip, Unit,
        plot::{PAD, Painted, Shown, TITLE, Zoom},
        scale::{BELOW, BESIDE, Sight, Tick, log_ticks, number_ticks},
        tip_ui,
    },
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

/// Where things stand on the screen.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    pub area: Rect,
    pub window: Window,
    pub axes: (Axis, Axis),
}

impl Plot {
    pub fn new(at: &PlotTransform, window: Window, axes: (Axis, Axis)) -> Self {
        Self {
            area: at.frame().shrink(PAD),
            window,
            axes,
        }
    }

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

/// Draws axes and everything in the window.
pub fn cloud_ui(ui: &mut Ui, cx: &Cx<'_>, cloud: &Drawn<'_>) -> Shown<()> {
    let (shown, window) = (cloud.shown, cloud.window);
    let (x, y) = (shown.ask.x, shown.ask.y);
    let titles = [x, y].map(|axis| title(cx, axis));
    let plot = HousePlot {
        height: cloud.height,
        axes: Axes {
            x_title: &titles[0],
            y_title: &titles[1],
            unit: Unit::Number,
        },
        x: PlotAxis {
            low: window.x.0,
            high: window.x.1,
            ticks: &|sight| ticks(x, BELOW, sight),
        },
        y: PlotAxis {
            low: window.y.0,
            high: window.y.1,
            ticks: &|sight| ticks(y, BESIDE, sight),
        },
        options: PlotOptions {
            squared: true,
            // Dragging selects here, and what is in sight decides how customers are counted: the view zooms.
            zoom: Zoom::Never,
            sense: egui::Sense::click_and_drag(),
            ..PlotOptions::default()
        },
    };
    plot.show(ui, cx.palette, |plot| {
        plot.add(Painted::new(|_, at, shapes| {
            let plot = Plot::new(at, window, (x, y));
            match &shown.cloud {
                Cloud::Bins(bins) => shapes.extend(hexagons(cx, &plot, cloud, bins)),
                Cloud::Points(points) => shapes.extend(points.iter().map(|point| {
                    Shape::Circle(CircleShape {
                        center: plot.at(point.x, point.y),
                        radius: 3.5,
                        fill: person_color(cx, point, cloud.shades),
                        stroke: Stroke::new(0.5, cx.palette.card),
                    })
                })),
            }
        }));
    })
}

/// What is drawn, and how large.
#[derive(Clone, Copy)]
pub struct Drawn<'a> {
    pub shown: &'a Answer,
    pub window: Window,
    pub shades: Option<Shades>,
    pub height: f32,
}

/// Many customers: hexagons coloured by how many, or by what is predicted of them.
fn hexagons(cx: &Cx<'_>, plot: &Plot, cloud: &Drawn<'_>, bins: &[Bin]) -> Vec<Shape> {
    let shown = cloud.shown;
    let (most, picking) = most(cx, bins);
    let grown = |size: f32, asked: f32| if asked > 0.0 { size / asked } else { 1.0 };
    let scale = vec2(
        grown(plot.area.width(), shown.ask.size[0]) * zoomed(shown.window.x, plot.window.x),
        grown(plot.area.height(), shown.ask.size[1]) * zoomed(shown.window.y, plot.window.y),
    );
    let quiet = cx.palette.tint(cx.palette.faint, 0.35);
    let color = |bin: &Bin| match (counted(bin, picking), cloud.shades) {
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
    bins.iter()
        .map(|bin| hexagon(plot.at(bin.x, bin.y), scale, color(bin)))
        .collect()
}

fn counted(bin: &Bin, picking: bool) -> u32 {
    if picking { bin.selected } else { bin.customers }
}

/// The most in one hexagon, and whether only selected customers count.
fn most(cx: &Cx<'_>, bins: &[Bin]) -> (u32, bool) {
    let picking = !cx.shop.selection.is_empty();
    let most = bins.iter().map(|bin| counted(bin, picking)).max();
    (most.unwrap_or(1).max(1), picking)
}

/// How many customers the strongest colour stands for, above the plot.
pub fn count_key(ui: &Ui, cx: &Cx<'_>, plot: &Plot, cloud: &Drawn<'_>) {
    let Cloud::Bins(bins) = &cloud.shown.cloud else {
        return;
    };
    if cloud.shades.is_some() {
        return;
    }
    let (most, picking) = most(cx, bins);
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
        plot.area.right_top() - vec2(0.0, TITLE),
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
fn ticks(axis: Axis, apart: f32, sight: Sight) -> Vec<Tick> {
    if axis.log {
        log_ticks(sight)
    } else {
        number_ticks(sight, apart, Unit::Number)
    }
}

fn title(cx: &Cx<'_>, axis: Axis) -> String {
    let (name, currency) = (
        selection_text::quantity(axis.quantity),
        &cx.project.currency,
    );
    match axis.quantity {
        Quantity::Monetary | Quantity::Aov if !currency.is_empty() => {
            format!("{name} ({currency})")
        }
        _ => name.to_owned(),
    }
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
            tip = tip.row(None, "P(alive)", format::chance(alive));
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
    tip.note("Ctrl and the wheel come closer, a double click shows everyone.")
}
