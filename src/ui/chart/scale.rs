//! Axis scales: round ticks that cover the data, and how their values are written.

use crate::format;

/// What an axis or a series counts; decides how its numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit<'a> {
    /// Whole things: customers, orders.
    Count,
    /// A plain number.
    Number,
    /// Money with this currency sign (may be empty).
    Money(&'a str),
    /// A share in 0…1, written as a percentage.
    Share,
    /// Whole days.
    Days,
}

impl Unit<'_> {
    /// A value as it stands in tooltips and sentences.
    #[must_use]
    pub fn text(self, value: f64) -> String {
        match self {
            Self::Count => format::signed_integer(value.round() as i64),
            Self::Number => format::number(value),
            Self::Money(currency) => format::money(value, currency),
            Self::Share => format::percent(value),
            Self::Days => format::count(value.round().max(0.0) as u64, "day", "days"),
        }
    }

    /// A value as it stands at an axis whose ticks are `step` apart.
    #[must_use]
    pub fn tick(self, value: f64, step: f64) -> String {
        match self {
            Self::Share => format::tick_percent(value, step),
            _ => format::tick(value, step),
        }
    }

    /// The smallest step between ticks: whole things have no half ticks.
    fn least_step(self) -> f64 {
        match self {
            Self::Count | Self::Days => 1.0,
            Self::Number | Self::Money(_) | Self::Share => 0.0,
        }
    }
}

/// A linear axis from `min` to `max` with ticks every `step`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub min: f64,
    pub max: f64,
    pub step: f64,
}

impl Scale {
    /// The smallest scale with about `target` round steps (1, 2, 2.5 or 5 times a power of ten) that
    /// holds 0, `low` and `high`.
    #[must_use]
    pub fn covering(low: f64, high: f64, target: usize, unit: Unit<'_>) -> Self {
        let low = if low.is_finite() { low.min(0.0) } else { 0.0 };
        let high = if high.is_finite() { high.max(0.0) } else { 0.0 };
        let span = if high - low > 0.0 { high - low } else { 1.0 };
        let step = round_up(span / target.max(1) as f64).max(unit.least_step());
        let max = (high / step - 1e-9).ceil() * step;
        let min = (low / step + 1e-9).floor() * step;
        Self {
            min: min.min(0.0),
            max: if max > min { max } else { min + step },
            step,
        }
    }

    /// All tick values, `min` first.
    #[must_use]
    pub fn ticks(&self) -> Vec<f64> {
        let count = ((self.max - self.min) / self.step).round().max(0.0) as usize;
        (0..=count)
            .map(|index| {
                let value = self.min + index as f64 * self.step;
                // Floating steps leave dust around zero.
                if value.abs() < self.step * 1e-9 {
                    0.0
                } else {
                    value
                }
            })
            .collect()
    }

    /// Where a value stands: 0 at `min`, 1 at `max`.
    #[must_use]
    pub fn share(&self, value: f64) -> f32 {
        ((value - self.min) / (self.max - self.min)) as f32
    }
}

/// The next of 1, 2, 2.5, 5 times a power of ten at or above `raw`.
fn round_up(raw: f64) -> f64 {
    if !(raw.is_finite() && raw > 0.0) {
        return 1.0;
    }
    let power = 10_f64.powf(raw.log10().floor());
    let leading = raw / power;
    let nice = [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .find(|&step| leading <= step * (1.0 + 1e-9));
    nice.unwrap_or(10.0) * power
}

/// Every how many categories a label can stand: the smallest of `steps` whose labels fit into
/// `width` pixels when each needs `label_width`.
#[must_use]
pub fn stride(categories: usize, width: f32, label_width: f32) -> usize {
    const STEPS: [usize; 12] = [1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240, 480];
    if categories == 0 || width <= 0.0 {
        return 1;
    }
    let slot = width / categories as f32;
    STEPS
        .into_iter()
        .find(|&step| slot * step as f32 >= label_width)
        .unwrap_or_else(|| (label_width / slot).ceil() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_cover_the_data() {
        let scale = Scale::covering(0.0, 360_101.0, 4, Unit::Money(""));
        assert_eq!(
            scale,
            Scale {
                min: 0.0,
                max: 400_000.0,
                step: 100_000.0
            }
        );
        assert_eq!(
            scale.ticks(),
            [0.0, 100_000.0, 200_000.0, 300_000.0, 400_000.0]
        );
        let scale = Scale::covering(0.0, 0.148, 4, Unit::Share);
        assert_eq!(scale.step, 0.05);
        assert!((scale.max - 0.15).abs() < 1e-12);
        let scale = Scale::covering(-30.0, 95.0, 4, Unit::Number);
        assert_eq!((scale.min, scale.max, scale.step), (-50.0, 100.0, 50.0));
        assert!((scale.share(25.0) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn counts_have_no_half_ticks_and_nothing_is_divided_by_zero() {
        assert_eq!(Scale::covering(0.0, 2.0, 4, Unit::Count).step, 1.0);
        let empty = Scale::covering(f64::NAN, 0.0, 4, Unit::Number);
        assert!(empty.max > empty.min && empty.ticks().len() >= 2);
    }

    #[test]
    fn labels_are_thinned_to_what_fits() {
        assert_eq!(stride(18, 900.0, 60.0), 2);
        assert_eq!(stride(18, 1_200.0, 60.0), 1);
        assert_eq!(stride(120, 600.0, 60.0), 12);
    }
}
