//! The curves: the table's numbers as one line per row over age, and their weighted mean.

use egui::{Color32, RichText, Ui, vec2};

use super::{model::Page, paint::strip, words};
use crate::{
    chart::{Axes, Key, KeyMark, Line, Lines, Tip, keys_ui, lines_ui},
    theme::{Palette, font, gap},
};

/// Rows up to this number carry their name at the end of the line.
const DIRECT_LABELS: usize = 7;

/// Older cohorts pale, newer ones strong; rows by attribute have no order and share one quiet colour.
fn row_color(palette: &Palette, page: &Page, row: usize) -> Color32 {
    if page.is_acquisition() {
        age_color(palette, page.newness(row))
    } else {
        palette.tint(palette.faint, 0.9)
    }
}

fn age_color(palette: &Palette, newness: f32) -> Color32 {
    let color = palette.sequential(0.2 + 0.65 * newness);
    palette.tint(color, 0.85)
}

/// What colours, strong and dashed lines mean.
pub fn legend(ui: &mut Ui, palette: &Palette, page: &Page) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap::S, gap::XS);
        ui.spacing_mut().interact_size.y = 16.0;
        let muted = |text: &str| {
            RichText::new(text)
                .font(font::caption())
                .color(palette.muted)
        };
        if page.is_acquisition() && page.rows.len() > 1 {
            let name =
                |row: Option<&super::model::Row>| row.map_or(String::new(), |row| row.name.clone());
            ui.label(muted(&name(page.rows.first())));
            strip(ui, 72.0, |share| age_color(palette, share));
            ui.label(muted(&name(page.rows.last())));
            ui.add_space(gap::S);
        }
        let mut keys = vec![Key::new("Weighted mean", palette.text, KeyMark::Line)];
        let unsure = (0..page.rows.len()).any(|row| page.unsure_from(row) != usize::MAX);
        if unsure {
            keys.push(Key::new(
                "in progress or few customers",
                palette.muted,
                KeyMark::Dashed,
            ));
        }
        keys_ui(ui, palette, &keys);
    });
}

/// Draws the lines, `lit` rows highlighted; returns the row the pointer is on.
pub fn curves_ui(
    ui: &mut Ui,
    palette: &Palette,
    page: &Page,
    (lit, height): (&[usize], f32),
) -> Option<usize> {
    let values: Vec<Vec<Option<f64>>> = (0..page.rows.len()).map(|row| page.curve(row)).collect();
    let order = drawing_order(page, lit);
    let mut lines: Vec<Line<'_>> = order
        .iter()
        .map(|&row| {
            let on = lit.contains(&row);
            Line {
                name: &page.rows[row].name,
                color: match (on, lit.is_empty()) {
                    (true, _) => palette.accent,
                    (false, true) => row_color(palette, page, row),
                    (false, false) => palette.tint(row_color(palette, page, row), 0.5),
                },
                width: if on { 2.5 } else { 1.3 },
                values: &values[row],
                provisional_from: page.unsure_from(row),
                labelled: on || (!page.is_acquisition() && page.rows.len() <= DIRECT_LABELS),
            }
        })
        .collect();
    lines.push(Line {
        name: "Weighted mean",
        color: palette.text,
        width: 3.0,
        values: &page.mean,
        provisional_from: usize::MAX,
        labelled: false,
    });
    let tip = |age: usize, line: usize| match order.get(line) {
        Some(&row) => page.tip(row, age),
        None => mean_tip(page, age),
    };
    let value_title = page.value_title();
    let age_title = page.age_title();
    let chart = Lines {
        summary: &page.curves_finding,
        height,
        axes: Axes {
            x_title: &age_title,
            y_title: &value_title,
            unit: page.unit(),
        },
        labels: &page.age_labels,
        label_every: 0,
        first: page.first_age(),
        lines: &lines,
        names_room: page.is_acquisition(),
        marked: None,
        tip: &tip,
    };
    let (_, line) = lines_ui(ui, palette, &chart).hovered?;
    order.get(line).copied()
}

/// Quiet rows first, highlighted ones on top.
fn drawing_order(page: &Page, lit: &[usize]) -> Vec<usize> {
    let filled = |row: &usize| page.rows.get(*row).is_some_and(|head| head.size > 0);
    (0..page.rows.len())
        .filter(|row| !lit.contains(row))
        .chain(lit.iter().copied())
        .filter(filled)
        .collect()
}

fn mean_tip(page: &Page, age: usize) -> Tip {
    let mut tip = Tip::new(format!("Weighted mean, {}", words::later(page.noun(), age)));
    let mean = page.mean.get(age).copied().flatten();
    tip.lead = mean.map_or_else(
        || "No complete cohort".to_owned(),
        |mean| page.unit().text(mean),
    );
    tip
}
