//! The window, driven by role and label: what a person can do with it, and what its pictures hold.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use egui::{Key, Modifiers, accesskit::Role, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use keepers::{
    analysis::selection::Part,
    app::{
        App, Options,
        headless::{RenderOptions, Stage},
    },
    pipeline::{PipelineError, Request, Snapshot, cx::Monitor, profile::Profiling},
    project::{Source, ThemeChoice},
    ui::{
        action::{Action, View},
        frame::notices::Severity,
    },
    worker::Engine,
};

/// The app in a window of 1440 × 900 points, as a person meets it.
struct Window {
    harness: Harness<'static, Option<App>>,
}

const PATIENCE: Duration = Duration::from_mins(1);

impl Window {
    /// On the welcome page.
    fn open() -> Self {
        Self::with(|ctx| App::new(ctx, Options::default()))
    }

    fn with(make: impl Fn(&egui::Context) -> App + 'static) -> Self {
        let harness = Harness::builder()
            .with_size(vec2(1440.0, 900.0))
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

    fn app(&self) -> &App {
        self.harness
            .state()
            .as_ref()
            .expect("made in the first frame")
    }

    /// Steps until nothing is under way any more.
    fn settle(&mut self) {
        let started = Instant::now();
        loop {
            self.harness.run_steps(2);
            if self.app().settled() {
                break;
            }
            assert!(started.elapsed() < PATIENCE, "the app did not settle");
            std::thread::sleep(Duration::from_millis(2));
        }
        self.harness.run_steps(4);
    }

    fn click(&mut self, label: &str) {
        self.harness
            .get_by_role_and_label(Role::Button, label)
            .click();
        self.settle();
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    fn act(&mut self, action: Action) {
        let ctx = self.harness.ctx.clone();
        let app = self.harness.state_mut().as_mut().expect("made before");
        app.act(&ctx, action);
        self.settle();
    }

    fn open_sample(&mut self) {
        self.click("Try the sample shop");
        assert!(
            self.app().snapshot().shop.is_some(),
            "the sample shop opens"
        );
    }

    fn show(&mut self, view: View) {
        self.click(view.title());
    }

    fn says(&self, text: &str) -> bool {
        self.harness
            .query_all_by_label_contains(text)
            .next()
            .is_some()
    }
}

#[test]
fn from_the_welcome_page_to_every_view() {
    let mut window = Window::open();
    assert!(window.says("Drop order files here"));
    window.open_sample();
    for view in View::ALL {
        window.show(view);
        assert_eq!(window.app().view(), view);
        assert!(
            window
                .harness
                .query_by_role_and_label(Role::Label, view.title())
                .is_some(),
            "{view:?} has its title"
        );
    }
    let shop = window.app().snapshot().shop.as_ref().expect("open");
    // As many as `keepers generate` made for the sample: 4,000, of whom 3,902 have a kept order.
    assert_eq!(shop.overview.kpis.customers, 3_902);
    assert!(window.says("3,902 customers"));
}

#[test]
fn a_file_that_cannot_be_opened_is_named_and_the_app_lives() {
    let mut window = Window::open();
    let path = PathBuf::from("no-such-folder/missing-orders.csv");
    window.act(Action::Open(Source::Files(vec![path])));
    let notices = window.app().notices().to_vec();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].severity, Severity::Error);
    assert!(
        notices[0].why.contains("missing-orders.csv"),
        "{}",
        notices[0].why
    );
    assert!(window.says("missing-orders.csv"));
    assert_eq!(window.app().project().source, Source::None);
    window.click("Dismiss");
    assert!(window.app().notices().is_empty());
    window.open_sample();
}

/// Works until it is told to stop.
struct Endless;

