//! Dates as shops write them → calendar days.
//!
//! Every value is read on its own, except for one question that only the whole column can answer:
//! whether 03/04/2024 is the third of April or the fourth of March. Such values are kept as they
//! stand and resolved by [`DateColumn::finish`], when every row has been seen.

use std::ops::Range;

pub use crate::data::values::{
    date_text::{Zone, looks_like_date},
    missing::{is_missing, is_missing_number_or_date},
};
use crate::{
    data::dataset::options::DateOrder,
    data::day::{Day, from_civil},
    data::values::date_text::{Pattern, Value, compact, parse},
    data::values::keys::eight_digits,
};

/// The cell was empty.
pub const MISSING: Day = Day::MIN;
/// The cell holds no date.
pub const UNREADABLE: Day = Day::MIN + 1;

/// Marks a value that still waits for the order of day and month:
/// `(shift + 1) << 24 | year << 10 | first << 5 | second`.
const PENDING: i32 = 1 << 30;

/// Years outside this range are flagged as unlikely, not refused.
pub const LIKELY_YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;

const PATTERNS: [(Pattern, &str); 5] = [
    (Pattern::YearFirst, "date, year-month-day"),
    (Pattern::Compact, "date, YYYYMMDD"),
    (Pattern::Numeric, "date"),
    (Pattern::NamedMonth, "date, month by name"),
    (Pattern::Epoch, "date, seconds or milliseconds since 1970"),
];

/// A date column being read.
#[derive(Clone, Debug, Default)]
pub struct DateColumn {
    zone: Zone,
    values: Vec<Day>,
    patterns: [u64; PATTERNS.len()],
    /// Values only day/month can explain, and only month/day.
    day_first: u64,
    month_first: u64,
    /// Values that both orders explain, with different results.
    open: u64,
    known: KnownDays,
}

/// Days of dates as numbers `YYYYMMDD`, the recent ones: a shop has few days and many rows.
#[derive(Clone, Debug, Default)]
struct KnownDays(Vec<(u32, Day)>);

/// More days than most logs have.
const KNOWN_DAYS: usize = 1024;

impl KnownDays {
    /// The day that eight digits stand for, or [`UNREADABLE`].
    #[inline]
    fn day(&mut self, number: u32) -> Day {
        if self.0.is_empty() {
            // Zero is no date.
            self.0.resize(KNOWN_DAYS, (0, UNREADABLE));
        }
        // Days of a month and months of a year lie side by side.
        let slot = number as usize % KNOWN_DAYS;
        let (known, day) = self.0[slot];
        if known == number {
            return day;
        }
        let day = compact(number).unwrap_or(UNREADABLE);
        self.0[slot] = (number, day);
        day
    }
}

/// `YYYY-MM-DD` as a number `YYYYMMDD`.
#[inline]
fn year_month_day(text: &[u8]) -> Option<u32> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
        return None;
    };
    eight_digits(&[y1, y2, y3, y4, m1, m2, d1, d2])
}

/// A finished date column.
#[derive(Clone, Debug, PartialEq)]
pub struct Dates {
    /// One day per row, or [`MISSING`] or [`UNREADABLE`].
    pub days: Vec<Day>,
    /// How the values were read, for people.
    pub format: String,
    /// What the user should know about the choice of order.
    pub remark: Option<String>,
}

impl DateColumn {
    #[must_use]
    pub fn new(zone: Zone, capacity: usize) -> Self {
        Self {
            zone,
            values: Vec::with_capacity(capacity),
            ..Self::default()
        }
    }

    /// Reads one cell.
    #[inline]
    pub fn push(&mut self, text: &str) {
        self.push_within(text, 0..text.len());
    }

