//! What a change recomputes, and what stays the very same `Arc`.

use std::sync::Arc;

use keepers::{
    analysis::{
        cohorts::{CohortSpec, RowsBy},
        rfm::TieRule,
        rules::{Comparison, Condition, Field},
        selection::Part,
    },
    data::dataset::options::DateOrder,
    data::day::Period,
    pipeline::cx::Monitor,
};

use crate::shelf::*;

#[test]
fn an_equal_request_returns_the_same_snapshot_and_publishes_nothing() {
    let mut pipeline = pipeline();
    let mut published = Vec::new();
    let request = request(&project("shop"));
    for _ in 0..2 {
        let snapshot = pipeline
            .run(&request, &Monitor::silent(), &mut |new| published.push(new))
            .unwrap();
        assert!(Arc::ptr_eq(&snapshot, &published[1]));
    }
    // What only the Overview shows comes a moment later.
    assert_eq!((published.len(), published[1].revision), (2, 2));
    assert!(shop(&published[0]).details.is_none() && shop(&published[1]).details.is_some());
    assert!(Arc::ptr_eq(
        &shop(&published[0]).overview,
        &shop(&published[1]).overview
    ));
    assert!(pipeline.stats().iter().all(|stage| stage.computed == 1));
}

#[test]
fn two_pipelines_give_the_same_numbers() {
    let request = request(&project("shop"));
    let (one, two) = (
        run(&mut pipeline(), &request),
        run(&mut pipeline(), &request),
    );
    assert!(same_numbers(&one, &two));
}

#[test]
fn another_as_of_date_reads_no_file() {
    let (before, after) = before_and_after(|_, project| project.as_of = Some(day("2024-07-01")));
    assert_eq!(shared(&before, &after), ["dataset"]);
    assert_eq!(shop(&after).as_of, day("2024-07-01"));
    assert!(shop(&after).customers.active < shop(&before).customers.active);
}

#[test]
fn naming_the_default_date_changes_nothing() {
    let mut pipeline = pipeline();
    let mut project = project("shop");
    let before = run(&mut pipeline, &request(&project));
    project.as_of = Some(shop(&before).as_of);
    assert!(Arc::ptr_eq(
        &before,
        &run(&mut pipeline, &request(&project))
    ));
}

#[test]
fn another_rule_scores_nobody_anew() {
    let (before, after) = before_and_after(|_, project| {
        project.rules[0].when = Condition::Test(Field::RScore, Comparison::AtLeast, 5.0);
    });
    assert_eq!(
        shared(&before, &after),
        [
            "dataset",
            "customers",
            "scores",
            "cohorts",
            "overview",
            "selected"
        ]
    );
}

#[test]
fn another_tie_rule_leaves_customers_cohorts_and_overview() {
    let (before, after) = before_and_after(|_, project| project.ties = TieRule::RankFirst);
    assert_eq!(
        shared(&before, &after),
        ["dataset", "customers", "cohorts", "overview", "selected"]
    );
}

#[test]
fn another_cohort_table_leaves_everything_else() {
    let (before, after) = before_and_after(|_, project| {
        project.cohorts = CohortSpec {
            period: Period::Week,
            rows: RowsBy::Attribute("region".to_owned()),
        };
    });
    assert_eq!(
        shared(&before, &after),
        [
            "dataset",
            "customers",
            "scores",
            "segments",
            "overview",
            "selected"
        ]
    );
}

#[test]
fn another_overview_period_leaves_everything_else() {
    let (before, after) = before_and_after(|_, project| project.overview_period = Period::Quarter);
    assert_eq!(
        shared(&before, &after),
        [
            "dataset",
            "customers",
            "scores",
            "segments",
            "cohorts",
            "selected"
        ]
    );
}

#[test]
fn a_selection_reuses_everything_else() {
    let (before, after) = before_and_after(|request, _| {
        request.selection = vec![Part::Segment("VIP".to_owned())].into();
    });
    assert_eq!(
        shared(&before, &after),
        [
            "dataset",
            "customers",
            "scores",
            "segments",
            "cohorts",
            "overview"
        ]
    );
    let (all, vip) = (&shop(&before).selected, &shop(&after).selected);
    assert_eq!(all.customers.len(), shop(&before).customers.active);
    assert_eq!(
        vip.customers.len() as u64,
        shop(&after).segments.stats[0].customers
    );
}

#[test]
fn what_decides_no_number_of_the_pipeline_changes_nothing() {
    let mut pipeline = pipeline();
    let mut project = project("shop");
    let before = run(&mut pipeline, &request(&project));
    project.currency = "€".to_owned();
    project.cohort_metric = keepers::analysis::cohorts::Metric::Aov;
    assert!(Arc::ptr_eq(
        &before,
        &run(&mut pipeline, &request(&project))
    ));
}

#[test]
fn stepping_back_costs_nothing() {
    let mut pipeline = pipeline();
    let mut project = project("shop");
    let first = run(&mut pipeline, &request(&project));
    project.as_of = Some(day("2024-07-01"));
    run(&mut pipeline, &request(&project));
    project.as_of = None;
    let again = run(&mut pipeline, &request(&project));
    assert_eq!(shared(&first, &again).len(), 7);
    // Two steps each for the new dates, one for the remembered one.
    assert_eq!(
        again.revision, 5,
        "for the window it is a change all the same"
    );
}

#[test]
fn other_reading_options_read_again() {
    let (before, after) = before_and_after(|_, project| {
        project.reading.date_order = Some(DateOrder::MonthDay);
    });
    assert!(shared(&before, &after).is_empty());
}
