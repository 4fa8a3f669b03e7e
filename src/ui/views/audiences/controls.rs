//! Small controls of the view: a labelled slider that shows its value, buttons in house style, and a
//! few lines of text.

use egui::{
    Align2, EventFilter, Key, Response, RichText, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

use crate::theme::{Palette, font, gap};

/// A number a person may drag.
#[derive(Clone, Copy, Debug)]
pub struct Slider<'a> {
    /// What it is: "Least chance of still being a customer".
    pub label: &'a str,
    pub value: f64,
    pub range: (f64, f64),
    /// Values are multiples of this; an arrow key moves by it.
    pub step: f64,
    /// The value in words: "50 %".
    pub text: &'a str,
}

const HEIGHT: f32 = 40.0;
const HANDLE: f32 = 6.0;

/// Draws the slider over the available width; returns the value it was moved to.
pub fn slider_ui(ui: &mut Ui, palette: &Palette, slider: Slider<'_>) -> Option<f64> {
    let size = vec2(ui.available_width(), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let (low, high) = slider.range;
    response.widget_info(|| {
        let mut info = WidgetInfo::slider(ui.is_enabled(), slider.value, slider.label);
        info.current_text_value = Some(slider.text.to_owned());
        info
    });
    let track = rect.bottom() - 10.0;
    let (left, right) = (rect.left() + HANDLE, rect.right() - HANDLE);
    let moved = moved(ui, &response, slider, (left, right));
    let share = ((slider.value - low) / (high - low)).clamp(0.0, 1.0) as f32;
    let x = left + share * (right - left);
    let painter = ui.painter();
    let text = |at, anchor, words: &str, color| {
        painter.text(at, anchor, words, font::caption(), color);
    };
    text(
        rect.left_top(),
        Align2::LEFT_TOP,
        slider.label,
        palette.muted,
    );
    text(
        rect.right_top(),
        Align2::RIGHT_TOP,
        slider.text,
        palette.text,
    );
    painter.hline(left..=right, track, Stroke::new(4.0, palette.hairline));
    painter.hline(left..=x, track, Stroke::new(4.0, palette.accent));
    let radius = if response.hovered() || response.dragged() {
        HANDLE + 1.0
    } else {
        HANDLE
    };
    let ring = if response.has_focus() { 3.0 } else { 2.0 };
    painter.circle(
        pos2(x, track),
        radius,
        palette.card,
        Stroke::new(ring, palette.accent),
    );
    moved
}

fn moved(
    ui: &Ui,
    response: &Response,
    slider: Slider<'_>,
    (left, right): (f32, f32),
) -> Option<f64> {
    let (low, high) = slider.range;
    let settle = |value: f64| ((value / slider.step).round() * slider.step).clamp(low, high);
    let mut value = slider.value;
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked())
    {
        let share = f64::from(((pointer.x - left) / (right - left)).clamp(0.0, 1.0));
        value = settle(low + share * (high - low));
    }
    if response.has_focus() {
        ui.memory_mut(|memory| {
            let filter = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            memory.set_focus_lock_filter(response.id, filter);
        });
        let steps = ui.input(|input| {
            f64::from(i32::from(input.key_pressed(Key::ArrowRight)))
                - f64::from(i32::from(input.key_pressed(Key::ArrowLeft)))
        });
        if steps != 0.0 {
            value = settle(value + steps * slider.step);
        }
    }
    ((value - slider.value).abs() > slider.step * 1e-6).then_some(value)
}

/// A slider over a share 0…1 in whole percents.
pub fn share_ui(ui: &mut Ui, palette: &Palette, label: &str, value: f64) -> Option<f64> {
    let text = format!("{:.0} %", value * 100.0);
    slider_ui(
        ui,
        palette,
        Slider {
            label,
            value,
            range: (0.0, 1.0),
            step: 0.01,
            text: &text,
        },
    )
}

/// The one button a page wants pressed.
pub fn primary_ui(ui: &mut Ui, palette: &Palette, text: &str) -> Response {
    let words = RichText::new(text)
        .font(font::body_medium())
        .color(palette.card);
    ui.add(egui::Button::new(words).fill(palette.accent))
}

/// A quiet button.
pub fn button_ui(ui: &mut Ui, palette: &Palette, text: &str) -> Response {
    let words = RichText::new(text)
        .font(font::body_medium())
        .color(palette.text);
    ui.add(egui::Button::new(words))
}

/// Running text in the muted colour, wrapped.
pub fn note_ui(ui: &mut Ui, palette: &Palette, text: &str) {
    let words = RichText::new(text).font(font::body()).color(palette.muted);
    ui.add(egui::Label::new(words).wrap());
}

/// A figure with its name above it.
pub fn figure_ui(ui: &mut Ui, palette: &Palette, (label, figure): (&str, &str)) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let name = RichText::new(label)
            .font(font::caption())
            .color(palette.muted);
        ui.add(egui::Label::new(name).extend());
        let value = RichText::new(figure)
            .font(font::card_title())
            .color(palette.text);
        ui.add(egui::Label::new(value).extend());
    });
}

/// A heading inside a card.
pub fn heading_ui(ui: &mut Ui, palette: &Palette, text: &str) -> Response {
    ui.add_space(gap::XS);
    ui.label(
        RichText::new(text)
            .font(font::body_medium())
            .color(palette.text),
    )
}

/// An outline in the accent colour around what has the keyboard.
pub fn focus_ring(ui: &Ui, palette: &Palette, response: &Response) {
    if response.has_focus() {
        let stroke = Stroke::new(2.0, palette.accent);
        ui.painter()
            .rect_stroke(response.rect, 6, stroke, StrokeKind::Inside);
    }
}
