//! How good groups are: silhouette (Rousseeuw 1987) and the adjusted Rand index (Hubert & Arabie 1985).

use rayon::prelude::*;

/// Squared Euclidean distance.
#[must_use]
pub fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Mean silhouette of rows (`width` numbers each) with these labels: (b − a) ÷ max(a, b), where a is
/// the mean distance to the other rows of the own cluster and b that to the nearest other cluster.
/// A row alone in its cluster counts 0; `None` with fewer than two clusters.
#[must_use]
pub fn silhouette(rows: &[f64], width: usize, labels: &[u8]) -> Option<f64> {
    let k = labels.iter().copied().max()? as usize + 1;
    let mut sizes = vec![0_u32; k];
    for &label in labels {
        sizes[usize::from(label)] += 1;
    }
    if sizes.iter().filter(|&&size| size > 0).count() < 2 {
        return None;
    }
    let row = |at: usize| &rows[at * width..(at + 1) * width];
    let values: Vec<f64> = (0..labels.len())
        .into_par_iter()
        .map(|at| {
            let mut sums = vec![0.0; k];
            for (other, &label) in labels.iter().enumerate() {
                sums[usize::from(label)] += squared(row(at), row(other)).sqrt();
            }
            let own = usize::from(labels[at]);
            if sizes[own] < 2 {
                return 0.0;
            }
            let inside = sums[own] / f64::from(sizes[own] - 1);
            let outside = (0..k)
                .filter(|&label| label != own && sizes[label] > 0)
                .map(|label| sums[label] / f64::from(sizes[label]))
                .fold(f64::INFINITY, f64::min);
            let longest = inside.max(outside);
            if longest > 0.0 {
                (outside - inside) / longest
            } else {
                0.0
            }
        })
        .collect();
    Some(values.iter().sum::<f64>() / values.len() as f64)
}

/// Agreement of two groupings of the same rows beyond chance: 1 for the same groups, about 0 for
/// unrelated ones.
#[must_use]
pub fn adjusted_rand(one: &[u8], other: &[u8]) -> f64 {
    let mut table = vec![0_u64; 256 * 256];
    let (mut rows, mut columns) = ([0_u64; 256], [0_u64; 256]);
    for (&a, &b) in one.iter().zip(other) {
        table[usize::from(a) * 256 + usize::from(b)] += 1;
        rows[usize::from(a)] += 1;
        columns[usize::from(b)] += 1;
    }
    let pairs = |count: u64| count as f64 * (count.saturating_sub(1)) as f64 / 2.0;
    let sum = |counts: &[u64]| counts.iter().map(|&count| pairs(count)).sum::<f64>();
    let (together, in_rows, in_columns) = (sum(&table), sum(&rows), sum(&columns));
    let all = pairs(one.len().min(other.len()) as u64);
    let expected = if all > 0.0 {
        in_rows * in_columns / all
    } else {
        0.0
    };
    let most = f64::midpoint(in_rows, in_columns);
    if most == expected {
        1.0
    } else {
        (together - expected) / (most - expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silhouette_of_four_points_on_a_line() {
        // 0 and 1 against 10 and 12. Row 0: a = 1, b = (10 + 12) / 2 = 11 → 10/11; row 1: a = 1,
        // b = 10 → 9/10; row 10: a = 2, b = 9.5 → 7.5/9.5; row 12: a = 2, b = 11.5 → 9.5/11.5.
        let mean = (10.0 / 11.0 + 0.9 + 7.5 / 9.5 + 9.5 / 11.5) / 4.0;
        let value = silhouette(&[0.0, 1.0, 10.0, 12.0], 1, &[0, 0, 1, 1]);
        assert!((value.unwrap() - mean).abs() < 1e-12);
        assert_eq!(silhouette(&[0.0, 1.0], 1, &[0, 0]), None);
        assert_eq!(
            silhouette(&[0.0, 5.0], 1, &[0, 1]),
            Some(0.0),
            "alone in a cluster"
        );
    }

    #[test]
    fn rand_index_of_textbook_groupings() {
        assert_eq!(adjusted_rand(&[0, 0, 1, 1], &[1, 1, 0, 0]), 1.0);
        // scikit-learn: adjusted_rand_score([0, 0, 1, 1], [0, 0, 1, 2]) = 0.571428…
        let value = adjusted_rand(&[0, 0, 1, 1], &[0, 0, 1, 2]);
        assert!((value - 0.571_428_571_428_571_5).abs() < 1e-12, "{value}");
        // adjusted_rand_score([0, 0, 1, 1], [0, 1, 0, 1]) = −0.5
        assert!((adjusted_rand(&[0, 0, 1, 1], &[0, 1, 0, 1]) + 0.5).abs() < 1e-12);
    }
}
