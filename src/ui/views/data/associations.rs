//! How the columns of a kept table go together: correlations of its numbers, and the rate of a
//! chosen target in each category.

use egui::Ui;

use super::{heatmap::heatmap_ui, sheets};
use crate::{
    action::Actions,
    chart::{
        ChartCard,
        bar_list::{BarList, BarRow, bar_list_ui},
        tip::Tip,
    },
    cx::Cx,
    format,
    theme::{Palette, gap},
    widgets::{card::Head, dropdown::dropdown_ui},
};
use analysis::{
    correlation::Correlations,
    rates::{Rate, Rates, Target, Test, default_target, groupings, rates},
};
use data::dataset::tables::Table;
use data::profile::TableProfile;

/// The chosen target and grouping, and the rates worked out for them.
#[derive(Debug, Default)]
pub struct State {
    target: Option<Target>,
    by: Option<String>,
    /// For a revision of the data, a target and a grouping.
    known: Option<(u64, Target, String, Option<Rates>)>,
}

const CORRELATION: &str = "Pearson's r of each pair of numeric columns, from −1 (one falls as the \
    other rises) over 0 (no straight-line relation) to 1 (they rise together). Rows without one of \
    the two values are left out of that pair. Point at a cell, or walk them with the arrow keys, to see \
    both names, r and the number of rows.";
const RATE: &str = "Rate: rows that meet the target ÷ rows of the category whose target is known. \
    The range in the tooltip holds the true rate with 95 % confidence (Wilson): where ranges overlap \
    widely, the difference may be chance.";

/// What the strongest pair is, in words.
#[must_use]
pub fn finding(correlations: &Correlations) -> String {
    let Some((row, column)) = correlations.strongest() else {
        return "No two numeric columns vary together.".to_owned();
    };
    let r = correlations.pearson[correlations.at(row, column)];
    let strength = match r.abs() {
        strength if strength < 0.1 => "No two columns are related",
        strength if strength < 0.3 => "Only weakly related",
        strength if strength < 0.7 => "Related",
        _ => "Closely related",
    };
    format!(
        "{strength}: the strongest pair is {} and {} (r = {}).",
        correlations.columns[column],
        correlations.columns[row],
        format::fixed(r, 2)
    )
}

/// The card with the heatmap; nothing without two numeric columns.
pub fn correlations_ui(
    ui: &mut Ui,
    palette: &Palette,
    correlations: &Correlations,
    actions: &mut Actions,
) {
    if correlations.columns.len() < 2 {
        return;
    }
    let left_out = match correlations.left_out as u64 {
        0 => String::new(),
        1 => " One further numeric column is not shown.".to_owned(),
        more => format!(
            " {} further numeric columns are not shown.",
            format::integer(more)
        ),
    };
    let finding = finding(correlations) + &left_out;
    let head = Head {
        title: "Correlations",
        finding: &finding,
        definition: CORRELATION,
    };
    let sheet = || sheets::correlations(correlations);
    ChartCard::new(palette, head, "correlations", &sheet).show_ui(ui, actions, |ui, _| {
        heatmap_ui(ui, palette, correlations, &finding);
    });
}

/// Targets to choose from: what the table speaks of by itself, then each number over its median.
#[must_use]
pub fn targets(table: &Table, profile: &TableProfile) -> Vec<Target> {
    let own = default_target(table);
    let mut targets: Vec<Target> = own.into_iter().collect();
    for column in profile
        .columns
        .iter()
        .filter(|column| column.kind.is_numeric())
    {
        if let Some(summary) = &column.summary
            && summary.max > summary.min
            && targets.iter().all(|known| known.column != column.name)
        {
            targets.push(Target {
                column: column.name.clone(),
                test: Test::Over(summary.median),
            });
        }
    }
    targets
}

