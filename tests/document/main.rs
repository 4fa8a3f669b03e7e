//! The project as a file, in the window: saved, asked about, opened again, found again, recovered.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

mod lost;

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use egui::{Context, Event, Key, Modifiers, RawInput};
use keepers::{
    analysis::selection::Part,
    app::{App, Options},
    export::{self, What},
    project::{Project, Source, file, session},
    ui::{
        action::{Action, View},
        frame::{
            asks::{Ask, FileAction},
            export::ExportOrder,
            tour::TourAction,
        },
    },
};

const PATIENCE: Duration = Duration::from_mins(1);

/// The app without a display; every step is a frame.
struct Window {
    ctx: Context,
    app: App,
    started: Instant,
}

impl Window {
    fn new(data: &Path) -> Self {
        let ctx = Context::default();
        let options = Options {
            data_folder: Some(data.to_owned()),
            ..Options::default()
        };
        let app = App::new(&ctx, options);
        let mut window = Self {
            ctx,
            app,
            started: Instant::now(),
        };
        window.settle();
        window
    }

    fn frame(&mut self) {
        let input = RawInput {
            time: Some(self.started.elapsed().as_secs_f64()),
            ..RawInput::default()
        };
        let app = &mut self.app;
        let _ = self.ctx.run_ui(input, |ui| app.ui(ui));
    }

    /// Frames until `done`, or a deadline.
    fn until(&mut self, what: &str, done: impl Fn(&App) -> bool) {
        let started = Instant::now();
        while !done(&self.app) {
            assert!(started.elapsed() < PATIENCE, "waiting for: {what}");
            self.frame();
            thread::sleep(Duration::from_millis(2));
        }
        self.frame();
    }

    /// Presses a key and lets it go, as at the keyboard.
    fn press(&mut self, modifiers: Modifiers, key: Key) {
        for pressed in [true, false] {
            let event = Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers,
            };
            let input = RawInput {
                time: Some(self.started.elapsed().as_secs_f64()),
                events: vec![event],
                ..RawInput::default()
            };
            let app = &mut self.app;
            let _ = self.ctx.run_ui(input, |ui| app.ui(ui));
        }
        self.settle();
    }

    fn settle(&mut self) {
        self.frame();
        self.until("the numbers", App::settled);
    }

    fn act(&mut self, action: Action) {
        self.app.act(&self.ctx, action);
        self.settle();
    }

    fn answer(&mut self, action: FileAction) {
        self.act(Action::File(action));
    }

    /// Asks for the action until the window asks where: there is no file dialog here, but a busy
    /// machine may answer so late that it looks like a dialog that was closed.
    fn ask_where(&mut self, action: &FileAction) {
        let asked = |app: &App| matches!(app.ask(), Some(Ask::Where { .. }));
        for _ in 0..20 {
            self.answer(action.clone());
            let started = Instant::now();
            while !asked(&self.app) && started.elapsed() < Duration::from_secs(3) {
                self.frame();
                thread::sleep(Duration::from_millis(2));
            }
            if asked(&self.app) {
                return;
            }
        }
        panic!("the window does not ask where");
    }

    fn save_at(&mut self, path: &Path) {
        self.ask_where(&FileAction::SaveAs);
        self.answer(FileAction::WriteTo {
            path: path.to_owned(),
            replace: false,
        });
    }

    /// As a kill would: nothing is written that is not on the disk already.
    fn wait_for_autosave(&mut self) {
        let until = Instant::now() + Duration::from_millis(900);
        while Instant::now() < until {
            self.frame();
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn orders_in(folder: &Path) -> PathBuf {
    let path = folder.join("orders.csv");
    fs::write(
        &path,
        "customer_id,order_date,amount\n007,2024-01-05,10\n007,2024-03-05,20\n1e3,2024-02-01,5\n",
    )
    .expect("written");
    path
}

#[test]
fn saving_clears_the_mark_and_opening_brings_everything_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = orders_in(folder.path());
    let mut window = Window::new(&folder.path().join("data"));
    window.act(Action::Open(Source::Files(vec![data])));
    assert!(!window.app.unsaved(), "nothing was set yet");
    assert_eq!(window.app.title(), "orders – Keepers");
    window.act(Action::SetAsOf(Some(19_780)));
    assert!(window.app.unsaved());
    assert_eq!(window.app.title(), "orders* – Keepers");

    let path = folder.path().join("mine.keepers.ron");
    window.save_at(&folder.path().join("mine"));
    window.until("saved", |app| !app.unsaved());
    window.frame();
    assert_eq!(window.app.title(), "mine – Keepers");
    assert_eq!(
        file::open(&path).expect("a project").project,
        *window.app.project()
    );

    window.act(Action::CloseShop);
    assert_eq!(window.app.title(), "Keepers");
    window.act(Action::Open(Source::Files(vec![path.clone()])));
    assert_eq!(window.app.project().as_of, Some(19_780));
    assert_eq!(window.app.document_path(), Some(path.as_path()));
    assert_eq!(window.app.settings().recent[0].name, "mine");
    // Saving again asks nothing.
    window.act(Action::SetAsOf(None));
    window.answer(FileAction::Save);
    window.until("saved", |app| !app.unsaved());
    assert_eq!(file::load(&path).expect("a project").as_of, None);
}

#[test]
fn an_existing_file_is_replaced_only_when_told_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = folder.path().join("taken.keepers.ron");
    fs::write(&taken, "precious").expect("written");
    let mut window = Window::new(&folder.path().join("data"));
    window.act(Action::Open(Source::Sample));
    window.save_at(&taken);
    let asked = Some(Ask::Replace {
        path: taken.clone(),
    });
    assert_eq!(window.app.ask(), asked.as_ref());
    window.answer(FileAction::Cancel);
    assert_eq!(fs::read_to_string(&taken).expect("there"), "precious");
    window.save_at(&taken);
    window.answer(FileAction::WriteTo {
        path: taken.clone(),
        replace: true,
    });
    let ours = |path: &Path| file::load(path).is_ok();
    window.until("replaced", |_| ours(&taken));
}

