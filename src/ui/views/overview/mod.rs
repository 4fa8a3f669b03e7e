//! The Overview view: how much is bought, by whom, how often.

use egui::Ui;
use lucide_icons::Icon;

use crate::{
    data::day::Period,
    ui::{
        action::{Action, Actions, View},
        chart::{Bars, ChartCard, Key, KeyMark, Series, Unit, bars_ui, legend_ui, plane::Axes},
        cx::Cx,
        theme::gap,
        views::head_ui,
        widgets::{
            card::{self, Head},
            empty::empty_ui,
            grid, kpi,
            segmented::segmented_ui,
        },
    },
};

pub mod model;
#[cfg(test)]
mod tests;

use model::{Histogram, Page};

const PERIODS: [(Period, &str); 4] = [
    (Period::Week, "Week"),
    (Period::Month, "Month"),
    (Period::Quarter, "Quarter"),
    (Period::Year, "Year"),
];
/// A KPI card holds its figure, its sparkline and its sentence from this width on.
const LEAST_KPI_WIDTH: f32 = 216.0;
/// Heights below which the page scrolls instead of squeezing its charts.
const LEAST_CARD: f32 = 220.0;
const LEAST_PLOT: f32 = 110.0;

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug, Default)]
pub struct State {
    page: Option<((u64, String), Page)>,
}

pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    head_ui(ui, cx.palette, View::Overview, |ui| {
        let current = cx.project.overview_period;
        if let Some(period) = segmented_ui(ui, cx.palette, "Period", &PERIODS, current) {
            actions.push(Action::SetOverviewPeriod(period));
        }
    });
    let key = (cx.revision, cx.project.currency.clone());
    let page = match state.page.take() {
        Some((old, page)) if old == key => page,
        _ => Page::build(&cx.shop.overview, &cx.project.currency),
    };
    grid::page_ui(ui, "overview", |ui, bottom| {
        if cx.shop.overview.kpis.customers == 0 {
            card::frame(cx.palette).show(ui, |ui| {
                ui.set_width(ui.available_width());
                let why = "No customer has placed an order before the as-of date. Move the date to see numbers.";
                empty_ui(ui, cx.palette, Icon::CalendarX, why, None);
            });
        } else {
            page_ui(ui, cx, &page, (actions, bottom));
        }
    });
    state.page = Some((key, page));
}

/// Where a card's plot ends: at this height of the page, but no plot is lower than its least height.
#[derive(Clone, Copy)]
struct Ends {
    bottom: f32,
    least: f32,
}

impl Ends {
    fn fixed(height: f32) -> Self {
        Self {
            bottom: f32::NEG_INFINITY,
            least: height,
        }
    }

    fn height(self, ui: &Ui) -> f32 {
        grid::height_to(ui, self.bottom, self.least)
    }
}

fn page_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page, (actions, bottom): (&mut Actions, f32)) {
    ui.spacing_mut().item_spacing.y = gap::L;
    let count = page.kpis.len();
    grid::cards_ui(ui, (count, LEAST_KPI_WIDTH), kpi::HEIGHT, |ui, index| {
        kpi::kpi_ui(ui, cx.palette, &page.kpis[index]);
    });
    if grid::stacks(ui) {
        revenue_ui(ui, cx, page, (actions, Ends::fixed(260.0)));
        orders_ui(ui, cx, page, (actions, Ends::fixed(200.0)));
        gaps_ui(ui, cx, page, (actions, Ends::fixed(200.0)));
        return;
    }
    // Everything on one screen where it fits: revenue on the left, both histograms on the right.
    let top = ui.cursor().top();
    let least = top + 2.0 * LEAST_CARD + gap::L;
    let bottom = bottom.max(least);
    let middle = ((top + bottom - gap::L) / 2.0).floor();
    let ends = |bottom| Ends {
        bottom,
        least: LEAST_PLOT,
    };
    grid::row_ui(ui, &[0.6, 0.4], 0.0, |ui, column| {
        ui.spacing_mut().item_spacing.y = gap::L;
        if column == 0 {
            revenue_ui(ui, cx, page, (actions, ends(bottom)));
        } else {
            orders_ui(ui, cx, page, (actions, ends(middle)));
            gaps_ui(ui, cx, page, (actions, ends(bottom)));
        }
    });
}

fn revenue_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page, (actions, ends): (&mut Actions, Ends)) {
    let chart = &page.revenue;
    let palette = cx.palette;
    let head = Head {
        title: "Revenue from new and returning customers",
        finding: &chart.finding,
        definition: "Net revenue by the date of the order. A customer is new in the period of the first order \
                     and returning in every later one. The period in progress is hatched and left out of the sentence.",
    };
    let sheet = || chart.sheet();
    let name = format!("revenue_by_{}", chart.period.noun());
    ChartCard::new(palette, head, &name, &sheet).show_ui(ui, actions, |ui, _| {
        let colors = [palette.second, palette.accent];
        let mut keys = vec![
            Key::new("Returning", colors[1], KeyMark::Swatch),
            Key::new("New", colors[0], KeyMark::Swatch),
        ];
        if chart.in_progress.contains(&true) {
            keys.push(Key::new("in progress", palette.accent, KeyMark::Hatched));
        }
        legend_ui(ui, palette, &keys);
        keys.truncate(2);
        let series = [
            Series {
                name: "Returning",
                color: colors[1],
                values: &chart.returning,
            },
            Series {
                name: "New",
                color: colors[0],
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
        bars.height = ends.height(ui);
        bars.provisional = &chart.in_progress;
        bars.anchor = chart.anchor;
        bars_ui(ui, palette, &bars);
    });
}

fn orders_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page, (actions, ends): (&mut Actions, Ends)) {
    let head = Head {
        title: "Orders per customer",
        finding: &page.orders.finding,
        definition: "Customers by their number of distinct orders before the as-of date.",
    };
    let sheet = || page.orders.sheet("orders");
    ChartCard::new(cx.palette, head, "orders_per_customer", &sheet).show_ui(
        ui,
        actions,
        |ui, _| {
            histogram_ui(
                ui,
                cx,
                &page.orders,
                ("Orders", "Customers"),
                ends.height(ui),
            );
        },
    );
}

fn gaps_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page, (actions, ends): (&mut Actions, Ends)) {
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
                histogram_ui(ui, cx, &page.gaps, titles, ends.height(ui));
            }
        },
    );
}

fn histogram_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    chart: &Histogram,
    (x_title, y_title): (&str, &str),
    height: f32,
) {
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
    bars_ui(ui, cx.palette, &bars);
}
