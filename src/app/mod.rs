//! The window: draws, collects actions, applies them, talks to the worker.
//!
//! | file | holds |
//! | --- | --- |
//! | `apply` | one short arm per action and command |
//! | `jobs` | the worker's events → snapshot, progress, notices |
//! | `dialogs` | file dialogs, off the UI thread |
//! | `mapping` | files whose columns are mapped before they are opened, and other one-off jobs |
//! | `tune` | cut points and segment rules: changes, presets, rule files |
//! | `document` | the project as a file: save, open, recover, asking first |
//! | `autosave` | the session, written as one works |
//! | `selecting` | what happens to the selection |
//! | `scenes`, `rehearsal`, `present`, `scene_pictures` | scenes kept, worked out beforehand, presented, drawn |
//! | `incoming` | files chosen or dropped while a shop is open |
//! | `layouts` | exports the user has had remembered |
//! | `leaving` | lists and the report, written off the UI thread |
//! | `telling` | notices |
//! | `storage` | what the welcome page offers |
//! | `keys` | shortcuts and dropped files |
//! | [`window`] | the native window around the app |
//! | [`headless`] | the same app drawn into pictures, without a display |
//! | [`picture`] | one chart as a picture of any size |
//! | [`raster`] | the CPU rasteriser behind those pictures |
//! | [`vector`] | the same shapes as SVG |

use std::{path::PathBuf, sync::Arc};

use egui::{Context, Ui};

use analysis::selection::Selection;
use pipeline::{Snapshot, profile::Profiling};
use project::{
    Project, Recent, SegmentSpec, Settings, Source, ThemeChoice,
    history::History,
    session::{self, Session},
};
use ui::{
    action::{Action, View},
    frame::{self, FrameCx, as_of::Range, notices::Notice},
    theme::{self, Palette},
    views::States,
};
use worker::{Engine, Worker};

mod apply;
mod autosave;
mod dialogs;
mod document;
mod grouping;
pub mod headless;
mod incoming;
mod jobs;
mod keys;
mod layouts;
mod leaving;
mod mapping;
pub mod picture;
mod play;
mod present;
pub mod raster;
mod rehearsal;
pub mod report;
mod scene_pictures;
mod scenes;
mod selecting;
mod slides;
mod storage;
mod system_fonts;
mod telling;
mod training;
mod tune;
pub mod vector;
pub mod window;

use autosave::Autosave;
use dialogs::Dialogs;
use document::Document;
use incoming::Joining;
use jobs::Jobs;
use layouts::Layouts;
use mapping::Mapping;
use present::Presenting;
use scenes::Scenes;
use training::TrainingDesk;

/// Steps that can be taken back.
const UNDO_STEPS: usize = 100;

/// What differs between the window, pictures and tests.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub settings: Settings,
    /// Opened at once; [`Source::None`] shows the welcome page.
    pub source: Source,
    /// Where the session is kept; `None` keeps nothing and shows no dates.
    pub data_folder: Option<PathBuf>,
    /// Shown when a shop is opened and none was open.
    pub first_view: View,
}

/// The whole application, without a window around it.
pub struct App {
    history: History<Project>,
    settings: Settings,
    selection: Selection,
    /// The segments before the last change of cut points or rules: what the ghost shows.
    before: Option<Arc<SegmentSpec>>,
    snapshot: Arc<Snapshot>,
    first_view: View,
    /// Inputs of `snapshot`: where a failed or cancelled request returns to.
    settled: (Project, Selection),
    jobs: Jobs,
    play: play::Play,
    notices: Vec<Notice>,
    notices_made: u64,
    shown: Shown,
    frame: frame::State,
    views: States,
    dialogs: Dialogs,
    autosave: Autosave,
    /// What "Continue where you left off" opens.
    session: Option<(Session, Recent)>,
    document: Document,
    scenes: Scenes,
    presenting: Option<Presenting>,
    /// Files whose columns are being mapped.
    mapping: Option<Mapping>,
    /// Files that are about to join the shop.
    joining: Option<Joining>,
    layouts: Layouts,
    training: TrainingDesk,
}

