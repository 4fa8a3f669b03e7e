//! Every place of the window.

use std::{fmt::Write as _, fs, path::Path, time::Duration};

use egui::{Key, Modifiers, Vec2, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use keepers::{
    analysis::selection::Part,
    data::dataset::options::ReadOptions,
    project::{Project, Source, file},
    ui::{
        action::{Action, View},
        command::Command,
        frame::{
            asks::FileAction,
            present::{Show, notes_ui},
            scenes::SceneAction,
            tour::TourAction,
        },
        theme::{self, Palette},
        views::models::{ModelsAction, recipe_named},
    },
};
use rust_xlsxwriter::Workbook;

use crate::{faults::Faults, window::Window};

pub const LARGE: Vec2 = vec2(1440.0, 900.0);
const SMALL: Vec2 = vec2(1024.0, 700.0);

/// Looks at every choice of a view's switch.
fn sections(window: &mut Window, faults: &mut Faults, (place, switch): (&str, &str)) {
    let choices = window.labels(Role::RadioButton, &format!("{switch}: "));
    assert!(choices.len() > 1, "{place} has a switch “{switch}”");
    for choice in choices {
        window.click(Role::RadioButton, &choice);
        let place = format!("{place}, {choice}");
        faults.look(window, &place);
        faults.tab_through(window, &place);
        window.press(Modifiers::NONE, Key::Escape);
    }
}

fn switch_of(view: View) -> Option<&'static str> {
    match view {
        View::Segments | View::Audiences => Some("Section"),
        View::Data => Some("Part"),
        _ => None,
    }
}

#[test]
fn every_view_and_every_section_of_it() {
    let mut faults = Faults::default();
    for size in [LARGE, SMALL] {
        let mut window = Window::sized(size);
        for view in View::ALL {
            window.act(Action::Show(view));
            let place = format!("{} at {}", view.title(), size.x);
            faults.look(&window, &place);
            match switch_of(view) {
                Some(switch) => sections(&mut window, &mut faults, (&place, switch)),
                None => faults.tab_through(&mut window, &place),
            }
        }
        window.act(Action::Show(View::Data));
        window.act(Action::Profile);
        faults.look(&window, "a profile");
        window.act(Action::Select(Part::Segment("VIP".to_owned())));
        window.act(Action::SaveAudience("Best".to_owned()));
        for view in View::ALL {
            window.act(Action::Show(view));
            faults.look(
                &window,
                &format!("{} with a selection at {}", view.title(), size.x),
            );
        }
        window.act(Action::OpenCustomer(Some(3)));
        let place = format!("a customer at {}", size.x);
        faults.look(&window, &place);
        faults.tab_through(&mut window, &place);
    }
    faults.none(50);
}

#[test]
fn every_tab_of_a_trained_model() {
    let mut faults = Faults::default();
    let mut window = Window::sized(LARGE);
    window.act(Action::Show(View::Models));
    let shop = window.shop().clone();
    let mut recipe =
        recipe_named(window.app().project(), &shop, "customer_lifetime").expect("a recipe");
    (recipe.backtests, recipe.folds) = (1, 2);
    recipe.models.truncate(1);
    window.act_unsettled(Action::Models(ModelsAction::Train(Box::new(recipe))));
    faults.look(&window, "while a model is trained");
    window.until_within(Duration::from_mins(8), |window| {
        window.app().settled() && !window.app().training().runs.is_empty()
    });
    window.settle();
    sections(&mut window, &mut faults, ("a trained model", "Part"));
    window.harness.set_size(SMALL);
    sections(&mut window, &mut faults, ("a trained model, small", "Part"));
    for view in [View::Segments, View::Customers, View::Audiences] {
        window.act(Action::Show(view));
        faults.look(&window, &format!("{} with a model", view.title()));
    }
    window.act(Action::OpenCustomer(Some(3)));
    faults.look(&window, "a customer with a model");
    window.act(Action::Show(View::Models));
    let gear = window.labels(Role::Button, "Settings of ");
    for name in gear {
        window.click(Role::Button, &name);
        faults.look(&window, &name);
        window.press(Modifiers::NONE, Key::Escape);
        if let Some(back) = window.labels(Role::Button, "Done").first() {
            window.click(Role::Button, &back.clone());
        }
    }
    faults.none(15);
}

