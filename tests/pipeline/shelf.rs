//! Made-up shops and how the tests run a pipeline on them.

use std::sync::{Arc, Mutex};

use keepers::{
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    data::dataset::quality::QualityReport,
    data::dataset::{Dataset, Shape},
    data::day::{Day, parse_iso},
    data::lines::in_memory::{Kind, Line, assemble},
    data::orders::Orders,
    pipeline::{
        Pipeline, Request, Snapshot,
        cx::Monitor,
        snapshot::Shop,
        source::{Fingerprint, Loader, Stamp},
    },
    project::{Project, Source},
};

pub(crate) fn day(text: &str) -> Day {
    parse_iso(text).unwrap()
}

/// A small shop from a fixed recurrence: 300 customers, 2024, with credits and cancelled lines.
pub(crate) fn made_up_orders(seed: u64) -> Orders {
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
    assemble(&lines, &["region"]).unwrap()
}

pub(crate) fn dataset(name: &str, orders: Orders) -> Dataset {
    Dataset {
        tables: Vec::new(),
        name: name.to_owned(),
        shape: Shape::OrderLog,
        files: Vec::new(),
        orders: Arc::new(orders),
        quality: QualityReport::default(),
        understanding: keepers::data::dataset::understanding::Understanding::default(),
        remarks: Vec::new(),
    }
}

/// Shops in memory, by the name of the one file; what the "files" look like can be changed.
#[derive(Clone, Default)]
pub(crate) struct Shelf {
    files: Arc<Mutex<Fingerprint>>,
}

impl Shelf {
    pub(crate) fn touch(&self, file: &str, stamp: Option<u64>) {
        let stamp = stamp.map(|bytes| Stamp {
            bytes,
            modified: None,
        });
        self.files.lock().unwrap().files = vec![(file.into(), stamp)];
    }
}

impl Loader for Shelf {
    fn fingerprint(&self, _: &Source) -> Fingerprint {
        self.files.lock().unwrap().clone()
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
            "empty" => Ok(dataset(&name, assemble(&[], &[]).unwrap())),
            "cancelled" => {
                let line = Line {
                    customer: "1".to_owned(),
                    day: day("2024-05-05"),
                    amount: 10.0,
                    kind: Kind::NotKept,
                    ..Line::default()
                };
                Ok(dataset(&name, assemble(&[line], &[]).unwrap()))
            }
            "other" => Ok(dataset(&name, made_up_orders(2))),
            _ => Ok(dataset(&name, made_up_orders(1))),
        }
    }
}

pub(crate) fn project(file: &str) -> Project {
    Project {
        source: Source::Files(vec![file.into()]),
        ..Project::default()
    }
}

pub(crate) fn request(project: &Project) -> Request {
    Request {
        project: Arc::new(project.clone()),
        ..Request::default()
    }
}

pub(crate) fn run(pipeline: &mut Pipeline, request: &Request) -> Arc<Snapshot> {
    pipeline
        .run(request, &Monitor::silent(), &mut |_| {})
        .unwrap()
}

pub(crate) fn shop(snapshot: &Snapshot) -> &Shop {
    snapshot.shop.as_ref().unwrap()
}

/// Which artefacts of two shops are the very same `Arc`.
pub(crate) fn shared(one: &Snapshot, two: &Snapshot) -> Vec<&'static str> {
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

pub(crate) fn same_numbers(one: &Snapshot, two: &Snapshot) -> bool {
    let (a, b) = (shop(one), shop(two));
    a.as_of == b.as_of
        && a.dataset.orders == b.dataset.orders
        && a.customers == b.customers
        && a.scores == b.scores
        && a.segments == b.segments
        && a.cohorts == b.cohorts
        && a.overview == b.overview
        && a.selected == b.selected
        && a.details == b.details
        && one.warnings == two.warnings
}

pub(crate) fn pipeline() -> Pipeline {
    Pipeline::with_loader(Box::new(Shelf::default()))
}

/// Runs the stages for the default project and for one with a change.
pub(crate) fn before_and_after(
    change: impl FnOnce(&mut Request, &mut Project),
) -> (Arc<Snapshot>, Arc<Snapshot>) {
    let mut pipeline = pipeline();
    let mut project = project("shop");
    let before = run(&mut pipeline, &request(&project));
    let mut changed = request(&project);
    change(&mut changed, &mut project);
    changed.project = Arc::new(project);
    let after = run(&mut pipeline, &changed);
    assert!(after.revision > before.revision);
    (before, after)
}
