//! The Overview's lists: categories, places, channels… by revenue, orders, units or customers, and how
//! much of each comes back.

use egui::Ui;

use super::Tall;
use crate::{
    action::Actions,
    chart::{BarList, BarRow, ChartCard, Sheet, Tip, bar_list_ui, sheet},
    cx::Cx,
    format,
    views::segments::pick_ui,
    widgets::{card::Head, dropdown::dropdown_ui},
};
use analysis::{
    breakdown::{Breakdown, Group, Measure, Owner, Tally},
    insights::{Insights, Topic},
    selection::Part,
};

/// Lists shown beside each other; further columns are chosen in their heads.
const SLOTS: usize = 4;
/// Values with fewer sale lines than this have no return rate worth ranking.
const LEAST_LINES: u64 = 30;
const TOP_RATES: usize = 11;

/// What the person chose; never saved, decides no number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    pub measure: Measure,
    /// Column of each list, where it is not the usual one.
    pub columns: [Option<String>; SLOTS],
    pub returns: Option<String>,
}

/// One ranked list, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    pub slot: usize,
    /// Name of its card.
    pub name: String,
    pub column: String,
    pub title: String,
    pub finding: String,
    pub definition: String,
    pub rows: Vec<BarRow>,
    /// The part that a click on a row selects.
    pub parts: Vec<Option<Part>>,
    pub reference: Option<(f64, String)>,
    numbers: Sheet,
}

/// Columns that a list can show: those with more than one value.
#[must_use]
pub fn columns(insights: &Insights) -> Vec<&Breakdown> {
    insights.lists().filter(|list| list.distinct > 1).collect()
}

/// The lists of the page: one per column, up to [`SLOTS`]; different topics first.
#[must_use]
pub fn lists(insights: &Insights, choice: &Choice, currency: &str) -> Vec<List> {
    let columns = columns(insights);
    usual(&columns)
        .into_iter()
        .enumerate()
        .map(|(slot, usual)| {
            let chosen = choice.columns[slot]
                .as_ref()
                .and_then(|name| columns.iter().find(|column| column.name == *name));
            let breakdown = chosen.unwrap_or(&usual);
            let measure = offered(breakdown, choice.measure);
            ranked(breakdown, measure, (slot, currency))
        })
        .collect()
}

/// The first column of each topic, then the others.
fn usual<'a>(columns: &[&'a Breakdown]) -> Vec<&'a Breakdown> {
    let mut usual: Vec<&Breakdown> = Vec::new();
    for &column in columns {
        let topic = Topic::of(&column.name);
        if topic == Topic::Other || usual.iter().all(|known| Topic::of(&known.name) != topic) {
            usual.push(column);
        }
    }
    let rest = columns
        .iter()
        .filter(|column| !usual.iter().any(|known| known.name == column.name));
    let rest: Vec<&Breakdown> = rest.copied().collect();
    usual.extend(rest);
    usual.truncate(SLOTS);
    usual
}

/// Measures the data can rank by.
#[must_use]
pub fn measures(insights: &Insights) -> Vec<Measure> {
    let counted = |measure: &Measure| {
        insights
            .breakdowns
            .iter()
            .any(|breakdown| breakdown.total.get(*measure) > 0.0)
    };
    Measure::ALL.into_iter().filter(counted).collect()
}

fn offered(breakdown: &Breakdown, measure: Measure) -> Measure {
    if breakdown.total.get(measure) > 0.0 {
        measure
    } else {
        Measure::Customers
    }
}

fn figure(measure: Measure, tally: &Tally, currency: &str) -> String {
    match measure {
        Measure::Revenue => format::money(tally.revenue, currency),
        Measure::Orders => format::integer(tally.orders),
        Measure::Units => format::integer(tally.units),
        Measure::Customers => format::integer(tally.customers),
    }
}

/// The list of one column by one measure.
pub fn ranked(breakdown: &Breakdown, measure: Measure, (slot, currency): (usize, &str)) -> List {
    let ranking = breakdown.ranking(measure);
    let named = ranking.top.iter().map(|&place| {
        let group = &breakdown.groups[place];
        (
            format::value(&group.value).to_owned(),
            group.tally,
            Some(group.value.clone()),
        )
    });
    let other = ranking.other.iter().map(|&(values, tally)| {
        (
            format!("Other ({})", format::integer(values as u64)),
            tally,
            None,
        )
    });
    let all: Vec<(String, Tally, Option<String>)> = named.chain(other).collect();
    // A bar of "Other" that dwarfs every named one would say nothing about any of them: it is left out.
    let longest = ranking
        .top
        .first()
        .map_or(0.0, |&place| breakdown.groups[place].tally.get(measure));
    let length = |tally: &Tally| match tally.get(measure) / longest {
        length if length <= 1.0 => length,
        _ => 0.0,
    };
    let row = |(label, tally, value): &(String, Tally, Option<String>)| {
        let share = breakdown
            .share(tally, measure)
            .map_or_else(String::new, format::percent);
        let (lead, figure) = (label.clone(), figure(measure, tally, currency));
        BarRow {
            name: label.clone(),
            length: length(tally),
            share,
            figure,
            note: String::new(),
            tip: tip(breakdown, lead, tally, currency),
            quiet: value.is_none(),
            picked: false,
            active: value.is_some(),
        }
    };
    let part = |(_, _, value): &(String, Tally, Option<String>)| {
        Some(Part::Attribute {
            name: breakdown.name.clone(),
            value: value.clone()?,
        })
    };
    List {
        slot,
        name: format!("by_{}", breakdown.name),
        column: breakdown.name.clone(),
        title: format!("{} by {}", measure.title(), noun(breakdown)),
        finding: finding(breakdown, measure),
        definition: definition(breakdown.owner, measure),
        rows: all.iter().map(row).collect(),
        parts: all.iter().map(part).collect(),
        reference: None,
        numbers: numbers(breakdown),
    }
}

