//! Files chosen or dropped while a shop is open: next month's export joins the shop, takes the place of
//! its files, or is opened instead.

use std::path::{Path, PathBuf};

use egui::Context;

use super::{App, layouts, tune};
use data::dataset::FileReading;
use pipeline::{PipelineError, Problem, source};
use project::{Source, file, joining, layouts::is_layout};
use ui::{
    action::Action,
    format,
    frame::{
        asks::{Ask, Incoming},
        notices::Severity,
    },
};
use worker::{TaskId, TaskOutcome};

/// Files that are being looked at before they join the shop.
pub(super) struct Joining {
    asked: TaskId,
    source: Source,
    how: Incoming,
}

impl App {
    /// Files were chosen or dropped.
    pub(super) fn offer_files(&mut self, ctx: &Context, paths: Vec<PathBuf>) {
        if tune::is_rule_file(&paths) {
            return self.import_rules(ctx, tune::read_rules(&paths[0]));
        }
        if let [path] = paths.as_slice()
            && is_layout(path)
        {
            return self.import_layout(ctx, layouts::read(path));
        }
        let shop = self.snapshot.shop.as_ref().filter(|_| self.takes_files());
        let project = paths.iter().any(|path| file::is_project(path));
        match shop {
            Some(shop) if !project => {
                self.document.ask = Some(Ask::Incoming {
                    shop: shop.dataset.name.clone(),
                    paths,
                });
            }
            _ => self.apply(ctx, Action::Open(Source::Files(paths))),
        }
    }

    /// Whether other files could join what is open: the built-in shop takes none.
    pub(super) fn takes_files(&self) -> bool {
        let files = matches!(self.history.current().source, Source::Files(_));
        files && self.snapshot.shop.is_some() && self.mapping.is_none()
    }

    /// Adds files to the shop, puts them in the place of its own, or opens them instead.
    pub(super) fn take_files(&mut self, ctx: &Context, how: Incoming, paths: Vec<PathBuf>) {
        let Source::Files(known) = &self.history.current().source else {
            return self.apply(ctx, Action::Open(Source::Files(paths)));
        };
        let paths = match how {
            Incoming::Open => return self.apply(ctx, Action::Open(Source::Files(paths))),
            Incoming::Add => together(known, &paths),
            Incoming::Replace => paths,
        };
        if paths == *known {
            let why = "Nothing was added. When a file has changed on the disk, the shop follows by itself.";
            self.notify(
                ctx,
                Severity::Info,
                "These files are part of this shop already",
                why.to_owned(),
            );
            return;
        }
        let source = Source::Files(paths);
        let (looked_at, reading) = (source.clone(), self.history.current().reading.clone());
        let asked =
            self.jobs
                .run("A first look at the files", move |_| match source::look_at(
                    &looked_at, &reading,
                ) {
                    Ok(files) => Ok(TaskOutcome::Inspected(files.into())),
                    Err(error) => Err(Problem::from(&PipelineError::from(error))),
                });
        self.joining = Some(Joining { asked, source, how });
    }

    /// The files that are to join the shop, where this task was the look at them.
    pub(super) fn joining_of(&mut self, id: TaskId) -> Option<Joining> {
        let asked = self
            .joining
            .as_ref()
            .is_some_and(|joining| joining.asked == id);
        self.joining.take_if(|_| asked)
    }

    /// The files were looked at: now they are part of the project, in one step that undo takes back.
    pub(super) fn join(&mut self, ctx: &Context, joining: Joining, files: &[FileReading]) {
        let Joining { source, how, .. } = joining;
        let shop = self.snapshot.shop.as_ref();
        let before = shop
            .map(|shop| shop.dataset.files.clone())
            .unwrap_or_default();
        let new = files
            .iter()
            .filter(|file| !before.iter().any(|known| known.path == file.path))
            .count() as u64;
        self.edit(|project| {
            project.reading = joining::carried(&project.reading, &before, files);
            project.source = source;
        });
        self.history.commit();
        let what = match how {
            Incoming::Replace => "Files replaced",
            Incoming::Add | Incoming::Open => "Files added",
        };
        let why = format!(
            "{}. Everything set up stays; Undo brings the files of before back.",
            format::count(new, "new file", "new files")
        );
        self.notify(ctx, Severity::Info, what, why);
    }
}

/// The known paths, and after them those that are not among them.
fn together(known: &[PathBuf], new: &[PathBuf]) -> Vec<PathBuf> {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut all = known.to_vec();
    for path in new {
        if !all.iter().any(|other| real(other) == real(path)) {
            all.push(path.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_part_of_a_shop_once() {
        let paths = |names: &[&str]| -> Vec<PathBuf> { names.iter().map(PathBuf::from).collect() };
        assert_eq!(
            together(&paths(&["a.csv"]), &paths(&["b.csv", "a.csv", "b.csv"])),
            paths(&["a.csv", "b.csv"])
        );
    }
}
