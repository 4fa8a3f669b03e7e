//! Rules made ready to be asked about single customers: attribute tests are looked up once.

use crate::analysis::{
    conditions::{RuleInputs, SCORE_CELLS, score_cell},
    segments::{Comparison, Condition, Field, NO_SEGMENT, Rule},
};

/// Says which rule wins a customer.
pub(super) enum Judge<'a> {
    /// Scores alone decide.
    Table(&'a [u8; SCORE_CELLS]),
    Rules(RuleInputs<'a>, Vec<Ready<'a>>),
}

impl<'a> Judge<'a> {
    /// `table` is the winning rule of each score cell, where scores alone decide.
    pub(super) fn new(
        inputs: RuleInputs<'a>,
        rules: &[Rule],
        table: Option<&'a [u8; SCORE_CELLS]>,
    ) -> Self {
        match table {
            Some(table) => Self::Table(table),
            None => {
                let ready = rules.iter().map(|rule| Ready::new(inputs, &rule.when));
                Self::Rules(inputs, ready.collect())
            }
        }
    }

    /// The first rule that matches somebody with an order before S; `scores` are those of the inputs.
    #[inline]
    pub(super) fn winner(&self, row: usize, [r, f, m]: [u8; 3]) -> u8 {
        match self {
            Self::Table(table) => table[score_cell(r, f, m)],
            Self::Rules(inputs, rules) => rules
                .iter()
                .position(|rule| rule.holds(*inputs, row))
                .map_or(NO_SEGMENT, |rule| rule as u8),
        }
    }
}

/// A condition with its attribute tests answered.
pub(super) enum Ready<'a> {
    Always,
    Never,
    Test(Field, Comparison, f64),
    /// Whom the test holds for, and whether that is wanted.
    Attribute(&'a [bool], bool),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl<'a> Ready<'a> {
    fn new(inputs: RuleInputs<'a>, condition: &Condition) -> Self {
        let parts =
            |parts: &[Condition]| parts.iter().map(|part| Self::new(inputs, part)).collect();
        let attribute = |column: &str, values: &[String], wanted| {
            let known = inputs.attributes.get(column, values);
            known.map_or(Self::Never, |holds| Self::Attribute(holds, wanted))
        };
        match condition {
            Condition::Always => Self::Always,
            Condition::Test(field, comparison, limit) => Self::Test(*field, *comparison, *limit),
            Condition::OneOf(column, values) => attribute(column, values, true),
            Condition::NoneOf(column, values) => attribute(column, values, false),
            Condition::All(all) => Self::All(parts(all)),
            Condition::Any(any) => Self::Any(parts(any)),
        }
    }

    fn holds(&self, inputs: RuleInputs<'_>, row: usize) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Test(field, Comparison::AtLeast, limit) => inputs.value(*field, row) >= *limit,
            Self::Test(field, Comparison::AtMost, limit) => inputs.value(*field, row) <= *limit,
            Self::Attribute(holds, wanted) => holds[row] == *wanted,
            Self::All(parts) => parts.iter().all(|part| part.holds(inputs, row)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(inputs, row)),
        }
    }
}
