//! Two groups of customers side by side: a selection and everyone, or two selections.

use rayon::prelude::*;

use super::{
    numeric::{CHUNK, settle},
    periods::{Calendar, last_begun},
    selection::Selected,
};
use crate::selection::tables::Tables;
use data::day::Period;
use data::orders::{Attribute, Orders, flag};

/// Months of the retention curve.
pub const MONTHS: usize = 12;
/// Columns compared, and values listed per column.
const COLUMNS: usize = 3;
const VALUES: usize = 6;
/// Columns with more distinct values than this are ids or free text.
const MOST_VALUES: usize = 400;

/// A group in figures. Means and shares without customers are NaN.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    pub customers: u64,
    pub orders: u64,
    pub revenue: f64,
    /// Means over the customers.
    pub recency_days: f64,
    pub frequency: f64,
    pub monetary: f64,
    pub tenure_days: f64,
    /// Revenue ÷ orders.
    pub aov: f64,
    /// Customers with one order ÷ customers.
    pub one_time_share: f64,
    /// Mean scores, 1…5.
    pub scores: [f64; 3],
    /// Customers per segment rule.
    pub segments: Vec<u64>,
    /// Share of the customers who ordered in the *k*-th calendar month after that of their first order
    /// (entry 0 is *k* = 1), among those whose *k*-th month had ended by S; NaN where there is none.
    pub retention: [f64; MONTHS],
}

/// How revenue is spread over a column's values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnSides {
    pub name: String,
    /// Value (empty = missing), share of the first and of the second group's revenue; the values that
    /// matter most to either, in the order of the larger share.
    pub values: Vec<(String, f64, f64)>,
}

/// Both groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sides {
    pub first: Side,
    pub second: Side,
    /// Customers in both.
    pub overlap: u64,
    pub columns: Vec<ColumnSides>,
}

/// Sets two groups beside each other.
#[must_use]
pub fn sides(tables: Tables<'_>, first: &Selected, second: &Selected) -> Sides {
    let columns: Vec<&Attribute> = compared(tables.orders).collect();
    let (a, b) = rayon::join(
        || walk(tables, &columns, first),
        || walk(tables, &columns, second),
    );
    let columns = columns
        .iter()
        .zip(a.revenue.iter().zip(&b.revenue))
        .map(|(column, (a, b))| column_sides(column, a, b))
        .collect();
    Sides {
        first: side(tables, first, &a),
        second: side(tables, second, &b),
        overlap: overlap(&first.customers, &second.customers),
        columns,
    }
}

/// Coded columns with few enough values to be read as categories.
fn compared(orders: &Orders) -> impl Iterator<Item = &Attribute> {
    let useful = |attribute: &&Attribute| (2..=MOST_VALUES).contains(&attribute.values.len());
    orders.attributes.iter().filter(useful).take(COLUMNS)
}

/// What a walk over a group's lines adds up.
#[derive(Clone, Debug, Default)]
struct Walk {
    /// Per month of age: customers whose month had ended, and those of them who ordered in it.
    months: [(u64, u64); MONTHS],
    /// Net revenue per compared column and value.
    revenue: Vec<Vec<f64>>,
    recency_days: i64,
    tenure_days: i64,
    once: u64,
    scores: [u64; 3],
    segments: Vec<u64>,
}

impl Walk {
    fn empty(tables: Tables<'_>, columns: &[&Attribute]) -> Self {
        Self {
            revenue: columns
                .iter()
                .map(|column| vec![0.0; column.values.len()])
                .collect(),
            segments: vec![0; tables.segments.stats.len()],
            ..Self::default()
        }
    }

    fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.months.iter_mut().zip(other.months) {
            mine.0 += theirs.0;
            mine.1 += theirs.1;
        }
        for (mine, theirs) in self.revenue.iter_mut().zip(&other.revenue) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine += theirs;
            }
        }
        self.recency_days += other.recency_days;
        self.tenure_days += other.tenure_days;
        self.once += other.once;
        for (mine, theirs) in self.scores.iter_mut().zip(other.scores) {
            *mine += theirs;
        }
        for (mine, theirs) in self.segments.iter_mut().zip(&other.segments) {
            *mine += theirs;
        }
    }
}

