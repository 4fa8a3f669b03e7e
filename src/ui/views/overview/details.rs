//! Everything below the Overview's first charts, put together: which cards the data fills, in pairs.

use std::sync::Arc;

use egui::{RichText, Ui};
use lucide_icons::Icon;

use super::{
    CARD, Tall,
    history::histogram_ui,
    lists::{self, Choice, List, Picker, list_ui},
    pair_ui, section_ui,
    spread::Histogram,
    value::{Value, concentration_ui, distribution_ui},
    vintages::Vintages,
    way::{Way, way_ui},
};
use crate::{
    action::Actions,
    chart::ChartCard,
    cx::Cx,
    format,
    theme::font,
    widgets::{
        card::{self, Head},
        empty::empty_ui,
        pick::pick_ui,
        segmented::segmented_ui,
    },
};
use analysis::{
    breakdown::{Breakdown, Measure},
    insights::{Insights, Topic},
    selection::Part,
};
use pipeline::snapshot;

/// Height of a card with a list: its head and so much per row.
const LIST_HEAD: f32 = 108.0;
const LIST_ROW: f32 = 27.0;
const CONCENTRATION: f32 = 420.0;
/// Numbers of instalments shown one by one.
const MAX_INSTALMENTS: usize = 24;

/// What the details follow from.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub dataset: usize,
    insights: usize,
    calendar: usize,
    currency: String,
    choice: Choice,
}

impl Key {
    #[must_use]
    pub fn of(cx: &Cx<'_>, numbers: &snapshot::Details, choice: &Choice) -> Self {
        Self {
            dataset: Arc::as_ptr(&cx.shop.dataset) as usize,
            insights: Arc::as_ptr(&numbers.insights) as usize,
            calendar: Arc::as_ptr(&numbers.calendar) as usize,
            currency: cx.project.currency.clone(),
            choice: choice.clone(),
        }
    }
}

/// Display data of all these cards.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    pub vintages: Vintages,
    pub lists: Vec<List>,
    pub measures: Vec<Measure>,
    /// Columns to choose from: name, and as people read it.
    columns: Vec<(Option<String>, String)>,
    return_columns: Vec<(Option<String>, String)>,
    pub returns: Option<List>,
    pub way: Option<Way>,
    pub value: Value,
    pub payment: Option<List>,
    pub instalments: Option<Histogram>,
    /// Why something is not there, one sentence each.
    pub missing: Vec<String>,
}

impl Details {
    #[must_use]
    pub fn build(numbers: &snapshot::Details, choice: &Choice, currency: &str) -> Self {
        let insights = &*numbers.insights;
        let named = |list: &&Breakdown| (Some(list.name.clone()), format::column(&list.name));
        let columns = lists::columns(insights);
        let of_lines = |list: &&&Breakdown| {
            list.total.not_kept_lines > 0 && list.owner == analysis::breakdown::Owner::Line
        };
        let payment = insights
            .about(Topic::PaymentType)
            .filter(|list| list.distinct > 0);
        let lists = lists::lists(insights, choice, currency);
        let mut missing = Vec::new();
        if lists.is_empty() {
            missing.push(
                "The data has no category, product, country or other column to rank by.".to_owned(),
            );
        }
        missing.extend(insights.lifecycle.silent.map(str::to_owned));
        Self {
            vintages: Vintages::build(&numbers.calendar, currency),
            lists,
            measures: lists::measures(insights),
            columns: columns.iter().map(named).collect(),
            return_columns: columns.iter().filter(of_lines).map(named).collect(),
            returns: lists::returns(insights, choice, currency),
            way: Way::build(&insights.lifecycle, currency),
            value: Value::build(&insights.value, currency),
            payment: payment.map(|list| lists::ranked(list, Measure::Revenue, (0, currency))),
            instalments: instalments(insights),
            missing,
        }
    }
}

/// Orders by number of instalments, in the order of the numbers; `None` without such a column.
fn instalments(insights: &Insights) -> Option<Histogram> {
    let breakdown = insights.about(Topic::Instalments)?;
    let mut counts: Vec<(u32, u64)> = breakdown
        .groups
        .iter()
        .filter_map(|group| {
            let number: f64 = group.value.trim().parse().ok()?;
            (0.0..1e4)
                .contains(&number)
                .then_some((number.round() as u32, group.tally.orders))
        })
        .collect();
    counts.sort_unstable();
    let last = counts.iter().rev().find(|(_, orders)| *orders > 0)?.0 as usize;
    let first = counts.iter().find(|(_, orders)| *orders > 0)?.0 as usize;
    let shown = last.min(first + MAX_INSTALMENTS - 1);
    let mut values = vec![0.0; shown - first + 1];
    for (number, orders) in counts {
        if number as usize >= first {
            values[(number as usize).min(shown) - first] += orders as f64;
        }
    }
    let label = |number: usize| {
        if number == shown && last > shown {
            format!("{number}+")
        } else {
            number.to_string()
        }
    };
    let part = |number: usize| {
        Some(Part::Count {
            name: breakdown.name.clone(),
            from: number as u32,
            to: (number < shown || last == shown).then_some(number as u32),
        })
    };
    let total: f64 = values.iter().sum();
    let once = if first <= 1 && shown >= 1 {
        values[1 - first]
    } else {
        0.0
    };
    Some(Histogram {
        finding: format!(
            "{} of orders are paid at once, {} in two instalments or more.",
            format::percent(once / total),
            format::percent(1.0 - once / total)
        ),
        labels: (first..=shown).map(label).collect(),
        names: (first..=shown)
            .map(|number| format!("{} instalments", label(number)))
            .collect(),
        values,
        marker: None,
        counted: "orders",
        parts: (first..=shown).map(part).collect(),
    })
}