#[test]
fn every_panel_and_dialog() {
    let mut faults = Faults::default();
    for size in [LARGE, SMALL] {
        let mut window = Window::welcome(size);
        faults.look(&window, "the welcome page");
        faults.tab_through(&mut window, "the welcome page");
        window.act(Action::Open(Source::Sample));
        window.act(Action::Select(Part::Segment("VIP".to_owned())));
        for command in [
            Command::Palette,
            Command::Shortcuts,
            Command::Glossary,
            Command::Manual,
            Command::Export,
            Command::Compare,
        ] {
            window.act(Action::Run(command));
            let place = format!("{} at {}", command.text(), size.x);
            faults.look(&window, &place);
            window.press(Modifiers::NONE, Key::Escape);
        }
        for step in 0..6 {
            window.act(Action::Tour(TourAction::Go(step)));
            faults.look(&window, &format!("step {} of the tour", step + 1));
        }
        window.act(Action::Tour(TourAction::End));
        window.act(Action::Scene(SceneAction::TogglePanel));
        faults.look(&window, "the scenes panel without scenes");
        for view in [View::Overview, View::Cohorts] {
            window.act(Action::Show(view));
            window.act(Action::Scene(SceneAction::Add));
        }
        faults.look(&window, "the scenes panel");
        faults.tab_through(&mut window, "the scenes panel");
        window.act(Action::Scene(SceneAction::Present(0)));
        faults.look(&window, "a presentation");
        window.act(Action::Scene(SceneAction::Leave));
        window.act(Action::Scene(SceneAction::TogglePanel));
        window.act(Action::CloseShop);
        assert!(window.app().ask().is_some(), "scenes are unsaved");
        faults.look(&window, "asking about unsaved changes");
        window.act(Action::File(FileAction::Cancel));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("moved.keepers.ron");
        let project = Project {
            source: Source::Files(vec!["gone/orders.csv".into(), "gone/items.csv".into()]),
            ..Project::default()
        };
        file::save(&project, &path).expect("saved");
        let mut window = Window::welcome(size);
        window.act(Action::Open(Source::Files(vec![path])));
        assert!(window.app().ask().is_some(), "two files are missing");
        faults.look(&window, "asking for missing files");
    }
    faults.none(30);
}

#[test]
fn files_that_are_mapped_sheets_and_tables_without_orders() {
    let mut faults = Faults::default();
    let folder = tempfile::tempdir().expect("a folder");
    let book = workbook(folder.path());
    let table = customer_table(folder.path());
    for size in [LARGE, SMALL] {
        let mut window = Window::on(Source::Files(vec![book.clone()]), size);
        assert!(window.app().snapshot().shop.is_some(), "the workbook opens");
        window.act(Action::Show(View::Data));
        faults.look(&window, "a workbook with two sheets");
        faults.tab_through(&mut window, "a workbook with two sheets");
        let files = (Source::Files(vec![book.clone()]), ReadOptions::default());
        window.act(Action::MapColumns(Box::new(files)));
        faults.look(&window, "the mapping assistant");
        faults.tab_through(&mut window, "the mapping assistant");

        let mut window = Window::on(Source::Files(vec![table.clone()]), size);
        let shop = window
            .app()
            .snapshot()
            .shop
            .as_ref()
            .expect("the table opens");
        assert!(!shop.dataset.shape.has_orders());
        for view in View::ALL {
            window.act(Action::Show(view));
            let place = format!("{} of a customer table at {}", view.title(), size.x);
            faults.look(&window, &place);
            faults.tab_through(&mut window, &place);
        }
    }
    faults.none(15);
}

/// The notes stand in a window of their own, which has no harness: drawn alone.
#[test]
fn the_notes_of_the_presenter() {
    let show = Show {
        at: 1,
        count: 5,
        caption: "Do they come back?".to_owned(),
        notes: "Every second one does.".to_owned(),
        next: Some("Our best customers".to_owned()),
        elapsed_seconds: 75,
        ..Show::default()
    };
    let palette = Palette::light();
    let mut harness = Harness::builder()
        .with_size(vec2(640.0, 480.0))
        .with_context_setup(|ctx| {
            theme::install_fonts(ctx);
            theme::apply(ctx, &Palette::light());
        })
        .build_ui(move |ui| notes_ui(ui, &palette, &show, &mut Vec::new()));
    harness.run();
    for words in [
        "2 of 5",
        "1:15",
        "Do they come back?",
        "Every second one does.",
        "Our best customers",
    ] {
        let mut found = harness.query_all_by_label_contains(words);
        assert!(found.next().is_some(), "{words}");
    }
    for node in harness.root().children_recursive() {
        let node = node.accesskit_node();
        let named = node.label().is_some_and(|label| !label.trim().is_empty());
        assert!(
            named || node.role() != Role::Button,
            "a button without a name"
        );
    }
}

fn workbook(folder: &Path) -> std::path::PathBuf {
    let mut book = Workbook::new();
    for name in ["Spring", "Autumn"] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        sheet
            .write_row(0, 0, ["customer_id", "order_id", "order_date", "amount"])
            .expect("written");
        for row in 1..=40_u32 {
            let date = format!("2024-{:02}-{:02}", 1 + row % 12, 1 + row % 28);
            let cells = [format!("c{:02}", row % 15), format!("{name}{row}"), date];
            sheet.write_row(row, 0, cells).expect("written");
            sheet.write(row, 3, f64::from(row)).expect("written");
        }
    }
    let path = folder.join("shop.xlsx");
    book.save(&path).expect("saved");
    path
}

pub fn customer_table(folder: &Path) -> std::path::PathBuf {
    let mut text = String::from("Customer_ID,Age,Region,Total_Spent,Churned\n");
    for row in 0..200 {
        let region = ["North", "South", "East"][row % 3];
        let (age, spent, churned) = (
            20 + row % 50,
            10 + (row * 37) % 900,
            u8::from(row * 7 % 10 < 3),
        );
        writeln!(text, "C{row:04},{age},{region},{spent}.5,{churned}").expect("written");
    }
    let path = folder.join("customers.csv");
    fs::write(&path, text).expect("written");
    path
}
