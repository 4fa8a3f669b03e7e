//! `--map`: saying on the command line what a column means.

use std::fs;

use super::run::{command, failure, json, keepers, text};

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

/// An export remembered in the window is read so by every verb.
#[cfg(target_os = "linux")]
#[test]
fn what_was_taught_in_the_window_holds_for_verbs() {
    let folder = tempfile::tempdir().expect("a folder");
    let layouts = folder.path().join("keepers").join("layouts");
    fs::create_dir_all(&layouts).expect("made");
    let layout = "(name: \"till\", title: \"Till\", tables: [(part: \"orders\", grain: lines, headers: [\"k\", \"t\", \"v\"], \
                  roles: {\"k\": customer, \"t\": date, \"v\": amount}, required: true)])";
    fs::write(layouts.join("till.layout.ron"), layout).expect("written");
    let path = folder.path().join("july.csv");
    fs::write(&path, "u,v,k,t\n1,10,A,2024-07-01\n2,20,C,2024-07-02\n").expect("written");
    let told = |arguments: &[&str]| {
        let mut command = command(arguments);
        let run = command.env("XDG_DATA_HOME", folder.path()).output();
        let output = run.expect("the program runs");
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let summary = told(&["summary", text(&path)]);
    assert!(
        summary.contains("30.00") && summary.contains("your export “Till”"),
        "{summary}"
    );
    let by_hand = told(&["summary", text(&path), "--map", "u=amount"]);
    assert!(by_hand.contains("3.00"), "{by_hand}");
    let page = folder.path().join("page.html");
    told(&["report", text(&path), "--out", text(&page)]);
    let page = fs::read_to_string(&page).expect("written");
    assert!(
        page.contains("Till"),
        "the report says how to read the files again"
    );
}
