//! Figures of public data: CDNOW's features and next quarter, and a table without signal.

use std::path::PathBuf;

use keepers::{
    analysis::rates::default_target,
    base::monitor::Monitor,
    data::dataset::options::ReadOptions,
    data::day::parse_iso,
    data::load::load,
    evaluation::verdict::Verdict,
    models::{
        Gallery, Material, Recipe, Sample,
        features::history,
        recipe::gallery::table_churn,
        target::{Design, TargetKind, from_orders, panel_at},
        train_here,
    },
};

use crate::cdnow;

#[test]
fn features_and_answers_of_cdnow() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let (t0, last) = (
        parse_iso("1998-04-01").unwrap(),
        parse_iso("1998-06-30").unwrap(),
    );
    let table = history::build(&orders, &panel_at(&orders, t0), |_| true);
    let sum = |name: &str| table.column(name).expect(name).iter().sum::<f64>();
    assert_eq!(table.rows(), 23_570);
    assert_eq!(sum("recency_days"), 7_155_372.0);
    assert_eq!(sum("lines"), 63_799.0);
    assert!(
        (sum("monetary") - 2_288_381.3).abs() < 0.05,
        "{}",
        sum("monetary")
    );
    assert!(
        (sum("price_mean") - 769_455.52).abs() < 0.01,
        "{}",
        sum("price_mean")
    );
    let design = Design::Cutoff { horizon_days: 90 };
    let of = |kind| {
        from_orders(&orders, &kind, design, t0, last)
            .expect("answers")
            .values
    };
    let spend: f64 = of(TargetKind::RemainingValue).iter().sum();
    assert!((spend - 211_934.34).abs() < 1e-6, "{spend}");
    assert_eq!(of(TargetKind::Purchase).iter().sum::<f64>(), 3_301.0);
    assert_eq!(
        of(TargetKind::Churn).iter().sum::<f64>(),
        23_570.0 - 3_301.0
    );
}

/// Peers, five folds: .7805 / .6174; trained one window earlier: .7798 / .6183 (best of each column).
#[test]
fn next_quarter_of_cdnow_out_of_fold_and_out_of_time() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let recipe = Recipe {
        hold_out: 0.0,
        ..Gallery::Clv90Days.recipe()
    };
    let as_of = parse_iso("1998-07-01").unwrap();
    let run = train_here(
        Material::Orders(&orders),
        as_of,
        &recipe,
        &Monitor::silent(),
    );
    let run = run.expect("a run");
    assert_eq!(run.cutoff, parse_iso("1998-04-01").unwrap());
    let best = run.best();
    assert_eq!(best.out_of_fold.len(), 23_570);
    let figure = |name: &str| best.cross_validated[name];
    assert!(
        figure("gini_normalised") >= 0.785,
        "{:?}",
        best.cross_validated
    );
    assert!(figure("gain_10") >= 0.620, "{:?}", best.cross_validated);
    assert!(
        (0.95..=1.05).contains(&figure("bias")),
        "{:?}",
        best.cross_validated
    );
    let backtest = &run.backtests[0];
    assert_eq!(backtest.trained_at, parse_iso("1998-01-01").unwrap());
    assert_eq!(backtest.applied_at, run.cutoff);
    let later = &backtest.models[run.best].metrics;
    assert!(later["gini_normalised"] >= 0.775, "{later:?}");
    assert!(later["gain_10"] >= 0.615, "{later:?}");
    let report = run.report(run.best, Sample::OutOfTime(0), &Monitor::silent());
    assert_eq!(report.expect("a report").verdict, Verdict::Useful);
    // The peers' baseline, ranking by past spend: .7518.
    let past = run
        .models
        .iter()
        .find(|model| model.name == "past_spend")
        .expect("a rival");
    assert!((past.cross_validated["gini_normalised"] - 0.7518).abs() < 0.001);
}

/// The values of `insights` are random: `Churn_Probability` over 0.5 for 49.31 % of its customers.
#[test]
fn random_tables_have_no_signal() {
    let Some(folder) = cdnow::data_folder() else {
        return;
    };
    let path: PathBuf = folder.join("insights/sales_and_customer_insights.csv");
    let dataset = load(&[path], &ReadOptions::default(), &Monitor::silent()).expect("loaded");
    let table = &dataset.tables[0];
    let target = default_target(table).expect("churn");
    assert_eq!(target.words(), "Churn_Probability over 0.5");
    let recipe = table_churn("Churn_Probability", 0.5);
    let as_of = table.latest_day().expect("dates") + 1;
    let run = train_here(Material::Table(table), as_of, &recipe, &Monitor::silent());
    let run = run.expect("a run");
    let share = run.target.values.iter().sum::<f64>() / 10_000.0;
    assert!((share - 0.4931).abs() < 1e-9, "{share}");
    for id in ["Customer_ID", "Churn_Probability", "Transaction_ID"] {
        assert_eq!(run.features.position(id), None, "{id} is no feature");
    }
    for (at, model) in run
        .models
        .iter()
        .enumerate()
        .filter(|(_, model)| !model.baseline)
    {
        let auc = model.held_out["auc"];
        assert!((auc - 0.5).abs() < 0.05, "{}: {auc}", model.name);
        let report = run
            .report(at, Sample::HoldOut, &Monitor::silent())
            .expect("a report");
        assert_eq!(report.verdict, Verdict::NoSignal, "{}", model.name);
    }
}
