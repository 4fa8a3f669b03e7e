//! Clusters: the random table of the reference must have no structure, real heaps must have some, and
//! the same seed must give the same bytes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/cdnow.rs"]
mod cdnow;
#[path = "common/sample.rs"]
mod sample;

use keepers::{
    analysis::{
        attribute_tests::RuleList,
        clusters::{
            Centres, ClusterSpec, Clustering, Effort, Feature, Verdict, error::ClusterError,
            features::Rows, fit::cluster, kmeans::NO_CLUSTER,
        },
        customers::{Customers, customers_as_of, default_as_of},
        rfm::{TieRule, score},
        segmenting::segment_orders,
    },
    base::monitor::{Cancel, Monitor},
    data::dataset::options::ReadOptions,
    data::dataset::tables::{Column, Table, Values},
    data::load::load,
};

fn effort(other_starts: usize, runs: usize) -> Effort {
    Effort {
        starts: 10,
        scan_starts: other_starts,
        other_starts,
        null_runs: runs,
        bootstrap_runs: runs.min(5),
    }
}

/// Four columns of random numbers (REFERENCE: K-means with k = 4, inertia 24,117.9, silhouette .190;
/// scikit-learn, best of 60 starts: 24,116.2). Boxes along the principal components, which lie askew in
/// an even cloud, reach .201 to .207 in numpy, Gaussian clouds .160 to .167.
#[test]
fn the_random_table_has_no_structure() {
    let Some(folder) = cdnow::data_folder() else {
        return;
    };
    let path = folder.join("insights/sales_and_customer_insights.csv");
    let dataset = load(&[path], &ReadOptions::default(), &Monitor::silent()).unwrap();
    let names = [
        "Purchase_Frequency",
        "Average_Order_Value",
        "Time_Between_Purchases",
        "Lifetime_Value",
    ];
    let spec = ClusterSpec {
        features: names.map(Feature::named).to_vec(),
        ..ClusterSpec::default()
    };
    let rows = Rows::Table(&dataset.tables[0]);
    let found = cluster(rows, 0, &spec, effort(1, 20), &Monitor::silent()).unwrap();
    assert_eq!(
        (found.rows, found.fitted_rows, found.null.len()),
        (10_000, 10_000, 20)
    );
    assert!(
        found.features.iter().all(|(_, log)| !log),
        "nothing is skewed"
    );
    let off = (found.inertia / 24_117.9 - 1.0).abs();
    assert!(off < 0.002, "inertia {}", found.inertia);
    assert!(
        (found.silhouette - 0.190).abs() < 0.01,
        "silhouette {}",
        found.silhouette
    );
    assert!(
        (found.null_p95 - 0.206).abs() < 0.006,
        "noise {}",
        found.null_p95
    );
    assert_eq!(
        found.verdict,
        Verdict::NoStructure,
        "{} {:?}",
        found.silhouette,
        found.null
    );
}

/// scikit-learn 1.9 on the same four columns of all 23,570 customers (`ln(1 + x)` of orders and revenue,
/// z-scores; best of 20 starts; silhouettes on 10,000 rows): inertia and silhouette for 2 to 8 clusters.
const CDNOW: [(f64, f64); 7] = [
    (48_260.3, 0.4538),
    (36_018.6, 0.3612),
    (29_412.6, 0.3360),
    (24_829.7, 0.3480),
    (22_141.1, 0.3253),
    (20_115.0, 0.2950),
    (18_519.4, 0.2874),
];

