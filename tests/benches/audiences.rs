//! How long the Audiences view waits at a million customers: each of its stages, and what a slider of
//! the planner costs a frame.
//!
//! `cargo bench --profile dev --bench audiences`; `KEEPERS_BENCH_CUSTOMERS` sets another size. CPU time
//! of all threads stands beside the clock, because a clock on a shared machine tells little.

// A bench has nobody to hand an error to.
#![allow(clippy::expect_used)]

#[path = "../common/cost.rs"]
mod cost;
mod made_up;

use std::{
    hint::black_box,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use keepers::{
    audiences::{ListKind, campaign::Ranking, progress::Steps},
    data::orders::Orders,
    pipeline::{
        Pipeline, Request, Snapshot, Wants,
        cx::{Cancel, Monitor},
    },
    project::{Project, Source},
};

use cost::cpu_ms;
use made_up::{DAYS, InMemory, Person};

/// Between 1 and 19 orders a customer; most stop some time before the end.
fn shop() -> Orders {
    made_up::three_years(0, |chance, days| {
        let start = chance.below(DAYS);
        let end = start + 1 + chance.below(DAYS - start);
        days.push(start);
        let more = chance.below(19);
        days.extend((0..more).map(|_| start + chance.below(end - start)));
        let usual = 500 + chance.below(8_000);
        Person {
            cents: usual..usual + 4_000,
            country: 0,
        }
    })
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
    let orders = shop();
    println!("{} customers, {} lines", orders.customers(), orders.lines());
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
