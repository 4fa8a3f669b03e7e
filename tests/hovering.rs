//! What is behind a dialog must not answer the pointer: no hover card of a chart on top of it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/window.rs"]
mod window;

use egui::{Event, Key, Modifiers, Order, Pos2, pos2};
use keepers::ui::{
    action::{Action, View},
    views::segments::{Section, Tune},
};

use window::Window;

/// Whether a hover card is on the screen.
fn has_card(window: &Window) -> bool {
    window.harness.ctx.memory(|memory| {
        let mut layers = memory.areas().visible_layer_ids().into_iter();
        layers.any(|layer| layer.order == Order::Tooltip)
    })
}

fn point_at(window: &mut Window, at: Pos2) {
    window.harness.event(Event::PointerMoved(at));
    // As a window would: as many frames as it asks for, and no more.
    window.harness.run_steps(3);
}

/// Places of the page where a chart has something to say.
fn places_with_cards(window: &mut Window) -> Vec<Pos2> {
    let mut places = Vec::new();
    for y in 0..8 {
        for x in 0..8 {
            let at = pos2(220.0 + 145.0 * x as f32, 150.0 + 90.0 * y as f32);
            point_at(window, at);
            if has_card(window) {
                places.push(at);
            }
        }
    }
    places
}

fn open_palette(window: &mut Window) {
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::K);
    // The window asks for three frames; a card counts as visible for one more.
    window.harness.run_steps(4);
}

fn close_palette(window: &mut Window) {
    window.harness.key_press(Key::Escape);
    window.harness.run_steps(3);
}

fn no_card_behind_the_palette(window: &mut Window, what: &str) {
    let mut places = places_with_cards(window);
    // The palette stands in the middle and has hints of its own.
    places.retain(|at| !(400.0..1040.0).contains(&at.x));
    assert!(
        places.len() >= 3,
        "{what}: {} places with a card",
        places.len()
    );
    // Opened by keys while the pointer rests on a chart.
    for &at in &places[..3] {
        point_at(window, at);
        assert!(has_card(window), "{what}: no card at {at} any more");
        open_palette(window);
        assert!(
            !has_card(window),
            "{what}: the card at {at} stays when the palette opens"
        );
        close_palette(window);
    }
    open_palette(window);
    for at in places {
        point_at(window, at);
        assert!(!has_card(window), "{what}: a card shines through at {at}");
    }
    close_palette(window);
}

fn behind_a_dialog(pages: Vec<(Action, &str)>) {
    let mut window = Window::sample();
    for (action, what) in pages {
        window.act(action);
        no_card_behind_the_palette(&mut window, what);
    }
}

#[test]
fn charts_behind_a_dialog_do_not_answer_the_pointer() {
    let views = [View::Overview, View::Cohorts];
    behind_a_dialog(
        views
            .map(|view| (Action::Show(view), view.title()))
            .to_vec(),
    );
}

#[test]
fn hover_texts_behind_a_dialog_close() {
    let show = |section: Section| (Action::Tune(Tune::Show(section)), section.title());
    let mut pages = [Section::Map, Section::Points, Section::Migration]
        .map(show)
        .to_vec();
    pages.push((Action::Show(View::Audiences), View::Audiences.title()));
    behind_a_dialog(pages);
}
