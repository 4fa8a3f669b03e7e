//! File dialogs, each on a thread of its own: a dialog waits for a person, the window must not.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use egui::Context;

use data::layouts::Layout;
use export::report::Format;
use project::{
    Project, RuleSet,
    file::{self, EXTENSION, with_extension, write_atomically},
};
use ui::frame::asks::Incoming;

/// Endings that are offered first; others can be opened all the same.
const FILES: [&str; 17] = [
    "csv", "tsv", "txt", "tab", "dat", "xlsx", "xlsm", "xlsb", "xls", "ods", "json", "jsonl",
    "ndjson", "parquet", "gz", "zip", "ron",
];

/// Nobody closes a dialog faster than this: an answer within it means that none was shown.
const NO_SERVICE: Duration = Duration::from_millis(300);

/// Makes a file, off the UI thread, once it is known where it goes.
type Content = Box<dyn FnOnce() -> Result<Made, String> + Send>;

/// The content of a file.
pub(super) struct Made {
    pub bytes: Vec<u8>,
    /// What there is to know of it, in full sentences; empty where its name says all.
    pub told: String,
}

/// Makes a report in the format its name asks for, off the UI thread.
type Reporter = Box<dyn FnOnce(Format) -> Result<Vec<u8>, String> + Send>;

/// Writes files into a folder, off the UI thread; returns what it wrote, in words.
type Filler = Box<dyn FnOnce(&Path) -> Result<String, String> + Send>;

/// Something to be written to a file of the person's choice.
pub(super) enum Outgoing {
    Project(Box<Project>),
    Content(Content),
    Report(Reporter),
    Folder(Filler),
}

impl Outgoing {
    /// What it is, in the title of a dialog: "Save the project".
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Project(_) => "the project",
            Self::Content(_) => "the file",
            Self::Report(_) => "the report (.html, .pptx or .pdf)",
            Self::Folder(_) => "the pictures into a folder",
        }
    }

    /// The path with the ending this needs.
    pub(super) fn with_ending(&self, path: PathBuf) -> PathBuf {
        match self {
            Self::Project(_) => with_extension(path),
            Self::Report(_) if Format::of(&path).is_none() => {
                let mut name = path.into_os_string();
                name.push(".html");
                name.into()
            }
            Self::Content(_) | Self::Report(_) | Self::Folder(_) => path,
        }
    }

    fn write(self, path: PathBuf) -> Reply {
        match self {
            Self::Project(project) => match file::save(&project, &path) {
                Ok(()) => Reply::ProjectSaved(path, project),
                Err(error) => Reply::NotSaved(format!("{error}.")),
            },
            Self::Folder(fill) => {
                let made = std::fs::create_dir_all(&path).map_err(|error| {
                    format!("{}: {error}. Choose another folder.", path.display())
                });
                match made.and_then(|()| fill(&path)) {
                    Ok(words) => Reply::Wrote(words),
                    Err(why) => Reply::NotSaved(why),
                }
            }
            Self::Report(make) => {
                let format = Format::of(&path).unwrap_or_default();
                let content = move || {
                    let (bytes, told) = (make(format)?, String::new());
                    Ok(Made { bytes, told })
                };
                Self::Content(Box::new(content)).write(path)
            }
            Self::Content(content) => {
                let saved = content().and_then(|made| {
                    let written = write_atomically(&path, &made.bytes);
                    written.map_err(|error| {
                        format!("{}: {error}. {}.", path.display(), file::advice(&error))
                    })?;
                    Ok(made.told)
                });
                match saved {
                    Ok(told) => Reply::Saved(path, told),
                    Err(why) => Reply::NotSaved(why),
                }
            }
        }
    }
}