/// What stands in place of the first details.
pub fn waiting_ui(ui: &mut Ui, cx: &Cx<'_>, tall: Tall) {
    card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.set_height(tall.left(ui));
        empty_ui(
            ui,
            cx.palette,
            Icon::Hourglass,
            "These numbers are on their way.",
            None,
        );
    });
}

fn list_height(rows: usize) -> f32 {
    LIST_HEAD + LIST_ROW * rows.max(5) as f32
}

/// "What sells, and to whom": the lists, two beside each other, with one switch for all.
pub fn goods_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (details, choice): (&Details, &mut Choice),
    actions: &mut Actions,
) {
    if details.lists.is_empty() {
        return;
    }
    section_ui(ui, cx, "What sells, and to whom", |ui| {
        let choices: Vec<(Measure, &str)> = details
            .measures
            .iter()
            .map(|&measure| (measure, measure.title()))
            .collect();
        if let Some(measure) = segmented_ui(ui, cx.palette, "Rank by", &choices, choice.measure) {
            choice.measure = measure;
        }
    });
    let more = details.columns.len() > details.lists.len();
    for pair in details.lists.chunks(2) {
        let rows = pair.iter().map(|list| list.rows.len()).max().unwrap_or(0);
        pair_ui(ui, (pair.len(), list_height(rows)), |ui, column, tall| {
            let list = &pair[column];
            let picker = more.then(|| Picker {
                columns: &details.columns,
                chosen: &mut choice.columns[list.slot],
            });
            list_ui(ui, cx, (list, tall), picker, actions);
        });
    }
}

/// Revenue per customer and its concentration.
pub fn worth_ui(ui: &mut Ui, cx: &Cx<'_>, details: &Details, actions: &mut Actions) {
    pair_ui(ui, (2, CONCENTRATION), |ui, column, tall| {
        if column == 0 {
            distribution_ui(ui, cx, (&details.value, tall), actions);
        } else {
            concentration_ui(ui, cx, (&details.value, tall), actions);
        }
    });
}

/// The lifecycle and what comes back.
pub fn orders_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (details, choice): (&Details, &mut Choice),
    actions: &mut Actions,
) {
    let Some(way) = &details.way else {
        return;
    };
    section_ui(ui, cx, "From order to return", |_| {});
    let returns = details.returns.as_ref();
    let rows = returns.map_or(0, |list| list.rows.len());
    let height = list_height(rows).max(LIST_HEAD + 52.0 * way.rows.len() as f32);
    let count = 1 + usize::from(returns.is_some());
    pair_ui(ui, (count, height), |ui, column, tall| match returns {
        Some(list) if column == 1 => {
            let picker = (details.return_columns.len() > 1).then(|| Picker {
                columns: &details.return_columns,
                chosen: &mut choice.returns,
            });
            list_ui(ui, cx, (list, tall), picker, actions);
        }
        _ => way_ui(ui, cx, (way, tall), actions),
    });
}

/// Payment types and instalments.
pub fn payment_ui(ui: &mut Ui, cx: &Cx<'_>, details: &Details, actions: &mut Actions) {
    let count = usize::from(details.payment.is_some()) + usize::from(details.instalments.is_some());
    if count == 0 {
        return;
    }
    section_ui(ui, cx, "How they pay", |_| {});
    let rows = details.payment.as_ref().map_or(0, |list| list.rows.len());
    let height = if details.instalments.is_some() {
        list_height(rows).max(CARD)
    } else {
        list_height(rows)
    };
    pair_ui(ui, (count, height), |ui, column, tall| {
        match (&details.payment, &details.instalments) {
            (Some(list), _) if column == 0 => list_ui(ui, cx, (list, tall), None, actions),
            (_, Some(chart)) => instalments_ui(ui, cx, (chart, tall), actions),
            _ => {}
        }
    });
}

fn instalments_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (chart, tall): (&Histogram, Tall),
    actions: &mut Actions,
) {
    let head = Head {
        title: "Instalments",
        finding: &chart.finding,
        definition: "Distinct kept orders by the number of instalments they are paid in. Click a bar to select the \
                     customers who paid so.",
    };
    let sheet = || chart.sheet("instalments");
    let card = ChartCard::new(cx.palette, head, "instalments", &sheet);
    card.show_ui(ui, actions, |ui, actions| {
        let titles = ("Instalments", "Orders");
        if let Some(part) = histogram_ui(ui, cx, chart, titles, tall.left(ui)) {
            pick_ui(ui, part, actions);
        }
    });
}

/// What the page does not show, and why.
pub fn missing_ui(ui: &mut Ui, cx: &Cx<'_>, details: &Details) {
    for why in &details.missing {
        ui.label(
            RichText::new(why)
                .font(font::caption())
                .color(cx.palette.muted),
        );
    }
}
