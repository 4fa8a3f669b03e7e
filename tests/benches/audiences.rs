//! How long the Audiences view waits at a million customers: each of its stages, and what a slider of
//! the planner costs a frame.
//!
//! `cargo bench --profile dev --bench audiences`; `KEEPERS_BENCH_CUSTOMERS` sets another size. CPU time
//! of all threads stands beside the clock, because a clock on a shared machine tells little.

use std::{
    hint::black_box,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use keepers::{
    audiences::{ListKind, campaign::Ranking, progress::Steps},
    data::{
        dataset::{Dataset, Shape},
        day::Day,
        error::DataError,
        options::ReadOptions,
        orders::{Orders, flag},
        quality::QualityReport,
    },
    pipeline::{
        Pipeline, Request, Snapshot, Wants,
        cx::{Cancel, Monitor},
        source::{Fingerprint, Loader},
    },
    project::{Project, Source},
};

/// 2022-01-01; three years of orders follow.
const FIRST_DAY: Day = 18_993;
const DAYS: u64 = 1_096;

/// Between 1 and 19 orders a customer; most stop some time before the end.
fn made_up_orders(customers: u64) -> Option<Orders> {
    let mut state = 7_u64;
    let mut draw = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut orders = Orders::default();
    orders.offsets.push(0);
    let mut days = Vec::new();
    for customer in 0..customers {
        orders.customer_ids.push(&customer.to_string()).ok()?;
        let start = draw(DAYS);
        let end = start + 1 + draw(DAYS - start);
        days.clear();
        days.push(start);
        days.extend((0..draw(19)).map(|_| start + draw(end - start)));
        days.sort_unstable();
        days.dedup();
        let usual = 500 + draw(8_000);
        for &day in &days {
            orders.orders.push(orders.days.len() as u32);
            orders.days.push(FIRST_DAY + day as Day);
            orders.amounts.push((usual + draw(4_000)) as f64 / 100.0);
            orders.flags.push(flag::ORDER_START | flag::DAY_START);
        }
        orders.offsets.push(orders.days.len() as u32);
    }
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
    pipeline: Pipeline,
    project: Project,
    people: bool,
}

impl Desk {
    /// Brings everything up to date and says what that took; every stage says when it begins.
    fn run(&mut self, what: &str) -> Option<Arc<Snapshot>> {
        let request = Request {
            project: Arc::new(self.project.clone()),
            wants: Wants {
                people: self.people,
                ..Wants::default()
            },
            ..Request::default()
        };
        let began: Arc<Mutex<Vec<(String, Instant, f64)>>> = Arc::default();
        let seen = Arc::clone(&began);
        let monitor = Monitor::new(Cancel::default(), move |progress| {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.last().is_none_or(|(name, ..)| *name != progress.stage) {
                seen.push((progress.stage.clone(), Instant::now(), cpu_ms()));
            }
        });
        let (start, spent) = (Instant::now(), cpu_ms());
        let result = self.pipeline.run(&request, &monitor, &mut |_| {});
        let (end, after) = (Instant::now(), cpu_ms());
        println!(
            "{what}: {:.0} ms by the clock, {:.0} ms of CPU",
            (end - start).as_secs_f64() * 1e3,
            after - spent
        );
        let began = began.lock().unwrap_or_else(PoisonError::into_inner);
        for (at, (name, from, cpu)) in began.iter().enumerate() {
            let (until, then) = began
                .get(at + 1)
                .map_or((end, after), |(_, from, cpu)| (*from, *cpu));
            println!(
                "  {:>7.0} ms {:>7.0} ms CPU  {name}",
                (until - *from).as_secs_f64() * 1e3,
                then - cpu
            );
        }
        result.ok()
    }
}

/// CPU time of this process so far, user and system, in steps of 10 ms; 0 where it is not told.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|field| field.parse::<u64>().ok()).sum();
    ticks as f64 * 10.0
}

/// What the planner works out anew in every frame while a slider is dragged.
fn drag(snapshot: &Snapshot) {
    const FRAMES: u32 = 1_000;
    let Some(people) = snapshot.shop.as_ref().and_then(|shop| shop.people.as_ref()) else {
        println!("no audiences");
        return;
    };
    let mut terms = Project::default().audiences.campaign;
    let start = Instant::now();
    for frame in 0..FRAMES {
        terms.depth = f64::from(frame) / f64::from(FRAMES);
        terms.cost_per_contact = 0.5 + terms.depth;
        let curves = &people.curves;
        for step in 0..=100 {
            let contacts = curves.contacts(f64::from(step) / 100.0);
            for ranking in Ranking::ALL {
                black_box(curves.outcome(ranking, contacts, &terms));
            }
            black_box(curves.interval(contacts, &terms));
        }
        black_box((curves.best(&terms), curves.break_even(&terms)));
    }
    let each = start.elapsed().as_secs_f64() * 1e3 / f64::from(FRAMES);
    println!("a frame of a drag in the planner: {each:.3} ms");
}

fn main() {
    let customers = std::env::var("KEEPERS_BENCH_CUSTOMERS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let Some(orders) = made_up_orders(customers) else {
        println!("too many customers");
        return;
    };
    println!("{customers} customers, {} lines", orders.lines());
    let mut desk = Desk {
        pipeline: Pipeline::with_loader(Box::new(InMemory(Arc::new(orders)))),
        project: Project {
            source: Source::Sample,
            ..Project::default()
        },
        people: false,
    };
    desk.run("the shop, before anybody looks at audiences");
    desk.people = true;
    let Some(snapshot) = desk.run("audiences, first time") else {
        println!("nothing was worked out");
        return;
    };
    drag(&snapshot);
    desk.project.audiences.lists.missed_gaps = 2.0;
    desk.run("a threshold of a list");
    desk.project.audiences.bands.high_top = 0.3;
    desk.run("a band of the matrix");
    desk.project.audiences.campaign.audience = Some(ListKind::ChurnRisk);
    desk.run("another audience for the campaign");
    desk.project.audiences.steps = Steps {
        lower: vec!["Dormant".to_owned()],
        higher: vec!["Regulars".to_owned()],
    };
    desk.run("other steps of progress");
    desk.project.audiences.horizon_days = 180;
    desk.run("another horizon");
}
