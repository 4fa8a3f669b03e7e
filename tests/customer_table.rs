//! Flat customer tables: what makes a file one, what is kept of it, and its malformed twins.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used, clippy::panic)]

use std::fmt::Write;

use keepers::{
    base::monitor::Monitor,
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    data::dataset::tables::Values,
    data::dataset::{Dataset, Role, Shape},
    data::load::load_inputs,
    data::open::source::Input,
    pipeline::{Pipeline, Request},
    project::{Project, Source},
};

fn open_as(text: String, options: &ReadOptions) -> Result<Dataset, DataError> {
    let input = Input::memory("shop.csv", text.leak().as_bytes());
    load_inputs(&[input], options, &Monitor::silent())
}

fn open(text: String) -> Result<Dataset, DataError> {
    open_as(text, &ReadOptions::default())
}

/// A header and rows made from their number.
fn table(header: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    let mut text = format!("{header}\n");
    for number in 0..rows {
        writeln!(text, "{}", row(number)).expect("a string takes it");
    }
    text
}

fn customers(rows: usize) -> String {
    let header = "Customer_ID,Transaction_ID,Purchase_Frequency,Average_Order_Value,Region,Churn_Probability,Lifetime_Value,Launch_Date";
    table(header, rows, |row| {
        format!(
            "C{row:03},T{row},{},{}.5,{},0.{},{},2024-01-{:02}",
            row % 7,
            row * 3,
            ["Asia", "Europe"][row % 2],
            row % 10,
            row * 100,
            row % 28 + 1
        )
    })
}

#[test]
fn one_row_per_customer_with_figures_of_a_whole_life() {
    let shop = open(customers(40)).expect("a table");
    assert_eq!(shop.shape, Shape::CustomerTable);
    assert_eq!((shop.orders.customers(), shop.orders.lines()), (0, 0));
    let table = &shop.tables[0];
    assert_eq!((table.rows, table.columns.len()), (40, 8));
    let Values::Numbers(frequency) = &table.columns[2].values else {
        panic!("{:?}", table.columns[2]);
    };
    assert_eq!(frequency[..3], [0.0, 1.0, 2.0]);
    let Values::Days(launched) = &table.columns[7].values else {
        panic!("{:?}", table.columns[7]);
    };
    assert_eq!(launched[1], 19_724, "2024-01-02");
    assert_eq!(table.latest_day(), Some(19_750), "2024-01-28");
    assert!(matches!(table.columns[0].values, Values::Texts { .. }));
    assert_eq!(shop.files[0].columns[0].role, Role::Customer);
    assert_eq!((shop.quality.rows_read, shop.quality.rows_kept), (40, 40));
    assert!(shop.quality.reconciles());
}

#[test]
fn people_who_all_bought_once_are_still_an_order_log() {
    let row = |row: usize| format!("C{row},O{row},2024-01-{:02},{}.5", row % 28 + 1, row + 1);
    let shop = open(table("customer_id,order_id,order_date,amount", 40, row)).expect("a log");
    assert_eq!((shop.shape, shop.orders.customers()), (Shape::OrderLog, 40));
    let row = |row: usize| format!("C{row},2024-01-{:02},{}.5", row % 28 + 1, row + 1);
    let shop = open(table("customer_id,created_at,total", 40, row)).expect("a log");
    assert_eq!(shop.shape, Shape::OrderLog, "without an order id");
    // An order id, a date and an amount outweigh a column that sums up a life.
    let row = |row: usize| {
        format!(
            "C{row},O{row},2024-01-{:02},{}.5,{row}",
            row % 28 + 1,
            row + 1
        )
    };
    let header = "customer_id,order_id,order_date,amount,customer_lifetime_value";
    let shop = open(table(header, 40, row)).expect("a log");
    assert_eq!(shop.shape, Shape::OrderLog);
}