/// The list's column within a sentence.
fn noun(breakdown: &Breakdown) -> String {
    lower(&format::column(&breakdown.name))
}

/// "Product category" inside a title; "SKU" stays as it is.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

fn tip(breakdown: &Breakdown, title: String, tally: &Tally, currency: &str) -> Tip {
    let share = |measure| {
        let share = breakdown.share(tally, measure);
        share.map_or_else(String::new, |share| {
            format!(" ({})", format::percent(share))
        })
    };
    let mut tip = Tip::new(title)
        .row(
            None,
            "Net revenue",
            format!(
                "{}{}",
                format::money(tally.revenue, currency),
                share(Measure::Revenue)
            ),
        )
        .row(
            None,
            "Orders",
            format!(
                "{}{}",
                format::integer(tally.orders),
                share(Measure::Orders)
            ),
        );
    if breakdown.total.units > 0 {
        let units = format!("{}{}", format::integer(tally.units), share(Measure::Units));
        tip = tip.row(None, "Units", units);
    }
    let customers = format!(
        "{}{}",
        format::integer(tally.customers),
        share(Measure::Customers)
    );
    tip = tip.row(None, "Customers", customers);
    if let Some(rate) = tally
        .return_rate()
        .filter(|_| breakdown.total.not_kept_lines > 0)
    {
        tip = tip.row(
            None,
            "Not kept",
            format!("{} of sale lines", format::percent(rate)),
        );
    }
    tip
}

/// "Kitchen brings 21.4 % of revenue, the top 3 of 8 bring 54.1 %."
fn finding(breakdown: &Breakdown, measure: Measure) -> String {
    let ranking = breakdown.ranking(measure);
    let value = |place: &usize| &breakdown.groups[*place];
    let Some(first) = ranking.top.first().map(value) else {
        return String::new();
    };
    let share = |tally| breakdown.share(tally, measure).unwrap_or(0.0);
    let noun = lower(measure.title());
    let (name, lead) = (
        format::value(&first.value),
        format::percent(share(&first.tally)),
    );
    // Orders and customers may count for several values, so their shares must not be added.
    let adds =
        matches!(measure, Measure::Revenue | Measure::Units) || breakdown.owner == Owner::Customer;
    if !adds || breakdown.distinct < 5 {
        return format!("{name} leads with {lead} of {noun}.");
    }
    let three: f64 = ranking
        .top
        .iter()
        .take(3)
        .map(|place| share(&value(place).tally))
        .sum();
    format!(
        "{name} leads with {lead} of {noun}; the top 3 of {} make {}.",
        format::integer(breakdown.distinct as u64),
        format::percent(three)
    )
}

fn definition(owner: Owner, measure: Measure) -> String {
    let what = match (measure, owner) {
        (Measure::Revenue, Owner::Line) => {
            "Net revenue of the order lines with this value, credits included; shares add up to 100 %."
        }
        (Measure::Revenue, Owner::Customer) => {
            "Net revenue of the customers with this value; shares add up to 100 %."
        }
        (Measure::Units, _) => "Units of kept sale lines.",
        (Measure::Orders, Owner::Line) => {
            "Distinct orders with a kept line of this value. An order with two values counts for both, so shares may \
             add up to more than 100 %."
        }
        (Measure::Customers, Owner::Line) => {
            "Customers with a kept line of this value. Who bought two values counts for both, so shares may add up to \
             more than 100 %."
        }
        (Measure::Orders, Owner::Customer) => "Orders of the customers with this value.",
        (Measure::Customers, Owner::Customer) => "Customers with this value and an order.",
    };
    format!("{what} Everything before the as-of date. A click selects the customers.")
}

fn numbers(breakdown: &Breakdown) -> Sheet {
    let mut sheet = Sheet::new(&[
        &breakdown.name,
        "revenue",
        "orders",
        "units",
        "customers",
        "sale_lines",
        "not_kept_lines",
    ]);
    for group in &breakdown.groups {
        let tally = &group.tally;
        sheet.push(vec![
            group.value.clone(),
            sheet::cell(Some(tally.revenue)),
            tally.orders.to_string(),
            tally.units.to_string(),
            tally.customers.to_string(),
            tally.sale_lines.to_string(),
            tally.not_kept_lines.to_string(),
        ]);
    }
    sheet
}

