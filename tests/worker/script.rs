//! An engine that waits, fails and panics on demand.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    time::{Duration, Instant},
};

use keepers::{
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    pipeline::{
        PipelineError, Problem, Request, Snapshot,
        cx::{Cancelled, Monitor},
    },
    project::{Project, Source},
    worker::{Engine, Worker, event::Event},
};

pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// What the engine does in a step; the request carries it in the currency text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
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
pub(crate) fn request(label: &str, source: &str, reading: Act, computing: Act) -> Request {
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

pub(crate) struct Script {
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

pub(crate) fn acts(request: &Request) -> (String, Act, Act) {
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
pub(crate) struct Bench {
    pub(crate) worker: Worker,
    pub(crate) woken: Receiver<()>,
    pub(crate) log: Receiver<String>,
    pub(crate) gate: Sender<()>,
    pub(crate) events: Vec<Event>,
}

impl Bench {
    pub(crate) fn new() -> Self {
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
    pub(crate) fn wait_log(&self, line: &str) -> Vec<String> {
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
    pub(crate) fn wait(&mut self, until: impl Fn(&Event) -> bool) -> Vec<Event> {
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

    pub(crate) fn wait_end(&mut self) -> Vec<Event> {
        self.wait(|event| matches!(event, Event::Finished | Event::Failed(_) | Event::Cancelled))
    }
}

/// Labels of the snapshots among the events.
pub(crate) fn updated(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Updated(snapshot) => Some(snapshot.warnings[0].clone()),
            _ => None,
        })
        .collect()
}

pub(crate) fn failed(events: &[Event]) -> Option<&Problem> {
    events.iter().find_map(|event| match event {
        Event::Failed(problem) => Some(problem),
        _ => None,
    })
}
