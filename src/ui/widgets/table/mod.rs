//! The table of the app: 28 px rows, sticky sortable head, hover row, numbers right-aligned.
//!
//! Only the rows on screen are asked for, and the scroll position is kept in rows as `f64`, so a
//! table of a million rows scrolls as exactly as one of ten (pixel offsets in `f32` would not).
//! Every row is a node of the accessibility tree; the table as a whole takes the keyboard.

mod row;
mod scroll;

use egui::{
    EventFilter, Id, Key, Modifiers, Painter, Pos2, Rangef, Rect, Response, Sense, Shape, Stroke,
    Ui, Vec2, accesskit, pos2, vec2,
};
use lucide_icons::Icon;

pub use row::{Row, paint_score};
pub use scroll::{BAR_WIDTH, Scroll};

use super::elided::elided;
use crate::theme::{Palette, TABLE_ROW_HEIGHT, font, gap};

/// Height of the head row.
pub const HEAD_HEIGHT: f32 = 32.0;
/// Padding on both sides of a cell.
pub const CELL_PADDING: f32 = gap::S;

/// One column.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    pub title: &'a str,
    /// Definition shown when hovering over the head.
    pub hint: &'a str,
    /// Least width in points.
    pub width: f32,
    /// Share of the width that is left over (0 = none).
    pub grow: f32,
    /// Right-aligned.
    pub numeric: bool,
}

impl<'a> Column<'a> {
    /// Text that takes its part of the width that is left over.
    pub fn text(title: &'a str, hint: &'a str, width: f32) -> Self {
        Self {
            title,
            hint,
            width,
            grow: 1.0,
            numeric: false,
        }
    }

    /// As [`Column::text`], for figures.
    pub fn figures(title: &'a str, hint: &'a str, width: f32) -> Self {
        Self {
            numeric: true,
            ..Self::text(title, hint, width)
        }
    }
}

/// Which column sorts, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    pub column: usize,
    pub descending: bool,
}

/// What a table shows.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// Name for screen readers; also makes the id, so it must be unique in a view.
    pub label: &'a str,
    pub columns: &'a [Column<'a>],
    pub rows: usize,
    pub sort: Option<Sort>,
    /// Row under the keyboard cursor.
    pub current: Option<usize>,
    /// Heads sort on click.
    pub sortable: bool,
    /// Height of head and body together.
    pub height: f32,
    /// Arrow keys work also while nothing has the focus: for the main table of a view.
    pub grabs_keys: bool,
}

/// What the user did to a table in this frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Output {
    /// Head clicked: column number.
    pub sort: Option<usize>,
    /// Row clicked, with the keys held.
    pub clicked: Option<(usize, Modifiers)>,
    /// Keyboard cursor moved to this row.
    pub moved: Option<usize>,
    /// Enter on the current row.
    pub opened: Option<usize>,
    /// Row under the pointer.
    pub hovered: Option<usize>,
}

/// Height that shows all of `rows` without scrolling.
#[must_use]
pub fn full_height(rows: usize) -> f32 {
    HEAD_HEIGHT + rows as f32 * TABLE_ROW_HEIGHT
}

