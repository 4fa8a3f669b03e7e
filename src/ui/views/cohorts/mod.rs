//! The Cohorts view: customers by the period of their first order, followed over age.
//!
//! The table's numbers come from [`crate::analysis::cohorts`]; [`model`] turns them into names,
//! sentences and colours once per change, and every frame only paints what is visible.

use egui::{ScrollArea, Ui};
use lucide_icons::Icon;

use crate::{
    analysis::{
        cohorts::{CohortSpec, Metric},
        selection::Part,
    },
    ui::{
        action::{Action, Actions, View},
        chart::{ChartCard, Line, Lines, Tip, lines_ui, plane::Axes},
        cx::Cx,
        theme::{Palette, gap},
        views::head_ui,
        widgets::{
            card::{self, Head},
            dropdown::dropdown_ui,
            empty::empty_ui,
            grid,
            segmented::segmented_ui,
        },
    },
};

mod heatmap;
mod layout;
pub mod model;
mod paint;
mod words;

use heatmap::{Memory, Picked, Place};
use model::Page;

/// Height of the curves' plot.
const CURVES_HEIGHT: f32 = 260.0;
/// What a card needs around its body: padding, head, finding, legend.
const CARD_CHROME: f32 = 116.0;

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
    let whole = ui.available_height();
    ScrollArea::vertical()
        .id_salt("cohorts")
        .auto_shrink(false)
        .show(ui, |ui| {
            if cx.updating {
                ui.multiply_opacity(0.6);
            }
            if page.rows.is_empty() || page.ages == 0 {
                empty_cards_ui(ui, cx);
            } else {
                cards_ui(ui, cx, &page, state, (actions, whole));
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
    if let Some(rows) = dropdown_ui(ui, cx.palette, "Rows", &rows, &spec.rows) {
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

/// Heatmap and curves: side by side when the table leaves room, otherwise one below the other.
fn cards_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    page: &Page,
    state: &mut State,
    (actions, whole): (&mut Actions, f32),
) {
    let need = heatmap::need(ui, page);
    let width = ui.available_width();
    let table_width = layout::Layout::least_size(&need).x + 2.0 * gap::L + 2.0;
    let beside = !grid::stacks(ui) && table_width < width * 0.6;
    if beside {
        let room = whole - CARD_CHROME - gap::XS;
        let height = layout::Layout::height(&need, room);
        grid::row_ui(ui, &[0.6, 0.4], 0.0, |ui, column| {
            if column == 0 {
                table_card_ui(ui, cx, page, state, (actions, height));
            } else {
                let height = height.clamp(CURVES_HEIGHT, 420.0);
                curves_card_ui(ui, cx, page, state, (actions, height));
            }
        });
    } else {
        let curves = CURVES_HEIGHT + CARD_CHROME - 26.0;
        let room = (whole - curves - CARD_CHROME - gap::L).max(240.0);
        let height = layout::Layout::height(&need, room);
        table_card_ui(ui, cx, page, state, (actions, height));
        ui.add_space(gap::S);
        // What the table does not need, the curves may have.
        let left = whole - height - 2.0 * CARD_CHROME - gap::L + 20.0;
        curves_card_ui(
            ui,
            cx,
            page,
            state,
            (actions, left.clamp(CURVES_HEIGHT, 460.0)),
        );
    }
}

fn table_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    page: &Page,
    state: &mut State,
    (actions, height): (&mut Actions, f32),
) {
    let by = if page.is_acquisition() {
        format!("{} by cohort", page.metric.title())
    } else {
        format!("{} by group", page.metric.title())
    };
    let definition = words::definition(page.metric, page.noun());
    let head = Head {
        title: &by,
        finding: &page.finding,
        definition: &definition,
    };
    let name = format!("cohorts_{}_{}", page.metric.name(), page.noun());
    let sheet = || page.sheet();
    let selected = selected_places(cx, page);
    let card = ChartCard::new(cx.palette, head, &name, &sheet);
    card.show_ui(ui, actions, |ui, actions| {
        paint::legend(ui, cx.palette, page);
        let table = (&mut state.table, height);
        if let Some(picked) = heatmap::heatmap_ui(ui, cx.palette, page, &selected, table) {
            actions.push(select(page, picked));
        }
    });
}

/// Places of this table that are part of the selection.
fn selected_places(cx: &Cx<'_>, page: &Page) -> Vec<Place> {
    cx.shop
        .selection
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Cohort { spec, key, age, .. } if *spec == page.spec => {
                let row = page.rows.iter().position(|row| row.key == *key)?;
                Some((row, age.map(|age| age as usize)))
            }
            _ => None,
        })
        .collect()
}

