//! `--map`: saying on the command line what a column means.

use std::fs;

use super::run::{failure, json, keepers, text};

#[test]
fn a_file_whose_header_says_nothing_is_mapped_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("dump.csv");
    // Neither column name nor content says which of the numbers is the amount.
    let rows = "k,t,u,v\nA,2024-01-01,5,50\nB,2024-01-02,6,60\nA,2024-02-02,7,70\n";
    fs::write(&path, rows).expect("written");
    let mapped = |amount: &str| {
        let amount = format!("{amount}=amount");
        let verb = [
            "summary",
            text(&path),
            "--map",
            "k=customer",
            "--map",
            "t=date",
        ];
        json(&[&verb[..], &["--map", &amount]].concat())
    };
    assert_eq!(mapped("u")["net_revenue"], 18.0);
    let other = mapped("v");
    assert_eq!(other["net_revenue"], 180.0);
    assert_eq!(
        (&other["customers"], &other["orders"]),
        (&2.into(), &3.into())
    );

    let unknown = failure(1, &["summary", text(&path), "--map", "w=amount"]);
    assert!(unknown.contains("k, t, u, v"), "{unknown}");
    for wrong in ["u", "u=money"] {
        let message = failure(2, &["summary", text(&path), "--map", wrong]);
        assert!(message.contains("unit_price"), "{message}");
    }
    let roles = [
        "--map",
        "k=customer",
        "--map",
        "t=date",
        "--map",
        "u=amount",
    ];
    for verb in ["summary", "quality", "cohorts", "audiences"] {
        let unknown = [&[verb, text(&path), "--answer", "x=y"][..], &roles];
        let message = failure(1, &unknown.concat());
        assert!(message.contains("no question “x”"), "{message}");
    }
    // The verbs that draw the window take both too.
    let out = text(folder.path());
    let drawn = ["render", text(&path), "--view", "data", "--out", out];
    let printed = keepers(&[&drawn[..], &roles].concat()).out;
    assert!(printed.contains("data.png"), "{printed}");
    let message = failure(2, &["summary", text(&path), "--answer", "x"]);
    assert!(message.contains("ID=CHOICE"), "{message}");
}

/// This build holds no network code, and says so instead of looking for a file called "serve".
#[cfg(not(feature = "serve"))]
#[test]
fn the_endpoint_is_named_where_it_is_missing() {
    let message = failure(2, &["serve", "--model", "m.json", "--port", "8000"]);
    assert!(message.contains("--features serve"), "{message}");
}
