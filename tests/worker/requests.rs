//! The interactive lane.

use std::time::{Duration, Instant};

use keepers::worker::event::Event;

use crate::script::*;

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
fn a_drag_is_followed_step_by_step() {
    let mut bench = Bench::new();
    bench.worker.follow(request("a", "x", Act::Pass, Act::Gate));
    bench.wait_log("a computing begins");
    for label in ["b", "c"] {
        bench
            .worker
            .follow(request(label, "x", Act::Pass, Act::Gate));
    }
    bench.gate.send(()).unwrap();
    let events = bench.wait(|event| matches!(event, Event::Updated(_)));
    assert_eq!(updated(&events), ["a"], "shown though c is wanted by now");
    assert!(bench.worker.busy());
    bench.gate.send(()).unwrap();
    let events = bench.wait_end();
    assert_eq!(updated(&events), ["c"], "the newest one, and b never ran");
    let ends = events
        .iter()
        .filter(|event| matches!(event, Event::Finished));
    assert_eq!(ends.count(), 1);
    assert!(!bench.worker.busy());
}

#[test]
fn following_waits_for_no_other_data_and_cancel_ends_it() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "one", Act::Listen, Act::Pass));
    bench.wait_log("a reading begins");
    bench
        .worker
        .follow(request("b", "two", Act::Pass, Act::Listen));
    assert_eq!(
        bench.wait_log("b computing begins")[0],
        "a reading cancelled"
    );
    bench
        .worker
        .follow(request("c", "two", Act::Pass, Act::Pass));
    bench.worker.cancel();
    let events = bench.wait_end();
    assert!(
        matches!(events.last(), Some(Event::Cancelled)),
        "{events:?}"
    );
    assert!(!bench.worker.busy());
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

/// The window has its numbers from elsewhere: what came of the request must not take their place.
#[test]
fn nothing_of_an_abandoned_request_is_handed_out() {
    let mut bench = Bench::new();
    bench
        .worker
        .request(request("a", "x", Act::Pass, Act::Pass));
    bench.wait_log("a computing ends");
    // Its numbers and its end come within moments; either way nobody gets them.
    std::thread::sleep(Duration::from_millis(50));
    bench.worker.abandon();
    assert!(!bench.worker.busy() && bench.worker.poll().is_empty());
    bench
        .worker
        .request(request("b", "x", Act::Pass, Act::Pass));
    assert_eq!(updated(&bench.wait_end()), ["b"]);
}