/// What came of a dialog. A dialog for opening that was closed without a choice answers nothing.
pub(super) enum Reply {
    /// Files, and what becomes of them where that is known.
    Open(Option<Incoming>, Vec<PathBuf>),
    /// A layout read from a file, or why it could not be.
    Layout(Result<Layout, String>),
    /// A missing file lies at the second path now.
    Found(PathBuf, PathBuf),
    /// A file, and what there is to know of it.
    Saved(PathBuf, String),
    /// Several files, in words.
    Wrote(String),
    ProjectSaved(PathBuf, Box<Project>),
    /// Rules read from a file, or why they could not be.
    Rules(Result<RuleSet, String>),
    /// The text of a cost table, or why it could not be read.
    Costs(Result<String, String>),
    /// A saved model to predict with.
    Model(PathBuf),
    /// With the reason and what to do.
    NotSaved(String),
    /// The dialog was closed without a choice.
    GivenUp,
    /// A file of this name, with its ending, exists.
    Exists(PathBuf, Outgoing),
    /// The desktop has no dialog service to choose files with.
    NoDialog,
    /// The desktop has no dialog service to choose a place for this, suggested at the path.
    NoPlace(PathBuf, Outgoing),
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
    /// Asks for files to open, or, where that is known already, what becomes of them.
    pub(super) fn open(&self, ctx: &Context, how: Option<Incoming>) {
        self.run(ctx, move |asked| {
            let dialog = rfd::FileDialog::new()
                .set_title(match how {
                    Some(Incoming::Add) => "Add files to this shop",
                    Some(Incoming::Replace) => "Replace the files of this shop",
                    Some(Incoming::Open) | None => "Open a project or the order files of one shop",
                })
                .add_filter("Order files and projects", &FILES)
                .add_filter("All files", &["*"]);
            match dialog.pick_files() {
                Some(paths) => Some(Reply::Open(how, paths)),
                None => no_service(asked).then_some(Reply::NoDialog),
            }
        });
    }

    /// Asks where a missing file is now.
    pub(super) fn find(&self, ctx: &Context, from: PathBuf) {
        self.run(ctx, move |asked| {
            let name = from.file_name().unwrap_or_default().to_string_lossy();
            let title = format!("Where is {name} now?");
            match rfd::FileDialog::new().set_title(title).pick_file() {
                Some(to) => Some(Reply::Found(from, to)),
                None => no_service(asked).then_some(Reply::NoDialog),
            }
        });
    }

    /// Asks where to save, then makes the content and saves it.
    pub(super) fn save(
        &self,
        ctx: &Context,
        suggested_name: String,
        content: impl FnOnce() -> Result<Vec<u8>, String> + Send + 'static,
    ) {
        self.save_told(ctx, suggested_name, move || {
            let (bytes, told) = (content()?, String::new());
            Ok(Made { bytes, told })
        });
    }

    /// Asks where to save a file of which there is something to know, then saves.
    pub(super) fn save_told(
        &self,
        ctx: &Context,
        suggested_name: String,
        content: impl FnOnce() -> Result<Made, String> + Send + 'static,
    ) {
        self.save_as(
            ctx,
            suggested_name.into(),
            Outgoing::Content(Box::new(content)),
        );
    }

    /// Asks for a saved model.
    pub(super) fn open_model(&self, ctx: &Context) {
        self.run(ctx, |asked| {
            let dialog = rfd::FileDialog::new()
                .set_title("Open a saved model")
                .add_filter("Saved models", &["json"])
                .add_filter("All files", &["*"]);
            match dialog.pick_file() {
                Some(path) => Some(Reply::Model(path)),
                None => no_service(asked).then_some(Reply::NoDialog),
            }
        });
    }

    /// Asks for a file with segment rules.
    pub(super) fn open_rules(&self, ctx: &Context) {
        self.run(ctx, |asked| {
            let dialog = rfd::FileDialog::new()
                .set_title("Import segment rules")
                .add_filter("Segment rules", &["ron"])
                .add_filter("All files", &["*"]);
            match dialog.pick_file() {
                Some(path) => Some(Reply::Rules(super::tune::read_rules(&path))),
                None => no_service(asked).then_some(Reply::NoDialog),
            }
        });
    }

    /// Asks for a layout file.
    pub(super) fn open_layout(&self, ctx: &Context) {
        self.run(ctx, |asked| {
            let dialog = rfd::FileDialog::new()
                .set_title("Import a known export")
                .add_filter("Layouts of exports", &["ron"])
                .add_filter("All files", &["*"]);
            match dialog.pick_file() {
                Some(path) => Some(Reply::Layout(super::layouts::read(&path))),
                None => no_service(asked).then_some(Reply::NoDialog),
            }
        });
    }

