//! Dates as shops write them → calendar days.
//!
//! Every value is read on its own, except for one question that only the whole column can answer:
//! whether 03/04/2024 is the third of April or the fourth of March. Such values are kept as they
//! stand and resolved by [`DateColumn::finish`], when every row has been seen.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    day::{Day, from_civil},
    options::DateOrder,
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

/// The shop's time zone; UTC needs no table.
#[derive(Clone, Debug, Default)]
pub struct Zone(Option<TimeZone>);

impl Zone {
    /// The zone with this IANA name; `None` for a name that does not exist.
    #[must_use]
    pub fn named(name: Option<&str>) -> Option<Self> {
        match name {
            None | Some("" | "UTC" | "Etc/UTC") => Some(Self(None)),
            Some(name) => TimeZone::get(name).ok().map(|zone| Self(Some(zone))),
        }
    }

    /// The local calendar day of an instant (seconds since 1970-01-01 UTC).
    fn day_of(&self, seconds: i64) -> Option<Day> {
        match &self.0 {
            None => Day::try_from(seconds.div_euclid(86_400)).ok(),
            Some(zone) => {
                let instant = Timestamp::from_second(seconds).ok()?;
                let date = instant.to_zoned(zone.clone()).date();
                from_civil(
                    i32::from(date.year()),
                    u32::from(date.month().unsigned_abs()),
                    u32::from(date.day().unsigned_abs()),
                )
            }
        }
    }
}

/// How values of a column were written, for the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pattern {
    YearFirst,
    Compact,
    Numeric,
    NamedMonth,
    Epoch,
}

const PATTERNS: [(Pattern, &str); 5] = [
    (Pattern::YearFirst, "date, year-month-day"),
    (Pattern::Compact, "date, YYYYMMDD"),
    (Pattern::Numeric, "date"),
    (Pattern::NamedMonth, "date, month by name"),
    (Pattern::Epoch, "date, seconds or milliseconds since 1970"),
];

/// One value as far as it can be read alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Day(Day, Pattern),
    /// Two numbers that are day and month in some order, and a year.
    /// `shift` (−1, 0 or 1) is how far an offset moves the day.
    Either {
        first: u32,
        second: u32,
        year: i32,
        shift: i32,
    },
}

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
    last: Option<([u8; 10], Day)>,
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
        // Logs are usually written in order of time: the day is often the one before.
        if let Some((known, day)) = self.last
            && text.as_bytes() == known
        {
            self.patterns[Pattern::YearFirst as usize] += 1;
            self.values.push(day);
            return;
        }
        let value = self.read(super::text::trim(text));
        self.values.push(value);
        // Only a plain `YYYY-MM-DD` may answer for its repetitions.
        if let Ok(text) = <[u8; 10]>::try_from(text.as_bytes())
            && text[4] == b'-'
            && text[7] == b'-'
            && value > UNREADABLE
        {
            self.last = Some((text, value));
        }
    }

    fn read(&mut self, text: &str) -> Day {
        if is_missing(text) {
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

    /// Makes room for so many further rows.
    pub fn reserve(&mut self, rows: usize) {
        self.values.reserve_exact(rows);
    }

    /// Takes out the values read so far, with day and month still undecided: values that are equal
    /// now are equal when decided, so they can be counted instead of kept.
    pub(super) fn take_undecided(&mut self) -> Vec<Day> {
        std::mem::take(&mut self.values)
    }

    /// Puts values of [`Self::take_undecided`] back, to be decided by [`Self::finish`].
    pub(super) fn put_undecided(&mut self, values: Vec<Day>) {
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
                "every date fits both day/month and month/day; read as {name}: change the date order if that is wrong"
            )),
            (0, _) | (_, 0) => None,
            (day, month) => Some(format!(
                "dates contradict each other: {day} can only be day/month, {month} only month/day; read as {name}, the others count as unreadable"
            )),
        }
    }
}

fn order_name(order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayMonth => "day/month/year",
        DateOrder::MonthDay => "month/day/year",
    }
}

