//! Where dates and amounts of a shop usually end, so that what lies far beyond can be pointed out.
//!
//! Both bounds come from histograms: they need one pass, no sorting, and do not depend on the order
//! of the rows.

use rayon::prelude::*;

use super::{clean::Rule, day::Day, quality::Limit};

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
        let (far, large) = rayon::join(|| last_usual_day(days), || large_amount(amounts));
        Self {
            far: far.unwrap_or(Day::MAX),
            large: large.unwrap_or(f64::INFINITY),
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
const BLOCK_ROWS: usize = 1 << 20;

/// How many values fall into each slot that any of them falls into, from the first such slot on.
#[derive(Debug, Default)]
struct Histogram {
    first: usize,
    counts: Vec<u64>,
}

impl Histogram {
    /// Sums the blocks' histograms; `slot` tells which one a value counts in.
    fn of<T: Copy + Sync>(values: &[T], slot: impl Fn(T) -> Option<usize> + Sync) -> Self {
        let slots = |block: &[T]| {
            let mut ends = (usize::MAX, 0);
            for slot in block.iter().filter_map(|&value| slot(value)) {
                ends = (ends.0.min(slot), ends.1.max(slot + 1));
            }
            ends
        };
        let blocks = || values.par_chunks(BLOCK_ROWS);
        let wider = |a: (usize, usize), b: (usize, usize)| (a.0.min(b.0), a.1.max(b.1));
        let (first, end) = blocks().map(slots).reduce(|| (usize::MAX, 0), wider);
        if end <= first {
            return Self::default();
        }
        let count = |block: &[T]| {
            let mut counts = vec![0_u64; end - first];
            for slot in block.iter().filter_map(|&value| slot(value)) {
                counts[slot - first] += 1;
            }
            counts
        };
        let add = |mut sum: Vec<u64>, other: Vec<u64>| {
            for (sum, more) in sum.iter_mut().zip(other) {
                *sum += more;
            }
            sum
        };
        let counts = blocks().map(count).reduce_with(add).unwrap_or_default();
        Self { first, counts }
    }

    fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The slots with their counts, the last one first.
    fn backwards(&self) -> impl Iterator<Item = (usize, u64)> {
        let slots = self.counts.iter().enumerate().rev();
        slots.map(|(slot, &count)| (self.first + slot, count))
    }
}

fn last_usual_day(days: &[Day]) -> Option<Day> {
    let slot = |day: Day| LIKELY_DAYS.contains(&day).then_some(day as usize);
    let days = Histogram::of(days, slot);
    let total = days.total();
    if total < LEAST_DATES {
        return None;
    }
    let allowed = (total / FAR_ONE_IN).max(1);
    let (mut beyond, mut later, mut usual) = (0, None::<usize>, None);
    for (day, rows) in days.backwards().filter(|(_, rows)| *rows > 0) {
        if beyond > allowed {
            break;
        }
        if later.is_some_and(|later| later - day > GAP_DAYS as usize) {
            usual = Day::try_from(day).ok();
        }
        beyond += rows;
        later = Some(day);
    }
    usual
}

/// Slots of amounts: sign, exponent and the first six bits of the fraction, so a slot is at most
/// 1.6 % wide.
const SHIFT: u32 = 52 - 6;

fn large_amount(amounts: &[f64]) -> Option<f64> {
    let slot = |amount: f64| {
        (amount > 0.0 && amount.is_finite()).then(|| (amount.to_bits() >> SHIFT) as usize)
    };
    let amounts = Histogram::of(amounts, slot);
    let total = amounts.total();
    if total < LEAST_AMOUNTS {
        return None;
    }
    let mut left = total / 100;
    let top = amounts.backwards().find(|(_, rows)| {
        let reached = *rows > left;
        left = left.saturating_sub(*rows);
        reached
    });
    let (slot, _) = top?;
    let upper_edge = f64::from_bits((slot as u64 + 1) << SHIFT);
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
}
