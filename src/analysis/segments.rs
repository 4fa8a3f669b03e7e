//! Segments from an ordered list of rules: the first rule that matches wins.

use serde::{Deserialize, Serialize};

use super::{customers::Customers, rfm::Scores};

/// What a condition looks at. Further fields (attributes, predictions) join with their features.
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
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

/// One segment and the condition that puts a customer into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GridCell {
    pub customers: u64,
    pub revenue: f64,
}

/// Assigns every customer to the first rule that matches and sums up the segments.
#[must_use]
pub fn segment(customers: &Customers, scores: &Scores, rules: &[Rule]) -> Segmentation {
    let _ = (customers, scores, rules);
    unimplemented!("segments")
}
