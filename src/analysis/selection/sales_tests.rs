//! Parts about single sales — what became of them, how they were paid — on a shop counted by hand.

use super::tables::Extras;
use super::*;
use crate::{
    cohort_build::cohorts,
    cohorts::CohortSpec,
    conditions::RuleInputs,
    customers::customers_as_of,
    rfm::{TieRule, score},
    rules::default_rules,
    segmenting::segment,
};
use data::lines::in_memory::{Kind, Line, assemble};
use data::orders::{Milestone, NO_DAY, Orders, Step};

/// As of day 100. Customer, day, kind, status, instalments, days of shipping, delivery and return:
/// what birch waits for arrives after S; cedar has no day of shipping, but one of delivery; elm's
/// return is a credit line.
#[allow(clippy::type_complexity)]
const LINES: [(&str, i32, Kind, &str, &str, [i32; 3]); 7] = [
    ("amber", 10, Kind::Sale, "delivered", "1", [12, 15, NO_DAY]),
    ("birch", 20, Kind::Sale, "shipped", "2", [22, 101, NO_DAY]),
    (
        "cedar",
        30,
        Kind::Sale,
        "delivered",
        " 3.0",
        [NO_DAY, 35, 40],
    ),
    ("dogwood", 5, Kind::Sale, "new", "30", [NO_DAY; 3]),
    ("dogwood", 50, Kind::NotKept, "canceled", "1", [NO_DAY; 3]),
    ("elm", 7, Kind::Sale, "new", "", [NO_DAY; 3]),
    ("elm", 60, Kind::Credit, "returned", "1", [NO_DAY; 3]),
];

fn orders() -> Orders {
    let line =
        |&(customer, day, kind, status, instalments, _): &(&str, i32, Kind, &str, &str, _)| Line {
            customer: customer.to_owned(),
            day,
            amount: if kind == Kind::Credit { -4.0 } else { 9.0 },
            kind,
            attributes: vec![status.to_owned(), instalments.to_owned()],
            ..Line::default()
        };
    let lines: Vec<Line> = LINES.iter().map(line).collect();
    let mut orders = assemble(&lines, &["order_status", "instalments"]).unwrap();
    let steps = [Step::Shipped, Step::Delivered, Step::Returned];
    let days = |step: usize| LINES.iter().map(|line| line.5[step]).collect();
    orders.milestones = (0..3)
        .map(|step| Milestone {
            step: steps[step],
            days: days(step),
        })
        .collect();
    orders
}

/// First letters of the selected customers.
fn chosen(orders: &Orders, part: Part) -> String {
    let customers = customers_as_of(orders, 100);
    let scores = score(&customers, TieRule::Share);
    let inputs = RuleInputs::without_attributes(&customers, &scores);
    let segments = segment(inputs, &default_rules());
    let tables = Tables {
        orders,
        customers: &customers,
        scores: &scores,
        segments: &segments,
        cohorts: &cohorts(orders, 100, &CohortSpec::default()),
        extras: Extras::default(),
    };
    let selected = select(tables, &vec![part].into());
    let letter = |row: &u32| orders.customer_ids.get(*row as usize).chars().next();
    selected.customers.iter().filter_map(letter).collect()
}

#[test]
fn what_became_of_sales() {
    let orders = orders();
    let became = |fate| chosen(&orders, Part::Became(fate));
    assert_eq!(became(Fate::Kept), "abcde");
    assert_eq!(became(Fate::NotKept), "d");
    assert_eq!(became(Fate::Reached(Step::Shipped)), "abc");
    assert_eq!(became(Fate::Reached(Step::Delivered)), "ac");
    assert_eq!(became(Fate::Reached(Step::Returned)), "c");
    let status = |value: &str| {
        became(Fate::Status {
            column: "order_status".to_owned(),
            value: value.to_owned(),
        })
    };
    assert_eq!(status("delivered"), "ac");
    assert_eq!(status("canceled"), "d", "kept or not");
    assert_eq!(status("returned"), "", "a credit is no sale");
    assert_eq!(status("lost"), "", "no such status");
    let returned = Part::Became(Fate::Reached(Step::Returned)).negated();
    assert_eq!(chosen(&orders, returned), "abde");
}

#[test]
fn a_step_without_days_is_nobodys() {
    let mut orders = orders();
    orders.milestones.remove(1);
    let reached = |step| chosen(&orders, Part::Became(Fate::Reached(step)));
    assert_eq!(reached(Step::Delivered), "");
    assert_eq!(reached(Step::Shipped), "abc", "a return was shipped before");
}

#[test]
fn numbers_of_kept_lines() {
    let orders = orders();
    let count = |name: &str, from, to| {
        let name = name.to_owned();
        chosen(&orders, Part::Count { name, from, to })
    };
    // What dogwood cancelled and elm got back was paid at once too, but does not count.
    assert_eq!(count("instalments", 1, Some(1)), "a");
    assert_eq!(count("Instalments", 2, Some(4)), "bc");
    assert_eq!(count("instalments", 24, None), "d");
    assert_eq!(count("instalments", 4, Some(29)), "");
    assert_eq!(count("rates", 1, None), "", "no such column");
    assert_eq!(count("order_status", 0, None), "", "no number");
}

#[test]
fn parts_of_one_column_widen() {
    let count = |name: &str, from| Part::Count {
        name: name.to_owned(),
        from,
        to: Some(from),
    };
    assert!(count("a", 1).widens(&count("A", 2)));
    assert!(!count("a", 1).widens(&count("b", 2)));
    let fates = [Fate::Kept, Fate::Reached(Step::Returned)].map(Part::Became);
    assert!(fates[0].widens(&fates[1]));
}
