//! Every recipe on a shop whose customers can be foreseen: what comes out fits together, is the same
//! from run to run, and stops when asked.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use keepers::{
    base::monitor::{Cancel, Monitor},
    models::{
        Gallery, Material, Recipe, Run, Sample, TrainError,
        recipe::{BoostingSpec, ForestSpec, ModelSpec, Recalibration, TwoStageSpec},
        train, train_here,
    },
};

use crate::shop_with_signal::shop;

/// The recipe with small grids: the tests are about what comes out, not about the last per cent.
pub fn small(gallery: Gallery) -> Recipe {
    let mut recipe = gallery.recipe();
    recipe.folds = 3;
    recipe.backtests = recipe.backtests.min(1);
    let shrink = |spec: &mut BoostingSpec| spec.trees = vec![20, 40];
    for model in &mut recipe.models {
        match model {
            ModelSpec::Boosting(spec) | ModelSpec::TwoStage(TwoStageSpec { trees: spec, .. }) => {
                shrink(spec);
            }
            ModelSpec::Forest(spec) => {
                *spec = ForestSpec {
                    trees: 20,
                    depth: vec![6],
                    min_leaf: 10,
                }
            }
            _ => {}
        }
    }
    recipe
}

pub fn trained(recipe: &Recipe, customers: usize) -> Run {
    let (orders, as_of) = shop(customers);
    train_here(Material::Orders(&orders), as_of, recipe, &Monitor::silent()).expect("a run")
}

/// What must hold for every run, whatever the recipe.
fn check(run: &Run) {
    let (training, hold_out) = (run.split.training.len(), run.split.hold_out.len());
    assert_eq!(training + hold_out, run.target.values.len());
    assert_eq!(run.features.rows(), run.target.values.len());
    assert!(run.models.iter().any(|model| model.baseline));
    assert!(!run.best().baseline);
    for model in &run.models {
        assert_eq!(model.out_of_fold.len(), training, "{}", model.name);
        assert_eq!(model.hold_out.len(), hold_out, "{}", model.name);
        assert_eq!(model.folds.len(), run.recipe.folds);
        // Naive rivals read their own columns, but for a copied feature.
        let reads = model.fitted.model.inputs();
        let naive = reads.iter().all(|name| run.naive.position(name).is_some());
        let table = if model.baseline && naive {
            &run.naive
        } else {
            &run.features
        };
        let locked = table.select(&run.split.hold_out);
        let again = model.fitted.predict(&locked).expect("features");
        assert_eq!(
            again, model.hold_out,
            "{}: the saved fit says the same",
            model.name
        );
        let share: f64 = model.importances.iter().map(|(_, share)| share).sum();
        assert!(model.importances.is_empty() || (share - 1.0).abs() < 1e-9);
    }
    let said = &run.predictions;
    assert_eq!(said.value.len(), said.customers.len());
    assert!(said.value.iter().all(|value| value.is_finite()));
    if run.target.kind.is_class() {
        assert!(said.value.iter().all(|p| (0.0..=1.0).contains(p)));
        assert!(said.low.is_empty());
    } else {
        let ends = said.low.iter().zip(&said.high).zip(&said.value);
        assert!(ends.clone().count() == said.value.len());
        assert!(
            ends.into_iter()
                .all(|((low, high), value)| low <= value && value <= high)
        );
    }
}

#[test]
fn every_recipe_of_the_gallery_trains() {
    for gallery in Gallery::ALL {
        let run = trained(&small(gallery), 900);
        check(&run);
        assert!(
            !run.backtests.is_empty() || run.recipe.backtests == 0,
            "{}",
            gallery.name()
        );
        let name = if run.target.kind.is_class() {
            "auc"
        } else {
            "gini_normalised"
        };
        let found = run.best().metric(name).expect(name);
        let chance = if run.target.kind.is_class() { 0.5 } else { 0.0 };
        // The shop is made so that the past says something of the future.
        assert!(found > chance + 0.1, "{}: {name} {found}", gallery.name());
    }
}

#[test]
fn totals_are_told_to_leak() {
    let run = trained(&small(Gallery::Ltv12Months), 900);
    let leakage = run.leakage.as_ref().expect("a total");
    let known: f64 = run
        .split
        .hold_out
        .iter()
        .map(|&row| run.target.known[row as usize])
        .sum();
    let all: f64 = run.hold_out_actual().iter().sum();
    assert!((leakage.known_share.expect("a share") - known / all).abs() < 1e-9);
    assert_eq!(leakage.rival.as_ref().expect("a copy").feature, "rev_3m");
    assert!(leakage.twin.is_some());
    assert!(!run.best().on_remaining.is_empty());
    assert!(
        run.models
            .iter()
            .any(|model| model.name == "copy_a_feature")
    );
}

