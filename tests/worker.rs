//! The worker: newest wins, cancel, stale results dropped, panics survived. No test sleeps: engines
//! wait at gates that the test opens, and the test waits for wake-ups with a deadline.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    time::{Duration, Instant},
};

use keepers::{
    data::{error::DataError, options::ReadOptions},
    pipeline::{
        PipelineError, Problem, Request, Snapshot,
        cx::{Cancelled, Monitor},
    },
    project::{Project, Source},
    worker::{Engine, Event, Lane, TaskEvent, TaskId, TaskOutcome, Worker},
};

const DEADLINE: Duration = Duration::from_secs(20);

/// What the engine does in a step; the request carries it in the currency text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// Nothing to wait for.
    Pass,
    /// Waits until the gate opens, then checks for cancellation.
    Gate,
    /// Waits until the gate opens and does not check.
    Deaf,
    /// Waits until it is cancelled.
    Listen,
    Fail,
    Panic,
}

impl Act {
    const ALL: [Self; 6] = [
        Self::Pass,
        Self::Gate,
        Self::Deaf,
        Self::Listen,
        Self::Fail,
        Self::Panic,
    ];

    fn named(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|act| format!("{act:?}") == name)
            .unwrap()
    }
}

/// A request for data set `source` with the given acts while reading and while computing.
fn request(label: &str, source: &str, reading: Act, computing: Act) -> Request {
    Request {
        project: Arc::new(Project {
            source: Source::Files(vec![source.into()]),
            currency: format!("{label} {reading:?} {computing:?}"),
            reading: ReadOptions::default(),
            ..Project::default()
        }),
        ..Request::default()
    }
}

struct Script {
    log: Sender<String>,
    gate: Receiver<()>,
    published: u64,
}

impl Script {
    fn act(&self, what: &str, act: Act, monitor: &Monitor) -> Result<(), PipelineError> {
        self.log.send(format!("{what} begins")).unwrap();
        monitor.progress(what, 1, 2);
        match act {
            Act::Pass => {}
            Act::Gate => {
                self.gate.recv_timeout(DEADLINE).unwrap();
                monitor.check()?;
            }
            Act::Deaf => self.gate.recv_timeout(DEADLINE).unwrap(),
            Act::Listen => {
                let start = Instant::now();
                while start.elapsed() < DEADLINE {
                    if monitor.check() == Err(Cancelled) {
                        self.log.send(format!("{what} cancelled")).unwrap();
                        return Err(Cancelled.into());
                    }
                    std::thread::yield_now();
                }
            }
            Act::Fail => {
                return Err(PipelineError::Data(DataError::FileSet {
                    problem: "orders.csv is empty".into(),
                    advice: "Choose another file.".into(),
                }));
            }
            Act::Panic => panic!("boom in {what}"),
        }
        self.log.send(format!("{what} ends")).unwrap();
        Ok(())
    }
}

fn acts(request: &Request) -> (String, Act, Act) {
    let mut words = request.project.currency.split(' ');
    let mut word = || words.next().unwrap().to_owned();
    (word(), Act::named(&word()), Act::named(&word()))
}

impl Engine for Script {
    fn read(&mut self, request: &Request, monitor: &Monitor) -> Result<(), PipelineError> {
        let (label, reading, _) = acts(request);
        self.act(&format!("{label} reading"), reading, monitor)
    }

    fn run(
        &mut self,
        request: &Request,
        monitor: &Monitor,
        publish: &mut dyn FnMut(Arc<Snapshot>),
    ) -> Result<(), PipelineError> {
        let (label, _, computing) = acts(request);
        self.act(&format!("{label} computing"), computing, monitor)?;
        self.published += 1;
        publish(Arc::new(Snapshot {
            revision: self.published,
            warnings: vec![label],
            ..Snapshot::default()
        }));
        Ok(())
    }
}

/// A worker on the scripted engine, with everything a test waits for.
struct Bench {
    worker: Worker,
    woken: Receiver<()>,
    log: Receiver<String>,
    gate: Sender<()>,
    events: Vec<Event>,
}

impl Bench {
    fn new() -> Self {
        let (wake, woken) = mpsc::channel();
        let (log_sender, log) = mpsc::channel();
        let (gate, gate_receiver) = mpsc::channel();
        let engine = Script {
            log: log_sender,
            gate: gate_receiver,
            published: 0,
        };
        let wake = Mutex::new(wake);
        let worker = Worker::with_engine(engine, move || {
            // The test may be over already.
            let _ = wake.lock().unwrap().send(());
        });
        Self {
            worker,
            woken,
            log,
            gate,
            events: Vec::new(),
        }
    }

