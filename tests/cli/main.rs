//! The headless verbs, run as a user runs them: the real program, its output and its exit codes.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

mod audiences;
mod btyd;
mod cdnow;
mod clusters;
mod identical;
mod mapping;
mod models;
mod odd;
mod overview;
mod project;
mod quality;
mod run;
mod segments;
mod select;

use std::{fs, io::Read, path::Path, process::Stdio};

use serde_json::Value;

use run::{assert_money, column, command, failure, json, keepers, keepers_in, text};

#[test]
fn help_and_version_go_to_standard_output() {
    for arguments in [&["--help"][..], &["summary", "--help"], &["--version"]] {
        let run = keepers(arguments);
        assert_eq!(run.code, Some(0));
        assert!(run.out.contains("keepers"), "{}", run.out);
        assert_eq!(run.err, "");
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    failure(2, &["summary"]);
    failure(2, &["summary", "a.csv", "--sample"]);
    failure(2, &["summary", "--nonsense", "a.csv"]);
    failure(2, &["cohorts", "a.csv", "--metric", "happiness"]);
    failure(2, &["segments", "a.csv", "--ties", "coin"]);
    failure(2, &["render", "a.csv", "--size", "big", "--out", "x"]);
    failure(2, &["generate", "--customers", "0", "--out", "x"]);
    failure(2, &["generate", "--customers", "10"]);
    let impossible = &["generate", "--orders-per-customer", "1e9", "--out", "x"];
    assert!(failure(2, impossible).contains("cannot be reached"));
    assert!(!Path::new("x").exists(), "a refused request made a folder");
    let message = failure(2, &["summary", "--sample", "--as-of", "30.06.2025"]);
    assert!(message.contains("YYYY-MM-DD"), "{message}");
}

#[test]
fn wrong_input_exits_with_1_and_names_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        path
    };
    let empty_folder = folder.path().join("nothing-in-here");
    fs::create_dir(&empty_folder).expect("a folder");
    for path in [
        folder.path().join("not-there.csv"),
        file("empty.csv", b""),
        file("header-only.csv", b"customer_id,order_date,amount\n"),
        file(
            "binary.csv",
            &[0, 159, 146, 150, 0, 1, 2, 3, 255, 254, 0, 0],
        ),
        file(
            "no-date.csv",
            b"customer_id,colour,amount\na,red,5\nb,blue,6\n",
        ),
        empty_folder,
    ] {
        for verb in ["summary", "cohorts", "segments"] {
            let message = failure(1, &[verb, text(&path)]);
            let name = path.file_name().expect("a name").to_string_lossy();
            assert!(message.contains(&*name), "{verb} {name}: {message}");
        }
    }
}

#[test]
fn generate_never_overwrites_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("shop");
    let generate = |seed: &str, more: &[&str]| {
        let arguments = [
            "generate",
            "--customers",
            "50",
            "--seed",
            seed,
            "--out",
            text(&out),
        ];
        keepers(&[&arguments, more].concat())
    };
    let orders = || fs::read(out.join("orders.csv")).expect("orders");
    assert_eq!(generate("1", &[]).code, Some(0));
    let first = orders();
    let refused = generate("2", &[]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.err.contains("orders.csv is already there"),
        "{}",
        refused.err
    );
    assert!(refused.err.contains("--force"), "{}", refused.err);
    assert!(orders() == first);
    assert_eq!(generate("2", &["--force"]).code, Some(0));
    assert!(orders() != first);
    assert_eq!(generate("1", &["--force"]).code, Some(0));
    assert!(orders() == first, "the same seed gives the same bytes");
    let mut names: Vec<String> = fs::read_dir(&out)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    names.sort();
    assert_eq!(names, ["orders.csv", "truth.json"]);
}

