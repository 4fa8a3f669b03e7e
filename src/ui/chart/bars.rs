//! Bars over categories: plain, stacked, and histograms.

use egui::{
    Align2, Color32, CornerRadius, Rect, Response, Sense, Stroke, StrokeKind, Ui, pos2, vec2,
};

use super::{
    plane::{Axes, Plane, hatch, text_width},
    scale::stride,
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
#[derive(Debug)]
pub struct BarsResponse {
    pub response: Response,
    pub hovered: Option<usize>,
    /// A category clicked (or Enter pressed on it) in this frame.
    pub clicked: Option<usize>,
    /// Where values stand, for labels beside the bars.
    pub plane: Plane,
}

/// Draws the chart over the full width. With focus, ← and → walk the categories.
pub fn bars_ui(ui: &mut Ui, palette: &Palette, chart: &Bars<'_>) -> BarsResponse {
    let size = vec2(ui.available_width(), chart.height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let plane = Plane::layout(ui, rect, &chart.axes, chart.range());
    let hovered = category_at(chart, &plane, &response);
    let focused = super::lines::focus_step(ui, &response, chart.labels.len());
    let shown = hovered.or(focused);
    let summary = shown.map_or_else(
        || chart.summary.to_owned(),
        |category| (chart.tip)(category).sentence(),
    );
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, &summary));
    if ui.is_rect_visible(rect) {
        if let Some(category) = shown {
            let band = column(chart, &plane, category, 0.0);
            ui.painter().rect_filled(band, 4, palette.hover);
        }
        plane.paint(ui, palette, &chart.axes);
        for category in 0..chart.labels.len() {
            if chart.picked.get(category) == Some(&true) {
                let band = column(chart, &plane, category, 0.0);
                ui.painter().rect_filled(band, 4, palette.accent_soft);
                let foot =
                    Rect::from_x_y_ranges(band.x_range(), band.bottom()..=band.bottom() + 3.0);
                ui.painter().rect_filled(foot, 1, palette.accent);
            }
            stack(ui, palette, chart, &plane, category);
        }
        labels(ui, palette, chart, &plane);
        marker(ui, palette, chart, &plane);
    }
    if let Some(category) = shown {
        let anchor = (hovered.is_none()).then(|| column(chart, &plane, category, 0.0));
        tip_ui(ui, palette, response.id, anchor, &(chart.tip)(category));
    }
    let enter = focused.filter(|_| ui.input(|input| input.key_pressed(egui::Key::Enter)));
    let clicked = hovered.filter(|_| response.clicked()).or(enter);
    BarsResponse {
        response,
        hovered,
        clicked,
        plane,
    }
}

fn category_at(chart: &Bars<'_>, plane: &Plane, response: &Response) -> Option<usize> {
    let pointer = response.hover_pos()?;
    let share = (pointer.x - plane.area.left()) / plane.area.width();
    let category = (share * chart.labels.len() as f32).floor();
    (category >= 0.0 && (category as usize) < chart.labels.len()).then_some(category as usize)
}

/// The slot of a category, `gap` of its width left free.
fn column(chart: &Bars<'_>, plane: &Plane, category: usize, gap: f32) -> Rect {
    let slot = plane.area.width() / chart.labels.len().max(1) as f32;
    let left = plane.area.left() + category as f32 * slot;
    let margin = slot * gap / 2.0;
    Rect::from_x_y_ranges(left + margin..=left + slot - margin, plane.area.y_range())
}

fn stack(ui: &Ui, palette: &Palette, chart: &Bars<'_>, plane: &Plane, category: usize) {
    let slot = column(chart, plane, category, chart.gap);
    let provisional = chart.provisional.get(category).copied().unwrap_or(false);
    let (mut down, mut up) = (0.0, 0.0);
    for (index, series) in chart.series.iter().enumerate() {
        let value = chart.value(index, category);
        if value == 0.0 {
            continue;
        }
        let base = if value < 0.0 { &mut down } else { &mut up };
        let ends = (plane.y_of(*base), plane.y_of(*base + value));
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
        paint_bar(ui, palette, bar, (series.color, radius), provisional);
    }
    if chart.values_on_bars && up > 0.0 {
        value_above(ui, palette, slot, plane.y_of(up), up);
    }
}

fn paint_bar(
    ui: &Ui,
    palette: &Palette,
    bar: Rect,
    (color, radius): (Color32, u8),
    provisional: bool,
) {
    let painter = ui.painter();
    let radius = CornerRadius {
        nw: radius,
        ne: radius,
        sw: 0,
        se: 0,
    };
    if provisional {
        painter.rect_filled(bar, radius, palette.tint(color, 0.22));
        hatch(
            painter,
            bar,
            Stroke::new(1.0, palette.tint(color, 0.7)),
            6.0,
        );
        painter.rect_stroke(bar, radius, Stroke::new(1.0, color), StrokeKind::Inside);
    } else {
        painter.rect_filled(bar, radius, color);
    }
}

fn value_above(ui: &Ui, palette: &Palette, slot: Rect, top: f32, value: f64) {
    let text = crate::format::compact(value);
    if text_width(ui, &text) < slot.width() * 1.25 {
        ui.painter().text(
            pos2(slot.center().x, top - 3.0),
            Align2::CENTER_BOTTOM,
            text,
            font::caption(),
            palette.text,
        );
    }
}

fn labels(ui: &Ui, palette: &Palette, chart: &Bars<'_>, plane: &Plane) {
    let widest = chart
        .labels
        .iter()
        .map(|label| text_width(ui, label))
        .fold(0.0, f32::max);
    let count = chart.labels.len();
    let step = stride(count, plane.area.width(), widest + 14.0);
    for (category, label) in chart.labels.iter().enumerate() {
        if category % step != chart.anchor % step {
            continue;
        }
        let slot = column(chart, plane, category, 0.0);
        let x = if chart.at_edges {
            slot.left()
        } else {
            slot.center().x
        };
        plane.x_label(ui, palette, x, label);
    }
}

fn marker(ui: &Ui, palette: &Palette, chart: &Bars<'_>, plane: &Plane) {
    let Some((place, words)) = chart.marker else {
        return;
    };
    let x = plane.x_of((place / chart.labels.len().max(1) as f64) as f32);
    if !plane.area.x_range().contains(x) {
        return;
    }
    let painter = ui.painter();
    painter.extend(egui::Shape::dashed_line(
        &[pos2(x, plane.area.top()), pos2(x, plane.area.bottom())],
        Stroke::new(1.5, palette.text),
        4.0,
        3.0,
    ));
    let right = x + 8.0 + text_width(ui, words) < plane.area.right();
    let (anchor, offset) = if right {
        (Align2::LEFT_TOP, 6.0)
    } else {
        (Align2::RIGHT_TOP, -6.0)
    };
    let words = words.to_owned();
    let galley = painter.layout_no_wrap(words, font::caption_medium(), palette.text);
    let place = anchor.anchor_size(pos2(x + offset, plane.area.top()), galley.size());
    // A high bar may stand behind the words.
    painter.rect_filled(place.expand2(vec2(3.0, 1.0)), 3, palette.card);
    painter.galley(place.min, galley, palette.text);
}
