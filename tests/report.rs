//! The report: whole in itself, well-formed, with the numbers of the other verbs.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use keepers::{
    export::report::{style, words},
    models::{
        Recipe,
        recipe::{ModelSpec, TweedieSpec},
    },
    project::{Project, Scene, Source, file},
    ui::{
        format,
        theme::{Palette, segment_color},
    },
};
use serde_json::Value;

fn keepers(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_keepers"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

fn report_of(input: &[&str], folder: &Path) -> String {
    let out = folder.join("report.html");
    let arguments = [&["report"], input, &["--out", out.to_str().expect("UTF-8")]].concat();
    keepers(&arguments);
    fs::read_to_string(&out).expect("written")
}

/// Every tag is closed in its turn, every attribute quoted; returns how many elements there are.
fn well_formed(html: &str) -> usize {
    let mut open: Vec<String> = Vec::new();
    let mut rest = html.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    let mut elements = 0;
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed in turn");
            continue;
        }
        elements += 1;
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes: {tag}");
        let name = tag.split([' ', '/']).next().expect("a name").to_owned();
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    elements
}

/// The raw value behind a headline figure.
fn raw_figure(html: &str, key: &str) -> f64 {
    let from = html
        .find(&format!("data-figure=\"{key}\""))
        .expect("the figure");
    let value = html[from..].split("data-value=\"").nth(1).expect("a value");
    let value = value.split('"').next().expect("its end");
    value.parse().expect("a number")
}

#[test]
fn it_asks_for_nothing_and_is_well_formed() {
    let folder = tempfile::tempdir().expect("a folder");
    let html = report_of(&["--sample"], folder.path());
    assert!(well_formed(&html) > 500);
    for forbidden in [
        "http", "src=", "url(", "<script", "@import", "<link", "<iframe", "<object",
    ] {
        let found = html.matches(forbidden).count();
        let allowed = match forbidden {
            // The head's own http-equiv, which forbids requests.
            "http" => 1,
            // Clip paths of the drawings, in the page itself.
            "url(" => html.matches("clip-path=\"url(#chart-").count(),
            _ => 0,
        };
        assert_eq!(found, allowed, "{forbidden}");
    }
    assert!(html.contains("default-src 'none'"));
    assert!(html.contains("prefers-color-scheme: dark") && html.contains("@media print"));
    for title in [
        "What stands out",
        "Headline figures",
        "Revenue from new and returning customers",
        "Retention",
        "Whom to act on next",
        "What to do with each segment",
        "What a campaign would bring",
        "Segments",
        "How unequal customers are",
        "Data quality",
        "What the words mean",
        "How to reproduce every number",
    ] {
        assert!(html.contains(title), "{title}");
    }
    assert_eq!(
        html,
        report_of(&["--sample", "--replace"], folder.path()),
        "the same bytes"
    );
}

/// The charts of the window: drawn for light and dark, wide and narrow pages, each with ids of its own.
#[test]
fn its_charts_are_those_of_the_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let html = report_of(&["--sample"], folder.path());
    for title in [
        "Revenue from new and returning customers",
        "Revenue by category",
        "Revenue by country",
        "Revenue by channel",
        "Retention by age",
        "Segments by recency and frequency",
        "How much the best customers bring",
        "Profit by depth",
    ] {
        let drawn = html.matches(&format!("<title>{title}</title>")).count();
        assert_eq!(drawn, 4, "{title}");
    }
    for kind in ["wide light", "wide dark", "narrow light", "narrow dark"] {
        let class = format!("<div class=\"drawing {kind}\">");
        assert_eq!(html.matches(&class).count(), 8, "{kind}");
    }
    let after = |begin: &str| -> Vec<String> {
        let parts = html.split(begin).skip(1);
        let ends = parts.filter_map(|part| part.split(['"', ')']).next());
        ends.map(str::to_owned).collect()
    };
    let mut ids = after(" id=\"");
    let used = after("url(#");
    assert!(!used.is_empty() && used.iter().all(|id| ids.contains(id)));
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands for one thing");
    // A drawing fits the page it is for: none is blown up to show something larger.
    for view_box in after("viewBox=\"0 0 ") {
        let width: f64 = view_box
            .split(' ')
            .next()
            .and_then(|width| width.parse().ok())
            .expect("a width");
        assert!((300.0..=1_100.0).contains(&width), "{view_box}");
    }
}

