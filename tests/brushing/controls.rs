//! Every control of every view has a name that a screen reader can say.

use egui::{Key, Modifiers, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use keepers::{
    analysis::selection::Part,
    ui::{
        action::{Action, View},
        command::Command,
    },
};

use crate::{
    roles::{OPERATED, SHOWN},
    window::Window,
};

/// Whether only a name says what it does or shows.
fn needs_name(role: Role) -> bool {
    OPERATED.contains(&role) || SHOWN.contains(&role)
}

/// Controls without a name, as their role and place.
fn unnamed(window: &Window) -> Vec<String> {
    let root = window.harness.root();
    let mut found = Vec::new();
    for node in root.children_recursive() {
        let node = node.accesskit_node();
        if !needs_name(node.role()) {
            continue;
        }
        let name = node.label().unwrap_or_default();
        if name.trim().is_empty() {
            found.push(format!("{:?} at {:?}", node.role(), node.bounding_box()));
        }
    }
    found
}

fn controls(window: &Window) -> usize {
    let root = window.harness.root();
    let named = root
        .children_recursive()
        .filter(|node| needs_name(node.accesskit_node().role()));
    named.count()
}

#[test]
fn every_control_of_every_view_has_a_name() {
    for size in [vec2(1440.0, 900.0), vec2(1024.0, 700.0)] {
        let mut window = Window::sized(size);
        for selected in [false, true] {
            if selected {
                window.act(Action::Select(Part::Segment("VIP".to_owned())));
                window.act(Action::SaveAudience("Best".to_owned()));
            }
            for view in View::ALL {
                window.act(Action::Show(view));
                assert!(controls(&window) > 8, "{} is drawn", view.title());
                assert_eq!(unnamed(&window), [""; 0], "{} at {size:?}", view.title());
            }
        }
        window.act(Action::OpenCustomer(Some(3)));
        assert_eq!(unnamed(&window), [""; 0], "a customer");
    }
}

#[test]
fn every_control_of_every_panel_has_a_name() {
    let mut window = Window::sample();
    window.act(Action::Select(Part::Segment("VIP".to_owned())));
    for (command, sign) in [
        (Command::Palette, "Find a command"),
        (Command::Shortcuts, "Keyboard shortcuts"),
        (Command::Compare, "Side by side"),
    ] {
        window.act(Action::Run(command));
        window.until(|window| window.says(sign));
        assert_eq!(unnamed(&window), [""; 0], "{}", command.text());
        window.press(Modifiers::NONE, Key::Escape);
    }
    window.act(Action::Show(View::Overview));
    let menu = "Copy or save: Revenue from new and returning customers";
    window.click(Role::Button, menu);
    window.click(Role::RadioButton, "Picture size: Own");
    assert_eq!(unnamed(&window), [""; 0], "the chart menu");
    for label in ["Copy data", "Save CSV…", "Save PNG…", "Save SVG…"] {
        assert!(
            window
                .harness
                .query_by_role_and_label(Role::MenuItem, label)
                .is_some(),
            "{label}"
        );
    }
}

#[test]
fn the_tab_key_reaches_the_view_and_comes_back() {
    let mut window = Window::sample();
    window.act(Action::Show(View::Segments));
    let mut reached = Vec::new();
    for _ in 0..60 {
        window.harness.key_press(Key::Tab);
        window.harness.run_steps(2);
        let root = window.harness.root();
        let focused = root
            .children_recursive()
            .find(|node| node.accesskit_node().is_focused())
            .and_then(|node| node.accesskit_node().label());
        if let Some(label) = focused {
            reached.push(label);
        }
    }
    let at = |part: &str| reached.iter().position(|label| label.contains(part));
    let rail = at("Overview").expect("the rail");
    let card = at("Copy or save").expect("a card of the view");
    assert!(rail < card, "from the frame into the view: {reached:?}");
}
