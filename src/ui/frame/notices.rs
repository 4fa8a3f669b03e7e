//! Notices: what happened, why, and what to do next.

use egui::{Align2, Area, Frame, Id, Label, Margin, Order, RichText, Shadow, Stroke, Ui, vec2};
use lucide_icons::Icon;

use super::parts;
use crate::{
    action::{Action, Actions},
    theme::{Palette, RADIUS, STATUS_BAR_HEIGHT, font, gap},
    widgets::card::icon_button_ui,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Goes away by itself.
    Info,
    /// Stays until it is dismissed.
    Error,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub id: u64,
    pub severity: Severity,
    /// What happened, in a few words.
    pub what: String,
    /// Why, and what to do next.
    pub why: String,
    /// A button that does the next step.
    pub next: Option<(String, Action)>,
    /// Time in seconds of the window's clock when it goes; `None` = stays.
    pub expires: Option<f64>,
}

const WIDTH: f32 = 380.0;
/// More than these are counted, not shown.
const SHOWN: usize = 4;

/// Draws the latest notices; while something is `presented`, errors only: an audience need not be
/// told that a scene was added.
pub fn notices_ui(
    ui: &mut Ui,
    palette: &Palette,
    (notices, presented): (&[Notice], bool),
    actions: &mut Actions,
) {
    let told = |notice: &&Notice| !presented || notice.severity == Severity::Error;
    let notices: Vec<&Notice> = notices.iter().filter(told).collect();
    if notices.is_empty() {
        return;
    }
    let offset = vec2(-gap::L, -(STATUS_BAR_HEIGHT + gap::M));
    Area::new(Id::unique("notices"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, offset)
        .fade_in(false)
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDTH);
            let first = notices.len().saturating_sub(SHOWN);
            for notice in &notices[first..] {
                notice_ui(ui, palette, notice, actions);
            }
        });
}

fn notice_ui(ui: &mut Ui, palette: &Palette, notice: &Notice, actions: &mut Actions) {
    let (icon, color) = match notice.severity {
        Severity::Info => (Icon::Info, palette.accent),
        Severity::Error => (Icon::CircleAlert, palette.bad),
    };
    let shadow = Shadow {
        offset: [0, 4],
        blur: 16,
        spread: 0,
        color: egui::Color32::from_black_alpha(if palette.dark { 90 } else { 28 }),
    };
    Frame::new()
        .fill(palette.card)
        .stroke(Stroke::new(1.0, palette.hairline))
        .corner_radius(RADIUS)
        .shadow(shadow)
        .inner_margin(Margin::same(gap::M as i8))
        .show(ui, |ui| {
            ui.horizontal_top(|ui| {
                let (mark, _) = ui.allocate_exact_size(vec2(20.0, 24.0), egui::Sense::hover());
                parts::icon_at(ui.painter(), mark.center(), icon, 18.0, color);
                let width = WIDTH - 2.0 * gap::M - 20.0 - 28.0 - 2.0 * gap::S;
                ui.vertical(|ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing.y = gap::XS;
                    text_ui(ui, palette, notice, actions);
                });
                if icon_button_ui(ui, palette, Icon::X, "Dismiss").clicked() {
                    actions.push(Action::DismissNotice(notice.id));
                }
            });
        });
}

fn text_ui(ui: &mut Ui, palette: &Palette, notice: &Notice, actions: &mut Actions) {
    ui.add_space(2.0);
    let what = RichText::new(&notice.what)
        .font(font::body_medium())
        .color(palette.text);
    ui.add(Label::new(what).wrap());
    if !notice.why.is_empty() {
        let why = RichText::new(&notice.why)
            .font(font::body())
            .color(palette.muted);
        ui.add(Label::new(why).wrap().selectable(true));
    }
    if let Some((text, action)) = &notice.next {
        ui.horizontal(|ui| {
            if parts::button_ui(ui, palette, None, text, parts::Loudness::Quiet).clicked() {
                actions.push(action.clone());
                actions.push(Action::DismissNotice(notice.id));
            }
        });
    }
}
