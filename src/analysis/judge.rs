//! Rules made ready to be asked about one customer after the other.
//!
//! Most of what rules say is about scores, and there are only 125 ways to hold three scores. For each
//! of them the rules are shortened to what is left to ask: often nothing, because scores alone decide,
//! else a few comparisons with values. Attribute tests are looked up once.

use super::{
    conditions::{RuleInputs, SCORE_CELLS, score_cell, score_table},
    rules::{Comparison, Condition, Field, NO_SEGMENT, Rule},
};

/// Says which rule wins a customer.
pub(super) enum Judge<'a> {
    /// Scores alone decide.
    Table(Box<[u8; SCORE_CELLS]>),
    /// What is left to ask in each score cell.
    Cells(RuleInputs<'a>, Vec<Questions<'a>>),
}

/// Rules in their order that still depend on the customer, and which rule wins whom none of them takes.
#[derive(Clone)]
pub(super) struct Questions<'a> {
    open: Vec<(Ready<'a>, u8)>,
    otherwise: u8,
}

impl<'a> Judge<'a> {
    pub(super) fn new(inputs: RuleInputs<'a>, rules: &[Rule]) -> Self {
        if let Some(table) = score_table(rules) {
            return Self::Table(Box::new(table));
        }
        let ready = |rule: &Rule| Ready::new(inputs, &rule.when);
        let rules: Vec<Ready<'a>> = rules.iter().map(ready).collect();
        let nobody = Questions {
            open: Vec::new(),
            otherwise: NO_SEGMENT,
        };
        let mut cells = vec![nobody; SCORE_CELLS];
        for r in 1..=5 {
            for f in 1..=5 {
                for m in 1..=5 {
                    cells[score_cell(r, f, m)] = Questions::left(&rules, [r, f, m]);
                }
            }
        }
        Self::Cells(inputs, cells)
    }

    /// The winning rule of each score cell, where scores alone decide.
    pub(super) fn table(&self) -> Option<&[u8; SCORE_CELLS]> {
        match self {
            Self::Table(table) => Some(table),
            Self::Cells(..) => None,
        }
    }

    /// In which score cells something is left to ask; nowhere that is nobody's.
    pub(super) fn asks(&self) -> [bool; SCORE_CELLS] {
        let mut asks = [false; SCORE_CELLS];
        if let Self::Cells(_, cells) = self {
            for (asks, cell) in asks.iter_mut().zip(cells) {
                *asks = !cell.open.is_empty();
            }
        }
        asks
    }

    /// Whether more than one rule, on average, is left to ask about somebody.
    pub(super) fn asks_much(&self) -> bool {
        match self {
            Self::Table(_) => false,
            Self::Cells(_, cells) => {
                // Five by five by five scores; the other cells are nobody's.
                let open: usize = cells.iter().map(|cell| cell.open.len()).sum();
                open > 125
            }
        }
    }

    /// The first rule that matches somebody with an order before S; `scores` are those of the inputs.
    #[inline]
    pub(super) fn winner(&self, row: usize, [r, f, m]: [u8; 3]) -> u8 {
        let cell = score_cell(r, f, m);
        match self {
            Self::Table(table) => table[cell],
            Self::Cells(inputs, cells) => {
                let Questions { open, otherwise } = &cells[cell];
                let taken = open.iter().find(|(rule, _)| rule.holds(*inputs, row));
                taken.map_or(*otherwise, |(_, rule)| *rule)
            }
        }
    }
}

impl<'a> Questions<'a> {
    /// What these rules leave open about somebody with these scores.
    fn left(rules: &[Ready<'a>], scores: [u8; 3]) -> Self {
        let mut open = Vec::new();
        for (rule, number) in rules.iter().zip(0_u8..) {
            match rule.at(scores) {
                Ready::Known(false) => {}
                Ready::Known(true) => {
                    return Self {
                        open,
                        otherwise: number,
                    };
                }
                left => open.push((left, number)),
            }
        }
        Self {
            open,
            otherwise: NO_SEGMENT,
        }
    }
}

/// A condition with its attribute tests answered.
#[derive(Clone)]
enum Ready<'a> {
    Known(bool),
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
            known.map_or(Self::Known(false), |holds| Self::Attribute(holds, wanted))
        };
        match condition {
            Condition::Always => Self::Known(true),
            Condition::Test(field, comparison, limit) => Self::Test(*field, *comparison, *limit),
            Condition::OneOf(column, values) => attribute(column, values, true),
            Condition::NoneOf(column, values) => attribute(column, values, false),
            Condition::All(all) => Self::All(parts(all)),
            Condition::Any(any) => Self::Any(parts(any)),
        }
    }

    /// What is left of it for somebody with these scores.
    fn at(&self, [r, f, m]: [u8; 3]) -> Self {
        let score = match self {
            Self::Test(Field::RScore, ..) => r,
            Self::Test(Field::FScore, ..) => f,
            Self::Test(Field::MScore, ..) => m,
            Self::All(parts) => return joined(parts, [r, f, m], true),
            Self::Any(parts) => return joined(parts, [r, f, m], false),
            other => return other.clone(),
        };
        let Self::Test(_, comparison, limit) = self else {
            return self.clone();
        };
        Self::Known(passes(f64::from(score), *comparison, *limit))
    }

    fn holds(&self, inputs: RuleInputs<'_>, row: usize) -> bool {
        match self {
            Self::Known(known) => *known,
            Self::Test(field, comparison, limit) => {
                passes(inputs.value(*field, row), *comparison, *limit)
            }
            Self::Attribute(holds, wanted) => holds[row] == *wanted,
            Self::All(parts) => parts.iter().all(|part| part.holds(inputs, row)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(inputs, row)),
        }
    }
}

/// A value or a threshold that is no number passes nothing.
#[inline]
fn passes(value: f64, comparison: Comparison, limit: f64) -> bool {
    match comparison {
        Comparison::AtLeast => value >= limit,
        Comparison::AtMost => value <= limit,
    }
}

/// *All* of the parts, or *any*: a part that says otherwise decides, one that says so adds nothing.
fn joined<'a>(parts: &[Ready<'a>], scores: [u8; 3], all: bool) -> Ready<'a> {
    let mut open = Vec::new();
    for part in parts {
        match part.at(scores) {
            Ready::Known(known) if known == all => {}
            Ready::Known(known) => return Ready::Known(known),
            left => open.push(left),
        }
    }
    match (open.len(), all) {
        (0, _) => Ready::Known(all),
        (1, _) => open.swap_remove(0),
        (_, true) => Ready::All(open),
        (_, false) => Ready::Any(open),
    }
}
