//! `keepers overview`: every number of the Overview.

use super::run::{assert_money, column, json, keepers, public_data, text};

#[test]
fn the_sample_shop_in_numbers() {
    let answer = json(&["overview", "--sample", "--period", "year"]);
    assert_eq!(answer["as_of"], "2025-07-01");
    assert_eq!(answer["kpis"]["customers"], 3_902);
    assert_money(&answer["kpis"]["net_revenue"], 859_338.51);
    let columns = column(&answer["breakdowns"], "column");
    assert_eq!(columns, ["category", "country", "channel"]);
    let kitchen = &answer["breakdowns"][0]["values"][0];
    assert_eq!(kitchen["value"], "Kitchen");
    assert_money(&kitchen["revenue"], 183_580.21);
    assert_eq!(kitchen["orders"], 4_229);
    let cohorts = &answer["calendar"]["cohorts"];
    assert_eq!(column(cohorts, "cohort").len(), 12);
    assert_eq!(cohorts[0]["cohort"], "2022-Q3");
    assert_money(&cohorts[0]["revenue"][0], 23_853.83);
    assert_eq!(answer["calendar"]["legacy"]["since"], "2024-07-01");
    assert_eq!(
        column(&answer["lifecycle"]["outcomes"], "lines"),
        [22_843, 1_665, 614]
    );
    assert_money(&answer["value"]["top"][2]["revenue"], 435_818.61);
}

#[test]
fn cdnow_says_what_it_cannot_tell() {
    let Some(path) = public_data("cdnow/CDNOW_master.txt") else {
        return;
    };
    let answer = json(&["overview", text(&path)]);
    let share = answer["value"]["top"][3]["revenue_share"]
        .as_f64()
        .expect("a share");
    assert!((share - 0.677_773_9).abs() < 1e-6);
    let why = answer["lifecycle"]["why_nothing"]
        .as_str()
        .expect("a reason");
    assert!(why.contains("no order status"), "{why}");
}

#[test]
fn tables_for_people() {
    let run = keepers(&["overview", "--sample"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    for line in [
        "391  435,818.61  50.7 %",
        "  Customers won before 2024-07-01 brought 40.1 % of the revenue of the 12 months that follow.",
        "  22,843 of 25,122 lines kept",
    ] {
        assert!(run.out.contains(line), "{}", run.out);
    }
}
