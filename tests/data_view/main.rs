//! The Data view and the mapping assistant, driven by role and label on real files.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used, clippy::single_match_else)]

mod asked;
mod desk;
mod dropped;
mod incoming;
mod layouts;
mod panels;
mod trust;
mod unseen;
#[path = "../common/window.rs"]
mod window;

use std::{fs, path::PathBuf};

use egui::accesskit::Role;
use keepers::{
    data::dataset::options::DateOrder,
    ui::{
        action::{Action, View},
        views::data::Tab,
    },
};

use desk::Desk;

/// Net is 30, gross 60; two customers.
const TWO_AMOUNTS: &str = "customer_id,order_date,amount,gross_eur\n\
    A,2024-01-05,10.00,20.50\nB,2024-02-05,20.00,39.50\n";

#[test]
fn another_meaning_changes_the_numbers_and_goes_back() {
    let mut window = Desk::open("orders.csv", TWO_AMOUNTS);
    window.show(Tab::Files);
    assert!((window.kpis().net_revenue - 30.0).abs() < 1e-9);
    let before = window.app().project().clone();
    let guessed = {
        let shop = window.shop();
        shop.dataset.files[0].columns[3].role
    };
    let guessed = if guessed == keepers::data::dataset::Role::Attribute {
        "Attribute to group by"
    } else {
        guessed.title()
    };
    window.means("gross_eur", guessed, "Amount");
    assert!((window.kpis().net_revenue - 60.0).abs() < 1e-9);
    assert!(window.says("Chosen by you"));
    window.act(Action::Undo);
    assert!((window.kpis().net_revenue - 30.0).abs() < 1e-9);
    assert_eq!(*window.app().project(), before);
    window.act(Action::Redo);
    assert!((window.kpis().net_revenue - 60.0).abs() < 1e-9);
    window.click(Role::Button, "Reset to guess");
    assert!((window.kpis().net_revenue - 30.0).abs() < 1e-9);
}

#[test]
fn the_order_of_day_and_month_is_asked_and_kept() {
    let text = "customer_id,order_date,amount\nA,03/04/2024,5\nB,05/04/2024,5\n";
    let mut window = Desk::open("orders.csv", text);
    window.show(Tab::Files);
    assert!(window.says("Every date fits both day/month and month/day. Which comes first?"));
    // Read as 3 and 5 April until somebody says otherwise; S is the day after the last order.
    let day = |window: &Desk| {
        let shop = window.shop();
        keepers::data::day::iso(shop.as_of)
    };
    assert_eq!(day(&window), "2024-04-06");
    let month_first = window.labels(Role::RadioButton, "The month comes first");
    window.click(Role::RadioButton, &month_first[0]);
    assert_eq!(day(&window), "2024-05-05");
    let order = window.app().project().reading.order_of_dates();
    assert_eq!(order, Some(DateOrder::MonthDay));
    window.act(Action::Undo);
    assert_eq!(day(&window), "2024-04-06");
}

/// One line without a customer (7.00), one cancelled (5.00), one repeated (3.00).
const MIXED: &str = "customer_id,order_date,amount,status\n\
    A,2024-01-05,3.00,paid\nA,2024-01-05,3.00,paid\n,2024-01-06,7.00,paid\n\
    B,2024-01-07,5.00,cancelled\nC,2024-01-08,10.00,paid\n";

#[test]
fn switches_change_the_numbers_and_undo_restores_them() {
    let mut window = Desk::open("orders.csv", MIXED);
    window.show(Tab::Quality);
    assert!(window.says("5 rows read = 4 kept + 1 left out"));
    let start = window.kpis();
    assert_eq!(start.customers, 2);
    assert!((start.net_revenue - 16.0).abs() < 1e-9);
    assert!(window.says("would add 1 row and 7.00 of revenue"));
    window.click(Role::Switch, "Apply the rule: Rows without a customer");
    assert_eq!(window.kpis().customers, 3);
    assert!((window.kpis().net_revenue - 23.0).abs() < 1e-9);
    assert!(window.says("5 rows read = 5 kept + 0 left out"));
    assert!(window.says("customers 2 → 3 (+1)"));
    assert!(window.says("net revenue 16.00 → 23.00 (+7.00)"));
    window.click(Role::Switch, "Leave repeated rows out");
    assert!((window.kpis().net_revenue - 20.0).abs() < 1e-9);
    window.click(Role::Switch, "Apply the rule: Cancelled or returned sales");
    assert!((window.kpis().net_revenue - 25.0).abs() < 1e-9);
    for _ in 0..3 {
        window.act(Action::Undo);
    }
    assert_eq!(window.kpis(), start);
    assert!(!window.says("After switching"));
}

