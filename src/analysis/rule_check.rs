//! What each rule of a list does there: whom it matches, wins and loses to the rules above it.

use rayon::prelude::*;

use super::{
    conditions::{Block, RuleInputs, SCORE_CELLS, holds_in_cell, score_cell},
    numeric::CHUNK,
    rules::{Comparison, Condition, Field, MAX_RULES, Rule},
};

/// What a rule does within its list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleCheck {
    /// Customers the rule would match if it stood alone.
    pub matches: u64,
    /// Customers it wins; the others are taken by earlier rules. 0 marks a rule without effect.
    pub wins: u64,
    /// Its tests exclude each other, so that it can match nobody in any data.
    pub contradicts_itself: bool,
}

/// All rules of a list together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleReport {
    /// In rule order.
    pub rules: Vec<RuleCheck>,
    /// `taken[i][j]`, *i* before *j*: customers rule *i* wins and rule *j* would match too.
    pub taken: Vec<Vec<u64>>,
    /// Customers with an order before S whom no rule matches.
    pub unmatched: u64,
    /// Fields that rules look at and that have no values.
    pub fields_without_values: Vec<Field>,
    /// What rules ask for and nobody can answer, in words: columns the data does not have, clusters
    /// that are not kept.
    pub unanswered: Vec<String>,
}

impl RuleReport {
    /// Customers who would change segment if rule `rule` and the one after it changed places: those
    /// it wins and the next one would match too.
    #[must_use]
    pub fn swapped(&self, rule: usize) -> u64 {
        let taken = self.taken.get(rule).and_then(|row| row.get(rule + 1));
        taken.copied().unwrap_or(0)
    }

    /// The rules that take customers from rule `rule`, most first: their numbers and how many.
    #[must_use]
    pub fn takers(&self, rule: usize) -> Vec<(usize, u64)> {
        let mut takers: Vec<(usize, u64)> = (0..rule)
            .map(|earlier| (earlier, self.taken[earlier][rule]))
            .filter(|&(_, customers)| customers > 0)
            .collect();
        takers.sort_by_key(|&(earlier, customers)| (std::cmp::Reverse(customers), earlier));
        takers
    }
}

/// Checks a list of rules against the customers.
#[must_use]
pub fn check_rules(inputs: RuleInputs<'_>, rules: &[Rule]) -> RuleReport {
    let rules = &rules[..rules.len().min(MAX_RULES)];
    let counts = if rules.iter().all(|rule| rule.when.scores_only()) {
        by_cells(inputs, rules)
    } else {
        by_customers(inputs, rules)
    };
    let mut fields_without_values: Vec<Field> = Vec::new();
    for rule in rules {
        rule.when.visit(&mut |condition| {
            if let Condition::Test(field, ..) = condition
                && !inputs.has(*field)
                && !fields_without_values.contains(field)
            {
                fields_without_values.push(*field);
            }
        });
    }
    RuleReport {
        rules: rules
            .iter()
            .enumerate()
            .map(|(number, rule)| RuleCheck {
                matches: counts.matches[number],
                wins: counts.wins[number],
                contradicts_itself: contradicts(&rule.when),
            })
            .collect(),
        taken: counts.taken,
        unmatched: counts.unmatched,
        fields_without_values,
        unanswered: inputs.attributes.unanswered(),
    }
}

struct Counts {
    matches: Vec<u64>,
    wins: Vec<u64>,
    taken: Vec<Vec<u64>>,
    unmatched: u64,
}

impl Counts {
    fn new(rules: usize) -> Self {
        Self {
            matches: vec![0; rules],
            wins: vec![0; rules],
            taken: vec![vec![0; rules]; rules],
            unmatched: 0,
        }
    }

    /// `customers` of whom these rules, in rule order, would match each.
    fn count(&mut self, matching: &[usize], customers: u64) {
        let Some((&winner, others)) = matching.split_first() else {
            self.unmatched += customers;
            return;
        };
        self.wins[winner] += customers;
        self.matches[winner] += customers;
        for &other in others {
            self.matches[other] += customers;
            self.taken[winner][other] += customers;
        }
    }

    fn add(mut self, other: &Self) -> Self {
        let sum = |left: &mut [u64], right: &[u64]| {
            for (left, right) in left.iter_mut().zip(right) {
                *left += right;
            }
        };
        sum(&mut self.matches, &other.matches);
        sum(&mut self.wins, &other.wins);
        for (left, right) in self.taken.iter_mut().zip(&other.taken) {
            sum(left, right);
        }
        self.unmatched += other.unmatched;
        self
    }
}

