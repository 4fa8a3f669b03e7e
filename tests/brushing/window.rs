//! The app in a window that is driven by role and label.

use std::time::{Duration, Instant};

use egui::{Key, Modifiers, Vec2, accesskit::Role, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use keepers::{
    app::{App, Options},
    pipeline::snapshot::Shop,
    project::Source,
    ui::action::Action,
};

const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Window {
    pub(crate) harness: Harness<'static, Option<App>>,
}

impl Window {
    /// The sample shop in a window of 1440 × 900 points.
    pub(crate) fn sample() -> Self {
        Self::sized(vec2(1440.0, 900.0))
    }

    pub(crate) fn sized(size: Vec2) -> Self {
        let options = || Options {
            source: Source::Sample,
            ..Options::default()
        };
        let harness = Harness::builder()
            .with_size(size)
            .with_max_steps(64)
            .build_ui_state(
                move |ui, app: &mut Option<App>| match app {
                    Some(app) => app.ui(ui),
                    // Fonts arrive with the next frame: draw from then on.
                    None => *app = Some(App::new(ui.ctx(), options())),
                },
                None,
            );
        let mut window = Self { harness };
        window.harness.run_steps(3);
        window.settle();
        window
    }

    pub(crate) fn app(&self) -> &App {
        self.harness
            .state()
            .as_ref()
            .expect("made in the first frame")
    }

    pub(crate) fn shop(&self) -> &Shop {
        self.app()
            .snapshot()
            .shop
            .as_ref()
            .expect("the sample shop is open")
    }

    /// Steps until nothing is under way any more.
    pub(crate) fn settle(&mut self) {
        self.until(|window| window.app().settled());
        self.harness.run_steps(4);
    }

    pub(crate) fn until(&mut self, done: impl Fn(&Self) -> bool) {
        let started = Instant::now();
        loop {
            self.harness.run_steps(2);
            if done(self) {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "it did not come about");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub(crate) fn click(&mut self, role: Role, label: &str) {
        self.harness.get_by_role_and_label(role, label).click();
        self.settle();
    }

    pub(crate) fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    pub(crate) fn type_text(&mut self, text: &str) {
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.settle();
    }

    pub(crate) fn act(&mut self, action: Action) {
        let ctx = self.harness.ctx.clone();
        let app = self.harness.state_mut().as_mut().expect("made before");
        app.act(&ctx, action);
        self.settle();
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.harness
            .query_all_by_label_contains(text)
            .next()
            .is_some()
    }
}
