//! What the section says in words, and its numbers as sheets.

use crate::{
    chart::{Sheet, sheet::cell},
    format,
};
use analysis::clusters::{
    ClusterSpec, Clustering, Verdict,
    map::{Axis, Place},
};

/// The verdict with its numbers and how stable the groups are.
#[must_use]
pub fn verdict(found: &Clustering) -> String {
    let silhouette = format::fixed(found.silhouette, 3);
    let noise = format::fixed(found.null_p95, 3);
    let first = match found.verdict {
        Verdict::NoStructure => format!(
            "These {} clusters are no better apart than noise: silhouette {silhouette}, one cloud of the same shape reaches {noise}",
            found.clusters.len()
        ),
        Verdict::Structure => format!(
            "These {} clusters are better apart than noise: silhouette {silhouette}, one cloud of the same shape reaches {noise}",
            found.clusters.len()
        ),
    };
    match found.median_stability() {
        Some(median) => format!(
            "{first}. {}: other samples agree by {} (adjusted Rand).",
            stability_word(median),
            format::fixed(median, 2)
        ),
        None => format!("{first}."),
    }
}

/// What an adjusted Rand index means.
fn stability_word(index: f64) -> &'static str {
    match index {
        index if index >= 0.9 => "Very stable",
        index if index >= 0.7 => "Stable",
        index if index >= 0.4 => "Somewhat stable",
        _ => "Not stable",
    }
}

/// How the numbers came about: samples are named, nothing is left out in silence.
#[must_use]
pub fn how(found: &Clustering) -> String {
    let mut parts = Vec::new();
    if found.fitted_rows < found.rows {
        parts.push(format!(
            "centres from {} of {} rows, everyone put to the nearest",
            format::integer(found.fitted_rows as u64),
            format::integer(found.rows as u64)
        ));
    }
    if found.measured_rows < found.fitted_rows {
        parts.push(format!(
            "silhouettes on {} rows",
            format::integer(found.measured_rows as u64)
        ));
    }
    if found.missing > 0 {
        let missing = format::count(found.missing as u64, "row", "rows");
        parts.push(format!("{missing} left out: a number is missing"));
    }
    if !found.constant.is_empty() {
        parts.push(format!("always the same: {}", found.constant.join(", ")));
    }
    format::capital(&parts.join("; "))
}

/// What one cluster more brings at the chosen number.
#[must_use]
pub fn elbow(found: &Clustering) -> String {
    let k = found.spec.k;
    let at = |k: usize| found.scan.iter().find(|candidate| candidate.k == k);
    match (at(k), at(k + 1)) {
        (Some(now), Some(next)) if now.inertia > 0.0 => format!(
            "One more than {k} would lower inertia by {}.",
            format::percent(1.0 - next.inertia / now.inertia)
        ),
        (Some(now), _) => format!(
            "Inertia {} with {k} clusters.",
            format::fixed(now.inertia, 0)
        ),
        _ => String::new(),
    }
}

/// The number of clusters that are best apart.
#[must_use]
pub fn best_k(found: &Clustering) -> String {
    let Some(best) = found.best_k() else {
        return String::new();
    };
    if best == found.spec.k {
        format!("{best} clusters are best apart.")
    } else {
        format!(
            "{best} clusters are best apart; {} are shown.",
            found.spec.k
        )
    }
}

/// How much the map shows, and what lies where.
#[must_use]
pub fn map(found: &Clustering) -> String {
    let map = &found.map;
    format!(
        "Two directions hold {} of all differences: right is {}; up is {}.",
        format::percent(map.explained()),
        map.x.high,
        map.y.high
    )
}

/// Title of the axis of the map that has room for both ends.
#[must_use]
pub fn along(axis: &Axis) -> String {
    format!(
        "← {}   ·   {} →   ({})",
        axis.low,
        axis.high,
        format::percent(axis.explained)
    )
}

/// Title of the upright axis.
#[must_use]
pub fn up(axis: &Axis) -> String {
    format!("{} →   ({})", axis.high, format::percent(axis.explained))
}

/// Names of the clusters, by hand or automatic.
#[must_use]
pub fn names(found: &Clustering, spec: &ClusterSpec) -> Vec<String> {
    found
        .clusters
        .iter()
        .enumerate()
        .map(|(number, cluster)| spec.name(number, cluster).to_owned())
        .collect()
}

#[must_use]
pub fn null_sheet(found: &Clustering) -> Sheet {
    let mut sheet = Sheet::new(&["run", "silhouette"]);
    sheet.push(vec![
        "these clusters".to_owned(),
        cell(Some(found.silhouette)),
    ]);
    for (run, value) in found.null.iter().enumerate() {
        sheet.push(vec![format!("noise {}", run + 1), cell(Some(*value))]);
    }
    sheet
}

#[must_use]
pub fn scan_sheet(found: &Clustering) -> Sheet {
    let mut sheet = Sheet::new(&["clusters", "inertia", "silhouette"]);
    for at in &found.scan {
        sheet.push(vec![
            at.k.to_string(),
            cell(Some(at.inertia)),
            cell(Some(at.silhouette)),
        ]);
    }
    sheet
}

#[must_use]
pub fn map_sheet(found: &Clustering, names: &[String]) -> Sheet {
    let mut sheet = Sheet::new(&["what", "cluster", "x", "y"]);
    let name = |number: usize| names.get(number).cloned().unwrap_or_default();
    let mut push = |what: &str, number: usize, at: &Place| {
        let (x, y) = (cell(Some(at.x)), cell(Some(at.y)));
        sheet.push(vec![what.to_owned(), name(number), x, y]);
    };
    for (number, centre) in found.map.centres.iter().enumerate() {
        push("centre", number, centre);
    }
    for point in &found.map.points {
        push("row", usize::from(point.cluster), &point.at);
    }
    sheet
}

#[must_use]
pub fn profile_sheet(found: &Clustering, names: &[String]) -> Sheet {
    let mut columns = vec![
        "cluster".to_owned(),
        "rows".to_owned(),
        "revenue".to_owned(),
    ];
    for (feature, _) in &found.features {
        columns.push(format!("{feature} (mean)"));
        columns.push(format!("{feature} (z)"));
    }
    let mut sheet = Sheet {
        columns,
        rows: Vec::new(),
    };
    for (cluster, name) in found.clusters.iter().zip(names) {
        let mut row = vec![
            name.clone(),
            cluster.rows.to_string(),
            cell(Some(cluster.revenue)),
        ];
        for (mean, z) in cluster.mean.iter().zip(&cluster.z) {
            row.push(cell(Some(*mean)));
            row.push(cell(Some(*z)));
        }
        sheet.push(row);
    }
    sheet
}