#[test]
fn sign_up_dates_and_totals_of_a_life_make_a_table() {
    let row = |row: usize| format!("{row},2024-01-{:02},{}.5,{}", row % 28 + 1, row, row % 5);
    let header = "customer id,created_at,total_spent,total_orders";
    assert_eq!(
        open(table(header, 12, row)).expect("a table").shape,
        Shape::CustomerTable
    );
    let row = |row: usize| format!("{row},{},{}", 20 + row, ["Yes", "No"][row % 2]);
    let telecom = open(table("customerID,tenure,Churn", 12, row)).expect("a table");
    assert_eq!(telecom.shape, Shape::CustomerTable);
    let row = |row: usize| format!("{row},{},Paris", 20 + row);
    let people = open(table("customer_id,age,city", 12, row)).expect("a table");
    assert_eq!(people.shape, Shape::CustomerTable, "no date and no amount");
}

#[test]
fn repeated_customers_and_chosen_meanings_make_a_log() {
    let row = |row: usize| format!("{},{}", row % 10, row);
    let error = open(table("customer_id,purchase_frequency", 40, row)).expect_err("no date");
    assert!(
        error.to_string().contains("no column for the order date"),
        "{error}"
    );
    let mut options = ReadOptions::default();
    let roles = [
        ("Launch_Date", Role::Date),
        ("Lifetime_Value", Role::Amount),
    ];
    options.roles.insert(
        "shop.csv".to_owned(),
        roles.map(|(name, role)| (name.to_owned(), role)).into(),
    );
    let shop = open_as(customers(40), &options).expect("a log");
    assert_eq!((shop.shape, shop.orders.lines()), (Shape::OrderLog, 40));
}

#[test]
fn malformed_twins_are_reported_and_nothing_is_dropped_silently() {
    let mut text = customers(200);
    text.push_str("C001,T900,1,1.5,Asia,0.5,10,2024-01-01\n"); // stands in an earlier row
    text.push_str(",T901,1,1.5,Asia,0.5,10,2024-01-01\n"); // nobody
    text.push_str("C902,T902,many,1.5,Asia,0.5,10,2024-13-77\n"); // no number, no date
    text.push_str("C903,T903,1\n"); // too short
    let shop = open(text).expect("a table");
    assert_eq!(shop.shape, Shape::CustomerTable);
    assert_eq!(shop.tables[0].rows, 203);
    assert_eq!((shop.quality.rows_read, shop.quality.rows_kept), (204, 203));
    assert!(shop.quality.reconciles());
    let rules: Vec<(&str, u64, u64)> = shop
        .quality
        .rules
        .iter()
        .map(|rule| (rule.rule.as_str(), rule.rows, rule.samples[0].line))
        .collect();
    assert_eq!(
        rules,
        [
            ("broken_row", 1, 205),
            ("missing_customer", 1, 203),
            ("repeated_customer", 1, 202),
            ("unreadable_cell", 2, 204),
        ]
    );
}

#[test]
fn ids_that_repeat_far_below_the_first_rows_make_no_table() {
    let row = |row: usize| format!("C{},{},3", if row < 2_000 { row } else { 7 }, row % 9);
    let error = open(table("customer_id,purchase_frequency,churn", 4_000, row));
    assert!(
        matches!(error, Err(DataError::MissingColumn { .. })),
        "{error:?}"
    );
}

#[test]
fn the_pipeline_copes_without_orders() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("customers.csv");
    std::fs::write(&file, customers(40)).expect("written");
    let project = Project {
        source: Source::Files(vec![file]),
        ..Project::default()
    };
    let request = Request {
        project: project.into(),
        ..Request::default()
    };
    let mut pipeline = Pipeline::new();
    let snapshot = pipeline
        .run(&request, &Monitor::silent(), &mut |_| {})
        .expect("a snapshot");
    let shop = snapshot.shop.as_ref().expect("open");
    assert_eq!(shop.as_of, 19_751, "the day after the latest date");
    assert_eq!(shop.overview.kpis.customers, 0);
    assert!(snapshot.warnings.is_empty(), "{:?}", snapshot.warnings);
}

#[test]
fn the_public_table_is_one() {
    let Some(folder) = std::env::var_os("KEEPERS_DATA") else {
        println!("skipped: KEEPERS_DATA is not set");
        return;
    };
    let path = std::path::Path::new(&folder).join("insights");
    let shop = keepers::data::load::load(&[path], &ReadOptions::default(), &Monitor::silent())
        .expect("opens");
    assert_eq!(shop.shape, Shape::CustomerTable);
    assert_eq!(
        (shop.tables[0].rows, shop.tables[0].columns.len()),
        (10_000, 15)
    );
}
