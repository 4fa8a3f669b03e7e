//! Carries out actions: one short arm each.

use std::path::PathBuf;

use egui::Context;

use super::{App, dialogs::Reply, palette_of, storage};
use analysis::selection::Selection;
use data::day::Day;
use export::report::Format;
use project::{Project, Source, ThemeChoice, file};
use ui::{
    action::{Action, View},
    command::Command,
    frame::{
        as_of::add_months,
        asks::{FileAction, Incoming},
        notices::Severity,
        present,
        scenes::SceneAction,
        tour::TourAction,
    },
};

const ZOOM_STEP: f32 = 0.1;
const ZOOM_RANGE: std::ops::RangeInclusive<f32> = 0.6..=2.5;

impl App {
    // One short arm for every action: in pieces the table would no longer be exhaustive.
    #[allow(clippy::too_many_lines)]
    pub(super) fn apply(&mut self, ctx: &Context, action: Action) {
        let Some(action) = self.ask_first(action) else {
            return;
        };
        self.leave_for(ctx, &action);
        match action {
            Action::Show(view) => self.shown.view = view,
            Action::ShowAudience(section, list) => {
                self.shown.view = View::Audiences;
                self.views.audiences.section = section;
                self.views.audiences.list = list.unwrap_or(self.views.audiences.list);
            }
            Action::OpenDialog => self.dialogs.open(ctx, None),
            Action::Open(source) => self.open_source(ctx, source),
            Action::File(action) => self.file_action(ctx, action),
            Action::Layout(action) => self.layout_action(ctx, action),
            Action::Export(order) => self.export(ctx, *order),
            Action::Tour(action) => self.tour(ctx, action),
            Action::ReadManual(place) => self.frame.help.read(place),
            Action::Scene(action) => self.scene_action(ctx, action),
            Action::Continue => self.continue_session(),
            Action::CloseShop => self.close_shop(),
            Action::SetAsOf(day) => self.edit(|project| project.as_of = day),
            Action::SetMigration(spec) => self.edit(|project| project.migration = spec),
            Action::SetClusters(spec) => self.edit(|project| project.clusters = spec),
            Action::FindClusters => self.find_clusters(),
            Action::CancelClusters => self.jobs.cancel_grouping(),
            Action::Tune(tune) => self.tune(ctx, tune),
            Action::SetCohorts(spec) => self.edit(|project| project.cohorts = spec),
            Action::SetCohortMetric(metric) => self.edit(|project| project.cohort_metric = metric),
            Action::SetOverviewPeriod(period) => {
                self.edit(|project| project.overview_period = period);
            }
            Action::OpenCosts => self.dialogs.open_costs(ctx),
            Action::SetAudiences(settings) => self.edit(|project| project.audiences = *settings),
            Action::SetFlat(spec) => self.edit(|project| project.flat = *spec),
            Action::Select(part) => self.select(part),
            Action::SelectAlso(part) => self.select_also(part),
            Action::Unselect(index) => self.unselect(index),
            Action::ClearSelection => self.selection = Selection::default(),
            Action::NegatePart(index) => self.negate_part(index),
            Action::KeepPart(index) => self.keep_part(index),
            Action::SetCombine(combine) => self.selection.combine = combine,
            Action::SetSelection(selection) => self.set_selection(*selection),
            Action::SaveAudience(name) => self.save_audience(ctx, &name),
            Action::DeleteAudience(index) => self.edit(|project| {
                if index < project.saved_audiences.len() {
                    project.saved_audiences.remove(index);
                }
            }),
            Action::OpenCustomer(customer) => self.open_customer(customer),
            Action::Profile => self.profile(),
            Action::Models(action) => self.models_action(ctx, action),
            Action::SetTheme(theme) => self.settings.theme = theme,
            Action::SetZoom(zoom) => self.set_zoom(ctx, zoom),
            Action::ToggleRail => self.settings.rail_collapsed = !self.settings.rail_collapsed,
            Action::ToggleInspector => self.shown.inspector = !self.shown.inspector,
            Action::CancelJob => self.jobs.cancel(),
            Action::DismissNotice(id) => self.notices.retain(|notice| notice.id != id),
            Action::Undo => self.step(true),
            Action::Redo => self.step(false),
            Action::CopyText(text) => self.copy(ctx, text),
            Action::EditReading(edit) => self.edit_reading(edit),
            Action::MapColumns(files) => self.map_columns(*files),
            Action::OpenMapped => self.open_mapped(),
            Action::CloseMapping => self.mapping = None,
            Action::ExportRejected => self.export_rejected(ctx),
            Action::ShowDataTab(tab) => {
                self.shown.view = View::Data;
                self.views.data.tab = tab;
            }
            Action::SaveText {
                suggested_name,
                text,
            } => self
                .dialogs
                .save(ctx, suggested_name, || Ok(text.into_bytes())),
            Action::SavePicture(order) => self.save_picture(ctx, &order),
            Action::OfferExport(what) => self.frame.export.offer(*what),
            Action::Run(command) => self.run_command(ctx, command),
        }
    }

