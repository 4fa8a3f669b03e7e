//! What outlives the window: settings in the window's own storage, the session in a project file.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use egui::Context;

use crate::{
    data::day::{Day, iso, parse_iso},
    pipeline::snapshot::Shop,
    project::{Project, Recent, Settings, Source, file},
    ui::format,
};

/// Key of the settings in the window's storage.
pub(super) const SETTINGS_KEY: &str = "settings";
/// An edit reaches the disk within about a second; a drag is not written value by value.
const DELAY_SECONDS: f64 = 0.7;

/// Writes the project after every change, on a thread of its own.
pub(super) struct Autosave {
    path: Option<PathBuf>,
    written: Option<Project>,
    changed_at: Option<f64>,
    writer: Option<Sender<Project>>,
    problems: (Sender<String>, Receiver<String>),
}

impl Autosave {
    pub(super) fn new(data_folder: Option<PathBuf>) -> Self {
        Self {
            path: data_folder.map(|folder| file::autosave_path(None, &folder)),
            written: None,
            changed_at: None,
            writer: None,
            problems: channel(),
        }
    }

    /// Keeps an eye on the project; call once per frame.
    pub(super) fn follow(&mut self, ctx: &Context, project: &Project, now: f64) {
        let Some(path) = self.path.clone() else {
            return;
        };
        // The welcome page must not overwrite the session it offers to continue.
        if project.source == Source::None || self.written.as_ref() == Some(project) {
            self.changed_at = None;
            return;
        }
        let since = *self.changed_at.get_or_insert(now);
        if now - since < DELAY_SECONDS {
            ctx.request_repaint_after(Duration::from_secs_f64(DELAY_SECONDS));
            return;
        }
        self.changed_at = None;
        self.written = Some(project.clone());
        let problems = self.problems.0.clone();
        let writer = self
            .writer
            .get_or_insert_with(|| write_thread(path, problems));
        if writer.send(project.clone()).is_err() {
            self.writer = None;
        }
    }

    pub(super) fn take_problem(&self) -> Option<String> {
        self.problems.1.try_iter().last()
    }
}

/// A thread that writes the newest of the projects sent to it.
fn write_thread(path: PathBuf, problems: Sender<String>) -> Sender<Project> {
    let (sender, receiver) = channel::<Project>();
    let failed = problems.clone();
    let started = thread::Builder::new()
        .name("keepers-autosave".to_owned())
        .spawn(move || {
            while let Ok(first) = receiver.recv() {
                let newest = receiver.try_iter().last().unwrap_or(first);
                let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
                let outcome = folder
                    .map_err(|error| format!("{}: {error}.", path.display()))
                    .and_then(|()| file::save(&newest, &path).map_err(|error| format!("{error}.")));
                if let Err(problem) = outcome
                    && problems.send(problem).is_err()
                {
                    return;
                }
            }
        });
    if let Err(error) = started
        && failed
            .send(format!("No thread to write with: {error}."))
            .is_err()
    {
        // The window is closing: there is nobody to tell.
    }
    sender
}

/// The session of last time, if there was one.
pub(super) fn last_session(data_folder: &Path, settings: &Settings) -> Option<(Project, Recent)> {
    let path = file::autosave_path(None, data_folder);
    // A session that cannot be read is not worth a message at every start: it is simply not offered.
    let project = file::load(&path).ok()?;
    if project.source == Source::None {
        return None;
    }
    let known = settings
        .recent
        .iter()
        .find(|recent| recent.source == project.source);
    let name = known.map_or_else(
        || source_name(&project.source),
        |recent| recent.name.clone(),
    );
    let as_of = project
        .as_of
        .map(|day| format!("as of {}", format::date(day)))
        .unwrap_or_default();
    let recent = Recent {
        source: project.source.clone(),
        name: name.clone(),
        size: name,
        opened: as_of,
    };
    Some((project, recent))
}

fn source_name(source: &Source) -> String {
    match source {
        Source::None => String::new(),
        Source::Sample => "Sample shop".to_owned(),
        Source::Files(paths) => paths
            .first()
            .map(|path| file::stem(path))
            .unwrap_or_default(),
    }
}

/// An entry for the welcome page; `None` where nothing is kept.
pub(super) fn recent(autosave: &Autosave, shop: &Shop, project: &Project) -> Option<Recent> {
    autosave.path.as_ref()?;
    if project.source == Source::None {
        return None;
    }
    Some(Recent {
        source: project.source.clone(),
        name: shop.dataset.name.clone(),
        size: format::count(shop.overview.kpis.customers, "customer", "customers"),
        opened: today().map(format::date).unwrap_or_default(),
    })
}

/// Today's date, the only clock in the app; no number depends on it.
fn today() -> Option<Day> {
    let date = jiff::Zoned::now().date().to_string();
    let day = parse_iso(&date);
    debug_assert_eq!(day.map(iso).as_deref(), Some(date.as_str()));
    day
}
