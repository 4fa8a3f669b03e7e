//! The matrix: segment then against segment now.

use egui::{
    Align, Align2, Id, Painter, Rect, Response, Sense, Stroke, StrokeKind, Ui, accesskit, pos2,
    text::LayoutJob, vec2,
};

use super::{CELL, Unit, is_picked, part_of};
use crate::{
    action::Actions,
    chart::{Tip, tip_ui},
    cx::Cx,
    format,
    frame::parts::{fitted_text, focus_ring},
    theme::{Palette, font, gap},
    views::segments::pick_ui,
    widgets::segment_mark,
};
use analysis::migration::{Course, Flow, Migration, Stop};

const LABEL: f32 = 136.0;
const HEAD: f32 = 56.0;

/// Draws the matrix into the available space.
pub fn matrix_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    migration: &Migration,
    unit: Unit,
    actions: &mut Actions,
) {
    let (rows, columns) = (migration.sources.len(), migration.targets.len());
    if rows == 0 || columns == 0 {
        ui.label("Nobody had ordered before the later date.");
        return;
    }
    let wide = ui.available_width();
    let cell = vec2(
        ((wide - LABEL) / (columns + 1) as f32).max(CELL.x),
        ((ui.available_height() - HEAD) / (rows + 1) as f32).clamp(CELL.y, 52.0),
    );
    let size = vec2(wide, HEAD + cell.y * (rows + 1) as f32);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let places = Places { rect, cell };
    for (column, stop) in migration.targets.iter().enumerate() {
        let at = places.of(0, column);
        let head = Rect::from_min_max(pos2(at.left(), rect.top()), at.right_top());
        let ends = (migration, None, Some(column));
        head_ui(ui, cx, ends, (head, stop), actions);
    }
    for (row, stop) in migration.sources.iter().enumerate() {
        let at = places.of(row, 0);
        let head = Rect::from_min_max(pos2(rect.left(), at.top()), pos2(at.left(), at.bottom()));
        let ends = (migration, Some(row), None);
        head_ui(ui, cx, ends, (head, stop), actions);
        for column in 0..columns {
            let cell = Cell {
                row,
                column,
                unit,
                rect: places.of(row, column),
            };
            cell_ui(ui, cx, migration, cell, actions);
        }
    }
    totals(ui.painter(), cx, migration, &places, unit);
}

/// Where cells stand.
struct Places {
    rect: Rect,
    cell: egui::Vec2,
}

impl Places {
    fn of(&self, row: usize, column: usize) -> Rect {
        let origin = self.rect.min + vec2(LABEL, HEAD);
        let corner = origin + vec2(column as f32 * self.cell.x, row as f32 * self.cell.y);
        Rect::from_min_size(corner, self.cell).shrink(1.0)
    }
}

/// The last row and the last column.
fn totals(painter: &Painter, cx: &Cx<'_>, migration: &Migration, places: &Places, unit: Unit) {
    let (rows, columns) = (migration.sources.len(), migration.targets.len());
    let (font_id, muted) = (font::caption_medium(), cx.palette.muted);
    let middle = places.of(0, columns).center().x;
    let head = pos2(middle, places.rect.top() + HEAD / 2.0);
    painter.text(head, Align2::CENTER_CENTER, "All", font_id.clone(), muted);
    let foot = pos2(places.rect.left() + 4.0, places.of(rows, 0).center().y);
    painter.text(foot, Align2::LEFT_CENTER, "All", font_id, muted);
    for row in 0..rows {
        let total = migration.row_total(row);
        total_at(painter, cx, places.of(row, columns), (&total, &total), unit);
    }
    let everyone = migration.total();
    for column in 0..columns {
        let total = migration.column_total(column);
        let place = places.of(rows, column);
        total_at(painter, cx, place, (&total, &everyone), unit);
    }
    let corner = places.of(rows, columns);
    total_at(painter, cx, corner, (&everyone, &everyone), unit);
}

#[derive(Clone, Copy)]
struct Cell {
    row: usize,
    column: usize,
    unit: Unit,
    rect: Rect,
}

/// A figure in the unit shown; `whole` is what shares are of.
fn figure(flow: &Flow, whole: &Flow, unit: Unit, currency: &str) -> String {
    match unit {
        Unit::Customers => format::integer(flow.customers),
        Unit::Share if whole.customers == 0 => "–".to_owned(),
        Unit::Share => format::percent(flow.customers as f64 / whole.customers as f64),
        Unit::Revenue => format::money(flow.revenue, currency),
        Unit::Between => format::money(flow.revenue_between, currency),
    }
}

