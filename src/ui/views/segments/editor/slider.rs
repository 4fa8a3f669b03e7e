//! The slider of a rule's threshold: along the same axis as the quantity's distribution.

use egui::{
    CursorIcon, EventFilter, Id, Key, Rangef, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::{
    theme::Palette,
    views::segments::cuts::axis::{Axis, snapped, step},
};

/// What a slider sets.
pub struct Slider<'a> {
    pub id: Id,
    pub value: f64,
    pub whole: bool,
    /// "VIP, days since last order at most": its name for screen readers.
    pub name: &'a str,
}

/// Draws the slider over `width`; `axis` makes the axis between two columns. Returns the value it was
/// moved to. Arrows move it by a step, with Shift by ten.
pub fn slider_ui(
    ui: &mut Ui,
    palette: &Palette,
    slider: &Slider<'_>,
    width: f32,
    axis: impl FnOnce(Rangef) -> Option<Axis>,
) -> Option<f64> {
    let (rect, _) = ui.allocate_exact_size(vec2(width, 28.0), Sense::hover());
    let response = ui.interact(rect, slider.id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::slider(true, slider.value, slider.name));
    let response = response.on_hover_cursor(CursorIcon::ResizeHorizontal);
    let columns = Rangef::new(rect.left() + 8.0, rect.right() - 8.0);
    let axis = axis(columns)?;
    let x = axis.x(slider.value).max(columns.min).min(columns.max);
    paint(ui, palette, (rect, columns, x), &response);
    if response.drag_started() || response.clicked() {
        response.request_focus();
    }
    let pointed = response
        .interact_pointer_pos()
        .filter(|_| response.dragged() || response.clicked())
        .map(|pointer| snapped(axis.value(pointer.x), slider.whole));
    pointed
        .or_else(|| stepped(ui, slider, &response))
        .filter(|value| *value != slider.value)
}

fn stepped(ui: &Ui, slider: &Slider<'_>, response: &egui::Response) -> Option<f64> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let (steps, shift) = ui.input(|input| {
        let times = |key: Key| input.num_presses(key) as f64;
        (
            times(Key::ArrowRight) - times(Key::ArrowLeft),
            input.modifiers.shift,
        )
    });
    let size = step(slider.value, slider.whole) * if shift { 10.0 } else { 1.0 };
    (steps != 0.0).then(|| snapped(slider.value + steps * size, slider.whole))
}

fn paint(
    ui: &Ui,
    palette: &Palette,
    (rect, columns, x): (Rect, Rangef, f32),
    response: &egui::Response,
) {
    let painter = ui.painter();
    let y = rect.center().y;
    let track = |from: f32, to: f32| Rect::from_min_max(pos2(from, y - 2.0), pos2(to, y + 2.0));
    painter.rect_filled(track(columns.min, columns.max), 2, palette.hairline);
    let active = response.hovered() || response.dragged() || response.has_focus();
    let radius = if active { 7.0 } else { 6.0 };
    painter.circle(
        pos2(x, y),
        radius,
        palette.card,
        Stroke::new(2.0, palette.accent),
    );
    if response.has_focus() {
        painter.circle_stroke(pos2(x, y), radius + 3.0, Stroke::new(1.5, palette.accent));
    }
}
