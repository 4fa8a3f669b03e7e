//! The scenes panel: prepared moments of a presentation, in order.

use egui::{
    Align, Frame, Label, Layout, Margin, Panel, RichText, ScrollArea, Stroke, TextEdit, Ui,
};
use lucide_icons::Icon;

use super::{
    FrameCx,
    parts::{self, Loudness},
    selection_text,
};
use crate::{
    action::{Action, Actions, View},
    command::Command,
    format,
    theme::{Palette, font, gap},
    widgets::{card, card::icon_button_ui},
};
use project::Scene;

pub const WIDTH: f32 = 300.0;

/// What is done with scenes, and while presenting.
#[derive(Clone, Debug, PartialEq)]
pub enum SceneAction {
    /// Keep what is on the screen as a new scene.
    Add,
    Remove(usize),
    /// Move a scene up (−1) or down (+1).
    Move(usize, isize),
    Caption(usize, String),
    Notes(usize, String),
    /// Put what is on the screen in place of this scene.
    Retake(usize),
    /// Show this scene without presenting.
    Show(usize),
    TogglePanel,
    /// Present, from this scene on.
    Present(usize),
    Next,
    Previous,
    Go(usize),
    /// Back to where one was before presenting.
    Leave,
    /// Black screen and back.
    ToggleBlank,
    ToggleNotes,
    /// The key of the laser pointer went down or up.
    Laser {
        down: bool,
    },
    /// Draw every scene into a PNG of its own.
    SavePictures,
    /// Save the scenes as slides.
    SaveSlides,
}

/// Texts being typed: they reach the project when the field is left, as one step to undo.
#[derive(Debug, Default)]
pub struct State {
    typing: Option<(Field, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Caption(usize),
    Notes(usize),
}

/// Draws the panel on the right.
pub fn scenes_ui(ui: &mut Ui, cx: &FrameCx<'_>, state: &mut State, actions: &mut Actions) {
    let palette = cx.palette;
    let frame = Frame::new()
        .fill(palette.card)
        .inner_margin(Margin::symmetric(gap::L as i8, gap::M as i8));
    let response = Panel::right("scenes")
        .exact_size(WIDTH)
        .resizable(false)
        .show_separator_line(false)
        .frame(frame)
        .show(ui, |ui| {
            head_ui(ui, palette, actions);
            if cx.project.scenes.is_empty() {
                empty_ui(ui, palette);
            }
            let foot = 96.0;
            ScrollArea::vertical()
                .max_height((ui.available_height() - foot).max(80.0))
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = gap::S;
                    for (number, scene) in cx.project.scenes.iter().enumerate() {
                        scene_ui(ui, cx, (number, scene), state, actions);
                    }
                });
            ui.add_space(gap::S);
            foot_ui(ui, cx, actions);
        })
        .response;
    let rect = response.rect;
    let line = Stroke::new(1.0, palette.hairline);
    ui.painter().vline(rect.left() + 0.5, rect.y_range(), line);
}

fn head_ui(ui: &mut Ui, palette: &Palette, actions: &mut Actions) {
    ui.horizontal(|ui| {
        let title = RichText::new("Scenes").font(font::card_title());
        ui.label(title.color(palette.text));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button_ui(ui, palette, Icon::X, "Close the scenes").clicked() {
                scene(actions, SceneAction::TogglePanel);
            }
        });
    });
    ui.add_space(gap::XS);
}

fn empty_ui(ui: &mut Ui, palette: &Palette) {
    let words = "A scene keeps what is on the screen: view, date, selection and settings. Arrange what you want to tell, add it, arrange the next. F5 presents them.";
    let words = RichText::new(words).font(font::body()).color(palette.muted);
    ui.add(Label::new(words).wrap());
    ui.add_space(gap::S);
}

fn scene(actions: &mut Actions, action: SceneAction) {
    actions.push(Action::Scene(action));
}

fn scene_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    (number, kept): (usize, &Scene),
    state: &mut State,
    actions: &mut Actions,
) {
    let palette = cx.palette;
    card::frame(palette).inner_margin(gap::S).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = gap::XS;
        tools_ui(ui, cx, number, actions);
        let caption = (Field::Caption(number), kept.caption.as_str());
        if let Some(text) = field_ui(ui, state, caption, "Caption") {
            scene(actions, SceneAction::Caption(number, text));
        }
        let what = RichText::new(what_text(kept)).font(font::caption());
        ui.add(Label::new(what.color(palette.muted)).truncate());
        let notes = (Field::Notes(number), kept.notes.as_str());
        if let Some(text) = field_ui(ui, state, notes, "Notes for yourself") {
            scene(actions, SceneAction::Notes(number, text));
        }
    });
}

