//! Axis scales: round ticks that cover the data, and how their values are written.

use crate::format;
use data::day::{Day, Period};

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

    /// The ticks in sight: every `step` while the whole scale is, closer together when zoomed in.
    #[must_use]
    pub fn ticks(&self, sight: Sight, unit: Unit<'_>) -> Vec<Tick> {
        let slack = self.step * 1e-6;
        if sight.low <= self.min + slack && sight.high >= self.max - slack {
            return multiples(sight, self.step, unit);
        }
        let steps = (self.max - self.min) / self.step;
        let step = round_up((sight.high - sight.low) / steps).max(unit.least_step());
        multiples(sight, step.min(self.step), unit)
    }
}

/// A labelled place of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub at: f64,
    pub text: String,
}

/// The stretch of an axis in sight, and its length on the screen in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sight {
    pub low: f64,
    pub high: f64,
    pub points: f32,
}

impl Sight {
    fn holds(self, value: f64) -> bool {
        let slack = (self.high - self.low) * 1e-6;
        (self.low - slack..=self.high + slack).contains(&value)
    }
}

/// Multiples of a step in sight.
fn multiples(sight: Sight, step: f64, unit: Unit<'_>) -> Vec<Tick> {
    /// More ticks than any screen has room for: a stop for odd numbers.
    const MOST: i64 = 200;
    let first = (sight.low / step - 1e-6).ceil() as i64;
    let last = (sight.high / step + 1e-6).floor() as i64;
    (first..=last.min(first.saturating_add(MOST)))
        .map(|number| {
            let at = number as f64 * step;
            let text = unit.tick(at, step);
            Tick { at, text }
        })
        .collect()
}

/// Distance between numbers below a chart, and between those beside it.
pub const BELOW: f32 = 80.0;
pub const BESIDE: f32 = 48.0;

/// Round numbers about `apart` points of the screen from each other.
#[must_use]
pub fn number_ticks(sight: Sight, apart: f32, unit: Unit<'_>) -> Vec<Tick> {
    let target = (sight.points / apart).clamp(2.0, 10.0).floor();
    let step = round_up((sight.high - sight.low) / f64::from(target));
    multiples(sight, step.max(unit.least_step()), unit)
}

/// Powers of ten on an axis of log₁₀; within less than three and a half decades also 2 and 5 times them.
#[must_use]
pub fn log_ticks(sight: Sight) -> Vec<Tick> {
    let leads: &[f64] = if sight.high - sight.low < 3.5 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    let powers = sight.low.floor() as i32..=sight.high.ceil() as i32;
    powers
        .flat_map(|power| leads.iter().map(move |lead| lead * 10.0_f64.powi(power)))
        .map(|value| Tick {
            at: value.log10(),
            text: format::tick(value, value),
        })
        .filter(|tick| sight.holds(tick.at))
        .collect()
}

/// First days of months or years in sight, as many as have room.
#[must_use]
pub fn day_ticks(sight: Sight) -> Vec<Tick> {
    const LABEL_WIDTH: f32 = 76.0;
    let (first, last) = (sight.low.ceil() as Day, sight.high.floor() as Day);
    let (from, to) = (Period::Month.index(first), Period::Month.index(last));
    let room = (sight.points / LABEL_WIDTH).max(1.0) as i32;
    let months = (to - from) + 1;
    let step = [1, 2, 3, 6, 12, 24, 60, 120, 240]
        .into_iter()
        .find(|step| months / step <= room)
        .unwrap_or(600);
    (from..=to)
        .filter(|index| index.rem_euclid(step) == 0)
        .map(|index| {
            let text = if step >= 12 {
                format::period(Period::Year, index.div_euclid(12))
            } else {
                format::period(Period::Month, index)
            };
            let at = f64::from(Period::Month.first_day(index));
            Tick { at, text }
        })
        .filter(|tick| sight.holds(tick.at))
        .collect()
}

/// Words below whole steps: periods, ages, bins. Thinned out when they do not fit.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a> {
    /// The first one stands at `shift`, the next one step on.
    pub labels: &'a [String],
    pub shift: f64,
    /// A label that must stand (the first January); the others follow at equal steps.
    pub anchor: usize,
    /// Label every so many steps where that fits; 0 = as many as fit.
    pub every: usize,
    /// Width of the widest label.
    pub widest: f32,
}

impl Steps<'_> {
    /// The labels in sight.
    #[must_use]
    pub fn ticks(&self, sight: Sight) -> Vec<Tick> {
        let slot = f64::from(sight.points) / (sight.high - sight.low);
        let least = stride(self.labels.len(), slot as f32, self.widest + 14.0);
        let step = self.every.max(least);
        let stands = |index: &usize| index % step == self.anchor % step;
        (0..self.labels.len())
            .filter(stands)
            .map(|index| Tick {
                at: index as f64 + self.shift,
                text: self.labels[index].clone(),
            })
            .filter(|tick| sight.holds(tick.at))
            .collect()
    }
}

