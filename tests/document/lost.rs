//! Nothing is lost: two windows on one project, half-written and newer files, places that cannot be
//! written to.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use keepers::{
    project::{Source, file, session},
    ui::{
        action::Action,
        frame::asks::{Ask, FileAction},
    },
};

use crate::{PATIENCE, Window, orders_in};

#[test]
fn a_damaged_session_is_kept_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let path = {
        let slot = session::begin(&data).slot.expect("a slot");
        slot.path().to_owned()
    };
    fs::write(&path, "(project: (version: 1, sour").expect("written");
    let window = Window::new(&data);
    let told = window.app.notices().iter();
    let told: Vec<&str> = told.map(|notice| notice.why.as_str()).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with(&format!("{} is damaged", path.display())));
    drop(window);
    assert!(path.exists(), "it is left alone");
}

#[test]
fn what_another_window_saved_is_not_overwritten_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let path = folder.path().join("talk.keepers.ron");
    let mut first = Window::new(&data);
    first.act(Action::Open(Source::Files(vec![orders_in(folder.path())])));
    first.act(Action::SetAsOf(Some(19_780)));
    first.save_at(&path);
    first.until("saved", |app| !app.unsaved());

    let mut second = Window::new(&data);
    assert_eq!(
        second.app.ask(),
        None,
        "the first one lives: nothing to recover"
    );
    second.act(Action::Open(Source::Files(vec![path.clone()])));
    second.act(Action::SetAsOf(Some(19_790)));
    first.act(Action::SetAsOf(Some(19_785)));
    first.answer(FileAction::Save);
    first.until("saved again, unasked", |app| !app.unsaved());

    second.answer(FileAction::Save);
    let asked = Ask::Changed { path: path.clone() };
    assert_eq!(second.app.ask(), Some(&asked));
    let kept = |path: &Path| file::load(path).expect("a project").as_of;
    assert_eq!(kept(&path), Some(19_785), "the first one's work");
    second.answer(FileAction::Cancel);
    assert!(second.app.unsaved());
    second.answer(FileAction::Save);
    second.answer(FileAction::WriteTo {
        path: path.clone(),
        replace: true,
    });
    second.until("replaced", |app| !app.unsaved());
    assert_eq!(kept(&path), Some(19_790));

    // Killed both, each comes back with its own work: neither wrote over the other's session.
    first.act(Action::SetAsOf(Some(19_701)));
    second.act(Action::SetAsOf(Some(19_702)));
    first.wait_for_autosave();
    second.wait_for_autosave();
    drop((first, second));
    let started = Instant::now();
    let mut found = Vec::new();
    while found.len() < 2 {
        assert!(started.elapsed() < PATIENCE, "two sessions to recover");
        thread::sleep(Duration::from_millis(20));
        // Found ones are held: let go of them before looking again.
        found.clear();
        found = session::begin(&data).crashed;
    }
    let days = found.iter().map(|found| found.session.project.as_of);
    let mut days: Vec<_> = days.flatten().collect();
    days.sort_unstable();
    assert_eq!(days, [19_701, 19_702]);
}

#[test]
fn a_project_cut_in_half_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = Window::new(&folder.path().join("data"));
    window.act(Action::Open(Source::Files(vec![orders_in(folder.path())])));
    window.act(Action::SetAsOf(Some(19_780)));
    let path = folder.path().join("half.keepers.ron");
    window.save_at(&path);
    window.until("saved", |app| !app.unsaved());
    let whole = fs::read_to_string(&path).expect("text");
    let newer = whole.replacen("version: 1", "version: 99", 1);
    assert_ne!(newer, whole);
    for (text, says) in [
        (&whole[..whole.len() / 2], "half.keepers.ron"),
        (&newer, "newer"),
    ] {
        fs::write(&path, text).expect("written");
        window.act(Action::Open(Source::Files(vec![path.clone()])));
        let notice = window.app.notices().last().expect("said");
        assert_eq!(notice.what, "The project could not be opened");
        assert!(notice.why.contains(says), "{}", notice.why);
        assert_eq!(window.app.project().as_of, Some(19_780), "the screen stays");
        // What is on the screen is not written over it unasked.
        window.act(Action::SetAsOf(Some(19_781)));
        window.answer(FileAction::Save);
        assert_eq!(window.app.ask(), Some(&Ask::Changed { path: path.clone() }));
        window.answer(FileAction::Cancel);
        assert_eq!(fs::read_to_string(&path).expect("text"), text);
        window.act(Action::SetAsOf(Some(19_780)));
    }
}

#[test]
fn without_a_place_to_keep_the_session_the_window_works_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    fs::write(&data, "a file, not a folder").expect("written");
    let mut window = Window::new(&data);
    let notice = window.app.notices().first().expect("said");
    assert_eq!(notice.what, "The session is not being saved");
    assert!(notice.why.contains("data"), "{}", notice.why);
    window.act(Action::Open(Source::Sample));
    assert!(window.app.snapshot().shop.is_some());
    // A place that cannot be written: said, and still unsaved.
    window.act(Action::SetAsOf(Some(20_000)));
    window.save_at(&data.join("below a file.keepers.ron"));
    window.until("the failure", |app| {
        let mut notices = app.notices().iter();
        notices.any(|notice| notice.what == "The file could not be saved")
    });
    for notice in window.app.notices() {
        assert!(
            !notice.why.contains("/.keepers-"),
            "a made-up name: {}",
            notice.why
        );
    }
    assert!(window.app.unsaved());
}
