//! The plan of a set: its tables as boxes, the joins as lines with how many rows found their partner.

pub mod model;
mod paint;

use egui::Ui;

use crate::{
    cx::Cx,
    widgets::card::{Head, card_ui},
};

const DEFINITION: &str = "Each box is a table with what a row of it is. A line stands for a join: it runs \
    from the table that asks to the one that answers, by the columns named when you point at it, and says \
    how many rows found their partner. Rows without one keep their sale but lack what the other table \
    knows. Grey tables are in no number.";

/// The card with the plan; draws nothing for a single table.
pub fn plan_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let plan = &cx.shop.dataset.understanding.plan;
    if !model::is_worth_drawing(plan) {
        return;
    }
    let finding = model::finding(plan);
    let head = Head {
        title: "How the tables belong together",
        finding: &finding,
        definition: DEFINITION,
    };
    card_ui(
        ui,
        cx.palette,
        head,
        |_| {},
        |ui| paint::drawing_ui(ui, cx.palette, plan),
    );
}
