//! The pipeline: what is computed anew after a change and what is not, cached = fresh, and what
//! happens to the last snapshot when something goes wrong.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use keepers::{
    analysis::{
        cohorts::{CohortSpec, RowsBy},
        rfm::TieRule,
        segments::{Comparison, Condition, Field, NO_SEGMENT},
        selection::{Part, Selection},
    },
    data::{
        dataset::{Dataset, Shape},
        day::{Day, Period, parse_iso},
        error::DataError,
        lines::{Kind, Line, assemble},
        options::{DateOrder, ReadOptions},
        orders::Orders,
        quality::QualityReport,
    },
    pipeline::{
        Pipeline, PipelineError, Request, Snapshot,
        cx::{Cancel, Monitor},
        snapshot::Shop,
        source::{Fingerprint, Loader, Stamp},
    },
    project::{Project, Source},
    worker::{Event, Worker},
};
use proptest::prelude::*;

fn day(text: &str) -> Day {
    parse_iso(text).unwrap()
}

/// A small shop from a fixed recurrence: 300 customers, 2024, with credits and cancelled lines.
fn made_up_orders(seed: u64) -> Orders {
    let mut state = seed;
    let mut draw = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let lines: Vec<Line> = (0..1_500)
        .map(|_| {
            let kind = match draw(20) {
                0 => Kind::NotKept,
                1 => Kind::Credit,
                _ => Kind::Sale,
            };
            let cents = 100 + draw(20_000) as i64;
            let sign = if kind == Kind::Credit { -1 } else { 1 };
            Line {
                customer: (draw(300) * draw(2) + draw(150)).to_string(),
                day: day("2024-01-01") + draw(360) as i32,
                order: String::new(),
                amount: (sign * cents) as f64 / 100.0,
                kind,
                attributes: vec![["north", "south"][draw(2) as usize].to_owned()],
            }
        })
        .collect();
    assemble(&lines, &["region"])
}

fn dataset(name: &str, orders: Orders) -> Dataset {
    Dataset {
        name: name.to_owned(),
        shape: Shape::OrderLog,
        files: Vec::new(),
        orders: Arc::new(orders),
        quality: QualityReport::default(),
        remarks: Vec::new(),
    }
}

/// Shops in memory, by the name of the one file; what the "files" look like can be changed.
#[derive(Clone, Default)]
struct Shelf {
    stamps: Arc<Mutex<Vec<(PathBuf, Option<Stamp>)>>>,
}

impl Shelf {
    fn touch(&self, file: &str, stamp: Option<u64>) {
        let stamp = stamp.map(|bytes| Stamp {
            bytes,
            modified: None,
        });
        *self.stamps.lock().unwrap() = vec![(file.into(), stamp)];
    }
}

impl Loader for Shelf {
    fn fingerprint(&self, _: &Source) -> Fingerprint {
        Fingerprint {
            files: self.stamps.lock().unwrap().clone(),
        }
    }

    fn load(
        &self,
        source: &Source,
        _: &ReadOptions,
        monitor: &Monitor,
    ) -> Result<Dataset, DataError> {
        let Source::Files(paths) = source else {
            panic!("only files here");
        };
        let name = paths[0].display().to_string();
        match name.as_str() {
            "broken" => Err(DataError::FileSet {
                problem: "broken is no order log".to_owned(),
                advice: "Choose another file.".to_owned(),
            }),
            "explosive" => panic!("a mistake in the reader"),
            "endless" => loop {
                monitor.check()?;
                std::thread::yield_now();
            },
            "empty" => Ok(dataset(&name, assemble(&[], &[]))),
            "cancelled" => {
                let line = Line {
                    customer: "1".to_owned(),
                    day: day("2024-05-05"),
                    amount: 10.0,
                    kind: Kind::NotKept,
                    ..Line::default()
                };
                Ok(dataset(&name, assemble(&[line], &[])))
            }
            "other" => Ok(dataset(&name, made_up_orders(2))),
            _ => Ok(dataset(&name, made_up_orders(1))),
        }
    }
}

