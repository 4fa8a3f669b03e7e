//! A cut line with its handle: drag it, move it by arrow keys, double-click it to type a value.

use egui::{
    CursorIcon, EventFilter, Id, Key, Rect, Response, Sense, Stroke, StrokeKind, TextEdit, Ui,
    WidgetInfo, pos2, vec2,
};

use super::axis::{Axis, snapped, step};
use crate::theme::{Palette, font};

/// Height of one row of handles.
pub const ROW: f32 = 18.0;
/// Handles stand in as many rows, so that coinciding cut points can be told apart.
pub const ROWS: usize = 4;

/// One cut line to draw.
pub struct Cut<'a> {
    pub id: Id,
    pub value: f64,
    pub whole: bool,
    /// Between which values it can move.
    pub room: (f64, f64),
    /// What stands on the handle.
    pub text: &'a str,
    /// What it means; its name for screen readers.
    pub name: &'a str,
}

/// A value being typed into a handle.
#[derive(Clone, Debug)]
pub struct Typing {
    id: Id,
    text: String,
    fresh: bool,
}

/// Rows of handles whose centres and widths are given: the first row where each has room.
#[must_use]
pub fn rows(handles: &[(f32, f32)]) -> Vec<usize> {
    let mut taken: [Vec<(f32, f32)>; ROWS] = Default::default();
    handles
        .iter()
        .map(|&(center, width)| {
            let (left, right) = (center - width / 2.0 - 2.0, center + width / 2.0 + 2.0);
            let free =
                |row: &Vec<(f32, f32)>| row.iter().all(|&(from, to)| right <= from || to <= left);
            let row = taken.iter().position(free).unwrap_or(ROWS - 1);
            taken[row].push((left, right));
            row
        })
        .collect()
}

/// Width of a handle with this text.
#[must_use]
pub fn width(ui: &Ui, text: &str) -> f32 {
    let galley = ui.painter().layout_no_wrap(
        text.to_owned(),
        font::caption_medium(),
        egui::Color32::WHITE,
    );
    (galley.size().x + 12.0).max(22.0)
}

/// Draws the line down to `bottom` and the handle `tag`; returns the value it was moved to.
pub fn cut_ui(
    ui: &mut Ui,
    palette: &Palette,
    (axis, cut): (&Axis, &Cut<'_>),
    (tag, bottom): (Rect, f32),
    typing: &mut Option<Typing>,
) -> Option<f64> {
    let x = axis.x(cut.value);
    if typing.as_ref().is_some_and(|typing| typing.id == cut.id) {
        paint(ui, palette, (x, tag, bottom), "", true);
        return typing_ui(ui, tag, cut, typing);
    }
    let line = Rect::from_min_max(pos2(x - 5.0, tag.bottom()), pos2(x + 5.0, bottom));
    // The line is for the pointer; the keyboard has the handle.
    let on_line = ui.interact(line, cut.id.with("line"), Sense::CLICK | Sense::DRAG);
    let handle = ui.interact(tag.expand(2.0), cut.id, Sense::click_and_drag());
    handle.widget_info(|| WidgetInfo::slider(true, cut.value, cut.name));
    let either = handle.union(on_line);
    let active = either.hovered() || either.dragged() || handle.has_focus();
    paint(ui, palette, (x, tag, bottom), cut.text, active);
    if handle.has_focus() {
        ui.painter().rect_stroke(
            tag.expand(2.0),
            7,
            Stroke::new(1.5, palette.accent),
            StrokeKind::Outside,
        );
    }
    let either = either.on_hover_cursor(CursorIcon::ResizeHorizontal);
    if either.drag_started() || either.clicked() {
        handle.request_focus();
    }
    if either.double_clicked() || enter_pressed(ui, &handle) {
        *typing = Some(Typing {
            id: cut.id,
            text: format!("{}", cut.value),
            fresh: true,
        });
        return None;
    }
    dragged(ui, &either, (axis, cut), x)
        .or_else(|| stepped(ui, &handle, cut))
        .map(|value| value.clamp(cut.room.0, cut.room.1))
        .filter(|value| *value != cut.value)
}

fn enter_pressed(ui: &Ui, handle: &Response) -> bool {
    handle.has_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// The value under the pointer; where the handle was grabbed stays under it.
fn dragged(ui: &Ui, response: &Response, (axis, cut): (&Axis, &Cut<'_>), x: f32) -> Option<f64> {
    let pointer = response.interact_pointer_pos()?;
    let grip = cut.id.with("grip");
    if response.drag_started() {
        let origin = ui.input(|input| input.pointer.press_origin());
        let offset = origin.unwrap_or(pointer).x - x;
        ui.data_mut(|data| data.insert_temp(grip, offset));
    }
    if !response.dragged() {
        return None;
    }
    let offset: f32 = ui.data(|data| data.get_temp(grip)).unwrap_or(0.0);
    Some(snapped(axis.value(pointer.x - offset), cut.whole))
}

/// The value arrow keys ask for: one step, ten with Shift.
fn stepped(ui: &Ui, handle: &Response, cut: &Cut<'_>) -> Option<f64> {
    if !handle.has_focus() {
        return None;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(handle.id, filter));
    let (steps, shift) = ui.input(|input| {
        let times = |key: Key| input.num_presses(key) as f64;
        let up = times(Key::ArrowRight) + times(Key::ArrowUp);
        let down = times(Key::ArrowLeft) + times(Key::ArrowDown);
        (up - down, input.modifiers.shift)
    });
    let size = step(cut.value, cut.whole) * if shift { 10.0 } else { 1.0 };
    (steps != 0.0).then(|| snapped(cut.value + steps * size, cut.whole))
}

/// A field in place of the handle; Enter takes the value, Esc leaves it.
fn typing_ui(ui: &mut Ui, tag: Rect, cut: &Cut<'_>, typing: &mut Option<Typing>) -> Option<f64> {
    let state = typing.as_mut()?;
    let rect = Rect::from_center_size(tag.center(), vec2(tag.width().max(72.0), 22.0));
    let field = TextEdit::singleline(&mut state.text)
        .font(font::caption_medium())
        .margin(vec2(6.0, 3.0))
        .id(cut.id.with("field"));
    let response = ui.put(rect, field);
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, "", state.text.as_str(), "");
        info.label = Some(format!("Value of {}", cut.name));
        info
    });
    if state.fresh {
        response.request_focus();
        state.fresh = false;
        return None;
    }
    if !response.lost_focus() {
        return None;
    }
    let left = ui.input(|input| input.key_pressed(Key::Escape));
    let value = number(&state.text);
    *typing = None;
    value
        .filter(|_| !left)
        .map(|value| value.clamp(cut.room.0, cut.room.1))
        .filter(|value| *value != cut.value)
}

