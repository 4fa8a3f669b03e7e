//! File dialogs, each on a thread of its own: a dialog waits for a person, the window must not.

use std::{
    path::PathBuf,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use egui::Context;

use crate::project::file::write_atomically;

/// Nobody closes a dialog faster than this: an answer within it means that none was shown.
const NO_SERVICE: Duration = Duration::from_millis(50);

/// What came of a dialog. A dialog that was closed without a choice answers nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Open(Vec<PathBuf>),
    Saved(PathBuf),
    /// With the reason and what to do.
    NotSaved(String),
    /// The desktop has no dialog service.
    NoDialog {
        saving: bool,
    },
}

pub(super) struct Dialogs {
    sender: Sender<Reply>,
    receiver: Receiver<Reply>,
}

impl Default for Dialogs {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver }
    }
}

impl Dialogs {
    /// Asks for files to open.
    pub(super) fn open(&self, ctx: &Context) {
        self.ask(ctx, false, || {
            let dialog = rfd::FileDialog::new()
                .set_title("Open the order files of one shop")
                .add_filter(
                    "Order files",
                    &["csv", "tsv", "txt", "tab", "dat", "xlsx", "xlsm"],
                )
                .add_filter("All files", &["*"]);
            dialog.pick_files().map(Reply::Open)
        });
    }

    /// Asks where to save, then makes the content and saves it; the dialog itself asks before a file
    /// is replaced.
    pub(super) fn save(
        &self,
        ctx: &Context,
        suggested_name: String,
        content: impl FnOnce() -> Result<Vec<u8>, String> + Send + 'static,
    ) {
        self.ask(ctx, true, move || {
            let dialog = rfd::FileDialog::new()
                .set_title("Save as")
                .set_file_name(suggested_name);
            let path = dialog.save_file()?;
            let saved = content().and_then(|bytes| {
                write_atomically(&path, &bytes).map_err(|error| {
                    format!(
                        "{}: {error}. Choose another folder or free some space.",
                        path.display()
                    )
                })
            });
            Some(match saved {
                Ok(()) => Reply::Saved(path),
                Err(why) => Reply::NotSaved(why),
            })
        });
    }

    fn ask(
        &self,
        ctx: &Context,
        saving: bool,
        dialog: impl FnOnce() -> Option<Reply> + Send + 'static,
    ) {
        let (sender, ctx) = (self.sender.clone(), ctx.clone());
        let started = thread::Builder::new()
            .name("keepers-dialog".to_owned())
            .spawn(move || {
                let asked = Instant::now();
                let reply = match dialog() {
                    None if asked.elapsed() < NO_SERVICE => Reply::NoDialog { saving },
                    None => return,
                    Some(reply) => reply,
                };
                // The window may be gone by now; then nobody waits for the answer.
                if sender.send(reply).is_ok() {
                    ctx.request_repaint();
                }
            });
        if started.is_err() && self.sender.send(Reply::NoDialog { saving }).is_ok() {
            // No thread, no dialog: the path field still works.
        }
    }

    pub(super) fn poll(&self) -> Vec<Reply> {
        self.receiver.try_iter().collect()
    }
}
