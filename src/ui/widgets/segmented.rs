//! The segmented control: a pill of a few choices, one of them on.

use egui::{Align2, Color32, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::theme::{Palette, font};

const HEIGHT: f32 = 28.0;
const PADDING: f32 = 12.0;

/// Draws the choices side by side; returns the one picked in this frame, if it is another than
/// `current`. `label` names the group for screen readers. Tab moves from choice to choice.
pub fn segmented_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    palette: &Palette,
    label: &str,
    choices: &[(T, &str)],
    current: T,
) -> Option<T> {
    let widths: Vec<f32> = choices
        .iter()
        .map(|(_, text)| {
            ui.painter()
                .layout_no_wrap(
                    (*text).to_owned(),
                    font::body_medium(),
                    Color32::PLACEHOLDER,
                )
                .size()
                .x
                + 2.0 * PADDING
        })
        .collect();
    let (rect, _) = ui.allocate_exact_size(vec2(widths.iter().sum(), HEIGHT), Sense::hover());
    ui.painter().rect(
        rect,
        6,
        palette.card,
        Stroke::new(1.0, palette.hairline),
        StrokeKind::Inside,
    );
    let mut left = rect.left();
    let mut picked = None;
    for (&(value, text), width) in choices.iter().zip(widths) {
        let slot = Rect::from_min_size(pos2(left, rect.top()), vec2(width, HEIGHT));
        left += width;
        let on = value == current;
        if choice_ui(ui, palette, slot, (label, text), on) && !on {
            picked = Some(value);
        }
    }
    picked
}

fn choice_ui(
    ui: &mut Ui,
    palette: &Palette,
    slot: Rect,
    (group, text): (&str, &str),
    on: bool,
) -> bool {
    let response = ui.interact(slot, ui.scope_id().with((group, text)), Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::selected(
            egui::accesskit::Role::RadioButton,
            ui.is_enabled(),
            on,
            format!("{group}: {text}"),
        )
    });
    let inner = slot.shrink(2.0);
    let painter = ui.painter();
    if on {
        painter.rect_filled(inner, 5, palette.accent_soft);
    } else if response.hovered() {
        painter.rect_filled(inner, 5, palette.hover);
    }
    if response.has_focus() {
        painter.rect_stroke(
            inner,
            5,
            Stroke::new(2.0, palette.accent),
            StrokeKind::Inside,
        );
    }
    let color = if on { palette.accent } else { palette.muted };
    painter.text(
        slot.center(),
        Align2::CENTER_CENTER,
        text,
        font::body_medium(),
        color,
    );
    response.clicked()
}
