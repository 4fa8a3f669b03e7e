//! A made-up shop whose customers differ: rates, order values and states are drawn per customer, so
//! that what follows can be foreseen from what was.

use keepers::{
    data::day::Day,
    data::lines::in_memory::{Kind, Line, assemble},
    data::orders::Orders,
};

/// First possible day of the shop.
pub const OPENING: Day = 18_000;
/// Days the shop is open.
pub const OPEN: i32 = 1_100;

struct Draws(u64);

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as f64 + 0.5) / f64::from(1_u32 << 31)
    }
}

/// So many customers; S is the day after [`OPEN`] days.
pub fn shop(customers: usize) -> (Orders, Day) {
    let mut draws = Draws(42);
    let mut lines = Vec::new();
    for customer in 0..customers {
        let rate = 0.004 + 0.03 * draws.uniform().powi(3);
        let value = 10.0 + 90.0 * draws.uniform().powi(2);
        let leaves = 0.02 + 0.2 * draws.uniform();
        let state = ["SP", "RJ", "MG", "BA"][(draws.uniform() * 4.0) as usize];
        let mut day = draws.uniform() * 700.0;
        let mut number = 0;
        while day < f64::from(OPEN) {
            number += 1;
            let cents = (value * (0.5 + draws.uniform()) * 100.0).round();
            lines.push(Line {
                customer: format!("c{customer:05}"),
                day: OPENING + day as i32,
                order: format!("o{customer}-{number}"),
                amount: cents / 100.0,
                kind: Kind::Sale,
                attributes: vec![state.to_owned(), ((number % 3) + 1).to_string()],
            });
            if draws.uniform() < leaves {
                break;
            }
            day += 1.0 - draws.uniform().ln() / rate;
        }
    }
    let orders = assemble(&lines, &["customer_state", "payment_installments"]).unwrap();
    (orders, OPENING + OPEN)
}
