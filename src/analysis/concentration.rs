//! How customer value is spread: a histogram over round, nearly logarithmic classes, and how much of
//! the revenue the best customers bring.

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::{ordered, quantile, settle},
};

/// Shares of the customers whose revenue is told.
pub const TOP_SHARES: [f64; 4] = [0.01, 0.05, 0.10, 0.20];
/// Points of the curve, the first and the last included.
pub const CURVE_POINTS: usize = 101;
/// Classes shown at most, without the one for "nothing".
const MAX_CLASSES: usize = 26;

/// The best customers up to a share, and what they bring.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TopShare {
    /// 0.01, 0.05…
    pub share: f64,
    /// ⌈share · customers⌉
    pub customers: u64,
    pub revenue: f64,
    /// `revenue` ÷ revenue of all customers; `None` when that is not positive.
    pub revenue_share: Option<f64>,
}

/// Distribution of net revenue per customer as of S, over the customers with an order before S.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueDistribution {
    pub customers: u64,
    /// Their revenue: without credits of people who have no order.
    pub revenue: f64,
    pub mean: f64,
    pub median: f64,
    /// Customers with a net revenue of nothing or less.
    pub without_value: u64,
    /// Edges of the classes: class *i* holds values from `edges[i]` up to, not including, `edges[i + 1]`.
    pub edges: Vec<f64>,
    pub counts: Vec<u64>,
    /// Whether the first (last) class also holds everything positive below (above) it.
    pub tails: (bool, bool),
    pub top: Vec<TopShare>,
    /// Entry *i*: share of revenue of the best *i* % of the customers (the nearest whole number of
    /// them); empty when there is no positive revenue.
    pub curve: Vec<f64>,
    /// Fewest customers that together bring half of the revenue.
    pub customers_for_half: Option<u64>,
}

/// Sorts all customers by value once; everything follows from that.
#[must_use]
pub fn value_distribution(customers: &Customers) -> ValueDistribution {
    let mut values: Vec<f64> = (0..customers.len())
        .into_par_iter()
        .filter(|&customer| customers.exists(customer))
        .map(|customer| customers.monetary[customer])
        .collect();
    if values.is_empty() {
        return ValueDistribution::default();
    }
    values.par_sort_unstable_by_key(|&value| ordered(value));
    let count = values.len();
    let sums = best_first_sums(&values);
    let revenue = sums[count];
    let share_of = |sum: f64| (revenue > 0.0).then(|| sum / revenue);
    let top = TOP_SHARES.map(|share| {
        // 0.07 · 100 is a little more than 7 in floating point; that is not an eighth customer.
        let customers = ((count as f64 * share - 1e-9).ceil() as usize).clamp(1, count);
        TopShare {
            share,
            customers: customers as u64,
            revenue: sums[customers],
            revenue_share: share_of(sums[customers]),
        }
    });
    let curve_at = |point: usize| {
        let customers = (count * point + (CURVE_POINTS - 1) / 2) / (CURVE_POINTS - 1);
        share_of(sums[customers])
    };
    let (edges, counts, tails) = classes(&values);
    ValueDistribution {
        customers: count as u64,
        revenue,
        mean: revenue / count as f64,
        median: quantile(&values, 0.5).unwrap_or(0.0),
        without_value: values.partition_point(|&value| value <= 0.0) as u64,
        edges,
        counts,
        tails,
        top: top.to_vec(),
        curve: (0..CURVE_POINTS).filter_map(curve_at).collect(),
        customers_for_half: (revenue > 0.0)
            .then(|| sums.partition_point(|&sum| sum * 2.0 < revenue) as u64),
    }
}

/// Entry *k*: sum of the *k* largest of the ascending values.
fn best_first_sums(ascending: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums = Vec::with_capacity(ascending.len() + 1);
    sums.push(0.0);
    for value in ascending.iter().rev() {
        sum += value;
        sums.push(settle(sum));
    }
    sums
}

