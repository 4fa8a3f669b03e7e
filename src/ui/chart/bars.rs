//! Bars over categories: plain, stacked, and histograms.

use egui::{
    Align2, Color32, CornerRadius, Pos2, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui,
    epaint::RectShape, pos2, vec2,
};
use egui_plot::{PlotTransform, Span};

use super::{
    legend::hatch,
    plot::{Axes, Axis, HousePlot, PAD, Painted, PlotOptions, Zoom, focus_step, rule, text_width},
    scale::{Scale, Steps, rows},
    tip::{Tip, tip_ui},
};
use crate::theme::{Palette, font};

/// One layer of the bars, one value per category.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    pub name: &'a str,
    pub color: Color32,
    pub values: &'a [f64],
}

/// A bar chart. Start from [`Bars::new`] and change what differs.
pub struct Bars<'a> {
    /// Text summary for screen readers: the finding sentence.
    pub summary: &'a str,
    pub height: f32,
    pub axes: Axes<'a>,
    /// Short label of each category, below the axis; thinned out when they do not fit.
    pub labels: &'a [String],
    /// Stacked from the axis upwards.
    pub series: &'a [Series<'a>],
    /// Categories that are still in progress: drawn pale and hatched. Empty = none.
    pub provisional: &'a [bool],
    /// A category whose label must stand (the first January); the others follow at equal steps.
    pub anchor: usize,
    /// Share of a category's width left free between bars.
    pub gap: f32,
    /// Labels stand at the left edge of their bar (histogram bins) instead of its middle.
    pub at_edges: bool,
    /// Categories that are selected: underlined. Empty = none.
    pub picked: &'a [bool],
    /// A vertical mark at this place (in categories from the left edge) with its words.
    pub marker: Option<(f64, &'a str)>,
    /// Print the value above each bar when there is room.
    pub values_on_bars: bool,
    /// Room kept free right of the bars, for words of the caller's.
    pub right: f32,
    /// The hover card of a category.
    pub tip: &'a dyn Fn(usize) -> Tip,
}

impl<'a> Bars<'a> {
    #[must_use]
    pub fn new(
        axes: Axes<'a>,
        labels: &'a [String],
        series: &'a [Series<'a>],
        tip: &'a dyn Fn(usize) -> Tip,
    ) -> Self {
        Self {
            summary: "",
            height: 240.0,
            axes,
            labels,
            series,
            provisional: &[],
            anchor: 0,
            gap: 0.28,
            at_edges: false,
            picked: &[],
            marker: None,
            values_on_bars: false,
            right: 0.0,
            tip,
        }
    }

    fn value(&self, series: usize, category: usize) -> f64 {
        self.series[series]
            .values
            .get(category)
            .copied()
            .filter(|value| value.is_finite())
            .unwrap_or(0.0)
    }

    /// Lowest and highest end of any stack.
    fn range(&self) -> (f64, f64) {
        (0..self.labels.len()).fold((0.0_f64, 0.0_f64), |(low, high), category| {
            let (mut down, mut up) = (0.0, 0.0);
            for series in 0..self.series.len() {
                let value = self.value(series, category);
                if value < 0.0 {
                    down += value;
                } else {
                    up += value;
                }
            }
            (low.min(down), high.max(up))
        })
    }
}

/// What the pointer or the keyboard is on.
pub struct BarsResponse {
    pub response: Response,
    pub hovered: Option<usize>,
    /// A category clicked (or Enter pressed on it) in this frame.
    pub clicked: Option<usize>,
    /// Where values stand, for labels beside the bars.
    pub at: PlotTransform,
}

