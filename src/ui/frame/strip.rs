//! The strip above every view while questions about the files are open: numbers must not hide that a
//! choice is still to be made.

use std::collections::BTreeSet;

use egui::{Align, Frame, Label, Layout, Margin, Panel, RichText, Sense, Stroke, Ui, vec2};
use lucide_icons::Icon;

use super::{
    FrameCx,
    parts::{self, Loudness},
};
use crate::{
    action::{Action, Actions, View},
    theme::{font, gap},
    views::data::{Tab, questions::model},
    widgets::card::icon_button_ui,
};
use pipeline::snapshot::Shop;
use project::Source;

const HEIGHT: f32 = 36.0;

/// Questions that were put off, of the shop they are about; forgotten when the window closes.
#[derive(Debug, Default)]
pub struct State {
    dismissed: Option<(Source, BTreeSet<String>)>,
}

impl State {
    fn is_dismissed(&self, source: &Source, question: &str) -> bool {
        let known = self.dismissed.as_ref();
        known.is_some_and(|(of, questions)| of == source && questions.contains(question))
    }
}

/// Draws the strip, unless the questions themselves are on the screen (`tab` is that of the Data view),
/// all are answered, or it was dismissed.
pub fn strip_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    (shop, tab): (&Shop, Tab),
    state: &mut State,
    actions: &mut Actions,
) {
    if cx.view == View::Data && tab == Tab::Files {
        return;
    }
    let questions = &shop.dataset.understanding.questions;
    let open: Vec<&str> = model::open(questions, &cx.project.reading)
        .map(|question| question.id.as_str())
        .collect();
    let source = &cx.project.source;
    if open.iter().all(|id| state.is_dismissed(source, id)) {
        return;
    }
    let palette = cx.palette;
    let fill = palette.tint(palette.warn, 0.12);
    let margin = Margin::symmetric(gap::L as i8, 0);
    let response = Panel::top("questions_strip")
        .exact_size(HEIGHT)
        .show_separator_line(false)
        .frame(Frame::new().fill(fill).inner_margin(margin))
        .show(ui, |ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = gap::S;
                let (mark, _) = ui.allocate_exact_size(vec2(18.0, 20.0), Sense::hover());
                let icon = Icon::CircleQuestionMark;
                parts::icon_at(ui.painter(), mark.center(), icon, 17.0, palette.warn);
                let words = model::strip(open.len() as u64);
                let words = RichText::new(words).font(font::body());
                ui.add(Label::new(words.color(palette.text)).truncate());
                if parts::button_ui(ui, palette, None, "Answer", Loudness::Quiet).clicked() {
                    actions.push(Action::ShowDataTab(Tab::Files));
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let later = "Not now: hide this until Keepers is started again";
                    if icon_button_ui(ui, palette, Icon::X, later).clicked() {
                        let ids = open.iter().map(|id| (*id).to_owned()).collect();
                        state.dismissed = Some((source.clone(), ids));
                    }
                });
            });
        })
        .response;
    let line = Stroke::new(1.0, palette.hairline);
    let rect = response.rect;
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
}
