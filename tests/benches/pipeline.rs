//! How long the window waits for new numbers: one step of the as-of date, one rule dragged, one
//! selection, through the whole pipeline, at a million customers and ten million lines.
//!
//! First the budget: what a step of a drag costs, with limits, and the most memory held. Fails above them.
//!
//! `cargo bench --profile dev --bench pipeline`; `KEEPERS_BENCH_CUSTOMERS` sets another size.

// A bench has nobody to hand an error to.
#![allow(clippy::expect_used)]

#[path = "../common/cost.rs"]
mod cost;
mod made_up;

use std::{hint::black_box, sync::Arc};

use cost::{Cost, Watch, peak_memory_mib, typical};
use criterion::{Criterion, criterion_group, criterion_main};
use keepers::{
    analysis::{
        cut_points::{CutPoints, Measure},
        rfm::TieRule,
        rules::{Comparison, Condition, Field, default_rules},
        selection::{Part, Selection},
    },
    pipeline::{
        Pipeline, Request, Snapshot,
        cx::{Cancel, Monitor},
    },
    project::{Project, SegmentSpec, Source},
};
use made_up::{FIRST_DAY, InMemory, shop};

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
        let watch = Watch::start();
        for step in 0..steps {
            self.project.as_of = Some(FIRST_DAY + 100 + step * 10);
            self.run_until_shown();
        }
        let each = watch.cost().cpu_ms / f64::from(steps);
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

/// CPU time of a step of a drag, drawing not included.
const STEP_LIMIT_MS: f64 = 8.0;
/// Wall time of a step over half of the customers.
const JUMP_LIMIT_MS: f64 = 8.0;
/// The most memory the shop may ever take.
const MEMORY_LIMIT_MIB: f64 = 1_536.0;
/// Steps measured, after as many to fill the memos.
const STEPS: u32 = 48;

const CUTS: CutPoints = CutPoints {
    recency_days: [400.0, 200.0, 100.0, 30.0],
    frequency: [2.0, 5.0, 9.0, 14.0],
    monetary: [200.0, 500.0, 1_000.0, 1_600.0],
};

/// What a drag sets at each step.
type Place = fn(&mut Project, u32);

fn cut(project: &mut Project, measure: Measure, value: f64) {
    project.ties = TieRule::Fixed(CUTS.with(measure, 2, value));
}

fn least(field: Field, value: f64) -> Condition {
    Condition::Test(field, Comparison::AtLeast, value)
}

/// The first rule asks for so much of a value, beside scores and an attribute.
fn ask(project: &mut Project, test: Condition) {
    let here = Condition::OneOf("country".to_owned(), vec!["country 03".to_owned()]);
    let beside = Condition::Any(vec![here, least(Field::FScore, 4.0)]);
    project.rules[0].when = Condition::All(vec![least(Field::RScore, 4.0), test, beside]);
}

/// What is dragged, and to where; nothing comes twice within what a stage remembers.
const DRAGS: [(&str, Place); 6] = [
    ("cut point of monetary value", |project, step| {
        cut(project, Measure::Monetary, 900.0 + f64::from(step));
    }),
    ("cut point of recency", |project, step| {
        cut(project, Measure::Recency, 101.0 + f64::from(step));
    }),
    ("money in a rule", |project, step| {
        ask(project, least(Field::Monetary, 500.0 + f64::from(step)));
    }),
    ("order value in a rule", |project, step| {
        ask(project, least(Field::Aov, 90.0 + 0.1 * f64::from(step)));
    }),
    ("tenure in a rule", |project, step| {
        ask(project, least(Field::TenureDays, 300.0 + f64::from(step)));
    }),
    ("score in rules over scores", |project, step| {
        let tests = [(Field::RScore, step % 6), (Field::MScore, step / 6)];
        let tests = tests.map(|(field, score)| least(field, f64::from(score)));
        project.rules[0].when = Condition::All(tests.to_vec());
    }),
];

/// As [`DRAGS`], over half of the customers at each step.
const JUMPS: [(&str, Place); 3] = [
    ("cut point of monetary value", |project, step| {
        let value = if step % 2 == 0 { 510.0 } else { 1_590.0 };
        cut(project, Measure::Monetary, value + f64::from(step % 7));
    }),
    ("cut point of frequency", |project, step| {
        let value = if step % 2 == 0 { 5.0 } else { 13.0 };
        cut(
            project,
            Measure::Frequency,
            value + f64::from(step % 5) * 0.1,
        );
    }),
    ("money in a rule", |project, step| {
        let value = if step % 2 == 0 { 300.0 } else { 1_500.0 };
        ask(project, least(Field::Monetary, value + f64::from(step % 7)));
    }),
];