#[test]
fn nothing_unsaved_is_given_up_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = Window::new(&folder.path().join("data"));
    window.act(Action::Open(Source::Sample));
    window.act(Action::SetAsOf(Some(20_000)));
    window.act(Action::CloseShop);
    let name = "Sample shop".to_owned();
    assert_eq!(window.app.ask(), Some(&Ask::Unsaved { name }));
    assert_eq!(window.app.project().as_of, Some(20_000), "still there");
    window.answer(FileAction::Cancel);
    assert_eq!(window.app.ask(), None);
    assert_eq!(window.app.project().as_of, Some(20_000));

    // Save first: asked where, then what was asked for happens.
    for _ in 0..20 {
        window.act(Action::CloseShop);
        window.answer(FileAction::SaveFirst);
        let started = Instant::now();
        while window.app.ask().is_none() && started.elapsed() < Duration::from_secs(3) {
            window.frame();
            thread::sleep(Duration::from_millis(2));
        }
        if window.app.ask().is_some() {
            break;
        }
    }
    assert!(matches!(window.app.ask(), Some(Ask::Where { .. })));
    let path = folder.path().join("kept.keepers.ron");
    window.answer(FileAction::WriteTo {
        path: path.clone(),
        replace: false,
    });
    window.until("closed", |app| app.project().source == Source::None);
    assert_eq!(file::load(&path).expect("saved").as_of, Some(20_000));

    window.act(Action::Open(Source::Sample));
    window.act(Action::SetAsOf(Some(20_000)));
    window.act(Action::Open(Source::Files(vec![path])));
    window.answer(FileAction::DontSave);
    window.settle();
    assert_eq!(window.app.project().source, Source::Sample);
    assert!(!window.app.unsaved(), "the saved project is open");
}

#[test]
fn files_that_moved_are_found_with_one_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = orders_in(folder.path());
    let path = folder.path().join("shop.keepers.ron");
    let project = Project {
        source: Source::Files(vec![data.clone()]),
        as_of: Some(19_790),
        ..Project::default()
    };
    file::save(&project, &path).expect("saved");
    let new = folder.path().join("elsewhere.csv");
    fs::rename(&data, &new).expect("moved");
    let mut window = Window::new(&folder.path().join("data"));
    window.act(Action::Open(Source::Files(vec![path])));
    let asked = Ask::Missing {
        name: "shop".to_owned(),
        paths: vec![data.clone()],
    };
    assert_eq!(window.app.ask(), Some(&asked));
    window.answer(FileAction::Moved {
        from: data.clone(),
        to: folder.path().join("not there.csv"),
    });
    assert_eq!(window.app.ask(), Some(&asked), "asked on");
    window.answer(FileAction::Moved {
        from: data,
        to: new.clone(),
    });
    assert_eq!(window.app.ask(), None);
    let shop = window.app.snapshot().shop.as_ref().expect("open");
    assert_eq!(shop.as_of, 19_790);
    assert_eq!(window.app.project().source, Source::Files(vec![new]));
    assert!(window.app.unsaved(), "the new place is not in the file yet");
}

#[test]
fn files_that_changed_are_named_and_read_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = orders_in(folder.path());
    let path = folder.path().join("shop.keepers.ron");
    let project = Project {
        source: Source::Files(vec![data.clone()]),
        ..Project::default()
    };
    file::save(&project, &path).expect("saved");
    let more = fs::read_to_string(&data).expect("read") + "9,2024-04-01,1\n";
    fs::write(&data, more).expect("written");
    let mut window = Window::new(&folder.path().join("data"));
    window.act(Action::Open(Source::Files(vec![path])));
    let notices = window.app.notices();
    let notice = notices
        .iter()
        .find(|notice| notice.why.contains("orders.csv has"));
    assert!(
        notice.is_some_and(|notice| notice.expires.is_none()),
        "{notices:?}"
    );
    let shop = window.app.snapshot().shop.as_ref().expect("open");
    assert_eq!(shop.overview.kpis.customers, 3);
}