fn project(file: &str) -> Project {
    Project {
        source: Source::Files(vec![file.into()]),
        ..Project::default()
    }
}

fn request(project: &Project) -> Request {
    Request {
        project: Arc::new(project.clone()),
        ..Request::default()
    }
}

fn run(pipeline: &mut Pipeline, request: &Request) -> Arc<Snapshot> {
    pipeline
        .run(request, &Monitor::silent(), &mut |_| {})
        .unwrap()
}

fn shop(snapshot: &Snapshot) -> &Shop {
    snapshot.shop.as_ref().unwrap()
}

/// Which artefacts of two shops are the very same `Arc`.
fn shared(one: &Snapshot, two: &Snapshot) -> Vec<&'static str> {
    let (a, b) = (shop(one), shop(two));
    [
        ("dataset", Arc::ptr_eq(&a.dataset, &b.dataset)),
        ("customers", Arc::ptr_eq(&a.customers, &b.customers)),
        ("scores", Arc::ptr_eq(&a.scores, &b.scores)),
        ("segments", Arc::ptr_eq(&a.segments, &b.segments)),
        ("cohorts", Arc::ptr_eq(&a.cohorts, &b.cohorts)),
        ("overview", Arc::ptr_eq(&a.overview, &b.overview)),
        ("selected", Arc::ptr_eq(&a.selected, &b.selected)),
    ]
    .into_iter()
    .filter_map(|(name, same)| same.then_some(name))
    .collect()
}

fn same_numbers(one: &Snapshot, two: &Snapshot) -> bool {
    let (a, b) = (shop(one), shop(two));
    a.as_of == b.as_of
        && a.dataset.orders == b.dataset.orders
        && a.customers == b.customers
        && a.scores == b.scores
        && a.segments == b.segments
        && a.cohorts == b.cohorts
        && a.overview == b.overview
        && a.selected == b.selected
        && one.warnings == two.warnings
}

fn pipeline() -> Pipeline {
    Pipeline::with_loader(Box::new(Shelf::default()))
}

/// Runs the stages for the default project and for one with a change.
fn before_and_after(
    change: impl FnOnce(&mut Request, &mut Project),
) -> (Arc<Snapshot>, Arc<Snapshot>) {
    let mut pipeline = pipeline();
    let mut project = project("shop");
    let before = run(&mut pipeline, &request(&project));
    let mut changed = request(&project);
    change(&mut changed, &mut project);
    changed.project = Arc::new(project);
    let after = run(&mut pipeline, &changed);
    assert_eq!(after.revision, before.revision + 1);
    (before, after)
}

#[test]
fn an_equal_request_returns_the_same_snapshot_and_publishes_nothing() {
    let mut pipeline = pipeline();
    let mut published = Vec::new();
    let request = request(&project("shop"));
    for _ in 0..2 {
        let snapshot = pipeline
            .run(&request, &Monitor::silent(), &mut |new| published.push(new))
            .unwrap();
        assert!(Arc::ptr_eq(&snapshot, &published[0]));
    }
    assert_eq!((published.len(), published[0].revision), (1, 1));
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
        request.selection = Selection {
            parts: vec![Part::Segment("VIP".to_owned())],
        };
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
    assert_eq!(
        again.revision, 3,
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
            let request = Request { project: Arc::new(project.clone()), selection: selection.clone() };
            let cached = run(&mut kept, &request);
            let fresh = run(&mut pipeline(), &request);
            prop_assert!(same_numbers(&cached, &fresh), "after {edit:?}");
        }
    }
}

