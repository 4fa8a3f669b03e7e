//! `keepers segments --rules`: rules and cut points from a file, and what is wrong with one.
//!
//! Expected numbers come from pandas on the sample shop's file.

use std::fs;

use serde_json::Value;

use crate::run::{assert_money, failure, keepers, text};

const RULES: &str = r#"(
    ties: fixed((
        recency_days: (300, 120, 60, 14),
        frequency: (2, 3, 4, 6),
        monetary: (20, 50, 99.5, 400),
    )),
    rules: [
        (name: "Dear", style: 0, when: test(m_score, at_least, 5)),
        (name: "Fresh", style: 1, when: test(recency_days, at_most, 60)),
        (name: "Never", style: 2, when: all([test(r_score, at_least, 4), test(r_score, at_most, 2)])),
    ],
)"#;

#[test]
fn rules_and_cut_points_come_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.rules.ron");
    fs::write(&path, RULES).expect("written");
    let run = keepers(&["segments", "--sample", "--rules", text(&path), "--json"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let answer: Value = serde_json::from_str(&run.out).expect("JSON");
    let counts = |of: &str| answer["scores"][of].to_string();
    assert_eq!(counts("r"), "[1521,847,457,694,383]");
    assert_eq!(counts("f"), "[1405,821,422,442,812]");
    assert_eq!(counts("m"), "[232,871,915,1361,523]");
    let segments = &answer["segments"];
    assert_eq!(
        (&segments[0]["customers"], &segments[1]["customers"]),
        (&523.into(), &805.into())
    );
    assert_money(&segments[0]["revenue"], 495_235.70);
    assert_money(&segments[1]["revenue"], 104_055.19);
    assert_eq!(answer["unmatched"], 2_574);
    let fresh = &answer["rule_check"][1];
    assert_eq!(
        (&fresh["matches"], &fresh["wins"]),
        (&1_077.into(), &805.into())
    );
    assert_eq!(answer["rule_check"][0]["swapped_with_next"], 272);
    assert_eq!(answer["rule_check"][2]["contradicts_itself"], true);
    // The last cut point: 26 of 3,902 lie in 400…420, 29 in 380…400; 8 and 7 within 1 %.
    let dear = &answer["stability"][11];
    assert_eq!(
        (&dear["score_of"], &dear["score"]),
        (&"monetary".into(), &5.into())
    );
    let share = |name: &str| dear[name].as_f64().expect("a share");
    assert!((share("one_percent") - 8.0 / 3_902.0).abs() < 1e-12);
    assert!((share("five_percent") - 29.0 / 3_902.0).abs() < 1e-12);
    // No default segment is called so: everybody is elsewhere than before.
    let moved = &answer["moved"];
    assert_eq!(moved["customers"], 3_902);
    let largest = &moved["flows"][0];
    assert_eq!(
        (&largest["from"], &largest["to"]),
        (&"Dormant".into(), &Value::Null)
    );
    assert_eq!(largest["customers"], 729);
    assert_money(&largest["revenue"], 27_956.94);
    assert!(
        run.err.contains("“Never” exclude each other"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("2574 customers match no rule"),
        "{}",
        run.err
    );
}

#[test]
fn a_column_of_the_data_makes_a_segment() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("local.rules.ron");
    let rules = r#"(rules: [
        (name: "Austria", style: 0, when: one_of("country", ["Austria"])),
        (name: "Abroad", style: 1, when: none_of("country", ["Austria"])),
    ])"#;
    fs::write(&path, rules).expect("written");
    let run = keepers(&["segments", "--sample", "--rules", text(&path), "--json"]);
    let answer: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(answer["segments"][0]["customers"], 376);
    assert_eq!(answer["segments"][1]["customers"], 3_902 - 376);
    assert_eq!(answer["unmatched"], 0);
}

#[test]
fn a_bad_rule_file_is_named_with_line_and_advice() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bad.rules.ron");
    let bad = "(rules: [\n    (name: \"A\", style: 0, when: test(speed, at_least, 1)),\n])";
    fs::write(&path, bad).expect("written");
    let message = failure(1, &["segments", "--sample", "--rules", text(&path)]);
    for part in [
        "bad.rules.ron, line 2, column",
        "speed",
        "Correct that place",
    ] {
        assert!(message.contains(part), "{message}");
    }
    let missing = failure(1, &["segments", "--sample", "--rules", "nowhere.rules.ron"]);
    assert!(missing.contains("moved or renamed"), "{missing}");
}

/// The earlier date is the same either way; on the later one nobody is scored against the others.
#[test]
fn migration_can_hold_the_cut_points_of_the_earlier_date() {
    let moved = |more: &[&str]| -> Value {
        let dates = ["--from", "2024-06-01", "--to", "2025-01-01", "--json"];
        let arguments = [&["migration", "--sample"], &dates[..], more].concat();
        let run = keepers(&arguments);
        assert_eq!(run.code, Some(0), "{}", run.err);
        serde_json::from_str(&run.out).expect("JSON")
    };
    let (anew, held) = (moved(&[]), moved(&["--hold-cut-points"]));
    assert_eq!(
        (&anew["cut_points_held"], &held["cut_points_held"]),
        (&false.into(), &true.into())
    );
    let sizes = |answer: &Value| {
        let rows = answer["rows"].as_array().expect("rows").iter();
        let mut sizes: Vec<(String, u64)> = rows
            .map(|row| {
                let customers = row["total"]["customers"].as_u64().expect("a count");
                (row["from"].as_str().expect("a name").to_owned(), customers)
            })
            .collect();
        sizes.sort();
        sizes
    };
    assert_eq!(sizes(&anew), sizes(&held));
    assert_ne!(anew["columns"], held["columns"]);
    for answer in [&anew, &held] {
        let up = &answer["moved_up"];
        assert_eq!(
            up["customers"], up["bought"],
            "nobody moves up without an order"
        );
        assert_eq!(answer["aged"]["bought"], 0);
    }
}