    fn run_command(&mut self, ctx: &Context, command: Command) {
        let has_shop = self.snapshot.shop.is_some();
        if command.needs_shop() && !has_shop {
            return;
        }
        let action = match command {
            Command::Show(view) => Action::Show(view),
            Command::Open => Action::OpenDialog,
            Command::AddFiles => return self.dialogs.open(ctx, Some(Incoming::Add)),
            Command::ReplaceFiles => return self.dialogs.open(ctx, Some(Incoming::Replace)),
            Command::TrySample => Action::Open(Source::Sample),
            Command::Close => Action::CloseShop,
            Command::Save => Action::File(FileAction::Save),
            Command::SaveAs => Action::File(FileAction::SaveAs),
            Command::Report => return self.save_report(ctx, Format::Html),
            Command::Tour => Action::Tour(TourAction::Start),
            Command::AddScene => Action::Scene(SceneAction::Add),
            Command::Scenes => Action::Scene(SceneAction::TogglePanel),
            Command::Present => Action::Scene(SceneAction::Present(0)),
            Command::Undo => Action::Undo,
            Command::Redo => Action::Redo,
            Command::DayBack => return self.move_as_of(|day| day - 1),
            Command::DayForward => return self.move_as_of(|day| day + 1),
            Command::MonthBack => return self.move_as_of(|day| add_months(day, -1)),
            Command::MonthForward => return self.move_as_of(|day| add_months(day, 1)),
            Command::WeekBack => return self.move_as_of(|day| day - 7),
            Command::WeekForward => return self.move_as_of(|day| day + 7),
            Command::First => return self.move_as_of(|_| Day::MIN),
            Command::Play => return self.toggle_play(ctx.input(|input| input.time)),
            Command::PlayPace => {
                self.play.pace = self.play.pace.next();
                return;
            }
            Command::Latest => Action::SetAsOf(None),
            Command::ClearSelection => Action::ClearSelection,
            Command::Compare => {
                self.frame.compare.open = !self.selection.is_empty();
                return;
            }
            Command::PinSelection => return self.pin_selection(ctx),
            Command::ToggleInspector => Action::ToggleInspector,
            Command::ToggleRail => Action::ToggleRail,
            Command::ToggleTheme => Action::SetTheme(self.other_theme(ctx)),
            Command::FollowSystemTheme => Action::SetTheme(ThemeChoice::System),
            Command::ZoomIn => Action::SetZoom(self.settings.zoom + ZOOM_STEP),
            Command::ZoomOut => Action::SetZoom(self.settings.zoom - ZOOM_STEP),
            Command::ZoomReset => Action::SetZoom(1.0),
            Command::CancelJob => Action::CancelJob,
            Command::Palette
            | Command::Shortcuts
            | Command::Export
            | Command::Glossary
            | Command::Manual
            | Command::Layouts => return self.show_dialog(command),
        };
        self.apply(ctx, action);
    }

    /// Shows what a command opens over the page.
    fn show_dialog(&mut self, command: Command) {
        match command {
            Command::Export => self.frame.export.open = true,
            Command::Glossary => self.frame.glossary.open = true,
            // Nobody wants it in front of an audience.
            Command::Manual if self.presenting.is_some() => {}
            Command::Manual => self.frame.help.open(),
            Command::Layouts => self.frame.layouts.open = true,
            Command::Shortcuts => self.frame.shortcuts_open = !self.frame.shortcuts_open,
            _ => self.frame.palette.open(),
        }
    }

    fn open_source(&mut self, ctx: &Context, source: Source) {
        if let Source::Files(paths) = &source
            && let [path] = paths.as_slice()
            && file::is_project(path)
        {
            return self.open_project(ctx, path.clone());
        }
        let sample = source == Source::Sample;
        let reading = self.layouts.reading_of(&source);
        self.open(Project {
            source,
            reading,
            ..Project::default()
        });
        // Only where it is remembered that it was seen.
        if sample && !self.settings.toured && self.autosave.keeps() {
            self.tour(ctx, TourAction::Start);
        }
    }

    fn continue_session(&mut self) {
        if let Some((session, _)) = self.session.take() {
            self.begin_session(session);
        }
    }

    fn close_shop(&mut self) {
        self.open(Project::default());
        self.snapshot = std::sync::Arc::default();
        self.session = None;
        self.autosave.end();
    }

    fn open_customer(&mut self, customer: Option<u32>) {
        self.shown.customer = customer;
        if customer.is_some() {
            self.shown.view = View::Customers;
        }
    }

