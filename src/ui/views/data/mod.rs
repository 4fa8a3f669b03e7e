//! The Data view: how the files were understood, what happened to their rows, and what their columns
//! hold; each reading can be corrected here.
//!
//! | file | holds |
//! | --- | --- |
//! | `files` | the set, its files, the first rows of one |
//! | `mapping` | the columns of a file and what they mean |
//! | [`questions`] | what was understood, and what only the user can say |
//! | `warnings` | what was unusual in the files |
//! | [`plan`] | the tables of a set and how they are joined |
//! | `dates` | order of day and month, time zone, sheet of a workbook |
//! | [`assistant`] | the page for files that are not open yet |
//! | `quality` | the quality report and its switches |
//! | `profile` | what every column of a file holds |
//! | [`associations`] | correlations and rates per category of a kept table |
//! | `heatmap` | the cells of the correlations and their read-out |
//! | [`model`], [`rules`], [`profile_words`] | what all of these say, without egui |

pub mod assistant;
pub mod associations;
mod dates;
mod files;
mod heatmap;
mod mapping;
pub mod model;
pub mod plan;
mod profile;
pub mod profile_words;
mod quality;
pub mod questions;
pub mod rules;
mod sheets;
mod warnings;

use egui::{RichText, Sense, Ui, vec2};
use lucide_icons::Icon;

use crate::{
    action::{Action, Actions, View},
    cx::Cx,
    frame::parts,
    theme::{font, gap},
    views::head_ui,
    widgets::{dropdown::dropdown_ui, grid::page_ui, segmented::segmented_ui},
};

/// The parts of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tab {
    #[default]
    Files,
    Quality,
    Profile,
}

impl Tab {
    pub const ALL: [Self; 3] = [Self::Files, Self::Quality, Self::Profile];

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Files => "Files & columns",
            Self::Quality => "Quality",
            Self::Profile => "Profile",
        }
    }

    /// Name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Quality => "quality",
            Self::Profile => "profile",
        }
    }
}

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug, Default)]
pub struct State {
    pub tab: Tab,
    pub assistant: assistant::State,
    /// File whose columns and first rows are shown.
    file: usize,
    /// What the set is in words, for one revision: finding the date range walks every line.
    sentence: Option<(u64, String)>,
    questions: questions::State,
    files: files::State,
    quality: quality::State,
    profile: profile::State,
}

pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let files = &cx.shop.dataset.files;
    state.file = state.file.min(files.len().saturating_sub(1));
    head_ui(ui, cx.palette, View::Data, |ui| {
        let tabs = Tab::ALL.map(|tab| (tab, tab.title()));
        if let Some(tab) = segmented_ui(ui, cx.palette, "Part", &tabs, state.tab) {
            actions.push(Action::ShowDataTab(tab));
        }
        if files.len() > 1 && state.tab == Tab::Files {
            let choices: Vec<(usize, String)> =
                files.iter().map(model::file_title).enumerate().collect();
            if let Some(file) = dropdown_ui(ui, cx.palette, "File", &choices, &state.file) {
                state.file = file;
                state.files = files::State::default();
            }
        }
    });
    reconciliation_ui(ui, cx);
    match state.tab {
        Tab::Files => files_ui(ui, cx, state, actions),
        Tab::Quality => quality::page_ui(ui, cx, &mut state.quality, actions),
        Tab::Profile => profile::page_ui(ui, cx, &mut state.profile, actions),
    }
}

/// What became of every row: stands above each part of the view.
fn reconciliation_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let report = &cx.shop.dataset.quality;
    let (icon, ink) = if report.reconciles() {
        (Icon::CircleCheck, cx.palette.good)
    } else {
        (Icon::CircleAlert, cx.palette.bad)
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let (mark, _) = ui.allocate_exact_size(vec2(16.0, 20.0), Sense::hover());
        parts::icon_at(ui.painter(), mark.center(), icon, 15.0, ink);
        let words = RichText::new(rules::reconciliation(report)).font(font::body());
        ui.label(words.color(cx.palette.muted));
    });
}

fn files_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let dataset = &cx.shop.dataset;
    let sentence = match state.sentence.take() {
        Some((revision, sentence)) if revision == cx.revision => sentence,
        _ => model::set_sentence(dataset, cx.shop.order_days),
    };
    page_ui(ui, "data files", |ui, _| {
        ui.spacing_mut().item_spacing.y = gap::L;
        questions::understood_ui(ui, cx);
        questions::questions_ui(ui, cx, &mut state.questions, actions);
        warnings::warnings_ui(ui, cx);
        plan::plan_ui(ui, cx);
        files::summary_ui(ui, cx, &sentence, &mut state.file, actions);
        if dataset.shape.has_orders() {
            let asked = dates::Asked {
                palette: cx.palette,
                files: &dataset.files,
                reading: &cx.project.reading,
                remarks: &dataset.remarks,
                questions: &dataset.understanding.questions,
            };
            dates::dates_ui(ui, asked, actions);
        }
        if let Some(file) = dataset.files.get(state.file) {
            dates::sheet_ui(ui, cx.palette, file, actions);
            let mapped = mapping::Mapped {
                palette: cx.palette,
                file,
                reading: &cx.project.reading,
            };
            let finding = model::columns_sentence(&file.columns);
            mapping::columns_ui(ui, mapped, &finding, actions);
            files::preview_ui(ui, cx, file, &mut state.files);
        }
    });
    state.sentence = Some((cx.revision, sentence));
}
