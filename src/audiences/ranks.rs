//! Cutting customers by share, and ranks: equal customers are never split.

use rayon::prelude::*;

/// The value at which the best `share` of the values begins: everybody at or above it belongs.
///
/// It is the ⌈share · n⌉-th largest value, so customers who tie with it come along. `+∞` (nobody)
/// for a share of 0 or without values.
pub(super) fn top_cut(values: &[f64], share: f64) -> f64 {
    let Some(count) = places(values.len(), share) else {
        return f64::INFINITY;
    };
    let mut values = values.to_vec();
    let (_, cut, _) = values.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a));
    *cut
}

/// The value up to which the lowest `share` of the values reaches; ties come along. `−∞` (nobody) for
/// a share of 0 or without values.
pub(super) fn bottom_cut(values: &[f64], share: f64) -> f64 {
    let Some(count) = places(values.len(), share) else {
        return f64::NEG_INFINITY;
    };
    let mut values = values.to_vec();
    let (_, cut, _) = values.select_nth_unstable_by(count - 1, f64::total_cmp);
    *cut
}

/// ⌈share · n⌉, at most n; `None` when that is nobody. (0.1 · 23,570 is a hair above 2,357 in binary.)
fn places(count: usize, share: f64) -> Option<usize> {
    let places = (share * count as f64 - 1e-9).ceil();
    (places >= 1.0).then(|| (places as usize).min(count))
}

/// Positions of the values, highest first; equal ones in the order given.
pub(super) fn best_first(values: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.par_sort_unstable_by(|&a, &b| {
        values[b as usize]
            .total_cmp(&values[a as usize])
            .then(a.cmp(&b))
    });
    order
}

/// For each value the share of values that are better, ties counted half: 0 = best, 1 = worst.
pub(super) fn standing(values: &[f64]) -> Vec<f64> {
    let order = best_first(values);
    let mut standing = vec![0.0; values.len()];
    let scale = 1.0 / (values.len().max(2) - 1) as f64;
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start] as usize];
        let ties = order[start..]
            .iter()
            .take_while(|&&row| values[row as usize].total_cmp(&value).is_eq())
            .count();
        let middle = start as f64 + (ties - 1) as f64 / 2.0;
        for &row in &order[start..start + ties] {
            standing[row as usize] = middle * scale;
        }
        start += ties;
    }
    standing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_take_ties_along() {
        let values = [5.0, 1.0, 3.0, 3.0, 2.0];
        assert_eq!(top_cut(&values, 0.2), 5.0);
        // Two of five are asked for; the second and third largest are equal, so three come.
        assert_eq!(top_cut(&values, 0.4), 3.0);
        assert_eq!(bottom_cut(&values, 0.4), 2.0);
        assert_eq!(top_cut(&values, 1.0), 1.0);
        assert_eq!(top_cut(&values, 0.0), f64::INFINITY);
        assert_eq!(bottom_cut(&[], 0.5), f64::NEG_INFINITY);
        // 0.1 · 30 is 3.0000000000000004 in some orders of evaluation: three, not four.
        let many: Vec<f64> = (0..30).map(f64::from).collect();
        assert_eq!(top_cut(&many, 0.1), 27.0);
    }

    #[test]
    fn standing_counts_ties_half() {
        assert_eq!(standing(&[10.0, 30.0, 20.0]), [1.0, 0.0, 0.5]);
        assert_eq!(standing(&[1.0, 1.0, 2.0]), [0.75, 0.75, 0.0]);
        assert_eq!(standing(&[7.0]), [0.0]);
    }
}
