//! The Cohorts view: customers by the period of their first order, followed over age.
//!
//! The table's numbers come from [`analysis::cohorts`]; [`model`] turns them into names,
//! sentences and colours once per change, and every frame only paints what is visible.

use egui::Ui;
use lucide_icons::Icon;

use crate::{
    action::{Action, Actions, View},
    chart::{ChartCard, portrait},
    cx::Cx,
    theme::gap,
    views::head_ui,
    widgets::{
        card::{self, Head},
        dropdown::{cell_dropdown_ui, dropdown_ui},
        empty::empty_ui,
        grid,
        segmented::segmented_ui,
    },
};
use analysis::{
    cohorts::{CohortSpec, Metric, SMALL_COHORT},
    selection::Part,
};

mod curves;
mod heatmap;
mod layout;
pub mod model;
mod paint;
#[cfg(test)]
mod tests;
mod words;

use heatmap::{Memory, Picked};
use model::Page;
use paint::Place;

/// Heights below which the page scrolls instead of squeezing its parts.
const LEAST_TABLE: f32 = 360.0;
const LEAST_CURVES: f32 = 130.0;
/// What the table's card needs around the table: padding, head, finding, legend.
const TABLE_CHROME: f32 = 120.0;
/// What the curves' card needs around the curves.
const CURVES_CHROME: f32 = 140.0;
/// Narrowest page that has both cards side by side when it is too low for one below the other.
const LEAST_BESIDE: f32 = 840.0;
/// Ages a table must show beside the curves: a year of months. With fewer it gets the whole width.
const LEAST_AGES: usize = 12;
/// What shows of the curves' card below a table that fills a low window.
const PEEK: f32 = 64.0;
/// A card of curves does not grow beyond this.
const GREATEST_CURVES: f32 = 560.0;

/// Room the choice of rows takes with its label, and without.
const ROWS_WIDTH: f32 = 216.0;
const ROWS_WIDTH_TIGHT: f32 = 176.0;

/// What decides the display data.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    revision: u64,
    metric: Metric,
    currency: String,
}

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug, Default)]
pub struct State {
    page: Option<(Key, Page)>,
    table: Memory,
    /// Row whose curve the pointer is on.
    curve: Option<usize>,
}

pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    head_ui(ui, cx.palette, View::Cohorts, |ui| {
        controls_ui(ui, cx, actions);
    });
    let page = take_page(cx, state);
    grid::page_ui(ui, "cohorts", |ui, bottom| {
        if page.rows.is_empty() || page.ages == 0 {
            empty_cards_ui(ui, cx);
        } else {
            cards_ui(ui, cx, &page, state, (actions, bottom));
        }
    });
    state.page = Some((page_key(cx), page));
}

fn page_key(cx: &Cx<'_>) -> Key {
    Key {
        revision: cx.revision,
        metric: cx.project.cohort_metric,
        currency: cx.project.currency.clone(),
    }
}

/// The display data of the last frame while nothing changed, otherwise new.
fn take_page(cx: &Cx<'_>, state: &mut State) -> Page {
    let key = page_key(cx);
    match state.page.take() {
        Some((old, page)) if old == key => page,
        before => {
            let page = Page::build(&cx.shop.cohorts, key.metric, &key.currency);
            if before.is_none_or(|(_, old)| old.spec != page.spec) {
                state.table = Memory::default();
            }
            page
        }
    }
}

