//! `keepers clusters`: K-means groups, how good they are, and whether they are any better than noise.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    input::{Input, Shop},
    model,
    output::{self, CliError, say},
    table::{self, Column, Table},
};
use analysis::{
    clusters::{
        Candidate, ClusterMap, ClusterSpec, Clustering, Effort, Feature, Verdict,
        error::MOST_CLUSTERS, features::Rows, fit::cluster,
    },
    customers::customers_as_of,
};
use base::monitor::Monitor;
use data::day::iso;
use export::write;
use project::{RuleSet, SegmentSpec};

/// Group customers by K-means, and test whether the groups are better than noise
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Number of clusters, 2 to 12 [default: the project's, else 4]
    #[arg(long, value_parser = clap::value_parser!(u8).range(2..=MOST_CLUSTERS as i64))]
    k: Option<u8>,
    /// What to group by: recency, frequency, monetary, aov, tenure, or columns of a customer table
    /// [default: the project's, else recency, frequency, monetary, tenure; all columns of a table]
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    features: Vec<String>,
    /// Seed of every random draw [default: the project's, else 1]
    #[arg(long)]
    seed: Option<u64>,
    /// Write the clusters as segment rules, one each, that `segments`, `migration` and the window read
    /// (*.rules.ron); a file that exists is replaced with --replace only
    #[arg(long, value_name = "FILE")]
    rules_out: Option<PathBuf>,
    /// Replace the rule file when it exists
    #[arg(long, requires = "rules_out")]
    replace: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer {
    as_of: String,
    k: usize,
    seed: u64,
    features: Vec<FeatureAnswer>,
    rows: usize,
    fitted_rows: usize,
    measured_rows: usize,
    missing_rows: usize,
    constant_columns: Vec<String>,
    inertia: f64,
    silhouette: f64,
    noise_silhouettes: Vec<f64>,
    noise_95th_percentile: f64,
    verdict: Verdict,
    best_k: Option<usize>,
    scan: Vec<Candidate>,
    stability_median: Option<f64>,
    stability: Vec<f64>,
    clusters: Vec<ClusterAnswer>,
    map: ClusterMap,
}

#[derive(Serialize)]
struct FeatureAnswer {
    name: String,
    logarithm: bool,
}

#[derive(Serialize)]
struct ClusterAnswer {
    name: String,
    rows: u64,
    share: f64,
    revenue: f64,
    z: Vec<f64>,
    mean: Vec<f64>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    if let Some(path) = &arguments.rules_out {
        model::refuse_existing(path, arguments.replace)?;
    }
    let shop = arguments.input.open()?;
    let spec = spec(arguments, &shop.project.clusters);
    let customers = customers_as_of(&shop.dataset.orders, shop.as_of);
    let table = shop.dataset.tables.first();
    let rows = match table {
        Some(table) if !shop.dataset.shape.has_orders() => Rows::Table(table),
        _ => Rows::Customers(&customers),
    };
    let found = cluster(
        rows,
        shop.as_of,
        &spec,
        Effort::default(),
        &Monitor::silent(),
    )
    .map_err(|error| CliError::Input(error.to_string()))?;
    if let Some(path) = &arguments.rules_out {
        save_rules(&found, &spec, &shop, (path, arguments.replace))?;
    }
    if arguments.json {
        output::print_json(&answer(&found))
    } else {
        output::print(&text(&found))
    }
}

/// What the arguments say, and the project where they say nothing.
fn spec(arguments: &Arguments, project: &ClusterSpec) -> ClusterSpec {
    let features = arguments.features.iter();
    let wanted = ClusterSpec {
        features: if arguments.features.is_empty() {
            project.features.clone()
        } else {
            features.map(|name| Feature::named(name.trim())).collect()
        },
        k: arguments.k.map_or(project.k, usize::from),
        seed: arguments.seed.unwrap_or(project.seed),
        names: Vec::new(),
    };
    // Names given by hand belong to the clusters they were given to.
    let names = if wanted.same_clusters(project) {
        project.names.clone()
    } else {
        Vec::new()
    };
    ClusterSpec { names, ..wanted }
}

fn save_rules(
    found: &Clustering,
    spec: &ClusterSpec,
    shop: &Shop,
    (path, replace): (&Path, bool),
) -> Result<(), CliError> {
    if !shop.dataset.shape.has_orders() {
        return Err(CliError::Input(
            "segment rules need an order history, and this is a customer table. Leave out --rules-out"
                .to_owned(),
        ));
    }
    let kept = found.kept(spec);
    let rules = RuleSet::of(&SegmentSpec {
        ties: shop.project.ties,
        rules: kept.rules(),
        clusters: Some(kept),
    });
    let text = rules.to_text().map_err(CliError::Input)?;
    write::save(text.as_bytes(), path, replace)?;
    say(&format!("wrote {}", path.display()));
    Ok(())
}

fn answer(found: &Clustering) -> Answer {
    let mut names = found.kept(&found.spec).names().into_iter();
    Answer {
        as_of: iso(found.as_of),
        k: found.clusters.len(),
        seed: found.spec.seed,
        features: found
            .features
            .iter()
            .map(|(name, logarithm)| FeatureAnswer {
                name: name.clone(),
                logarithm: *logarithm,
            })
            .collect(),
        rows: found.rows,
        fitted_rows: found.fitted_rows,
        measured_rows: found.measured_rows,
        missing_rows: found.missing,
        constant_columns: found.constant.clone(),
        inertia: found.inertia,
        silhouette: found.silhouette,
        noise_silhouettes: found.null.clone(),
        noise_95th_percentile: found.null_p95,
        verdict: found.verdict,
        best_k: found.best_k(),
        scan: found.scan.clone(),
        stability_median: found.median_stability(),
        stability: found.stability.clone(),
        clusters: found
            .clusters
            .iter()
            .map(|cluster| ClusterAnswer {
                name: names.next().unwrap_or_default(),
                rows: cluster.rows,
                share: cluster.rows as f64 / found.rows.max(1) as f64,
                revenue: cluster.revenue,
                z: cluster.z.clone(),
                mean: cluster.mean.clone(),
            })
            .collect(),
        map: found.map.clone(),
    }
}

fn text(found: &Clustering) -> String {
    let verdict = match found.verdict {
        Verdict::NoStructure => {
            "no structure: one cloud without groups gives clusters just as good"
        }
        Verdict::Structure => "structure: better than one cloud without groups",
    };
    let stability = found.median_stability().map_or_else(String::new, |median| {
        format!(
            "Stability: the same run on {} samples drawn anew agrees with an adjusted Rand index of {median:.2} (median)\n",
            found.stability.len()
        )
    });
    format!(
        "Verdict: {verdict}\nSilhouette {:.3}, on one cloud of the same shape at most {:.3} in 95 % of {} runs (measured on {} rows)\n{stability}\nMeans in standard deviations from everybody's mean; centres fitted on {} of {} rows\n{}\nMap: two directions hold {} of all differences; right is {}, up is {}\n\nOther numbers of clusters\n{}",
        found.silhouette,
        found.null_p95,
        found.null.len(),
        table::count(found.measured_rows as u64),
        table::count(found.fitted_rows as u64),
        table::count(found.rows as u64),
        profile(found),
        table::percent(found.map.explained()),
        found.map.x.high,
        found.map.y.high,
        scan(found)
    )
}

/// One row per cluster: size and means.
fn profile(found: &Clustering) -> String {
    let mut columns = vec![
        ("cluster", Column::Words),
        ("rows", Column::Figures),
        ("share", Column::Figures),
    ];
    let name = |(name, log): &(String, bool)| {
        if *log {
            format!("{name} (log)")
        } else {
            name.clone()
        }
    };
    let names: Vec<String> = found.features.iter().map(name).collect();
    columns.extend(names.iter().map(|name| (name.as_str(), Column::Figures)));
    let mut profile = Table::new(&columns);
    for cluster in &found.clusters {
        let z = cluster.z.iter().map(|z| format!("{z:+.2}"));
        profile.row(
            [
                cluster.words.clone(),
                table::count(cluster.rows),
                table::percent(cluster.rows as f64 / found.rows.max(1) as f64),
            ]
            .into_iter()
            .chain(z),
        );
    }
    profile.render()
}

/// What other numbers of clusters would give.
fn scan(found: &Clustering) -> String {
    let mut scan = Table::new(&[
        ("clusters", Column::Figures),
        ("inertia", Column::Figures),
        ("silhouette", Column::Figures),
    ]);
    for candidate in &found.scan {
        scan.row([
            table::count(candidate.k as u64),
            table::decimals(candidate.inertia, 1),
            table::decimals(candidate.silhouette, 3),
        ]);
    }
    scan.render()
}
