//! Verdicts from files to words: what leaks is called leakage, what is chance no signal, and what can be
//! foreseen useful.

use std::path::{Path, PathBuf};

use keepers::{
    base::monitor::Monitor,
    data::dataset::options::ReadOptions,
    data::dataset::{Dataset, Shape},
    data::day::Day,
    data::load::load,
    data::orders::Orders,
    evaluation::{report::Report, verdict::Verdict},
    models::{
        Gallery, Material, Run, Sample, recipe::gallery::table_churn, target::Span, train_here,
    },
    simulator::{Spec, disk::to_folder},
};

use crate::{
    cdnow,
    recipes::{small, trained},
};

fn opened(folder: &Path) -> Dataset {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .collect();
    files.sort();
    load(&files, &ReadOptions::default(), &Monitor::silent()).expect("a shop")
}

fn on_hold_out(run: &Run, model: usize) -> Report {
    let report = run.report(model, Sample::HoldOut, &Monitor::silent());
    report.expect("a report")
}

/// Share of customers with a complete first year whose twelve months hold no more than the first
/// three: counted along the lines, apart from all features.
fn nothing_comes_later(orders: &Orders, last: Day, (early, all): (Span, Span)) -> f64 {
    let (mut asked, mut equal) = (0, 0);
    for customer in 0..orders.customers() {
        let lines = orders.offsets[customer] as usize..orders.offsets[customer + 1] as usize;
        let begins =
            |line: &usize| orders.flags[*line] & keepers::data::orders::flag::ORDER_START != 0;
        let Some(first) = lines.clone().find(begins).map(|line| orders.days[line]) else {
            continue;
        };
        if all.end(first) > last {
            continue;
        }
        let until = |end: Day| -> f64 {
            let inside = lines.clone().filter(|&line| orders.days[line] <= end);
            inside.map(|line| orders.net(line)).sum()
        };
        asked += 1;
        equal += usize::from((until(early.end(first)) - until(all.end(first))).abs() < 1e-6);
    }
    equal as f64 / f64::from(asked)
}

/// The verdict of every model of both recipes with a total target.
fn totals_leak(orders: &Orders) {
    let last = orders.day_range().expect("orders").1;
    for (gallery, copied, spans) in [
        (
            Gallery::Ltv12Months,
            "rev_3m",
            (Span::Months(3), Span::Months(12)),
        ),
        (
            Gallery::TwoStageTiers,
            "monetary_90d",
            (Span::Days(90), Span::Days(365)),
        ),
    ] {
        let material = Material::Orders(orders);
        let run = train_here(material, last + 1, &small(gallery), &Monitor::silent());
        let run = run.expect("a run");
        for (at, model) in run.models.iter().enumerate() {
            if model.baseline {
                continue;
            }
            let report = on_hold_out(&run, at);
            assert_eq!(
                report.verdict,
                Verdict::MostlyLeakage,
                "{}: {}",
                model.name,
                report.sentence
            );
        }
        let report = on_hold_out(&run, run.best);
        let leakage = report.leakage.as_ref().expect("a total");
        let rival = leakage.rival.as_ref().expect("an input to copy");
        assert_eq!(rival.feature, copied);
        assert!(leakage.rival_wins(), "{leakage:?}");
        let copy = run
            .models
            .iter()
            .find(|model| model.name == "copy_a_feature");
        let copy = copy
            .expect("a rival of its own")
            .metric("mae")
            .expect("an error");
        assert!(copy < report.metrics.mae.expect("an error"), "{leakage:?}");
        // The same share along the lines of everyone; the hold-out is a fifth of them.
        let equal = nothing_comes_later(orders, last, spans);
        assert!(
            (rival.equal_share - equal).abs() < 0.02,
            "{} against {equal} by hand",
            rival.equal_share
        );
        assert!(report.sentence.contains(copied), "{}", report.sentence);
    }
}

#[test]
fn totals_of_a_generated_marketplace_are_mostly_leakage() {
    let folder = tempfile::tempdir().unwrap();
    // As at Olist, hardly anybody comes back.
    let spec = Spec {
        orders_per_customer: 1.05,
        ..Spec::new(3_000, 5, Shape::Olist)
    };
    to_folder(&spec, folder.path(), false, &Monitor::silent()).expect("a shop");
    let shop = opened(folder.path());
    assert_eq!(shop.shape, Shape::Olist);
    totals_leak(&shop.orders);
}