    /// Waits until the engine wrote this line; the lines before it.
    fn wait_log(&self, line: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let next = self
                .log
                .recv_timeout(DEADLINE)
                .unwrap_or_else(|_| panic!("no “{line}” after {lines:?}"));
            if next == line {
                return lines;
            }
            lines.push(next);
        }
    }

    /// Polls on every wake-up until an event matches; all events since the last call.
    fn wait(&mut self, until: impl Fn(&Event) -> bool) -> Vec<Event> {
        let start = Instant::now();
        loop {
            self.events.extend(self.worker.poll());
            if self.events.iter().any(&until) {
                return std::mem::take(&mut self.events);
            }
            let left = DEADLINE.saturating_sub(start.elapsed());
            self.woken
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("not in {:?}", self.events));
        }
    }

    fn wait_end(&mut self) -> Vec<Event> {
        self.wait(|event| matches!(event, Event::Finished | Event::Failed(_) | Event::Cancelled))
    }
}

/// Labels of the snapshots among the events.
fn updated(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Updated(snapshot) => Some(snapshot.warnings[0].clone()),
            _ => None,
        })
        .collect()
}

fn failed(events: &[Event]) -> Option<&Problem> {
    events.iter().find_map(|event| match event {
        Event::Failed(problem) => Some(problem),
        _ => None,
    })
}

#[test]
fn a_request_is_answered_and_the_window_is_woken() {
    let mut bench = Bench::new();
    assert!(!bench.worker.busy());
    let generation = bench
        .worker
        .request(request("a", "x", Act::Pass, Act::Pass));
    assert!(bench.worker.busy());
    assert_eq!(bench.worker.newest(), generation);
    // `wait` only polls after a wake-up, so getting here proves that wake was called.
    let events = bench.wait_end();
    assert_eq!(updated(&events), ["a"]);
    assert!(matches!(events.last(), Some(Event::Finished)));
    assert!(!bench.worker.busy());
    assert!(bench.worker.poll().is_empty());
}

#[test]
fn the_newest_of_many_waiting_requests_wins() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "x", Act::Pass, Act::Deaf));
    bench.wait_log("a computing begins");
    for label in ["b", "c", "d"] {
        bench
            .worker
            .request(request(label, "x", Act::Pass, Act::Pass));
    }
    bench.gate.send(()).unwrap();
    let events = bench.wait_end();
    assert_eq!(updated(&events), ["d"], "a is stale, b and c never ran");
    let lines = bench.wait_log("d computing ends");
    assert!(
        !lines.iter().any(|line| line.starts_with(['b', 'c'])),
        "{lines:?}"
    );
}

#[test]
fn a_newer_request_cancels_the_running_computation() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "x", Act::Pass, Act::Listen));
    bench.wait_log("a computing begins");
    bench
        .worker
        .request(request("b", "x", Act::Pass, Act::Pass));
    assert_eq!(
        bench.wait_log("b reading begins"),
        ["a computing cancelled"]
    );
    let events = bench.wait_end();
    assert_eq!(updated(&events), ["b"]);
    assert!(!events.iter().any(|event| matches!(event, Event::Cancelled)));
}

#[test]
fn results_of_an_older_request_are_dropped() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "x", Act::Pass, Act::Deaf));
    bench.wait_log("a computing begins");
    bench
        .worker
        .request(request("b", "x", Act::Gate, Act::Pass));
    bench.gate.send(()).unwrap();
    bench.wait_log("a computing ends");
    bench.wait_log("b reading begins"); // so a's snapshot and end are in the inbox by now
    for event in bench.worker.poll() {
        assert!(matches!(event, Event::Progress(_)), "{event:?}");
    }
    assert!(bench.worker.busy(), "the end of a is not the end of b");
    bench.gate.send(()).unwrap();
    assert_eq!(updated(&bench.wait_end()), ["b"]);
}

#[test]
fn a_load_that_the_newer_request_shares_goes_on() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "same", Act::Gate, Act::Pass));
    bench.wait_log("a reading begins");
    bench
        .worker
        .request(request("b", "same", Act::Pass, Act::Pass));
    bench.gate.send(()).unwrap();
    let lines = bench.wait_log("b reading begins");
    assert_eq!(
        lines,
        ["a reading ends"],
        "read to the end, then not computed"
    );
    assert_eq!(updated(&bench.wait_end()), ["b"]);
}