fn controls_ui(ui: &mut Ui, cx: &Cx<'_>, actions: &mut Actions) {
    let spec = &cx.project.cohorts;
    let metrics: Vec<(Metric, String)> = Metric::ALL
        .into_iter()
        .map(|metric| (metric, metric.title().to_owned()))
        .collect();
    let metric = cx.project.cohort_metric;
    if let Some(metric) = dropdown_ui(ui, cx.palette, "Metric", &metrics, &metric) {
        actions.push(Action::SetCohortMetric(metric));
    }
    if let Some(period) = segmented_ui(ui, cx.palette, "Period", &model::PERIODS, spec.period) {
        actions.push(Action::SetCohorts(CohortSpec {
            period,
            rows: spec.rows.clone(),
        }));
    }
    let attributes = &cx.shop.dataset.orders.attributes;
    if attributes.is_empty() {
        return;
    }
    let names = attributes.iter().map(|attribute| attribute.name.as_str());
    let rows = model::row_choices(spec.period, names);
    // Where the three do not fit side by side, as on a small projector, this one goes without its label.
    let picked = if ui.available_width() < ROWS_WIDTH {
        let look = ("Rows", ROWS_WIDTH_TIGHT, cx.palette.text);
        cell_dropdown_ui(ui, cx.palette, look, &rows, &spec.rows)
    } else {
        dropdown_ui(ui, cx.palette, "Rows", &rows, &spec.rows)
    };
    if let Some(rows) = picked {
        actions.push(Action::SetCohorts(CohortSpec {
            period: spec.period,
            rows,
        }));
    }
}

fn empty_cards_ui(ui: &mut Ui, cx: &Cx<'_>) {
    card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let why =
            "No customer has placed an order before the as-of date. Move the date to see cohorts.";
        empty_ui(ui, cx.palette, Icon::CalendarX, why, None);
    });
}

/// Heatmap and curves: side by side when the table leaves room or the window is too low to show
/// both, otherwise one below the other.
fn cards_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    page: &Page,
    state: &mut State,
    (actions, bottom): (&mut Actions, f32),
) {
    ui.spacing_mut().item_spacing.y = gap::L;
    let top = ui.cursor().top();
    let need = heatmap::need(ui, page);
    let width = ui.available_width();
    let table_width = layout::Layout::least_size(&need).x + 2.0 * gap::L + 2.0;
    let roomy = !grid::stacks(ui) && table_width < width * 0.58;
    let complete = layout::Layout::least_size(&need).y + TABLE_CHROME;
    let least = complete.min(LEAST_TABLE);
    let curves = gap::L + CURVES_CHROME + LEAST_CURVES;
    let low = bottom - top < least + curves;
    let beside = layout::Layout::least_size(&heatmap_of(need, LEAST_AGES)).x + 2.0 * gap::L;
    if roomy || (low && width >= LEAST_BESIDE && beside < width * 0.62) {
        let table = if roomy { 0.58 } else { 0.62 };
        grid::row_ui(ui, &[table, 1.0 - table], 0.0, |ui, column| {
            if column == 0 {
                table_card_ui(ui, cx, page, state, (actions, bottom));
            } else {
                let bottom = bottom.min(top + GREATEST_CURVES);
                curves_card_ui(ui, cx, page, state, (actions, bottom));
            }
        });
    } else {
        // The table takes what it needs, up to its share; the curves take the rest.
        let whole = bottom - top;
        let share = if complete < whole * 0.7 { 0.7 } else { 0.62 };
        let most = if low {
            // Both do not fit: the table fills the window, and what follows shows that it follows.
            (bottom - PEEK).max(top + least)
        } else {
            (top + whole * share).min(bottom - curves).max(top + least)
        };
        table_card_ui(ui, cx, page, state, (actions, most));
        let bottom = bottom.min(ui.cursor().top() + GREATEST_CURVES);
        curves_card_ui(ui, cx, page, state, (actions, bottom));
    }
}

/// A table of at most so many ages.
fn heatmap_of(need: layout::Need, most: usize) -> layout::Need {
    layout::Need {
        ages: need.ages.min(most),
        ..need
    }
}

