//! The bubble plot: one bubble per segment at mean recency × mean frequency, area ∝ customers.

use std::sync::Arc;

use egui::{
    Color32, Galley, Id, Painter, Rect, Response, Sense, Stroke, Ui, Vec2, accesskit, pos2, vec2,
};
use egui_plot::PlotTransform;

use super::{
    colour::Shades,
    ghost,
    layout::{Bubble, LabelSize, Plot, Point, Scope, key_weights},
    model::{Model, Segment},
    picked,
};
use crate::{
    action::Actions,
    chart::{
        Axes, Axis, HousePlot, PlotOptions, Unit,
        scale::{BELOW, BESIDE, number_ticks},
    },
    cx::Cx,
    format::{self, fixed, integer, money, number, percent},
    theme::{Palette, font, gap, segment_color},
    widgets::segment_mark,
};
use analysis::{segments::SegmentStats, selection::Part};

/// About what axes and titles take of the chart.
const AXES: Vec2 = vec2(44.0, 64.0);

/// Draws the plot into the available space.
pub fn bubbles_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (model, shades): (&Model, Option<Shades>),
    actions: &mut Actions,
) {
    let size = vec2(ui.available_width(), ui.available_height().max(220.0));
    let labels: Vec<Label> = model
        .segments
        .iter()
        .map(|segment| {
            Label::new(
                ui.painter(),
                cx.palette,
                (segment, color_of(cx.palette, segment, shades)),
            )
        })
        .collect();
    let points: Vec<Point> = model.segments.iter().map(point).collect();
    let sizes: Vec<LabelSize> = labels.iter().map(Label::size).collect();
    let old = ghost::points(model);
    let shown_before: Vec<Point> = old.iter().flatten().copied().collect();
    let scope = Scope::of(&points, &shown_before, size - AXES);
    let at = axes_ui(ui, cx.palette, scope, size.y);
    let plot = Plot::new(at, scope.unit, &points, &sizes);
    let painter = ui
        .painter()
        .with_clip_rect(plot.area.intersect(ui.clip_rect()));
    size_key(&painter, cx.palette, &plot, &points);
    let chosen = picked(cx, |part| match part {
        Part::Segment(name) => Some(name.as_str()),
        _ => None,
    });
    let responses: Vec<Response> = plot
        .bubbles
        .iter()
        .map(|bubble| bubble_response(ui, cx, &model.segments[bubble.point], bubble, actions))
        .collect();
    let hovered = responses.iter().any(Response::hovered);
    for (bubble, response) in plot.bubbles.iter().zip(&responses) {
        let segment = &model.segments[bubble.point];
        let on = chosen.is_empty() || chosen.contains(&segment.stats.name.as_str());
        let strength = match (on, response.hovered() || response.has_focus(), hovered) {
            (false, false, _) => 0.28,
            (true, false, true) => 0.75,
            _ => 1.0,
        };
        let ring = response.hovered() || response.has_focus() || on && !chosen.is_empty();
        paint_bubble(
            &painter,
            cx.palette,
            bubble,
            color_of(cx.palette, segment, shades),
            (strength, ring),
        );
    }
    ghost::paint(&painter, cx.palette, &plot, (model, &old));
    for bubble in &plot.bubbles {
        let segment = &model.segments[bubble.point];
        let on = chosen.is_empty() || chosen.contains(&segment.stats.name.as_str());
        let opacity = if on { 1.0 } else { 0.45 };
        labels[bubble.point].paint(&painter, cx.palette, bubble, (segment.stats.style, opacity));
    }
}

/// The empty plot. The bubbles are buttons on it: each has a name and a place in the order of keys.
fn axes_ui(ui: &mut Ui, palette: &Palette, scope: Scope, height: f32) -> PlotTransform {
    let ticks = |sight, apart| {
        let mut ticks = number_ticks(sight, apart, Unit::Number);
        // Nobody ordered fewer times than never, or after the day of reckoning.
        ticks.retain(|tick| tick.at >= 0.0);
        ticks
    };
    let plot = HousePlot {
        height,
        axes: Axes {
            x_title: "Days since last order, mean (more recent →)",
            y_title: "Orders per customer, mean",
            unit: Unit::Number,
        },
        x: Axis {
            low: scope.x.low,
            high: scope.x.high,
            ticks: &|sight| ticks(sight, BELOW),
        },
        y: Axis {
            low: scope.y.low,
            high: scope.y.high,
            ticks: &|sight| ticks(sight, BESIDE),
        },
        options: PlotOptions {
            squared: true,
            falling: true,
            pad: scope.margin,
            ..PlotOptions::default()
        },
    };
    plot.show(ui, palette, |_| {}).at
}

fn point(segment: &Segment) -> Point {
    point_of(&segment.stats)
}

