//! Scenes: kept, arranged, and rehearsed, so that showing one waits for nothing.
//!
//! Rehearsing works out the numbers of every scene on the worker's interactive lane while nothing
//! else is asked of it. Each scene's snapshot is kept; stages that scenes have in common are kept
//! once, since snapshots hold them by `Arc`. The first real request ends a rehearsal, which goes on
//! later.

use std::sync::Arc;

use egui::Context;

use super::{
    App,
    jobs::{Asked, wants},
};
use crate::{
    pipeline::Snapshot,
    project::{Scene, Source},
    ui::{
        action::View,
        frame::{notices::Severity, scenes::SceneAction},
    },
};

/// A scene whose numbers are worked out, or cannot be.
#[derive(Clone)]
pub(super) struct Ready {
    inputs: Asked,
    snapshot: Option<Arc<Snapshot>>,
}

/// Scenes on and behind the stage.
#[derive(Default)]
pub(super) struct Scenes {
    /// The panel is open.
    pub panel: bool,
    ready: Vec<Ready>,
    /// What the scenes need, and the scenes and data this was found out for.
    needs: Option<(Vec<Scene>, usize, Vec<Asked>)>,
    /// Asked being rehearsed.
    rehearsing: Option<Asked>,
    /// For each scene, whether showing it waits for nothing; for the panel.
    pub marks: Vec<bool>,
}

impl Scenes {
    pub(super) fn rehearses(&self) -> bool {
        self.rehearsing.is_some()
    }

    /// The numbers of these inputs, when they are worked out.
    pub(super) fn ready(&self, inputs: &Asked) -> Option<Arc<Snapshot>> {
        let ready = self.ready.iter().find(|ready| ready.inputs == *inputs)?;
        ready.snapshot.clone()
    }

    /// A rehearsal ended, with these numbers or without.
    pub(super) fn rehearsed(&mut self, snapshot: Option<Arc<Snapshot>>) {
        if let Some(inputs) = self.rehearsing.take() {
            self.ready.push(Ready { inputs, snapshot });
        }
    }

    /// Every scene's numbers, for drawing them elsewhere.
    pub(super) fn all_ready(&self) -> Vec<Ready> {
        self.ready.clone()
    }

    pub(super) fn take_ready(&mut self, ready: Vec<Ready>) {
        self.ready = ready;
    }

    /// Other data are on the screen.
    pub(super) fn forget(&mut self) {
        self.ready.clear();
        self.rehearsing = None;
    }

    /// Something else is asked of the worker: the rehearsal is off.
    pub(super) fn interrupted(&mut self) {
        self.rehearsing = None;
    }
}

impl App {
    /// What the worker is asked for to show a scene of the kept project.
    fn inputs_of(&self, scene: &Scene) -> Asked {
        let project = self.kept_project().numbers_at(scene);
        let view = View::of_name(&scene.view).unwrap_or(self.shown.view);
        let customer = scene
            .customer
            .as_deref()
            .and_then(|id| self.customer_number(id));
        Asked {
            project,
            selection: scene.selection.clone(),
            before: None,
            wants: wants(view, customer),
            given: self.given(),
        }
    }

    /// Number of the customer of this id in the open shop.
    pub(super) fn customer_number(&self, id: &str) -> Option<u32> {
        let shop = self.snapshot.shop.as_ref()?;
        let mut ids = shop.dataset.orders.customer_ids.iter();
        u32::try_from(ids.position(|known| known == id)?).ok()
    }

    /// Rehearses the next scene when nothing else is under way.
    pub(super) fn rehearse(&mut self) {
        let wanted = self.scenes.panel || self.presenting.is_some();
        let scenes = match &self.presenting {
            Some(presenting) => &presenting.scenes,
            None => &self.kept_project().scenes,
        };
        if !wanted && self.scenes.ready.is_empty() {
            return;
        }
        let data = self.snapshot.shop.as_ref();
        let data = data.map_or(0, |shop| Arc::as_ptr(&shop.dataset) as usize);
        let fresh = self
            .scenes
            .needs
            .as_ref()
            .is_some_and(|(of, by, _)| of == scenes && *by == data);
        if !fresh {
            // Looking up customers by id takes milliseconds among a million: not in every frame.
            let inputs = scenes.iter().map(|scene| self.inputs_of(scene)).collect();
            self.scenes.needs = Some((scenes.clone(), data, inputs));
        }
        let Some((_, _, inputs)) = &self.scenes.needs else {
            return;
        };
        self.scenes
            .ready
            .retain(|ready| inputs.contains(&ready.inputs));
        let ready = &self.scenes.ready;
        let known = |inputs: &Asked| ready.iter().any(|ready| ready.inputs == *inputs);
        let marks = inputs.iter().map(known).collect();
        let next = inputs.iter().find(|inputs| !known(inputs)).cloned();
        self.scenes.marks = marks;
        let has_shop = self.snapshot.shop.is_some();
        if !wanted || !has_shop || self.jobs.busy() || self.scenes.rehearses() {
            return;
        }
        if let Some(next) = next {
            self.jobs.rehearse(&next);
            self.scenes.rehearsing = Some(next);
        }
    }

    /// Whether every scene can be shown without a wait.
    #[must_use]
    pub fn rehearsed(&self) -> bool {
        !self.scenes.rehearses() && self.scenes.marks.iter().all(|ready| *ready)
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
                let parts: Vec<String> = parts
                    .iter()
                    .map(crate::ui::frame::selection_text::part)
                    .collect();
                format!("{}: {}", self.shown.view.title(), parts.join(", "))
            }
        };
        Scene {
            caption,
            notes: String::new(),
            view: self.shown.view.name().to_owned(),
            customer: self.open_customer_id(),
            selection: self.selection.clone(),
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
        let customer = scene.customer.as_deref();
        self.shown.customer = customer.and_then(|id| self.customer_number(id));
        if let Some(snapshot) = self.scenes.ready(&self.inputs_of(scene)) {
            self.show_ready(snapshot);
        }
    }

    /// Shows numbers that were worked out before.
    pub(super) fn show_ready(&mut self, snapshot: Arc<Snapshot>) {
        self.snapshot = snapshot;
        self.settled = (self.history.current().clone(), self.selection.clone());
        self.jobs.has(self.inputs());
    }
}
