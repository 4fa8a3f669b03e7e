//! K-means: smartcore's k-means++ starts and iterations, then measured and polished here.
//!
//! smartcore keeps its centres and distances to itself, so they are worked out from its labels: the
//! means of the labelled rows, followed by plain Lloyd steps until no row changes its cluster. That
//! also gives the distances exactly, where its tree stops at a tolerance, and Cancel is heard between
//! two steps.

use smartcore::{
    cluster::kmeans::{KMeans, KMeansParameters},
    linalg::basic::matrix::DenseMatrix,
};

use super::{
    error::ClusterError,
    quality::squared,
    random::{Purpose, Rng},
};
use base::monitor::Monitor;

/// Cluster of a row that has none: no order yet, or a missing number.
pub const NO_CLUSTER: u8 = u8::MAX;

/// Rounds of Lloyd's algorithm in smartcore, which cannot be interrupted: what is left is done here.
const FIRST_ROUNDS: usize = 5;
/// Rounds of Lloyd's algorithm here.
const MOST_ROUNDS: usize = 300;

/// Centres and what follows from them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fit {
    /// One after the other, as many numbers each as a row has.
    pub centres: Vec<f64>,
    pub labels: Vec<u8>,
    /// Sum of squared distances of the rows to their centres.
    pub inertia: f64,
}

/// The best of `starts` runs on rows of `width` numbers, by inertia. `seed` and `number` decide the
/// starts. Stops when asked to, before the next start or the next round.
///
/// # Errors
/// Fewer different rows than clusters, or [`ClusterError::Cancelled`].
pub fn best_of(
    rows: &[f64],
    width: usize,
    (k, starts): (usize, usize),
    (seed, number): (u64, u64),
    monitor: &Monitor,
) -> Result<Fit, ClusterError> {
    let count = rows.len() / width.max(1);
    let different = different_rows(rows, width, k);
    if different < k {
        return Err(ClusterError::TooFewRows { k, rows: different });
    }
    let failed = |error: smartcore::error::Failed| ClusterError::Failed(error.to_string());
    let matrix = DenseMatrix::new(count, width, rows.to_vec(), false).map_err(failed)?;
    let mut draws = Rng::new(seed, Purpose::Starts, number);
    let mut best: Option<Fit> = None;
    for _ in 0..starts.max(1) {
        check(monitor)?;
        let parameters = KMeansParameters {
            k,
            max_iter: FIRST_ROUNDS,
            seed: Some(draws.next_u64()),
        };
        let model: KMeans<f64, u32, DenseMatrix<f64>, Vec<u32>> =
            KMeans::fit(&matrix, parameters).map_err(failed)?;
        check(monitor)?;
        let labels = model.predict(&matrix).map_err(failed)?;
        let labels = labels.into_iter().map(|label| label as u8).collect();
        let fit = polish(rows, width, (k, labels), monitor)?;
        if best.as_ref().is_none_or(|best| fit.inertia < best.inertia) {
            best = Some(fit);
        }
    }
    best.ok_or_else(|| ClusterError::Failed("no start was made".to_owned()))
}

fn check(monitor: &Monitor) -> Result<(), ClusterError> {
    monitor.check().map_err(|_| ClusterError::Cancelled)
}

/// How many of the rows differ, counted up to `enough`.
fn different_rows(rows: &[f64], width: usize, enough: usize) -> usize {
    let mut known: Vec<&[f64]> = Vec::new();
    for row in rows.chunks_exact(width.max(1)) {
        if !known.contains(&row) {
            known.push(row);
        }
        if known.len() >= enough {
            break;
        }
    }
    known.len()
}

/// Lloyd steps from these labels until nothing changes. Clusters left empty are dropped.
fn polish(
    rows: &[f64],
    width: usize,
    (k, mut labels): (usize, Vec<u8>),
    monitor: &Monitor,
) -> Result<Fit, ClusterError> {
    let mut centres = means(rows, width, k, &labels);
    for _ in 0..MOST_ROUNDS {
        check(monitor)?;
        let (next, _) = assign(rows, width, &centres);
        if next == labels {
            break;
        }
        centres = means(rows, width, k, &next);
        labels = next;
    }
    let (labels, inertia) = assign(rows, width, &centres);
    Ok(Fit {
        centres,
        labels,
        inertia,
    })
}

/// Means of the clusters that have rows.
fn means(rows: &[f64], width: usize, k: usize, labels: &[u8]) -> Vec<f64> {
    let (mut sums, mut sizes) = (vec![0.0; k * width], vec![0_u64; k]);
    for (row, &label) in rows.chunks_exact(width).zip(labels) {
        let label = usize::from(label);
        sizes[label] += 1;
        let sum = sums[label * width..(label + 1) * width].iter_mut();
        sum.zip(row).for_each(|(sum, value)| *sum += value);
    }
    let used = sums
        .chunks_exact(width)
        .zip(&sizes)
        .filter(|(_, size)| **size > 0);
    used.flat_map(|(sum, &size)| sum.iter().map(move |sum| sum / size as f64))
        .collect()
}

/// Nearest centre of every row, the first of equally near ones, and the sum of squared distances.
#[must_use]
pub fn assign(rows: &[f64], width: usize, centres: &[f64]) -> (Vec<u8>, f64) {
    let mut inertia = 0.0;
    let labels = rows
        .chunks_exact(width)
        .map(|row| {
            let (label, distance) = nearest(row, centres);
            inertia += distance;
            label
        })
        .collect();
    (labels, inertia)
}

/// Number of the nearest centre and the squared distance to it.
#[must_use]
pub fn nearest(row: &[f64], centres: &[f64]) -> (u8, f64) {
    let mut best = (0, f64::INFINITY);
    for (number, centre) in (0_u8..).zip(centres.chunks_exact(row.len())) {
        let distance = squared(row, centre);
        if distance < best.1 {
            best = (number, distance);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_heaps_are_found() {
        // Heaps of four corners around (0, 0), (10, 0) and (0, 10): inertia 3 × 4 × 2.
        let corners = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)];
        let rows: Vec<f64> = [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)]
            .iter()
            .flat_map(|(x, y)| corners.iter().flat_map(move |(dx, dy)| [x + dx, y + dy]))
            .collect();
        let silent = Monitor::silent();
        let fit = best_of(&rows, 2, (3, 5), (1, 0), &silent).unwrap();
        assert!((fit.inertia - 24.0).abs() < 1e-9, "{}", fit.inertia);
        assert!(
            fit.labels
                .chunks(4)
                .all(|heap| heap.iter().all(|label| *label == heap[0]))
        );
        assert_eq!(
            fit,
            best_of(&rows, 2, (3, 5), (1, 0), &silent).unwrap(),
            "same seed, same result"
        );
    }

    #[test]
    fn more_clusters_than_rows_are_refused() {
        let rows = [1.0, 1.0, 1.0, 2.0];
        assert_eq!(
            best_of(&rows, 1, (3, 1), (1, 0), &Monitor::silent()),
            Err(ClusterError::TooFewRows { k: 3, rows: 2 })
        );
    }
}
