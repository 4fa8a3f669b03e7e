//! Which customers a click selects: parts of one kind widen a selection, different kinds narrow it.

use std::borrow::Cow;

use hashbrown::HashSet;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    cohorts::{CohortSpec, CohortTable, NO_ROW, cohorts},
    numeric::{CHUNK, settle},
    segments::Segmentation,
};
use crate::data::{
    day::Day,
    orders::{Attribute, Codes, flag},
};

/// One removable part of a selection.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Customers won by the rule of this name.
    Segment(String),
    /// A cohort row; with an age, only those who ordered in that period.
    Cohort {
        spec: CohortSpec,
        key: i64,
        label: String,
        age: Option<u32>,
    },
    /// Customers with these recency and frequency scores (1…5).
    RfCell { r: u8, f: u8 },
    /// Named customers, by id.
    Customers(Vec<String>),
    /// Customers with a kept line of this value before S, or who are of this value themselves, where
    /// the column of this name is one of the customers. The empty value means "missing".
    Attribute { name: String, value: String },
}

impl Part {
    /// Whether two parts widen each other: both are of one kind and, for columns, of one column.
    fn widens(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Attribute { name, .. }, Self::Attribute { name: other, .. }) => {
                name.eq_ignore_ascii_case(other)
            }
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// Chips in the top bar; empty = everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Selection {
    pub parts: Vec<Part>,
}

/// The customers a selection holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selected {
    /// Customer numbers, ascending.
    pub customers: Vec<u32>,
    pub orders: u64,
    pub revenue: f64,
}

/// Tables a selection is resolved against.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    pub orders: &'a crate::data::orders::Orders,
    pub customers: &'a super::customers::Customers,
    pub scores: &'a super::rfm::Scores,
    pub segments: &'a Segmentation,
    pub cohorts: &'a CohortTable,
}

/// Customers that match the selection; everyone with an order before S when it has no part.
///
/// Parts of one kind widen it (VIP *or* Loyal), parts of different kinds narrow it (VIP *and* first
/// ordered in January): what a person means who clicks two segments, then a cohort. Two columns are
/// two kinds: fashion *or* beauty, *and* Austria.
///
/// A part that names what does not exist (a segment renamed since, an unknown customer) matches
/// nobody. A cohort part of another period or other rows than the table at hand is worked out anew.
#[must_use]
pub fn select(tables: Tables<'_>, selection: &Selection) -> Selected {
    let groups = grouped(tables, selection);
    let matches = |row| {
        let any = |tests: &Vec<Test<'_>>| tests.iter().any(|test| test.holds(tables, row));
        tables.customers.exists(row) && groups.iter().all(any)
    };
    let count = tables.customers.len();
    let parts: Vec<Selected> = (0..count.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut part = Selected::default();
            for row in chunk * CHUNK..count.min((chunk + 1) * CHUNK) {
                if matches(row) {
                    part.customers.push(row as u32);
                    part.orders += u64::from(tables.customers.frequency[row]);
                    part.revenue += tables.customers.monetary[row];
                }
            }
            part
        })
        .collect();
    let mut selected = Selected {
        customers: Vec::with_capacity(parts.iter().map(|part| part.customers.len()).sum()),
        ..Selected::default()
    };
    for part in parts {
        selected.customers.extend(part.customers);
        selected.orders += part.orders;
        selected.revenue += part.revenue;
    }
    selected.revenue = settle(selected.revenue);
    selected
}

/// The parts, those of one kind together.
fn grouped<'a>(tables: Tables<'a>, selection: &'a Selection) -> Vec<Vec<Test<'a>>> {
    let mut kinds: Vec<&Part> = Vec::new();
    let mut groups: Vec<Vec<Test<'a>>> = Vec::new();
    for part in &selection.parts {
        let test = Test::new(tables, part);
        if let Some(group) = kinds.iter().position(|known| known.widens(part)) {
            groups[group].push(test);
        } else {
            kinds.push(part);
            groups.push(vec![test]);
        }
    }
    groups
}

