//! Presenting: stepping through scenes, and coming back exactly to where one was.

use std::sync::Arc;

use egui::{Context, Key, ViewportCommand};

use super::{App, Shown};
use analysis::selection::Selection;
use pipeline::Snapshot;
use project::{Look, Project, Scene, SegmentSpec, history::History};
use ui::{
    action::{Action, View},
    frame::{
        asks::FileAction,
        present::{Show, stage_keys},
        scenes::SceneAction,
    },
};

/// A key held longer than this is held, not pressed, in seconds.
const HELD_SECONDS: f64 = 0.35;

/// A presentation under way.
pub(super) struct Presenting {
    pub scenes: Vec<Scene>,
    at: usize,
    before: Before,
    blank: bool,
    notes: bool,
    laser: bool,
    /// When the key of the laser went down.
    laser_since: Option<f64>,
    started: f64,
    now: f64,
}

/// Where one was.
struct Before {
    history: History<Project>,
    selection: Selection,
    view: View,
    customer: Option<u32>,
    inspector: bool,
    /// How every view was looked at.
    looks: Vec<(View, Look)>,
    snapshot: Arc<Snapshot>,
    settled: (Project, Selection),
    /// Segments to compare with.
    ghost: Option<Arc<SegmentSpec>>,
}

impl Presenting {
    /// The project to return to.
    pub(super) fn project(&self) -> &Project {
        self.before.history.current()
    }

    /// View, open customer and selection to return to.
    pub(super) fn place(&self) -> (View, Option<u32>, &Selection) {
        (
            self.before.view,
            self.before.customer,
            &self.before.selection,
        )
    }

    pub(super) fn show(&self) -> Show {
        let scene = self.scenes.get(self.at);
        Show {
            at: self.at,
            count: self.scenes.len(),
            caption: scene.map(|scene| scene.caption.clone()).unwrap_or_default(),
            notes: scene.map(|scene| scene.notes.clone()).unwrap_or_default(),
            next: self
                .scenes
                .get(self.at + 1)
                .map(|scene| scene.caption.clone()),
            blank: self.blank,
            laser: self.laser || self.laser_since.is_some(),
            notes_window: self.notes,
            elapsed_seconds: (self.now - self.started).max(0.0) as u64,
        }
    }
}

impl App {
    /// The presentation under way.
    #[must_use]
    pub fn show(&self) -> Option<Show> {
        self.presenting.as_ref().map(Presenting::show)
    }

    pub(super) fn present_action(&mut self, ctx: &Context, action: &SceneAction) {
        if let SceneAction::Present(at) = *action {
            return self.present(ctx, at);
        }
        let now = ctx.input(|input| input.time);
        let Some(presenting) = &mut self.presenting else {
            return;
        };
        let (at, last) = (presenting.at, presenting.scenes.len().saturating_sub(1));
        match *action {
            SceneAction::Next => self.go(at + 1),
            SceneAction::Previous => self.go(at.saturating_sub(1)),
            SceneAction::Go(to) => self.go(to.min(last)),
            SceneAction::Leave => self.leave(ctx),
            SceneAction::ToggleBlank => presenting.blank = !presenting.blank,
            SceneAction::ToggleNotes => presenting.notes = !presenting.notes,
            SceneAction::Laser { down: true } => {
                presenting.laser_since.get_or_insert(now);
            }
            SceneAction::Laser { down: false } => {
                // Pressed: on until pressed again. Held: on while held.
                if let Some(since) = presenting.laser_since.take() {
                    presenting.laser = !presenting.laser && now - since < HELD_SECONDS;
                }
            }
            _ => {}
        }
    }

