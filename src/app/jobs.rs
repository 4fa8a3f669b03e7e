//! The worker's end in the window: requests out, events in.

use std::{collections::BTreeSet, sync::Arc};

use egui::Context;

use super::{
    App,
    grouping::{self, GroupingJob},
};
use analysis::selection::Selection;
use data::dataset::options::ReadOptions;
use pipeline::{
    Given, Problem, Request, Snapshot, Wants,
    cx::{Monitor, Progress},
    grouping::Grouping,
    profile::{Profiling, profile_shop},
};
use project::{Project, SegmentSpec, Source};
use ui::{
    action::{Action, View},
    format,
    frame::{Job, notices::Severity},
    views::segments::Section,
};
use worker::{Lane, TaskEvent, TaskId, TaskOutcome, Worker, event::Event};

/// Work that is done sooner than this, in seconds, is not announced: no flicker while dragging.
const QUIET_SECONDS: f64 = 0.15;

/// Every input of the numbers on the screen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub project: Project,
    pub selection: Selection,
    /// Segments to compare with.
    pub before: Option<Arc<SegmentSpec>>,
    /// What is on the screen that is worked out on demand.
    pub wants: Wants,
    pub given: Given,
}

impl Asked {
    fn request(&self, live: bool) -> Request {
        Request {
            project: Arc::new(self.project.clone()),
            selection: self.selection.clone(),
            before: self.before.clone(),
            live,
            wants: self.wants,
            given: self.given.clone(),
        }
    }
}

/// What runs, since when, and what was asked last.
pub(super) struct Jobs {
    worker: Worker,
    asked: Option<Asked>,
    /// What was asked last was asked in the middle of a drag: the rest is still to be asked for.
    live: bool,
    /// Time of the window's clock when the running work began.
    since: Option<f64>,
    progress: Progress,
    cancelling: bool,
    profiling: Profiling,
    grouping: GroupingJob,
    /// What the open shop was read from, and how.
    shown: (Source, ReadOptions),
    /// The profile under way.
    profile_task: Option<TaskId>,
    /// The newest numbers of all, be they on the screen or those of a scene.
    latest: Arc<Snapshot>,
    /// The worker is busy with a scene that is not on the screen.
    rehearsing: bool,
    /// Time of the window's clock when something was worked out for the screen last.
    awake_at: f64,
    /// Tasks that have not ended.
    tasks: BTreeSet<TaskId>,
}

impl Jobs {
    pub(super) fn new(worker: Worker) -> Self {
        Self {
            worker,
            asked: None,
            live: false,
            since: None,
            progress: Progress::default(),
            cancelling: false,
            profiling: Profiling::Idle,
            grouping: GroupingJob::default(),
            shown: (Source::None, ReadOptions::default()),
            profile_task: None,
            latest: Arc::default(),
            rehearsing: false,
            awake_at: 0.0,
            tasks: BTreeSet::new(),
        }
    }

    pub(super) fn grouping(&self) -> &Grouping {
        &self.grouping.grouping
    }

    /// Whether clusters are being looked for.
    pub(super) fn groups(&self) -> bool {
        self.grouping.runs()
    }

    pub(super) fn start_grouping(
        &mut self,
        work: impl FnOnce(&Monitor) -> Result<TaskOutcome, Problem> + Send + 'static,
    ) {
        grouping::start(&mut self.grouping, &mut self.worker, work);
    }

    pub(super) fn clusters_are_missing(&mut self) -> bool {
        self.grouping.are_missing()
    }

    pub(super) fn cancel_grouping(&mut self) {
        self.grouping.cancel(&self.worker);
    }

    pub(super) fn profiling(&self) -> &Profiling {
        &self.profiling
    }

    /// Whether a profile is being worked out.
    pub(super) fn profiles(&self) -> bool {
        self.profile_task.is_some()
    }

    /// Whether this task works out the profile under way.
    fn profiles_as(&self, id: TaskId) -> bool {
        self.profile_task == Some(id)
    }

