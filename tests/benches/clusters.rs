//! K-means at a million customers: what a run costs, stage by stage, and how much memory; how soon Cancel
//! is heard; what a frame of the window costs meanwhile. Fails above the limits.
//!
//! `cargo bench --profile dev --bench clusters`; `KEEPERS_BENCH_CUSTOMERS` sets another size.

// A bench has nobody to hand an error to.
#![allow(clippy::expect_used)]

#[path = "../common/cost.rs"]
mod cost;
mod made_up;
mod watched;

use std::{sync::Arc, time::Instant};

use keepers::{
    analysis::{
        clusters::{ClusterSpec, Effort, features::Rows, fit::cluster},
        customers::customers_as_of,
    },
    pipeline::grouping::GroupingState,
    ui::{
        action::{Action, View},
        views::segments::{Section, Tune},
    },
};

use cost::{Watch, memory_mib, peak_memory_mib};
use made_up::{DAYS, FIRST_DAY, InMemory, shop};
use watched::{Book, FRAME_MS, Window};

/// Seconds until Cancel has been heard.
const ANSWER_S: f64 = 0.5;
/// Numbers of clusters that are run: the default and the most.
const NUMBERS: [usize; 2] = [4, 12];

/// A run to its end; whether Cancel would always have been heard in time.
fn to_the_end(shop: &InMemory, k: usize) -> bool {
    let as_of = FIRST_DAY + DAYS as i32;
    let customers = customers_as_of(&shop.0, as_of);
    let spec = ClusterSpec {
        k,
        ..ClusterSpec::default()
    };
    let (book, before) = (Book::default(), memory_mib());
    let watch = Watch::start();
    let (rows, effort) = (Rows::Customers(&customers), Effort::default());
    let found = cluster(rows, as_of, &spec, effort, &book.monitor()).expect("clusters");
    let cost = watch.cost();
    let more = peak_memory_mib().unwrap_or_default() - before;
    println!(
        "{k} clusters of {} customers, centres of {}: {:.2} s of CPU ({:.2} s), at most {more:.0} MiB more",
        found.rows,
        found.fitted_rows,
        cost.cpu_ms / 1e3,
        cost.wall_ms / 1e3,
    );
    let mut log = book.open();
    log.told("end".to_owned());
    for (stage, seconds) in &log.stages {
        println!("  {seconds:6.2} s  {stage}");
    }
    let (wall, cpu, stage) = &log.gap;
    println!("  longest without a look at Cancel: {cpu:.2} s of CPU ({wall:.2} s) in {stage}");
    *cpu <= ANSWER_S
}

fn running(window: &Window) -> Option<&str> {
    match &window.app.grouping().state {
        GroupingState::Running(progress) => Some(&progress.stage),
        _ => None,
    }
}

/// Cancels in the midst of a stage, and asks again: the lane is free once the new run tells something.
fn cancel_in(window: &mut Window, stage: &str) -> Option<f64> {
    let ctx = window.ctx.clone();
    window.app.act(&ctx, Action::FindClusters);
    while !running(window)?.contains(stage) {
        window.frame();
    }
    for _ in 0..10 {
        window.frame();
    }
    running(window)?;
    let asked = Instant::now();
    window.app.act(&ctx, Action::CancelClusters);
    window.app.act(&ctx, Action::FindClusters);
    while running(window)?.is_empty() {
        window.frame();
    }
    let answer = asked.elapsed().as_secs_f64();
    window.app.act(&ctx, Action::CancelClusters);
    Some(answer)
}

/// Draws 60 frames a second while clusters are looked for; whether the limits held.
fn in_the_window(shop: &InMemory) -> bool {
    let mut window = Window::open(shop);
    let ctx = window.ctx.clone();
    window.app.act(&ctx, Action::Show(View::Segments));
    window
        .app
        .act(&ctx, Action::Tune(Tune::Show(Section::Clusters)));
    for _ in 0..60 {
        window.frame();
    }
    let mut held = true;
    println!("in the window, 60 frames a second (limits {ANSWER_S} s, {FRAME_MS} ms)");
    for stage in ["Finding", "noise", "other samples"] {
        window.forget();
        let Some(answer) = cancel_in(&mut window, stage) else {
            println!("  {stage:<14} ended before it could be cancelled");
            continue;
        };
        println!("  {stage:<14} answer {answer:5.2} s · {}", window.costs());
        held &= answer <= ANSWER_S && window.worst_ms() <= FRAME_MS;
    }
    window.forget();
    window.app.act(&ctx, Action::FindClusters);
    while running(&window).is_some() {
        window.frame();
    }
    for _ in 0..60 {
        window.frame();
    }
    println!("  found and shown  {}", window.costs());
    assert!(window.app.grouping().found.is_some(), "clusters are found");
    held && window.worst_ms() <= FRAME_MS
}

fn main() {
    // `cargo test --benches` runs this too: nothing to measure then.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let shop = InMemory(Arc::new(shop()));
    println!("{} customers, {} lines", shop.0.customers(), shop.0.lines());
    let mut held = true;
    for k in NUMBERS {
        held &= to_the_end(&shop, k);
    }
    held &= in_the_window(&shop);
    assert!(held, "a limit was not kept");
}
