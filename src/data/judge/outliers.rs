//! Where dates and amounts of a shop usually end, so that what lies far beyond can be pointed out.
//!
//! Both bounds lie among the topmost values: only these are sorted, and the order of the rows does not
//! matter.

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::{dataset::quality::Limit, day::Day, judge::rules::Rule};

/// Days that surely lie in likely years: spares most rows the calendar.
pub const LIKELY_DAYS: std::ops::Range<Day> = 0..47_000;

/// A gap of more days than this parts the last few dates from the others.
const GAP_DAYS: Day = 366;
/// At most one row in so many can be far away; if there are more, the gap is a pause in trade.
const FAR_ONE_IN: u64 = 200;
/// With fewer dates nothing is usual.
const LEAST_DATES: u64 = 20;
/// With fewer sales the 99th percentile is a single sale.
const LEAST_AMOUNTS: u64 = 100;
/// So many times the 99th percentile is large.
const LARGE_FACTOR: f64 = 10.0;

/// What counts as far away or large in one shop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Later days are far away; [`Day::MAX`] when none is.
    pub far: Day,
    /// Larger amounts are large; infinite when none is.
    pub large: f64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            far: Day::MAX,
            large: f64::INFINITY,
        }
    }
}

impl Bounds {
    /// Looks at all rows; days outside [`LIKELY_DAYS`] and amounts that are not positive do not count.
    #[must_use]
    pub fn of(days: &[Day], amounts: &[f64]) -> Self {
        let count = |first: (Day, f64)| {
            let blocks = days.par_chunks(BLOCK_ROWS);
            let blocks = blocks.zip(amounts.par_chunks(BLOCK_ROWS));
            let both = blocks.with_max_len(1).map(|(days, amounts)| {
                let days = Top::of(days, is_likely, first.0);
                (days, Top::of(amounts, is_sale, first.1))
            });
            let none = || (Top::starting(first.0), Top::starting(first.1));
            both.reduce(none, |a, b| (a.0.and(b.0), a.1.and(b.1)))
        };
        let least = (LIKELY_DAYS.start, 0.0);
        let few = (
            few_from(days, is_likely).unwrap_or(least.0),
            few_from(amounts, is_sale).unwrap_or(least.1),
        );
        let mut both = count(few);
        if !both.0.is_enough() || !both.1.is_enough() {
            both = count(least);
        }
        let (days, amounts) = both;
        Self {
            far: last_usual_day(days).unwrap_or(Day::MAX),
            large: large_amount(amounts).unwrap_or(f64::INFINITY),
        }
    }

    /// Where a rule draws its line, if it found one in the data.
    #[must_use]
    pub fn limit(self, rule: Rule) -> Option<Limit> {
        match rule {
            Rule::FarDate if self.far < Day::MAX => Some(Limit::Day(self.far)),
            Rule::LargeAmount if self.large.is_finite() => Some(Limit::Amount(self.large)),
            _ => None,
        }
    }
}

/// Rows counted by one task.
const BLOCK_ROWS: usize = 1 << 14;

/// The largest ones of many values, and how many others there are.
#[derive(Clone, Debug, PartialEq)]
struct Top<T> {
    first: T,
    /// Values beyond the first one, in any order; there may be far more that equal it.
    beyond: Vec<T>,
    equal: u64,
    others: u64,
}

impl<T: Copy + PartialOrd> Top<T> {
    fn starting(first: T) -> Self {
        Self {
            first,
            beyond: Vec::new(),
            equal: 0,
            others: 0,
        }
    }

    /// Of the values that count, those from `first` on.
    fn of(values: &[T], counts: impl Fn(T) -> bool, first: T) -> Self {
        let mut top = Self::starting(first);
        for &value in values {
            if value > first {
                if counts(value) {
                    top.beyond.push(value);
                }
            } else if value == first {
                top.equal += u64::from(counts(value));
            } else {
                top.others += u64::from(counts(value));
            }
        }
        top
    }

    /// These and another part's from the same value on.
    fn and(mut self, mut other: Self) -> Self {
        self.beyond.append(&mut other.beyond);
        self.equal += other.equal;
        self.others += other.others;
        self
    }

    fn len(&self) -> u64 {
        self.beyond.len() as u64 + self.equal
    }

    fn total(&self) -> u64 {
        self.len() + self.others
    }

    /// Whether these are more than one value in a hundred: all that the bounds ask for.
    fn is_enough(&self) -> bool {
        self.others == 0 || self.len() > (self.total() / 100).max(1)
    }
}

/// Values that are looked at to find out from where on few lie.
const SAMPLE: usize = 1_000;
/// One in so many of them lies there.
const FEW_ONE_IN: usize = 25;

/// From which value on few lie, going by some of those that count.
fn few_from<T: Copy + PartialOrd>(values: &[T], counts: impl Fn(T) -> bool) -> Option<T> {
    let step = values.len().div_ceil(SAMPLE).max(1);
    let sample = values.iter().copied().step_by(step);
    let mut sample: Vec<T> = sample.filter(|&value| counts(value)).collect();
    if sample.is_empty() {
        return None;
    }
    let place = sample.len() / FEW_ONE_IN;
    let downwards = |a: &T, b: &T| b.partial_cmp(a).unwrap_or(Ordering::Equal);
    Some(*sample.select_nth_unstable_by(place, downwards).1)
}

