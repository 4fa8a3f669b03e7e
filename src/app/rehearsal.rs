//! Rehearsing scenes: their numbers are worked out before they are shown, so that showing one waits for
//! nothing.
//!
//! Rehearsals run on the worker's interactive lane while nothing else is asked of it: at once while
//! presenting or with the panel open, otherwise when the window has rested for a second. The first
//! real request ends a rehearsal, which goes on later. What will most likely be shown next comes first:
//! the scene after the one on the screen, the one before it, the second next.
//!
//! Snapshots hold their artefacts by `Arc`, so that what scenes have in common is kept once. A date of
//! its own weighs about 35 MB at a million customers, the audiences of a date another 120 MB; kept is
//! what fits into [`BUDGET`], and the rest is worked out as one comes closer to it. Twenty scenes of one
//! date weigh about 60 MB together, twenty dates would weigh 700 MB.

use std::{sync::Arc, time::Duration};

use egui::Context;

use super::{
    App,
    jobs::{Asked, wants},
};
use pipeline::{Given, Snapshot, people::Wants, weight::Weight};
use project::{Project, Scene};
use ui::{
    action::View,
    views::{look::segments_section, segments::Section},
};

/// Bytes that rehearsed scenes may hold together.
const BUDGET: usize = 512 << 20;
/// Seconds without a request before scenes nobody has asked for yet are worked out.
const REST_SECONDS: f64 = 1.0;

/// A scene whose numbers are worked out, or cannot be.
#[derive(Clone)]
pub(super) struct Ready {
    inputs: Asked,
    snapshot: Option<Arc<Snapshot>>,
}

/// What scenes need, and what this was found out from.
struct Needs {
    scenes: Vec<Scene>,
    ground: Ground,
    inputs: Vec<Asked>,
}

/// What a scene's inputs depend on beside the scene.
#[derive(PartialEq)]
struct Ground {
    /// Where the data lie.
    data: usize,
    /// The project without what scenes bring along or what decides no number.
    project: Project,
    given: Given,
    /// Shown where a scene's own view is unknown, if it is.
    view: Option<View>,
}

/// What is worked out of the scenes.
#[derive(Default)]
pub(super) struct Rehearsal {
    ready: Vec<Ready>,
    needs: Option<Needs>,
    under_way: Option<Asked>,
    /// The worker's memos are those of a scene: the numbers on the screen are to be asked for once
    /// more, so that the next step of a person is as quick as ever.
    strayed: bool,
    /// A presentation has begun: whatever is ready, somebody should look whether the files are still
    /// those it was worked out from.
    check: bool,
    /// For each scene, whether showing it waits for nothing.
    marks: Vec<bool>,
    /// Every scene that fits is worked out or failed.
    done: bool,
    /// Bytes of the heaviest scene so far: what one not worked out yet is taken to weigh.
    heaviest: usize,
    /// Set in an app that only draws: what the window it draws for has found out.
    given: Option<Given>,
    /// Bytes that may be held, where tests want others.
    budget: Option<usize>,
}

impl Rehearsal {
    pub(super) fn runs(&self) -> bool {
        self.under_way.is_some()
    }

    pub(super) fn marks(&self) -> &[bool] {
        &self.marks
    }

    /// The numbers of these inputs, when they are worked out.
    pub(super) fn ready(&self, inputs: &Asked) -> Option<Arc<Snapshot>> {
        let ready = self.ready.iter().find(|ready| ready.inputs == *inputs)?;
        ready.snapshot.clone()
    }

    /// A rehearsal ended, with these numbers or without.
    pub(super) fn ended(&mut self, snapshot: Option<Arc<Snapshot>>) {
        if let Some(inputs) = self.under_way.take() {
            let bytes = snapshot
                .as_ref()
                .map_or(0, |snapshot| Weight::default().added_by(snapshot));
            self.heaviest = self.heaviest.max(bytes);
            self.ready.push(Ready { inputs, snapshot });
        }
    }

    /// Every scene's numbers, for drawing them elsewhere.
    pub(super) fn all(&self) -> Vec<Ready> {
        self.ready.clone()
    }

    pub(super) fn take(&mut self, ready: Vec<Ready>, given: Given) {
        self.ready = ready;
        self.given = Some(given);
    }

