//! A small random shop and what is true of it.

use std::collections::BTreeSet;

use super::plan::{Ids, Plan, Refunds, Total};
use crate::random::Rng;
use data::day::{Day, civil, from_civil};

pub(super) const PRODUCTS: usize = 12;

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    Cancelled,
    Failed,
    Pending,
    Refunded,
}

#[derive(Clone, Copy)]
pub(super) struct Line {
    pub product: usize,
    pub quantity: i64,
    pub unit_cents: i64,
}

impl Line {
    pub(super) fn cents(&self) -> i64 {
        self.quantity * self.unit_cents
    }
}

pub(super) struct Order {
    /// Place among all orders by time, from 0.
    pub number: usize,
    pub customer: usize,
    pub day: Day,
    pub minute: u16,
    pub lines: Vec<Line>,
    pub fate: Fate,
    /// Money that went back, of the first line: less than that line, never of an order not kept.
    pub refund: i64,
    pub refund_day: Day,
    pub currency: &'static str,
}

impl Order {
    pub(super) fn cents(&self) -> i64 {
        self.lines.iter().map(Line::cents).sum()
    }
}

pub(super) struct Customer {
    pub id: String,
    pub mail: String,
    pub name: String,
    pub city: String,
    pub born: Day,
}

pub(super) struct Shop {
    pub customers: Vec<Customer>,
    /// By time.
    pub orders: Vec<Order>,
    pub last_day: Day,
}

impl Shop {
    pub(super) fn draw(plan: &Plan, rng: &mut Rng) -> Self {
        let start = from_civil(2015, 1, 1).unwrap_or_default() + rng.below(3_200) as Day;
        let span = 60 + rng.below(840);
        let customers = (0..plan.customers)
            .map(|number| customer(plan, number, rng))
            .collect();
        let mut orders = Vec::new();
        for customer in 0..plan.customers {
            for _ in 0..=rng.geometric(1.2, 12) {
                let day = start + rng.below(span) as Day;
                let day = if plan.ambiguous_dates {
                    low_day(day)
                } else {
                    day
                };
                orders.push(order(plan, customer, day, rng));
            }
        }
        orders.sort_by_key(|order| (order.day, order.minute, order.customer));
        let last_day = orders.last().map_or(start, |order| order.day);
        for (number, order) in orders.iter_mut().enumerate() {
            order.number = number;
            let room = (last_day - order.day).min(15) as usize;
            if !plan.ambiguous_dates {
                order.refund_day = order.day + rng.below(room + 1) as Day;
            }
        }
        Self {
            customers,
            orders,
            last_day,
        }
    }

    /// Whether no date of the files is in the thirteenth or later of a month.
    pub(super) fn fits_both_orders(&self) -> bool {
        let back = |order: &Order| {
            if order.refund > 0 {
                order.refund_day
            } else {
                order.day
            }
        };
        let days = self
            .orders
            .iter()
            .flat_map(|order| [order.day, back(order)]);
        let mut parts = days.map(civil);
        parts.clone().all(|(_, _, day)| day <= 12) && parts.any(|(_, month, day)| month != day)
    }

    pub(super) fn truth(&self, plan: &Plan) -> Figures {
        let kept: Vec<&Order> = self
            .orders
            .iter()
            .filter(|order| order.fate == Fate::Kept)
            .collect();
        let customers: BTreeSet<usize> = kept.iter().map(|order| order.customer).collect();
        let days: BTreeSet<(usize, Day)> = kept
            .iter()
            .map(|order| (order.customer, order.day))
            .collect();
        let mut worth = vec![0; self.customers.len()];
        for order in &kept {
            worth[order.customer] += order.cents() - order.refund;
        }
        Figures {
            customers: customers.len() as u64,
            orders: if plan.order_ids {
                kept.len()
            } else {
                days.len()
            } as u64,
            net_cents: kept.iter().map(|order| order.cents() - order.refund).sum(),
            best_cents: worth.into_iter().max().unwrap_or_default(),
            first: kept.first().map_or(0, |order| order.day),
            last: kept.last().map_or(0, |order| order.day),
        }
    }
}

