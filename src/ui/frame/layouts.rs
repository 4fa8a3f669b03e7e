//! Known exports: the layouts Keepers comes with and those the user has saved; and the name under which
//! another one is remembered.

use egui::{
    Align, Id, Key, Label, Layout as Flow, Margin, Modal, RichText, ScrollArea, TextEdit, Ui,
    WidgetInfo, accesskit::Role as Part,
};
use lucide_icons::Icon;

use super::{
    asks,
    parts::{self, Loudness},
};
use crate::{
    action::{Action, Actions},
    format,
    theme::{Palette, font, gap},
};
use data::{dataset::Role, layouts::Layout};
use project::layouts::{built_in, name_of};

const WIDTH: f32 = 560.0;
const LIST_HEIGHT: f32 = 360.0;

/// What is asked of the layouts.
#[derive(Clone, Debug, PartialEq)]
pub enum LayoutAction {
    /// Ask for a name, then keep this layout.
    Remember(Box<Layout>),
    /// Keep it; one of the same name is replaced only when `replace` is set.
    Keep { layout: Box<Layout>, replace: bool },
    /// Forget the layout of this name.
    Delete(String),
    /// Ask where, then write the layout of this name there.
    Export(String),
    /// Ask for a layout file, then keep it.
    Import,
}

/// What the two dialogs remember between frames.
#[derive(Debug, Default)]
pub struct State {
    pub open: bool,
    naming: Option<Naming>,
    /// Name of the layout about to be deleted.
    deleting: Option<String>,
}

#[derive(Debug)]
struct Naming {
    layout: Layout,
    title: String,
    fresh: bool,
}

impl State {
    /// Asks under what name to keep this layout.
    pub fn ask_for_name(&mut self, layout: Layout) {
        self.naming = Some(Naming {
            title: layout.title.clone(),
            layout,
            fresh: true,
        });
    }

    /// Whether the question for a name is open.
    #[must_use]
    pub fn is_naming(&self) -> bool {
        self.naming.is_some()
    }
}

/// Draws whichever of the dialogs is open; `own` are the user's layouts.
pub fn layouts_ui(
    ui: &mut Ui,
    palette: &Palette,
    own: &[Layout],
    state: &mut State,
    actions: &mut Actions,
) {
    if state.open {
        list_ui(ui, palette, own, state, actions);
    }
    let Some(mut naming) = state.naming.take() else {
        return;
    };
    if naming_ui(ui, palette, own, &mut naming, actions) {
        naming.fresh = false;
        state.naming = Some(naming);
    }
}

fn push(actions: &mut Actions, action: LayoutAction) {
    actions.push(Action::Layout(action));
}

fn words_ui(ui: &mut Ui, palette: &Palette, title: &str, why: &str) {
    let title = RichText::new(title).font(font::card_title());
    ui.add(Label::new(title.color(palette.text)).wrap());
    muted_ui(ui, palette, why);
    ui.add_space(gap::XS);
}

fn muted_ui(ui: &mut Ui, palette: &Palette, text: &str) {
    let text = RichText::new(text).font(font::body()).color(palette.muted);
    ui.add(Label::new(text).wrap());
}

fn list_ui(
    ui: &mut Ui,
    palette: &Palette,
    own: &[Layout],
    state: &mut State,
    actions: &mut Actions,
) {
    let modal = Modal::new(Id::unique("layouts"))
        .frame(asks::frame(palette))
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 2.0 * gap::XL));
            ui.spacing_mut().item_spacing.y = gap::S;
            words_ui(
                ui,
                palette,
                "Known exports",
                "Files of these exports open without being mapped. Any other file can be remembered: map \
                 its columns, then choose “Remember this export”.",
            );
            ScrollArea::vertical().max_height(LIST_HEIGHT).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = gap::XS;
                heading_ui(ui, palette, "Yours");
                if own.is_empty() {
                    muted_ui(ui, palette, "None so far.");
                }
                for layout in own {
                    own_ui(ui, palette, (layout, &mut state.deleting), actions);
                }
                ui.add_space(gap::S);
                heading_ui(ui, palette, "Built in");
                muted_ui(ui, palette, &built_in().join(" · "));
            });
            ui.add_space(gap::XS);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = gap::S;
                let close = parts::button_ui(ui, palette, None, "Close", Loudness::Primary);
                if close.clicked() {
                    state.open = false;
                }
                let icon = Some(Icon::FileUp);
                if parts::button_ui(ui, palette, icon, "Import…", Loudness::Plain).clicked() {
                    push(actions, LayoutAction::Import);
                }
            });
        });
    if modal.should_close() && !state.is_naming() {
        state.open = false;
    }
    if !state.open {
        state.deleting = None;
    }
}

fn heading_ui(ui: &mut Ui, palette: &Palette, text: &str) {
    let text = RichText::new(text).font(font::caption_medium());
    ui.label(text.color(palette.muted));
}

