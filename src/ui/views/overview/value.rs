//! Customer value on the Overview: its distribution and its concentration.

use egui::Ui;
use lucide_icons::Icon;

use super::{Tall, picks, spread::Histogram};
use crate::{
    action::Actions,
    chart::{
        Axes, BarList, BarRow, ChartCard, Line, Lines, Sheet, Tip, Unit, bar_list_ui, lines_ui,
        sheet,
    },
    cx::Cx,
    format,
    widgets::{card::Head, empty::empty_ui, pick::pick_ui},
};
use analysis::concentration::ValueDistribution;

/// Display data of both cards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Value {
    pub histogram: Histogram,
    pub x_title: String,
    pub finding: String,
    pub rows: Vec<BarRow>,
    /// Share of revenue of the best *i* % of the customers.
    pub curve: Vec<Option<f64>>,
    equal: Vec<Option<f64>>,
    labels: Vec<String>,
    numbers: Sheet,
}

impl Value {
    #[must_use]
    pub fn build(value: &ValueDistribution, currency: &str) -> Self {
        let curve: Vec<Option<f64>> = value.curve.iter().copied().map(Some).collect();
        let steps = curve.len();
        Self {
            histogram: histogram(value, currency),
            x_title: if currency.is_empty() {
                "Net revenue of a customer (uneven steps: a logarithmic axis)".to_owned()
            } else {
                format!("Net revenue of a customer in {currency} (logarithmic axis)")
            },
            finding: finding(value),
            rows: rows(value, currency),
            equal: (0..steps).map(|step| Some(step as f64 / 100.0)).collect(),
            labels: (0..steps).map(|step| format!("{step} %")).collect(),
            numbers: numbers(value),
            curve,
        }
    }
}

/// "The top 10 % of customers bring 50.7 % of revenue; 379 of 3,902 bring half of it."
fn finding(value: &ValueDistribution) -> String {
    let share = value.top.get(2).and_then(|top| top.revenue_share);
    let (Some(share), Some(half)) = (share, value.customers_for_half) else {
        return "There is no positive revenue to share out.".to_owned();
    };
    format!(
        "The top 10 % of customers bring {} of revenue; {} of {} bring half of it.",
        format::percent(share),
        format::integer(half),
        format::integer(value.customers)
    )
}

fn rows(value: &ValueDistribution, currency: &str) -> Vec<BarRow> {
    let row = |top: &analysis::concentration::TopShare| {
        let share = top.revenue_share?;
        let who = format!(
            "Top {} %",
            format::number(top.share * 100.0)
                .trim_end_matches(".00")
                .trim_end_matches(".0")
        );
        let tip = Tip::new(who.clone())
            .row(None, "Customers", format::integer(top.customers))
            .row(None, "Net revenue", format::money(top.revenue, currency))
            .row(None, "Share of revenue", format::percent(share));
        Some(BarRow {
            name: who,
            length: share,
            figure: format::percent(share),
            share: format::count(top.customers, "customer", "customers"),
            tip,
            ..BarRow::default()
        })
    };
    value.top.iter().filter_map(row).collect()
}

fn numbers(value: &ValueDistribution) -> Sheet {
    let mut sheet = Sheet::new(&[
        "best_share_of_customers",
        "customers",
        "revenue",
        "share_of_revenue",
    ]);
    for top in &value.top {
        sheet.push(vec![
            sheet::cell(Some(top.share)),
            top.customers.to_string(),
            sheet::cell(Some(top.revenue)),
            sheet::cell(top.revenue_share),
        ]);
    }
    sheet
}

fn histogram(value: &ValueDistribution, currency: &str) -> Histogram {
    let classes = value.counts.len();
    let nothing = value.without_value > 0;
    let edge = |class: usize| {
        format::compact(value.edges[class])
            .trim_end_matches(".00")
            .trim_end_matches(".0")
            .to_owned()
    };
    let money = |class: usize| format::money(value.edges[class], currency);
    let name = |class: usize| match (class, value.tails) {
        (0, (true, _)) => format!("below {}", money(1)),
        (class, (_, true)) if class + 1 == classes => format!("{} or more", money(class)),
        _ => format!("{} to {}", money(class), money(class + 1)),
    };
    let label = |class: usize| {
        if class + 1 == classes && value.tails.1 {
            format!("{}+", edge(class))
        } else {
            edge(class)
        }
    };
    let zero = |text: &str| nothing.then(|| text.to_owned());
    let zero_count = nothing.then_some(value.without_value as f64);
    let shift = usize::from(nothing);
    Histogram {
        finding: if value.customers == 0 {
            String::new()
        } else {
            format!(
                "Half of all customers have brought less than {}; the mean is {}.",
                format::money(value.median, currency),
                format::money(value.mean, currency)
            )
        },
        labels: zero("≤ 0")
            .into_iter()
            .chain((0..classes).map(label))
            .collect(),
        names: zero("nothing or less")
            .into_iter()
            .chain((0..classes).map(name))
            .collect(),
        values: zero_count
            .into_iter()
            .chain(value.counts.iter().map(|&count| count as f64))
            .collect(),
        marker: place(value, value.median).map(|at| {
            (
                at + shift as f64,
                format!("Median {}", format::money(value.median, currency)),
            )
        }),
        counted: "customers",
        parts: (0..shift + classes)
            .map(|class| Some(picks::value(value, class, shift)))
            .collect(),
    }
}