impl Table<'_> {
    /// Draws the table over the available width; `row` paints the cells of one row.
    pub fn show_ui(
        &self,
        ui: &mut Ui,
        palette: &Palette,
        scroll: &mut Scroll,
        mut row: impl FnMut(&mut Row<'_>, usize),
    ) -> Output {
        let (area, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), self.height), Sense::hover());
        let id = Id::unique(("table", self.label));
        let keyboard = ui.interact(area, id, Sense::FOCUSABLE);
        keyboard
            .widget_info(|| egui::WidgetInfo::labeled(accesskit::Role::Table, true, self.label));
        let widths = column_widths(self.columns, area.width() - scroll::BAR_WIDTH);
        let mut body = Rect::from_min_max(pos2(area.left(), area.top() + HEAD_HEIGHT), area.max);
        let content_width = widths.iter().sum::<f32>() + scroll::BAR_WIDTH;
        if content_width > area.width() + 0.5 {
            body.max.y -= scroll::BAR_WIDTH;
        }
        scroll.update_ui(
            ui,
            body,
            scroll::Content {
                rows: self.rows,
                width: content_width,
            },
        );
        let columns = column_ranges(&widths, area.left() - scroll.left());
        let sort = self.heads_ui(ui, palette, area, &columns);
        let place = Place {
            body,
            columns: &columns,
            scroll,
        };
        let on_rows = self.rows_ui(ui, palette, place, &mut row);
        let mut output = Output { sort, ..on_rows };
        scroll.bars_ui(ui, palette, id, body);
        if output.clicked.is_some() {
            keyboard.request_focus();
        }
        if let Some(target) = self.keys(ui, &keyboard, body) {
            scroll.reveal(target, body, self.rows);
            output.moved = Some(target);
            keyboard.request_focus();
        } else {
            output.opened = self.enter(ui, &keyboard);
        }
        if keyboard.has_focus() && self.current.is_none() {
            let stroke = Stroke::new(1.0, palette.accent);
            ui.painter()
                .rect_stroke(area, 4, stroke, egui::StrokeKind::Inside);
        }
        output
    }

    fn heads_ui(
        &self,
        ui: &mut Ui,
        palette: &Palette,
        area: Rect,
        columns: &[Rangef],
    ) -> Option<usize> {
        let head = Rect::from_min_size(area.min, vec2(area.width(), HEAD_HEIGHT));
        let painter = ui.painter().with_clip_rect(head.intersect(ui.clip_rect()));
        painter.hline(
            head.x_range(),
            head.bottom() - 0.5,
            Stroke::new(1.0, palette.hairline),
        );
        let mut clicked = None;
        for (number, (column, &range)) in self.columns.iter().zip(columns).enumerate() {
            let rect = Rect::from_x_y_ranges(range, head.y_range());
            if rect.intersect(head).width() < 1.0 || column.title.is_empty() {
                continue;
            }
            let response = self.head_ui(ui, palette, &painter, (number, rect));
            if response.clicked() {
                clicked = Some(number);
            }
        }
        clicked
    }

    fn head_ui(
        &self,
        ui: &mut Ui,
        palette: &Palette,
        painter: &Painter,
        (number, rect): (usize, Rect),
    ) -> Response {
        let column = &self.columns[number];
        let sorted = self.sort.filter(|sort| sort.column == number);
        let sense = if self.sortable {
            Sense::click()
        } else {
            Sense::hover()
        };
        let id = Id::unique(("table", self.label, "head", column.title));
        let response = ui.interact(rect.intersect(painter.clip_rect()), id, sense);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(accesskit::Role::ColumnHeader, true, column.title)
        });
        if let Some(sort) = sorted {
            ui.ctx().accesskit_node_builder(id, |node| {
                node.set_sort_direction(if sort.descending {
                    accesskit::SortDirection::Descending
                } else {
                    accesskit::SortDirection::Ascending
                });
            });
        }
        let hot = sorted.is_some() || response.hovered() || response.has_focus();
        let color = if hot { palette.text } else { palette.muted };
        let arrow_x = paint_head(painter, column, rect, color, sorted.is_some());
        if let Some(sort) = sorted {
            let icon = if sort.descending {
                Icon::ArrowDown
            } else {
                Icon::ArrowUp
            };
            painter.text(
                Pos2::new(arrow_x, rect.center().y),
                egui::Align2::CENTER_CENTER,
                icon.unicode(),
                font::icon(13.0),
                palette.accent,
            );
        }
        if response.has_focus() {
            let stroke = Stroke::new(2.0, palette.accent);
            painter.rect_stroke(rect.shrink(2.0), 4, stroke, egui::StrokeKind::Inside);
        }
        if column.hint.is_empty() {
            response
        } else {
            response.on_hover_text(column.hint)
        }
    }

    fn rows_ui(
        &self,
        ui: &mut Ui,
        palette: &Palette,
        place: Place<'_>,
        row: &mut impl FnMut(&mut Row<'_>, usize),
    ) -> Output {
        let Place {
            body,
            columns,
            scroll,
        } = place;
        let mut output = Output::default();
        let clip = body.intersect(ui.clip_rect());
        let painter = ui.painter().with_clip_rect(clip);
        for (index, top) in scroll.visible(body, self.rows) {
            let rect =
                Rect::from_min_size(pos2(body.left(), top), vec2(body.width(), TABLE_ROW_HEIGHT));
            if !rect.intersects(clip) {
                continue;
            }
            let id = Id::unique(("table", self.label, "row", index));
            let hot = Rect::from_min_max(rect.min, pos2(scroll.content_right(body), rect.bottom()));
            let response = ui.interact(hot.intersect(clip), id, Sense::CLICK);
            let background = painter.add(Shape::Noop);
            let mut cells = Row::new(&painter, palette, rect, columns);
            row(&mut cells, index);
            let (marked, text, tooltip) = cells.finish();
            let state = RowState {
                hovered: response.hovered(),
                marked,
                current: self.current == Some(index),
            };
            painter.set(background, row_background(palette, rect, state));
            response.widget_info(|| {
                egui::WidgetInfo::selected(accesskit::Role::Row, true, state.marked, &text)
            });
            if state.hovered {
                output.hovered = Some(index);
            }
            if response.clicked() {
                output.clicked = Some((index, ui.input(|input| input.modifiers)));
            }
            if !tooltip.is_empty() {
                response.on_hover_text_at_pointer(tooltip);
            }
        }
        output
    }

    fn has_keys(&self, ui: &Ui, keyboard: &Response) -> bool {
        let free = || ui.memory(|memory| memory.focused().is_none());
        self.rows > 0 && (keyboard.has_focus() || self.grabs_keys && free())
    }

    /// The row that arrow keys, page up and down, home or end lead to.
    fn keys(&self, ui: &Ui, keyboard: &Response, body: Rect) -> Option<usize> {
        if keyboard.has_focus() {
            let filter = EventFilter {
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(keyboard.id, filter));
        }
        if !self.has_keys(ui, keyboard) {
            return None;
        }
        let page = ((body.height() / TABLE_ROW_HEIGHT) as usize).max(2) - 1;
        ui.input_mut(|input| move_key(input, self.current, self.rows, page))
    }

    /// The current row when Enter was pressed.
    fn enter(&self, ui: &Ui, keyboard: &Response) -> Option<usize> {
        let current = self.current.filter(|&current| current < self.rows)?;
        let pressed = self.has_keys(ui, keyboard)
            && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
        pressed.then_some(current)
    }
}

