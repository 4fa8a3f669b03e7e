//! The correlation heatmap: painted cells with a read-out for the pointer and for the arrow keys.

use egui::{
    Align2, EventFilter, Key, Modifiers, Rect, Response, Sense, Ui, WidgetInfo, accesskit::Role,
    pos2, vec2,
};

use crate::{
    chart::{
        plot::text_width,
        tip::{Tip, tip_ui},
    },
    format,
    frame::parts,
    theme::{Palette, font, gap},
    widgets::elided::elided,
};
use analysis::correlation::Correlations;

const CELL_HEIGHT: f32 = 28.0;
/// Room for the names at the left.
const NAMES: f32 = 200.0;
const WIDEST_CELL: f32 = 96.0;
const LEAST_CELL: f32 = 20.0;
/// From this width on a cell holds its number.
const NUMBER: f32 = 40.0;

/// Where the cells stand.
struct Layout {
    rect: Rect,
    width: f32,
}

impl Layout {
    fn cell(&self, row: usize, column: usize) -> Rect {
        let left = self.rect.left() + NAMES + self.width * column as f32;
        let top = self.rect.top() + CELL_HEIGHT * row as f32;
        Rect::from_min_size(pos2(left, top), vec2(self.width, CELL_HEIGHT))
    }
}

/// Draws the matrix. The pointer, or with focus the arrow keys, walk its cells.
pub fn heatmap_ui(ui: &mut Ui, palette: &Palette, correlations: &Correlations, finding: &str) {
    let count = correlations.columns.len();
    let width = ((ui.available_width() - NAMES) / count as f32).clamp(LEAST_CELL, WIDEST_CELL);
    let size = vec2(
        NAMES + width * count as f32,
        CELL_HEIGHT * (count + 1) as f32,
    );
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let layout = Layout { rect, width };
    let pointed = response.hover_pos().and_then(|at| {
        let cells = (0..count).flat_map(|row| (0..count).map(move |column| (row, column)));
        let mut cells = cells.filter(|&(row, column)| layout.cell(row, column).contains(at));
        cells.next()
    });
    let shown = pointed.or_else(|| keyed(ui, &response, count));
    let label = shown.map_or_else(
        || format!("Correlations. {finding}"),
        |(row, column)| pair_tip(correlations, row, column).sentence(),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, &label));
    if !ui.is_rect_visible(rect) {
        return;
    }
    names(ui, palette, correlations, &layout);
    for row in 0..count {
        for column in 0..count {
            let r = correlations.pearson[correlations.at(row, column)];
            cell(ui, palette, layout.cell(row, column).shrink(1.0), r, width);
        }
    }
    parts::focus_ring(ui.painter(), rect, 4, palette, &response);
    if let Some((row, column)) = shown {
        let area = layout.cell(row, column);
        let ring = egui::Stroke::new(2.0, palette.text);
        ui.painter()
            .rect_stroke(area, 3, ring, egui::StrokeKind::Inside);
        let tip = pair_tip(correlations, row, column);
        tip_ui(ui, palette, response.id, Some(area), &tip);
    }
}

/// Where the arrow keys are; `None` without the focus.
fn keyed(ui: &Ui, response: &Response, count: usize) -> Option<(usize, usize)> {
    if !response.has_focus() {
        return None;
    }
    let arrows = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    let id = response.id.with("cell");
    let known = ui.data(|data| data.get_temp::<(usize, usize)>(id));
    let (mut row, mut column) = known.unwrap_or((1, 0));
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let step = |place: &mut usize, less: Key, more: Key| {
        if pressed(less) {
            *place = place.saturating_sub(1);
        }
        if pressed(more) {
            *place += 1;
        }
        *place = (*place).min(count.saturating_sub(1));
    };
    step(&mut row, Key::ArrowUp, Key::ArrowDown);
    step(&mut column, Key::ArrowLeft, Key::ArrowRight);
    ui.data_mut(|data| data.insert_temp(id, (row, column)));
    Some((row, column))
}

