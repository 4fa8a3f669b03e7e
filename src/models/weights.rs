//! How much the inputs of a model weigh.

use std::collections::BTreeMap;

/// Sums weights by name and scales them to a sum of 1, largest first.
pub(super) fn shares(weights: impl Iterator<Item = (String, f64)>) -> Vec<(String, f64)> {
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for (name, weight) in weights {
        *sums.entry(name).or_default() += weight;
    }
    let total: f64 = sums.values().sum();
    let mut shares: Vec<(String, f64)> = sums.into_iter().collect();
    if total > 0.0 {
        for (_, weight) in &mut shares {
            *weight /= total;
        }
    }
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares
}
