//! The Overview view: how much is bought, by whom, how often.

use egui::Ui;

use crate::ui::{action::Actions, cx::Cx};

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug, Default)]
pub struct State {}

pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let _ = (ui, cx, state, actions);
}
