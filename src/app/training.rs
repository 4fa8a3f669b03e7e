//! Trainings of the window: recipes in, judged runs out, and the predictions that are shown.

use std::{collections::VecDeque, path::PathBuf, sync::Arc};

use egui::Context;

use super::App;
use data::dataset::Dataset;
use data::day::Day;
use pipeline::{
    Predictions, Problem,
    cx::{Monitor, Progress},
    training::{Trained, Training, TrainingJob, score_shop, train_shop},
};
use ui::{format, frame::notices::Severity, views::models::ModelsAction};
use worker::{TaskEvent, TaskId, TaskOutcome};

/// Runs kept in memory; the oldest goes first.
const MOST_RUNS: usize = 20;

/// What trains, what waits, and what came of it.
#[derive(Default)]
pub(super) struct TrainingDesk {
    shown: Training,
    /// Under way and waiting, with the title of the recipe.
    queue: VecDeque<(TaskId, String)>,
    /// Time of the window's clock when the running one began.
    since: f64,
    trained: u64,
}

impl TrainingDesk {
    pub(super) fn shown(&self) -> &Training {
        &self.shown
    }

    pub(super) fn used(&self) -> Option<Arc<Predictions>> {
        self.shown.used.clone()
    }

    /// Shows what another desk has trained.
    pub(super) fn show(&mut self, shown: Training) {
        self.shown = shown;
    }

    pub(super) fn owns(&self, id: TaskId) -> bool {
        self.queue.iter().any(|(task, _)| *task == id)
    }

    pub(super) fn busy(&self) -> bool {
        !self.queue.is_empty()
    }

    /// The job line for the front of the queue.
    fn restart(&mut self, now: f64) {
        self.since = now;
        self.shown.job = self.queue.front().map(|(_, title)| TrainingJob {
            title: title.clone(),
            waiting: self.queue.len() - 1,
            ..TrainingJob::default()
        });
    }

    fn end(&mut self, id: TaskId, now: f64) {
        self.queue.retain(|(task, _)| *task != id);
        self.restart(now);
    }

    /// Keeps a run; only one that beats its naive rivals is put in use by itself.
    fn keep(&mut self, run: Arc<Trained>) {
        if run.is_useful() {
            self.shown.used = Some(Arc::clone(&run.predictions));
        }
        self.shown.runs.push(run);
        let extra = self.shown.runs.len().saturating_sub(MOST_RUNS);
        self.shown.runs.drain(..extra);
        self.shown.revision += 1;
    }

    /// Tells the job line how long the training has been going on.
    pub(super) fn tick(&mut self, now: f64) {
        if let Some(job) = &mut self.shown.job {
            job.elapsed_seconds = (now - self.since).max(0.0);
        }
    }
}

impl App {
    pub(super) fn models_action(&mut self, ctx: &Context, action: ModelsAction) {
        match action {
            ModelsAction::Train(recipe) => {
                let title = recipe.title.clone();
                self.queue_long(ctx, title, move |dataset, at, monitor| {
                    let run = train_shop(dataset, at, &recipe, monitor)?;
                    Ok(TaskOutcome::Trained(Arc::new(run)))
                });
            }
            ModelsAction::Cancel => {
                if let Some((id, _)) = self.training.queue.front() {
                    self.jobs.cancel_task(*id);
                }
                if let Some(job) = &mut self.training.shown.job {
                    job.cancelling = true;
                }
            }
            ModelsAction::Edit(recipe) => self.edit(|project| {
                project.recipes.retain(|known| known.name != recipe.name);
                project.recipes.push(*recipe);
                project.recipes.sort_by(|a, b| a.name.cmp(&b.name));
            }),
            ModelsAction::Reset(name) => {
                self.edit(|project| project.recipes.retain(|known| known.name != name));
            }
            ModelsAction::Use(number) => {
                let run = number.and_then(|number| self.training.shown.run(number));
                self.training.shown.used = run.map(|run| Arc::clone(&run.predictions));
            }
            ModelsAction::Forget(number) => self.forget_run(number),
            ModelsAction::Save(number) => self.save_model(ctx, number),
            ModelsAction::Open => self.dialogs.open_model(ctx),
            ModelsAction::Load(path) => self.load_model(ctx, path),
        }
    }

