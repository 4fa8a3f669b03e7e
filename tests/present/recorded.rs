//! A presentation of five scenes in the real window on a virtual screen, recorded as screenshots.
//! Skips, and says so, where Xvfb, xdotool or `ImageMagick` are not installed.

use image::RgbaImage;
use keepers::project::{Project, Source, file};

use crate::{
    screen::{Screen, alike},
    stage::scenes,
};

/// In the name of the presenter’s window. (xdotool reads no dashes but plain ones.)
const NOTES: &str = "notes";

/// Mean brightness of a picture, 0 to 255.
fn brightness(picture: &RgbaImage) -> u64 {
    let sum: u64 = picture.pixels().map(|pixel| u64::from(pixel.0[1])).sum();
    sum / u64::from(picture.width() * picture.height())
}

#[test]
fn five_scenes_in_a_real_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(mut screen) = Screen::start(folder.path(), "present") else {
        return;
    };
    let path = folder.path().join("talk.keepers.ron");
    let project = Project {
        source: Source::Sample,
        scenes: scenes(),
        ..Project::default()
    };
    file::save(&project, &path).expect("saved");
    screen.open(&path);
    // The Start view fills in what the forecast says when that is ready; this one is whole at once.
    screen.key("ctrl+3");
    let window = screen.settle("0 window");
    screen.key("F5");
    let mut shots: Vec<RgbaImage> = Vec::new();
    for scene in 1..=5 {
        if scene > 1 {
            screen.key("Right");
        }
        let shot = screen.settle(&format!("scene {scene}"));
        assert!(
            !shots.iter().any(|other| alike(&shot, other)),
            "scene {scene} is not another one's picture"
        );
        shots.push(shot);
    }
    screen.key("b");
    let black = screen.settle("blank");
    assert!(brightness(&black) < 5, "a black screen");
    screen.key("b");
    let back = screen.settle("back");
    assert!(alike(&back, &shots[4]), "the scene again");

    assert!(!screen.has_window(NOTES));
    screen.key("n");
    screen.wait_for_window(NOTES);
    // Its clock goes on: it never stands still.
    screen.keep("notes");
    screen.key("n");
    screen.wait_for_no_window(NOTES);

    screen.key("Escape");
    let left = screen.settle("left");
    assert!(alike(&left, &window), "back exactly where one was");
}
