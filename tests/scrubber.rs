//! The as-of date by keyboard and by itself: steps, ends, a run that plays, and undo.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/window.rs"]
mod fresh;

use std::time::{Duration, Instant};

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable};
use keepers::{
    app::App,
    data::day::Day,
    ui::{
        action::{Action, View},
        command::Command,
        views::segments::Section,
    },
};

const PATIENCE: Duration = Duration::from_mins(2);

struct Window(Harness<'static, Option<App>>);

impl Window {
    fn on_the_sample_shop() -> Self {
        let harness = fresh::on_the_sample_shop(900.0);
        let mut window = Self(harness);
        window.settle();
        window
    }

    fn app(&self) -> &App {
        self.0.state().as_ref().expect("made in the first frame")
    }

    fn as_of(&self) -> Option<Day> {
        self.app().project().as_of
    }

    fn shown(&self) -> Day {
        self.app().snapshot().shop.as_ref().expect("open").as_of
    }

    fn settle(&mut self) {
        let started = Instant::now();
        loop {
            self.0.run_steps(2);
            if self.app().settled() {
                break;
            }
            assert!(started.elapsed() < PATIENCE, "the app did not settle");
            std::thread::sleep(Duration::from_millis(2));
        }
        self.0.run_steps(3);
    }

    fn run(&mut self, command: Command) {
        self.start(command);
        self.settle();
    }

    /// Without waiting: the date may be moving on.
    fn start(&mut self, command: Command) {
        let ctx = self.0.ctx.clone();
        let app = self.0.state_mut().as_mut().expect("made before");
        app.act(&ctx, Action::Run(command));
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) -> Option<Day> {
        self.0.key_press_modifiers(modifiers, key);
        self.settle();
        self.as_of()
    }
}

#[test]
fn keys_move_the_date_and_the_numbers_follow() {
    let mut window = Window::on_the_sample_shop();
    let latest = window.shown();
    window
        .0
        .get_by_role_and_label(Role::Slider, "As-of date")
        .focus();
    window.settle();
    let first = window
        .press(Modifiers::NONE, Key::Home)
        .expect("the first date");
    assert_eq!(window.shown(), first);
    assert_eq!(
        window.press(Modifiers::NONE, Key::ArrowRight),
        Some(first + 1)
    );
    assert_eq!(
        window.press(Modifiers::CTRL, Key::ArrowRight),
        Some(first + 8)
    );
    assert_eq!(
        window.press(Modifiers::NONE, Key::ArrowLeft),
        Some(first + 7)
    );
    let month = window.press(Modifiers::SHIFT, Key::ArrowRight).unwrap() - (first + 7);
    assert!((28..=31).contains(&month), "a month: {month} days");
    assert_eq!(window.press(Modifiers::NONE, Key::End), None);
    assert_eq!(window.shown(), latest);
}

#[test]
fn a_run_plays_to_the_end_and_is_one_step_of_undo() {
    let mut window = Window::on_the_sample_shop();
    let latest = window.shown();
    window.run(Command::First);
    let first = window.as_of().expect("the first date");
    // Quarters: a run over a few years is short.
    window.run(Command::PlayPace);
    window.start(Command::Play);
    let started = Instant::now();
    let mut seen = vec![first];
    while let Some(day) = window.as_of() {
        if seen.last() != Some(&day) {
            seen.push(day);
        }
        window.0.run_steps(1);
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
    assert_eq!(window.shown(), latest, "it ends with every order");
    // It does not begin anew.
    window.0.run_steps(10);
    assert_eq!(window.as_of(), None);
    window.run(Command::Undo);
    assert_eq!(window.as_of(), Some(first), "the whole run is one step");
    assert_eq!(window.shown(), first);
}

#[test]
fn playing_pauses_where_it_is() {
    let mut window = Window::on_the_sample_shop();
    window.run(Command::First);
    let first = window.as_of().expect("the first date");
    window.start(Command::Play);
    let started = Instant::now();
    while window.as_of() == Some(first) {
        window.0.run_steps(1);
        std::thread::sleep(Duration::from_millis(1));
        assert!(started.elapsed() < PATIENCE, "the first step does not come");
    }
    window.start(Command::Play);
    let paused = window.as_of();
    window.settle();
    window.0.run_steps(20);
    assert_eq!(window.as_of(), paused);
    assert!(paused.is_some(), "it pauses on the way");
}

#[test]
fn the_migration_section_counts_and_selects() {
    let mut window = Window::on_the_sample_shop();
    window.run(Command::Show(View::Segments));
    assert!(
        window
            .app()
            .snapshot()
            .shop
            .as_ref()
            .unwrap()
            .migration
            .is_none()
    );
    let label = format!("Section: {}", Section::Migration.title());
    window
        .0
        .get_by_role_and_label(Role::RadioButton, &label)
        .click();
    window.settle();
    let migration = window
        .app()
        .snapshot()
        .shop
        .as_ref()
        .unwrap()
        .migration
        .clone();
    let migration = migration.expect("worked out because it is looked at");
    assert_eq!(migration.to, window.shown());
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
        .0
        .get_all_by_label(&name)
        .next()
        .expect("a segment")
        .click();
    window.settle();
    let shop = window.app().snapshot().shop.clone().unwrap();
    assert_eq!(shop.selected.customers.len() as u64, customers);
}
