//! The Overview view: how much is bought, by whom, how often, of what, and what became of it.
//!
//! | module | holds |
//! | --- | --- |
//! | [`model`] | headline numbers and the first charts, without egui |
//! | [`history`] | revenue over time, orders per customer, time between orders |
//! | [`picks`] | what a click on a bar selects |
//! | [`vintages`] | revenue by when customers were won (C3) |
//! | [`lists`] | categories, places, channels… and return rates |
//! | [`value`] | revenue per customer and its concentration |
//! | [`way`] | the order lifecycle |
//! | [`details`] | everything below the first charts, put together |

use std::sync::Arc;

use egui::{RichText, Ui};
use lucide_icons::Icon;

use crate::{
    action::{Action, Actions, View},
    cx::Cx,
    theme::{font, gap},
    views::{
        data::Tab,
        head_ui,
        trust::{self, Facts},
    },
    widgets::{card, empty::empty_ui, grid, kpi, segmented::segmented_ui},
};
use data::day::Period;

mod details;
mod history;
mod lists;
pub mod model;
mod picks;
mod spread;
#[cfg(test)]
mod tests;
mod value;
mod vintages;
mod way;

use details::Details;
use lists::Choice;
use model::Page;

const PERIODS: [(Period, &str); 4] = [
    (Period::Week, "Week"),
    (Period::Month, "Month"),
    (Period::Quarter, "Quarter"),
    (Period::Year, "Year"),
];
/// A KPI card holds its figure, its sparkline and its sentence from this width on.
const LEAST_KPI_WIDTH: f32 = 216.0;
/// Height of a card with a chart.
const CARD: f32 = 340.0;
/// Height of the first two, which matter most.
const FIRST_CARD: f32 = 400.0;
/// A plot is never lower than this.
const LEAST_PLOT: f32 = 110.0;

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug, Default)]
pub struct State {
    page: Option<((u64, String), Page)>,
    details: Option<(details::Key, Details)>,
    choice: Choice,
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
    refresh(cx, state);
    grid::page_ui(ui, "overview", |ui, _| {
        if cx.shop.overview.kpis.customers == 0 {
            card::frame(cx.palette).show(ui, |ui| {
                ui.set_width(ui.available_width());
                let why = "No customer has placed an order before the as-of date. Move the date to see numbers.";
                empty_ui(ui, cx.palette, Icon::CalendarX, why, None);
            });
        } else {
            page_ui(ui, cx, (&page, state), actions);
        }
    });
    state.page = Some((key, page));
}

/// Builds the details anew where their numbers or the person's choice changed. While newer ones are
/// being worked out the old ones stay.
fn refresh(cx: &Cx<'_>, state: &mut State) {
    let Some(numbers) = &cx.shop.details else {
        let other_shop = |(key, _): &(details::Key, Details)| {
            key.dataset != Arc::as_ptr(&cx.shop.dataset) as usize
        };
        if state.details.as_ref().is_some_and(other_shop) {
            state.details = None;
            state.choice = Choice::default();
        }
        return;
    };
    let key = details::Key::of(cx, numbers, &state.choice);
    if state.details.as_ref().is_none_or(|(old, _)| *old != key) {
        if state
            .details
            .as_ref()
            .is_some_and(|(old, _)| old.dataset != key.dataset)
        {
            state.choice = Choice::default();
        }
        let details = Details::build(numbers, &state.choice, &cx.project.currency);
        state.details = Some((details::Key::of(cx, numbers, &state.choice), details));
    }
}

/// How tall a card may be: its body ends at this height of the page.
#[derive(Clone, Copy)]
pub struct Tall {
    bottom: f32,
}

impl Tall {
    /// A card of this height that begins where the cursor is.
    fn card(ui: &Ui, height: f32) -> Self {
        Self {
            bottom: ui.cursor().top() + height,
        }
    }

    /// What is left of the card for its body.
    fn left(self, ui: &Ui) -> f32 {
        grid::height_to(ui, self.bottom, LEAST_PLOT)
    }
}

/// Draws cards of one height side by side, or below each other where it is narrow.
fn pair_ui(ui: &mut Ui, (count, height): (usize, f32), mut draw: impl FnMut(&mut Ui, usize, Tall)) {
    if grid::stacks(ui) || count == 1 {
        for index in 0..count {
            let tall = Tall::card(ui, height);
            draw(ui, index, tall);
        }
        return;
    }
    let tall = Tall::card(ui, height);
    grid::row_ui(ui, &vec![1.0; count], height, |ui, column| {
        draw(ui, column, tall);
    });
}

/// The name of a part of the page, with its controls at the right.
fn section_ui(ui: &mut Ui, cx: &Cx<'_>, title: &str, tools: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        ui.label(
            RichText::new(title)
                .font(font::card_title())
                .color(cx.palette.muted),
        );
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), tools);
    });
}

fn page_ui(ui: &mut Ui, cx: &Cx<'_>, (page, state): (&Page, &mut State), actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = gap::L;
    if let Some(facts) = Facts::of(cx.shop, &cx.project.reading)
        && trust::strip_ui(ui, cx.palette, &facts)
    {
        actions.push(Action::ShowDataTab(Tab::Quality));
    }
    let count = page.kpis.len();
    grid::cards_ui(ui, (count, LEAST_KPI_WIDTH), kpi::HEIGHT, |ui, index| {
        kpi::kpi_ui(ui, cx.palette, &page.kpis[index]);
    });
    let State {
        details, choice, ..
    } = state;
    let details = details.as_ref().map(|(_, details)| details);
    let stale = cx.shop.details.is_none();
    pair_ui(ui, (2, FIRST_CARD), |ui, column, tall| {
        if column == 0 {
            history::revenue_ui(ui, cx, page, (actions, tall));
        } else if let Some(details) = details {
            dim(ui, stale);
            vintages::vintages_ui(ui, cx, (&details.vintages, tall), actions);
        } else {
            details::waiting_ui(ui, cx, tall);
        }
    });
    // An empty scope would leave a gap of its own.
    if let Some(details) = details.filter(|details| !details.lists.is_empty()) {
        ui.scope(|ui| {
            dim(ui, stale);
            details::goods_ui(ui, cx, (details, choice), actions);
        });
    }
    section_ui(
        ui,
        cx,
        "How often they buy, and what they are worth",
        |_| {},
    );
    pair_ui(ui, (2, CARD), |ui, column, tall| {
        if column == 0 {
            history::orders_ui(ui, cx, page, (actions, tall));
        } else {
            history::gaps_ui(ui, cx, page, (actions, tall));
        }
    });
    if let Some(details) = details {
        dim(ui, stale);
        details::worth_ui(ui, cx, details, actions);
        details::orders_ui(ui, cx, (details, choice), actions);
        details::payment_ui(ui, cx, details, actions);
        details::missing_ui(ui, cx, details);
    }
}

/// Numbers of another date stay readable but step back while newer ones are on their way.
fn dim(ui: &mut Ui, stale: bool) {
    if stale {
        ui.multiply_opacity(0.5);
    }
}
