//! How long the window waits for new numbers: one step of the as-of date, one rule dragged, one
//! selection, through the whole pipeline, at a million customers and ten million lines.
//!
//! `cargo bench --profile dev --bench pipeline`; `KEEPERS_BENCH_CUSTOMERS` sets another size.

use std::{hint::black_box, sync::Arc};

use criterion::{Criterion, criterion_group, criterion_main};
use keepers::{
    analysis::{
        cut_points::{CutPoints, Measure},
        rfm::TieRule,
        segments::{Comparison, Condition, Field},
        selection::{Part, Selection},
    },
    data::{
        dataset::{Dataset, Shape},
        day::Day,
        error::DataError,
        options::ReadOptions,
        orders::{Attribute, Codes, Orders, TextPool, flag},
        quality::QualityReport,
    },
    pipeline::{
        Pipeline, Request, Snapshot,
        cx::{Cancel, Monitor},
        source::{Fingerprint, Loader},
    },
    project::{Project, SegmentSpec, Source},
};

/// 2022-01-01; three years of orders follow.
const FIRST_DAY: Day = 18_993;
const DAYS: u64 = 1_096;

/// Ten lines a customer on average: between 1 and 19, each an order on a day of its own.
fn made_up_orders(customers: u64) -> Option<Orders> {
    let mut state = 7_u64;
    let mut draw = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut orders = Orders::default();
    let mut countries = Vec::new();
    orders.offsets.push(0);
    let mut days = Vec::new();
    for customer in 0..customers {
        orders.customer_ids.push(&customer.to_string()).ok()?;
        let start = draw(DAYS);
        days.clear();
        days.extend((0..=draw(19)).map(|_| start + draw(DAYS - start)));
        days.sort_unstable();
        days.dedup();
        let country = draw(30) as u8;
        for &day in &days {
            orders.orders.push(orders.days.len() as u32);
            orders.days.push(FIRST_DAY + day as Day);
            orders.amounts.push((100 + draw(20_000)) as f64 / 100.0);
            orders.flags.push(flag::ORDER_START | flag::DAY_START);
            countries.push(country);
        }
        orders.offsets.push(orders.days.len() as u32);
    }
    let names: Vec<String> = (0..30).map(|code| format!("country {code:02}")).collect();
    orders.attributes.push(Attribute {
        name: "country".to_owned(),
        codes: Codes::U8(countries),
        values: names.iter().map(String::as_str).collect::<TextPool>(),
    });
    Some(orders)
}

struct InMemory(Arc<Orders>);

impl Loader for InMemory {
    fn fingerprint(&self, _: &Source) -> Fingerprint {
        Fingerprint::default()
    }

    fn load(&self, _: &Source, _: &ReadOptions, _: &Monitor) -> Result<Dataset, DataError> {
        Ok(Dataset {
            tables: Vec::new(),
            name: "made up".to_owned(),
            shape: Shape::OrderLog,
            files: Vec::new(),
            orders: Arc::clone(&self.0),
            quality: QualityReport::default(),
            remarks: Vec::new(),
        })
    }
}

struct Desk {
    live: bool,
    before: Option<Arc<SegmentSpec>>,
    pipeline: Pipeline,
    project: Project,
    selection: Selection,
}

impl Desk {
    fn run(&mut self) -> Option<Arc<Snapshot>> {
        let request = Request {
            project: Arc::new(self.project.clone()),
            selection: self.selection.clone(),
            live: self.live,
            before: self.before.clone(),
            ..Request::default()
        };
        let result = self.pipeline.run(&request, &Monitor::silent(), &mut |_| {});
        black_box(result.ok())
    }

    /// As while a date is dragged: the run is left as soon as its numbers can be shown, because the
    /// next date is wanted by then. The Overview's lower half and the filing for later steps do not run.
    fn run_until_shown(&mut self) {
        let request = Request {
            project: Arc::new(self.project.clone()),
            selection: self.selection.clone(),
            live: self.live,
            before: self.before.clone(),
            ..Request::default()
        };
        let cancel = Cancel::default();
        let monitor = Monitor::new(cancel.clone(), |_| {});
        let _ = black_box(
            self.pipeline
                .run(&request, &monitor, &mut |_| cancel.cancel()),
        );
    }

    /// CPU time of steps over the whole history, which wall time on a shared machine does not tell.
    fn print_cpu(&mut self, steps: i32) {
        let Some(before) = cpu_ms() else {
            println!("no CPU time: there is no /proc/self/stat here");
            return;
        };
        for step in 0..steps {
            self.project.as_of = Some(FIRST_DAY + 100 + step * 10);
            self.run_until_shown();
        }
        let spent = cpu_ms().unwrap_or(before) - before;
        let each = spent / f64::from(steps);
        println!("CPU, all threads: {each:.1} ms a step");
    }