    pub(super) fn given(&self) -> Option<&Given> {
        self.given.as_ref()
    }

    /// Other data are on the screen.
    pub(super) fn forget(&mut self) {
        self.ready.clear();
        self.under_way = None;
        self.strayed = false;
        self.heaviest = 0;
    }

    /// Something else is asked of the worker: the rehearsal is off.
    pub(super) fn interrupted(&mut self) {
        self.under_way = None;
        self.strayed = false;
    }

    /// Has the files looked at once more.
    pub(super) fn check_files(&mut self) {
        self.check = true;
    }

    /// Whether these inputs are being worked out.
    pub(super) fn works_on(&self, inputs: &Asked) -> bool {
        self.under_way.as_ref() == Some(inputs)
    }

    /// Keeps what comes first and fits; what is to be worked out next.
    fn plan(&mut self, at: usize) -> Option<Asked> {
        let inputs = self.needs.as_ref().map(|needs| needs.inputs.as_slice());
        let inputs = inputs.unwrap_or_default();
        let budget = self.budget.unwrap_or(BUDGET);
        let mut weight = Weight::default();
        let mut kept: Vec<Ready> = Vec::new();
        let mut next = None;
        let heaviest = self.heaviest;
        let mut marks = vec![false; inputs.len()];
        for number in order(at, inputs.len()) {
            let wanted = &inputs[number];
            if let Some(known) = kept.iter().find(|ready| ready.inputs == *wanted) {
                marks[number] = known.snapshot.is_some();
                continue;
            }
            let known = self.ready.iter().position(|ready| ready.inputs == *wanted);
            let Some(known) = known.map(|known| self.ready.swap_remove(known)) else {
                // The first one is worked out whatever it weighs.
                let fits = kept.is_empty() || weight.bytes + heaviest <= budget;
                if fits && next.is_none() {
                    next = Some(wanted.clone());
                }
                continue;
            };
            if let Some(snapshot) = &known.snapshot {
                if !kept.is_empty() && weight.bytes + weight.added_by(snapshot) > budget {
                    // Too heavy to be kept. Not asked for again either: no scene is heavier than the
                    // heaviest, so that it does not fit until one comes closer to it.
                    continue;
                }
                weight.add(snapshot);
            }
            marks[number] = known.snapshot.is_some();
            kept.push(known);
        }
        self.ready = kept;
        self.marks = marks;
        self.done = next.is_none();
        next
    }
}

/// Scenes in the order in which they are likely to be shown from scene `at` on: itself, the next, the
/// one before, then two steps forward for each step back.
fn order(at: usize, count: usize) -> Vec<usize> {
    let mut forward = at..count;
    let mut back = (0..at.min(count)).rev();
    let mut order: Vec<usize> = forward.by_ref().take(2).collect();
    while order.len() < count {
        order.extend(back.by_ref().take(1));
        order.extend(forward.by_ref().take(2));
    }
    order
}

