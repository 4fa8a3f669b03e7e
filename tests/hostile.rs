//! Everything that can be opened, damaged at random: a refusal in words or numbers that add up, never a
//! panic, never an endless wait.
//!
//! Every kind of input begins as a good one; seeded mutations flip, cut, repeat and exchange its bytes and
//! put in what has broken programs before: dates of year 9999, numbers of 308 digits, open quotes. A
//! thousand inputs in an ordinary run, shared by the kinds; `KEEPERS_HOSTILE=100000` tries so many.
//! An input that failed once is kept below as a test of its own.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/shop_with_signal.rs"]
mod shop_with_signal;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use keepers::{
    analysis::{
        calendar::calendar_revenue,
        cohort_build::cohorts,
        cohort_cube::CohortCube,
        cohorts::{CohortSpec, Metric, RowsBy},
        customers::{customers_as_of, default_as_of},
        overview_build::overview,
        rfm::{TieRule, score},
        rules::default_rules,
        segmenting::segment_orders,
    },
    audiences::acquisition::read_costs,
    base::monitor::Monitor,
    data::{
        dataset::{Dataset, options::ReadOptions},
        day::{Day, Period, parse_iso},
        load::load_bytes,
        orders::Orders,
    },
    export::{excel::workbook, table::Table, table::Values},
    models::{Gallery, Material, Recipe, artefact::SavedModel, train::features_of, train_here},
    project::{Project, RuleSet, SegmentSpec, file},
};

/// The longest that one small input may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Inputs of an ordinary run, over all kinds.
const USUAL: usize = 1_000;
const KINDS: usize = 9;

/// `SplitMix64`: the same mutations on every machine.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }
}

/// What has broken programs before.
const PIECES: [&str; 40] = [
    "9999-12-31",
    "0001-01-01",
    "10000-01-01",
    "31/12/9999",
    "1e308",
    "-1e308",
    "1e-320",
    "NaN",
    "inf",
    "-0",
    "18446744073709551615",
    "9223372036854775808",
    "-2147483648",
    "4294967296",
    "0.1e1",
    "\"",
    "\"\"",
    "'",
    ",",
    ";",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\u{feff}",
    "\u{fffe}",
    "\u{2028}",
    "\0",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "null",
    "None",
    "=1+1",
    "../../etc/passwd",
    "🛒",
    "",
];

