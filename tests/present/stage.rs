//! The app without a display: every step is a frame with the keys a presenter presses.

use std::{
    cell::RefCell,
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

use egui::{
    Context, Event, ImmediateViewport, Key, Modifiers, RawInput, Shape, ViewportEvent, ViewportInfo,
};
use keepers::{
    analysis::selection::{Part, Selection},
    app::{
        App, Options,
        headless::{RenderOptions, render_scenes},
    },
    data::day::parse_iso,
    project::{Project, Scene, Source, file},
    ui::{
        action::{Action, View},
        frame::scenes::SceneAction,
    },
};

const PATIENCE: Duration = Duration::from_mins(2);

pub struct Window {
    ctx: Context,
    pub app: App,
    time: f64,
    /// Texts drawn in the last frame of the main window.
    texts: Vec<String>,
    pub notes: Rc<RefCell<NotesWindow>>,
}

/// The second window: what is about to happen in it, and whether it was there in the last frame.
#[derive(Default)]
pub struct NotesWindow {
    events: Vec<Event>,
    pub closing: bool,
    open: bool,
    pub texts: Vec<String>,
}

impl NotesWindow {
    /// Draws the window as a desktop would: with keys of its own.
    fn draw(&mut self, ctx: &Context, viewport: ImmediateViewport<'_>) {
        let mut info = ViewportInfo::default();
        if std::mem::take(&mut self.closing) {
            info.events.push(ViewportEvent::Close);
        }
        let id = viewport.ids.this;
        let input = RawInput {
            viewport_id: id,
            viewports: std::iter::once((id, info)).collect(),
            events: std::mem::take(&mut self.events),
            ..RawInput::default()
        };
        let mut content = viewport.viewport_ui_cb;
        let output = ctx.run_ui(input, |ui| content(ui));
        self.texts = texts(output.shapes.into_iter().map(|clipped| clipped.shape));
        self.open = true;
    }
}

/// All texts of a picture.
fn texts(shapes: impl Iterator<Item = Shape>) -> Vec<String> {
    shapes
        .flat_map(|shape| match shape {
            Shape::Text(text) => vec![text.galley.text().to_owned()],
            Shape::Vec(shapes) => texts(shapes.into_iter()),
            _ => Vec::new(),
        })
        .collect()
}

impl Window {
    pub fn open(source: Source) -> Self {
        let ctx = Context::default();
        let app = App::new(
            &ctx,
            Options {
                source,
                ..Options::default()
            },
        );
        let notes = Rc::new(RefCell::new(NotesWindow::default()));
        ctx.set_embed_viewports(false);
        let drawn = Rc::clone(&notes);
        Context::set_immediate_viewport_renderer(move |ctx, viewport| {
            drawn.borrow_mut().draw(ctx, viewport);
        });
        let mut window = Self {
            ctx,
            app,
            time: 0.0,
            texts: Vec::new(),
            notes,
        };
        window.settle();
        window
    }

    pub fn frame(&mut self, events: Vec<Event>) {
        self.time += 0.02;
        let input = RawInput {
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        self.notes.borrow_mut().open = false;
        let app = &mut self.app;
        let output = self.ctx.run_ui(input, |ui| app.ui(ui));
        self.texts = texts(output.shapes.into_iter().map(|clipped| clipped.shape));
    }

    /// How often this is written on the screen.
    pub fn times(&self, words: &str) -> usize {
        self.texts.iter().filter(|text| *text == words).count()
    }

    /// Presses a key and lets it go while the notes have the keyboard.
    pub fn press_in_notes(&mut self, key: Key) {
        for pressed in [true, false] {
            let event = Self::key_event(key, pressed);
            self.notes.borrow_mut().events.push(event);
            self.frame(Vec::new());
        }
        // What was pressed is drawn.
        self.frame(Vec::new());
    }

    pub fn notes_open(&self) -> bool {
        self.notes.borrow().open
    }

    pub fn until(&mut self, what: &str, done: impl Fn(&App) -> bool) {
        let started = Instant::now();
        while !done(&self.app) {
            assert!(started.elapsed() < PATIENCE, "waiting for: {what}");
            self.frame(Vec::new());
            thread::sleep(Duration::from_millis(1));
        }
    }

    pub fn settle(&mut self) {
        self.frame(Vec::new());
        self.until("the numbers", App::settled);
    }

    pub fn act(&mut self, action: Action) {
        self.app.act(&self.ctx, action);
        self.settle();
    }

    pub fn key_event(key: Key, pressed: bool) -> Event {
        Event::Key {
            key,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers: Modifiers::NONE,
        }
    }

    /// Presses a key and lets it go, in two frames and not one more.
    pub fn press(&mut self, key: Key) {
        self.frame(vec![Self::key_event(key, true)]);
        self.frame(vec![Self::key_event(key, false)]);
    }

    pub fn shown(&self) -> (usize, String) {
        let show = self.app.show().expect("presenting");
        (show.at, show.caption)
    }
}

/// Five moments of the sample shop, each with its own date, selection, view and settings.
pub fn scenes() -> Vec<Scene> {
    let scene = |caption: &str, view: View, date: Option<&str>, parts: Vec<Part>| Scene {
        caption: caption.to_owned(),
        notes: format!("Say something about: {caption}"),
        view: view.name().to_owned(),
        customer: None,
        selection: Selection {
            parts,
            ..Selection::default()
        },
        inputs: Box::new(Project {
            as_of: date.and_then(parse_iso),
            ..Project::default()
        }),
        ..Scene::default()
    };
    let vip = || vec![Part::Segment("VIP".to_owned())];
    vec![
        scene("Where we stand", View::Overview, None, Vec::new()),
        scene(
            "A year before",
            View::Overview,
            Some("2024-06-01"),
            Vec::new(),
        ),
        scene("Do they come back?", View::Cohorts, None, Vec::new()),
        scene("Our best customers", View::Segments, None, vip()),
        scene("Each of them", View::Customers, Some("2025-01-01"), vip()),
    ]
}

pub fn with_scenes() -> Window {
    let mut window = Window::open(Source::Sample);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("talk.keepers.ron");
    let project = Project {
        source: Source::Sample,
        scenes: scenes(),
        ..Project::default()
    };
    file::save(&project, &path).expect("saved");
    window.act(Action::Open(Source::Files(vec![path])));
    window
}

pub fn day_shown(window: &Window) -> i32 {
    let shop = window.app.snapshot().shop.as_ref().expect("open");
    shop.as_of
}

#[test]
fn what_is_on_the_screen_becomes_a_scene() {
    let mut window = Window::open(Source::Sample);
    window.act(Action::Show(View::Segments));
    window.act(Action::SetAsOf(parse_iso("2024-09-01")));
    window.act(Action::Select(Part::Segment("VIP".to_owned())));
    window.act(Action::Scene(SceneAction::Add));
    let scene = &window.app.project().scenes[0];
    assert_eq!(scene.caption, "Segments: VIP");
    assert_eq!(scene.view, "segments");
    assert_eq!(scene.inputs.as_of, parse_iso("2024-09-01"));
    assert_eq!(
        scene.inputs.source,
        Source::None,
        "the shop is the project's"
    );
    assert_eq!(scene.selection, *window.app.selection());

    window.act(Action::Show(View::Cohorts));
    window.act(Action::ClearSelection);
    window.act(Action::Scene(SceneAction::Add));
    window.act(Action::Scene(SceneAction::Caption(
        1,
        "Who stays".to_owned(),
    )));
    window.act(Action::Scene(SceneAction::Notes(
        1,
        "Pause here".to_owned(),
    )));
    window.act(Action::Scene(SceneAction::Move(1, -1)));
    let captions = |window: &Window| -> Vec<String> {
        let scenes = window.app.project().scenes.iter();
        scenes.map(|scene| scene.caption.clone()).collect()
    };
    assert_eq!(captions(&window), ["Who stays", "Segments: VIP"]);
    assert_eq!(window.app.project().scenes[0].notes, "Pause here");
    window.act(Action::Scene(SceneAction::Move(0, -1)));
    assert_eq!(captions(&window).len(), 2, "the first cannot go up");
    window.act(Action::Scene(SceneAction::Retake(1)));
    let retaken = &window.app.project().scenes[1];
    assert_eq!(
        (retaken.caption.as_str(), retaken.view.as_str()),
        ("Segments: VIP", "cohorts")
    );
    window.act(Action::Scene(SceneAction::Remove(0)));
    assert_eq!(captions(&window), ["Segments: VIP"]);
    window.act(Action::Undo);
    assert_eq!(captions(&window).len(), 2, "one step of undo each");
}

#[test]
fn a_presenter_steps_jumps_blanks_and_comes_back_exactly() {
    let mut window = with_scenes();
    window.act(Action::SetAsOf(parse_iso("2025-03-03")));
    window.act(Action::Show(View::Customers));
    window.act(Action::Select(Part::RfCell { r: 5, f: 5 }));
    window.act(Action::OpenCustomer(Some(7)));
    let (project, selection) = (window.app.project().clone(), window.app.selection().clone());
    let revision = window.app.snapshot().revision;
    let zoom = window.ctx.zoom_factor();

    window.press(Key::F5);
    assert_eq!(window.shown(), (0, "Where we stand".to_owned()));
    assert!(
        (window.ctx.zoom_factor() / zoom - 1.5).abs() < 1e-3,
        "text is 1.5 times as large"
    );
    window.until("rehearsed", App::rehearsed);
    window.press(Key::ArrowRight);
    window.press(Key::PageDown);
    assert_eq!(window.shown(), (2, "Do they come back?".to_owned()));
    window.press(Key::ArrowLeft);
    assert_eq!(window.shown().0, 1);
    assert_eq!(Some(day_shown(&window)), parse_iso("2024-06-01"));
    window.press(Key::Num5);
    assert_eq!(window.shown(), (4, "Each of them".to_owned()));
    assert_eq!(window.app.view(), View::Customers);
    window.press(Key::ArrowRight);
    assert_eq!(window.shown().0, 4, "the last stays");

    window.press(Key::B);
    assert!(window.app.show().expect("presenting").blank);
    window.press(Key::B);
    assert!(!window.app.show().expect("presenting").blank);
    window.press(Key::L);
    assert!(window.app.show().expect("presenting").laser, "pressed: on");
    window.press(Key::L);
    assert!(
        !window.app.show().expect("presenting").laser,
        "pressed again: off"
    );

    // A click while presenting is live, and is forgotten afterwards.
    window.act(Action::Select(Part::Segment("Loyal".to_owned())));
    window.act(Action::SetAsOf(parse_iso("2024-02-02")));
    assert_eq!(Some(day_shown(&window)), parse_iso("2024-02-02"));

    window.press(Key::Escape);
    assert_eq!(window.app.show(), None);
    window.settle();
    assert_eq!(*window.app.project(), project);
    assert_eq!(*window.app.selection(), selection);
    assert_eq!(window.app.view(), View::Customers);
    assert_eq!(
        window.app.snapshot().revision,
        revision,
        "the very same numbers"
    );
    assert!((window.ctx.zoom_factor() - zoom).abs() < 1e-6);
    window.act(Action::Undo);
    assert_eq!(
        window.app.project().as_of,
        None,
        "undo goes on where it was"
    );
}

#[test]
fn a_rehearsed_scene_is_on_the_screen_with_the_key() {
    let mut window = with_scenes();
    window.press(Key::F5);
    window.until("rehearsed", App::rehearsed);
    let mut longest = Duration::ZERO;
    for round in 0..3 {
        for (at, key) in [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5]
            .into_iter()
            .enumerate()
        {
            let started = Instant::now();
            window.frame(vec![Window::key_event(key, true)]);
            longest = longest.max(started.elapsed());
            assert!(
                window.app.settled(),
                "round {round}, scene {at}: nothing is asked for"
            );
            let wanted = &scenes()[at];
            assert_eq!(window.app.selection(), &wanted.selection);
            let shop = window.app.snapshot().shop.as_ref().expect("open");
            assert_eq!(shop.selection, wanted.selection, "numbers of the selection");
            if let Some(day) = wanted.inputs.as_of {
                assert_eq!(shop.as_of, day, "numbers of the date");
            }
            window.frame(vec![Window::key_event(key, false)]);
        }
    }
    println!(
        "longest frame with a change of scene: {} ms",
        longest.as_millis()
    );
}

#[test]
fn presenting_without_scenes_shows_what_is_there() {
    let mut window = Window::open(Source::Sample);
    window.act(Action::Show(View::Cohorts));
    window.press(Key::F5);
    assert_eq!(window.shown(), (0, "Cohorts".to_owned()));
    window.press(Key::Escape);
    assert!(window.app.project().scenes.is_empty());
}

#[test]
fn opening_another_shop_ends_the_presentation() {
    let mut window = with_scenes();
    window.press(Key::F5);
    window.act(Action::CloseShop);
    assert_eq!(window.app.show(), None);
    assert_eq!(window.app.project().source, Source::None);
}

#[test]
fn scenes_are_drawn_the_same_from_run_to_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("talk.keepers.ron");
    let project = Project {
        source: Source::Sample,
        scenes: scenes(),
        ..Project::default()
    };
    file::save(&project, &path).expect("saved");
    let draw = |name: &str| {
        let source = Source::Files(vec![path.clone()]);
        let out = folder.path().join(name);
        let files = render_scenes(source, &out, &RenderOptions::default()).expect("drawn");
        let names: Vec<String> = files
            .iter()
            .map(|file| {
                file.file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        let expected = [1, 2, 3, 4, 5].map(|number| format!("scene {number}.png"));
        assert_eq!(names, expected);
        let bytes = files
            .iter()
            .map(|file| std::fs::read(file).expect("written"));
        bytes.collect::<Vec<_>>()
    };
    let (first, second) = (draw("one"), draw("two"));
    assert!(first == second, "the same bytes");
    for (at, picture) in first.iter().enumerate() {
        assert!(
            !first[at + 1..].contains(picture),
            "scene {at} differs from the others"
        );
    }
}
