//! The attribute tests of a rule list, answered once for all customers.
//!
//! Whether somebody ever bought in a category means walking over all of their order lines; whether
//! they are above a threshold does not. Kept apart, a threshold can be dragged beside an attribute
//! test without walking over ten million lines again.

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::CHUNK,
    segments::{Condition, Rule},
};
use crate::data::orders::{Attribute, Orders, flag};

/// A column and the values that count.
pub type Wanted = (String, Vec<String>);

/// Which customers meet each attribute test of a rule list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributeTests {
    answers: Vec<(Wanted, Option<Vec<bool>>)>,
}

impl AttributeTests {
    /// Answers to nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            answers: Vec::new(),
        }
    }

    /// The different tests of these rules, in the order in which they stand there.
    #[must_use]
    pub fn wanted(rules: &[Rule]) -> Vec<Wanted> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for rule in rules {
            rule.when.visit(&mut |condition| {
                if let Condition::OneOf(column, values) | Condition::NoneOf(column, values) =
                    condition
                {
                    let test = (column.clone(), values.clone());
                    if !wanted.contains(&test) {
                        wanted.push(test);
                    }
                }
            });
        }
        wanted
    }

    /// Answers the attribute tests of these rules: a customer meets one with a kept order line of one
    /// of the values before S or, where the column describes customers, by being of one of them. The
    /// empty value stands for "missing".
    #[must_use]
    pub fn of(orders: &Orders, customers: &Customers, rules: &[Rule]) -> Self {
        Self::answer(orders, customers, Self::wanted(rules))
    }

    /// Answers these tests.
    #[must_use]
    pub fn answer(orders: &Orders, customers: &Customers, wanted: Vec<Wanted>) -> Self {
        let answers = wanted
            .into_iter()
            .map(|(column, values)| {
                let answer = answer(orders, customers, &column, &values);
                ((column, values), answer)
            })
            .collect();
        Self { answers }
    }

    /// Per customer whether the test is met; `None` when there is no such column.
    #[must_use]
    pub fn get(&self, column: &str, values: &[String]) -> Option<&[bool]> {
        self.answers
            .iter()
            .find(|((known, listed), _)| known == column && listed == values)
            .and_then(|(_, answer)| answer.as_deref())
    }

    /// Columns that rules name and the data does not have.
    #[must_use]
    pub fn missing_columns(&self) -> Vec<&str> {
        let mut missing: Vec<&str> = self
            .answers
            .iter()
            .filter(|(_, answer)| answer.is_none())
            .map(|((column, _), _)| column.as_str())
            .collect();
        missing.dedup();
        missing
    }
}

fn answer(
    orders: &Orders,
    customers: &Customers,
    column: &str,
    values: &[String],
) -> Option<Vec<bool>> {
    let codes = |attribute: &Attribute| -> Vec<bool> {
        let wanted = |text: &str| values.iter().any(|value| value == text);
        attribute.values.iter().map(wanted).collect()
    };
    if let Some(attribute) = orders.attribute(column) {
        let wanted = codes(attribute);
        return Some(each(customers, |row| {
            orders.lines_before(row, customers.as_of).any(|line| {
                wanted[attribute.codes.get(line) as usize]
                    && orders.flags[line] & (flag::NOT_KEPT | flag::CREDIT) == 0
            })
        }));
    }
    let own = orders
        .traits
        .iter()
        .find(|own| own.name.eq_ignore_ascii_case(column))?;
    let wanted = codes(own);
    Some(each(customers, |row| wanted[own.codes.get(row) as usize]))
}

fn each(customers: &Customers, holds: impl Fn(usize) -> bool + Sync) -> Vec<bool> {
    let mut answer = vec![false; customers.len()];
    answer
        .par_chunks_mut(CHUNK)
        .enumerate()
        .for_each(|(chunk, answer)| {
            for (slot, answer) in answer.iter_mut().enumerate() {
                *answer = holds(chunk * CHUNK + slot);
            }
        });
    answer
}
