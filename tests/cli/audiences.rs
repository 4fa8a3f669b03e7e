//! `keepers audiences`: sizes, values, overlap, campaign; a list as a file.
//!
//! The figures come from the Python computation described in `tests/audiences.rs`, which also sorts the
//! predicted values and adds up the campaign.

use serde_json::Value;

use super::run::{failure, json, keepers, keepers_in, public_data, text};

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
    assert_eq!(answer["predictor"], "Pareto/NBD × Gamma-Gamma");
    near(&answer["predicted_value"], 117_460.691_5);
    let sizes: Vec<u64> = answer["lists"]
        .as_array()
        .expect("lists")
        .iter()
        .map(|list| list["customers"].as_u64().expect("a count"))
        .collect();
    assert_eq!(sizes[1..5], [391, 1_292, 452, 111]);
    assert_eq!(answer["overlap"]["high_value"]["high_value"], 391);
    let campaign = &answer["campaign"];
    assert_eq!(campaign["by_predicted_value"]["contacts"], 780);
    near(&campaign["by_predicted_value"]["profit"], 2_800.275_9);
    near(&campaign["by_past_spend"]["profit"], 1_804.351_3);
    near(&campaign["at_random"]["profit"], 180.454_4);
    assert_eq!(campaign["best_contacts"], 1_227);
    near(&campaign["best_profit"], 2_968.446_2);
    assert_eq!(campaign["break_even_contacts"], 3_902);
    // Three checks: revenue that came ÷ predicted from April, January and October.
    let checks = campaign["checks"].as_array().expect("checks");
    for (check, (made_at, predicted, actual)) in checks.iter().zip([
        ("2025-04-02", 95_238.040, 106_496.68),
        ("2025-01-02", 100_524.066, 77_274.53),
        ("2024-10-04", 69_779.655, 87_420.79),
    ]) {
        assert_eq!(check["made_at"], made_at);
        near(&check["predicted"], predicted);
        near(&check["actual"], actual);
    }
    near(&campaign["level_error"], 0.476_491_2);
    let within = |range: &Value, low: f64, high: f64| {
        let end = |name: &str| range[name].as_f64().expect("an end");
        // Between two whole percents of depth the spread of customers is interpolated.
        assert!((end("low") - low).abs() < 2.0, "{range}, not {low}");
        assert!((end("high") - high).abs() < 2.0, "{range}, not {high}");
    };
    within(&campaign["interval"], 242.019, 5_358.533);
    within(&campaign["interval_at_stated_uplift"], 1_029.402, 4_571.150);
}

/// Counted with polars from the sample file as of both dates, segments by system C's rules.
#[test]
fn the_kpi_sheet_of_the_sample_shop() {
    let kpis = &json(&["audiences", "--sample"])["kpis"];
    assert_eq!(
        (&kpis["before"], &kpis["now"]),
        (&"2025-04-02".into(), &"2025-07-01".into())
    );
    for (place, (name, before, now, repeat_now, returned)) in [
        ("VIP", 543, 659, 1.0, 0.662_983_4),
        ("Loyal", 207, 248, 0.883_064_5, 0.502_415_5),
        ("Potential Loyalist", 338, 391, 1.0, 0.251_479_3),
        ("At Risk", 744, 833, 0.846_338_5, 0.025_537_6),
        ("Dormant", 623, 729, 0.245_541_8, 0.033_707_9),
        ("Regulars", 953, 1_042, 0.330_134_4, 0.264_428_1),
    ]
    .into_iter()
    .enumerate()
    {
        let row = &kpis["segments"][place];
        assert_eq!(row["name"], name);
        assert_eq!(
            (&row["customers_before"], &row["customers_now"]),
            (&before.into(), &now.into())
        );
        near(&row["repeat_rate_now"], repeat_now);
        near(&row["returned"], returned);
    }
    assert_eq!(
        (&kpis["lower_before"], &kpis["lower_risen"]),
        (&953.into(), &132.into())
    );
    near(&kpis["progression"], 132.0 / 953.0);
}

