//! What colours stand for: the segments, or the predicted value.

use egui::{Align2, Color32, Mesh, Painter, Pos2, Rect, Sense, Shape, Ui, pos2, vec2};

use crate::{
    cx::Cx,
    format,
    theme::{Palette, font, gap},
    widgets::segmented::segmented_ui,
};

const KEY_HEIGHT: f32 = 20.0;
const RAMP: f32 = 120.0;
const STEPS: usize = 24;

/// What colours stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Each segment its own colour; many customers in one place: how many.
    #[default]
    Segments,
    /// Mean predicted value per customer.
    Predicted,
}

impl Colour {
    /// Name in scenes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Segments => "segments",
            Self::Predicted => "predicted",
        }
    }

    /// The other way round of [`Self::name`].
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = [Self::Segments, Self::Predicted].into_iter();
        all.find(|colour| colour.name() == name)
    }
}

/// The switch between the two; nothing without predictions.
pub fn switch_ui(ui: &mut Ui, cx: &Cx<'_>, colour: &mut Colour) {
    if cx.shop.outlook.is_none() && *colour == Colour::Segments {
        return;
    }
    let choices = [
        (Colour::Segments, "Segments"),
        (Colour::Predicted, "Predicted value"),
    ];
    if let Some(chosen) = segmented_ui(ui, cx.palette, "Colour by", &choices, *colour) {
        *colour = chosen;
    }
}

/// A scale from predicted values to colours: amounts by their logarithm, chances as they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shades {
    low: f64,
    high: f64,
    chance: bool,
}

impl Shades {
    /// The scale that covers these values; `None` without any.
    #[must_use]
    pub fn covering(values: impl Iterator<Item = f64>, chance: bool) -> Option<Self> {
        let nothing = (f64::INFINITY, f64::NEG_INFINITY);
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold(nothing, |(low, high), value| {
                (low.min(value), high.max(value))
            });
        (low <= high).then_some(Self { low, high, chance })
    }

    /// Place of a value on the scale, 0…1; the middle where all are equal.
    #[must_use]
    pub fn share(&self, value: f64) -> f32 {
        let at = |value: f64| {
            if self.chance {
                value
            } else {
                value.max(0.0).ln_1p()
            }
        };
        let (low, high) = (at(self.low), at(self.high));
        if high > low {
            ((at(value) - low) / (high - low)).clamp(0.0, 1.0) as f32
        } else {
            0.5
        }
    }

    #[must_use]
    pub fn color(&self, palette: &Palette, value: f64) -> Color32 {
        palette.sequential(self.share(value))
    }

    /// A predicted value in words.
    #[must_use]
    pub fn words(chance: bool, value: f64, currency: &str) -> String {
        if chance {
            format::percent(value)
        } else {
            format::money_exact(value, currency)
        }
    }

    /// The scale itself, in a line of its own.
    pub fn key_ui(&self, ui: &mut Ui, cx: &Cx<'_>) {
        let size = vec2(ui.available_width(), KEY_HEIGHT);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let painter = ui.painter();
        let words = |value| Self::words(self.chance, value, &cx.project.currency);
        let middle = rect.center().y;
        let text = |at: Pos2, align: Align2, text: String| {
            painter.text(at, align, text, font::caption(), cx.palette.muted)
        };
        let at = pos2(rect.right(), middle);
        let high = text(at, Align2::RIGHT_CENTER, words(self.high));
        let right = high.left() - gap::S;
        let ramp = Rect::from_min_max(pos2(right - RAMP, middle - 4.0), pos2(right, middle + 4.0));
        Self::ramp(painter, cx.palette, ramp);
        let at = pos2(ramp.left() - gap::S, middle);
        let low = text(at, Align2::RIGHT_CENTER, words(self.low));
        let title = "Predicted value per customer, mean".to_owned();
        let at = pos2(low.left() - gap::M, middle);
        text(at, Align2::RIGHT_CENTER, title);
    }

    fn ramp(painter: &Painter, palette: &Palette, rect: Rect) {
        let mut mesh = Mesh::default();
        let width = rect.width() / STEPS as f32;
        for step in 0..STEPS {
            let left = rect.left() + width * step as f32;
            let part = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
            let share = (step as f32 + 0.5) / STEPS as f32;
            mesh.add_colored_rect(part, palette.sequential(share));
        }
        painter.add(Shape::mesh(mesh));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_covers_what_is_there() {
        let values = [0.0, f64::NAN, 99.0, 9.0];
        let shades = Shades::covering(values.into_iter(), false).unwrap();
        assert_eq!((shades.share(0.0), shades.share(99.0)), (0.0, 1.0));
        // ln 10 is half of ln 100.
        assert!((shades.share(9.0) - 0.5).abs() < 1e-6);
        let chances = Shades::covering([0.2, 0.6].into_iter(), true).unwrap();
        assert!((chances.share(0.5) - 0.75).abs() < 1e-6);
        assert_eq!(
            Shades::covering([4.0].into_iter(), false)
                .unwrap()
                .share(4.0),
            0.5
        );
        assert_eq!(Shades::covering([f64::NAN].into_iter(), false), None);
    }
}