/// Generates a shop, reads it back and compares with its truth.
fn round_trip(shape: &str) -> (Value, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = text(folder.path());
    let truth = json(&[
        "generate",
        "--customers",
        "700",
        "--seed",
        "11",
        "--layout",
        shape,
        "--out",
        out,
    ]);
    let saved = fs::read_to_string(folder.path().join("truth.json")).expect("truth");
    assert_eq!(serde_json::from_str::<Value>(&saved).expect("JSON"), truth);
    let summary = json(&["summary", out]);
    for key in ["customers", "orders", "first_order", "last_order"] {
        assert_eq!(summary[key], truth[key], "{shape}: {key}");
    }
    let revenue = truth["net_revenue"].as_f64().expect("a number");
    assert_money(&summary["net_revenue"], revenue);
    let number = |value: &Value| value.as_f64().expect("a number");
    let repeat = number(&truth["repeat_customers"]) / number(&truth["customers"]);
    assert!((number(&summary["repeat_rate"]) - repeat).abs() < 1e-12);
    assert!((number(&summary["aov"]) - revenue / number(&truth["orders"])).abs() < 1e-9);
    let cohorts = json(&["cohorts", out, "--metric", "customers"]);
    for key in ["cohort", "size"] {
        assert_eq!(
            column(&cohorts["cohorts"], key),
            column(&truth["cohorts"], key),
            "{shape}: {key}"
        );
    }
    let segments = json(&["segments", out]);
    let revenues = column(&segments["segments"], "revenue");
    assert!((revenues.into_iter().map(number).sum::<f64>() - revenue).abs() < 0.005);
    (summary, truth)
}

#[test]
fn layouts_of_shop_systems_are_generated_with_their_truth() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = text(folder.path());
    // The older name of the option is still understood.
    let truth = json(&[
        "generate",
        "--customers",
        "50",
        "--shape",
        "stripe_payments",
        "--out",
        out,
    ]);
    assert_eq!(truth["spec"]["shape"], "stripe_payments");
    let refunds = truth["refunds"].as_u64().expect("a number");
    assert!(refunds > 0 && truth["refunded"].as_f64() > Some(0.0));
    let lines = fs::read_to_string(folder.path().join("unified_payments.csv")).expect("payments");
    assert_eq!(
        Some(lines.lines().count() as u64 - 1),
        truth["order_rows"].as_u64()
    );
}

#[test]
fn a_generated_order_log_is_read_back_exactly() {
    let (summary, truth) = round_trip("orders");
    assert_eq!(summary["shape"], "order_log");
    assert_eq!(summary["lines"], truth["lines"]);
    assert_eq!(summary["rows_read"], truth["lines"]);
    let not_kept = ["cancelled_lines", "returned_lines"].map(|key| truth[key].as_u64());
    let not_kept: u64 = not_kept.into_iter().flatten().sum();
    let rate = not_kept as f64 / truth["lines"].as_f64().expect("a number");
    assert!((summary["return_rate"].as_f64().expect("told") - rate).abs() < 1e-12);
}

#[test]
fn a_generated_cdnow_text_is_read_back_exactly() {
    let (summary, truth) = round_trip("cdnow");
    assert_eq!(summary["shape"], "cdnow");
    assert_eq!(summary["lines"], truth["lines"]);
}

#[test]
fn a_generated_olist_set_is_read_back_exactly() {
    let (summary, _) = round_trip("olist");
    assert_eq!(summary["shape"], "olist");
}

#[test]
fn the_sample_shop_is_the_committed_file() {
    let truth =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/truth.json"));
    let truth: Value = serde_json::from_str(&truth.expect("committed")).expect("JSON");
    let sample = json(&["summary", "--sample"]);
    let file = json(&["summary", "sample_data/orders.csv"]);
    for key in ["customers", "orders", "lines", "first_order", "last_order"] {
        assert_eq!(sample[key], truth[key], "{key}");
        assert_eq!(file[key], truth[key], "{key}");
    }
    assert_money(
        &sample["net_revenue"],
        truth["net_revenue"].as_f64().expect("a number"),
    );
    assert_eq!(sample["as_of"], "2025-07-01");
}

