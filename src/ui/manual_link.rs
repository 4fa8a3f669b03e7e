//! From the window to the manual: which section speaks of a part of the page, and the link to it.

use egui::{Context, Id, RichText, Ui, UiStackInfo};

use super::theme::{Palette, font};
use manual::Place;

/// Tag of a part of the page: the section of the manual that is about it.
const ABOUT: &str = "about";

/// Marks a part of the page as what this section is about.
#[must_use]
pub fn about(place: Place) -> UiStackInfo {
    UiStackInfo::default().with_tag_value(ABOUT, place)
}

/// The section about the part of the page that is being drawn.
#[must_use]
pub fn here(ui: &Ui) -> Option<Place> {
    let mut parts = ui.stack().iter();
    parts.find_map(|part| part.tags().get_downcast::<Place>(ABOUT).copied())
}

/// The link below a definition: to the word itself where the manual defines it, or else to `here`.
pub fn more_ui(ui: &mut Ui, palette: &Palette, word: &str, here: Option<Place>) {
    let Some(place) = manual::definition(word).or(here) else {
        return;
    };
    let text = RichText::new("More in the manual").font(font::body());
    let link = ui.link(text.color(palette.accent).underline());
    if link.clicked() {
        ask_for(ui.ctx(), place);
        ui.close();
    }
}

/// As [`more_ui`] where nothing can be clicked.
pub fn hint_ui(ui: &mut Ui, palette: &Palette, here: Option<Place>) {
    if here.is_some() {
        let text = RichText::new("Click for more in the manual").font(font::caption());
        ui.label(text.color(palette.muted));
    }
}

fn wish() -> Id {
    Id::unique("asked for in the manual")
}

/// Opens the manual there, in this frame or the next.
fn ask_for(ctx: &Context, place: Place) {
    ctx.data_mut(|data| data.insert_temp(wish(), place));
    ctx.request_repaint();
}

/// What was asked for since the last time.
pub fn asked_for(ctx: &Context) -> Option<Place> {
    ctx.data_mut(|data| data.remove_temp(wish()))
}
