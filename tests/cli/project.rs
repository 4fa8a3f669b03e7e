//! A project in place of data files: every verb uses its files and its settings.

use std::{fs, path::Path};

use keepers::{
    analysis::{
        cohorts::{CohortSpec, Metric, RowsBy},
        rfm::TieRule,
        rules::{Comparison, Condition, Field, Rule},
    },
    data::day::{Period, parse_iso},
    project::{Project, Source, file},
};

use crate::run::{failure, json, keepers, text};

const ORDERS: &str = "sample_data/orders.csv";

fn orders() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(ORDERS)
}

/// Everything that can be set apart from its default.
fn project() -> Project {
    Project {
        source: Source::Files(vec![orders()]),
        as_of: parse_iso("2025-01-01"),
        ties: TieRule::RankFirst,
        rules: vec![Rule {
            name: "Often".to_owned(),
            when: Condition::Test(Field::Frequency, Comparison::AtLeast, 4.0),
            style: 0,
        }],
        cohorts: CohortSpec {
            period: Period::Quarter,
            rows: RowsBy::Acquisition,
        },
        cohort_metric: Metric::Revenue,
        overview_period: Period::Year,
        ..Project::default()
    }
}

#[test]
fn a_project_stands_for_its_files_and_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.keepers.ron");
    file::save(&project(), &path).expect("saved");
    let path = text(&path);
    for (verb, same) in [
        ("summary", &["--as-of", "2025-01-01"][..]),
        ("overview", &["--as-of", "2025-01-01", "--period", "year"]),
        (
            "cohorts",
            &[
                "--as-of",
                "2025-01-01",
                "--period",
                "quarter",
                "--metric",
                "revenue",
            ],
        ),
        ("quality", &["--as-of", "2025-01-01"]),
        ("profile", &["--as-of", "2025-01-01"]),
    ] {
        let bare = [&[verb, ORDERS], same].concat();
        assert_eq!(json(&[verb, path]), json(&bare), "{verb}");
    }
    let segments = json(&["segments", path]);
    assert_eq!(segments["ties"], "rank-first");
    assert_eq!(segments["segments"][0]["name"], "Often");
    // An option of the command line goes before the project.
    let own = json(&["segments", path, "--ties", "share", "--as-of", "2024-01-01"]);
    assert_eq!(own["ties"], "share");
    assert_eq!(own["as_of"], "2024-01-01");
    let again = keepers(&["segments", path, "--json"]);
    assert_eq!(
        again.out,
        keepers(&["segments", path, "--json"]).out,
        "same bytes"
    );
    assert_eq!(again.err, "", "the files are the same: nothing to note");
}

#[test]
fn files_that_moved_or_changed_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("orders.csv");
    fs::copy(orders(), &data).expect("copied");
    let path = folder.path().join("shop.keepers.ron");
    let project = Project {
        source: Source::Files(vec![data.clone()]),
        ..Project::default()
    };
    file::save(&project, &path).expect("saved");
    let before = keepers(&["summary", text(&path), "--json"]);
    // The folder as a whole can be moved.
    let moved = folder.path().join("moved");
    fs::create_dir(&moved).expect("made");
    for name in ["orders.csv", "shop.keepers.ron"] {
        fs::rename(folder.path().join(name), moved.join(name)).expect("moved");
    }
    let path = moved.join("shop.keepers.ron");
    let after = keepers(&["summary", text(&path), "--json"]);
    assert_eq!((after.out, after.err), (before.out, String::new()));
    let mut lines = fs::read_to_string(moved.join("orders.csv")).expect("read");
    let last = lines.trim_end().lines().last().expect("a line").to_owned();
    lines.push_str(&last);
    fs::write(moved.join("orders.csv"), &lines).expect("written");
    let changed = keepers(&["summary", text(&path), "--json"]);
    assert_eq!(changed.code, Some(0));
    assert!(changed.err.contains("orders.csv has"), "{}", changed.err);
    fs::remove_file(moved.join("orders.csv")).expect("removed");
    let gone = keepers(&["summary", text(&path), "--json"]);
    assert_eq!(gone.code, Some(1));
    assert!(
        gone.err.contains("orders.csv is no longer there"),
        "{}",
        gone.err
    );
}

#[test]
fn a_project_that_cannot_be_read_is_named_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bad.keepers.ron");
    fs::write(&path, "(\n  version: 1,\n  as_off: 3,\n)").expect("written");
    let error = failure(1, &["summary", text(&path)]);
    assert!(error.contains("line 3"), "{error}");
}