#[test]
fn recalibration_brings_sums_and_probabilities_to_their_level() {
    let run = trained(&small(Gallery::Churn), 900);
    let share = run.target.values.iter().sum::<f64>() / run.target.values.len() as f64;
    for model in run.models.iter().filter(|model| !model.baseline) {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        // Oversampling to equal classes pulls raw means towards one half; recalibrated ones return.
        assert!(
            (mean(&model.out_of_fold) - share).abs() < 0.02,
            "{}",
            model.name
        );
        assert!(model.cross_validated["log_loss"] < 0.69);
    }
    let mut isotonic = small(Gallery::Spend90Days);
    isotonic.recalibration = Recalibration::Isotonic;
    let run = trained(&isotonic, 600);
    assert!((0.8..1.2).contains(&run.best().cross_validated["bias"]));
}

#[test]
fn intervals_hold_what_they_promise() {
    let run = trained(&small(Gallery::Clv90Days), 2500);
    let covered = run.best().held_out["coverage_80"];
    // 500 locked customers: ± 4 % by chance; many spend nothing, so more may be covered.
    assert!(covered > 0.75, "{covered}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let recipe = small(Gallery::BestOfAll);
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let run = pool.install(|| trained(&recipe, 400));
        (run.saved.to_json().unwrap(), run.predictions.value)
    };
    let first = bytes(1);
    assert!(first == bytes(3), "threads change the result");
    let other = Recipe {
        seed: 2,
        ..recipe.clone()
    };
    assert!(trained(&other, 400).saved.to_json().unwrap() != first.0);
}

#[test]
fn progress_rises_to_its_end_and_names_its_stages() {
    let (orders, as_of) = shop(300);
    let latest = Arc::new(AtomicU64::new(0));
    let stages = Arc::new(std::sync::Mutex::new(Vec::<String>::new()));
    let monitor = {
        let (latest, stages) = (Arc::clone(&latest), Arc::clone(&stages));
        Monitor::new(Cancel::default(), move |progress| {
            let share = progress.done * 1_000_000 / progress.total.max(1);
            let before = latest.swap(share, Ordering::Relaxed);
            assert!(
                share >= before,
                "{before} then {share} in {}",
                progress.stage
            );
            let mut stages = stages.lock().unwrap();
            if stages.last() != Some(&progress.stage) {
                stages.push(progress.stage);
            }
        })
    };
    let recipe = small(Gallery::Spend90Days);
    train(Material::Orders(&orders), as_of, &recipe, &monitor).expect("a run");
    assert_eq!(latest.load(Ordering::Relaxed), 1_000_000);
    let stages = stages.lock().unwrap();
    let fold = "Gradient boosting, squared error: fold 2 of 3".to_owned();
    assert!(stages.contains(&fold), "{stages:?}");
    assert_eq!(stages.last().map(String::as_str), Some("Trained"));
}

#[test]
fn a_cancelled_training_ends_within_a_second() {
    let (orders, as_of) = shop(3000);
    let mut recipe = Gallery::BestOfAll.recipe();
    // Far more than could ever be waited for.
    for model in &mut recipe.models {
        if let ModelSpec::Boosting(spec) = model {
            spec.trees = vec![5_000];
            spec.depth = vec![6, 8, 10, 12];
        }
    }
    recipe
        .models
        .retain(|model| matches!(model, ModelSpec::Boosting(_)));
    let cancel = Cancel::default();
    let monitor = Monitor::new(cancel.clone(), |_| {});
    let training = std::thread::spawn(move || {
        let ended = train(Material::Orders(&orders), as_of, &recipe, &monitor).err();
        (ended, Instant::now())
    });
    std::thread::sleep(Duration::from_millis(700));
    let asked = Instant::now();
    cancel.cancel();
    let (ended, at) = training.join().unwrap();
    assert!(matches!(ended, Some(TrainError::Cancelled(_))), "{ended:?}");
    assert!(at - asked < Duration::from_secs(1), "{:?}", at - asked);
}

#[test]
fn settings_out_of_range_are_refused_in_words() {
    let refused = |recipe: &Recipe| recipe.check().expect_err("refused").to_string();
    let base = Gallery::Clv90Days.recipe();
    assert!(
        refused(&Recipe {
            folds: 1,
            ..base.clone()
        })
        .contains("folds")
    );
    assert!(
        refused(&Recipe {
            hold_out: 1.0,
            ..base.clone()
        })
        .contains("hold_out")
    );
    let churn = Gallery::Churn.recipe();
    let mixed = Recipe {
        models: base.models.clone(),
        ..churn
    };
    assert!(refused(&mixed).contains("yes/no"), "{}", refused(&mixed));
    for gallery in Gallery::ALL {
        let recipe = gallery.recipe();
        recipe.check().expect("valid");
        let text = ron::to_string(&recipe).unwrap();
        assert_eq!(ron::from_str::<Recipe>(&text).unwrap(), recipe);
        assert_eq!(
            Gallery::named(&gallery.title().to_uppercase()),
            Some(gallery)
        );
    }
}

