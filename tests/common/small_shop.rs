//! A shop small enough to work out every number by hand.
//!
//! | customer | lines |
//! | --- | --- |
//! | 1 | 5 Jan A1 10.00 + 5.00 (DE) · 10 Feb A2 20.00 · 2 Apr A3 30.00 |
//! | 2 | 20 Jan B1 100.00 (FR) · 15 Feb credit −40.00 |
//! | 3 | 1 Feb C1 50.00 not kept (FR) · 20 Feb C2 25.00 (DE) |
//! | 4 | 1 Mar credit −7.00: makes nobody a customer |
//! | 5 | 10 Apr E1 12.00 (FR) · 20 Apr E2 99.00: after S |
//! | 10 | 15 Jan credit −3.00: before the first order · 5 Mar J1 40.00 and J2 8.00 (DE) · 20 Mar J3 40.00 not kept |
//!
//! S is 16 April 2024: January to March have ended, April is running.

use keepers::{
    data::day::{Day, parse_iso},
    data::lines::in_memory::{Kind, Line, assemble},
    data::orders::Orders,
};

pub fn day(text: &str) -> Day {
    parse_iso(&format!("2024-{text}")).unwrap()
}

pub fn as_of() -> Day {
    day("04-16")
}

pub fn lines() -> Vec<Line> {
    let line = |customer: &str, date, order: &str, amount, kind, country: &str| Line {
        customer: customer.to_owned(),
        day: day(date),
        order: order.to_owned(),
        amount,
        kind,
        attributes: vec![country.to_owned()],
    };
    vec![
        line("1", "01-05", "A1", 10.0, Kind::Sale, "DE"),
        line("1", "01-05", "A1", 5.0, Kind::Sale, "DE"),
        line("1", "02-10", "A2", 20.0, Kind::Sale, "FR"),
        line("1", "04-02", "A3", 30.0, Kind::Sale, "DE"),
        line("2", "01-20", "B1", 100.0, Kind::Sale, "FR"),
        line("2", "02-15", "CB1", -40.0, Kind::Credit, "FR"),
        line("3", "02-01", "C1", 50.0, Kind::NotKept, "FR"),
        line("3", "02-20", "C2", 25.0, Kind::Sale, "DE"),
        line("4", "03-01", "CD1", -7.0, Kind::Credit, "FR"),
        line("5", "04-10", "E1", 12.0, Kind::Sale, "FR"),
        line("5", "04-20", "E2", 99.0, Kind::Sale, "FR"),
        line("10", "01-15", "CJ0", -3.0, Kind::Credit, "FR"),
        line("10", "03-05", "J1", 40.0, Kind::Sale, "DE"),
        line("10", "03-05", "J2", 8.0, Kind::Sale, "DE"),
        line("10", "03-20", "J3", 40.0, Kind::NotKept, "DE"),
    ]
}

pub fn shop() -> Orders {
    assemble(&lines(), &["country"]).unwrap()
}
