//! The real app in a test harness, driven by role and label.

// Every test uses its part of this.
#![allow(dead_code)]

use std::time::{Duration, Instant};

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2, accesskit::Role, vec2};
use egui_kittest::{
    Harness, Node,
    kittest::{NodeT, Queryable},
};
use keepers::{
    app::{App, Options},
    pipeline::snapshot::Shop,
    project::Source,
    ui::action::Action,
};

/// For machines with other things to do.
pub const PATIENCE: Duration = Duration::from_mins(5);

pub struct Window {
    pub harness: Harness<'static, Option<App>>,
}

impl Window {
    /// The sample shop in a window of 1440 × 900 points.
    pub fn sample() -> Self {
        Self::sized(vec2(1440.0, 900.0))
    }

    pub fn sized(size: Vec2) -> Self {
        Self::on(Source::Sample, size)
    }

    /// The sample shop in a window as high as what is looked for needs.
    pub fn high(height: f32) -> Self {
        Self::sized(vec2(1440.0, height))
    }

    /// On the welcome page.
    pub fn welcome(size: Vec2) -> Self {
        Self::on(Source::None, size)
    }

    /// On this source, settled.
    pub fn on(source: Source, size: Vec2) -> Self {
        Self::with(size, move |ctx| {
            let options = Options {
                source: source.clone(),
                ..Options::default()
            };
            App::new(ctx, options)
        })
    }

    /// Any app, settled.
    pub fn with(size: Vec2, make: impl Fn(&egui::Context) -> App + 'static) -> Self {
        let mut window = Self::unsettled(size, make);
        window.settle();
        window
    }

    /// Any app after its first frames.
    pub fn unsettled(size: Vec2, make: impl Fn(&egui::Context) -> App + 'static) -> Self {
        let harness = Harness::builder()
            .with_size(size)
            .with_max_steps(64)
            .build_ui_state(
                move |ui, app: &mut Option<App>| match app {
                    Some(app) => app.ui(ui),
                    // Fonts arrive with the next frame: draw from then on.
                    None => *app = Some(make(ui.ctx())),
                },
                None,
            );
        let mut window = Self { harness };
        window.harness.run_steps(3);
        window
    }

    pub fn app(&self) -> &App {
        self.harness
            .state()
            .as_ref()
            .expect("made in the first frame")
    }

    pub fn shop(&self) -> &Shop {
        self.app().snapshot().shop.as_ref().expect("a shop is open")
    }

    /// Steps until nothing is under way any more.
    #[track_caller]
    pub fn settle(&mut self) {
        self.until(|window| window.app().settled());
        self.harness.run_steps(4);
    }

    #[track_caller]
    pub fn until(&mut self, done: impl Fn(&Self) -> bool) {
        self.until_within(PATIENCE, done);
    }

    /// Steps until it is so; returns how long that took.
    #[track_caller]
    pub fn until_within(&mut self, patience: Duration, done: impl Fn(&Self) -> bool) -> Duration {
        let started = Instant::now();
        loop {
            self.harness.run_steps(2);
            if done(self) {
                return started.elapsed();
            }
            assert!(
                started.elapsed() < patience,
                "it did not come about within {patience:?}"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Names of the controls of a role that begin with these words.
    pub fn labels(&self, role: Role, start: &str) -> Vec<String> {
        let nodes = self.harness.root().children_recursive();
        let names = nodes.filter_map(|node| {
            let node = node.accesskit_node();
            node.label().filter(|_| node.role() == role)
        });
        names.filter(|name| name.starts_with(start)).collect()
    }

    /// The control of a role whose name begins with these words.
    #[track_caller]
    pub fn beginning<'a>(&'a self, role: Role, start: &'a str) -> Node<'a> {
        self.harness.get_by(move |node| {
            node.role() == role && node.label().is_some_and(|name| name.starts_with(start))
        })
    }

    #[track_caller]
    pub fn click(&mut self, role: Role, label: &str) {
        self.harness.get_by_role_and_label(role, label).click();
        self.settle();
    }

    /// Clicks the button whose name begins with these words.
    #[track_caller]
    pub fn click_beginning(&mut self, start: &str) {
        self.beginning(Role::Button, start).click();
        self.settle();
    }

    #[track_caller]
    pub fn focus(&mut self, role: Role, label: &str) {
        self.harness.get_by_role_and_label(role, label).focus();
        self.settle();
    }

    /// Down and up at once: what is held longer is no click.
    pub fn click_at(&mut self, pos: Pos2) {
        self.harness.event(primary(pos, true));
        self.pointer(primary(pos, false));
    }

    pub fn move_to(&mut self, pos: Pos2) {
        self.pointer(Event::PointerMoved(pos));
    }

    pub fn button(&mut self, pos: Pos2, pressed: bool) {
        self.pointer(primary(pos, pressed));
    }

    /// Down at the first place, over all others, up at the last; the frames in between are drawn.
    pub fn drag(&mut self, way: &[Pos2]) {
        let (first, last) = (way[0], way[way.len() - 1]);
        let moves = way.iter().map(|&at| Event::PointerMoved(at));
        let events = [Event::PointerMoved(first), primary(first, true)]
            .into_iter()
            .chain(moves)
            .chain([primary(last, false)]);
        for event in events {
            self.harness.event(event);
            self.harness.run_steps(2);
        }
        self.settle();
    }

    fn pointer(&mut self, event: Event) {
        self.harness.event(event);
        self.settle();
    }

    pub fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    pub fn type_text(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.settle();
    }

    pub fn act(&mut self, action: Action) {
        self.act_unsettled(action);
        self.settle();
    }

    /// As [`Window::act`], without waiting for what follows from it.
    pub fn act_unsettled(&mut self, action: Action) {
        self.tell(action);
        self.harness.run_steps(3);
    }

    /// As [`Window::act`], before the next frame.
    pub fn tell(&mut self, action: Action) {
        let ctx = self.harness.ctx.clone();
        let app = self.harness.state_mut().as_mut().expect("made before");
        app.act(&ctx, action);
    }

    pub fn says(&self, text: &str) -> bool {
        self.harness
            .query_all_by_label_contains(text)
            .next()
            .is_some()
    }
}

fn primary(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    }
}
