//! The Customers view: what clicks and keys ask for, and what is shown.

use std::sync::Arc;

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use keepers::{analysis::selection::Part, data::orders::Label, ui::action::Action};

use crate::shop::{Bench, Which, harness};

/// Ids of the rows shown, from top to bottom.
fn ids(harness: &Harness<'_, Bench>) -> Vec<String> {
    let mut rows: Vec<(f32, String)> = harness
        .query_all_by_role(Role::Row)
        .filter_map(|node| {
            let label = node.accesskit_node().label()?;
            let (id, _) = label.split_once(": ")?;
            Some((node.rect().top(), id.to_owned()))
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, id)| id).collect()
}

fn click_head(harness: &mut Harness<'_, Bench>, title: &'static str) {
    harness
        .get_by(|node| node.role() == Role::ColumnHeader && node.label().as_deref() == Some(title))
        .click();
    harness.run();
}

fn click_row(harness: &mut Harness<'_, Bench>, id: &'static str, modifiers: Modifiers) {
    harness
        .get_by(|node| {
            node.role() == Role::Row && node.label().is_some_and(|label| label.starts_with(id))
        })
        .click_modifiers(modifiers);
    harness.run();
}

fn shown(parts: Vec<Part>) -> Harness<'static, Bench> {
    let mut harness = harness(Which::Customers, parts);
    harness.run();
    harness
}

#[test]
fn heads_sort_the_list() {
    let mut harness = shown(Vec::new());
    // Largest revenue first: 270, 180, 140, 50, 15, 5.
    assert_eq!(
        ids(&harness),
        ["fern", "cedar", "amber", "ember", "birch", "delta"]
    );
    click_head(&mut harness, "Orders");
    assert_eq!(
        ids(&harness),
        ["amber", "cedar", "fern", "ember", "birch", "delta"]
    );
    click_head(&mut harness, "Customer");
    assert_eq!(
        ids(&harness),
        ["amber", "birch", "cedar", "delta", "ember", "fern"]
    );
    click_head(&mut harness, "Customer");
    assert_eq!(ids(&harness)[0], "fern");
}

#[test]
fn searching_keeps_ids_that_contain_the_text() {
    let mut harness = shown(Vec::new());
    let field = harness.get_by_label("Search customers");
    field.focus();
    field.type_text("MBER");
    harness.run();
    assert_eq!(ids(&harness), ["amber", "ember"]);
    harness.get_by_label("2 of 6 customers");
    harness.get_by_label("Clear search").click();
    harness.run();
    assert_eq!(ids(&harness).len(), 6);
}

#[test]
fn a_search_without_a_match_says_so_and_can_be_cleared() {
    let mut harness = shown(Vec::new());
    let field = harness.get_by_label("Search customers");
    field.focus();
    field.type_text("zzz");
    harness.run();
    assert!(ids(&harness).is_empty());
    harness.get_by_label("No customer’s id contains “zzz”.");
}

#[test]
fn people_are_found_by_their_address_too() {
    let mut harness = shown(Vec::new());
    let dataset = Arc::make_mut(&mut harness.state_mut().shop.dataset);
    let mails = ["a@x.de", "b@y.de", "", "Ember@x.de", "e@y.de", "f@y.de"];
    Arc::make_mut(&mut dataset.orders).labels.push(Label {
        name: "email".to_owned(),
        texts: mails.into_iter().collect(),
    });
    harness.run();
    let field = harness.get_by_label("Search customers");
    field.focus();
    field.type_text("@X.de");
    harness.run();
    assert_eq!(ids(&harness), ["amber", "delta"]);
    harness.get_by_label("Clear search").click();
    harness.run();
    let field = harness.get_by_label("Search customers");
    field.focus();
    // One by the id, one by the address.
    field.type_text("ember");
    harness.run();
    assert_eq!(ids(&harness), ["ember", "delta"]);
    harness.get_by_label("Select all 2 found").click();
    harness.run();
    let found = Action::SelectAlso(Part::Found("ember".to_owned()));
    assert!(harness.state().actions.contains(&found));
    let field = harness.get_by_label("Search customers");
    field.focus();
    field.type_text("zzz");
    harness.run();
    harness.get_by_label("No customer’s id or email contains “zzz”.");
}

#[test]
fn the_selection_filters_the_list() {
    let part = Part::Customers(vec!["amber".to_owned(), "delta".to_owned()]);
    let harness = shown(vec![part]);
    assert_eq!(ids(&harness), ["amber", "delta"]);
    harness.get_by_label("2 of 6 customers");
}

#[test]
fn a_click_opens_the_customer_and_escape_closes_it() {
    let mut harness = shown(Vec::new());
    click_row(&mut harness, "cedar", Modifiers::NONE);
    assert_eq!(harness.state().actions, [Action::OpenCustomer(Some(2))]);
    harness.state_mut().open = Some(2);
    harness.run();
    harness.get_by_label("Order timeline: 3 orders from 20 Jul 1970 to 5 Feb 1971. Silent for 6.0 times the usual gap.");
    harness.get_by_label("2 of 6");
    harness.get_by_label("Next customer").click();
    harness.run();
    // After cedar (180) comes amber (140).
    assert_eq!(harness.state().actions[1], Action::OpenCustomer(Some(0)));
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state().actions[2], Action::OpenCustomer(None));
}

#[test]
fn arrow_keys_move_the_cursor_and_enter_opens() {
    let mut harness = shown(Vec::new());
    for _ in 0..3 {
        harness.key_press(Key::ArrowDown);
        harness.run();
    }
    harness.key_press(Key::Enter);
    harness.run();
    // The first press enters the list at its first row; two more lead to the third, amber.
    assert_eq!(harness.state().actions, [Action::OpenCustomer(Some(0))]);
    harness.key_press(Key::End);
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().actions[1], Action::OpenCustomer(Some(3)));
}

#[test]
fn marked_customers_become_a_selection() {
    let mut harness = shown(Vec::new());
    click_row(&mut harness, "cedar", Modifiers::CTRL);
    click_row(&mut harness, "birch", Modifiers::CTRL);
    harness.get_by_label("2 customers marked");
    click_row(&mut harness, "delta", Modifiers::SHIFT);
    harness.get_by_label("3 customers marked");
    assert!(harness.state().actions.is_empty());
    harness.get_by_label("Select these").click();
    harness.run();
    let ids = ["birch", "cedar", "delta"].map(str::to_owned).to_vec();
    assert_eq!(
        harness.state().actions,
        [Action::Select(Part::Customers(ids))]
    );
}