/// A day near this one, in the first twelve of its month.
fn low_day(day: Day) -> Day {
    let (year, month, day_of_month) = civil(day);
    from_civil(year, month, 1 + day_of_month % 12).unwrap_or(day)
}

fn order(plan: &Plan, customer: usize, day: Day, rng: &mut Rng) -> Order {
    let count = if plan.lines {
        1 + rng.geometric(0.9, 4)
    } else {
        1
    };
    let lines: Vec<Line> = (0..count).map(|_| line(plan, rng)).collect();
    let fate = if plan.statuses {
        fate(plan, rng)
    } else {
        Fate::Kept
    };
    let partly = matches!(
        plan.refunds,
        Refunds::Rows | Refunds::Column | Refunds::Table
    );
    let first = lines[0];
    let refund = if partly && fate == Fate::Kept && rng.chance(0.12) {
        // Of whole pieces where rows count pieces, else of any part of the line.
        match (plan.refunds, plan.total) {
            (Refunds::Rows, Total::EachLine) => first.unit_cents,
            _ => (first.cents() as f64 * (0.2 + 0.6 * rng.uniform())) as i64,
        }
    } else {
        0
    };
    let currency = if plan.mixed_currencies && rng.chance(0.3) {
        "USD"
    } else {
        "EUR"
    };
    Order {
        number: 0,
        customer,
        day,
        minute: 480 + rng.below(800) as u16,
        lines,
        fate,
        refund,
        refund_day: day,
        currency,
    }
}

fn fate(plan: &Plan, rng: &mut Rng) -> Fate {
    let refunded = if plan.refunds == Refunds::Status {
        0.08
    } else {
        0.0
    };
    [
        Fate::Kept,
        Fate::Cancelled,
        Fate::Failed,
        Fate::Pending,
        Fate::Refunded,
    ][rng.pick([0.86, 0.06, 0.03, 0.03, refunded].into_iter())]
}

fn line(plan: &Plan, rng: &mut Rng) -> Line {
    if plan.ambiguous_amounts {
        return Line {
            product: rng.below(PRODUCTS),
            quantity: 1,
            unit_cents: 100 * (1_000 + rng.below(9_000) as i64),
        };
    }
    let unit_cents = match rng.below(10) {
        0 => 100 * (1 + rng.below(60) as i64),
        1 => 30_000 + rng.below(400_000) as i64,
        _ => 199 + rng.below(15_000) as i64,
    };
    Line {
        product: rng.below(PRODUCTS),
        quantity: 1 + i64::from(rng.geometric(0.5, 6)),
        unit_cents,
    }
}

const NAMES: [&str; 6] = ["Anna", "Ben", "Clara", "David", "Eva", "Felix"];

fn customer(plan: &Plan, number: usize, rng: &mut Rng) -> Customer {
    let name = NAMES[rng.below(NAMES.len())];
    let mail = format!("{}.{number}@example.org", name.to_ascii_lowercase());
    let long = plan.id_damage == super::plan::IdDamage::Rounded;
    let id = match plan.ids {
        // So long that a spreadsheet writes `1.23457E+11`, and so near that it merges some.
        Ids::Number if long => (410_000_000_000 + 137_000 * number as u64).to_string(),
        Ids::Number => (1_001 + 7 * number).to_string(),
        // About half begin with zeros; no two are alike without them.
        Ids::Padded => format!("{:06}", 1 + 2_003 * number),
        Ids::Code => format!("KX-{:05}", 11 + 3 * number),
        Ids::Hex => {
            let digits = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            format!("c{:015x}", digits >> 4)
        }
        Ids::Mail => mail.clone(),
    };
    Customer {
        id,
        mail,
        name: format!("{name} {number}"),
        city: format!("City {}", rng.below(20)),
        born: from_civil(1950, 1, 1).unwrap_or_default() + rng.below(18_000) as Day,
    }
}

/// What an expert who knows the shop must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    pub customers: u64,
    pub orders: u64,
    pub net_cents: i64,
    /// Of the customer with the highest net revenue: whether money is with who paid it.
    pub best_cents: i64,
    pub first: Day,
    pub last: Day,
}
