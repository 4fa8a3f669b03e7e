//! The same app in a test harness of the same size: where things stand, and the right numbers.

use std::time::{Duration, Instant};

use egui::{Event, Modifiers, PointerButton, Pos2, Rect, Vec2, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use keepers::{
    analysis::selection::Part,
    app::{App, Options},
    project::Source,
    ui::action::{Action, View},
};

const PATIENCE: Duration = Duration::from_mins(1);
/// The harness leaves this much around the app on every side.
const AROUND: Vec2 = vec2(8.0, 8.0);
/// How far the cut point is dragged, in points of the screen.
const FAR: f32 = 40.0;

pub(crate) struct Twin {
    harness: Harness<'static, Option<App>>,
    switch: Pos2,
}

impl Twin {
    pub(crate) fn open() -> Self {
        let harness = Harness::builder()
            .with_size(vec2(1440.0, 900.0) + 2.0 * AROUND)
            .with_max_steps(64)
            .build_ui_state(
                |ui, app: &mut Option<App>| {
                    if let Some(app) = app {
                        app.ui(ui);
                        return;
                    }
                    let options = Options {
                        source: Source::Sample,
                        ..Options::default()
                    };
                    *app = Some(App::new(ui.ctx(), options));
                },
                None,
            );
        let mut twin = Self {
            harness,
            switch: Pos2::ZERO,
        };
        twin.harness.run_steps(3);
        twin.settle();
        twin
    }

    fn app(&self) -> &App {
        self.harness
            .state()
            .as_ref()
            .expect("made in the first frame")
    }

    fn settle(&mut self) {
        let started = Instant::now();
        loop {
            self.harness.run_steps(3);
            if self.app().settled() {
                break;
            }
            assert!(started.elapsed() < PATIENCE, "the app did not settle");
            std::thread::sleep(Duration::from_millis(2));
        }
        self.harness.run_steps(6);
    }

    fn act(&mut self, action: Action) {
        let ctx = self.harness.ctx.clone();
        let app = self.harness.state_mut().as_mut().expect("made before");
        app.act(&ctx, action);
        self.settle();
    }

    pub(crate) fn select_segment(&mut self, name: &str) {
        self.act(Action::Show(View::Segments));
        self.act(Action::Select(Part::Segment(name.to_owned())));
    }

    pub(crate) fn show_cut_points(&mut self) {
        let label = "Section: Cut points";
        let switch = self.harness.get_by_role_and_label(Role::RadioButton, label);
        self.switch = switch.rect().center();
        switch.click();
        self.settle();
    }

    /// Where the switch to the cut points stands in the real window.
    pub(crate) fn switch(&self) -> Pos2 {
        self.switch - AROUND
    }

    /// Customers selected now.
    pub(crate) fn selected(&self) -> u64 {
        let shop = self.app().snapshot().shop.as_ref().expect("open");
        shop.selected.customers.len() as u64
    }

    /// Where the inspector of the real window shows this count in large figures.
    pub(crate) fn figure(&self, count: u64) -> Rect {
        let text = count.to_string();
        let figures = self.harness.query_all_by_role_and_label(Role::Label, &text);
        let rects = figures.map(|node| node.rect());
        let figure = rects.max_by(|one, other| one.height().total_cmp(&other.height()));
        figure
            .expect("the inspector shows the count")
            .translate(-AROUND)
    }

    /// Drags the cut point between the recency scores 3 and 4 to the right; returns the way
    /// in the real window.
    pub(crate) fn drag(&mut self) -> (Pos2, Pos2) {
        let root = self.harness.root();
        let handle = root
            .children_recursive()
            .find(|node| {
                let label = node.accesskit_node().label().unwrap_or_default();
                label.starts_with("Recency: score 4")
            })
            .expect("the cut point has a handle");
        let from = handle.rect().center().round();
        let to = from + vec2(FAR, 0.0);
        self.pointer(from, None);
        self.pointer(from, Some(true));
        for step in 1..=10_u8 {
            self.pointer(from + (to - from) * f32::from(step) / 10.0, None);
        }
        self.pointer(to, Some(false));
        self.settle();
        (from - AROUND, to - AROUND)
    }

    fn pointer(&mut self, at: Pos2, pressed: Option<bool>) {
        self.harness.event(match pressed {
            None => Event::PointerMoved(at),
            Some(pressed) => Event::PointerButton {
                pos: at,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            },
        });
        self.harness.run_steps(2);
    }
}