/// A segment in data units.
#[must_use]
pub fn point_of(stats: &SegmentStats) -> Point {
    Point {
        x: stats.recency_days,
        y: stats.frequency,
        weight: stats.customers as f64,
    }
}

/// "VIP: 6,286 customers (26.7 %), 70.3 % of revenue…": name of the bubble and of the table row.
pub fn sentence(segment: &Segment) -> String {
    let stats = &segment.stats;
    format!(
        "{}: {} customers ({}), {} of revenue, last order {} days ago, {} orders each on average",
        stats.name,
        integer(stats.customers),
        percent(segment.share),
        percent(stats.revenue_share),
        fixed(stats.recency_days, 0),
        fixed(stats.frequency, 2),
    )
}

fn bubble_response(
    ui: &Ui,
    cx: &Cx<'_>,
    segment: &Segment,
    bubble: &Bubble,
    actions: &mut Actions,
) -> Response {
    let square = Rect::from_center_size(bubble.center, vec2(2.0, 2.0) * bubble.radius.max(9.0));
    let id = Id::unique(("segment bubble", &segment.stats.name));
    let response = ui.interact(square, id, Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(accesskit::Role::Button, true, sentence(segment))
    });
    if response.clicked() {
        super::pick_ui(ui, cx, Part::Segment(segment.stats.name.clone()), actions);
    }
    response
        .on_hover_cursor(egui::CursorIcon::PointingHand)
        .on_hover_ui_at_pointer(|ui| tooltip_ui(ui, cx, segment))
}

/// The read-out of one segment; also used by the table.
pub fn tooltip_ui(ui: &mut Ui, cx: &Cx<'_>, segment: &Segment) {
    let stats = &segment.stats;
    let currency = &cx.project.currency;
    segment_mark::label_ui(ui, cx.palette, stats.style, &stats.name);
    let mut rows = vec![
        (
            "Customers",
            format!("{} ({})", integer(stats.customers), percent(segment.share)),
        ),
        (
            "Revenue",
            format!(
                "{} ({})",
                money(stats.revenue, currency),
                percent(stats.revenue_share)
            ),
        ),
        ("Days since last order, mean", fixed(stats.recency_days, 0)),
        ("Orders per customer, mean", number(stats.frequency)),
        (
            "Revenue per customer, mean",
            money(stats.monetary, currency),
        ),
    ];
    rows.extend(expected_rows(cx, segment));
    rows.push(("Rule", segment.rule.clone()));
    egui::Grid::new(("segment tooltip", &stats.name))
        .num_columns(2)
        .spacing(vec2(gap::L, gap::XS))
        .show(ui, |ui| {
            for (name, value) in rows {
                ui.label(
                    egui::RichText::new(name)
                        .font(font::caption())
                        .color(cx.palette.muted),
                );
                ui.label(
                    egui::RichText::new(value)
                        .font(font::body())
                        .color(cx.palette.text),
                );
                ui.end_row();
            }
        });
}

/// What is predicted of the segment's customers.
fn expected_rows(cx: &Cx<'_>, segment: &Segment) -> Vec<(&'static str, String)> {
    let (Some(expected), Some(outlook)) = (segment.expected, &cx.shop.outlook) else {
        return Vec::new();
    };
    let (currency, chance) = (&cx.project.currency, outlook.is_chance());
    let mut rows = Vec::new();
    if let Some(mean) = expected.mean() {
        if !chance {
            rows.push(("Predicted value", money(expected.value, currency)));
        }
        let mean = Shades::words(chance, mean, currency);
        rows.push(("Predicted per customer, mean", mean));
    }
    if let Some(alive) = expected.p_alive() {
        rows.push(("P(alive), mean", format::chance(alive)));
    }
    rows
}

/// Where the text of a bubble stands on the bubble's own colour.
fn fill(palette: &Palette, color: Color32, strength: f32) -> Color32 {
    palette.tint(color, 0.85 * strength)
}

/// The segment's own colour, or that of its mean predicted value; faint where nothing is predicted.
fn color_of(palette: &Palette, segment: &Segment, shades: Option<Shades>) -> Color32 {
    let Some(shades) = shades else {
        return segment_color(segment.stats.style);
    };
    let mean = segment.expected.and_then(|expected| expected.mean());
    mean.map_or(palette.faint, |mean| shades.color(palette, mean))
}

fn paint_bubble(
    painter: &Painter,
    palette: &Palette,
    bubble: &Bubble,
    color: Color32,
    (strength, ring): (f32, bool),
) {
    // Slightly see-through, so that a bubble under another one stays visible.
    painter.circle_filled(
        bubble.center,
        bubble.radius,
        color.gamma_multiply(0.85 * strength),
    );
    painter.circle_stroke(bubble.center, bubble.radius, Stroke::new(1.0, palette.card));
    if ring {
        painter.circle_stroke(
            bubble.center,
            bubble.radius + 2.5,
            Stroke::new(2.0, palette.text),
        );
    }
}

