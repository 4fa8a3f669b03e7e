//! Writes the session soon after every change, on a thread of its own.

use std::{
    path::Path,
    sync::mpsc::{Receiver, Sender, channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use analysis::selection::Selection;
use project::{
    Project, Source,
    session::{Session, Slot},
};

/// A change reaches the disk this many seconds later at the earliest: a drag is not written value by
/// value. With the writing itself, at most a second is lost.
const DELAY_SECONDS: f64 = 0.25;

/// What the window shows now.
#[derive(Clone, Copy)]
pub(super) struct Now<'a> {
    pub project: &'a Project,
    pub document: Option<&'a Path>,
    pub unsaved: bool,
    pub view: &'a str,
    pub customer: Option<&'a str>,
    pub selection: &'a Selection,
}

impl Now<'_> {
    fn is(&self, session: &Session) -> bool {
        !session.ended
            && self.unsaved == session.unsaved
            && self.view == session.view
            && self.customer == session.customer.as_deref()
            && self.document == session.document.as_deref()
            && self.selection == &session.selection
            && self.project == &session.project
    }

    pub(super) fn session(&self) -> Session {
        Session {
            project: self.project.clone(),
            document: self.document.map(Path::to_owned),
            unsaved: self.unsaved,
            ended: false,
            view: self.view.to_owned(),
            customer: self.customer.map(str::to_owned),
            selection: self.selection.clone(),
        }
    }
}

/// Keeps the session of this window in its slot.
pub(super) struct Autosave {
    /// Waits here until there is something to write.
    slot: Option<Slot>,
    writer: Option<Writer>,
    written: Option<Session>,
    changed_at: Option<f64>,
    problems: (Sender<String>, Receiver<String>),
}

struct Writer {
    sender: Sender<Session>,
    /// Gives the slot back when it ends.
    thread: JoinHandle<Slot>,
}

impl Autosave {
    pub(super) fn new(slot: Option<Slot>) -> Self {
        Self {
            slot,
            writer: None,
            written: None,
            changed_at: None,
            problems: channel(),
        }
    }

    /// Whether anything is kept at all.
    pub(super) fn keeps(&self) -> bool {
        self.slot.is_some() || self.writer.is_some()
    }

    /// Keeps an eye on the window; call once per frame, and again after the time it returns.
    pub(super) fn follow(&mut self, now: Now<'_>, seconds: f64) -> Option<Duration> {
        // The welcome page must not overwrite the session it offers to continue.
        let unchanged = self.written.as_ref().is_some_and(|known| now.is(known));
        if !self.keeps() || now.project.source == Source::None || unchanged {
            self.changed_at = None;
            return None;
        }
        let since = *self.changed_at.get_or_insert(seconds);
        let left = DELAY_SECONDS - (seconds - since);
        if left > 0.0 {
            return Some(Duration::from_secs_f64(left));
        }
        self.changed_at = None;
        self.write(now.session());
        None
    }

    /// Hands a session to the writing thread.
    pub(super) fn write(&mut self, session: Session) {
        self.written = Some(session.clone());
        if self.writer.is_none()
            && let Some(slot) = self.slot.take()
        {
            self.writer = self.start(slot);
        }
        if let Some(writer) = &self.writer
            && writer.sender.send(session).is_err()
        {
            // The thread has died of a panic; the app lives, and says so.
            self.writer = None;
            self.say("The thread that writes it has stopped. Save the project.");
        }
    }

    /// The shop was closed on purpose: there is nothing to recover of it.
    pub(super) fn end(&mut self) {
        if let Some(mut session) = self.written.clone() {
            session.ended = true;
            self.write(session);
        }
    }

    /// Writes the last session and waits until it is on the disk.
    pub(super) fn finish(&mut self, last: Option<Session>) {
        if let Some(session) = last
            && self.keeps()
        {
            self.write(session);
        }
        self.finish_writing();
    }

    /// Waits until everything is on the disk.
    pub(super) fn finish_writing(&mut self) {
        let Some(Writer { sender, thread }) = self.writer.take() else {
            return;
        };
        drop(sender);
        match thread.join() {
            Ok(slot) => self.slot = Some(slot),
            Err(_) => self.say("The thread that writes it has stopped. Save the project."),
        }
    }

    pub(super) fn take_problem(&self) -> Option<String> {
        self.problems.1.try_iter().last()
    }

    pub(super) fn say(&self, problem: &str) {
        if self.problems.0.send(problem.to_owned()).is_err() {
            // The receiver lives in this very value.
        }
    }

    fn start(&self, slot: Slot) -> Option<Writer> {
        let (sender, receiver) = channel::<Session>();
        let problems = self.problems.0.clone();
        let started = thread::Builder::new()
            .name("keepers-autosave".to_owned())
            .spawn(move || {
                while let Ok(first) = receiver.recv() {
                    let newest = receiver.try_iter().last().unwrap_or(first);
                    if let Err(problem) = slot.write(&newest)
                        && problems.send(problem).is_err()
                    {
                        break;
                    }
                }
                slot
            });
        match started {
            Ok(thread) => Some(Writer { sender, thread }),
            Err(error) => {
                self.say(&format!("No thread to write with: {error}."));
                None
            }
        }
    }
}
