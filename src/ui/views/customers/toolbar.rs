//! Head of the Customers view: search field, column chooser, export; and the count line.

use std::sync::Arc;

use egui::{Align2, Margin, RichText, TextEdit, Ui, pos2};
use lucide_icons::Icon;

use super::{
    Export, State,
    background::Job,
    columns::{Column, sheet},
    list::{INLINE, Source},
};
use crate::{
    action::{Action, Actions},
    cx::Cx,
    format::{count, integer},
    theme::{font, gap},
    widgets::{card::icon_button_ui, check::check_ui},
};
use analysis::selection::Part;

/// Controls at the right end of the head, from right to left.
pub fn tools_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    export_ui(ui, cx, state, actions);
    columns_ui(ui, cx, state);
    search_ui(ui, cx, state);
}

/// What the field has room for.
const LONGEST_HINT: usize = 24;

fn search_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State) {
    let palette = cx.palette;
    if !state.search.is_empty() && icon_button_ui(ui, palette, Icon::X, "Clear search").clicked() {
        state.search.clear();
    }
    let listed = names(cx).join(", ");
    let hints = [format!("Search by {listed}"), format!("Search {listed}")];
    let hint = hints.into_iter().find(|hint| hint.len() <= LONGEST_HINT);
    let hint = hint.unwrap_or_else(|| "Search customers".to_owned());
    let field = TextEdit::singleline(&mut state.search)
        .hint_text(hint)
        .desired_width(200.0)
        .margin(Margin {
            left: 30,
            right: 8,
            top: 5,
            bottom: 5,
        });
    let response = ui.add(field).accessible_name("Search customers");
    let response = response.on_hover_text(format!("Finds customers by {}", searched(cx)));
    ui.painter().text(
        pos2(response.rect.left() + 10.0, response.rect.center().y),
        Align2::LEFT_CENTER,
        Icon::Search.unicode(),
        font::icon(14.0),
        palette.muted,
    );
}

/// What customers are found by: "id", or "id or email" in a shop that knows such texts of them.
pub fn searched(cx: &Cx<'_>) -> String {
    let mut names = names(cx);
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} or {last}", names.join(", ")),
        last => last.unwrap_or_default().to_owned(),
    }
}

fn names<'a>(cx: &Cx<'a>) -> Vec<&'a str> {
    let labels = cx.shop.dataset.orders.labels.iter();
    let labels = labels.map(|label| label.name.as_str());
    std::iter::once("id").chain(labels).collect()
}

fn columns_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State) {
    let button = icon_button_ui(ui, cx.palette, Icon::Columns3, "Choose columns");
    let popup =
        egui::Popup::menu(&button).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.set_min_width(210.0);
        let has_mail = cx.shop.dataset.orders.mail().is_some();
        let columns = Column::ALL.into_iter().skip(1);
        for column in columns.filter(|column| has_mail || !column.needs_mail()) {
            let mut on = state.columns.contains(&column);
            if check_ui(ui, cx.palette, &mut on, column.long_title())
                .on_hover_text(column.hint())
                .changed()
            {
                if on {
                    state.columns.insert(column);
                } else {
                    state.columns.remove(&column);
                }
            }
        }
        if cx.shop.predictions.is_none() {
            let note = "Predicted value, its interval and P(alive) appear with a trained model.";
            ui.label(
                RichText::new(note)
                    .font(font::caption())
                    .color(cx.palette.muted),
            );
        }
        if state.open.is_some() {
            let note = "While a customer is open, only the columns that fit are shown.";
            ui.label(
                RichText::new(note)
                    .font(font::caption())
                    .color(cx.palette.muted),
            );
        }
    });
}

