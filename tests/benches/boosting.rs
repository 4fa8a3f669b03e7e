//! What boosting costs, beside LightGBM in the same run.
//!
//! `cargo bench --profile dev --bench boosting` trains 100 trees of depth 6 on 800,000 rows of 15
//! features, from plain columns to a trained model, and prints the wall time and R² on rows that were
//! not learned from. With `KEEPERS_PYTHON` naming a Python that has lightgbm and numpy, the same rows
//! go through it, turn by turn on the same threads, and the ratio is printed with its limit, 1.2.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/cost.rs"]
mod cost;
mod trees;

use std::{process::Command, time::Instant};

use keepers::{
    base::monitor::Monitor,
    models::{
        boosting::{Goal, fit},
        preprocess::Matrix,
        recipe::Loss,
    },
};

use cost::median;
use trees::plain;

const ROWS: usize = 800_000;
/// Rows that are only predicted.
const UNSEEN: usize = 50_000;
const COLUMNS: usize = 15;
const RUNS: usize = 3;

/// Reads the rows as raw 32-bit floats; the time of binning is part of both.
const SCRIPT: &str = "
import sys, time, warnings
warnings.filterwarnings('ignore')
import numpy, lightgbm
rows, columns, unseen = (int(a) for a in sys.argv[2:5])
d = numpy.fromfile(sys.argv[1], dtype='float32').reshape(rows + unseen, columns + 1)
x, y = numpy.ascontiguousarray(d[:rows, :-1]), d[:rows, -1].copy()
settings = dict(objective='regression', max_depth=6, num_leaves=64, learning_rate=0.1, max_bin=255,
                min_child_weight=1.0, lambda_l2=1.0, verbose=-1, num_threads=int(sys.argv[5]))
begin = time.perf_counter()
model = lightgbm.train(settings, lightgbm.Dataset(x, y), 100)
seconds = time.perf_counter() - begin
p, t = model.predict(d[rows:, :-1]), d[rows:, -1]
print(seconds, 1 - ((t - p) ** 2).sum() / ((t - t.mean()) ** 2).sum())
";

fn main() {
    // `cargo test --benches` runs this too: nothing to measure then.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let (rows, answers) = data(ROWS + UNSEEN);
    let settings = plain(Goal::Loss(Loss::Squared), 100);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.f32");
    write(&path, &rows, &answers);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let (mut r2, mut their_r2) = (0.0, 0.0);
    for _ in 0..RUNS {
        let begin = Instant::now();
        let x = matrix(&rows[..ROWS * COLUMNS]);
        let told = (&Monitor::silent(), "trees");
        let model = fit(x, &answers[..ROWS], &settings, told).unwrap();
        ours.push(begin.elapsed().as_secs_f64());
        let predicted = model.predict(&matrix(&rows[ROWS * COLUMNS..]), None);
        r2 = explained(&answers[ROWS..], &predicted);
        if let Some((seconds, found)) = lightgbm(&path) {
            theirs.push(seconds);
            their_r2 = found;
        }
    }
    let ours = median(ours);
    println!("{ROWS} rows, {COLUMNS} features, 100 trees of depth 6 (median of {RUNS})");
    println!("  keepers   {ours:8.3} s  R² {r2:.4}");
    if !theirs.is_empty() {
        let theirs = median(theirs);
        println!("  LightGBM  {theirs:8.3} s  R² {their_r2:.4}");
        println!("  ratio     {:8.3}    (limit 1.200)", ours / theirs);
    }
}

fn matrix(values: &[f32]) -> Matrix<f32> {
    Matrix {
        rows: values.len() / COLUMNS,
        columns: COLUMNS,
        values: values.to_vec(),
    }
}

/// Skewed and plain inputs, a nonlinear answer, and noise.
fn data(rows: usize) -> (Vec<f32>, Vec<f64>) {
    let mut state = 7_u64;
    let mut uniform = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((state >> 33) as f64 + 0.5) / f64::from(1_u32 << 31)
    };
    let (mut x, mut y) = (Vec::with_capacity(rows * COLUMNS), Vec::with_capacity(rows));
    for _ in 0..rows {
        let row: Vec<f64> = (0..COLUMNS)
            .map(|column| {
                if column % 3 == 0 {
                    -uniform().ln()
                } else {
                    uniform()
                }
            })
            .collect();
        let signal = row[0] * row[1] + (6.0 * row[2]).sin() + (row[3] - 1.0).max(0.0) * row[4]
            - row[6].sqrt();
        y.push(signal + 2.0 * (uniform() - 0.5));
        x.extend(row.iter().map(|&value| value as f32));
    }
    (x, y)
}

fn explained(actual: &[f64], predicted: &[f64]) -> f64 {
    let mean = actual.iter().sum::<f64>() / actual.len() as f64;
    let pairs = actual.iter().zip(predicted);
    let errors: f64 = pairs.map(|(y, p)| (y - p) * (y - p)).sum();
    1.0 - errors / actual.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>()
}

fn write(path: &std::path::Path, rows: &[f32], answers: &[f64]) {
    let mut bytes = Vec::with_capacity(rows.len() * 5);
    for (row, answer) in rows.chunks(COLUMNS).zip(answers) {
        for value in row.iter().copied().chain([*answer as f32]) {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    std::fs::write(path, bytes).unwrap();
}

/// Seconds and R² of LightGBM; `None` without a Python that has it.
fn lightgbm(path: &std::path::Path) -> Option<(f64, f64)> {
    let python = std::env::var_os("KEEPERS_PYTHON")?;
    let threads = rayon::current_num_threads();
    let output = Command::new(python)
        .args(["-c", SCRIPT])
        .arg(path)
        .args([ROWS, COLUMNS, UNSEEN, threads].map(|number| number.to_string()))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let Some((seconds, r2)) = printed.trim().split_once(' ') else {
        eprintln!("lightgbm: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    };
    Some((seconds.parse().ok()?, r2.parse().ok()?))
}
