//! The numbers of the Overview: KPIs, revenue over time, orders per customer, time between orders.

use super::customers::Customers;
use crate::data::{day::Period, orders::Orders};

/// Headline numbers as of S.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kpis {
    pub customers: u64,
    pub orders: u64,
    pub lines: u64,
    pub net_revenue: f64,
    /// Net revenue ÷ orders.
    pub aov: f64,
    /// Share of customers with exactly one order.
    pub one_time_share: f64,
    /// Share of customers with two or more orders.
    pub repeat_rate: f64,
    /// Median days between consecutive purchase days of the same customer; `None` without repeats.
    pub median_gap_days: Option<f64>,
    /// Share of sale lines that were not kept; `None` when the data does not tell.
    pub return_rate: Option<f64>,
}

/// One period of the time series; new customers are those whose first order falls in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeriodRevenue {
    pub index: i32,
    pub label: String,
    pub revenue_new: f64,
    pub revenue_returning: f64,
    pub orders: u64,
    pub customers_new: u64,
    pub customers_returning: u64,
    /// Whether the period had ended by S.
    pub complete: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    pub kpis: Kpis,
    pub period: Period,
    pub series: Vec<PeriodRevenue>,
    /// Customers by number of orders: entry 0 holds those with 1 order… the last one "10 or more".
    pub orders_per_customer: Vec<u64>,
    /// Gaps between consecutive purchase days, binned by `gap_bin_days`.
    pub gap_histogram: Vec<u64>,
    pub gap_bin_days: u32,
}

#[must_use]
pub fn overview(orders: &Orders, customers: &Customers, period: Period) -> Overview {
    let _ = (orders, customers, period);
    unimplemented!("overview")
}
