//! The manual in front of the window: list of pages, search over all of them, and the page itself.
//!
//! It moves nothing underneath. Typing looks for words; arrows walk the answers, or scroll the page while
//! there are none; Enter opens; Esc closes and gives the keyboard back to what had it.

mod contents;
mod page;
mod state;

use egui::{
    Align, Id, Key, Layout, Margin, Modal, Rect, RichText, ScrollArea, TextEdit, Ui, UiBuilder,
    WidgetInfo, accesskit::Role, vec2,
};
use lucide_icons::Icon;

use super::parts;
use crate::{
    theme::{Palette, gap},
    widgets::card::icon_button_ui,
};
use manual::{Place, search};
use state::{Pressed, Spot};

pub use state::State;

/// Largest size of the window in the window.
const WIDTH: f32 = 1120.0;
const HEIGHT: f32 = 860.0;
/// Width of the list of pages.
const LIST: f32 = 264.0;
/// How far an arrow scrolls, and how much of a page stays in sight after Page Down.
const LINE: f32 = 48.0;
const KEPT: f32 = 64.0;

/// Draws the manual when it is open; `here` is the section about what is on the screen.
pub fn help_ui(ui: &mut Ui, palette: &Palette, here: Place, state: &mut State) {
    state.prepare(ui, here);
    if !state.open {
        return;
    }
    let fresh = !std::mem::replace(&mut state.drawn, true);
    let screen = ui.ctx().content_rect().size();
    let size = vec2(
        WIDTH.min(screen.x - 2.0 * gap::XL),
        HEIGHT.min(screen.y - 2.0 * gap::XL),
    );
    let modal = Modal::new(Id::unique("manual"))
        .frame(parts::window_frame(palette, 0))
        .show(ui.ctx(), |ui| {
            let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
            content_ui(ui, palette, rect, state, fresh)
        });
    if modal.inner || modal.should_close() {
        *state = State::closed(state.focused);
        ui.ctx().request_repaint();
    }
}

/// Both columns; returns whether the manual is to be closed.
fn content_ui(ui: &mut Ui, palette: &Palette, rect: Rect, state: &mut State, fresh: bool) -> bool {
    let (left, right) = rect.split_left_right_at_x(rect.left() + LIST);
    let mut pressed = Pressed::take(ui);
    let painter = ui.painter().clone();
    let corners = egui::CornerRadius {
        nw: 10,
        sw: 10,
        ..egui::CornerRadius::ZERO
    };
    painter.rect_filled(left, corners, palette.canvas);
    let line = egui::Stroke::new(1.0, palette.hairline);
    painter.vline(left.right(), left.y_range(), line);
    let mut column = ui.new_child(UiBuilder::new().max_rect(left.shrink(gap::M)));
    pressed.enter = search_ui(&mut column, palette, state, fresh);
    column.add_space(gap::S);
    let typed = !state.query.trim().is_empty();
    let chosen = ScrollArea::vertical()
        .id_salt(("list", typed))
        .auto_shrink(false)
        .show(&mut column, |ui| {
            if typed {
                contents::answers_ui(ui, palette, state, pressed)
            } else {
                contents::pages_ui(ui, palette, state)
            }
        })
        .inner;
    let mut column = ui.new_child(UiBuilder::new().max_rect(right));
    let close = bar_ui(&mut column, palette, state);
    let followed = page_ui(&mut column, palette, state, pressed, typed);
    if let Some(spot) = chosen.or(followed) {
        state.go(spot);
    }
    close
}

/// The field; returns whether Enter was pressed in it.
fn search_ui(ui: &mut Ui, palette: &Palette, state: &mut State, fresh: bool) -> bool {
    let before = state.query.clone();
    let hint = RichText::new("Search the manual").color(palette.muted);
    let field = ui.add(
        TextEdit::singleline(&mut state.query)
            .hint_text(hint)
            .margin(Margin::symmetric(10, 8))
            .desired_width(f32::INFINITY),
    );
    field.widget_info(|| WidgetInfo::labeled(Role::SearchInput, true, "Search the manual"));
    let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if fresh || enter {
        field.request_focus();
    }
    if state.query != before {
        state.marked = 0;
        state.found = search::search(&state.query);
    }
    enter
}

/// Where one is, *Back* and *Close*; returns whether to close.
fn bar_ui(ui: &mut Ui, palette: &Palette, state: &mut State) -> bool {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), egui::Sense::hover());
    let mut row = ui.new_child(
        UiBuilder::new()
            .max_rect(rect.shrink2(vec2(gap::L, gap::XS)))
            .layout(Layout::right_to_left(Align::Center)),
    );
    let close = icon_button_ui(&mut row, palette, Icon::X, "Close the manual (Esc)").clicked();
    if !state.before.is_empty()
        && icon_button_ui(&mut row, palette, Icon::ArrowLeft, "Back").clicked()
        && let Some(spot) = state.before.pop()
    {
        state.show(spot);
    }
    close
}

/// The page, scrolled by wheel, keys and links; returns where a link leads.
fn page_ui(
    ui: &mut Ui,
    palette: &Palette,
    state: &mut State,
    pressed: Pressed,
    typed: bool,
) -> Option<Spot> {
    let marks = if typed {
        search::words(&state.query)
    } else {
        Vec::new()
    };
    // While there are answers, the arrows walk them.
    let lines = if typed { 0 } else { pressed.lines };
    let screen = ui.available_height() - KEPT;
    let step = f32::from(lines) * LINE + f32::from(pressed.pages) * screen;
    let seek = (state.seek > 0).then_some(state.shown);
    state.seek = state.seek.saturating_sub(1);
    if state.seek > 0 {
        ui.ctx().request_repaint();
    }
    let number = state.shown.place.page_number();
    ScrollArea::vertical()
        .id_salt(("page", number))
        .auto_shrink(false)
        .show(ui, |ui| {
            if step != 0.0 {
                ui.scroll_with_delta_animation(
                    vec2(0.0, -step),
                    egui::style::ScrollAnimation::none(),
                );
            }
            let page = page::Drawn {
                palette,
                number,
                marks: &marks,
                seek,
            };
            page.ui(ui)
        })
        .inner
        .map(Spot::of)
}