#[test]
fn sample_rows_open_below_their_rule() {
    let mut window = Desk::open("orders.csv", MIXED);
    window.show(Tab::Quality);
    assert!(!window.says("orders.csv, line 4"));
    // One of five rows, 7.00 of 3 + 3 + 7 + 5 + 10.
    let rule = "Rows without a customer: 1 row, 20.0 % of rows, 25.0 % of sales, Left out";
    window.click(Role::Button, rule);
    assert!(window.says("orders.csv, line 4"));
}

#[test]
fn a_file_nobody_has_seen_opens_by_itself_or_through_the_assistant() {
    let text = "x;k;d;z\n1.234,50;A1;2024-01-31;7\n12,00;A2;2024-02-29;8\n3,50;A1;2024-03-31;9\n";
    let mut window = Desk::open("unknown.csv", text);
    if window.app().snapshot().shop.is_none() {
        window.click(Role::Button, "Map columns…");
        assert!(window.says("Say what the columns mean"));
        assert!(window.says("Still missing: customer."));
        window.means("k", "Attribute to group by", "Customer");
        assert!(window.says("Ready to open"));
        window.click(Role::Button, "Open");
        // It is remembered in the project.
        let roles = &window.app().project().reading.roles["unknown.csv"];
        assert_eq!(roles["k"], keepers::data::dataset::Role::Customer);
    }
    let kpis = window.kpis();
    assert_eq!((kpis.customers, kpis.orders), (2, 3));
    assert!((kpis.net_revenue - 1_250.0).abs() < 1e-9);
}

#[test]
fn leaving_the_assistant_opens_nothing() {
    let text = "customer_id,colour\nA,red\nB,blue\n";
    let mut window = Desk::open("colours.csv", text);
    window.click(Role::Button, "Map columns…");
    assert!(window.says("Still missing: order date."));
    window.click(Role::Button, "Cancel");
    assert!(!window.says("Say what the columns mean"));
    assert!(window.app().snapshot().shop.is_none());
}

#[test]
fn a_sheet_is_picked_in_the_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    for (year, amounts) in [("2023", [10.0, 20.0]), ("2024", [1.5, 2.0])] {
        let sheet = book.add_worksheet().set_name(year).expect("a name");
        let heads = ["customer_id", "order_date", "amount"];
        sheet.write_row(0, 0, heads).expect("written");
        for (row, amount) in (1..).zip(amounts) {
            sheet.write(row, 0, "A").expect("written");
            sheet
                .write(row, 1, format!("{year}-01-0{row}"))
                .expect("written");
            sheet.write(row, 2, amount).expect("written");
        }
    }
    book.save(&path).expect("saved");
    let mut window = Desk::on(folder, vec![path]);
    window.show(Tab::Files);
    // Every sheet with a table is read, until one is picked.
    assert!((window.kpis().net_revenue - 33.5).abs() < 1e-9);
    assert!(window.says("has 2 sheets; “2023” is read."));
    window.click(Role::ComboBox, "Sheet to read: 2023");
    window.click(Role::ListBoxOption, "2024");
    assert!((window.kpis().net_revenue - 3.5).abs() < 1e-9);
    assert!(window.says("“2024” is read."));
    window.act(Action::Undo);
    assert!((window.kpis().net_revenue - 33.5).abs() < 1e-9);
}

/// Ten customers: churned ones are those of region South and of the plan Basic but one.
const PEOPLE: &str = "customer_id,region,plan,churn,lifetime_value\n\
    1,North,Basic,0.1,10\n2,North,Plus,0.2,20\n3,North,Basic,0.6,30\n4,North,Plus,0.3,40\n\
    5,South,Basic,0.9,50\n6,South,Basic,0.8,60\n7,South,Plus,0.7,70\n8,South,Basic,0.95,80\n\
    9,South,Basic,0.4,90\n10,North,Basic,0.05,100\n";

