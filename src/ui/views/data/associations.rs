//! How the columns of a kept table go together: correlations of its numbers, and the rate of a
//! chosen target in each category.

use egui::{Align2, Rect, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

use super::sheets;
use crate::{
    analysis::{
        correlation::Correlations,
        rates::{Rates, Target, Test, default_target, groupings, rates},
    },
    data::{profile::TableProfile, tables::Table},
    ui::{
        action::Actions,
        chart::{
            ChartCard,
            bar_list::{BarList, BarRow, bar_list_ui},
            tip::{Tip, tip_ui},
        },
        cx::Cx,
        format,
        theme::{Palette, font, gap},
        widgets::{card::Head, dropdown::dropdown_ui, table::elided},
    },
};

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
    the two values are left out of that pair.";
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
    let finding = finding(correlations);
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

const CELL_HEIGHT: f32 = 28.0;
const NAMES: f32 = 190.0;

fn heatmap_ui(ui: &mut Ui, palette: &Palette, correlations: &Correlations, finding: &str) {
    let count = correlations.columns.len();
    let width = ((ui.available_width() - NAMES) / count as f32).clamp(20.0, 96.0);
    let size = vec2(
        NAMES + width * count as f32,
        CELL_HEIGHT * (count + 1) as f32,
    );
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let label = format!("Correlations. {finding}");
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
    let cell = |row: usize, column: usize| {
        let left = rect.left() + NAMES + width * column as f32;
        let top = rect.top() + CELL_HEIGHT * row as f32;
        Rect::from_min_size(pos2(left, top), vec2(width, CELL_HEIGHT))
    };
    let painter = ui.painter();
    for (at, name) in correlations.columns.iter().enumerate() {
        let text = elided(painter, name, font::body(), palette.text, NAMES - gap::M);
        let top = cell(at, 0).center().y - text.size().y / 2.0;
        painter.galley(pos2(rect.left(), top), text, palette.text);
        let foot = cell(count, at);
        let text = elided(
            painter,
            name,
            font::caption(),
            palette.muted,
            width - gap::XS,
        );
        let corner = foot.center() - text.size() / 2.0;
        painter.galley(corner, text, palette.muted);
    }
    let mut hovered = None;
    for row in 0..count {
        for column in 0..count {
            let r = correlations.pearson[correlations.at(row, column)];
            let area = cell(row, column).shrink(1.0);
            if response.hover_pos().is_some_and(|at| area.contains(at)) {
                hovered = Some((row, column, area));
            }
            if r.is_nan() {
                continue;
            }
            let fill = palette.diverging(r as f32);
            painter.rect_filled(area, 3, fill);
            if width >= 40.0 {
                painter.text(
                    area.center(),
                    Align2::CENTER_CENTER,
                    format::fixed(r, 2),
                    font::caption(),
                    Palette::text_on(fill),
                );
            }
        }
    }
    if let Some((row, column, area)) = hovered {
        let tip = pair_tip(correlations, row, column);
        tip_ui(ui, palette, response.id, Some(area), &tip);
    }
}

fn pair_tip(correlations: &Correlations, row: usize, column: usize) -> Tip {
    let at = correlations.at(row, column);
    let (one, other) = (&correlations.columns[row], &correlations.columns[column]);
    Tip::new(format!("{one} and {other}"))
        .total("Pearson r", format::fixed(correlations.pearson[at], 3))
        .note(format!(
            "By rank (Spearman): {}; {}",
            format::fixed(correlations.spearman[at], 3),
            format::count(correlations.rows[at], "row", "rows")
        ))
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

fn bar(rate: &crate::analysis::rates::Rate) -> BarRow {
    let name = if rate.category.is_empty() {
        "without a value".to_owned()
    } else {
        rate.category.clone()
    };
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
fn rates_finding(rates: &Rates) -> String {
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
        high.category,
        format::percent(high.rate),
        low.category,
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