    /// Whether the newest request reads the files of the open shop as they were read before.
    fn reads_as_shown(&self) -> bool {
        let (source, reading) = &self.shown;
        self.asked.as_ref().is_some_and(|Asked { project, .. }| {
            project.source == *source && project.reading == *reading
        })
    }

    /// Other data is on the screen now: a profile of the data before says nothing about it.
    fn show_other_data(&mut self) {
        if let Some(Asked { project, .. }) = &self.asked {
            self.shown = (project.source.clone(), project.reading.clone());
        }
        self.profiling = Profiling::Idle;
        self.grouping.forget(&self.worker);
        if let Some(id) = self.profile_task.take() {
            self.worker.cancel_task(id);
        }
    }

    /// What became of the profile asked for.
    fn take_profile(&mut self, event: TaskEvent) {
        self.profiling = match event {
            TaskEvent::Started => Profiling::Running(Progress::default()),
            TaskEvent::Progress(progress) => Profiling::Running(progress),
            TaskEvent::Done(TaskOutcome::Profiled(profile)) => Profiling::Ready(profile),
            TaskEvent::Failed(problem) => Profiling::Failed(problem),
            TaskEvent::Cancelled | TaskEvent::Done(_) => Profiling::Idle,
        };
        if !matches!(self.profiling, Profiling::Running(_)) {
            self.profile_task = None;
        }
    }

    /// Starts a one-off job of some seconds.
    pub(super) fn run(
        &mut self,
        name: &str,
        job: impl FnOnce(&Monitor) -> Result<TaskOutcome, Problem> + Send + 'static,
    ) -> TaskId {
        let id = self.worker.run_task(Lane::Short, name, job);
        self.tasks.insert(id);
        id
    }

    /// Starts a job of minutes: a training.
    pub(super) fn run_long(
        &mut self,
        name: &str,
        job: impl FnOnce(&Monitor) -> Result<TaskOutcome, Problem> + Send + 'static,
    ) -> TaskId {
        self.worker.run_task(Lane::Long, name, job)
    }

    /// Asks a one-off job to stop.
    pub(super) fn cancel_task(&self, id: TaskId) {
        self.worker.cancel_task(id);
    }

    /// Whether a one-off job is under way.
    pub(super) fn has_tasks(&self) -> bool {
        !self.tasks.is_empty()
    }

    pub(super) fn task_ended(&mut self, id: TaskId) {
        self.tasks.remove(&id);
    }

    pub(super) fn busy(&self) -> bool {
        self.worker.busy() && !self.rehearsing
    }

    /// Works out numbers that are not for the screen now.
    pub(super) fn rehearse(&mut self, inputs: &Asked) {
        self.rehearsing = true;
        self.worker.request(inputs.request(false));
    }

    /// Time of the window's clock when something was worked out for the screen last.
    pub(super) fn awake_at(&self) -> f64 {
        self.awake_at
    }

    pub(super) fn stay_awake(&mut self, now: f64) {
        self.awake_at = now;
    }

    /// Asks for the numbers on the screen once more.
    pub(super) fn ask_again(&mut self) {
        self.asked = None;
    }

    /// The rehearsal under way works out what is on the screen now.
    pub(super) fn adopt(&mut self, inputs: Asked) {
        self.rehearsing = false;
        self.cancelling = false;
        self.live = false;
        self.since = Some(self.awake_at);
        self.asked = Some(inputs);
    }

    /// The numbers of these inputs are on the screen: they need not be asked for.
    pub(super) fn has(&mut self, inputs: Asked) {
        if self.busy() {
            self.worker.abandon();
        }
        self.cancelling = false;
        self.live = false;
        self.asked = Some(inputs);
    }

    /// Busy long enough that people should know.
    pub(super) fn visibly_busy(&self, now: f64) -> bool {
        self.busy() && self.since.is_some_and(|since| now - since > QUIET_SECONDS)
    }

    /// Busy with numbers that are not those of a drag.
    pub(super) fn late(&self) -> bool {
        self.busy() && !self.live
    }