impl App {
    /// What the worker is asked for to show a scene of the kept project.
    pub(super) fn inputs_of(&self, scene: &Scene) -> Asked {
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
            wants: Wants {
                migration: view == View::Segments
                    && segments_section(&scene.look) == Section::Migration,
                ..wants(view, customer)
            },
            given: self.given(),
        }
    }

    fn ground(&self, scenes: &[Scene]) -> Ground {
        let mut views = scenes.iter().map(|scene| View::of_name(&scene.view));
        let unknown = views.any(|view| view.is_none());
        let data = self.snapshot.shop.as_ref();
        let project = self.kept_project();
        Ground {
            data: data.map_or(0, |shop| Arc::as_ptr(&shop.dataset) as usize),
            project: project.numbers_at(&Scene::default()),
            given: self.given(),
            view: unknown.then_some(self.shown.view),
        }
    }

    /// Rehearses the next scene when nothing else is under way.
    pub(super) fn rehearse(&mut self, ctx: &Context, dragging: bool, now: f64) {
        let scenes = match &self.presenting {
            Some(presenting) => &presenting.scenes,
            None => &self.kept_project().scenes,
        };
        if scenes.is_empty() || self.snapshot.shop.is_none() {
            self.scenes.rehearsal.needs = None;
            self.scenes.rehearsal.plan(0);
            return;
        }
        let ground = self.ground(scenes);
        let known = self.scenes.rehearsal.needs.as_ref();
        if known.is_none_or(|needs| needs.scenes != *scenes || needs.ground != ground) {
            // Looking up customers by id takes milliseconds among a million: not in every frame.
            let inputs = scenes.iter().map(|scene| self.inputs_of(scene)).collect();
            let scenes = scenes.clone();
            self.scenes.rehearsal.needs = Some(Needs {
                scenes,
                ground,
                inputs,
            });
        }
        let at = self.show().map_or(0, |show| show.at);
        let next = self.scenes.rehearsal.plan(at);
        if dragging || self.jobs.busy() {
            return self.jobs.stay_awake(now);
        }
        if self.scenes.rehearsal.runs() {
            return;
        }
        let wanted = self.scenes.panel || self.presenting.is_some();
        let rest = REST_SECONDS - (now - self.jobs.awake_at());
        if !wanted && rest > 0.0 {
            if next.is_some() {
                ctx.request_repaint_after(Duration::from_secs_f64(rest));
            }
            return;
        }
        if let Some(next) = next {
            self.start_rehearsal(next, true);
        } else {
            let rehearsal = &self.scenes.rehearsal;
            if rehearsal.check || rehearsal.strayed && self.presenting.is_none() {
                self.start_rehearsal(self.inputs(), false);
            }
        }
    }

    fn start_rehearsal(&mut self, inputs: Asked, strays: bool) {
        self.jobs.rehearse(&inputs);
        self.scenes.rehearsal.under_way = Some(inputs);
        self.scenes.rehearsal.strayed = strays;
        self.scenes.rehearsal.check = false;
    }

    /// Whether every scene that can be kept ready is.
    #[must_use]
    pub fn rehearsed(&self) -> bool {
        let rehearsal = &self.scenes.rehearsal;
        !rehearsal.runs() && rehearsal.done
    }

    /// Limits what rehearsed scenes may hold together, in bytes; for tests.
    pub fn limit_rehearsal(&mut self, bytes: usize) {
        self.scenes.rehearsal.budget = Some(bytes);
    }

    /// Which scenes are ready to be shown.
    #[must_use]
    pub fn scenes_ready(&self) -> &[bool] {
        self.scenes.rehearsal.marks()
    }

    /// A rehearsal ended. Numbers of other data than those on the screen say that the files have
    /// changed: scenes of before and of after must not stand side by side.
    pub(super) fn rehearsal_ended(&mut self, ctx: &Context, snapshot: Option<Arc<Snapshot>>) {
        let data = |snapshot: &Snapshot| {
            let shop = snapshot.shop.as_ref();
            shop.map(|shop| Arc::as_ptr(&shop.dataset))
        };
        let other = snapshot
            .as_ref()
            .is_some_and(|snapshot| data(snapshot) != data(&self.snapshot));
        if other {
            self.scenes.rehearsal.forget();
            self.jobs.ask_again();
        } else {
            self.prepare_list(ctx, snapshot.as_deref());
            self.scenes.rehearsal.ended(snapshot);
        }
    }

    /// Sorting a million customers takes longer than a step may: the list of the scene just rehearsed
    /// is sorted beforehand as well.
    fn prepare_list(&mut self, ctx: &Context, snapshot: Option<&Snapshot>) {
        let Some(inputs) = &self.scenes.rehearsal.under_way else {
            return;
        };
        let needs = self.scenes.rehearsal.needs.as_ref();
        let shop = snapshot.and_then(|snapshot| snapshot.shop.as_ref());
        let (Some(needs), Some(shop)) = (needs, shop) else {
            return;
        };
        for (scene, of) in needs.scenes.iter().zip(&needs.inputs) {
            if of == inputs && scene.view == View::Customers.name() {
                self.views.customers.prepare(ctx, shop, &scene.look);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn the_next_scene_comes_first_and_every_scene_once() {
        assert_eq!(order(0, 5), [0, 1, 2, 3, 4]);
        assert_eq!(order(2, 6), [2, 3, 1, 4, 5, 0]);
        assert_eq!(order(4, 5), [4, 3, 2, 1, 0]);
        assert_eq!(order(0, 0), [0_usize; 0]);
        assert_eq!(order(7, 3), [2, 1, 0], "scenes were deleted meanwhile");
    }
}
