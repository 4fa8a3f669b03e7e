//! `keepers btyd` on CDNOW and on what it must refuse.

use serde_json::Value;

use super::run::{failure, json, keepers, public_data, text};

fn close(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap_or(f64::NAN);
    assert!(
        (found - expected).abs() <= 1e-4 * expected.abs(),
        "found {found}, expected {expected}"
    );
}

#[test]
fn cdnow_sample() {
    let Some(path) = public_data("cdnow/CDNOW_sample.txt") else {
        return;
    };
    let found = json(&["btyd", text(&path), "--calibration-end", "1997-09-30"]);
    assert_eq!(found["customers"], 2_357);
    assert_eq!(found["distinct_histories"], 1_016);
    assert_eq!(found["time_unit"], "weeks");
    let known = [
        ("bg_nbd", "log_likelihood", -9_582.429_2),
        ("pareto_nbd", "log_likelihood", -9_594.976_2),
    ];
    for (model, key, expected) in known {
        close(&found["models"][model][key], expected);
        assert_eq!(found["models"][model]["warnings"], serde_json::json!([]));
    }
    let parameters = [
        ("bg_nbd", "alpha", 4.413_60),
        ("bg_nbd", "b", 2.425_91),
        ("pareto_nbd", "s", 0.606_24),
        ("pareto_nbd", "beta", 11.668_7),
    ];
    for (model, name, expected) in parameters {
        close(&found["models"][model]["parameters"][name], expected);
    }
    close(
        &found["models"]["bg_nbd"]["standard_errors"]["b"],
        0.705_397,
    );
    close(&found["gamma_gamma"]["parameters"]["v"], 15.443_5);
    close(&found["gamma_gamma"]["correlation"], 0.113_888);
    assert_eq!(found["hold_out"]["start"], "1997-10-01");
    assert_eq!(found["hold_out"]["end"], "1998-06-30");
    assert_eq!(found["hold_out"]["days"], 273);
    let scores = &found["hold_out"]["scores"];
    assert_eq!(scores[0]["predictor"], "bg_nbd");
    assert_eq!(scores[0]["actual"], 1_882);
    close(&scores[0]["expected"], 1_653.408_7);
    close(&scores[0]["mae"], 0.785_454);
    assert_eq!(scores[3]["predictor"], "naive_rate");
    close(&scores[3]["expected"], 2_930.101_1);
    assert_eq!(scores[4]["predictor"], "nobody_buys");
}

#[test]
fn days_and_a_table_for_people() {
    let Some(path) = public_data("cdnow/CDNOW_sample.txt") else {
        return;
    };
    let arguments = [
        "btyd",
        text(&path),
        "--calibration-end",
        "1997-09-30",
        "--time-unit",
        "days",
    ];
    let run = keepers(&arguments);
    assert_eq!(run.code, Some(0), "{}", run.err);
    // MBG/NBD in days: alpha 43.2816 (published), its error 7 × 0.695586.
    for part in [
        "time in days",
        "43.281",
        "± 4.86",
        "Nobody buys",
        "log-likelihood -14,363.23",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
}

#[test]
fn without_days_after_the_calibration_there_is_no_hold_out() {
    let Some(path) = public_data("cdnow/CDNOW_sample.txt") else {
        return;
    };
    let shop = [
        "btyd",
        text(&path),
        "--as-of",
        "1997-10-01",
        "--calibration-end",
    ];
    let found = json(&[&shop[..], &["1997-09-30"]].concat());
    assert_eq!(found["hold_out"], Value::Null);
    close(&found["models"]["bg_nbd"]["parameters"]["r"], 0.242_595);
    let message = failure(1, &[&shop[..], &["1997-10-01"]].concat());
    assert!(message.contains("1997-09-30"), "{message}");
    let message = failure(1, &[&shop[..], &["1996-12-31"]].concat());
    assert!(
        message.contains("nobody") || message.contains("no customer"),
        "{message}"
    );
}

#[test]
fn the_command_line_is_checked() {
    let refused = |arguments: &[&str]| {
        let run = keepers(&[&["btyd", "--sample"], arguments].concat());
        assert_eq!(run.code, Some(2), "{}", run.err);
        run.err
    };
    assert!(refused(&[]).contains("--calibration-end"));
    assert!(refused(&["--calibration-end", "30.09.1997"]).contains("YYYY-MM-DD"));
    let unit = ["--calibration-end", "1997-09-30", "--time-unit", "week"];
    assert!(refused(&unit).contains("days, weeks, months or years"));
}
