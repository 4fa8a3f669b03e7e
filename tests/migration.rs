//! Moves between two dates: against an independent recomputation of CDNOW, and for any shop.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/cdnow.rs"]
mod cdnow;

use keepers::{
    analysis::{
        cohort_build::cohorts,
        cohorts::CohortSpec,
        customers::{Customers, customers_as_of},
        migration::{Course, Migration, Place, Placement, migration},
        rfm::{Scores, TieRule, score},
        rules::default_rules,
        segmenting::segment_orders,
        segments::Segmentation,
        selection::{
            Part, Selection, select,
            tables::{Extras, Tables},
        },
    },
    data::day::{Day, parse_iso},
    data::lines::in_memory::{Kind, Line, assemble},
    data::orders::Orders,
};
use proptest::prelude::*;

struct On {
    customers: Customers,
    scores: Scores,
    segments: Segmentation,
}

fn on(orders: &Orders, day: Day) -> On {
    let customers = customers_as_of(orders, day);
    let scores = score(&customers, TieRule::Share);
    let segments = segment_orders(orders, &customers, &scores, &default_rules());
    On {
        customers,
        scores,
        segments,
    }
}

fn placement(on: &On) -> Placement {
    Placement::new(&on.customers, &on.scores, &on.segments)
}

fn between(orders: &Orders, from: Day, to: Day) -> Migration {
    let (from, to) = (placement(&on(orders, from)), placement(&on(orders, to)));
    migration(&from, &to, &default_rules())
}

/// Row and column of a way.
fn at(migration: &Migration, from: &str, to: &str) -> (usize, usize) {
    let find = |stops: &[keepers::analysis::migration::Stop], name: &str| {
        stops
            .iter()
            .position(|stop| stop.place.title() == name)
            .expect(name)
    };
    (find(&migration.sources, from), find(&migration.targets, to))
}

/// Every figure was worked out with pandas from the raw file.
#[test]
#[allow(clippy::too_many_lines)] // a long list of checked figures
fn cdnow_from_march_to_september_1997() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let (from, to) = (
        parse_iso("1997-03-01").unwrap(),
        parse_iso("1997-09-01").unwrap(),
    );
    let moved = between(&orders, from, to);
    let columns = [
        "At Risk",
        "Dormant",
        "Loyal",
        "Potential Loyalist",
        "Regulars",
        "VIP",
    ];
    let expected: [(&str, [u64; 6]); 7] = [
        ("At Risk", [2130, 529, 76, 83, 0, 977]),
        ("Dormant", [0, 2305, 277, 53, 0, 259]),
        ("Loyal", [683, 0, 23, 91, 337, 640]),
        ("New", [0, 0, 937, 103, 4252, 1956]),
        ("Potential Loyalist", [231, 0, 7, 16, 0, 252]),
        ("Regulars", [995, 2460, 541, 169, 841, 1101]),
        ("VIP", [247, 0, 4, 222, 0, 773]),
    ];
    for (source, customers) in expected {
        for (target, customers) in columns.iter().zip(customers) {
            let (row, column) = at(&moved, source, target);
            assert_eq!(
                moved.flows[row][column].customers, customers,
                "{source} → {target}"
            );
        }
    }
    for (source, target, revenue, between) in [
        ("VIP", "VIP", 234_805.79, 141_174.94),
        ("At Risk", "VIP", 149_793.78, 92_354.22),
        ("Loyal", "At Risk", 40_458.93, 0.0),
        ("New", "Loyal", 44_854.25, 44_854.25),
        ("Regulars", "Loyal", 17_866.10, 9_445.65),
    ] {
        let (row, column) = at(&moved, source, target);
        let flow = &moved.flows[row][column];
        assert!(
            (flow.revenue - revenue).abs() < 0.006,
            "{source} → {target}: {flow:?}"
        );
        assert!(
            (flow.revenue_between - between).abs() < 0.006,
            "{source} → {target}: {flow:?}"
        );
    }
    // Mean scores order the segments: VIP 4.66, Potential Loyalist 3.683, Loyal 3.678, At Risk 2.23…
    let order: Vec<&str> = moved
        .targets
        .iter()
        .map(|stop| stop.place.title())
        .collect();
    assert_eq!(
        order,
        [
            "VIP",
            "Potential Loyalist",
            "Loyal",
            "At Risk",
            "Regulars",
            "Dormant"
        ]
    );
    assert!((moved.targets[0].level.unwrap() - 4.659_617).abs() < 1e-6);
    let ways = [
        &moved.stayed,
        &moved.up,
        &moved.down,
        &moved.aged,
        &moved.new,
    ];
    let customers = ways.map(|flow| flow.customers);
    assert_eq!(customers, [6_088, 4_487, 4_720, 1_027, 7_248]);
    // At Risk is the higher level of the two, and nobody came there with an order.
    let (row, column) = at(&moved, "Regulars", "At Risk");
    assert_eq!(moved.flows[row][column].bought, 0);
    assert_eq!(moved.course(row, column), Course::Aged);
    assert_eq!((moved.before(), moved.not_yet), (16_322, 0));
}