/// Classes between the 0.5th and the 99.5th percentile of the positive values, with round edges: six
/// steps in a power of ten, or three where that would be too many.
fn classes(ascending: &[f64]) -> (Vec<f64>, Vec<u64>, (bool, bool)) {
    const FINE: [f64; 6] = [1.0, 1.5, 2.0, 3.0, 5.0, 7.0];
    const COARSE: [f64; 3] = [1.0, 2.0, 5.0];
    const WHOLE: [f64; 1] = [1.0];
    let positive = &ascending[ascending.partition_point(|&value| value <= 0.0)..];
    let (Some(low), Some(high)) = (quantile(positive, 0.005), quantile(positive, 0.995)) else {
        return (Vec::new(), Vec::new(), (false, false));
    };
    let fine = edges(low, high, &FINE);
    let coarse = if fine.len() > MAX_CLASSES {
        edges(low, high, &COARSE)
    } else {
        fine
    };
    let edges = if coarse.len() > MAX_CLASSES {
        edges(low, high, &WHOLE)
    } else {
        coarse
    };
    let last = edges.len() - 1;
    // Values below the first and above the last edge go to the outer classes.
    let place = |edge: usize| match edge {
        0 => 0,
        edge if edge == last => positive.len(),
        edge => positive.partition_point(|&value| value < edges[edge]),
    };
    let counts = (0..last)
        .map(|class| (place(class + 1) - place(class)) as u64)
        .collect();
    let tails = (
        positive.first().is_some_and(|&value| value < edges[0]),
        positive.last().is_some_and(|&value| value >= edges[last]),
    );
    (edges, counts, tails)
}

/// Round numbers around `low`…`high`: at least two.
fn edges(low: f64, high: f64, steps: &[f64]) -> Vec<f64> {
    let from = low.log10().floor() as i32;
    let to = high.log10().floor() as i32 + 1;
    let power = |exponent: i32| format!("1e{exponent}").parse::<f64>().unwrap_or(1.0);
    let all: Vec<f64> = (from..=to)
        .flat_map(|exponent| steps.iter().map(move |step| step * power(exponent)))
        .collect();
    let first = all.partition_point(|&edge| edge <= low).saturating_sub(1);
    let last = all.partition_point(|&edge| edge <= high).min(all.len() - 1);
    all[first..=last.max(first + 1)].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customers(values: &[f64]) -> Customers {
        let count = values.len();
        Customers {
            as_of: 100,
            active: count,
            first_day: vec![0; count],
            last_day: vec![0; count],
            frequency: vec![1; count],
            purchase_days: vec![1; count],
            monetary: values.to_vec(),
        }
    }

    #[test]
    fn the_best_customers_bring_the_most() {
        // 1…100: the best one brings 100 of 5,050, the best ten 91 + … + 100 = 955.
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let spread = value_distribution(&customers(&values));
        let top: Vec<(u64, f64)> = spread
            .top
            .iter()
            .map(|top| (top.customers, top.revenue))
            .collect();
        assert_eq!(top, [(1, 100.0), (5, 490.0), (10, 955.0), (20, 1_810.0)]);
        assert_eq!(spread.top[2].revenue_share, Some(955.0 / 5_050.0));
        assert_eq!((spread.mean, spread.median), (50.5, 50.5));
        assert_eq!(spread.curve.len(), CURVE_POINTS);
        assert_eq!(
            (spread.curve[0], spread.curve[10], spread.curve[100]),
            (0.0, 955.0 / 5_050.0, 1.0)
        );
        // 72 + … + 100 = 2,494 is less than half of 5,050, with 71 it is 2,565.
        assert_eq!(spread.customers_for_half, Some(30));
    }

    #[test]
    fn classes_are_round_and_hold_everyone_with_a_value() {
        let spread = value_distribution(&customers(&[-5.0, 0.0, 12.0, 15.0, 60.0, 99.0]));
        assert_eq!(spread.without_value, 2);
        assert_eq!(spread.edges, [10.0, 15.0, 20.0, 30.0, 50.0, 70.0, 100.0]);
        assert_eq!(spread.counts, [1, 1, 0, 0, 1, 1]);
        assert_eq!(spread.tails, (false, false));
        let one = value_distribution(&customers(&[7.5; 3]));
        assert_eq!((one.edges, one.counts), (vec![7.0, 10.0], vec![3]));
    }

    #[test]
    fn nobody_and_no_revenue() {
        assert_eq!(
            value_distribution(&customers(&[])),
            ValueDistribution::default()
        );
        let nothing = value_distribution(&customers(&[0.0, -1.0]));
        assert!(nothing.curve.is_empty() && nothing.edges.is_empty());
        assert_eq!(nothing.top[0].revenue_share, None);
    }
}