#[test]
fn clusters_of_cdnow_are_those_of_scikit_learn() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let as_of = default_as_of(&orders).unwrap();
    let customers = customers_as_of(&orders, as_of);
    let effort = Effort {
        other_starts: 1,
        null_runs: 20,
        bootstrap_runs: 0,
        ..Effort::default()
    };
    let (rows, spec) = (Rows::Customers(&customers), ClusterSpec::default());
    let found = cluster(rows, as_of, &spec, effort, &Monitor::silent()).unwrap();
    let logs: Vec<bool> = found.features.iter().map(|(_, log)| *log).collect();
    assert_eq!(logs, [false, true, true, false]);
    // Of 10,000 customers, and silhouettes of 2,000: a sample differs by that much.
    for (at, (inertia, silhouette)) in found.scan.iter().zip(CDNOW) {
        let expected = inertia * found.fitted_rows as f64 / found.rows as f64;
        let off = at.inertia / expected - 1.0;
        assert!(off.abs() < 0.02, "{} clusters: inertia off by {off}", at.k);
        let off = at.silhouette - silhouette;
        assert!(
            off.abs() < 0.02,
            "{} clusters: silhouette off by {off}",
            at.k
        );
    }
    assert_eq!(found.best_k(), Some(2));
    // numpy, own K-means (k-means++, two starts), 12 Gaussian clouds of 10,000 rows along the principal
    // components: 95 % are below 0.2698; in the box around the rows 0.2613.
    assert!(
        (found.null_p95 - 0.2698).abs() < 0.012,
        "{}",
        found.null_p95
    );
    assert_eq!(found.verdict, Verdict::Structure);
    // numpy on all customers: 0.637 and 0.253 of the variance (samples of 2,000 spread by 0.008), orders
    // and revenue against recency to the right, tenure up.
    let map = &found.map;
    assert!((map.x.explained - 0.637).abs() < 0.03 && (map.y.explained - 0.253).abs() < 0.03);
    for (axis, expected) in [
        (&map.x, [-0.567, 0.597, 0.567, -0.019]),
        (&map.y, [0.091, 0.050, 0.071, 0.992]),
    ] {
        for (loading, expected) in axis.loadings.iter().zip(expected) {
            assert!((loading - expected).abs() < 0.08, "{:?}", axis.loadings);
        }
    }
    assert_eq!(map.y.high, "long-standing");
    assert_eq!((map.points.len(), map.centres.len()), (2_000, 4));
    // Everybody's mark is that of the nearest centre in all directions, so mostly also on the map.
    let nearest = map.points.iter().filter(|point| {
        let far = |number: &usize| {
            let centre = map.centres[*number];
            (point.at.x - centre.x).hypot(point.at.y - centre.y)
        };
        let best = (0..4).min_by(|a, b| far(a).total_cmp(&far(b)));
        best == Some(usize::from(point.cluster))
    });
    assert!(nearest.count() > 1_600);
    // The four clusters: 7,608, 7,428, 5,560 and 2,974 customers.
    for (cluster, expected) in found
        .clusters
        .iter()
        .zip([7_608.0, 7_428.0, 5_560.0, 2_974.0])
    {
        let off = cluster.rows as f64 / expected - 1.0;
        assert!(off.abs() < 0.03, "{} of {expected}", cluster.rows);
    }
    let names = found.clusters.iter().map(|cluster| cluster.words.as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        [
            "Long-standing, long gone, few orders",
            "Newer, few orders, low spend",
            "Recent, high spend, frequent",
            "Very frequent, high spend, recent",
        ]
    );
}

/// Three heaps of 200 rows around corners that lie far apart, in a fixed scramble.
fn heaps() -> Table {
    let wobble = |row: usize, salt: usize| {
        let mixed = (row * 31 + salt).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        mixed as f64 / f64::from(1 << 24) - 0.5
    };
    let center = |row: usize| [(0.0, 0.0), (10.0, 0.0), (5.0, 9.0)][row % 3];
    let column = |name: &str, value: &dyn Fn(usize) -> f64| Column {
        name: name.to_owned(),
        values: Values::Numbers((0..600).map(value).collect()),
    };
    Table {
        name: "customers".to_owned(),
        rows: 600,
        columns: vec![
            column("width", &|row| center(row).0 + wobble(row, 1)),
            column("height", &|row| {
                if row == 0 {
                    f64::NAN
                } else {
                    center(row).1 + wobble(row, 2)
                }
            }),
            column("same", &|_| 3.0),
        ],
    }
}

fn of_heaps(k: usize, seed: u64) -> Result<Clustering, ClusterError> {
    let spec = ClusterSpec {
        k,
        seed,
        ..ClusterSpec::default()
    };
    cluster(
        Rows::Table(&heaps()),
        7,
        &spec,
        effort(3, 20),
        &Monitor::silent(),
    )
}

#[test]
fn heaps_are_found_and_have_structure() {
    let found = of_heaps(3, 1).unwrap();
    assert_eq!(found.verdict, Verdict::Structure);
    assert_eq!(found.best_k(), Some(3));
    assert!(found.silhouette > 0.9, "{}", found.silhouette);
    assert!(found.median_stability().unwrap() > 0.999);
    // The row with a hole belongs to nobody, the constant column is named.
    assert_eq!(
        (found.rows, found.missing, found.labels[0]),
        (599, 1, NO_CLUSTER)
    );
    assert_eq!(found.constant, ["same"]);
    let sizes: Vec<u64> = found.clusters.iter().map(|cluster| cluster.rows).collect();
    assert_eq!(sizes, [200, 200, 199], "largest first");
    for heap in 0..3 {
        let labels: Vec<u8> = found.labels.iter().skip(heap).step_by(3).copied().collect();
        let real = labels.iter().filter(|label| **label != NO_CLUSTER);
        assert!(real.clone().all(|label| Some(label) == real.clone().next()));
    }
    // Means in their own unit stand beside standard deviations.
    let highest = found
        .clusters
        .iter()
        .max_by(|a, b| a.mean[1].total_cmp(&b.mean[1]))
        .unwrap();
    assert!((highest.mean[1] - 9.0).abs() < 0.1 && highest.z[1] > 1.3);
    assert_eq!(highest.words, "High height");
}