#[test]
fn totals_of_olist_are_mostly_leakage() {
    let Some(folder) = cdnow::data_folder() else {
        return;
    };
    let shop = opened(&folder.join("olist"));
    assert_eq!(shop.shape, Shape::Olist);
    totals_leak(&shop.orders);
}

/// Tiers of a total are guessed from what is known of it; tiers of what is still to come are not.
#[test]
fn tiers_are_judged_as_tiers() {
    let run = trained(&small(Gallery::TwoStageTiers), 900);
    for (at, model) in run.models.iter().enumerate() {
        let report = on_hold_out(&run, at);
        let Some(tiers) = &model.tiers else {
            assert!(model.baseline && report.tiers.is_none());
            continue;
        };
        let matrix = report.tiers.as_ref().expect("a matrix");
        let actual = run.hold_out_actual();
        // By hand: the tier of the answer and the guess, customer by customer.
        let place =
            |value: f64| u8::from(value >= tiers.cuts[0]) + u8::from(value >= tiers.cuts[1]);
        let right = actual.iter().zip(&tiers.hold_out);
        let right = right
            .filter(|(value, guess)| place(**value) == **guess)
            .count();
        let accuracy = right as f64 / actual.len() as f64;
        assert_eq!(matrix.accuracy(), accuracy);
        assert_eq!(report.metrics.accuracy, Some(accuracy));
        assert_eq!(model.held_out["accuracy"], accuracy);
        let high = tiers
            .hold_out
            .iter()
            .zip(&actual)
            .filter(|(guess, _)| **guess == 2);
        let hits = high
            .clone()
            .filter(|(_, value)| place(**value) == 2)
            .count();
        assert_eq!(
            report.metrics.precision_high,
            Some(hits as f64 / high.count() as f64)
        );
        assert_eq!(tiers.out_of_fold.len(), run.split.training.len());
        assert!(accuracy > matrix.majority_share());
    }
    let twin = run.leakage.as_ref().and_then(|leakage| leakage.twin);
    let [accuracy, majority] = twin.and_then(|twin| twin.tiers).expect("tiers of the rest");
    assert!((0.0..=1.0).contains(&accuracy) && majority >= 1.0 / 3.0);
}

#[test]
fn customers_that_can_be_foreseen_are_useful_and_others_are_not() {
    let run = trained(&small(Gallery::Clv90Days), 3_000);
    let report = run.report(run.best, Sample::OutOfTime(0), &Monitor::silent());
    let report = report.expect("a report");
    assert_eq!(report.verdict, Verdict::Useful, "{}", report.sentence);
    assert!(
        report.sentence.contains("the difference is"),
        "{}",
        report.sentence
    );

    // A table of noise: the column to predict has nothing to do with the others.
    let mut state = 11_u64;
    let mut noise = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    let mut text = "customer_id,age,income,visits,region,churn_probability\n".to_owned();
    for row in 0..2_000 {
        let region = ["north", "south", "east"][(noise() * 3.0) as usize];
        let (age, income) = (18.0 + noise() * 60.0, noise() * 90_000.0);
        let visits = (noise() * 20.0).floor();
        let chance = noise();
        let line = format!("c{row:04},{age:.0},{income:.2},{visits},{region},{chance:.4}\n");
        text.push_str(&line);
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("customers.csv"), text).unwrap();
    let dataset = opened(folder.path());
    let mut recipe = table_churn("churn_probability", 0.5);
    recipe.models = small(Gallery::Churn).models;
    let run = train_here(
        Material::Table(&dataset.tables[0]),
        20_000,
        &recipe,
        &Monitor::silent(),
    );
    let run = run.expect("a run");
    for (at, model) in run.models.iter().enumerate().filter(|(_, m)| !m.baseline) {
        let report = on_hold_out(&run, at);
        assert_eq!(
            report.verdict,
            Verdict::NoSignal,
            "{}: {}",
            model.name,
            report.sentence
        );
        assert!(
            report.sentence.starts_with("No signal"),
            "{}",
            report.sentence
        );
    }
}
