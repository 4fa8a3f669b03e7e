//! Profiles of small files, all figures worked out by hand.

use super::{
    scan::{profile_input, profile_table},
    *,
};
use crate::{
    dataset::options::ReadOptions,
    dataset::tables::{Column, Table, Values},
    open::source::Input,
    orders::{Codes, NO_DAY},
};
use base::monitor::{Cancel, Monitor};

fn profile(text: &'static str) -> TableProfile {
    let input = Input::memory("t.csv", text.as_bytes());
    profile_input(&input, &[], &ReadOptions::default(), &Monitor::silent()).unwrap()
}

#[test]
fn every_kind_of_column() {
    use ColumnKind::{Date, Empty, Id, Number, Text, WholeNumber, YesNo};
    let profile = profile(
        "customer_id,joined,price,visits,active,city,zip,notes,nothing\n\
         c1,2024-01-01,1.5,3,yes,Paris,01046,a b,\n\
         c2,2024-01-03,2.5,4,no,Rome,20000,c d,null\n\
         c3,,n/a,4,yes,Paris,30000,e f,\n\
         c3,2024-01-02,8,9,yes,Paris,01046,x y,NaN\n",
    );
    let kinds: Vec<ColumnKind> = profile.columns.iter().map(|column| column.kind).collect();
    assert_eq!(
        kinds,
        [Id, Date, Number, WholeNumber, YesNo, Text, Id, Text, Empty]
    );
    assert_eq!(profile.rows, 4);
    let price = profile.column("PRICE").unwrap();
    assert_eq!((price.missing, price.distinct), (1, Distinct::Exact(3)));
    assert_eq!(price.missing_share(), 0.25);
    let summary = price.summary.unwrap();
    assert_eq!(
        (summary.min, summary.median, summary.mean, summary.max),
        (1.5, 2.5, 4.0, 8.0)
    );
    // (2.5² + 1.5² + 4²) ÷ 2
    assert!((summary.deviation - 12.25_f64.sqrt()).abs() < 1e-12);
    let bins = price.bins.as_ref().unwrap();
    assert_eq!((bins.counts.len(), bins.start), (BINS, 1.5));
    // 2.5 is 3.7 widths of 6.5 ÷ 24 above the smallest.
    assert_eq!((bins.counts[0], bins.counts[3], bins.counts[23]), (1, 1, 1));
    let joined = profile.column("joined").unwrap();
    let summary = joined.summary.unwrap();
    assert_eq!(
        (summary.min, summary.median, summary.max),
        (19723.0, 19724.0, 19725.0)
    );
    assert_eq!(joined.top[0].text, "2024-01-01");
    let visits = profile.column("visits").unwrap();
    assert_eq!(visits.summary.unwrap().median, 4.0);
    assert_eq!(visits.bins.as_ref().unwrap().counts, [1, 2, 0, 0, 0, 0, 1]);
    assert_eq!((visits.top[0].text.as_str(), visits.top[0].rows), ("4", 2));
    let city = profile.column("city").unwrap();
    let top: Vec<_> = city
        .top
        .iter()
        .map(|value| (value.text.as_str(), value.rows))
        .collect();
    assert_eq!(top, [("Paris", 3), ("Rome", 1)]);
    assert_eq!(profile.column("zip").unwrap().top[0].text, "01046");
    assert_eq!(profile.column("nothing").unwrap().missing, 4);
}

#[test]
fn numbers_in_another_spelling_and_stray_words() {
    let profile = profile(
        "Betrag;Menge;Wann\n1.234,50 €;1.000;03/04/2024\n2,25;2.000;25/04/2024\n3,00;1.500;04/04/2024\n\
         4,00;3.000;05/04/2024\nkaputt;1.000;32/13/2024\n",
    );
    let amount = profile.column("betrag").unwrap();
    assert_eq!((amount.kind, amount.unreadable), (ColumnKind::Number, 1));
    assert_eq!(amount.summary.unwrap().max, 1234.5);
    assert_eq!(amount.other_rows, 0);
    let quantity = profile.column("menge").unwrap();
    assert_eq!(
        quantity.summary.unwrap().max,
        3000.0,
        "the file's comma decides"
    );
    let when = profile.column("wann").unwrap();
    assert_eq!((when.kind, when.unreadable), (ColumnKind::Date, 1));
    // The 25th settles that the first is 3 April 2024.
    assert_eq!(when.summary.unwrap().min, 19816.0);
}

