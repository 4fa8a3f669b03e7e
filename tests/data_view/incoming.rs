//! Next month's file on an open shop: it joins, takes the place of the files, or is another shop.

use std::{fs, path::PathBuf};

use egui::{Key, Modifiers, accesskit::Role};
use keepers::{
    data::dataset::Role as Means,
    project::Source,
    ui::{action::Action, frame::asks::Ask},
};

use crate::desk::Desk;

/// Neither column says which of the numbers is the amount.
const JUNE: &str = "k,t,u,v\nA,2024-06-01,5,50\nB,2024-06-02,6,60\n";
const JULY: &str = "k,t,u,v\nA,2024-07-01,7,70\nC,2024-07-02,8,80\n";

/// June, mapped by hand: `u` is the amount.
fn june() -> Desk {
    let mut window = Desk::open("june.csv", JUNE);
    if window.app().snapshot().shop.is_none() {
        window.click(Role::Button, "Map columns…");
        for (column, role) in [
            ("k", Means::Customer),
            ("t", Means::Date),
            ("u", Means::Amount),
        ] {
            say(&mut window, column, role);
        }
        window.click(Role::Button, "Open");
    } else {
        say(&mut window, "u", Means::Amount);
    }
    assert_eq!(revenue(&window), 11.0);
    window
}

fn say(window: &mut Desk, column: &str, role: Means) {
    let edit = keepers::data::dataset::options::ReadingEdit::Role {
        file: "june.csv".to_owned(),
        column: column.to_owned(),
        role: Some(role),
    };
    window.act(Action::EditReading(edit));
}

fn revenue(window: &Desk) -> f64 {
    window.kpis().net_revenue
}

fn drop_july(window: &mut Desk) -> PathBuf {
    let path = window.folder.path().join("july.csv");
    fs::write(&path, JULY).expect("written");
    window.drop_files(std::slice::from_ref(&path));
    path
}

fn sources(window: &Desk) -> usize {
    match &window.app().project().source {
        Source::Files(paths) => paths.len(),
        _ => 0,
    }
}

#[test]
fn next_months_file_joins_the_shop_and_means_the_same() {
    let mut window = june();
    drop_july(&mut window);
    assert!(window.says("What is july.csv?"));
    // The first answer has the keyboard.
    window.press(Modifiers::NONE, Key::Enter);
    assert!(window.app().ask().is_none());
    assert_eq!(sources(&window), 2);
    assert_eq!(revenue(&window), 26.0);
    assert_eq!(window.kpis().customers, 3);
    assert_eq!(
        window.app().project().reading.roles["july.csv"]["u"],
        Means::Amount
    );
    window.act(Action::Undo);
    assert_eq!((sources(&window), revenue(&window)), (1, 11.0));
    window.act(Action::Redo);
    assert_eq!((sources(&window), revenue(&window)), (2, 26.0));
    // The same once more: it is part of the shop already.
    drop_july(&mut window);
    window.click(Role::Button, "Add to this shop");
    assert_eq!((sources(&window), revenue(&window)), (2, 26.0));
    assert!(window.says("part of this shop already"));
}

#[test]
fn other_files_take_the_place_of_the_shops_own() {
    let mut window = june();
    drop_july(&mut window);
    window.click(Role::Button, "Replace");
    assert_eq!((sources(&window), revenue(&window)), (1, 15.0));
    let roles = &window.app().project().reading.roles;
    assert_eq!(roles.keys().collect::<Vec<_>>(), ["july.csv"]);
    window.act(Action::Undo);
    assert_eq!(revenue(&window), 11.0);
}

#[test]
fn escape_leaves_everything_and_another_shop_is_asked_about_what_is_unsaved() {
    let mut window = june();
    drop_july(&mut window);
    window.press(Modifiers::NONE, Key::Escape);
    assert!(window.app().ask().is_none());
    assert_eq!((sources(&window), revenue(&window)), (1, 11.0));
    window.act(Action::SetAsOf(Some(20_000)));
    drop_july(&mut window);
    window.click(Role::Button, "Open instead");
    assert!(matches!(window.app().ask(), Some(Ask::Unsaved { .. })));
}

#[test]
fn a_file_that_cannot_be_read_changes_nothing() {
    let mut window = june();
    let path = drop_july(&mut window);
    fs::remove_file(&path).expect("removed");
    window.click(Role::Button, "Add to this shop");
    assert_eq!((sources(&window), revenue(&window)), (1, 11.0));
    assert!(window.says("july.csv"), "a notice names the file");
}

#[test]
fn files_are_added_only_where_there_are_files() {
    let mut sample = crate::window::Window::sample();
    sample.press(Modifiers::COMMAND, Key::K);
    sample.type_text("add files");
    assert!(!sample.says("Add files to this shop"));
    let mut window = june();
    window.press(Modifiers::COMMAND, Key::K);
    window.type_text("add files");
    assert!(window.says("Add files to this shop"));
}
