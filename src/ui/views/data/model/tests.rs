//! What the Data view says, checked on small hand-made readings.

use std::collections::BTreeMap;

use super::*;

fn file(columns: &[(&str, Role, &str, &[&str])]) -> FileReading {
    let rows = columns.iter().map(|(_, _, _, cells)| cells.len()).max();
    FileReading {
        path: "shop/unknown.csv".into(),
        name: "unknown.csv".to_owned(),
        sheets: Vec::new(),
        sheet: String::new(),
        part: "order lines".to_owned(),
        bytes: 1,
        rows: 1,
        encoding: String::new(),
        delimiter: String::new(),
        has_header: true,
        columns: columns
            .iter()
            .map(|(name, role, format, _)| ColumnReading {
                chosen: false,
                name: (*name).to_owned(),
                role: *role,
                reason: "named `x`".to_owned(),
                format: (*format).to_owned(),
            })
            .collect(),
        preview: (0..rows.unwrap_or(0))
            .map(|row| {
                let cell = |cells: &&[&str]| cells.get(row).copied().unwrap_or("").to_owned();
                columns.iter().map(|(_, _, _, cells)| cell(cells)).collect()
            })
            .collect(),
    }
}

fn said(roles: &[(&str, Role)]) -> ReadOptions {
    let roles = roles.iter().map(|(name, role)| ((*name).to_owned(), *role));
    ReadOptions {
        roles: BTreeMap::from([("unknown.csv".to_owned(), roles.collect())]),
        ..ReadOptions::default()
    }
}

#[test]
fn sizes_are_for_people() {
    assert_eq!(bytes(1), "1 byte");
    assert_eq!(bytes(61_440), "61.4 kB");
    assert_eq!(bytes(1_789_204), "1.79 MB");
}

#[test]
fn what_is_missing_is_named_until_it_is_mapped() {
    let file = file(&[
        ("k", Role::Attribute, "", &["A1"]),
        ("d", Role::Date, "date, year-month-day", &["2024-01-31"]),
        ("x", Role::Attribute, "", &["5"]),
    ]);
    let state = readiness(&file, &ReadOptions::default());
    assert_eq!(state.words, "Still missing: customer.");
    assert!(!state.ready);
    let options = said(&[("k", Role::Customer), ("x", Role::Amount)]);
    assert!(readiness(&file, &options).ready);
    let both = [file.clone(), file.clone()];
    assert_eq!(readiness_of_all(&both, &options).words, "Ready to open");
    assert_eq!(
        readiness_of_all(&both, &ReadOptions::default()).words,
        "unknown.csv: Still missing: customer."
    );
    // What a table of a set lacks another may bring; a file of sales needs everything itself.
    let people = FileReading {
        name: "people.csv".to_owned(),
        columns: vec![ColumnReading {
            chosen: false,
            role: Role::Customer,
            ..file.columns[0].clone()
        }],
        ..file.clone()
    };
    assert!(readiness_of_all(&[file.clone(), people.clone()], &options).ready);
    let sales = said(&[("x", Role::Amount)]);
    let state = readiness_of_all(&[people, file.clone()], &sales);
    assert_eq!(state.words, "unknown.csv: Still missing: customer.");
    // The date moves to another column: the guessed one gives it up at once.
    let options = said(&[("x", Role::Date)]);
    assert_eq!(
        role_of(&options, "unknown.csv", &file.columns[1]),
        Role::Attribute
    );
}

#[test]
fn values_show_how_they_are_read() {
    let file = file(&[
        (
            "d",
            Role::Date,
            "date, month/day/year",
            &["12/1/2010 8:26", "12/1/2010 8:26", "soon"],
        ),
        (
            "x",
            Role::Amount,
            "number, decimal comma",
            &["1.234,50", "12"],
        ),
    ]);
    let shown = |at, role| -> Vec<_> {
        values(&file, at, role, &ReadOptions::default())
            .into_iter()
            .map(|value| (value.raw, value.read, value.bad))
            .collect()
    };
    let of = |raw: &str, read: Option<&str>, bad| (raw.to_owned(), read.map(str::to_owned), bad);
    assert_eq!(
        shown(0, Role::Date),
        [
            of("12/1/2010 8:26", Some("1 Dec 2010"), false),
            of("soon", Some("cannot be read"), true)
        ]
    );
    assert_eq!(
        shown(1, Role::Amount),
        [
            of("1.234,50", Some("1,234.5"), false),
            of("12", None, false)
        ]
    );
    assert_eq!(shown(1, Role::Attribute)[0], of("1.234,50", None, false));
    assert_eq!(
        why(&ReadOptions::default(), "unknown.csv", &file.columns[0]),
        "Named “x”"
    );
}

#[test]
fn an_ambiguous_date_is_asked_about_with_both_readings() {
    let format = "date, day/month/year";
    let open = file(&[("d", Role::Date, format, &["03/04/2024 10:00", "05/05/2024"])]);
    let options = ReadOptions::default();
    let question = date_question(std::slice::from_ref(&open), &options, &[]).unwrap();
    assert!(question.open);
    assert_eq!(question.question, "03/04/2024 is 3 Apr 2024 or 4 Mar 2024?");
    let settled = file(&[("d", Role::Date, format, &["03/04/2024", "25/04/2024"])]);
    let question = date_question(&[settled], &options, &[]).unwrap();
    assert!(!question.open);
    let iso = file(&[("d", Role::Date, "date, year-month-day", &["2024-04-03"])]);
    assert_eq!(date_question(&[iso], &options, &[]), None);
    // The whole file told, though its first rows do not.
    let other = ["something else".to_owned()];
    assert!(!date_question(&[open], &options, &other).unwrap().open);
}
