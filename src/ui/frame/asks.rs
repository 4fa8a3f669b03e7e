//! Questions that must be answered before anything is lost: unsaved changes, work recovered after a
//! crash, files that have moved, a file that would be replaced.

use std::path::{Path, PathBuf};

use egui::{
    Frame, Id, Key, Label, Margin, Modal, RichText, Sense, TextEdit, Ui, WidgetInfo,
    accesskit::Role, vec2,
};
use lucide_icons::Icon;

use super::parts::{self, Loudness};
use crate::{
    action::{Action, Actions},
    theme::{Palette, font, gap},
};

const WIDTH: f32 = 520.0;
/// Missing files shown; the rest are counted.
const MISSING_SHOWN: usize = 6;

/// What a person asks of the project's file, and how questions are answered.
#[derive(Clone, Debug, PartialEq)]
pub enum FileAction {
    /// Save the project to its file; ask where when it has none.
    Save,
    /// Ask where, then save the project there.
    SaveAs,
    /// Write what was to be saved to this path; an existing file only when `replace` is set.
    WriteTo { path: PathBuf, replace: bool },
    /// Ask where this missing file is now.
    Find(PathBuf),
    /// A file of the project lies here now.
    Moved { from: PathBuf, to: PathBuf },
    /// Save, then do what was asked for.
    SaveFirst,
    /// Do what was asked for; the changes are given up.
    DontSave,
    /// Open the work of a window that died.
    Recover,
    /// Forget it.
    Discard,
    /// Files that were chosen or dropped go where the answer says.
    Take { how: Incoming, paths: Vec<PathBuf> },
    /// Leave everything as it is.
    Cancel,
    /// Close the window.
    Quit,
}

/// What becomes of files that are chosen while a shop is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// They join the files of the shop.
    Add,
    /// They take the place of its files; what was set up stays.
    Replace,
    /// They are another shop.
    Open,
}

/// A question in front of the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Something would give up unsaved changes.
    Unsaved { name: String },
    /// A window died with unsaved work.
    Recover { name: String },
    /// Files of a project are not where they were.
    Missing { name: String, paths: Vec<PathBuf> },
    /// Where to save; asked here where the desktop has no file dialog.
    Where { what: String, suggestion: String },
    /// The file exists.
    Replace { path: PathBuf },
    /// The project's file was written by somebody else since it was opened or saved here.
    Changed { path: PathBuf },
    /// Files were chosen or dropped while a shop is open.
    Incoming { shop: String, paths: Vec<PathBuf> },
}

/// What is typed into a question.
#[derive(Debug, Default)]
pub struct State {
    /// The question the text belongs to.
    asked: Option<Ask>,
    path: String,
}

/// Draws the open question.
pub fn ask_ui(
    ui: &mut Ui,
    palette: &Palette,
    ask: Option<&Ask>,
    state: &mut State,
    actions: &mut Actions,
) {
    let Some(ask) = ask else {
        state.asked = None;
        return;
    };
    let fresh = state.asked.as_ref() != Some(ask);
    if fresh {
        state.path = match ask {
            Ask::Where { suggestion, .. } => suggestion.clone(),
            _ => String::new(),
        };
        state.asked = Some(ask.clone());
    }
    let modal = Modal::new(Id::unique("ask"))
        .frame(frame(palette))
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 2.0 * gap::XL));
            ui.spacing_mut().item_spacing.y = gap::S;
            match ask {
                Ask::Unsaved { name } => unsaved_ui(ui, palette, (name, fresh), actions),
                Ask::Recover { name } => recover_ui(ui, palette, (name, fresh), actions),
                Ask::Missing { name, paths } => {
                    missing_ui(ui, palette, (name, paths, fresh), state, actions);
                }
                Ask::Where { what, .. } => where_ui(ui, palette, (what, fresh), state, actions),
                Ask::Replace { path } => replace_ui(ui, palette, (path, fresh), actions),
                Ask::Changed { path } => changed_ui(ui, palette, (path, fresh), actions),
                Ask::Incoming { shop, paths } => {
                    incoming_ui(ui, palette, (shop, paths, fresh), actions);
                }
            }
        });
    if modal.should_close() {
        answer(actions, FileAction::Cancel);
    }
}

