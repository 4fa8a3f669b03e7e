//! What fitting buy-till-you-die models costs, beside the Python package lifetimes in the same run.
//!
//! `cargo bench --profile dev --bench btyd` prints the wall time from ungrouped histories to fitted
//! parameters. With `KEEPERS_PYTHON` naming a Python that has lifetimes, the same histories go
//! through it too and the ratio is printed with its limit, 1/10; with `KEEPERS_DATA`, Pareto/NBD is
//! fitted to CDNOW as well.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/buyers.rs"]
mod buyers;

use std::{
    fmt::Write,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use keepers::{
    base::monitor::Monitor,
    data::dataset::options::ReadOptions,
    data::day::parse_iso,
    data::load::load,
    models::btyd::{Counts, Family, History, TimeUnit, TransactionModel},
};

const RUNS: usize = 5;
const CUSTOMERS: usize = 1_000_000;

/// Times `fit` of lifetimes only: reading the file is not part of it.
const SCRIPT: &str = "
import sys, time, warnings
warnings.filterwarnings('ignore')
import pandas, lifetimes
d = pandas.read_csv(sys.argv[2])
fitter = getattr(lifetimes, sys.argv[1])()
begin = time.perf_counter()
fitter.fit(d.x, d.t_x, d['T'])
print(time.perf_counter() - begin, *fitter.params_.values)
";

fn main() {
    // `cargo test --benches` runs this too: nothing to measure then.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let made = buyers::histories(
        (Family::BgNbd, [0.25, 4.5, 0.8, 2.5]),
        CUSTOMERS,
        (1, 730),
        7.0,
        1,
    );
    measure(
        "BG/NBD, 1,000,000 customers",
        Family::BgNbd,
        "BetaGeoFitter",
        &made,
    );
    for file in ["CDNOW_sample.txt", "CDNOW_master.txt"] {
        if let Some(histories) = cdnow(file) {
            let title = format!("Pareto/NBD, {file}");
            measure(&title, Family::ParetoNbd, "ParetoNBDFitter", &histories);
        }
    }
}

fn cdnow(file: &str) -> Option<Vec<History>> {
    let path = PathBuf::from(std::env::var_os("KEEPERS_DATA")?)
        .join("cdnow")
        .join(file);
    let monitor = Monitor::silent();
    let dataset = load(&[path], &ReadOptions::default(), &monitor).unwrap();
    let end = parse_iso("1997-09-30").unwrap();
    let counts = Counts::from_orders(&dataset.orders, end, &monitor).unwrap();
    Some(
        (0..counts.len())
            .map(|index| counts.history(index))
            .collect(),
    )
}

fn measure(title: &str, family: Family, fitter: &str, histories: &[History]) {
    let mut times: Vec<Duration> = Vec::new();
    let mut parameters = [0.0; 4];
    let (mut groups, mut evaluations) = (0, 0);
    for _ in 0..RUNS {
        let begin = Instant::now();
        let counts = Counts::from_histories(histories, 0);
        let model =
            TransactionModel::fit(family, &counts, TimeUnit::Weeks, &Monitor::silent()).unwrap();
        times.push(begin.elapsed());
        parameters = model.parameters;
        groups = counts.groups.len();
        evaluations = model.report.evaluations;
        assert!(model.report.converged);
    }
    times.sort_unstable();
    let ours = times[RUNS / 2].as_secs_f64();
    println!("{title}: {groups} distinct histories, {evaluations} evaluations");
    println!("  keepers    {ours:9.4} s (median of {RUNS}) {parameters:.6?}");
    let Some((theirs, found)) = lifetimes(fitter, histories) else {
        return;
    };
    println!("  lifetimes  {theirs:9.4} s                [{found}]");
    println!("  ratio      {:9.4}   (limit 0.1000)", ours / theirs);
}

/// Seconds and parameters of the same fit by lifetimes; `None` without a Python that has it.
fn lifetimes(fitter: &str, histories: &[History]) -> Option<(f64, String)> {
    let python = std::env::var_os("KEEPERS_PYTHON")?;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("histories.csv");
    let mut text = String::from("x,t_x,T\n");
    for history in histories {
        let weeks = |days: u32| f64::from(days) / 7.0;
        let (last, age) = (weeks(history.last_days), weeks(history.age_days));
        writeln!(text, "{},{last},{age}", history.repeats).unwrap();
    }
    std::fs::write(&path, text).unwrap();
    let output = Command::new(python)
        .args(["-c", SCRIPT, fitter])
        .arg(&path)
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let Some((seconds, found)) = printed.trim().split_once(' ') else {
        eprintln!("lifetimes: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    };
    Some((seconds.parse().ok()?, found.to_owned()))
}
