//! Small random shops: orders of several lines, also on different days; returns and credits.

use keepers::{
    data::day::Day,
    data::lines::in_memory::{Kind, Line, assemble},
    data::orders::Orders,
};
use proptest::prelude::*;

pub const FIRST: Day = 19_000;
pub const DAYS: i32 = 400;

/// How large a shop may become.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub customers: u32,
    pub days: i32,
    pub countries: u32,
    /// How often lines are sales, sales not kept, and credits.
    pub kinds: [u32; 3],
}

/// A shop that a test can afford to work out slowly.
pub const SMALL: Bounds = Bounds {
    customers: 12,
    days: DAYS,
    countries: 4,
    kinds: [8, 1, 1],
};

/// Orders may span days, credits may come before the first order or without one.
pub fn line(bounds: Bounds) -> impl Strategy<Value = Line> {
    let [sales, not_kept, credits] = bounds.kinds;
    let kind = prop_oneof![
        sales => Just(Kind::Sale),
        not_kept => Just(Kind::NotKept),
        credits => Just(Kind::Credit),
    ];
    let (customers, countries) = (0..bounds.customers, 0..bounds.countries);
    (
        customers,
        0..bounds.days,
        0..6_u32,
        0..4_000_u32,
        kind,
        countries,
    )
        .prop_map(|(customer, day, order, cents, kind, country)| {
            let amount = f64::from(cents) / 100.0;
            Line {
                customer: customer.to_string(),
                day: FIRST + day,
                // Order 0 stands for "the customer's day".
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
        })
}

pub fn shop_lines() -> impl Strategy<Value = Vec<Line>> {
    proptest::collection::vec(line(SMALL), 0..120)
}

pub fn as_of() -> impl Strategy<Value = Day> {
    FIRST - 1..FIRST + DAYS + 40
}

pub fn shop(lines: &[Line]) -> Orders {
    assemble(lines, &["country"]).unwrap()
}
