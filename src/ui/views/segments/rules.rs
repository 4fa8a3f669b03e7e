//! Segment rules in words, and how far a customer is from a rule.

use crate::format::value as value_text;
use analysis::{
    attribute_tests::AttributeTests,
    conditions::Subject,
    rules::{Comparison, Condition, Field, Rule},
};

/// The values a rule may look at, for one customer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Facts<'a> {
    pub r: u8,
    pub f: u8,
    pub m: u8,
    pub recency_days: i32,
    pub frequency: u32,
    pub monetary: f64,
    pub aov: f64,
    pub tenure_days: i32,
    pub predicted_value: Option<f64>,
    pub p_alive: Option<f64>,
    /// The attribute tests of the rules and the customer's number there.
    pub attributes: Option<(&'a AttributeTests, usize)>,
}

impl Subject for Facts<'_> {
    fn number(&self, field: Field) -> f64 {
        match field {
            Field::RScore => f64::from(self.r),
            Field::FScore => f64::from(self.f),
            Field::MScore => f64::from(self.m),
            Field::RecencyDays => f64::from(self.recency_days),
            Field::Frequency => f64::from(self.frequency),
            Field::Monetary => self.monetary,
            Field::Aov => self.aov,
            Field::TenureDays => f64::from(self.tenure_days),
            Field::PredictedValue => self.predicted_value.unwrap_or(f64::NAN),
            Field::PAlive => self.p_alive.unwrap_or(f64::NAN),
        }
    }

    fn has_one_of(&self, column: &str, values: &[String]) -> Option<bool> {
        let (tests, customer) = self.attributes?;
        tests.get(column, values)?.get(customer).copied()
    }
}

/// Short name of a field inside a rule.
#[must_use]
pub fn field_name(field: Field) -> &'static str {
    match field {
        Field::RScore => "R",
        Field::FScore => "F",
        Field::MScore => "M",
        Field::RecencyDays => "days since last order",
        Field::Frequency => "orders",
        Field::Monetary => "revenue",
        Field::Aov => "average order value",
        Field::TenureDays => "days since first order",
        Field::PredictedValue => "predicted value",
        Field::PAlive => "P(alive)",
    }
}

/// `R ≥ 4 and (F ≥ 4 or M ≥ 4)`; `everyone else` for the rule that always matches.
#[must_use]
pub fn in_words(condition: &Condition) -> String {
    words(condition, false)
}

fn words(condition: &Condition, nested: bool) -> String {
    match condition {
        Condition::Always => "everyone else".to_owned(),
        Condition::Test(field, comparison, bound) => test_words(*field, *comparison, *bound),
        Condition::OneOf(column, values) => attribute_words(column, values, "is", "is one of"),
        Condition::NoneOf(column, values) => {
            attribute_words(column, values, "is not", "is none of")
        }
        Condition::All(parts) if parts.is_empty() => "everyone else".to_owned(),
        Condition::Any(parts) if parts.is_empty() => "nobody".to_owned(),
        Condition::All(parts) => joined(parts, " and ", nested),
        Condition::Any(parts) => joined(parts, " or ", nested),
    }
}

fn test_words(field: Field, comparison: Comparison, bound: f64) -> String {
    let sign = match comparison {
        Comparison::AtLeast => "≥",
        Comparison::AtMost => "≤",
    };
    format!("{} {sign} {bound}", field_name(field))
}

/// `country is Austria`, `country is one of Austria, Germany`.
fn attribute_words(column: &str, values: &[String], one: &str, several: &str) -> String {
    let listed: Vec<&str> = values.iter().map(|value| value_text(value)).collect();
    let word = if listed.len() == 1 { one } else { several };
    let listed = if listed.is_empty() {
        "no value".to_owned()
    } else {
        listed.join(", ")
    };
    format!("{column} {word} {listed}")
}

fn joined(parts: &[Condition], word: &str, nested: bool) -> String {
    let text = parts
        .iter()
        .map(|part| words(part, true))
        .collect::<Vec<_>>()
        .join(word);
    if nested && parts.len() > 1 {
        format!("({text})")
    } else {
        text
    }
}

/// What is missing for a condition to hold: the tests that fail, and by how much in all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gap {
    /// Score points; a failing test on a plain value counts as one.
    pub distance: f64,
    /// "M is 3, needs at least 4".
    pub misses: Vec<String>,
}

