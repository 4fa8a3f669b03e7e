//! Small parts of the frame: the product mark, buttons, chips, progress bars.

use std::f32::consts::TAU;

use egui::{
    Align2, Color32, FontId, Frame, Margin, Painter, Pos2, Rect, Response, Sense, Shape, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

use crate::theme::{Palette, RADIUS, font, gap};

/// The mark's ring, in turns from three o'clock, negative = anticlockwise.
const FROM: f32 = -0.02;
const TO: f32 = -0.84;
const STEPS: usize = 40;

/// The product's mark: a customer who goes and comes back, as a ring that ends in an arrow.
pub fn paint_logo(painter: &Painter, rect: Rect, palette: &Palette) {
    let side = rect.width();
    painter.rect_filled(rect, side * 0.25, palette.accent);
    let ink = if palette.dark {
        palette.canvas
    } else {
        Color32::WHITE
    };
    let centre = rect.center();
    let radius = side * 0.27;
    let stroke = Stroke::new(side * 0.09, ink);
    let at = |turn: f32| {
        let angle = turn * TAU;
        centre + radius * vec2(angle.cos(), angle.sin())
    };
    let arc = (0..=STEPS)
        .map(|step| at(FROM + (TO - FROM) * step as f32 / STEPS as f32))
        .collect();
    painter.add(Shape::line(arc, stroke));
    let tip = at(FROM) + vec2(side * 0.01, side * 0.12);
    let wing = side * 0.115;
    painter.add(Shape::convex_polygon(
        vec![
            tip,
            tip + vec2(-wing, -wing * 1.25),
            tip + vec2(wing, -wing * 1.25),
        ],
        ink,
        Stroke::NONE,
    ));
    painter.circle_filled(centre, side * 0.075, ink);
}

/// The frame of a window in front of the page.
pub fn window_frame(palette: &Palette, margin: i8) -> Frame {
    Frame::new()
        .fill(palette.card)
        .stroke(Stroke::new(1.0, palette.hairline))
        .corner_radius(RADIUS + 2)
        .shadow(egui::Shadow {
            offset: [0, 12],
            blur: 32,
            spread: 0,
            color: Color32::from_black_alpha(60),
        })
        .inner_margin(Margin::same(margin))
}

/// How loud a button is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loudness {
    /// The one thing to do next.
    Primary,
    Plain,
    /// Text only; for dismissals inside notices and bars.
    Quiet,
}

/// Height of a button that is not quiet.
pub const BUTTON_HEIGHT: f32 = 36.0;

/// A button with an optional icon before its text.
pub fn button_ui(
    ui: &mut Ui,
    palette: &Palette,
    icon: Option<Icon>,
    text: &str,
    loudness: Loudness,
) -> Response {
    let tall = loudness != Loudness::Quiet;
    let (height, padding) = if tall {
        (BUTTON_HEIGHT, 14.0)
    } else {
        (24.0, 8.0)
    };
    let font_id = if tall {
        font::body_medium()
    } else {
        font::caption_medium()
    };
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font_id, Color32::PLACEHOLDER);
    let icon_width = if icon.is_some() { 24.0 } else { 0.0 };
    let size = vec2(galley.size().x + icon_width + 2.0 * padding, height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));
    if ui.is_rect_visible(rect) {
        let (fill, line, ink) = button_colors(palette, loudness, &response);
        let painter = ui.painter();
        painter.rect(rect, 6, fill, line, StrokeKind::Inside);
        focus_ring(painter, rect, 6, palette, &response);
        let mut x = rect.left() + padding;
        if let Some(icon) = icon {
            painter.text(
                pos2(x + 8.0, rect.center().y),
                Align2::CENTER_CENTER,
                icon.unicode(),
                font::icon(16.0),
                ink,
            );
            x += icon_width;
        }
        let top = rect.center().y - galley.size().y / 2.0;
        painter.galley_with_override_text_color(pos2(x, top), galley, ink);
    }
    response
}

fn button_colors(
    palette: &Palette,
    loudness: Loudness,
    response: &Response,
) -> (Color32, Stroke, Color32) {
    let pressed = response.is_pointer_button_down_on();
    let hovered = response.hovered();
    match loudness {
        Loudness::Primary => {
            let fill = match (pressed, hovered) {
                (true, _) => palette.tint(palette.accent, 0.80),
                (_, true) => palette.tint(palette.accent, 0.90),
                _ => palette.accent,
            };
            (fill, Stroke::NONE, Palette::text_on(palette.accent))
        }
        Loudness::Plain => {
            let fill = match (pressed, hovered) {
                (true, _) => palette.accent_soft,
                (_, true) => palette.hover,
                _ => palette.card,
            };
            let line = if hovered {
                palette.faint
            } else {
                palette.hairline
            };
            (fill, Stroke::new(1.0, line), palette.text)
        }
        Loudness::Quiet => {
            let fill = if hovered {
                palette.hover
            } else {
                Color32::TRANSPARENT
            };
            (fill, Stroke::NONE, palette.accent)
        }
    }
}

