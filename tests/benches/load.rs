//! What opening an order log costs, from the file to the sorted table.
//!
//! `cargo bench --profile dev --bench load` generates a log of `KEEPERS_BENCH_CUSTOMERS` customers
//! (20,000 unless set; about six lines each) and prints the wall time of each reading. With
//! `KEEPERS_BENCH_FILE` an existing file is read instead. The peak memory of the process is printed
//! where the system tells it.
//!
//! With `KEEPERS_BENCH_SET` the data files of a folder are opened as a set (or, when the folder holds
//! folders of files, those of each of them), in turn with the bare polars reading of the same files:
//! what stands in a notebook, `polars.read_csv(path)` or `polars.read_json(path)`, one file after the
//! other in one warm process, where `KEEPERS_PYTHON` names a Python that has polars; else the Rust
//! library's CSV reader with its own types. The ratio of the medians of both is printed, and that of the
//! fastest runs.
//!
//! Of the CDNOW text, whose cells runs of spaces separate, `polars.read_csv(path)` reads one column of
//! lines and cuts nothing. So a second rival is named there that holds the same columns in the end:
//! lines read, cut at spaces and cast, by the quickest of several ways tried.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Instant,
};

use polars::prelude::{CsvReadOptions, SerReader};

use keepers::{
    base::monitor::Monitor,
    data::dataset::Shape,
    data::dataset::options::ReadOptions,
    data::load::{inputs_of, load},
    simulator::{Spec, disk::to_folder},
};

