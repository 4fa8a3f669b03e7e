//! The rule check in words: what overlaps, what is never reached, what falls between the rules, and
//! where the order matters.

use super::rules::field_name;
use crate::format::{capital, count, percent};
use analysis::{
    rule_check::RuleReport,
    rules::{Condition, Rule},
};

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something does not work as it reads.
    Warning,
    /// Worth knowing.
    Note,
}

/// One thing worth knowing about the rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    pub weight: Weight,
    pub text: String,
    /// The rule it is about.
    pub rule: Option<usize>,
}

/// An overlap between neighbours smaller than this share of customers is not worth a line.
const WORTH_SAYING: f64 = 0.001;
/// Most lines about the order of rules.
const ORDER_LINES: usize = 3;

/// Everything worth knowing, warnings first.
#[must_use]
pub fn remarks(report: &RuleReport, rules: &[Rule]) -> Vec<Remark> {
    let everyone = report.unmatched + report.rules.iter().map(|check| check.wins).sum::<u64>();
    let mut remarks = Vec::new();
    for field in &report.fields_without_values {
        remarks.push(warning(
            None,
            format!(
                "No rule with {} matches anybody: it is known only after a model was trained.",
                field_name(*field)
            ),
        ));
    }
    for what in &report.unanswered {
        let text = format!("{}: conditions on it match nobody.", capital(what));
        remarks.push(warning(None, text));
    }
    for number in 0..rules.len().min(report.rules.len()) {
        remarks.extend(without_effect(report, rules, number));
        let twin = rules[..number]
            .iter()
            .position(|other| other.name == rules[number].name);
        if let Some(twin) = twin {
            remarks.push(warning(
                Some(number),
                format!(
                    "Rules {} and {} are both called “{}”: selecting one selects both.",
                    twin + 1,
                    number + 1,
                    rules[number].name
                ),
            ));
        }
    }
    remarks.push(gaps(report, everyone));
    remarks.extend(order(report, rules, everyone));
    remarks.sort_by_key(|remark| remark.weight);
    remarks
}

fn warning(rule: Option<usize>, text: String) -> Remark {
    Remark {
        weight: Weight::Warning,
        text,
        rule,
    }
}

fn note(rule: Option<usize>, text: String) -> Remark {
    Remark {
        weight: Weight::Note,
        text,
        rule,
    }
}

/// Why a rule wins nobody.
fn without_effect(report: &RuleReport, rules: &[Rule], number: usize) -> Option<Remark> {
    let check = report.rules[number];
    let name = &rules[number].name;
    if check.wins > 0 {
        return None;
    }
    let why = if check.contradicts_itself {
        "its conditions exclude each other, so nobody can ever match".to_owned()
    } else if check.matches == 0 {
        "nobody matches it at the moment".to_owned()
    } else {
        let takers: Vec<&str> = report
            .takers(number)
            .into_iter()
            .take(3)
            .map(|(taker, _)| rules[taker].name.as_str())
            .collect();
        let all = report.takers(number).len();
        let more = if all > takers.len() {
            " and others"
        } else {
            ""
        };
        format!(
            "all {} it matches are taken by rules above it: {}{more}",
            count(check.matches, "customer", "customers"),
            takers.join(", ")
        )
    };
    Some(warning(Some(number), format!("{name} wins nobody: {why}.")))
}

/// Whom no rule matches.
fn gaps(report: &RuleReport, everyone: u64) -> Remark {
    if report.unmatched == 0 {
        return note(None, "No gaps: every customer is in a segment.".to_owned());
    }
    let share = percent(report.unmatched as f64 / everyone.max(1) as f64);
    let who = count(report.unmatched, "customer matches", "customers match");
    warning(
        None,
        format!("{who} no rule ({share}). A last rule for everyone else would hold them."),
    )
}

/// Where neighbours could not change places without consequences.
fn order(report: &RuleReport, rules: &[Rule], everyone: u64) -> Vec<Remark> {
    let pairs = rules.len().min(report.rules.len()).saturating_sub(1);
    let mut swaps: Vec<(usize, u64)> = (0..pairs)
        // That "everyone else" must stand last goes without saying.
        .filter(|&rule| rules[rule + 1].when != Condition::Always)
        .map(|rule| (rule, report.swapped(rule)))
        .filter(|&(_, changed)| changed as f64 > everyone as f64 * WORTH_SAYING)
        .collect();
    swaps.sort_by_key(|&(rule, changed)| (std::cmp::Reverse(changed), rule));
    if swaps.is_empty() && pairs > 0 {
        let text = "The order hardly matters: no two neighbouring rules match the same customers.";
        return vec![note(None, text.to_owned())];
    }
    let sentence = |&(rule, changed): &(usize, u64)| {
        let (first, second) = (&rules[rule].name, &rules[rule + 1].name);
        note(
            Some(rule),
            format!(
                "The order matters: {} both {first} and {second} and would change segment if \
                 {second} came first ({}).",
                count(changed, "customer matches", "customers match"),
                percent(changed as f64 / everyone.max(1) as f64)
            ),
        )
    };
    swaps.iter().take(ORDER_LINES).map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::{rule_check::RuleCheck, rules::Field};

    fn rule(name: &str) -> Rule {
        Rule {
            name: name.to_owned(),
            when: Condition::All(vec![Condition::Always]),
            style: 0,
        }
    }

    fn check(matches: u64, wins: u64) -> RuleCheck {
        RuleCheck {
            matches,
            wins,
            contradicts_itself: false,
        }
    }

    #[test]
    fn the_check_speaks_in_sentences() {
        let rules = [rule("A"), rule("B"), rule("C"), rule("A")];
        let report = RuleReport {
            rules: vec![
                check(60, 60),
                check(40, 30),
                check(5, 0),
                RuleCheck {
                    contradicts_itself: true,
                    ..check(0, 0)
                },
            ],
            taken: vec![vec![0, 10, 4, 0], vec![0, 0, 1, 0], vec![0; 4], vec![0; 4]],
            unmatched: 10,
            fields_without_values: vec![Field::PAlive],
            unanswered: vec!["there is no column “planet” in this data".to_owned()],
        };
        let remarks = remarks(&report, &rules);
        let texts: Vec<&str> = remarks.iter().map(|remark| remark.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "No rule with P(alive) matches anybody: it is known only after a model was trained.",
                "There is no column “planet” in this data: conditions on it match nobody.",
                "C wins nobody: all 5 customers it matches are taken by rules above it: A, B.",
                "A wins nobody: its conditions exclude each other, so nobody can ever match.",
                "Rules 1 and 4 are both called “A”: selecting one selects both.",
                "10 customers match no rule (10.0 %). A last rule for everyone else would hold them.",
                "The order matters: 10 customers match both A and B and would change segment if B came \
                 first (10.0 %).",
                "The order matters: 1 customer matches both B and C and would change segment if C came \
                 first (1.0 %).",
            ]
        );
    }

    #[test]
    fn a_clean_list_says_so() {
        let report = RuleReport {
            rules: vec![check(60, 60), check(40, 40)],
            taken: vec![vec![0; 2]; 2],
            ..RuleReport::default()
        };
        let texts: Vec<String> = remarks(&report, &[rule("A"), rule("B")])
            .into_iter()
            .map(|remark| remark.text)
            .collect();
        assert_eq!(
            texts,
            [
                "No gaps: every customer is in a segment.",
                "The order hardly matters: no two neighbouring rules match the same customers."
            ]
        );
    }
}