fn select(page: &Page, picked: Picked) -> Action {
    let (row, age) = picked.place;
    let part = Part::Cohort {
        spec: page.spec.clone(),
        key: page.rows[row].key,
        label: page.rows[row].name.clone(),
        age: age.map(|age| age as u32),
    };
    if picked.also {
        Action::SelectAlso(part)
    } else {
        Action::Select(part)
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
    (actions, height): (&mut Actions, f32),
) {
    let title = format!("{} by age", page.metric.title());
    let definition = format!(
        "The same numbers as in the table: one line per row, the strong line is the weighted mean. {}",
        words::definition(page.metric, page.noun())
    );
    let head = Head {
        title: &title,
        finding: &page.curves_finding,
        definition: &definition,
    };
    let name = format!("cohort_curves_{}_{}", page.metric.name(), page.noun());
    let sheet = || page.sheet();
    let lit = highlighted(cx, page, state);
    ChartCard::new(cx.palette, head, &name, &sheet).show_ui(ui, actions, |ui, _| {
        let hovered = curves_ui(ui, cx.palette, page, &lit, height);
        if state.curve != hovered {
            state.curve = hovered;
            ui.ctx().request_repaint();
        }
    });
}

/// Draws the lines; returns the row the pointer is on.
fn curves_ui(
    ui: &mut Ui,
    palette: &Palette,
    page: &Page,
    lit: &[usize],
    height: f32,
) -> Option<usize> {
    let values: Vec<Vec<Option<f64>>> = (0..page.rows.len()).map(|row| page.curve(row)).collect();
    let quiet = palette.tint(palette.faint, if page.rows.len() > 12 { 0.45 } else { 0.8 });
    let few = page.rows.len() <= 4;
    // Quiet rows first, then the highlighted ones, the mean on top.
    let mut order: Vec<usize> = (0..page.rows.len())
        .filter(|row| page.rows[*row].size > 0 && !lit.contains(row))
        .collect();
    let plain = order.len();
    order.extend(lit.iter().filter(|row| **row < page.rows.len()));
    let mut lines: Vec<Line<'_>> = order
        .iter()
        .enumerate()
        .map(|(index, &row)| Line {
            name: &page.rows[row].name,
            color: if index < plain { quiet } else { palette.text },
            width: if index < plain { 1.2 } else { 2.2 },
            values: &values[row],
            provisional_from: page.in_progress_from(row),
            labelled: few || index >= plain,
        })
        .collect();
    lines.push(Line {
        name: "Weighted mean",
        color: palette.accent,
        width: 3.0,
        values: &page.mean,
        provisional_from: usize::MAX,
        labelled: true,
    });
    let tip = |age: usize, line: usize| match order.get(line) {
        Some(&row) => page.tip(row, age),
        None => mean_tip(page, age),
    };
    let value_title = page.value_title();
    let age_title = page.age_title();
    let response = lines_ui(
        ui,
        palette,
        &Lines {
            summary: &page.curves_finding,
            height,
            axes: Axes {
                x_title: &age_title,
                y_title: &value_title,
                unit: page.unit(),
            },
            labels: &page.age_labels,
            first: page.first_age(),
            lines: &lines,
            tip: &tip,
        },
    );
    let (_, line) = response.hovered?;
    order.get(line).copied()
}

fn mean_tip(page: &Page, age: usize) -> Tip {
    let mut tip = Tip::new(format!("Weighted mean, {}", words::later(page.noun(), age)));
    tip.lead = page.mean.get(age).copied().flatten().map_or_else(
        || "No complete cohort".to_owned(),
        |mean| page.unit().text(mean),
    );
    tip
}
