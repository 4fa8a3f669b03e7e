//! What the words mean: searched from the palette, and as a page of its own.

use egui::{
    Id, Label, Margin, Modal, RichText, ScrollArea, TextEdit, Ui, WidgetInfo, accesskit::Role,
};

use super::asks;
use crate::theme::{Palette, font, gap};
use analysis::glossary::{TERMS, Term};

const WIDTH: f32 = 560.0;
/// Terms shown below the commands of the palette.
const IN_PALETTE: usize = 3;

/// The open glossary and what is typed into it.
#[derive(Debug, Default)]
pub struct State {
    pub open: bool,
    query: String,
}

/// Terms that hold every word typed, those whose own name begins with it first.
#[must_use]
pub fn matching(query: &str) -> Vec<&'static Term> {
    let query = query.trim().to_lowercase();
    let mut found: Vec<&Term> = TERMS
        .iter()
        .filter(|term| {
            let names = format!("{} {}", term.word, term.also).to_lowercase();
            query.split_whitespace().all(|word| names.contains(word))
        })
        .collect();
    found.sort_by_key(|term| !term.word.to_lowercase().starts_with(&query));
    found
}

/// Terms that fit what is typed into the palette, with their meaning; returns whether there are any.
pub fn palette_terms_ui(ui: &mut Ui, palette: &Palette, query: &str) -> bool {
    if query.trim().chars().count() < 3 {
        return false;
    }
    let found = matching(query);
    for term in found.iter().take(IN_PALETTE) {
        ui.add_space(gap::XS);
        ui.indent(term.word, |ui| term_ui(ui, palette, term));
    }
    !found.is_empty()
}

fn term_ui(ui: &mut Ui, palette: &Palette, term: &Term) {
    let word = RichText::new(term.word).font(font::body_medium());
    ui.label(word.color(palette.text));
    let meaning = RichText::new(term.meaning).font(font::body());
    ui.add(Label::new(meaning.color(palette.muted)).wrap());
}

/// Draws the glossary when it is open.
pub fn glossary_ui(ui: &mut Ui, palette: &Palette, state: &mut State) {
    if !state.open {
        return;
    }
    let modal = Modal::new(Id::unique("glossary"))
        .frame(asks::frame(palette))
        .show(ui.ctx(), |ui| {
            let page = ui.ctx().content_rect();
            ui.set_width(WIDTH.min(page.width() - 2.0 * gap::XL));
            let title = RichText::new("What the words mean").font(font::view_title());
            ui.label(title.color(palette.text));
            let hint = RichText::new("Search").color(palette.muted);
            let field = ui.add(
                TextEdit::singleline(&mut state.query)
                    .hint_text(hint)
                    .margin(Margin::symmetric(10, 8))
                    .desired_width(f32::INFINITY),
            );
            field.widget_info(|| WidgetInfo::labeled(Role::SearchInput, true, "Search the words"));
            ui.add_space(gap::S);
            let found = matching(&state.query);
            if found.is_empty() {
                let words = "No word fits. Try a shorter one, such as rate or value.";
                ui.label(RichText::new(words).font(font::body()).color(palette.muted));
            }
            ScrollArea::vertical()
                .max_height(page.height() * 0.6)
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    for term in found {
                        term_ui(ui, palette, term);
                        ui.add_space(gap::S);
                    }
                });
        });
    if modal.should_close() {
        *state = State::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_their_other_names_are_found() {
        let first = |query: &str| matching(query).first().map(|term| term.word);
        assert_eq!(first("retention"), Some("Retention"));
        assert_eq!(first("AOV"), Some("Average order value"));
        assert_eq!(first("btyd"), Some("BG/NBD"));
        assert_eq!(first("returning share"), Some("Repeat rate"));
        assert_eq!(first("xyzzy"), None);
        assert_eq!(matching("").len(), TERMS.len());
    }
}