/// Whether a cell stands for "nothing": empty, or one of the words exports write instead.
#[must_use]
#[inline]
pub fn is_missing(text: &str) -> bool {
    match text.len() {
        0 => true,
        1 => text == "-",
        2 => text.eq_ignore_ascii_case("na"),
        3 => text.eq_ignore_ascii_case("nan") || text.eq_ignore_ascii_case("n/a") || text == "NaT",
        4 => {
            text.eq_ignore_ascii_case("null") || text.eq_ignore_ascii_case("none") || text == "#N/A"
        }
        _ => false,
    }
}

/// Whether a text alone reads as a date (used to tell dates from other columns).
#[must_use]
pub fn looks_like_date(text: &str) -> bool {
    let text = text.trim();
    match parse(text, &Zone::default()) {
        Some(Value::Day(day, pattern)) => {
            // Any integer could be an epoch and any eight digits a compact date: want likely years.
            let year = super::day::civil(day).0;
            pattern != Pattern::Epoch || (1990..=2040).contains(&year)
        }
        Some(Value::Either { first, second, .. }) => first <= 12 || second <= 12,
        None => false,
    }
}

fn parse(text: &str, zone: &Zone) -> Option<Value> {
    let bytes = text.as_bytes();
    if let Some(value) = year_first(bytes, zone) {
        return value;
    }
    if bytes.iter().all(u8::is_ascii_digit) {
        return digits_only(text, zone);
    }
    let mut numbers = Scanner { bytes, at: 0 };
    let (first, digits) = match numbers.number() {
        Some(number) => number,
        None => return month_name_first(text, zone),
    };
    let separator = numbers.peek()?;
    if digits == 4 {
        // 2010/12/01 and 2010.12.01; with '-' but one-digit parts also 2010-1-2.
        numbers.one_of(b"/.-")?;
        let (month, _) = numbers.number()?;
        numbers.exactly(separator)?;
        let (day, _) = numbers.number()?;
        let day = from_civil(first as i32, month, day)?;
        return with_time(day, &bytes[numbers.at..], zone)
            .map(|day| Value::Day(day, Pattern::YearFirst));
    }
    numbers.one_of(b"/.- ")?;
    numbers.skip(b" ");
    if numbers.peek()?.is_ascii_digit() {
        let (second, _) = numbers.number()?;
        numbers.exactly(separator)?;
        numbers.skip(b" ");
        let (year, digits) = numbers.number()?;
        let year = full_year(year, digits)?;
        if !(1..=31).contains(&first) || !(1..=31).contains(&second) || (first > 12 && second > 12)
        {
            return None;
        }
        let rest = &bytes[numbers.at..];
        // The day is not known yet; how far an offset moves it is (but for a change of clocks).
        let shift = with_time(0, rest, zone)?.clamp(-1, 1);
        return Some(Value::Either {
            first,
            second,
            year,
            shift,
        });
    }
    let month = numbers.month()?;
    numbers.skip(b"/.-, ");
    let (year, digits) = numbers.number()?;
    let day = from_civil(full_year(year, digits)?, month, first)?;
    with_time(day, &bytes[numbers.at..], zone).map(|day| Value::Day(day, Pattern::NamedMonth))
}

/// The fast path: `YYYY-MM-DD`, alone or before a time.
#[inline]
fn year_first(bytes: &[u8], zone: &Zone) -> Option<Option<Value>> {
    let date: &[u8; 10] = bytes.first_chunk()?;
    if date[4] != b'-' || date[7] != b'-' {
        return None;
    }
    let digit = |index: usize| {
        let value = date[index].wrapping_sub(b'0');
        (value < 10).then_some(u32::from(value))
    };
    let pair = |index: usize| Some(digit(index)? * 10 + digit(index + 1)?);
    let (century, year, month, day) = (pair(0)?, pair(2)?, pair(5)?, pair(8)?);
    let day = from_civil((century * 100 + year) as i32, month, day);
    Some(day.and_then(|day| {
        let rest = &bytes[10..];
        let day = if rest.is_empty() {
            Some(day)
        } else {
            with_time(day, rest, zone)
        };
        day.map(|day| Value::Day(day, Pattern::YearFirst))
    }))
}

