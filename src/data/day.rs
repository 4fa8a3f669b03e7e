//! Calendar days as plain integers, and calendar periods as plain integers.
//!
//! A [`Day`] counts days since 1970-01-01 in the proleptic Gregorian calendar; time of day is
//! dropped on load. The conversions are closed formulas (Howard Hinnant's *days from civil*
//! construction), so they cost a few nanoseconds and never touch a clock or a time-zone table.

/// Days since 1970-01-01.
pub type Day = i32;

/// Year, month (1–12) and day of month (1–31) of a [`Day`].
#[must_use]
pub fn civil(day: Day) -> (i32, u32, u32) {
    let shifted = i64::from(day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month as u32, day_of_month as u32)
}

/// The [`Day`] of a valid calendar date, `None` for dates that do not exist (30 February).
#[must_use]
pub fn from_civil(year: i32, month: u32, day_of_month: u32) -> Option<Day> {
    // Every month has 28 days: the question is a rare one.
    let too_late = day_of_month > 28 && day_of_month > days_in_month(year, month);
    if !(1..=12).contains(&month) || day_of_month == 0 || too_late {
        return None;
    }
    let shifted_month = (month + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + day_of_month - 1;
    if (1..1 << 20).contains(&year) {
        // The same in fewer steps.
        let year = year as u32 - u32::from(month <= 2);
        let days = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year;
        return Some(days as i32 - 719_468);
    }
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + i64::from(day_of_year);
    i32::try_from(era * 146_097 + day_of_era - 719_468).ok()
}

/// Number of days in a month of the Gregorian calendar.
#[must_use]
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `YYYY-MM-DD`.
#[must_use]
pub fn iso(day: Day) -> String {
    let (year, month, day_of_month) = civil(day);
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

/// Short names of the months.
pub const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `30 Jun 2025`
#[must_use]
pub fn spelled(day: Day) -> String {
    let (year, month, day_of_month) = civil(day);
    format!("{day_of_month} {} {year}", MONTHS[month as usize - 1])
}

/// Parses exactly `YYYY-MM-DD`; `None` otherwise.
#[must_use]
pub fn parse_iso(text: &str) -> Option<Day> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_ascii() {
        return None;
    }
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| !part.starts_with('+'));
    from_civil(
        i32::try_from(number(&text[0..4])?).ok()?,
        number(&text[5..7])?,
        number(&text[8..10])?,
    )
}

/// Calendar granularity of cohorts and time series.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// ISO week, Monday to Sunday.
    Week,
    #[default]
    Month,
    Quarter,
    Year,
}

impl Period {
    pub const ALL: [Self; 4] = [Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// Running number of the period that contains `day`; consecutive periods differ by one, so the
    /// age of a cohort cell is a plain difference.
    #[must_use]
    pub fn index(self, day: Day) -> i32 {
        let (year, month, _) = civil(day);
        let month0 = month as i32 - 1;
        match self {
            // 1970-01-01 was a Thursday: shifting by three makes weeks begin on Monday.
            Self::Week => (day + 3).div_euclid(7),
            Self::Month => year * 12 + month0,
            Self::Quarter => year * 4 + month0 / 3,
            Self::Year => year,
        }
    }

    /// First day of the period with this running number.
    #[must_use]
    pub fn first_day(self, index: i32) -> Day {
        let first_of_month = |months: i32| {
            from_civil(months.div_euclid(12), months.rem_euclid(12) as u32 + 1, 1).unwrap_or(0)
        };
        match self {
            Self::Week => index * 7 - 3,
            Self::Month => first_of_month(index),
            Self::Quarter => first_of_month(index * 3),
            Self::Year => first_of_month(index * 12),
        }
    }

    /// `1997-01`, `1997-W05`, `1997-Q1` or `1997`.
    #[must_use]
    pub fn label(self, index: i32) -> String {
        let (year, month, _) = civil(self.first_day(index));
        match self {
            Self::Week => {
                // ISO 8601: the week belongs to the year that holds its Thursday.
                let thursday = self.first_day(index) + 3;
                let iso_year = civil(thursday).0;
                let january_first = from_civil(iso_year, 1, 1).unwrap_or(thursday);
                format!("{iso_year:04}-W{:02}", (thursday - january_first) / 7 + 1)
            }
            Self::Month => format!("{year:04}-{month:02}"),
            Self::Quarter => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
            Self::Year => format!("{year:04}"),
        }
    }

    /// Singular noun for axis labels and sentences.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_and_back_over_four_centuries() {
        for day in -150_000..150_000 {
            let (year, month, day_of_month) = civil(day);
            assert_eq!(from_civil(year, month, day_of_month), Some(day));
        }
    }

    #[test]
    fn known_days() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(parse_iso("1998-07-01"), Some(10_408));
        assert_eq!(iso(10_408), "1998-07-01");
        assert_eq!(parse_iso("2023-02-29"), None);
        assert_eq!(
            parse_iso("2024-02-29").map(iso).as_deref(),
            Some("2024-02-29")
        );
    }

    #[test]
    fn periods_have_their_iso_names() {
        let day = |text| parse_iso(text).unwrap_or(i32::MIN);
        assert_eq!(
            Period::Week.label(Period::Week.index(day("2021-01-03"))),
            "2020-W53"
        );
        assert_eq!(
            Period::Week.label(Period::Week.index(day("2024-12-30"))),
            "2025-W01"
        );
        assert_eq!(
            Period::Quarter.label(Period::Quarter.index(day("1997-06-30"))),
            "1997-Q2"
        );
        assert_eq!(
            Period::Month.label(Period::Month.index(day("1997-01-31"))),
            "1997-01"
        );
        for period in Period::ALL {
            for day in -40_000..40_000 {
                let index = period.index(day);
                assert!(period.first_day(index) <= day && day < period.first_day(index + 1));
            }
        }
    }
}