    fn set_zoom(&mut self, ctx: &Context, zoom: f32) {
        let steps = (zoom.clamp(*ZOOM_RANGE.start(), *ZOOM_RANGE.end()) * 10.0).round();
        self.settings.zoom = steps / 10.0;
        ctx.set_zoom_factor(self.zoom());
    }

    /// How much larger than its natural size everything is drawn.
    pub(super) fn zoom(&self) -> f32 {
        let larger = if self.presenting.is_some() {
            present::SCALE
        } else {
            1.0
        };
        self.settings.zoom * larger
    }

    fn other_theme(&self, ctx: &Context) -> ThemeChoice {
        if palette_of(ctx, self.settings.theme).dark {
            ThemeChoice::Light
        } else {
            ThemeChoice::Dark
        }
    }

    fn move_as_of(&mut self, step: impl FnOnce(Day) -> Day) {
        let Some(range) = self.days() else { return };
        let day = self.history.current().as_of.unwrap_or(range.latest);
        let setting = range.setting(step(day));
        self.edit(|project| project.as_of = setting);
    }

    fn copy(&mut self, ctx: &Context, text: String) {
        let rows = text.lines().count();
        ctx.copy_text(text);
        let rows = ui::format::count(rows as u64, "line", "lines");
        self.notify(
            ctx,
            Severity::Info,
            "Copied",
            format!("{rows} on the clipboard"),
        );
    }

    /// Takes over a cost table, or says why not.
    fn import_costs(&mut self, ctx: &Context, text: Result<String, String>) {
        let mut settings = self.history.current().audiences.clone();
        let taken = text.and_then(|text| {
            let taken = settings.take_costs(&text);
            taken.map_err(|error| format!("{error}."))
        });
        match taken {
            Ok(()) => self.edit(|project| project.audiences = settings),
            Err(why) => self.notify(
                ctx,
                Severity::Error,
                "The cost table could not be read",
                why,
            ),
        }
    }

    /// What the file dialogs brought.
    pub(super) fn receive_dialogs(&mut self, ctx: &Context) {
        for reply in self.dialogs.poll() {
            match reply {
                Reply::Open(None, paths) => self.offer_files(ctx, paths),
                Reply::Open(Some(how), paths) => {
                    self.apply(ctx, Action::File(FileAction::Take { how, paths }));
                }
                Reply::Layout(read) => self.import_layout(ctx, read),
                Reply::Found(from, to) => {
                    self.apply(ctx, Action::File(FileAction::Moved { from, to }));
                }
                Reply::Model(path) => self.load_model(ctx, path),
                Reply::Rules(set) => self.import_rules(ctx, set),
                Reply::Costs(text) => self.import_costs(ctx, text),
                Reply::Saved(path, told) => {
                    let path = path.display();
                    let words = if told.is_empty() {
                        path.to_string()
                    } else {
                        format!("{path}: {told}")
                    };
                    self.notify(ctx, Severity::Info, "Saved", words);
                }
                Reply::Wrote(words) => self.notify(ctx, Severity::Info, "Saved", words),
                Reply::ProjectSaved(path, project) => self.project_saved(ctx, path, *project),
                Reply::NotSaved(why) => {
                    self.not_saved();
                    self.notify(ctx, Severity::Error, "The file could not be saved", why);
                }
                Reply::GivenUp => self.not_saved(),
                Reply::Exists(path, outgoing) => self.ask_to_replace(outgoing, path),
                Reply::NoDialog => self.no_dialog(ctx),
                Reply::NoPlace(suggested, outgoing) => self.ask_where(outgoing, &suggested),
            }
        }
        if let Some(why) = self.autosave.take_problem() {
            let why =
                format!("{why} Until this is mended, only saving the project keeps your work.");
            self.notify(ctx, Severity::Error, "The session is not being saved", why);
        }
        let dropped = dropped_files(ctx);
        if !dropped.is_empty() {
            self.offer_files(ctx, dropped);
        }
    }

    /// This desktop has no dialog service: say so, and offer the way that works.
    fn no_dialog(&mut self, ctx: &Context) {
        self.frame.focus_path = true;
        self.notify(
            ctx,
            Severity::Error,
            "No file dialog on this desktop",
            "The desktop offers no dialog service. Type the path of the file instead, or drop \
             the file onto this window."
                .to_owned(),
        );
    }

    /// Remembers an opened shop for the welcome page.
    pub(super) fn remember_recent(&mut self) {
        if let Some(shop) = &self.snapshot.shop
            && self.autosave.keeps()
            && let Some(entry) =
                storage::recent(shop, self.kept_project(), self.document.path.as_deref())
        {
            self.settings.remember(entry);
        }
    }
}

/// Files dropped onto the window in this frame.
fn dropped_files(ctx: &Context) -> Vec<PathBuf> {
    ctx.input(|input| {
        let files = input.raw.dropped_files.iter();
        files.map(|file| file.path().to_owned()).collect()
    })
}
