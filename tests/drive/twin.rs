//! The same app in a test harness of the same size: where things stand, and the right numbers.

use egui::{Pos2, Rect, Vec2, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable;
use keepers::{
    analysis::selection::Part,
    ui::action::{Action, View},
};

use crate::window::Window;

/// The harness leaves this much around the app on every side.
const AROUND: Vec2 = vec2(8.0, 8.0);
/// How far the cut point is dragged, in points of the screen.
const FAR: f32 = 40.0;

pub(crate) struct Twin {
    window: Window,
    switch: Pos2,
}

impl Twin {
    pub(crate) fn open() -> Self {
        Self {
            window: Window::sized(vec2(1440.0, 900.0) + 2.0 * AROUND),
            switch: Pos2::ZERO,
        }
    }

    pub(crate) fn select_segment(&mut self, name: &str) {
        self.window.act(Action::Show(View::Segments));
        self.window
            .act(Action::Select(Part::Segment(name.to_owned())));
    }

    pub(crate) fn show_cut_points(&mut self) {
        let label = "Section: Cut points";
        let switch = (self.window.harness).get_by_role_and_label(Role::RadioButton, label);
        self.switch = switch.rect().center();
        self.window.click(Role::RadioButton, label);
    }

    /// Where the switch to the cut points stands in the real window.
    pub(crate) fn switch(&self) -> Pos2 {
        self.switch - AROUND
    }

    /// Customers selected now.
    pub(crate) fn selected(&self) -> u64 {
        self.window.shop().selected.customers.len() as u64
    }

    /// Where the inspector of the real window shows this count in large figures.
    pub(crate) fn figure(&self, count: u64) -> Rect {
        let text = count.to_string();
        let figures = (self.window.harness).query_all_by_role_and_label(Role::Label, &text);
        let rects = figures.map(|node| node.rect());
        let figure = rects.max_by(|one, other| one.height().total_cmp(&other.height()));
        figure
            .expect("the inspector shows the count")
            .translate(-AROUND)
    }

    /// Drags the cut point between the recency scores 3 and 4 to the right; returns the way
    /// in the real window.
    pub(crate) fn drag(&mut self) -> (Pos2, Pos2) {
        let handle = self.window.beginning(Role::Slider, "Recency: score 4");
        let from = handle.rect().center().round();
        let to = from + vec2(FAR, 0.0);
        let way: Vec<Pos2> = (0..=10_u8)
            .map(|step| from + (to - from) * f32::from(step) / 10.0)
            .collect();
        self.window.drag(&way);
        (from - AROUND, to - AROUND)
    }
}