impl Desk {
    /// What the window asks for while something is dragged: live, beside the state before.
    fn dragged(&mut self, place: Place) -> Cost {
        let (ties, rules) = (self.project.ties, self.project.rules.clone());
        place(&mut self.project, 0);
        self.run();
        self.before = Some(Arc::new(SegmentSpec::of(&self.project)));
        self.live = true;
        let mut costs = Vec::new();
        for step in 1..=2 * STEPS {
            place(&mut self.project, step);
            let watch = Watch::start();
            self.run();
            // The first steps fill the memos.
            if step > STEPS {
                costs.push(watch.cost());
            }
        }
        (self.project.ties, self.project.rules) = (ties, rules);
        self.live = false;
        self.before = None;
        self.run();
        typical(&costs)
    }
}

/// Everything that can be dragged; what costs too much is added.
fn drags(desk: &mut Desk, beside: &str, over: &mut Vec<String>) {
    for (what, place) in DRAGS {
        let Cost { cpu_ms, wall_ms } = desk.dragged(place);
        let what = format!("{what}{beside}");
        println!("drag, {what}: {cpu_ms:.2} ms CPU a step, {wall_ms:.2} ms until published");
        let most = cpu_ms.max(wall_ms);
        if most > STEP_LIMIT_MS {
            over.push(format!("{what}: {most:.2} ms, limit {STEP_LIMIT_MS} ms"));
        }
    }
}

/// Drags, a step of the date, a selection of a tenth of the shop; returns what costs too much.
fn budget(desk: &mut Desk) -> Vec<String> {
    let mut over = Vec::new();
    drags(desk, "", &mut over);
    // The rule that is dragged is the one whose customers are selected: they change at every step.
    let first = desk.project.rules[0].name.clone();
    desk.selection = vec![Part::Segment(first)].into();
    drags(desk, ", its segment selected", &mut over);
    desk.selection = Selection::default();
    desk.run();
    for (what, place) in JUMPS {
        let Cost { cpu_ms, wall_ms } = desk.dragged(place);
        println!("jump, {what}: {cpu_ms:.2} ms CPU a step, {wall_ms:.2} ms until published");
        if wall_ms > JUMP_LIMIT_MS {
            over.push(format!(
                "jump, {what}: {wall_ms:.2} ms, limit {JUMP_LIMIT_MS} ms"
            ));
        }
    }
    desk.project.as_of = Some(FIRST_DAY + 900);
    desk.run();
    desk.project.as_of = None;
    let countries = 0..3;
    let here = countries.map(|number| Part::Attribute {
        name: "country".to_owned(),
        value: format!("country {number:02}"),
    });
    desk.selection = here.collect::<Vec<Part>>().into();
    let selected = desk.run().and_then(|snapshot| {
        let shop = snapshot.shop.as_ref()?;
        Some(shop.selected.customers.len())
    });
    desk.selection = Selection::default();
    desk.run();
    if let Some(peak) = peak_memory_mib() {
        println!(
            "most memory held, after the drags, a step of the date and a selection of {} customers: \
             {peak:.0} MiB",
            selected.unwrap_or(0)
        );
        if peak > MEMORY_LIMIT_MIB {
            over.push(format!("{peak:.0} MiB, limit {MEMORY_LIMIT_MIB} MiB"));
        }
    }
    desk.project.rules = default_rules();
    over
}

/// A loaded shop of the wanted size.
fn open() -> Desk {
    let orders = Arc::new(shop());
    println!("{} customers, {} lines", orders.customers(), orders.lines());
    Desk {
        pipeline: Pipeline::with_loader(Box::new(InMemory(orders))),
        project: Project {
            source: Source::Sample,
            ..Project::default()
        },
        selection: Selection::default(),
        live: false,
        before: None,
    }
}

#[allow(clippy::too_many_lines)] // a list of measurements
fn bench(criterion: &mut Criterion) {
    let mut desk = open();
    let mut group = criterion.benchmark_group("pipeline");
    group.sample_size(20);
    desk.run();
    desk.print("everything, first run");
    let over = budget(&mut desk);

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
    assert!(over.is_empty(), "over budget: {over:?}");
}

criterion_group!(benches, bench);
criterion_main!(benches);