    /// Reads the cell that stands at a range of a text.
    #[inline]
    pub fn push_within(&mut self, text: &str, cell: Range<usize>) {
        if let Some(number) = eight_digits(&text.as_bytes()[cell.clone()]) {
            let day = self.known.day(number);
            self.patterns[Pattern::Compact as usize] += u64::from(day != UNREADABLE);
            self.values.push(day);
            return;
        }
        let text = &text[cell];
        if let Some(number) = year_month_day(text.as_bytes()) {
            let day = self.known.day(number);
            self.patterns[Pattern::YearFirst as usize] += u64::from(day != UNREADABLE);
            self.values.push(day);
            return;
        }
        let value = self.read(crate::data::values::text::trim(text));
        self.values.push(value);
    }

    fn read(&mut self, text: &str) -> Day {
        if is_missing_number_or_date(text) {
            return MISSING;
        }
        match parse(text, &self.zone) {
            Some(Value::Day(day, pattern)) => {
                self.patterns[pattern as usize] += 1;
                day
            }
            Some(Value::Either {
                first,
                second,
                year,
                shift,
            }) => {
                self.patterns[Pattern::Numeric as usize] += 1;
                match (first > 12, second > 12) {
                    (true, _) => self.day_first += 1,
                    (_, true) => self.month_first += 1,
                    _ => self.open += u64::from(first != second),
                }
                PENDING | (shift + 1) << 24 | year << 10 | (first << 5 | second) as i32
            }
            None => UNREADABLE,
        }
    }

    /// Forgets all rows and keeps the memory.
    pub fn restart(&mut self, zone: &Zone) {
        let mut values = std::mem::take(&mut self.values);
        values.clear();
        *self = Self {
            zone: zone.clone(),
            values,
            known: std::mem::take(&mut self.known),
            ..Self::default()
        };
    }

    /// Appends the rows of another part of the column.
    pub fn append(&mut self, later: &Self) {
        self.values.extend_from_slice(&later.values);
        for (sum, more) in self.patterns.iter_mut().zip(later.patterns) {
            *sum += more;
        }
        self.day_first += later.day_first;
        self.month_first += later.month_first;
        self.open += later.open;
    }

    /// Makes room for so many further rows.
    pub fn reserve(&mut self, rows: usize) {
        self.values.reserve_exact(rows);
    }

    /// Takes out the values read so far, with day and month still undecided: values that are equal
    /// now are equal when decided, so they can be counted instead of kept.
    pub(in crate::data) fn take_undecided(&mut self) -> Vec<Day> {
        std::mem::take(&mut self.values)
    }

    /// Puts values of [`Self::take_undecided`] back, to be decided by [`Self::finish`].
    pub(in crate::data) fn put_undecided(&mut self, values: Vec<Day>) {
        self.values = values;
    }

    /// Rows read so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Decides the order of day and month over the whole column and resolves every value.
    ///
    /// Without a wish the order with more evidence wins; without evidence, day/month. Values that
    /// contradict the chosen order become [`UNREADABLE`].
    #[must_use]
    pub fn finish(mut self, wish: Option<DateOrder>) -> Dates {
        let order = wish.unwrap_or(if self.month_first > self.day_first {
            DateOrder::MonthDay
        } else {
            DateOrder::DayMonth
        });
        for value in &mut self.values {
            // Days before 1970 are negative and have this bit set too.
            if *value > 0 && *value & PENDING != 0 {
                let packed = *value ^ PENDING;
                let (first, second) = (((packed >> 5) & 31) as u32, (packed & 31) as u32);
                let (month, day) = match order {
                    DateOrder::DayMonth => (second, first),
                    DateOrder::MonthDay => (first, second),
                };
                let (year, shift) = ((packed >> 10) & 0x3FFF, (packed >> 24) - 1);
                *value = from_civil(year, month, day).map_or(UNREADABLE, |day| day + shift);
            }
        }
        Dates {
            format: self.format(order),
            remark: self.remark(order, wish),
            days: self.values,
        }
    }

