//! Why a training could not be done; each error says what to do.

use super::preprocess::MissingFeatures;
use crate::btyd::error::BtydError;
use base::monitor::Cancelled;
use data::day::{Day, iso};

/// A setting that no training can work with.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the setting `{setting}` is {found}; expected {expected}")]
pub struct InvalidRecipe {
    pub setting: &'static str,
    pub found: String,
    pub expected: &'static str,
}

/// Why a training could not be done. `Display` is the full message for people.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TrainError {
    #[error(
        "the answers of t₀ = {} are known on {} only, but the data ends on {}. Choose an earlier t₀, a shorter horizon, or a later as-of date",
        iso(*cutoff), iso(*end), iso(*last)
    )]
    WindowTooLate { cutoff: Day, end: Day, last: Day },
    #[error(
        "there is nobody to ask: {question} is not complete for any customer by {}. Choose a shorter horizon or a later as-of date",
        iso(*last)
    )]
    NobodyToAsk { question: String, last: Day },
    #[error(
        "only {found} customers can be learned from; at least {needed} are needed. Choose a shorter horizon or open more data"
    )]
    TooFewCustomers { found: usize, needed: usize },
    #[error(
        "only {found} of {customers} customers have the rarer answer; at least {needed} are needed to learn and judge. Choose a longer horizon, another target, or open more data"
    )]
    TooFewOfOneAnswer {
        found: usize,
        customers: usize,
        needed: usize,
    },
    #[error(
        "the orders before t₀ = {} span {days} days, too little to foresee {horizon_days}: at least {needed} are needed. Choose a shorter horizon, or open older orders too",
        iso(*cutoff)
    )]
    TooLittleHistory {
        cutoff: Day,
        days: u32,
        needed: u32,
        horizon_days: u32,
    },
    #[error(
        "all {customers} answers are the same ({answer}): there is nothing to learn. Choose another target or horizon"
    )]
    OneAnswer { customers: usize, answer: String },
    #[error("this target is a column of a customer table, but the data is an order history")]
    NeedsTable,
    #[error(
        "this target needs an order history, but the data is a customer table. Choose a column as target"
    )]
    NeedsOrders,
    #[error("there is no column `{column}`; the table has: {}", columns.join(", "))]
    NoColumn {
        column: String,
        columns: Vec<String>,
    },
    #[error("the column `{column}` has no answer that can be read as number or text")]
    NoAnswers { column: String },
    #[error("the data holds none of the features of the recipe `{recipe}`: {wanted}")]
    NoFeatures { recipe: String, wanted: String },
    #[error("the recipe `{recipe}` has no model that fits the data. Add another model to it")]
    NoModel { recipe: String },
    #[error("the predictions of {model} cannot be judged: {problem}")]
    Judged { model: String, problem: String },
    #[error(transparent)]
    Recipe(#[from] InvalidRecipe),
    #[error(transparent)]
    MissingFeatures(#[from] MissingFeatures),
    #[error("{model} could not be fitted: {problem}")]
    Fit { model: String, problem: String },
    #[error(transparent)]
    Btyd(BtydError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<BtydError> for TrainError {
    fn from(error: BtydError) -> Self {
        match error {
            BtydError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            error => Self::Btyd(error),
        }
    }
}
