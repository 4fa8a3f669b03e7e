//! Scenes: kept, arranged and put on the screen.

use std::sync::Arc;

use egui::Context;

use super::{App, rehearsal::Rehearsal};
use export::report::Format;
use pipeline::Snapshot;
use project::{Scene, Source};
use ui::{
    action::View,
    frame::{notices::Severity, scenes::SceneAction},
};

/// Scenes on and behind the stage.
#[derive(Default)]
pub(super) struct Scenes {
    /// The panel is open.
    pub panel: bool,
    pub rehearsal: Rehearsal,
}

impl App {
    /// Number of the customer of this id in the open shop.
    pub(super) fn customer_number(&self, id: &str) -> Option<u32> {
        let shop = self.snapshot.shop.as_ref()?;
        let mut ids = shop.dataset.orders.customer_ids.iter();
        u32::try_from(ids.position(|known| known == id)?).ok()
    }

    pub(super) fn scene_action(&mut self, ctx: &Context, action: SceneAction) {
        match action {
            SceneAction::Add => self.add_scene(ctx),
            SceneAction::Remove(at) => self.edit_scenes(|scenes| {
                if at < scenes.len() {
                    scenes.remove(at);
                }
            }),
            SceneAction::Move(at, by) => self.edit_scenes(|scenes| {
                if let Some(to) = at.checked_add_signed(by)
                    && at.max(to) < scenes.len()
                {
                    scenes.swap(at, to);
                }
            }),
            SceneAction::Caption(at, text) => self.edit_scene(at, |scene| scene.caption = text),
            SceneAction::Notes(at, text) => self.edit_scene(at, |scene| scene.notes = text),
            SceneAction::Retake(at) => {
                let taken = self.scene_now();
                self.edit_scene(at, |scene| {
                    *scene = Scene {
                        caption: std::mem::take(&mut scene.caption),
                        notes: std::mem::take(&mut scene.notes),
                        ..taken
                    };
                });
            }
            SceneAction::Show(at) => self.show_scene(at),
            SceneAction::TogglePanel => self.scenes.panel = !self.scenes.panel,
            SceneAction::SavePictures => self.save_scene_pictures(ctx),
            SceneAction::SaveSlides => self.save_report(ctx, Format::PowerPoint),
            action => self.present_action(ctx, &action),
        }
    }

    fn edit_scenes(&mut self, change: impl FnOnce(&mut Vec<Scene>)) {
        if self.presenting.is_none() {
            self.edit(|project| change(&mut project.scenes));
        }
    }

    fn edit_scene(&mut self, at: usize, change: impl FnOnce(&mut Scene)) {
        self.edit_scenes(|scenes| {
            if let Some(scene) = scenes.get_mut(at) {
                change(scene);
            }
        });
    }

    /// What is on the screen, as a scene.
    pub(super) fn scene_now(&self) -> Scene {
        let project = self.history.current();
        let caption = match self.selection.parts.as_slice() {
            [] => self.shown.view.title().to_owned(),
            parts => {
                let parts: Vec<String> =
                    parts.iter().map(ui::frame::selection_text::part).collect();
                format!("{}: {}", self.shown.view.title(), parts.join(", "))
            }
        };
        Scene {
            caption,
            notes: String::new(),
            view: self.shown.view.name().to_owned(),
            customer: self.open_customer_id(),
            selection: self.selection.clone(),
            look: self.views.look(self.shown.view),
            inputs: project.scene_inputs(),
        }
    }

    fn add_scene(&mut self, ctx: &Context) {
        if self.presenting.is_some() || self.kept_project().source == Source::None {
            return;
        }
        let scene = self.scene_now();
        self.edit_scenes(|scenes| scenes.push(scene));
        if !self.scenes.panel {
            let count = self.kept_project().scenes.len();
            let words =
                format!("Scene {count}. F5 presents; the scenes panel changes captions and order.");
            self.notify(ctx, Severity::Info, "Scene added", words);
        }
    }

    /// Puts a scene on the screen as if its settings had been chosen by hand: can be undone.
    fn show_scene(&mut self, at: usize) {
        let Some(scene) = self.kept_project().scenes.get(at).cloned() else {
            return;
        };
        let project = self.kept_project().at_scene(&scene);
        self.history.set(project);
        self.put_on_screen(&scene);
    }

    /// Shows view, selection and customer of a scene; its numbers at once when they are ready.
    pub(super) fn put_on_screen(&mut self, scene: &Scene) {
        self.selection = scene.selection.clone();
        self.before = None;
        self.shown.view = View::of_name(&scene.view).unwrap_or(self.shown.view);
        self.views.take_look(self.shown.view, &scene.look);
        let customer = scene.customer.as_deref();
        self.shown.customer = customer.and_then(|id| self.customer_number(id));
        let inputs = self.inputs_of(scene);
        if let Some(snapshot) = self.scenes.rehearsal.ready(&inputs) {
            self.show_ready(snapshot);
        } else if self.scenes.rehearsal.works_on(&inputs) {
            // It is being rehearsed right now: its numbers are shown when they come.
            self.jobs.adopt(self.inputs());
            self.scenes.rehearsal.interrupted();
        }
    }

    /// Shows numbers that were worked out before.
    pub(super) fn show_ready(&mut self, snapshot: Arc<Snapshot>) {
        self.snapshot = snapshot;
        self.settled = (self.history.current().clone(), self.selection.clone());
        self.jobs.has(self.inputs());
    }
}
