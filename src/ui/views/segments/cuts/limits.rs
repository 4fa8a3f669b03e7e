//! Numbers that rules compare a value with, as lines over the value's distribution: dragging a line
//! changes the rule.

use egui::{Id, Rangef, Rect, Ui, pos2, vec2};

use super::{
    axis::Axis,
    handle::{self, Cut, ROW, ROWS, Typing, cut_ui},
};
use crate::{format::compact, theme::Palette, views::segments::rules::field_name};
use analysis::rules::{Comparison, Condition, Field, Rule};

/// Letters of a rule's name that a handle has room for.
const LETTERS: usize = 14;

/// One number in a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Place of the rule, and of the test among all tests of the rule.
    rule: usize,
    test: usize,
    field: Field,
    pub value: f64,
    /// On the handle: "VIP ≥ 50".
    pub text: String,
    /// "VIP: average order value at least 50".
    pub name: String,
}

/// Every number that these rules compare a field with, in the order of the rules.
#[must_use]
pub fn limits(rules: &[Rule], field: Field) -> Vec<Limit> {
    let mut limits = Vec::new();
    for (number, rule) in rules.iter().enumerate() {
        let mut test = 0;
        rule.when.visit(&mut |condition| {
            if let Condition::Test(of, comparison, value) = condition {
                if *of == field {
                    limits.push(Limit::new(
                        (number, rule),
                        test,
                        (field, *comparison),
                        *value,
                    ));
                }
                test += 1;
            }
        });
    }
    limits
}

impl Limit {
    fn new(
        (number, rule): (usize, &Rule),
        test: usize,
        (field, comparison): (Field, Comparison),
        value: f64,
    ) -> Self {
        let (sign, words) = match comparison {
            Comparison::AtLeast => ('≥', "at least"),
            Comparison::AtMost => ('≤', "at most"),
        };
        let mut short: String = rule.name.chars().take(LETTERS).collect();
        if short.len() < rule.name.len() {
            short = format!("{}…", short.trim_end());
        }
        let number_text = value_text(value);
        let field_words = field_name(field);
        Self {
            rule: number,
            test,
            field,
            value,
            text: format!("{short} {sign} {number_text}"),
            name: format!("{}: {field_words} {words} {number_text}", rule.name),
        }
    }

    /// The rules with another number here.
    #[must_use]
    pub fn moved(&self, rules: &[Rule], value: f64) -> Vec<Rule> {
        let mut rules = rules.to_vec();
        let mut test = 0;
        if let Some(rule) = rules.get_mut(self.rule) {
            rule.when.visit_tests(&mut |_, _, limit| {
                if test == self.test {
                    *limit = value;
                }
                test += 1;
            });
        }
        rules
    }

    fn whole(&self) -> bool {
        self.field == Field::TenureDays
    }
}

/// Room that the handles of so many lines need.
#[must_use]
pub fn room(limits: usize) -> f32 {
    limits.min(ROWS) as f32 * ROW
}

/// Draws the lines from `top` down to `bottom`; returns the one that was moved, and its new value.
pub fn limits_ui(
    ui: &mut Ui,
    (palette, axis): (&Palette, &Axis),
    (columns, top, bottom): (Rangef, f32, f32),
    limits: &[Limit],
    typing: &mut Option<Typing>,
) -> Option<(usize, f64)> {
    let sizes: Vec<(f32, f32)> = limits
        .iter()
        .map(|limit| {
            let width = handle::width(ui, &limit.text).min(columns.span());
            let half = width / 2.0;
            let at = axis.x(limit.value);
            let center = at.max(columns.min + half).min(columns.max - half);
            (center, width)
        })
        .collect();
    let rows = handle::rows(&sizes);
    let last = limits.len().clamp(1, ROWS) - 1;
    let mut moved = None;
    for (place, limit) in limits.iter().enumerate() {
        let (center, width) = sizes[place];
        let row = last - rows[place].min(last);
        let corner = pos2(center - width / 2.0, top + row as f32 * ROW);
        let tag = Rect::from_min_size(corner, vec2(width, ROW - 2.0));
        let line = Cut {
            id: Id::unique(("limit", limit.rule, limit.test)),
            value: limit.value,
            whole: limit.whole(),
            room: (
                if limit.whole() {
                    0.0
                } else {
                    f64::NEG_INFINITY
                },
                f64::INFINITY,
            ),
            text: &limit.text,
            name: &limit.name,
        };
        if let Some(value) = cut_ui(ui, palette, (axis, &line), (tag, bottom), typing) {
            moved = Some((place, value));
        }
    }
    moved
}

/// A value on a handle or in a sentence: "57", "1,230", "0.5".
#[must_use]
pub fn value_text(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 10_000.0 {
        crate::format::signed_integer(value as i64)
    } else {
        compact(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Comparison::{AtLeast, AtMost};
    use Condition::{All, Any, Test};

    fn rule(name: &str, when: Condition) -> Rule {
        Rule {
            name: name.to_owned(),
            when,
            style: 0,
        }
    }

    fn rules() -> Vec<Rule> {
        let aov = |comparison, value| Test(Field::Aov, comparison, value);
        vec![
            rule(
                "Big baskets, bought often",
                All(vec![
                    Test(Field::RScore, AtLeast, 4.0),
                    Any(vec![
                        aov(AtLeast, 80.0),
                        Test(Field::TenureDays, AtMost, 90.0),
                    ]),
                ]),
            ),
            rule("Small", aov(AtMost, 12.5)),
        ]
    }

    #[test]
    fn every_number_is_found_and_named() {
        let found = limits(&rules(), Field::Aov);
        let texts: Vec<&str> = found.iter().map(|limit| limit.text.as_str()).collect();
        assert_eq!(texts, ["Big baskets, b… ≥ 80", "Small ≤ 12.5"]);
        assert_eq!(found[1].name, "Small: average order value at most 12.5");
        let tenure = limits(&rules(), Field::TenureDays);
        assert_eq!(tenure[0].value, 90.0);
        assert!(limits(&rules(), Field::PAlive).is_empty());
    }

    #[test]
    fn a_moved_line_changes_its_number_alone() {
        let found = limits(&rules(), Field::Aov);
        let moved = found[0].moved(&rules(), 95.0);
        let mut expected = rules();
        expected[0].when = All(vec![
            Test(Field::RScore, AtLeast, 4.0),
            Any(vec![
                Test(Field::Aov, AtLeast, 95.0),
                Test(Field::TenureDays, AtMost, 90.0),
            ]),
        ]);
        assert_eq!(moved, expected);
        let moved = limits(&moved, Field::TenureDays)[0].moved(&moved, 30.0);
        assert_eq!(limits(&moved, Field::TenureDays)[0].value, 30.0);
        assert_eq!(limits(&moved, Field::Aov)[0].value, 95.0);
    }
}