#[test]
fn its_lists_and_its_campaign_are_those_of_the_audiences() {
    let folder = tempfile::tempdir().expect("a folder");
    let html = report_of(&["--sample"], folder.path());
    let text = keepers(&["audiences", "--sample", "--json"]);
    let answer: Value = serde_json::from_str(&text).expect("JSON");
    let row_of = |first: &str| {
        let row = html
            .split(&format!("<td>{first}</td>"))
            .nth(1)
            .expect(first);
        row.split("</tr>").next().expect("its end").to_owned()
    };
    let money = |value: &Value| words::money(value.as_f64().expect("money"), "");
    for list in answer["lists"].as_array().expect("lists") {
        let row = row_of(list["title"].as_str().expect("a title"));
        let size = words::integer(list["customers"].as_u64().expect("a count"));
        for expected in [
            list["rule"].as_str().expect("a rule").to_owned(),
            format!("<td class=\"n\">{size}</td>"),
            money(&list["past_value"]),
            money(&list["predicted_value"]),
        ] {
            assert!(row.contains(&expected), "{expected}: {row}");
        }
    }
    let campaign = &answer["campaign"];
    for (name, key) in [
        ("By predicted value", "by_predicted_value"),
        ("By past spend", "by_past_spend"),
        ("At random", "at_random"),
    ] {
        let row = row_of(name);
        for part in ["value", "profit"] {
            assert!(row.contains(&money(&campaign[key][part])), "{name}: {row}");
        }
    }
    let best = row_of("Best depth, by predicted value");
    assert!(best.contains(&money(&campaign["best_profit"])), "{best}");
}

/// A small recipe, trained for the report and as a saved model beside it.
#[test]
fn a_trained_and_a_saved_model_are_judged_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let recipe = Recipe {
        // A project's own settings of a recipe of the gallery.
        name: "90_day_clv".to_owned(),
        title: "Small".to_owned(),
        models: vec![ModelSpec::Tweedie(TweedieSpec {
            power: 1.5,
            ridge: vec![0.1],
        })],
        folds: 2,
        backtests: 1,
        ..Recipe::default()
    };
    let path = folder.path().join("shop.keepers.ron");
    let project = Project {
        source: Source::Sample,
        recipes: vec![recipe.clone()],
        ..Project::default()
    };
    file::save(&project, &path).expect("saved");
    let json = folder.path().join("small.json");
    fs::write(&json, serde_json::to_string(&recipe).expect("JSON")).expect("written");
    let model = folder.path().join("model.json");
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let (path, json, model) = (text(&path), text(&json), text(&model));
    let trained = keepers(&[
        "train",
        "--sample",
        "--recipe",
        &json,
        "--model-out",
        &model,
        "--json",
    ]);
    let trained: Value = serde_json::from_str(&trained).expect("JSON");
    let html = report_of(
        &[&path, "--train", "90_day_clv", "--model", &model],
        folder.path(),
    );
    well_formed(&html);
    assert!(html.contains("How far the prediction can be trusted"));
    assert!(html.contains("<h3>Small</h3>") && html.contains("Saved model: Small"));
    assert_eq!(html.matches("<title>Cumulative gains</title>").count(), 4);
    // The figures are those of the verb that trained the same.
    let glm = &trained["models"][0];
    let title = glm["title"].as_str().expect("a title");
    let row = html
        .split(&format!("<td>{title}</td>"))
        .nth(1)
        .expect("its row");
    let row = row.split("</tr>").next().expect("its end");
    let gain = glm["hold_out"]["gain_20"].as_f64().expect("a share");
    let mae = glm["hold_out"]["mae"].as_f64().expect("money");
    assert!(row.contains(&words::percent(gain)), "{row}");
    assert!(row.contains(&words::fixed(mae, 2)), "{row}");
    // The lists are drawn up from the model.
    assert!(
        html.contains(&format!("by {title} (Small).")),
        "who predicts"
    );
}

