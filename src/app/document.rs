//! The project as a file: save, open, find again, recover; and asking before anything is lost.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

use egui::{Context, ViewportCommand};

use super::{App, autosave::Now, dialogs::Outgoing};
use project::{
    Project, Source,
    file::{self, EXTENSION, Opened},
    session::{Crashed, Session},
    stamps::{self, Change, Difference},
};
use ui::{
    action::{Action, View},
    format,
    frame::{
        asks::{Ask, FileAction},
        notices::Severity,
    },
};

/// Where the project lives, and what is being asked about it.
#[derive(Default)]
pub(super) struct Document {
    /// Its file; `None` until it is saved.
    pub path: Option<PathBuf>,
    /// What its file held when this window read or wrote it last, as a fingerprint.
    known: Option<u64>,
    /// The project as it was opened or saved: what differs from it is unsaved.
    pub baseline: Project,
    /// The question in front of the window.
    pub ask: Option<Ask>,
    /// What to do once unsaved changes are dealt with.
    then: Option<Action>,
    /// What is to be written once a place for it is known.
    outgoing: Option<Outgoing>,
    /// A project whose files have to be found first.
    pending: Option<Session>,
    /// Sessions of windows that died, the one to ask about last.
    crashed: Vec<Crashed>,
    /// Opened when the shop is: id of a customer.
    pub customer: Option<String>,
    /// The title bar's text.
    title: String,
    /// The window is to close whatever is unsaved.
    quitting: bool,
}

impl Document {
    pub(super) fn new(mut crashed: Vec<Crashed>) -> Self {
        // The newest is asked about first.
        crashed.reverse();
        let mut document = Self {
            crashed,
            ..Self::default()
        };
        document.ask_to_recover();
        document
    }

    /// Another project, of no file so far, is on the screen.
    pub(super) fn begin(&mut self, project: Project) {
        self.path = None;
        self.known = None;
        self.baseline = project;
        self.customer = None;
    }

    fn ask_to_recover(&mut self) {
        self.ask = self.crashed.last().map(|crashed| Ask::Recover {
            name: crashed.session.name(),
        });
    }
}

impl App {
    /// Whether the project differs from its file, or from what was opened.
    #[must_use]
    pub fn unsaved(&self) -> bool {
        let project = self.kept_project();
        project.source != Source::None && *project != self.document.baseline
    }

    /// The project's file.
    #[must_use]
    pub fn document_path(&self) -> Option<&Path> {
        self.document.path.as_deref()
    }

    /// The question in front of the window.
    #[must_use]
    pub fn ask(&self) -> Option<&Ask> {
        self.document.ask.as_ref()
    }

    /// Name of the project for people.
    fn document_name(&self) -> String {
        match (&self.document.path, &self.snapshot.shop) {
            (Some(path), _) => file::stem(path),
            (None, Some(shop)) => shop.dataset.name.clone(),
            (None, None) => "this project".to_owned(),
        }
    }

    /// Hands actions through that lose nothing, and asks about the others first.
    pub(super) fn ask_first(&mut self, action: Action) -> Option<Action> {
        let loses = match &action {
            Action::Open(_)
            | Action::CloseShop
            | Action::Continue
            | Action::File(FileAction::Quit) => true,
            Action::OpenMapped => self.maps_other_files(),
            _ => false,
        };
        if !loses || !self.unsaved() || self.document.quitting {
            return Some(action);
        }
        self.document.ask = Some(Ask::Unsaved {
            name: self.document_name(),
        });
        self.document.then = Some(action);
        None
    }