/// Draws the chart over the full width. With focus, ← and → walk the categories.
pub fn bars_ui(ui: &mut Ui, palette: &Palette, chart: &Bars<'_>) -> BarsResponse {
    let (low, high) = chart.range();
    let y = Scale::covering(low, high, rows(chart.height), chart.axes.unit);
    let widths = chart.labels.iter().map(|label| text_width(ui, label));
    let steps = Steps {
        labels: chart.labels,
        shift: if chart.at_edges { 0.0 } else { 0.5 },
        anchor: chart.anchor,
        every: 0,
        widest: widths.fold(0.0, f32::max),
    };
    let plot = HousePlot {
        height: chart.height,
        axes: chart.axes,
        x: Axis {
            low: 0.0,
            high: chart.labels.len().max(1) as f64,
            ticks: &|sight| steps.ticks(sight),
        },
        y: Axis {
            low: y.min,
            high: y.max,
            ticks: &|sight| y.ticks(sight, chart.axes.unit),
        },
        options: PlotOptions {
            right: chart.right,
            zoom: Zoom::Sideways,
            sense: Sense::click_and_drag(),
            ..PlotOptions::default()
        },
    };
    let shown = plot.show(ui, palette, |plot| {
        let hovered = category_at(chart, plot.transform(), plot.response().hover_pos());
        let focused = focus_step(plot.ctx(), plot.response(), chart.labels.len());
        if let Some(category) = hovered.or(focused) {
            let slot = category as f64..=category as f64 + 1.0;
            plot.span(Span::new("", slot).fill(palette.hover).border_width(0.0));
        }
        plot.add(Painted::new(|ui, at, shapes| {
            for category in 0..chart.labels.len() {
                if chart.picked.get(category) == Some(&true) {
                    let band = column(at, category, 0.0);
                    shapes.push(Shape::rect_filled(band, 4, palette.accent_soft));
                    let foot = Rect::from_x_y_ranges(
                        band.x_range(),
                        band.bottom() - PAD..=band.bottom() - 1.0,
                    );
                    shapes.push(Shape::rect_filled(foot, 1, palette.accent));
                }
                let stack = Stack { palette, chart, at };
                stack.shapes(ui, category, shapes);
            }
        }));
        if let Some((place, _)) = chart.marker {
            plot.add(rule(place, Stroke::new(1.5, palette.text), true));
        }
        (hovered, focused)
    });
    let (hovered, focused) = shown.inner;
    let response = shown.response;
    let named = hovered.or(focused);
    let summary = named.map_or_else(
        || chart.summary.to_owned(),
        |category| (chart.tip)(category).sentence(),
    );
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, &summary));
    marker_words(ui, palette, chart, &shown.at);
    if let Some(category) = named.filter(|_| !response.dragged()) {
        let anchor = (hovered.is_none()).then(|| column(&shown.at, category, 0.0));
        tip_ui(ui, palette, response.id, anchor, &(chart.tip)(category));
    }
    let enter = focused.filter(|_| ui.input(|input| input.key_pressed(egui::Key::Enter)));
    let click = hovered.filter(|_| response.clicked());
    let clicked = if shown.zoomed {
        single_click(ui, &response, click)
    } else {
        click
    };
    let clicked = clicked.or(enter);
    BarsResponse {
        response,
        hovered,
        clicked,
        at: shown.at,
    }
}

/// A click on a zoomed chart, once it is sure that it does not begin the double click that shows
/// everything again: nobody wants to select a bar by that.
fn single_click(ui: &Ui, response: &Response, click: Option<usize>) -> Option<usize> {
    let id = response.id.with("click");
    let wait = ui.options(|options| options.input_options.max_double_click_delay);
    let now = ui.input(|input| input.time);
    if response.double_clicked() {
        ui.data_mut(|data| data.remove_temp::<(usize, f64)>(id));
        return None;
    }
    if let Some(category) = click {
        ui.data_mut(|data| data.insert_temp(id, (category, now)));
        ui.request_repaint_after(std::time::Duration::from_secs_f64(wait));
        return None;
    }
    let (category, since) = ui.data(|data| data.get_temp::<(usize, f64)>(id))?;
    if now - since < wait {
        ui.request_repaint_after(std::time::Duration::from_secs_f64(wait));
        return None;
    }
    ui.data_mut(|data| data.remove_temp::<(usize, f64)>(id));
    Some(category)
}

fn category_at(chart: &Bars<'_>, at: &PlotTransform, pointer: Option<Pos2>) -> Option<usize> {
    let category = at.value_from_position(pointer?).x.floor();
    (category >= 0.0 && (category as usize) < chart.labels.len()).then_some(category as usize)
}

/// The slot of a category over the whole height, `gap` of its width left free.
fn column(at: &PlotTransform, category: usize, gap: f32) -> Rect {
    let left = at.position_from_point_x(category as f64);
    let slot = at.dpos_dvalue_x() as f32;
    let margin = slot * gap / 2.0;
    Rect::from_x_y_ranges(left + margin..=left + slot - margin, at.frame().y_range())
}

/// The bars of a category, one upon the other.
#[derive(Clone, Copy)]
struct Stack<'a> {
    palette: &'a Palette,
    chart: &'a Bars<'a>,
    at: &'a PlotTransform,
}

