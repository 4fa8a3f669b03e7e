//! Odd dates, empty shops, failures, cancellation and panics.

use std::{
    fmt::Write as _,
    path::PathBuf,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use keepers::{
    analysis::{rfm::TieRule, rules::NO_SEGMENT},
    pipeline::{
        Pipeline, PipelineError, Request, Snapshot,
        cx::{Cancel, Monitor},
    },
    project::{Project, Source},
    worker::{Worker, event::Event},
};

use crate::shelf::*;

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
    // One after the two steps of the shop.
    assert_eq!(closed.revision, 3);
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
        [
            "Scoring customers",
            "Forming segments",
            "Comparing the selection with everyone",
            "Checking the rules",
            "Moving every cut point"
        ]
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

/// A million lines, so that reading takes long enough to be stopped.
fn big_file(folder: &std::path::Path) -> PathBuf {
    let mut text = String::from("customer_id,order_date,amount\n");
    for line in 0..1_000_000_u32 {
        let (customer, day) = (line % 99_991, 1 + line % 28);
        writeln!(text, "{customer},2024-05-{day:02},{}.50", line % 90).unwrap();
    }
    let path = folder.join("orders.csv");
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn reading_a_big_file_stops_within_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let path = big_file(folder.path());
    let (wake, woken) = mpsc::channel();
    let wake = Mutex::new(wake);
    let mut worker = Worker::start(move || {
        let _ = wake.lock().unwrap().send(());
    });
    let wanted = Request {
        project: Arc::new(Project {
            source: Source::Files(vec![path]),
            ..Project::default()
        }),
        ..Request::default()
    };
    worker.request(wanted.clone());
    // The first wake-up is the progress of reading.
    woken.recv_timeout(DEADLINE).expect("progress");
    let events = worker.poll();
    assert!(
        matches!(&events[..], [Event::Progress(progress)] if progress.stage.contains("orders.csv")),
        "{events:?}"
    );
    let start = std::time::Instant::now();
    worker.cancel();
    let mut office = Office { worker, woken };
    let events = office.wait_end();
    assert!(start.elapsed() < Duration::from_secs(1));
    assert!(
        matches!(events.last(), Some(Event::Cancelled)),
        "{events:?}"
    );
    // And the same request afterwards reads it whole.
    let snapshot = snapshot_of(&office.end_of(wanted)).unwrap();
    assert_eq!(shop(&snapshot).dataset.orders.lines(), 1_000_000);
    assert_eq!(shop(&snapshot).customers.active, 99_991);
}