    fn format(&self, order: DateOrder) -> String {
        let most = PATTERNS
            .iter()
            .max_by_key(|(pattern, _)| (self.patterns[*pattern as usize], 4 - *pattern as usize));
        match most {
            Some((pattern, _)) if self.patterns[*pattern as usize] == 0 => "date".to_owned(),
            Some((Pattern::Numeric, _)) => format!("date, {}", order_name(order)),
            Some((_, name)) => (*name).to_owned(),
            None => String::new(),
        }
    }

    fn remark(&self, order: DateOrder, wish: Option<DateOrder>) -> Option<String> {
        if wish.is_some() {
            return None;
        }
        let name = order_name(order);
        match (self.day_first, self.month_first) {
            (0, 0) if self.open > 0 => Some(format!(
                "{OPEN_ORDER}; read as {name}: change the date order if that is wrong"
            )),
            (0, _) | (_, 0) => None,
            (day, month) => Some(format!(
                "dates contradict each other: {day} can only be day/month, {month} only month/day; read as {name}, the others count as unreadable"
            )),
        }
    }
}

/// How [`Dates::remark`] says that the column leaves the order of day and month open.
pub const OPEN_ORDER: &str = "every date fits both day/month and month/day";

/// Whether only one order of day and month explains a text.
#[must_use]
pub fn fits_one_order(text: &str) -> bool {
    match parse(crate::data::values::text::trim(text), &Zone::default()) {
        Some(Value::Either { first, second, .. }) => first > 12 || second > 12,
        _ => false,
    }
}

fn order_name(order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayMonth => "day/month/year",
        DateOrder::MonthDay => "month/day/year",
    }
}

/// The order of day and month that a column's format speaks of (see [`Dates::format`]).
#[must_use]
pub fn order_in(format: &str) -> Option<DateOrder> {
    [DateOrder::DayMonth, DateOrder::MonthDay]
        .into_iter()
        .find(|&order| format.ends_with(order_name(order)))
}

/// Both readings of a text that fits day/month and month/day with different results.
#[must_use]
pub fn both_readings(text: &str) -> Option<(Day, Day)> {
    match parse(crate::data::values::text::trim(text), &Zone::default())? {
        Value::Either {
            first,
            second,
            year,
            ..
        } if first != second => Some((
            from_civil(year, second, first)?,
            from_civil(year, first, second)?,
        )),
        _ => None,
    }
}

