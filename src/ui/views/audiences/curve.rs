//! The campaign curve: profit (or value reached) by depth, with a depth that can be dragged.

use egui::{
    Align2, Color32, EventFilter, Key, Pos2, Response, Sense, Shape, Stroke, Ui, WidgetInfo,
    accesskit::Role,
    epaint::{BandPoint, BandShape},
    pos2, vec2,
};

use crate::{
    chart::{
        plane::{Axes, Plane},
        scale::Unit,
        tip::{Tip, tip_ui},
    },
    format::{integer, money, percent},
    theme::{Palette, font},
};
use audiences::{
    campaign::{Curves, Ranking, STEPS},
    settings::CampaignSettings,
};

/// What is drawn.
#[derive(Clone, Copy)]
pub struct Chart<'a> {
    pub curves: &'a Curves,
    pub terms: &'a CampaignSettings,
    /// Share of predicted value reached instead of profit.
    pub gains: bool,
    pub currency: &'a str,
    /// The finding, also the chart's name for screen readers.
    pub summary: &'a str,
    pub height: f32,
}

impl Chart<'_> {
    /// Height of a curve at a depth.
    fn value(&self, ranking: Ranking, depth: f64) -> f64 {
        let contacts = self.curves.contacts(depth);
        let outcome = self.curves.outcome(ranking, contacts, self.terms);
        if self.gains {
            let all = self.curves.value(Ranking::Random, self.curves.customers());
            if all > 0.0 { outcome.value / all } else { 0.0 }
        } else {
            outcome.profit
        }
    }

    fn points(&self, ranking: Ranking) -> Vec<f64> {
        let depth = |step: usize| step as f64 / STEPS as f64;
        (0..=STEPS)
            .map(|step| self.value(ranking, depth(step)))
            .collect()
    }

    fn band(&self) -> Vec<(f64, f64)> {
        if self.gains {
            return Vec::new();
        }
        let depth = |step: usize| self.curves.contacts(step as f64 / STEPS as f64);
        (0..=STEPS)
            .map(|step| self.curves.interval(depth(step), self.terms))
            .collect()
    }
}

/// Colour of a ranking's curve.
#[must_use]
pub fn color(palette: &Palette, ranking: Ranking) -> Color32 {
    match ranking {
        Ranking::Predicted => palette.accent,
        Ranking::PastSpend => palette.second,
        Ranking::Random => palette.muted,
    }
}

/// Draws the chart; returns the depth it was dragged to.
pub fn curve_ui(ui: &mut Ui, palette: &Palette, chart: Chart<'_>) -> Option<f64> {
    let size = vec2(ui.available_width(), chart.height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Slider, true, chart.summary);
        info.value = Some(chart.terms.depth);
        info.current_text_value = Some(percent(chart.terms.depth));
        info
    });
    let curves: Vec<(Ranking, Vec<f64>)> =
        [Ranking::Random, Ranking::PastSpend, Ranking::Predicted]
            .into_iter()
            .map(|ranking| (ranking, chart.points(ranking)))
            .collect();
    let band = chart.band();
    let axes = Axes {
        x_title: "Share of the audience contacted, best first",
        y_title: if chart.gains {
            "Share of predicted value reached"
        } else {
            "Expected profit"
        },
        unit: if chart.gains {
            Unit::Share
        } else {
            Unit::Money(chart.currency)
        },
    };
    let values = curves.iter().flat_map(|(_, points)| points.iter().copied());
    let ends = values.chain(band.iter().flat_map(|&(low, high)| [low, high]));
    let range = ends.fold((0.0, 0.0), |(low, high): (f64, f64), v| {
        (low.min(v), high.max(v))
    });
    let mut plane = Plane::layout(ui, rect, &axes, range);
    plane.area.max.x -= 8.0;
    let moved = moved(ui, &response, &plane, chart.terms.depth);
    if ui.is_rect_visible(rect) {
        plane.paint(ui, palette, &axes);
        for step in (0..=100).step_by(20) {
            let x = plane.x_of(step as f32 / 100.0);
            plane.x_label(ui, palette, x, &format!("{step} %"));
        }
        paint_band(ui, palette, &plane, &band);
        for (ranking, points) in &curves {
            paint_curve(ui, palette, &plane, *ranking, points);
        }
        paint_depth(ui, palette, &plane, &chart, &response);
    }
    hover(ui, palette, &plane, &chart, &response);
    moved
}

fn point(plane: &Plane, step: usize, value: f64) -> Pos2 {
    pos2(plane.x_of(step as f32 / STEPS as f32), plane.y_of(value))
}

