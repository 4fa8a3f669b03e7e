//! What stands where there is nothing to show: why, and the button that changes it.

use egui::{RichText, Ui};
use lucide_icons::Icon;

use crate::theme::{Palette, font, gap};

/// Draws icon, sentence and (when given) a button, centred in `height` points; true when the button
/// was pressed.
pub fn empty_ui(
    ui: &mut Ui,
    palette: &Palette,
    icon: Icon,
    sentence: &str,
    button: Option<&str>,
) -> bool {
    let mut pressed = false;
    ui.vertical_centered(|ui| {
        ui.add_space(gap::XL * 2.0);
        ui.label(
            RichText::new(icon.unicode().to_string())
                .font(font::icon(32.0))
                .color(palette.muted),
        );
        ui.add_space(gap::S);
        ui.label(
            RichText::new(sentence)
                .font(font::body())
                .color(palette.muted),
        );
        if let Some(text) = button {
            ui.add_space(gap::S);
            pressed = ui.button(text).clicked();
        }
        ui.add_space(gap::XL * 2.0);
    });
    pressed
}