/// One to six changes of a good input.
fn mutated(good: &[u8], draws: &mut Draws) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=draws.below(6) {
        let at = draws.below(bytes.len() + 1);
        let end = (at + draws.below(40)).min(bytes.len());
        match draws.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << draws.below(8),
            1 if at < bytes.len() => bytes[at] = draws.next() as u8,
            2 => drop(bytes.drain(at..end)),
            3 => {
                let part = bytes[at..end].to_vec();
                let place = draws.below(bytes.len() + 1);
                bytes.splice(place..place, part);
            }
            4 => bytes.truncate(at),
            // A number or word in the place of another.
            5 => {
                let ends = |byte: &u8| !(byte.is_ascii_alphanumeric() || b"-._".contains(byte));
                let from = bytes[..at]
                    .iter()
                    .rposition(ends)
                    .map_or(0, |found| found + 1);
                let until = bytes[at..]
                    .iter()
                    .position(ends)
                    .map_or(bytes.len(), |found| at + found);
                let piece = PIECES[draws.below(PIECES.len())].bytes();
                bytes.splice(from..until.max(from), piece);
            }
            _ => {
                let piece = PIECES[draws.below(PIECES.len())].bytes();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// Runs one input; what went wrong, if anything did.
fn tried(bytes: &[u8], run: &dyn Fn(&[u8])) -> Option<String> {
    let clock = Instant::now();
    if catch_unwind(AssertUnwindSafe(|| run(bytes))).is_err() {
        return Some("it panicked".to_owned());
    }
    let took = clock.elapsed();
    (took > PATIENCE).then(|| format!("it took {took:?}"))
}

/// Tries a share of the inputs on one kind; a failing input is kept in the temporary folder.
fn storm(kind: &str, good: &[u8], run: &dyn Fn(&[u8])) {
    let wanted = std::env::var("KEEPERS_HOSTILE").ok();
    let wanted = wanted.and_then(|text| text.parse().ok()).unwrap_or(USUAL);
    let seed = kind
        .bytes()
        .fold(1, |seed: u64, byte| seed.wrapping_mul(31) + u64::from(byte));
    let mut draws = Draws(seed);
    if let Some(problem) = tried(good, run) {
        panic!("{kind}: the good input fails: {problem}");
    }
    for number in 0..wanted / KINDS {
        let bytes = mutated(good, &mut draws);
        if let Some(problem) = tried(&bytes, run) {
            let kept = std::env::temp_dir().join(format!("keepers-hostile-{kind}-{number}"));
            fs::write(&kept, &bytes).unwrap();
            panic!(
                "{kind}, input {number}: {problem}. It is kept in {}",
                kept.display()
            );
        }
    }
}

/// Everything a window works out of a shop, as of its own date and of the last one there is.
fn analysed(orders: &Orders) {
    let Some(last) = default_as_of(orders) else {
        return;
    };
    for as_of in [last, parse_iso("9999-12-31").unwrap()] {
        let customers = customers_as_of(orders, as_of);
        let scores = score(&customers, TieRule::Share);
        let segments = segment_orders(orders, &customers, &scores, &default_rules());
        let placed: u64 = segments.stats.iter().map(|stats| stats.customers).sum();
        assert!(placed <= customers.active as u64);
        for period in [Period::Week, Period::Month] {
            let spec = CohortSpec {
                period,
                rows: RowsBy::Acquisition,
            };
            let table = cohorts(orders, as_of, &spec);
            assert_eq!(table.customers(), customers.active as u64);
            let counted: u64 = table
                .rows
                .iter()
                .flat_map(|row| &row.cells)
                .map(|cell| cell.orders)
                .sum();
            let beyond = table.beyond.map_or(0, |beyond| beyond.orders);
            let ordered: u64 = customers
                .frequency
                .iter()
                .map(|&orders| u64::from(orders))
                .sum();
            assert_eq!(counted + beyond, ordered);
            if let Some(cube) = CohortCube::new(orders, &spec) {
                assert!(cube.table(orders, as_of) == table, "the cube agrees");
            }
            let means =
                (0..table.ages).filter_map(|age| table.weighted_mean(Metric::Retention, age));
            assert!(means.into_iter().all(f64::is_finite));
            let figures = overview(orders, &customers, period);
            let in_series: u64 = figures.series.iter().map(|entry| entry.orders).sum();
            assert_eq!(in_series, figures.kpis.orders);
            let vintages = calendar_revenue(orders, &customers, period);
            assert_eq!(vintages.period, figures.period);
        }
    }
}

fn opened(name: &'static str) -> impl Fn(&[u8]) {
    move |bytes: &[u8]| {
        let bytes: &'static [u8] = Box::leak(bytes.to_vec().into_boxed_slice());
        let loaded: Result<Dataset, _> =
            load_bytes(name, bytes, &ReadOptions::default(), &Monitor::silent());
        match loaded {
            Ok(data) => {
                assert!(data.quality.reconciles());
                analysed(&data.orders);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

fn lines(separator: char) -> String {
    let mut text =
        format!("customer_id{separator}order_date{separator}order_id{separator}amount\n");
    for line in 0..60 {
        let (customer, day) = (line * 7 % 20, 1 + line % 28);
        let month = 1 + line / 6;
        let amount = f64::from(line) * 1.75 + 3.0;
        let cells = [
            format!("C{customer:03}"),
            format!("2023-{month:02}-{day:02}"),
            line.to_string(),
            format!("{amount:.2}"),
        ];
        text.push_str(&cells.join(&separator.to_string()));
        text.push('\n');
    }
    text
}

#[test]
fn files_of_lines() {
    storm("csv", lines(',').as_bytes(), &opened("shop.csv"));
    storm("tsv", lines('\t').as_bytes(), &opened("shop.tsv"));
    let objects: Vec<serde_json::Value> = (0..40)
        .map(|line| {
            serde_json::json!({
                "customer_id": format!("C{:03}", line * 7 % 20),
                "order_date": format!("2023-{:02}-{:02}", 1 + line / 6, 1 + line % 28),
                "order_id": line,
                "amount": f64::from(line) + 0.5,
            })
        })
        .collect();
    let json = serde_json::to_vec(&objects).unwrap();
    storm("json", &json, &opened("shop.json"));
}

#[test]
fn workbooks() {
    let mut table = Table::new("orders");
    let customers = (0..40).map(|line| format!("C{:03}", line % 15));
    table.push("customer_id", Values::Text(customers.collect()));
    let days = (0..40).map(|line| Some(19_500 + line * 9));
    table.push("order_date", Values::Days(days.collect()));
    let amounts = (0..40).map(|line| f64::from(line) + 0.25);
    table.push("amount", Values::Numbers(amounts.collect()));
    let good = workbook(&[table]).unwrap();
    storm("xlsx", &good, &opened("shop.xlsx"));
}

#[test]
fn rules_and_projects() {
    let spec = SegmentSpec::of(&Project::default());
    let rules = RuleSet::of(&spec).to_text().unwrap();
    let path = Path::new("w.rules.ron");
    storm("rules", rules.as_bytes(), &|bytes| {
        if let Ok(set) = RuleSet::parse(&String::from_utf8_lossy(bytes), path) {
            assert!(set.rules.len() <= 250);
            assert!(set.to_text().is_ok());
        }
    });
    let path = Path::new("/nowhere/p.keepers.ron");
    let project = file::to_text(&Project::default(), path).unwrap();
    storm("project", project.as_bytes(), &|bytes| {
        if let Ok(project) = file::parse(&String::from_utf8_lossy(bytes), path) {
            assert!(project.audiences.problem().is_none());
        }
    });
}

#[test]
fn cost_tables() {
    let good = "channel,month,cost\nNewsletter,2024-03,\"1,250.50\"\nSearch,04/2024,80 €\nMail,2024-05-31,$7\n";
    storm("costs", good.as_bytes(), &|bytes| {
        if let Ok(rows) = read_costs(&String::from_utf8_lossy(bytes)) {
            assert!(rows.iter().all(|row| (0.0..=1e12).contains(&row.cost)));
        }
    });
}

/// A small recipe of two models.
fn recipe() -> Recipe {
    let mut recipe = Gallery::Spend90Days.recipe();
    recipe.folds = 2;
    recipe.backtests = 0;
    recipe
}

#[test]
fn recipes() {
    let good = serde_json::to_vec(&Gallery::BestOfAll.recipe()).unwrap();
    storm("recipe", &good, &|bytes| {
        if let Ok(recipe) = serde_json::from_slice::<Recipe>(bytes)
            && recipe.check().is_ok()
        {
            assert!(recipe.backtests <= 50 && recipe.models.len() <= 40);
        }
    });
}

struct Trained {
    orders: Orders,
    as_of: Day,
    folder: tempfile::TempDir,
    text: Vec<u8>,
}

impl Trained {
    fn new(recipe: &Recipe) -> Self {
        let (orders, as_of) = shop_with_signal::shop(500);
        let material = Material::Orders(&orders);
        let run = train_here(material, as_of, recipe, &Monitor::silent()).expect("a run");
        let text = run.saved.to_json().unwrap();
        Self {
            orders,
            as_of,
            folder: tempfile::tempdir().unwrap(),
            text,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("m.json")
    }

    /// Reads a damaged file and scores with what is accepted.
    fn score(&self, bytes: &[u8]) {
        fs::write(self.path(), bytes).unwrap();
        let Ok(model) = SavedModel::load(&self.path()) else {
            return;
        };
        let Ok(table) = features_of(&self.orders, &model, self.as_of, &Monitor::silent()) else {
            return;
        };
        if let Ok(found) = model.predictions(&table, &Monitor::silent()) {
            assert!(
                found.value.iter().all(|value| value.is_finite()),
                "numbers only"
            );
        }
    }

    /// The file with its content changed and its checksum taken away: as the first builds wrote it.
    fn changed(&self, change: impl Fn(&mut serde_json::Value)) -> Vec<u8> {
        let mut value: serde_json::Value = serde_json::from_slice(&self.text).unwrap();
        value.as_object_mut().unwrap().remove("checksum");
        change(&mut value);
        serde_json::to_vec(&value).unwrap()
    }
}

#[test]
fn saved_models() {
    let trained = Trained::new(&recipe());
    // Without the checksum, which would refuse nearly all: what stands behind it is tried.
    let bare = trained.changed(|_| {});
    storm("model", &bare, &|bytes| trained.score(bytes));
}

/// Every input that once brought a program down, or made it say what is wrong.
mod kept {
    use super::*;

    /// 370 lines with one order in 9999: weekly cohorts asked for 1.5 GB, a report hung.
    #[test]
    fn one_order_in_the_year_9999() {
        for far in ["9999-12-31", "0001-01-01"] {
            let text = lines(',') + &format!("C001,{far},x,5\n");
            let clock = Instant::now();
            opened("l.csv")(text.as_bytes());
            assert!(clock.elapsed() < PATIENCE);
        }
    }

    #[test]
    fn ages_end_where_dates_lie_too_far_apart_and_the_table_says_so() {
        let text = "customer_id,order_date,amount\na,1990-01-01,1\na,1990-02-01,1\na,2030-01-01,1\nb,1990-01-02,1\n";
        let bytes: &'static [u8] = text.as_bytes();
        let data = load_bytes("l.csv", bytes, &ReadOptions::default(), &Monitor::silent()).unwrap();
        let weekly = CohortSpec {
            period: Period::Week,
            rows: RowsBy::Acquisition,
        };
        let as_of = default_as_of(&data.orders).unwrap();
        let table = cohorts(&data.orders, as_of, &weekly);
        assert_eq!(table.ages, 1_200);
        // Everybody has been followed for 1,200 weeks; one order lies beyond.
        assert_eq!(table.rows[0].exposed[1_199], 2);
        assert_eq!(table.beyond.unwrap().orders, 1);
        let said = table.cut_short().unwrap();
        assert!(
            said.contains("1,199 weeks") && said.contains("1 later order is"),
            "{said}"
        );
        let spec = CohortSpec::default();
        let monthly = cohorts(&data.orders, as_of, &spec);
        assert_eq!(
            (monthly.ages, monthly.beyond),
            (481, None),
            "40 years of months fit"
        );
    }

    #[test]
    fn a_series_of_too_many_periods_is_shown_by_longer_ones_and_says_so() {
        let text = lines(',');
        let bytes: &'static [u8] = Box::leak(text.into_bytes().into_boxed_slice());
        let data = load_bytes("l.csv", bytes, &ReadOptions::default(), &Monitor::silent()).unwrap();
        let customers = customers_as_of(&data.orders, parse_iso("9999-12-31").unwrap());
        let figures = overview(&data.orders, &customers, Period::Week);
        assert_eq!(
            (figures.period, figures.series.len()),
            (Period::Year, 7_977)
        );
        let said = figures.longer_periods().unwrap();
        assert!(
            said.contains("by year") && said.contains("2,400 weeks"),
            "{said}"
        );
        let now = customers_as_of(&data.orders, default_as_of(&data.orders).unwrap());
        let figures = overview(&data.orders, &now, Period::Week);
        assert_eq!(
            (figures.period, figures.longer_periods()),
            (Period::Week, None)
        );
    }

    #[test]
    fn damaged_models_are_refused_in_words() {
        let trained = Trained::new(&recipe());
        let refused = |bytes: &[u8]| {
            fs::write(trained.path(), bytes).unwrap();
            let refusal = SavedModel::load(&trained.path());
            refusal.expect_err("refused").to_string()
        };
        assert!(
            SavedModel::load(&{
                fs::write(trained.path(), &trained.text).unwrap();
                trained.path()
            })
            .is_ok()
        );
        // One figure of a file changed by hand.
        let text = String::from_utf8(trained.text.clone()).unwrap();
        let other = text.replacen("\"as_of\": 1", "\"as_of\": 2", 1);
        assert_ne!(text, other, "the test changes something");
        assert!(refused(other.as_bytes()).contains("checksum"), "changed");
        // Without a checksum every part is held against the others.
        assert!(
            SavedModel::load(&{
                fs::write(trained.path(), trained.changed(|_| {})).unwrap();
                trained.path()
            })
            .is_ok()
        );
        let predictor = |change: &dyn Fn(&mut serde_json::Value)| {
            refused(&trained.changed(|model| change(&mut model["predictor"])))
        };
        let said =
            predictor(&|it| it["calibrator"] = serde_json::json!({"scale": {"factor": 1e308}}));
        assert!(said.contains("multiplies by 1e308"), "{said}");
        let said = predictor(&|it| {
            it["calibrator"] = serde_json::json!({"isotonic": {"x": [1.0, 2.0], "y": []}});
        });
        assert!(said.contains("does not rise"), "{said}");
        let said = predictor(&|it| {
            it["calibrator"] = serde_json::json!({"isotonic": {"x": [2.0, 1.0], "y": [1.0, 2.0]}});
        });
        assert!(said.contains("does not rise"), "{said}");
        let said = refused(&trained.changed(|model| model["recipe"]["backtests"] = 9e15.into()));
        assert!(
            said.contains("backtests") || said.contains("no model file"),
            "{said}"
        );
        let said = refused(&trained.changed(|model| {
            let first = model["features"][0].clone();
            model["features"].as_array_mut().unwrap().push(first);
        }));
        assert!(said.contains("twice"), "{said}");
    }

    /// A removed coefficient or input shifted all that follow and scored wrongly without a word; scales
    /// upside down panicked.
    #[test]
    fn removed_parts_of_linear_models_and_trees_are_noticed() {
        use keepers::models::recipe::{ModelSpec, TweedieSpec};
        for (model, inputs) in [
            (ModelSpec::Tweedie(TweedieSpec::default()), "linear"),
            (ModelSpec::Boosting(small_trees()), "trees"),
            (two_stage(), "two_stage"),
        ] {
            let mut recipe = recipe();
            recipe.models = vec![model];
            let trained = Trained::new(&recipe);
            let refused = |change: &dyn Fn(&mut serde_json::Value)| {
                let bytes = trained.changed(|model| {
                    let fitted = &mut model["predictor"]["model"][inputs];
                    assert!(fitted.is_object(), "{inputs} is there");
                    change(fitted);
                });
                fs::write(trained.path(), bytes).unwrap();
                SavedModel::load(&trained.path())
                    .expect_err("refused")
                    .to_string()
            };
            let said = refused(&|fitted| {
                fitted["preprocess"]["inputs"].as_array_mut().unwrap().pop();
            });
            assert!(said.contains("inputs"), "{said}");
            if inputs == "linear" {
                let said = refused(&|fitted| {
                    fitted["linear"]["coefficients"]
                        .as_array_mut()
                        .unwrap()
                        .pop();
                });
                assert!(said.contains("coefficients for"), "{said}");
                let said = refused(&|fitted| {
                    let form = &mut fitted["preprocess"]["inputs"][0]["form"]["standard"];
                    form["low"] = 9.0.into();
                    form["high"] = 1.0.into();
                });
                assert!(said.contains("upside down"), "{said}");
            }
            if inputs == "two_stage" {
                let said = refused(&|fitted| {
                    let other = fitted["specialists"][0]["trees"]["trees"].clone();
                    let other = if other.is_object() {
                        other
                    } else {
                        fitted["specialists"][2]["trees"]["trees"].clone()
                    };
                    fitted["router"] = other;
                });
                assert!(
                    said.contains("instead of 3") || said.contains("no model file"),
                    "{said}"
                );
            }
        }
    }

    fn small_trees() -> keepers::models::recipe::BoostingSpec {
        keepers::models::recipe::BoostingSpec {
            trees: vec![20],
            ..Default::default()
        }
    }

    fn two_stage() -> keepers::models::recipe::ModelSpec {
        use keepers::models::recipe::{ModelSpec, TwoStageSpec};
        ModelSpec::TwoStage(TwoStageSpec {
            trees: small_trees(),
            ..TwoStageSpec::default()
        })
    }

    /// 9,007,199,254,740,992 backtests overflowed a progress bar; a grid of a billion points would train
    /// for ever.
    #[test]
    fn recipes_without_measure_are_refused() {
        let with = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut value = serde_json::to_value(Gallery::BestOfAll.recipe()).unwrap();
            change(&mut value);
            let recipe: Recipe = serde_json::from_value(value).unwrap();
            recipe.check().expect_err("refused").to_string()
        };
        let said = with(&|recipe| recipe["backtests"] = 9_007_199_254_740_992_u64.into());
        assert!(
            said.contains("backtests") && said.contains("at most 50"),
            "{said}"
        );
        let boosting = "boosting";
        let of_boosting = |change: &dyn Fn(&mut serde_json::Value)| {
            with(&|recipe| {
                let models = recipe["models"].as_array_mut().unwrap();
                let model = models
                    .iter_mut()
                    .find(|model| model.get(boosting).is_some());
                change(&mut model.unwrap()[boosting]);
            })
        };
        for trees in [u64::MAX, 0, 5_001] {
            let said = of_boosting(&|spec| spec["trees"] = serde_json::json!([trees]));
            assert!(said.contains("5,000 trees"), "{said}");
        }
        let said = of_boosting(&|spec| spec["depth"] = vec![3; 500].into());
        assert!(said.contains("200 points"), "{said}");
        let said = with(&|recipe| {
            let models = recipe["models"].as_array_mut().unwrap();
            let blend = models.iter_mut().find(|model| model.get("blend").is_some());
            blend.unwrap()["blend"]["steps"] = u64::MAX.into();
        });
        assert!(said.contains("1,000"), "{said}");
    }

    /// A cost of 10^308 made a chart draw for ever.
    #[test]
    fn a_project_with_a_price_beyond_all_prices_is_refused() {
        let text = "(version: 1, source: sample, audiences: (campaign: (cost_per_contact: 1e308)))";
        let path = Path::new("/nowhere/c.keepers.ron");
        let said = file::parse(text, path).expect_err("refused").to_string();
        assert!(said.contains("10^12"), "{said}");
    }
}
