//! What is on the screen, written as one works, so that a crash, a kill or a power cut loses at most
//! the last second.
//!
//! Every running window owns a *slot* in the data folder: `session-1.ron` with `session-1.lock`
//! beside it. The operating system lets go of the lock when the process ends, however it ends; so a
//! slot that can be locked and does not say that it ended properly belonged to a window that died.
//! Two windows never write the same file, and a session that waits to be recovered is never written
//! over.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use super::{Project, Source, file};
use analysis::selection::Selection;
use base::{
    atomic::{make_private_folder, write_private},
    reading,
};

/// Folder of the sessions in the app's data folder.
const FOLDER: &str = "sessions";
/// More windows than anybody opens.
const MAX_SLOTS: usize = 64;

/// Everything a window has to remember of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    pub project: Project,
    /// The file the project was opened from or saved to.
    pub document: Option<PathBuf>,
    /// Whether the project differs from that file, or from what was opened.
    pub unsaved: bool,
    /// Whether the window was closed properly.
    pub ended: bool,
    /// Name of the view, as on the command line.
    pub view: String,
    /// Id of the customer whose drill-down is open.
    pub customer: Option<String>,
    pub selection: Selection,
}

/// A session as it stands in a file. The project is the text of a project file, read by the same
/// versioned reader.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Session", default)]
#[derive(Default)]
struct Stored {
    project: String,
    document: Option<PathBuf>,
    unsaved: bool,
    ended: bool,
    view: String,
    customer: Option<String>,
    selection: Selection,
}

impl Session {
    /// Name for people: of the project file, else of the data.
    #[must_use]
    pub fn name(&self) -> String {
        match (&self.document, &self.project.source) {
            (Some(path), _) => file::stem(path),
            (None, Source::None) => String::new(),
            (None, Source::Sample) => "Sample shop".to_owned(),
            (None, Source::Files(paths)) => paths
                .first()
                .map(|path| file::stem(path))
                .unwrap_or_default(),
        }
    }

    /// The session as text.
    ///
    /// # Errors
    /// When the project holds what cannot be saved.
    pub fn to_text(&self, path: &Path) -> Result<String, String> {
        let stored = Stored {
            project: file::to_text(&self.project, path).map_err(|error| error.to_string())?,
            document: self.document.clone(),
            unsaved: self.unsaved,
            ended: self.ended,
            view: self.view.clone(),
            customer: self.customer.clone(),
            selection: self.selection.clone(),
        };
        ron::to_string(&stored).map_err(|error| error.to_string())
    }

    fn read(path: &Path) -> Option<Self> {
        let stored: Stored = ron::from_str(&reading::text(path).ok()?).ok()?;
        Some(Self {
            project: file::parse(&stored.project, path).ok()?,
            document: stored.document,
            unsaved: stored.unsaved,
            ended: stored.ended,
            view: stored.view,
            customer: stored.customer,
            selection: stored.selection,
        })
    }
}

/// A locked place for one session; the lock ends with the value or with the process.
#[derive(Debug)]
pub struct Slot {
    path: PathBuf,
    _lock: File,
}

impl Slot {
    /// Writes the session whole or not at all.
    ///
    /// # Errors
    /// In words with the path; what was written before then stays.
    pub fn write(&self, session: &Session) -> Result<(), String> {
        let say = |error: &dyn std::fmt::Display| format!("{}: {error}.", self.path.display());
        let text = session.to_text(&self.path).map_err(|error| say(&error))?;
        write_private(&self.path, text.as_bytes()).map_err(|error| say(&error))
    }