#[test]
fn shops_that_cannot_be_learned_from_say_why() {
    let (orders, as_of) = shop(20);
    let few = train_here(
        Material::Orders(&orders),
        as_of,
        &small(Gallery::Clv90Days),
        &Monitor::silent(),
    );
    assert!(matches!(few, Err(TrainError::TooFewCustomers { .. })));
    let (orders, as_of) = shop(200);
    let early = train_here(
        Material::Orders(&orders),
        as_of - 1_080,
        &small(Gallery::Lifetime),
        &Monitor::silent(),
    );
    let words = early.expect_err("too early").to_string();
    assert!(words.contains("nobody to ask"), "{words}");
}

/// The out-of-time test of an early-life recipe: nobody it predicts had a t₀ before the day by which
/// all it learned from was complete, and everybody of the following days is there.
#[test]
fn early_life_recipes_are_tested_out_of_time() {
    let run = trained(&small(Gallery::Ltv12Months), 900);
    let [backtest] = run.backtests.as_slice() else {
        panic!("one backtest: {:?}", run.warnings);
    };
    let day = backtest.applied_at;
    assert_eq!(backtest.trained_at, day);
    let asked = run.target.customers.iter().zip(&run.target.cutoffs);
    let later: Vec<u32> = asked
        .filter(|(_, cutoff)| **cutoff > day)
        .map(|(customer, _)| *customer)
        .collect();
    assert_eq!(backtest.customers, later);
    assert!(later.len() >= 50 && later.len() < run.target.customers.len());
    // Three months known, twelve asked: nine months lie between t₀ and the last day, and 90 days of t₀.
    let last = run.as_of - 1;
    let open = last - day;
    assert!((90 + 270..=90 + 280).contains(&open), "{open}");
    let model = run.at_backtest(run.best, 0).expect("the chosen model");
    assert_eq!(model.predicted.len(), later.len());
    assert!(
        model.metrics["gini_normalised"] > 0.3,
        "{:?}",
        model.metrics
    );
}

/// A recipe that leaves out an input of the buy-till-you-die model but reads what that expects can be
/// saved and used.
#[test]
fn what_a_recipe_leaves_out_is_not_asked_for() {
    let mut recipe = small(Gallery::Clv90Days);
    recipe.features.without.insert("age_days".to_owned());
    let run = trained(&recipe, 600);
    assert_eq!(run.features.position("age_days"), None);
    assert!(run.features.position("expected_value").is_some());
    let (orders, as_of) = shop(600);
    let silent = Monitor::silent();
    let table = keepers::models::train::features_of(&orders, &run.saved, as_of, &silent);
    let table = table.expect("features");
    assert_eq!(run.saved.missing_in(&table), Vec::<String>::new());
    let again = run.saved.predictions(&table, &silent).expect("predictions");
    assert_eq!(again.value, run.predictions.value);
}

/// Past spend, its rate, spend that fades, copying and nobody stand beside every run, whatever
/// features it takes; and what fades is what the histories say.
#[test]
fn rivals_are_there_whatever_the_features() {
    let mut recipe = small(Gallery::Clv90Days);
    recipe.features.only = vec!["price_mean".to_owned()];
    let run = trained(&recipe, 900);
    let names: Vec<&str> = (run.models.iter())
        .filter(|model| model.baseline)
        .map(|model| model.name.as_str())
        .collect();
    let expected = [
        "past_spend",
        "spend_rate",
        "fading_spend",
        "copy_a_feature",
        "nobody_buys",
    ];
    assert_eq!(names, expected);
    let (orders, _) = shop(900);
    let column = run.naive.column("revenue_fading_90d").expect("a column");
    for (&customer, fading) in run.target.customers.iter().zip(column) {
        let lines = orders.offsets[customer as usize]..orders.offsets[customer as usize + 1];
        let by_hand: f64 = lines
            .map(|line| line as usize)
            .filter(|&line| orders.days[line] <= run.cutoff)
            .map(|line| {
                let age = f64::from(run.cutoff - orders.days[line]);
                orders.net(line) * 0.5_f64.powf(age / 90.0)
            })
            .sum();
        assert!((by_hand - fading).abs() < 1e-6 * by_hand.abs().max(1.0));
    }
    // With one input that says little, a model is not sold as useful.
    let report = run.report(run.best, Sample::OutOfTime(0), &Monitor::silent());
    let report = report.expect("a report");
    assert!(!report.verdict.is_useful(), "{}", report.sentence);
    assert_eq!(report.rivals.len(), expected.len());
    assert!(
        report
            .rivals
            .iter()
            .all(|rival| rival.metrics.mae.is_some())
    );
}
