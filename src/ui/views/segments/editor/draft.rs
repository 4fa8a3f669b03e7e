//! A rule's condition as the form shows it: a list of tests, groups of tests one level below, and
//! back again.

use analysis::rules::{Comparison, Condition, Field};

/// A condition in the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// All parts must hold; else any of them.
    pub all: bool,
    pub parts: Vec<Part>,
}

/// One line or box of the form.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Test(Condition),
    Group {
        all: bool,
        tests: Vec<Condition>,
    },
    /// Nested deeper than the form goes: shown in words, kept as it is.
    Deeper(Condition),
}

/// A test that was just added.
#[must_use]
pub fn new_test() -> Condition {
    Condition::Test(Field::RScore, Comparison::AtLeast, 3.0)
}

fn is_test(condition: &Condition) -> bool {
    matches!(
        condition,
        Condition::Test(..) | Condition::OneOf(..) | Condition::NoneOf(..)
    )
}

impl From<&Condition> for Draft {
    fn from(condition: &Condition) -> Self {
        let part = |part: &Condition| match part {
            Condition::All(tests) | Condition::Any(tests) if tests.iter().all(is_test) => {
                Part::Group {
                    all: matches!(part, Condition::All(_)),
                    tests: tests.clone(),
                }
            }
            test if is_test(test) => Part::Test(test.clone()),
            deeper => Part::Deeper(deeper.clone()),
        };
        match condition {
            Condition::Always => Self {
                all: true,
                parts: Vec::new(),
            },
            Condition::All(parts) | Condition::Any(parts) => Self {
                all: matches!(condition, Condition::All(_)),
                parts: parts.iter().map(part).collect(),
            },
            test => Self {
                all: true,
                parts: vec![Part::Test(test.clone())],
            },
        }
    }
}

impl Draft {
    /// The condition. Without any test it is "everyone else", whatever the switch says.
    #[must_use]
    pub fn condition(self) -> Condition {
        let part = |part| match part {
            Part::Test(test) | Part::Deeper(test) => test,
            Part::Group { all: true, tests } => Condition::All(tests),
            Part::Group { all: false, tests } => Condition::Any(tests),
        };
        let parts: Vec<Condition> = self.parts.into_iter().map(part).collect();
        match (self.all, parts.as_slice()) {
            (_, []) => Condition::Always,
            (true, [test]) if is_test(test) => test.clone(),
            (true, _) => Condition::All(parts),
            (false, _) => Condition::Any(parts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::presets::Preset;

    #[test]
    fn every_preset_goes_through_the_form_unchanged() {
        for rule in Preset::ALL.into_iter().flat_map(Preset::rules) {
            let mut draft = Draft::from(&rule.when);
            assert_eq!(draft.clone().condition(), rule.when, "{}", rule.name);
            // An unknown depth is kept as well.
            draft
                .parts
                .push(Part::Deeper(Condition::All(vec![Condition::Any(vec![
                    Condition::All(vec![new_test()]),
                ])])));
            let deep = draft.condition();
            assert_eq!(Draft::from(&deep).condition(), deep);
        }
    }

    #[test]
    fn a_rule_without_tests_is_for_everyone_else() {
        let empty = |all| Draft {
            all,
            parts: Vec::new(),
        };
        assert_eq!(empty(true).condition(), Condition::Always);
        assert_eq!(empty(false).condition(), Condition::Always);
        // One test keeps the switch where it was put.
        let one = Draft {
            all: false,
            parts: vec![Part::Test(new_test())],
        };
        assert_eq!(one.clone().condition(), Condition::Any(vec![new_test()]));
        assert_eq!(Draft::from(&one.clone().condition()), one);
    }
}
