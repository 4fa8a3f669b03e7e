//! One module per view of the rail. Each has a `State` (what it remembers between frames) and a
//! `view_ui` that draws below the view's title and pushes actions.

use egui::Ui;

use super::{
    action::{Actions, View},
    cx::Cx,
};

pub mod cohorts;
pub mod customers;
pub mod data;
pub mod overview;
pub mod segments;

/// View state of all views: never saved, decides no number.
#[derive(Debug, Default)]
pub struct States {
    pub data: data::State,
    pub overview: overview::State,
    pub cohorts: cohorts::State,
    pub segments: segments::State,
    pub customers: customers::State,
}

/// Draws the view into the space `ui` has left.
pub fn show_ui(view: View, ui: &mut Ui, cx: &Cx<'_>, states: &mut States, actions: &mut Actions) {
    match view {
        View::Data => data::view_ui(ui, cx, &mut states.data, actions),
        View::Overview => overview::view_ui(ui, cx, &mut states.overview, actions),
        View::Cohorts => cohorts::view_ui(ui, cx, &mut states.cohorts, actions),
        View::Segments => segments::view_ui(ui, cx, &mut states.segments, actions),
        View::Customers => customers::view_ui(ui, cx, &mut states.customers, actions),
    }
}
