//! `train`, `score`, `predict`, `evaluate`: from files to a saved model and back.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::run::{failure, json as json_of, keepers, text};

/// A recipe small enough to be trained in a test.
fn recipe(folder: &Path, target: &Value, design: &Value, models: &Value) -> String {
    let path = folder.join("recipe.json");
    let recipe = json!({
        "name": "small", "title": "Small", "target": target, "design": design, "models": models,
        "folds": 2, "backtests": 1
    });
    fs::write(&path, recipe.to_string()).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

/// The first columns of a CSV file, as text.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let all = fs::read_to_string(path).expect("readable");
    let cells = |line: &str| line.split(',').map(str::to_owned).collect();
    all.lines().map(cells).collect()
}

#[allow(clippy::too_many_lines)] // one story, told in order
#[test]
fn from_training_to_scores_and_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (model, scores) = (
        folder.path().join("m.json"),
        folder.path().join("predictions.csv"),
    );
    let glm = json!([{"tweedie": {"power": 1.5, "ridge": [0.1, 1.0]}}]);
    let design = json!({"cutoff": {"horizon_days": 90}});
    let recipe = recipe(folder.path(), &json!("remaining_value"), &design, &glm);
    let train = [
        "train",
        "--sample",
        "--recipe",
        &recipe,
        "--model-out",
        text(&model),
    ];
    let run = json_of(&train);
    assert_eq!(run["best"], "tweedie_glm");
    let names: Vec<&str> = run["models"]
        .as_array()
        .expect("models")
        .iter()
        .filter_map(|m| m["name"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "tweedie_glm",
            "past_spend",
            "spend_rate",
            "fading_spend",
            "copy_a_feature",
            "nobody_buys"
        ]
    );
    let metrics = &run["models"][0]["hold_out"];
    for name in [
        "gain_10",
        "gain_20",
        "gini_normalised",
        "spearman",
        "r2",
        "mae",
        "rmse",
        "bias",
        "decile_mape",
        "coverage_80",
    ] {
        assert!(metrics[name].is_f64(), "{name}: {metrics}");
    }
    assert!(run["verdict"].is_string() && run["backtests"][0]["models"]["past_spend"].is_object());
    // A second training must not replace the file unasked.
    assert!(failure(1, &train).contains("exists already"));

    let done = keepers(&[
        "score",
        "--sample",
        "--model",
        text(&model),
        "--out",
        text(&scores),
    ]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let table = rows(&scores);
    assert_eq!(
        table[0],
        ["customer_id", "prediction", "low", "high", "p_alive"]
    );
    let customers = json_of(&["summary", "--sample"])["customers"]
        .as_u64()
        .expect("customers");
    assert_eq!(table.len() as u64, customers + 1);
    assert!(
        failure(
            1,
            &[
                "score",
                "--sample",
                "--model",
                text(&model),
                "--out",
                text(&scores)
            ]
        )
        .contains("exists already")
    );

    odd_ids_leave_safely(folder.path(), &model);

    let judged = json_of(&["evaluate", "--sample", "--model", text(&model)]);
    assert_eq!(judged["in_sample"], true);
    assert!(judged["gini_normalised"].as_f64().expect("a figure") > 0.0);
    assert_eq!(judged["cutoff"], run["cutoff"]);
}

/// Scores are a list like any other: ids keep their zeros and run no formula, in a file, in a workbook
/// and on standard output.
fn odd_ids_leave_safely(folder: &Path, model: &Path) {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/orders.csv");
    let orders = fs::read_to_string(shop).expect("readable");
    let odd = orders
        .replace(",C00002,", ",00002,")
        .replace(",C00003,", ",=1+1,");
    let path = folder.join("odd.csv");
    fs::write(&path, odd).expect("written");
    let printed = keepers(&["score", text(&path), "--model", text(model)]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(printed.out.contains("\n\"00002\","), "zeros");
    assert!(printed.out.contains("\n'=1+1,"), "formula");
    let file = folder.join("odd scores.csv");
    let done = keepers(&[
        "score",
        text(&path),
        "--model",
        text(model),
        "--out",
        text(&file),
    ]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert_eq!(fs::read_to_string(&file).expect("written"), printed.out);
    let nameless = folder.join("scores");
    let refused = [
        "score",
        text(&path),
        "--model",
        text(model),
        "--out",
        text(&nameless),
    ];
    assert!(failure(1, &refused).contains(".csv or .xlsx"));
}

#[test]
fn one_customer_and_columns_that_do_not_fit() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = folder.path().join("ltv.json");
    let trees = json!([{"boosting": {"loss": "log1p", "trees": [20], "depth": [3], "learning_rate": [0.1]}}]);
    let design = json!({"early_life": {"window": {"months": 3}, "total": {"months": 12}}});
    let mut small: Value = serde_json::from_str(
        &fs::read_to_string(recipe(
            folder.path(),
            &json!("total_value"),
            &design,
            &trees,
        ))
        .expect("readable"),
    )
    .expect("JSON");
    small["features"] =
        json!({"only": ["cohort_month_str", "rev_1m", "n_orders_1m", "rev_3m", "n_orders_3m"]});
    let path = folder.path().join("ltv-recipe.json");
    fs::write(&path, small.to_string()).expect("written");
    let run = json_of(&[
        "train",
        "--sample",
        "--recipe",
        text(&path),
        "--model-out",
        text(&model),
    ]);
    assert!(run["leakage"]["known_share"].as_f64().expect("a share") > 0.0);
    let ask = |object: &str| keepers(&["predict", "--model", text(&model), object]);
    let customer = json!({"cohort_month_str": "2023-01", "rev_1m": 10.0, "n_orders_1m": 1, "rev_3m": 25.5, "n_orders_3m": 2});
    let answer = ask(&customer.to_string());
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    let answer: Value = serde_json::from_str(&answer.out).expect("JSON");
    let value = answer["prediction"].as_f64().expect("a number");
    assert!(
        answer["low"].as_f64().expect("low") <= value
            && value <= answer["high"].as_f64().expect("high")
    );
    let message = failure(
        1,
        &[
            "predict",
            "--model",
            text(&model),
            r#"{"rev_1m": 10, "colour": "red"}"#,
        ],
    );
    for word in ["rev_3m", "colour", "missing", "not known"] {
        assert!(message.contains(word), "{message}");
    }
    assert!(failure(1, &["predict", "--model", text(&model), "[1]"]).contains("JSON object"));
    failure(2, &["predict", "--model", text(&model)]);
    let unknown = failure(1, &["train", "--sample", "--recipe", "happiness"]);
    assert!(unknown.contains("best_of_all"), "{unknown}");
}
