//! K-means: smartcore's k-means++ starts, each fitted until no row changes its cluster.
//!
//! smartcore keeps its centres to itself; they are the means of its labels. Of few columns it fits a start
//! to the end. Its tree prunes little of many, and nothing can interrupt it: on noise 10,000 rows of ten
//! columns and twelve clusters take it two seconds, of thirty columns and four clusters three to five. So
//! of those it makes the first rounds, and plain ones follow here, between which Cancel is heard.

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

/// Rounds of Lloyd's algorithm after which a start is taken as it is; the most seen is 180.
const MOST_ROUNDS: usize = 300;
/// Rounds of it in smartcore when it does not fit to the end.
const FIRST_ROUNDS: usize = 5;
/// Numbers × clusters up to which it does: 10,000 rows of four columns and twelve clusters, which take it a
/// third of a second on noise.
const QUICK: usize = 10_000 * 48;

/// Centres and what follows from them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fit {
    /// One after the other, as many numbers each as a row has.
    pub centres: Vec<f64>,
    pub labels: Vec<u8>,
    /// Sum of squared distances of the rows to their centres.
    pub inertia: f64,
}

/// Which runs to choose from.
#[derive(Clone, Copy, Debug)]
pub struct Starts {
    /// Number of clusters.
    pub k: usize,
    pub count: usize,
    pub seed: u64,
    /// Runs of different numbers start elsewhere.
    pub number: u64,
}

/// The best of some runs on rows of `width` numbers, by inertia. Stops when asked to, before the next
/// start.
///
/// # Errors
/// Fewer different rows than clusters, or [`ClusterError::Cancelled`].
pub fn best_of(
    rows: &[f64],
    width: usize,
    starts: Starts,
    monitor: &Monitor,
) -> Result<Fit, ClusterError> {
    let k = starts.k;
    let different = different_rows(rows, width, k);
    if different < k {
        return Err(ClusterError::TooFewRows { k, rows: different });
    }
    let matrix = matrix(rows, width)?;
    let max_iter = if rows.len() * k <= QUICK {
        MOST_ROUNDS
    } else {
        FIRST_ROUNDS
    };
    let mut draws = Rng::new(starts.seed, Purpose::Starts, starts.number);
    let mut best: Option<Fit> = None;
    for _ in 0..starts.count.max(1) {
        monitor.check().map_err(|_| ClusterError::Cancelled)?;
        let parameters = KMeansParameters {
            k,
            max_iter,
            seed: Some(draws.next_u64()),
        };
        let model: KMeans<f64, u32, DenseMatrix<f64>, Vec<u32>> = KMeans::fit(&matrix, parameters)?;
        let labels = model.predict(&matrix)?;
        let labels = labels.into_iter().map(|label| label as u8);
        let fit = finish(rows, width, labels.collect(), monitor)?;
        if best.as_ref().is_none_or(|best| fit.inertia < best.inertia) {
            best = Some(fit);
        }
    }
    best.ok_or_else(|| ClusterError::Failed("no start was made".to_owned()))
}

/// The rows as smartcore wants them.
pub(super) fn matrix(rows: &[f64], width: usize) -> Result<DenseMatrix<f64>, ClusterError> {
    let count = rows.len() / width.max(1);
    Ok(DenseMatrix::new(count, width, rows.to_vec(), false)?)
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

/// Rounds from these labels until nothing changes: one, where smartcore got there.
fn finish(
    rows: &[f64],
    width: usize,
    mut labels: Vec<u8>,
    monitor: &Monitor,
) -> Result<Fit, ClusterError> {
    let mut centres = means(rows, width, &labels);
    for _ in 0..MOST_ROUNDS {
        monitor.check().map_err(|_| ClusterError::Cancelled)?;
        let (next, _) = assign(rows, width, &centres);
        if next == labels {
            break;
        }
        centres = means(rows, width, &next);
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
fn means(rows: &[f64], width: usize, labels: &[u8]) -> Vec<f64> {
    let k = labels.iter().max().map_or(0, |most| usize::from(*most) + 1);
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

    fn starts(k: usize, count: usize) -> Starts {
        Starts {
            k,
            count,
            seed: 1,
            number: 0,
        }
    }

    #[test]
    fn three_heaps_are_found() {
        // Heaps of four corners around (0, 0), (10, 0) and (0, 10): inertia 3 × 4 × 2.
        let corners = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)];
        let rows: Vec<f64> = [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)]
            .iter()
            .flat_map(|(x, y)| corners.iter().flat_map(move |(dx, dy)| [x + dx, y + dy]))
            .collect();
        let silent = Monitor::silent();
        let fit = best_of(&rows, 2, starts(3, 5), &silent).unwrap();
        assert!((fit.inertia - 24.0).abs() < 1e-9, "{}", fit.inertia);
        assert!(
            fit.labels
                .chunks(4)
                .all(|heap| heap.iter().all(|label| *label == heap[0]))
        );
        assert_eq!(
            fit,
            best_of(&rows, 2, starts(3, 5), &silent).unwrap(),
            "same seed, same result"
        );
    }

    /// Ten columns are finished here: also then every row is nearest to its own centre and every centre is
    /// the mean of its rows.
    #[test]
    fn many_columns_are_fitted_to_the_end_too() {
        let mut draws = Rng::new(3, Purpose::Noise, 0);
        let rows: Vec<f64> = (0..20_000).map(|_| draws.below(1_000) as f64).collect();
        let many: Vec<f64> = (0..5).flat_map(|_| rows.iter().copied()).collect();
        assert!(many.len() * 6 > QUICK);
        let fit = best_of(&many, 10, starts(6, 1), &Monitor::silent()).unwrap();
        assert_eq!(
            assign(&many, 10, &fit.centres),
            (fit.labels.clone(), fit.inertia)
        );
        let means = means(&many, 10, &fit.labels);
        assert_eq!(means.len(), fit.centres.len());
        for (mean, centre) in means.iter().zip(&fit.centres) {
            assert!((mean - centre).abs() < 1e-9, "{mean} {centre}");
        }
    }

    #[test]
    fn more_clusters_than_rows_are_refused() {
        let rows = [1.0, 1.0, 1.0, 2.0];
        assert_eq!(
            best_of(&rows, 1, starts(3, 1), &Monitor::silent()),
            Err(ClusterError::TooFewRows { k: 3, rows: 2 })
        );
    }
}