    pub(super) fn job(&self, now: f64) -> Option<Job> {
        self.busy().then(|| Job {
            stage: self.progress.stage.clone(),
            done: self.progress.done,
            total: self.progress.total,
            elapsed_seconds: self.since.map_or(0, |since| (now - since).max(0.0) as u64),
            cancelling: self.cancelling,
        })
    }

    pub(super) fn cancel(&mut self) {
        if self.busy() {
            self.worker.cancel();
            self.cancelling = true;
        }
    }

    /// Asks for the numbers of these inputs unless that was done. While something is dragged they
    /// follow it as fast as they can be worked out; when it is let go, the rest is asked for.
    fn request(&mut self, inputs: Asked, dragging: bool, now: f64) {
        let asked_before = self.asked.as_ref() == Some(&inputs);
        if asked_before && (dragging || !self.live) {
            return;
        }
        self.awake_at = now;
        if !self.busy() {
            self.since = Some(now);
            self.progress = Progress::default();
        }
        self.cancelling = false;
        self.rehearsing = false;
        self.live = dragging;
        let request = inputs.request(dragging);
        self.asked = Some(inputs);
        if dragging {
            self.worker.follow(request);
        } else {
            self.worker.request(request);
        }
    }
}

/// What is worked out on demand for this view.
pub(super) fn wants(view: View, customer: Option<u32>) -> Wants {
    Wants {
        people: matches!(view, View::Audiences | View::Start),
        start: view == View::Start,
        customer: customer.filter(|_| view == View::Customers),
        migration: false,
    }
}

impl App {
    /// Results of earlier jobs that numbers build on.
    pub(super) fn given(&self) -> Given {
        if let Some(given) = self.scenes.rehearsal.given() {
            return given.clone();
        }
        Given {
            clusters: self.jobs.grouping().found.clone(),
            predictions: self.training.used(),
        }
    }

    /// Every input of the numbers, as they stand now.
    pub(super) fn inputs(&self) -> Asked {
        Asked {
            project: self.history.current().clone(),
            selection: self.selection.clone(),
            before: self.before.clone(),
            wants: Wants {
                migration: self.shown.view == View::Segments
                    && self.views.segments.section == Section::Migration,
                ..wants(self.shown.view, self.shown.customer)
            },
            given: self.given(),
        }
    }

    /// Asks for numbers when an input has changed. `dragging`: a pointer or an arrow key is down.
    pub(super) fn send(&mut self, ctx: &Context, dragging: bool, now: f64) {
        self.jobs.request(self.inputs(), dragging, now);
        if !self.jobs.rehearsing {
            self.scenes.rehearsal.interrupted();
        }
        self.rehearse(ctx, dragging, now);
    }

    /// Takes in what happened in the background. Draws nothing, so that pictures can wait for their
    /// numbers without a frame.
    pub fn receive(&mut self, ctx: &Context) {
        for event in self.jobs.worker.poll() {
            match event {
                Event::Updated(snapshot) if self.jobs.rehearsing => self.jobs.latest = snapshot,
                Event::Finished if self.jobs.rehearsing => {
                    self.jobs.rehearsing = false;
                    let latest = Arc::clone(&self.jobs.latest);
                    self.rehearsal_ended(ctx, Some(latest));
                }
                // Shown, it will say itself what is wrong with it.
                Event::Failed(_) | Event::Cancelled if self.jobs.rehearsing => {
                    self.jobs.rehearsing = false;
                    self.rehearsal_ended(ctx, None);
                }
                Event::Progress(progress) => self.jobs.progress = progress,
                Event::Updated(snapshot) => {
                    self.jobs.latest = Arc::clone(&snapshot);
                    self.take_snapshot(ctx, snapshot);
                }
                Event::Finished => self.finish(ctx),
                Event::Failed(problem) => self.fail(ctx, &problem),
                Event::Cancelled => self.return_to_settled(),
                Event::Task { id, event, .. } if self.jobs.profiles_as(id) => {
                    self.jobs.take_profile(event);
                }
                Event::Task { id, event, .. } if self.jobs.grouping.runs_as(id) => {
                    self.jobs.grouping.take(event);
                }
                Event::Task { id, event, .. } if self.training.owns(id) => {
                    self.receive_training(ctx, id, event);
                }
                Event::Task { id, event, .. } => self.receive_task(ctx, id, event),
            }
        }
        self.receive_dialogs(ctx);
        let now = ctx.input(|input| input.time);
        self.notices
            .retain(|notice| notice.expires.is_none_or(|time| time > now));
    }

