//! Which customers a click selects: parts of one kind widen a selection, different kinds narrow it,
//! unless the person says otherwise. A part may be negated.
//!
//! [`part`] holds what can be selected, [`matching`] how a part is asked a million times.

use std::ops;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::numeric::{CHUNK, settle};

mod matching;
pub mod part;
#[cfg(test)]
mod sales_tests;
pub mod tables;
#[cfg(test)]
mod tests;

use matching::Test;
pub use part::{Axis, Fate, Outline, Part, Quantity, Range, Value};
use tables::Tables;

/// How the parts of a selection go together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// Parts of one kind widen (VIP *or* Loyal), kinds narrow (*and* first ordered in January); a
    /// negated part always narrows: what a person means who clicks two segments, then a cohort.
    #[default]
    Kinds,
    /// Customers for whom any part holds.
    Any,
    /// Customers for whom every part holds.
    All,
}

/// Chips in the top bar; empty = everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Selection {
    pub parts: Vec<Part>,
    pub combine: Combine,
}

impl From<Vec<Part>> for Selection {
    /// Parts that go together as usual.
    fn from(parts: Vec<Part>) -> Self {
        Self {
            parts,
            combine: Combine::default(),
        }
    }
}

impl Selection {
    /// Whether nothing is selected, that is: everyone.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether a part looks at [`Extras`].
    #[must_use]
    pub fn needs_extras(&self) -> bool {
        let needs = |part: &Part| {
            let mut part = part;
            while let Part::Not(inner) = part {
                part = inner;
            }
            matches!(part, Part::Move { .. } | Part::Cluster { .. })
        };
        self.parts.iter().any(needs)
    }

    /// The parts in groups: within a group one that holds is enough, every group must hold. The
    /// words of a selection follow the same groups as its customers.
    #[must_use]
    pub fn groups(&self) -> Vec<Vec<&Part>> {
        match self.combine {
            Combine::Any => vec![self.parts.iter().collect()],
            Combine::All => self.parts.iter().map(|part| vec![part]).collect(),
            Combine::Kinds => {
                let mut groups: Vec<Vec<&Part>> = Vec::new();
                for part in &self.parts {
                    let widened = groups.iter_mut().find(|group| group[0].widens(part));
                    match widened {
                        Some(group) => group.push(part),
                        None => groups.push(vec![part]),
                    }
                }
                groups
            }
        }
    }
}

/// The customers a selection holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selected {
    /// Customer numbers, ascending.
    pub customers: Vec<u32>,
    pub orders: u64,
    pub revenue: f64,
}

/// Customers that match the selection; everyone with an order before S when it has no part.
///
/// [`Combine`] says how parts go together. Two columns are two kinds: fashion *or* beauty, *and*
/// Austria.
///
/// A part that names what does not exist (a segment renamed since, an unknown customer) matches
/// nobody. A cohort part of another period or other rows than the table at hand is worked out anew.
#[must_use]
pub fn select(tables: Tables<'_>, selection: &Selection) -> Selected {
    let groups: Vec<Vec<Test<'_>>> = selection
        .groups()
        .into_iter()
        // Without a part nothing is asked, however parts would go together.
        .filter(|parts| !parts.is_empty())
        .map(|parts| {
            parts
                .into_iter()
                .map(|part| Test::new(tables, part))
                .collect()
        })
        .collect();
    let count = tables.customers.len();
    let parts: Vec<Selected> = (0..count.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let rows = chunk * CHUNK..count.min((chunk + 1) * CHUNK);
            selected_of(tables, &groups, rows)
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

/// The customers among these rows for whom a test of every group holds. Group after group and test after
/// test, not row after row: what a drag asks at every step is then a walk over a few plain columns.
fn selected_of(tables: Tables<'_>, groups: &[Vec<Test<'_>>], rows: ops::Range<usize>) -> Selected {
    let customers = tables.customers;
    let frequency = &customers.frequency[rows.clone()];
    let mut held: Vec<bool> = frequency.iter().map(|&orders| orders > 0).collect();
    let mut any = vec![false; held.len()];
    for group in groups {
        any.fill(false);
        for test in group {
            test.mark(tables, rows.start, (&held, &mut any));
        }
        std::mem::swap(&mut held, &mut any);
    }
    let mut selected = Selected::default();
    for (row, _) in rows.zip(held).filter(|(_, held)| *held) {
        selected.customers.push(row as u32);
        selected.orders += u64::from(customers.frequency[row]);
        selected.revenue += customers.monetary[row];
    }
    selected
}
