//! The KPI card: label, figure, change against the previous period in words, sparkline.

use egui::{Align2, Color32, RichText, Sense, Ui, vec2};
use lucide_icons::Icon;

use super::card;
use crate::{
    chart::sparkline_ui,
    format,
    frame::parts::{fitted_text, focus_ring},
    manual_link,
    theme::{Palette, font, gap},
};

/// Height of the card, frame included.
pub const HEIGHT: f32 = 112.0;

/// Whether a rise is welcome; decides the colour, never the arrow or the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Welcome {
    Rise,
    Fall,
    /// Neither good nor bad in itself.
    Neutral,
}

/// Change against the period before.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// New ÷ old − 1.
    pub ratio: f64,
    /// "vs prior 90 days"
    pub against: String,
    pub welcome: Welcome,
}

impl Change {
    /// "up 12.3 % vs prior 90 days"
    #[must_use]
    pub fn words(&self) -> String {
        let direction = match self.direction() {
            std::cmp::Ordering::Greater => format!("up {}", format::percent(self.ratio.abs())),
            std::cmp::Ordering::Less => format!("down {}", format::percent(self.ratio.abs())),
            std::cmp::Ordering::Equal => "unchanged".to_owned(),
        };
        format!("{direction} {}", self.against)
    }

    /// A change that would print as 0.0 % is none.
    fn direction(&self) -> std::cmp::Ordering {
        if self.ratio.abs() < 0.000_5 {
            std::cmp::Ordering::Equal
        } else if self.ratio > 0.0 {
            std::cmp::Ordering::Greater
        } else {
            std::cmp::Ordering::Less
        }
    }
}

/// What a KPI card shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Kpi {
    pub label: String,
    pub figure: String,
    /// Definition and formula, shown on hover over the label's ⓘ.
    pub definition: String,
    pub change: Option<Change>,
    /// Stands in the change's place when there is none.
    pub note: String,
    /// Per-period values, oldest first; may be empty.
    pub spark: Vec<f64>,
}

impl Kpi {
    /// The card as one sentence, for screen readers and tests.
    #[must_use]
    pub fn sentence(&self) -> String {
        let rest = self
            .change
            .as_ref()
            .map_or_else(|| self.note.clone(), Change::words);
        if rest.is_empty() {
            format!("{}: {}", self.label, self.figure)
        } else {
            format!("{}: {}, {rest}", self.label, self.figure)
        }
    }
}

/// Draws the card over the available width.
pub fn kpi_ui(ui: &mut Ui, palette: &Palette, kpi: &Kpi) {
    let response = card::frame(palette)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_height(HEIGHT - 2.0 * crate::theme::CARD_PADDING);
            ui.spacing_mut().item_spacing.y = 6.0;
            ui.spacing_mut().interact_size.y = 16.0;
            label_ui(ui, palette, kpi);
            ui.horizontal(|ui| {
                ui.label(
                    RichText::new(&kpi.figure)
                        .font(font::figure())
                        .color(palette.text),
                );
                let left = ui.available_width();
                if kpi.spark.len() >= 2 && left > 40.0 {
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        let size = vec2((left - gap::M).min(120.0), 30.0);
                        sparkline_ui(ui, palette, size, &kpi.spark, palette.accent);
                    });
                }
            });
            change_ui(ui, palette, kpi);
        })
        .response;
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, kpi.sentence())
    });
}

fn label_ui(ui: &mut Ui, palette: &Palette, kpi: &Kpi) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let icon = if kpi.definition.is_empty() { 0.0 } else { 22.0 };
        let room = (ui.available_width() - icon).max(0.0);
        let label = fitted_text(ui.painter(), &kpi.label, &font::caption_medium(), room);
        ui.label(
            RichText::new(label)
                .font(font::caption_medium())
                .color(palette.muted),
        );
        if kpi.definition.is_empty() {
            return;
        }
        let (rect, response) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::click());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(
                egui::accesskit::Role::Button,
                true,
                format!("Definition: {}", kpi.label),
            )
        });
        let color = if response.hovered() || response.has_focus() {
            palette.text
        } else {
            palette.muted
        };
        focus_ring(ui.painter(), rect, 8, palette, &response);
        ui.painter().text(
            rect.center(),
            Align2::CENTER_CENTER,
            Icon::Info.unicode(),
            font::icon(13.0),
            color,
        );
        let here = manual_link::here(ui);
        egui::Popup::menu(&response).show(|ui| {
            ui.set_max_width(300.0);
            ui.label(
                RichText::new(&kpi.definition)
                    .font(font::body())
                    .color(palette.text),
            );
            manual_link::more_ui(ui, palette, &kpi.label, here);
        });
        if !egui::Popup::is_id_open(ui.ctx(), egui::Popup::default_response_id(&response)) {
            response.on_hover_text(&kpi.definition);
        }
    });
}

fn change_ui(ui: &mut Ui, palette: &Palette, kpi: &Kpi) {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let Some(change) = &kpi.change else {
        note_ui(ui, palette.muted, &kpi.note);
        return;
    };
    let (icon, rise) = match change.direction() {
        Greater => (Icon::ArrowUp, Some(true)),
        Less => (Icon::ArrowDown, Some(false)),
        Equal => (Icon::Minus, None),
    };
    let color = match (change.welcome, rise) {
        (Welcome::Rise, Some(true)) | (Welcome::Fall, Some(false)) => palette.good,
        (Welcome::Rise, Some(false)) | (Welcome::Fall, Some(true)) => palette.bad,
        _ => palette.muted,
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::XS;
        ui.label(
            RichText::new(icon.unicode().to_string())
                .font(font::icon(13.0))
                .color(color),
        );
        let words = change.words();
        let strong = words.len() - change.against.len();
        ui.label(
            RichText::new(words[..strong].trim_end())
                .font(font::caption_medium())
                .color(color),
        );
        note_ui(ui, palette.muted, &change.against);
    });
}

fn note_ui(ui: &mut Ui, color: Color32, text: &str) {
    ui.add(egui::Label::new(RichText::new(text).font(font::caption()).color(color)).truncate());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(ratio: f64) -> Change {
        Change {
            ratio,
            against: "vs prior 90 days".to_owned(),
            welcome: Welcome::Rise,
        }
    }

    #[test]
    fn a_change_is_said_in_words() {
        assert_eq!(change(0.1234).words(), "up 12.3 % vs prior 90 days");
        assert_eq!(change(-0.05).words(), "down 5.0 % vs prior 90 days");
        assert_eq!(change(0.000_1).words(), "unchanged vs prior 90 days");
    }
}