/// Worked out in Python from the sample file: customers by channel and month of their first kept
/// order, margin 40 %, predicted values from an own fit with scipy.
#[test]
fn cost_by_channel_and_month() {
    let folder = tempfile::tempdir().expect("a folder");
    let costs = folder.path().join("costs.csv");
    let table = "Channel;Month;Cost\nOrganic search;2024-01;1.250,50\nOrganic search;2024-02;900\n\
        Newsletter;2024-01;300\nSocial ads;01/2024;2000\nNowhere;2024-01;50\n";
    std::fs::write(&costs, table).expect("written");
    let answer = json(&["audiences", "--sample", "--costs", text(&costs)]);
    let rows = answer["acquisition"].as_array().expect("channels");
    for (row, (channel, customers, cac, ltv, payback)) in rows.iter().zip([
        ("Newsletter", 8, Some(37.5), 243.087_554, Some(0)),
        ("Nowhere", 0, None, 0.0, None),
        ("Organic search", 43, Some(50.011_628), 191.557_872, Some(2)),
        ("Social ads", 19, Some(105.263_158), 92.062_004, None::<u64>),
    ]) {
        assert_eq!(row["channel"], channel);
        assert_eq!(row["customers"], customers);
        near(&row["ltv"], ltv);
        match cac {
            Some(cac) => {
                near(&row["cac"], cac);
                near(&row["ltv_to_cac"], ltv / cac);
            }
            None => assert!(row["cac"].is_null() && row["ltv_to_cac"].is_null()),
        }
        assert_eq!(row["payback_months"].as_u64(), payback);
    }
    assert_eq!(rows.len(), 4);
}

#[test]
fn the_campaign_of_cdnow() {
    let Some(path) = public_data("cdnow/CDNOW_master.txt") else {
        return;
    };
    let answer = json(&["audiences", text(&path)]);
    let campaign = &answer["campaign"];
    near(&campaign["by_predicted_value"]["profit"], 2_653.714_2);
    near(&campaign["by_past_spend"]["profit"], 2_378.639_1);
    near(&campaign["at_random"]["profit"], -2_845.895_3);
    assert_eq!(campaign["best_contacts"], 1_899);
    assert_eq!(campaign["break_even_contacts"], 8_560);
    near(&campaign["break_even_depth"], 8_560.0 / 23_570.0);
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
    // Margin 40 % of 859,338.51 so far and 117,460.69 predicted.
    near(
        &all["ltv_to_cac"],
        0.4 * (859_338.51 + 117_460.691_5) / 1_000.0,
    );
    assert_eq!(all["payback_months"], 0);

    let saved = std::fs::read_to_string(&out).expect("saved");
    let mut lines = saved.split_terminator("\r\n");
    let head =
        "customer_id,group,segment,last_order,orders,net_revenue,predicted_value,p_alive,p_order";
    assert_eq!(lines.next(), Some(head));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 1_292);
    let values: Vec<f64> = rows
        .iter()
        .map(|row| row[6].parse().expect("money"))
        .collect();
    assert!(
        values.windows(2).all(|pair| pair[0] >= pair[1]),
        "best first"
    );
    let control = rows.iter().filter(|row| row[1] == "control").count();
    assert_eq!(control, 258);
    for segment in ["At Risk", "Dormant", "Regulars"] {
        let of = |group: &str| {
            let rows = rows.iter().filter(|row| row[2] == segment);
            rows.filter(|row| group.is_empty() || row[1] == group)
                .count() as f64
        };
        assert!((of("control") - 0.2 * of("")).abs() < 1.0, "{segment}");
    }
    let why = failure(1, &arguments);
    assert!(why.contains("exists already"), "{why}");
}

/// Four customers with one order 40 days before S and ids that careless programs change.
const NUDGED: &str = "customer_id,order_date,amount,email\n\
00017,2024-01-10,10,ann@example.org\n\
1e3,2024-01-10,30,=cmd@example.org\n\
-5,2024-01-10,20,bob@example.org\n\
A1,2024-01-10,40,\n\
B2,2024-02-18,1,eve@example.org\n";

const LIST: [&str; 6] = [
    "audiences",
    "orders.csv",
    "--list",
    "second_order",
    "--control",
    "0.5",
];