/// The names at the left and below; where the cells are too narrow for them, numbers stand for them.
fn names(ui: &Ui, palette: &Palette, correlations: &Correlations, layout: &Layout) {
    let painter = ui.painter();
    let names = &correlations.columns;
    let room = layout.width - gap::XS;
    let numbered = names.iter().any(|name| text_width(ui, name) > room);
    for (at, name) in names.iter().enumerate() {
        let words = if numbered {
            format!("{}  {name}", at + 1)
        } else {
            name.clone()
        };
        let text = elided(painter, &words, font::body(), palette.text, NAMES - gap::M);
        let top = layout.cell(at, 0).center().y - text.size().y / 2.0;
        painter.galley(pos2(layout.rect.left(), top), text, palette.text);
        let foot = if numbered {
            (at + 1).to_string()
        } else {
            name.clone()
        };
        let center = layout.cell(names.len(), at).center();
        let ink = palette.muted;
        painter.text(center, Align2::CENTER_CENTER, foot, font::caption(), ink);
    }
}

fn cell(ui: &Ui, palette: &Palette, area: Rect, r: f64, width: f32) {
    let painter = ui.painter();
    if r.is_nan() {
        let ink = palette.faint;
        painter.text(
            area.center(),
            Align2::CENTER_CENTER,
            "–",
            font::caption(),
            ink,
        );
        return;
    }
    let fill = palette.diverging(r as f32);
    painter.rect_filled(area, 3, fill);
    if width >= NUMBER {
        painter.text(
            area.center(),
            Align2::CENTER_CENTER,
            format::fixed(r, 2),
            font::caption(),
            Palette::text_on(fill),
        );
    }
}

/// "age and income: Pearson r 0.412, By rank (Spearman) 0.398, Rows with both 9,982".
#[must_use]
pub fn pair_tip(correlations: &Correlations, row: usize, column: usize) -> Tip {
    let at = correlations.at(row, column);
    // In the order of the table, on both sides of the diagonal.
    let names = [row.min(column), row.max(column)].map(|at| &correlations.columns[at]);
    let [one, other] = names;
    let rows = format::integer(correlations.rows[at]);
    let r = correlations.pearson[at];
    if row == column {
        let note = "A column against itself: always 1.";
        return Tip::new(one.clone())
            .row(None, "Rows with a value", rows)
            .note(note);
    }
    let tip = Tip::new(format!("{one} and {other}"));
    if r.is_nan() {
        let why = "No r: in the rows that hold both, one of the two does not vary.";
        return tip.row(None, "Rows with both", rows).note(why);
    }
    tip.total("Pearson r", format::fixed(r, 3))
        .row(
            None,
            "By rank (Spearman)",
            format::fixed(correlations.spearman[at], 3),
        )
        .row(None, "Rows with both", rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_names_both_columns_r_and_n() {
        let correlations = Correlations {
            columns: vec!["age".to_owned(), "spend".to_owned()],
            pearson: vec![1.0, -0.8004, -0.8004, 1.0],
            spearman: vec![1.0, -0.5, -0.5, 1.0],
            rows: vec![1_200, 1_100, 1_100, 1_150],
            left_out: 0,
        };
        assert_eq!(
            pair_tip(&correlations, 0, 1).sentence(),
            "age and spend: Pearson r −0.800, By rank (Spearman) −0.500, Rows with both 1,100"
        );
        assert_eq!(
            pair_tip(&correlations, 1, 1).sentence(),
            "spend: Rows with a value 1,150, A column against itself: always 1."
        );
        let flat = Correlations {
            pearson: vec![f64::NAN; 4],
            ..correlations
        };
        assert!(
            pair_tip(&flat, 0, 1).sentence().contains("does not vary"),
            "no r is explained"
        );
    }
}
