//! The command palette and the overview of shortcuts.

use egui::{
    Align2, Frame, Grid, Id, Key, Margin, Modal, Modifiers, RichText, ScrollArea, Sense, TextEdit,
    Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};

use super::{
    FrameCx, glossary,
    parts::{self, window_frame},
};

use crate::{
    action::{Action, Actions},
    command::{Command, shortcut_text},
    theme::{Palette, font, gap},
};
mod hits;

use hits::{Customers, Hit, hits};

const WIDTH: f32 = 520.0;
/// Two columns of keys with their words.
const SHORTCUTS_WIDTH: f32 = 800.0;
const ROW_HEIGHT: f32 = 36.0;

/// What is typed, and which hit is marked.
#[derive(Debug, Default)]
pub struct State {
    pub open: bool,
    query: String,
    marked: usize,
    focus: bool,
    customers: Customers,
}

impl State {
    pub fn open(&mut self) {
        *self = Self {
            open: true,
            focus: true,
            ..Self::default()
        };
    }
}

pub fn palette_ui(ui: &mut Ui, cx: &FrameCx<'_>, state: &mut State, actions: &mut Actions) {
    if !state.open {
        return;
    }
    let id = Id::unique("palette");
    let top = ui.ctx().content_rect().height() * 0.14;
    let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, top));
    let modal = Modal::new(id)
        .area(area)
        .frame(window_frame(cx.palette, 8))
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 2.0 * gap::XL));
            content_ui(ui, cx, state)
        });
    if let Some(action) = modal.inner {
        actions.push(action);
        state.open = false;
    } else if modal.should_close() {
        state.open = false;
    }
}

/// Field and hits; returns what was chosen.
fn content_ui(ui: &mut Ui, cx: &FrameCx<'_>, state: &mut State) -> Option<Action> {
    let (up, down, enter) = ui.input_mut(|input| {
        (
            input.consume_key(Modifiers::NONE, Key::ArrowUp),
            input.consume_key(Modifiers::NONE, Key::ArrowDown),
            input.consume_key(Modifiers::NONE, Key::Enter),
        )
    });
    let before = state.query.clone();
    let hint = RichText::new("What do you want to do?").color(cx.palette.muted);
    let field = ui.add(
        TextEdit::singleline(&mut state.query)
            .hint_text(hint)
            .font(font::card_title())
            .frame(Frame::NONE.inner_margin(Margin::symmetric(12, 8)))
            .desired_width(f32::INFINITY),
    );
    field.widget_info(|| WidgetInfo::labeled(Role::SearchInput, true, "Find a command"));
    if std::mem::take(&mut state.focus) {
        field.request_focus();
    }
    if state.query != before {
        state.marked = 0;
    }
    state.customers.update(ui.ctx(), cx, &state.query);
    let hits = hits(&state.query, cx, state.customers.found());
    if hits.is_empty() {
        if glossary::palette_terms_ui(ui, cx.palette, &state.query) {
            return None;
        }
        ui.label(
            RichText::new("Nothing has these letters. Try fewer.")
                .font(font::body())
                .color(cx.palette.muted),
        );
        return None;
    }
    let last = hits.len() - 1;
    state.marked = match (up, down) {
        (true, _) => state.marked.checked_sub(1).unwrap_or(last),
        (_, true) if state.marked >= last => 0,
        (_, true) => state.marked + 1,
        _ => state.marked.min(last),
    };
    let chosen = enter.then(|| hits[state.marked].action.clone());
    let clicked = list_ui(ui, cx.palette, &hits, state, up || down);
    glossary::palette_terms_ui(ui, cx.palette, &state.query);
    clicked.or(chosen)
}

fn list_ui(
    ui: &mut Ui,
    palette: &Palette,
    hits: &[Hit],
    state: &mut State,
    moved: bool,
) -> Option<Action> {
    let mut chosen = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical()
        .max_height(9.0 * ROW_HEIGHT)
        .show(ui, |ui| {
            for (index, hit) in hits.iter().enumerate() {
                let response = row_ui(ui, palette, hit, index == state.marked);
                if moved && index == state.marked {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    chosen = Some(hit.action.clone());
                }
            }
        });
    chosen
}

fn row_ui(ui: &mut Ui, palette: &Palette, hit: &Hit, marked: bool) -> egui::Response {
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::MenuItem, true, marked, &hit.text));
    let painter = ui.painter();
    if marked {
        painter.rect_filled(rect, 6, palette.accent_soft);
    } else if response.hovered() {
        painter.rect_filled(rect, 6, palette.hover);
    }
    let y = rect.center().y;
    let ink = if marked {
        palette.accent
    } else {
        palette.muted
    };
    parts::icon_at(painter, pos2(rect.left() + 20.0, y), hit.icon, 16.0, ink);
    painter.text(
        pos2(rect.left() + 40.0, y),
        Align2::LEFT_CENTER,
        &hit.text,
        font::body(),
        palette.text,
    );
    painter.text(
        pos2(rect.right() - 12.0, y),
        Align2::RIGHT_CENTER,
        &hit.keys,
        font::caption(),
        palette.muted,
    );
    response.on_hover_text(hit.note)
}

/// Every key and what it does.
pub fn shortcuts_ui(ui: &mut Ui, palette: &Palette, open: &mut bool) {
    if !*open {
        return;
    }
    let modal = Modal::new(Id::unique("shortcuts"))
        .frame(window_frame(palette, gap::XL as i8))
        .show(ui.ctx(), |ui| {
            let screen = ui.ctx().content_rect().width();
            ui.set_width(SHORTCUTS_WIDTH.min(screen - 4.0 * gap::XL));
            ui.label(
                RichText::new("Keyboard shortcuts")
                    .font(font::view_title())
                    .color(palette.text),
            );
            ui.add_space(gap::S);
            let with_keys: Vec<Command> = Command::ALL
                .into_iter()
                .filter(|command| command.shortcut().is_some())
                .collect();
            let half = with_keys.len().div_ceil(2);
            // Title, closing line and margins stand around the list.
            let room = ui.ctx().content_rect().height() - 150.0;
            ScrollArea::vertical().max_height(room).show(ui, |ui| {
                ui.horizontal_top(|ui| {
                    for (number, column) in with_keys.chunks(half).enumerate() {
                        if number > 0 {
                            ui.add_space(gap::XL);
                        }
                        column_ui(ui, palette, number, column);
                    }
                });
            });
            ui.add_space(gap::S);
            ui.label(
                RichText::new("Tab moves the focus, Enter presses, arrows move sliders and lists, Esc closes.")
                    .font(font::caption())
                    .color(palette.muted),
            );
        });
    if modal.should_close() {
        *open = false;
    }
}

fn column_ui(ui: &mut Ui, palette: &Palette, number: usize, commands: &[Command]) {
    Grid::new(("shortcuts", number))
        .spacing(vec2(gap::XL, gap::XS))
        .show(ui, |ui| {
            for command in commands {
                let keys = command.shortcut().map(shortcut_text).unwrap_or_default();
                ui.label(
                    RichText::new(keys)
                        .font(font::body_medium())
                        .color(palette.text),
                );
                ui.label(
                    RichText::new(command.text())
                        .font(font::body())
                        .color(palette.muted),
                );
                ui.end_row();
            }
        });
}
