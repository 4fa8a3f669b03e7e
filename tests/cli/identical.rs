//! The same files and settings give the same bytes: from every verb that reads files, in two processes,
//! from the files themselves and through a saved project.

use std::{collections::BTreeMap, fs, path::Path};

use keepers::{
    analysis::{migration::Since, rfm::TieRule},
    data::day::parse_iso,
    project::{Project, Source, file},
};
use serde_json::json;

use crate::run::{json as json_of, keepers_in, text};

/// Verbs with their options; `{}` stands for the files or the project. `--out` files are compared too.
const VERBS: [(&str, &str); 21] = [
    ("summary", "summary {} --json"),
    ("overview", "overview {} --json"),
    ("start", "start {} --json"),
    ("cohorts", "cohorts {} --json"),
    ("cohorts by column", "cohorts {} --rows country --json"),
    ("segments", "segments {} --json"),
    ("migration", "migration {} --json"),
    ("clusters", "clusters {} --json"),
    ("btyd", "btyd {} --calibration-end 2023-06-30 --json"),
    ("quality", "quality {} --json"),
    ("profile", "profile {} --json"),
    (
        "audiences",
        "audiences {} --list churn_risk --out list.csv --replace --json",
    ),
    (
        "train",
        "train {} --recipe recipe.json --model-out model.json --replace --json",
    ),
    ("evaluate", "evaluate {} --model model.json --json"),
    (
        "score",
        "score {} --model model.json --out scores.csv --replace",
    ),
    ("score to standard output", "score {} --model model.json"),
    (
        "export",
        "export {} --what customers --out customers.csv --replace",
    ),
    (
        "export of a workbook",
        "export {} --what high_value --out list.xlsx --replace",
    ),
    (
        "export of cohorts",
        "export {} --what cohorts --out cohorts.csv --replace",
    ),
    (
        "report",
        "report {} --train 90_day_clv --out report.html --replace",
    ),
    ("render", "render {} --view overview --out pictures"),
];

/// Verbs that read no shop, or give no file and no text to compare.
const OTHERS: [&str; 5] = ["generate", "predict", "serve", "help", "manual"];

/// A new verb that reads files must be compared as well.
#[test]
fn no_verb_is_left_out() {
    let help = keepers_in(Path::new("."), &["--help"]).out;
    let (_, commands) = help.split_once("Commands:").expect("commands");
    let verbs: Vec<&str> = commands
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(verbs.len() > 15, "{verbs:?}");
    for verb in verbs {
        let compared = VERBS
            .iter()
            .any(|(_, line)| line.split(' ').next() == Some(verb));
        assert!(compared || OTHERS.contains(&verb), "{verb}");
    }
}

/// Standard output and every file that was written, by name.
fn run(folder: &Path, line: &str, files: &str) -> BTreeMap<String, Vec<u8>> {
    let arguments: Vec<&str> = line
        .split(' ')
        .map(|word| if word == "{}" { files } else { word })
        .collect();
    let run = keepers_in(folder, &arguments);
    assert_eq!(run.code, Some(0), "{line}: {}", run.err);
    let mut outputs = BTreeMap::from([("standard output".to_owned(), run.out.into_bytes())]);
    for pair in arguments.windows(2) {
        if matches!(pair[0], "--out" | "--model-out") {
            let path = folder.join(pair[1]);
            let path = if path.is_dir() {
                path.join("overview.png")
            } else {
                path
            };
            outputs.insert(pair[1].to_owned(), fs::read(path).expect("written"));
        }
    }
    outputs
}

/// The report without the settings at its end: they name the files as they were given.
fn without_settings(outputs: &mut BTreeMap<String, Vec<u8>>) {
    if let Some(html) = outputs.get_mut("report.html") {
        let text = String::from_utf8(html.clone()).expect("UTF-8");
        let end = text.find("How to reproduce every number").expect("its end");
        *html = text.as_bytes()[..end].to_vec();
    }
}

