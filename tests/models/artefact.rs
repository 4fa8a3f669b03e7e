//! Saved models: read back to the bit, refused where columns do not fit, usable by others.

use std::{fs, path::PathBuf};

use keepers::{
    base::monitor::Monitor,
    data::orders::Orders,
    models::{
        Gallery, Run,
        artefact::{ModelFileError, PredictError, SavedModel},
        recipe::gallery::LTV_FIELDS,
        train::features_of,
    },
};
use serde_json::{Map, Value, json};

use crate::{
    recipes::{small, trained},
    shop_with_signal::shop,
};

fn saved(run: &Run) -> (tempfile::TempDir, PathBuf, SavedModel) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.json");
    run.saved.save(&path, false).unwrap();
    let back = SavedModel::load(&path).unwrap();
    (folder, path, back)
}

#[test]
fn a_model_read_back_scores_to_the_bit() {
    for gallery in [
        Gallery::BestOfAll,
        Gallery::Ltv12Months,
        Gallery::Churn,
        Gallery::TwoStageTiers,
    ] {
        let run = trained(&small(gallery), 600);
        let (_folder, path, back) = saved(&run);
        assert_eq!(back.to_json().unwrap(), fs::read(&path).unwrap());
        let (orders, as_of) = shop(600);
        let table = features_of(&orders, &back, as_of, &Monitor::silent()).unwrap();
        let again = back.predictions(&table, &Monitor::silent()).unwrap();
        assert_eq!(again, run.predictions, "{}", gallery.name());
        // Never over a file of the user.
        let refused = run.saved.save(&path, false);
        assert!(matches!(refused, Err(ModelFileError::Exists { .. })));
        run.saved.save(&path, true).unwrap();
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => panic!("no object"),
    }
}

#[test]
fn one_customer_as_an_object_of_the_six_fields() {
    let run = trained(&small(Gallery::Ltv12Months), 600);
    let names: Vec<&str> = run
        .saved
        .features
        .iter()
        .map(|spec| spec.name.as_str())
        .collect();
    assert_eq!(names, LTV_FIELDS);
    let row = 17;
    let mut fields = Map::new();
    for (column, spec) in run.features.specs.iter().enumerate() {
        let value = match run.features.cell(row, column) {
            None => Value::Null,
            Some(keepers::models::features::Cell::Number(number)) => json!(number),
            Some(keepers::models::features::Cell::Text(text)) => json!(text),
        };
        fields.insert(spec.name.clone(), value);
    }
    let alone = run.saved.predict(&fields).unwrap();
    let table = run.features.select(&[row as u32]);
    let expected = run.saved.predictions(&table, &Monitor::silent()).unwrap();
    assert_eq!(
        (alone.value, alone.low, alone.high),
        (expected.value, expected.low, expected.high)
    );
    // An unknown state is none of the known ones, not an error.
    fields.insert("customer_state".to_owned(), json!("ZZ"));
    assert!(run.saved.predict(&fields).unwrap().value[0].is_finite());
}

#[test]
fn faults_of_an_object_are_told_all_at_once() {
    let run = trained(&small(Gallery::Ltv12Months), 600);
    let fields = object(json!({"rev_1m": "ten", "cohort_month_str": 5, "colour": "red"}));
    let Err(PredictError::Fields(faults)) = run.saved.predict(&fields) else {
        panic!("accepted");
    };
    assert!(faults.missing.contains(&"rev_3m".to_owned()), "{faults}");
    assert_eq!(faults.unknown, ["colour"]);
    assert_eq!(faults.wrong.len(), 2);
    let words = faults.to_string();
    for part in [
        "rev_3m",
        "colour",
        "`rev_1m` must be a number or null, found \"ten\"",
    ] {
        assert!(words.contains(part), "{words}");
    }
}

#[test]
fn data_without_the_columns_is_refused_by_name() {
    let run = trained(&small(Gallery::Ltv12Months), 600);
    let (orders, as_of) = shop(600);
    let bare = Orders {
        attributes: Vec::new(),
        ..orders
    };
    let table = features_of(&bare, &run.saved, as_of, &Monitor::silent()).unwrap();
    assert_eq!(run.saved.missing_in(&table), ["customer_state"]);
    let error = run
        .saved
        .predictions(&table, &Monitor::silent())
        .expect_err("refused")
        .to_string();
    assert!(error.contains("customer_state"), "{error}");
}

#[test]
fn other_files_are_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    for (text, words) in [
        ("no json", "no model file"),
        ("{}", "names no version"),
        ("{\"version\": 99}", "version 99"),
        ("{\"version\": 2}", "no model file"),
    ] {
        fs::write(&path, text).unwrap();
        let error = SavedModel::load(&path).expect_err("refused").to_string();
        assert!(error.contains(words) && error.contains("x.json"), "{error}");
    }
    let missing = SavedModel::load(&folder.path().join("none.json"));
    assert!(matches!(missing, Err(ModelFileError::Io { .. })));
}

#[test]
fn boosted_models_leave_in_the_format_of_xgboost() {
    let run = trained(&small(Gallery::Spend90Days), 600);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trees.json");
    run.saved.export_xgboost(&path, false).unwrap();
    let value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let model = &value["learner"]["gradient_booster"]["model"];
    let count: usize = model["gbtree_model_param"]["num_trees"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(
        run.best().chosen.starts_with(&format!("{count} trees")),
        "{}",
        run.best().chosen
    );
    assert_eq!(model["trees"].as_array().unwrap().len(), count);
    let glm = trained(&small(Gallery::Clv90Days), 600);
    let refused = glm.saved.export_xgboost(&path, true);
    assert!(matches!(refused, Err(ModelFileError::NoTrees { .. })));
}
