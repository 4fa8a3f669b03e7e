//! What the user should know about how the files were read, in plain words with the rows concerned.

use egui::{Align, Label, Layout, RichText, Sense, Ui, vec2};
use lucide_icons::Icon;

use crate::{
    cx::Cx,
    format,
    frame::parts,
    theme::{Palette, font, gap},
    widgets::card::{Head, card_ui},
};
use data::dataset::understanding::Warning;

/// Room for "1,234,567 rows" at the right.
const ROWS_WIDTH: f32 = 112.0;

/// The list of warnings; draws nothing when there is none.
pub fn warnings_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let warnings = &cx.shop.dataset.understanding.warnings;
    if warnings.is_empty() {
        return;
    }
    let finding = finding(warnings);
    let head = Head {
        title: "Good to know",
        finding: &finding,
        definition: "What was unusual in the files and how it was read. Rows that were left out, and why, \
                     stand under Quality.",
    };
    card_ui(
        ui,
        cx.palette,
        head,
        |_| {},
        |ui| {
            ui.spacing_mut().item_spacing.y = gap::S;
            for warning in warnings {
                warning_ui(ui, cx.palette, warning);
            }
        },
    );
}

fn finding(warnings: &[Warning]) -> String {
    let things = format::count(warnings.len() as u64, "thing", "things");
    format!("{things} about how the files were read.")
}

/// The rows concerned; nothing where it concerns no single rows.
fn rows(warning: &Warning) -> String {
    if warning.rows == 0 {
        return String::new();
    }
    format::count(warning.rows, "row", "rows")
}

/// A warning as a sentence.
fn words(warning: &Warning) -> String {
    format::sentences(&[&format::remark(&format::printed(&warning.text))])
}

fn warning_ui(ui: &mut Ui, palette: &Palette, warning: &Warning) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let (mark, _) = ui.allocate_exact_size(vec2(18.0, 20.0), Sense::hover());
        let icon = Icon::TriangleAlert;
        parts::icon_at(ui.painter(), mark.center(), icon, 15.0, palette.warn);
        let width = (ui.available_width() - ROWS_WIDTH - gap::S).max(120.0);
        ui.vertical(|ui| {
            ui.set_width(width);
            let text = RichText::new(words(warning)).font(font::body());
            ui.add(Label::new(text.color(palette.text)).wrap());
        });
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let text = RichText::new(rows(warning)).font(font::body());
            ui.label(text.color(palette.muted));
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::dataset::understanding::WarningCode;

    #[test]
    fn rows_are_counted_where_there_are_any() {
        let warning = |rows| Warning {
            code: WarningCode::TotalsRow,
            text: "A totals row was left out.".to_owned(),
            rows,
        };
        assert_eq!(rows(&warning(0)), "");
        assert_eq!(rows(&warning(1)), "1 row");
        assert_eq!(rows(&warning(1_412)), "1,412 rows");
        assert_eq!(
            finding(&[warning(1), warning(2)]),
            "2 things about how the files were read."
        );
    }
}
