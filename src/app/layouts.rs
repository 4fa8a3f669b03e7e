//! The user's layouts: kept beside the settings, listed, exported, imported, deleted.

use std::path::{Path, PathBuf};

use egui::Context;

use super::App;
use data::{dataset::options::ReadOptions, layouts::Layout};
use project::{
    Source,
    layouts::{self, EXTENSION, LayoutError},
};
use ui::frame::{layouts::LayoutAction, notices::Severity};

/// The user's layouts and where they are kept.
#[derive(Default)]
pub(super) struct Layouts {
    /// `None` where nothing is kept.
    folder: Option<PathBuf>,
    own: Vec<Layout>,
}

impl Layouts {
    pub(super) fn in_data_folder(data_folder: Option<&Path>) -> Self {
        let mut known = Self {
            folder: data_folder.map(layouts::folder_in),
            own: Vec::new(),
        };
        known.look();
        known
    }

    pub(super) fn own(&self) -> &[Layout] {
        &self.own
    }

    /// How files are read that are opened now: as the user has taught.
    pub(super) fn reading_of(&self, source: &Source) -> ReadOptions {
        let own_files = matches!(source, Source::Files(_));
        ReadOptions {
            taught: if own_files {
                self.own.clone()
            } else {
                Vec::new()
            },
            ..ReadOptions::default()
        }
    }

    fn look(&mut self) {
        self.own = self
            .folder
            .as_deref()
            .map(layouts::user_layouts)
            .unwrap_or_default();
    }

    fn of_name(&self, name: &str) -> Option<&Layout> {
        self.own.iter().find(|layout| layout.name == name)
    }
}

/// Reads a layout file; the error is a sentence for people.
pub(super) fn read(path: &Path) -> Result<Layout, String> {
    layouts::read(path).map_err(|error| format!("{error}."))
}

impl App {
    pub(super) fn layout_action(&mut self, ctx: &Context, action: LayoutAction) {
        match action {
            LayoutAction::Remember(layout) => self.frame.layouts.ask_for_name(*layout),
            LayoutAction::Keep { layout, replace } => self.keep_layout(ctx, *layout, replace),
            LayoutAction::Delete(name) => self.delete_layout(ctx, &name),
            LayoutAction::Export(name) => self.export_layout(ctx, &name),
            LayoutAction::Import => self.dialogs.open_layout(ctx),
        }
    }

    /// A layout file was chosen or dropped: it is kept under a name to be confirmed.
    pub(super) fn import_layout(&mut self, ctx: &Context, read: Result<Layout, String>) {
        match read {
            Ok(layout) => self.frame.layouts.ask_for_name(layout),
            Err(why) => self.notify(
                ctx,
                Severity::Error,
                "The layout could not be imported",
                why,
            ),
        }
    }

    fn keep_layout(&mut self, ctx: &Context, layout: Layout, replace: bool) {
        let Some(folder) = self.layouts.folder.clone() else {
            let why = "There is no folder to keep it in. Export it to a file instead.".to_owned();
            self.notify(ctx, Severity::Error, "The export is not remembered", why);
            return;
        };
        let title = layout.title.clone();
        match layouts::save(&folder, &layout, replace) {
            Ok(_) => {
                self.layouts.look();
                let why = format!("Files with these columns are read as “{title}” from now on.");
                self.notify(ctx, Severity::Info, "Remembered", why);
            }
            // Another window was faster: now it is known, and the question says so.
            Err(LayoutError::Exists(_)) => {
                self.layouts.look();
                self.frame.layouts.ask_for_name(layout);
            }
            Err(error) => self.notify(
                ctx,
                Severity::Error,
                "The export is not remembered",
                format!("{error}."),
            ),
        }
    }

    fn delete_layout(&mut self, ctx: &Context, name: &str) {
        let Some(folder) = self.layouts.folder.clone() else {
            return;
        };
        if let Err(error) = layouts::delete(&folder, name) {
            let why = format!("{error}.");
            self.notify(ctx, Severity::Error, "It could not be deleted", why);
        }
        self.layouts.look();
    }

    fn export_layout(&mut self, ctx: &Context, name: &str) {
        let Some(layout) = self.layouts.of_name(name).cloned() else {
            return;
        };
        let suggested = format!("{}.{EXTENSION}", layout.name);
        self.dialogs.save(ctx, suggested, move || {
            layouts::to_text(&layout).map(String::into_bytes)
        });
    }
}
