//! What every view shows while there is no customer: nobody had ordered by the as-of date, or no line
//! of the data is a kept order.

use egui::Ui;
use lucide_icons::Icon;

use super::{data::Tab, head_ui};
use crate::{
    action::{Action, Actions, View},
    cx::Cx,
    format::date,
    widgets::{card, empty::empty_ui, grid},
};
use pipeline::snapshot::Shop;

/// Why there is nobody, and the way out: what to press and what that does. `None` while there are
/// customers.
#[must_use]
pub fn way_out(shop: &Shop) -> Option<(String, &'static str, Action)> {
    if !shop.dataset.shape.has_orders() || shop.customers.active > 0 {
        return None;
    }
    Some(match shop.order_days {
        Some((first, _)) => (
            format!(
                "Nobody had ordered before {}: the first order is of {}.",
                date(shop.as_of),
                date(first)
            ),
            "Show the latest date",
            Action::SetAsOf(None),
        ),
        None => (
            "There is no customer to show: every line of this data is cancelled, returned or a credit."
                .to_owned(),
            "See what happened to the rows",
            Action::ShowDataTab(Tab::Quality),
        ),
    })
}

/// Draws it in place of the view; false while there are customers.
pub fn nobody_ui(view: View, ui: &mut Ui, cx: &Cx<'_>, actions: &mut Actions) -> bool {
    let Some((why, button, action)) = way_out(cx.shop) else {
        return false;
    };
    head_ui(ui, cx.palette, view, |_| {});
    grid::page_ui(ui, "nobody", |ui, _| {
        card::frame(cx.palette).show(ui, |ui| {
            ui.set_width(ui.available_width());
            if empty_ui(ui, cx.palette, Icon::CalendarX, &why, Some(button)) {
                actions.push(action);
            }
        });
    });
    true
}
