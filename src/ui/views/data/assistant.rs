//! The page that maps the columns of files which are not open yet.

use std::sync::Arc;

use egui::{
    Align, Frame, Label, Layout, Margin, RichText, ScrollArea, Stroke, Ui, UiBuilder, vec2,
};
use lucide_icons::Icon;

use super::{
    dates::{self, Asked},
    mapping::{self, Mapped},
    model,
};
use crate::{
    action::{Action, Actions},
    frame::parts::{self, Loudness},
    theme::{Palette, font, gap},
    widgets::segmented::segmented_ui,
};
use data::dataset::FileReading;
use data::dataset::options::ReadOptions;
use project::Source;

/// Files to be opened and what the user has said about them so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub source: Source,
    pub reading: ReadOptions,
    /// The newest look at the files; `None` until the first is there.
    pub files: Option<Arc<Vec<FileReading>>>,
    /// Why there is none.
    pub problem: Option<String>,
}

impl Draft {
    fn files(&self) -> &[FileReading] {
        self.files.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// What the page remembers between frames.
#[derive(Debug, Default)]
pub struct State {
    file: usize,
}

/// Files up to this number get a tab each.
const TABS: usize = 6;
const WIDEST: f32 = 1240.0;
/// Height of the row of buttons.
const FOOT: f32 = 36.0 + 2.0 * gap::M;

pub fn page_ui(
    ui: &mut Ui,
    palette: &Palette,
    draft: &Draft,
    state: &mut State,
    actions: &mut Actions,
) {
    let (page, foot) = ui
        .available_rect_before_wrap()
        .split_top_bottom_at_y(ui.available_rect_before_wrap().bottom() - FOOT);
    let side = ((page.width() - WIDEST) / 2.0).max(gap::XL);
    let page = page.shrink2(vec2(side, gap::L));
    ui.scope_builder(UiBuilder::new().max_rect(page), |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = gap::L;
            headline_ui(ui, palette);
            if let Some(problem) = &draft.problem {
                let text = RichText::new(problem).font(font::body()).color(palette.bad);
                ui.add(Label::new(text).wrap());
            } else if draft.files.is_none() {
                let text = RichText::new("Looking at the files…").font(font::body());
                ui.label(text.color(palette.muted));
            }
            file_ui(ui, palette, draft, state, actions);
        });
    });
    // Last, so that the keyboard comes to it last.
    ui.scope_builder(UiBuilder::new().max_rect(foot), |ui| {
        footer_ui(ui, palette, draft, actions);
    });
}

fn headline_ui(ui: &mut Ui, palette: &Palette) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = gap::XS;
        ui.label(
            RichText::new("Say what the columns mean")
                .font(font::view_title())
                .color(palette.text),
        );
        let what = "Keepers needs a customer, an order date and an amount (or a unit price and a \
                    quantity). Choose them below; at the right you see how the first values are \
                    read. It is remembered with the project.";
        let text = RichText::new(what).font(font::body()).color(palette.muted);
        ui.add(Label::new(text).wrap());
    });
}

fn file_ui(
    ui: &mut Ui,
    palette: &Palette,
    draft: &Draft,
    state: &mut State,
    actions: &mut Actions,
) {
    let files = draft.files();
    state.file = state.file.min(files.len().saturating_sub(1));
    if files.len() > 1 {
        let titles: Vec<String> = files.iter().map(model::file_title).collect();
        if files.len() <= TABS {
            let choices: Vec<_> = titles.iter().map(String::as_str).enumerate().collect();
            if let Some(file) = segmented_ui(ui, palette, "File", &choices, state.file) {
                state.file = file;
            }
        } else {
            let choices: Vec<_> = titles.into_iter().enumerate().collect();
            let picked =
                crate::widgets::dropdown::dropdown_ui(ui, palette, "File", &choices, &state.file);
            state.file = picked.unwrap_or(state.file);
        }
    }
    let Some(file) = files.get(state.file) else {
        return;
    };
    let asked = Asked {
        palette,
        files: std::slice::from_ref(file),
        reading: &draft.reading,
        remarks: &[],
        questions: &[],
    };
    dates::sheet_ui(ui, palette, file, actions);
    dates::dates_ui(ui, asked, actions);
    let mapped = Mapped {
        palette,
        file,
        reading: &draft.reading,
    };
    let finding = model::readiness(file, &draft.reading);
    mapping::columns_ui(ui, mapped, &finding.words, actions);
}

/// Whether the files can be opened, and the buttons.
fn footer_ui(ui: &mut Ui, palette: &Palette, draft: &Draft, actions: &mut Actions) {
    let frame = Frame::new()
        .fill(palette.card)
        .stroke(Stroke::new(1.0, palette.hairline))
        .inner_margin(Margin::symmetric(gap::XL as i8, gap::M as i8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap::S;
            ui.set_min_height(36.0);
            let state = model::readiness_of_all(draft.files(), &draft.reading);
            let (icon, ink) = if state.ready {
                (Icon::CircleCheck, palette.good)
            } else {
                (Icon::CircleAlert, palette.warn)
            };
            let mark = RichText::new(icon.unicode()).font(font::icon(18.0));
            ui.label(mark.color(ink));
            let words = RichText::new(&state.words).font(font::body_medium());
            ui.label(words.color(palette.text));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_enabled_ui(state.ready, |ui| {
                    let open =
                        parts::button_ui(ui, palette, Some(Icon::Check), "Open", Loudness::Primary);
                    if open.clicked() {
                        actions.push(Action::OpenMapped);
                    }
                });
                let cancel = parts::button_ui(ui, palette, None, "Cancel", Loudness::Plain);
                if cancel.clicked() {
                    actions.push(Action::CloseMapping);
                }
            });
        });
    });
}
