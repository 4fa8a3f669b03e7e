//! What would move a customer to another segment: an order today, or time without one.

use crate::{
    format::{count, money_exact},
    views::segments::rules::Facts,
};
use analysis::{rfm::Scores, rules::Rule, scoring::Band};

/// Both changes in words, for a customer with these values in the segment of rule `winner`.
#[must_use]
pub fn changes(
    rules: &[Rule],
    scores: &Scores,
    winner: usize,
    facts: &Facts<'_>,
    currency: &str,
) -> String {
    if rules.iter().any(|rule| rule.when.looks_at_predictions()) {
        return "Some rules look at predictions, which an order or time would change as well: what \
                either would make of the segment is not worked out."
            .to_owned();
    }
    let mut sentences = Vec::new();
    let ordered = after_an_order(scores, facts);
    let usual = money_exact(facts.aov.max(0.0), currency);
    if let Some(next) = first_match(rules, &ordered) {
        sentences.push(if next == winner {
            format!("An order of the usual {usual} today would not change the segment.")
        } else {
            format!(
                "An order of the usual {usual} today would make it {}.",
                rules[next].name
            )
        });
    }
    match falls(rules, scores, winner, facts) {
        Some((days, next)) => sentences.push(format!(
            "Without an order it becomes {} in about {}.",
            rules[next].name,
            count(days, "day", "days")
        )),
        None => sentences.push("Time alone does not change the segment.".to_owned()),
    }
    sentences.join(" ")
}

fn first_match(rules: &[Rule], facts: &Facts<'_>) -> Option<usize> {
    rules.iter().position(|rule| rule.when.holds(facts))
}

/// The customer one usual order later, scored with today's borders.
fn after_an_order<'a>(scores: &Scores, facts: &Facts<'a>) -> Facts<'a> {
    let (frequency, monetary) = (facts.frequency + 1, facts.monetary + facts.aov.max(0.0));
    Facts {
        r: 5,
        f: reached(&scores.bands[1], f64::from(frequency)).max(facts.f),
        m: reached(&scores.bands[2], monetary).max(facts.m),
        recency_days: 1,
        frequency,
        monetary,
        aov: monetary / f64::from(frequency),
        ..*facts
    }
}

/// The highest score whose lowest value is reached.
fn reached(bands: &[Band; 5], value: f64) -> u8 {
    let best = (1..=5_u8).rev().find(|score| {
        let range = bands[usize::from(*score) - 1].range;
        range.is_some_and(|(low, _)| value >= low)
    });
    best.unwrap_or(1)
}

/// The first recency score below today's that leads to another segment: days until then, and its
/// rule. Others move as well, so the days are about.
fn falls(
    rules: &[Rule],
    scores: &Scores,
    winner: usize,
    facts: &Facts<'_>,
) -> Option<(u64, usize)> {
    (1..facts.r).rev().find_map(|r| {
        let (from, _) = scores.bands[0][usize::from(r) - 1].range?;
        let days = (from - f64::from(facts.recency_days)).ceil().max(1.0);
        let later = Facts {
            r,
            recency_days: facts.recency_days + days as i32,
            tenure_days: facts.tenure_days + days as i32,
            ..*facts
        };
        let next = first_match(rules, &later)?;
        (next != winner).then_some((days as u64, next))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::rules::{Comparison, Condition, Field, default_rules};

    fn band(low: f64, high: f64) -> Band {
        Band {
            customers: 1,
            range: Some((low, high)),
        }
    }

    /// Recency: 5 = 1–10 days, 4 = 11–20, 3 = 21–40, 2 = 41–80, 1 = 81–200. Orders: 1, 2, 3, 4, 5+.
    /// Revenue: from 0, 20, 50, 100 and 200.
    fn scores() -> Scores {
        let recency = [
            band(81., 200.),
            band(41., 80.),
            band(21., 40.),
            band(11., 20.),
            band(1., 10.),
        ];
        let orders = [1., 2., 3., 4., 5.].map(|n| band(n, n));
        let revenue = [0., 20., 50., 100., 200.].map(|n| band(n, n + 19.0));
        Scores {
            bands: [recency, orders, revenue],
            ..Scores::default()
        }
    }

    #[test]
    fn an_order_lifts_and_time_lowers() {
        // R4 F3 M3, 3 orders of 25: Potential Loyalist (rule 3). One more: R5 F4 M4 = VIP.
        let facts = Facts {
            r: 4,
            f: 3,
            m: 3,
            recency_days: 15,
            frequency: 3,
            monetary: 75.0,
            aov: 25.0,
            tenure_days: 90,
            ..Facts::default()
        };
        let text = changes(&default_rules(), &scores(), 2, &facts, "");
        assert_eq!(
            text,
            "An order of the usual 25.00 today would make it VIP. Without an order it becomes At Risk in \
             about 26 days."
        );
    }

    #[test]
    fn rules_on_predictions_say_nothing_of_what_would_be() {
        let mut rules = default_rules();
        rules[0].when = Condition::All(vec![
            rules[0].when.clone(),
            Condition::Test(Field::PAlive, Comparison::AtLeast, 0.5),
        ]);
        let text = changes(&rules, &scores(), 2, &Facts::default(), "");
        assert!(text.contains("not worked out"), "{text}");
    }

    #[test]
    fn who_is_at_the_bottom_stays_there_with_time() {
        let facts = Facts {
            r: 1,
            f: 1,
            m: 1,
            recency_days: 150,
            frequency: 1,
            monetary: 5.0,
            aov: 5.0,
            tenure_days: 150,
            ..Facts::default()
        };
        // R5 F2 M1 afterwards: neither F nor M reaches 4, F misses 3: Regulars.
        assert_eq!(
            changes(&default_rules(), &scores(), 4, &facts, "€"),
            "An order of the usual € 5.00 today would make it Regulars. Time alone does not change the \
             segment."
        );
    }
}