/// The nudged customers' log in a folder, and the list taken from it as CSV.
fn nudged() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("orders.csv"), NUDGED).expect("written");
    let run = keepers_in(
        folder.path(),
        &[&LIST[..], &["--out", "nudge.csv"]].concat(),
    );
    assert_eq!(run.code, Some(0), "{}", run.err);
    let told = "4 of 4 customers. 2 of them are the control group.";
    assert!(run.err.contains(told), "{}", run.err);
    let text = std::fs::read_to_string(folder.path().join("nudge.csv")).expect("saved");
    (folder, text)
}

#[test]
fn an_e_mail_column_leads_and_texts_cannot_become_formulas() {
    let (_folder, text) = nudged();
    let mut lines = text.split_terminator("\r\n");
    assert_eq!(
        lines.next(),
        Some("email,customer_id,group,segment,last_order,orders,net_revenue")
    );
    let rows: Vec<&str> = lines.collect();
    assert_eq!(rows.len(), 4);
    let control = rows.iter().filter(|row| row.contains(",control,"));
    assert_eq!(control.count(), 2);
    for begins in [
        "ann@example.org,\"00017\",",
        "'=cmd@example.org,\"1e3\",",
        "bob@example.org,\"'-5\",",
        ",A1,",
    ] {
        let found = rows.iter().any(|row| row.starts_with(begins));
        assert!(found, "{begins}: {text}");
    }
}

#[test]
fn addresses_of_their_own_lead_and_names_follow() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = String::from("customer_id,order_date,amount,email,name\n");
    let usual = (0..60).map(|customer| {
        format!("c{customer:02},2024-01-10,10,c{customer}@example.org,Name {customer}\n")
    });
    text.extend(usual);
    text += "d,2024-02-18,10,d@example.org,Dee\n";
    std::fs::write(folder.path().join("orders.csv"), text).expect("written");
    let list = |arguments: &str, file: &str| {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let run = keepers_in(folder.path(), &arguments);
        assert_eq!(run.code, Some(0), "{}", run.err);
        std::fs::read_to_string(folder.path().join(file)).expect("saved")
    };
    let nudge = list(
        "audiences orders.csv --list second_order --out nudge.csv",
        "nudge.csv",
    );
    assert!(
        nudge.starts_with("email,customer_id,group,segment,last_order,orders,net_revenue,name\r\n"),
        "{nudge}"
    );
    let row = nudge
        .lines()
        .find(|line| line.starts_with("c17@example.org,c17,"));
    assert!(row.is_some_and(|row| row.ends_with(",Name 17")), "{nudge}");
    let all = list(
        "export orders.csv --what customers --out all.csv",
        "all.csv",
    );
    let head = all.lines().next().expect("a head");
    assert!(head.ends_with(",email,name"), "{head}");
    assert!(all.contains(",d@example.org,Dee"), "{all}");
}

#[test]
fn the_same_list_leaves_as_a_workbook_and_by_the_other_verb() {
    let (folder, text) = nudged();
    let columns = ["--columns", "email,group", "--out", "nudge.xlsx"];
    let run = keepers_in(folder.path(), &[&LIST[..], &columns].concat());
    assert_eq!(run.code, Some(0), "{}", run.err);
    let path = folder.path().join("nudge.xlsx");
    let mut book = calamine::open_workbook_auto(path).expect("a workbook");
    let sheet =
        calamine::Reader::worksheet_range(&mut book, "Second-order nudge").expect("a sheet");
    assert_eq!(sheet.get_size(), (5, 2));
    let first = sheet.get((0, 0)).map(ToString::to_string);
    assert_eq!(first.as_deref(), Some("email"));
    let export = "export orders.csv --what second_order --out again.csv";
    let run = keepers_in(folder.path(), &export.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, Some(0), "{}", run.err);
    let again = std::fs::read_to_string(folder.path().join("again.csv")).expect("saved");
    let ids = |text: &str| -> Vec<String> {
        let rows = text.split_terminator("\r\n").skip(1);
        rows.filter_map(|row| row.split(',').nth(1).map(str::to_owned))
            .collect()
    };
    assert_eq!(ids(&again), ids(&text));
    let out = text_of(&folder, "x.csv");
    let wrong = ["export", "--sample", "--what", "nobody", "--out", &out];
    let names = failure(1, &wrong);
    assert!(names.contains("churn_risk"), "{names}");
}

fn text_of(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
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
