//! Groups that the data itself suggests: K-means on standardised columns, with an honest check whether
//! there are groups at all.
//!
//! | file | holds |
//! | --- | --- |
//! | [`features`] | columns of customers or of a customer table → standardised numbers |
//! | [`kmeans`] | K-means (smartcore, k-means++ starts, each fitted to the end) |
//! | [`quality`] | silhouette, adjusted Rand index |
//! | `reference` | random rows without groups, of the same variances and correlations |
//! | [`map`] | rows and centres in two dimensions (smartcore's PCA) |
//! | [`naming`] | "recent, frequent, high spend" |
//! | [`centres`] | clusters kept as a rule for anybody, as of any date |
//!
//! Everything is fitted on at most [`FIT_ROWS`] rows drawn by the seed, and everybody is then put to the
//! nearest centre. A run makes some 170 fits: one of four clusters takes a tenth of a second on 10,000
//! rows, one on 100,000 and ten on a million (two busy cores), and cannot be interrupted; centres of
//! 10,000 rows are as good as those of a million.

pub mod centres;
pub mod error;
pub mod features;
pub mod fit;
pub mod kmeans;
pub mod map;
pub mod naming;
pub mod quality;
mod random;
mod reference;

use serde::{Deserialize, Serialize};

pub use centres::{CLUSTER_COLUMN, Centres, Labels};
pub use features::{Feature, Matrix};
pub use map::ClusterMap;

use data::day::Day;

/// Rows that centres are fitted on.
pub const FIT_ROWS: usize = 10_000;
/// Rows that a silhouette is measured on: it compares every row with every other.
pub const SILHOUETTE_ROWS: usize = 2_000;
/// Runs on each kind of noise, and on bootstrap samples.
pub const NULL_RUNS: usize = 20;
pub const BOOTSTRAP_RUNS: usize = 20;
/// Numbers of clusters that are compared.
pub const SCAN: std::ops::RangeInclusive<usize> = 2..=8;

/// What is grouped and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterSpec {
    /// Columns looked at; empty stands for [`features::default_features`] of the data.
    pub features: Vec<Feature>,
    /// Number of clusters.
    pub k: usize,
    pub seed: u64,
    /// Names given by hand, by number of the cluster; an empty one stands for the automatic words.
    pub names: Vec<String>,
}

impl Default for ClusterSpec {
    fn default() -> Self {
        Self {
            features: Vec::new(),
            k: 4,
            seed: 1,
            names: Vec::new(),
        }
    }
}

impl ClusterSpec {
    /// Whether both give the same clusters; names decide none.
    #[must_use]
    pub fn same_clusters(&self, other: &Self) -> bool {
        (&self.features, self.k, self.seed) == (&other.features, other.k, other.seed)
    }

    /// The name given to a cluster by hand, or the automatic one.
    #[must_use]
    pub fn name<'a>(&'a self, number: usize, cluster: &'a Cluster) -> &'a str {
        let given = self.names.get(number).map(|name| name.trim());
        given
            .filter(|name| !name.is_empty())
            .unwrap_or(&cluster.words)
    }
}

/// How much of an analysis is wanted; less is quicker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Starts of the chosen number of clusters.
    pub starts: usize,
    /// Starts of every other number of clusters. On CDNOW four starts in ten end in three clusters that
    /// are 13 % worse than the best, which bends the elbow: of two starts every sixth pair, of six one in
    /// 250.
    pub scan_starts: usize,
    /// Starts of every fit to noise and to bootstrap samples.
    pub other_starts: usize,
    pub null_runs: usize,
    pub bootstrap_runs: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            starts: 10,
            scan_starts: 6,
            other_starts: 2,
            null_runs: NULL_RUNS,
            bootstrap_runs: BOOTSTRAP_RUNS,
        }
    }
}

/// One group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// Automatic name: "Recent, frequent, high spend".
    pub words: String,
    pub rows: u64,
    /// Mean of its rows per feature, in standard deviations from everybody's mean (on the scale
    /// that was clustered).
    pub z: Vec<f64>,
    /// Mean of its rows per feature, in the feature's own unit.
    pub mean: Vec<f64>,
    /// Net revenue of its customers, for a shop with orders.
    pub revenue: f64,
}

/// What one number of clusters would give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Candidate {
    pub k: usize,
    /// Sum of squared distances of the fitted rows to their centres.
    pub inertia: f64,
    /// Mean silhouette of the measured rows, −1…1.
    pub silhouette: f64,
}

/// Whether the groups are more than noise cut in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The silhouette is not above the 95th percentile of the runs on noise.
    NoStructure,
    Structure,
}

impl Verdict {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoStructure => "no structure",
            Self::Structure => "structure",
        }
    }
}

/// The result of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustering {
    pub spec: ClusterSpec,
    /// S of the run.
    pub as_of: Day,
    /// What it takes to put anybody to these clusters, under their automatic names.
    pub centres: Centres,
    /// Names of the columns, and whether their logarithm was taken.
    pub features: Vec<(String, bool)>,
    /// Cluster of every row of the data, or [`NO_CLUSTER`]. Row *i* is customer *i*.
    pub labels: Vec<u8>,
    /// Largest first.
    pub clusters: Vec<Cluster>,
    /// The measured rows and the centres in two dimensions.
    pub map: ClusterMap,
    /// Rows that have a cluster; those that centres were fitted on; those silhouettes were measured on.
    pub rows: usize,
    pub fitted_rows: usize,
    pub measured_rows: usize,
    /// Rows left out because a number is missing.
    pub missing: usize,
    /// Chosen columns that hold the same number everywhere.
    pub constant: Vec<String>,
    /// Sum of squared distances of the fitted rows to their centres.
    pub inertia: f64,
    pub silhouette: f64,
    /// Every number of clusters that was compared.
    pub scan: Vec<Candidate>,
    /// Silhouettes of the runs on one cloud of the same shape as the rows, ascending, and their 95th
    /// percentile.
    pub null: Vec<f64>,
    pub null_p95: f64,
    pub verdict: Verdict,
    /// Adjusted Rand index between these clusters and those of each bootstrap sample, ascending.
    pub stability: Vec<f64>,
}

impl Clustering {
    /// The number of clusters with the highest silhouette.
    #[must_use]
    pub fn best_k(&self) -> Option<usize> {
        let best = self.scan.iter().reduce(|best, next| {
            if next.silhouette > best.silhouette {
                next
            } else {
                best
            }
        });
        best.map(|best| best.k)
    }

    /// These clusters to be kept, under the names of a spec.
    #[must_use]
    pub fn kept(&self, spec: &ClusterSpec) -> Centres {
        let named = self.clusters.iter().enumerate();
        let names: Vec<String> = named
            .map(|(number, cluster)| spec.name(number, cluster).to_owned())
            .collect();
        self.centres.clone().named(&names)
    }

    /// Middle adjusted Rand index of the bootstrap runs.
    #[must_use]
    pub fn median_stability(&self) -> Option<f64> {
        super::numeric::quantile(&self.stability, 0.5)
    }
}