impl Stack<'_> {
    fn shapes(self, ui: &Ui, category: usize, shapes: &mut Vec<Shape>) {
        let (chart, y_of) = (self.chart, |value| self.at.position_from_point_y(value));
        let slot = column(self.at, category, chart.gap);
        if !slot.intersects(*self.at.frame()) {
            return;
        }
        let provisional = chart.provisional.get(category).copied().unwrap_or(false);
        let (mut down, mut up) = (0.0, 0.0);
        for (index, series) in chart.series.iter().enumerate() {
            let value = chart.value(index, category);
            if value == 0.0 {
                continue;
            }
            let base = if value < 0.0 { &mut down } else { &mut up };
            let ends = (y_of(*base), y_of(*base + value));
            *base += value;
            // A hairline of card colour between layers, so that they read apart without colour.
            let seam = if index > 0 && (ends.0 - ends.1).abs() > 3.0 {
                1.0
            } else {
                0.0
            };
            let bar = Rect::from_x_y_ranges(
                slot.x_range(),
                ends.0.min(ends.1)..=(ends.0.max(ends.1) - seam),
            );
            let last = chart.series[index + 1..]
                .iter()
                .all(|above| above.values.get(category).is_none_or(|value| *value == 0.0));
            let radius = if last { 2 } else { 0 };
            let corners = CornerRadius {
                nw: radius,
                ne: radius,
                ..CornerRadius::ZERO
            };
            self.bar(
                RectShape::filled(bar, corners, series.color),
                provisional,
                shapes,
            );
        }
        if chart.values_on_bars && up > 0.0 {
            self.value_above(ui, slot, up, shapes);
        }
    }

    fn bar(self, bar: RectShape, provisional: bool, shapes: &mut Vec<Shape>) {
        if !provisional {
            shapes.push(bar.into());
            return;
        }
        let (rect, color, corners) = (bar.rect, bar.fill, bar.corner_radius);
        let pale = self.palette.tint(color, 0.22);
        shapes.push(RectShape::filled(rect, corners, pale).into());
        let line = Stroke::new(1.0, self.palette.tint(color, 0.7));
        shapes.extend(hatch(rect, line, 6.0));
        let edge = Stroke::new(1.0, color);
        shapes.push(RectShape::stroke(rect, corners, edge, StrokeKind::Inside).into());
    }

    fn value_above(self, ui: &Ui, slot: Rect, value: f64, shapes: &mut Vec<Shape>) {
        let text = crate::format::compact(value);
        if text_width(ui, &text) < slot.width() * 1.25 {
            let top = self.at.position_from_point_y(value);
            let place = pos2(slot.center().x, top - 3.0);
            let color = self.palette.text;
            shapes.push(ui.fonts_mut(|fonts| {
                let font = font::caption();
                Shape::text(fonts, place, Align2::CENTER_BOTTOM, text, font, color)
            }));
        }
    }
}

/// The words of the vertical mark, beside it.
fn marker_words(ui: &Ui, palette: &Palette, chart: &Bars<'_>, at: &PlotTransform) {
    let Some((place, words)) = chart.marker else {
        return;
    };
    let (x, area) = (at.position_from_point_x(place), at.frame());
    if !area.x_range().contains(x) {
        return;
    }
    let painter = ui.painter();
    let right = x + 8.0 + text_width(ui, words) < area.right();
    let (anchor, offset) = if right {
        (Align2::LEFT_TOP, 6.0)
    } else {
        (Align2::RIGHT_TOP, -6.0)
    };
    let words = words.to_owned();
    let galley = painter.layout_no_wrap(words, font::caption_medium(), palette.text);
    let place = anchor.anchor_size(pos2(x + offset, area.top()), galley.size());
    // A high bar may stand behind the words.
    painter.rect_filled(place.expand2(vec2(3.0, 1.0)), 3, palette.card);
    painter.galley(place.min, galley, palette.text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Event, Modifiers, PointerButton};
    use egui_kittest::Harness;

    #[derive(Default)]
    struct Seen {
        middle: Pos2,
        clicked: Vec<usize>,
    }

    /// Three bars of which the middle one is under the pointer.
    fn chart() -> Harness<'static, Seen> {
        let labels = ["Jan", "Feb", "Mar"].map(str::to_owned);
        let mut harness = Harness::builder()
            .with_size(vec2(500.0, 300.0))
            .with_step_dt(0.02)
            .with_context_setup(crate::theme::install_fonts)
            .build_ui_state(
                move |ui, seen: &mut Seen| {
                    let series = [Series {
                        name: "Orders",
                        color: Color32::BLUE,
                        values: &[4.0, 6.0, 5.0],
                    }];
                    let axes = Axes {
                        x_title: "",
                        y_title: "Orders",
                        unit: crate::chart::scale::Unit::Count,
                    };
                    let tip = |_: usize| Tip::new("");
                    let bars = Bars::new(axes, &labels, &series, &tip);
                    let drawn = bars_ui(ui, &Palette::light(), &bars);
                    seen.middle = drawn.at.frame().center();
                    seen.clicked.extend(drawn.clicked);
                },
                Seen::default(),
            );
        harness.run_steps(4);
        let middle = harness.state().middle;
        harness.event(Event::PointerMoved(middle));
        harness.run_steps(1);
        harness
    }

    fn click(harness: &mut Harness<'static, Seen>) {
        for pressed in [true, false] {
            harness.event(Event::PointerButton {
                pos: harness.state().middle,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
            harness.run_steps(1);
        }
    }

    #[test]
    fn the_double_click_that_shows_everything_selects_no_bar() {
        let mut harness = chart();
        harness.event(Event::Zoom(2.0));
        harness.run_steps(2);
        click(&mut harness);
        click(&mut harness);
        harness.run_steps(40);
        assert!(harness.state().clicked.is_empty());
        // It is not zoomed any more: a click is a click at once.
        click(&mut harness);
        assert_eq!(harness.state().clicked, [1]);
    }

    #[test]
    fn a_bar_of_a_zoomed_chart_is_selected_by_one_click() {
        let mut harness = chart();
        harness.event(Event::Zoom(1.5));
        harness.run_steps(2);
        click(&mut harness);
        harness.run_steps(40);
        assert_eq!(harness.state().clicked, [1]);
    }
}