#[test]
fn a_date_before_the_first_order_gives_empty_tables_and_a_warning() {
    let (before, after) = before_and_after(|_, project| project.as_of = Some(day("2023-06-01")));
    assert!(before.warnings.is_empty());
    let [warning] = after.warnings.as_slice() else {
        panic!("{:?}", after.warnings);
    };
    assert!(
        warning.contains("2023-06-01") && warning.contains("2024-01-"),
        "{warning}"
    );
    let shop = shop(&after);
    assert_eq!(shop.customers.active, 0);
    assert_eq!(shop.scores.counts(), [[0; 5]; 3]);
    assert!(
        shop.segments
            .segment
            .iter()
            .all(|&segment| segment == NO_SEGMENT)
    );
    assert!(
        shop.segments
            .stats
            .iter()
            .all(|stats| stats.customers == 0 && stats.revenue == 0.0)
    );
    assert!(shop.cohorts.rows.is_empty());
    assert_eq!(
        (shop.overview.kpis.customers, shop.overview.kpis.net_revenue),
        (0, 0.0)
    );
    assert!(shop.selected.customers.is_empty());
}

#[test]
fn shops_without_a_kept_order_are_shown_with_a_warning() {
    for file in ["empty", "cancelled"] {
        let snapshot = run(&mut pipeline(), &request(&project(file)));
        assert_eq!(shop(&snapshot).customers.active, 0);
        assert!(
            snapshot.warnings[0].contains("no kept order"),
            "{:?}",
            snapshot.warnings
        );
    }
    let cancelled = run(&mut pipeline(), &request(&project("cancelled")));
    assert_eq!(shop(&cancelled).as_of, day("2024-05-06"));
}

#[test]
fn dates_at_the_ends_of_the_calendar_do_no_harm() {
    for date in ["0001-01-01", "9999-12-31"] {
        let mut project = project("shop");
        project.as_of = Some(day(date));
        let snapshot = run(&mut pipeline(), &request(&project));
        assert_eq!(shop(&snapshot).as_of, day(date));
    }
    let mut project = project("shop");
    project.as_of = Some(i32::MIN);
    let error = pipeline()
        .run(&request(&project), &Monitor::silent(), &mut |_| {})
        .unwrap_err();
    assert!(matches!(error, PipelineError::Project(_)), "{error}");
}

#[test]
fn no_source_gives_the_empty_snapshot() {
    let mut pipeline = pipeline();
    let none = run(&mut pipeline, &Request::default());
    assert!(none.shop.is_none() && none.revision == 0);
    run(&mut pipeline, &request(&project("shop")));
    let closed = run(&mut pipeline, &Request::default());
    assert!(closed.shop.is_none());
    assert_eq!(closed.revision, 2);
}

#[test]
fn a_failed_reading_keeps_the_snapshot_and_the_memos() {
    let mut pipeline = pipeline();
    let before = run(&mut pipeline, &request(&project("shop")));
    let mut published = 0;
    let error = pipeline
        .run(
            &request(&project("broken")),
            &Monitor::silent(),
            &mut |_| published += 1,
        )
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "broken is no order log. Choose another file."
    );
    assert_eq!(published, 0);
    assert!(Arc::ptr_eq(&before, &pipeline.snapshot()));
    assert!(Arc::ptr_eq(
        &before,
        &run(&mut pipeline, &request(&project("shop")))
    ));
}

#[test]
fn a_cancelled_run_keeps_the_snapshot() {
    let mut pipeline = pipeline();
    let before = run(&mut pipeline, &request(&project("shop")));
    let cancel = Cancel::default();
    cancel.cancel();
    let monitor = Monitor::new(cancel, |_| {});
    let mut later = project("shop");
    later.as_of = Some(day("2024-07-01"));
    for project in [later, project("other")] {
        let error = pipeline
            .run(&request(&project), &monitor, &mut |_| {})
            .unwrap_err();
        assert!(matches!(error, PipelineError::Cancelled(_)), "{error}");
    }
    assert!(Arc::ptr_eq(&before, &pipeline.snapshot()));
}