    /// Time of each stage when it last ran.
    fn print(&self, what: &str) {
        println!("{what}");
        for stage in self.pipeline.stats() {
            println!("  {:>8.2?}  {}", stage.last_run, stage.name);
        }
    }
}

/// CPU time of this process so far, user and system, in steps of 10 ms.
fn cpu_ms() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks: Vec<u64> = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse().ok())
        .collect();
    Some(ticks.iter().sum::<u64>() as f64 * 10.0)
}

/// A loaded shop of the wanted size; `None` when it is too large.
fn open() -> Option<Desk> {
    let customers = std::env::var("KEEPERS_BENCH_CUSTOMERS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let orders = Arc::new(made_up_orders(customers)?);
    println!("{customers} customers, {} lines", orders.lines());
    Some(Desk {
        pipeline: Pipeline::with_loader(Box::new(InMemory(orders))),
        project: Project {
            source: Source::Sample,
            ..Project::default()
        },
        selection: Selection::default(),
        live: false,
        before: None,
    })
}

#[allow(clippy::too_many_lines)] // a list of measurements
fn bench(criterion: &mut Criterion) {
    let Some(mut desk) = open() else {
        println!("too many customers");
        return;
    };
    let mut group = criterion.benchmark_group("pipeline");
    group.sample_size(20);
    desk.run();
    desk.print("everything, first run");

    // More different values than any stage remembers.
    let mut step = 0;
    group.bench_function("as-of step until its numbers are shown", |bencher| {
        bencher.iter(|| {
            step = (step + 1) % 64;
            desk.project.as_of = Some(FIRST_DAY + 900 + step);
            desk.run_until_shown();
        });
    });
    desk.print_cpu(100);
    desk.print("each stage of such a step");
    group.bench_function("as-of step", |bencher| {
        bencher.iter(|| {
            step = (step + 1) % 64;
            desk.project.as_of = Some(FIRST_DAY + 900 + step);
            desk.run()
        });
    });
    group.bench_function("rule change", |bencher| {
        bencher.iter(|| {
            step = (step + 1) % 64;
            let test = |field, value| Condition::Test(field, Comparison::AtLeast, value);
            desk.project.rules[0].when = Condition::All(vec![
                test(Field::RScore, 4.0),
                test(Field::Monetary, 500.0 + f64::from(step)),
            ]);
            desk.run()
        });
    });
    group.bench_function("rule change, scores only", |bencher| {
        bencher.iter(|| {
            step = (step + 1) % 64;
            let test = |field, value| Condition::Test(field, Comparison::AtLeast, value);
            desk.project.rules[0].when = Condition::All(vec![
                test(Field::RScore, f64::from(step % 8)),
                test(Field::MScore, f64::from(step / 8)),
            ]);
            desk.run()
        });
    });
    // What the window asks for while something is dragged: live, beside the state before.
    desk.live = true;
    desk.before = Some(Arc::new(SegmentSpec::of(&desk.project)));
    let cuts = CutPoints {
        recency_days: [400.0, 200.0, 100.0, 30.0],
        frequency: [2.0, 5.0, 9.0, 14.0],
        monetary: [200.0, 500.0, 1_000.0, 1_600.0],
    };
    group.bench_function("cut point dragged", |bencher| {
        bencher.iter(|| {
            step = (step + 1) % 64;
            let moved = cuts.with(Measure::Monetary, 2, 900.0 + f64::from(step));
            desk.project.ties = TieRule::Fixed(moved);
            desk.run()
        });
    });
    desk.project.ties = TieRule::Share;
    group.bench_function("rule threshold dragged", |bencher| {
        bencher.iter(|| {
            step = (step + 1) % 64;
            let test = |field, value| Condition::Test(field, Comparison::AtLeast, value);
            let here = Condition::OneOf("country".to_owned(), vec!["country 03".to_owned()]);
            desk.project.rules[0].when = Condition::All(vec![
                test(Field::RScore, 4.0),
                test(Field::Monetary, 500.0 + f64::from(step)),
                Condition::Any(vec![here, test(Field::FScore, 4.0)]),
            ]);
            desk.run()
        });
    });
    desk.live = false;
    desk.before = None;
    group.bench_function("selection of a segment", |bencher| {
        bencher.iter(|| {
            step = (step + 1) % 6;
            let name = desk.project.rules[step as usize].name.clone();
            desk.selection.parts = vec![Part::Segment(name)];
            desk.run()
        });
    });
    group.bench_function("nothing changed", |bencher| bencher.iter(|| desk.run()));
    group.finish();
    desk.print("each stage, last time");
}

criterion_group!(benches, bench);
criterion_main!(benches);