/// Rules over scores alone: only the 125 kinds of customers are looked at.
fn by_cells(inputs: RuleInputs<'_>, rules: &[Rule]) -> Counts {
    let scores = inputs.scores;
    let cell = |row: usize| {
        let cell = score_cell(scores.r[row], scores.f[row], scores.m[row]);
        (cell > 0).then_some(cell)
    };
    let sizes = super::numeric::count(inputs.customers.len(), SCORE_CELLS, cell);
    let mut counts = Counts::new(rules.len());
    for code in 0..125_u8 {
        let (r, f, m) = (code / 25 + 1, code / 5 % 5 + 1, code % 5 + 1);
        let customers = sizes[score_cell(r, f, m)];
        if customers > 0 {
            let holds = |rule: &usize| holds_in_cell(&rules[*rule].when, r, f, m);
            let matching: Vec<usize> = (0..rules.len()).filter(holds).collect();
            counts.count(&matching, customers);
        }
    }
    counts
}

fn by_customers(inputs: RuleInputs<'_>, rules: &[Rule]) -> Counts {
    let customers = inputs.customers;
    (0..customers.len().div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let start = chunk * CHUNK;
            let block = Block {
                inputs,
                start,
                len: CHUNK.min(customers.len() - start),
            };
            let holds: Vec<Vec<bool>> = rules
                .iter()
                .map(|rule| block.evaluate(&rule.when))
                .collect();
            let mut counts = Counts::new(rules.len());
            let mut matching = Vec::with_capacity(rules.len());
            for slot in (0..block.len).filter(|slot| customers.exists(start + slot)) {
                matching.clear();
                matching.extend((0..rules.len()).filter(|&rule| holds[rule][slot]));
                counts.count(&matching, 1);
            }
            counts
        })
        .reduce(|| Counts::new(rules.len()), |sum, part| sum.add(&part))
}

/// Whether tests that must all hold exclude each other: an *or* whose parts all do, an *and* with one
/// that does or with a least value above a greatest one. Finds no contradiction between an *and* and
/// the parts of an *or* inside it.
fn contradicts(condition: &Condition) -> bool {
    match condition {
        Condition::Always | Condition::NoneOf(..) => false,
        Condition::OneOf(_, values) => values.is_empty(),
        Condition::Test(field, comparison, limit) => {
            let best = if field.is_score() { 5.0 } else { f64::INFINITY };
            let worst = if field.is_score() {
                1.0
            } else {
                f64::NEG_INFINITY
            };
            match comparison {
                Comparison::AtLeast => limit.is_nan() || *limit > best,
                Comparison::AtMost => limit.is_nan() || *limit < worst,
            }
        }
        Condition::Any(parts) => parts.iter().all(contradicts),
        Condition::All(parts) => parts.iter().any(contradicts) || excludes(parts),
    }
}

/// Whether some field must be at least one value and at most a smaller one.
fn excludes(parts: &[Condition]) -> bool {
    let limits = |wanted: Field, side: Comparison| {
        parts.iter().filter_map(move |part| match part {
            Condition::Test(field, comparison, limit)
                if *field == wanted && *comparison == side =>
            {
                Some(*limit)
            }
            _ => None,
        })
    };
    Field::ALL.into_iter().any(|field| {
        let least = limits(field, Comparison::AtLeast).fold(f64::NEG_INFINITY, f64::max);
        let most = limits(field, Comparison::AtMost).fold(f64::INFINITY, f64::min);
        least > most
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(field: Field, comparison: Comparison, limit: f64) -> Condition {
        Condition::Test(field, comparison, limit)
    }

    #[test]
    fn contradictions_are_seen_and_no_others() {
        use Comparison::{AtLeast, AtMost};
        let wrong = [
            Condition::All(vec![
                test(Field::RScore, AtLeast, 4.0),
                test(Field::RScore, AtMost, 2.0),
            ]),
            test(Field::MScore, AtLeast, 6.0),
            Condition::Any(Vec::new()),
            Condition::All(vec![
                test(Field::Aov, AtLeast, 1.0),
                Condition::Any(vec![test(Field::FScore, AtMost, 0.0)]),
            ]),
            Condition::OneOf("country".to_owned(), Vec::new()),
        ];
        let right = [
            Condition::Always,
            Condition::All(Vec::new()),
            Condition::All(vec![
                test(Field::RecencyDays, AtLeast, 30.0),
                test(Field::RecencyDays, AtMost, 30.0),
            ]),
            Condition::Any(vec![
                test(Field::RScore, AtLeast, 4.0),
                test(Field::RScore, AtMost, 2.0),
            ]),
        ];
        assert!(wrong.iter().all(contradicts));
        assert!(!right.iter().any(contradicts));
    }
}