#[test]
fn an_earlier_date_sees_only_what_was_before_it() {
    // Counted a second time from the text of the file.
    let summary = json(&["summary", "--sample", "--as-of", "2023-01-01"]);
    assert_eq!(summary["as_of"], "2023-01-01");
    let csv =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/orders.csv"));
    let csv = csv.expect("committed");
    let kept = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>());
    let kept: Vec<Vec<&str>> = kept
        .filter(|row| row[1] < "2023-01-01" && row[8] == "completed")
        .collect();
    let distinct = |column: usize| {
        let values: std::collections::BTreeSet<&str> = kept.iter().map(|row| row[column]).collect();
        values.len() as u64
    };
    assert_eq!(summary["orders"], distinct(0));
    assert_eq!(summary["customers"], distinct(2));
    let revenue: f64 = kept
        .iter()
        .map(|row| row[7].parse::<f64>().expect("a number"))
        .sum();
    assert_money(&summary["net_revenue"], revenue);
    // Before the first order there is nobody, and a note says why.
    let early = keepers(&["summary", "--sample", "--as-of", "2000-01-01", "--json"]);
    assert_eq!(early.code, Some(0));
    assert!(early.err.contains("2022-07-01"), "{}", early.err);
    let early: Value = serde_json::from_str(&early.out).expect("JSON");
    assert_eq!(early["customers"], 0);
}

#[test]
fn full_summary_times_its_stages() {
    let summary = json(&["summary", "--sample", "--full"]);
    let stages = column(&summary["stages"], "stage");
    for stage in ["load", "customers", "rfm", "segments", "cohorts", "total"] {
        assert!(
            stages.iter().any(|name| **name == stage),
            "{stage}: {stages:?}"
        );
    }
    assert_eq!(summary["cohorts"], 36);
    let customers = column(&summary["segments"], "customers");
    let sum: u64 = customers.into_iter().filter_map(Value::as_u64).sum();
    assert_eq!(summary["customers"], sum);
}

#[test]
fn cohorts_can_be_grouped_by_a_column() {
    let table = json(&[
        "cohorts", "--sample", "--rows", "Channel", "--period", "quarter",
    ]);
    assert_eq!(table["rows"], "channel");
    assert_eq!(table["period"], "quarter");
    let mut names: Vec<&str> = column(&table["cohorts"], "cohort")
        .into_iter()
        .filter_map(Value::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "Marketplace",
            "Newsletter",
            "Organic search",
            "Paid search",
            "Referral",
            "Social ads"
        ]
    );
    let message = failure(1, &["cohorts", "--sample", "--rows", "shoe size"]);
    assert!(message.contains("channel"), "{message}");
}

#[test]
fn tables_for_people_hold_the_same_figures() {
    let run = keepers(&["segments", "--sample"]);
    assert_eq!(run.code, Some(0));
    assert!(run.out.is_ascii(), "plain text: {}", run.out);
    let vip = json(&["segments", "--sample"])["segments"][0]["customers"].clone();
    let line = run
        .out
        .lines()
        .find(|line| line.trim_start().starts_with("VIP"));
    let cells: Vec<&str> = line.expect("a VIP row").split_whitespace().collect();
    assert_eq!(cells[1].replace(',', ""), vip.to_string());
    let run = keepers(&["cohorts", "--sample"]);
    assert!(
        run.out
            .starts_with("Retention by month since the first order")
    );
    assert_eq!(
        run.out
            .lines()
            .filter(|line| line.contains("100.0 %"))
            .count(),
        37
    );
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = command(&["cohorts", "--sample", "--metric", "revenue"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let mut errors = String::new();
    let mut pipe = child.stderr.take().expect("piped");
    pipe.read_to_string(&mut errors).expect("UTF-8");
    let status = child.wait().expect("it ends");
    assert_eq!((status.code(), errors.as_str()), (Some(0), ""));
}

#[test]
fn without_a_display_the_bare_command_summarises_and_draws() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("keepers-views")).expect("a folder");
    let run = keepers_in(folder.path(), &[]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("no display"), "{}", run.err);
    assert!(run.out.contains("Net revenue"), "{}", run.out);
    for view in ["data", "overview", "cohorts", "segments", "customers"] {
        let path = folder.path().join(format!("keepers-views-2/{view}.png"));
        let bytes = fs::read(&path).expect("a picture");
        assert!(bytes.starts_with(b"\x89PNG"), "{}", path.display());
    }
}