/// The frame of every modal window.
pub fn frame(palette: &Palette) -> Frame {
    parts::window_frame(palette, gap::XL as i8)
}

fn answer(actions: &mut Actions, action: FileAction) {
    actions.push(Action::File(action));
}

fn words_ui(ui: &mut Ui, palette: &Palette, title: &str, why: &str) {
    let title = RichText::new(title).font(font::card_title());
    ui.add(Label::new(title.color(palette.text)).wrap());
    let why = RichText::new(why).font(font::body());
    ui.add(Label::new(why.color(palette.muted)).wrap());
    ui.add_space(gap::XS);
}

/// A row of answers, the one that loses nothing first: a fresh question gives it the keyboard, so that
/// Enter is that answer.
fn answers_ui(
    ui: &mut Ui,
    palette: &Palette,
    (answers, fresh): (&[(&str, FileAction)], bool),
    actions: &mut Actions,
) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        for (number, (text, action)) in answers.iter().enumerate() {
            let loudness = if number == 0 {
                Loudness::Primary
            } else {
                Loudness::Plain
            };
            let button = parts::button_ui(ui, palette, None, text, loudness);
            if fresh && number == 0 {
                button.request_focus();
            }
            if button.clicked() {
                answer(actions, action.clone());
            }
        }
    });
}

fn unsaved_ui(ui: &mut Ui, palette: &Palette, (name, fresh): (&str, bool), actions: &mut Actions) {
    let title = format!("Save the changes to {name}?");
    words_ui(
        ui,
        palette,
        &title,
        "Rules, dates, selections and scenes set since the last save are given up otherwise. The data files are never changed.",
    );
    let answers = [
        ("Save", FileAction::SaveFirst),
        ("Don’t save", FileAction::DontSave),
        ("Cancel", FileAction::Cancel),
    ];
    answers_ui(ui, palette, (&answers, fresh), actions);
}

fn recover_ui(ui: &mut Ui, palette: &Palette, (name, fresh): (&str, bool), actions: &mut Actions) {
    let title = format!("Recover unsaved changes to {name}?");
    words_ui(
        ui,
        palette,
        &title,
        "Keepers was not closed properly. Everything up to its last second was kept.",
    );
    let answers = [
        ("Recover", FileAction::Recover),
        ("Discard", FileAction::Discard),
        ("Later", FileAction::Cancel),
    ];
    answers_ui(ui, palette, (&answers, fresh), actions);
}

fn replace_ui(ui: &mut Ui, palette: &Palette, (path, fresh): (&Path, bool), actions: &mut Actions) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let title = format!("Replace {name}?");
    let why = format!("{} exists. Its content would be gone.", path.display());
    words_ui(ui, palette, &title, &why);
    let replace = FileAction::WriteTo {
        path: path.to_owned(),
        replace: true,
    };
    let answers = [("Cancel", FileAction::Cancel), ("Replace", replace)];
    answers_ui(ui, palette, (&answers, fresh), actions);
}

fn changed_ui(ui: &mut Ui, palette: &Palette, (path, fresh): (&Path, bool), actions: &mut Actions) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let title = format!("{name} was saved by somebody else");
    let why = format!(
        "{} is no longer what it was when it was opened or saved here: another window or person has changed it. Save as a file of its own to keep both.",
        path.display()
    );
    words_ui(ui, palette, &title, &why);
    let replace = FileAction::WriteTo {
        path: path.to_owned(),
        replace: true,
    };
    let answers = [
        ("Save as…", FileAction::SaveAs),
        ("Replace it", replace),
        ("Cancel", FileAction::Cancel),
    ];
    answers_ui(ui, palette, (&answers, fresh), actions);
}

