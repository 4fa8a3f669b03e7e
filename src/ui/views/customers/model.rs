//! One customer in detail, as plain data: why this segment, headline numbers, orders, long gaps.

use super::changes::changes;
use crate::{
    format::{count, date, fixed, integer, money, money_exact},
    views::segments::rules::{self, Facts},
};
use analysis::{
    customer_list::{OrderRow, customer_orders},
    rules::NO_SEGMENT,
};
use data::day::Day;
use data::orders::Orders;
use pipeline::snapshot::Shop;
use project::Project;

/// A gap counts as long beyond this many times the usual one.
pub const LONG_GAP: f64 = 3.0;

/// Everything the panel of one customer shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detail {
    pub id: String,
    /// `None` when the customer has no order before the as-of date.
    pub segment: Option<Why>,
    pub scores: Vec<ScoreLine>,
    /// Label and figure.
    pub figures: Vec<(String, String)>,
    /// What the files say of the customer: name of the column and text.
    pub labels: Vec<(String, String)>,
    /// Oldest first.
    pub orders: Vec<OrderRow>,
    /// As the file names them; empty when an order is a customer-day.
    pub order_ids: Vec<String>,
    /// Median days between consecutive orders on different days.
    pub usual_gap_days: Option<f64>,
    /// Times without an order, longer than usual: first and last day.
    pub long_gaps: Vec<(Day, Day)>,
    pub as_of: Day,
    /// The timeline in one sentence.
    pub finding: String,
}

/// Why the customer is in its segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why {
    pub name: String,
    pub style: u8,
    /// "Rule 2 matches: R ≥ 4 and (F ≥ 4 or M ≥ 4)."
    pub matched: String,
    /// "Closest to VIP: M is 3, needs at least 4."
    pub nearest: String,
    /// What an order today, or time without one, would change.
    pub changes: String,
}

/// One score with the value that led to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreLine {
    pub name: &'static str,
    pub score: u8,
    /// "12 days since the last order"
    pub value: String,
}

impl Detail {
    /// Walks the lines of this one customer.
    #[must_use]
    pub fn new(shop: &Shop, project: &Project, customer: usize) -> Self {
        let orders = &shop.dataset.orders;
        let id = orders.customer_ids.get(customer).to_owned();
        let rows = customer_orders(orders, customer, shop.as_of);
        let order_ids = if orders.order_ids.is_empty() {
            Vec::new()
        } else {
            let name = |row: &OrderRow| orders.order_ids.get(row.order as usize).to_owned();
            rows.iter().map(name).collect()
        };
        let usual_gap_days = usual_gap(&rows);
        let mut detail = Self {
            id,
            labels: labels(orders, customer),
            order_ids,
            usual_gap_days,
            long_gaps: long_gaps(&rows, usual_gap_days, shop.as_of),
            orders: rows,
            as_of: shop.as_of,
            ..Self::default()
        };
        if shop.customers.exists(customer) {
            let facts = facts(shop, customer);
            detail.segment = why(shop, customer, &facts, &project.currency);
            detail.scores = score_lines(&facts, &project.currency);
            detail.figures = figures(&facts, usual_gap_days, &project.currency);
        }
        detail.finding = finding(&detail);
        detail
    }
}

fn labels(orders: &Orders, customer: usize) -> Vec<(String, String)> {
    let texts = orders.labels.iter();
    let texts = texts.map(|label| (label.name.clone(), label.texts.get(customer).to_owned()));
    texts.filter(|(_, text)| !text.is_empty()).collect()
}

fn facts(shop: &Shop, customer: usize) -> Facts<'_> {
    let (customers, scores) = (&shop.customers, &shop.scores);
    let predictions = shop.predictions.as_deref();
    Facts {
        r: scores.r[customer],
        f: scores.f[customer],
        m: scores.m[customer],
        recency_days: customers.recency_days(customer),
        frequency: customers.frequency[customer],
        monetary: customers.monetary[customer],
        aov: customers.aov(customer),
        tenure_days: customers.tenure_days(customer),
        predicted_value: predictions.and_then(|known| known.value_of(customer)),
        p_alive: predictions.and_then(|known| known.p_alive_of(customer)),
        attributes: Some((&shop.tuning.attributes, customer)),
    }
}

fn why(shop: &Shop, customer: usize, facts: &Facts<'_>, currency: &str) -> Option<Why> {
    let number = shop.segments.segment[customer];
    if number == NO_SEGMENT {
        return None;
    }
    let number = usize::from(number);
    let stats = shop.segments.stats.get(number)?;
    let rules = &shop.tuning.rules;
    let rule = rules.get(number)?;
    let nearest = match rules::nearest_miss(rules, number, facts) {
        Some((rule, gap)) => format!("Closest to {}: {}.", rule.name, gap.misses.join(", ")),
        None => "It is the first rule: no rule stands above it.".to_owned(),
    };
    Some(Why {
        name: stats.name.clone(),
        style: stats.style,
        matched: format!(
            "Rule {} matches: {}.",
            number + 1,
            rules::in_words(&rule.when)
        ),
        nearest,
        changes: changes(rules, &shop.scores, number, facts, currency),
    })
}

fn score_lines(facts: &Facts<'_>, currency: &str) -> Vec<ScoreLine> {
    let days = u64::try_from(facts.recency_days).unwrap_or(0);
    vec![
        ScoreLine {
            name: "Recency",
            score: facts.r,
            value: format!("{} since the last order", count(days, "day", "days")),
        },
        ScoreLine {
            name: "Frequency",
            score: facts.f,
            value: count(u64::from(facts.frequency), "order", "orders"),
        },
        ScoreLine {
            name: "Monetary",
            score: facts.m,
            value: format!("{} net revenue", money_exact(facts.monetary, currency)),
        },
    ]
}

