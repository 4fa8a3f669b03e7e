//! A pipeline with a past gives the numbers of one without.

use std::sync::Arc;

use keepers::{
    analysis::{
        cohorts::{CohortSpec, RowsBy},
        rfm::TieRule,
        segments::{Comparison, Condition, Field},
        selection::{Part, Selection},
    },
    data::day::{Day, Period},
    pipeline::Request,
    project::{Project, Source},
};
use proptest::prelude::*;

use crate::shelf::*;

/// One thing a person changes.
#[derive(Clone, Debug)]
enum Edit {
    AsOf(Option<Day>),
    Ties(bool),
    Threshold(u8),
    Cohorts(Period, bool),
    Overview(Period),
    File(bool),
    Select(u8),
}

fn edit() -> impl Strategy<Value = Edit> {
    let periods = || proptest::sample::select(vec![Period::Week, Period::Month, Period::Year]);
    let first = day("2023-12-30");
    prop_oneof![
        proptest::option::of(first..first + 400).prop_map(Edit::AsOf),
        any::<bool>().prop_map(Edit::Ties),
        (1..=5_u8).prop_map(Edit::Threshold),
        (periods(), any::<bool>()).prop_map(|(period, by_region)| Edit::Cohorts(period, by_region)),
        periods().prop_map(Edit::Overview),
        any::<bool>().prop_map(Edit::File),
        (0..5_u8).prop_map(Edit::Select),
    ]
}

fn apply(edit: &Edit, project: &mut Project, selection: &mut Selection) {
    match edit {
        Edit::AsOf(day) => project.as_of = *day,
        Edit::Ties(share) => {
            project.ties = if *share {
                TieRule::Share
            } else {
                TieRule::RankFirst
            };
        }
        Edit::Threshold(score) => {
            let score = f64::from(*score);
            project.rules[0].when = Condition::Test(Field::MScore, Comparison::AtLeast, score);
        }
        Edit::Cohorts(period, by_region) => {
            let rows = if *by_region {
                RowsBy::Attribute("region".to_owned())
            } else {
                RowsBy::Acquisition
            };
            project.cohorts = CohortSpec {
                period: *period,
                rows,
            };
        }
        Edit::Overview(period) => project.overview_period = *period,
        Edit::File(other) => {
            let name = if *other { "other" } else { "shop" };
            project.source = Source::Files(vec![name.into()]);
        }
        Edit::Select(kind) => {
            selection.parts = match kind {
                0 => vec![],
                1 => vec![Part::Segment("VIP".to_owned())],
                2 => vec![Part::RfCell { r: 5, f: 5 }],
                3 => vec![Part::Cohort {
                    spec: project.cohorts.clone(),
                    key: i64::from(Period::Month.index(day("2024-03-01"))),
                    label: "2024-03".to_owned(),
                    age: Some(1),
                }],
                _ => vec![
                    Part::Customers(vec!["1".to_owned(), "7".to_owned()]),
                    Part::RfCell { r: 5, f: 5 },
                ],
            };
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cached_equals_fresh(edits in proptest::collection::vec(edit(), 1..12)) {
        let mut kept = pipeline();
        let mut project = project("shop");
        let mut selection = Selection::default();
        for edit in &edits {
            apply(edit, &mut project, &mut selection);
            let request = Request { project: Arc::new(project.clone()), selection: selection.clone(), ..Request::default() };
            let cached = run(&mut kept, &request);
            let fresh = run(&mut pipeline(), &request);
            prop_assert!(same_numbers(&cached, &fresh), "after {edit:?}");
        }
    }
}
