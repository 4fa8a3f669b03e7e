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

/// Entries a series of periods has at most, but for one of years.
const MOST_PERIODS: i64 = 2_400;

/// The period asked for, or the next longer one of which no more than 2,400 lie between two days: a
/// single order dated 9999 must not make half a million weeks. Years are always few enough.
pub(super) fn fitting(period: Period, first: Day, last: Day) -> Period {
    let span = |period: Period| i64::from(period.index(last)) - i64::from(period.index(first));
    let longer = Period::ALL.into_iter().filter(|&longer| longer >= period);
    let mut fits = longer.filter(|&longer| span(longer) < MOST_PERIODS);
    fits.next().unwrap_or(Period::Year)
}

/// The last period that has begun by `as_of`, and whether it has also ended.
pub(super) fn last_begun(period: Period, as_of: Day) -> (i32, bool) {
    let last = period.index(as_of.saturating_sub(1));
    (last, period.first_day(last + 1) <= as_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::day::parse_iso;

    #[test]
    fn a_series_takes_longer_periods_where_there_would_be_too_many() {
        let fits = |period, first, last| {
            fitting(period, parse_iso(first).unwrap(), parse_iso(last).unwrap())
        };
        assert_eq!(fits(Period::Week, "1997-01-01", "2026-12-31"), Period::Week);
        // 2,400 weeks are 46 years, 2,400 months 200 years, 2,400 quarters 600 years.
        assert_eq!(
            fits(Period::Week, "1970-01-01", "2026-12-31"),
            Period::Month
        );
        assert_eq!(
            fits(Period::Month, "1826-12-31", "2026-12-31"),
            Period::Quarter
        );
        assert_eq!(
            fits(Period::Month, "1827-01-31", "2026-12-31"),
            Period::Month
        );
        assert_eq!(fits(Period::Week, "0001-01-01", "9999-12-31"), Period::Year);
        assert_eq!(
            fits(Period::Quarter, "1997-01-01", "1998-01-01"),
            Period::Quarter
        );
    }
}