#[test]
fn the_seed_decides_everything() {
    assert_eq!(of_heaps(4, 5), of_heaps(4, 5));
    let scan = |found: &Clustering| found.scan.iter().map(|at| at.k).collect::<Vec<_>>();
    let found = of_heaps(4, 6).unwrap();
    assert_eq!(scan(&found), [2, 3, 4, 5, 6, 7, 8]);
    let falls = found
        .scan
        .windows(2)
        .all(|pair| pair[1].inertia < pair[0].inertia * 1.02);
    assert!(falls, "more clusters, less inertia: {:?}", found.scan);
}

#[test]
fn what_cannot_be_clustered_says_why() {
    assert_eq!(of_heaps(1, 1), Err(ClusterError::BadNumber(1)));
    let cancel = Cancel::default();
    cancel.cancel();
    let monitor = Monitor::new(cancel, |_| {});
    let spec = ClusterSpec::default();
    let stopped = cluster(Rows::Table(&heaps()), 0, &spec, effort(1, 1), &monitor);
    assert_eq!(stopped, Err(ClusterError::Cancelled));
    let spec = ClusterSpec {
        features: vec![Feature::named("width"), Feature::named("depth")],
        ..ClusterSpec::default()
    };
    let unknown = cluster(
        Rows::Table(&heaps()),
        0,
        &spec,
        effort(1, 1),
        &Monitor::silent(),
    );
    let words = unknown.unwrap_err().to_string();
    assert!(
        words.contains("“depth”") && words.contains("width, height"),
        "{words}"
    );
}

fn of_the_sample(k: usize) -> (keepers::data::orders::Orders, Customers, Clustering) {
    let orders = sample::sample();
    let as_of = default_as_of(&orders).unwrap();
    let customers = customers_as_of(&orders, as_of);
    let spec = ClusterSpec {
        k,
        features: Feature::OF_CUSTOMERS.to_vec(),
        ..ClusterSpec::default()
    };
    let rows = Rows::Customers(&customers);
    let found = cluster(rows, as_of, &spec, effort(1, 2), &Monitor::silent()).unwrap();
    (orders, customers, found)
}

/// The nearest centre, written down anew: plain loops, no look-up tables, no threads.
fn nearest_by_hand(kept: &Centres, customers: &Customers, row: usize) -> u8 {
    if customers.frequency[row] == 0 {
        return NO_CLUSTER;
    }
    let distance = |centre: &[f64]| {
        let mut sum = 0.0;
        for (scale, at) in kept.scales.iter().zip(centre) {
            let value = match scale.feature {
                Feature::RecencyDays => f64::from(customers.as_of - customers.last_day[row]),
                Feature::Frequency => f64::from(customers.frequency[row]),
                Feature::Monetary => customers.monetary[row],
                Feature::Aov => customers.monetary[row] / f64::from(customers.frequency[row]),
                Feature::TenureDays => f64::from(customers.as_of - customers.first_day[row]),
                Feature::Column(_) => unreachable!("customers have none"),
            };
            let value = if scale.log {
                value.signum() * libm::log1p(value.abs())
            } else {
                value
            };
            sum += ((value - scale.mean) / scale.deviation - at).powi(2);
        }
        sum
    };
    let distances: Vec<f64> = kept
        .clusters
        .iter()
        .map(|centre| distance(&centre.at))
        .collect();
    let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
    distances
        .iter()
        .position(|distance| *distance == least)
        .unwrap() as u8
}

#[test]
fn kept_clusters_put_everybody_where_the_run_did() {
    let (orders, customers, found) = of_the_sample(5);
    let kept = found.kept(&found.spec);
    assert_eq!(kept.labels(&customers).of, found.labels);
    // As of another date there are other customers with other values.
    let earlier = customers_as_of(&orders, found.as_of - 200);
    let labels = kept.labels(&earlier).of;
    assert!(labels != found.labels && labels.contains(&NO_CLUSTER));
    for (row, label) in labels.iter().enumerate() {
        assert_eq!(
            *label,
            nearest_by_hand(&kept, &earlier, row),
            "customer {row}"
        );
    }
}