    fn take_snapshot(&mut self, ctx: &Context, snapshot: Arc<Snapshot>) {
        let other_data = match (&self.snapshot.shop, &snapshot.shop) {
            (Some(before), Some(after)) => !Arc::ptr_eq(&before.dataset, &after.dataset),
            _ => true,
        };
        if other_data {
            self.shown.customer = None;
            self.scenes.rehearsal.forget();
            self.views.customers.forget_prepared();
            if self.snapshot.shop.is_some() && self.jobs.reads_as_shown() {
                self.say_files_changed(ctx);
            }
            self.jobs.show_other_data();
            self.forget_runs();
        }
        let new_warnings: Vec<String> = snapshot
            .warnings
            .iter()
            .filter(|warning| !self.snapshot.warnings.contains(warning))
            .cloned()
            .collect();
        self.snapshot = snapshot;
        if other_data {
            self.show_questions();
        }
        // Numbers that keep coming are not late: nothing dims while a drag is followed.
        if self.jobs.live && self.jobs.since.is_some() {
            self.jobs.since = Some(ctx.input(|input| input.time));
        }
        for warning in new_warnings {
            self.notify(ctx, Severity::Info, "Please note", warning);
        }
    }

    /// Profiles the files of the open shop in the background.
    pub(super) fn profile(&mut self) {
        let asked = matches!(
            self.jobs.profiling,
            Profiling::Running(_) | Profiling::Ready(_)
        );
        let Some(shop) = self.snapshot.shop.as_ref().filter(|_| !asked) else {
            return;
        };
        let dataset = Arc::clone(&shop.dataset);
        let (source, reading) = self.jobs.shown.clone();
        let job = move |monitor: &pipeline::cx::Monitor| {
            let profile = profile_shop(&source, &dataset, &reading, monitor)?;
            Ok(TaskOutcome::Profiled(Arc::new(profile)))
        };
        self.jobs.profiling = Profiling::Running(Progress::default());
        self.jobs.profile_task = Some(self.jobs.worker.run_task(Lane::Short, "Profile", job));
    }

    fn finish(&mut self, ctx: &Context) {
        // After a rehearsal the worker may have had these numbers last, and so announced none.
        if !Arc::ptr_eq(&self.snapshot, &self.jobs.latest) {
            self.take_snapshot(ctx, Arc::clone(&self.jobs.latest));
        }
        let opened = self.settled.0.source != self.history.current().source;
        self.settled = (self.history.current().clone(), self.selection.clone());
        if opened {
            self.remember_recent();
        }
        self.open_remembered_customer();
    }

    fn fail(&mut self, ctx: &Context, problem: &Problem) {
        let tried = self.history.current();
        let opening = self.settled.0.source != tried.source;
        let mapping = Action::MapColumns(Box::new((tried.source.clone(), tried.reading.clone())));
        self.return_to_settled();
        let can_map = problem.can_map;
        let why = format::sentences(&[&problem.detail, &problem.advice]);
        self.notify(ctx, Severity::Error, &problem.title, why);
        if let Some(notice) = self.notices.last_mut() {
            notice.next = match (can_map, opening) {
                (true, _) => Some(("Map columns…".to_owned(), mapping)),
                (false, true) => Some(("Open other files…".to_owned(), Action::OpenDialog)),
                (false, false) => None,
            };
        }
    }

    /// The numbers on screen stay; the inputs go back to the ones they were computed from.
    fn return_to_settled(&mut self) {
        let (project, selection) = self.settled.clone();
        self.before = None;
        self.shown.opening = false;
        if project.source == self.history.current().source {
            self.history.set(project);
        } else if !self.history.retreat(&project) {
            self.history.reset(project);
        }
        self.selection = selection;
        self.jobs.asked = Some(self.inputs());
        self.jobs.live = false;
    }
}
