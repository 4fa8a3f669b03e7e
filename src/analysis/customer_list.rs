//! What the Customers view reads: order lists, sorting by any column, searching by id, e-mail address, name.

use rayon::prelude::*;

use super::numeric::{CHUNK, ordered, ordered_day, settle};
use crate::{clusters::kmeans::NO_CLUSTER, selection::tables::Tables};
use data::day::Day;
use data::orders::{Orders, flag};

/// One order (or one credit) of a customer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderRow {
    /// Day of its first line.
    pub day: Day,
    /// Order number; an index into [`Orders::order_ids`] when the file names its orders.
    pub order: u32,
    /// What it adds to net revenue: lines not kept count 0, credits are negative.
    pub amount: f64,
    /// Amount of the lines that were not kept.
    pub amount_not_kept: f64,
    pub lines: u32,
    /// Whether any of its sale lines was kept: only then it is an order that counts.
    pub kept: bool,
    /// Credit lines stand in a row of their own.
    pub credit: bool,
    /// Days since the kept order before it; `None` for the first one and for rows that do not count.
    pub gap_days: Option<i32>,
}

/// All orders and credits of one customer before `as_of`, oldest first.
#[must_use]
pub fn customer_orders(orders: &Orders, customer: usize, as_of: Day) -> Vec<OrderRow> {
    let mut rows: Vec<OrderRow> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for line in orders.lines_before(customer, as_of) {
        let credit = orders.flags[line] & flag::CREDIT != 0;
        let not_kept = orders.flags[line] & flag::NOT_KEPT != 0;
        let place = *places
            .entry((orders.orders[line], credit))
            .or_insert_with(|| {
                rows.push(OrderRow {
                    day: orders.days[line],
                    order: orders.orders[line],
                    credit,
                    ..OrderRow::default()
                });
                rows.len() - 1
            });
        let row = &mut rows[place];
        row.lines += 1;
        if not_kept {
            row.amount_not_kept += orders.amounts[line];
        } else {
            row.amount += orders.amounts[line];
            if !credit && !row.kept {
                row.kept = true;
                row.day = orders.days[line];
            }
        }
    }
    rows.sort_by_key(|row| row.day);
    let mut last = None;
    for row in &mut rows {
        row.amount = settle(row.amount);
        row.amount_not_kept = settle(row.amount_not_kept);
        if row.kept {
            row.gap_days = last.map(|last| row.day - last);
            last = Some(row.day);
        }
    }
    rows
}

/// Columns a customer table can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// The order of the ids.
    #[default]
    Id,
    /// E-mail address in byte order; who has none comes last.
    Mail,
    /// Place of the segment in the rule list.
    Segment,
    /// Number of the kept cluster; who has none comes last.
    Cluster,
    RecencyDays,
    Frequency,
    Monetary,
    Aov,
    TenureDays,
    FirstOrder,
    LastOrder,
    RScore,
    FScore,
    MScore,
    /// Predicted value, and the chance of still being a customer; who has none comes last.
    Predicted,
    PAlive,
}

/// The given customers in the order of a column; equal ones by customer number, in both directions.
#[must_use]
pub fn sort_customers(
    tables: Tables<'_>,
    key: SortKey,
    descending: bool,
    rows: &[u32],
) -> Vec<u32> {
    let of = |row: u32| {
        let key = sort_value(tables, key, row as usize);
        if descending { !key } else { key }
    };
    if key == SortKey::Mail {
        return by_mail(tables.orders, descending, rows);
    }
    let mut keyed: Vec<(u64, u32)> = rows.par_iter().map(|&row| (of(row), row)).collect();
    keyed.par_sort_unstable();
    keyed.par_iter().map(|&(_, row)| row).collect()
}

