//! Exports the user has taught: files with their columns are read as taught, by whatever name, unless
//! somebody says otherwise.

use std::collections::BTreeMap;

use keepers::{
    base::monitor::Monitor,
    data::{
        dataset::{
            Dataset, Role,
            options::{ReadOptions, ReadingEdit},
        },
        layouts::Layout,
        load::load_bytes,
    },
};

/// What the window writes when it remembers a file with these columns.
fn remembered(needed: &[&str], others: &[&str], roles: &[(&str, Role)]) -> Layout {
    let quoted = |names: &[&str]| format!("{names:?}");
    let roles: BTreeMap<&str, Role> = roles.iter().copied().collect();
    let roles = ron::to_string(&roles).expect("text");
    let text = format!(
        "(name: \"mine\", title: \"Mine\", tables: [(part: \"orders\", grain: lines, headers: {}, any: {}, \
         some: {}, roles: {roles}, required: true)])",
        quoted(needed),
        quoted(others),
        others.len() / 2,
    );
    ron::from_str(&text).expect("a layout")
}

fn options(taught: Layout) -> ReadOptions {
    ReadOptions {
        taught: vec![taught],
        ..ReadOptions::default()
    }
}

fn open(text: &'static str, options: &ReadOptions) -> Dataset {
    load_bytes("july.csv", text.as_bytes(), options, &Monitor::silent()).expect("opens")
}

fn revenue(text: &'static str, options: &ReadOptions) -> f64 {
    open(text, options).outcome().net_revenue
}

const ROLES: [(&str, Role); 3] = [
    ("k", Role::Customer),
    ("t", Role::Date),
    ("v", Role::Amount),
];

/// `u` and `v` look alike: nothing but what was taught tells which of them is money.
const JULY: &str = "u,v,k,t,more\n1,10,A,2024-07-01,x\n2,20,C,2024-07-02,y\n";

#[test]
fn columns_mean_what_was_taught_wherever_they_stand() {
    let taught = options(remembered(&["k", "t", "v"], &["u"], &ROLES));
    let data = open(JULY, &taught);
    assert_eq!(data.outcome().net_revenue, 30.0);
    assert_eq!(data.files[0].columns[1].reason, "as you taught it: Mine");
    assert!(
        data.understanding
            .paragraph
            .ends_with("Read as your export “Mine”."),
        "{}",
        data.understanding.paragraph
    );
    // A column without meaning may be lost; one with a meaning may not: then it is another export.
    let without = "v,k,t\n10,A,2024-07-01\n20,C,2024-07-02\n";
    assert_eq!(revenue(without, &taught), 30.0);
    let other = "customer_id,order_date,amount,v\nA,2024-07-01,5,50\nB,2024-07-02,6,60\n";
    let data = open(other, &taught);
    assert_eq!(data.outcome().net_revenue, 11.0);
    assert!(!data.understanding.paragraph.contains("Mine"));
}

#[test]
fn what_is_said_of_a_file_goes_before_what_was_taught() {
    let mut taught = options(remembered(&["k", "t", "v"], &["u"], &ROLES));
    taught.edit(ReadingEdit::Role {
        file: "july.csv".to_owned(),
        column: "u".to_owned(),
        role: Some(Role::Amount),
    });
    let data = open(JULY, &taught);
    assert_eq!(data.outcome().net_revenue, 3.0);
    let amounts = data.files[0].columns.iter();
    assert_eq!(
        amounts.filter(|column| column.role == Role::Amount).count(),
        1
    );
}

#[test]
fn a_file_without_header_is_known_by_what_it_holds() {
    let columns = ["column 1", "column 2", "column 3"];
    let mut layout = remembered(
        &[],
        &[],
        &[
            (columns[0], Role::Customer),
            (columns[1], Role::Date),
            (columns[2], Role::Amount),
        ],
    );
    layout.tables[0].no_header = columns.map(str::to_owned).to_vec();
    let taught = options(layout);
    let rows = "A7,2024-07-01,10.50\nA7,2024-07-05,3.00\nB9,2024-07-09,4.25\nC1,2024-07-11,7.75\n";
    let data = open(rows, &taught);
    assert_eq!(data.outcome().net_revenue, 25.5);
    assert!(data.understanding.paragraph.contains("your export “Mine”"));
    // As many columns, but no dates where the dates were.
    let others =
        "2024-07-01,A7,10.50\n2024-07-05,A7,3.00\n2024-07-09,B9,4.25\n2024-07-11,C1,7.75\n";
    let data = open(others, &taught);
    assert!(!data.understanding.paragraph.contains("Mine"));
}

#[test]
fn a_layout_that_says_more_is_tried_on_the_whole_set() {
    let mut layout = remembered(&["k", "t", "v", "state"], &[], &ROLES);
    layout.tables[0]
        .roles
        .insert("state".to_owned(), Role::Status);
    layout.kept = vec!["blue".to_owned()];
    assert!(!layout.is_remembered());
    let rows = "k,t,v,state\nA,2024-07-01,10,blue\nB,2024-07-02,20,red\nA,2024-07-03,30,blue\n";
    let data = open(rows, &options(layout));
    assert_eq!(data.outcome().net_revenue, 40.0);
    assert!(data.understanding.paragraph.contains("your export “Mine”"));
}
