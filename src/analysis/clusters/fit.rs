//! One run: fit, compare numbers of clusters, compare with noise, try on bootstrap samples, describe.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::{
    Candidate, Cluster, ClusterSpec, Clustering, Effort, FIT_ROWS, SCAN, SILHOUETTE_ROWS, Verdict,
    centres::{Centre, Centres},
    error::{ClusterError, MOST_CLUSTERS},
    features::{Matrix, Rows},
    kmeans::{Fit, Starts, assign, best_of},
    map::ClusterMap,
    naming,
    quality::{adjusted_rand, silhouette},
    random::{Purpose, Rng},
    reference::{Cloud, Reference},
};
use crate::numeric::{CHUNK, quantile, settle};
use base::monitor::Monitor;
use data::day::Day;

/// Groups the rows as the spec says.
///
/// # Errors
/// Columns or numbers that cannot be clustered, or [`ClusterError::Cancelled`].
pub fn cluster(
    rows: Rows<'_>,
    as_of: Day,
    spec: &ClusterSpec,
    effort: Effort,
    monitor: &Monitor,
) -> Result<Clustering, ClusterError> {
    if !(2..=MOST_CLUSTERS).contains(&spec.k) {
        return Err(ClusterError::BadNumber(spec.k));
    }
    let (k, there) = (spec.k, rows.there());
    if there < k {
        return Err(ClusterError::TooFewRows { k, rows: there });
    }
    monitor.progress("Preparing columns", 0, 0);
    let matrix = Matrix::new(rows, &spec.features)?;
    monitor.check().map_err(|_| ClusterError::Cancelled)?;
    let run = Run::new(&matrix, spec, effort, monitor);
    let fit = run.fit(spec.k, effort.starts, 0)?;
    let silhouette = run.silhouette(&run.sample, &fit.labels);
    let scan = run.scan(Candidate {
        k: spec.k,
        inertia: fit.inertia,
        silhouette,
    })?;
    let null = run.null()?;
    let stability = run.stability(&fit)?;
    monitor.check().map_err(|_| ClusterError::Cancelled)?;
    monitor.progress("Describing clusters", run.total, run.total);
    let described = describe(rows, &matrix, &fit);
    let map = run.map(&described)?;
    let null_p95 = quantile(&null, 0.95).unwrap_or(f64::NAN);
    Ok(Clustering {
        spec: spec.clone(),
        as_of,
        features: matrix
            .features
            .iter()
            .zip(&matrix.logs)
            .map(|(feature, &log)| (feature.title().to_owned(), log))
            .collect(),
        centres: Centres {
            as_of,
            scales: matrix.scales(),
            clusters: described.centres,
        },
        labels: described.labels,
        clusters: described.clusters,
        map,
        rows: matrix.rows.len(),
        fitted_rows: run.fitted.len(),
        measured_rows: run.measured.len(),
        missing: matrix.missing,
        constant: matrix.constant.clone(),
        inertia: fit.inertia,
        silhouette,
        scan,
        verdict: if silhouette > null_p95 {
            Verdict::Structure
        } else {
            Verdict::NoStructure
        },
        null,
        null_p95,
        stability,
    })
}

struct Run<'a> {
    matrix: &'a Matrix,
    spec: &'a ClusterSpec,
    effort: Effort,
    monitor: &'a Monitor,
    /// Rows of the matrix that centres are fitted on, and their numbers.
    fitted: Vec<usize>,
    sample: Vec<f64>,
    /// Rows of the sample that silhouettes are measured on.
    measured: Vec<usize>,
    done: AtomicU64,
    total: u64,
}

impl<'a> Run<'a> {
    fn new(
        matrix: &'a Matrix,
        spec: &'a ClusterSpec,
        effort: Effort,
        monitor: &'a Monitor,
    ) -> Self {
        let fitted = Rng::new(spec.seed, Purpose::Fitted, 0).choose(matrix.rows.len(), FIT_ROWS);
        let sample = matrix.pick(&fitted);
        let measured =
            Rng::new(spec.seed, Purpose::Measured, 0).choose(fitted.len(), SILHOUETTE_ROWS);
        let fits = 1 + SCAN.count() + Cloud::ALL.len() * effort.null_runs + effort.bootstrap_runs;
        Self {
            matrix,
            spec,
            effort,
            monitor,
            fitted,
            sample,
            measured,
            done: AtomicU64::new(0),
            total: fits as u64,
        }
    }

