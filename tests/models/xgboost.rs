//! Exported trees in XGBoost itself: it reads the file and predicts the same. Runs where
//! `KEEPERS_PYTHON` names a Python with xgboost and numpy, and says so where it does not.

use std::{path::Path, process::Command};

use keepers::{
    base::monitor::Monitor,
    models::{
        boosting::{Boosted, ForestSettings, Goal, Rows, Settings, fit, forest},
        preprocess::Matrix,
        recipe::Loss,
    },
};

const ROWS: usize = 800;
const COLUMNS: usize = 4;

const SCRIPT: &str = "
import sys, numpy, xgboost
x = numpy.fromfile(sys.argv[2], dtype='float32').reshape(-1, int(sys.argv[3]))
model = xgboost.Booster(model_file=sys.argv[1])
for row in model.predict(xgboost.DMatrix(x)).reshape(len(x), -1):
    print(' '.join(repr(float(value)) for value in row))
";

/// Rows with missing values, and answers with zeros.
fn data() -> (Matrix<f32>, Vec<f64>) {
    let mut state = 3_u64;
    let mut uniform = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    let (mut values, mut answers) = (Vec::new(), Vec::new());
    for row in 0..ROWS {
        let mut x = [0.0; COLUMNS].map(|_: f64| 10.0 * uniform());
        if row % 7 == 0 {
            x[1] = f64::NAN;
        }
        let known = if x[1].is_nan() { 5.0 } else { x[1] };
        let value = (x[0] * known / 10.0 - 2.0 + uniform()).max(0.0);
        answers.push(value);
        values.extend(x.map(|value| value as f32));
    }
    let x = Matrix {
        rows: ROWS,
        columns: COLUMNS,
        values,
    };
    (x, answers)
}

fn settings(objective: Goal) -> Settings {
    Settings {
        objective,
        trees: 40,
        depth: 4,
        learning_rate: 0.1,
        min_child_weight: 2.0,
        subsample: 0.8,
        feature_share: 1.0,
        ridge: 1.0,
        seed: 9,
    }
}

/// What XGBoost says of the rows, row by row.
fn theirs(python: &Path, model: &Boosted, x: &Matrix<f32>) -> Vec<f64> {
    let folder = tempfile::tempdir().unwrap();
    let (file, rows) = (folder.path().join("model.json"), folder.path().join("rows"));
    std::fs::write(&file, model.xgboost_json().expect("exported")).unwrap();
    let bytes: Vec<u8> = x.values.iter().flat_map(|v| v.to_le_bytes()).collect();
    std::fs::write(&rows, bytes).unwrap();
    let output = Command::new(python)
        .args(["-c", SCRIPT])
        .args([&file, &rows])
        .arg(x.columns.to_string())
        .output()
        .expect("Python runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let numbers = text.split_whitespace();
    numbers
        .map(|number| number.parse().expect("a number"))
        .collect()
}

#[test]
fn xgboost_reads_exported_trees_and_says_the_same() {
    let Some(python) = std::env::var_os("KEEPERS_PYTHON") else {
        eprintln!("skipped: KEEPERS_PYTHON is not set");
        return;
    };
    let python = Path::new(&python);
    let has = Command::new(python)
        .args(["-c", "import xgboost, numpy"])
        .output();
    if !has.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: {} has no xgboost", python.display());
        return;
    }
    let (x, answers) = data();
    let told = (&Monitor::silent(), "trees");
    let yes: Vec<f64> = answers
        .iter()
        .map(|&y| f64::from(u8::from(y > 1.0)))
        .collect();
    let tiers: Vec<f64> = answers
        .iter()
        .map(|&y| f64::from(u8::from(y > 0.0) + u8::from(y > 2.0)))
        .collect();
    let cases = [
        ("squared", Goal::Loss(Loss::Squared), &answers),
        ("Tweedie", Goal::Loss(Loss::Tweedie(1.5)), &answers),
        ("logistic", Goal::Loss(Loss::Logistic), &yes),
        ("three classes", Goal::Classes(3), &tiers),
    ];
    let mut models: Vec<(&str, Boosted)> = cases
        .into_iter()
        .map(|(name, goal, y)| (name, fit(x.clone(), y, &settings(goal), told).expect(name)))
        .collect();
    let rows = Rows::new(x.clone(), &answers, Goal::Loss(Loss::Squared)).expect("rows");
    let grown = ForestSettings {
        trees: 30,
        depth: 6,
        min_leaf: 5,
        feature_share: 0.5,
        seed: 4,
    };
    models.push(("forest", forest(&rows, &grown, told).expect("a forest")));
    for (name, model) in models {
        let (ours, theirs) = (model.predict(&x, None), theirs(python, &model, &x));
        assert_eq!(ours.len(), theirs.len(), "{name}");
        let mut differ = ours.iter().zip(&theirs);
        let worst = differ.find(|(a, b)| (*a - *b).abs() > 1e-5 * (1.0 + a.abs()));
        assert_eq!(worst, None, "{name}: (ours, theirs)");
        let spread = ours.iter().any(|value| (value - ours[0]).abs() > 0.05);
        assert!(spread, "{name}: the model says something");
    }
}
