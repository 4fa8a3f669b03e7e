//! Calendar periods of the days of a shop, looked up instead of computed line by line.

use data::day::{Day, Period};

/// Days beyond which no table is built; periods are then computed one by one.
const MAX_SPAN: i64 = 200_000;

/// Running period number of every day between two days.
pub(super) struct Calendar {
    pub period: Period,
    first: Day,
    indices: Vec<i32>,
}

impl Calendar {
    /// Covers `first..=last`; other days are still answered, only slower.
    pub(super) fn new(period: Period, first: Day, last: Day) -> Self {
        let span = i64::from(last) - i64::from(first);
        let covered = if (0..MAX_SPAN).contains(&span) {
            span + 1
        } else {
            0
        };
        Self {
            period,
            first,
            indices: (first..)
                .take(covered as usize)
                .map(|day| period.index(day))
                .collect(),
        }
    }

    #[inline]
    pub(super) fn index(&self, day: Day) -> i32 {
        let place = day.wrapping_sub(self.first) as u32 as usize;
        self.indices
            .get(place)
            .copied()
            .unwrap_or_else(|| self.period.index(day))
    }
}

/// The last period that has begun by `as_of`, and whether it has also ended.
pub(super) fn last_begun(period: Period, as_of: Day) -> (i32, bool) {
    let last = period.index(as_of.saturating_sub(1));
    (last, period.first_day(last + 1) <= as_of)
}