/// One of the user's layouts with what can be done with it.
fn own_ui(
    ui: &mut Ui,
    palette: &Palette,
    (layout, deleting): (&Layout, &mut Option<String>),
    actions: &mut Actions,
) {
    let title = layout.title.as_str();
    let asked = deleting.as_ref() == Some(&layout.name);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::XS;
        ui.with_layout(Flow::right_to_left(Align::Center), |ui| {
            if asked {
                if quiet_ui(ui, palette, "Keep it", title) {
                    *deleting = None;
                }
                if quiet_ui(ui, palette, "Delete for good", title) {
                    *deleting = None;
                    push(actions, LayoutAction::Delete(layout.name.clone()));
                }
            } else {
                if quiet_ui(ui, palette, "Delete", title) {
                    *deleting = Some(layout.name.clone());
                }
                if quiet_ui(ui, palette, "Export…", title) {
                    push(actions, LayoutAction::Export(layout.name.clone()));
                }
            }
            ui.with_layout(Flow::left_to_right(Align::Center), |ui| {
                let name = RichText::new(title).font(font::body_medium());
                ui.add(Label::new(name.color(palette.text)).truncate())
                    .on_hover_text(meanings(layout));
            });
        });
    });
}

fn quiet_ui(ui: &mut Ui, palette: &Palette, text: &str, title: &str) -> bool {
    let button = parts::button_ui(ui, palette, None, text, Loudness::Quiet);
    let name = format!("{text}: {title}");
    button.widget_info(|| WidgetInfo::labeled(Part::Button, true, &name));
    button.clicked()
}

/// What the columns mean, in a sentence.
fn meanings(layout: &Layout) -> String {
    let columns = layout.tables.iter().flat_map(|table| &table.roles);
    let (mut kept, others): (Vec<_>, Vec<_>) =
        columns.partition(|(_, role)| !matches!(role, Role::Attribute | Role::Ignored));
    kept.sort_by_key(|(_, role)| **role);
    let mut words: Vec<String> = kept
        .iter()
        .map(|(name, role)| format!("{} “{name}”", role.title().to_lowercase()))
        .collect();
    if !others.is_empty() {
        words.push(format::count(
            others.len() as u64,
            "other column",
            "other columns",
        ));
    }
    format!("{}.", format::capital(&words.join(", ")))
}

/// Asks for a name; false once that is decided.
fn naming_ui(
    ui: &mut Ui,
    palette: &Palette,
    own: &[Layout],
    naming: &mut Naming,
    actions: &mut Actions,
) -> bool {
    let mut stays = true;
    let modal = Modal::new(Id::unique("layout name"))
        .frame(asks::frame(palette))
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 2.0 * gap::XL));
            ui.spacing_mut().item_spacing.y = gap::S;
            words_ui(
                ui,
                palette,
                "Remember this export",
                "Files with these columns will be read the same way, in every project on this computer.",
            );
            muted_ui(ui, palette, &meanings(&naming.layout));
            let entered = field_ui(ui, palette, naming);
            let title = naming.title.trim().to_owned();
            let taken = own.iter().any(|known| known.name == name_of(&title));
            if taken {
                let warning = format!("There is one of this name. Saving replaces it: {title}");
                let warning = RichText::new(warning).font(font::body()).color(palette.warn);
                ui.add(Label::new(warning).wrap());
            }
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = gap::S;
                let text = if taken { "Replace it" } else { "Remember it" };
                let save = parts::button_ui(ui, palette, None, text, Loudness::Primary);
                // Enter never replaces.
                if (save.clicked() || entered && !taken) && !title.is_empty() {
                    let layout = Box::new(Layout {
                        name: name_of(&title),
                        title,
                        ..naming.layout.clone()
                    });
                    let replace = taken;
                    push(actions, LayoutAction::Keep { layout, replace });
                    stays = false;
                }
                if parts::button_ui(ui, palette, None, "Cancel", Loudness::Plain).clicked() {
                    stays = false;
                }
            });
        });
    stays && !modal.should_close()
}

/// The field for the name; true when Enter was pressed in it.
fn field_ui(ui: &mut Ui, palette: &Palette, naming: &mut Naming) -> bool {
    let label = RichText::new("Name").font(font::caption());
    let label = ui.label(label.color(palette.muted));
    let field = ui
        .add(
            TextEdit::singleline(&mut naming.title)
                .margin(Margin::symmetric(10, 9))
                .desired_width(ui.available_width()),
        )
        .labelled_by(label.id);
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if naming.fresh || entered {
        field.request_focus();
    }
    entered
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::layouts::{Grain, TableLayout};

    #[test]
    fn a_layout_says_what_its_columns_mean() {
        let role = |name: &str, role| (name.to_owned(), role);
        let roles = [
            role("k", Role::Customer),
            role("u", Role::Amount),
            role("colour", Role::Attribute),
            role("note", Role::Ignored),
        ];
        let table = TableLayout {
            replaces: std::collections::BTreeMap::new(),
            part: "orders".to_owned(),
            grain: Grain::Lines,
            headers: Vec::new(),
            any: Vec::new(),
            some: 0,
            lacks: Vec::new(),
            roles: roles.into_iter().collect(),
            rename: std::collections::BTreeMap::new(),
            no_header: Vec::new(),
            largest: None,
            required: true,
        };
        let layout = Layout {
            name: "mine".to_owned(),
            title: "Mine".to_owned(),
            tables: vec![table],
            kept: Vec::new(),
            not_kept: Vec::new(),
            joins: Vec::new(),
        };
        assert_eq!(
            meanings(&layout),
            "Customer “k”, amount “u”, 2 other columns."
        );
    }
}
