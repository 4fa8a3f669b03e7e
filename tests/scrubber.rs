//! The as-of date by keyboard and by itself: steps, ends, a run that plays, and undo.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/window.rs"]
mod window;

use std::time::{Duration, Instant};

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use keepers::{
    data::day::Day,
    ui::{
        action::{Action, View},
        command::Command,
        views::segments::Section,
    },
};

use window::{PATIENCE, Window};

fn as_of(window: &Window) -> Option<Day> {
    window.app().project().as_of
}

/// Without waiting: the date may be moving on.
fn start(window: &mut Window, command: Command) {
    window.tell(Action::Run(command));
}

fn press(window: &mut Window, modifiers: Modifiers, key: Key) -> Option<Day> {
    window.press(modifiers, key);
    as_of(window)
}

#[test]
fn keys_move_the_date_and_the_numbers_follow() {
    let mut window = Window::sample();
    let latest = window.shop().as_of;
    window
        .harness
        .get_by_role_and_label(Role::Slider, "As-of date")
        .focus();
    window.settle();
    let first = press(&mut window, Modifiers::NONE, Key::Home).expect("the first date");
    assert_eq!(window.shop().as_of, first);
    assert_eq!(
        press(&mut window, Modifiers::NONE, Key::ArrowRight),
        Some(first + 1)
    );
    assert_eq!(
        press(&mut window, Modifiers::CTRL, Key::ArrowRight),
        Some(first + 8)
    );
    assert_eq!(
        press(&mut window, Modifiers::NONE, Key::ArrowLeft),
        Some(first + 7)
    );
    let month = press(&mut window, Modifiers::SHIFT, Key::ArrowRight).unwrap() - (first + 7);
    assert!((28..=31).contains(&month), "a month: {month} days");
    assert_eq!(press(&mut window, Modifiers::NONE, Key::End), None);
    assert_eq!(window.shop().as_of, latest);
}

#[test]
fn a_run_plays_to_the_end_and_is_one_step_of_undo() {
    let mut window = Window::sample();
    let latest = window.shop().as_of;
    window.act(Action::Run(Command::First));
    let first = as_of(&window).expect("the first date");
    // Quarters: a run over a few years is short.
    window.act(Action::Run(Command::PlayPace));
    start(&mut window, Command::Play);
    let started = Instant::now();
    let mut seen = vec![first];
    while let Some(day) = as_of(&window) {
        if seen.last() != Some(&day) {
            seen.push(day);
        }
        window.harness.run_steps(1);
        std::thread::sleep(Duration::from_millis(1));
        assert!(started.elapsed() < PATIENCE, "the run does not end");
    }
    assert!(seen.len() > 4, "steps on the way: {seen:?}");
    assert!(
        seen.windows(2)
            .all(|pair| (80..=93).contains(&(pair[1] - pair[0]))),
        "{seen:?}"
    );
    window.settle();
    assert_eq!(window.shop().as_of, latest, "it ends with every order");
    // It does not begin anew.
    window.harness.run_steps(10);
    assert_eq!(as_of(&window), None);
    window.act(Action::Run(Command::Undo));
    assert_eq!(as_of(&window), Some(first), "the whole run is one step");
    assert_eq!(window.shop().as_of, first);
}

#[test]
fn playing_pauses_where_it_is() {
    let mut window = Window::sample();
    window.act(Action::Run(Command::First));
    let first = as_of(&window).expect("the first date");
    start(&mut window, Command::Play);
    let started = Instant::now();
    while as_of(&window) == Some(first) {
        window.harness.run_steps(1);
        std::thread::sleep(Duration::from_millis(1));
        assert!(started.elapsed() < PATIENCE, "the first step does not come");
    }
    start(&mut window, Command::Play);
    let paused = as_of(&window);
    window.settle();
    window.harness.run_steps(20);
    assert_eq!(as_of(&window), paused);
    assert!(paused.is_some(), "it pauses on the way");
}

#[test]
fn the_migration_section_counts_and_selects() {
    let mut window = Window::sample();
    window.act(Action::Run(Command::Show(View::Segments)));
    assert!(window.shop().migration.is_none());
    let label = format!("Section: {}", Section::Migration.title());
    window
        .harness
        .get_by_role_and_label(Role::RadioButton, &label)
        .click();
    window.settle();
    let migration = window.shop().migration.clone();
    let migration = migration.expect("worked out because it is looked at");
    assert_eq!(migration.to, window.shop().as_of);
    assert_eq!(migration.from, migration.to - 90);
    let stop = migration.sources[0].place.title().to_owned();
    let customers = migration.row_total(0).customers;
    let name = format!(
        "{stop} on {}: {}",
        keepers::ui::format::date(migration.from),
        keepers::ui::format::count(customers, "customer", "customers")
    );
    // The flow and the matrix name it alike.
    window
        .harness
        .get_all_by_label(&name)
        .next()
        .expect("a segment")
        .click();
    window.settle();
    let shop = window.shop();
    assert_eq!(shop.selected.customers.len() as u64, customers);
}