    fn width(&self) -> usize {
        self.matrix.width()
    }

    /// Stops when asked to, and tells that one more fit begins.
    fn step(&self, stage: &str) -> Result<(), ClusterError> {
        self.monitor.check().map_err(|_| ClusterError::Cancelled)?;
        let done = self.done.fetch_add(1, Ordering::Relaxed);
        self.monitor.progress(stage, done, self.total);
        Ok(())
    }

    fn fit(&self, k: usize, starts: usize, number: u64) -> Result<Fit, ClusterError> {
        self.step("Finding clusters")?;
        let starts = Starts {
            k,
            count: starts,
            seed: self.spec.seed,
            number,
        };
        best_of(&self.sample, self.width(), starts, self.monitor)
    }

    /// The starts of a run beside the one that is shown.
    fn other_starts(&self, number: u64) -> Starts {
        Starts {
            k: self.spec.k,
            count: self.effort.other_starts,
            seed: self.spec.seed,
            number,
        }
    }

    /// Silhouette of the measured rows.
    fn silhouette(&self, sample: &[f64], labels: &[u8]) -> f64 {
        let width = self.width();
        let rows: Vec<f64> = self
            .measured
            .iter()
            .flat_map(|&row| &sample[row * width..(row + 1) * width])
            .copied()
            .collect();
        let labels: Vec<u8> = self.measured.iter().map(|&row| labels[row]).collect();
        silhouette(&rows, width, &labels).unwrap_or(0.0)
    }

    /// Every number of clusters there are enough different rows for.
    fn scan(&self, chosen: Candidate) -> Result<Vec<Candidate>, ClusterError> {
        let mut scan = SCAN
            .collect::<Vec<_>>()
            .into_par_iter()
            .filter(|&k| k != chosen.k)
            .map(|k| match self.fit(k, self.effort.scan_starts, k as u64) {
                Ok(fit) => Ok(Some(Candidate {
                    k,
                    inertia: fit.inertia,
                    silhouette: self.silhouette(&self.sample, &fit.labels),
                })),
                Err(ClusterError::TooFewRows { .. }) => Ok(None),
                Err(error) => Err(error),
            })
            .filter_map(Result::transpose)
            .collect::<Result<Vec<_>, _>>()?;
        scan.push(chosen);
        scan.sort_by_key(|candidate| candidate.k);
        Ok(scan)
    }

    /// Silhouettes of clouds without groups that are as long and as wide as the rows: of the two kinds of
    /// cloud, that which is harder to beat.
    fn null(&self) -> Result<Vec<f64>, ClusterError> {
        let reference = Reference::of(&self.sample, self.width())?;
        let [gaussian, even] = Cloud::ALL.map(|cloud| self.null_of(&reference, cloud));
        let (gaussian, even) = (gaussian?, even?);
        let top = |silhouettes: &[f64]| quantile(silhouettes, 0.95);
        Ok(if top(&even) > top(&gaussian) {
            even
        } else {
            gaussian
        })
    }

    fn null_of(&self, reference: &Reference, cloud: Cloud) -> Result<Vec<f64>, ClusterError> {
        let width = self.width();
        let mut silhouettes = (0..self.effort.null_runs)
            .into_par_iter()
            .map(|run| {
                self.step("Comparing with noise")?;
                let number = run as u64 + 500 * cloud as u64;
                let mut draws = Rng::new(self.spec.seed, Purpose::Noise, number);
                let noise = reference.draw(cloud, self.fitted.len(), &mut draws);
                let starts = self.other_starts(1_000 + number);
                let fit = best_of(&noise, width, starts, self.monitor)?;
                Ok(self.silhouette(&noise, &fit.labels))
            })
            .collect::<Result<Vec<f64>, ClusterError>>()?;
        silhouettes.sort_unstable_by(f64::total_cmp);
        Ok(silhouettes)
    }