/// `YYYYMMDD`, or an instant in seconds, milliseconds or microseconds since 1970.
fn digits_only(text: &str, zone: &Zone) -> Option<Value> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        8 => from_civil(
            (number / 10_000) as i32,
            (number / 100 % 100) as u32,
            (number % 100) as u32,
        )
        .map(|day| Value::Day(day, Pattern::Compact)),
        14 => {
            // YYYYMMDDHHMMSS
            let date = number / 1_000_000;
            from_civil(
                (date / 10_000) as i32,
                (date / 100 % 100) as u32,
                (date % 100) as u32,
            )
            .map(|day| Value::Day(day, Pattern::Compact))
        }
        length @ (9 | 10 | 12 | 13 | 15 | 16) => {
            let per_second = match length {
                9 | 10 => 1,
                12 | 13 => 1_000,
                _ => 1_000_000,
            };
            zone.day_of(number.div_euclid(per_second))
                .map(|day| Value::Day(day, Pattern::Epoch))
        }
        _ => None,
    }
}

/// `Jan 14, 2015`, `Wednesday, 14 January 2015` is not read: weekdays are rare in exports.
fn month_name_first(text: &str, zone: &Zone) -> Option<Value> {
    let bytes = text.as_bytes();
    let mut parts = Scanner { bytes, at: 0 };
    let month = parts.month()?;
    parts.skip(b"/.-, ");
    let (day, _) = parts.number()?;
    parts.skip(b"/.-, ");
    let (year, digits) = parts.number()?;
    let day = from_civil(full_year(year, digits)?, month, day)?;
    with_time(day, &bytes[parts.at..], zone).map(|day| Value::Day(day, Pattern::NamedMonth))
}

/// Two-digit years: 70–99 are 1970–1999, 00–69 are 2000–2069.
fn full_year(year: u32, digits: usize) -> Option<i32> {
    match digits {
        4 => Some(year as i32),
        2 if year >= 70 => Some(1900 + year as i32),
        2 => Some(2000 + year as i32),
        _ => None,
    }
}

/// Checks what follows a date; an offset turns it into an instant and then into the shop's day.
fn with_time(day: Day, rest: &[u8], zone: &Zone) -> Option<Day> {
    let rest = rest.trim_ascii();
    let rest = rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start();
    let rest = rest.strip_prefix(b"T").unwrap_or(rest);
    if rest.is_empty() {
        return Some(day);
    }
    let mut parts = Scanner { bytes: rest, at: 0 };
    let (mut hour, _) = parts.number().filter(|&(hour, _)| hour <= 24)?;
    parts.one_of(b":.h")?;
    let (minute, _) = parts.number().filter(|&(minute, _)| minute < 60)?;
    let mut second = 0;
    if parts.one_of(b":.").is_some() {
        second = parts.number().filter(|&(second, _)| second <= 60)?.0;
        if parts.one_of(b".,").is_some() {
            parts.number()?;
        }
    }
    let tail = parts.rest().trim_ascii();
    let tail = match tail.to_ascii_uppercase().as_slice() {
        [b'A' | b'P', b'M', ..] => {
            let afternoon = matches!(tail[0], b'P' | b'p');
            hour = hour % 12 + if afternoon { 12 } else { 0 };
            tail[2..].trim_ascii()
        }
        _ => tail,
    };
    if tail.is_empty() {
        return Some(day);
    }
    let offset_seconds = offset_seconds(tail)?;
    let local = i64::from(day) * 86_400 + i64::from(hour * 3_600 + minute * 60 + second);
    zone.day_of(local - offset_seconds)
}