/// What is on screen; decides no number and is not undone.
struct Shown {
    view: View,
    customer: Option<u32>,
    inspector: bool,
    /// Step of the guided tour.
    tour: Option<usize>,
    /// Other files are being opened: what they ask is shown first.
    opening: bool,
    palette: Palette,
}

impl App {
    /// The app on the user's files.
    #[must_use]
    pub fn new(ctx: &Context, options: Options) -> Self {
        let wake = ctx.clone();
        let worker = Worker::start(move || wake.request_repaint());
        Self::with_worker(ctx, options, worker)
    }

    /// The app on another engine: tests and benches use made-up shops.
    #[must_use]
    pub fn with_engine(ctx: &Context, options: Options, engine: impl Engine + 'static) -> Self {
        let wake = ctx.clone();
        let worker = Worker::with_engine(engine, move || wake.request_repaint());
        Self::with_worker(ctx, options, worker)
    }

    fn with_worker(ctx: &Context, options: Options, worker: Worker) -> Self {
        let palette = palette_of(ctx, options.settings.theme);
        set_up(ctx, &palette, options.settings.zoom);
        let found = options.data_folder.as_deref().map(session::begin);
        let found = found.unwrap_or_default();
        let offered = found
            .last
            .map(|session| (storage::offer(&session, &options.settings), session));
        let mut app = Self {
            history: History::new(Project::default(), UNDO_STEPS),
            settings: options.settings,
            selection: Selection::default(),
            before: None,
            snapshot: Arc::default(),
            first_view: options.first_view,
            settled: (Project::default(), Selection::default()),
            jobs: Jobs::new(worker),
            play: play::Play::default(),
            notices: Vec::new(),
            notices_made: 0,
            shown: Shown {
                view: options.first_view,
                customer: None,
                inspector: true,
                tour: None,
                opening: false,
                palette,
            },
            frame: frame::State::default(),
            views: States::default(),
            dialogs: Dialogs::default(),
            autosave: Autosave::new(found.slot),
            session: offered.map(|(recent, session)| (session, recent)),
            document: Document::new(found.crashed),
            scenes: Scenes::default(),
            presenting: None,
            training: TrainingDesk::default(),
            mapping: None,
            joining: None,
            layouts: Layouts::in_data_folder(options.data_folder.as_deref()),
        };
        if let Some(problem) = found.problem {
            app.autosave.say(&problem);
        }
        if options.source != Source::None {
            app.apply(ctx, Action::Open(options.source));
        }
        app.tell_unread(ctx, &found.unread);
        // With nothing to open, the first frame asks; an app that is given its numbers asks for none.
        if app.history.current().source != Source::None {
            app.send(ctx, false, 0.0);
        }
        app
    }