    /// Agreement with the clusters of samples drawn with replacement.
    fn stability(&self, fit: &Fit) -> Result<Vec<f64>, ClusterError> {
        let width = self.width();
        let count = self.fitted.len();
        let mut agreement = (0..self.effort.bootstrap_runs)
            .into_par_iter()
            .map(|run| {
                self.step("Trying other samples")?;
                let mut draws = Rng::new(self.spec.seed, Purpose::Bootstrap, run as u64);
                let drawn: Vec<f64> = (0..count)
                    .flat_map(|_| {
                        let row = draws.below(count);
                        &self.sample[row * width..(row + 1) * width]
                    })
                    .copied()
                    .collect();
                let starts = self.other_starts(2_000 + run as u64);
                match best_of(&drawn, width, starts, self.monitor) {
                    Ok(other) => {
                        let (labels, _) = assign(&self.sample, width, &other.centres);
                        Ok(Some(adjusted_rand(&fit.labels, &labels)))
                    }
                    // A sample of few rows may hold too few different ones: it tells nothing.
                    Err(ClusterError::TooFewRows { .. }) => Ok(None),
                    Err(error) => Err(error),
                }
            })
            .filter_map(Result::transpose)
            .collect::<Result<Vec<f64>, ClusterError>>()?;
        agreement.sort_unstable_by(f64::total_cmp);
        Ok(agreement)
    }

    /// The measured rows and the centres as a map.
    fn map(&self, described: &Described) -> Result<ClusterMap, ClusterError> {
        let rows: Vec<usize> = self.measured.iter().map(|&row| self.fitted[row]).collect();
        let label = |&row: &usize| described.labels[self.matrix.rows[row] as usize];
        let labels: Vec<u8> = rows.iter().map(label).collect();
        let centres: Vec<f64> = described
            .centres
            .iter()
            .flat_map(|centre| &centre.at)
            .copied()
            .collect();
        let rows = self.matrix.pick(&rows);
        ClusterMap::new(&self.matrix.features, &rows, &labels, &centres)
    }
}

struct Described {
    labels: Vec<u8>,
    clusters: Vec<Cluster>,
    /// In the order of the clusters.
    centres: Vec<Centre>,
}

/// Everybody's nearest centre, and how many have each.
fn sizes(matrix: &Matrix, centres: &[f64]) -> (Vec<u8>, Vec<u64>) {
    let width = matrix.width();
    let nearest: Vec<u8> = matrix
        .values
        .par_chunks(CHUNK * width)
        .flat_map_iter(|values| assign(values, width, centres).0)
        .collect();
    let mut sizes = vec![0_u64; centres.len() / width];
    for &label in &nearest {
        sizes[usize::from(label)] += 1;
    }
    (nearest, sizes)
}

/// Puts everybody to the nearest centre and sums the clusters up, largest first.
fn describe(rows: Rows<'_>, matrix: &Matrix, fit: &Fit) -> Described {
    let width = matrix.width();
    let k = fit.centres.len() / width;
    let (_, found) = sizes(matrix, &fit.centres);
    let mut order: Vec<usize> = (0..k).collect();
    order.sort_by_key(|&label| (std::cmp::Reverse(found[label]), label));
    // Asked again in the order in which they are kept: that decides between equally near centres.
    let centres: Vec<f64> = order
        .iter()
        .flat_map(|&label| &fit.centres[label * width..(label + 1) * width])
        .copied()
        .collect();
    let (labels, sizes) = sizes(matrix, &centres);
    let mut z = vec![vec![0.0; width]; k];
    let mut revenue = vec![0.0; k];
    for ((values, &label), &row) in matrix
        .values
        .chunks_exact(width)
        .zip(&labels)
        .zip(&matrix.rows)
    {
        let sums = z[usize::from(label)].iter_mut().zip(values);
        sums.for_each(|(sum, value)| *sum += value);
        if let Rows::Customers(customers) = rows {
            revenue[usize::from(label)] += customers.monetary[row as usize];
        }
    }
    for (label, sums) in z.iter_mut().enumerate() {
        let size = sizes[label].max(1) as f64;
        for sum in sums {
            *sum /= size;
        }
    }
    let words = naming::names(&matrix.features, &z);
    let middles = centres.chunks_exact(width).zip(&words);
    let middles = middles
        .map(|(at, name)| Centre {
            name: name.clone(),
            at: at.to_vec(),
        })
        .collect();
    let clusters = z
        .into_iter()
        .zip(words)
        .enumerate()
        .map(|(label, (z, words))| Cluster {
            words,
            rows: sizes[label],
            z,
            mean: (0..width)
                .map(|feature| matrix.mean(feature, &labels, label as u8))
                .collect(),
            revenue: settle(revenue[label]),
        })
        .collect();
    Described {
        labels: matrix.spread(&labels, rows.len()),
        clusters,
        centres: middles,
    }
}