/// Where a value stands in classes from the left edge; logarithmic inside its class.
fn place(value: &ValueDistribution, at: f64) -> Option<f64> {
    let class = value
        .edges
        .windows(2)
        .position(|edge| edge[0] <= at && at < edge[1])?;
    let (low, high) = (value.edges[class], value.edges[class + 1]);
    Some(class as f64 + (at / low).ln() / (high / low).ln())
}

/// The histogram in its card.
pub fn distribution_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (value, tall): (&Value, Tall),
    actions: &mut Actions,
) {
    let head = Head {
        title: "Revenue per customer",
        finding: &value.histogram.finding,
        definition: "Customers with an order by their net revenue before the as-of date, in classes whose edges grow by \
                     about the same factor. The outer classes also hold what lies beyond them.",
    };
    let sheet = || value.histogram.sheet("revenue");
    ChartCard::new(cx.palette, head, "revenue_per_customer", &sheet).show_ui(
        ui,
        actions,
        |ui, actions| {
            let titles = (value.x_title.as_str(), "Customers");
            let clicked =
                super::history::histogram_ui(ui, cx, &value.histogram, titles, tall.left(ui));
            if let Some(part) = clicked {
                pick_ui(ui, part, actions);
            }
        },
    );
}

/// The shares of the best customers and the whole curve in their card.
pub fn concentration_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (value, tall): (&Value, Tall),
    actions: &mut Actions,
) {
    let head = Head {
        title: "How much the best customers bring",
        finding: &value.finding,
        definition: "Customers with an order, sorted by net revenue before the as-of date, best first; the curve shows the \
                     share of revenue of the best 1 %, 2 %… up to everyone. The straight line is a shop whose customers \
                     all bring the same.",
    };
    let sheet = || value.numbers.clone();
    ChartCard::new(cx.palette, head, "revenue_of_best_customers", &sheet).show_ui(
        ui,
        actions,
        |ui, _| {
            if value.rows.is_empty() {
                empty_ui(
                    ui,
                    cx.palette,
                    Icon::ChartLine,
                    "There is no positive revenue to share out.",
                    None,
                );
                return;
            }
            let bars = BarList {
                id: "best customers",
                rows: &value.rows,
                height: 26.0 * value.rows.len() as f32,
                reference: None,
            };
            bar_list_ui(ui, cx.palette, &bars);
            curve_ui(ui, cx, value, tall);
        },
    );
}

fn curve_ui(ui: &mut Ui, cx: &Cx<'_>, value: &Value, tall: Tall) {
    let line = |name, color, width, values| Line {
        name,
        color,
        width,
        values,
        provisional_from: usize::MAX,
        labelled: false,
    };
    let lines = [
        line(
            "all the same",
            cx.palette.faint,
            1.0,
            value.equal.as_slice(),
        ),
        line("this shop", cx.palette.accent, 2.0, value.curve.as_slice()),
    ];
    let tip = |step: usize, _: usize| {
        let share = value.curve.get(step).copied().flatten().unwrap_or(0.0);
        let mut tip = Tip::new(format!("Best {step} % of customers"));
        tip.lead = format!("{} of revenue", format::percent(share));
        tip
    };
    let chart = Lines {
        summary: &value.finding,
        height: tall.left(ui),
        axes: Axes {
            x_title: "Share of customers, best first",
            y_title: "Share of revenue",
            unit: Unit::Share,
        },
        labels: &value.labels,
        label_every: 20,
        first: 0,
        lines: &lines,
        names_room: false,
        marked: None,
        tip: &tip,
    };
    lines_ui(ui, cx.palette, &chart);
}
