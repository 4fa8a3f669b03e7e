//! Evaluating rule lists: a table over the scores where that is enough, columns of truth otherwise.

use super::{
    attribute_tests::AttributeTests,
    customers::Customers,
    rfm::Scores,
    rules::{Comparison, Condition, Field, NO_SEGMENT, Rule},
};

/// Scores 0…5 in three columns.
pub(super) const SCORE_CELLS: usize = 6 * 6 * 6;

/// Place of a customer's scores in tables of [`SCORE_CELLS`] entries.
#[inline]
pub(super) fn score_cell(r: u8, f: u8, m: u8) -> usize {
    (usize::from(r) * 6 + usize::from(f)) * 6 + usize::from(m)
}

/// Every column that rules may look at. Row *i* of each is customer *i* of the orders.
#[derive(Clone, Copy)]
pub struct RuleInputs<'a> {
    pub customers: &'a Customers,
    pub scores: &'a Scores,
    /// The attribute tests of the rules, worked out for these customers
    /// ([`AttributeTests::of`]): a test that is not among them matches nobody.
    pub attributes: &'a AttributeTests,
    /// Predicted value per customer; `None` before a model was trained.
    pub predicted_value: Option<&'a [f64]>,
    /// Probability of being alive, 0…1, per customer; `None` before a model was trained.
    pub p_alive: Option<&'a [f64]>,
}

impl<'a> RuleInputs<'a> {
    /// Inputs without predictions: rules that look at those match nobody.
    #[must_use]
    pub fn new(
        customers: &'a Customers,
        scores: &'a Scores,
        attributes: &'a AttributeTests,
    ) -> Self {
        Self {
            customers,
            scores,
            attributes,
            predicted_value: None,
            p_alive: None,
        }
    }

    /// Inputs for rules that look neither at attributes nor at predictions.
    #[must_use]
    pub fn without_attributes(customers: &'a Customers, scores: &'a Scores) -> Self {
        static NONE: AttributeTests = AttributeTests::none();
        Self::new(customers, scores, &NONE)
    }

    /// Value of a field for one customer; not a number where there is none.
    #[must_use]
    pub fn value(&self, field: Field, customer: usize) -> f64 {
        let (customers, scores) = (self.customers, self.scores);
        let predicted = |column: Option<&[f64]>| {
            let value = column.and_then(|column| column.get(customer));
            value.copied().unwrap_or(f64::NAN)
        };
        match field {
            Field::RScore => f64::from(scores.r[customer]),
            Field::FScore => f64::from(scores.f[customer]),
            Field::MScore => f64::from(scores.m[customer]),
            Field::RecencyDays => f64::from(customers.recency_days(customer)),
            Field::Frequency => f64::from(customers.frequency[customer]),
            Field::Monetary => customers.monetary[customer],
            Field::Aov => customers.aov(customer),
            Field::TenureDays => f64::from(customers.tenure_days(customer)),
            Field::PredictedValue => predicted(self.predicted_value),
            Field::PAlive => predicted(self.p_alive),
        }
    }

    /// Whether there are values of this field at all.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::PredictedValue => self.predicted_value.is_some(),
            Field::PAlive => self.p_alive.is_some(),
            _ => true,
        }
    }
}

/// What a condition asks about one customer.
pub trait Subject {
    /// Value of a field; not a number where there is none, which fails every test.
    fn number(&self, field: Field) -> f64;

    /// Whether the customer has one of these values in this column; `None` when there is no such
    /// column.
    fn has_one_of(&self, column: &str, values: &[String]) -> Option<bool>;
}

/// One customer of the inputs, optionally with another score than its own.
pub(super) struct Row<'a> {
    pub inputs: RuleInputs<'a>,
    pub customer: usize,
    pub instead: Option<(Field, u8)>,
}

impl Subject for Row<'_> {
    fn number(&self, field: Field) -> f64 {
        match self.instead {
            Some((replaced, score)) if replaced == field => f64::from(score),
            _ => self.inputs.value(field, self.customer),
        }
    }

    fn has_one_of(&self, column: &str, values: &[String]) -> Option<bool> {
        Some(self.inputs.attributes.get(column, values)?[self.customer])
    }
}

/// Scores alone.
struct Cell {
    r: u8,
    f: u8,
    m: u8,
}

impl Subject for Cell {
    fn number(&self, field: Field) -> f64 {
        match field {
            Field::RScore => f64::from(self.r),
            Field::FScore => f64::from(self.f),
            Field::MScore => f64::from(self.m),
            _ => f64::NAN,
        }
    }

    fn has_one_of(&self, _: &str, _: &[String]) -> Option<bool> {
        None
    }
}

