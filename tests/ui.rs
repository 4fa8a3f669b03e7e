//! The window, driven by role and label: what a person can do with it, and what its pictures hold.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

#[path = "common/engines.rs"]
mod engines;
#[path = "common/window.rs"]
mod window;

use std::path::PathBuf;

use egui::{Key, Modifiers, Vec2, accesskit::Role, vec2};
use egui_kittest::kittest::Queryable;
use keepers::{
    analysis::selection::Part,
    app::{
        App, Options,
        headless::{RenderOptions, Stage},
    },
    pipeline::profile::Profiling,
    project::{Source, ThemeChoice},
    ui::{
        action::{Action, View},
        frame::notices::Severity,
    },
};

use engines::Stub;
use window::Window;

const SIZE: Vec2 = vec2(1440.0, 900.0);

fn open_sample(window: &mut Window) {
    window.click(Role::Button, "Try the sample shop");
    let shop = window.app().snapshot().shop.as_ref();
    assert!(shop.is_some(), "the sample shop opens");
}

/// On the sample shop, as a person gets there.
fn on_the_sample() -> Window {
    let mut window = Window::welcome(SIZE);
    open_sample(&mut window);
    window
}

#[test]
fn from_the_welcome_page_to_every_view() {
    let mut window = Window::welcome(SIZE);
    assert!(window.says("Drop order files here"));
    open_sample(&mut window);
    for view in View::ALL {
        window.click(Role::Button, view.title());
        assert_eq!(window.app().view(), view);
        assert!(
            window
                .harness
                .query_by_role_and_label(Role::Label, view.title())
                .is_some(),
            "{view:?} has its title"
        );
    }
    let shop = window.shop();
    // As many as `keepers generate` made for the sample: 4,000, of whom 3,902 have a kept order.
    assert_eq!(shop.overview.kpis.customers, 3_902);
    assert!(window.says("3,902 customers"));
}

#[test]
fn a_file_that_cannot_be_opened_is_named_and_the_app_lives() {
    let mut window = Window::welcome(SIZE);
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
    window.click(Role::Button, "Dismiss");
    assert!(window.app().notices().is_empty());
    open_sample(&mut window);
}

#[test]
fn loading_shows_where_it_stands_and_can_be_cancelled() {
    let mut window = Window::with(SIZE, |ctx| {
        App::with_engine(
            ctx,
            Options::default(),
            Stub::Endless("Reading a very long file"),
        )
    });
    window
        .harness
        .get_by_role_and_label(Role::Button, "Try the sample shop")
        .click();
    window.until(|window| window.says("Reading a very long file"));
    assert!(window.says("Opening the shop"));
    window.click(Role::Button, "Cancel");
    assert_eq!(window.app().project().source, Source::None);
    assert!(
        window.says("Drop order files here"),
        "back on the welcome page"
    );
}

#[test]
fn the_theme_switches_and_is_a_setting() {
    let mut window = on_the_sample();
    window.click(Role::Button, "Dark theme");
    assert_eq!(window.app().settings().theme, ThemeChoice::Dark);
    window.click(Role::Button, "Light theme");
    assert_eq!(window.app().settings().theme, ThemeChoice::Light);
}

#[test]
fn a_selection_shows_as_a_chip_and_can_be_removed() {
    let mut window = on_the_sample();
    window.act(Action::Select(Part::Segment("VIP".to_owned())));
    let shop = window.app().snapshot().shop.clone().expect("open");
    let vip = shop.segments.stats.iter().find(|stats| stats.name == "VIP");
    assert_eq!(
        shop.selected.customers.len() as u64,
        vip.expect("a default segment").customers
    );
    assert!(window.says("See these customers"), "the inspector opens");
    window.click(Role::Button, "Remove VIP from the selection");
    assert!(window.app().selection().parts.is_empty());
    assert!(!window.says("See these customers"));
    // Clicking the only selected thing again takes it back.
    window.act(Action::Select(Part::RfCell { r: 5, f: 5 }));
    window.act(Action::Select(Part::RfCell { r: 5, f: 5 }));
    assert!(window.app().selection().parts.is_empty());
}

#[test]
fn the_date_moves_by_keys_and_undo_takes_it_back() {
    let mut window = on_the_sample();
    let latest = window.shop().as_of;
    window.press(Modifiers::ALT, Key::ArrowLeft);
    assert_eq!(window.app().project().as_of, Some(latest - 1));
    let shop = window.shop();
    assert_eq!(shop.as_of, latest - 1, "the numbers follow");
    window.press(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.app().project().as_of, None);
    window.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(window.app().project().as_of, Some(latest - 1));
}

#[test]
fn the_palette_runs_what_a_few_letters_find() {
    let mut window = on_the_sample();
    window.press(Modifiers::COMMAND, Key::K);
    window.type_text("gtc");
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
    let mut window = on_the_sample();
    assert_eq!(*window.app().profiling(), Profiling::Idle);
    window.act(Action::Profile);
    let Profiling::Ready(profile) = window.app().profiling() else {
        panic!("{:?}", window.app().profiling());
    };
    let rows = profile.files[0].as_ref().map(|file| file.rows);
    let shop = window.shop();
    assert_eq!(rows, Ok(shop.dataset.quality.rows_read));
    window.act(Action::CloseShop);
    open_sample(&mut window);
    assert_eq!(*window.app().profiling(), Profiling::Idle);
}
