//! The rules that name segments: conditions on scores, numbers and columns.

use serde::{Deserialize, Serialize};

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

    /// Whether its values come from a trained model.
    #[must_use]
    pub fn is_predicted(self) -> bool {
        matches!(self, Self::PredictedValue | Self::PAlive)
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