#[test]
fn a_customer_table_answers_what_the_window_asks() {
    let mut window = Desk::open("people.csv", PEOPLE);
    window.act(Action::Show(View::Overview));
    // Ten ids are few enough to be categories.
    window.click(Role::ComboBox, "Categories of: customer id");
    window.click(Role::ListBoxOption, "region");
    assert!(window.says("churn over 0.5, compared by region."));
    let rates = |window: &Desk| {
        let shop = window.shop();
        let flat = shop.flat.as_ref().expect("a customer table");
        let rates = flat.answers.rates.as_ref().expect("asked");
        let rates = rates.as_ref().expect("answered").clone();
        let category =
            |rate: &keepers::analysis::rates::Rate| (rate.category.clone(), rate.hits, rate.rows);
        rates.categories.iter().map(category).collect::<Vec<_>>()
    };
    // Counted by hand in the text above.
    let named = |name: &str, hits, rows| (name.to_owned(), hits, rows);
    assert_eq!(rates(&window), [named("South", 4, 5), named("North", 1, 5)]);
    window.click(Role::ComboBox, "Categories of: region");
    window.click(Role::ListBoxOption, "plan");
    assert_eq!(rates(&window), [named("Basic", 4, 7), named("Plus", 1, 3)]);
    window.click(Role::ComboBox, "Column: churn");
    window.click(Role::ListBoxOption, "region");
    assert!(window.says("region is North, compared by plan."));
    assert_eq!(rates(&window), [named("Plus", 2, 3), named("Basic", 3, 7)]);
    window.act(Action::Undo);
    window.act(Action::Undo);
    assert_eq!(rates(&window), [named("South", 4, 5), named("North", 1, 5)]);
}

#[test]
fn thresholds_of_derived_fields_are_set_by_value() {
    let mut window = Desk::open("people.csv", PEOPLE);
    window.act(Action::Show(View::Overview));
    let levels = |window: &Desk| {
        let shop = window.shop();
        let flat = shop.flat.as_ref().expect("a customer table");
        let profile = &flat.answers.derived_profile;
        let column = profile
            .columns
            .iter()
            .find(|column| column.name == "CLTV_Category");
        let mut levels: Vec<(String, u64)> = column
            .expect("derived")
            .top
            .iter()
            .map(|value| (value.text.clone(), value.rows))
            .collect();
        levels.sort();
        levels
    };
    let named = |name: &str, rows| (name.to_owned(), rows);
    let mut spec = window.app().project().flat.clone();
    spec.derived.value_cuts = Some([25.0, 95.0]);
    window.act(Action::SetFlat(Box::new(spec)));
    assert_eq!(
        levels(&window),
        [named("High", 1), named("Low", 2), named("Medium", 7)]
    );
    assert!(window.says("Low below 25.00, High from 95.00"));
    window.click(Role::Button, "Back to the defaults");
    assert_eq!(
        window.app().project().flat,
        keepers::analysis::flat::FlatSpec::default()
    );
}

#[test]
fn files_of_the_same_name_keep_their_own_meanings() {
    let folder = tempfile::tempdir().expect("a folder");
    let paths: Vec<PathBuf> = ["2023", "2024"]
        .into_iter()
        .map(|year| {
            let path = folder.path().join(year).join("orders.csv");
            fs::create_dir(path.parent().expect("a folder")).expect("made");
            fs::write(&path, TWO_AMOUNTS.replace("2024", year)).expect("written");
            path
        })
        .collect();
    let mut options = keepers::data::dataset::options::ReadOptions::default();
    let open = |options: &keepers::data::dataset::options::ReadOptions| {
        let monitor = keepers::base::monitor::Monitor::silent();
        let data = keepers::data::load::load(&paths, options, &monitor).expect("opens");
        let names: Vec<String> = data.files.iter().map(|file| file.name.clone()).collect();
        (data.orders.amounts.iter().sum::<f64>(), names)
    };
    let names = ["2023/orders.csv", "2024/orders.csv"].map(str::to_owned);
    assert_eq!(open(&options), (60.0, names.to_vec()));
    options.edit(keepers::data::dataset::options::ReadingEdit::Role {
        file: names[1].clone(),
        column: "gross_eur".to_owned(),
        role: Some(keepers::data::dataset::Role::Amount),
    });
    // Net 30 of the one file, gross 60 of the other.
    assert_eq!(open(&options).0, 90.0);
}
