//! Several customer tables opened together: one below the other, side by side, or refused with words.

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
    data::orders::NO_DAY,
};

fn open(files: &[(&str, String)]) -> Result<Dataset, DataError> {
    let input = |(name, text): &(&str, String)| Input::memory(name, text.clone().leak().as_bytes());
    let inputs: Vec<Input> = files.iter().map(input).collect();
    load_inputs(&inputs, &ReadOptions::default(), &Monitor::silent())
}

/// A header and rows made from their numbers.
fn table(
    header: &str,
    rows: impl IntoIterator<Item = usize>,
    row: impl Fn(usize) -> String,
) -> String {
    let mut text = format!("{header}\n");
    for number in rows {
        writeln!(text, "{}", row(number)).expect("a string takes it");
    }
    text
}

/// The cells of a column, as text.
fn column(shop: &Dataset, name: &str) -> Vec<String> {
    let column = shop.tables[0].column(name);
    let values = &column.unwrap_or_else(|| panic!("no column {name}")).values;
    match values {
        Values::Numbers(values) => values.iter().map(|value| format!("{value}")).collect(),
        Values::Days(days) => {
            let day = |day: &i32| {
                if *day == NO_DAY {
                    String::new()
                } else {
                    day.to_string()
                }
            };
            days.iter().map(day).collect()
        }
        Values::Texts { codes, pool } => (0..codes.len())
            .map(|row| pool.get(codes.get(row) as usize).to_owned())
            .collect(),
    }
}

fn names(shop: &Dataset) -> Vec<&str> {
    let columns = shop.tables[0].columns.iter();
    columns.map(|column| column.name.as_str()).collect()
}

fn people(rows: std::ops::Range<usize>) -> String {
    table("customer_id,age,city", rows, |row| {
        format!("C{row:03},{},{}", 20 + row % 50, ["Rome", "Oslo"][row % 2])
    })
}

#[test]
fn the_same_columns_make_one_table_that_names_the_file() {
    let south = table("City,customer_id,Age", 20..32, |row| {
        format!("Athens,C{row:03},{row}")
    });
    let south = south + "Athens,C040\nAthens,C041,old\n";
    let files = [("south.csv", south), ("north.csv", people(0..20))];
    let shop = open(&files).expect("one table");
    assert_eq!(shop.shape, Shape::CustomerTable);
    assert_eq!(names(&shop), ["customer_id", "age", "city", "source_file"]);
    assert_eq!(shop.tables[0].rows, 33);
    let (ids, cities) = (column(&shop, "customer_id"), column(&shop, "city"));
    let sources = column(&shop, "source_file");
    assert_eq!(
        (ids[0].as_str(), cities[0].as_str(), sources[0].as_str()),
        ("C000", "Rome", "north.csv")
    );
    assert_eq!(
        (ids[20].as_str(), cities[20].as_str(), sources[20].as_str()),
        ("C020", "Athens", "south.csv")
    );
    assert_eq!(column(&shop, "age")[31], "31");
    // Where a row stands is told of the file that holds it.
    let rules: Vec<_> = shop
        .quality
        .rules
        .iter()
        .map(|rule| {
            let sample = &rule.samples[0];
            (
                rule.rule.as_str(),
                rule.rows,
                sample.file.as_str(),
                sample.line,
                sample.found.as_str(),
            )
        })
        .collect();
    assert_eq!(
        rules,
        [
            ("broken_row", 1, "south.csv", 14, "Athens,C040"),
            ("unreadable_cell", 1, "south.csv", 15, "old"),
        ]
    );
    assert!(shop.quality.reconciles());
    assert_eq!((shop.quality.rows_read, shop.quality.rows_kept), (34, 33));
    let of_south = shop
        .files
        .iter()
        .find(|file| file.name == "south.csv")
        .expect("listed");
    let roles: Vec<Role> = of_south.columns.iter().map(|column| column.role).collect();
    assert_eq!(roles, [Role::Attribute, Role::Customer, Role::Attribute]);
    assert_eq!(of_south.columns[2].format, "number");
    // The order in which files are dropped does not matter.
    let [first, second] = files;
    let turned = open(&[second, first]).expect("one table");
    // As text: cells that are no number are not equal to each other.
    assert_eq!(format!("{:?}", turned.tables), format!("{:?}", shop.tables));
}