    /// Forgets the session in this slot.
    ///
    /// # Errors
    /// Whatever the file system says, except that there is none.
    pub fn clear(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A session of a window that died with unsaved work. While it is held no other window offers it.
#[derive(Debug)]
pub struct Crashed {
    pub session: Session,
    pub slot: Slot,
}

/// What a starting window finds.
#[derive(Debug, Default)]
pub struct Found {
    /// Where this window keeps its session; `None` when the folder cannot be used.
    pub slot: Option<Slot>,
    /// The newest session without unsaved work to decide about.
    pub last: Option<Session>,
    /// Sessions to recover, newest first.
    pub crashed: Vec<Crashed>,
    /// Sessions that cannot be read: damaged, or written by a newer Keepers. They are left alone.
    pub unread: Vec<PathBuf>,
    /// What kept the folder from being used, in words.
    pub problem: Option<String>,
}

/// Takes a slot for this window and looks at what earlier windows left.
#[must_use]
pub fn begin(data_folder: &Path) -> Found {
    let folder = data_folder.join(FOLDER);
    let mut found = Found::default();
    // The window's own settings lie beside it: they name files and shops too.
    let made = make_private_folder(data_folder).and_then(|()| make_private_folder(&folder));
    if let Err(error) = made {
        found.problem = Some(format!("{}: {error}.", folder.display()));
        return found;
    }
    let mut last: Option<(SystemTime, Session)> = None;
    let mut crashed: Vec<(SystemTime, Crashed)> = Vec::new();
    for number in 1..=MAX_SLOTS {
        let path = folder.join(format!("session-{number}.ron"));
        let used = path.exists();
        if !used && found.slot.is_some() {
            // Slots are taken in order: what follows was never used, or holds nothing.
            continue;
        }
        let slot = match lock(&folder.join(format!("session-{number}.lock"))) {
            Ok(Some(lock)) => Slot { path, _lock: lock },
            Ok(None) => continue,
            Err(error) => {
                found.problem = Some(format!("{}: {error}.", path.display()));
                return found;
            }
        };
        let written = fs::metadata(slot.path()).and_then(|data| data.modified());
        let written = written.unwrap_or(SystemTime::UNIX_EPOCH);
        match Session::read(slot.path()) {
            Some(session) if session.unsaved && !session.ended => {
                crashed.push((written, Crashed { session, slot }));
            }
            Some(session) => {
                let newest = last.as_ref().is_none_or(|(time, _)| *time < written);
                if newest && session.project.source != Source::None {
                    last = Some((written, session));
                }
                found.slot.get_or_insert(slot);
            }
            None if used => found.unread.push(slot.path().to_owned()),
            None => found.slot = Some(found.slot.take().unwrap_or(slot)),
        }
    }
    crashed.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    found.crashed = crashed.into_iter().map(|(_, crashed)| crashed).collect();
    found.last = last.map(|(_, session)| session);
    found
}

/// Locks a file; `None` when another window holds it.
fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::selection::Part;

    fn session(day: i32, unsaved: bool, ended: bool) -> Session {
        Session {
            project: Project {
                source: Source::Sample,
                as_of: Some(day),
                ..Project::default()
            },
            document: Some("shop.keepers.ron".into()),
            unsaved,
            ended,
            view: "cohorts".to_owned(),
            customer: Some("00017".to_owned()),
            selection: Selection::from(vec![Part::Segment("VIP".to_owned())]),
        }
    }

    #[test]
    fn a_session_that_died_with_unsaved_work_waits_and_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let first = begin(folder.path());
        let slot = first.slot.unwrap();
        assert!(first.last.is_none() && first.crashed.is_empty());
        slot.write(&session(1, true, false)).unwrap();
        // The lock goes with the process.
        drop(slot);

        let second = begin(folder.path());
        assert_eq!(second.crashed.len(), 1);
        assert_eq!(second.crashed[0].session, session(1, true, false));
        let own = second.slot.unwrap();
        assert_ne!(own.path(), second.crashed[0].slot.path());
        own.write(&session(2, false, true)).unwrap();

        let third = begin(folder.path());
        assert!(third.crashed.is_empty(), "another window holds it");
        drop((own, second.crashed));
        drop(third);
        let fourth = begin(folder.path());
        assert_eq!(fourth.crashed.len(), 1);
        assert_eq!(fourth.last, Some(session(2, false, true)));
        fourth.crashed[0].slot.clear().unwrap();
        drop(fourth);
        assert!(begin(folder.path()).crashed.is_empty());
    }

    #[test]
    fn a_session_without_unsaved_work_is_offered_however_it_ended() {
        let folder = tempfile::tempdir().unwrap();
        let slot = begin(folder.path()).slot.unwrap();
        slot.write(&session(3, false, false)).unwrap();
        drop(slot);
        let found = begin(folder.path());
        assert!(found.crashed.is_empty());
        assert_eq!(found.last, Some(session(3, false, false)));
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let slot = begin(folder.path()).slot.unwrap();
        let path = slot.path().to_owned();
        drop(slot);
        fs::write(&path, "of another time").unwrap();
        let found = begin(folder.path());
        assert_eq!(found.unread, std::slice::from_ref(&path));
        assert_ne!(found.slot.unwrap().path(), path);
        assert_eq!(fs::read_to_string(&path).unwrap(), "of another time");
    }
}