    fn present(&mut self, ctx: &Context, from: usize) {
        if self.presenting.is_some() || self.snapshot.shop.is_none() {
            return;
        }
        self.history.commit();
        let mut scenes = self.history.current().scenes.clone();
        if scenes.is_empty() {
            // Without scenes, what is on the screen is presented.
            scenes.push(self.scene_now());
        }
        let now = ctx.input(|input| input.time);
        self.presenting = Some(Presenting {
            at: 0,
            scenes,
            before: Before {
                history: self.history.clone(),
                selection: self.selection.clone(),
                view: self.shown.view,
                customer: self.shown.customer,
                inspector: self.shown.inspector,
                looks: View::ALL.map(|view| (view, self.views.look(view))).to_vec(),
                snapshot: Arc::clone(&self.snapshot),
                settled: self.settled.clone(),
                ghost: self.before.clone(),
            },
            blank: false,
            notes: false,
            laser: false,
            laser_since: None,
            started: now,
            now,
        });
        ctx.set_zoom_factor(self.zoom());
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(true));
        self.scenes.rehearsal.check_files();
        self.go(from);
    }

    /// Shows this scene; beyond the last one stays at the last.
    fn go(&mut self, to: usize) {
        let Some(presenting) = &mut self.presenting else {
            return;
        };
        let Some(scene) = presenting.scenes.get(to).cloned() else {
            return;
        };
        presenting.at = to;
        presenting.blank = false;
        let project = presenting.project().at_scene(&scene);
        self.history.reset(project);
        self.put_on_screen(&scene);
    }

    fn leave(&mut self, ctx: &Context) {
        let Some(Presenting { before, .. }) = self.presenting.take() else {
            return;
        };
        self.history = before.history;
        self.selection = before.selection;
        self.before = before.ghost;
        for (view, look) in &before.looks {
            self.views.take_look(*view, look);
        }
        let data = |snapshot: &Snapshot| {
            let shop = snapshot.shop.as_ref();
            shop.map(|shop| Arc::as_ptr(&shop.dataset))
        };
        let same_data = data(&before.snapshot) == data(&self.snapshot);
        self.shown = Shown {
            view: before.view,
            // Other data, other numbers of customers.
            customer: before.customer.filter(|_| same_data),
            inspector: before.inspector,
            tour: self.shown.tour,
            opening: false,
            palette: self.shown.palette.clone(),
        };
        if !same_data {
            // The files have changed during the presentation: the numbers of before are gone.
            self.settled = before.settled;
        } else if before.settled.0 == *self.history.current() && before.settled.1 == self.selection
        {
            self.show_ready(before.snapshot);
        } else {
            // Newer numbers were under way when the presentation began: ask for them again.
            self.snapshot = before.snapshot;
            self.settled = before.settled;
        }
        ctx.set_zoom_factor(self.zoom());
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(false));
    }

    /// Leaves the presentation when something other than looking at the shop is asked for.
    pub(super) fn leave_for(&mut self, ctx: &Context, action: &Action) {
        let leaves = matches!(
            action,
            Action::Open(_)
                | Action::OpenDialog
                | Action::CloseShop
                | Action::Continue
                | Action::MapColumns(_)
                | Action::OpenMapped
                | Action::File(FileAction::Take { .. })
        );
        if leaves {
            self.leave(ctx);
        }
    }

    /// Follows the presenter's keys before anything is drawn, so that the frame of a key press shows
    /// the scene it asks for.
    pub(super) fn step_presentation(&mut self, ctx: &Context, now: f64) {
        let actions = self.presenting_keys(ctx);
        if actions.is_empty() {
            return;
        }
        for action in actions {
            self.apply(ctx, action);
        }
        // What is not ready is asked for now, and what is drawn meanwhile says that it is late.
        self.send(ctx, false, now);
    }

    /// Keys of a presenter and of a clicker.
    fn presenting_keys(&mut self, ctx: &Context) -> Vec<Action> {
        let Some(presenting) = &mut self.presenting else {
            return Vec::new();
        };
        presenting.now = ctx.input(|input| input.time);
        ctx.request_repaint_after(std::time::Duration::from_secs(1));
        if ctx.text_edit_focused() {
            return Vec::new();
        }
        let held = presenting.laser_since.is_some();
        let actions = ctx.input_mut(|input| {
            let mut actions = stage_keys(input);
            let down = input.key_down(Key::L) && input.modifiers.is_none();
            if down != held {
                actions.push(SceneAction::Laser { down });
            }
            actions
        });
        actions.into_iter().map(Action::Scene).collect()
    }
}
