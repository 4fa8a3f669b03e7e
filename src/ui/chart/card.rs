//! The card around a chart: title, finding, ⓘ definition, ⤓ copy and save.

use egui::{Response, RichText, Ui};
use lucide_icons::Icon;

use super::sheet::Sheet;
use crate::ui::{
    action::{Action, Actions},
    theme::{Palette, font},
    widgets::card::{Head, card_ui, icon_button_ui},
};

/// A chart's card. Start from [`ChartCard::new`], add tools if it has any, then show it.
pub struct ChartCard<'a> {
    palette: &'a Palette,
    head: Head<'a>,
    file_name: &'a str,
    sheet: &'a dyn Fn() -> Sheet,
}

impl<'a> ChartCard<'a> {
    /// `file_name` is offered when saving (without `.csv`); `sheet` is only called when the numbers are
    /// asked for.
    #[must_use]
    pub fn new(
        palette: &'a Palette,
        head: Head<'a>,
        file_name: &'a str,
        sheet: &'a dyn Fn() -> Sheet,
    ) -> Self {
        Self {
            palette,
            head,
            file_name,
            sheet,
        }
    }

    /// Draws the card over the available width, `body` inside.
    pub fn show_ui(
        &self,
        ui: &mut Ui,
        actions: &mut Actions,
        body: impl FnOnce(&mut Ui, &mut Actions),
    ) -> Response {
        self.show_with_tools_ui(ui, actions, |_, _| {}, body)
    }

    /// As [`Self::show_ui`], with further controls at the right end of the head (drawn from right to
    /// left, after the ⤓).
    pub fn show_with_tools_ui(
        &self,
        ui: &mut Ui,
        actions: &mut Actions,
        tools: impl FnOnce(&mut Ui, &mut Actions),
        body: impl FnOnce(&mut Ui, &mut Actions),
    ) -> Response {
        let mut asked = Actions::new();
        let mut from_body = Actions::new();
        let response = card_ui(
            ui,
            self.palette,
            self.head,
            |ui| {
                self.export_ui(ui, &mut asked);
                tools(ui, &mut asked);
            },
            |ui| body(ui, &mut from_body),
        );
        actions.append(&mut asked);
        actions.append(&mut from_body);
        response
    }

    fn export_ui(&self, ui: &mut Ui, actions: &mut Actions) {
        let name = format!("Copy or save: {}", self.head.title);
        let button = icon_button_ui(ui, self.palette, Icon::Download, &name);
        egui::Popup::menu(&button).width(170.0).show(|ui| {
            let entry = |text: &str| {
                egui::Button::new(
                    RichText::new(text)
                        .font(font::body())
                        .color(self.palette.text),
                )
                .frame(false)
            };
            if ui.add(entry("Copy data")).clicked() {
                actions.push(Action::CopyText((self.sheet)().tsv()));
            }
            if ui.add(entry("Save CSV…")).clicked() {
                actions.push(Action::SaveText {
                    suggested_name: format!("{}.csv", self.file_name),
                    text: (self.sheet)().csv(),
                });
            }
        });
    }
}