impl Condition {
    /// Whether the condition looks at scores alone.
    #[must_use]
    pub fn scores_only(&self) -> bool {
        match self {
            Self::Always => true,
            Self::Test(field, ..) => field.is_score(),
            Self::OneOf(..) | Self::NoneOf(..) => false,
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::scores_only),
        }
    }

    /// Whether any part looks at what a model predicts.
    #[must_use]
    pub fn looks_at_predictions(&self) -> bool {
        match self {
            Self::Always | Self::OneOf(..) | Self::NoneOf(..) => false,
            Self::Test(field, ..) => field.is_predicted(),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::looks_at_predictions),
        }
    }

    /// Whether a customer satisfies the condition. `All` of nothing is true, `Any` of nothing is
    /// false. What cannot be answered matches nobody: a threshold that is no number, a field without
    /// values, a column that does not exist.
    #[must_use]
    pub fn holds(&self, subject: &impl Subject) -> bool {
        match self {
            Self::Always => true,
            Self::Test(field, Comparison::AtLeast, limit) => subject.number(*field) >= *limit,
            Self::Test(field, Comparison::AtMost, limit) => subject.number(*field) <= *limit,
            Self::OneOf(column, values) => subject.has_one_of(column, values) == Some(true),
            Self::NoneOf(column, values) => subject.has_one_of(column, values) == Some(false),
            Self::All(parts) => parts.iter().all(|part| part.holds(subject)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(subject)),
        }
    }

    /// Calls `change` with every test in this condition, in the order of [`Self::visit`]; its number
    /// can be set.
    pub fn visit_tests(&mut self, change: &mut impl FnMut(Field, Comparison, &mut f64)) {
        match self {
            Self::Test(field, comparison, limit) => change(*field, *comparison, limit),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.visit_tests(change);
                }
            }
            _ => {}
        }
    }

    /// Calls `visit` with this condition and every one inside it.
    pub fn visit<'a>(&'a self, visit: &mut impl FnMut(&'a Condition)) {
        visit(self);
        if let Self::All(parts) | Self::Any(parts) = self {
            for part in parts {
                part.visit(visit);
            }
        }
    }
}

/// The first rule that matches.
pub(super) fn winner(rules: &[Rule], subject: &impl Subject) -> u8 {
    rules
        .iter()
        .position(|rule| rule.when.holds(subject))
        .map_or(NO_SEGMENT, |rule| rule as u8)
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
                table[score_cell(r, f, m)] = winner(rules, &Cell { r, f, m });
            }
        }
    }
    Some(table)
}

/// Whether a condition over scores holds in the cell of these scores.
pub(super) fn holds_in_cell(condition: &Condition, r: u8, f: u8, m: u8) -> bool {
    condition.holds(&Cell { r, f, m })
}

/// Writes the winning rule of each customer from `start` on into `out`, one condition at a time over
/// the whole run: where much is left to ask of everybody, quicker than one customer at a time.
pub(super) fn first_matches(inputs: RuleInputs<'_>, rules: &[Rule], start: usize, out: &mut [u8]) {
    out.fill(NO_SEGMENT);
    let block = Block {
        inputs,
        start,
        len: out.len(),
    };
    let mut open: Vec<bool> = (start..start + out.len())
        .map(|row| inputs.customers.exists(row))
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
    pub inputs: RuleInputs<'a>,
    pub start: usize,
    pub len: usize,
}

impl Block<'_> {
    /// Whether each customer of the block satisfies the condition.
    pub(super) fn evaluate(&self, condition: &Condition) -> Vec<bool> {
        match condition {
            Condition::Always => vec![true; self.len],
            Condition::Test(field, comparison, limit) => self.test(*field, *comparison, *limit),
            Condition::OneOf(column, values) => self.attribute(column, values, true),
            Condition::NoneOf(column, values) => self.attribute(column, values, false),
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

    fn attribute(&self, column: &str, values: &[String], wanted: bool) -> Vec<bool> {
        match self.inputs.attributes.get(column, values) {
            Some(holds) => holds[self.start..self.start + self.len]
                .iter()
                .map(|&holds| holds == wanted)
                .collect(),
            None => vec![false; self.len],
        }
    }

    /// One loop per kind of column, over slices, so that the compiler can take several at a time.
    pub(super) fn test(&self, field: Field, comparison: Comparison, limit: f64) -> Vec<bool> {
        let rows = self.start..self.start + self.len;
        let (customers, scores) = (self.inputs.customers, self.inputs.scores);
        let as_of = customers.as_of;
        let score = |score: &u8| f64::from(*score);
        let days = |day: &i32| f64::from(as_of.wrapping_sub(*day));
        let predicted = |column: Option<&[f64]>| match column {
            Some(column) => compare(&column[rows.clone()], |value| *value, comparison, limit),
            None => vec![false; self.len],
        };
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
            Field::PredictedValue => predicted(self.inputs.predicted_value),
            Field::PAlive => predicted(self.inputs.p_alive),
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
