//! The real window on a virtual screen, driven by mouse and keyboard and read from its pixels: a cut
//! point is dragged, the numbers on the screen change, undo brings the old ones back.
//!
//! A second copy of the app, driven by the same pointer in a test harness, says where things stand and
//! which numbers are right. Skips, and says so, where Xvfb, xdotool or import are not installed.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

mod reading;
#[path = "../common/screen.rs"]
mod screen;
mod twin;
#[path = "../common/window.rs"]
mod window;

use keepers::project::{Project, Source, file};

use reading::Reader;
use screen::Screen;
use twin::Twin;

#[test]
fn dragging_a_cut_point_changes_the_count_on_the_screen_and_undo_brings_it_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(mut screen) = Screen::start(folder.path(), "drive") else {
        return;
    };
    let mut twin = Twin::open();
    twin.select_segment("VIP");
    twin.show_cut_points();
    let before = twin.selected();
    let figure = twin.figure(before);

    let path = folder.path().join("drive.keepers.ron");
    let project = Project {
        source: Source::Sample,
        ..Project::default()
    };
    file::save(&project, &path).expect("saved");
    screen.open(&path);
    screen.settle("opened");
    screen.key("ctrl+5");
    screen.key("ctrl+k");
    screen.settle("palette");
    screen.type_text("select segment vip");
    screen.settle("found");
    screen.key("Return");
    screen.settle("selected");
    screen.click(twin.switch());
    let shot = screen.settle("cut points");
    let reader = Reader::new();
    assert_eq!(reader.count(&shot, figure), before, "before the drag");

    let (from, to) = twin.drag();
    let dragged = twin.selected();
    assert_ne!(dragged, before, "the drag moves customers");
    screen.drag(from, to);
    let shot = screen.settle("dragged");
    assert_eq!(reader.count(&shot, figure), dragged, "after the drag");

    screen.key("ctrl+z");
    let shot = screen.settle("undone");
    assert_eq!(reader.count(&shot, figure), before, "after undo");
    println!("read from the screen: {before}, dragged {dragged}, undone {before}");
}
