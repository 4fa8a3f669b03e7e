//! Every layout that can be generated is opened with exactly its truth, also with its columns in another
//! order and three of those deleted that nothing is read from.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod csv;
mod taught;

use std::{
    fs,
    path::{Path, PathBuf},
};

use keepers::{
    base::monitor::Monitor,
    data::{
        dataset::{Dataset, Role, options::ReadOptions},
        day::iso,
        layouts::{self, TableLayout},
        load::load,
        orders::flag,
    },
    simulator::{Layout, Spec, Truth, disk::to_folder, names::file_names},
};

use csv::Csv;

const SEEDS: std::ops::Range<u64> = 1..4;

/// Writes a shop; the paths of its data files.
fn generate(layout: Layout, seed: u64, folder: &Path) -> (Truth, Vec<PathBuf>) {
    let spec = Spec::new(260, seed, layout);
    let (truth, _) = to_folder(&spec, folder, true, &Monitor::silent()).unwrap();
    let names = file_names(layout).iter();
    (truth, names.map(|name| folder.join(name)).collect())
}

/// Everything in which a dataset differs from the truth; nothing when it is right.
fn problems(dataset: &Dataset, truth: &Truth) -> Vec<String> {
    let orders = &dataset.orders;
    let starts = |customer: usize| {
        let lines = orders.lines_of(customer);
        lines
            .filter(|line| orders.flags[*line] & flag::ORDER_START != 0)
            .count() as u64
    };
    let counts: Vec<u64> = (0..orders.customers()).map(starts).collect();
    let net: f64 = (0..orders.lines()).map(|line| orders.net(line)).sum();
    let days = orders.day_range();
    let having = |least: u64| counts.iter().filter(|count| **count >= least).count() as u64;
    let pairs = [
        (
            "customers",
            having(1).to_string(),
            truth.customers.to_string(),
        ),
        (
            "repeat customers",
            having(2).to_string(),
            truth.repeat_customers.to_string(),
        ),
        (
            "orders",
            counts.iter().sum::<u64>().to_string(),
            truth.orders.to_string(),
        ),
        (
            "net revenue",
            format!("{net:.2}"),
            format!("{:.2}", truth.net_revenue),
        ),
        (
            "first",
            days.map(|days| iso(days.0)).unwrap_or_default(),
            truth.first_order.clone().unwrap_or_default(),
        ),
        (
            "last",
            days.map(|days| iso(days.1)).unwrap_or_default(),
            truth.last_order.clone().unwrap_or_default(),
        ),
    ];
    let wrong = pairs.into_iter().filter(|(_, found, real)| found != real);
    wrong
        .map(|(name, found, real)| format!("{name} {found} for {real}"))
        .collect()
}

fn check(name: &str, paths: &[PathBuf], truth: &Truth) -> Option<String> {
    let found = match load(paths, &ReadOptions::default(), &Monitor::silent()) {
        Ok(dataset) => problems(&dataset, truth),
        Err(error) => vec![error.to_string()],
    };
    (!found.is_empty()).then(|| format!("{name}: {}", found.join(", ")))
}

fn report(problems: &[String]) {
    assert!(
        problems.is_empty(),
        "{} are wrong:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn every_layout_opens_with_its_truth() {
    let mut wrong = Vec::new();
    for layout in Layout::all() {
        for seed in SEEDS {
            let folder = tempfile::tempdir().unwrap();
            let (truth, paths) = generate(layout, seed, folder.path());
            wrong.extend(check(&format!("{} {seed}", layout.name()), &paths, &truth));
        }
    }
    report(&wrong);
}

/// Whether a column may be deleted without changing what is true.
fn is_free(table: &TableLayout, column: &str) -> bool {
    let unread = match table.roles.get(column) {
        Some(Role::Ignored | Role::Attribute) | None => true,
        Some(_) => false,
    };
    unread
        && !table.headers.iter().any(|name| name == column)
        && !table.replaces.contains_key(column)
}

fn table_of(layout: Layout) -> TableLayout {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/layouts");
    let text = fs::read_to_string(folder.join(format!("{}.ron", layout.name()))).unwrap();
    let mut known: layouts::Layout = ron::from_str(&text).unwrap();
    known.tables.remove(0)
}

#[test]
fn reordered_and_deleted_columns_change_nothing() {
    let mut wrong = Vec::new();
    for layout in Layout::all() {
        if !matches!(layout, Layout::Export(_)) {
            continue;
        }
        let table = table_of(layout);
        for seed in SEEDS {
            let folder = tempfile::tempdir().unwrap();
            let (truth, paths) = generate(layout, seed, folder.path());
            let mut csv = Csv::read(&fs::read_to_string(&paths[0]).unwrap());
            let deleted = csv.delete(3, seed, |column| is_free(&table, column));
            csv.rotate(2 + seed as usize);
            fs::write(&paths[0], csv.text()).unwrap();
            let name = format!("{} {seed} without {}", layout.name(), deleted.join(", "));
            wrong.extend(check(&name, &paths, &truth));
        }
    }
    report(&wrong);
}