    /// One frame.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.follow_theme(&ctx);
        self.receive(&ctx);
        let now = ctx.input(|input| input.time);
        self.step_presentation(&ctx, now);
        let mut actions = keys::pressed(&ctx, self.document.ask.is_some());
        self.draw_ui(ui, &mut actions);
        for action in actions {
            self.apply(&ctx, action);
        }
        self.go_on_playing(&ctx, now);
        // All steps of a drag, and of a run that plays, are one step of the history.
        let dragging = keys::holding(&ctx) || self.play.runs();
        if !dragging {
            self.history.commit();
        }
        self.find_missing_clusters();
        self.send(&ctx, dragging, now);
        self.follow_session(&ctx, now);
    }

    fn draw_ui(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let now = ui.ctx().input(|input| input.time);
        let job = self.jobs.job(now);
        self.training.tick(now);
        // Taken out for the frame: the context borrows everything else.
        let mut states = (
            std::mem::take(&mut self.frame),
            std::mem::take(&mut self.views),
        );
        let show = self.show();
        let cx = FrameCx {
            show: show.as_ref(),
            job: job.as_ref(),
            updating: self.jobs.visibly_busy(now) || show.is_some() && self.jobs.late(),
            ..self.frame_cx(&self.shown.palette)
        };
        frame::frame_ui(ui, &cx, &mut states.0, &mut states.1, actions);
        (self.frame, self.views) = states;
        if !self.settled() {
            ui.ctx()
                .request_repaint_after(std::time::Duration::from_millis(100));
        }
    }

    /// What the frame and the views read, without what is under way.
    fn frame_cx<'a>(&'a self, palette: &'a Palette) -> FrameCx<'a> {
        FrameCx {
            project: self.history.current(),
            settings: &self.settings,
            snapshot: &self.snapshot,
            selection: &self.selection,
            view: self.shown.view,
            job: None,
            notices: &self.notices,
            palette,
            open_customer: self.shown.customer,
            profiling: self.jobs.profiling(),
            grouping: self.jobs.grouping(),
            training: self.training.shown(),
            updating: false,
            inspector_open: self.shown.inspector,
            playing: self.play.runs(),
            pace: self.play.pace,
            can_undo: self.history.can_undo(),
            can_redo: self.history.can_redo(),
            session: self.session.as_ref().map(|(_, recent)| recent),
            days: self.days(),
            mapping: self.mapping.as_ref().map(Mapping::draft),
            unsaved: self.unsaved(),
            ask: self.document.ask.as_ref(),
            layouts: self.layouts.own(),
            scenes_open: self.scenes.panel,
            scenes_ready: self.scenes.rehearsal.marks(),
            show: None,
            tour: self.shown.tour,
        }
    }

    /// Days the as-of date can take.
    fn days(&self) -> Option<Range> {
        let (first, last) = self.snapshot.shop.as_ref()?.order_days?;
        Some(Range::of(first, last))
    }

    /// Does what a click would do; tests and scripted pictures have no mouse.
    pub fn act(&mut self, ctx: &Context, action: Action) {
        self.apply(ctx, action);
    }

    /// Whether everything asked for has arrived.
    #[must_use]
    pub fn settled(&self) -> bool {
        !self.jobs.busy()
            && !self.jobs.profiles()
            && !self.jobs.groups()
            && !self.jobs.has_tasks()
            && !self.training.busy()
    }

    /// How far the profile of the open shop is.
    #[must_use]
    pub fn profiling(&self) -> &Profiling {
        self.jobs.profiling()
    }

    /// The clusters found last, and the run under way.
    #[must_use]
    pub fn grouping(&self) -> &pipeline::grouping::Grouping {
        self.jobs.grouping()
    }

    /// Runs of this session, and the training under way.
    #[must_use]
    pub fn training(&self) -> &pipeline::training::Training {
        self.training.shown()
    }

    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    #[must_use]
    pub fn project(&self) -> &Project {
        self.history.current()
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    #[must_use]
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    #[must_use]
    pub fn view(&self) -> View {
        self.shown.view
    }

    /// The project that is saved; while presenting, the one to return to.
    fn kept_project(&self) -> &Project {
        match &self.presenting {
            Some(presenting) => presenting.project(),
            None => self.history.current(),
        }
    }

    /// Changes the project in an open step of the history.
    fn edit(&mut self, change: impl FnOnce(&mut Project)) {
        let mut project = self.history.current().clone();
        change(&mut project);
        self.history.edit(project);
    }

    /// Starts a new session on this project; undo does not reach behind it.
    fn open(&mut self, project: Project) {
        self.document.begin(project.clone());
        self.history.reset(project);
        self.before = None;
        self.selection = Selection::default();
        self.shown.customer = None;
        self.shown.opening = true;
        self.mapping = None;
        self.joining = None;
        // Whatever was wrong before, the person has moved on.
        self.notices.clear();
        if self.snapshot.shop.is_none() {
            self.shown.view = self.first_view;
        }
    }

    fn follow_theme(&mut self, ctx: &Context) {
        let palette = palette_of(ctx, self.settings.theme);
        if palette != self.shown.palette {
            theme::apply(ctx, &palette);
            self.shown.palette = palette;
        }
    }
}

fn palette_of(ctx: &Context, choice: ThemeChoice) -> Palette {
    Palette::of(match choice {
        ThemeChoice::Light => false,
        ThemeChoice::Dark => true,
        ThemeChoice::System => ctx.system_theme() == Some(egui::Theme::Dark),
    })
}

/// Prepares a context that is about to show the app.
fn set_up(ctx: &Context, palette: &Palette, zoom: f32) {
    theme::install_fonts(ctx);
    theme::apply(ctx, palette);
    ctx.set_zoom_factor(zoom);
    // Zoom is a command like any other, kept in the settings.
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
}