/// `Z`, `UTC`, `GMT`, `+02:00`, `-0530`, `+2`, `UTC+2`.
fn offset_seconds(text: &[u8]) -> Option<i64> {
    let upper = text.to_ascii_uppercase();
    let rest = ["UTC", "GMT", "Z"]
        .iter()
        .find_map(|name| upper.strip_prefix(name.as_bytes()))
        .unwrap_or(&upper);
    if rest.is_empty() {
        return Some(0);
    }
    let sign = match rest[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let mut parts = Scanner {
        bytes: &rest[1..],
        at: 0,
    };
    let (number, digits) = parts.number()?;
    let (hours, minutes) = match digits {
        1 | 2 if parts.one_of(b":").is_some() => (number, parts.number()?.0),
        1 | 2 => (number, 0),
        4 => (number / 100, number % 100),
        _ => return None,
    };
    (parts.rest().is_empty() && hours <= 18 && minutes < 60)
        .then(|| sign * i64::from(hours * 3_600 + minutes * 60))
}

/// Walks numbers, separators and month names.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// A number of at most nine digits, and how many digits it has.
    fn number(&mut self) -> Option<(u32, usize)> {
        let digits = self
            .rest()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits == 0 || digits > 9 {
            return None;
        }
        let number = self.rest()[..digits]
            .iter()
            .fold(0, |number, &digit| number * 10 + u32::from(digit - b'0'));
        self.at += digits;
        Some((number, digits))
    }

    fn one_of(&mut self, wanted: &[u8]) -> Option<()> {
        self.peek().filter(|byte| wanted.contains(byte))?;
        self.at += 1;
        Some(())
    }

    fn exactly(&mut self, wanted: u8) -> Option<()> {
        self.one_of(&[wanted])
    }

    fn skip(&mut self, unwanted: &[u8]) {
        while self.one_of(unwanted).is_some() {}
    }

    /// A month by its name or abbreviation in seven languages.
    fn month(&mut self) -> Option<u32> {
        let length = self
            .rest()
            .iter()
            .take_while(|&&byte| byte.is_ascii_alphabetic() || byte >= 0x80)
            .count();
        let word = std::str::from_utf8(&self.rest()[..length]).ok()?;
        self.at += length;
        month_number(&super::text::fold(word))
    }
}

/// Stems of month names in English, German, French, Spanish, Portuguese, Dutch and Italian.
const MONTHS: [&[&str]; 12] = [
    &[
        "jan", "januar", "january", "janv", "janvier", "ene", "enero", "janeiro", "januari", "gen",
        "gennaio",
    ],
    &[
        "feb",
        "februar",
        "february",
        "fev",
        "fevr",
        "fevrier",
        "febrero",
        "fevereiro",
        "februari",
        "febbraio",
    ],
    &[
        "mar", "march", "maerz", "marz", "mrz", "mars", "marzo", "marco", "mrt", "maart",
    ],
    &["apr", "april", "avr", "avril", "abr", "abril", "aprile"],
    &["may", "mai", "mayo", "maio", "mei", "mag", "maggio"],
    &[
        "jun", "june", "juni", "juin", "junio", "junho", "giu", "giugno",
    ],
    &[
        "jul", "july", "juli", "juil", "juillet", "julio", "julho", "lug", "luglio",
    ],
    &["aug", "august", "aout", "ago", "agosto", "augustus"],
    &[
        "sep",
        "sept",
        "september",
        "septembre",
        "septiembre",
        "set",
        "setembro",
        "settembre",
    ],
    &[
        "oct", "october", "okt", "oktober", "octobre", "octubre", "out", "outubro", "ott",
        "ottobre",
    ],
    &["nov", "november", "novembre", "noviembre", "novembro"],
    &[
        "dec",
        "december",
        "dez",
        "dezember",
        "decembre",
        "dic",
        "diciembre",
        "dezembro",
        "dicembre",
    ],
];

fn month_number(folded: &str) -> Option<u32> {
    MONTHS
        .iter()
        .position(|names| names.contains(&folded))
        .map(|index| index as u32 + 1)
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