fn number(variable: &str, default: u32) -> u32 {
    std::env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Opening may take so many times as long as the bare reading.
const LIMIT: f64 = 1.5;

/// Reads the files named on the command line, in the way named before them, once for every line on the
/// standard input.
const SCRIPT: &str = "
import sys, time
import polars as pl

def read(path):
    with open(path, 'rb') as file:
        is_json = file.read(1) in b'[{'
    return pl.read_json(path) if is_json else pl.read_csv(path)

KINDS = {
    4: [pl.String, pl.Date, pl.Int64, pl.Float64],
    5: [pl.String, pl.Int64, pl.Date, pl.Int64, pl.Float64],
}

def cast(cell, kind):
    if kind == pl.Date:
        return cell.str.to_date('%Y%m%d')
    return cell if kind == pl.String else cell.cast(kind)

def cut(path):
    lines = pl.read_csv(path, has_header=False, new_columns=['line'])
    filled = pl.element().filter(pl.element() != '')
    cells = lines.select(pl.col('line').str.split(' ').list.eval(filled))
    kinds = KINDS[cells['line'][0].len()]
    cell = pl.col('line').list.get
    return cells.select(cast(cell(at), kind).alias(str(at)) for at, kind in enumerate(kinds))

way = {'read': read, 'cut': cut}[sys.argv[1]]
for _ in sys.stdin:
    start = time.perf_counter()
    for path in sys.argv[2:]:
        assert way(path).height > 0
    print(time.perf_counter() - start, flush=True)
";

/// What opening is measured against.
enum Rival {
    Python {
        process: Child,
        answers: Lines<BufReader<ChildStdout>>,
    },
    Rust(Vec<PathBuf>),
}

impl Rival {
    fn of(files: &[PathBuf]) -> Self {
        Self::python("read", files).unwrap_or_else(|| Self::Rust(files.to_vec()))
    }

    /// Python polars, reading in a way that the script knows.
    fn python(way: &str, files: &[PathBuf]) -> Option<Self> {
        let python = std::env::var_os("KEEPERS_PYTHON")?;
        let mut process = Command::new(python)
            .args(["-c", SCRIPT, way])
            .args(files)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("KEEPERS_PYTHON starts");
        let answers = process.stdout.take().expect("a standard output");
        Some(Self::Python {
            process,
            answers: BufReader::new(answers).lines(),
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Python { .. } => "Python polars",
            Self::Rust(_) => "Rust polars",
        }
    }

    /// Seconds of one reading of all files.
    fn read(&mut self) -> f64 {
        match self {
            Self::Python { process, answers } => {
                let orders = process.stdin.as_mut().expect("a standard input");
                writeln!(orders, "read").expect("Python listens");
                let answer = answers.next().expect("polars reads every file");
                answer.expect("text").parse().expect("seconds")
            }
            Self::Rust(files) => {
                let start = Instant::now();
                for path in files.iter() {
                    bare(path);
                }
                start.elapsed().as_secs_f64()
            }
        }
    }
}

impl Drop for Rival {
    fn drop(&mut self) {
        if let Self::Python { process, .. } = self {
            drop(process.stdin.take());
            let _ = process.wait();
        }
    }
}

/// Reads a file with polars alone; JSON, which this build of polars does not know, as bytes.
fn bare(path: &Path) {
    let text = std::fs::read(path).expect("a file");
    if text.starts_with(b"[") || text.starts_with(b"{") {
        return;
    }
    let frame = CsvReadOptions::default()
        .into_reader_with_file_handle(std::io::Cursor::new(text))
        .finish()
        .expect("a CSV file");
    assert!(frame.height() > 0);
}

/// A whole set against the bare reading of its files.
fn compare(folder: &Path) {
    let Ok(inputs) = inputs_of(&[folder.to_path_buf()]) else {
        return println!("{}: no data files", folder.display());
    };
    let files: Vec<PathBuf> = inputs
        .iter()
        .map(|input| input.path().to_path_buf())
        .collect();
    let mut shape = None;
    let mut open = || {
        let start = Instant::now();
        let data = load(&files, &ReadOptions::default(), &Monitor::silent()).expect("loads");
        let rows = data.tables.iter().map(|table| table.rows).sum::<usize>();
        assert!(data.orders.lines() + rows > 0);
        shape = Some(data.shape);
        start.elapsed().as_secs_f64()
    };
    let mut rival = Rival::of(&files);
    // Once each for nothing: pages, threads and imports are warm afterwards.
    let _ = (open(), rival.read());
    let runs = 0..number("KEEPERS_BENCH_RUNS", 10).max(1);
    let (mut ours, mut theirs): (Vec<f64>, Vec<f64>) = runs.map(|_| (open(), rival.read())).unzip();
    for times in [&mut ours, &mut theirs] {
        times.sort_by(f64::total_cmp);
    }
    // The usual opening counts: how fast the fastest of many readings of two milliseconds is, is luck.
    let (keepers, bare) = (ours[ours.len() / 2], theirs[theirs.len() / 2]);
    println!(
        "{}: {} {:.1} ms, load {:.1} ms, ratio of the medians {:.2} (limit {LIMIT}){}, of the fastest {:.2}",
        folder.display(),
        rival.name(),
        bare * 1e3,
        keepers * 1e3,
        keepers / bare,
        if keepers > LIMIT * bare {
            ", too slow"
        } else {
            ""
        },
        ours[0] / theirs[0],
    );
    if shape == Some(Shape::Cdnow)
        && let Some(cutting) = Rival::python("cut", &files)
    {
        compare_cutting(cutting, keepers);
    }
}

/// The usual opening of text that runs of spaces separate against a rival that cuts it too.
fn compare_cutting(mut rival: Rival, keepers: f64) {
    let _ = rival.read();
    let runs = 0..number("KEEPERS_BENCH_RUNS", 10).max(1);
    let mut times: Vec<f64> = runs.map(|_| rival.read()).collect();
    times.sort_by(f64::total_cmp);
    let cutting = times[times.len() / 2];
    println!(
        "  the above polars reads one column of whole lines; polars reading, cutting and casting the same columns {:.1} ms, ratio {:.2}",
        cutting * 1e3,
        keepers / cutting,
    );
}

/// The folder itself, or its folders when it holds no data files.
fn sets(folder: &Path) -> Vec<PathBuf> {
    if inputs_of(&[folder.to_path_buf()]).is_ok() {
        return vec![folder.to_path_buf()];
    }
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn main() {
    if let Some(folder) = std::env::var_os("KEEPERS_BENCH_SET") {
        for set in sets(Path::new(&folder)) {
            compare(&set);
        }
        return;
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
