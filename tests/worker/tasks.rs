//! One-off tasks, and closing the window.

use std::{
    sync::mpsc::{self},
    time::{Duration, Instant},
};

use keepers::{
    pipeline::Problem,
    worker::{Lane, TaskEvent, TaskId, TaskOutcome, event::Event},
};

use crate::script::*;

fn end_of(id: TaskId) -> impl Fn(&Event) -> bool {
    move |event| matches!(event, Event::Task { id: of, event: TaskEvent::Done(_) | TaskEvent::Failed(_) | TaskEvent::Cancelled, .. } if *of == id)
}

// The form of a job.
#[allow(clippy::unnecessary_wraps)]
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