fn is_likely(day: Day) -> bool {
    LIKELY_DAYS.contains(&day)
}

fn is_sale(amount: f64) -> bool {
    amount > 0.0 && amount.is_finite()
}

fn last_usual_day(days: Top<Day>) -> Option<Day> {
    let total = days.total();
    if total < LEAST_DATES {
        return None;
    }
    let allowed = (total / FAR_ONE_IN).max(1);
    let mut latest = days.beyond;
    latest.sort_unstable_by(|a, b| b.cmp(a));
    let latest = latest.chunk_by(|a, b| a == b);
    let latest = latest.map(|same| (same[0], same.len() as u64));
    let (mut beyond, mut later, mut usual) = (0, None, None);
    for (day, rows) in latest.chain([(days.first, days.equal)]) {
        if rows == 0 || beyond > allowed {
            break;
        }
        if later.is_some_and(|later| later - day > GAP_DAYS) {
            usual = Some(day);
        }
        beyond += rows;
        later = Some(day);
    }
    usual
}

/// A slot holds amounts of the same exponent and first six bits of the fraction: it is at most 1.6 %
/// wide.
const SHIFT: u32 = 52 - 6;

fn large_amount(amounts: Top<f64>) -> Option<f64> {
    let total = amounts.total();
    if total < LEAST_AMOUNTS {
        return None;
    }
    let mut largest = amounts.beyond;
    let place = usize::try_from(total / 100).ok()?;
    let percentile = if place < largest.len() {
        *largest
            .select_nth_unstable_by(place, |a, b| b.total_cmp(a))
            .1
    } else {
        amounts.first
    };
    let slot = percentile.to_bits() >> SHIFT;
    let upper_edge = f64::from_bits((slot + 1) << SHIFT);
    Some(round_up(LARGE_FACTOR * upper_edge))
}

/// The next number with two significant digits.
fn round_up(value: f64) -> f64 {
    let unit = 10_f64.powi(value.log10().floor() as i32 - 1);
    (value / unit).ceil() * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last_usual_day(days: &[Day]) -> Option<Day> {
        let far = Bounds::of(days, &vec![1.0; days.len()]).far;
        (far < Day::MAX).then_some(far)
    }

    fn large_amount(amounts: &[f64]) -> Option<f64> {
        let large = Bounds::of(&vec![1; amounts.len()], amounts).large;
        large.is_finite().then_some(large)
    }

    #[test]
    fn a_few_dates_after_a_gap_are_far() {
        let mut days: Vec<Day> = (10_000..10_400).collect();
        assert_eq!(last_usual_day(&days), None);
        days.extend([30_000, 10_900]);
        assert_eq!(last_usual_day(&days), Some(10_399));
        // A year without a sale that many sales follow is a pause.
        days.extend(12_000..12_400);
        assert_eq!(last_usual_day(&days), Some(12_399));
        assert_eq!(last_usual_day(&[1, 2, 9_000]), None);
    }

    #[test]
    fn large_is_ten_times_the_99th_percentile() {
        let mut amounts: Vec<f64> = (1..=1_000).map(f64::from).collect();
        // By hand: 10 of 1,000 are above 990; its slot ends at 992; 9,920 rounds up to 10,000.
        assert_eq!(large_amount(&amounts), Some(10_000.0));
        amounts.reverse();
        assert_eq!(large_amount(&amounts), Some(10_000.0));
        assert_eq!(large_amount(&[5.0; 99]), None);
        assert_eq!(large_amount(&[f64::NAN; 500]), None);
        assert_eq!(round_up(1_234.0), 1_300.0);
        assert_eq!(round_up(120.0), 120.0);
    }

    #[test]
    fn counting_few_values_is_as_good_as_counting_all() {
        let random = |seed: u64| {
            let mut state = seed;
            move || {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 40) as u32
            }
        };
        for (seed, rows, kinds) in [
            (1, 30, 5),
            (2, 5_000, 3),
            (3, 70_000, 20_000),
            (4, 40_000, 1),
        ] {
            let mut next = random(seed);
            let amounts: Vec<f64> = (0..rows).map(|_| f64::from(next() % kinds) - 1.0).collect();
            let mut days: Vec<Day> = (0..rows).map(|_| (next() % kinds) as Day).collect();
            // In no order that a sample of every so many values sees.
            days[0] = 9_000;
            days[rows / 2] = 9_001;
            let all_days = Top::of(&days, is_likely, 0);
            let all_amounts = Top::of(&amounts, is_sale, 0.0);
            let all = Bounds {
                far: super::last_usual_day(all_days).unwrap_or(Day::MAX),
                large: super::large_amount(all_amounts).unwrap_or(f64::INFINITY),
            };
            assert_eq!(
                Bounds::of(&days, &amounts),
                all,
                "{rows} rows of {kinds} kinds"
            );
        }
    }
}
