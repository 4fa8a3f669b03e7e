//! Keys of a presenter and of a clicker, in both windows; and what stands above a scene.

use egui::{Event, Key, Modifiers};
use keepers::{
    project::Source,
    ui::{
        action::{Action, View},
        frame::scenes::SceneAction,
    },
};

use crate::stage::{Window, day_shown, scenes, with_scenes};

#[test]
fn a_clicker_loses_no_press_and_other_keys_keep_their_meaning() {
    let mut window = with_scenes();
    window.press(Key::F5);
    for (key, scene) in [
        (Key::PageDown, 1),
        (Key::Space, 2),
        (Key::PageUp, 1),
        (Key::End, 4),
        (Key::Home, 0),
        (Key::Num0, 4),
        (Key::Num2, 1),
    ] {
        window.press(key);
        assert_eq!(window.shown().0, scene, "{key:?}");
    }
    let press = |key| Window::key_event(key, true);
    window.frame(vec![press(Key::PageDown), press(Key::PageDown)]);
    assert_eq!(window.shown().0, 3, "two presses in one frame");
    window.frame(vec![
        press(Key::PageDown),
        press(Key::Num1),
        press(Key::Space),
    ]);
    assert_eq!(window.shown().0, 1, "in the order they were pressed");

    let repeated = |key| Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: true,
        modifiers: Modifiers::NONE,
    };
    window.frame(vec![press(Key::B), repeated(Key::B)]);
    assert!(
        window.app.show().expect("presenting").blank,
        "a held key does not flicker"
    );
    window.press(Key::Period);
    assert!(!window.app.show().expect("presenting").blank);

    // Alt and an arrow move the date of the scene, not the scene.
    window.settle();
    let day = day_shown(&window);
    window.frame(vec![Event::Key {
        key: Key::ArrowLeft,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::ALT,
    }]);
    window.settle();
    assert_eq!((window.shown().0, day_shown(&window)), (1, day - 1));
}

#[test]
fn the_notes_window_has_the_keys_of_the_stage() {
    let mut window = with_scenes();
    window.press(Key::F5);
    assert!(!window.notes_open());
    window.press(Key::N);
    window.frame(Vec::new());
    assert!(window.notes_open());
    for (key, scene) in [
        (Key::ArrowRight, 1),
        (Key::PageDown, 2),
        (Key::Space, 3),
        (Key::ArrowLeft, 2),
        (Key::PageUp, 1),
        (Key::Num5, 4),
        (Key::Num3, 2),
    ] {
        window.press_in_notes(key);
        assert_eq!(window.shown().0, scene, "{key:?}");
        let caption = &scenes()[scene].caption;
        let said = |words: &str| {
            let notes = window.notes.borrow();
            notes.texts.iter().any(|text| text == words)
        };
        assert!(said(caption) && said(&format!("Say something about: {caption}")));
    }
    let show = |window: &Window| window.app.show().expect("presenting");
    window.press_in_notes(Key::B);
    assert!(show(&window).blank);
    window.press_in_notes(Key::B);
    assert!(!show(&window).blank);
    window.press_in_notes(Key::L);
    assert!(show(&window).laser);
    window.press_in_notes(Key::L);
    assert!(!show(&window).laser);

    // Closed by the desktop, and by its key.
    window.notes.borrow_mut().closing = true;
    window.frame(Vec::new());
    window.frame(Vec::new());
    assert!(!window.notes_open() && !show(&window).notes_window);
    window.press(Key::N);
    window.press_in_notes(Key::N);
    assert!(!window.notes_open() && !show(&window).notes_window);

    window.press(Key::N);
    window.press_in_notes(Key::Escape);
    assert_eq!(window.app.show(), None, "Esc leaves from there as well");
    assert!(!window.notes_open());
}

#[test]
fn a_caption_that_is_the_views_name_stands_there_once() {
    let mut window = Window::open(Source::Sample);
    window.act(Action::Show(View::Cohorts));
    window.act(Action::Scene(SceneAction::Add));
    window.act(Action::Scene(SceneAction::Add));
    let caption = "Who stays".to_owned();
    window.act(Action::Scene(SceneAction::Caption(1, caption)));
    window.press(Key::F5);
    window.settle();
    window.frame(Vec::new());
    assert_eq!(window.times("Cohorts"), 1);
    window.press(Key::ArrowRight);
    window.frame(Vec::new());
    assert_eq!((window.times("Who stays"), window.times("Cohorts")), (1, 1));
}
