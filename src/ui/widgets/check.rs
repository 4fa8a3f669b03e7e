//! The check box: a box one can see when it is empty, filled with the accent when it is on.

use egui::{
    Align2, Color32, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role,
    pos2, vec2,
};
use lucide_icons::Icon;

use crate::theme::{Palette, font, gap};

const SIDE: f32 = 16.0;
const HEIGHT: f32 = 28.0;

/// Draws the box with its words and turns `on` over when either is clicked; `changed()` says that it
/// was.
pub fn check_ui(ui: &mut Ui, palette: &Palette, on: &mut bool, words: &str) -> Response {
    let painter = ui.painter();
    let text = painter.layout_no_wrap(words.to_owned(), font::body(), Color32::PLACEHOLDER);
    let size = vec2(SIDE + gap::S + text.size().x, HEIGHT);
    let (rect, mut response) = ui.allocate_exact_size(size, Sense::click());
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), *on, words));
    let painter = ui.painter();
    let left = pos2(rect.left() + SIDE / 2.0, rect.center().y);
    let square = Rect::from_center_size(left, vec2(SIDE, SIDE));
    let (fill, line) = match (*on, response.hovered()) {
        (true, _) => (palette.accent, palette.accent),
        (false, true) => (palette.hover, palette.text),
        (false, false) => (palette.card, palette.muted),
    };
    painter.rect(square, 4, fill, Stroke::new(1.0, line), StrokeKind::Inside);
    if *on {
        painter.text(
            square.center(),
            Align2::CENTER_CENTER,
            Icon::Check.unicode(),
            font::icon(13.0),
            palette.card,
        );
    }
    if response.has_focus() {
        let ring = Stroke::new(2.0, palette.accent);
        painter.rect_stroke(square.expand(2.0), 5, ring, StrokeKind::Outside);
    }
    let corner = pos2(
        square.right() + gap::S,
        rect.center().y - text.size().y / 2.0,
    );
    painter.galley(corner, text, palette.text);
    response
}