fn incoming_ui(
    ui: &mut Ui,
    palette: &Palette,
    (shop, paths, fresh): (&str, &[PathBuf], bool),
    actions: &mut Actions,
) {
    let title = match paths {
        [path] => {
            let name = path.file_name().unwrap_or(path.as_os_str());
            format!("What is {}?", name.to_string_lossy())
        }
        _ => format!("What are these {} files?", paths.len()),
    };
    let why = format!(
        "More of {shop}, such as next month’s export: add. A newer version of all its files: replace. \
         Either way everything set up stays, and Undo brings the files of before back. Another shop: open \
         instead."
    );
    words_ui(ui, palette, &title, &why);
    let take = |how| FileAction::Take {
        how,
        paths: paths.to_vec(),
    };
    let answers = [
        ("Add to this shop", take(Incoming::Add)),
        ("Replace", take(Incoming::Replace)),
        ("Open instead", take(Incoming::Open)),
        ("Cancel", FileAction::Cancel),
    ];
    answers_ui(ui, palette, (&answers, fresh), actions);
}

fn missing_ui(
    ui: &mut Ui,
    palette: &Palette,
    (name, paths, fresh): (&str, &[PathBuf], bool),
    state: &mut State,
    actions: &mut Actions,
) {
    let title = format!("{name}: data files are not where they were");
    words_ui(
        ui,
        palette,
        &title,
        "Say where one of them is now; others beside it are found by their names.",
    );
    for path in paths.iter().take(MISSING_SHOWN) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap::S;
            let (mark, _) = ui.allocate_exact_size(vec2(18.0, 24.0), Sense::hover());
            parts::icon_at(
                ui.painter(),
                mark.center(),
                Icon::FileQuestionMark,
                16.0,
                palette.warn,
            );
            let find = parts::button_ui(ui, palette, None, "Find file…", Loudness::Quiet);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            find.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Find {name}…")));
            if find.clicked() {
                answer(actions, FileAction::Find(path.clone()));
            }
            let text = RichText::new(path.display().to_string()).font(font::body());
            ui.add(Label::new(text.color(palette.text)).truncate());
        });
    }
    if paths.len() > MISSING_SHOWN {
        let more = format!("and {} more", paths.len() - MISSING_SHOWN);
        ui.label(
            RichText::new(more)
                .font(font::caption())
                .color(palette.muted),
        );
    }
    let entered = path_ui(
        ui,
        palette,
        "or type where the first one is now",
        state,
        fresh,
    );
    ui.add_space(gap::XS);
    let to = typed(&state.path);
    let open = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let open = parts::button_ui(ui, palette, None, "Open the project", Loudness::Primary);
        let open = open.clicked();
        if parts::button_ui(ui, palette, None, "Cancel", Loudness::Plain).clicked() {
            answer(actions, FileAction::Cancel);
        }
        open
    });
    if let (true, Some(to), Some(from)) = (open.inner || entered, to, paths.first()) {
        let from = from.clone();
        answer(actions, FileAction::Moved { from, to });
    }
}

fn where_ui(
    ui: &mut Ui,
    palette: &Palette,
    (what, fresh): (&str, bool),
    state: &mut State,
    actions: &mut Actions,
) {
    words_ui(
        ui,
        palette,
        &format!("Save {what}"),
        "This desktop offers no file dialog: type where to save.",
    );
    let entered = path_ui(ui, palette, "Path of the new file", state, fresh);
    ui.add_space(gap::XS);
    let save = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let save = parts::button_ui(ui, palette, None, "Save", Loudness::Primary).clicked();
        if parts::button_ui(ui, palette, None, "Cancel", Loudness::Plain).clicked() {
            answer(actions, FileAction::Cancel);
        }
        save
    });
    if let (true, Some(path)) = (save.inner || entered, typed(&state.path)) {
        let replace = false;
        answer(actions, FileAction::WriteTo { path, replace });
    }
}

/// A labelled path field; true when Enter was pressed in it.
fn path_ui(ui: &mut Ui, palette: &Palette, label: &str, state: &mut State, focus: bool) -> bool {
    let label = RichText::new(label).font(font::caption());
    let label = ui.label(label.color(palette.muted));
    let field = ui
        .add(
            TextEdit::singleline(&mut state.path)
                .margin(Margin::symmetric(10, 9))
                .desired_width(ui.available_width()),
        )
        .labelled_by(label.id);
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    // A path that turns out wrong is corrected where it stands.
    if focus || entered {
        field.request_focus();
    }
    entered
}

fn typed(path: &str) -> Option<PathBuf> {
    let path = path.trim().trim_matches('"');
    (!path.is_empty()).then(|| PathBuf::from(path))
}
