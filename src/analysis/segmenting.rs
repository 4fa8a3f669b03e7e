//! Gives every customer a segment by an ordered list of rules, the first that matches wins, and adds the
//! segments up.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    attribute_tests::{AttributeTests, RuleList},
    conditions::{RuleInputs, SCORE_CELLS, first_matches, score_cell},
    customers::Customers,
    judge::Judge,
    numeric::CHUNK,
    rfm::Scores,
    rules::{MAX_RULES, NO_SEGMENT, Rule},
    segments::Segmentation,
    tally::{Sums, Tally},
};
use data::orders::Orders;

/// Assigns every customer to the first rule that matches and sums up the segments.
///
/// Customers whom no rule matches keep [`NO_SEGMENT`], as do those without an order before S; rules
/// beyond [`MAX_RULES`] are not looked at. Rules over scores alone cost one table look-up a customer.
#[must_use]
pub fn segment(inputs: RuleInputs<'_>, rules: &[Rule]) -> Segmentation {
    segment_tallied(inputs, rules).0
}

/// As [`segment`], with the sums from which the segmentation can be carried on
/// ([`live`](super::live)).
#[must_use]
pub fn segment_tallied(inputs: RuleInputs<'_>, rules: &[Rule]) -> (Segmentation, Tally) {
    let rules = &rules[..rules.len().min(MAX_RULES)];
    let judge = Judge::new(inputs, rules);
    let by_block = judge.asks_much();
    let mut segment = vec![NO_SEGMENT; inputs.customers.len()];
    let mut tally = Tally::nobody(judge.table().copied(), rules.len());
    let sums = segment
        .par_chunks_mut(CHUNK)
        .enumerate()
        // The sums are exact: who adds which customers makes no difference.
        .fold(
            || tally.room(),
            |mut sums, (chunk, segment)| {
                let rows = chunk * CHUNK..chunk * CHUNK + segment.len();
                if let Some(table) = judge.table() {
                    by_scores(inputs, table, rows, (segment, &mut sums));
                    return sums;
                }
                if by_block {
                    first_matches(inputs, rules, rows.start, segment);
                } else {
                    one_by_one(inputs, &judge, rows.clone(), segment);
                }
                add_up(inputs, &tally, rows, (segment, &mut sums));
                sums
            },
        )
        .collect::<Vec<_>>();
    for part in &sums {
        tally.join(part);
    }
    (tally.segmentation(rules, segment), tally)
}

/// As [`segment`], for rules without predictions: answers their attribute tests as well.
#[must_use]
pub fn segment_orders<'a>(
    orders: &Orders,
    customers: &Customers,
    scores: &Scores,
    list: impl Into<RuleList<'a>>,
) -> Segmentation {
    let list = list.into();
    let attributes = AttributeTests::of(orders, customers, list);
    segment(RuleInputs::new(customers, scores, &attributes), list.rules)
}

fn by_scores(
    inputs: RuleInputs<'_>,
    table: &[u8; SCORE_CELLS],
    rows: Range<usize>,
    (segment, sums): (&mut [u8], &mut [Sums]),
) {
    let (customers, scores) = (inputs.customers, inputs.scores);
    let (r, f) = (&scores.r[rows.clone()], &scores.f[rows.clone()]);
    let m = &scores.m[rows.clone()];
    let columns = segment.iter_mut().zip(r).zip(f).zip(m).zip(rows);
    for ((((segment, &r), &f), &m), row) in columns {
        let cell = score_cell(r, f, m);
        *segment = table[cell];
        if cell != 0 {
            sums[cell].add(&Sums::of(customers, row));
        }
    }
}

fn one_by_one(inputs: RuleInputs<'_>, judge: &Judge<'_>, rows: Range<usize>, segment: &mut [u8]) {
    let (customers, scores) = (inputs.customers, inputs.scores);
    for (segment, row) in segment.iter_mut().zip(rows) {
        if customers.exists(row) {
            *segment = judge.winner(row, [scores.r[row], scores.f[row], scores.m[row]]);
        }
    }
}

fn add_up(
    inputs: RuleInputs<'_>,
    tally: &Tally,
    rows: Range<usize>,
    (segment, sums): (&[u8], &mut [Sums]),
) {
    let (customers, scores) = (inputs.customers, inputs.scores);
    for (&segment, row) in segment.iter().zip(rows) {
        if customers.exists(row) {
            let scores = [scores.r[row], scores.f[row], scores.m[row]];
            sums[tally.slot(segment, scores)].add(&Sums::of(customers, row));
        }
    }
}
