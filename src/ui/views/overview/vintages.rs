//! The C3 chart of the Overview: calendar revenue stacked by the vintage of the customers.

use egui::{Align2, Color32, Stroke, Ui, pos2, vec2};
use egui_plot::PlotTransform;

use super::{Tall, model::value_title};
use crate::{
    action::Actions,
    chart::{Axes, Bars, ChartCard, Series, Sheet, Tip, Unit, bars_ui, sheet, spread},
    cx::Cx,
    format,
    theme::{Palette, font},
    widgets::card::Head,
};
use analysis::calendar::CalendarRevenue;

/// Room for the vintages' names right of the bars.
const NAMES: f32 = 104.0;
/// Distance between two names.
const LINE: f32 = 15.0;

/// The chart's display data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vintages {
    pub finding: String,
    /// Calendar periods.
    pub labels: Vec<String>,
    /// Oldest first; people without an order last, where there are any.
    pub names: Vec<String>,
    pub values: Vec<Vec<f64>>,
    pub customers: Vec<u64>,
    pub in_progress: Vec<bool>,
    pub anchor: usize,
    value_title: String,
    currency: String,
}

impl Vintages {
    #[must_use]
    pub fn build(calendar: &CalendarRevenue, currency: &str) -> Self {
        let index = |place: usize| calendar.first + place as i32;
        let labels: Vec<String> = (0..calendar.periods)
            .map(|place| format::period(calendar.period, index(place)))
            .collect();
        let name = |layer: &analysis::calendar::Layer| {
            let name = format::period(calendar.layer_period, layer.key);
            if layer.and_before {
                format!("{name} and before")
            } else {
                name
            }
        };
        let mut chart = Self {
            finding: finding(calendar),
            names: calendar.layers.iter().map(name).collect(),
            values: calendar
                .layers
                .iter()
                .map(|layer| layer.revenue.clone())
                .collect(),
            customers: calendar
                .layers
                .iter()
                .map(|layer| layer.customers)
                .collect(),
            in_progress: (0..calendar.periods)
                .map(|place| calendar.running && place + 1 == calendar.periods)
                .collect(),
            anchor: super::model::first_of_year(calendar.period, calendar.first, calendar.periods),
            value_title: value_title(calendar.period, currency),
            currency: currency.to_owned(),
            labels,
        };
        if calendar
            .without_customer
            .iter()
            .any(|&credit| credit != 0.0)
        {
            chart.names.push("no order yet".to_owned());
            chart.values.push(calendar.without_customer.clone());
            chart.customers.push(0);
        }
        chart
    }

    /// The read-out of a period: newest vintage first, as they stand above each other.
    #[must_use]
    pub fn tip(&self, period: usize) -> Tip {
        let mut tip = Tip::new(self.labels.get(period).cloned().unwrap_or_default());
        let mut total = 0.0;
        for (name, values) in self.names.iter().zip(&self.values).rev() {
            let value = values.get(period).copied().unwrap_or(0.0);
            total += value;
            if value != 0.0 {
                tip = tip.row(None, name.clone(), format::money(value, &self.currency));
            }
        }
        tip.total("Net revenue", format::money(total, &self.currency))
    }

    fn sheet(&self) -> Sheet {
        let names = self.names.iter().map(String::as_str);
        let columns: Vec<&str> = std::iter::once("period").chain(names).collect();
        let mut sheet = Sheet::new(&columns);
        for (period, label) in self.labels.iter().enumerate() {
            let cells = self
                .values
                .iter()
                .map(|values| sheet::cell(values.get(period).copied()));
            sheet.push(std::iter::once(label.clone()).chain(cells).collect());
        }
        sheet
    }

    /// Oldest dark, newest bright (the other way round in the dark theme); grey without an order.
    fn colors(&self, palette: &Palette) -> Vec<Color32> {
        let vintages = self.customers.iter().filter(|&&count| count > 0).count();
        (0..self.names.len())
            .map(|layer| {
                if self.customers[layer] == 0 {
                    return palette.faint;
                }
                let share = layer as f32 / (vintages.max(2) - 1) as f32;
                palette.sequential(1.0 - 0.78 * share)
            })
            .collect()
    }
}

