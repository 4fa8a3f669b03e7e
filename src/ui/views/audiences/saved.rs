//! Audiences that somebody kept under a name: any selection, found again with two clicks.

use egui::{RichText, Ui};
use lucide_icons::Icon;

use super::{
    Page,
    controls::{button_ui, note_ui},
};
use crate::{
    action::{Action, Actions, View},
    format::count,
    frame::selection_text,
    theme::font,
    widgets::card::{Head, card_ui, icon_button_ui},
};

/// Draws the card.
pub(super) fn saved_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let saved = &page.cx.project.saved_audiences;
    let finding = if saved.is_empty() {
        "None yet. Select customers anywhere, then press “Save as audience…” in the panel beside."
            .to_owned()
    } else {
        format!(
            "{} kept in this project; who is in them follows the as-of date.",
            count(saved.len() as u64, "audience", "audiences")
        )
    };
    let head = Head {
        title: "Saved audiences",
        finding: &finding,
        definition: "A selection kept under a name: its parts are remembered, not its customers, so it is \
                     always up to date. Ready lists above can be selected first and then kept.",
    };
    let palette = page.cx.palette;
    card_ui(
        ui,
        palette,
        head,
        |_| {},
        |ui| {
            if saved.is_empty() && button_ui(ui, palette, "Choose a segment").clicked() {
                actions.push(Action::Show(View::Segments));
            }
            for (place, audience) in saved.iter().enumerate() {
                ui.horizontal(|ui| {
                    let name = RichText::new(&audience.name)
                        .font(font::body_medium())
                        .color(palette.text);
                    ui.label(name);
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        let label = format!("Delete audience {}", audience.name);
                        if icon_button_ui(ui, palette, Icon::Trash2, &label).clicked() {
                            actions.push(Action::DeleteAudience(place));
                        }
                        let select = button_ui(ui, palette, "Select");
                        if select.clicked() {
                            let selection = Box::new(audience.selection.clone());
                            actions.push(Action::SetSelection(selection));
                        }
                    });
                });
                note_ui(ui, palette, &selection_text::sentence(&audience.selection));
            }
        },
    );
}
