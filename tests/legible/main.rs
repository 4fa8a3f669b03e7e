//! Every view and every part of it, in two sizes and both colours: no text is cut off, stands over
//! another text or over the edge of its card, and every text has the contrast WCAG asks for.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

mod checks;
mod texts;

use egui::{Vec2, vec2};
use keepers::{
    app::headless::{Page, RenderOptions, Stage},
    project::Source,
    ui::theme::Palette,
};
use texts::Paint;

/// The design's size, what a projector gives, the smallest window, and two that are high enough to
/// show what lies below the fold.
const WINDOWS: [Vec2; 5] = [
    vec2(1440.0, 900.0),
    vec2(1024.0, 700.0),
    vec2(800.0, 600.0),
    vec2(1440.0, 2600.0),
    vec2(1024.0, 3600.0),
];
const HIGH: [Vec2; 1] = [vec2(1440.0, 2600.0)];

/// The sample shop with a run, so that nothing is empty.
fn stage() -> Stage {
    let options = RenderOptions {
        train: Some("90_day_clv".to_owned()),
        ..RenderOptions::default()
    };
    Stage::open(Source::Sample, &options).expect("the sample shop opens")
}

/// Asks `check` about every page in these windows; fails with all that is wrong.
fn every_page(
    stage: &mut Stage,
    windows: &[Vec2],
    mut check: impl FnMut(&mut Stage, Page) -> Vec<String>,
) {
    let mut faults: Vec<String> = Vec::new();
    for &size in windows {
        stage.resize(size);
        for page in Page::all() {
            let found = check(stage, page).into_iter();
            faults.extend(found.map(|fault| format!("{} × {} {page:?}: {fault}", size.x, size.y)));
        }
    }
    let count = faults.len();
    assert!(faults.is_empty(), "{}\n{count} faults", faults.join("\n"));
}

#[test]
fn no_text_is_cut_off_covered_or_over_the_edge_of_its_card() {
    every_page(&mut stage(), &WINDOWS, |stage, page| {
        let paint = Paint::of(&stage.painted(page));
        let mut faults = checks::cut(&paint);
        faults.extend(checks::overlaps(&paint));
        faults.extend(checks::over_the_edge(&paint, &Palette::light()));
        faults
    });
}

#[test]
fn every_text_has_contrast() {
    let mut stage = stage();
    for dark in [false, true] {
        stage.set_dark(dark);
        every_page(&mut stage, &HIGH, |stage, page| {
            let painted = stage.painted(page);
            checks::faint(&Paint::of(&painted), &painted.ground())
        });
    }
}
