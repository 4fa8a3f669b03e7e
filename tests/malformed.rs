//! Hostile input: a clear message or a quality report each, never a panic, never a silent drop.

#![allow(clippy::expect_used, clippy::format_push_string)]

use std::path::PathBuf;

use keepers::{
    base::monitor::{Cancel, Monitor},
    data::dataset::Dataset,
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    data::dataset::quality::RowSample,
    data::dataset::understanding::WarningCode,
    data::load::{load, load_bytes},
};
use proptest::prelude::*;

fn try_bytes(bytes: Vec<u8>) -> Result<Dataset, DataError> {
    let bytes: &'static [u8] = Box::leak(bytes.into_boxed_slice());
    load_bytes(
        "shop.csv",
        bytes,
        &ReadOptions::default(),
        &Monitor::silent(),
    )
}

fn opened(text: impl Into<Vec<u8>>) -> Dataset {
    let data = try_bytes(text.into()).expect("opens");
    assert!(data.quality.reconciles());
    data
}

fn refused(bytes: impl Into<Vec<u8>>) -> String {
    try_bytes(bytes.into()).expect_err("is refused").to_string()
}

fn rule<'a>(data: &'a Dataset, name: &str) -> (u64, &'a [RowSample]) {
    data.quality
        .rules
        .iter()
        .find(|rule| rule.rule == name)
        .map_or((0, &[]), |rule| (rule.rows, &rule.samples))
}

const HEADER: &str = "customer_id,order_date,amount\n";

#[test]
fn empty_file() {
    assert_eq!(
        refused(""),
        "shop.csv: the file is empty. Choose a file that holds order lines"
    );
    assert!(refused("\n\n  \n").contains("the file is empty"));
}

#[test]
fn header_only() {
    assert_eq!(
        refused(HEADER),
        "shop.csv: no row could be used: there is a header, but no row below it. Check that the columns for customer, date and amount are the right ones"
    );
}

#[test]
fn binary_file() {
    let bytes: Vec<u8> = (0..4096_u32)
        .map(|index| (index * 37 % 256) as u8)
        .collect();
    assert!(refused(bytes).contains("this is a binary file, not text"));
    let zip = refused(b"PK\x03\x04......".to_vec());
    assert!(
        zip.contains("the archive cannot be unpacked") && zip.contains("save the sheet as CSV"),
        "{zip}"
    );
}

#[test]
fn missing_column() {
    // Without an amount it is known who came back, not what it was worth: said, or refused.
    match try_bytes(b"customer_id,order_date,colour\n1,2024-01-01,red\n".to_vec()) {
        Ok(data) => {
            let mut warnings = data.understanding.warnings.iter();
            assert!(warnings.any(|warning| warning.code == WarningCode::NoAmount));
            assert_eq!(data.orders.lines(), 1);
        }
        Err(error) => {
            let error = error.to_string();
            assert!(
                error.starts_with("shop.csv: no column for the amount"),
                "{error}"
            );
            assert!(
                error.contains("found `customer_id`, `order_date` and `colour`"),
                "{error}"
            );
        }
    }
    assert!(refused("order_date,amount\n2024-01-01,5\n").contains("no column for the customer"));
    assert!(refused("customer_id,amount\n7,5.5\n").contains("no column for the order date"));
}

#[test]
fn ten_percent_broken_dates() {
    let mut text = HEADER.to_owned();
    for row in 0..100 {
        let date = if row % 10 == 3 {
            "31.31.2024"
        } else {
            "2024-01-05"
        };
        text += &format!("c{row},{date},2.5\n");
    }
    let data = opened(text);
    let (rows, samples) = rule(&data, "unreadable_date");
    assert_eq!(
        (rows, data.quality.rows_read, data.quality.rows_kept),
        (10, 100, 90)
    );
    assert_eq!(data.orders.lines(), 90);
    let first = RowSample {
        file: "shop.csv".into(),
        line: 5,
        column: "order_date".into(),
        found: "31.31.2024".into(),
    };
    assert_eq!((samples.len(), &samples[0]), (5, &first));
}

