//! What the Start view reads beyond the tables of the other views, worked out together on demand: value of
//! a new customer, what brings people back, the last months.

use std::sync::Arc;

use analysis::{
    cohort_build::cohorts,
    cohorts::CohortSpec,
    comeback::{Comeback, comeback},
    customers::Customers,
    months::Months,
    payback::{Payback, payback},
};
use data::day::Day;
use data::orders::Orders;

/// Everything the Start view needs of its own, of one shop as of one date.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    pub payback: Arc<Payback>,
    pub comeback: Arc<Comeback>,
    pub months: Arc<Months>,
    /// Where the first month of the data seems to hold customers from before they begin: the first day
    /// after it. Only customers won from then on count in the payback and the comeback.
    pub since: Option<Day>,
}

impl Start {
    /// Works everything out from the lines before `customers.as_of`.
    #[must_use]
    pub fn new(orders: &Orders, customers: &Customers) -> Self {
        let by_month = CohortSpec::default();
        let table = cohorts(orders, customers.as_of, &by_month);
        let second = table.rows.get(1).filter(|_| table.left_censored);
        let since = second.map(|row| by_month.period.first_day(row.key as i32));
        let (payback, (comeback, months)) = rayon::join(
            || payback(orders, customers, since),
            || {
                rayon::join(
                    || comeback(orders, customers, since),
                    || Months::new(orders, customers),
                )
            },
        );
        Self {
            payback: Arc::new(payback),
            comeback: Arc::new(comeback),
            months: Arc::new(months),
            since,
        }
    }

    /// Whether both hold the same artefacts.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.payback, &other.payback)
            && Arc::ptr_eq(&self.comeback, &other.comeback)
            && Arc::ptr_eq(&self.months, &other.months)
    }
}