/// "Those won before 1 Jul 2024 still bring 40.1 % of revenue (last 12 months)."
fn finding(calendar: &CalendarRevenue) -> String {
    let Some((legacy, share)) = calendar
        .legacy
        .and_then(|legacy| Some((legacy, legacy.share()?)))
    else {
        return "The shop is too young to tell new customers from earlier ones.".to_owned();
    };
    let months = match legacy.months {
        1 => "last month".to_owned(),
        months => format!("last {months} months"),
    };
    format!(
        "Those won before {} still bring {} of revenue ({months}).",
        format::date(legacy.since),
        format::percent(share)
    )
}

/// Draws the chart in its card.
pub fn vintages_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (chart, tall): (&Vintages, Tall),
    actions: &mut Actions,
) {
    let head = Head {
        title: "Revenue by when customers were won",
        finding: &chart.finding,
        definition: "Net revenue by the date of the order, stacked by the period of the customer's first order, oldest at \
                     the bottom (the C3 chart). Layers that keep their height are customers who stay. The period in \
                     progress is hatched; the sentence speaks of whole months.",
    };
    let sheet = || chart.sheet();
    ChartCard::new(cx.palette, head, "revenue_by_vintage", &sheet).show_ui(ui, actions, |ui, _| {
        let colors = chart.colors(cx.palette);
        let series: Vec<Series<'_>> = chart
            .names
            .iter()
            .zip(&chart.values)
            .zip(&colors)
            .map(|((name, values), &color)| Series {
                name,
                color,
                values,
            })
            .collect();
        let axes = Axes {
            x_title: "",
            y_title: &chart.value_title,
            unit: Unit::Money(&chart.currency),
        };
        let tip = |period: usize| {
            let mut tip = chart.tip(period);
            for row in &mut tip.rows {
                let layer = chart.names.iter().position(|name| *name == row.name);
                row.color = layer.map(|layer| colors[layer]);
            }
            tip
        };
        let mut bars = Bars::new(axes, &chart.labels, &series, &tip);
        bars.summary = &chart.finding;
        bars.height = tall.left(ui);
        bars.provisional = &chart.in_progress;
        bars.anchor = chart.anchor;
        bars.gap = 0.12;
        bars.right = NAMES;
        let at = bars_ui(ui, cx.palette, &bars).at;
        names(ui, cx.palette, chart, &colors, &at);
    });
}

/// Height of the middle of each layer in the last bar.
fn middles(chart: &Vintages, y_of: impl Fn(f64) -> f32) -> Vec<f32> {
    let last = chart.labels.len().saturating_sub(1);
    // A period that has just begun has no layers to point at.
    let shown = if chart.in_progress.last() == Some(&true) {
        last.saturating_sub(1)
    } else {
        last
    };
    let (mut up, mut down) = (0.0, 0.0);
    chart
        .values
        .iter()
        .map(|values| {
            let value = values.get(shown).copied().unwrap_or(0.0);
            let base: &mut f64 = if value < 0.0 { &mut down } else { &mut up };
            *base += value;
            y_of(*base - value / 2.0)
        })
        .collect()
}

/// The vintages' names right of the bars, each as near to its layer as the others let it.
fn names(ui: &Ui, palette: &Palette, chart: &Vintages, colors: &[Color32], at: &PlotTransform) {
    let area = at.frame();
    let (edge, ends) = (area.right(), (area.top(), area.bottom()));
    let middles = middles(chart, |value| at.position_from_point_y(value));
    let places = spread(&middles, LINE, ends);
    let painter = ui.painter();
    for (layer, name) in chart.names.iter().enumerate() {
        let (from, to) = (
            pos2(edge + 2.0, middles[layer]),
            pos2(edge + 14.0, places[layer]),
        );
        painter.line_segment(
            [from, to],
            Stroke::new(1.0, palette.tint(colors[layer], 0.7)),
        );
        let swatch = egui::Rect::from_center_size(to + vec2(6.0, 0.0), vec2(8.0, 8.0));
        painter.rect_filled(swatch, 2, colors[layer]);
        painter.text(
            to + vec2(15.0, 0.0),
            Align2::LEFT_CENTER,
            name,
            font::caption(),
            palette.muted,
        );
    }
}
