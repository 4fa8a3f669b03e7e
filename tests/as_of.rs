//! The quick way to another as-of date gives the numbers of the full walk, whatever the shop.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/random_shop.rs"]
#[allow(dead_code)] // Other tests draw the lines of a whole shop and its dates at once.
mod random_shop;

use keepers::{
    analysis::{
        cohort_build::cohorts,
        cohort_cube::CohortCube,
        cohorts::{CohortSpec, RowsBy},
        customers::customers_as_of,
        day_ledger::DayLedger,
        overview_build::overview,
    },
    data::day::{Day, Period},
    data::lines::in_memory::{Line, assemble},
};
use proptest::prelude::*;

use random_shop::{Bounds, FIRST, line, shop};

/// More of everything than small shops have, and more credits.
const BOUNDS: Bounds = Bounds {
    customers: 14,
    days: 430,
    countries: 26,
    kinds: [6, 1, 2],
};

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn filed_by_day_equals_the_full_walk(
        lines in proptest::collection::vec(line(BOUNDS), 1..140),
        period in proptest::sample::select(Period::ALL.to_vec()),
        dates in proptest::collection::vec(FIRST - 2..FIRST + BOUNDS.days + 220, 1..12),
    ) {
        let orders = shop(&lines);
        let ledger = DayLedger::new(&orders, period).expect("a short history");
        let cubes = [RowsBy::Acquisition, RowsBy::Attribute("country".to_owned())].map(|rows| {
            let spec = CohortSpec { period, rows };
            (CohortCube::new(&orders, &spec), spec)
        });
        for as_of in dates {
            let customers = customers_as_of(&orders, as_of);
            prop_assert_eq!(ledger.overview(&customers), Some(overview(&orders, &customers, period)));
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
