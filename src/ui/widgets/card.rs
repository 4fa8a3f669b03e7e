//! The card: title, one-line finding, definition, tools, body.

use egui::{Align, Frame, Layout, Margin, Response, RichText, Stroke, Ui};
use lucide_icons::Icon;

use crate::{
    manual_link,
    theme::{CARD_PADDING, Palette, RADIUS, font, gap},
};

/// What a card's head says.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The subject: "Retention by cohort".
    pub title: &'a str,
    /// The finding in words with its number; also the chart's text summary for screen readers.
    pub finding: &'a str,
    /// Definition and formula behind the ⓘ.
    pub definition: &'a str,
}

/// The frame of every card: hairline, radius 8, padding 16, no shadow.
pub fn frame(palette: &Palette) -> Frame {
    Frame::new()
        .fill(palette.card)
        .stroke(Stroke::new(1.0, palette.hairline))
        .corner_radius(RADIUS)
        .inner_margin(Margin::same(CARD_PADDING as i8))
}

/// Draws a card that fills the given width; `tools` draws right-aligned buttons into the head (from
/// right to left), `body` the content below.
pub fn card_ui(
    ui: &mut Ui,
    palette: &Palette,
    head: Head<'_>,
    tools: impl FnOnce(&mut Ui),
    body: impl FnOnce(&mut Ui),
) -> Response {
    frame(palette)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = gap::XS;
            ui.horizontal(|ui| {
                ui.label(
                    RichText::new(head.title)
                        .font(font::card_title())
                        .color(palette.text),
                );
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = gap::XS;
                    tools(ui);
                    if !head.definition.is_empty() {
                        info_ui(ui, palette, head.title, head.definition);
                    }
                });
            });
            if !head.finding.is_empty() {
                ui.label(
                    RichText::new(head.finding)
                        .font(font::body())
                        .color(palette.muted),
                );
            }
            ui.add_space(gap::S);
            ui.spacing_mut().item_spacing.y = gap::S;
            body(ui);
        })
        .response
}

/// A quiet square button with an icon; `label` is its tooltip and its name for screen readers.
pub fn icon_button_ui(ui: &mut Ui, palette: &Palette, icon: Icon, label: &str) -> Response {
    bare_icon_button_ui(ui, palette, icon, label).on_hover_text(label)
}

/// As [`icon_button_ui`], without a tooltip.
fn bare_icon_button_ui(ui: &mut Ui, palette: &Palette, icon: Icon, label: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(egui::vec2(28.0, 28.0), egui::Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, label));
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        if response.hovered() {
            painter.rect_filled(rect, 6, palette.hover);
        }
        if response.has_focus() {
            painter.rect_stroke(
                rect,
                6,
                Stroke::new(2.0, palette.accent),
                egui::StrokeKind::Inside,
            );
        }
        let color = if response.hovered() {
            palette.text
        } else {
            palette.muted
        };
        painter.text(
            rect.center(),
            egui::Align2::CENTER_CENTER,
            icon.unicode(),
            font::icon(16.0),
            color,
        );
    }
    response
}

/// ⓘ with the definition on hover and on click, and there with a link to the manual.
pub fn info_ui(ui: &mut Ui, palette: &Palette, title: &str, definition: &str) {
    let name = format!("Definition: {title}");
    let response = bare_icon_button_ui(ui, palette, Icon::Info, &name);
    let here = manual_link::here(ui);
    let says = |ui: &mut Ui| {
        ui.set_max_width(340.0);
        ui.label(
            RichText::new(title)
                .font(font::body_medium())
                .color(palette.text),
        );
        ui.label(
            RichText::new(definition)
                .font(font::body())
                .color(palette.muted),
        );
    };
    egui::Popup::menu(&response).show(|ui| {
        says(ui);
        manual_link::more_ui(ui, palette, title, here);
    });
    if !egui::Popup::is_id_open(ui.ctx(), egui::Popup::default_response_id(&response)) {
        response.on_hover_ui(|ui| {
            says(ui);
            manual_link::hint_ui(ui, palette, here);
        });
    }
}
