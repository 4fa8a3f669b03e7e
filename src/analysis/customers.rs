//! One row per customer as of S.

use crate::data::{day::Day, orders::Orders};

/// Recency, frequency, monetary value and tenure of every customer as of S.
///
/// Dense: row *i* is customer *i* of the orders; `frequency[i] == 0` means no kept order before S.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Customers {
    /// S: only orders dated before it count.
    pub as_of: Day,
    /// Customers with at least one order before S.
    pub active: usize,
    /// Day of the first and last kept order; meaningless where `frequency` is 0.
    pub first_day: Vec<Day>,
    pub last_day: Vec<Day>,
    /// Distinct kept orders before S.
    pub frequency: Vec<u32>,
    /// Distinct days with a kept order before S.
    pub purchase_days: Vec<u32>,
    /// Net revenue before S, credits included.
    pub monetary: Vec<f64>,
}

impl Customers {
    #[must_use]
    pub fn len(&self) -> usize {
        self.frequency.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frequency.is_empty()
    }

    /// Whether the customer has an order before S.
    #[must_use]
    pub fn exists(&self, customer: usize) -> bool {
        self.frequency[customer] > 0
    }

    /// Days from the last order to S.
    #[must_use]
    pub fn recency_days(&self, customer: usize) -> i32 {
        self.as_of - self.last_day[customer]
    }

    /// Days from the first order to S.
    #[must_use]
    pub fn tenure_days(&self, customer: usize) -> i32 {
        self.as_of - self.first_day[customer]
    }

    /// Average order value: net revenue ÷ orders.
    #[must_use]
    pub fn aov(&self, customer: usize) -> f64 {
        self.monetary[customer] / f64::from(self.frequency[customer].max(1))
    }
}

/// The default S: the day after the last order.
#[must_use]
pub fn default_as_of(orders: &Orders) -> Option<Day> {
    orders.day_range().map(|(_, last)| last + 1)
}

/// Walks every customer's lines before `as_of`.
#[must_use]
pub fn customers_as_of(orders: &Orders, as_of: Day) -> Customers {
    let _ = (orders, as_of);
    unimplemented!("customers")
}
