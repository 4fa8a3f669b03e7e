//! The Audiences view: whom to act on next, what it is worth, and the list to take along.
//!
//! Each [`Section`] is one file beside; what they say is in [`words`].

pub mod campaign;
pub mod controls;
pub mod curve;
pub mod disagree;
pub mod lists;
pub mod matrix;
mod overlap;
pub mod progress;
mod saved;
pub mod section;
mod take;
mod thresholds;
pub mod words;

pub use section::Section;

use std::sync::Arc;

use egui::Ui;
use lucide_icons::Icon;

use crate::{
    action::{Action, Actions, View},
    cx::Cx,
    views::head_ui,
    widgets::{
        card::{self, info_ui},
        dropdown::dropdown_ui,
        empty::empty_ui,
        grid,
        segmented::segmented_ui,
        table::Scroll,
    },
};
use analysis::trust::Subject;
use audiences::{AudienceSettings, ListKind};
use data::dataset::Dataset;
use pipeline::People;

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug)]
pub struct State {
    /// The part that is shown.
    pub section: Section,
    /// The list in detail.
    pub list: ListKind,
    /// Cell of the matrix whose action is shown: segment number and band number.
    cell: Option<(u8, usize)>,
    /// What was shown last, kept on the screen while newer numbers come.
    last: Option<(Arc<Dataset>, People)>,
    taking: Option<take::Taking>,
    preview: Scroll,
    disagreements: Scroll,
    gains: bool,
    /// Whether the second look shows those whom the forecast ranks higher.
    kinder: bool,
    /// A text being typed: what it is for, and what stands there.
    draft: Option<(String, String)>,
    costs: String,
    costs_problem: String,
}

impl Default for State {
    fn default() -> Self {
        Self {
            section: Section::default(),
            list: ListKind::HighValue,
            cell: None,
            last: None,
            taking: None,
            preview: Scroll::default(),
            disagreements: Scroll::default(),
            gains: false,
            kinder: false,
            draft: None,
            costs: String::new(),
            costs_problem: String::new(),
        }
    }
}

/// Draws the view.
pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    take::finish(state, actions);
    let fresh = state.follow(cx);
    let people = state.last.as_ref().map(|(_, people)| people.clone());
    let mut section = state.section;
    head_ui(ui, cx.palette, View::Audiences, |ui| {
        head_tools_ui(ui, cx, people.as_ref(), actions);
        let choices = Section::ALL.map(|section| (section, section.title()));
        if let Some(chosen) = segmented_ui(ui, cx.palette, "Section", &choices, section) {
            section = chosen;
        }
    });
    state.section = section;
    grid::page_ui(ui, section.name(), |ui, bottom| {
        let Some(people) = people else {
            return waiting_ui(ui, cx);
        };
        if cx.updating || !fresh {
            ui.multiply_opacity(0.55);
        }
        let page = Page {
            cx,
            people: &people,
            bottom,
        };
        notes_ui(ui, &page);
        if cx.shop.weak(Subject::Forecasts) {
            ui.multiply_opacity(0.6);
        }
        match section {
            Section::Lists => lists::lists_ui(ui, &page, state, actions),
            Section::Matrix => matrix::matrix_ui(ui, &page, state, actions),
            Section::Campaign => campaign::campaign_ui(ui, &page, state, actions),
            Section::Disagreement => disagree::disagree_ui(ui, &page, state, actions),
            Section::Progress => progress::progress_ui(ui, &page, state, actions),
        }
    });
}

/// What is wrong with the predictions, where their numbers stand.
fn notes_ui(ui: &mut Ui, page: &Page<'_>) {
    let forecast = page.people.forecast.as_ref().as_ref();
    for note in forecast.map_or(&[][..], |forecast| &forecast.notes) {
        let words = egui::RichText::new(note).font(crate::theme::font::body());
        ui.label(words.color(page.cx.palette.warn));
    }
}

/// What every section reads.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    pub cx: &'a Cx<'a>,
    pub people: &'a People,
    /// Where the window ends.
    pub bottom: f32,
}

impl Page<'_> {
    fn settings(&self) -> &AudienceSettings {
        &self.cx.project.audiences
    }

    /// Days ahead of the forecast in use.
    fn horizon_days(&self) -> u32 {
        let forecast = self.people.forecast.as_ref().as_ref();
        forecast.map_or(self.settings().horizon_days, |forecast| {
            forecast.horizon_days
        })
    }

    fn currency(&self) -> &str {
        &self.cx.project.currency
    }

    /// Why there is no forecast; `None` when there is one.
    fn problem(&self) -> Option<&str> {
        let fitted = self.people.fitted.as_ref().as_ref();
        let problem = fitted.err().map(String::as_str);
        problem.filter(|_| self.people.forecast.is_none())
    }

    /// Asks for changed settings.
    fn edit(&self, actions: &mut Actions, change: impl FnOnce(&mut AudienceSettings)) {
        let mut settings = self.settings().clone();
        change(&mut settings);
        if settings != *self.settings() {
            actions.push(Action::SetAudiences(Box::new(settings)));
        }
    }

    fn id(&self, customer: u32) -> &str {
        self.cx
            .shop
            .dataset
            .orders
            .customer_ids
            .get(customer as usize)
    }
}

impl State {
    /// Takes over the newest numbers; false while those on the screen are older.
    fn follow(&mut self, cx: &Cx<'_>) -> bool {
        let dataset = &cx.shop.dataset;
        if self
            .last
            .as_ref()
            .is_some_and(|(of, _)| !Arc::ptr_eq(of, dataset))
        {
            self.last = None;
            self.cell = None;
        }
        match &cx.shop.people {
            Some(people) => {
                let same = self
                    .last
                    .as_ref()
                    .is_some_and(|(_, last)| last.same(people));
                if !same {
                    self.last = Some((Arc::clone(dataset), people.clone()));
                }
                true
            }
            None => false,
        }
    }
}

/// Right end of the head: who predicts, and how far ahead.
fn head_tools_ui(ui: &mut Ui, cx: &Cx<'_>, people: Option<&People>, actions: &mut Actions) {
    let current = cx.project.audiences.horizon_days;
    let mut horizons = vec![30, 60, 90, 180, 365];
    if !horizons.contains(&current) {
        horizons.push(current);
        horizons.sort_unstable();
    }
    let choices: Vec<(u32, String)> = horizons
        .into_iter()
        .map(|days| (days, format!("{days} days")))
        .collect();
    if let Some(days) = dropdown_ui(ui, cx.palette, "Next", &choices, &current) {
        let mut settings = cx.project.audiences.clone();
        settings.horizon_days = days;
        actions.push(Action::SetAudiences(Box::new(settings)));
    }
    if let Some(people) = people {
        let title = words::predictor(people);
        info_ui(ui, cx.palette, &title, &words::predictor_definition(people));
        if ui.available_width() > 760.0 {
            ui.label(
                egui::RichText::new(title)
                    .font(crate::theme::font::body())
                    .color(cx.palette.muted),
            );
        }
    }
}

fn waiting_ui(ui: &mut Ui, cx: &Cx<'_>) {
    card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let text = "Learning how customers come back… The lists appear here in a moment.";
        empty_ui(ui, cx.palette, Icon::Hourglass, text, None);
    });
}