#[test]
fn clusters_used_as_segments_have_the_same_people_and_money() {
    let (orders, customers, found) = of_the_sample(4);
    let kept = found.kept(&found.spec);
    let rules = kept.rules();
    let scores = score(&customers, TieRule::Share);
    let list = RuleList {
        rules: &rules,
        clusters: Some(&kept),
    };
    let segments = segment_orders(&orders, &customers, &scores, list);
    assert_eq!(segments.unmatched, 0);
    assert_eq!(segments.segment, found.labels);
    for (stats, cluster) in segments.stats.iter().zip(&found.clusters) {
        assert_eq!(
            (&stats.name, stats.customers),
            (&cluster.words, cluster.rows)
        );
        assert!(
            (stats.revenue - cluster.revenue).abs() < 0.01,
            "{}",
            stats.name
        );
    }
    // Without the kept clusters the same rules match nobody, and the check says why.
    let without = segment_orders(&orders, &customers, &scores, &rules);
    assert_eq!(without.unmatched, customers.active as u64);
}

/// Cancelled while the first clusters are being found, nothing else is begun.
#[test]
fn cancel_is_heard_between_two_starts() {
    use std::sync::{Arc, Mutex};
    let cancel = Cancel::default();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (stop, log) = (cancel.clone(), Arc::clone(&heard));
    let monitor = Monitor::new(cancel, move |progress| {
        log.lock().unwrap().push(progress.stage.clone());
        if progress.stage == "Finding clusters" {
            stop.cancel();
        }
    });
    let spec = ClusterSpec::default();
    let stopped = cluster(Rows::Table(&heaps()), 0, &spec, effort(3, 20), &monitor);
    assert_eq!(stopped, Err(ClusterError::Cancelled));
    let heard = heard.lock().unwrap();
    let found = heard
        .iter()
        .filter(|stage| *stage == "Finding clusters")
        .count();
    assert_eq!((found, heard.len()), (1, 2), "{heard:?}");
}

/// A table of random rows: `groups` centres, each with normal noise of deviation 1.
fn clouds(seed: u64, centres: &[[f64; 3]], correlation: f64) -> Table {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut share = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut normal = move || {
        let radius = (-2.0 * (1.0 - share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * share()).cos()
    };
    let mut columns = vec![Vec::new(); 3];
    for row in 0..600 {
        let centre = centres[row % centres.len()];
        let shared = normal();
        for (column, middle) in columns.iter_mut().zip(centre) {
            let own = (1.0 - correlation).sqrt() * normal();
            column.push(middle + correlation.sqrt() * shared + own);
        }
    }
    let columns = ["a", "b", "c"].into_iter().zip(columns);
    Table {
        columns: columns
            .map(|(name, values)| Column {
                name: name.to_owned(),
                values: Values::Numbers(values),
            })
            .collect(),
        rows: 600,
        name: "clouds".to_owned(),
    }
}

fn found_structure(seed: u64, centres: &[[f64; 3]], correlation: f64, k: usize) -> bool {
    let table = clouds(seed, centres, correlation);
    let spec = ClusterSpec {
        features: ["a", "b", "c"].map(Feature::named).to_vec(),
        k,
        seed,
        ..ClusterSpec::default()
    };
    let effort = Effort {
        bootstrap_runs: 0,
        scan_starts: 1,
        ..effort(2, 20)
    };
    let rows = Rows::Table(&table);
    let found = cluster(rows, 0, &spec, effort, &Monitor::silent()).unwrap();
    found.verdict == Verdict::Structure
}

/// K-means cuts every cloud in pieces, and pieces of a long one lie well apart: neither is a group.
#[test]
fn one_gaussian_cloud_is_no_structure_however_long_it_is() {
    for correlation in [0.0, 0.6, 0.9] {
        for k in [2, 4] {
            let found = (1..=20)
                .filter(|&seed| found_structure(seed, &[[0.0; 3]], correlation, k))
                .count();
            assert!(
                found <= 1,
                "{found} of 20 at correlation {correlation}, k = {k}"
            );
        }
    }
}

#[test]
fn three_separated_groups_are_always_found() {
    let apart = [[0.0, 0.0, 0.0], [6.0, 0.0, 0.0], [0.0, 6.0, 0.0]];
    let in_a_row = [[-6.0, -6.0, -6.0], [0.0; 3], [6.0, 6.0, 6.0]];
    for (centres, correlation) in [(&apart, 0.0), (&apart, 0.5), (&in_a_row, 0.0)] {
        let found = (1..=20)
            .filter(|&seed| found_structure(seed, centres, correlation, 3))
            .count();
        assert_eq!(found, 20, "{centres:?} at correlation {correlation}");
    }
}
