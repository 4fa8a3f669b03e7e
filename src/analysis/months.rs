//! The calendar months that the data cover as a whole: what changed since the last one.

use super::{
    customers::Customers,
    overview::{Overview, PeriodRevenue},
    overview_build::overview,
};
use data::day::Period;
use data::orders::Orders;

/// Calendar months that the data cover from their first to their last day, before S; oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Months {
    pub whole: Vec<PeriodRevenue>,
}

impl Months {
    /// Leaves out the month that S ends, and the first one unless the data begin with its first day.
    /// Nothing where dates lie so far apart that they are only followed by longer periods.
    #[must_use]
    pub fn new(orders: &Orders, customers: &Customers) -> Self {
        let Overview { period, series, .. } = overview(orders, customers, Period::Month);
        if period != Period::Month {
            return Self::default();
        }
        let first = orders.day_range().map(|(first, _)| first);
        let begins = |month: &PeriodRevenue| {
            first.is_none_or(|first| Period::Month.first_day(month.index) >= first)
        };
        let whole = series.into_iter();
        Self {
            whole: whole
                .filter(|month| month.complete && begins(month))
                .collect(),
        }
    }

    /// The last month; `None` before one is over.
    #[must_use]
    pub fn last(&self) -> Option<&PeriodRevenue> {
        self.whole.last()
    }

    /// The month so many months before the last; `None` where the data do not cover it.
    #[must_use]
    pub fn before(&self, months: i32) -> Option<&PeriodRevenue> {
        let wanted = self.last()?.index - months;
        self.whole.iter().find(|month| month.index == wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::customers_as_of;
    use data::day::{Day, from_civil};
    use data::lines::in_memory::{Kind, Line, assemble};

    #[test]
    fn only_whole_months_are_compared() {
        let day = |year, month, day| from_civil(year, month, day).unwrap();
        let line = |at: Day, amount| Line {
            customer: format!("c{at}"),
            day: at,
            order: format!("o{at}"),
            amount,
            kind: Kind::Sale,
            attributes: Vec::new(),
        };
        let lines = [
            // The data begin in the middle of January: that month is no whole one.
            line(day(2024, 1, 15), 1.0),
            line(day(2024, 2, 3), 10.0),
            line(day(2024, 4, 9), 20.0),
            line(day(2024, 5, 2), 50.0),
        ];
        let orders = assemble(&lines, &[]).unwrap();
        let at = |as_of| Months::new(&orders, &customers_as_of(&orders, as_of));
        let months = at(day(2024, 5, 20));
        let revenue: Vec<f64> = months.whole.iter().map(PeriodRevenue::revenue).collect();
        assert_eq!(revenue, [10.0, 0.0, 20.0]);
        assert_eq!(months.before(1).map(PeriodRevenue::revenue), Some(0.0));
        assert_eq!(months.before(12), None);
        assert_eq!(at(day(2024, 2, 1)).last(), None);
        assert_eq!(at(day(2024, 6, 1)).last().map(|last| last.orders), Some(1));
    }
}