/// Chunks of fixed size, added up in their order, so that sums do not depend on the threads.
fn walk(tables: Tables<'_>, columns: &[&Attribute], group: &Selected) -> Walk {
    let days = tables.orders.day_range().unwrap_or_default();
    let calendar = Calendar::new(Period::Month, days.0, days.1);
    let (last, ended) = last_begun(Period::Month, tables.customers.as_of);
    let last_ended = if ended { last } else { last - 1 };
    let parts: Vec<Walk> = group
        .customers
        .par_chunks(CHUNK)
        .map(|chunk| {
            let mut sum = Walk::empty(tables, columns);
            for &customer in chunk {
                one(
                    tables,
                    (columns, &calendar, last_ended),
                    customer as usize,
                    &mut sum,
                );
            }
            sum
        })
        .collect();
    let mut sum = Walk::empty(tables, columns);
    for part in &parts {
        sum.add(part);
    }
    sum
}

fn one(
    tables: Tables<'_>,
    (columns, calendar, last_ended): (&[&Attribute], &Calendar, i32),
    customer: usize,
    sum: &mut Walk,
) {
    let (orders, customers) = (tables.orders, tables.customers);
    sum.recency_days += i64::from(customers.recency_days(customer));
    sum.tenure_days += i64::from(customers.tenure_days(customer));
    sum.once += u64::from(customers.frequency[customer] == 1);
    let scores = tables.scores;
    for (sum, scores) in sum.scores.iter_mut().zip([&scores.r, &scores.f, &scores.m]) {
        *sum += u64::from(scores[customer]);
    }
    let segment = usize::from(tables.segments.segment[customer]);
    if let Some(count) = sum.segments.get_mut(segment) {
        *count += 1;
    }
    let first = calendar.index(customers.first_day[customer]);
    let mut ordered = [false; MONTHS];
    for line in orders.lines_before(customer, customers.as_of) {
        let net = orders.net(line);
        for (revenue, column) in sum.revenue.iter_mut().zip(columns) {
            revenue[column.codes.get(line) as usize] += net;
        }
        if orders.flags[line] & flag::ORDER_START != 0 {
            let age = calendar.index(orders.days[line]) - first;
            if let Ok(age) = usize::try_from(age - 1)
                && age < MONTHS
            {
                ordered[age] = true;
            }
        }
    }
    let seen = usize::try_from(last_ended - first).unwrap_or(0).min(MONTHS);
    for (month, ordered) in sum.months.iter_mut().zip(ordered).take(seen) {
        month.0 += 1;
        month.1 += u64::from(ordered);
    }
}

fn side(tables: Tables<'_>, group: &Selected, walk: &Walk) -> Side {
    let count = group.customers.len() as f64;
    debug_assert_eq!(walk.segments.len(), tables.segments.stats.len());
    let mean = |sum: f64| ratio(sum, count);
    Side {
        customers: group.customers.len() as u64,
        orders: group.orders,
        revenue: group.revenue,
        recency_days: mean(walk.recency_days as f64),
        frequency: mean(group.orders as f64),
        monetary: mean(group.revenue),
        tenure_days: mean(walk.tenure_days as f64),
        aov: ratio(group.revenue, group.orders as f64),
        one_time_share: mean(walk.once as f64),
        scores: walk.scores.map(|sum| mean(sum as f64)),
        segments: walk.segments.clone(),
        retention: walk
            .months
            .map(|(seen, ordered)| ratio(ordered as f64, seen as f64)),
    }
}

fn ratio(value: f64, by: f64) -> f64 {
    if by > 0.0 { value / by } else { f64::NAN }
}

fn column_sides(column: &Attribute, a: &[f64], b: &[f64]) -> ColumnSides {
    let total = |sums: &[f64]| settle(sums.iter().sum::<f64>());
    let (whole_a, whole_b) = (total(a), total(b));
    let shares = |at: usize| (ratio(settle(a[at]), whole_a), ratio(settle(b[at]), whole_b));
    let larger = |at: usize| {
        let (a, b) = shares(at);
        a.max(b)
    };
    let mut ranked: Vec<usize> = (0..a.len()).filter(|&at| larger(at) > 0.0).collect();
    ranked.sort_by(|&one, &other| larger(other).total_cmp(&larger(one)).then(one.cmp(&other)));
    let value = |at: usize| {
        let (a, b) = shares(at);
        (column.values.get(at).to_owned(), a, b)
    };
    ColumnSides {
        name: column.name.clone(),
        values: ranked.into_iter().take(VALUES).map(value).collect(),
    }
}

