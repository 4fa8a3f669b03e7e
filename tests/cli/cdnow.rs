//! The published figures of the CDNOW master file.

use serde_json::Value;

use super::run::{assert_money, column, json, public_data, text};

#[test]
fn summary() {
    let Some(path) = public_data("cdnow/CDNOW_master.txt") else {
        return;
    };
    let summary = json(&["summary", text(&path)]);
    assert_eq!(summary["shape"], "cdnow");
    assert_eq!(summary["customers"], 23_570);
    assert_eq!(summary["orders"], 67_591);
    assert_eq!(summary["lines"], 69_659);
    assert_money(&summary["net_revenue"], 2_500_315.63);
    assert_eq!(summary["first_order"], "1997-01-01");
    assert_eq!(summary["last_order"], "1998-06-30");
    assert_eq!(summary["as_of"], "1998-07-01");
    assert!(summary["quality"].is_array());
}

#[test]
fn cohort_rows() {
    let Some(path) = public_data("cdnow/CDNOW_master.txt") else {
        return;
    };
    let metric = |name| json(&["cohorts", text(&path), "--metric", name])["cohorts"].clone();
    let rows = metric("customers");
    assert_eq!(column(&rows, "cohort"), ["1997-01", "1997-02", "1997-03"]);
    let expected: [[u32; 8]; 3] = [
        [7846, 1157, 964, 810, 679, 736, 720, 582],
        [8476, 1312, 980, 783, 847, 786, 626, 619],
        [7248, 1032, 752, 756, 674, 564, 561, 579],
    ];
    let values = column(&rows, "values");
    assert_eq!(values[0].as_array().map(Vec::len), Some(18));
    for (row, expected) in values.iter().zip(expected) {
        for (age, customers) in expected.into_iter().enumerate() {
            assert_eq!(row[age].as_f64(), Some(f64::from(customers)));
        }
    }
    let revenue = [
        [
            299_060.17, 61_041.69, 50_683.75, 40_655.50, 34_973.56, 34_397.90,
        ],
        [
            318_548.34, 62_587.03, 49_247.70, 38_306.56, 38_565.07, 43_194.89,
        ],
        [
            279_884.49, 52_921.29, 34_653.18, 35_432.90, 37_874.29, 27_255.60,
        ],
    ];
    for (row, expected) in column(&metric("revenue"), "values").iter().zip(revenue) {
        for (age, revenue) in expected.into_iter().enumerate() {
            assert_money(&row[age], revenue);
        }
    }
}

fn segments(ties: &str) -> Option<Value> {
    let path = public_data("cdnow/CDNOW_master.txt")?;
    Some(json(&["segments", text(&path), "--ties", ties]))
}

fn customers(answer: &Value) -> Vec<(&str, u64)> {
    let rows = answer["segments"].as_array().expect("rows");
    rows.iter()
        .map(|row| {
            let name = row["name"].as_str().expect("a name");
            (name, row["customers"].as_u64().expect("a count"))
        })
        .collect()
}

#[test]
fn segments_when_ties_share() {
    let Some(answer) = segments("share") else {
        return;
    };
    assert_eq!(answer["ties"], "share");
    let scores = serde_json::json!({
        "r": [4735, 4712, 4702, 4720, 4701],
        "f": [12054, 0, 4040, 3641, 3835],
        "m": [4817, 4615, 4710, 4715, 4713],
    });
    assert_eq!(answer["scores"], scores);
    assert_eq!(
        customers(&answer),
        [
            ("VIP", 6286),
            ("Loyal", 1674),
            ("Potential Loyalist", 2788),
            ("At Risk", 3424),
            ("Dormant", 6023),
            ("Regulars", 3375)
        ]
    );
    let shares = [0.7025, 0.0574, 0.0685, 0.0894, 0.0420, 0.0402];
    for (found, share) in column(&answer["segments"], "revenue_share")
        .iter()
        .zip(shares)
    {
        assert!((found.as_f64().expect("a number") - share).abs() <= 0.000_05);
    }
}

#[test]
fn segments_by_rank() {
    let Some(answer) = segments("rank-first") else {
        return;
    };
    assert_eq!(answer["ties"], "rank-first");
    assert_eq!(
        customers(&answer),
        [
            ("VIP", 6790),
            ("Loyal", 1961),
            ("Potential Loyalist", 4623),
            ("At Risk", 3421),
            ("Dormant", 6007),
            ("Regulars", 768)
        ]
    );
}