impl Engine for Endless {
    fn read(&mut self, request: &Request, monitor: &Monitor) -> Result<(), PipelineError> {
        monitor.progress("Reading a very long file", 1, 4);
        if request.project.source == Source::None {
            return Ok(());
        }
        loop {
            monitor.check()?;
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn run(
        &mut self,
        _: &Request,
        _: &Monitor,
        _: &mut dyn FnMut(Arc<Snapshot>),
    ) -> Result<(), PipelineError> {
        Ok(())
    }
}

#[test]
fn loading_shows_where_it_stands_and_can_be_cancelled() {
    let mut window = Window::with(|ctx| App::with_engine(ctx, Options::default(), Endless));
    window.settle();
    window
        .harness
        .get_by_role_and_label(Role::Button, "Try the sample shop")
        .click();
    let started = Instant::now();
    loop {
        window.harness.run_steps(1);
        if window.says("Reading a very long file") {
            break;
        }
        assert!(started.elapsed() < PATIENCE, "progress is shown");
    }
    assert!(window.says("Opening the shop"));
    window.click("Cancel");
    assert_eq!(window.app().project().source, Source::None);
    assert!(
        window.says("Drop order files here"),
        "back on the welcome page"
    );
}

#[test]
fn the_theme_switches_and_is_a_setting() {
    let mut window = Window::open();
    window.open_sample();
    window.click("Dark theme");
    assert_eq!(window.app().settings().theme, ThemeChoice::Dark);
    window.click("Light theme");
    assert_eq!(window.app().settings().theme, ThemeChoice::Light);
}

#[test]
fn a_selection_shows_as_a_chip_and_can_be_removed() {
    let mut window = Window::open();
    window.open_sample();
    window.act(Action::Select(Part::Segment("VIP".to_owned())));
    let shop = window.app().snapshot().shop.clone().expect("open");
    let vip = shop.segments.stats.iter().find(|stats| stats.name == "VIP");
    assert_eq!(
        shop.selected.customers.len() as u64,
        vip.expect("a default segment").customers
    );
    assert!(window.says("See these customers"), "the inspector opens");
    window.click("Remove VIP from the selection");
    assert!(window.app().selection().parts.is_empty());
    assert!(!window.says("See these customers"));
    // Clicking the only selected thing again takes it back.
    window.act(Action::Select(Part::RfCell { r: 5, f: 5 }));
    window.act(Action::Select(Part::RfCell { r: 5, f: 5 }));
    assert!(window.app().selection().parts.is_empty());
}

#[test]
fn the_date_moves_by_keys_and_undo_takes_it_back() {
    let mut window = Window::open();
    window.open_sample();
    let latest = window.app().snapshot().shop.as_ref().expect("open").as_of;
    window.press(Modifiers::ALT, Key::ArrowLeft);
    assert_eq!(window.app().project().as_of, Some(latest - 1));
    let shop = window.app().snapshot().shop.as_ref().expect("open");
    assert_eq!(shop.as_of, latest - 1, "the numbers follow");
    window.press(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.app().project().as_of, None);
    window.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(window.app().project().as_of, Some(latest - 1));
}

#[test]
fn the_palette_runs_what_a_few_letters_find() {
    let mut window = Window::open();
    window.open_sample();
    window.press(Modifiers::COMMAND, Key::K);
    window.harness.event(egui::Event::Text("gtc".to_owned()));
    window.settle();
    window.press(Modifiers::NONE, Key::Enter);
    assert_eq!(window.app().view(), View::Cohorts);
    let rows = window.harness.query_all_by_role(Role::MenuItem).count();
    assert_eq!(rows, 0, "the palette is closed again");
    window.press(Modifiers::NONE, Key::Questionmark);
    assert!(window.says("Keyboard shortcuts"));
}

fn stage(dark: bool) -> Stage {
    let options = RenderOptions {
        dark,
        ..RenderOptions::default()
    };
    Stage::open(Source::Sample, &options).expect("the sample shop opens")
}

#[test]
fn pictures_are_the_same_from_run_to_run_and_not_blank() {
    let (mut first, mut second) = (stage(false), stage(false));
    for view in View::ALL {
        let picture = first.picture(view);
        assert_eq!(picture.dimensions(), (1440, 900));
        assert!(
            picture.as_raw() == second.picture(view).as_raw(),
            "{view:?} differs between two runs"
        );
        let colors: std::collections::HashSet<_> = picture.pixels().collect();
        assert!(colors.len() > 100, "{view:?} has {} colours", colors.len());
        // The title is dark text on the light canvas, left above the first card.
        let dark = |x: u32, y: u32| picture.get_pixel(x, y).0[..3].iter().all(|&c| c < 60);
        let title = (200..420).flat_map(|x| (60..92).map(move |y| (x, y)));
        let ink = title.filter(|&(x, y)| dark(x, y)).count();
        assert!(ink > 100, "{view:?} has no title: {ink} dark pixels");
    }
}

#[test]
fn the_dark_theme_is_dark() {
    let mean = |dark| {
        let picture = stage(dark).picture(View::Overview);
        let sum: u64 = picture.pixels().map(|pixel| u64::from(pixel.0[1])).sum();
        sum / u64::from(picture.width() * picture.height())
    };
    assert!(mean(true) < 70);
    assert!(mean(false) > 200);
}

#[test]
fn a_profile_is_worked_out_on_demand_and_forgotten_with_its_shop() {
    let mut window = Window::open();
    window.open_sample();
    assert_eq!(*window.app().profiling(), Profiling::Idle);
    window.act(Action::Profile);
    let Profiling::Ready(profile) = window.app().profiling() else {
        panic!("{:?}", window.app().profiling());
    };
    let rows = profile.files[0].as_ref().map(|file| file.rows);
    let shop = window.app().snapshot().shop.as_ref().expect("open");
    assert_eq!(rows, Ok(shop.dataset.quality.rows_read));
    window.act(Action::CloseShop);
    window.open_sample();
    assert_eq!(*window.app().profiling(), Profiling::Idle);
}