/// The card with the rate per category; nothing for a table without targets or categories.
pub fn rates_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (table, profile): (&Table, &TableProfile),
    state: &mut State,
    actions: &mut Actions,
) {
    let palette = cx.palette;
    let targets = targets(table, profile);
    let groups = groupings(table);
    let (Some(first), Some(group)) = (targets.first(), groups.first()) else {
        return;
    };
    let target = state.target.clone().unwrap_or_else(|| first.clone());
    let by = state.by.clone().unwrap_or_else(|| (*group).to_owned());
    let known = state.known.take().filter(|(revision, asked, grouping, _)| {
        *revision == cx.revision && *asked == target && *grouping == by
    });
    let rates = match known {
        Some((_, _, _, rates)) => rates,
        None => rates(table, &target, &by).ok(),
    };
    let finding = rates.as_ref().map_or_else(
        || "This column cannot be compared.".to_owned(),
        rates_finding,
    );
    let head = Head {
        title: "Rate by category",
        finding: &finding,
        definition: RATE,
    };
    let sheet = || sheets::rates(rates.as_ref());
    ChartCard::new(palette, head, "rate_by_category", &sheet).show_ui(ui, actions, |ui, _| {
        choices_ui(ui, palette, (&targets, &target), (&groups, &by), state);
        if let Some(rates) = &rates {
            let rows: Vec<BarRow> = rates.categories.iter().map(bar).collect();
            let overall = format::percent(rates.overall.rate);
            let words = format!("all rows: {overall}");
            let list = BarList {
                id: "rates",
                height: rows.len() as f32 * 30.0 + 18.0,
                rows: &rows,
                reference: Some((rates.overall.rate, &words)),
            };
            bar_list_ui(ui, palette, &list);
        }
    });
    state.known = Some((cx.revision, target, by, rates));
}

fn choices_ui(
    ui: &mut Ui,
    palette: &Palette,
    (targets, target): (&[Target], &Target),
    (groups, by): (&[&str], &String),
    state: &mut State,
) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let choices: Vec<_> = targets
            .iter()
            .map(|target| (target.clone(), target.words()))
            .collect();
        if let Some(target) = dropdown_ui(ui, palette, "Rate of", &choices, target) {
            state.target = Some(target);
        }
        let choices: Vec<_> = groups
            .iter()
            .map(|group| ((*group).to_owned(), (*group).to_owned()))
            .collect();
        if let Some(group) = dropdown_ui(ui, palette, "By", &choices, by) {
            state.by = Some(group);
        }
    });
}

fn category(rate: &Rate) -> &str {
    if rate.category.is_empty() {
        "without a value"
    } else {
        &rate.category
    }
}

fn bar(rate: &Rate) -> BarRow {
    let name = category(rate).to_owned();
    BarRow {
        length: rate.rate,
        figure: format::percent(rate.rate),
        share: format::count(rate.rows, "row", "rows"),
        tip: Tip::new(name.clone())
            .total("Rate", format::percent(rate.rate))
            .note(format!(
                "{} of {}; likely between {} and {}",
                format::integer(rate.hits),
                format::count(rate.rows, "row", "rows"),
                format::percent(rate.low),
                format::percent(rate.high)
            )),
        name,
        ..BarRow::default()
    }
}

/// The highest and the lowest rate; a difference within chance is called that.
#[must_use]
pub fn rates_finding(rates: &Rates) -> String {
    let (Some(high), Some(low)) = (rates.categories.first(), rates.categories.last()) else {
        return "No row has a known target.".to_owned();
    };
    let overall = format::percent(rates.overall.rate);
    if high.low <= low.high {
        return format!(
            "{overall} of all rows; the categories differ no more than chance would make them."
        );
    }
    format!(
        "{overall} of all rows: highest for {} ({}), lowest for {} ({}).",
        category(high),
        format::percent(high.rate),
        category(low),
        format::percent(low.rate)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_pair_is_named() {
        let correlations = Correlations {
            columns: vec!["a".to_owned(), "b".to_owned()],
            pearson: vec![1.0, -0.8, -0.8, 1.0],
            spearman: vec![1.0, -0.5, -0.5, 1.0],
            rows: vec![9; 4],
            left_out: 0,
        };
        assert_eq!(
            finding(&correlations),
            "Closely related: the strongest pair is a and b (r = −0.80)."
        );
    }
}
