//! Segments from an ordered list of rules: the first rule that matches wins.

use std::ops::Range;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    attribute_tests::{AttributeTests, RuleList},
    conditions::{RuleInputs, SCORE_CELLS, first_matches, score_cell},
    customers::Customers,
    judge::Judge,
    numeric::CHUNK,
    rfm::Scores,
    tally::{Sums, Tally},
};
use crate::data::orders::Orders;

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    RScore,
    FScore,
    MScore,
    RecencyDays,
    Frequency,
    Monetary,
    Aov,
    TenureDays,
    /// From a trained value model; without one, rules that look at it match nobody.
    PredictedValue,
    /// Probability of buying again, 0…1; without a trained model, rules that look at it match nobody.
    PAlive,
}

impl Field {
    /// In the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::RScore,
        Self::FScore,
        Self::MScore,
        Self::RecencyDays,
        Self::Frequency,
        Self::Monetary,
        Self::Aov,
        Self::TenureDays,
        Self::PredictedValue,
        Self::PAlive,
    ];

    #[must_use]
    pub fn is_score(self) -> bool {
        matches!(self, Self::RScore | Self::FScore | Self::MScore)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    AtLeast,
    AtMost,
}

/// A boolean expression over one customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    Always,
    Test(Field, Comparison, f64),
    /// Column and values: the customer has a kept order line of one of them before S or, where the
    /// column describes customers, is of one of them. The empty value means "missing".
    OneOf(String, Vec<String>),
    /// The opposite of `OneOf`, for customers of a column that exists.
    NoneOf(String, Vec<String>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

/// One segment and the condition that puts a customer into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub name: String,
    pub when: Condition,
    /// Index into the theme's segment colours and marks; fixed per segment everywhere in the app.
    pub style: u8,
}

/// Most rules a list may have; [`NO_SEGMENT`] is kept free.
pub const MAX_RULES: usize = 250;
/// Segment number of a customer without an order before S.
pub const NO_SEGMENT: u8 = u8::MAX;

/// The six default segments, in order of precedence (system C).
#[must_use]
pub fn default_rules() -> Vec<Rule> {
    use Comparison::{AtLeast, AtMost};
    use Condition::{All, Always, Any, Test};
    use Field::{FScore, MScore, RScore};
    let rule = |name: &str, style, when| Rule {
        name: name.to_owned(),
        when,
        style,
    };
    let at_least = |field, score: f64| Test(field, AtLeast, score);
    let at_most = |field, score: f64| Test(field, AtMost, score);
    vec![
        rule(
            "VIP",
            0,
            All(vec![
                at_least(RScore, 4.),
                at_least(FScore, 4.),
                at_least(MScore, 4.),
            ]),
        ),
        rule(
            "Loyal",
            1,
            All(vec![
                at_least(RScore, 4.),
                Any(vec![at_least(FScore, 4.), at_least(MScore, 4.)]),
            ]),
        ),
        rule(
            "Potential Loyalist",
            2,
            All(vec![at_least(RScore, 3.), at_least(FScore, 3.)]),
        ),
        rule(
            "At Risk",
            4,
            All(vec![
                at_most(RScore, 2.),
                Any(vec![at_least(FScore, 3.), at_least(MScore, 3.)]),
            ]),
        ),
        rule(
            "Dormant",
            5,
            All(vec![
                at_most(RScore, 2.),
                at_most(FScore, 2.),
                at_most(MScore, 2.),
            ]),
        ),
        rule("Regulars", 3, Always),
    ]
}

/// Size and averages of one segment. Means are over its customers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SegmentStats {
    pub name: String,
    pub style: u8,
    pub customers: u64,
    /// Net revenue of its customers before S, and its share of all revenue (0…1).
    pub revenue: f64,
    pub revenue_share: f64,
    pub recency_days: f64,
    pub frequency: f64,
    pub monetary: f64,
    /// Net revenue ÷ orders of the whole segment.
    pub aov: f64,
    pub tenure_days: f64,
}

/// Every customer's segment and the sums per segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segmentation {
    /// Index of the winning rule per customer, or [`NO_SEGMENT`].
    pub segment: Vec<u8>,
    /// One entry per rule, in rule order.
    pub stats: Vec<SegmentStats>,
    /// Customers and revenue per (recency score − 1, frequency score − 1) cell.
    pub rf_grid: [[GridCell; 5]; 5],
    /// Customers with an order before S whom no rule matches.
    pub unmatched: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GridCell {
    pub customers: u64,
    pub revenue: f64,
}

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

/// The few segments that carry the shop: "28 % of customers bring 71 % of revenue".
#[derive(Clone, Debug, PartialEq)]
pub struct Concentration {
    /// Segments in order of revenue per customer, as indices into [`Segmentation::stats`].
    pub segments: Vec<usize>,
    pub customer_share: f64,
    pub revenue_share: f64,
}

impl Segmentation {
    /// Customers with an order before S.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.unmatched + self.stats.iter().map(|stats| stats.customers).sum::<u64>()
    }

    /// The fewest segments, best revenue per customer first, that bring at least half of the
    /// revenue; `None` without customers or revenue, or when they hold over half of the customers
    /// (then nothing is concentrated).
    #[must_use]
    pub fn concentration(&self) -> Option<Concentration> {
        let mut order: Vec<usize> = (0..self.stats.len()).collect();
        order.retain(|&index| self.stats[index].customers > 0);
        order.sort_by(|&a, &b| self.stats[b].monetary.total_cmp(&self.stats[a].monetary));
        let (mut customers, mut revenue_share) = (0, 0.0);
        for (place, &index) in order.iter().enumerate() {
            customers += self.stats[index].customers;
            revenue_share += self.stats[index].revenue_share;
            let customer_share = customers as f64 / self.customers() as f64;
            if revenue_share >= 0.5 {
                let segments = order[..=place].to_vec();
                return (customer_share <= 0.5).then_some(Concentration {
                    segments,
                    customer_share,
                    revenue_share,
                });
            }
        }
        None
    }
}