fn tools_ui(ui: &mut Ui, cx: &FrameCx<'_>, number: usize, actions: &mut Actions) {
    let palette = cx.palette;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let title = RichText::new(format!("{}", number + 1)).font(font::body_medium());
        ui.label(title.color(palette.accent));
        let ready = cx.scenes_ready.get(number).copied().unwrap_or_default();
        let (words, ink) = if ready {
            ("  ready", palette.good)
        } else {
            ("  computed when shown", palette.muted)
        };
        ui.label(RichText::new(words).font(font::caption()).color(ink));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let of = format!("scene {}", number + 1);
            for (icon, text, action) in [
                (Icon::Trash2, "Delete", SceneAction::Remove(number)),
                (Icon::RefreshCw, "Retake", SceneAction::Retake(number)),
                (Icon::ArrowDown, "Move down", SceneAction::Move(number, 1)),
                (Icon::ArrowUp, "Move up", SceneAction::Move(number, -1)),
                (Icon::Eye, "Show", SceneAction::Show(number)),
            ] {
                if icon_button_ui(ui, palette, icon, &format!("{text} {of}")).clicked() {
                    scene(actions, action);
                }
            }
        });
    });
}

/// A field whose text is handed over when it is left; `None` while nothing changed.
fn field_ui(
    ui: &mut Ui,
    state: &mut State,
    (field, kept): (Field, &str),
    hint: &str,
) -> Option<String> {
    let mut text = match &state.typing {
        Some((typed, text)) if *typed == field => text.clone(),
        _ => kept.to_owned(),
    };
    let notes = matches!(field, Field::Notes(_));
    let edit = if notes {
        TextEdit::multiline(&mut text).desired_rows(1)
    } else {
        TextEdit::singleline(&mut text)
    };
    let (Field::Caption(number) | Field::Notes(number)) = field;
    let response = ui.add(
        edit.hint_text(hint)
            .margin(Margin::symmetric(8, 5))
            .desired_width(ui.available_width()),
    );
    response.widget_info(|| {
        let name = format!("{hint}, scene {}", number + 1);
        egui::WidgetInfo::labeled(egui::accesskit::Role::TextInput, true, name)
    });
    if response.has_focus() {
        state.typing = Some((field, text));
        return None;
    }
    if response.lost_focus() {
        state.typing = None;
        return (text != kept).then_some(text);
    }
    None
}

/// `Cohorts · 30 Jun 2025 · VIP`
fn what_text(kept: &Scene) -> String {
    let view =
        View::of_name(&kept.view).map_or_else(|| kept.view.clone(), |view| view.title().to_owned());
    let mut parts = vec![view];
    parts.push(match kept.inputs.as_of {
        Some(day) => format::date(day),
        None => "latest".to_owned(),
    });
    parts.extend(kept.customer.iter().map(|id| format!("customer {id}")));
    let selected = kept.selection.parts.iter();
    parts.extend(selected.map(selection_text::part));
    parts.join("  ·  ")
}

fn foot_ui(ui: &mut Ui, cx: &FrameCx<'_>, actions: &mut Actions) {
    let palette = cx.palette;
    // Nothing to present yet: adding the first scene is what comes next.
    let none = cx.project.scenes.is_empty();
    let adding = if none {
        Loudness::Primary
    } else {
        Loudness::Plain
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let add = parts::button_ui(ui, palette, Some(Icon::Plus), "Add scene", adding);
        if add.on_hover_text(Command::AddScene.tooltip()).clicked() {
            scene(actions, SceneAction::Add);
        }
        if none {
            return;
        }
        let present = parts::button_ui(ui, palette, Some(Icon::Play), "Present", Loudness::Primary);
        if present.on_hover_text(Command::Present.tooltip()).clicked() {
            scene(actions, SceneAction::Present(0));
        }
    });
    if none {
        return;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        for (icon, words, tooltip, action) in [
            (
                Icon::Image,
                "Save pictures…",
                "Every scene as a picture of its own",
                SceneAction::SavePictures,
            ),
            (
                Icon::Presentation,
                "Slides…",
                "Save them as PowerPoint with charts that can be edited, or as PDF",
                SceneAction::SaveSlides,
            ),
        ] {
            let button = parts::button_ui(ui, palette, Some(icon), words, Loudness::Quiet);
            if button.on_hover_text(tooltip).clicked() {
                scene(actions, action);
            }
        }
    });
}
