//! What happens to the selection: clicks, chips, saved audiences.

use egui::Context;

use super::App;
use analysis::selection::{Part, Selection};
use project::SavedAudience;
use ui::frame::{notices::Severity, selection_text};

impl App {
    pub(super) fn select(&mut self, part: Part) {
        // A second click on the only selected thing takes the selection back.
        if self.selection.parts == [part.clone()] {
            self.selection = Selection::default();
        } else {
            self.set_selection(vec![part].into());
        }
    }

    /// Adds a part, or takes it back when it is there; an excluded one is included again.
    pub(super) fn select_also(&mut self, part: Part) {
        let parts = &mut self.selection.parts;
        let excluded = part.clone().negated();
        if let Some(index) = parts.iter().position(|known| *known == part) {
            parts.remove(index);
        } else if let Some(known) = parts.iter_mut().find(|known| **known == excluded) {
            *known = part;
        } else {
            parts.push(part);
            self.shown.inspector = true;
        }
    }

    pub(super) fn unselect(&mut self, index: usize) {
        if index < self.selection.parts.len() {
            self.selection.parts.remove(index);
        }
        if self.selection.is_empty() {
            // The next selection begins as usual again.
            self.selection = Selection::default();
        }
    }

    pub(super) fn negate_part(&mut self, index: usize) {
        if let Some(part) = self.selection.parts.get_mut(index) {
            *part = part.clone().negated();
        }
    }

    pub(super) fn keep_part(&mut self, index: usize) {
        if let Some(part) = self.selection.parts.get(index) {
            self.selection = vec![part.clone()].into();
        }
    }

    pub(super) fn set_selection(&mut self, selection: Selection) {
        self.shown.inspector |= !selection.is_empty();
        self.selection = selection;
    }

    /// Keeps the selection as the other side of comparisons.
    pub(super) fn pin_selection(&mut self, ctx: &Context) {
        if self.selection.is_empty() {
            return;
        }
        let Some(shop) = self.snapshot.shop.as_ref() else {
            return;
        };
        let then = std::sync::Arc::clone(&shop.selected);
        self.frame.compare.pin(self.selection.clone(), then);
        let words = selection_text::sentence(&self.selection);
        let why = format!("{words}. Select other customers to compare them with it.");
        self.notify(ctx, Severity::Info, "Pinned", why);
    }

    /// Keeps the selection under a name.
    pub(super) fn save_audience(&mut self, ctx: &Context, name: &str) {
        let name = name.trim().to_owned();
        if name.is_empty() || self.selection.is_empty() {
            return;
        }
        let words = selection_text::sentence(&self.selection);
        let selection = self.selection.clone();
        let mut replaced = false;
        self.edit(|project| {
            let known = project
                .saved_audiences
                .iter_mut()
                .find(|known| known.name == name);
            if let Some(known) = known {
                known.selection = selection;
                replaced = true;
            } else {
                project.saved_audiences.push(SavedAudience {
                    name: name.clone(),
                    selection,
                    note: String::new(),
                });
            }
        });
        let what = if replaced {
            format!("Audience “{name}” replaced")
        } else {
            format!("Audience “{name}” saved")
        };
        self.notify(ctx, Severity::Info, &what, words);
    }
}