#[test]
fn its_figures_are_those_of_the_verbs() {
    let folder = tempfile::tempdir().expect("a folder");
    let html = report_of(&["--sample", "--as-of", "2025-01-01"], folder.path());
    let json = |verb: &str| -> Value {
        let text = keepers(&[verb, "--sample", "--as-of", "2025-01-01", "--json"]);
        serde_json::from_str(&text).expect("JSON")
    };
    let summary = json("summary");
    for key in ["customers", "orders", "net_revenue", "repeat_rate"] {
        let expected = summary[key].as_f64().expect("a number");
        assert!((raw_figure(&html, key) - expected).abs() < 1e-9, "{key}");
    }
    let segments = json("segments");
    for segment in segments["segments"].as_array().expect("a list") {
        let name = segment["name"].as_str().expect("a name");
        let count = segment["customers"].as_u64().expect("a count");
        let share = segment["revenue_share"].as_f64().expect("a share");
        let row = html
            .split(&format!("</span>{name}</td>"))
            .nth(1)
            .expect(name);
        let row = row.split("</tr>").next().expect("its end");
        assert!(row.contains(&words::integer(count)), "{name}: {row}");
        assert!(row.contains(&words::percent(share)), "{name}: {row}");
    }
    let cohorts = json("cohorts");
    let first = &cohorts["cohorts"][0];
    let label = first["cohort"].as_str().expect("a label");
    let row = html
        .rsplit(&format!("<td>{label}</td>"))
        .next()
        .expect("the first cohort");
    let share = first["values"][1].as_f64().expect("a share");
    assert!(
        row.split("</tr>")
            .next()
            .expect("its end")
            .contains(&words::percent(share))
    );
}

#[test]
fn hostile_names_do_not_become_markup() {
    let folder = tempfile::tempdir().expect("a folder");
    let orders = folder.path().join("<b>shop & co.csv");
    let text = "customer_id,order_date,amount,category\n\
                a,2024-01-01,5,<script>alert(1)</script>\nb,2024-02-01,7,\"x\"\"y\"\n\
                a,2024-03-01,9,<img src=x>\n";
    fs::write(&orders, text).expect("written");
    let html = report_of(&[orders.to_str().expect("UTF-8")], folder.path());
    well_formed(&html);
    assert!(!html.contains("<script"), "escaped");
    assert!(html.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn scenes_are_drawn_into_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("talk.keepers.ron");
    let project = Project {
        source: Source::Sample,
        scenes: vec![Scene {
            caption: "Do they come back?".to_owned(),
            view: "cohorts".to_owned(),
            ..Scene::default()
        }],
        ..Project::default()
    };
    file::save(&project, &path).expect("saved");
    let html = report_of(&[path.to_str().expect("UTF-8")], folder.path());
    well_formed(&html);
    assert!(html.contains("<h2>Do they come back?</h2>"), "a chapter");
    for title in ["Whom to act on next", "What a campaign would bring"] {
        assert!(html.contains(title), "after the scenes: {title}");
    }
    assert!(html.contains("href=\"data:image/png;base64,iVBORw0KGgo"));
}

/// What a browser made of a page.
struct Shown {
    /// Size of its picture in bytes.
    picture: u64,
    /// What was written to the console.
    console: Vec<String>,
    /// Everything the page asked for beside itself. What the browser asks for on its own account
    /// (updates, dictionaries) has no origin.
    asked: Vec<String>,
}

/// Opens a page in headless Chromium; `None`, said aloud, where it is not installed.
fn shown(folder: &Path, name: &str) -> Option<Shown> {
    let browser = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok());
    let Some(browser) = browser else {
        eprintln!("skipped: Chromium is not installed");
        return None;
    };
    let (shot, log) = (folder.join("shot.png"), folder.join("net.json"));
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args(["--enable-logging=stderr", "--disable-background-networking"])
        .args(["--disable-component-update", "--window-size=1100,1600"])
        .arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ))
        .arg(format!("--screenshot={}", shot.display()))
        .arg(format!("--log-net-log={}", log.display()))
        .arg(format!("file://{}", folder.join(name).display()))
        .stdin(Stdio::null())
        .output()
        .expect("Chromium runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let console = said.lines().filter(|line| line.contains("CONSOLE"));
    // One event a line.
    let net = fs::read_to_string(&log).expect("the browser's net log");
    let events = net
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line.trim_end_matches(',')).ok());
    let mut asked: Vec<String> = events
        .filter(|event| {
            let initiator = event["params"]["initiator"].as_str();
            initiator.is_some_and(|initiator| initiator != "not an origin")
        })
        .filter_map(|event| event["params"]["url"].as_str().map(str::to_owned))
        .collect();
    asked.sort_unstable();
    asked.dedup();
    if let Some(keep) = std::env::var_os("KEEPERS_KEEP_SCREENSHOTS") {
        fs::create_dir_all(&keep).expect("a folder");
        fs::copy(&shot, Path::new(&keep).join("report.png")).expect("kept");
    }
    Some(Shown {
        picture: fs::metadata(&shot).map_or(0, |file| file.len()),
        console: console.map(str::to_owned).collect(),
        asked,
    })
}

