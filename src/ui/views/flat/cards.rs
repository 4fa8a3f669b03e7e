//! The Overview of a customer table: rate of the target by category, derived fields, correlations.

use egui::{Color32, Frame, Grid, RichText, Ui};
use lucide_icons::Icon;

use crate::{
    analysis::rates::{Rate, Rates},
    data::profile::ColumnProfile,
    pipeline::snapshot::Flat,
    ui::{
        action::Actions,
        chart::{Bars, ChartCard, Series, Unit, bars_ui, plane::Axes, sheet::Sheet, tip::Tip},
        cx::Cx,
        format,
        theme::{font, gap},
        widgets::{card::Head, empty::empty_ui, grid},
    },
};

const HEIGHT: f32 = 220.0;

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
        let weights = vec![1.0; counted.len()];
        grid::row_ui(ui, &weights, 0.0, |ui, at| {
            let (index, column) = counted[at];
            derived_ui(
                ui,
                cx,
                column,
                (&flat.answers.derived.reasons[index], actions),
            );
        });
    }
    correlations_ui(ui, cx, flat, actions);
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
        |rates| format!("{} by {}", rates.target.words(), rates.by),
    );
    let finding = rates.map_or_else(String::new, finding);
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
        chart_ui(ui, cx, (&labels, &values), ("Rate, %", &finding), &tip);
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

fn finding(rates: &Rates) -> String {
    let overall = format::percent(rates.overall.rate);
    match (rates.categories.first(), rates.categories.last()) {
        (Some(most), Some(least)) => format!(
            "{overall} of all rows; from {} in {} to {} in {}.",
            format::percent(least.rate),
            named(&least.category),
            format::percent(most.rate),
            named(&most.category)
        ),
        _ => format!("{overall} of all rows."),
    }
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
    (reason, actions): (&str, &mut Actions),
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
        chart_ui(ui, cx, (&labels, &values), ("Customers", reason), &tip);
    });
}

fn chart_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (labels, values): (&[String], &[f64]),
    (y_title, summary): (&str, &str),
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
    bars.height = HEIGHT;
    bars_ui(ui, cx.palette, &bars);
}

fn correlations_ui(ui: &mut Ui, cx: &Cx<'_>, flat: &Flat, actions: &mut Actions) {
    let found = &flat.columns.correlations;
    let finding = found.strongest().map_or_else(
        || "Fewer than two columns of numbers vary.".to_owned(),
        |(a, b)| {
            format!(
                "The strongest pair is {} and {} with {:.2}.",
                found.columns[b],
                found.columns[a],
                found.pearson[found.at(a, b)]
            )
        },
    );
    let head = Head {
        title: "Correlations",
        finding: &finding,
        definition: "Pearson's r between columns of numbers, rows with a missing value left out pair by pair.",
    };
    let sheet = || {
        let mut columns = vec!["column"];
        columns.extend(found.columns.iter().map(String::as_str));
        let mut sheet = Sheet::new(&columns);
        for (row, name) in found.columns.iter().enumerate() {
            let mut cells = vec![name.clone()];
            let cell = |column| found.pearson[found.at(row, column)].to_string();
            cells.extend((0..found.columns.len()).map(cell));
            sheet.push(cells);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "correlations", &sheet).show_ui(ui, actions, |ui, _| {
        Grid::new("correlations")
            .spacing([2.0, 2.0])
            .show(ui, |ui| {
                for (row, name) in found.columns.iter().enumerate() {
                    ui.label(
                        RichText::new(name)
                            .font(font::caption())
                            .color(cx.palette.muted),
                    );
                    for column in 0..found.columns.len() {
                        let r = found.pearson[found.at(row, column)];
                        cell_ui(ui, cx, r);
                    }
                    ui.end_row();
                }
            });
    });
}

/// A cell from orange (−1) over the card's colour to blue (1).
fn cell_ui(ui: &mut Ui, cx: &Cx<'_>, r: f64) {
    let hue: Color32 = if r < 0.0 {
        cx.palette.warn
    } else {
        cx.palette.accent
    };
    let fill = cx.palette.tint(hue, r.abs().min(1.0) as f32);
    Frame::new().fill(fill).inner_margin(6).show(ui, |ui| {
        ui.set_width(48.0);
        let text = format!("{r:.2}");
        let ink = if r.abs() > 0.5 {
            crate::ui::theme::Palette::text_on(fill)
        } else {
            cx.palette.text
        };
        ui.label(RichText::new(text).font(font::caption()).color(ink));
    });
}