    /// Puts a job on the open shop into the queue of long ones. It gets the data, S and the number of
    /// the run.
    fn queue_long(
        &mut self,
        ctx: &Context,
        title: String,
        job: impl FnOnce(&Dataset, (Day, u64), &Monitor) -> Result<TaskOutcome, Problem>
        + Send
        + 'static,
    ) {
        let Some(shop) = &self.snapshot.shop else {
            return;
        };
        let (dataset, as_of) = (Arc::clone(&shop.dataset), shop.as_of);
        let training = &mut self.training;
        training.trained += 1;
        let at = (as_of, training.trained);
        let id = self
            .jobs
            .run_long(&title, move |monitor| job(&dataset, at, monitor));
        training.queue.push_back((id, title));
        if training.queue.len() == 1 {
            training.restart(ctx.input(|input| input.time));
        } else if let Some(job) = &mut training.shown.job {
            job.waiting = training.queue.len() - 1;
        }
    }

    /// Predicts the open shop with a saved model.
    pub(super) fn load_model(&mut self, ctx: &Context, path: PathBuf) {
        let name = path.file_name().unwrap_or_default();
        let title = name.to_string_lossy().into_owned();
        self.queue_long(ctx, title, move |dataset, at, monitor| {
            let predictions = score_shop(dataset, at, &path, monitor)?;
            Ok(TaskOutcome::Scored(Arc::new(predictions)))
        });
    }

    fn forget_run(&mut self, number: u64) {
        let training = &mut self.training.shown;
        training.runs.retain(|run| run.number != number);
        training.revision += 1;
        if training
            .used
            .as_ref()
            .is_some_and(|used| used.run == number)
        {
            training.used = None;
        }
    }

    /// Other data is on the screen now: runs on the data before say nothing of it.
    pub(super) fn forget_runs(&mut self) {
        for (id, _) in self.training.queue.drain(..) {
            self.jobs.cancel_task(id);
        }
        let revision = self.training.shown.revision + 1;
        self.training.shown = Training {
            revision,
            ..Training::default()
        };
    }

    fn save_model(&mut self, ctx: &Context, number: u64) {
        let Some(run) = self.training.shown.run(number) else {
            return;
        };
        let saved = Arc::clone(&run.run.saved);
        let name = format!("{}.keepers-model.json", run.run.recipe.name);
        let written = move || saved.to_json().map_err(|error| error.to_string());
        self.dialogs.save(ctx, name, written);
    }

    pub(super) fn receive_training(&mut self, ctx: &Context, id: TaskId, event: TaskEvent) {
        let now = ctx.input(|input| input.time);
        match event {
            TaskEvent::Started => self.training.restart(now),
            TaskEvent::Progress(progress) => self.training_progress(progress),
            TaskEvent::Done(TaskOutcome::Trained(run)) => {
                self.training.end(id, now);
                let mut sentence = run.sentence().to_owned();
                if !run.is_useful() {
                    sentence.push_str(
                        " It is not put in use by itself: “Use” in Models shows its predictions all the same.",
                    );
                }
                let title = format!("“{}” is trained", run.run.recipe.title);
                self.training.keep(run);
                self.notify(ctx, Severity::Info, &title, sentence);
            }
            TaskEvent::Done(TaskOutcome::Scored(predictions)) => {
                self.training.end(id, now);
                let known = predictions.value.iter().filter(|value| !value.is_nan());
                let customers = format::count(known.count() as u64, "customer", "customers");
                let title = format!("“{}” is in use", predictions.recipe);
                let why = format!("{} predicts {customers}.", predictions.model);
                self.training.shown.used = Some(predictions);
                self.notify(ctx, Severity::Info, &title, why);
            }
            TaskEvent::Failed(problem) => {
                self.training.end(id, now);
                self.training_failed(ctx, &problem);
            }
            TaskEvent::Cancelled | TaskEvent::Done(_) => self.training.end(id, now),
        }
    }

    fn training_progress(&mut self, progress: Progress) {
        if let Some(job) = &mut self.training.shown.job {
            job.progress = progress;
        }
    }

    fn training_failed(&mut self, ctx: &Context, problem: &Problem) {
        let why = format::sentences(&[&problem.detail, &problem.advice]);
        self.notify(ctx, Severity::Error, &problem.title, why);
    }
}
