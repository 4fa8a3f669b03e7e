//! Scenes drawn as presented, one PNG each; from the window's own numbers, without computing again.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use egui::{Context, vec2};

use super::{
    App, Options,
    dialogs::Outgoing,
    headless::{Stage, write_png},
    scenes::Ready,
};
use crate::{
    pipeline::{PipelineError, Request, Snapshot, cx::Monitor},
    project::{Project, Settings, Source, ThemeChoice},
    ui::{format, frame::notices::Severity},
    worker::Engine,
};

/// Size of a picture in points and pixels per point: a slide of full HD.
const SIZE: egui::Vec2 = vec2(1920.0, 1080.0);

/// Never asked: every number is there already.
struct Nothing;

impl Engine for Nothing {
    fn read(&mut self, _: &Request, _: &Monitor) -> Result<(), PipelineError> {
        Ok(())
    }

    fn run(
        &mut self,
        _: &Request,
        _: &Monitor,
        _: &mut dyn FnMut(Arc<Snapshot>),
    ) -> Result<(), PipelineError> {
        Ok(())
    }
}

/// What a drawing thread needs of the window.
pub(super) struct Order {
    project: Project,
    ready: Vec<Ready>,
    snapshot: Arc<Snapshot>,
    dark: bool,
}

impl Order {
    /// Every scene's caption and picture.
    pub(super) fn pictures(self) -> Result<Vec<(String, Vec<u8>)>, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let scenes = self.project.scenes.iter();
        let captions: Vec<String> = scenes.map(|scene| scene.caption.clone()).collect();
        let files = self.draw(folder.path())?;
        let read = |file| std::fs::read(file).map_err(|error| error.to_string());
        captions
            .into_iter()
            .zip(files)
            .map(|(caption, file)| Ok((caption, read(file)?)))
            .collect()
    }

    fn draw(self, folder: &Path) -> Result<Vec<PathBuf>, String> {
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
        };
        let mut app = App::with_engine(&ctx, options, Nothing);
        app.history.reset(self.project);
        app.scenes.take_ready(self.ready);
        app.show_ready(self.snapshot);
        let mut stage = Stage::of(app, SIZE, 1.0);
        write_scenes(&mut stage, folder)
    }
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
    fn drawing_order(&self) -> Order {
        Order {
            project: self.kept_project().clone(),
            ready: self.scenes.all_ready(),
            snapshot: Arc::clone(&self.snapshot),
            dark: self.shown.palette.dark,
        }
    }

    /// The scenes to be drawn elsewhere, when there are any and they are worked out.
    pub(super) fn scene_drawing(&self) -> Option<Order> {
        let scenes = self.kept_project().scenes.len();
        let ready = self.scenes.marks.len() == scenes && self.rehearsed();
        (scenes > 0 && ready).then(|| self.drawing_order())
    }

    /// Asks for a folder, then draws every scene into it.
    pub(super) fn save_scene_pictures(&mut self, ctx: &Context) {
        if !self.rehearsed() {
            self.notify(
                ctx,
                Severity::Info,
                "The scenes are still being worked out",
                "Save the pictures when every scene is marked ready.".to_owned(),
            );
            return;
        }
        let order = self.drawing_order();
        let outgoing = Outgoing::Folder(Box::new(move |folder| {
            let files = order.draw(folder)?;
            let count = format::count(files.len() as u64, "picture", "pictures");
            Ok(format!("{count} in {}", folder.display()))
        }));
        self.dialogs.save_into(ctx, "scenes".into(), outgoing);
    }
}
