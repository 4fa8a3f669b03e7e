//! Segments from an ordered list of rules: the first rule that matches wins.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    attribute_tests::{AttributeTests, RuleList},
    conditions::{RuleInputs, SCORE_CELLS, first_matches, score_cell, score_table},
    customers::Customers,
    numeric::{CHUNK, settle},
    rfm::Scores,
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
    let customers = inputs.customers;
    let rules = &rules[..rules.len().min(MAX_RULES)];
    let table = score_table(rules);
    let mut segment = vec![NO_SEGMENT; customers.len()];
    let slots = if table.is_some() {
        SCORE_CELLS
    } else {
        (rules.len() + 1) * SCORES_RF
    };
    let parts: Vec<Vec<Sums>> = segment
        .par_chunks_mut(CHUNK)
        .enumerate()
        .map(|(chunk, segment)| {
            let start = chunk * CHUNK;
            let mut sums = vec![Sums::default(); slots];
            if let Some(table) = &table {
                by_scores(inputs, table, start, (segment, &mut sums));
            } else {
                first_matches(inputs, rules, start, segment);
                by_rules(inputs, rules.len(), start, (segment, &mut sums));
            }
            sums
        })
        .collect();
    let mut sums = vec![Sums::default(); slots];
    for part in parts {
        sums.iter_mut()
            .zip(&part)
            .for_each(|(sum, part)| sum.add(part));
    }
    let place = |slot: usize| match &table {
        Some(table) => (usize::from(table[slot]), slot / 6),
        None => (slot / SCORES_RF, slot % SCORES_RF),
    };
    summarise(&sums, rules, segment, place)
}

/// Recency and frequency scores 0…5 as one number, `r * 6 + f`.
const SCORES_RF: usize = 36;

/// Whole numbers are exact in any order; only money needs a fixed order of addition.
#[derive(Clone, Copy, Default)]
struct Sums {
    customers: u64,
    frequency: u64,
    recency_days: i64,
    tenure_days: i64,
    revenue: f64,
}

impl Sums {
    #[inline]
    fn count(&mut self, customers: &Customers, row: usize) {
        self.customers += 1;
        self.frequency += u64::from(customers.frequency[row]);
        self.recency_days += i64::from(customers.recency_days(row));
        self.tenure_days += i64::from(customers.tenure_days(row));
        self.revenue += customers.monetary[row];
    }

    fn add(&mut self, other: &Self) {
        self.customers += other.customers;
        self.frequency += other.frequency;
        self.recency_days += other.recency_days;
        self.tenure_days += other.tenure_days;
        self.revenue += other.revenue;
    }
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
    start: usize,
    (segment, sums): (&mut [u8], &mut [Sums]),
) {
    let (customers, scores) = (inputs.customers, inputs.scores);
    for (slot, segment) in segment.iter_mut().enumerate() {
        let row = start + slot;
        let cell = score_cell(scores.r[row], scores.f[row], scores.m[row]);
        *segment = table[cell];
        if cell != 0 {
            sums[cell].count(customers, row);
        }
    }
}

fn by_rules(
    inputs: RuleInputs<'_>,
    rules: usize,
    start: usize,
    (segment, sums): (&mut [u8], &mut [Sums]),
) {
    let (customers, scores) = (inputs.customers, inputs.scores);
    for (slot, &segment) in segment.iter().enumerate() {
        let row = start + slot;
        if customers.exists(row) {
            let rule = usize::from(segment).min(rules);
            let rf = usize::from(scores.r[row]) * 6 + usize::from(scores.f[row]);
            sums[rule * SCORES_RF + rf].count(customers, row);
        }
    }
}

fn summarise(
    sums: &[Sums],
    rules: &[Rule],
    segment: Vec<u8>,
    place: impl Fn(usize) -> (usize, usize),
) -> Segmentation {
    let mut totals = vec![Sums::default(); rules.len()];
    let mut all = Sums::default();
    let mut unmatched = Sums::default();
    let mut rf_grid = [[GridCell::default(); 5]; 5];
    for (slot, sum) in sums.iter().enumerate().filter(|(_, sum)| sum.customers > 0) {
        let (rule, rf) = place(slot);
        totals.get_mut(rule).unwrap_or(&mut unmatched).add(sum);
        all.add(sum);
        let (r, f) = (rf / 6, rf % 6);
        if r > 0 && f > 0 {
            let cell = &mut rf_grid[r - 1][f - 1];
            cell.customers += sum.customers;
            cell.revenue += sum.revenue;
        }
    }
    for cell in rf_grid.iter_mut().flatten() {
        cell.revenue = settle(cell.revenue);
    }
    let revenue = settle(all.revenue);
    let stats = rules
        .iter()
        .zip(&totals)
        .map(|(rule, sums)| stats(rule, sums, revenue))
        .collect();
    Segmentation {
        segment,
        stats,
        rf_grid,
        unmatched: unmatched.customers,
    }
}

fn stats(rule: &Rule, sums: &Sums, all_revenue: f64) -> SegmentStats {
    let revenue = settle(sums.revenue);
    let ratio = |sum: f64, count: u64| if count == 0 { 0.0 } else { sum / count as f64 };
    SegmentStats {
        name: rule.name.clone(),
        style: rule.style,
        customers: sums.customers,
        revenue,
        revenue_share: if all_revenue == 0.0 {
            0.0
        } else {
            revenue / all_revenue
        },
        recency_days: ratio(sums.recency_days as f64, sums.customers),
        frequency: ratio(sums.frequency as f64, sums.customers),
        monetary: ratio(revenue, sums.customers),
        aov: ratio(revenue, sums.frequency),
        tenure_days: ratio(sums.tenure_days as f64, sums.customers),
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
