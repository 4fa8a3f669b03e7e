//! Values along a panel: linear or logarithmic, with round ticks and values that round to themselves.

use egui::Rangef;

use crate::chart::scale::{BELOW, Sight, Unit, number_ticks};
use analysis::distribution::Distribution;

/// Room left of a logarithmic axis for values that have no logarithm.
const BESIDE: f32 = 14.0;

/// Where values stand on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    log: bool,
    low: f64,
    high: f64,
    /// Screen columns of `low` and `high`.
    span: Rangef,
    /// Column left of which values at or below zero stand; equal to the left end without any.
    pub left: f32,
}

impl Axis {
    /// An axis over a distribution; `None` without customers.
    #[must_use]
    pub fn new(spread: &Distribution, columns: Rangef) -> Option<Self> {
        let (low, high) = (*spread.edges.first()?, *spread.edges.last()?);
        let beside = if spread.not_positive > 0 { BESIDE } else { 0.0 };
        Some(Self {
            log: spread.log,
            low,
            high,
            span: Rangef::new(columns.min + beside, columns.max),
            left: columns.min,
        })
    }

    /// A linear axis between two values.
    #[must_use]
    pub fn plain(low: f64, high: f64, columns: Rangef) -> Self {
        Self {
            log: false,
            low,
            high,
            span: columns,
            left: columns.min,
        }
    }

    /// Screen column of a value; values beyond the ends stand at the ends.
    #[must_use]
    pub fn x(&self, value: f64) -> f32 {
        if self.log && value <= 0.0 {
            return self.left;
        }
        let place = |value: f64| if self.log { value.ln() } else { value };
        let (low, high) = (place(self.low), place(self.high));
        let share = if high > low {
            (place(value) - low) / (high - low)
        } else {
            0.5
        };
        self.span.min + self.span.span() * share.clamp(0.0, 1.0) as f32
    }

    /// Value at a screen column.
    #[must_use]
    pub fn value(&self, x: f32) -> f64 {
        if self.span.span() <= 0.0 {
            return self.low;
        }
        let share = f64::from((x - self.span.min) / self.span.span());
        if self.log && share < 0.0 {
            // Beside the axis: everybody with anything passes.
            return 0.0;
        }
        let share = share.clamp(0.0, 1.0);
        if self.log {
            self.low * (self.high / self.low).powf(share)
        } else {
            self.low + (self.high - self.low) * share
        }
    }

    /// Round values inside the axis, at least `apart` columns from one another.
    #[must_use]
    pub fn ticks(&self, apart: f32) -> Vec<f64> {
        let candidates = if self.log {
            decades(self.low, self.high)
        } else {
            let wanted = (self.span.span() / apart.max(1.0)).clamp(1.0, 6.0);
            let reach = (self.high - self.low) * f64::from(5.0 / wanted).max(1.0);
            let five = Sight {
                low: self.low,
                high: self.low + reach,
                points: 5.0 * BELOW,
            };
            let ticks = number_ticks(five, BELOW, Unit::Number);
            ticks.into_iter().map(|tick| tick.at).collect()
        };
        let mut shown: Vec<f64> = Vec::new();
        for tick in candidates {
            let inside = (self.low..=self.high).contains(&tick);
            let far = shown
                .last()
                .is_none_or(|&last| self.x(tick) - self.x(last) >= apart);
            if inside && far {
                shown.push(tick);
            }
        }
        shown
    }
}

/// 1, 2 and 5 times every power of ten between two positive values.
fn decades(low: f64, high: f64) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    (first..=last)
        .flat_map(|power| [1.0, 2.0, 5.0].map(|factor| factor * 10_f64.powi(power)))
        .collect()
}

/// A value as it is set by dragging: whole numbers, or three digits of money.
#[must_use]
pub fn snapped(value: f64, whole: bool) -> f64 {
    if whole {
        return value.round();
    }
    let step = step(value, whole) / 10.0;
    let snapped = (value / step).round() * step;
    // 12.300000000000001 is 12.3.
    (snapped * 1e6).round() / 1e6
}

/// By how much an arrow key moves a value: 1, or one in the second digit of money.
#[must_use]
pub fn step(value: f64, whole: bool) -> f64 {
    if whole {
        return 1.0;
    }
    let magnitude = value.abs().max(0.1).log10().floor() as i32;
    10_f64.powi(magnitude - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(log: bool, low: f64, high: f64, not_positive: u64) -> Distribution {
        Distribution {
            log,
            edges: vec![low, high],
            counts: vec![1],
            not_positive,
            least: low,
            most: high,
        }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-3 * b.abs().max(1.0)
    }

    #[test]
    fn columns_and_values_are_each_others_inverse() {
        for (log, beside) in [(false, 0), (true, 0), (true, 3)] {
            let axis = Axis::new(&spread(log, 1.0, 1_000.0, beside), Rangef::new(10.0, 310.0));
            let axis = axis.unwrap();
            for value in [1.0, 3.0, 50.0, 1_000.0] {
                assert!(close(axis.value(axis.x(value)), value), "{log} {value}");
            }
            // Beyond the ends is at the ends.
            assert_eq!(axis.x(5_000.0), 310.0);
        }
    }

    #[test]
    fn equal_factors_are_equal_distances_on_a_logarithmic_axis() {
        let axis = Axis::new(&spread(true, 1.0, 1_000.0, 0), Rangef::new(0.0, 300.0)).unwrap();
        assert!((axis.x(10.0) - 100.0).abs() < 1e-3 && (axis.x(100.0) - 200.0).abs() < 1e-3);
        assert_eq!(axis.ticks(80.0), [1.0, 10.0, 100.0, 1_000.0]);
        assert_eq!(axis.ticks(20.0)[..4], [1.0, 2.0, 5.0, 10.0]);
    }

    #[test]
    fn values_beside_the_axis_are_zero() {
        let axis = Axis::new(&spread(true, 1.0, 100.0, 5), Rangef::new(0.0, 214.0)).unwrap();
        assert_eq!(axis.x(0.0), 0.0);
        assert_eq!(axis.x(1.0), BESIDE);
        assert_eq!(axis.value(3.0), 0.0);
    }

    #[test]
    fn dragged_values_are_round() {
        assert_eq!(snapped(57.36, true), 57.0);
        assert_eq!(snapped(57.36, false), 57.4);
        assert_eq!(snapped(1_234.5, false), 1_230.0);
        assert_eq!(snapped(0.0, false), 0.0);
        assert_eq!((step(57.0, false), step(1_234.0, false)), (1.0, 100.0));
    }
}