#[test]
fn chromium_shows_it_without_an_error_and_without_a_request() {
    let folder = tempfile::tempdir().expect("a folder");
    report_of(&["--sample"], folder.path());
    // The same ways of looking find what a page asks for and what it complains of.
    let restless = "<!DOCTYPE html><html><body><img src=\"http://127.0.0.1:9/x.png\"/>\
                    <script>console.error('wrong')</script></body></html>";
    fs::write(folder.path().join("restless.html"), restless).expect("written");
    let Some(restless) = shown(folder.path(), "restless.html") else {
        return;
    };
    assert_eq!(restless.asked, ["http://127.0.0.1:9/x.png"]);
    assert!(restless.console.iter().any(|line| line.contains("wrong")));
    let report = shown(folder.path(), "report.html").expect("installed");
    assert_eq!(report.console, Vec::<String>::new());
    assert_eq!(report.asked, Vec::<String>::new());
    assert!(report.picture > 20_000, "{}", report.picture);
}

#[test]
fn its_colours_and_numbers_are_those_of_the_window() {
    let hex = |color: egui::Color32| {
        let [r, g, b, _] = color.to_array();
        format!("#{r:02x}{g:02x}{b:02x}")
    };
    let (light, dark) = (Palette::light(), Palette::dark());
    for (name, in_light, in_dark) in style::TOKENS {
        let pick = |palette: &Palette| match name {
            "canvas" => palette.canvas,
            "card" => palette.card,
            "hairline" => palette.hairline,
            "text" => palette.text,
            "muted" => palette.muted,
            "accent" => palette.accent,
            "good" => palette.good,
            "warn" => palette.warn,
            "bad" => palette.bad,
            _ => panic!("{name}"),
        };
        assert_eq!(
            (in_light, in_dark),
            (&*hex(pick(&light)), &*hex(pick(&dark))),
            "{name}"
        );
    }
    for number in 0..10 {
        assert_eq!(
            style::segment(number),
            hex(segment_color(number)),
            "segment {number}"
        );
    }
    for value in [
        0.0,
        0.5,
        12.345,
        99.99,
        100.0,
        1234.5,
        -0.001,
        -7.5,
        2_500_315.63,
    ] {
        assert_eq!(words::money(value, ""), format::money(value, ""), "{value}");
        assert_eq!(
            words::percent(value / 1e4),
            format::percent(value / 1e4),
            "{value}"
        );
    }
    assert_eq!(words::integer(1_234_567), format::integer(1_234_567));
    assert_eq!(words::date(20_269), format::date(20_269));
}