fn line() -> impl Strategy<Value = Line> {
    let kind =
        prop_oneof![8 => Just(Kind::Sale), 1 => Just(Kind::NotKept), 1 => Just(Kind::Credit)];
    (0..25_u32, 0..400_i32, 0..4_000_u32, kind).prop_map(|(customer, day, cents, kind)| {
        let amount = f64::from(cents) / 100.0;
        Line {
            customer: customer.to_string(),
            day,
            amount: if kind == Kind::Credit {
                -amount
            } else {
                amount
            },
            kind,
            ..Line::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_sum_to_the_sizes_before_and_columns_to_those_after(
        lines in proptest::collection::vec(line(), 1..150),
        from in -1..420_i32,
        days in 0..300_i32,
    ) {
        let orders = assemble(&lines, &[]).unwrap();
        let (before, after) = (on(&orders, from), on(&orders, from + days));
        let (source, target) = (placement(&before), placement(&after));
        let moved = migration(&source, &target, &default_rules());
        let sizes = |segments: &Segmentation, name: &str| -> u64 {
            segments.stats.iter().filter(|stats| stats.name == name).map(|stats| stats.customers).sum()
        };
        let mut everyone_before = 0;
        for (row, stop) in moved.sources.iter().enumerate() {
            let total = moved.row_total(row);
            if let Place::Segment(name) = &stop.place {
                prop_assert_eq!(total.customers, sizes(&before.segments, name));
                everyone_before += total.customers;
            }
        }
        prop_assert_eq!(everyone_before, before.customers.active as u64);
        for (column, stop) in moved.targets.iter().enumerate() {
            let total = moved.column_total(column);
            prop_assert_eq!(total.customers, sizes(&after.segments, stop.place.title()));
        }
        prop_assert_eq!(moved.total().customers, after.customers.active as u64);
        let ways = [
            &moved.stayed,
            &moved.up,
            &moved.down,
            &moved.aged,
            &moved.new,
            &moved.unplaced,
        ];
        prop_assert_eq!(moved.up.bought, moved.up.customers);
        prop_assert_eq!(moved.aged.bought, 0);
        prop_assert_eq!(
            ways.iter().map(|flow| flow.customers).sum::<u64>(),
            after.customers.active as u64
        );
        prop_assert_eq!(
            moved.not_yet,
            (after.customers.len() - after.customers.active) as u64
        );
        selecting_a_cell_selects_its_customers(&orders, &after, &moved, [source, target])?;
    }
}

fn selecting_a_cell_selects_its_customers(
    orders: &Orders,
    after: &On,
    moved: &Migration,
    placements: [Placement; 2],
) -> Result<(), TestCaseError> {
    let cohorts = cohorts(orders, after.customers.as_of, &CohortSpec::default());
    let placements = placements.map(std::sync::Arc::new);
    let tables = Tables {
        orders,
        customers: &after.customers,
        scores: &after.scores,
        segments: &after.segments,
        cohorts: &cohorts,
        extras: Extras {
            placements: &placements,
            ..Extras::default()
        },
    };
    for (row, flows) in moved.flows.iter().enumerate() {
        for (column, flow) in flows.iter().enumerate() {
            let part = Part::Move {
                from: moved.from,
                to: moved.to,
                source: Some(moved.sources[row].place.clone()),
                target: Some(moved.targets[column].place.clone()),
            };
            let selected = select(tables, &Selection::from(vec![part]));
            prop_assert_eq!(selected.customers.len() as u64, flow.customers);
            prop_assert!((selected.revenue - flow.revenue).abs() < 1e-6);
        }
    }
    Ok(())
}

/// a: bought often and stays away; b: buys for the first time later; c: keeps buying.
#[test]
fn three_customers_by_hand() {
    let line = |customer: &str, day: Day, amount: f64| Line {
        customer: customer.to_owned(),
        day,
        amount,
        ..Line::default()
    };
    let lines = [
        line("a", 0, 50.0),
        line("a", 10, 50.0),
        line("c", 5, 20.0),
        line("c", 95, 30.0),
        line("b", 90, 10.0),
        line("d", 200, 10.0),
    ];
    let orders = assemble(&lines, &[]).unwrap();
    let moved = between(&orders, 20, 100);
    assert_eq!(
        (moved.before(), moved.total().customers, moved.not_yet),
        (2, 3, 1)
    );
    assert_eq!((moved.new.customers, moved.new.revenue), (1, 10.0));
    assert_eq!(moved.total().revenue, 160.0);
    assert_eq!(moved.total().revenue_between, 40.0);
    let new = moved.sources.len() - 1;
    assert_eq!(moved.sources[new].place, Place::Absent);
    assert!((0..moved.targets.len()).all(|column| moved.course(new, column) == Course::New));
}
