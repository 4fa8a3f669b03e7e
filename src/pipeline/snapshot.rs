//! What the window shows: one `Arc` per artefact, so that taking a snapshot copies nothing.

use std::sync::Arc;

use analysis::{
    attribute_tests::AttributeTests,
    calendar::CalendarRevenue,
    clusters::Labels,
    cohorts::CohortTable,
    comparison::Comparison,
    customers::Customers,
    distribution::Distribution,
    flat::{FlatAnswers, FlatColumns},
    insights::Insights,
    migration::Migration,
    moves::Moves,
    overview::Overview,
    rfm::Scores,
    rule_check::RuleReport,
    rules::Rule,
    segments::Segmentation,
    selection::{Selected, Selection},
    stability::Stability,
    trust::{Limit, Subject},
};
use audiences::story::Story;
use data::dataset::Dataset;
use data::day::Day;

use super::{outlook::Outlook, people::People, start::Start, training::Predictions};

/// The analyses of a customer table.
#[derive(Clone, Debug)]
pub struct Flat {
    pub columns: Arc<FlatColumns>,
    pub answers: Arc<FlatAnswers>,
}

impl Flat {
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.columns, &other.columns) && Arc::ptr_eq(&self.answers, &other.answers)
    }
}

/// All results for one loaded shop as of one date; consistent with each other and complete but for
/// [`Shop::details`].
#[derive(Clone, Debug)]
pub struct Shop {
    pub dataset: Arc<Dataset>,
    /// First and last day with a kept sale; `None` without sales.
    pub order_days: Option<(Day, Day)>,
    /// What the data are too short or too small for.
    pub limits: Arc<Vec<Limit>>,
    /// What the shares of the quality report are of, see [`QualityReport::gross_sales`].
    ///
    /// [`QualityReport::gross_sales`]: data::dataset::quality::QualityReport::gross_sales
    pub gross_sales: f64,
    /// S in use.
    pub as_of: Day,
    pub customers: Arc<Customers>,
    pub scores: Arc<Scores>,
    pub segments: Arc<Segmentation>,
    /// What the segments were made with, and what tuning them needs to know.
    pub tuning: Tuning,
    /// Everybody's cluster of those the project keeps; `None` when it keeps none.
    pub clusters: Option<Arc<Labels>>,
    pub cohorts: Arc<CohortTable>,
    pub overview: Arc<Overview>,
    /// What is shown of a customer table; `None` for a shop with orders.
    pub flat: Option<Flat>,
    /// Moves between two dates; `None` unless asked for.
    pub migration: Option<Arc<Migration>>,
    pub selection: Selection,
    pub selected: Arc<Selected>,
    /// The selection next to everyone.
    pub comparison: Arc<Comparison>,
    /// Forecast, lists and campaign; `None` while nobody has asked or they are being worked out.
    pub people: Option<People>,
    /// The customer whose drill-down is open; as `people`.
    pub story: Option<Arc<Story>>,
    /// What the run chosen in the Models view says of everyone; `None` without a trained model.
    pub predictions: Option<Arc<Predictions>>,
    /// What is predicted of the segments; `None` without predictions, and while something is dragged.
    pub outlook: Option<Arc<Outlook>>,
    /// What only the Start view shows; as `people`.
    pub start: Option<Start>,
    /// What only the Overview shows; `None` while it is still being worked out for this date.
    pub details: Option<Details>,
}

/// What the segments were made with, and what follows from that beside their sizes.
#[derive(Clone, Debug, Default)]
pub struct Tuning {
    /// The rules behind [`Shop::segments`]. While something is dragged the project is ahead of them.
    pub rules: Arc<Vec<Rule>>,
    /// Their attribute tests, answered for every customer.
    pub attributes: Arc<AttributeTests>,
    /// The segments before the change that was asked about; `None` when nothing differs.
    pub before: Option<Before>,
    /// How recency, frequency, monetary value, order value and tenure are spread.
    pub distributions: Option<Arc<[Distribution; 5]>>,
    /// What each rule does; `None` while something is dragged.
    pub check: Option<Arc<RuleReport>>,
    /// How much depends on each cut point; `None` while something is dragged.
    pub stability: Option<Arc<Stability>>,
}

/// Another segmentation of the same customers as of the same date, and the way from there to here.
#[derive(Clone, Debug)]
pub struct Before {
    pub rules: Arc<Vec<Rule>>,
    pub segments: Arc<Segmentation>,
    pub moves: Arc<Moves>,
}

