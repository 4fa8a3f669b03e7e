//! `keepers clusters` and what its groups become: segment rules that other verbs read.

use std::fs;

use serde_json::Value;

use crate::run::{failure, json, keepers, text};

fn count(value: &Value) -> u64 {
    value.as_u64().expect("a count")
}

#[test]
fn clusters_leave_as_rules_that_segments_and_migration_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("groups.rules.ron");
    let rules = text(&path);
    let found = json(&["clusters", "--sample", "--k", "3", "--rules-out", rules]);
    assert_eq!(found["verdict"], "structure");
    let clusters = found["clusters"].as_array().expect("clusters");
    assert_eq!(clusters.len(), 3);
    let map = &found["map"];
    let points = map["points"].as_array().expect("points");
    assert_eq!(points.len() as u64, count(&found["measured_rows"]));
    assert_eq!(map["centres"].as_array().map(Vec::len), Some(3));
    let share = |axis: &str| map[axis]["explained"].as_f64().expect("a share");
    assert!(share("x") >= share("y") && share("x") + share("y") <= 1.0);
    let written = fs::read_to_string(&path).expect("a rule file");
    assert!(written.contains("K-means cluster"), "{written}");

    let segments = json(&["segments", "--sample", "--rules", rules]);
    assert_eq!(segments["unmatched"], 0);
    for (segment, cluster) in segments["segments"]
        .as_array()
        .expect("rows")
        .iter()
        .zip(clusters)
    {
        assert_eq!(segment["name"], cluster["name"]);
        assert_eq!(segment["customers"], cluster["rows"]);
    }

    // On the later date people stand where the run put them; nobody is lost on the way.
    let to = found["as_of"].as_str().expect("a date");
    let moved = json(&["migration", "--sample", "--rules", rules, "--to", to]);
    for column in moved["columns"].as_array().expect("columns") {
        let cluster = clusters
            .iter()
            .find(|cluster| cluster["name"] == column["to"]);
        let cluster = cluster.expect("a cluster of this name");
        assert_eq!(column["total"]["customers"], cluster["rows"]);
    }
    for row in moved["rows"].as_array().expect("rows") {
        let cells = row["to"].as_array().expect("cells");
        let sum: u64 = cells.iter().map(|cell| count(&cell["customers"])).sum();
        assert_eq!(sum, count(&row["total"]["customers"]), "{}", row["from"]);
    }
    assert_eq!(moved["unplaced"]["customers"], 0);

    let again = failure(1, &["clusters", "--sample", "--rules-out", rules]);
    assert!(again.contains("exists already"), "{again}");
}

/// Sizes on 2024-12-31 and before are those `keepers segments --as-of` gives.
#[test]
fn migration_follows_the_rules_it_is_given() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("two.rules.ron");
    let rules = r#"(rules: [
        (name: "Once", style: 0, when: test(frequency, at_most, 1)),
        (name: "Again", style: 1, when: always),
    ])"#;
    fs::write(&path, rules).expect("written");
    let dates = ["--from", "2024-06-30", "--to", "2024-12-31"];
    let moved = json(
        &[
            &["migration", "--sample", "--rules", text(&path)][..],
            &dates,
        ]
        .concat(),
    );
    for (day, of, end) in [
        ("2024-06-30", "rows", "from"),
        ("2024-12-31", "columns", "to"),
    ] {
        let segments = json(&[
            "segments",
            "--sample",
            "--rules",
            text(&path),
            "--as-of",
            day,
        ]);
        for segment in segments["segments"].as_array().expect("segments") {
            let stops = moved[of].as_array().expect("stops");
            let stop = stops.iter().find(|stop| stop[end] == segment["name"]);
            let total = &stop.expect("the segment")["total"];
            assert_eq!(total["customers"], segment["customers"], "{day}");
        }
    }
    // Who ordered twice has done so for ever.
    let rows = moved["rows"].as_array().expect("rows");
    let again = rows
        .iter()
        .find(|row| row["from"] == "Again")
        .expect("Again");
    let back = again["to"].as_array().expect("cells").iter();
    let back = back.filter(|cell| cell["to"] == "Once");
    assert!(back.map(|cell| count(&cell["customers"])).sum::<u64>() == 0);
}

#[test]
fn clusters_that_are_not_there_are_said_aloud() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lost.rules.ron");
    let rules = r#"(rules: [
        (name: "Best", style: 0, when: one_of("K-means cluster", ["Best"])),
        (name: "Others", style: 1, when: always),
    ])"#;
    fs::write(&path, rules).expect("written");
    for verb in ["segments", "migration"] {
        let run = keepers(&[verb, "--sample", "--rules", text(&path)]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert!(run.err.contains("no clusters are kept here"), "{}", run.err);
    }
    let broken = r"(clusters: Some((as_of: 0, scales: [], clusters: [])), rules: [])";
    fs::write(&path, broken).expect("written");
    let error = failure(1, &["migration", "--sample", "--rules", text(&path)]);
    assert!(error.contains("kept clusters are empty"), "{error}");
}
