//! The card around a chart: title, finding, ⓘ definition, ⤓ copy and save.

use egui::{Id, Response, Ui, Vec2};

use super::{menu, portrait, sheet::Sheet};
use crate::{
    action::Actions,
    theme::Palette,
    widgets::card::{Head, card_ui},
};

/// A chart's card. Start from [`ChartCard::new`], add tools if it has any, then show it.
pub struct ChartCard<'a> {
    palette: &'a Palette,
    head: Head<'a>,
    name: &'a str,
    sheet: &'a dyn Fn() -> Sheet,
}

impl<'a> ChartCard<'a> {
    /// `name` is the card's stable name: unique within its view, the name on the command line
    /// (`keepers render --chart`), and the file's name when saving. `sheet` is only called when the
    /// numbers are asked for.
    #[must_use]
    pub fn new(
        palette: &'a Palette,
        head: Head<'a>,
        name: &'a str,
        sheet: &'a dyn Fn() -> Sheet,
    ) -> Self {
        Self {
            palette,
            head,
            name,
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
        let mut body = Some(body);
        let mut once = |ui: &mut Ui, actions: &mut Actions| {
            if let Some(body) = body.take() {
                // Charts of two cards are two, even with the same axes: each keeps its own zoom.
                ui.push_id(self.name, |ui| body(ui, actions));
            }
        };
        if portrait::sit(
            ui,
            self.palette,
            (self.name, self.head),
            self.sheet,
            &mut once,
        ) {
            // Out of sight: only pictures are drawn.
            return ui.allocate_response(Vec2::ZERO, egui::Sense::hover());
        }
        let mut asked = Actions::new();
        let mut from_body = Actions::new();
        let id = Id::unique("chart_size").with(self.name);
        let shown = ui.data(|data| data.get_temp(id)).unwrap_or(Vec2::ZERO);
        let chart = menu::Chart {
            name: self.name,
            title: self.head.title,
            sheet: self.sheet,
            shown,
        };
        let response = card_ui(
            ui,
            self.palette,
            self.head,
            |ui| {
                menu::menu_ui(ui, self.palette, &chart, &mut asked);
                tools(ui, &mut asked);
            },
            |ui| once(ui, &mut from_body),
        );
        ui.data_mut(|data| data.insert_temp(id, response.rect.size()));
        actions.append(&mut asked);
        actions.append(&mut from_body);
        response
    }
}
