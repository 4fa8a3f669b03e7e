//! The profile, correlations, rates and derived fields of a public customer table, against pandas.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use keepers::{
    analysis::{
        flat::{FlatSpec, flat_answers, flat_columns},
        rates::{Target, Test},
    },
    base::monitor::Monitor,
    data::dataset::Dataset,
    data::dataset::options::ReadOptions,
    data::load::load,
    data::profile::{ColumnKind, Distinct, TableProfile, scan::profile_file},
};

/// Smallest, median, mean, largest, sample standard deviation, by pandas 2.
const AVERAGE_ORDER_VALUE: [f64; 5] = [
    20.01,
    109.93,
    110.006_022_000_000_02,
    199.96,
    52.096_870_345_784_67,
];
const LIFETIME_VALUE: [f64; 5] = [
    100.16,
    5_012.18,
    5_031.930_567,
    9_999.76,
    2_865.420_299_378_623,
];
const PURCHASE_FREQUENCY: [f64; 5] = [1.0, 10.0, 9.955_7, 19.0, 5.526_209_497_398_819];
const FREQUENCY_CHURN_PEARSON: f64 = 0.018_417_449_140_520_237;
const FREQUENCY_CHURN_SPEARMAN: f64 = 0.018_546_715_593_474_86;

/// The table, or nothing where the public data is not there.
fn insights() -> Option<Dataset> {
    let Some(folder) = std::env::var_os("KEEPERS_DATA") else {
        println!("skipped: KEEPERS_DATA is not set");
        return None;
    };
    let path = PathBuf::from(folder).join("insights/sales_and_customer_insights.csv");
    Some(load(&[path], &ReadOptions::default(), &Monitor::silent()).expect("opens"))
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
}

fn check_summaries(profile: &TableProfile) {
    for (name, [min, median, mean, max, deviation]) in [
        ("Average_Order_Value", AVERAGE_ORDER_VALUE),
        ("Lifetime_Value", LIFETIME_VALUE),
        ("Purchase_Frequency", PURCHASE_FREQUENCY),
    ] {
        let column = profile.column(name).expect("there");
        let summary = column.summary.expect("numbers");
        let found = [
            summary.min,
            summary.median,
            summary.mean,
            summary.max,
            summary.deviation,
        ];
        for (found, expected) in found.into_iter().zip([min, median, mean, max, deviation]) {
            assert!(near(found, expected), "{name}: {found} is not {expected}");
        }
    }
}

#[test]
fn the_profile_of_the_file_is_the_one_of_pandas() {
    use ColumnKind::{Date, Id, Number, Text, WholeNumber};
    let Some(shop) = insights() else { return };
    let monitor = Monitor::silent();
    let profile = profile_file(&shop.files[0], &ReadOptions::default(), &monitor).expect("read");
    assert_eq!((profile.rows, profile.columns.len()), (10_000, 15));
    assert!(
        profile
            .columns
            .iter()
            .all(|column| column.missing + column.unreadable == 0)
    );
    check_summaries(&profile);
    let found: Vec<(ColumnKind, Distinct)> = profile
        .columns
        .iter()
        .map(|column| (column.kind, column.distinct))
        .collect();
    let expected = [
        (Id, 10_000),
        (Id, 10_000),
        (Id, 10_000),
        (WholeNumber, 19),
        (Number, 7_608),
        (Text, 4),
        (WholeNumber, 85),
        (Text, 4),
        (Number, 101),
        (Number, 9_957),
        (Date, 1_097),
        (Date, 365),
        (Text, 4),
        (Text, 3),
        (Text, 3),
    ];
    assert_eq!(
        found,
        expected.map(|(kind, count)| (kind, Distinct::Exact(count)))
    );
    let category = profile.column("Most_Frequent_Category").expect("there");
    assert_eq!(
        (category.top[0].text.as_str(), category.top[0].rows),
        ("Electronics", 2_567)
    );
}

#[test]
fn the_table_in_memory_has_the_same_profile_and_pandas_correlations() {
    let Some(shop) = insights() else { return };
    let columns = flat_columns(&shop.tables[0]);
    check_summaries(&columns.profile);
    let found = &columns.correlations;
    assert_eq!(
        found.columns,
        [
            "Purchase_Frequency",
            "Average_Order_Value",
            "Time_Between_Purchases",
            "Churn_Probability",
            "Lifetime_Value"
        ]
    );
    assert!((found.pearson[found.at(0, 3)] - FREQUENCY_CHURN_PEARSON).abs() < 1e-12);
    assert!((found.spearman[found.at(3, 0)] - FREQUENCY_CHURN_SPEARMAN).abs() < 1e-12);
}

#[test]
fn churn_by_season_and_derived_fields() {
    let Some(shop) = insights() else { return };
    let spec = FlatSpec {
        target: Some(Target {
            column: "churn_probability".to_owned(),
            test: Test::Over(0.5),
        }),
        by: Some("Season".to_owned()),
        ..FlatSpec::default()
    };
    // S = 2024-01-01.
    let answers = flat_answers(&shop.tables[0], 19_723, &spec);
    let rates = answers.rates.expect("asked for").expect("possible");
    let found: Vec<_> = rates
        .categories
        .iter()
        .map(|rate| (rate.category.as_str(), rate.hits, rate.rows))
        .collect();
    assert_eq!(
        found,
        [
            ("Winter", 1_310, 2_534),
            ("Spring", 1_208, 2_443),
            ("Summer", 1_214, 2_521),
            ("Fall", 1_199, 2_502)
        ]
    );
    // 49.31 % of all, as in the reference.
    assert_eq!((rates.overall.hits, rates.overall.rows), (4_931, 10_000));
    let top = |field: &str| {
        let column = answers.derived_profile.column(field).expect("derived");
        let values = column.top.iter();
        values
            .map(|value| (value.text.clone(), value.rows))
            .collect::<Vec<_>>()
    };
    let counts = |pairs: &[(&str, u64)]| -> Vec<(String, u64)> {
        pairs
            .iter()
            .map(|(text, rows)| ((*text).to_owned(), *rows))
            .collect()
    };
    assert_eq!(
        top("CLTV_Category"),
        counts(&[("High", 3_334), ("Low", 3_333), ("Medium", 3_333)])
    );
    assert_eq!(
        top("Is_High_Value_Customer"),
        counts(&[("No", 7_500), ("Yes", 2_500)])
    );
    assert_eq!(
        top("Churn_Risk_Category"),
        counts(&[("Medium", 4_031), ("High", 3_061), ("Low", 2_908)])
    );
    let since = answers
        .derived_profile
        .column("Days_Since_Last_Interaction")
        .expect("derived");
    let summary = since.summary.expect("numbers");
    // The peak sales dates of 2023, seen from New Year 2024.
    assert_eq!((summary.min, summary.max), (1.0, 365.0));
}
