//! Presenting: the view alone, large, with the scene's caption as its title; hover and click stay
//! alive.

use egui::{
    Align, CentralPanel, Color32, CursorIcon, Event, Frame, Id, InputState, Key, Label, LayerId,
    Layout, Margin, Order, RichText, Sense, Stroke, Ui, UiBuilder, ViewportBuilder, ViewportId,
    WidgetInfo, accesskit::Role, vec2,
};
use lucide_icons::Icon;

use super::{FrameCx, parts, scenes::SceneAction};
use crate::{
    action::{Action, Actions},
    theme::{Palette, font, gap},
    views::{self, States},
    widgets::card::icon_button_ui,
};
use pipeline::snapshot::Shop;

/// Everything is drawn this much larger.
pub const SCALE: f32 = 1.5;
/// Ring of the laser pointer.
const LASER_RADIUS: f32 = 14.0;

/// The presentation as it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Show {
    /// Scene on the screen, from 0.
    pub at: usize,
    pub count: usize,
    pub caption: String,
    pub notes: String,
    /// Caption of the scene after this one.
    pub next: Option<String>,
    pub blank: bool,
    pub laser: bool,
    /// Notes in a window of their own.
    pub notes_window: bool,
    pub elapsed_seconds: u64,
}

/// Draws the scene on the screen.
pub fn present_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    (shop, show): (&Shop, &Show),
    views: &mut States,
    actions: &mut Actions,
) {
    if show.blank {
        blank_ui(ui, actions);
    } else {
        let margin = Margin {
            left: gap::XL as i8,
            right: gap::XL as i8,
            top: gap::M as i8,
            bottom: 0,
        };
        let frame = Frame::new().fill(cx.palette.canvas).inner_margin(margin);
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            title_ui(ui, cx.palette, show, actions);
            let view_cx = cx.view_cx(shop);
            let mut place = UiBuilder::new().id_salt(cx.view);
            if show.caption.trim() == cx.view.title() {
                place = place.ui_stack_info(views::titled());
            }
            ui.scope_builder(place, |ui| {
                views::show_ui(cx.view, ui, &view_cx, views, actions);
            });
        });
        if show.laser {
            laser_ui(ui, cx.palette);
        }
    }
    if show.notes_window && !ui.ctx().embed_viewports() {
        notes_window_ui(ui, cx.palette, show, actions);
    }
}

fn scene(actions: &mut Actions, action: SceneAction) {
    actions.push(Action::Scene(action));
}

fn title_ui(ui: &mut Ui, palette: &Palette, show: &Show, actions: &mut Actions) {
    ui.horizontal(|ui| {
        let size = vec2(ui.available_width(), 40.0);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (icon, label, action) in [
                (Icon::X, "Leave the presentation (Esc)", SceneAction::Leave),
                (Icon::ChevronRight, "Next scene (→)", SceneAction::Next),
                (
                    Icon::ChevronLeft,
                    "Previous scene (←)",
                    SceneAction::Previous,
                ),
            ] {
                if icon_button_ui(ui, palette, icon, label).clicked() {
                    scene(actions, action);
                }
            }
            let place = format!("{} of {}", show.at + 1, show.count);
            ui.label(
                RichText::new(place)
                    .font(font::caption())
                    .color(palette.muted),
            );
            ui.add_space(gap::M);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let caption = RichText::new(&show.caption).font(font::figure());
                ui.add(Label::new(caption.color(palette.text)).truncate());
            });
        });
    });
}

/// Nothing to look at but the speaker; a click goes on.
fn blank_ui(ui: &mut Ui, actions: &mut Actions) {
    let frame = Frame::new().fill(Color32::BLACK);
    CentralPanel::no_frame().frame(frame).show(ui, |ui| {
        let response = ui.allocate_response(ui.available_size(), Sense::click());
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Button, true, "The screen is blank: click to go on")
        });
        if response.clicked() {
            scene(actions, SceneAction::ToggleBlank);
        }
    });
}

/// A ring where the pointer is; the pointer itself is hidden.
fn laser_ui(ui: &Ui, palette: &Palette) {
    let Some(at) = ui.ctx().pointer_latest_pos() else {
        return;
    };
    ui.ctx().set_cursor_icon(CursorIcon::None);
    let layer = LayerId::new(Order::Tooltip, Id::unique("laser"));
    let painter = ui.ctx().layer_painter(layer);
    let glow = palette.bad.gamma_multiply(0.25);
    painter.circle_filled(at, LASER_RADIUS, glow);
    painter.circle_stroke(at, LASER_RADIUS, Stroke::new(3.0, palette.bad));
    painter.circle_filled(at, 2.5, palette.bad);
}