/// A number as people type it: with thousands separators, or a comma for the decimals.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{2009}')
        .collect();
    let plain = plain.replace('−', "-");
    let decimals_by_comma = match plain.rsplit_once(',') {
        Some((_, after)) => !plain.contains('.') && after.len() != 3,
        None => false,
    };
    let plain = if decimals_by_comma {
        plain.replace(',', ".")
    } else {
        plain.replace(',', "")
    };
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

fn paint(ui: &Ui, palette: &Palette, (x, tag, bottom): (f32, Rect, f32), text: &str, active: bool) {
    let painter = ui.painter();
    let width = if active { 2.0 } else { 1.5 };
    let line = Stroke::new(width, palette.accent);
    painter.vline(x, tag.bottom()..=bottom, line);
    let fill = if active {
        palette.accent_soft
    } else {
        palette.card
    };
    painter.rect(
        tag,
        5,
        fill,
        Stroke::new(1.5, palette.accent),
        StrokeKind::Inside,
    );
    painter.text(
        tag.center(),
        egui::Align2::CENTER_CENTER,
        text,
        font::caption_medium(),
        palette.accent,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_on_one_spot_get_a_row_each() {
        assert_eq!(
            rows(&[(10.0, 20.0), (60.0, 20.0), (110.0, 20.0)]),
            [0, 0, 0]
        );
        assert_eq!(rows(&[(10.0, 20.0), (10.0, 20.0), (12.0, 20.0)]), [0, 1, 2]);
        assert_eq!(rows(&[(10.0, 20.0), (25.0, 20.0), (50.0, 20.0)]), [0, 1, 0]);
        assert_eq!(rows(&[(10.0, 20.0); 5]), [0, 1, 2, 3, 3]);
    }

    #[test]
    fn typed_numbers_are_read_as_meant() {
        assert_eq!(number(" 1,234.5 "), Some(1_234.5));
        assert_eq!(number("1,234"), Some(1_234.0));
        assert_eq!(number("57,5"), Some(57.5));
        assert_eq!(number("1 234"), Some(1_234.0));
        assert_eq!(number("−3"), Some(-3.0));
        assert_eq!(number("many"), None);
        assert_eq!(number("inf"), None);
    }
}
