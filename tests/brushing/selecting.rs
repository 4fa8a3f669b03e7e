//! Chips with and, or, not; the Compare panel; saved audiences; everything a search found.

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use keepers::{
    analysis::selection::{Combine, Part, Selection},
    ui::{
        action::{Action, View},
        command::Command,
    },
};

use crate::window::Window;

fn segment(name: &str) -> Part {
    Part::Segment(name.to_owned())
}

fn selected(window: &Window) -> usize {
    window.shop().selected.customers.len()
}

#[test]
fn a_chip_excludes_and_keeps_only_itself() {
    let mut window = Window::sample();
    window.act(Action::Select(segment("VIP")));
    let vip = selected(&window);
    // 659 of 3,902, as `keepers segments` says.
    assert_eq!(vip, 659);
    window.click(Role::Button, "Selected: VIP");
    window.click(Role::MenuItem, "Exclude these customers");
    assert_eq!(selected(&window), 3_902 - 659);
    assert!(window.says("Selected: not VIP"));
    window.act(Action::SelectAlso(segment("Loyal")));
    assert_eq!(selected(&window), 248, "Loyal and not VIP");
    window.act(Action::SetCombine(Combine::Any));
    assert_eq!(selected(&window), 3_902 - 659, "not VIP holds all of Loyal");
    window.click(Role::Button, "Selected: Loyal");
    window.click(Role::MenuItem, "Only this");
    assert_eq!(
        window.app().selection(),
        &Selection::from(vec![segment("Loyal")])
    );
    window.click(Role::Button, "Remove Loyal from the selection");
    assert!(window.app().selection().is_empty());
}

#[test]
fn the_compare_panel_sets_the_selection_beside_everyone_and_beside_the_pin() {
    let mut window = Window::sample();
    window.act(Action::Select(segment("VIP")));
    window.act(Action::Run(Command::Compare));
    window.until(|window| window.says("Side by side"));
    assert!(window.says("Customers: 659, 3,902, ↓ 0.169 ×"));
    assert!(window.says("659 customers against 3,902 (16.9 %); 659 in both."));
    window.press(Modifiers::NONE, Key::Escape);
    window.act(Action::Run(Command::PinSelection));
    window.act(Action::Select(segment("Loyal")));
    window.act(Action::Run(Command::Compare));
    window.until(|window| window.says("248 customers against 659"));
    assert!(window.says("248 customers against 659 (37.6 %); 0 in both."));
    window.click(Role::RadioButton, "Compare: With everyone");
    window.until(|window| window.says("248 customers against 3,902"));
}

#[test]
fn a_selection_is_kept_under_a_name_and_undone() {
    let mut window = Window::sample();
    window.act(Action::Select(segment("VIP")));
    window.click(Role::Button, "Save as audience…");
    window.type_text("Best");
    window.press(Modifiers::NONE, Key::Enter);
    let saved = &window.app().project().saved_audiences;
    assert_eq!(saved.len(), 1);
    assert_eq!(saved[0].name, "Best");
    assert_eq!(saved[0].selection, Selection::from(vec![segment("VIP")]));
    window.act(Action::Select(segment("Loyal")));
    window.click(Role::Button, "Select the audience Best");
    assert_eq!(selected(&window), 659);
    window.click(Role::Button, "Delete the audience Best");
    assert!(window.app().project().saved_audiences.is_empty());
    window.press(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.app().project().saved_audiences.len(), 1);
    window.press(Modifiers::COMMAND, Key::Z);
    assert!(window.app().project().saved_audiences.is_empty());
}

#[test]
fn everything_a_search_found_becomes_a_part() {
    let mut window = Window::sample();
    window.act(Action::Show(View::Customers));
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Search customers");
    field.focus();
    window.settle();
    window.type_text("99");
    let ids = &window.shop().dataset.orders.customer_ids;
    let customers = &window.shop().customers;
    let found = (0..customers.len())
        .filter(|&row| customers.exists(row) && ids.get(row).contains("99"))
        .count();
    assert!(found > 1);
    window.click(Role::Button, &format!("Select all {found} found"));
    assert_eq!(
        window.app().selection().parts,
        [Part::Found("99".to_owned())]
    );
    assert_eq!(selected(&window), found);
}

#[test]
fn the_palette_finds_segments_audiences_and_customers() {
    let mut window = Window::sample();
    window.press(Modifiers::COMMAND, Key::K);
    window.type_text("select segment vip");
    window.press(Modifiers::NONE, Key::Enter);
    assert_eq!(window.app().selection().parts, [segment("VIP")]);
    window.act(Action::SaveAudience("Treasure".to_owned()));
    window.act(Action::ClearSelection);
    window.press(Modifiers::COMMAND, Key::K);
    window.type_text("treasure");
    window.press(Modifiers::NONE, Key::Enter);
    assert_eq!(selected(&window), 659);
    let id = window.shop().dataset.orders.customer_ids.get(7).to_owned();
    window.press(Modifiers::COMMAND, Key::K);
    window.type_text(&id);
    let row = format!("Open customer {id}");
    window.until(|window| window.says(&row));
    window.click(Role::MenuItem, &row);
    assert_eq!(window.app().view(), View::Customers);
    assert!(window.says(&id));
}