    /// Asks for a cost table.
    pub(super) fn open_costs(&self, ctx: &Context) {
        self.run(ctx, |asked| {
            let dialog = rfd::FileDialog::new()
                .set_title("Open a cost table")
                .add_filter("Cost table", &["csv", "tsv", "txt"])
                .add_filter("All files", &["*"]);
            let read = |path: PathBuf| {
                let text = base::reading::text(&path);
                Reply::Costs(text.map_err(|error| format!("{}: {error}.", path.display())))
            };
            match dialog.pick_file() {
                Some(path) => Some(read(path)),
                None => no_service(asked).then_some(Reply::NoDialog),
            }
        });
    }

    /// Asks where to save, then saves.
    pub(super) fn save_as(&self, ctx: &Context, suggested: PathBuf, outgoing: Outgoing) {
        self.run(ctx, move |asked| {
            let name = suggested.file_name().unwrap_or_default().to_string_lossy();
            let mut dialog = rfd::FileDialog::new()
                .set_title(format!("Save {}", outgoing.name()))
                .set_file_name(name);
            if let Outgoing::Project(_) = &outgoing {
                dialog = dialog.add_filter("Keepers project", &[EXTENSION]);
            }
            if let Outgoing::Report(_) = &outgoing {
                // The suggested kind first.
                let own = Format::of(&suggested).unwrap_or_default();
                let others = Format::ALL.into_iter().filter(|format| *format != own);
                for format in std::iter::once(own).chain(others) {
                    dialog = dialog.add_filter(format.title(), &[format.ending()]);
                }
            }
            if let Some(folder) = suggested.parent().filter(|folder| *folder != Path::new("")) {
                dialog = dialog.set_directory(folder);
            }
            Some(match dialog.save_file() {
                None if no_service(asked) => Reply::NoPlace(suggested, outgoing),
                None => Reply::GivenUp,
                Some(chosen) => {
                    let path = outgoing.with_ending(chosen.clone());
                    // The dialog has asked about the name typed, not about the one with an ending.
                    if path != chosen && path.exists() {
                        Reply::Exists(path, outgoing)
                    } else {
                        outgoing.write(path)
                    }
                }
            })
        });
    }

    /// Asks for a folder, then writes files into it.
    pub(super) fn save_into(&self, ctx: &Context, suggested: PathBuf, outgoing: Outgoing) {
        self.run(ctx, move |asked| {
            let title = format!("Save {}", outgoing.name());
            Some(
                match rfd::FileDialog::new().set_title(title).pick_folder() {
                    None if no_service(asked) => Reply::NoPlace(suggested, outgoing),
                    None => Reply::GivenUp,
                    Some(folder) => outgoing.write(folder),
                },
            )
        });
    }

    /// Writes to a known place.
    pub(super) fn write(&self, ctx: &Context, path: PathBuf, outgoing: Outgoing) {
        self.run(ctx, move |_| Some(outgoing.write(path)));
    }

    fn run(&self, ctx: &Context, job: impl FnOnce(Instant) -> Option<Reply> + Send + 'static) {
        let (sender, ctx) = (self.sender.clone(), ctx.clone());
        let started = thread::Builder::new()
            .name("keepers-dialog".to_owned())
            .spawn(move || {
                // The window may be gone by now; then nobody waits for the answer.
                if let Some(reply) = job(Instant::now())
                    && sender.send(reply).is_ok()
                {
                    ctx.request_repaint();
                }
            });
        if let Err(error) = started {
            let why = format!("There is no thread to do it with: {error}. Close other programs.");
            if self.sender.send(Reply::NotSaved(why)).is_err() {
                // The receiver lives in this very value.
            }
        }
    }

    pub(super) fn poll(&self) -> Vec<Reply> {
        self.receiver.try_iter().collect()
    }
}

/// A `None` from a dialog that nobody can have seen.
fn no_service(asked: Instant) -> bool {
    asked.elapsed() < NO_SERVICE
}
