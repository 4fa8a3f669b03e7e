//! A pipeline with a past gives the numbers of one without.

use std::sync::Arc;

use keepers::{
    analysis::{
        cohorts::{CohortSpec, RowsBy},
        cut_points::{CutPoints, Measure},
        rfm::TieRule,
        rules::{Comparison, Condition, Field},
        selection::{Part, Selection},
    },
    data::day::{Day, Period},
    pipeline::{Pipeline, Request, Snapshot, snapshot::Shop},
    project::{Project, SegmentSpec, Source},
};
use proptest::prelude::*;

use crate::shelf::*;

/// Two that are in the data, one that is not, and "missing".
const REGIONS: [&str; 4] = ["north", "south", "west", ""];

/// One thing a person changes.
#[derive(Clone, Debug)]
enum Edit {
    AsOf(Option<Day>),
    Ties(bool),
    /// One cut point is dragged through these values: measure, cut, money or days or orders.
    Drag(usize, usize, Vec<u32>),
    /// The first rule asks for at least so much of this field, which is dragged through these values.
    Limit(Field, Vec<u32>),
    /// The first rule asks for this region, or for any but this one.
    Region(u8, bool),
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
        (
            0..3_usize,
            0..4_usize,
            proptest::collection::vec(0..300_u32, 1..5)
        )
            .prop_map(|(measure, cut, values)| Edit::Drag(measure, cut, values)),
        (
            proptest::sample::select(Field::ALL.to_vec()),
            proptest::collection::vec(prop_oneof![0..6_u32, 0..300_u32], 1..5)
        )
            .prop_map(|(field, values)| Edit::Limit(field, values)),
        (0..4_u8, any::<bool>()).prop_map(|(region, within)| Edit::Region(region, within)),
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
        Edit::Drag(..) | Edit::Limit(..) => {}
        Edit::Region(region, within) => {
            let (column, values) = (
                "region".to_owned(),
                vec![REGIONS[usize::from(*region)].to_owned()],
            );
            project.rules[0].when = if *within {
                Condition::OneOf(column, values)
            } else {
                Condition::NoneOf(column, values)
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

/// Segments, scores, and who moved since the drag began.
fn same_segments(one: &Snapshot, other: &Snapshot) -> bool {
    let (Some(one), Some(other)) = (&one.shop, &other.shop) else {
        return false;
    };
    let moves = |shop: &Shop| {
        shop.tuning
            .before
            .as_ref()
            .map(|before| before.moves.clone())
    };
    one.scores == other.scores && one.segments == other.segments && moves(one) == moves(other)
}

/// What each step of a drag does to the project.
type Place<'a> = Box<dyn Fn(&mut Project) + 'a>;

fn steps_of<'a>(edit: &'a Edit, kept: &mut Pipeline, request: &Request) -> Vec<Place<'a>> {
    match edit {
        Edit::Drag(measure, cut, values) => {
            let shop = run(kept, request);
            let mut cuts = match (&shop.shop, request.project.ties) {
                (_, TieRule::Fixed(cuts)) => cuts,
                (Some(shop), _) => CutPoints::implied(&shop.scores.bands),
                (None, _) => return Vec::new(),
            };
            let step = |value: &u32| -> Place<'a> {
                cuts = cuts.with(Measure::ALL[*measure], *cut, f64::from(*value));
                let ties = TieRule::Fixed(cuts);
                Box::new(move |project| project.ties = ties)
            };
            values.iter().map(step).collect()
        }
        Edit::Limit(field, values) => {
            let step = |value: &u32| -> Place<'a> {
                let test = Condition::Test(*field, Comparison::AtLeast, f64::from(*value));
                let here = Condition::OneOf("region".to_owned(), vec!["north".to_owned()]);
                Box::new(move |project| {
                    project.rules[0].when = Condition::Any(vec![
                        Condition::All(vec![here.clone(), test.clone()]),
                        Condition::Test(Field::RScore, Comparison::AtLeast, 5.0),
                    ]);
                })
            };
            values.iter().map(step).collect()
        }
        _ => Vec::new(),
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
            let before = Arc::new(SegmentSpec::of(&project));
            let mut request = Request {
                project: Arc::new(project.clone()),
                selection: selection.clone(),
                before: Some(Arc::clone(&before)),
                ..Request::default()
            };
            // The numbers of every step are those worked out from nothing; what is left out while the
            // pointer is down comes with the last request.
            for place in steps_of(edit, &mut kept, &request) {
                place(&mut project);
                request.project = Arc::new(project.clone());
                request.live = true;
                let live = run(&mut kept, &request);
                request.live = false;
                let fresh = run(&mut pipeline(), &request);
                prop_assert!(same_segments(&live, &fresh), "{edit:?}");
            }
            request.before = Some(before);
            let cached = run(&mut kept, &request);
            let fresh = run(&mut pipeline(), &request);
            prop_assert!(same_numbers(&cached, &fresh), "after {edit:?}");
        }
    }
}
