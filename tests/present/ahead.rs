//! Scenes worked out ahead of being shown: in the background, within bounds, and never of two states of
//! the files side by side.

use std::{fmt::Write as _, fs, path::Path};

use egui::Key;
use keepers::{
    app::App,
    data::day::parse_iso,
    project::{Project, Scene, Source, file},
    ui::action::{Action, View},
};

use crate::stage::{Window, scenes, with_scenes};

#[test]
fn scenes_are_worked_out_while_the_window_rests() {
    let mut window = with_scenes();
    assert!(
        !window.app.scenes_ready().contains(&true),
        "not in the second after opening: {:?}",
        window.app.scenes_ready()
    );
    // Neither is the panel open nor is anything presented.
    window.until("rehearsed", App::rehearsed);
    window.until("all ready", |app| app.scenes_ready() == [true; 5]);
    let shop = window.app.snapshot().shop.as_ref().expect("open");
    assert!(
        shop.selection.parts.is_empty(),
        "the screen stays as it was"
    );
    let revision = window.app.snapshot().revision;
    // What a person does next is answered from the date on the screen.
    window.act(Action::SetAsOf(parse_iso("2024-09-01")));
    assert!(window.app.snapshot().revision > revision);
    window.until("ready again", |app| app.scenes_ready() == [true; 5]);
}

#[test]
fn with_little_memory_the_next_scenes_are_ready_and_every_scene_is_right() {
    let mut window = with_scenes();
    window.app.limit_rehearsal(1);
    window.press(Key::F5);
    for (at, scene) in scenes().iter().enumerate() {
        window.until("rehearsed", |app| app.rehearsed() && app.settled());
        let ready = window.app.scenes_ready();
        assert!(ready[at], "the one on the screen: {ready:?}");
        let count = ready.iter().filter(|ready| **ready).count();
        assert!(count < 5, "the budget holds: {ready:?}");
        let shop = window.app.snapshot().shop.as_ref().expect("open");
        assert_eq!(shop.selection, scene.selection);
        if let Some(day) = scene.inputs.as_of {
            assert_eq!(shop.as_of, day);
        }
        window.press(Key::ArrowRight);
    }
}

#[test]
fn a_scene_that_is_just_being_worked_out_is_waited_for_and_not_begun_anew() {
    let mut window = with_scenes();
    window.press(Key::F5);
    // Through all scenes as fast as keys can be pressed, whatever is ready.
    for key in [Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num2] {
        window.press(key);
    }
    window.until("the numbers", App::settled);
    let shop = window.app.snapshot().shop.as_ref().expect("open");
    assert_eq!(Some(shop.as_of), parse_iso("2024-06-01"));
    assert_eq!(window.shown().0, 1);
}

/// So many customers with two orders each.
fn write_orders(path: &Path, customers: usize) {
    let mut text = String::from("customer_id,order_id,order_date,amount\n");
    for customer in 0..customers {
        for order in 0..2 {
            let (month, day) = (1 + (customer + order) % 12, 1 + customer % 28);
            let cells = format!("c{customer:04},o{customer}-{order}");
            let price = 10 + order;
            writeln!(text, "{cells},2024-{month:02}-{day:02},{price}").expect("a String");
        }
    }
    fs::write(path, text).expect("written");
}

fn customers(window: &Window) -> usize {
    let shop = window.app.snapshot().shop.as_ref().expect("open");
    shop.dataset.orders.customers()
}

#[test]
fn files_that_change_before_a_presentation_change_every_scene() {
    let folder = tempfile::tempdir().expect("a folder");
    let orders = folder.path().join("orders.csv");
    write_orders(&orders, 40);
    let scene = |view: View, day: Option<&str>| Scene {
        view: view.name().to_owned(),
        inputs: Box::new(Project {
            as_of: day.and_then(parse_iso),
            ..Project::default()
        }),
        ..Scene::default()
    };
    let project = Project {
        source: Source::Files(vec![orders.clone()]),
        scenes: vec![
            scene(View::Overview, None),
            scene(View::Cohorts, Some("2024-09-01")),
        ],
        ..Project::default()
    };
    let path = folder.path().join("talk.keepers.ron");
    file::save(&project, &path).expect("saved");
    let mut window = Window::open(Source::Files(vec![path]));
    window.until("ready", |app| app.scenes_ready() == [true; 2]);
    assert_eq!(customers(&window), 40);

    write_orders(&orders, 70);
    window.press(Key::F5);
    // Until it is known, both scenes are of the files of before; then both are of those of now.
    window.until("the files of now", |app| {
        let shop = app.snapshot().shop.as_ref().expect("open");
        shop.dataset.orders.customers() == 70
    });
    let said = window.app.notices().iter();
    let said: Vec<_> = said.map(|notice| notice.what.clone()).collect();
    assert_eq!(said, ["The data files have changed"]);
    window.until("ready again", |app| app.rehearsed() && app.settled());
    for key in [Key::ArrowRight, Key::ArrowLeft] {
        window.press(key);
        assert_eq!(customers(&window), 70);
    }
    window.press(Key::Escape);
    window.until("the numbers", App::settled);
    assert_eq!(customers(&window), 70, "and afterwards");
}
