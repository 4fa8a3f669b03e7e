//! The chip: a small pill with a word, removable when it stands for a filter.

use egui::{Align2, Color32, Sense, Stroke, StrokeKind, Ui, pos2, vec2};
use lucide_icons::Icon;

use crate::theme::{Palette, font};

const HEIGHT: f32 = 24.0;
const PADDING: f32 = 10.0;

/// Draws the chip; true when a click (or Enter) asked to remove it.
pub fn removable_chip_ui(ui: &mut Ui, palette: &Palette, text: &str) -> bool {
    let galley = ui.painter().layout_no_wrap(
        text.to_owned(),
        font::caption_medium(),
        Color32::PLACEHOLDER,
    );
    let size = vec2(galley.size().x + 2.0 * PADDING + 16.0, HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::accesskit::Role::Button,
            ui.is_enabled(),
            format!("Remove {text}"),
        )
    });
    let line = if response.hovered() || response.has_focus() {
        palette.accent
    } else {
        palette.accent_soft
    };
    let painter = ui.painter();
    painter.rect(
        rect,
        HEIGHT / 2.0,
        palette.accent_soft,
        Stroke::new(1.0, line),
        StrokeKind::Inside,
    );
    painter.text(
        pos2(rect.left() + PADDING, rect.center().y),
        Align2::LEFT_CENTER,
        text,
        font::caption_medium(),
        palette.text,
    );
    painter.text(
        pos2(rect.right() - 8.0, rect.center().y),
        Align2::RIGHT_CENTER,
        Icon::X.unicode(),
        font::icon(12.0),
        palette.muted,
    );
    response.on_hover_text(format!("Remove {text}")).clicked()
}

/// A chip that only tells something.
pub fn chip_ui(ui: &mut Ui, palette: &Palette, text: &str, color: Color32) {
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font::caption_medium(), color);
    let size = vec2(galley.size().x + 2.0 * PADDING, HEIGHT - 2.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, text));
    ui.painter()
        .rect_filled(rect, HEIGHT / 2.0, palette.tint(color, 0.10));
    ui.painter().text(
        rect.center(),
        Align2::CENTER_CENTER,
        text,
        font::caption_medium(),
        color,
    );
}

/// Draws a quiet pill with a word.
pub fn word_ui(ui: &mut Ui, palette: &Palette, text: &str) -> egui::Response {
    let galley =
        ui.painter()
            .layout_no_wrap(text.to_owned(), font::caption_medium(), palette.accent);
    let size = vec2(galley.size().x + 2.0 * PADDING, HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, text));
    ui.painter()
        .rect_filled(rect, HEIGHT / 2.0, palette.accent_soft);
    let corner = rect.center() - galley.size() / 2.0;
    ui.painter().galley(corner, galley, palette.accent);
    response
}
