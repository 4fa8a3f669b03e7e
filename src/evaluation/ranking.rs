//! Customers sorted by prediction, best first, with equal predictions kept together.
//!
//! Half of a shop's customers may share one prediction, and their order in the file must not decide
//! a metric. So every sum over a ranking goes group by group: inside a group of equal predictions it
//! takes the mean over all orders of the group, which is the straight line from its start to its end.

use std::cmp::Ordering;

use rayon::prelude::*;

/// A ranking of customers by a number, highest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// Rows, best first; equal ones in the order of the table.
    order: Vec<u32>,
    /// Where each group of equal predictions ends in `order`.
    ends: Vec<u32>,
}

/// Totals up to the end of one group of equal predictions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cumulative {
    /// Customers (or their weights) so far.
    pub customers: f64,
    /// Value so far.
    pub value: f64,
}

impl Ranking {
    /// Ranks rows by `scores`, which must be finite.
    #[must_use]
    pub fn by(scores: &[f64]) -> Self {
        let mut order: Vec<u32> = (0..scores.len() as u32).collect();
        let score = |row: &u32| scores[*row as usize];
        // Plain comparison, so that 0 and −0 are equal; `scores` hold no NaN.
        let better = |a: &u32, b: &u32| score(b).partial_cmp(&score(a)).unwrap_or(Ordering::Equal);
        order.par_sort_unstable_by(|a, b| better(a, b).then(a.cmp(b)));
        let starts_group = |&at: &u32| {
            let at = at as usize;
            at == order.len() || score(&order[at]) != score(&order[at - 1])
        };
        let ends = (1..=order.len() as u32).filter(starts_group).collect();
        Self { order, ends }
    }

    /// Rows, best first.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// Rows group by group, best first; the rows of a group have equal scores.
    pub fn groups(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(self.ends.iter().copied())
            .map(|(start, end)| &self.order[start as usize..end as usize])
    }

    /// Customers and value up to the end of each group; `weights` count customers, `None` once each.
    pub fn cumulative<'a>(
        &'a self,
        values: &'a [f64],
        weights: Option<&'a [u32]>,
    ) -> impl Iterator<Item = Cumulative> + 'a {
        let mut sum = Cumulative::default();
        self.groups().map(move |group| {
            for &row in group {
                let row = row as usize;
                let weight = weights.map_or(1.0, |weights| f64::from(weights[row]));
                sum.customers += weight;
                sum.value += weight * values[row];
            }
            sum
        })
    }

    /// Area under the curve of cumulative value against cumulative customers, both as they are (not
    /// as shares), by the trapezoidal rule. With it come the totals.
    #[must_use]
    pub fn area(&self, values: &[f64], weights: Option<&[u32]>) -> (f64, Cumulative) {
        let (mut area, mut before) = (0.0, Cumulative::default());
        for after in self.cumulative(values, weights) {
            area += (after.customers - before.customers) * (after.value + before.value) / 2.0;
            before = after;
        }
        (area, before)
    }

    /// Value captured by the best `depth` (0 to 1) of the customers, with the totals.
    #[must_use]
    pub fn captured(
        &self,
        values: &[f64],
        weights: Option<&[u32]>,
        depth: f64,
    ) -> (f64, Cumulative) {
        let customers = weights.map_or(values.len() as f64, |weights| {
            weights.iter().map(|&weight| f64::from(weight)).sum()
        });
        let wanted = depth.clamp(0.0, 1.0) * customers;
        let (mut captured, mut before) = (None, Cumulative::default());
        for after in self.cumulative(values, weights) {
            if captured.is_none() && after.customers >= wanted {
                let step = after.customers - before.customers;
                let part = if step > 0.0 {
                    (wanted - before.customers) / step
                } else {
                    0.0
                };
                captured = Some(before.value + part * (after.value - before.value));
            }
            before = after;
        }
        (captured.unwrap_or(before.value), before)
    }
}

/// Ranks from 1 (lowest) with the mean rank for equal values.
#[must_use]
pub fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let ranking = Ranking::by(values);
    let mut ranks = vec![0.0; values.len()];
    let mut better = 0;
    for group in ranking.groups() {
        // Ranks of the group counted from the best: better + 1 … better + group length.
        let from_best = better as f64 + f64::midpoint(group.len() as f64, 1.0);
        for &row in group {
            ranks[row as usize] = values.len() as f64 + 1.0 - from_best;
        }
        better += group.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_stay_together() {
        let ranking = Ranking::by(&[1.0, 3.0, 1.0, 2.0, -0.0, 0.0]);
        let groups: Vec<_> = ranking.groups().map(<[u32]>::to_vec).collect();
        assert_eq!(groups, [vec![1], vec![3], vec![0, 2], vec![4, 5]]);
    }

    #[test]
    fn areas_and_captures_by_hand() {
        let values = [4.0, 0.0, 2.0];
        let ranking = Ranking::by(&[3.0, 1.0, 1.0]);
        // Group ends: (1, 4) and (3, 6). Area = 1·4/2 + 2·(4 + 6)/2 = 12.
        let (area, total) = ranking.area(&values, None);
        assert_eq!((area, total.customers, total.value), (12.0, 3.0, 6.0));
        // Two of three customers: the first and half of the tied group.
        assert_eq!(ranking.captured(&values, None, 2.0 / 3.0).0, 5.0);
        // With the second customer counted three times and the third not at all.
        let weights = [1, 3, 0];
        assert_eq!(ranking.area(&values, Some(&weights)).0, 2.0 + 3.0 * 4.0);
        assert_eq!(ranking.captured(&values, Some(&weights), 0.25).0, 4.0);
    }

    #[test]
    fn ranks_share_their_mean() {
        assert_eq!(mean_ranks(&[10.0, 30.0, 10.0, 20.0]), [1.5, 4.0, 1.5, 3.0]);
    }
}
