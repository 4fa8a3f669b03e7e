//! The first minutes: six short steps through the sample shop. Skippable, and never again unless
//! asked for.

use egui::{Align2, Area, Id, Label, Order, RichText, Ui, vec2};

use super::{
    asks,
    parts::{self, Loudness},
};
use crate::{
    action::{Action, Actions, View},
    theme::{Palette, STATUS_BAR_HEIGHT, font, gap},
};

const WIDTH: f32 = 440.0;

/// One step: the view it speaks of, and what it says.
struct Step {
    view: View,
    title: &'static str,
    text: &'static str,
}

const STEPS: [Step; 6] = [
    Step {
        view: View::Start,
        title: "A look around",
        text: "Five answers first: what to expect, what a new customer may cost, who is slipping away, what brings people back, what changed. The i in a circle says what a number means; the button below leads to what is behind it. In the sample shop the customers are invented, the patterns are not.",
    },
    Step {
        view: View::Cohorts,
        title: "Do they come back?",
        text: "A row holds the customers of one month, a column is so many months later. Read along a row to follow them. Click a cell to select its customers: they stay selected in every view.",
    },
    Step {
        view: View::Segments,
        title: "Who are they?",
        text: "Customers by how recently, how often and for how much they bought. Click a bubble to select a segment; change a rule and see at once who moves.",
    },
    Step {
        view: View::Customers,
        title: "Down to one person",
        text: "Every customer in one table: sort, search, choose columns. Open one to see each order and why they are in their segment.",
    },
    Step {
        view: View::Overview,
        title: "Any day of the past",
        text: "Drag the as-of date in the bar above, or press Alt and an arrow key: every number is computed again from the orders before that day.",
    },
    Step {
        view: View::Overview,
        title: "Keep it, show it, take it along",
        text: "Ctrl+S saves everything as a project. Ctrl+D keeps a scene and F5 presents them. Ctrl+E exports lists. Ctrl+K finds every command and every word. Now open your own files with Ctrl+O.",
    },
];

/// What happens to the tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TourAction {
    Start,
    /// Show this step, from 0; beyond the last one the tour is over.
    Go(usize),
    End,
}

/// View of a step; `None` when the tour is over by then.
#[must_use]
pub fn view_of(step: usize) -> Option<View> {
    STEPS.get(step).map(|step| step.view)
}

/// Draws the step's card above the status bar.
pub fn tour_ui(ui: &mut Ui, palette: &Palette, at: Option<usize>, actions: &mut Actions) {
    let Some((at, step)) = at.and_then(|at| Some((at, STEPS.get(at)?))) else {
        return;
    };
    let width = WIDTH.min(ui.ctx().content_rect().width() - 2.0 * gap::XL);
    Area::new(Id::unique("tour"))
        .order(Order::Foreground)
        .anchor(
            Align2::CENTER_BOTTOM,
            vec2(0.0, -STATUS_BAR_HEIGHT - gap::L),
        )
        .fade_in(false)
        .show(ui.ctx(), |ui| {
            asks::frame(palette).inner_margin(gap::L).show(ui, |ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = gap::XS;
                let place = format!("{} of {}", at + 1, STEPS.len());
                ui.label(
                    RichText::new(place)
                        .font(font::caption())
                        .color(palette.muted),
                );
                let title = RichText::new(step.title).font(font::card_title());
                ui.label(title.color(palette.text));
                let text = RichText::new(step.text).font(font::body());
                ui.add(Label::new(text.color(palette.muted)).wrap());
                ui.add_space(gap::XS);
                buttons_ui(ui, palette, at, actions);
            });
        });
}

fn buttons_ui(ui: &mut Ui, palette: &Palette, at: usize, actions: &mut Actions) {
    let last = at + 1 == STEPS.len();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let next = if last { "Done" } else { "Next step" };
        if parts::button_ui(ui, palette, None, next, Loudness::Primary).clicked() {
            actions.push(Action::Tour(TourAction::Go(at + 1)));
        }
        if at > 0 && parts::button_ui(ui, palette, None, "Back", Loudness::Plain).clicked() {
            actions.push(Action::Tour(TourAction::Go(at - 1)));
        }
        if !last && parts::button_ui(ui, palette, None, "Skip the tour", Loudness::Quiet).clicked()
        {
            actions.push(Action::Tour(TourAction::End));
        }
    });
}
