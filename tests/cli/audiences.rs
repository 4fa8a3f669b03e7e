//! `keepers audiences`: sizes, values, overlap, campaign; a list as a file.
//!
//! The figures come from the Python computation described in `tests/audiences.rs`, which also sorts the
//! predicted values and adds up the campaign.

use serde_json::Value;

use super::run::{failure, json, keepers, public_data, text};

fn near(found: &Value, expected: f64) {
    let value = found.as_f64().expect("a number");
    assert!(
        (value - expected).abs() < 1e-4 * expected.abs().max(1.0),
        "{value}, not {expected}"
    );
}

/// Margin 40 %, uplift 10 %, 1 per contact: 780 contacts of 3,902.
#[test]
fn the_campaign_of_the_sample_shop() {
    let answer = json(&["audiences", "--sample"]);
    assert_eq!(answer["predictor"], "BG/NBD × Gamma-Gamma");
    near(&answer["predicted_value"], 114_740.728_8);
    let sizes: Vec<u64> = answer["lists"]
        .as_array()
        .expect("lists")
        .iter()
        .map(|list| list["customers"].as_u64().expect("a count"))
        .collect();
    assert_eq!(sizes[1..5], [391, 1_240, 455, 111]);
    assert_eq!(answer["overlap"]["high_value"]["high_value"], 391);
    let campaign = &answer["campaign"];
    assert_eq!(campaign["by_predicted_value"]["contacts"], 780);
    near(&campaign["by_predicted_value"]["profit"], 2_727.872_5);
    near(&campaign["by_past_spend"]["profit"], 1_982.083_7);
    near(&campaign["at_random"]["profit"], 137.455_3);
    assert_eq!(campaign["best_contacts"], 1_068);
    near(&campaign["best_profit"], 2_787.553_7);
    assert_eq!(campaign["break_even_contacts"], 3_902);
    let (low, high) = (&campaign["interval"][0], &campaign["interval"][1]);
    assert!(low.as_f64() < Some(2_727.0) && high.as_f64() > Some(2_728.0));
}

#[test]
fn the_campaign_of_cdnow() {
    let Some(path) = public_data("cdnow/CDNOW_master.txt") else {
        return;
    };
    let answer = json(&["audiences", text(&path)]);
    let campaign = &answer["campaign"];
    near(&campaign["by_predicted_value"]["profit"], 2_408.790_8);
    near(&campaign["by_past_spend"]["profit"], 2_025.989_9);
    near(&campaign["at_random"]["profit"], -2_942.023_1);
    assert_eq!(campaign["best_contacts"], 2_008);
    assert_eq!(campaign["break_even_contacts"], 7_852);
    near(&campaign["break_even_depth"], 7_852.0 / 23_570.0);
}

/// By hand from the cost table: 1,000 spent on everyone ever won, 3,902 customers.
#[test]
fn a_list_and_a_cost_table_as_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let (out, costs) = (
        folder.path().join("churn.csv"),
        folder.path().join("costs.csv"),
    );
    std::fs::write(&costs, "cost\n1000\n").expect("written");
    let arguments = [
        "audiences",
        "--sample",
        "--list",
        "churn_risk",
        "--out",
        text(&out),
        "--control",
        "0.2",
        "--costs",
        text(&costs),
    ];
    let answer = json(&arguments);
    let all = &answer["acquisition"][0];
    assert_eq!(all["customers"], 3_902);
    near(&all["cac"], 1_000.0 / 3_902.0);
    // Margin 40 % of 859,338.51 so far and 114,740.73 predicted.
    near(
        &all["ltv_to_cac"],
        0.4 * (859_338.51 + 114_740.728_8) / 1_000.0,
    );
    assert_eq!(all["payback_months"], 0);

    let saved = std::fs::read_to_string(&out).expect("saved");
    let mut lines = saved.lines();
    let head =
        "customer_id,group,segment,last_order,orders,net_revenue,predicted_value,p_alive,p_order";
    assert_eq!(lines.next(), Some(head));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 1_240);
    let values: Vec<f64> = rows
        .iter()
        .map(|row| row[6].parse().expect("money"))
        .collect();
    assert!(
        values.windows(2).all(|pair| pair[0] >= pair[1]),
        "best first"
    );
    let control = rows.iter().filter(|row| row[1] == "control").count();
    assert_eq!(control, 248);
    for segment in ["At Risk", "Dormant", "Regulars"] {
        let of = |group: &str| {
            let rows = rows.iter().filter(|row| row[2] == segment);
            rows.filter(|row| group.is_empty() || row[1] == group)
                .count() as f64
        };
        assert!((of("control") - 0.2 * of("")).abs() < 1.0, "{segment}");
    }
    let why = failure(1, &arguments);
    assert!(why.contains("exists already and was left alone"), "{why}");
}

#[test]
fn a_shop_too_small_says_so_and_keeps_what_needs_no_forecast() {
    let folder = tempfile::tempdir().expect("a folder");
    let orders = folder.path().join("orders.csv");
    let rows = "customer_id,order_date,amount\nA,2024-01-05,10\nB,2024-03-01,20\nA,2024-04-01,5\n";
    std::fs::write(&orders, rows).expect("written");
    let answer = json(&["audiences", text(&orders)]);
    let problem = answer["problem"].as_str().expect("a reason");
    assert!(
        problem.starts_with("Only 2 customers have an order"),
        "{problem}"
    );
    assert!(answer["campaign"].is_null() && answer["predictor"].is_null());
    // As of 2 April: B ordered once, 32 days ago.
    assert_eq!(answer["lists"][4]["customers"], 1);
    assert!(answer["lists"][1]["unavailable"].is_string());
    let run = keepers(&["audiences", text(&orders)]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.out.contains("a forecast needs at least 50"),
        "{}",
        run.out
    );
}