/// The cheapest way to meet the condition: all failing parts of an *and*, the nearest part of an *or*.
#[must_use]
pub fn gap(condition: &Condition, facts: &Facts<'_>) -> Gap {
    match condition {
        Condition::Always => Gap::default(),
        Condition::Test(field, comparison, bound) => test_gap(*field, *comparison, *bound, facts),
        Condition::OneOf(..) | Condition::NoneOf(..) if condition.holds(facts) => Gap::default(),
        Condition::OneOf(..) | Condition::NoneOf(..) => Gap {
            distance: 1.0,
            misses: vec![format!("needs {}", in_words(condition))],
        },
        Condition::All(parts) => parts.iter().fold(Gap::default(), |mut sum, part| {
            let one = gap(part, facts);
            sum.distance += one.distance;
            sum.misses.extend(one.misses);
            sum
        }),
        Condition::Any(parts) => parts
            .iter()
            .map(|part| gap(part, facts))
            .min_by(|a, b| a.distance.total_cmp(&b.distance))
            .unwrap_or_default(),
    }
}

fn test_gap(field: Field, comparison: Comparison, bound: f64, facts: &Facts<'_>) -> Gap {
    let value = facts.number(field);
    if value.is_nan() {
        return Gap {
            distance: 1.0,
            misses: vec![format!("{} is not known", field_name(field))],
        };
    }
    let (holds, need) = match comparison {
        Comparison::AtLeast => (value >= bound, "at least"),
        Comparison::AtMost => (value <= bound, "at most"),
    };
    if holds {
        return Gap::default();
    }
    let name = field_name(field);
    let shown = if value.fract() == 0.0 {
        format!("{value}")
    } else {
        crate::format::number(value)
    };
    Gap {
        distance: if field.is_score() {
            (value - bound).abs()
        } else {
            1.0
        },
        misses: vec![format!("{name} is {shown}, needs {need} {bound}")],
    }
}

/// The rule above the winning one that the customer comes closest to; `None` for the first rule.
#[must_use]
pub fn nearest_miss<'a>(
    rules: &'a [Rule],
    winner: usize,
    facts: &Facts<'_>,
) -> Option<(&'a Rule, Gap)> {
    rules[..winner.min(rules.len())]
        .iter()
        .map(|rule| (rule, gap(&rule.when, facts)))
        .min_by(|a, b| a.1.distance.total_cmp(&b.1.distance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::rules::default_rules;

    fn facts(r: u8, f: u8, m: u8) -> Facts<'static> {
        Facts {
            r,
            f,
            m,
            ..Facts::default()
        }
    }

    #[test]
    fn default_rules_read_as_in_the_definitions() {
        let words: Vec<String> = default_rules()
            .iter()
            .map(|rule| in_words(&rule.when))
            .collect();
        assert_eq!(
            words,
            [
                "R ≥ 4 and F ≥ 4 and M ≥ 4",
                "R ≥ 4 and (F ≥ 4 or M ≥ 4)",
                "R ≥ 3 and F ≥ 3",
                "R ≤ 2 and (F ≥ 3 or M ≥ 3)",
                "R ≤ 2 and F ≤ 2 and M ≤ 2",
                "everyone else",
            ]
        );
    }

    #[test]
    fn plain_values_read_as_sentences() {
        let condition = Condition::Any(vec![
            Condition::Test(Field::TenureDays, Comparison::AtMost, 30.0),
            Condition::All(vec![
                Condition::Test(Field::Aov, Comparison::AtLeast, 12.5),
                Condition::Test(Field::Frequency, Comparison::AtLeast, 2.0),
            ]),
        ]);
        assert_eq!(
            in_words(&condition),
            "days since first order ≤ 30 or (average order value ≥ 12.5 and orders ≥ 2)"
        );
    }

    #[test]
    fn the_nearest_rule_above_is_the_one_with_the_fewest_points_missing() {
        let rules = default_rules();
        // R 4, F 3, M 3 wins Potential Loyalist; Loyal lacks one point, VIP two.
        let (rule, gap) = nearest_miss(&rules, 2, &facts(4, 3, 3)).expect("rules above");
        assert_eq!(rule.name, "Loyal");
        assert_eq!(gap.distance, 1.0);
        assert_eq!(gap.misses, ["F is 3, needs at least 4"]);
        // The first rule has nothing above it.
        assert_eq!(nearest_miss(&rules, 0, &facts(5, 5, 5)), None);
    }

    #[test]
    fn gap_is_zero_exactly_where_the_rule_matches() {
        for rule in default_rules() {
            for code in 0..125u8 {
                let facts = facts(code / 25 + 1, code / 5 % 5 + 1, code % 5 + 1);
                let gap = gap(&rule.when, &facts);
                assert_eq!(rule.when.holds(&facts), gap.distance == 0.0);
                assert_eq!(gap.misses.is_empty(), gap.distance == 0.0);
            }
        }
    }
}