fn figures(
    facts: &Facts<'_>,
    usual_gap_days: Option<f64>,
    currency: &str,
) -> Vec<(String, String)> {
    let gap = usual_gap_days.map_or("–".to_owned(), |days| format!("{} days", days_text(days)));
    [
        ("Orders", integer(u64::from(facts.frequency))),
        ("Revenue", money(facts.monetary, currency)),
        ("Per order", money(facts.aov, currency)),
        (
            "Since last order",
            count(
                u64::try_from(facts.recency_days).unwrap_or(0),
                "day",
                "days",
            ),
        ),
        ("Usual gap", gap),
    ]
    .map(|(label, figure)| (label.to_owned(), figure))
    .into()
}

fn days_text(days: f64) -> String {
    fixed(days, usize::from(days.fract() != 0.0))
}

/// Median of the gaps between orders on different days; `None` without two such days.
fn usual_gap(rows: &[OrderRow]) -> Option<f64> {
    let mut gaps: Vec<i32> = rows
        .iter()
        .filter_map(|row| row.gap_days)
        .filter(|&gap| gap > 0)
        .collect();
    gaps.sort_unstable();
    let middle = gaps.len() / 2;
    match gaps.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(f64::from(gaps[middle])),
        _ => Some(f64::from(gaps[middle - 1] + gaps[middle]) / 2.0),
    }
}

/// Stretches without a kept order longer than [`LONG_GAP`] × the usual gap, the one up to the as-of
/// date included.
fn long_gaps(rows: &[OrderRow], usual: Option<f64>, as_of: Day) -> Vec<(Day, Day)> {
    let Some(usual) = usual else {
        return Vec::new();
    };
    let kept: Vec<Day> = rows
        .iter()
        .filter(|row| row.kept && !row.credit)
        .map(|row| row.day)
        .collect();
    let mut days = kept;
    days.push(as_of);
    days.windows(2)
        .map(|pair| (pair[0], pair[1]))
        .filter(|(from, to)| f64::from(to - from) > LONG_GAP * usual)
        .collect()
}

fn finding(detail: &Detail) -> String {
    let kept: Vec<&OrderRow> = detail.orders.iter().filter(|row| row.kept).collect();
    let (Some(first), Some(last)) = (kept.first(), kept.last()) else {
        return format!("No order before {}.", date(detail.as_of));
    };
    let orders = if kept.len() == 1 {
        format!("One order, on {}.", date(first.day))
    } else {
        format!(
            "{} orders from {} to {}.",
            integer(kept.len() as u64),
            date(first.day),
            date(last.day)
        )
    };
    let silence = f64::from(detail.as_of - last.day);
    match detail.usual_gap_days {
        Some(usual) if silence > LONG_GAP * usual => {
            let times = fixed(silence / usual, 1);
            format!("{orders} Silent for {times} times the usual gap.")
        }
        _ => orders,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(day: Day, gap_days: Option<i32>) -> OrderRow {
        OrderRow {
            day,
            amount: 10.0,
            lines: 1,
            kept: true,
            gap_days,
            ..OrderRow::default()
        }
    }

    #[test]
    fn the_usual_gap_is_the_median_between_different_days() {
        assert_eq!(usual_gap(&[order(0, None)]), None);
        let rows = [
            order(0, None),
            order(0, Some(0)),
            order(10, Some(10)),
            order(40, Some(30)),
        ];
        assert_eq!(usual_gap(&rows), Some(20.0));
        assert_eq!(usual_gap(&rows[..3]), Some(10.0));
    }

    #[test]
    fn long_gaps_include_the_silence_before_the_as_of_date() {
        let rows = [
            order(0, None),
            order(10, Some(10)),
            order(20, Some(10)),
            order(55, Some(35)),
        ];
        assert_eq!(usual_gap(&rows), Some(10.0));
        assert_eq!(long_gaps(&rows, Some(10.0), 85), [(20, 55)]);
        assert_eq!(long_gaps(&rows, Some(10.0), 86), [(20, 55), (55, 86)]);
        assert_eq!(long_gaps(&rows[..1], None, 1_000), []);
    }

    #[test]
    fn the_timeline_reads_as_a_sentence() {
        let mut detail = Detail {
            orders: vec![order(0, None), order(10, Some(10))],
            usual_gap_days: Some(10.0),
            as_of: 45,
            ..Detail::default()
        };
        assert_eq!(
            finding(&detail),
            "2 orders from 1 Jan 1970 to 11 Jan 1970. Silent for 3.5 times the usual gap."
        );
        detail.orders.truncate(1);
        detail.usual_gap_days = None;
        assert_eq!(finding(&detail), "One order, on 1 Jan 1970.");
        detail.orders.clear();
        assert_eq!(finding(&detail), "No order before 15 Feb 1970.");
    }

    #[test]
    fn scores_stand_beside_the_values_that_led_to_them() {
        let facts = Facts {
            r: 5,
            f: 1,
            m: 2,
            recency_days: 1,
            frequency: 1,
            monetary: 20.5,
            ..Facts::default()
        };
        let lines = score_lines(&facts, "€");
        let texts: Vec<(u8, &str)> = lines
            .iter()
            .map(|line| (line.score, line.value.as_str()))
            .collect();
        assert_eq!(
            texts,
            [
                (5, "1 day since the last order"),
                (1, "1 order"),
                (2, "€ 20.50 net revenue"),
            ]
        );
    }
}