/// Customers in both of two ascending lists.
fn overlap(a: &[u32], b: &[u32]) -> u64 {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while let (Some(one), Some(other)) = (a.get(i), b.get(j)) {
        match one.cmp(other) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                both += 1;
                i += 1;
                j += 1;
            }
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cohort_build::cohorts,
        cohorts::CohortSpec,
        conditions::RuleInputs,
        customers::customers_as_of,
        rfm::{TieRule, score},
        rules::default_rules,
        segmenting::segment,
        selection::{Part, Selection, select, tables::Extras},
    };
    use data::lines::in_memory::{Line, assemble};
    use data::orders::Orders;

    /// As of 1 May 1970 (day 120). a: 5 Jan 10 DE, 10 Feb 20 FR, 3 Apr 30 DE · b: 20 Jan 40 FR ·
    /// c: 15 Mar 60 DE, 20 Mar 40 DE.
    fn three_customers() -> Orders {
        let line = |customer: &str, day: i32, amount: f64, country: &str| Line {
            customer: customer.to_owned(),
            day,
            amount,
            attributes: vec![country.to_owned()],
            ..Line::default()
        };
        let lines = [
            line("a", 4, 10.0, "DE"),
            line("a", 40, 20.0, "FR"),
            line("a", 92, 30.0, "DE"),
            line("b", 19, 40.0, "FR"),
            line("c", 73, 60.0, "DE"),
            line("c", 78, 40.0, "DE"),
        ];
        assemble(&lines, &["country"]).unwrap()
    }

    #[test]
    fn two_groups_worked_out_by_hand() {
        let orders = three_customers();
        let customers = customers_as_of(&orders, 120);
        let scores = score(&customers, TieRule::Share);
        let segments = segment(
            RuleInputs::without_attributes(&customers, &scores),
            &default_rules(),
        );
        let cohorts = cohorts(&orders, 120, &CohortSpec::default());
        let tables = Tables {
            orders: &orders,
            customers: &customers,
            scores: &scores,
            segments: &segments,
            cohorts: &cohorts,
            extras: Extras::default(),
        };
        let of = |ids: &[&str]| {
            let ids = ids.iter().map(|&id| id.to_owned()).collect();
            select(tables, &Selection::from(vec![Part::Customers(ids)]))
        };
        let found = sides(tables, &of(&["a", "c"]), &of(&["a", "b"]));
        assert_eq!(found.overlap, 1);
        let (first, second) = (&found.first, &found.second);
        assert_eq!(
            (first.customers, first.orders, first.revenue),
            (2, 5, 160.0)
        );
        assert_eq!(
            (second.customers, second.orders, second.revenue),
            (2, 4, 100.0)
        );
        // a: 28 and 116 days; c: 42 and 47.
        assert_eq!((first.recency_days, first.tenure_days), (35.0, 81.5));
        assert_eq!(
            (first.frequency, first.monetary, first.aov),
            (2.5, 80.0, 32.0)
        );
        assert_eq!((first.one_time_share, second.one_time_share), (0.0, 0.5));
        // a's months 1 to 3 (February to April) and c's month 1 (April) have ended. a ordered in its
        // months 1 and 3, c in none after its first.
        assert_eq!(first.retention[..3], [0.5, 0.0, 1.0]);
        assert!(first.retention[3].is_nan());
        // b began in January too and never came back.
        assert_eq!(second.retention[..3], [0.5, 0.0, 0.5]);
        assert_eq!(first.segments.iter().sum::<u64>(), 2);
        let country = &found.columns[0];
        assert_eq!(country.name, "country");
        let shares: Vec<(&str, f64, f64)> = country
            .values
            .iter()
            .map(|(value, a, b)| (value.as_str(), *a, *b))
            .collect();
        // DE: a 40 + c 100 of 160; a 40 of 100. FR: a 20 of 160; a 20 + b 40 of 100.
        assert_eq!(shares, [("DE", 0.875, 0.4), ("FR", 0.125, 0.6)]);
    }

    #[test]
    fn nobody_has_no_means_and_overlaps_nobody() {
        assert_eq!(overlap(&[1, 3, 5], &[2, 3, 5, 9]), 2);
        assert_eq!(overlap(&[], &[1]), 0);
        assert!(ratio(1.0, 0.0).is_nan());
    }
}
