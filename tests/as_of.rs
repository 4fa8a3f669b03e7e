//! The quick way to another as-of date gives the numbers of the full walk, whatever the shop.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use keepers::{
    analysis::{
        cohort_cube::CohortCube,
        cohorts::{CohortSpec, RowsBy, cohorts},
        customers::customers_as_of,
        day_ledger::DayLedger,
        overview::overview,
    },
    data::{
        day::{Day, Period},
        lines::{Kind, Line, assemble},
    },
};
use proptest::prelude::*;

const FIRST: Day = 19_000;
const DAYS: i32 = 430;

/// Orders may span days, credits may come before the first order or without one.
fn line() -> impl Strategy<Value = Line> {
    let kind =
        prop_oneof![6 => Just(Kind::Sale), 1 => Just(Kind::NotKept), 2 => Just(Kind::Credit)];
    (0..14_u32, 0..DAYS, 0..6_u32, 0..4_000_u32, kind, 0..26_u32).prop_map(
        |(customer, day, order, cents, kind, country)| {
            let amount = f64::from(cents) / 100.0;
            Line {
                customer: customer.to_string(),
                day: FIRST + day,
                order: if order == 0 {
                    String::new()
                } else {
                    format!("{customer}-{order}")
                },
                amount: if kind == Kind::Credit {
                    -amount
                } else {
                    amount
                },
                kind,
                attributes: vec![format!("country {country:02}")],
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn filed_by_day_equals_the_full_walk(
        lines in proptest::collection::vec(line(), 1..140),
        period in proptest::sample::select(Period::ALL.to_vec()),
        dates in proptest::collection::vec(FIRST - 2..FIRST + DAYS + 220, 1..12),
    ) {
        let orders = assemble(&lines, &["country"]).unwrap();
        let ledger = DayLedger::new(&orders, period).expect("a short history");
        let cubes = [RowsBy::Acquisition, RowsBy::Attribute("country".to_owned())].map(|rows| {
            let spec = CohortSpec { period, rows };
            (CohortCube::new(&orders, &spec), spec)
        });
        for as_of in dates {
            let customers = customers_as_of(&orders, as_of);
            prop_assert_eq!(ledger.overview(&customers), overview(&orders, &customers, period));
            for (cube, spec) in &cubes {
                // Without any order there is nothing to file.
                if let Some(cube) = cube {
                    prop_assert_eq!(cube.table(&orders, as_of), cohorts(&orders, as_of, spec));
                }
            }
        }
    }
}

#[test]
fn a_history_too_long_to_file_is_walked() {
    let line = |day: Day| Line {
        customer: "a".to_owned(),
        day,
        amount: 1.0,
        ..Line::default()
    };
    let orders = assemble(&[line(0), line(5_000)], &[]).unwrap();
    assert!(DayLedger::new(&orders, Period::Month).is_none());
    let nobody = assemble(&[], &[]).unwrap();
    assert!(DayLedger::new(&nobody, Period::Month).is_none());
    assert!(CohortCube::new(&nobody, &CohortSpec::default()).is_none());
}