/// Where the rows go.
#[derive(Clone, Copy)]
struct Place<'a> {
    body: Rect,
    columns: &'a [Rangef],
    scroll: &'a Scroll,
}

/// The row a pressed key leads to.
fn move_key(
    input: &mut egui::InputState,
    current: Option<usize>,
    rows: usize,
    page: usize,
) -> Option<usize> {
    let last = rows - 1;
    let from = current.map_or(0, |current| current.min(last));
    let moves = [
        (Key::ArrowDown, current.map_or(0, |_| (from + 1).min(last))),
        (Key::ArrowUp, from.saturating_sub(1)),
        (Key::PageDown, (from + page).min(last)),
        (Key::PageUp, from.saturating_sub(page)),
        (Key::Home, 0),
        (Key::End, last),
    ];
    moves
        .into_iter()
        .find(|&(key, _)| input.consume_key(Modifiers::NONE, key))
        .map(|(_, row)| row)
}

/// Writes the column's title; returns where the sort arrow belongs.
fn paint_head(
    painter: &Painter,
    column: &Column<'_>,
    rect: Rect,
    color: egui::Color32,
    sorted: bool,
) -> f32 {
    let inner = rect.shrink2(vec2(CELL_PADDING, 0.0));
    let room = inner.width() - if sorted { 16.0 } else { 0.0 };
    let text = elided(painter, column.title, font::caption_medium(), color, room);
    let size = text.size();
    let left = if column.numeric {
        inner.right() - size.x
    } else {
        inner.left()
    };
    painter.galley(pos2(left, rect.center().y - size.y / 2.0), text, color);
    if column.numeric {
        left - 9.0
    } else {
        left + size.x + 9.0
    }
}

#[derive(Clone, Copy)]
struct RowState {
    hovered: bool,
    marked: bool,
    current: bool,
}

fn row_background(palette: &Palette, rect: Rect, state: RowState) -> Shape {
    let fill = if state.marked {
        palette.accent_soft
    } else if state.hovered {
        palette.hover
    } else {
        egui::Color32::TRANSPARENT
    };
    let line = Shape::hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, palette.hairline.gamma_multiply(0.6)),
    );
    let mut shapes = vec![Shape::rect_filled(rect, 0, fill), line];
    if state.current {
        let bar = Rect::from_min_size(rect.min, Vec2::new(3.0, rect.height()));
        shapes.push(Shape::rect_filled(bar, 1, palette.accent));
    }
    Shape::Vec(shapes)
}

/// Widths of the columns when `available` points are to be filled.
#[must_use]
pub fn column_widths(columns: &[Column<'_>], available: f32) -> Vec<f32> {
    let least: f32 = columns.iter().map(|column| column.width).sum();
    let grow: f32 = columns.iter().map(|column| column.grow).sum();
    let spare = (available - least).max(0.0);
    columns
        .iter()
        .map(|column| {
            let share = if grow > 0.0 { column.grow / grow } else { 0.0 };
            column.width + spare * share
        })
        .collect()
}

fn column_ranges(widths: &[f32], left: f32) -> Vec<Rangef> {
    let mut x = left;
    widths
        .iter()
        .map(|width| {
            let range = Rangef::new(x, x + width);
            x += width;
            range
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(width: f32, grow: f32) -> Column<'static> {
        Column {
            title: "Orders",
            hint: "",
            width,
            grow,
            numeric: true,
        }
    }

    #[test]
    fn spare_width_goes_to_the_columns_that_grow() {
        let columns = [column(100.0, 1.0), column(50.0, 0.0), column(50.0, 3.0)];
        assert_eq!(column_widths(&columns, 400.0), [150.0, 50.0, 200.0]);
        assert_eq!(column_widths(&columns, 120.0), [100.0, 50.0, 50.0]);
    }
}