fn export_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let button = icon_button_ui(
        ui,
        cx.palette,
        Icon::Download,
        "Copy or save the customers shown",
    );
    egui::Popup::menu(&button).width(190.0).show(|ui| {
        let entry = |text: &str| {
            let text = RichText::new(text)
                .font(font::body())
                .color(cx.palette.text);
            egui::Button::new(text).frame(false)
        };
        for (text, export) in [("Copy data", Export::Copy), ("Save CSV…", Export::Save)] {
            if ui.add(entry(text)).clicked() {
                start_export(ui.ctx(), cx, state, export, actions);
            }
        }
    });
}

/// Short lists at once, long ones on a thread.
fn start_export(
    ctx: &egui::Context,
    cx: &Cx<'_>,
    state: &mut State,
    export: Export,
    actions: &mut Actions,
) {
    let source = Source {
        shop: cx.shop.clone(),
    };
    let rows = Arc::clone(state.list.rows());
    let text = move |source: &Source, rows: &[u32]| {
        let sheet = sheet(source, rows);
        match export {
            Export::Copy => sheet.tsv(),
            Export::Save => sheet.csv(),
        }
    };
    if rows.len() > INLINE {
        let (its_source, its_rows) = (source.clone(), Arc::clone(&rows));
        if let Ok(job) = Job::start(ctx, move |_| Some(text(&its_source, &its_rows))) {
            state.export = Some((export, job));
            return;
        }
    }
    actions.push(export.action(text(&source, &rows)));
}

/// "6,286 of 23,570 customers", and what can be done with marked rows.
pub fn count_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let palette = cx.palette;
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        ui.spacing_mut().item_spacing.x = gap::M;
        let quiet = |text: &str| RichText::new(text).font(font::body()).color(palette.muted);
        ui.label(quiet(&count_text(
            state.list.rows().len(),
            cx.shop.customers.active,
        )));
        if state.list.is_working() {
            ui.label(quiet("Sorting…"));
        }
        if state.list.has_failed() {
            let text = "Sorting failed: the customers stand in the order of their ids.";
            ui.label(RichText::new(text).font(font::body()).color(palette.warn));
        }
        if state.export.is_some() {
            ui.label(quiet("Preparing the table…"));
        }
        found_ui(ui, state, actions);
        marked_ui(ui, cx, state, actions);
    });
}

/// Everyone a search found, as a part of the selection.
fn found_ui(ui: &mut Ui, state: &mut State, actions: &mut Actions) {
    let found = state.list.rows().len();
    if state.search.trim().is_empty() || found == 0 || state.list.is_working() {
        return;
    }
    let text = format!("Select all {} found", integer(found as u64));
    if ui.button(text).clicked() {
        actions.push(Action::SelectAlso(Part::Found(
            state.search.trim().to_owned(),
        )));
        state.search.clear();
    }
}

fn marked_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    if state.marked.is_empty() {
        return;
    }
    let marked = count(state.marked.len() as u64, "customer", "customers");
    let text = format!("{marked} marked");
    ui.label(
        RichText::new(text)
            .font(font::body_medium())
            .color(cx.palette.text),
    );
    if ui.button("Select these").clicked() {
        let ids = &cx.shop.dataset.orders.customer_ids;
        let named = state
            .marked
            .iter()
            .map(|&customer| ids.get(customer as usize).to_owned())
            .collect();
        actions.push(Action::Select(Part::Customers(named)));
        state.marked.clear();
    }
    if ui.button("Unmark").clicked() {
        state.marked.clear();
    }
}

/// "6,286 of 23,570 customers"; without a filter "23,570 customers".
fn count_text(shown: usize, all: usize) -> String {
    if shown == all {
        count(all as u64, "customer", "customers")
    } else {
        format!(
            "{} of {}",
            integer(shown as u64),
            count(all as u64, "customer", "customers")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_says_what_is_left_out() {
        assert_eq!(count_text(6_286, 23_570), "6,286 of 23,570 customers");
        assert_eq!(count_text(23_570, 23_570), "23,570 customers");
        assert_eq!(count_text(1, 1), "1 customer");
    }
}
