//! A click on something that stands for customers: one behaviour for bars, cells and points.

use egui::Ui;

use crate::action::{Action, Actions};
use analysis::selection::{Part, Selection};

/// Selects the part; Ctrl or Shift adds it to the selection instead, or takes it back when it is
/// there.
pub fn pick_ui(ui: &Ui, part: Part, actions: &mut Actions) {
    let modifiers = ui.input(|input| input.modifiers);
    let also = modifiers.command || modifiers.ctrl || modifiers.shift;
    actions.push(if also {
        Action::SelectAlso(part)
    } else {
        Action::Select(part)
    });
}

/// Which of these parts are selected.
#[must_use]
pub fn picked(selection: &Selection, parts: &[Option<Part>]) -> Vec<bool> {
    let chosen = |part: &Option<Part>| {
        part.as_ref()
            .is_some_and(|part| selection.parts.contains(part))
    };
    parts.iter().map(chosen).collect()
}
