//! The numbers of the Overview: KPIs, revenue over time, orders per customer, time between orders.

use super::numeric::settle;
use data::day::Period;

/// Headline numbers as of S.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kpis {
    /// Customers with a kept order before S.
    pub customers: u64,
    pub orders: u64,
    /// Lines dated before S, also those not kept and credits.
    pub lines: u64,
    /// Σ over all lines before S of what was kept, credits included.
    pub net_revenue: f64,
    /// The part of `net_revenue` that belongs to no customer: credits of people without an order
    /// before S (their purchase is not in the data). Segments and cohorts sum up to the rest.
    pub revenue_without_customer: f64,
    /// Net revenue ÷ orders.
    pub aov: f64,
    /// Share of customers with exactly one order.
    pub one_time_share: f64,
    /// Share of customers with two or more orders.
    pub repeat_rate: f64,
    /// Median days between consecutive purchase days of the same customer; `None` without repeats.
    pub median_gap_days: Option<f64>,
    /// Share of sale lines that were not kept; `None` when the data does not tell, that is when no
    /// line at all, of any date, is marked as not kept.
    pub return_rate: Option<f64>,
    /// Credits ÷ amount of kept sales, both before S; `None` without credit lines.
    pub credit_share: Option<f64>,
}

/// One period of the time series; new customers are those whose first order falls in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeriodRevenue {
    pub index: i32,
    pub label: String,
    /// Net revenue of customers in the period of their first order.
    pub revenue_new: f64,
    /// All other net revenue: also credits dated before a first order or without one, which
    /// belong to earlier purchases.
    pub revenue_returning: f64,
    pub orders: u64,
    pub customers_new: u64,
    /// Customers with an order in this period and their first one in an earlier period.
    pub customers_returning: u64,
    /// Whether the period had ended by S.
    pub complete: bool,
}

impl PeriodRevenue {
    #[must_use]
    pub fn revenue(&self) -> f64 {
        settle(self.revenue_new + self.revenue_returning)
    }

    /// Customers with an order in the period.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.customers_new + self.customers_returning
    }

    /// Net revenue ÷ orders of the period.
    #[must_use]
    pub fn aov(&self) -> Option<f64> {
        (self.orders > 0).then(|| self.revenue() / self.orders as f64)
    }
}

/// The same numbers for a run of days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// Customers with an order in the window, and those of them whose first order it holds.
    pub customers: u64,
    pub new_customers: u64,
    pub orders: u64,
    /// Net revenue of the window's days, credits included.
    pub revenue: f64,
}

impl Window {
    /// Net revenue ÷ orders.
    #[must_use]
    pub fn aov(&self) -> Option<f64> {
        (self.orders > 0).then(|| self.revenue / self.orders as f64)
    }

    /// Share of the window's customers who had ordered before it.
    #[must_use]
    pub fn returning_share(&self) -> Option<f64> {
        let returning = self.customers - self.new_customers;
        (self.customers > 0).then(|| returning as f64 / self.customers as f64)
    }
}

/// The last days before S against as many days before them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Trend {
    pub window_days: u32,
    pub current: Window,
    pub previous: Window,
}

impl Trend {
    /// Relative change of a number of the two windows; `None` when there was nothing before.
    #[must_use]
    pub fn change(&self, of: impl Fn(&Window) -> f64) -> Option<f64> {
        let before = of(&self.previous);
        (before != 0.0).then(|| of(&self.current) / before - 1.0)
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    pub kpis: Kpis,
    /// Length of the periods of `series`.
    pub period: Period,
    /// The length asked for, where that would have been more than 2,400 periods.
    pub too_short: Option<Period>,
    /// Every period from the first order to the one that holds the day before S.
    pub series: Vec<PeriodRevenue>,
    /// Customers by number of orders: entry 0 holds those with 1 order… the last one "10 or more".
    pub orders_per_customer: Vec<u64>,
    /// Gaps between consecutive purchase days: entry *i* counts gaps of
    /// `i * gap_bin_days + 1 ..= (i + 1) * gap_bin_days` days.
    pub gap_histogram: Vec<u64>,
    pub gap_bin_days: u32,
    /// Whether the last entry also holds all longer gaps ("or more").
    pub gap_tail: bool,
    /// Last 90 days against the 90 before (28 in a young shop); `None` when the orders before S do
    /// not reach back over both.
    pub trend: Option<Trend>,
}

impl Overview {
    /// Says that the series is by longer periods than asked for.
    #[must_use]
    pub fn longer_periods(&self) -> Option<String> {
        let asked = self.too_short?.noun();
        Some(format!(
            "Shown by {}: dates lie so far apart that there would be more than 2,400 {asked}s.",
            self.period.noun()
        ))
    }

    /// A number over the last periods that had ended by S, oldest first: for sparklines.
    #[must_use]
    pub fn recent(&self, periods: usize, of: impl Fn(&PeriodRevenue) -> f64) -> Vec<f64> {
        let complete: Vec<f64> = self
            .series
            .iter()
            .filter(|entry| entry.complete)
            .map(of)
            .collect();
        complete[complete.len().saturating_sub(periods)..].to_vec()
    }

    /// Share of net revenue from customers past the period of their first order.
    #[must_use]
    pub fn returning_revenue_share(&self) -> Option<f64> {
        let returning: f64 = self
            .series
            .iter()
            .map(|entry| entry.revenue_returning)
            .sum();
        (self.kpis.net_revenue > 0.0).then(|| settle(returning) / self.kpis.net_revenue)
    }

    /// The complete period with the highest net revenue; the earlier one of equals.
    #[must_use]
    pub fn best_period(&self) -> Option<&PeriodRevenue> {
        let complete = self.series.iter().filter(|entry| entry.complete);
        complete.reduce(|best, next| {
            if next.revenue() > best.revenue() {
                next
            } else {
                best
            }
        })
    }
}
