//! The Overview of a customer table: rate of the target by category, derived fields, correlations.

use egui::Ui;
use lucide_icons::Icon;

use super::model;
use crate::{
    action::Actions,
    chart::{Axes, Bars, ChartCard, Series, Unit, bars_ui, sheet::Sheet, tip::Tip},
    cx::Cx,
    format,
    theme::gap,
    views::data::associations::{correlations_ui, rates_finding},
    widgets::{card::Head, empty::empty_ui, grid},
};
use analysis::rates::Rate;
use data::profile::ColumnProfile;
use pipeline::snapshot::Flat;

/// Height of a chart over the full width.
const HEIGHT: f32 = 220.0;
/// Height of the cards of derived fields, which stand side by side, and the least of their charts.
const DERIVED: f32 = 330.0;
const LEAST_CHART: f32 = 150.0;

pub(super) fn cards_ui(ui: &mut Ui, cx: &Cx<'_>, flat: &Flat, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = gap::L;
    rates_ui(ui, cx, flat, actions);
    let derived = &flat.answers.derived_profile.columns;
    let counted: Vec<(usize, &ColumnProfile)> = derived
        .iter()
        .enumerate()
        .filter(|(_, column)| column.summary.is_none() && !column.top.is_empty())
        .collect();
    if !counted.is_empty() {
        let mut draw = |ui: &mut Ui, at: usize| {
            let (index, column) = counted[at];
            let derived = &flat.answers.derived;
            let reason = &derived.reasons[index];
            let reason = model::derived_words(&column.name, reason, derived.cuts);
            let bottom = ui.cursor().top() + DERIVED;
            derived_ui(ui, cx, column, (&reason, bottom, actions));
        };
        if grid::stacks(ui) {
            (0..counted.len()).for_each(|at| draw(ui, at));
        } else {
            grid::row_ui(ui, &vec![1.0; counted.len()], DERIVED, draw);
        }
    }
    correlations_ui(ui, cx.palette, &flat.columns.correlations, actions);
}

fn rates_ui(ui: &mut Ui, cx: &Cx<'_>, flat: &Flat, actions: &mut Actions) {
    let (rates, why) = match &flat.answers.rates {
        Some(Ok(rates)) => (Some(rates), ""),
        Some(Err(why)) => (None, why.as_str()),
        None => (
            None,
            "No column speaks of churn, so there is no target to compare categories by.",
        ),
    };
    let title = rates.map_or_else(
        || "Rate by category".to_owned(),
        |rates| model::spaced(&format!("{} by {}", rates.target.words(), rates.by)),
    );
    let finding = rates.map_or_else(String::new, rates_finding);
    let head = Head {
        title: &title,
        finding: &finding,
        definition: "Rows that meet the target ÷ rows whose target is known, per category, with the 95 % interval by \
                     Wilson's score.",
    };
    let sheet = || {
        let mut sheet = Sheet::new(&["category", "rows", "met", "rate", "low", "high"]);
        for rate in rates.iter().flat_map(|rates| &rates.categories) {
            sheet.push(vec![
                rate.category.clone(),
                rate.rows.to_string(),
                rate.hits.to_string(),
                rate.rate.to_string(),
                rate.low.to_string(),
                rate.high.to_string(),
            ]);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "rate_by_category", &sheet).show_ui(ui, actions, |ui, _| {
        let Some(rates) = rates else {
            empty_ui(ui, cx.palette, Icon::ChartBar, why, None);
            return;
        };
        let labels: Vec<String> = rates
            .categories
            .iter()
            .map(|rate| named(&rate.category))
            .collect();
        let values: Vec<f64> = rates
            .categories
            .iter()
            .map(|rate| rate.rate * 100.0)
            .collect();
        let tip = |index: usize| rate_tip(&rates.categories[index]);
        let words = ("Rate, %", finding.as_str(), HEIGHT);
        chart_ui(ui, cx, (&labels, &values), words, &tip);
    });
}

/// "413 of 838 (49.3 %), 95 % between 45.9 % and 52.7 %" under the category's name.
fn rate_tip(rate: &Rate) -> Tip {
    Tip::new(named(&rate.category)).note(format!(
        "{} of {} ({}), 95 % between {} and {}",
        format::integer(rate.hits),
        format::integer(rate.rows),
        format::percent(rate.rate),
        format::percent(rate.low),
        format::percent(rate.high)
    ))
}

fn named(category: &str) -> String {
    if category.is_empty() {
        "(missing)".to_owned()
    } else {
        category.to_owned()
    }
}

/// Values of derived fields in the order people read them.
const LEVELS: [&str; 5] = ["Low", "Medium", "High", "No", "Yes"];

fn derived_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    column: &ColumnProfile,
    (reason, bottom, actions): (&str, f32, &mut Actions),
) {
    let title = column.name.replace('_', " ");
    let head = Head {
        title: &title,
        finding: reason,
        definition: "A field derived from the table; its thresholds are part of the project.",
    };
    let sheet = || {
        let mut sheet = Sheet::new(&["value", "rows"]);
        for value in &column.top {
            sheet.push(vec![value.text.clone(), value.rows.to_string()]);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, &column.name, &sheet).show_ui(ui, actions, |ui, _| {
        let mut levels: Vec<_> = column.top.iter().collect();
        levels.sort_by_key(|value| LEVELS.iter().position(|level| *level == value.text));
        let labels: Vec<String> = levels.iter().map(|value| value.text.clone()).collect();
        let values: Vec<f64> = levels.iter().map(|value| value.rows as f64).collect();
        let tip = |index: usize| {
            let value = levels[index];
            Tip::new(value.text.clone()).note(format::count(value.rows, "customer", "customers"))
        };
        let height = grid::height_to(ui, bottom, LEAST_CHART);
        chart_ui(
            ui,
            cx,
            (&labels, &values),
            ("Customers", reason, height),
            &tip,
        );
    });
}

fn chart_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (labels, values): (&[String], &[f64]),
    (y_title, summary, height): (&str, &str, f32),
    tip: &dyn Fn(usize) -> Tip,
) {
    let series = [Series {
        name: y_title,
        color: cx.palette.accent,
        values,
    }];
    let axes = Axes {
        x_title: "",
        y_title,
        unit: Unit::Count,
    };
    let mut bars = Bars::new(axes, labels, &series, tip);
    bars.summary = summary;
    bars.height = height;
    bars_ui(ui, cx.palette, &bars);
}
