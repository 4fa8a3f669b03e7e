//! Numbers in rules that moved: which, and who lies between the old and the new ones.

use std::{ops::Range, sync::Arc};

use super::order::{Order, few};
use crate::{
    conditions::RuleInputs,
    rules::{Comparison, Condition, Field, Rule},
};

/// A test in a rule whose number is another one now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MovedTest {
    pub field: Field,
    pub comparison: Comparison,
    pub from: f64,
    pub to: f64,
}

/// More moved numbers than this are no drag.
const MOST: usize = 8;

/// What differs between two rule lists, if it is nothing but numbers that values are compared with;
/// names and styles may differ, too. Scores are compared with few numbers, and a step from one to the
/// next moves a fifth of the shop: such a change is none of these.
#[must_use]
pub fn moved_tests(before: &[Rule], now: &[Rule]) -> Option<Vec<MovedTest>> {
    let mut moved = Vec::new();
    let same = before.len() == now.len()
        && before
            .iter()
            .zip(now)
            .all(|(before, now)| compare(&before.when, &now.when, &mut moved));
    let of_values = moved.iter().all(|test| !test.field.is_score());
    (same && of_values && moved.len() <= MOST).then_some(moved)
}

/// Whether two conditions differ in numbers alone, which are collected.
fn compare(before: &Condition, now: &Condition, moved: &mut Vec<MovedTest>) -> bool {
    use Condition::{All, Any, Test};
    match (before, now) {
        (Test(field, comparison, from), Test(other, otherwise, to)) => {
            let same = (field, comparison) == (other, otherwise);
            if same && from != to {
                moved.push(MovedTest {
                    field: *field,
                    comparison: *comparison,
                    from: *from,
                    to: *to,
                });
            }
            same
        }
        (All(before), All(now)) | (Any(before), Any(now)) => {
            let mut parts = before.iter().zip(now);
            before.len() == now.len() && parts.all(|(before, now)| compare(before, now, moved))
        }
        (before, now) => before == now,
    }
}

/// Everybody between the old and the new number of some tests.
#[derive(Clone, Debug)]
pub enum Reached {
    /// Few: as neighbours in the orders of the tests' fields.
    Few(Vec<(Arc<Order>, Range<usize>)>),
    /// So many that they are better found by [walking over everybody](super::sweep).
    Many(Vec<MovedTest>),
}

impl Reached {
    /// Looks for them, with each test the customers in the order of its field.
    #[must_use]
    pub fn new<'a>(
        inputs: RuleInputs<'_>,
        moved: impl IntoIterator<Item = (&'a MovedTest, Arc<Order>)>,
    ) -> Self {
        let (mut tests, mut parts) = (Vec::new(), Vec::new());
        for (test, order) in moved {
            let split = |limit| order.split(inputs, (test.field, test.comparison), limit);
            let (from, to) = (split(test.from), split(test.to));
            tests.push(*test);
            parts.push((order, from.min(to)..from.max(to)));
        }
        let customers = parts.iter().map(|(_, places)| places.len()).sum();
        if few(customers, inputs.customers.len()) {
            Self::Few(parts)
        } else {
            Self::Many(tests)
        }
    }
}

/// Those at these places who may pass a test now that they did not, or the other way round; somebody
/// between the numbers of two tests stands here twice.
pub(super) fn rows(parts: &[(Arc<Order>, Range<usize>)]) -> impl Iterator<Item = &u32> {
    let parts = parts.iter();
    parts.flat_map(|(order, places)| order.rows(places.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::default_rules;
    use Comparison::{AtLeast, AtMost};
    use Condition::{All, Test};

    fn rules(recency_days: f64, money: f64) -> Vec<Rule> {
        let mut rules = default_rules();
        rules[0].when = All(vec![
            Test(Field::RecencyDays, AtMost, recency_days),
            Test(Field::Monetary, AtLeast, money),
        ]);
        rules
    }

    #[test]
    fn numbers_that_moved_are_named() {
        let test = |field, comparison, from, to| MovedTest {
            field,
            comparison,
            from,
            to,
        };
        let (old, new) = (rules(30.0, 100.0), rules(45.0, 90.0));
        assert_eq!(
            moved_tests(&old, &new),
            Some(vec![
                test(Field::RecencyDays, AtMost, 30.0, 45.0),
                test(Field::Monetary, AtLeast, 100.0, 90.0),
            ])
        );
        assert_eq!(moved_tests(&old, &old), Some(Vec::new()));
        // A name is no number, but nobody moves because of it.
        let mut renamed = old.clone();
        renamed[0].name = "Best".to_owned();
        assert_eq!(moved_tests(&old, &renamed), Some(Vec::new()));
    }

    #[test]
    fn other_changes_are_not_numbers_that_moved() {
        let old = rules(30.0, 100.0);
        let changed = |change: &dyn Fn(&mut Vec<Rule>)| {
            let mut new = old.clone();
            change(&mut new);
            moved_tests(&old, &new)
        };
        assert_eq!(changed(&|rules| rules.swap(0, 1)), None);
        assert_eq!(changed(&|rules| drop(rules.pop())), None);
        assert_eq!(
            changed(&|rules| rules[0].when = Test(Field::Monetary, AtLeast, 9.0)),
            None
        );
        let score = |least| Test(Field::RScore, AtLeast, least);
        let (four, three) = (score(4.0), score(3.0));
        let with = |when: &Condition| {
            let mut rules = old.clone();
            rules[1].when = when.clone();
            rules
        };
        assert_eq!(moved_tests(&with(&four), &with(&three)), None);
    }
}
