//! The Audiences view and the customer panel in the window, driven by role and label: a manager leaves
//! with a list, a threshold can be taken back, the campaign follows mouse and keys.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

#[path = "common/window.rs"]
mod window;

use std::time::{Duration, Instant};

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use keepers::{
    audiences::{ListKind, campaign::Ranking},
    export::{People, Values, What},
    pipeline::people,
    ui::{
        action::{Action, View},
        command::Command,
        frame::asks::{Ask, FileAction},
    },
};

use window::{PATIENCE, Window};

/// The sample shop, on the Audiences view.
fn audiences() -> Window {
    let mut window = Window::high(1400.0);
    window.press(Modifiers::COMMAND, Key::Num8);
    assert_eq!(window.app().view(), View::Audiences);
    window
}

fn people(window: &Window) -> &people::People {
    let people = window.shop().people.as_ref();
    people.expect("worked out")
}

fn size(window: &Window, kind: ListKind) -> usize {
    let list = people(window).lists.get(kind);
    list.expect("every list").customers.len()
}

/// The sizes are those of `tests/audiences.rs`, computed independently.
#[test]
fn a_list_is_two_clicks_away() {
    let mut window = audiences();
    for (kind, size) in [
        (ListKind::HighValue, "391"),
        (ListKind::ChurnRisk, "1,292"),
        (ListKind::MissedOpportunity, "452"),
        (ListKind::SecondOrder, "111"),
    ] {
        assert!(
            window.says(&format!("{}: {size} customers", kind.title())),
            "{kind:?}"
        );
    }
    window.click_beginning("Churn risks:");
    assert!(window.says("1,292 customers (33.1 % of all)"));
    assert!(window.says("At least 2 orders or among the 50 % with the highest revenue"));
    window.click(Role::Button, "Copy list");
    // The text is made in the background; then it is on the clipboard, and a notice says so.
    let copied = |window: &Window| {
        let mut notices = window.app().notices().iter();
        notices.find(|notice| notice.what == "Copied").cloned()
    };
    window.until(|window| copied(window).is_some());
    let notice = copied(&window).expect("seen");
    assert!(notice.why.starts_with("1,293 lines"), "{}", notice.why);
}

#[test]
fn a_threshold_moves_the_list_and_can_be_taken_back() {
    let mut window = audiences();
    window.click_beginning("Second-order nudge:");
    window.focus(Role::Slider, "First order at most");
    for _ in 0..5 {
        window.press(Modifiers::NONE, Key::ArrowRight);
    }
    assert_eq!(window.app().project().audiences.lists.nudge_to_days, 65);
    let wider = size(&window, ListKind::SecondOrder);
    assert!(wider > 111, "{wider}");
    assert!(window.says("Exactly one order, 30 to 65 days old."));
    window.act(Action::Undo);
    assert_eq!(window.app().project().audiences.lists.nudge_to_days, 64);
    for _ in 0..4 {
        window.act(Action::Undo);
    }
    assert_eq!(size(&window, ListKind::SecondOrder), 111);
}

#[test]
fn the_campaign_follows_the_keys_and_the_best_depth() {
    let mut window = audiences();
    window.click(Role::RadioButton, "Section: Campaign");
    let shop = window.shop().clone();
    let curves = shop.people.expect("worked out").curves;
    let terms = window.app().project().audiences.campaign.clone();
    let best = curves.best(&terms);
    assert!(best > 0 && best < curves.customers());
    window.click(Role::Button, "Go to best depth");
    let depth = window.app().project().audiences.campaign.depth;
    assert_eq!(curves.contacts(depth), best);
    let chart = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        node.role() == Role::Slider
            && node
                .label()
                .is_some_and(|label| label.starts_with("Contacting the best"))
    };
    window.harness.get_by(chart).focus();
    window.settle();
    window.press(Modifiers::NONE, Key::End);
    assert!((window.app().project().audiences.campaign.depth - 1.0).abs() < 1e-12);
    window.press(Modifiers::NONE, Key::ArrowLeft);
    let depth = window.app().project().audiences.campaign.depth;
    assert!((depth - 0.99).abs() < 1e-12, "{depth}");
    let profit = curves
        .outcome(Ranking::Predicted, curves.contacts(0.99), &terms)
        .profit;
    let words = keepers::ui::format::money(profit.abs(), "");
    assert!(window.says(&words), "{words}");
}

#[test]
fn a_cell_shows_its_action_and_selects_its_customers() {
    let mut window = audiences();
    window.click(Role::RadioButton, "Section: Actions");
    window.click_beginning("VIP, High predicted value:");
    assert!(window.says("VIP · High predicted value"));
    window.click(Role::Button, "Select them");
    window.until(|window| !window.app().selection().parts.is_empty());
    // The selection is there; its numbers follow.
    window.settle();
    let shop = window.shop();
    let matrix = shop.people.as_ref().expect("worked out").matrix.clone();
    let cell = matrix.as_ref().as_ref().expect("a forecast").cells[0][0];
    assert_eq!(shop.selected.customers.len() as u64, cell.customers);
    assert!((shop.selected.revenue - cell.revenue).abs() < 0.01);
}

