//! What the views show for a customer table, which has no order history.

mod cards;
mod controls;
mod model;

use egui::{Ui, vec2};
use lucide_icons::Icon;

use crate::{
    action::{Action, Actions, View},
    cx::Cx,
    theme::gap,
    views::{head_ui, segments::clusters},
    widgets::{card, empty::empty_ui, grid},
};

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug, Default)]
pub struct State {
    clusters: clusters::State,
}

/// Draws the Overview of a customer table, or why a view has nothing to show.
pub fn view_ui(view: View, ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    head_ui(ui, cx.palette, view, |_| {});
    grid::page_ui(ui, view.name(), |ui, _| {
        if let (View::Overview, Some(flat)) = (view, &cx.shop.flat) {
            ui.spacing_mut().item_spacing.y = gap::L;
            controls::controls_ui(ui, cx, flat, actions);
            return cards::cards_ui(ui, cx, flat, actions);
        }
        if view == View::Segments {
            ui.spacing_mut().item_spacing = vec2(gap::L, gap::L);
            return clusters::clusters_ui(ui, cx, &mut state.clusters, actions);
        }
        card::frame(cx.palette).show(ui, |ui| {
            ui.set_width(ui.available_width());
            let button = Some("Show the data");
            if empty_ui(ui, cx.palette, Icon::TableProperties, why(view), button) {
                actions.push(Action::Show(View::Data));
            }
        });
    });
}

/// Why a view has nothing to show without an order history, in one sentence.
fn why(view: View) -> &'static str {
    match view {
        View::Cohorts => {
            "Cohorts follow customers from order to order: they need an order history, and this file has one row per customer."
        }
        View::Customers => {
            "The customer list shows what each customer ordered: it needs an order history, and this file has one row per customer."
        }
        View::Audiences => {
            "Audiences are drawn up from what customers ordered and will order: they need an order history, and this file has one row per customer."
        }
        View::Start | View::Overview | View::Segments | View::Data | View::Models => {
            "Revenue over time needs an order history, and this file has one row per customer."
        }
    }
}