impl Tuning {
    /// Whether nothing is still to come.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.distributions.is_some() && self.check.is_some() && self.stability.is_some()
    }

    fn same(&self, other: &Self) -> bool {
        fn both<T>(one: Option<&Arc<T>>, other: Option<&Arc<T>>) -> bool {
            match (one, other) {
                (Some(one), Some(other)) => Arc::ptr_eq(one, other),
                (None, None) => true,
                _ => false,
            }
        }
        let moves = |tuning: &Self| tuning.before.as_ref().map(|before| before.moves.clone());
        self.rules == other.rules
            && Arc::ptr_eq(&self.attributes, &other.attributes)
            && both(moves(self).as_ref(), moves(other).as_ref())
            && both(self.distributions.as_ref(), other.distributions.as_ref())
            && both(self.check.as_ref(), other.check.as_ref())
            && both(self.stability.as_ref(), other.stability.as_ref())
    }
}

/// The costlier half of the Overview. It follows a moment after everything else, so that moving the
/// as-of date does not wait for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    pub insights: Arc<Insights>,
    pub calendar: Arc<CalendarRevenue>,
}

impl Details {
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.insights, &other.insights) && Arc::ptr_eq(&self.calendar, &other.calendar)
    }
}

/// The newest finished results; empty before the first shop is open.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Counts up with every change, so that memos of the window can key on it.
    pub revision: u64,
    pub shop: Option<Shop>,
    /// What people should know about these numbers, one full sentence each: an as-of date before the
    /// first order, a file that has gone.
    pub warnings: Vec<String>,
}

impl Snapshot {
    /// Whether both show the same artefacts (the same `Arc`s), whatever their revision.
    #[must_use]
    pub fn same_content(&self, other: &Self) -> bool {
        self.warnings == other.warnings
            && match (&self.shop, &other.shop) {
                (None, None) => true,
                (Some(one), Some(other)) => one.same_content(other),
                _ => false,
            }
    }
}

impl Shop {
    /// Whether the data are too short or too small for these numbers.
    #[must_use]
    pub fn weak(&self, subject: Subject) -> bool {
        self.limits.iter().any(|limit| limit.subject == subject)
    }

    fn same_content(&self, other: &Self) -> bool {
        self.as_of == other.as_of
            && self.selection == other.selection
            && Arc::ptr_eq(&self.dataset, &other.dataset)
            && Arc::ptr_eq(&self.customers, &other.customers)
            && Arc::ptr_eq(&self.scores, &other.scores)
            && Arc::ptr_eq(&self.segments, &other.segments)
            && self.tuning.same(&other.tuning)
            && match (&self.clusters, &other.clusters) {
                (Some(mine), Some(theirs)) => Arc::ptr_eq(mine, theirs),
                (None, None) => true,
                _ => false,
            }
            && match (&self.outlook, &other.outlook) {
                (Some(mine), Some(theirs)) => Arc::ptr_eq(mine, theirs),
                (None, None) => true,
                _ => false,
            }
            && Arc::ptr_eq(&self.cohorts, &other.cohorts)
            && Arc::ptr_eq(&self.overview, &other.overview)
            && match (&self.flat, &other.flat) {
                (Some(mine), Some(theirs)) => mine.same(theirs),
                (None, None) => true,
                _ => false,
            }
            && match (&self.migration, &other.migration) {
                (Some(mine), Some(theirs)) => Arc::ptr_eq(mine, theirs),
                (None, None) => true,
                _ => false,
            }
            && Arc::ptr_eq(&self.selected, &other.selected)
            && Arc::ptr_eq(&self.comparison, &other.comparison)
            && match (&self.people, &other.people) {
                (None, None) => true,
                (Some(one), Some(other)) => one.same(other),
                _ => false,
            }
            && self.predictions == other.predictions
            && match (&self.story, &other.story) {
                (None, None) => true,
                (Some(one), Some(other)) => Arc::ptr_eq(one, other),
                _ => false,
            }
            && match (&self.start, &other.start) {
                (None, None) => true,
                (Some(one), Some(other)) => one.same(other),
                _ => false,
            }
            && match (&self.details, &other.details) {
                (None, None) => true,
                (Some(one), Some(other)) => one.same(other),
                _ => false,
            }
    }
}
