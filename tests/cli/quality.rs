//! `keepers quality`: the rules as JSON and as a table, and the export of rejected rows.

use std::fs;

use super::run::{assert_money, failure, json, keepers, public_data, text};

/// By hand: line 3 has no customer, line 4 no readable date, line 5 two cells; line 6 repeats line 2.
const ORDERS: &str = "customer_id,order_date,amount\nA,2024-01-01,5\n,2024-01-02,7\nA,soon,1\n\
    A,2024-01-03\nA,2024-01-01,5\nB,2024-01-04,-2\n";

#[test]
fn every_rule_stands_with_its_count_and_the_rows_add_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let orders = folder.path().join("orders.csv");
    fs::write(&orders, ORDERS).expect("written");
    let rejected = folder.path().join("rejected.csv");
    let report = json(&["quality", text(&orders), "--rejected", text(&rejected)]);
    assert_eq!(report["rows_read"], 6);
    assert_eq!(report["rows_kept"], 3);
    assert_eq!(report["rows_dropped"], 3);
    assert_eq!(report["reconciles"], true);
    assert_eq!(report["rejected_rows"], 3);
    let rules: Vec<_> = report["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .map(|rule| {
            let name = rule["rule"].as_str().expect("a name");
            let line = rule["samples"][0]["line"].as_u64().expect("a line");
            (name, rule["rows"].as_u64().expect("rows"), line)
        })
        .collect();
    assert_eq!(
        rules,
        [
            ("broken_row", 1, 5),
            ("missing_customer", 1, 3),
            ("unreadable_date", 1, 4),
            ("credit_line", 1, 7),
            ("duplicate_line", 1, 6),
        ]
    );
    assert_money(&report["rules"][1]["amount"], 7.0);
    // 5 + 5 of the kept sales, 7 without a customer, 1 without a date; the credit is no sale. The
    // broken row has no amount.
    assert_money(&report["gross_sales"], 18.0);
    let share = report["rules"][1]["share_of_sales"].as_f64();
    assert!((share.expect("a share") - 7.0 / 18.0).abs() < 1e-12);
    assert_eq!(
        fs::read_to_string(&rejected).expect("written"),
        "file,line,rule,text\r\n\
         orders.csv,3,missing_customer,\",2024-01-02,7\"\r\n\
         orders.csv,4,unreadable_date,\"A,soon,1\"\r\n\
         orders.csv,5,broken_row,\"A,2024-01-03\"\r\n"
    );
    // Nothing is replaced unasked, and the program says how to ask.
    let again = ["quality", text(&orders), "--rejected", text(&rejected)];
    let message = failure(1, &again);
    assert!(
        message.contains("exists already") && message.contains("--replace"),
        "{message}"
    );
    let run = keepers(&[&again[..], &["--replace"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.err);
}

/// Broken rows are the likeliest of all to hold what somebody has planted.
#[test]
fn rows_left_out_run_no_formula() {
    let folder = tempfile::tempdir().expect("a folder");
    let orders = folder.path().join("orders.csv");
    let rows =
        "customer_id,order_date,amount\nA,2024-01-01,5\n=cmd|' /C calc'!A1,soon,1\n-1,soon,1\n";
    fs::write(&orders, rows).expect("written");
    let rejected = folder.path().join("rejected.csv");
    json(&["quality", text(&orders), "--rejected", text(&rejected)]);
    assert_eq!(
        fs::read_to_string(&rejected).expect("written"),
        "file,line,rule,text\r\n\
         orders.csv,3,unreadable_date,\"'=cmd|' /C calc'!A1,soon,1\"\r\n\
         orders.csv,4,unreadable_date,\"'-1,soon,1\"\r\n"
    );
}

#[test]
fn the_report_reads_like_prose_without_json() {
    let run = keepers(&["quality", "--sample"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(
        run.out
            .contains("25,122 rows read = 25,122 kept + 0 left out")
    );
    assert!(run.out.contains("not_kept"), "{}", run.out);
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let message = failure(
        1,
        &["quality", "--sample", "--rejected", "no/such/folder/r.csv"],
    );
    assert!(message.contains("no/such/folder/r.csv"), "{message}");
}

/// The public file's own description: 69,659 lines, 80 zero amounts, 255 exact repetitions.
#[test]
fn cdnow_is_kept_whole() {
    let Some(path) = public_data("cdnow/CDNOW_master.txt") else {
        return;
    };
    let report = json(&["quality", text(&path)]);
    assert_eq!(report["rows_read"], 69_659);
    assert_eq!(report["rows_kept"], 69_659);
    let rows = |name: &str| {
        let rules = report["rules"].as_array().expect("rules");
        let rule = rules.iter().find(|rule| rule["rule"] == name);
        rule.map_or(0, |rule| rule["rows"].as_u64().expect("rows"))
    };
    assert_eq!((rows("zero_amount"), rows("duplicate_line")), (80, 255));
}
