//! What is known of people beyond the orders: forecast, lists, campaigns, matrix.

use std::sync::Arc;

use analysis::{customers::Customers, segments::Segmentation};
use audiences::{
    acquisition::Acquisition,
    campaign::Curves,
    disagree::Disagreements,
    forecast::{Fitted, Forecast},
    held_out::HeldOut,
    lists::Lists,
    matrix::Matrix,
    progress::KpiSheet,
};

/// What somebody is looking at that is worked out on demand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Forecast, lists and everything else of the audiences.
    pub people: bool,
    /// The story of this customer, and the forecast behind it.
    pub customer: Option<u32>,
    /// Who moved between the project's two dates.
    pub migration: bool,
    /// What the Start view alone reads.
    pub start: bool,
}

/// The shop one horizon before S.
#[derive(Clone, Debug)]
pub struct Earlier {
    pub customers: Customers,
    pub segments: Segmentation,
}

/// Everything of the audiences for one shop as of one date.
#[derive(Clone, Debug)]
pub struct People {
    /// The models, or why there are none, in a full sentence.
    pub fitted: Arc<Result<Fitted, String>>,
    pub forecast: Arc<Option<Forecast>>,
    /// What the models of [`People::fitted`] say, also while a trained model is in use.
    pub from_orders: Arc<Option<Forecast>>,
    /// Why the trained model that was chosen is not used, in a full sentence.
    pub not_trained: Option<String>,
    /// Usual gap of every customer in days, NaN without one.
    pub gaps: Arc<Vec<f32>>,
    pub lists: Arc<Lists>,
    pub matrix: Arc<Option<Matrix>>,
    pub disagreements: Arc<Option<Disagreements>>,
    /// What earlier forecasts like the one in use were worth; `None` when there was no telling.
    pub held_out: Arc<Option<HeldOut>>,
    /// Value reached by contacting the best so many of the campaign's audience.
    pub curves: Arc<Curves>,
    pub earlier: Arc<Earlier>,
    pub kpis: Arc<KpiSheet>,
    pub acquisition: Arc<Vec<Acquisition>>,
}

impl People {
    /// Whether both hold the same artefacts.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.forecast, &other.forecast)
            && self.not_trained == other.not_trained
            && Arc::ptr_eq(&self.lists, &other.lists)
            && Arc::ptr_eq(&self.matrix, &other.matrix)
            && Arc::ptr_eq(&self.disagreements, &other.disagreements)
            && Arc::ptr_eq(&self.curves, &other.curves)
            && Arc::ptr_eq(&self.kpis, &other.kpis)
            && Arc::ptr_eq(&self.acquisition, &other.acquisition)
    }
}
