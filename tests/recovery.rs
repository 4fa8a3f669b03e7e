//! Nothing is lost: a window killed while someone works in it comes back with everything but, at
//! most, its last second.
//!
//! The test runs this very program again as a child: the real app on an engine without data, edited
//! many times a second. The child says when it made each edit; it is killed with SIGKILL, and what a
//! starting window finds is compared with what the child said.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used, clippy::unwrap_used)]

#[path = "common/engines.rs"]
mod engines;

use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use egui::{Context, RawInput};
use keepers::{
    analysis::selection::Part,
    app::{App, Options},
    project::{Source, session},
    ui::action::{Action, View},
};

use engines::Stub;

/// Names the data folder; set in the child only.
const FOLDER: &str = "KEEPERS_TEST_EDIT_IN";
const KILLS: u64 = 50;
const AT_ONCE: u64 = 5;
/// What may be lost.
const A_SECOND: u128 = 1_000;

fn milliseconds() -> u128 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_millis()
}

/// Not a test of its own: what the child does until it is killed.
#[test]
fn edits_until_killed() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let ctx = Context::default();
    let options = Options {
        data_folder: Some(folder.into()),
        source: Source::Sample,
        ..Options::default()
    };
    let mut app = App::with_engine(&ctx, options, Stub::Idle);
    let started = milliseconds();
    let mut out = std::io::stdout().lock();
    for edit in 1.. {
        let input = RawInput {
            time: Some((milliseconds() - started) as f64 / 1_000.0),
            ..RawInput::default()
        };
        let view = View::ALL[edit as usize % View::ALL.len()];
        app.act(&ctx, Action::SetAsOf(Some(edit)));
        app.act(&ctx, Action::Show(view));
        let _ = ctx.run_ui(input, |ui| app.ui(ui));
        app.act(&ctx, Action::ClearSelection);
        app.act(
            &ctx,
            Action::Select(Part::Customers(vec![format!("{edit:05}")])),
        );
        writeln!(out, "edit {edit} {}", milliseconds()).expect("the parent listens");
        out.flush().expect("the parent listens");
        thread::sleep(Duration::from_millis(15));
    }
}

fn child(folder: &Path) -> Child {
    Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "edits_until_killed", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child starts")
}

/// A made-up moment between 0 and 2.5 seconds, other for every kill.
fn moment(kill: u64) -> Duration {
    let mixed = (kill + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Duration::from_millis((mixed ^ (mixed >> 29)) % 2_500)
}

/// Kills a child at its moment; returns the edits that must be there, and those that can be.
fn killed(folder: &Path, kill: u64) -> (i32, i32) {
    let mut child = child(folder);
    let output = child.stdout.take().expect("piped");
    let reader = thread::spawn(move || {
        let edits: Vec<(i32, u128)> = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| {
                // The test harness may have begun the line.
                let (_, rest) = line.split_once("edit ")?;
                let (edit, time) = rest.split_once(' ')?;
                Some((edit.parse().ok()?, time.trim().parse().ok()?))
            })
            .collect();
        edits
    });
    thread::sleep(moment(kill));
    let time = milliseconds();
    child.kill().expect("SIGKILL");
    child.wait().expect("dead");
    let edits = reader.join().expect("read to its end");
    let last = edits.last().map_or(0, |&(edit, _)| edit);
    let must = edits
        .iter()
        .take_while(|(_, made)| made + A_SECOND < time)
        .map(|&(edit, _)| edit)
        .last();
    // The edit under way when the kill came may have been written and not yet said.
    (must.unwrap_or(0), last + 1)
}

#[test]
fn after_fifty_kills_at_most_the_last_second_is_lost() {
    let mut recovered = 0;
    for round in 0..KILLS / AT_ONCE {
        let kills: Vec<_> = (0..AT_ONCE)
            .map(|number| {
                thread::spawn(move || {
                    let folder = tempfile::tempdir().expect("a folder");
                    let kill = round * AT_ONCE + number;
                    let (must, can) = killed(folder.path(), kill);
                    let found = session::begin(folder.path());
                    assert!(found.problem.is_none(), "{:?}", found.problem);
                    let Some(crashed) = found.crashed.first() else {
                        assert_eq!(must, 0, "kill {kill}: nothing to recover");
                        return false;
                    };
                    let session = &crashed.session;
                    let edit = session.project.as_of.expect("edited");
                    assert!(
                        (must..=can).contains(&edit),
                        "kill {kill}: edit {edit} was kept; {must} to {can} expected"
                    );
                    assert_eq!(session.project.source, Source::Sample);
                    // One consistent moment: view and selection belong to the same or the next edit.
                    let view = View::of_name(&session.view).expect("a view");
                    assert_eq!(view, View::ALL[edit as usize % View::ALL.len()]);
                    true
                })
            })
            .collect();
        for kill in kills {
            recovered += u64::from(kill.join().expect("as asserted"));
        }
    }
    println!("{recovered} of {KILLS} kills had something to recover");
    assert!(recovered > KILLS / 3, "{recovered} of {KILLS}");
}
