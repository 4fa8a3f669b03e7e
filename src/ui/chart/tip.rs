//! The hover card: a title, rows of name and value, a note.

use egui::{Color32, RichText, Ui, vec2};

use crate::theme::{Palette, font, gap};

/// Width of the card: sentences wrap at the first, rows may widen it up to the second.
const LEAST_WIDTH: f32 = 300.0;
const GREATEST_WIDTH: f32 = 520.0;

/// What a hover card says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tip {
    pub title: String,
    /// The main sentence, right below the title; empty = none.
    pub lead: String,
    pub rows: Vec<TipRow>,
    /// A sentence below the rows; empty = none.
    pub note: String,
}

/// One line of a hover card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TipRow {
    /// Swatch before the name.
    pub color: Option<Color32>,
    pub name: String,
    pub value: String,
    /// Written in the strong weight: the row the pointer is on, or a total.
    pub strong: bool,
}

impl Tip {
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn row(
        mut self,
        color: Option<Color32>,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.rows.push(TipRow {
            color,
            name: name.into(),
            value: value.into(),
            strong: false,
        });
        self
    }

    /// Adds a row in the strong weight, without a swatch.
    #[must_use]
    pub fn total(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.rows.push(TipRow {
            color: None,
            name: name.into(),
            value: value.into(),
            strong: true,
        });
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// The whole card as one sentence, for screen readers.
    #[must_use]
    pub fn sentence(&self) -> String {
        let rows = self
            .rows
            .iter()
            .map(|row| format!("{} {}", row.name, row.value));
        let parts: Vec<String> = std::iter::once(self.lead.clone())
            .chain(rows)
            .chain(std::iter::once(self.note.clone()))
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            self.title.clone()
        } else {
            format!("{}: {}", self.title, parts.join(", "))
        }
    }
}

/// Shows the card at once, beside the pointer (or at `anchor`, for keyboard focus), and never in the
/// way of the pointer. Nothing while a dialog stands in front of the chart: what is behind it may still
/// count as hovered in the frames in which it opens, and the card would lie on top of everything.
pub fn tip_ui(ui: &Ui, palette: &Palette, id: egui::Id, anchor: Option<egui::Rect>, tip: &Tip) {
    let layer = ui.layer_id();
    if !ui.ctx().memory(|memory| memory.is_above_modal_layer(layer)) {
        return;
    }
    let (width, values) = widths(ui, tip);
    let anchor = anchor.map_or(egui::PopupAnchor::Pointer, egui::PopupAnchor::ParentRect);
    let mut tooltip = egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, anchor)
        .gap(14.0)
        .width(width);
    tooltip.popup = tooltip.popup.frame(
        egui::Frame::popup(ui.style())
            .fill(palette.card)
            .inner_margin(egui::Margin::symmetric(12, 10)),
    );
    tooltip.show(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap::L, 4.0);
        ui.spacing_mut().interact_size.y = 16.0;
        if !tip.title.is_empty() {
            ui.label(
                RichText::new(&tip.title)
                    .font(font::body_medium())
                    .color(palette.text),
            );
        }
        if !tip.lead.is_empty() {
            ui.label(
                RichText::new(&tip.lead)
                    .font(font::body())
                    .color(palette.text),
            );
        }
        if !tip.rows.is_empty() {
            rows_ui(ui, palette, id, (&tip.rows, values));
        }
        if !tip.note.is_empty() {
            ui.label(
                RichText::new(&tip.note)
                    .font(font::caption())
                    .color(palette.muted),
            );
        }
    });
}

/// Widths of the card and of its values: enough for the widest row with air between name and value;
/// sentences wrap.
fn widths(ui: &Ui, tip: &Tip) -> (f32, f32) {
    let painter = ui.painter();
    let text = |text: &str| {
        let text = text.to_owned();
        let galley = painter.layout_no_wrap(text, font::caption_medium(), Color32::PLACEHOLDER);
        galley.size().x
    };
    let side = |of: &dyn Fn(&TipRow) -> f32| tip.rows.iter().map(of).fold(0.0, f32::max);
    let names = side(&|row| text(&row.name) + if row.color.is_some() { 16.0 } else { 0.0 });
    let values = side(&|row| text(&row.value)).ceil();
    let card = (names + gap::L + values + 28.0).clamp(LEAST_WIDTH, GREATEST_WIDTH);
    (card, values)
}

fn rows_ui(ui: &mut Ui, palette: &Palette, id: egui::Id, (rows, values): (&[TipRow], f32)) {
    egui::Grid::new(id.with("rows"))
        .num_columns(2)
        .min_row_height(16.0)
        .show(ui, |ui| {
            for row in rows {
                let (family, color) = if row.strong {
                    (font::caption_medium(), palette.text)
                } else {
                    (font::caption(), palette.muted)
                };
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 6.0;
                    if let Some(swatch) = row.color {
                        let (rect, _) =
                            ui.allocate_exact_size(vec2(10.0, 10.0), egui::Sense::hover());
                        ui.painter().rect_filled(rect, 2, swatch);
                    }
                    ui.label(RichText::new(&row.name).font(family).color(color));
                });
                let layout = egui::Layout::right_to_left(egui::Align::Center);
                let value = |ui: &mut Ui| {
                    let text = RichText::new(&row.value).font(font::caption_medium());
                    ui.label(text.color(palette.text));
                };
                if ui.available_width() >= values {
                    ui.with_layout(layout, value);
                } else {
                    // A column is only as wide as what it is told to hold.
                    ui.allocate_ui_with_layout(vec2(values, 16.0), layout, |ui| {
                        ui.set_min_width(values);
                        value(ui);
                    });
                }
                ui.end_row();
            }
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_reads_as_a_sentence() {
        let tip = Tip::new("Jan 1997")
            .row(None, "New", "299,060")
            .total("Total", "299,060")
            .note("in progress");
        assert_eq!(
            tip.sentence(),
            "Jan 1997: New 299,060, Total 299,060, in progress"
        );
        assert_eq!(Tip::new("Nothing here").sentence(), "Nothing here");
    }
}