#[test]
fn costs_are_taken_over_or_refused_in_words() {
    let mut window = audiences();
    window.click(Role::RadioButton, "Section: Progress");
    window.focus(Role::MultilineTextInput, "Cost table");
    window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Cost table")
        .type_text("month,cost\n2024-13,5");
    window.settle();
    window.click(Role::Button, "Use these costs");
    assert!(window.says("“2024-13” is no month"));
    assert!(window.app().project().audiences.costs.is_empty());
}

#[test]
fn a_customer_shows_what_to_expect_and_keeps_a_note() {
    let mut window = audiences();
    let customer = {
        let shop = window.shop();
        let people = shop.people.as_ref().expect("worked out");
        people
            .lists
            .get(ListKind::HighValue)
            .expect("list")
            .customers[0]
    };
    window.act(Action::OpenCustomer(Some(customer)));
    for text in [
        "Still a customer?",
        "What to expect",
        "Customers like this one",
        "On lists:",
    ] {
        assert!(window.says(text), "{text}");
    }
    assert!(window.says("expected within 90 days; 8 of 10 simulated futures"));
    window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Note")
        .focus();
    window.settle();
    window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Note")
        .type_text("Prefers a call");
    window.settle();
    window
        .harness
        .get_by_role_and_label(Role::Button, "Copy as text")
        .focus();
    window.settle();
    let notes: Vec<&String> = window.app().project().audiences.notes.values().collect();
    assert_eq!(notes, ["Prefers a call"]);
}

/// The dialog of all exports, on this list: its head, its control group, one column left out.
#[test]
fn a_list_leaves_by_the_dialog_of_all_exports() {
    let mut window = audiences();
    window.click_beginning("Churn risks:");
    window.click(Role::Button, "Save list…");
    assert!(window.says("Export a list"));
    assert!(window.says("marks 10.0 % of each segment as control"));
    window.click(Role::RadioButton, "Format: Excel");
    for column in ["customer_id", "group", "predicted_value", "p_alive"] {
        assert!(window.says(column), "{column}");
    }
    window.click(Role::CheckBox, "group");
    window.click(Role::Button, "Cancel");
    assert!(!window.says("Export a list"));
    // Whom the campaign contacts leaves the same way.
    window.click(Role::RadioButton, "Section: Campaign");
    window.click(Role::Button, "Save contacts…");
    assert!(window.says("Campaign"));
    assert!(window.says("p_order"));
    window.click(Role::Button, "Cancel");
}

/// What the dialog orders is what the verb writes: churn risks of the sample shop as a workbook.
#[test]
fn the_file_of_a_list_holds_its_customers_and_control_group() {
    let window = audiences();
    let shop = window.shop().clone();
    let what = What::List(ListKind::ChurnRisk);
    let table = what.table(&shop, window.app().project(), None);
    assert_eq!(table.rows(), 1_292);
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(what.head(&shop, window.app().project()), names);
    assert_eq!(names[..2], ["customer_id", "group"]);
    let Values::Text(groups) = &table.columns[1].values else {
        panic!("{:?}", table.columns[1]);
    };
    assert_eq!(
        groups.iter().filter(|group| *group == "control").count(),
        129
    );
    // Rows of another shop are left out instead of ending the program.
    let stale = What::People(People {
        title: "Stale".to_owned(),
        rows: vec![0, 4_000_000].into(),
    });
    assert_eq!(stale.table(&shop, window.app().project(), None).rows(), 1);
}

/// What counts as progress is chosen by the person and follows the names in use.
#[test]
fn the_steps_of_progress_are_a_choice() {
    let mut window = audiences();
    window.click(Role::RadioButton, "Section: Progress");
    assert!(window.says("who were Regulars on"));
    let kpis = |window: &Window| {
        let shop = window.shop();
        shop.people.as_ref().expect("worked out").kpis.clone()
    };
    let before = kpis(&window);
    window.click(Role::CheckBox, "From Dormant");
    let after = kpis(&window);
    assert!(window.says("who were Regulars or Dormant on"));
    let dormant = before.segments.iter().find(|row| row.name == "Dormant");
    let dormant = dormant.expect("a segment").customers_before;
    assert_eq!(after.lower_before, before.lower_before + dormant);
    window.click(Role::Button, "Default steps");
    assert_eq!(*kpis(&window), *before);
}

/// The report of the window, made off its thread from its own numbers, is the one of the verb; nobody
/// has looked at the audiences before, and they are in it all the same.
#[test]
fn the_window_writes_the_report_of_the_verb() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = Window::high(1400.0);
    assert_eq!(window.app().view(), View::Overview);
    let path = folder.path().join("window.html");
    let started = Instant::now();
    while !path.exists() {
        assert!(started.elapsed() < PATIENCE, "nothing was written");
        let waits = matches!(window.app().ask(), Some(Ask::Where { .. }));
        let action = if waits {
            Action::File(FileAction::WriteTo {
                path: path.clone(),
                replace: false,
            })
        } else {
            Action::Run(Command::Report)
        };
        window.act(action);
        std::thread::sleep(Duration::from_millis(100));
    }
    let html = std::fs::read_to_string(&path).expect("written");
    let verb = folder.path().join("verb.html");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_keepers"))
        .args(["report", "--sample", "--out"])
        .arg(&verb)
        .status()
        .expect("the program runs");
    assert!(done.success());
    let verb = std::fs::read_to_string(&verb).expect("written");
    assert!(html.contains("Whom to act on next"));
    assert!(html == verb, "the same bytes");
}