/// About how many ticks stand beside a chart of this height.
#[must_use]
pub fn rows(height: f32) -> usize {
    ((height / BESIDE).round() as usize).clamp(2, 6)
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

/// Every how many categories a label of this width can stand, where each category has a slot of so many
/// points: round numbers, which read better than "1, 4, 7".
fn stride(categories: usize, slot: f32, label_width: f32) -> usize {
    const STEPS: [usize; 12] = [1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240, 480];
    if categories == 0 || slot.is_nan() || slot <= 0.0 {
        return 1;
    }
    STEPS
        .into_iter()
        .find(|&step| slot * step as f32 >= label_width)
        .unwrap_or_else(|| (label_width / slot).ceil() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::day::parse_iso;

    fn sight(low: f64, high: f64, points: f32) -> Sight {
        Sight { low, high, points }
    }

    fn texts(ticks: Vec<Tick>) -> Vec<String> {
        ticks.into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn scales_are_round_and_cover_the_data() {
        let scale = Scale::covering(0.0, 360_101.0, 4, Unit::Money(""));
        assert_eq!((scale.min, scale.max, scale.step), (0.0, 4e5, 1e5));
        let all = sight(0.0, 4e5, 200.0);
        let shown = texts(scale.ticks(all, Unit::Money("")));
        assert_eq!(shown, ["0", "100k", "200k", "300k", "400k"]);
        let scale = Scale::covering(0.0, 0.148, 4, Unit::Share);
        assert_eq!(scale.step, 0.05);
        assert!((scale.max - 0.15).abs() < 1e-12);
        let scale = Scale::covering(-30.0, 95.0, 4, Unit::Number);
        assert_eq!((scale.min, scale.max, scale.step), (-50.0, 100.0, 50.0));
    }

    #[test]
    fn zooming_in_brings_finer_ticks_but_no_half_customers() {
        let scale = Scale::covering(0.0, 4.0, 4, Unit::Count);
        assert_eq!(
            texts(scale.ticks(sight(1.2, 2.9, 200.0), Unit::Number)),
            ["1.5", "2.0", "2.5"]
        );
        assert_eq!(
            texts(scale.ticks(sight(1.2, 2.9, 200.0), Unit::Count)),
            ["2"]
        );
    }

    #[test]
    fn counts_have_no_half_ticks_and_nothing_is_divided_by_zero() {
        assert_eq!(Scale::covering(0.0, 2.0, 4, Unit::Count).step, 1.0);
        let empty = Scale::covering(f64::NAN, 0.0, 4, Unit::Number);
        let ends = sight(empty.min, empty.max, 100.0);
        assert!(empty.ticks(ends, Unit::Number).len() >= 2);
    }

    #[test]
    fn labels_are_thinned_to_what_fits() {
        assert_eq!(stride(18, 50.0, 60.0), 2);
        assert_eq!(stride(18, 66.0, 60.0), 1);
        assert_eq!(stride(120, 5.0, 60.0), 12);
        let labels: Vec<String> = (0..12).map(|month| format!("M{month}")).collect();
        let steps = Steps {
            labels: &labels,
            shift: 0.5,
            anchor: 1,
            every: 0,
            widest: 40.0,
        };
        let shown = texts(steps.ticks(sight(0.0, 12.0, 240.0)));
        assert_eq!(shown, ["M1", "M4", "M7", "M10"]);
        // Zoomed in, each has room.
        let shown = texts(steps.ticks(sight(3.0, 5.0, 240.0)));
        assert_eq!(shown, ["M3", "M4"]);
    }

    #[test]
    fn logarithms_read_as_numbers() {
        assert_eq!(
            texts(log_ticks(sight(-0.1, 1.2, 400.0))),
            ["1", "2", "5", "10"]
        );
        assert_eq!(
            texts(log_ticks(sight(0.0, 4.0, 400.0))),
            ["1", "10", "100", "1k", "10k"]
        );
    }

    #[test]
    fn dates_are_round_and_few_enough() {
        let day = |text| f64::from(parse_iso(text).expect("a date"));
        let labels = |from, to, width| texts(day_ticks(sight(day(from), day(to), width)));
        assert_eq!(
            labels("1997-01-15", "1998-07-01", 330.0),
            ["Jul 1997", "Jan 1998", "Jul 1998"]
        );
        assert_eq!(
            labels("2010-05-01", "2014-02-01", 330.0),
            ["2011", "2012", "2013", "2014"]
        );
        assert!(labels("1990-01-01", "2024-01-01", 330.0).len() <= 5);
    }
}