/// Keyboard focus, the same everywhere.
pub fn focus_ring(
    painter: &Painter,
    rect: Rect,
    radius: u8,
    palette: &Palette,
    response: &Response,
) {
    if response.has_focus() {
        painter.rect_stroke(
            rect.expand(2.0),
            radius + 2,
            Stroke::new(2.0, palette.accent),
            StrokeKind::Inside,
        );
    }
}

/// A bar that fills from left to right; a quarter wanders by `phase` (0…1) while the total is unknown.
pub fn progress_ui(ui: &mut Ui, palette: &Palette, size: Vec2, share: Option<f32>) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, "Progress");
        info.value = share.map(f64::from);
        info
    });
    let radius = size.y / 2.0;
    let painter = ui.painter();
    painter.rect_filled(rect, radius, palette.hairline);
    let filled = if let Some(share) = share {
        let width = (rect.width() * share.clamp(0.0, 1.0)).max(size.y);
        Rect::from_min_size(rect.min, vec2(width, size.y))
    } else {
        let phase = ((ui.input(|input| input.time) / 1.4).fract()) as f32;
        let width = rect.width() * 0.25;
        let left = rect.left() + (rect.width() - width) * (0.5 - 0.5 * (phase * TAU).cos());
        Rect::from_min_size(pos2(left, rect.top()), vec2(width, size.y))
    };
    painter.rect_filled(filled, radius, palette.accent);
}

/// A row of a menu; closes the menu when clicked. `name` is what screen readers say.
pub fn row_button_ui(ui: &mut Ui, palette: &Palette, words: (Icon, &str), name: &str) -> Response {
    let response = action_row_ui(ui, palette, words, (Role::MenuItem, name));
    if response.clicked() {
        ui.close();
    }
    response
}

/// A quiet button over the full width: icon and text.
pub fn action_row_ui(
    ui: &mut Ui,
    palette: &Palette,
    (icon, text): (Icon, &str),
    (role, name): (Role, &str),
) -> Response {
    let size = vec2(ui.available_width(), 30.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(role, ui.is_enabled(), name));
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 6, palette.hover);
    }
    focus_ring(painter, rect.shrink(2.0), 4, palette, &response);
    let y = rect.center().y;
    icon_at(
        painter,
        pos2(rect.left() + 16.0, y),
        icon,
        16.0,
        palette.muted,
    );
    let text = fitted_text(painter, text, &font::body(), rect.width() - 42.0);
    painter.text(
        pos2(rect.left() + 34.0, y),
        Align2::LEFT_CENTER,
        text,
        font::body(),
        palette.text,
    );
    response
}

pub fn icon_at(painter: &Painter, centre: Pos2, icon: Icon, size: f32, color: Color32) {
    painter.text(
        centre,
        Align2::CENTER_CENTER,
        icon.unicode(),
        font::icon(size),
        color,
    );
}

/// A line of text cut with "…" where it would be wider than `width`.
pub fn fitted_text(painter: &Painter, text: &str, font_id: &FontId, width: f32) -> String {
    let measure = |text: &str| {
        painter
            .layout_no_wrap(text.to_owned(), font_id.clone(), Color32::PLACEHOLDER)
            .size()
            .x
    };
    if measure(text) <= width {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let fits = |count: usize| {
        let cut: String = letters[..count].iter().collect();
        measure(&format!("{}…", cut.trim_end())) <= width
    };
    let counts: Vec<usize> = (0..=letters.len()).collect();
    let count = counts
        .partition_point(|&count| fits(count))
        .saturating_sub(1);
    let cut: String = letters[..count].iter().collect();
    format!("{}…", cut.trim_end())
}

/// A thin vertical line between groups of the top bar.
pub fn divider_ui(ui: &mut Ui, palette: &Palette) {
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, 24.0), Sense::hover());
    ui.painter().vline(
        rect.center().x,
        rect.y_range(),
        Stroke::new(1.0, palette.hairline),
    );
    ui.add_space(gap::XS);
}
