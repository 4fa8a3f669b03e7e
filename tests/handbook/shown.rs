//! The manual in the window, by keys and by name.

use egui::{Key, Modifiers, Vec2, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use keepers::{
    manual,
    ui::action::{Action, View},
};

use crate::window::Window;

const SIZE: Vec2 = vec2(1024.0, 700.0);
/// The page begins below this; what is scrolled past it is out of sight.
const TOP: f64 = 64.0;

/// Names of everything in this role that is in sight.
fn seen(window: &Window, role: Role) -> Vec<String> {
    let nodes = window.harness.root().children_recursive();
    let nodes = nodes.filter(|node| {
        let node = node.accesskit_node();
        let inside = |rect: egui::accesskit::Rect| rect.y0 >= TOP && rect.y1 <= f64::from(SIZE.y);
        node.role() == role && node.bounding_box().is_some_and(inside)
    });
    nodes
        .filter_map(|node| node.accesskit_node().label())
        .collect()
}

fn open(window: &Window) -> bool {
    let field = window
        .harness
        .query_by_role_and_label(Role::SearchInput, "Search the manual");
    field.is_some()
}

#[test]
fn f1_opens_where_one_is_search_finds_and_escape_gives_the_keyboard_back() {
    let mut window = Window::sized(SIZE);
    window.act(Action::Show(View::Customers));
    window.focus(Role::TextInput, "Search customers");
    window.press(Modifiers::NONE, Key::F1);
    assert!(open(&window), "also while text is typed elsewhere");
    let headings = seen(&window, Role::Heading);
    assert_eq!(headings.first().map(String::as_str), Some("Customers"));

    window.type_text("retention");
    let answers = seen(&window, Role::ListBoxOption);
    assert_eq!(answers[0], "Definitions: Retention: Retention");
    assert!(answers.len() > 2, "{answers:?}");
    window.press(Modifiers::NONE, Key::ArrowDown);
    window.press(Modifiers::NONE, Key::ArrowUp);
    window.press(Modifiers::NONE, Key::Enter);
    let headings = seen(&window, Role::Heading);
    assert_eq!(headings.first().map(String::as_str), Some("Retention"));
    window.type_text(" xyzzy");
    assert!(window.says("Nothing in the manual has these words"));

    window.press(Modifiers::NONE, Key::Escape);
    assert!(!open(&window), "closed");
    let back = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Search customers");
    assert!(back.accesskit_node().is_focused(), "the keyboard is back");
    assert_eq!(
        window.app().view(),
        View::Customers,
        "nothing else happened"
    );
}

#[test]
fn pages_links_and_keys_lead_on_and_back() {
    let mut window = Window::welcome(SIZE);
    window.press(Modifiers::NONE, Key::F1);
    let first = |window: &Window| seen(window, Role::Heading).first().cloned();
    assert_eq!(first(&window).as_deref(), Some("Getting started"));
    window.press(Modifiers::NONE, Key::PageDown);
    assert_ne!(first(&window).as_deref(), Some("Getting started"));
    window.press(Modifiers::NONE, Key::PageUp);
    assert_eq!(first(&window).as_deref(), Some("Getting started"));

    window.click_beginning("Page Views");
    assert_eq!(first(&window).as_deref(), Some("Views"));
    window.click_beginning("Views: Cohorts");
    assert_eq!(first(&window).as_deref(), Some("Cohorts"));
    window.click(Role::Link, "Segments, to Segments: Segments");
    assert_eq!(first(&window).as_deref(), Some("Segments"));
    assert!(window.says("Cut points"));
    window.click(Role::Button, "Back");
    assert_eq!(first(&window).as_deref(), Some("Cohorts"));
    window.click(Role::Button, "Close the manual (Esc)");
    assert!(!open(&window));
}

#[test]
fn definitions_and_the_palette_lead_to_the_manual() {
    let mut window = Window::sized(vec2(1440.0, 900.0));
    window.act(Action::Show(View::Segments));
    window.click(Role::Button, "Definition: Segment table");
    window.click(Role::Link, "More in the manual");
    assert_eq!(seen(&window, Role::Heading)[0], "Map and points");
    window.press(Modifiers::NONE, Key::Escape);

    window.act(Action::Show(View::Overview));
    window.click(Role::Button, "Definition: Repeat rate");
    window.click(Role::Link, "More in the manual");
    assert_eq!(seen(&window, Role::Heading)[0], "Repeat rate");
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!open(&window));

    window.press(Modifiers::COMMAND, Key::K);
    window.type_text("cut points");
    let hits = window.labels(Role::MenuItem, "Manual: ");
    assert_eq!(
        hits.first().map(String::as_str),
        Some("Manual: Segments, Cut points")
    );
    window.click(Role::MenuItem, "Manual: Segments, Cut points");
    assert_eq!(seen(&window, Role::Heading)[0], "Cut points");
}

#[test]
fn every_page_is_shown_without_two_links_of_one_name() {
    let mut window = Window::welcome(SIZE);
    for page in manual::pages() {
        let place = manual::place(page.name).expect("a page");
        window.act(Action::ReadManual(place));
        let mut links = window.labels(Role::Link, "");
        let count = links.len();
        links.sort();
        links.dedup();
        assert_eq!(links.len(), count, "{}", page.name);
        assert!(
            seen(&window, Role::Heading).contains(&page.title),
            "{}",
            page.name
        );
    }
}
