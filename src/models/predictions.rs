//! What a model says of everybody, and the figures it is judged by.

use std::collections::BTreeMap;

/// Metrics by their standard names (`gain_10`, `gini_normalised`, `auc`…).
pub type Metrics = BTreeMap<String, f64>;

/// What a model says of everyone as of S.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predictions {
    /// Name of the recipe and of the model.
    pub recipe: String,
    pub model: String,
    /// Rows of the orders (or of the customer table), ascending.
    pub customers: Vec<u32>,
    /// Expected value, or probability for classes; one per customer.
    pub value: Vec<f64>,
    /// Prediction interval at the recipe's nominal coverage; empty for classes.
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    /// Probability of still being a customer; empty without an order history.
    pub p_alive: Vec<f64>,
}