/// A part made ready to be asked a million times.
enum Test<'a> {
    /// Numbers of the rules with the wanted name.
    Segment([bool; 256]),
    Cohort {
        table: Cow<'a, CohortTable>,
        row: u32,
        age: Option<u32>,
    },
    RfCell {
        r: u8,
        f: u8,
    },
    Ids(HashSet<&'a str>),
    /// Code of the value among the lines' codes.
    LineValue(&'a Codes, u32),
    /// Code of the value among the customers' codes.
    OwnValue(&'a Codes, u32),
    Nobody,
}

impl<'a> Test<'a> {
    fn new(tables: Tables<'a>, part: &'a Part) -> Self {
        match part {
            Part::Segment(name) => {
                let mut wanted = [false; 256];
                for (stats, wanted) in tables.segments.stats.iter().zip(&mut wanted) {
                    *wanted = stats.name == *name;
                }
                Self::Segment(wanted)
            }
            Part::Cohort { spec, key, age, .. } => {
                let as_of = tables.customers.as_of;
                let table = if tables.cohorts.spec == *spec && tables.cohorts.as_of == as_of {
                    Cow::Borrowed(tables.cohorts)
                } else {
                    Cow::Owned(cohorts(tables.orders, as_of, spec))
                };
                // One below NO_ROW is the row of nobody.
                let row = table
                    .row_with_key(*key)
                    .map_or(NO_ROW - 1, |row| row as u32);
                Self::Cohort {
                    table,
                    row,
                    age: *age,
                }
            }
            Part::RfCell { r, f } => Self::RfCell { r: *r, f: *f },
            Part::Customers(ids) => Self::Ids(ids.iter().map(String::as_str).collect()),
            Part::Attribute { name, value } => Self::column(tables, name, value),
        }
    }

    fn column(tables: Tables<'a>, name: &str, value: &str) -> Self {
        let code = |attribute: &Attribute| {
            let place = attribute.values.iter().position(|text| text == value)?;
            u32::try_from(place).ok()
        };
        if let Some(attribute) = tables.orders.attribute(name) {
            return code(attribute)
                .map_or(Self::Nobody, |code| Self::LineValue(&attribute.codes, code));
        }
        let own = tables
            .orders
            .traits
            .iter()
            .find(|own| own.name.eq_ignore_ascii_case(name));
        own.and_then(|own| Some(Self::OwnValue(&own.codes, code(own)?)))
            .unwrap_or(Self::Nobody)
    }

    fn holds(&self, tables: Tables<'_>, row: usize) -> bool {
        match self {
            Self::Segment(wanted) => wanted[usize::from(tables.segments.segment[row])],
            Self::Cohort {
                table,
                row: cohort,
                age,
            } => {
                table.row_of[row] == *cohort
                    && age.is_none_or(|age| ordered_at(tables, table, row, age))
            }
            Self::RfCell { r, f } => tables.scores.r[row] == *r && tables.scores.f[row] == *f,
            Self::Ids(ids) => ids.contains(tables.orders.customer_ids.get(row)),
            Self::LineValue(codes, code) => {
                let orders = tables.orders;
                orders
                    .lines_before(row, tables.customers.as_of)
                    .any(|line| {
                        codes.get(line) == *code
                            && orders.flags[line] & (flag::NOT_KEPT | flag::CREDIT) == 0
                    })
            }
            Self::OwnValue(codes, code) => codes.get(row) == *code,
            Self::Nobody => false,
        }
    }
}

/// Whether the customer has a kept order in the period `age` periods after the first one.
fn ordered_at(tables: Tables<'_>, table: &CohortTable, customer: usize, age: u32) -> bool {
    let period = table.spec.period;
    let first = period.index(tables.customers.first_day[customer]);
    let Some(wanted) = i32::try_from(age)
        .ok()
        .and_then(|age| first.checked_add(age))
    else {
        return false;
    };
    let days: std::ops::Range<Day> = period.first_day(wanted)..period.first_day(wanted + 1);
    tables
        .orders
        .lines_before(customer, tables.customers.as_of.min(days.end))
        .rev()
        .take_while(|&line| tables.orders.days[line] >= days.start)
        .any(|line| tables.orders.flags[line] & flag::ORDER_START != 0)
}