    pub(super) fn file_action(&mut self, ctx: &Context, action: FileAction) {
        match action {
            FileAction::Save => self.save(ctx),
            FileAction::SaveAs => {
                if let Some(Ask::Changed { .. }) = self.document.ask {
                    self.document.ask = None;
                    self.document.outgoing = None;
                }
                self.save_as(ctx);
            }
            FileAction::WriteTo { path, replace } => self.write_to(ctx, path, replace),
            FileAction::Find(from) => self.dialogs.find(ctx, from),
            FileAction::Moved { from, to } => self.moved(ctx, &from, &to),
            FileAction::SaveFirst => {
                self.document.ask = None;
                self.save(ctx);
            }
            FileAction::DontSave => {
                self.document.ask = None;
                if let Some(then) = self.document.then.take() {
                    let quits = then == Action::File(FileAction::Quit);
                    self.document.quitting = true;
                    self.apply(ctx, then);
                    self.document.quitting = quits;
                }
            }
            FileAction::Recover => self.recover(ctx),
            FileAction::Discard => self.discard(ctx),
            FileAction::Take { how, paths } => {
                self.document.ask = None;
                self.take_files(ctx, how, paths);
            }
            FileAction::Cancel => self.cancel_ask(),
            FileAction::Quit => {
                self.document.quitting = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
    }

    fn cancel_ask(&mut self) {
        let asked = self.document.ask.take();
        self.document.then = None;
        self.document.outgoing = None;
        self.document.pending = None;
        if matches!(asked, Some(Ask::Recover { .. })) {
            // Later: it stays where it is, and the next start offers it again.
            self.document.crashed.pop();
            self.document.ask_to_recover();
        }
    }

    fn save(&mut self, ctx: &Context) {
        match self.document.path.clone() {
            // Two windows on one file must not take turns in losing each other's work.
            Some(path) if seen(&path).is_some_and(|now| self.document.known != Some(now)) => {
                let project = Box::new(self.kept_project().clone());
                self.document.outgoing = Some(Outgoing::Project(project));
                self.document.ask = Some(Ask::Changed { path });
            }
            Some(path) => self.write_project(ctx, path),
            None => self.save_as(ctx),
        }
    }

    fn save_as(&mut self, ctx: &Context) {
        let suggested = self.suggested_path();
        let project = Box::new(self.kept_project().clone());
        self.dialogs
            .save_as(ctx, suggested, Outgoing::Project(project));
    }

    /// Beside the data, under the shop's name.
    fn suggested_path(&self) -> PathBuf {
        if let Some(path) = &self.document.path {
            return path.clone();
        }
        let name = format!(
            "{}.{EXTENSION}",
            self.document_name().replace(['/', '\\'], "-")
        );
        match &self.kept_project().source {
            Source::Files(paths) => match paths.first() {
                Some(path) if path.is_dir() => path.join(name),
                Some(path) => path.with_file_name(name),
                None => name.into(),
            },
            Source::None | Source::Sample => name.into(),
        }
    }

    fn write_project(&mut self, ctx: &Context, path: PathBuf) {
        let project = Box::new(self.kept_project().clone());
        self.dialogs.write(ctx, path, Outgoing::Project(project));
    }

    /// Asks where to save, in the window itself.
    pub(super) fn ask_where(&mut self, outgoing: Outgoing, suggested: &Path) {
        let suggested = std::path::absolute(suggested).unwrap_or_else(|_| suggested.to_owned());
        self.document.ask = Some(Ask::Where {
            what: outgoing.name().to_owned(),
            suggestion: suggested.display().to_string(),
        });
        self.document.outgoing = Some(outgoing);
    }

    /// The file to write exists already.
    pub(super) fn ask_to_replace(&mut self, outgoing: Outgoing, path: PathBuf) {
        self.document.outgoing = Some(outgoing);
        self.document.ask = Some(Ask::Replace { path });
    }

    fn write_to(&mut self, ctx: &Context, path: PathBuf, replace: bool) {
        let Some(outgoing) = self.document.outgoing.take() else {
            return;
        };
        self.document.ask = None;
        let path = outgoing.with_ending(path);
        if path.exists() && !replace {
            self.ask_to_replace(outgoing, path);
        } else {
            self.dialogs.write(ctx, path, outgoing);
        }
    }

    /// The project is on the disk.
    pub(super) fn project_saved(&mut self, ctx: &Context, path: PathBuf, project: Project) {
        let words = path.display().to_string();
        self.document.known = seen(&path);
        self.document.path = Some(path);
        self.document.baseline = project;
        self.remember_recent();
        self.notify(ctx, Severity::Info, "Project saved", words);
        if let Some(then) = self.document.then.take() {
            self.apply(ctx, then);
        }
    }

    /// Saving failed or was given up: what was to follow it does not.
    pub(super) fn not_saved(&mut self) {
        self.document.then = None;
    }

    /// Opens a project file.
    pub(super) fn open_project(&mut self, ctx: &Context, path: PathBuf) {
        let path = std::path::absolute(&path).unwrap_or(path);
        let Opened { project, changes } = match file::open(&path) {
            Ok(opened) => opened,
            Err(error) => {
                let why = format::sentences(&[&error.to_string()]);
                self.notify(ctx, Severity::Error, "The project could not be opened", why);
                return;
            }
        };
        self.begin_session(Session {
            project: project.clone(),
            document: Some(path),
            ..Session::default()
        });
        self.say_changes(ctx, &changes);
    }

    fn say_changes(&mut self, ctx: &Context, changes: &[Change]) {
        let changed: Vec<String> = changes
            .iter()
            .filter(|change| change.difference != Difference::Missing)
            .map(Change::sentence)
            .collect();
        if changed.is_empty() {
            return;
        }
        let shown = changed
            .iter()
            .take(3)
            .cloned()
            .collect::<Vec<_>>()
            .join(" ");
        let more = match changed.len().saturating_sub(3) {
            0 => String::new(),
            more => format!(" And {} more.", format::count(more as u64, "file", "files")),
        };
        let why = format!("{shown}{more} The numbers are those of the files as they are now.");
        let title = "Data files have changed since this project was saved";
        self.notify_until_read(ctx, title, why);
    }

    /// Opens what a session held: first its files must be there.
    pub(super) fn begin_session(&mut self, session: Session) {
        let missing = stamps::missing(&session.project.source);
        if !missing.is_empty() {
            self.document.ask = Some(Ask::Missing {
                name: session.name(),
                paths: missing,
            });
            self.document.pending = Some(session);
            return;
        }
        let baseline = match &session.document {
            Some(path) => file::open(path).map_or_else(
                // Its file has gone: everything in it is unsaved now.
                |_| Project::default(),
                |opened| opened.project,
            ),
            None => Project {
                source: session.project.source.clone(),
                ..Project::default()
            },
        };
        self.open(session.project);
        self.document.known = session.document.as_deref().and_then(seen);
        self.document.path = session.document;
        self.document.baseline = baseline;
        self.document.customer = session.customer;
        self.selection = session.selection;
        if let Some(view) = View::of_name(&session.view) {
            // Somebody was there before; the strip says what is open.
            self.shown.opening = false;
            self.shown.view = view;
        }
    }

    fn moved(&mut self, ctx: &Context, from: &Path, to: &Path) {
        if !to.exists() {
            let why = format!("{} is not there. Check the path.", to.display());
            self.notify(ctx, Severity::Error, "No such file", why);
            return;
        }
        let Some(mut session) = self.document.pending.take() else {
            return;
        };
        session.project.source = stamps::moved(&session.project.source, from, to);
        self.document.ask = None;
        self.begin_session(session);
    }

    fn recover(&mut self, ctx: &Context) {
        let Some(Crashed { mut session, slot }) = self.document.crashed.pop() else {
            return;
        };
        self.document.ask = None;
        session.ended = false;
        // On the disk under this window's name before the old copy goes.
        self.autosave.write(session.clone());
        self.autosave.finish_writing();
        if let Err(error) = slot.clear() {
            self.notify(
                ctx,
                Severity::Error,
                "The recovered work will be offered again",
                format!("{}: {error}.", slot.path().display()),
            );
        }
        self.begin_session(session);
    }

    fn discard(&mut self, ctx: &Context) {
        if let Some(Crashed { slot, .. }) = self.document.crashed.pop()
            && let Err(error) = slot.clear()
        {
            let why = format!("{}: {error}.", slot.path().display());
            self.notify(ctx, Severity::Error, "It could not be discarded", why);
        }
        self.document.ask_to_recover();
    }

    /// What the autosave looks at.
    pub(super) fn follow_session(&mut self, ctx: &Context, seconds: f64) {
        let unsaved = self.unsaved();
        let (project, (view, customer, selection)) = if let Some(presenting) = &self.presenting {
            (presenting.project(), presenting.place())
        } else {
            let place = (self.shown.view, self.shown.customer, &self.selection);
            (self.history.current(), place)
        };
        let customer = self.customer_id(customer);
        let now = Now {
            project,
            document: self.document.path.as_deref(),
            unsaved,
            view: view.name(),
            customer: customer.as_deref(),
            selection,
        };
        if let Some(wait) = self.autosave.follow(now, seconds) {
            ctx.request_repaint_after(wait);
        }
        self.follow_title(ctx);
        self.follow_closing(ctx);
    }

    /// Opens the customer a session had open, once the shop is there.
    pub(super) fn open_remembered_customer(&mut self) {
        if self.snapshot.shop.is_some()
            && let Some(id) = self.document.customer.take()
        {
            self.shown.customer = self.customer_number(&id);
        }
    }

    pub(super) fn open_customer_id(&self) -> Option<String> {
        self.customer_id(self.shown.customer)
    }

    fn customer_id(&self, number: Option<u32>) -> Option<String> {
        let shop = self.snapshot.shop.as_ref()?;
        let ids = &shop.dataset.orders.customer_ids;
        let number = number? as usize;
        (number < ids.len()).then(|| ids.get(number).to_owned())
    }

    fn follow_title(&mut self, ctx: &Context) {
        let title = match (self.kept_project().source == Source::None, self.unsaved()) {
            (true, _) => "Keepers".to_owned(),
            (false, true) => format!("{}* – Keepers", self.document_name()),
            (false, false) => format!("{} – Keepers", self.document_name()),
        };
        if title != self.document.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.document.title = title;
        }
    }

    /// The person wants to close the window.
    fn follow_closing(&mut self, ctx: &Context) {
        let closing = ctx.input(|input| input.viewport().close_requested());
        if closing && !self.document.quitting && self.unsaved() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.apply(ctx, Action::File(FileAction::Quit));
        }
    }

    /// Writes the session a last time; the window is closing.
    pub fn end(&mut self) {
        let project = self.kept_project();
        let last = (project.source != Source::None).then(|| Session {
            // Changes to a saved project that were given up are given up; a project that was never
            // saved is offered again, for there is no other copy.
            project: match &self.document.path {
                Some(_) => self.document.baseline.clone(),
                None => project.clone(),
            },
            document: self.document.path.clone(),
            unsaved: false,
            ended: true,
            view: self.shown.view.name().to_owned(),
            customer: self.open_customer_id(),
            selection: self.selection.clone(),
        });
        self.autosave.finish(last);
    }

    /// The title bar's text.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.document.title
    }
}

/// A fingerprint of what the file holds; `None` when there is none to read.
fn seen(path: &Path) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    let bytes = base::reading::bytes(path, base::reading::MOST_TEXT);
    bytes.ok()?.hash(&mut hasher);
    Some(hasher.finish())
}
