//! Files whose columns are mapped before they are opened, and what one-off jobs bring back.

use egui::Context;

use super::App;
use data::dataset::options::{ReadOptions, ReadingEdit};
use export::{Options, lists::rejected_table, write};
use pipeline::{PipelineError, Problem, source};
use project::{Project, Source};
use ui::{
    action::View,
    format,
    frame::notices::Severity,
    views::data::{Tab, assistant::Draft, questions},
};
use worker::{TaskEvent, TaskId, TaskOutcome};

/// The files being mapped, and the newest look at them that was asked for.
pub(super) struct Mapping {
    draft: Draft,
    asked: TaskId,
}

impl Mapping {
    pub(super) fn draft(&self) -> &Draft {
        &self.draft
    }
}

impl App {
    pub(super) fn map_columns(&mut self, (source, reading): (Source, ReadOptions)) {
        let draft = Draft {
            source,
            reading,
            files: None,
            problem: None,
        };
        let asked = self.look(&draft);
        self.mapping = Some(Mapping { draft, asked });
        self.notices.clear();
    }

    fn look(&mut self, draft: &Draft) -> TaskId {
        let (source, reading) = (draft.source.clone(), draft.reading.clone());
        self.jobs.run(
            "A first look at the files",
            move |_| match source::look_at(&source, &reading) {
                Ok(files) => Ok(TaskOutcome::Inspected(files.into())),
                Err(error) => Err(Problem::from(&PipelineError::from(error))),
            },
        )
    }

    /// The files being mapped come first: their page stands in front of the shop.
    pub(super) fn edit_reading(&mut self, edit: ReadingEdit) {
        let Some(mut mapping) = self.mapping.take() else {
            return self.edit(|project| project.reading.edit(edit));
        };
        mapping.draft.reading.edit(edit);
        mapping.asked = self.look(&mapping.draft);
        self.mapping = Some(mapping);
    }

    /// Whether the files being mapped are not those of the open shop.
    pub(super) fn maps_other_files(&self) -> bool {
        let source = &self.history.current().source;
        self.mapping
            .as_ref()
            .is_some_and(|mapping| mapping.draft.source != *source)
    }

    pub(super) fn open_mapped(&mut self) {
        let Some(Mapping { draft, .. }) = self.mapping.take() else {
            return;
        };
        if draft.source == self.history.current().source {
            self.edit(|project| project.reading = draft.reading);
        } else {
            self.open(Project {
                source: draft.source,
                reading: draft.reading,
                ..Project::default()
            });
        }
    }

    /// Files that were just opened and leave questions: those come before the numbers.
    pub(super) fn show_questions(&mut self) {
        let Some(shop) = &self.snapshot.shop else {
            return;
        };
        let questions = &shop.dataset.understanding.questions;
        let reading = &self.history.current().reading;
        let asks = questions::model::open(questions, reading).next().is_some();
        let opening = std::mem::take(&mut self.shown.opening);
        if opening && !shop.dataset.shape.has_orders() && self.shown.view == View::Start {
            // A customer table is answered by its Overview.
            self.shown.view = View::Overview;
        }
        if opening && asks {
            self.shown.view = View::Data;
            self.views.data.tab = Tab::Files;
        }
    }

    pub(super) fn export_rejected(&mut self, ctx: &Context) {
        let project = self.history.current();
        let (source, reading) = (project.source.clone(), project.reading.clone());
        self.jobs.run(
            "Collecting rows left out",
            move |monitor| match source::rejected_rows(&source, &reading, monitor) {
                Ok(rejected) => Ok(TaskOutcome::Rejected(rejected)),
                Err(error) => Err(Problem::from(&PipelineError::from(error))),
            },
        );
        self.notify(
            ctx,
            Severity::Info,
            "Collecting the rows left out",
            "The files are read again; then you choose where to save.".to_owned(),
        );
    }

    pub(super) fn receive_task(&mut self, ctx: &Context, id: TaskId, event: TaskEvent) {
        let outcome = match event {
            TaskEvent::Started | TaskEvent::Progress(_) => return,
            TaskEvent::Done(outcome) => Ok(outcome),
            TaskEvent::Failed(problem) => Err(Some(problem)),
            TaskEvent::Cancelled => Err(None),
        };
        self.jobs.task_ended(id);
        let joining = self.joining_of(id);
        let looked = self.mapping.as_mut().filter(|mapping| mapping.asked == id);
        match outcome {
            Ok(TaskOutcome::Inspected(files)) => {
                if let Some(mapping) = looked {
                    mapping.draft.files = Some(files);
                } else if let Some(joining) = joining {
                    self.join(ctx, joining, &files);
                }
            }
            Ok(TaskOutcome::Rejected(rejected)) => {
                let name = self.rejected_name();
                self.dialogs.save(ctx, name, || {
                    let table = rejected_table(rejected);
                    write::bytes(&table, Options::default()).map_err(|error| format!("{error}."))
                });
            }
            Ok(TaskOutcome::Written { path, summary }) => {
                let why = format!("{}: {summary}", path.display());
                self.notify(ctx, Severity::Info, "Saved", why);
            }
            Ok(TaskOutcome::Said(what)) => {
                self.notify(ctx, Severity::Info, &what, String::new());
            }
            Err(Some(problem)) if looked.is_some() => {
                if let Some(mapping) = looked {
                    mapping.draft.problem = Some(format::sentences(&[
                        &problem.title,
                        &problem.detail,
                        &problem.advice,
                    ]));
                }
            }
            Err(Some(problem)) => {
                let why = format::sentences(&[&problem.detail, &problem.advice]);
                self.notify(ctx, Severity::Error, &problem.title, why);
            }
            // A profile of data that is no longer shown, or a task that was cancelled.
            Ok(
                TaskOutcome::Profiled(_)
                | TaskOutcome::Grouped(_)
                | TaskOutcome::Trained(_)
                | TaskOutcome::Scored(_),
            )
            | Err(None) => {}
        }
    }

    fn rejected_name(&self) -> String {
        let shop = self.snapshot.shop.as_ref();
        let name = shop.map_or("shop", |shop| shop.dataset.name.as_str());
        format!("{name} rows left out.csv")
    }
}
