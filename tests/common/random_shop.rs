//! Small random shops: orders of several lines, also on different days; returns and credits.

use keepers::data::{
    day::Day,
    lines::{Kind, Line, assemble},
    orders::Orders,
};
use proptest::prelude::*;

pub const FIRST: Day = 19_000;
pub const DAYS: i32 = 400;

pub fn line() -> impl Strategy<Value = Line> {
    let kind =
        prop_oneof![8 => Just(Kind::Sale), 1 => Just(Kind::NotKept), 1 => Just(Kind::Credit)];
    (0..12_u32, 0..DAYS, 0..6_u32, 0..4_000_u32, kind, 0..4_u32).prop_map(
        |(customer, day, order, cents, kind, country)| {
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
                attributes: vec![format!("country {country}")],
            }
        },
    )
}

pub fn shop_lines() -> impl Strategy<Value = Vec<Line>> {
    proptest::collection::vec(line(), 0..120)
}

pub fn as_of() -> impl Strategy<Value = Day> {
    FIRST - 1..FIRST + DAYS + 40
}

pub fn shop(lines: &[Line]) -> Orders {
    assemble(lines, &["country"]).unwrap()
}
