//! The plot area every own-painted chart stands in: quiet horizontal grid, formatted ticks, axis
//! titles with their unit, and the way from a value to a pixel.

use egui::{Align2, Color32, Painter, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::scale::{Scale, Unit};
use crate::theme::{Palette, font};

/// Height of a line of caption text.
const CAPTION_HEIGHT: f32 = 16.0;

/// What the axes say.
#[derive(Clone, Copy, Debug)]
pub struct Axes<'a> {
    pub x_title: &'a str,
    /// Stands above the axis, so that nobody has to tilt the head.
    pub y_title: &'a str,
    pub unit: Unit<'a>,
}

/// A laid-out plot area.
#[derive(Clone, Debug)]
pub struct Plane {
    /// Where values are drawn, without ticks and titles.
    pub area: Rect,
    pub y: Scale,
    outer: Rect,
}

impl Plane {
    /// Leaves room around `outer` for ticks and titles and fits a scale to `low`…`high`.
    #[must_use]
    pub fn layout(ui: &Ui, outer: Rect, axes: &Axes<'_>, (low, high): (f64, f64)) -> Self {
        let target = ((outer.height() / 48.0).round() as usize).clamp(2, 6);
        let y = Scale::covering(low, high, target, axes.unit);
        let widest = y
            .ticks()
            .into_iter()
            .map(|value| text_width(ui, &axes.unit.tick(value, y.step)))
            .fold(0.0, f32::max);
        let top = if axes.y_title.is_empty() {
            CAPTION_HEIGHT / 2.0
        } else {
            CAPTION_HEIGHT + 10.0
        };
        let bottom = if axes.x_title.is_empty() { 1.0 } else { 2.0 } * CAPTION_HEIGHT + 6.0;
        let area = Rect::from_min_max(
            outer.min + vec2((widest + 10.0).ceil(), top),
            outer.max - vec2(2.0, bottom),
        );
        Self { area, y, outer }
    }

    /// Pixel height of a value.
    #[must_use]
    pub fn y_of(&self, value: f64) -> f32 {
        self.area.bottom() - self.y.share(value) * self.area.height()
    }

    /// Pixel of a share of the width, 0 = left.
    #[must_use]
    pub fn x_of(&self, share: f32) -> f32 {
        self.area.left() + share * self.area.width()
    }

    /// Grid lines, y ticks and both titles.
    pub fn paint(&self, ui: &Ui, palette: &Palette, axes: &Axes<'_>) {
        let painter = ui.painter();
        let crisp = |y: f32| painter.round_to_pixel_center(y);
        for value in self.y.ticks() {
            let y = self.y_of(value);
            let color = if value == 0.0 {
                palette.faint
            } else {
                palette.hairline
            };
            painter.hline(self.area.x_range(), crisp(y), Stroke::new(1.0, color));
            painter.text(
                pos2(self.area.left() - 8.0, y),
                Align2::RIGHT_CENTER,
                axes.unit.tick(value, self.y.step),
                font::caption(),
                palette.muted,
            );
        }
        painter.text(
            self.outer.left_top(),
            Align2::LEFT_TOP,
            axes.y_title,
            font::caption(),
            palette.muted,
        );
        painter.text(
            pos2(self.area.center().x, self.outer.bottom()),
            Align2::CENTER_BOTTOM,
            axes.x_title,
            font::caption(),
            palette.muted,
        );
    }

    /// A label below the axis, centred at `x` but never over the edges of the chart.
    pub fn x_label(&self, ui: &Ui, palette: &Palette, x: f32, text: &str) {
        let half = text_width(ui, text) / 2.0;
        let x = x
            .min(self.outer.right() - half)
            .max(self.outer.left() + half);
        ui.painter().text(
            pos2(x, self.area.bottom() + 6.0),
            Align2::CENTER_TOP,
            text,
            font::caption(),
            palette.muted,
        );
    }
}

/// Width of a caption text in points.
#[must_use]
pub fn text_width(ui: &Ui, text: &str) -> f32 {
    ui.painter()
        .layout_no_wrap(text.to_owned(), font::caption(), Color32::PLACEHOLDER)
        .size()
        .x
}

/// Fills a rectangle with rising diagonal lines, `spacing` points apart.
pub fn hatch(painter: &Painter, rect: Rect, stroke: Stroke, spacing: f32) {
    if !rect.is_positive() {
        return;
    }
    // Lines x + y = c, anchored to the screen so that neighbouring rectangles line up.
    let first = ((rect.left() + rect.top()) / spacing).ceil() * spacing;
    let last = rect.right() + rect.bottom();
    let count = ((last - first) / spacing).floor().max(0.0) as usize;
    for index in 0..=count {
        let sum = first + index as f32 * spacing;
        let (left, right) = (
            rect.left().max(sum - rect.bottom()),
            rect.right().min(sum - rect.top()),
        );
        if left < right {
            painter.add(Shape::line_segment(
                [pos2(left, sum - left), pos2(right, sum - right)],
                stroke,
            ));
        }
    }
}