#[test]
fn columns_that_fill_late_and_ids_that_look_like_numbers() {
    let mut text = String::from("order_no,returned_at,ref\n");
    for row in 0..5_000 {
        let returned = if row >= 4_000 { "2024-05-01 10:00" } else { "" };
        let number = 1_500_000_000 + row * 7;
        text.extend([number.to_string(), format!(",{returned},C{row}\n")]);
    }
    let profile = profile(text.leak());
    let kinds: Vec<ColumnKind> = profile.columns.iter().map(|column| column.kind).collect();
    assert_eq!(kinds, [ColumnKind::Id, ColumnKind::Date, ColumnKind::Id]);
    assert_eq!(profile.columns[1].missing, 4_000);
    assert_eq!(profile.columns[2].distinct, Distinct::Exact(5_000));
}

#[test]
fn very_many_values_are_counted_exactly() {
    let mut text = String::from("id,amount\n");
    for row in 0..150_000 {
        text.extend([format!("a{row:06},{row}.5\n")]);
    }
    let profile = profile(text.leak());
    for column in &profile.columns {
        assert_eq!(column.distinct, Distinct::Exact(150_000));
    }
    assert_eq!(profile.columns[0].kind, ColumnKind::Id);
    let summary = profile.columns[1].summary.unwrap();
    assert_eq!((summary.median, summary.max), (75_000.0, 149_999.5));
    assert!((summary.mean - 75_000.0).abs() < 1e-6);
    assert_eq!(
        profile.columns[1].bins.as_ref().unwrap().counts,
        [6_250; 24]
    );
}

#[test]
fn a_table_in_memory() {
    let table = Table {
        name: "users".to_owned(),
        rows: 3,
        columns: vec![
            Column {
                name: "age".to_owned(),
                values: Values::Numbers(vec![30.0, f64::NAN, 40.0]),
            },
            Column {
                name: "since".to_owned(),
                values: Values::Days(vec![NO_DAY, 10, 20]),
            },
            Column {
                name: "city".to_owned(),
                values: Values::Texts {
                    codes: Codes::U8(vec![1, 0, 1]),
                    pool: ["", "Oslo", "unused"].into_iter().collect(),
                },
            },
        ],
    };
    let profile = profile_table(&table);
    assert_eq!((profile.name.as_str(), profile.rows), ("users", 3));
    assert!(
        profile
            .columns
            .iter()
            .all(|column| column.missing == 1 || column.name == "city")
    );
    assert_eq!(profile.columns[0].summary.unwrap().median, 35.0);
    assert_eq!(profile.columns[1].summary.unwrap().mean, 15.0);
    assert_eq!(profile.columns[2].missing, 1);
    assert_eq!(profile.columns[2].distinct, Distinct::Exact(1));
}

#[test]
fn no_rows_and_cancelling() {
    let empty = profile("a,b\n");
    assert_eq!((empty.rows, empty.columns.len()), (0, 2));
    assert!(
        empty
            .columns
            .iter()
            .all(|column| column.kind == ColumnKind::Empty)
    );
    let cancel = Cancel::default();
    cancel.cancel();
    let monitor = Monitor::new(cancel, |_| {});
    let input = Input::memory("t.csv", b"a,b\n1,2\n");
    let stopped = profile_input(&input, &[], &ReadOptions::default(), &monitor);
    assert!(matches!(
        stopped,
        Err(crate::dataset::error::DataError::Cancelled(_))
    ));
}

#[test]
fn names_of_ids() {
    use super::figures::names_an_id;
    for name in [
        "customer_id",
        "OrderNo",
        "Kundennummer",
        "product key",
        "SKU",
        "zip",
        "email",
    ] {
        assert!(names_an_id(name), "{name}");
    }
    for name in ["paid", "casino", "amount", "revenue_3m", "country", "age"] {
        assert!(!names_an_id(name), "{name}");
    }
}

#[test]
fn plain_text_and_quoted_text_have_the_same_profile() {
    let plain =
        "id,when,city,amount\r\n1,2024-01-01,Paris,1.5\r\n2,2024-02-30,Köln,\r\n3,,Rome,x\r\n";
    // Quotes are taken off.
    let quoted =
        "id,when,city,amount\r\n1,2024-01-01,\"Paris\",1.5\r\n2,2024-02-30,Köln,\r\n3,,Rome,x\r\n";
    assert_eq!(profile(plain), profile(quoted));
    assert_eq!(profile(plain).column("city").unwrap().distinct.count(), 3);
}