struct Label {
    name: Arc<Galley>,
    share: Arc<Galley>,
    inside_color: Color32,
}

impl Label {
    fn new(painter: &Painter, palette: &Palette, (segment, color): (&Segment, Color32)) -> Self {
        let inside_color = Palette::text_on(fill(palette, color, 1.0));
        let plain = |text: String, font| painter.layout_no_wrap(text, font, Color32::PLACEHOLDER);
        Self {
            name: plain(segment.stats.name.clone(), font::caption_medium()),
            share: plain(percent(segment.share), font::caption()),
            inside_color,
        }
    }

    fn size(&self) -> LabelSize {
        let (name, share) = (self.name.size(), self.share.size());
        LabelSize {
            inside: vec2(name.x.max(share.x), name.y + share.y),
            beside: vec2(
                segment_mark::MARK_SIZE + gap::XS + name.x + 6.0 + share.x,
                name.y.max(share.y),
            ),
        }
    }

    fn paint(
        &self,
        painter: &Painter,
        palette: &Palette,
        bubble: &Bubble,
        (style, opacity): (u8, f32),
    ) {
        let rect = bubble.label;
        if bubble.inside {
            // A dimmed bubble is pale: the page's own text colour reads better on it.
            let color = if opacity < 1.0 {
                palette.muted
            } else {
                self.inside_color
            };
            let left = |galley: &Galley| rect.center().x - galley.size().x / 2.0;
            painter.galley(pos2(left(&self.name), rect.top()), self.name.clone(), color);
            let top = rect.top() + self.name.size().y;
            painter.galley(pos2(left(&self.share), top), self.share.clone(), color);
            return;
        }
        if bubble.leader {
            let end = rect.clamp(bubble.center);
            let direction = (end - bubble.center).normalized();
            let start = bubble.center + direction * (bubble.radius + 1.0);
            painter.line_segment([start, end], Stroke::new(1.0, palette.faint));
        }
        let middle = rect.center().y;
        let mark = pos2(rect.left() + segment_mark::MARK_SIZE / 2.0, middle);
        let color = segment_color(style).gamma_multiply(opacity);
        segment_mark::paint_in(painter, mark, segment_mark::MARK_SIZE, style, color);
        let left = rect.left() + segment_mark::MARK_SIZE + gap::XS;
        painter.galley(
            pos2(left, middle - self.name.size().y / 2.0),
            self.name.clone(),
            palette.text.gamma_multiply(opacity),
        );
        painter.galley(
            pos2(
                left + self.name.size().x + 6.0,
                middle - self.share.size().y / 2.0,
            ),
            self.share.clone(),
            palette.muted.gamma_multiply(opacity),
        );
    }
}

/// Two hollow circles with the number of customers they stand for.
fn size_key(painter: &Painter, palette: &Palette, plot: &Plot, points: &[Point]) {
    let heaviest = points.iter().map(|point| point.weight).fold(0.0, f64::max);
    if heaviest <= 0.0 {
        return;
    }
    let weights = key_weights(heaviest);
    let radius = |weight: f64| plot.unit * weight.sqrt() as f32;
    let largest = radius(weights[0]);
    let texts = weights.map(|weight| {
        painter.layout_no_wrap(integer(weight as u64), font::caption(), palette.muted)
    });
    let title = painter.layout_no_wrap("Customers".to_owned(), font::caption(), palette.muted);
    let width = 2.0 * largest + gap::S + texts[0].size().x;
    let size = vec2(
        width.max(title.size().x),
        2.0 * largest + title.size().y + gap::XS,
    );
    let rect = plot.free_corner(size);
    if !plot.is_free(rect) {
        // A crowded plot is better off without a key than with one across a label.
        return;
    }
    painter.rect_filled(rect.expand(4.0), 4, palette.card);
    painter.galley(rect.min, title, palette.muted);
    let shown = if weights[0] > weights[1] { 2 } else { 1 };
    for (weight, text) in weights.into_iter().zip(texts).take(shown) {
        let radius = radius(weight);
        let center = pos2(rect.left() + largest, rect.bottom() - radius);
        let stroke = Stroke::new(1.0, palette.faint);
        painter.circle_stroke(center, radius, stroke);
        let top = center - vec2(0.0, radius);
        let right = rect.left() + 2.0 * largest + gap::XS;
        painter.line_segment([top, pos2(right, top.y)], stroke);
        let at = pos2(right + gap::XS, top.y - text.size().y / 2.0);
        painter.galley(at, text, palette.muted);
    }
}
