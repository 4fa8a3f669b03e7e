//! What the panel of one customer keeps and asks for, and how its sections begin.

use egui::{RichText, Ui};

use crate::{cx::Cx, theme::font, widgets::card::info_ui, widgets::table::Scroll};

/// What the panel was asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    Close,
    Previous,
    Next,
    /// Put everything on the clipboard as text.
    Copy,
    /// Open this customer.
    Open(u32),
    /// Keep this note.
    Note(String),
}

/// What the panel remembers between frames.
#[derive(Debug, Default)]
pub struct PanelState {
    pub orders: Scroll,
    pub peers: Scroll,
    /// A note being typed, and the customer it is on.
    pub note: Option<(String, String)>,
}

/// The title of a section, with what it means.
pub(super) fn section_ui(ui: &mut Ui, cx: &Cx<'_>, title: &str, definition: &str) {
    ui.horizontal(|ui| {
        let text = RichText::new(title)
            .font(font::card_title())
            .color(cx.palette.text);
        ui.label(text);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            info_ui(ui, cx.palette, title, definition);
        });
    });
}