#[test]
fn nothing_changes_behind_a_question() {
    let folder = tempfile::tempdir().expect("a folder");
    let orders = orders_in(folder.path());
    let mut window = Window::new(&folder.path().join("data"));
    window.act(Action::Open(Source::Files(vec![orders])));
    window.act(Action::SetAsOf(Some(19_800)));
    let view = window.app.view();
    window.act(Action::CloseShop);
    assert!(matches!(window.app.ask(), Some(Ask::Unsaved { .. })));
    window.press(Modifiers::ALT, Key::ArrowLeft);
    window.press(Modifiers::COMMAND, Key::Num7);
    assert_eq!(window.app.project().as_of, Some(19_800));
    assert_eq!(window.app.view(), view);
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.app.ask(), None);
    window.press(Modifiers::ALT, Key::ArrowLeft);
    window.press(Modifiers::COMMAND, Key::Num7);
    assert_ne!(window.app.project().as_of, Some(19_800));
    assert_eq!(window.app.view(), View::Customers);
}

#[test]
fn a_window_that_died_is_recovered_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let orders = orders_in(folder.path());
    let mut window = Window::new(&data);
    window.act(Action::Open(Source::Files(vec![orders])));
    window.act(Action::SetAsOf(Some(19_800)));
    window.act(Action::Show(View::Customers));
    window.act(Action::OpenCustomer(Some(1)));
    window.act(Action::Select(Part::Customers(vec!["007".to_owned()])));
    window.wait_for_autosave();
    // Dropped without being closed: what a kill leaves, once the writing thread has let go.
    drop(window);
    let started = Instant::now();
    while session::begin(&data).crashed.is_empty() {
        assert!(started.elapsed() < PATIENCE, "a session to recover");
        thread::sleep(Duration::from_millis(20));
    }

    let mut window = Window::new(&data);
    let name = "orders.csv".to_owned();
    assert_eq!(window.app.ask(), Some(&Ask::Recover { name }));
    // Enter is the answer that loses nothing.
    window.press(Modifiers::NONE, Key::Enter);
    assert_eq!(window.app.project().as_of, Some(19_800));
    assert_eq!(window.app.view(), View::Customers);
    assert_eq!(
        window.app.selection().parts,
        [Part::Customers(vec!["007".to_owned()])]
    );
    assert!(window.app.unsaved());
    let shop = window.app.snapshot().shop.as_ref().expect("open");
    assert_eq!(shop.selected.customers.len(), 1);
    // Closed properly, it is offered and not asked about.
    window.app.end();
    drop(window);
    let window = Window::new(&data);
    assert_eq!(window.app.ask(), None);
}

#[test]
fn the_tour_comes_once_and_again_only_when_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = Window::new(&folder.path().join("data"));
    assert!(!window.app.settings().toured);
    window.act(Action::Open(Source::Sample));
    assert!(
        window.app.settings().toured,
        "it has begun, and is remembered"
    );
    window.act(Action::Tour(TourAction::Go(1)));
    assert_eq!(window.app.view(), View::Cohorts);
    window.act(Action::Tour(TourAction::Go(2)));
    assert_eq!(window.app.view(), View::Segments);
    window.act(Action::Tour(TourAction::End));
    assert!(!window.app.tours());
    window.act(Action::CloseShop);
    window.act(Action::Open(Source::Sample));
    assert!(!window.app.tours(), "not a second time");
    window.act(Action::Show(View::Customers));
    window.act(Action::Tour(TourAction::Start));
    assert_eq!(window.app.view(), View::Start);
    window.act(Action::Tour(TourAction::Go(6)));
    assert!(!window.app.tours(), "over after six steps");
}

#[test]
fn a_list_leaves_the_window_as_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = orders_in(folder.path());
    let mut window = Window::new(&folder.path().join("data"));
    window.act(Action::Open(Source::Files(vec![data])));
    window.act(Action::Select(Part::Customers(vec!["007".to_owned()])));
    let order = ExportOrder {
        what: What::Customers,
        selected: true,
        columns: vec!["orders".to_owned(), "customer_id".to_owned()],
        options: export::Options::default(),
        delivery: export::Delivery::default(),
    };
    let asked = |app: &App| matches!(app.ask(), Some(Ask::Where { .. }));
    for _ in 0..20 {
        window.act(Action::Export(Box::new(order.clone())));
        let started = Instant::now();
        while !asked(&window.app) && started.elapsed() < Duration::from_secs(3) {
            window.frame();
            thread::sleep(Duration::from_millis(2));
        }
        if asked(&window.app) {
            break;
        }
    }
    let path = folder.path().join("list.csv");
    window.answer(FileAction::WriteTo {
        path: path.clone(),
        replace: false,
    });
    window.until("written", |_| path.exists());
    let text = fs::read_to_string(&path).expect("written");
    assert_eq!(text, "orders,customer_id\r\n2,\"007\"\r\n");
}