#[test]
fn a_load_of_other_data_is_cancelled() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "one", Act::Listen, Act::Pass));
    bench.wait_log("a reading begins");
    bench
        .worker
        .request(request("b", "one", Act::Pass, Act::Pass));
    bench
        .worker
        .request(request("c", "two", Act::Pass, Act::Pass));
    assert_eq!(bench.wait_log("c reading begins"), ["a reading cancelled"]);
    assert_eq!(updated(&bench.wait_end()), ["c"]);
}

#[test]
fn cancel_ends_the_running_request() {
    for (reading, computing) in [(Act::Listen, Act::Pass), (Act::Pass, Act::Listen)] {
        let mut bench = Bench::new();
        bench.worker.request(request("a", "x", reading, computing));
        let step = if reading == Act::Listen {
            "reading"
        } else {
            "computing"
        };
        bench.wait_log(&format!("a {step} begins"));
        let start = Instant::now();
        bench.worker.cancel();
        let events = bench.wait_end();
        assert!(start.elapsed() < Duration::from_secs(1));
        assert!(
            matches!(events.last(), Some(Event::Cancelled)),
            "{events:?}"
        );
        assert!(!bench.worker.busy());
        bench
            .worker
            .request(request("b", "x", Act::Pass, Act::Pass));
        assert_eq!(updated(&bench.wait_end()), ["b"], "the worker lives on");
    }
}

#[test]
fn cancel_ends_a_request_that_still_waits() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "x", Act::Pass, Act::Deaf));
    bench.wait_log("a computing begins");
    bench
        .worker
        .request(request("b", "x", Act::Pass, Act::Pass));
    bench.worker.cancel();
    let events = bench.wait_end();
    assert!(
        matches!(events.last(), Some(Event::Cancelled)),
        "{events:?}"
    );
    bench.gate.send(()).unwrap();
    bench.wait_log("a computing ends");
    bench
        .worker
        .request(request("c", "x", Act::Pass, Act::Pass));
    assert_eq!(updated(&bench.wait_end()), ["c"]);
}

#[test]
fn a_failure_says_what_to_do_and_the_worker_lives_on() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "x", Act::Fail, Act::Pass));
    let events = bench.wait_end();
    let problem = failed(&events).unwrap();
    assert_eq!(problem.detail, "orders.csv is empty");
    assert_eq!(problem.advice, "Choose another file.");
    assert!(!bench.worker.busy());
    bench
        .worker
        .request(request("b", "x", Act::Pass, Act::Pass));
    assert_eq!(updated(&bench.wait_end()), ["b"]);
}

#[test]
fn a_panic_becomes_a_problem_and_the_worker_lives_on() {
    let mut bench = Bench::new();
    for (reading, computing, what) in [
        (Act::Panic, Act::Pass, "a reading"),
        (Act::Pass, Act::Panic, "a computing"),
    ] {
        bench.worker.request(request("a", "x", reading, computing));
        let events = bench.wait_end();
        let problem = failed(&events).unwrap();
        assert!(problem.title.contains(what), "{problem:?}");
        assert_eq!(problem.detail, format!("boom in {what}"));
        bench
            .worker
            .request(request("b", "x", Act::Pass, Act::Pass));
        assert_eq!(updated(&bench.wait_end()), ["b"]);
    }
}

#[test]
fn progress_carries_the_stage_and_belongs_to_the_newest_request() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "x", Act::Gate, Act::Pass));
    let is_reading =
        |event: &Event| matches!(event, Event::Progress(progress) if progress.stage == "a reading");
    bench.wait(is_reading);
    bench
        .worker
        .request(request("b", "x", Act::Pass, Act::Gate));
    bench.gate.send(()).unwrap();
    bench.wait(
        |event| matches!(event, Event::Progress(progress) if progress.stage == "b computing"),
    );
    bench.gate.send(()).unwrap();
    bench.wait_end();
    assert!(bench.worker.poll().is_empty(), "no progress after the end");
}

fn end_of(id: TaskId) -> impl Fn(&Event) -> bool {
    move |event| matches!(event, Event::Task { id: of, event: TaskEvent::Done(_) | TaskEvent::Failed(_) | TaskEvent::Cancelled, .. } if *of == id)
}