#[test]
fn a_changed_file_is_read_again_and_a_missing_one_is_not() {
    let shelf = Shelf::default();
    let mut pipeline = Pipeline::with_loader(Box::new(shelf.clone()));
    let wanted = request(&project("shop"));
    shelf.touch("shop", Some(100));
    let first = run(&mut pipeline, &wanted);
    shelf.touch("shop", Some(200));
    let changed = run(&mut pipeline, &wanted);
    assert!(shared(&first, &changed).is_empty());
    shelf.touch("shop", None);
    let missing = run(&mut pipeline, &wanted);
    assert_eq!(shared(&changed, &missing).len(), 7);
    assert_eq!(
        missing.warnings,
        ["shop is no longer there; the numbers come from the copy in memory."]
    );
    shelf.touch("shop", Some(200));
    let back = run(&mut pipeline, &wanted);
    assert_eq!(shared(&changed, &back).len(), 7);
    assert!(back.warnings.is_empty());
}

#[test]
fn progress_names_the_stages_that_run_in_words() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&heard);
    let monitor = Monitor::new(Cancel::default(), move |progress| {
        ear.lock().unwrap().push(progress.stage);
    });
    let mut pipeline = pipeline();
    let mut project = project("shop");
    pipeline
        .run(&request(&project), &monitor, &mut |_| {})
        .unwrap();
    let first = std::mem::take(&mut *heard.lock().unwrap());
    assert_eq!(first[0], "Reading shop");
    assert!(first.contains(&"Scoring customers".to_owned()), "{first:?}");
    project.ties = TieRule::RankFirst;
    pipeline
        .run(&request(&project), &monitor, &mut |_| {})
        .unwrap();
    assert_eq!(
        *heard.lock().unwrap(),
        ["Scoring customers", "Forming segments"]
    );
}

const DEADLINE: Duration = Duration::from_secs(20);

/// A worker on the pipeline, and the end of its current request.
struct Office {
    worker: Worker,
    woken: mpsc::Receiver<()>,
}

impl Office {
    fn new() -> Self {
        let (wake, woken) = mpsc::channel();
        let wake = Mutex::new(wake);
        let worker = Worker::with_engine(pipeline(), move || {
            let _ = wake.lock().unwrap().send(());
        });
        Self { worker, woken }
    }

    fn end_of(&mut self, request: Request) -> Vec<Event> {
        self.worker.request(request);
        self.wait_end()
    }

    fn wait_end(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while self.worker.busy() {
            self.woken.recv_timeout(DEADLINE).expect("an end in time");
            events.extend(self.worker.poll());
        }
        events
    }
}

fn snapshot_of(events: &[Event]) -> Option<Arc<Snapshot>> {
    events.iter().find_map(|event| match event {
        Event::Updated(snapshot) => Some(Arc::clone(snapshot)),
        _ => None,
    })
}

#[test]
fn a_panic_in_reading_leaves_the_memos_whole() {
    let mut office = Office::new();
    let first = snapshot_of(&office.end_of(request(&project("shop")))).unwrap();
    let events = office.end_of(request(&project("explosive")));
    let Some(Event::Failed(problem)) = events.last() else {
        panic!("{events:?}");
    };
    assert_eq!(problem.detail, "a mistake in the reader");
    assert!(problem.title.contains("Reading explosive"), "{problem:?}");
    let mut later = project("shop");
    later.ties = TieRule::RankFirst;
    let second = snapshot_of(&office.end_of(request(&later))).unwrap();
    assert!(shared(&first, &second).contains(&"customers"));
}

#[test]
fn a_long_load_stops_when_it_is_cancelled() {
    let mut office = Office::new();
    office.worker.request(request(&project("endless")));
    office.woken.recv_timeout(DEADLINE).expect("progress");
    let start = std::time::Instant::now();
    office.worker.cancel();
    let events = office.wait_end();
    assert!(
        matches!(events.last(), Some(Event::Cancelled)),
        "{events:?}"
    );
    assert!(start.elapsed() < Duration::from_secs(1));
}