fn paint_band(ui: &Ui, palette: &Palette, plane: &Plane, band: &[(f64, f64)]) {
    let fill = palette.accent.gamma_multiply(0.14);
    let points = band.iter().enumerate().map(|(step, &(low, high))| {
        let (low, high) = (point(plane, step, low), point(plane, step, high));
        BandPoint::new(low.x, high.y..=low.y)
    });
    ui.painter().add(BandShape::filled(points.collect(), fill));
}

fn paint_curve(ui: &Ui, palette: &Palette, plane: &Plane, ranking: Ranking, points: &[f64]) {
    let line: Vec<Pos2> = points
        .iter()
        .enumerate()
        .map(|(step, &value)| point(plane, step, value))
        .collect();
    let width = if ranking == Ranking::Predicted {
        2.5
    } else {
        1.5
    };
    let stroke = Stroke::new(width, color(palette, ranking));
    if ranking == Ranking::PastSpend {
        ui.painter()
            .extend(Shape::dashed_line(&line, stroke, 6.0, 4.0));
    } else {
        ui.painter().add(Shape::line(line, stroke));
    }
}

fn paint_depth(ui: &Ui, palette: &Palette, plane: &Plane, chart: &Chart<'_>, response: &Response) {
    let depth = chart.terms.depth;
    let x = plane.x_of(depth as f32);
    let painter = ui.painter();
    painter.vline(x, plane.area.y_range(), Stroke::new(1.5, palette.text));
    let on = pos2(x, plane.y_of(chart.value(Ranking::Predicted, depth)));
    let radius = if response.hovered() || response.has_focus() {
        8.0
    } else {
        6.5
    };
    painter.circle(on, radius, palette.card, Stroke::new(2.5, palette.accent));
    let words = format!(
        "{} · {} contacts",
        percent(depth),
        integer(chart.curves.contacts(depth))
    );
    let left = x < plane.area.center().x;
    let (at, anchor) = if left {
        (pos2(x + 8.0, plane.area.top()), Align2::LEFT_TOP)
    } else {
        (pos2(x - 8.0, plane.area.top()), Align2::RIGHT_TOP)
    };
    let galley = painter.layout_no_wrap(words, font::caption_medium(), palette.text);
    let place = anchor.anchor_size(at, galley.size());
    painter.rect_filled(place.expand(2.0), 3, palette.card);
    painter.galley(place.min, galley, palette.text);
}

fn moved(ui: &Ui, response: &Response, plane: &Plane, depth: f64) -> Option<f64> {
    let whole = |depth: f64| (depth.clamp(0.0, 1.0) * 100.0).round() / 100.0;
    let mut next = depth;
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked())
    {
        let share = (pointer.x - plane.area.left()) / plane.area.width().max(1.0);
        // Tenths of a percent under the pointer: a deep audience has many customers in each.
        next = (f64::from(share).clamp(0.0, 1.0) * 1000.0).round() / 1000.0;
        response.request_focus();
    }
    if response.has_focus() {
        ui.memory_mut(|memory| {
            let filter = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            memory.set_focus_lock_filter(response.id, filter);
        });
        ui.input(|input| {
            let step = if input.modifiers.shift { 0.1 } else { 0.01 };
            let press = |key| f64::from(i32::from(input.key_pressed(key)));
            let steps = press(Key::ArrowRight) - press(Key::ArrowLeft);
            if steps != 0.0 {
                next = whole(depth + steps * step);
            }
            if input.key_pressed(Key::Home) {
                next = 0.0;
            }
            if input.key_pressed(Key::End) {
                next = 1.0;
            }
        });
    }
    ((next - depth).abs() > 1e-9).then_some(next)
}

fn hover(ui: &Ui, palette: &Palette, plane: &Plane, chart: &Chart<'_>, response: &Response) {
    let pointer = response.hover_pos().filter(|_| !response.dragged());
    let Some(pointer) = pointer.filter(|at| plane.area.expand(6.0).contains(*at)) else {
        return;
    };
    let share = f64::from((pointer.x - plane.area.left()) / plane.area.width().max(1.0));
    let contacts = chart.curves.contacts(share);
    let mut tip = Tip::new(format!(
        "{} contacts ({})",
        integer(contacts),
        percent(share.clamp(0.0, 1.0))
    ));
    for ranking in Ranking::ALL {
        let text = if chart.gains {
            percent(chart.value(ranking, share))
        } else {
            money(chart.value(ranking, share), chart.currency)
        };
        tip = tip.row(Some(color(palette, ranking)), ranking.title(), text);
    }
    tip_ui(
        ui,
        palette,
        response.id,
        None,
        &tip.note("Drag to choose how many to contact."),
    );
}
