//! Horizontal bars with a name, a figure and a share each: rankings, steps of a process, shares.

use std::sync::Arc;

use egui::{
    Align2, Color32, FontId, Galley, Rect, Response, Sense, Stroke, StrokeKind, Ui, pos2,
    text::LayoutJob, vec2,
};

use super::{
    plot::text_width,
    tip::{Tip, tip_ui},
};
use crate::theme::{Palette, font, gap};

/// One bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BarRow {
    pub name: String,
    /// Length of the bar, 0…1 of the width it has.
    pub length: f64,
    /// Figure beside the bar, and its share in a column of its own; may be empty.
    pub figure: String,
    pub share: String,
    /// A line in small type below the bar; empty = none.
    pub note: String,
    pub tip: Tip,
    /// Drawn in grey: stands for several values, or for something lost.
    pub quiet: bool,
    pub picked: bool,
    /// Whether a click does something.
    pub active: bool,
}

/// A list of bars. The rows share `height` equally.
#[derive(Clone, Copy, Debug)]
pub struct BarList<'a> {
    /// Names the list for the ids of its rows.
    pub id: &'a str,
    pub rows: &'a [BarRow],
    pub height: f32,
    /// A dashed line through all bars at this length, with its words in the last row's place.
    pub reference: Option<(f64, &'a str)>,
}

const LEAST_ROW: f32 = 22.0;
const MOST_ROW: f32 = 34.0;
/// With a note below the bar.
const MOST_NOTED_ROW: f32 = 52.0;
const BAR: f32 = 14.0;

/// Where the columns of a list stand.
struct Columns {
    name: f32,
    figure: f32,
    share: f32,
}

/// Draws the list over the full width; returns the row clicked (or activated by key) in this frame.
pub fn bar_list_ui(ui: &mut Ui, palette: &Palette, list: &BarList<'_>) -> Option<usize> {
    let noted = list.rows.iter().any(|row| !row.note.is_empty());
    let most = if noted { MOST_NOTED_ROW } else { MOST_ROW };
    let words = if list.reference.is_some() { 18.0 } else { 0.0 };
    let height = ((list.height - words) / list.rows.len().max(1) as f32).clamp(LEAST_ROW, most);
    let width = ui.available_width();
    let columns = columns(ui, list, width);
    let origin = ui.cursor().min;
    let mut clicked = None;
    for (index, row) in list.rows.iter().enumerate() {
        let rect = Rect::from_min_size(
            origin + vec2(0.0, height * index as f32),
            vec2(width, height),
        );
        if row_ui(ui, palette, (list, index), rect, &columns).clicked() && row.active {
            clicked = Some(index);
        }
    }
    let used = vec2(
        width,
        (height * list.rows.len() as f32 + words).max(list.height),
    );
    let (rect, _) = ui.allocate_exact_size(used, Sense::hover());
    if let Some((length, words)) = list.reference {
        let bottom = rect.top() + height * list.rows.len() as f32;
        reference(ui, palette, &columns, (rect, bottom), (length, words));
    }
    clicked
}

fn columns(ui: &Ui, list: &BarList<'_>, width: f32) -> Columns {
    let widest = |text: fn(&BarRow) -> &str| {
        let widths = list.rows.iter().map(|row| text_width(ui, text(row)));
        widths.fold(0.0, f32::max).ceil()
    };
    Columns {
        name: (widest(|row| &row.name) + 8.0).clamp(48.0, (width * 0.36).max(48.0)),
        figure: widest(|row| &row.figure) + gap::M,
        share: match widest(|row| &row.share) {
            0.0 => 0.0,
            width => width + gap::M,
        },
    }
}

/// The strip in which bars are drawn.
fn strip(columns: &Columns, rect: Rect) -> Rect {
    let left = rect.left() + gap::S + columns.name + gap::S;
    let right = rect.right() - gap::S - columns.figure - columns.share;
    Rect::from_x_y_ranges(left..=right.max(left + 8.0), rect.y_range())
}

