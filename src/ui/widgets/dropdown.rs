//! The dropdown: a quiet button with the current choice that opens a list.

use egui::{Align2, Color32, Rect, Response, Sense, Stroke, StrokeKind, Ui, pos2, vec2};
use lucide_icons::Icon;

use crate::{
    frame::parts::focus_ring,
    theme::{Palette, font, gap},
};

const HEIGHT: f32 = 28.0;
const PADDING: f32 = 10.0;

/// Draws the button ("Metric  Retention ▾") and, once opened, its list; returns the choice picked in
/// this frame, if it is another than `current`.
pub fn dropdown_ui<T: Clone + PartialEq>(
    ui: &mut Ui,
    palette: &Palette,
    label: &str,
    choices: &[(T, String)],
    current: &T,
) -> Option<T> {
    let shown = choices
        .iter()
        .find(|(value, _)| value == current)
        .map_or("", |(_, text)| text.as_str());
    let button = button_ui(ui, palette, label, shown);
    list_ui(&button, palette, choices, current)
}

/// As [`dropdown_ui`], but for table cells: of a given width and without the visible label, which is
/// its name for screen readers all the same.
pub fn cell_dropdown_ui<T: Clone + PartialEq>(
    ui: &mut Ui,
    palette: &Palette,
    (label, width, ink): (&str, f32, Color32),
    choices: &[(T, String)],
    current: &T,
) -> Option<T> {
    let shown = choices
        .iter()
        .find(|(value, _)| value == current)
        .map_or("", |(_, text)| text.as_str());
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    paint_button(ui, palette, rect, (label, shown), &response);
    let cut = super::elided::elided(
        ui.painter(),
        shown,
        font::body_medium(),
        ink,
        width - 2.0 * PADDING - 18.0,
    );
    let corner = pos2(rect.left() + PADDING, rect.center().y - cut.size().y / 2.0);
    ui.painter().galley(corner, cut, ink);
    list_ui(&response, palette, choices, current)
}

fn list_ui<T: Clone + PartialEq>(
    button: &Response,
    palette: &Palette,
    choices: &[(T, String)],
    current: &T,
) -> Option<T> {
    let mut picked = None;
    egui::Popup::menu(button).show(|ui| {
        ui.set_min_width((button.rect.width() - 2.0 * gap::M).max(140.0));
        ui.spacing_mut().item_spacing.y = 1.0;
        egui::ScrollArea::vertical()
            .max_height(360.0)
            .show(ui, |ui| {
                for (value, text) in choices {
                    let on = value == current;
                    if row_ui(ui, palette, text, on).clicked() {
                        if !on {
                            picked = Some(value.clone());
                        }
                        ui.close();
                    }
                }
            });
    });
    picked
}

fn width(ui: &Ui, text: &str) -> f32 {
    ui.painter()
        .layout_no_wrap(text.to_owned(), font::body_medium(), Color32::PLACEHOLDER)
        .size()
        .x
}

fn button_ui(ui: &mut Ui, palette: &Palette, label: &str, shown: &str) -> Response {
    let name = width(ui, label);
    let size = vec2(name + width(ui, shown) + 2.0 * PADDING + 28.0, HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    paint_button(ui, palette, rect, (label, shown), &response);
    let painter = ui.painter();
    let at = |x: f32| pos2(rect.left() + x, rect.center().y);
    painter.text(
        at(PADDING),
        Align2::LEFT_CENTER,
        label,
        font::body(),
        palette.muted,
    );
    painter.text(
        at(PADDING + name + 6.0),
        Align2::LEFT_CENTER,
        shown,
        font::body_medium(),
        palette.text,
    );
    response
}

/// The button without its words.
fn paint_button(
    ui: &Ui,
    palette: &Palette,
    rect: Rect,
    (label, shown): (&str, &str),
    response: &Response,
) {
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(
            egui::accesskit::Role::ComboBox,
            ui.is_enabled(),
            format!("{label}: {shown}"),
        );
        info.current_text_value = Some(shown.to_owned());
        info
    });
    let (fill, line) = if response.has_focus() {
        (palette.card, Stroke::new(2.0, palette.accent))
    } else if response.hovered() {
        (palette.hover, Stroke::new(1.0, palette.faint))
    } else {
        (palette.card, Stroke::new(1.0, palette.hairline))
    };
    let painter = ui.painter();
    painter.rect(rect, 6, fill, line, StrokeKind::Inside);
    painter.text(
        pos2(rect.right() - PADDING, rect.center().y),
        Align2::RIGHT_CENTER,
        Icon::ChevronDown.unicode(),
        font::icon(14.0),
        palette.muted,
    );
}

fn row_ui(ui: &mut Ui, palette: &Palette, text: &str, on: bool) -> Response {
    let size = vec2((width(ui, text) + 44.0).max(ui.available_width()), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::selected(
            egui::accesskit::Role::ListBoxOption,
            ui.is_enabled(),
            on,
            text,
        )
    });
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 5, palette.hover);
    }
    focus_ring(painter, rect.shrink(2.0), 5, palette, &response);
    let inner = Rect::from_min_max(rect.min + vec2(8.0, 0.0), rect.max);
    if on {
        painter.text(
            inner.left_center(),
            Align2::LEFT_CENTER,
            Icon::Check.unicode(),
            font::icon(14.0),
            palette.accent,
        );
    }
    painter.text(
        inner.left_center() + vec2(22.0, 0.0),
        Align2::LEFT_CENTER,
        text,
        font::body(),
        palette.text,
    );
    response
}