#[test]
fn all_dates_broken() {
    let error = refused(format!("{HEADER}a,never,1\nb,later,2\n"));
    assert!(
        error.contains("no row is left of 2 rows: dropped 2 by unreadable_date (line 2: `never`)"),
        "{error}"
    );
}

#[test]
fn repeated_header_names() {
    let data = opened("customer_id,amount,order_date,amount\n1,2.5,2024-01-01,7\n");
    let names: Vec<_> = data.files[0]
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names, ["customer_id", "amount", "order_date", "amount (2)"]);
    assert_eq!(data.orders.amounts, [2.5]);
    assert_eq!(
        data.remarks,
        ["shop.csv: the header names `amount` more than once; the repetitions are numbered"]
    );
}

#[test]
fn one_customer() {
    let mut text = HEADER.to_owned();
    for row in 0..500 {
        text += &format!(
            "only,{},{row}.5\n",
            keepers::data::day::iso(19_000 + row / 2)
        );
    }
    let data = opened(text);
    assert_eq!((data.orders.customers(), data.orders.lines()), (1, 500));
    assert_eq!(data.orders.offsets, [0, 500]);
}

#[test]
fn a_folder_without_data_and_a_file_that_is_not_there() {
    let folder = tempfile::tempdir().expect("folder");
    let open = |path: PathBuf| {
        load(&[path], &ReadOptions::default(), &Monitor::silent())
            .expect_err("is refused")
            .to_string()
    };
    let error = open(folder.path().to_path_buf());
    assert!(
        error.contains("the folder holds no .csv, .tsv, .txt or .xlsx file. Choose the folder"),
        "{error}"
    );
    let error = open(folder.path().join("gone.csv"));
    assert!(
        error.contains("gone.csv: ") && error.contains("Check the path, or choose the file again"),
        "{error}"
    );
    std::fs::write(
        folder.path().join("b.csv"),
        format!("{HEADER}b,2024-01-02,2\n"),
    )
    .expect("write");
    std::fs::write(
        folder.path().join("a.csv"),
        format!("{HEADER}a,2024-01-01,1\n"),
    )
    .expect("write");
    std::fs::write(folder.path().join("notes.md"), "no data").expect("write");
    let path = folder.path().to_path_buf();
    let data = load(&[path], &ReadOptions::default(), &Monitor::silent()).expect("opens");
    assert_eq!((data.files.len(), data.orders.lines()), (2, 2));
    assert!(load(&[], &ReadOptions::default(), &Monitor::silent()).is_err());
}

#[test]
fn very_long_cells() {
    let long = "x".repeat(100_000);
    let data = opened(format!(
        "{HEADER}{long},2024-01-01,1\nb,{long},2\nc,2024-01-03,\"{long}\n{long}\"\nd,2024-01-04,3\n"
    ));
    assert_eq!(data.orders.customers(), 2);
    assert!(data.orders.customer_ids.iter().any(|id| id == long));
    let (rows, samples) = rule(&data, "unreadable_date");
    assert_eq!(
        (rows, samples[0].line, samples[0].found.chars().count()),
        (1, 3, 121)
    );
    assert_eq!(rule(&data, "unreadable_amount").1[0].line, 4);
}

#[test]
fn an_odd_byte_three_megabytes_in() {
    let mut bytes = b"customer_id,order_date,amount,city\n".to_vec();
    let mut rows = 0_u32;
    while bytes.len() < 3 << 20 {
        bytes.extend_from_slice(format!("c{rows},2024-01-05,2.5,Rome\n").as_bytes());
        rows += 1;
    }
    bytes.extend_from_slice(b"last,2024-01-05,2.5,K\xF6ln\n");
    let data = opened(bytes);
    assert_eq!(data.files[0].encoding, "Windows-1252");
    assert_eq!(data.orders.lines() as u32, rows + 1);
    let city = data.orders.attribute("city").expect("city");
    assert_eq!(city.values.iter().collect::<Vec<_>>(), ["Köln", "Rome"]);
}

