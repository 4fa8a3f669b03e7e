//! Scenes drawn as presented, one PNG each; from the window's own data, and from its numbers where they
//! are worked out already.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use egui::{Context, vec2};

use super::{
    App, Options,
    dialogs::Outgoing,
    headless::{Stage, write_png},
    rehearsal::Ready,
};
use base::monitor::Monitor;
use data::dataset::Dataset;
use data::dataset::error::DataError;
use data::dataset::options::ReadOptions;
use pipeline::{
    Given, Pipeline, Snapshot,
    source::{Fingerprint, Loader},
};
use project::{Project, Settings, Source, ThemeChoice};
use ui::format;

/// Size of a picture in points and pixels per point: a slide of full HD.
const SIZE: egui::Vec2 = vec2(1920.0, 1080.0);

/// The data of the window, read already: scenes that are not worked out are worked out from them.
struct InMemory(Arc<Dataset>);

impl Loader for InMemory {
    fn fingerprint(&self, _: &Source) -> Fingerprint {
        Fingerprint::default()
    }

    fn load(&self, _: &Source, _: &ReadOptions, _: &Monitor) -> Result<Dataset, DataError> {
        Ok((*self.0).clone())
    }
}

/// What a drawing thread needs of the window.
pub(super) struct Order {
    project: Project,
    ready: Vec<Ready>,
    given: Given,
    snapshot: Arc<Snapshot>,
    /// What the snapshot was worked out from.
    settled: Project,
    /// Nothing newer is under way.
    complete: bool,
    dark: bool,
}

impl Order {
    /// An app of its own with what the window shows, ready to be drawn.
    pub(super) fn stage(self) -> Result<Stage, String> {
        let ctx = Context::default();
        let settings = Settings {
            theme: if self.dark {
                ThemeChoice::Dark
            } else {
                ThemeChoice::Light
            },
            ..Settings::default()
        };
        let options = Options {
            settings,
            source: Source::None,
            data_folder: None,
            first_view: ui::action::View::default(),
        };
        let Some(shop) = &self.snapshot.shop else {
            return Err("No shop is open".to_owned());
        };
        let data = InMemory(Arc::clone(&shop.dataset));
        let known = (&*self.snapshot, &self.settled);
        let engine = Pipeline::beside(Box::new(data), known, self.complete);
        let mut app = App::with_engine(&ctx, options, engine);
        app.history.reset(self.project);
        app.scenes.rehearsal.take(self.ready, self.given);
        app.show_ready(self.snapshot);
        Ok(Stage::of(app, SIZE, 1.0))
    }

    /// In the light theme, whatever the window's is.
    pub(super) fn light(self) -> Self {
        Self {
            dark: false,
            ..self
        }
    }

    fn draw(self, folder: &Path) -> Result<Vec<PathBuf>, String> {
        write_scenes(&mut self.stage()?, folder)
    }
}

/// Every scene's caption and picture as PNG.
pub(super) fn captioned(stage: &mut Stage) -> Result<Vec<(String, Vec<u8>)>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let files = write_scenes(stage, folder.path())?;
    let read = |file| std::fs::read(file).map_err(|error| error.to_string());
    let scenes = stage.app_mut().project().scenes.iter();
    let captions: Vec<String> = scenes.map(|scene| scene.caption.clone()).collect();
    captions
        .into_iter()
        .zip(files)
        .map(|(caption, file)| Ok((caption, read(file)?)))
        .collect()
}

/// Draws every scene of the stage's project into `folder`: `scene 1.png`…
pub(super) fn write_scenes(stage: &mut Stage, folder: &Path) -> Result<Vec<PathBuf>, String> {
    let count = stage.app_mut().project().scenes.len();
    let mut files = Vec::new();
    for at in 0..count {
        let path = folder.join(format!("scene {}.png", at + 1));
        write_png(&stage.scene_picture(at), &path).map_err(|error| error.to_string())?;
        files.push(path);
    }
    Ok(files)
}

impl App {
    pub(super) fn drawing_order(&self) -> Order {
        Order {
            project: self.kept_project().clone(),
            ready: self.scenes.rehearsal.all(),
            given: self.given(),
            snapshot: Arc::clone(&self.snapshot),
            settled: self.settled.0.clone(),
            complete: !self.jobs.busy(),
            dark: self.shown.palette.dark,
        }
    }

    /// Asks for a folder, then draws every scene into it.
    pub(super) fn save_scene_pictures(&mut self, ctx: &Context) {
        let order = self.drawing_order();
        let outgoing = Outgoing::Folder(Box::new(move |folder| {
            let files = order.draw(folder)?;
            let count = format::count(files.len() as u64, "picture", "pictures");
            Ok(format!("{count} in {}", folder.display()))
        }));
        self.dialogs.save_into(ctx, "scenes".into(), outgoing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A report begins with the numbers of the window. Had the app that draws it asked for some itself, the
    /// answer could come later than they do and take their place: a report without charts.
    #[test]
    fn an_app_that_is_given_its_numbers_asks_for_none() {
        let ctx = Context::default();
        let mut app = App::new(&ctx, Options::default());
        assert!(app.settled());
        let given = Arc::new(Snapshot::default());
        app.show_ready(Arc::clone(&given));
        app.receive(&ctx);
        assert!(app.settled() && Arc::ptr_eq(&app.snapshot, &given));
    }
}
