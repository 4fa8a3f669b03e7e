//! What a click on a bar of the Overview selects.

use super::model::Revenue;
use analysis::{
    concentration::ValueDistribution,
    lifecycle::Reached,
    overview::PeriodRevenue,
    selection::{Fate, Part, Quantity, Range},
};

/// Who ordered in each period.
pub fn periods(chart: &Revenue) -> Vec<Option<Part>> {
    let part = |period: &PeriodRevenue| Part::Ordered {
        from: chart.period.first_day(period.index),
        until: chart.period.first_day(period.index + 1),
    };
    chart
        .series
        .iter()
        .map(|period| Some(part(period)))
        .collect()
}

/// Customers with `index + 1` orders; the last of the classes is open.
pub fn orders(index: usize, classes: usize) -> Part {
    let orders = (index + 1) as f64;
    let below = (index + 1 < classes).then_some(orders + 1.0);
    Part::Within(vec![Range::new(Quantity::Frequency, Some(orders), below)])
}

/// Customers with a sale line that came to the step; every customer was "created".
pub fn step(step: &Reached) -> Option<Part> {
    Some(Part::Became(Fate::Reached(step.step?)))
}

/// Customers with a sale line of this status.
pub fn status(column: &str, value: &str) -> Part {
    Part::Became(Fate::Status {
        column: column.to_owned(),
        value: value.to_owned(),
    })
}

/// Customers of a class of revenue; the classes below `shift` hold those without positive revenue.
pub fn value(value: &ValueDistribution, class: usize, shift: usize) -> Part {
    let positive = (shift > 0).then_some(f64::MIN_POSITIVE);
    let (from, below) = match class.checked_sub(shift) {
        None => (None, positive),
        Some(class) => {
            let first = class == 0 && value.tails.0;
            let last = class + 1 == value.counts.len() && value.tails.1;
            let from = if first {
                positive
            } else {
                Some(value.edges[class])
            };
            (from, (!last).then(|| value.edges[class + 1]))
        }
    };
    Part::Within(vec![Range::new(Quantity::Monetary, from, below)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(part: Part) -> (Option<f64>, Option<f64>) {
        let Part::Within(ranges) = part else {
            panic!("ranges");
        };
        let end = |value: Option<analysis::selection::Value>| value.map(|value| value.0);
        (end(ranges[0].from), end(ranges[0].below))
    }

    #[test]
    fn every_customer_is_in_exactly_one_class() {
        assert_eq!(range(orders(0, 10)), (Some(1.0), Some(2.0)));
        assert_eq!(range(orders(9, 10)), (Some(10.0), None));
        let spread = ValueDistribution {
            counts: vec![1, 2, 3],
            edges: vec![10.0, 20.0, 50.0, 100.0],
            tails: (true, true),
            ..ValueDistribution::default()
        };
        let least = f64::MIN_POSITIVE;
        assert_eq!(range(value(&spread, 0, 1)), (None, Some(least)));
        assert_eq!(range(value(&spread, 1, 1)), (Some(least), Some(20.0)));
        assert_eq!(range(value(&spread, 2, 1)), (Some(20.0), Some(50.0)));
        assert_eq!(range(value(&spread, 3, 1)), (Some(50.0), None));
        assert_eq!(range(value(&spread, 0, 0)), (None, Some(20.0)));
    }
}