/// Keys of a presenter and of a clicker, in the order they were pressed, taken out of the input of the
/// window that has them: two presses within one frame are two steps. With Ctrl or Alt they mean
/// something else.
pub fn stage_keys(input: &mut InputState) -> Vec<SceneAction> {
    let mut actions = Vec::new();
    input.events.retain(|event| {
        let asked = asked(event);
        let kept = asked.is_none();
        actions.extend(asked);
        kept
    });
    actions
}

fn asked(event: &Event) -> Option<SceneAction> {
    let Event::Key {
        key,
        pressed: true,
        repeat,
        modifiers,
        ..
    } = event
    else {
        return None;
    };
    if modifiers.alt || modifiers.ctrl || modifiers.command {
        return None;
    }
    let action = match key {
        Key::ArrowRight | Key::PageDown | Key::Space => SceneAction::Next,
        Key::ArrowLeft | Key::PageUp => SceneAction::Previous,
        // What a held key would do over and over again.
        _ if *repeat => return None,
        Key::Home => SceneAction::Go(0),
        Key::End => SceneAction::Go(usize::MAX),
        Key::B | Key::Period => SceneAction::ToggleBlank,
        Key::N => SceneAction::ToggleNotes,
        Key::Escape | Key::F5 => SceneAction::Leave,
        key => SceneAction::Go(NUMBERS.iter().position(|number| number == key)?),
    };
    Some(action)
}

/// Keys of the first ten scenes.
const NUMBERS: [Key; 10] = [
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Num4,
    Key::Num5,
    Key::Num6,
    Key::Num7,
    Key::Num8,
    Key::Num9,
    Key::Num0,
];

/// The presenter's own window: caption, notes, what comes next, the time.
fn notes_window_ui(ui: &mut Ui, palette: &Palette, show: &Show, actions: &mut Actions) {
    let builder = ViewportBuilder::default()
        .with_title("Keepers – notes")
        .with_inner_size([640.0, 480.0]);
    ui.ctx()
        .show_viewport_immediate(ViewportId::from_hash_of("notes"), builder, |ui, _| {
            if ui.input(|input| input.viewport().close_requested()) {
                scene(actions, SceneAction::ToggleNotes);
            }
            // A clicker talks to whichever window has the keyboard.
            for action in ui.input_mut(stage_keys) {
                scene(actions, action);
            }
            // Switched, not held: which window lets the key go cannot be known.
            if ui.input(|input| input.key_pressed(Key::L) && input.modifiers.is_none()) {
                scene(actions, SceneAction::Laser { down: true });
                scene(actions, SceneAction::Laser { down: false });
            }
            let frame = Frame::new()
                .fill(palette.canvas)
                .inner_margin(Margin::same(gap::XL as i8));
            CentralPanel::no_frame()
                .frame(frame)
                .show(ui, |ui| notes_ui(ui, palette, show, actions));
        });
}

/// Content of the presenter's window.
pub fn notes_ui(ui: &mut Ui, palette: &Palette, show: &Show, actions: &mut Actions) {
    let seconds = show.elapsed_seconds;
    let clock = format!(
        "{} of {}  ·  {}:{:02}",
        show.at + 1,
        show.count,
        seconds / 60,
        seconds % 60
    );
    let clock = RichText::new(clock).font(font::body());
    ui.label(clock.color(palette.muted));
    let caption = RichText::new(&show.caption).font(font::view_title());
    ui.add(Label::new(caption.color(palette.text)).wrap());
    ui.add_space(gap::S);
    let notes = if show.notes.is_empty() {
        "No notes for this scene."
    } else {
        &show.notes
    };
    let notes = RichText::new(notes).font(font::card_title());
    ui.add(Label::new(notes.color(palette.text)).wrap());
    ui.add_space(gap::L);
    let next = match &show.next {
        Some(caption) => format!("Next: {caption}"),
        None => "This is the last scene.".to_owned(),
    };
    ui.label(RichText::new(next).font(font::body()).color(palette.muted));
    ui.add_space(gap::S);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let plain = parts::Loudness::Plain;
        if parts::button_ui(ui, palette, Some(Icon::ChevronLeft), "Back", plain).clicked() {
            scene(actions, SceneAction::Previous);
        }
        if parts::button_ui(ui, palette, Some(Icon::ChevronRight), "Next", plain).clicked() {
            scene(actions, SceneAction::Next);
        }
    });
}
