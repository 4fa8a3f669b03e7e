//! Exports that are remembered: saved with the meanings of their columns, listed, deleted.

use std::fs;

use egui::{Key, Modifiers, accesskit::Role};
use keepers::{
    data::dataset::Role as Means,
    project::layouts::user_layouts,
    ui::{action::Action, command::Command, views::data::Tab},
};

use crate::desk::Desk;

const ROWS: &str = "customer_id,order_date,amount,gross_eur\n\
    A,2024-01-05,10.00,20.50\nB,2024-02-05,20.00,39.50\n";

#[test]
fn an_export_is_remembered_under_a_name_and_replaced_only_when_asked() {
    let mut window = Desk::keeping("June export.csv", ROWS);
    window.show(Tab::Files);
    let folder = window.folder.path().join("data").join("layouts");
    assert!(user_layouts(&folder).is_empty());
    window.click(Role::Button, "Remember this export");
    assert!(window.says("Customer “customer_id”"));
    window.click(Role::Button, "Remember it");
    let kept = user_layouts(&folder);
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].title, "June export");
    assert_eq!(kept[0].tables[0].roles["amount"], Means::Amount);
    assert!(window.says("Remembered"));
    // A second time under the same name: the button says what it would do, Esc leaves it.
    window.click(Role::Button, "Remember this export");
    assert!(window.says("There is one of this name"));
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!window.says("There is one of this name"));
    assert_eq!(user_layouts(&folder), kept);
}

#[test]
fn known_exports_are_listed_and_deleted() {
    let mut window = Desk::keeping("orders.csv", ROWS);
    window.show(Tab::Files);
    window.click(Role::Button, "Remember this export");
    window.click(Role::Button, "Remember it");
    window.act(Action::Run(Command::Layouts));
    assert!(window.says("Known exports"));
    assert!(window.says("Olist marketplace"));
    window.click(Role::Button, "Delete: orders");
    let folder = window.folder.path().join("data").join("layouts");
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1);
    window.click(Role::Button, "Delete for good: orders");
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 0);
    assert!(window.says("None so far."));
}