#[test]
fn a_table_with_the_same_customers_adds_its_columns() {
    let loyalty = table(
        "Customer ID,points,city",
        (0..300).step_by(2).chain([900]),
        |row| format!("C{row:03},{},Club {row}", row * 10),
    ) + "C004,1,again\n";
    let shop = open(&[("loyalty.csv", loyalty), ("people.csv", people(0..200))]).expect("joined");
    assert_eq!(
        names(&shop),
        ["customer_id", "age", "city", "points", "city (loyalty)"]
    );
    assert_eq!((shop.tables[0].rows, shop.quality.rows_read), (200, 200));
    let points = column(&shop, "points");
    assert_eq!(points[..5], ["0", "NaN", "20", "NaN", "40"]);
    assert_eq!(column(&shop, "city (loyalty)")[3..5], ["", "Club 4"]);
    assert_eq!(
        shop.remarks[1..],
        [
            "loyalty.csv is joined to people.csv by `Customer ID`: 100 of 200 customers have a row in it",
            "loyalty.csv: left out 51 customers missing from people.csv",
            "loyalty.csv: 1 further row of a customer that stands further up; the first row counts",
        ]
    );
    let joined = shop
        .files
        .iter()
        .find(|file| file.name == "loyalty.csv")
        .expect("listed");
    assert_eq!(joined.columns[0].reason, "joins the tables");
}

#[test]
fn ids_under_another_name_join_when_they_are_the_same() {
    let scores = table("client_id,churn_risk", 0..20, |row| {
        format!("C{row:03},0.{}", row % 10)
    });
    let shop = open(&[("people.csv", people(0..20)), ("scores.csv", scores)]).expect("joined");
    assert_eq!(names(&shop), ["customer_id", "age", "city", "churn_risk"]);
    assert_eq!(column(&shop, "churn_risk")[3], "0.3");
}

#[test]
fn tables_of_different_customers_are_refused_by_name() {
    let others = table("customer_id,points", 500..515, |row| {
        format!("C{row},{row}")
    });
    let error =
        open(&[("people.csv", people(0..20)), ("others.csv", others)]).expect_err("two shops");
    let words = error.to_string();
    for part in [
        "0 of 15 customers of others.csv",
        "people.csv (by `customer_id`)",
        "Open one of them",
    ] {
        assert!(words.contains(part), "{words}");
    }
}

#[test]
fn the_same_customers_twice_are_refused() {
    let files = [("june.csv", people(0..20)), ("may.csv", people(0..19))];
    let words = open(&files).expect_err("twice").to_string();
    assert!(
        words.contains("june.csv and may.csv hold the same customers: 19 of 39 rows"),
        "{words}"
    );
}

#[test]
fn other_files_among_them_are_named() {
    let cities = table("city,inhabitants", 0..3, |row| format!("Town {row},{row}"));
    let shop = open(&[("cities.csv", cities), ("people.csv", people(0..20))]).expect("a table");
    assert_eq!(
        (shop.shape, shop.tables[0].rows),
        (Shape::CustomerTable, 20)
    );
    let words = "cities.csv is no table with one row per customer and was not used";
    assert!(
        shop.remarks.iter().any(|remark| remark == words),
        "{:?}",
        shop.remarks
    );
    // Orders come first: a table beside them is not used.
    let orders = table("customer_id,order_id,order_date,amount", 0..40, |row| {
        format!("C{:03},O{row},2024-01-{:02},{row}.5", row % 7, row % 28 + 1)
    });
    let shop = open(&[("orders.csv", orders), ("people.csv", people(0..20))]).expect("a log");
    assert_eq!(shop.shape, Shape::OrderLog);
}
