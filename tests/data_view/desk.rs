//! The app in a window on files of its own, and how a person would use it: clicks are counted.

use std::{
    fs,
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    sync::Arc,
};

use egui::{DroppedFile, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable;
use keepers::{
    analysis::overview::Kpis,
    app::{App, Options},
    project::Source,
    ui::{
        action::{Action, View},
        views::data::Tab,
    },
};
use tempfile::TempDir;

use crate::window::Window;

/// A file let go over the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|error| error.to_string())
    }
}

pub struct Desk {
    window: Window,
    /// What a person clicked so far.
    pub clicks: usize,
    pub folder: TempDir,
}

impl Deref for Desk {
    type Target = Window;

    fn deref(&self) -> &Window {
        &self.window
    }
}

impl DerefMut for Desk {
    fn deref_mut(&mut self) -> &mut Window {
        &mut self.window
    }
}

impl Desk {
    /// On a file with this text.
    pub fn open(name: &str, text: &str) -> Self {
        Self::open_all(&[(name, text)])
    }

    /// On files with these names and texts, opened together.
    pub fn open_all(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |(name, text): &(&str, &str)| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("written");
            path
        };
        let paths = files.iter().map(write).collect();
        Self::on(folder, paths)
    }

    /// On the welcome page of an app that keeps things in a folder of its own; with a folder for files.
    pub fn welcome() -> Self {
        Self::remembering(tempfile::tempdir().expect("a folder"), Source::default())
    }

    /// A file with this text beside the others.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("written");
        path
    }

    /// Lets files go over the window.
    pub fn drop_files(&mut self, paths: &[PathBuf]) {
        for path in paths {
            let dropped = Arc::new(Dropped(path.clone()));
            self.harness.input_mut().dropped_files.push(dropped);
        }
        self.settle();
    }

    /// On files that are there already.
    pub fn on(folder: TempDir, paths: Vec<PathBuf>) -> Self {
        Self {
            window: Window::on(Source::Files(paths), vec2(1440.0, 1400.0)),
            clicks: 0,
            folder,
        }
    }

    /// In an app that keeps things in a folder of its own, beside the files.
    pub fn keeping(name: &str, text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        Self::remembering(folder, Source::Files(vec![path]))
    }

    fn remembering(folder: TempDir, source: Source) -> Self {
        let options = Options {
            source,
            data_folder: Some(folder.path().join("data")),
            ..Options::default()
        };
        let window = Window::with(vec2(1440.0, 1400.0), move |ctx| {
            App::new(ctx, options.clone())
        });
        Self {
            window,
            clicks: 0,
            folder,
        }
    }

    pub fn show(&mut self, tab: Tab) {
        self.act(Action::Show(View::Data));
        self.act(Action::ShowDataTab(tab));
    }

    /// As [`Window::click`], counted.
    #[track_caller]
    pub fn click(&mut self, role: Role, label: &str) {
        if role == Role::ListBoxOption {
            // A person turns the wheel to the end of a long list.
            self.harness
                .get_by_role_and_label(role, label)
                .scroll_to_me();
            self.harness.run_steps(3);
        }
        self.window.click(role, label);
        self.clicks += 1;
    }

    /// Opens the list of a column's meanings and picks one.
    pub fn means(&mut self, column: &str, now: &str, role: &str) {
        self.click(Role::ComboBox, &format!("Meaning of {column}: {now}"));
        self.click(Role::ListBoxOption, role);
    }

    pub fn kpis(&self) -> Kpis {
        self.shop().overview.kpis.clone()
    }
}