fn table_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    page: &Page,
    state: &mut State,
    (actions, bottom): (&mut Actions, f32),
) {
    let by = format!("{} {}", page.metric.title(), page.by());
    let definition = words::definition(page.metric, page.noun());
    let head = Head {
        title: &by,
        finding: &page.finding,
        definition: &definition,
    };
    let sheet = || page.sheet();
    let selected = selected_places(cx, page);
    let card = ChartCard::new(cx.palette, head, "cohort_table", &sheet);
    card.show_ui(ui, actions, |ui, actions| {
        paint::legend(ui, cx.palette, page);
        let need = heatmap::need(ui, page);
        let room = grid::height_to(ui, bottom, 0.0);
        let room = portrait::at_least(ui, layout::Layout::least_size(&need), room);
        let table = (&mut state.table, layout::Layout::height(&need, room));
        if let Some(picked) = heatmap::heatmap_ui(ui, cx.palette, page, &selected, table) {
            actions.push(select(page, picked));
        }
    });
}

/// Places of this table that are part of the selection.
fn selected_places(cx: &Cx<'_>, page: &Page) -> Vec<Place> {
    let at = |key: i64| page.rows.iter().position(|row| row.key == key);
    let mut places = Vec::new();
    for part in &cx.shop.selection.parts {
        match part {
            Part::Cohort { spec, key, age, .. } if *spec == page.spec => {
                places.extend(at(*key).map(|row| (row, age.map(|age| age as usize))));
            }
            Part::CohortBlock { spec, rows, ages } if *spec == page.spec => {
                for row in rows.iter().filter_map(|(key, _)| at(*key)) {
                    match ages {
                        None => places.push((row, None)),
                        Some((from, to)) => {
                            places.extend((*from..=*to).map(|age| (row, Some(age as usize))));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    places
}

fn select(page: &Page, picked: Picked) -> Action {
    let (row, age) = picked.place;
    let part = match picked.from {
        None => Part::Cohort {
            spec: page.spec.clone(),
            key: page.rows[row].key,
            label: page.rows[row].name.clone(),
            age: age.map(|age| age as u32),
        },
        Some(from) => block(page, from, picked.place),
    };
    if picked.also {
        Action::SelectAlso(part)
    } else {
        Action::Select(part)
    }
}

/// The cells between two corners; a corner in the names takes whole rows.
fn block(page: &Page, from: Place, to: Place) -> Part {
    let last = page.rows.len().saturating_sub(1);
    let (top, bottom) = (from.0.min(to.0).min(last), from.0.max(to.0).min(last));
    let ages = from.1.zip(to.1);
    Part::CohortBlock {
        spec: page.spec.clone(),
        rows: page.rows[top..=bottom]
            .iter()
            .map(|row| (row.key, row.name.clone()))
            .collect(),
        ages: ages.map(|(a, b)| (a.min(b) as u32, a.max(b) as u32)),
    }
}

/// Rows whose curve stands out: hovered in either chart, or selected.
fn highlighted(cx: &Cx<'_>, page: &Page, state: &State) -> Vec<usize> {
    let mut rows: Vec<usize> = selected_places(cx, page)
        .into_iter()
        .map(|(row, _)| row)
        .chain(state.table.hovered.map(|(row, _)| row))
        .chain(state.curve)
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn curves_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    page: &Page,
    state: &mut State,
    (actions, bottom): (&mut Actions, f32),
) {
    let title = format!("{} by age", page.metric.title());
    let definition = format!(
        "The same numbers as in the table: one line per row, the strong line is the weighted mean. Dashed: still in progress, or fewer than {SMALL_COHORT} customers; these may run out of the picture. {}",
        words::definition(page.metric, page.noun())
    );
    let head = Head {
        title: &title,
        finding: &page.curves_finding,
        definition: &definition,
    };
    let sheet = || page.sheet();
    let lit = highlighted(cx, page, state);
    ChartCard::new(cx.palette, head, "cohort_curves", &sheet).show_ui(ui, actions, |ui, _| {
        curves::legend(ui, cx.palette, page);
        let height = grid::height_to(ui, bottom, LEAST_CURVES);
        let hovered = curves::curves_ui(ui, cx.palette, page, (&lit, height));
        if state.curve != hovered {
            state.curve = hovered;
            ui.ctx().request_repaint();
        }
    });
}
