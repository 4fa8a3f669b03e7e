//! Keeping a selection under a name, and the audiences kept so far.

use egui::{Align, Key, Layout, RichText, TextEdit, Ui, accesskit::Role};
use lucide_icons::Icon;

use super::{Naming, section_ui};
use crate::{
    action::{Action, Actions},
    frame::{FrameCx, parts, selection_text},
    theme::{font, gap},
    widgets::card::icon_button_ui,
};

/// "Save as audience…", then a field for its name.
pub fn save_ui(ui: &mut Ui, cx: &FrameCx<'_>, naming: &mut Naming, actions: &mut Actions) {
    let palette = cx.palette;
    if !naming.open {
        let text = "Save as audience…";
        let words = (Icon::BookmarkPlus, text);
        if parts::action_row_ui(ui, palette, words, (Role::Button, text)).clicked() {
            *naming = Naming {
                open: true,
                name: String::new(),
            };
        }
        return;
    }
    let field = TextEdit::singleline(&mut naming.name)
        .hint_text("Name of the audience")
        .desired_width(f32::INFINITY);
    let field = ui.add(field).accessible_name("Name of the audience");
    if !field.has_focus() && naming.name.is_empty() && !field.lost_focus() {
        field.request_focus();
    }
    let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let escape = ui.input(|input| input.key_pressed(Key::Escape));
    ui.horizontal(|ui| {
        let save = parts::button_ui(ui, palette, None, "Save", parts::Loudness::Primary);
        let cancel = parts::button_ui(ui, palette, None, "Cancel", parts::Loudness::Plain);
        if (save.clicked() || enter) && !naming.name.trim().is_empty() {
            actions.push(Action::SaveAudience(naming.name.clone()));
            naming.open = false;
        } else if cancel.clicked() || escape {
            naming.open = false;
        }
    });
}

/// The audiences kept so far: a click selects, the × forgets.
pub fn saved_ui(ui: &mut Ui, cx: &FrameCx<'_>, actions: &mut Actions) {
    if cx.project.saved_audiences.is_empty() {
        return;
    }
    section_ui(ui, cx.palette, "Saved audiences");
    for (index, audience) in cx.project.saved_audiences.iter().enumerate() {
        let words = selection_text::sentence(&audience.selection);
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let forget = format!("Delete the audience {}", audience.name);
                if icon_button_ui(ui, cx.palette, Icon::X, &forget).clicked() {
                    actions.push(Action::DeleteAudience(index));
                }
                let select = (Icon::Bookmark, audience.name.as_str());
                let name = format!("Select the audience {}", audience.name);
                let row = parts::action_row_ui(ui, cx.palette, select, (Role::Button, &name));
                if row.on_hover_text(&words).clicked() {
                    let selection = Box::new(audience.selection.clone());
                    actions.push(Action::SetSelection(selection));
                }
            });
        });
    }
    ui.add_space(gap::XS);
    ui.label(
        RichText::new("Kept in the project: who is in them follows the date and the rules.")
            .font(font::caption())
            .color(cx.palette.muted),
    );
}
