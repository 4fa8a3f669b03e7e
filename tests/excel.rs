//! Excel workbooks, written with another library and read like any other file.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

use std::{fs, path::PathBuf};

use keepers::{
    base::monitor::Monitor,
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    data::dataset::{Dataset, Shape},
    data::load::load,
    data::profile::{ColumnKind, scan::profile_file},
};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tempfile::TempDir;

/// Orders below a title and an empty row, beside an empty margin column.
fn write_orders(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write(0, 1, "Orders of the spring, exported by Ann")?;
    for (column, name) in ["Customer", "Order", "Bestelldatum", "Betrag", "Note"]
        .iter()
        .enumerate()
    {
        sheet.write(2, column as u16 + 1, *name)?;
    }
    // Days since 1899-12-30: 45292 is 2024-01-01.
    for (row, (customer, order, day, amount)) in [
        ("00001", 17_850.0, 45_292.0, 12.5),
        ("00002", 17_851.0, 45_293.75, 7.0),
        ("00001", 17_852.0, 45_323.0, 0.1),
    ]
    .into_iter()
    .enumerate()
    {
        let row = row as u32 + 3;
        sheet.write(row, 1, customer)?;
        sheet.write(row, 2, order)?;
        let format = if row == 4 { &time } else { &date };
        sheet.write_number_with_format(row, 3, day, format)?;
        sheet.write(row, 4, amount)?;
        sheet.write(row, 5, "two\nlines, \"quoted\"")?;
    }
    Ok(())
}

fn workbook() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.xlsx");
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Read me").expect("a name");
    write_orders(book.add_worksheet().set_name("Orders").expect("a name")).expect("written");
    let flat = book.add_worksheet().set_name("People").expect("a name");
    flat.write_row(0, 0, ["customer_id", "tenure", "churn"])
        .expect("written");
    for row in 1..=12_u32 {
        flat.write_row(row, 0, [row * 10, row, row % 2])
            .expect("written");
    }
    book.save(&path).expect("saved");
    (folder, path)
}

fn open(path: PathBuf, options: &ReadOptions) -> Result<Dataset, DataError> {
    load(&[path], options, &Monitor::silent())
}

#[test]
fn the_first_sheet_with_a_table_below_its_title() {
    let (folder, path) = workbook();
    let options = ReadOptions::default();
    let shop = open(path, &options).expect("opens");
    assert_eq!(shop.shape, Shape::OrderLog);
    let orders = &shop.orders;
    let ids: Vec<&str> = orders.customer_ids.iter().collect();
    assert_eq!(ids, ["00001", "00002"], "text keeps its zeros");
    assert_eq!(
        orders.days,
        [19_723, 19_754, 19_724],
        "2024-01-01, 02-01, 01-02"
    );
    assert_eq!(orders.amounts, [12.5, 0.1, 7.0]);
    let names: Vec<&str> = shop.files[0]
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["Customer", "Order", "Bestelldatum", "Betrag", "Note"]
    );
    assert_eq!(
        shop.files[0].preview[1],
        [
            "00002",
            "17851",
            "2024-01-02 18:00:00",
            "7",
            "two lines, \"quoted\""
        ]
    );
    assert!(
        shop.remarks
            .iter()
            .any(|remark| remark.contains("sheet `Orders`")
                && remark.contains("“Orders of the spring, exported by Ann”")),
        "{:?}",
        shop.remarks
    );
    let profile = profile_file(&shop.files[0], &options, &Monitor::silent()).expect("profiled");
    assert_eq!(profile.rows, 3);
    assert_eq!(
        profile.column("Bestelldatum").map(|column| column.kind),
        Some(ColumnKind::Date)
    );
    // A folder finds it by its ending.
    let folder = open(folder.path().to_path_buf(), &options).expect("opens");
    assert_eq!(folder.orders.lines(), 3);
}

#[test]
fn another_sheet_by_choice() {
    let (_folder, path) = workbook();
    let mut options = ReadOptions::default();
    options
        .sheets
        .insert("shop.xlsx".to_owned(), "People".to_owned());
    let shop = open(path.clone(), &options).expect("opens");
    assert_eq!(
        (shop.shape, shop.tables[0].rows),
        (Shape::CustomerTable, 12)
    );
    options
        .sheets
        .insert("shop.xlsx".to_owned(), "Gone".to_owned());
    let error = open(path, &options).expect_err("no such sheet").to_string();
    assert!(error.contains("`Read me`, `Orders`, `People`"), "{error}");
}

#[test]
fn malformed_workbooks_are_errors_that_say_what_to_do() {
    let (folder, path) = workbook();
    let bytes = fs::read(&path).expect("read");
    let cut = folder.path().join("cut.xlsx");
    for length in [4, 100, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&cut, &bytes[..length]).expect("written");
        let error = open(cut.clone(), &ReadOptions::default())
            .expect_err("damaged")
            .to_string();
        assert!(error.contains("save the sheet as CSV"), "{length}: {error}");
    }
    let empty = folder.path().join("empty.xlsx");
    let mut book = Workbook::new();
    book.add_worksheet()
        .write(0, 0, "only a title")
        .expect("written");
    book.save(&empty).expect("saved");
    let error = open(empty, &ReadOptions::default())
        .expect_err("no table")
        .to_string();
    assert!(
        error.contains("no sheet of the workbook holds a table"),
        "{error}"
    );
}
