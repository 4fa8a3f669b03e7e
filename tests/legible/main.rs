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

/// The design's size, what a projector gives, and the smallest window.
const WINDOWS: [Vec2; 3] = [vec2(1440.0, 900.0), vec2(1024.0, 700.0), vec2(800.0, 600.0)];

/// The sample shop with a run, so that nothing is empty.
fn stage() -> Stage {
    let options = RenderOptions {
        train: Some("90_day_clv".to_owned()),
        ..RenderOptions::default()
    };
    Stage::open(Source::Sample, &options).expect("the sample shop opens")
}

/// Asks `check` about every page in every window; fails with all that is wrong.
fn every_page(mut check: impl FnMut(&mut Stage, Page) -> Vec<String>) {
    let mut stage = stage();
    let mut faults: Vec<String> = Vec::new();
    for size in WINDOWS {
        stage.resize(size);
        for page in Page::all() {
            let found = check(&mut stage, page);
            faults.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{} × {} {page:?}: {fault}", size.x, size.y)),
            );
        }
    }
    assert!(
        faults.is_empty(),
        "{}\n{} faults",
        faults.join("\n"),
        faults.len()
    );
}

#[test]
fn no_text_is_cut_off() {
    every_page(|stage, page| checks::cut(&Paint::of(&stage.painted(page))));
}

#[test]
fn no_text_stands_over_another() {
    every_page(|stage, page| checks::overlaps(&Paint::of(&stage.painted(page))));
}

#[test]
fn no_text_leaves_its_card() {
    every_page(|stage, page| {
        let paint = Paint::of(&stage.painted(page));
        checks::over_the_edge(&paint, &Palette::light())
    });
}

#[test]
fn every_text_has_contrast() {
    for dark in [false, true] {
        every_page(|stage, page| {
            stage.set_dark(dark);
            let painted = stage.painted(page);
            checks::faint(&Paint::of(&painted), &painted.ground())
        });
    }
}
