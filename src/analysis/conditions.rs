//! Evaluating rule lists: a table over the scores where that is enough, columns of truth otherwise.

use super::{
    customers::Customers,
    rfm::Scores,
    segments::{Comparison, Condition, Field, NO_SEGMENT, Rule},
};

/// Scores 0…5 in three columns.
pub(super) const SCORE_CELLS: usize = 6 * 6 * 6;

/// Place of a customer's scores in tables of [`SCORE_CELLS`] entries.
#[inline]
pub(super) fn score_cell(r: u8, f: u8, m: u8) -> usize {
    (usize::from(r) * 6 + usize::from(f)) * 6 + usize::from(m)
}

impl Condition {
    /// Whether the condition looks at scores alone.
    #[must_use]
    pub fn scores_only(&self) -> bool {
        match self {
            Self::Always => true,
            Self::Test(field, ..) => {
                matches!(field, Field::RScore | Field::FScore | Field::MScore)
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::scores_only),
        }
    }

    /// Whether a customer with these field values satisfies the condition. `All` of nothing is
    /// true, `Any` of nothing is false, and a threshold that is no number matches nobody.
    #[must_use]
    pub fn holds(&self, value: &impl Fn(Field) -> f64) -> bool {
        match self {
            Self::Always => true,
            Self::Test(field, Comparison::AtLeast, limit) => value(*field) >= *limit,
            Self::Test(field, Comparison::AtMost, limit) => value(*field) <= *limit,
            Self::All(parts) => parts.iter().all(|part| part.holds(value)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(value)),
        }
    }
}

/// Value of a rule field for one customer.
#[must_use]
pub fn field_value(customers: &Customers, scores: &Scores, field: Field, customer: usize) -> f64 {
    match field {
        Field::RScore => f64::from(scores.r[customer]),
        Field::FScore => f64::from(scores.f[customer]),
        Field::MScore => f64::from(scores.m[customer]),
        Field::RecencyDays => f64::from(customers.recency_days(customer)),
        Field::Frequency => f64::from(customers.frequency[customer]),
        Field::Monetary => customers.monetary[customer],
        Field::Aov => customers.aov(customer),
        Field::TenureDays => f64::from(customers.tenure_days(customer)),
    }
}

/// For rules that look at scores alone: the winning rule of every score cell.
pub(super) fn score_table(rules: &[Rule]) -> Option<[u8; SCORE_CELLS]> {
    if !rules.iter().all(|rule| rule.when.scores_only()) {
        return None;
    }
    let mut table = [NO_SEGMENT; SCORE_CELLS];
    for r in 1..=5_u8 {
        for f in 1..=5_u8 {
            for m in 1..=5_u8 {
                let value = |field| match field {
                    Field::RScore => f64::from(r),
                    Field::FScore => f64::from(f),
                    _ => f64::from(m),
                };
                table[score_cell(r, f, m)] = rules
                    .iter()
                    .position(|rule| rule.when.holds(&value))
                    .map_or(NO_SEGMENT, |rule| rule as u8);
            }
        }
    }
    Some(table)
}

/// Writes the winning rule of each customer from `start` on into `out`; one condition at a time over
/// the whole block, which is several times faster than one customer at a time.
pub(super) fn first_matches(
    customers: &Customers,
    scores: &Scores,
    rules: &[Rule],
    start: usize,
    out: &mut [u8],
) {
    out.fill(NO_SEGMENT);
    let block = Block {
        customers,
        scores,
        start,
        len: out.len(),
    };
    let rows = start..start + out.len();
    let mut open: Vec<bool> = customers.frequency[rows]
        .iter()
        .map(|&count| count > 0)
        .collect();
    for (rule, number) in rules.iter().zip(0_u8..) {
        let holds = block.evaluate(&rule.when);
        for ((out, open), holds) in out.iter_mut().zip(&mut open).zip(holds) {
            let wins = *open & holds;
            *out = if wins { number } else { *out };
            *open &= !holds;
        }
    }
}

/// A run of neighbouring customers.
pub(super) struct Block<'a> {
    pub customers: &'a Customers,
    pub scores: &'a Scores,
    pub start: usize,
    pub len: usize,
}

impl Block<'_> {
    /// Whether each customer of the block satisfies the condition.
    pub(super) fn evaluate(&self, condition: &Condition) -> Vec<bool> {
        match condition {
            Condition::Always => vec![true; self.len],
            Condition::Test(field, comparison, limit) => self.test(*field, *comparison, *limit),
            Condition::All(parts) => self.join(parts, true, |all, part| all & part),
            Condition::Any(parts) => self.join(parts, false, |any, part| any | part),
        }
    }

    fn join(
        &self,
        parts: &[Condition],
        none: bool,
        join: impl Fn(bool, bool) -> bool,
    ) -> Vec<bool> {
        let mut joined = vec![none; self.len];
        for part in parts {
            for (joined, part) in joined.iter_mut().zip(self.evaluate(part)) {
                *joined = join(*joined, part);
            }
        }
        joined
    }

    /// One loop per kind of column, over slices, so that the compiler can take several at a time.
    fn test(&self, field: Field, comparison: Comparison, limit: f64) -> Vec<bool> {
        let rows = self.start..self.start + self.len;
        let (customers, scores) = (self.customers, self.scores);
        let as_of = customers.as_of;
        let score = |score: &u8| f64::from(*score);
        let days = |day: &i32| f64::from(as_of.wrapping_sub(*day));
        match field {
            Field::RScore => compare(&scores.r[rows], score, comparison, limit),
            Field::FScore => compare(&scores.f[rows], score, comparison, limit),
            Field::MScore => compare(&scores.m[rows], score, comparison, limit),
            Field::RecencyDays => compare(&customers.last_day[rows], days, comparison, limit),
            Field::TenureDays => compare(&customers.first_day[rows], days, comparison, limit),
            Field::Monetary => compare(&customers.monetary[rows], |sum| *sum, comparison, limit),
            Field::Frequency => {
                let count = |count: &u32| f64::from(*count);
                compare(&customers.frequency[rows], count, comparison, limit)
            }
            Field::Aov => {
                let aov: Vec<f64> = rows.map(|row| customers.aov(row)).collect();
                compare(&aov, |aov| *aov, comparison, limit)
            }
        }
    }
}

fn compare<T>(
    column: &[T],
    value: impl Fn(&T) -> f64,
    comparison: Comparison,
    limit: f64,
) -> Vec<bool> {
    match comparison {
        Comparison::AtLeast => column.iter().map(|entry| value(entry) >= limit).collect(),
        Comparison::AtMost => column.iter().map(|entry| value(entry) <= limit).collect(),
    }
}