/// Whether a date carries an instant that the shop's time zone can move to another day: an offset,
/// `Z` or `UTC` after the time, or seconds since 1970.
#[must_use]
pub fn depends_on_zone(text: &str) -> bool {
    let text = crate::data::values::text::trim(text);
    if let Some(Value::Day(_, pattern)) = parse(text, &Zone::default())
        && pattern == Pattern::Epoch
    {
        return true;
    }
    let Some((_, time)) = text.split_once(':') else {
        return false;
    };
    time.ends_with(['Z', 'z']) || time.ends_with("UTC") || time.ends_with("GMT") || {
        let sign = time.rfind(['+', '-', '−']);
        sign.is_some_and(|at| time[at..].chars().any(|letter| letter.is_ascii_digit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::day::iso;

    fn read(texts: &[&str], wish: Option<DateOrder>) -> Dates {
        read_in(texts, wish, None)
    }

    fn read_in(texts: &[&str], wish: Option<DateOrder>, zone: Option<&str>) -> Dates {
        let mut column = DateColumn::new(Zone::named(zone).unwrap(), texts.len());
        for text in texts {
            column.push(text);
        }
        column.finish(wish)
    }

    fn one(text: &str) -> String {
        match read(&[text], None).days[0] {
            MISSING => "missing".to_owned(),
            UNREADABLE => "unreadable".to_owned(),
            day => iso(day),
        }
    }

    #[test]
    fn formats_of_real_exports() {
        for (text, expected) in [
            ("2010-12-01", "2010-12-01"),
            ("2010-12-01 08:26:00", "2010-12-01"),
            ("2010-12-01T08:26:00.123456", "2010-12-01"),
            ("2024-07-23 11:09:00 UTC", "2024-07-23"),
            ("2025-09-12 01:11:58.000000 UTC", "2025-09-12"),
            ("2024-07-23T23:30:00-02:00", "2024-07-24"),
            ("2024-07-23T00:30:00+0200", "2024-07-22"),
            ("19970101", "1997-01-01"),
            ("2010/12/1", "2010-12-01"),
            ("2010-1-2", "2010-01-02"),
            ("13/1/2010 8:26", "2010-01-13"),
            ("31.12.99", "1999-12-31"),
            ("14-Jan-15", "2015-01-14"),
            ("14 janvier 2015", "2015-01-14"),
            ("3. März 2020", "2020-03-03"),
            ("Jan 14, 2015 3:05 PM", "2015-01-14"),
            ("1293840000", "2011-01-01"),
            ("1293840000000", "2011-01-01"),
            (" 2010-12-01 ", "2010-12-01"),
            ("", "missing"),
            ("null", "missing"),
            ("2010-13-01", "unreadable"),
            ("2023-02-29", "unreadable"),
            ("13/13/2010", "unreadable"),
            ("soon", "unreadable"),
            ("2010-12-01 25:00", "unreadable"),
            ("2010-12-01x", "unreadable"),
            ("99999999999999999999999", "unreadable"),
        ] {
            assert_eq!(one(text), expected, "{text}");
        }
    }

    #[test]
    fn the_whole_column_decides_day_and_month() {
        let days = |dates: &Dates| dates.days.iter().map(|&day| iso(day)).collect::<Vec<_>>();
        let us = read(&["12/1/2010 8:26", "12/2/2010", "12/13/2010"], None);
        assert_eq!(days(&us), ["2010-12-01", "2010-12-02", "2010-12-13"]);
        assert_eq!(us.format, "date, month/day/year");
        assert_eq!(us.remark, None);
        let european = read(&["12/1/2010", "13/1/2010"], None);
        assert_eq!(days(&european), ["2010-01-12", "2010-01-13"]);
        let open = read(&["12/1/2010"], None);
        assert_eq!(days(&open), ["2010-01-12"]);
        assert!(
            open.remark
                .unwrap()
                .contains("fits both day/month and month/day")
        );
        let wished = read(&["12/1/2010"], Some(DateOrder::MonthDay));
        assert_eq!(
            (days(&wished), wished.remark),
            (vec!["2010-12-01".to_owned()], None)
        );
    }

    #[test]
    fn contradicting_rows_are_unreadable() {
        let mixed = read(&["13/1/2010", "14/1/2010", "1/15/2010"], None);
        assert_eq!(mixed.days[2], UNREADABLE);
        assert!(
            mixed
                .remark
                .unwrap()
                .contains("2 can only be day/month, 1 only month/day")
        );
    }

    #[test]
    fn offsets_go_to_the_shops_day() {
        let text = ["2024-07-01T23:30:00Z", "2024-07-01 23:30:00"];
        let berlin = read_in(&text, None, Some("Europe/Berlin"));
        assert_eq!(iso(berlin.days[0]), "2024-07-02");
        assert_eq!(
            iso(berlin.days[1]),
            "2024-07-01",
            "local times stay as they are"
        );
        assert!(Zone::named(Some("Mars/Base")).is_none());
    }

    #[test]
    fn a_repeated_date_is_not_taken_for_its_neighbour() {
        let dates = read(
            &[
                "2024-01-01",
                "2024-01-01",
                "2024-01-02T23:00:00-05:00",
                "2024-01-02",
            ],
            None,
        );
        let days: Vec<_> = dates.days.iter().map(|&day| iso(day)).collect();
        assert_eq!(
            days,
            ["2024-01-01", "2024-01-01", "2024-01-03", "2024-01-02"]
        );
    }
}
