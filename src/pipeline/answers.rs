//! The five answers of the Start view, put together from what a shop's snapshot holds. Window and command
//! line both ask here.

use serde::Serialize;

use super::{people::People, snapshot::Shop, start::Start};
use analysis::trust::Subject;
use audiences::{
    AudienceSettings,
    answers::{
        Allowance, Answer, Bringing, Change, Expected, Slipping, Terms, allowance, bringing,
        change, expected, slipping,
    },
};

/// What the answers are worked out from.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub shop: &'a Shop,
    pub people: &'a People,
    pub start: &'a Start,
    pub settings: &'a AudienceSettings,
    pub currency: &'a str,
    /// Column of the orders that the fourth answer is about; `None` = the one that tells most.
    pub column: Option<&'a str>,
}

/// All of them, in the order they are shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answers {
    pub expected_revenue: Answer<Expected>,
    pub allowance: Answer<Allowance>,
    pub slipping_away: Answer<Slipping>,
    pub first_order: Answer<Bringing>,
    pub last_month: Answer<Change>,
}

/// The questions they answer, in their order.
pub const QUESTIONS: [&str; 5] = [
    "What will my customers bring?",
    "What may a new customer cost?",
    "Who is slipping away?",
    "What brings people back?",
    "What changed last month?",
];

impl Answers {
    /// Words the answers.
    #[must_use]
    pub fn of(known: &Known<'_>) -> Self {
        let Known {
            shop,
            people,
            start,
            settings,
            currency,
            column,
        } = *known;
        let mut limits = shop.limits.iter();
        let weak = limits.find(|limit| limit.subject == Subject::Forecasts);
        let weak = weak.map(|limit| limit.sentence.as_str());
        let why = people.fitted.as_ref().as_ref().err();
        let why = why.map_or("Nothing could be predicted.", String::as_str);
        let forecast = people.forecast.as_ref().as_ref().ok_or(why);
        let held_out = people.held_out.as_ref().as_ref();
        let terms = Terms {
            months: settings.payback_months,
            margin: settings.campaign.margin,
        };
        Self {
            expected_revenue: expected(forecast, held_out, weak, currency),
            allowance: allowance(
                &start.payback,
                terms,
                &people.acquisition,
                start.since,
                currency,
            ),
            slipping_away: slipping(&people.lists, &shop.customers, weak, currency),
            first_order: bringing(&start.comeback, column),
            last_month: change(&start.months, currency),
        }
    }
}