fn row_ui(
    ui: &mut Ui,
    palette: &Palette,
    (list, index): (&BarList<'_>, usize),
    rect: Rect,
    columns: &Columns,
) -> Response {
    let row = &list.rows[index];
    let sense = if row.active {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(rect, ui.scope_id().with((list.id, index)), sense);
    let says = row.tip.sentence();
    response.widget_info(|| {
        if row.active {
            egui::WidgetInfo::selected(egui::accesskit::Role::Button, true, row.picked, &says)
        } else {
            egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, &says)
        }
    });
    if ui.is_rect_visible(rect) {
        paint(ui, palette, (list, row), (rect, &response), columns);
    }
    if response.hovered() || response.has_focus() {
        let anchor = (!response.hovered()).then_some(rect);
        tip_ui(ui, palette, response.id, anchor, &row.tip);
    }
    if row.active {
        response.on_hover_cursor(egui::CursorIcon::PointingHand)
    } else {
        response
    }
}

fn paint(
    ui: &Ui,
    palette: &Palette,
    (list, row): (&BarList<'_>, &BarRow),
    (rect, response): (Rect, &Response),
    columns: &Columns,
) {
    let painter = ui.painter();
    if row.picked {
        painter.rect_filled(rect, 4, palette.accent_soft);
    } else if response.hovered() {
        painter.rect_filled(rect, 4, palette.hover);
    }
    if response.has_focus() {
        let line = Stroke::new(2.0, palette.accent);
        painter.rect_stroke(rect, 4, line, StrokeKind::Inside);
    }
    // One note moves all bars up, so that they stay at equal distances.
    let noted = list.rows.iter().any(|row| !row.note.is_empty());
    let middle = if noted {
        rect.center().y - 9.0
    } else {
        rect.center().y
    };
    let strip = strip(columns, rect);
    let quiet = if row.quiet {
        palette.muted
    } else {
        palette.text
    };
    let name = elided(ui, &row.name, font::caption(), (columns.name, quiet));
    let left = pos2(rect.left() + gap::S, middle - name.size().y / 2.0);
    painter.galley(left, name, quiet);
    let length = row.length.clamp(0.0, 1.0) as f32 * strip.width();
    let bar = Rect::from_min_max(
        pos2(strip.left(), (middle - BAR / 2.0).round()),
        pos2(
            strip.left() + length.max(if row.length > 0.0 { 1.5 } else { 0.0 }),
            (middle + BAR / 2.0).round(),
        ),
    );
    let color = if row.quiet {
        palette.faint
    } else {
        palette.accent
    };
    painter.rect_filled(bar, 2, color);
    let right = |x: f32, text: &str, font: FontId, color: Color32| {
        painter.text(pos2(x, middle), Align2::RIGHT_CENTER, text, font, color);
    };
    let end = rect.right() - gap::S;
    right(end, &row.share, font::caption(), palette.muted);
    let figure = end - columns.share;
    right(figure, &row.figure, font::caption_medium(), quiet);
    if !row.note.is_empty() {
        let width = rect.right() - gap::S - strip.left();
        let note = elided(ui, &row.note, font::caption(), (width, palette.muted));
        painter.galley(pos2(strip.left(), middle + 9.0), note, palette.muted);
    }
}

/// One line of text, cut with "…" where it does not fit.
fn elided(ui: &Ui, text: &str, font: FontId, (width, color): (f32, Color32)) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap.max_width = width;
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    ui.painter().layout_job(job)
}

fn reference(
    ui: &Ui,
    palette: &Palette,
    columns: &Columns,
    (rect, bottom): (Rect, f32),
    (length, words): (f64, &str),
) {
    let strip = strip(columns, rect);
    let x = strip.left() + length.clamp(0.0, 1.0) as f32 * strip.width();
    let painter = ui.painter();
    painter.extend(egui::Shape::dashed_line(
        &[pos2(x, rect.top()), pos2(x, bottom + 2.0)],
        Stroke::new(1.5, palette.text),
        4.0,
        3.0,
    ));
    let half = text_width(ui, words) / 2.0;
    let x = x.max(rect.left() + half).min(rect.right() - half);
    painter.text(
        pos2(x, bottom + 3.0),
        Align2::CENTER_TOP,
        words,
        font::caption(),
        palette.muted,
    );
}