fn by_mail(orders: &Orders, descending: bool, rows: &[u32]) -> Vec<u32> {
    let mails = orders.mail();
    let mail = |row: u32| mails.map_or("", |mails| mails.texts.get(row as usize));
    let mut keyed: Vec<(&str, u32)> = rows.par_iter().map(|&row| (mail(row), row)).collect();
    keyed.par_sort_unstable_by(|a, b| {
        let order = if descending {
            b.0.cmp(a.0)
        } else {
            a.0.cmp(b.0)
        };
        let last = a.0.is_empty().cmp(&b.0.is_empty());
        last.then(order).then(a.1.cmp(&b.1))
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

fn sort_value(tables: Tables<'_>, key: SortKey, row: usize) -> u64 {
    let customers = tables.customers;
    match key {
        SortKey::Id | SortKey::Mail => row as u64,
        SortKey::Segment => u64::from(tables.segments.segment[row]),
        SortKey::Cluster => {
            let label = tables.extras.kept_clusters.get(row);
            u64::from(label.copied().unwrap_or(NO_CLUSTER))
        }
        SortKey::RecencyDays => ordered_day(customers.recency_days(row)),
        SortKey::Frequency => u64::from(customers.frequency[row]),
        SortKey::Monetary => ordered(customers.monetary[row]),
        SortKey::Aov => ordered(customers.aov(row)),
        SortKey::TenureDays => ordered_day(customers.tenure_days(row)),
        SortKey::FirstOrder => ordered_day(customers.first_day[row]),
        SortKey::LastOrder => ordered_day(customers.last_day[row]),
        SortKey::RScore => u64::from(tables.scores.r[row]),
        SortKey::FScore => u64::from(tables.scores.f[row]),
        SortKey::MScore => u64::from(tables.scores.m[row]),
        SortKey::Predicted => known(tables.extras.predicted, row),
        SortKey::PAlive => known(tables.extras.p_alive, row),
    }
}

/// The sort value of a prediction; below all others where there is none.
fn known(column: &[f64], row: usize) -> u64 {
    let value = column.get(row).copied().filter(|value| !value.is_nan());
    ordered(value.unwrap_or(f64::NEG_INFINITY))
}

/// Those of the given customers whose id or label (e-mail address, name…) contains the text, in the order
/// given. Upper and lower case of ASCII letters are equal; blanks around the text do not count; an empty
/// text keeps all.
#[must_use]
pub fn search_customers(orders: &Orders, text: &str, rows: &[u32]) -> Vec<u32> {
    let wanted = text.trim().to_ascii_lowercase();
    if wanted.is_empty() {
        return rows.to_vec();
    }
    let found: Vec<Vec<u32>> = rows
        .par_chunks(CHUNK)
        .map(|rows| {
            let found = |row: &u32| is_called(orders, *row as usize, &wanted);
            rows.iter().copied().filter(found).collect()
        })
        .collect();
    found.concat()
}

/// The best matches for a search box: equal ids first, then ids that begin with the text, then all others
/// of [`search_customers`]; within each the order given.
#[must_use]
pub fn best_matches(orders: &Orders, text: &str, rows: &[u32], limit: usize) -> Vec<u32> {
    let wanted = text.trim().to_ascii_lowercase();
    let rank = |row: u32| {
        let id = orders.customer_ids.get(row as usize);
        let at = find_ignoring_case(id, &wanted);
        u8::from(id.len() != wanted.len()) + u8::from(at != Some(0))
    };
    let mut found: Vec<(u8, u32)> = search_customers(orders, &wanted, rows)
        .into_iter()
        .map(|row| (rank(row), row))
        .collect();
    found.sort_by_key(|&(rank, _)| rank);
    found.into_iter().take(limit).map(|(_, row)| row).collect()
}

/// Whether a customer's id or label contains a text already in lower case.
pub(super) fn is_called(orders: &Orders, customer: usize, lower: &str) -> bool {
    let contains = |text: &str| find_ignoring_case(text, lower).is_some();
    contains(orders.customer_ids.get(customer)) || label_with(orders, customer, lower).is_some()
}

/// The first label of a customer that contains a text already in lower case.
fn label_with<'a>(orders: &'a Orders, customer: usize, lower: &str) -> Option<&'a str> {
    let mut texts = orders.labels.iter().map(|label| label.texts.get(customer));
    texts.find(|text| find_ignoring_case(text, lower).is_some())
}

/// A customer found by a text: the id, and behind it the label that contains the text if the id does not.
#[must_use]
pub fn found_as(orders: &Orders, customer: usize, text: &str) -> String {
    let wanted = text.trim().to_ascii_lowercase();
    let id = orders.customer_ids.get(customer);
    match label_with(orders, customer, &wanted) {
        Some(label) if find_ignoring_case(id, &wanted).is_none() => format!("{id} ({label})"),
        _ => id.to_owned(),
    }
}

/// Byte position of a text already in lower case.
fn find_ignoring_case(text: &str, lower: &str) -> Option<usize> {
    let (text, lower) = (text.as_bytes(), lower.as_bytes());
    if lower.is_empty() {
        return Some(0);
    }
    text.windows(lower.len())
        .position(|window| window.eq_ignore_ascii_case(lower))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::orders::Label;

    #[test]
    fn ids_come_first_and_labels_say_why_they_were_found() {
        let labels = |name: &str, texts: [&str; 4]| Label {
            name: name.to_owned(),
            texts: texts.into_iter().collect(),
        };
        let orders = Orders {
            customer_ids: ["ada", "bob", "b2", "xb"].into_iter().collect(),
            labels: vec![
                labels("email", ["bee@x.org", "", "ann@x.org", ""]),
                labels("name", ["Ada", "Bob", "Ann", "Xaver"]),
            ],
            ..Orders::default()
        };
        let best = |text: &str| best_matches(&orders, text, &[0, 1, 2, 3], 9);
        assert_eq!(best(" B"), [1, 2, 0, 3]);
        assert_eq!(best("BOB"), [1]);
        assert_eq!(best("x.org"), [0, 2]);
        assert_eq!(found_as(&orders, 0, "Bee"), "ada (bee@x.org)");
        assert_eq!(found_as(&orders, 2, "ann"), "b2 (ann@x.org)");
        assert_eq!(found_as(&orders, 3, "XAV"), "xb (Xaver)");
        assert_eq!(found_as(&orders, 0, "ada"), "ada");
    }
}
