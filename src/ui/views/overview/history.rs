//! The Overview's first charts: revenue over time, orders per customer, time between orders.

use egui::Ui;
use lucide_icons::Icon;

use super::{Tall, model::Page, picks, spread::Histogram};
use crate::{
    action::Actions,
    chart::{Axes, Bars, ChartCard, Key, KeyMark, Series, Unit, bars_ui, legend_ui},
    cx::Cx,
    theme::Palette,
    widgets::{
        card::Head,
        empty::empty_ui,
        pick::{pick_ui, picked},
    },
};
use analysis::selection::Part;

/// Revenue per period, from new and from returning customers.
pub fn revenue_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page, (actions, tall): (&mut Actions, Tall)) {
    let chart = &page.revenue;
    let palette = cx.palette;
    let head = Head {
        title: "Revenue from new and returning customers",
        finding: &chart.finding,
        definition: "Net revenue by the date of the order. A customer is new in the period of the first order \
                     and returning in every later one. The period in progress is hatched and left out of the sentence.",
    };
    let sheet = || chart.sheet();
    ChartCard::new(palette, head, "revenue_over_time", &sheet).show_ui(
        ui,
        actions,
        |ui, actions| {
            let mut keys = keys(palette, chart.in_progress.contains(&true));
            legend_ui(ui, palette, &keys);
            keys.truncate(2);
            let series = [
                Series {
                    name: "Returning",
                    color: palette.accent,
                    values: &chart.returning,
                },
                Series {
                    name: "New",
                    color: palette.second,
                    values: &chart.new,
                },
            ];
            let title = chart.value_title();
            let axes = Axes {
                x_title: "",
                y_title: &title,
                unit: chart.unit(),
            };
            let tip = |index: usize| {
                let mut tip = chart.tip(index);
                for (row, key) in tip.rows.iter_mut().zip(&keys) {
                    row.color = Some(key.color);
                }
                tip
            };
            let mut bars = Bars::new(axes, &chart.labels, &series, &tip);
            bars.summary = &chart.finding;
            bars.height = tall.left(ui);
            bars.provisional = &chart.in_progress;
            bars.anchor = chart.anchor;
            let parts = picks::periods(chart);
            let picked = picked(&cx.shop.selection, &parts);
            bars.picked = &picked;
            if let Some(part) = bars_ui(ui, palette, &bars)
                .clicked
                .and_then(|bar| parts.get(bar)?.clone())
            {
                pick_ui(ui, part, actions);
            }
        },
    );
}

/// The legend: both series, then what a hatched bar means.
fn keys(palette: &Palette, in_progress: bool) -> Vec<Key<'static>> {
    let mut keys = vec![
        Key::new("Returning", palette.accent, KeyMark::Swatch),
        Key::new("New", palette.second, KeyMark::Swatch),
    ];
    if in_progress {
        keys.push(Key::new("in progress", palette.accent, KeyMark::Hatched));
    }
    keys
}

/// Customers by their number of orders.
pub fn orders_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page, (actions, tall): (&mut Actions, Tall)) {
    let head = Head {
        title: "Orders per customer",
        finding: &page.orders.finding,
        definition: "Customers by their number of distinct orders before the as-of date. Click a bar to select its customers.",
    };
    let sheet = || page.orders.sheet("orders");
    ChartCard::new(cx.palette, head, "orders_per_customer", &sheet).show_ui(
        ui,
        actions,
        |ui, actions| {
            let titles = ("Orders", "Customers");
            if let Some(part) = histogram_ui(ui, cx, &page.orders, titles, tall.left(ui)) {
                pick_ui(ui, part, actions);
            }
        },
    );
}

/// Days between orders.
pub fn gaps_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page, (actions, tall): (&mut Actions, Tall)) {
    let head = Head {
        title: "Time between orders",
        finding: &page.gaps.finding,
        definition: "Days between two purchase days of the same customer that follow each other; several orders on \
                     one day count once.",
    };
    let sheet = || page.gaps.sheet("gap");
    ChartCard::new(cx.palette, head, "time_between_orders", &sheet).show_ui(
        ui,
        actions,
        |ui, _| {
            if page.gaps.values.iter().all(|&count| count == 0.0) {
                let why = "This chart needs customers with orders on two different days.";
                empty_ui(ui, cx.palette, Icon::Repeat, why, None);
            } else {
                let titles = ("Days since the order before", "Repeat orders");
                histogram_ui(ui, cx, &page.gaps, titles, tall.left(ui));
            }
        },
    );
}

/// A histogram over the full width; returns what a click in this frame selects.
pub fn histogram_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    chart: &Histogram,
    (x_title, y_title): (&str, &str),
    height: f32,
) -> Option<Part> {
    let series = [Series {
        name: y_title,
        color: cx.palette.accent,
        values: &chart.values,
    }];
    let axes = Axes {
        x_title,
        y_title,
        unit: Unit::Count,
    };
    let tip = |index: usize| chart.tip(index);
    let mut bars = Bars::new(axes, &chart.labels, &series, &tip);
    bars.summary = &chart.finding;
    bars.height = height;
    bars.at_edges = chart.marker.is_some();
    bars.gap = if bars.at_edges { 0.08 } else { 0.28 };
    bars.marker = chart
        .marker
        .as_ref()
        .map(|(place, words)| (*place, words.as_str()));
    let picked = picked(&cx.shop.selection, &chart.parts);
    bars.picked = &picked;
    let clicked = bars_ui(ui, cx.palette, &bars).clicked?;
    chart.parts.get(clicked)?.clone()
}