fn said(text: &str) -> Result<TaskOutcome, Problem> {
    Ok(TaskOutcome::Said(text.to_owned()))
}

fn outcomes(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Task { name, event, .. } => match event {
                TaskEvent::Started => Some(format!("{name} started")),
                TaskEvent::Progress(_) => None,
                TaskEvent::Done(TaskOutcome::Said(text)) => Some(format!("{name}: {text}")),
                TaskEvent::Done(outcome) => Some(format!("{name}: {outcome:?}")),
                TaskEvent::Failed(problem) => Some(format!("{name} failed: {}", problem.detail)),
                TaskEvent::Cancelled => Some(format!("{name} cancelled")),
            },
            _ => None,
        })
        .collect()
}

#[test]
fn tasks_run_one_after_the_other_and_none_is_dropped() {
    let mut bench = Bench::new();
    let mut last = None;
    for number in 0..5 {
        let name = format!("export {number}");
        last = Some(
            bench
                .worker
                .run_task(Lane::Short, name, move |_| said(&number.to_string())),
        );
    }
    let events = bench.wait(end_of(last.unwrap()));
    let expected: Vec<_> = (0..5)
        .flat_map(|n| [format!("export {n} started"), format!("export {n}: {n}")])
        .collect();
    assert_eq!(outcomes(&events), expected);
}

#[test]
fn a_long_task_holds_up_neither_numbers_nor_exports() {
    let mut bench = Bench::new();
    let (open, gate) = mpsc::channel::<()>();
    let training = bench
        .worker
        .run_task(Lane::Long, "training", move |monitor| {
            monitor.progress("fold 1 of 5", 1, 5);
            gate.recv_timeout(DEADLINE).unwrap();
            said("trained")
        });
    bench.wait(|event| matches!(event, Event::Task { event: TaskEvent::Progress(p), .. } if p.stage == "fold 1 of 5"));
    bench
        .worker
        .request(request("a", "x", Act::Pass, Act::Pass));
    assert_eq!(updated(&bench.wait_end()), ["a"]);
    let export = bench
        .worker
        .run_task(Lane::Short, "export", |_| said("written"));
    assert_eq!(
        outcomes(&bench.wait(end_of(export))),
        ["export started", "export: written"]
    );
    open.send(()).unwrap();
    assert_eq!(
        outcomes(&bench.wait(end_of(training))),
        ["training: trained"]
    );
}

#[test]
fn tasks_can_be_cancelled_running_or_waiting() {
    let mut bench = Bench::new();
    let (begun_sender, begun) = mpsc::channel();
    let running = bench
        .worker
        .run_task(Lane::Short, "running", move |monitor| {
            begun_sender.send(()).unwrap();
            loop {
                monitor.check()?;
                std::thread::yield_now();
            }
        });
    let waiting = bench
        .worker
        .run_task(Lane::Short, "waiting", |_| said("never"));
    begun.recv_timeout(DEADLINE).unwrap();
    bench.worker.cancel_task(waiting);
    bench.worker.cancel_task(running);
    let mut seen = outcomes(&bench.wait(end_of(running)));
    seen.sort();
    assert_eq!(
        seen,
        ["running cancelled", "running started", "waiting cancelled"]
    );
}

#[test]
fn a_task_that_panics_or_fails_takes_nothing_with_it() {
    let mut bench = Bench::new();
    bench
        .worker
        .run_task(Lane::Short, "bad", |_| panic!("no luck"));
    bench.worker.run_task(Lane::Short, "worse", |_| {
        Err(Problem::new(
            "The list could not be written",
            "disk full",
            "Free some space.",
        ))
    });
    let good = bench
        .worker
        .run_task(Lane::Short, "good", |_| said("written"));
    assert_eq!(
        outcomes(&bench.wait(end_of(good))),
        [
            "bad started",
            "bad failed: no luck",
            "worse started",
            "worse failed: disk full",
            "good started",
            "good: written",
        ]
    );
}

#[test]
fn closing_the_window_stops_everything_quickly() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "x", Act::Pass, Act::Listen));
    bench.wait_log("a computing begins");
    bench.worker.run_task(Lane::Long, "training", |monitor| {
        loop {
            monitor.check()?;
            std::thread::yield_now();
        }
    });
    let start = Instant::now();
    drop(bench.worker);
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
    let rest: Vec<_> = bench.log.iter().collect();
    assert_eq!(rest, ["a computing cancelled"], "the thread has ended");
}
