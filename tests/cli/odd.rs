//! Odd requests to the verbs about segments: an answer that says what is wrong and what to do.

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use crate::run::{failure, keepers, text};

const HEAD: &str = "customer_id,order_date,amount\n";
/// Orders of c1 to c3; c3 came back after three days.
const THREE: &str = "customer_id,order_date,amount\n\
    c1,2024-03-05,12.5\nc2,2024-03-06,13.5\nc3,2024-04-06,14.5\nc3,2024-04-09,14.5\n";

fn file(name: &str, content: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, content).expect("written");
    (folder, path)
}

fn says(code: i32, arguments: &[&str], words: &str) {
    let message = failure(code, arguments);
    assert!(message.contains(words), "{arguments:?}: {message}");
}

#[test]
fn clusters_that_cannot_be() {
    let (folder, path) = file("three.csv", THREE);
    let shop = text(&path);
    let clusters = |more: &[&'static str]| [&["clusters", shop][..], more].concat();
    for k in ["0", "1", "13", "many"] {
        failure(2, &clusters(&["--k", k]));
    }
    says(
        1,
        &clusters(&[]),
        "4 clusters need at least 4 different rows; found 3",
    );
    let one = "at least two columns whose numbers vary; found 1";
    says(1, &clusters(&["--k", "2", "--features", "recency"]), one);
    says(
        1,
        &clusters(&["--k", "2", "--features", "recency,Recency"]),
        one,
    );
    let unknown = clusters(&["--k", "2", "--features", "recency,shoes"]);
    says(1, &unknown, "Choose from: recency, frequency");
    let lost = folder.path().join("nowhere/x.rules.ron");
    let kept = ["--k", "2", "--rules-out", text(&lost)];
    let kept = [&["clusters", shop][..], &kept].concat();
    says(1, &kept, "there is no such folder");
    let (_folder, path) = file("same.csv", &format!("{HEAD}c1,2024-03-05,1\n"));
    says(1, &["clusters", text(&path)], "found 1. Choose fewer");
    let same: Vec<String> = (1..9).map(|id| format!("c{id},2024-03-05,1")).collect();
    let (_folder, path) = file("same.csv", &format!("{HEAD}{}\n", same.join("\n")));
    says(1, &["clusters", text(&path)], "numbers vary; found 0");
}

#[test]
fn dates_that_cannot_be() {
    let (_folder, path) = file("three.csv", THREE);
    let shop = text(&path);
    let reversed = [
        "migration",
        shop,
        "--from",
        "2024-04-08",
        "--to",
        "2024-03-10",
    ];
    says(1, &reversed, "--from 2024-04-08 lies after --to 2024-03-10");
    let late = ["migration", shop, "--to", "2030-01-01"];
    says(1, &late, "later orders do not exist yet");
    failure(2, &["migration", shop, "--from", "soon"]);
    failure(2, &["segments", shop, "--as-of", "2024-02-30"]);
    failure(2, &["segments", shop, "--ties", "fixed"]);
    // Nobody had ordered: that is an answer, and it says why it is empty.
    let early = "nobody had ordered before 2021-03-10: the first order is of 2024-03-05";
    for arguments in [
        &["segments", shop, "--as-of", "2021-03-10"][..],
        &[
            "migration",
            shop,
            "--from",
            "2020-03-10",
            "--to",
            "2021-03-10",
        ],
        &["migration", shop, "--as-of", "2021-03-10"],
    ] {
        let run = keepers(arguments);
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert_eq!(run.err.matches(early).count(), 1, "{}", run.err);
        assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    }
}

#[test]
fn rule_files_that_cannot_be_read() {
    let (folder, shop) = file("three.csv", THREE);
    let rules = |content: &str| {
        let path = folder.path().join("odd.rules.ron");
        fs::write(&path, content).expect("written");
        path
    };
    for (content, words) in [
        ("", "line 1, column 1"),
        ("nonsense (", "line 1, column 1"),
        ("(version: 99, rules: [])", "saved by a newer Keepers"),
    ] {
        let path = rules(content);
        for verb in ["segments", "migration"] {
            says(1, &[verb, text(&shop), "--rules", text(&path)], words);
        }
    }
    let lost = folder.path().join("lost.rules.ron");
    let lost = ["segments", text(&shop), "--rules", text(&lost)];
    says(1, &lost, "moved or renamed");
}