#[test]
fn every_verb_gives_the_same_bytes_again_and_through_a_project() {
    let folder = tempfile::tempdir().expect("a folder");
    let orders = folder.path().join("orders.csv");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/orders.csv");
    // The first year and a half: enough for every verb, and quick.
    let text_of = fs::read_to_string(sample).expect("the sample");
    let lines: Vec<&str> = text_of.lines().take(7_000).collect();
    fs::write(&orders, lines.join("\n")).expect("written");
    // Quick to train, under the name of the gallery's recipe, so that the report finds it.
    let recipe = json!({
        "name": "90_day_clv", "title": "Small", "target": "remaining_value",
        "design": {"cutoff": {"horizon_days": 90}},
        "models": [{"tweedie": {"power": 1.5, "ridge": [0.1]}}], "folds": 2, "backtests": 1
    });
    let file_of = |name: &str| folder.path().join(name);
    fs::write(file_of("recipe.json"), recipe.to_string()).expect("written");
    let project = Project {
        source: Source::Files(vec![orders.clone()]),
        recipes: vec![serde_json::from_value(recipe).expect("a recipe")],
        ..Project::default()
    };
    let path = file_of("shop.keepers.ron");
    file::save(&project, &path).expect("saved");
    let saved = fs::read(&path).expect("read");
    for (name, line) in VERBS {
        // The gallery's own recipe is trained from the files, the project's from the project: only
        // the latter is quick. What both can do is compared with both.
        let own = name == "report";
        let files = if own { text(&path) } else { "orders.csv" };
        let first = run(folder.path(), line, files);
        assert!(first["standard output"].len() + first.len() > 10, "{name}");
        assert_eq!(first, run(folder.path(), line, files), "{name}: twice");
        if !own {
            let through = run(folder.path(), line, text(&path));
            assert_eq!(first, through, "{name}: through a project");
        }
    }
    let plain = "report {} --out report.html --replace";
    let mut from_files = run(folder.path(), plain, "orders.csv");
    let mut through = run(folder.path(), plain, text(&path));
    without_settings(&mut from_files);
    without_settings(&mut through);
    assert_eq!(from_files, through, "report: through a project");
    // A saved project is the same however often it is saved, and opening it changes nothing.
    let opened = file::open(&path).expect("opened");
    assert_eq!(opened.project.recipes, project.recipes);
    assert_eq!(fs::read(&path).expect("read"), saved);
}

/// What a project sets apart from its default decides the numbers of every verb: as told on the command
/// line, by hand.
#[test]
fn the_settings_of_a_project_reach_every_verb() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut project = Project {
        source: Source::Sample,
        as_of: parse_iso("2025-01-01"),
        ties: TieRule::RankFirst,
        ..Project::default()
    };
    project.clusters.k = 3;
    project.clusters.seed = 9;
    project.migration.since = Since::Date(parse_iso("2024-08-01").expect("a day"));
    project.migration.until = parse_iso("2024-12-01");
    project.audiences.horizon_days = 30;
    project.audiences.seed = 5;
    project.audiences.lists.nudge_to_days = 90;
    project.audiences.campaign.depth = 0.4;
    project.audiences.campaign.cost_per_contact = 0.5;
    let path = folder.path().join("own.keepers.ron");
    file::save(&project, &path).expect("saved");
    let path = text(&path);
    let clusters = [
        "clusters",
        "--sample",
        "--as-of",
        "2025-01-01",
        "--k",
        "3",
        "--seed",
        "9",
    ];
    assert_eq!(json_of(&["clusters", path]), json_of(&clusters));
    let moved = json_of(&["migration", path]);
    assert_eq!(
        (&moved["from"], &moved["to"]),
        (&json!("2024-08-01"), &json!("2024-12-01"))
    );
    // By the project's ties, other customers are VIP than by default.
    let by_default = [
        "migration",
        "--sample",
        "--from",
        "2024-08-01",
        "--to",
        "2024-12-01",
    ];
    assert_ne!(moved, json_of(&by_default));
    let answer = json_of(&["audiences", path]);
    assert_eq!(answer["horizon_days"], 30);
    assert_eq!(
        answer["lists"][4]["rule"],
        "Exactly one order, 30 to 90 days old."
    );
    assert_eq!(answer["campaign"]["cost_per_contact"], 0.5);
    let everyone = answer["customers"].as_f64().expect("a count");
    let contacts = answer["campaign"]["by_predicted_value"]["contacts"].as_f64();
    assert_eq!(contacts, Some((0.4 * everyone).round()));
    let told = json_of(&["audiences", path, "--horizon", "60", "--depth", "0.1"]);
    assert_eq!(told["horizon_days"], 60);
    let contacts = told["campaign"]["by_predicted_value"]["contacts"].as_f64();
    assert_eq!(contacts, Some((0.1 * everyone).round()));
}