fn total_at(painter: &Painter, cx: &Cx<'_>, rect: Rect, (flow, whole): (&Flow, &Flow), unit: Unit) {
    let text = figure(flow, whole, unit, &cx.project.currency);
    let font_id = font::caption_medium();
    let text = fitted_text(painter, &text, &font_id, rect.width() - 6.0);
    let ink = cx.palette.text;
    painter.text(rect.center(), Align2::CENTER_CENTER, text, font_id, ink);
}

/// Name of a row or a column; a click selects everybody in it.
fn head_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    (migration, row, column): (&Migration, Option<usize>, Option<usize>),
    (rect, stop): (Rect, &Stop),
    actions: &mut Actions,
) {
    let part = part_of(migration, row, column);
    let total = match (row, column) {
        (Some(row), _) => migration.row_total(row),
        (None, Some(column)) => migration.column_total(column),
        (None, None) => migration.total(),
    };
    let day = if row.is_some() {
        migration.from
    } else {
        migration.to
    };
    let sense = if total.customers > 0 {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(rect, Id::unique(("migration head", row, column)), sense);
    let sentence = format!(
        "{} on {}: {}",
        stop.place.title(),
        format::date(day),
        format::count(total.customers, "customer", "customers")
    );
    response.widget_info(|| egui::WidgetInfo::labeled(accesskit::Role::Button, true, &sentence));
    let lit = response.hovered() || response.has_focus() || is_picked(cx, &part);
    paint_head(ui.painter(), cx, (rect, stop), row.is_none(), lit);
    focus_ring(ui.painter(), rect.shrink(2.0), 4, cx.palette, &response);
    if response.on_hover_text(sentence).clicked() {
        pick_ui(ui, cx, part, actions);
    }
}

fn paint_head(
    painter: &Painter,
    cx: &Cx<'_>,
    (rect, stop): (Rect, &Stop),
    of_column: bool,
    lit: bool,
) {
    if lit {
        painter.rect_filled(rect.shrink(1.0), 4, cx.palette.hover);
    }
    if of_column {
        return paint_column_head(painter, cx, rect, stop);
    }
    let mark = stop
        .style
        .map_or(0.0, |_| segment_mark::MARK_SIZE + gap::XS);
    let font_id = font::caption_medium();
    let title = stop.place.title();
    let left = rect.left() + 4.0;
    let name = fitted_text(painter, title, &font_id, rect.width() - mark - 8.0);
    if let Some(style) = stop.style {
        let at = pos2(left + segment_mark::MARK_SIZE / 2.0, rect.center().y);
        segment_mark::paint(painter, at, segment_mark::MARK_SIZE, style);
    }
    let at = pos2(left + mark, rect.center().y);
    painter.text(at, Align2::LEFT_CENTER, name, font_id, cx.palette.text);
}

/// Name of a column: the mark above, the name below it in up to two lines.
fn paint_column_head(painter: &Painter, cx: &Cx<'_>, rect: Rect, stop: &Stop) {
    let (title, color) = (stop.place.title().to_owned(), cx.palette.text);
    let mut job = LayoutJob::simple(title, font::caption_medium(), color, rect.width() - 4.0);
    job.halign = Align::Center;
    job.wrap.max_rows = 2;
    let name = painter.layout_job(job);
    let (size, middle) = (name.size(), rect.center().x);
    let mark = stop
        .style
        .map_or(0.0, |_| segment_mark::MARK_SIZE + gap::XS);
    let top = rect.center().y - 0.5 * (size.y + mark);
    if let Some(style) = stop.style {
        let at = pos2(middle, top + segment_mark::MARK_SIZE / 2.0);
        segment_mark::paint(painter, at, segment_mark::MARK_SIZE, style);
    }
    painter.galley(pos2(middle, top + mark), name, color);
}

fn cell_ui(ui: &Ui, cx: &Cx<'_>, migration: &Migration, cell: Cell, actions: &mut Actions) {
    let flow = &migration.flows[cell.row][cell.column];
    let part = part_of(migration, Some(cell.row), Some(cell.column));
    let id = Id::unique(("migration cell", cell.row, cell.column));
    let sense = if flow.customers > 0 {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(cell.rect, id, sense);
    let tip = tip(cx, migration, (cell.row, cell.column));
    response.widget_info(|| {
        egui::WidgetInfo::labeled(accesskit::Role::Button, flow.customers > 0, tip.sentence())
    });
    paint_cell(
        ui.painter(),
        cx,
        migration,
        &cell,
        (&response, is_picked(cx, &part)),
    );
    if response.hovered() {
        tip_ui(ui, cx.palette, response.id, None, &tip);
    }
    if response.clicked() {
        pick_ui(ui, cx, part, actions);
    }
}

/// The hover card of a way.
pub(super) fn tip(cx: &Cx<'_>, migration: &Migration, (row, column): (usize, usize)) -> Tip {
    let flow = &migration.flows[row][column];
    let (source, target) = (&migration.sources[row], &migration.targets[column]);
    let course = match migration.course(row, column) {
        Course::Stayed => format!("Stayed {}", target.place.title()),
        Course::New => format!("New → {}", target.place.title()),
        Course::Up => format!("{} → {}, up", source.place.title(), target.place.title()),
        Course::Down => format!("{} → {}, down", source.place.title(), target.place.title()),
        Course::Aged => format!(
            "{} → {}, without an order",
            source.place.title(),
            target.place.title()
        ),
        Course::Unplaced => format!("{} → {}", source.place.title(), target.place.title()),
    };
    let (from, to) = (migration.row_total(row), migration.column_total(column));
    let share = |whole: u64| {
        let share = if whole == 0 {
            0.0
        } else {
            flow.customers as f64 / whole as f64
        };
        format::percent(share)
    };
    let currency = &cx.project.currency;
    Tip::new(course)
        .row(None, "Customers", format::integer(flow.customers))
        .row(
            None,
            format!("of {} then", source.place.title()),
            share(from.customers),
        )
        .row(
            None,
            format!("of {} now", target.place.title()),
            share(to.customers),
        )
        .row(
            None,
            "Ordered since",
            format!(
                "{} of {}",
                format::integer(flow.bought),
                format::integer(flow.customers)
            ),
        )
        .row(
            None,
            "Revenue so far",
            format::money(flow.revenue, currency),
        )
        .row(
            None,
            "In between",
            format::money(flow.revenue_between, currency),
        )
}

/// Blue went up, orange went down, grey stayed; the stronger, the larger the share of the row.
fn fill(palette: &Palette, course: Course, share: f32) -> egui::Color32 {
    let strength = share.sqrt();
    match course {
        Course::Up => palette.diverging(strength),
        Course::Down => palette.diverging(-strength),
        Course::Stayed | Course::Aged | Course::New | Course::Unplaced => {
            palette.tint(palette.faint, 0.15 + 0.3 * strength)
        }
    }
}

fn paint_cell(
    painter: &Painter,
    cx: &Cx<'_>,
    migration: &Migration,
    cell: &Cell,
    (response, picked): (&Response, bool),
) {
    let flow = &migration.flows[cell.row][cell.column];
    let whole = migration.row_total(cell.row);
    let palette = cx.palette;
    if flow.customers == 0 {
        let stroke = Stroke::new(1.0, palette.hairline);
        painter.rect_stroke(cell.rect, 4, stroke, StrokeKind::Inside);
        painter.text(
            cell.rect.center(),
            Align2::CENTER_CENTER,
            "–",
            font::caption(),
            palette.muted,
        );
        return;
    }
    let share = flow.customers as f32 / whole.customers.max(1) as f32;
    let color = fill(palette, migration.course(cell.row, cell.column), share);
    painter.rect_filled(cell.rect, 4, color);
    let text = figure(flow, &whole, cell.unit, &cx.project.currency);
    let font_id = font::caption_medium();
    let text = fitted_text(painter, &text, &font_id, cell.rect.width() - 6.0);
    let ink = Palette::text_on(color);
    painter.text(
        cell.rect.center(),
        Align2::CENTER_CENTER,
        text,
        font_id,
        ink,
    );
    if picked || response.hovered() || response.has_focus() {
        let stroke = Stroke::new(2.0, palette.text);
        painter.rect_stroke(cell.rect, 4, stroke, StrokeKind::Inside);
    }
}
