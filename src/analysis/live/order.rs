//! Customers in the order of one of their values, so that those between two values are neighbours.

use std::ops::Range;

use crate::{
    conditions::RuleInputs,
    numeric::ordered,
    rules::{Comparison, Field},
};

/// A step is worth its while for at most one customer in so many: beyond that a walk over everybody,
/// which reads memory in order, is quicker.
pub const ONE_IN: usize = 12;

/// Whether so many of all customers are few enough to be looked at one by one.
pub fn few(customers: usize, of: usize) -> bool {
    customers <= (of / ONE_IN).max(1_000)
}

/// Customers with an order before S and a value of one field, least value first, equal ones by their
/// numbers. Four bytes a customer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Order {
    rows: Vec<u32>,
}

/// A value's key and whose value it is.
type Keyed = (u64, u32);

/// Bits looked at in one pass of the sort.
const DIGIT: u32 = 11;

impl Order {
    /// Sorts the customers: one pass over them per part of the key in which they differ.
    #[must_use]
    pub fn new(inputs: RuleInputs<'_>, field: Field) -> Self {
        let mut keyed: Vec<Keyed> = Vec::with_capacity(inputs.customers.active);
        let rows = 0..inputs.customers.len();
        for row in rows.filter(|&row| inputs.customers.exists(row)) {
            let value = inputs.value(field, row);
            // Who has no value passes no test, wherever the threshold lies.
            if !value.is_nan() {
                keyed.push((ordered(value), row as u32));
            }
        }
        sort(&mut keyed);
        Self {
            rows: keyed.into_iter().map(|(_, row)| row).collect(),
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Customers at these places.
    #[must_use]
    pub fn rows(&self, places: Range<usize>) -> &[u32] {
        self.rows.get(places).unwrap_or_default()
    }

    /// The place that a threshold splits the order at: on one side of it are those who pass.
    /// `field` is the one the order was made for.
    #[must_use]
    pub fn split(
        &self,
        inputs: RuleInputs<'_>,
        (field, comparison): (Field, Comparison),
        limit: f64,
    ) -> usize {
        let value = |row: &u32| inputs.value(field, *row as usize);
        // A threshold that is no number is passed by nobody.
        match comparison {
            Comparison::AtMost => self.rows.partition_point(|row| value(row) <= limit),
            Comparison::AtLeast => {
                let passes = |row: &u32| value(row) >= limit;
                self.rows.partition_point(|row| !passes(row))
            }
        }
    }
}

/// Sorts by key and leaves equal keys as they stand: least significant digit first, bits that are the
/// same everywhere left out.
fn sort(keyed: &mut Vec<Keyed>) {
    let Some(&(first, _)) = keyed.first() else {
        return;
    };
    let (low, high, differ) = keyed
        .iter()
        .fold((first, first, 0), |(low, high, differ), &(key, _)| {
            (low.min(key), high.max(key), differ | (key ^ first))
        });
    if low == high {
        return;
    }
    // Whole numbers end in as many equal bits.
    let ends = differ.trailing_zeros();
    let digits = (u64::BITS - ((high - low) >> ends).leading_zeros()).div_ceil(DIGIT);
    let digit = |key: u64, place: usize| {
        let shifted = ((key - low) >> ends) >> (place as u32 * DIGIT);
        shifted as usize & ((1 << DIGIT) - 1)
    };
    let mut counts = vec![[0_u32; 1 << DIGIT]; digits as usize];
    for &(key, _) in &*keyed {
        for (place, counts) in counts.iter_mut().enumerate() {
            counts[digit(key, place)] += 1;
        }
    }
    let mut sorted = vec![(0, 0); keyed.len()];
    for (place, counts) in counts.iter().enumerate() {
        let mut next = 0_usize;
        let mut starts = counts.map(|count| {
            let start = next;
            next += count as usize;
            start
        });
        for &entry in &*keyed {
            let start = &mut starts[digit(entry.0, place)];
            sorted[*start] = entry;
            *start += 1;
        }
        std::mem::swap(keyed, &mut sorted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{customers::Customers, rfm::Scores};
    use Comparison::{AtLeast, AtMost};

    #[test]
    fn values_ascend_and_equal_ones_stay_in_order() {
        let mut state = 1_u64;
        let mut draw = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state >> 20
        };
        let keyed: Vec<Keyed> = (0..5_000)
            .map(|row| {
                let key = draw() % 700 * ((1 << 44) + 1) + (1 << 63);
                (key, row)
            })
            .collect();
        let mut sorted = keyed.clone();
        sort(&mut sorted);
        let mut expected = keyed;
        expected.sort_by_key(|&(key, _)| key);
        assert_eq!(sorted, expected);
        for mut same in [vec![], vec![(7, 2), (7, 1)]] {
            let before = same.clone();
            sort(&mut same);
            assert_eq!(same, before);
        }
    }

    #[test]
    fn a_threshold_splits_the_order_where_customers_begin_to_pass() {
        let customers = Customers {
            as_of: 100,
            active: 5,
            first_day: vec![0; 6],
            last_day: vec![99; 6],
            frequency: vec![1, 1, 0, 1, 1, 1],
            purchase_days: vec![1; 6],
            monetary: vec![5.0, -2.0, 7.0, 5.0, 0.0, 90.0],
        };
        let scores = Scores::default();
        let inputs = RuleInputs::without_attributes(&customers, &scores);
        let order = Order::new(inputs, Field::Monetary);
        assert_eq!(order.rows(0..5), [1, 4, 0, 3, 5]);
        let split = |comparison, limit| order.split(inputs, (Field::Monetary, comparison), limit);
        assert_eq!((split(AtLeast, 5.0), split(AtMost, 5.0)), (2, 4));
        assert_eq!((split(AtLeast, 91.0), split(AtMost, -3.0)), (5, 0));
        assert_eq!((split(AtLeast, f64::NAN), split(AtMost, f64::NAN)), (5, 0));
        // Nobody has a predicted value.
        assert!(Order::new(inputs, Field::PredictedValue).is_empty());
    }
}