#[test]
fn ragged_rows_and_open_quotes() {
    let data = opened(format!(
        "{HEADER}a,2024-01-01,1\nb,2024-01-02\nc,2024-01-03,3,4\n\"d,2024-01-04,5\ne,2024-01-05,6\n\n"
    ));
    let (rows, samples) = rule(&data, "broken_row");
    assert_eq!(
        (rows, data.quality.rows_read, data.orders.lines()),
        (3, 5, 2)
    );
    let found: Vec<_> = samples
        .iter()
        .map(|sample| (sample.line, sample.found.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (3, "2 cells instead of 3: b,2024-01-02"),
            (4, "4 cells instead of 3: c,2024-01-03,3,4"),
            (5, "a quote that is never closed: \"d,2024-01-04,5"),
        ]
    );
}

#[test]
fn lines_end_as_other_systems_write_them() {
    let text = format!("{HEADER}a,2024-01-05,1.5\nb,soon,2\n\nc,2024-01-07,4\n");
    let [feeds, both, returns] = ["\n", "\r\n", "\r"].map(|end| opened(text.replace('\n', end)));
    for data in [&both, &returns] {
        assert_eq!(data.orders, feeds.orders);
        let (rows, samples) = rule(data, "unreadable_date");
        assert_eq!((rows, samples[0].line), (1, 3));
    }
    assert!(returns.files[0].encoding.contains("CR lines"));
}

#[test]
fn quoted_cells_span_lines() {
    let data = opened(
        "customer_id,note,order_date,amount\r\na,\"first\r\nsecond, \"\"third\"\"\",2024-01-01,1\r\nb,12\" disc,2024-01-02,x\r\n",
    );
    assert_eq!(data.quality.rows_read, 2);
    let (_, samples) = rule(&data, "unreadable_amount");
    assert_eq!((samples[0].line, samples[0].found.as_str()), (4, "x"));
    assert_eq!(
        data.orders.attribute("note").map(|note| note.value(0)),
        Some("first\r\nsecond, \"third\"")
    );
}

#[test]
fn a_cancelled_load_stops() {
    let cancel = Cancel::default();
    cancel.cancel();
    let monitor = Monitor::new(cancel, |_| {});
    let text: &'static [u8] = b"customer_id,order_date,amount\na,2024-01-01,1\n";
    let error = load_bytes("shop.csv", text, &ReadOptions::default(), &monitor).expect_err("stops");
    assert!(matches!(error, DataError::Cancelled(_)));
}

/// Whatever the bytes, the answer is an error with a sentence or a report that reconciles.
fn survives(bytes: Vec<u8>) -> Result<(), TestCaseError> {
    match try_bytes(bytes) {
        Ok(data) => {
            prop_assert!(data.quality.reconciles());
            prop_assert_eq!(data.quality.rows_kept, data.orders.lines() as u64);
        }
        Err(error) => {
            let error = error.to_string();
            prop_assert!(error.starts_with("shop.csv"), "{}", error);
            prop_assert!(!error.contains("cannot be parsed"), "{}", error);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        survives(bytes)?;
    }

    #[test]
    fn arbitrary_tables(
        rows in proptest::collection::vec(
            proptest::collection::vec("[a-c0-9\",\r\n ;.\\-éx^\u{1f}]{0,6}", 1..5), 0..12
        ),
    ) {
        let text: Vec<String> = rows.iter().map(|cells| cells.join(",")).collect();
        survives(format!("{HEADER}{}", text.join("\n")).into_bytes())?;
    }

    #[test]
    fn arbitrary_text_after_a_header(body in "[ -~\n\r\"]{0,400}") {
        survives(format!("{HEADER}a,2024-01-01,5\n{body}").into_bytes())?;
    }
}
