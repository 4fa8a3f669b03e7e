//! The app in a window on files of its own, and how a person would use it: clicks are counted.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use egui::{accesskit::Role, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use keepers::{
    analysis::overview::Kpis,
    app::{App, Options},
    pipeline::snapshot::Shop,
    project::Source,
    ui::{
        action::{Action, View},
        views::data::Tab,
    },
};

pub struct Window {
    pub harness: Harness<'static, Option<App>>,
    /// What a person clicked so far.
    pub clicks: usize,
    pub folder: tempfile::TempDir,
}

const PATIENCE: Duration = Duration::from_mins(1);

impl Window {
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

    /// On files that are there already.
    pub fn on(folder: tempfile::TempDir, paths: Vec<PathBuf>) -> Self {
        let mut window = Self {
            harness: harness(paths),
            clicks: 0,
            folder,
        };
        window.settle();
        window
    }

    pub fn app(&self) -> &App {
        self.harness
            .state()
            .as_ref()
            .expect("made in the first frame")
    }

    pub fn shop(&self) -> &Shop {
        let shop = self.app().snapshot().shop.as_ref();
        shop.expect("a shop is open")
    }

    pub fn settle(&mut self) {
        self.until("the app did not settle", |window| window.app().settled());
    }

    /// Draws until it is so.
    pub fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let started = Instant::now();
        self.harness.run_steps(2);
        loop {
            self.harness.run_steps(2);
            if done(self) {
                break;
            }
            assert!(started.elapsed() < PATIENCE, "{what}");
            std::thread::sleep(Duration::from_millis(2));
        }
        self.harness.run_steps(4);
    }

    pub fn act(&mut self, action: Action) {
        let ctx = self.harness.ctx.clone();
        let app = self.harness.state_mut().as_mut().expect("made before");
        app.act(&ctx, action);
        self.settle();
    }

    pub fn show(&mut self, tab: Tab) {
        self.act(Action::Show(View::Data));
        self.act(Action::ShowDataTab(tab));
    }

    pub fn click(&mut self, role: Role, label: &str) {
        if role == Role::ListBoxOption {
            // A person turns the wheel to the end of a long list.
            self.harness
                .get_by_role_and_label(role, label)
                .scroll_to_me();
            self.harness.run_steps(3);
        }
        self.harness.get_by_role_and_label(role, label).click();
        self.clicks += 1;
        self.settle();
    }

    /// Opens the list of a column's meanings and picks one.
    pub fn means(&mut self, column: &str, now: &str, role: &str) {
        self.click(Role::ComboBox, &format!("Meaning of {column}: {now}"));
        self.click(Role::ListBoxOption, role);
    }

    pub fn says(&self, text: &str) -> bool {
        let mut found = self.harness.query_all_by_label_contains(text);
        found.next().is_some()
    }

    pub fn kpis(&self) -> Kpis {
        self.shop().overview.kpis.clone()
    }
}

fn harness(paths: Vec<PathBuf>) -> Harness<'static, Option<App>> {
    Harness::builder()
        .with_size(vec2(1440.0, 1400.0))
        .with_max_steps(64)
        .build_ui_state(
            move |ui, app: &mut Option<App>| match app {
                Some(app) => app.ui(ui),
                None => {
                    let options = Options {
                        source: Source::Files(paths.clone()),
                        ..Options::default()
                    };
                    *app = Some(App::new(ui.ctx(), options));
                }
            },
            None,
        )
}
