//! Where there is nothing to show, every view says why in one sentence and offers the way out.

use std::{fs, path::PathBuf};

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use keepers::{
    analysis::selection::Part,
    app::{App, Options},
    data::day::parse_iso,
    project::Source,
    ui::{
        action::{Action, View},
        command::Command,
        views::data::Tab,
    },
};
use tempfile::TempDir;

use crate::{
    engines::Stub,
    places::{LARGE, customer_table},
    window::Window,
};

const WITHOUT_DATA: [View; 7] = [
    View::Start,
    View::Overview,
    View::Cohorts,
    View::Segments,
    View::Models,
    View::Customers,
    View::Audiences,
];

fn orders(rows: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("orders.csv");
    let head = "customer_id,order_id,order_date,amount,status";
    let text = [&[head], rows].concat().join("\n");
    fs::write(&path, text).expect("written");
    (folder, path)
}

#[test]
fn before_the_first_order_every_view_leads_to_the_latest_date() {
    let mut window = Window::sample();
    for view in WITHOUT_DATA {
        window.act(Action::SetAsOf(parse_iso("2020-01-01")));
        window.act(Action::Show(view));
        let why = "Nobody had ordered before 1 Jan 2020: the first order is of 1 Jul 2022.";
        assert!(window.says(why), "{view:?}");
        window.click(Role::Button, "Show the latest date");
        assert_eq!(window.app().project().as_of, None);
        assert_eq!(window.shop().customers.active, 3_902, "{view:?}");
        assert!(!window.says(why));
    }
}

#[test]
fn without_a_kept_order_every_view_leads_to_what_happened_to_the_rows() {
    let (_folder, path) = orders(&[
        "c1,o1,2024-03-05,12.5,cancelled",
        "c2,o2,2024-04-05,3,cancelled",
    ]);
    let mut window = Window::on(Source::Files(vec![path]), LARGE);
    for view in WITHOUT_DATA {
        window.act(Action::Show(view));
        assert!(
            window.says("There is no customer to show: every line"),
            "{view:?}"
        );
        window.click(Role::Button, "See what happened to the rows");
        assert_eq!(window.app().view(), View::Data);
        window.act(Action::ShowDataTab(Tab::Files));
    }
}

#[test]
fn a_shop_with_one_customer_is_shown_and_says_what_a_forecast_needs() {
    let (_folder, path) = orders(&["c1,o1,2024-03-05,12.5,completed"]);
    let mut window = Window::on(Source::Files(vec![path]), LARGE);
    for view in View::ALL {
        window.act(Action::Show(view));
        window.settle();
        for section in window.labels(Role::RadioButton, "Section: ") {
            window.click(Role::RadioButton, &section);
            assert!(!window.says("NaN"), "{section}");
            assert!(!window.says("over the next 0 days"), "{section}");
            assert!(!window.says("Only 1 customers"), "{section}");
        }
        assert!(!window.says("NaN"), "{view:?}");
    }
    window.act(Action::Show(View::Audiences));
    window.click(Role::RadioButton, "Section: Lists");
    assert!(window.says(
        "Only 1 customer has an order before this date; a forecast needs at least 50. Choose a later date, or open more orders."
    ));
    window.act(Action::Show(View::Models));
    assert!(window.says("Nothing is trained yet. Press Train beside a recipe"));
}

#[test]
fn selections_and_searches_without_a_hit_can_be_taken_back() {
    let mut window = Window::sample();
    window.act(Action::Select(Part::Segment("VIP".to_owned())));
    window.act(Action::Select(Part::Customers(vec!["nobody".to_owned()])));
    window.act(Action::Show(View::Customers));
    assert!(window.says("No customer matches all parts of the selection."));
    // The inspector offers the same.
    let clear = window
        .harness
        .query_all_by_role_and_label(Role::Button, "Clear selection");
    clear.last().expect("a button").click();
    window.settle();
    assert!(window.app().selection().parts.is_empty());

    window.act(Action::Run(Command::Palette));
    window.type_text("zzqqxx");
    assert!(window.says("Nothing has these letters. Try fewer."));
    window.press(Modifiers::NONE, Key::Escape);
    window.act(Action::Run(Command::Glossary));
    window.harness.get_by_label("Search the words").focus();
    window.harness.run_steps(2);
    window.type_text("zzqqxx");
    assert!(window.says("No word fits."));
}

#[test]
fn a_customer_table_says_what_each_view_needs() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = customer_table(folder.path());
    let mut window = Window::on(Source::Files(vec![table]), LARGE);
    for view in [View::Cohorts, View::Audiences] {
        window.act(Action::Show(view));
        assert!(window.says("an order history"), "{view:?}");
        window.click(Role::Button, "Show the data");
        assert_eq!(window.app().view(), View::Data);
    }
}

#[test]
fn while_files_are_read_the_page_says_so_and_can_be_left() {
    let mut window = Window::unsettled(LARGE, |ctx| {
        let options = Options {
            source: Source::Files(vec!["orders.csv".into()]),
            ..Options::default()
        };
        App::with_engine(ctx, options, Stub::Endless("Reading orders.csv"))
    });
    window.until(|window| window.says("Reading orders.csv"));
    window.click(Role::Button, "Cancel");
    assert_eq!(window.app().project().source, Source::None);
    assert!(
        window.says("Try the sample shop"),
        "back on the welcome page"
    );
}

#[test]
fn files_that_cannot_be_read_are_named_with_what_to_do() {
    let mut window = Window::welcome(LARGE);
    window.act(Action::Open(Source::Files(vec!["gone/orders.csv".into()])));
    assert!(window.says("gone/orders.csv"));
    assert!(window.says("Open other files…"));
    assert!(
        window.says("Try the sample shop"),
        "still on the welcome page"
    );
}
