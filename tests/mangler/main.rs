//! Mangled shops, opened as a manager would open them: the numbers are right, or something is asked, or
//! the files are refused where nobody could read them. Never a wrong number without a word.
//!
//! `KEEPERS_MANGLE=50 KEEPERS_MANGLE_FROM=200 cargo test --test mangler -- --nocapture` looks at fifty
//! seeds only. Cases that are not right are written to a folder whose path is printed.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod kinds;
mod tally;
mod verdict;

use std::{
    collections::BTreeMap,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use keepers::{
    base::monitor::Monitor,
    data::{dataset::options::ReadOptions, load::load},
    simulator::mangle::{Mangled, damage::Need, mangle},
};

use tally::Tally;
use verdict::{Verdict, judge};

/// Shops of a hundred that must be right without a question; of about twelve more nobody can know.
const LEAST_RIGHT: u64 = 80;

/// Fewer shops say nothing of shares.
const FEW: u64 = 100;

const SILENTLY_WRONG: &str = "silently wrong";
const REFUSED: &str = "refused without need";

/// What became of one seed.
struct Case {
    seed: u64,
    shop: Mangled,
    verdict: Verdict,
}

fn setting(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(default, |text| text.parse().expect("a whole number"))
}

fn write(shop: &Mangled, folder: &Path) -> Vec<PathBuf> {
    let paths = shop.files.iter().map(|file| {
        let path = folder.join(&file.name);
        fs::write(&path, &file.bytes).unwrap();
        path
    });
    paths.collect()
}

fn open(seed: u64) -> Case {
    let shop = mangle(seed);
    let folder = tempfile::tempdir().unwrap();
    let paths = write(&shop, folder.path());
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let read = |options: &ReadOptions| load(&paths, options, &Monitor::silent());
        let loaded = read(&ReadOptions::default());
        judge(&shop, loaded.as_ref(), |options| read(options).ok())
    }));
    let verdict = judged.unwrap_or(Verdict::Crashed);
    Case {
        seed,
        shop,
        verdict,
    }
}

/// Opens the shops of all seeds on threads of its own: on those of rayon, a thread that waits for a part
/// of one shop would begin the next one on top of it, and the next, until its stack is full.
fn open_all(from: u64, to: u64) -> Vec<Case> {
    let next = AtomicU64::new(from);
    let worker = || {
        let mut cases = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= to {
                return cases;
            }
            cases.push(open(seed));
        }
    };
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let mut cases: Vec<Case> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    cases.sort_by_key(|case| case.seed);
    cases
}

/// Keeps the files of a case, with what is true and what was found.
fn keep(case: &Case, problem: &str, folder: &Path) {
    let folder = folder.join(format!("seed-{}", case.seed));
    fs::create_dir_all(&folder).unwrap();
    write(&case.shop, &folder);
    let Mangled {
        truth,
        damages,
        needs,
        ..
    } = &case.shop;
    let about = format!("{problem}\n\ntruth: {truth:?}\ndamages: {damages:?}\nneeds: {needs:?}\n");
    fs::write(folder.join("about.txt"), about).unwrap();
}

/// What is noteworthy of a case: the list it belongs to, and in what way.
fn noted(case: &Case) -> Option<(&'static str, String)> {
    let known = !case.shop.needs.is_empty();
    match &case.verdict {
        Verdict::Wrong(problem) => Some((SILENTLY_WRONG, problem.clone())),
        Verdict::Crashed => Some((SILENTLY_WRONG, "crashed".to_owned())),
        Verdict::Refused(why) if !case.shop.needs.contains(&Need::Refusal) => {
            Some((REFUSED, why.clone()))
        }
        Verdict::Asked {
            asked,
            needed: true,
            problem,
        } if !known => Some((
            "wrong at first, and asked about or named",
            format!("{asked:?} {problem}"),
        )),
        Verdict::Asked {
            asked,
            needed: false,
            ..
        } => Some(("asked without need", format!("{asked:?}"))),
        Verdict::Right | Verdict::Asked { .. } | Verdict::Refused(_) => None,
    }
}

#[test]
fn mangled_shops_are_right_or_asked_about() {
    let (from, count) = (
        setting("KEEPERS_MANGLE_FROM", 0),
        setting("KEEPERS_MANGLE", 1000),
    );
    let cases = open_all(from, from + count);
    let mut tally = Tally::default();
    for case in &cases {
        tally.add(&case.verdict, &case.shop.damages);
    }
    println!("{tally}");
    let kept = std::env::temp_dir().join("keepers-mangler");
    let _ = fs::remove_dir_all(&kept);
    let mut lists = BTreeMap::from([(SILENTLY_WRONG, Vec::new()), (REFUSED, Vec::new())]);
    for case in &cases {
        if let Some((list, way)) = noted(case) {
            keep(case, &way, &kept);
            lists
                .entry(list)
                .or_default()
                .push(format!("seed {}: {way}", case.seed));
        }
    }
    for (name, list) in &lists {
        println!("{name}: {}", list.len());
        for line in list.iter().take(60) {
            println!("  {line}");
        }
    }
    println!("their files are in {}", kept.display());
    assert!(lists[SILENTLY_WRONG].is_empty(), "shops are silently wrong");
    assert!(lists[REFUSED].is_empty(), "shops are refused without need");
    let rights = cases.iter().map(|case| case.verdict == Verdict::Right);
    let right = rights.filter(|right| *right).count() as u64;
    assert!(
        count < FEW || right * 100 >= count * LEAST_RIGHT,
        "only {right} of {count} shops are right without a question"
    );
}
