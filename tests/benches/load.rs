//! What opening an order log costs, from the file to the sorted table.
//!
//! `cargo bench --profile dev --bench load` generates a log of `KEEPERS_BENCH_CUSTOMERS` customers
//! (20,000 unless set; about six lines each) and prints the wall time of each reading. With
//! `KEEPERS_BENCH_FILE` an existing file is read instead. The peak memory of the process is printed
//! where the system tells it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{path::PathBuf, time::Instant};

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

fn main() {
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
