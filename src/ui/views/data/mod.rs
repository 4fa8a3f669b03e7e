//! The Data view: how the files were understood, and what happened to their rows.

mod files;
pub mod model;
mod quality;

use egui::{ScrollArea, Ui};

use crate::ui::{
    action::{Actions, View},
    cx::Cx,
    theme::gap,
    views::head_ui,
    widgets::{
        dropdown::dropdown_ui,
        grid::{row_ui, stacks},
    },
};

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug, Default)]
pub struct State {
    /// File whose columns and first rows are shown.
    file: usize,
    /// What the set is in words, for one revision: finding the date range walks every line.
    sentence: Option<(u64, String)>,
    files: files::State,
    quality: quality::State,
}

pub fn view_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let _ = actions;
    let files = &cx.shop.dataset.files;
    state.file = state.file.min(files.len().saturating_sub(1));
    head_ui(ui, cx.palette, View::Data, |ui| {
        if files.len() > 1 {
            let choices: Vec<(usize, String)> =
                files.iter().map(model::file_title).enumerate().collect();
            if let Some(file) = dropdown_ui(ui, cx.palette, "File", &choices, &state.file) {
                state.file = file;
                state.files = files::State::default();
            }
        }
    });
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = gap::L;
        let dataset = &cx.shop.dataset;
        let sentence = match state.sentence.take() {
            Some((revision, sentence)) if revision == cx.revision => sentence,
            _ => model::set_sentence(dataset, cx.shop.order_days),
        };
        if stacks(ui) {
            files::summary_ui(ui, cx, &sentence, &mut state.file);
            quality::quality_ui(ui, cx, &mut state.quality);
        } else {
            row_ui(ui, &[1.0, 1.0], 0.0, |ui, column| {
                if column == 0 {
                    files::summary_ui(ui, cx, &sentence, &mut state.file);
                } else {
                    quality::quality_ui(ui, cx, &mut state.quality);
                }
            });
        }
        state.sentence = Some((cx.revision, sentence));
        if let Some(file) = dataset.files.get(state.file) {
            files::columns_ui(ui, cx, file, &mut state.files);
            files::preview_ui(ui, cx, file, &mut state.files);
        }
        ui.add_space(gap::S);
    });
}
