//! What opening an order log costs, from the file to the sorted table.
//!
//! `cargo bench --profile dev --bench load` generates a log of `KEEPERS_BENCH_CUSTOMERS` customers
//! (20,000 unless set; about six lines each) and prints the wall time of each reading. With
//! `KEEPERS_BENCH_FILE` an existing file is read instead. The peak memory of the process is printed
//! where the system tells it.
//!
//! With `KEEPERS_BENCH_SET` a folder of a set is opened instead, and compared with what polars alone
//! needs to read the same files as text (a bare JSON array, which is no CSV, is read as bytes).

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{path::PathBuf, time::Instant};

use polars::prelude::{CsvReadOptions, SerReader};

use keepers::data::{
    dataset::Shape,
    generate::{Spec, to_folder},
    load::load,
    monitor::Monitor,
    options::ReadOptions,
};

fn number(variable: &str, default: u32) -> u32 {
    std::env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Seconds of the fastest of some runs.
fn fastest(mut work: impl FnMut()) -> f64 {
    let runs = (0..number("KEEPERS_BENCH_RUNS", 5)).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    });
    runs.fold(f64::INFINITY, f64::min)
}

/// Reads a file with polars alone, every column as text.
fn bare(path: &std::path::Path) {
    let text = std::fs::read(path).expect("a file");
    if text.starts_with(b"[") {
        return;
    }
    let frame = CsvReadOptions::default()
        .with_infer_schema_length(Some(0))
        .into_reader_with_file_handle(std::io::Cursor::new(text))
        .finish()
        .expect("a CSV file");
    assert!(frame.height() > 0);
}

/// A whole set against the bare reading of its files.
fn compare(folder: &std::path::Path) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .collect();
    files.sort();
    let bare = fastest(|| files.iter().for_each(|path| bare(path)));
    let keepers = fastest(|| {
        let data = load(&files, &ReadOptions::default(), &Monitor::silent());
        assert!(data.expect("loads").orders.lines() > 0);
    });
    println!(
        "{}: bare polars {:.1} ms, load {:.1} ms, ratio {:.2}",
        folder.display(),
        bare * 1e3,
        keepers * 1e3,
        keepers / bare
    );
}

fn main() {
    if let Some(folder) = std::env::var_os("KEEPERS_BENCH_SET") {
        return compare(&PathBuf::from(folder));
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = std::env::var_os("KEEPERS_BENCH_FILE").map_or_else(
        || {
            let spec = Spec::new(
                number("KEEPERS_BENCH_CUSTOMERS", 20_000),
                1,
                Shape::OrderLog,
            );
            let files = to_folder(&spec, folder.path(), true, &Monitor::silent());
            files.expect("a generated log").1[0].clone()
        },
        PathBuf::from,
    );
    let size = std::fs::metadata(&path).expect("a file").len();
    for run in 1..=number("KEEPERS_BENCH_RUNS", 3) {
        let start = Instant::now();
        let data = load(
            std::slice::from_ref(&path),
            &ReadOptions::default(),
            &Monitor::silent(),
        )
        .expect("loads");
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "load, run {run}: {seconds:.3} s, {:.0} MB/s, {} lines, {} customers, {} attributes",
            size as f64 / 1e6 / seconds,
            data.orders.lines(),
            data.orders.customers(),
            data.orders.attributes.len(),
        );
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM")) {
        println!("peak memory: {}", peak.trim_start_matches("VmHWM:").trim());
    }
}