/// Share of lines that were not kept, of the most sold values; `None` when nothing came back.
#[must_use]
pub fn returns(insights: &Insights, choice: &Choice, currency: &str) -> Option<List> {
    let columns: Vec<&Breakdown> = columns(insights)
        .into_iter()
        .filter(|column| column.owner == Owner::Line && column.total.not_kept_lines > 0)
        .collect();
    let chosen = columns
        .iter()
        .find(|column| Some(&column.name) == choice.returns.as_ref());
    let breakdown = chosen.or_else(|| columns.first())?;
    return_rates(breakdown, currency)
}

fn rate(tally: &Tally) -> f64 {
    tally.return_rate().unwrap_or(0.0)
}

/// The most sold values of a column, highest rate first.
fn return_rates(breakdown: &Breakdown, currency: &str) -> Option<List> {
    let mut groups: Vec<&Group> = breakdown
        .groups
        .iter()
        .filter(|group| group.tally.sale_lines >= LEAST_LINES)
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.tally.sale_lines));
    groups.truncate(TOP_RATES);
    groups.sort_by(|a, b| rate(&b.tally).total_cmp(&rate(&a.tally)));
    let highest = groups.first()?;
    let all = rate(&breakdown.total);
    let longest = rate(&highest.tally).max(all);
    let row = |group: &&Group| BarRow {
        length: rate(&group.tally) / longest,
        share: format!(
            "{} of {}",
            format::integer(group.tally.not_kept_lines),
            format::integer(group.tally.sale_lines)
        ),
        figure: format::percent(rate(&group.tally)),
        // The list of revenue beside this one has the same values: their rows are told apart.
        tip: tip(
            breakdown,
            format!(
                "{}, {} not kept",
                format::value(&group.value),
                format::percent(rate(&group.tally))
            ),
            &group.tally,
            currency,
        ),
        ..value_row(breakdown, group, currency)
    };
    let part = |group: &&Group| {
        Some(Part::Attribute {
            name: breakdown.name.clone(),
            value: group.value.clone(),
        })
    };
    Some(List {
        slot: 0,
        name: format!("return_rate_by_{}", breakdown.name),
        column: breakdown.name.clone(),
        title: format!("Return rate by {}", noun(breakdown)),
        finding: format!(
            "{} has the highest rate: {} of its sale lines were not kept.",
            format::value(&highest.value),
            format::percent(rate(&highest.tally))
        ),
        definition: format!(
            "Sale lines that were cancelled, returned or refunded ÷ all sale lines, for the {TOP_RATES} values with the \
             most sale lines ({LEAST_LINES} at least)."
        ),
        rows: groups.iter().map(row).collect(),
        parts: groups.iter().map(part).collect(),
        reference: Some((
            all / longest,
            format!("whole shop {}", format::percent(all)),
        )),
        numbers: numbers(breakdown),
    })
}

/// A row that names a value and selects its customers.
fn value_row(breakdown: &Breakdown, group: &Group, currency: &str) -> BarRow {
    let name = format::value(&group.value).to_owned();
    BarRow {
        tip: tip(breakdown, name.clone(), &group.tally, currency),
        name,
        active: true,
        ..BarRow::default()
    }
}

/// How a list's column is changed.
pub struct Picker<'a> {
    pub columns: &'a [(Option<String>, String)],
    pub chosen: &'a mut Option<String>,
}

/// Draws a list in its card.
pub fn list_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (list, tall): (&List, Tall),
    picker: Option<Picker<'_>>,
    actions: &mut Actions,
) {
    let head = Head {
        title: &list.title,
        finding: &list.finding,
        definition: &list.definition,
    };
    let sheet = || list.numbers.clone();
    let mut rows = list.rows.clone();
    for (row, part) in rows.iter_mut().zip(&list.parts) {
        row.picked = part
            .as_ref()
            .is_some_and(|part| cx.shop.selection.parts.contains(part));
    }
    ChartCard::new(cx.palette, head, &list.name, &sheet).show_with_tools_ui(
        ui,
        actions,
        |ui, _| {
            if let Some(picker) = picker {
                let current = Some(list.column.clone());
                if let Some(new) = dropdown_ui(ui, cx.palette, "By", picker.columns, &current) {
                    *picker.chosen = new;
                }
            }
        },
        |ui, actions| {
            let bars = BarList {
                id: &list.title,
                rows: &rows,
                height: tall.left(ui),
                reference: list
                    .reference
                    .as_ref()
                    .map(|(at, words)| (*at, words.as_str())),
            };
            if let Some(part) =
                bar_list_ui(ui, cx.palette, &bars).and_then(|row| list.parts[row].clone())
            {
                pick_ui(ui, cx, part, actions);
            }
        },
    );
}
