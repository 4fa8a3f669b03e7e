//! A shop from lines held in memory: for tests, benches and programs that already have the rows.
//!
//! Loading from files has its own, faster way to the same table; the rules about order, numbering
//! and flags are those of [`Orders`].

use std::{cmp::Ordering, collections::HashSet};

use crate::{
    day::Day,
    orders::{Attribute, Codes, Orders, PoolFull, TextPool, flag},
};

/// What a line stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    #[default]
    Sale,
    /// A sale that was cancelled, returned or refunded: counts 0, is no order.
    NotKept,
    /// Lowers revenue on its own day; its amount is negative.
    Credit,
}

/// One order line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub customer: String,
    pub day: Day,
    /// Order id; empty makes the customer-day the order.
    pub order: String,
    pub amount: f64,
    pub kind: Kind,
    /// One text per attribute name given to [`assemble`]; missing ones count as empty.
    pub attributes: Vec<String>,
}

/// Sorts lines into [`Orders`], numbers orders and sets flags; the order of `lines` does not matter.
///
/// # Errors
/// [`PoolFull`] when all ids together are longer than a [`TextPool`] can hold.
pub fn assemble(lines: &[Line], attribute_names: &[&str]) -> Result<Orders, PoolFull> {
    let numeric = lines
        .iter()
        .all(|line| whole_number(&line.customer).is_some());
    let mut sorted: Vec<&Line> = lines.iter().collect();
    sorted.sort_by(|a, b| {
        compare_ids(&a.customer, &b.customer, numeric)
            .then_with(|| a.day.cmp(&b.day))
            .then_with(|| a.order.cmp(&b.order))
            .then_with(|| a.kind.cmp(&b.kind))
            .then_with(|| a.amount.total_cmp(&b.amount))
            .then_with(|| a.attributes.cmp(&b.attributes))
    });
    let mut orders = Orders::default();
    orders.offsets.push(0);
    let named = lines.iter().any(|line| !line.order.is_empty());
    let mut numbers = std::collections::HashMap::new();
    for (index, line) in sorted.iter().enumerate() {
        if index == 0 || sorted[index - 1].customer != line.customer {
            orders.customer_ids.push(&line.customer)?;
            orders.offsets.push(index as u32);
        }
        let day_as_order = if line.order.is_empty() { line.day } else { 0 };
        let key = (line.customer.as_str(), line.order.as_str(), day_as_order);
        let next = numbers.len() as u32;
        let number = *numbers.entry(key).or_insert(next);
        if number == next && named {
            orders.order_ids.push(&line.order)?;
        }
        orders.days.push(line.day);
        orders.amounts.push(line.amount);
        orders.orders.push(number);
        if let Some(end) = orders.offsets.last_mut() {
            *end = index as u32 + 1;
        }
    }
    orders.flags = flags(&sorted, &orders);
    orders.attributes = attribute_names
        .iter()
        .enumerate()
        .map(|(column, name)| attribute(&sorted, column, name))
        .collect();
    Ok(orders)
}

/// Customers in the order of [`Orders`]: by number when all ids are whole numbers, else bytewise.
fn compare_ids(a: &str, b: &str, numeric: bool) -> Ordering {
    if numeric {
        whole_number(a).cmp(&whole_number(b)).then_with(|| a.cmp(b))
    } else {
        a.cmp(b)
    }
}

fn whole_number(id: &str) -> Option<u128> {
    id.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| id.parse().ok())?
}

fn flags(sorted: &[&Line], orders: &Orders) -> Vec<u8> {
    let mut started = HashSet::new();
    let mut last_day = None;
    sorted
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let duplicate = index > 0 && sorted[index - 1] == *line;
            let duplicate = if duplicate { flag::DUPLICATE } else { 0 };
            duplicate
                | match line.kind {
                    Kind::NotKept => flag::NOT_KEPT,
                    Kind::Credit => flag::CREDIT,
                    Kind::Sale => {
                        let mut bits = 0;
                        if started.insert(orders.orders[index]) {
                            bits |= flag::ORDER_START;
                        }
                        let here = Some((&line.customer, line.day));
                        if last_day != here {
                            bits |= flag::DAY_START;
                        }
                        last_day = here;
                        bits
                    }
                }
        })
        .collect()
}

fn attribute(sorted: &[&Line], column: usize, name: &str) -> Attribute {
    let text = |line: &Line| line.attributes.get(column).cloned().unwrap_or_default();
    let mut values: Vec<String> = sorted.iter().map(|line| text(line)).collect();
    values.sort_unstable();
    values.dedup();
    let codes = sorted
        .iter()
        .map(|line| values.partition_point(|value| *value < text(line)) as u32)
        .collect();
    Attribute {
        name: name.to_owned(),
        codes: Codes::U32(codes),
        values: values.iter().map(String::as_str).collect::<TextPool>(),
    }
}
