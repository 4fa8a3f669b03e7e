//! The attribute tests of a rule list, answered once for all customers.
//!
//! Whether somebody ever bought in a category means walking over all of their order lines; whether
//! they are above a threshold does not. Kept apart, a threshold can be dragged beside an attribute
//! test without walking over ten million lines again.

use rayon::prelude::*;

use super::{
    clusters::{Centres, Labels, centres::is_cluster_column},
    customers::Customers,
    numeric::CHUNK,
    rules::{Condition, Rule},
};
use data::orders::{Attribute, Orders, flag};

/// A column and the values that count.
pub type Wanted = (String, Vec<String>);

/// Rules, and the kept clusters that they may ask for.
#[derive(Clone, Copy, Debug)]
pub struct RuleList<'a> {
    pub rules: &'a [Rule],
    pub clusters: Option<&'a Centres>,
}

impl<'a> RuleList<'a> {
    /// The kept clusters, if a rule asks for them.
    #[must_use]
    pub fn clusters_in_use(&self) -> Option<&'a Centres> {
        self.clusters.filter(|_| asks_for_clusters(self.rules))
    }
}

impl<'a> From<&'a [Rule]> for RuleList<'a> {
    fn from(rules: &'a [Rule]) -> Self {
        Self {
            rules,
            clusters: None,
        }
    }
}

impl<'a> From<&'a Vec<Rule>> for RuleList<'a> {
    fn from(rules: &'a Vec<Rule>) -> Self {
        Self::from(rules.as_slice())
    }
}

/// Whether a rule asks for the kept clusters.
#[must_use]
pub fn asks_for_clusters(rules: &[Rule]) -> bool {
    let wanted = AttributeTests::wanted(rules);
    wanted.iter().any(|(column, _)| is_cluster_column(column))
}

/// Which customers meet each attribute test of a rule list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributeTests {
    answers: Vec<(Wanted, Option<Vec<bool>>)>,
    /// Clusters that were asked for by names nobody has.
    unknown_clusters: Vec<String>,
}

impl AttributeTests {
    /// Bytes of all answers.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let answers = self.answers.iter();
        answers
            .filter_map(|(_, answers)| answers.as_ref())
            .map(Vec::len)
            .sum()
    }

    /// Answers to nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            answers: Vec::new(),
            unknown_clusters: Vec::new(),
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
    pub fn of<'a>(orders: &Orders, customers: &Customers, list: impl Into<RuleList<'a>>) -> Self {
        let list = list.into();
        let labels = list.clusters_in_use().map(|kept| kept.labels(customers));
        let wanted = Self::wanted(list.rules);
        Self::answer(orders, customers, wanted, labels.as_ref())
    }

    /// Answers these tests, those for the kept clusters from `labels`.
    #[must_use]
    pub fn answer(
        orders: &Orders,
        customers: &Customers,
        wanted: Vec<Wanted>,
        labels: Option<&Labels>,
    ) -> Self {
        let mut unknown_clusters = Vec::new();
        let answers = wanted
            .into_iter()
            .map(|(column, values)| {
                let answer = match labels.filter(|_| is_cluster_column(&column)) {
                    Some(labels) => {
                        let unknown = values.iter().filter(|name| !labels.names.contains(name));
                        unknown_clusters.extend(unknown.cloned());
                        Some(labels.among(&values))
                    }
                    None => answer(orders, customers, &column, &values),
                };
                ((column, values), answer)
            })
            .collect();
        unknown_clusters.sort();
        unknown_clusters.dedup();
        Self {
            answers,
            unknown_clusters,
        }
    }

    /// Per customer whether the test is met; `None` when there is no such column.
    #[must_use]
    pub fn get(&self, column: &str, values: &[String]) -> Option<&[bool]> {
        self.answers
            .iter()
            .find(|((known, listed), _)| known == column && listed == values)
            .and_then(|(_, answer)| answer.as_deref())
    }

    /// Clusters that rules name and the kept ones do not have.
    #[must_use]
    pub fn unknown_clusters(&self) -> &[String] {
        &self.unknown_clusters
    }

    /// What rules ask for and nobody can answer, in words.
    #[must_use]
    pub fn unanswered(&self) -> Vec<String> {
        let columns = self.missing_columns().into_iter().map(missing_words);
        let clusters = self.unknown_clusters.iter();
        columns
            .chain(clusters.map(|name| unknown_words(name)))
            .collect()
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

/// That a column is not there.
#[must_use]
pub fn missing_words(column: &str) -> String {
    if is_cluster_column(column) {
        "no clusters are kept here (find them under Segments, Clusters, and keep them)".to_owned()
    } else {
        format!("there is no column “{column}” in this data")
    }
}

/// That a cluster is not there.
#[must_use]
pub fn unknown_words(cluster: &str) -> String {
    format!("no kept cluster is called “{cluster}”")
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
