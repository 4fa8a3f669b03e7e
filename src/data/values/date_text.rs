//! One date as text: the formats that exports write, time of day, offsets, month names.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    data::day::{Day, from_civil},
    data::values::keys::eight_digits,
};

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
pub enum Pattern {
    YearFirst,
    Compact,
    Numeric,
    NamedMonth,
    Epoch,
}

/// One value as far as it can be read alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
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

/// Whether a text alone reads as a date (used to tell dates from other columns).
#[must_use]
pub fn looks_like_date(text: &str) -> bool {
    let text = text.trim();
    // Words that begin like no month are most of what is asked for.
    let first = text.as_bytes().first().map(u8::to_ascii_lowercase);
    if first.is_some_and(|first| first.is_ascii_lowercase() && !MONTH_INITIALS.contains(&first)) {
        return false;
    }
    match parse(text, &Zone::default()) {
        Some(Value::Day(day, Pattern::Epoch)) => {
            // Any integer could be an epoch: want likely years.
            (1990..=2040).contains(&crate::data::day::civil(day).0)
        }
        Some(Value::Day(..)) => true,
        Some(Value::Either { first, second, .. }) => first <= 12 || second <= 12,
        None => false,
    }
}

/// Reads a date; `None` when the text is none.
#[must_use]
pub fn parse(text: &str, zone: &Zone) -> Option<Value> {
    let bytes = text.as_bytes();
    if bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' {
        return year_first(bytes, zone);
    }
    if let Some(number) = eight_digits(bytes) {
        return compact(number).map(|day| Value::Day(day, Pattern::Compact));
    }
    if bytes.iter().all(u8::is_ascii_digit) {
        return digits_only(text, zone);
    }
    let mut numbers = Scanner { bytes, at: 0 };
    let Some((first, digits)) = numbers.number() else {
        return month_name_first(text, zone);
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
fn year_first(bytes: &[u8], zone: &Zone) -> Option<Value> {
    let (date, rest) = bytes.split_first_chunk::<10>()?;
    let digit = |index: usize| {
        let value = date[index].wrapping_sub(b'0');
        (value < 10).then_some(u32::from(value))
    };
    let pair = |index: usize| Some(digit(index)? * 10 + digit(index + 1)?);
    let (century, year, month, day) = (pair(0)?, pair(2)?, pair(5)?, pair(8)?);
    let day = from_civil((century * 100 + year) as i32, month, day)?;
    let day = if rest.is_empty() || is_plain_time(rest, zone) {
        day
    } else {
        with_time(day, rest, zone)?
    };
    Some(Value::Day(day, Pattern::YearFirst))
}

/// Whether what follows a date is `HH:MM:SS` and leaves the day as it is: what most exports write,
/// with or without `UTC` where that is the shop's zone. Anything else is for [`with_time`].
#[inline]
fn is_plain_time(rest: &[u8], zone: &Zone) -> bool {
    let Some((time, tail)) = rest.split_first_chunk::<9>() else {
        return false;
    };
    let pair =
        |at: usize, end: u8| (b'0'..=end).contains(&time[at]) && time[at + 1].is_ascii_digit();
    matches!(time[0], b' ' | b'T')
        && (time[3], time[6]) == (b':', b':')
        && (pair(1, b'1') || time[1] == b'2' && (b'0'..=b'3').contains(&time[2]))
        && pair(4, b'5')
        && pair(7, b'5')
        && (tail.is_empty() || matches!(tail, b" UTC" | b"Z") && zone.0.is_none())
}

/// The day of `YYYYMMDD` as one number.
#[must_use]
#[inline]
pub fn compact(number: u32) -> Option<Day> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    from_civil(year as i32, month, day)
}

/// `YYYYMMDD` and a time, or an instant in seconds, milliseconds or microseconds since 1970; eight
/// digits are read before.
fn digits_only(text: &str, zone: &Zone) -> Option<Value> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        // YYYYMMDDHHMMSS
        14 => compact((number / 1_000_000) as u32).map(|day| Value::Day(day, Pattern::Compact)),
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
    let tail = match tail {
        [b'A' | b'P' | b'a' | b'p', b'M' | b'm', ..] => {
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
    if matches!(text, b"UTC" | b"Z") {
        return Some(0);
    }
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
        let first = self.peek()?.to_ascii_lowercase();
        if length > LONGEST_MONTH || (first.is_ascii() && !MONTH_INITIALS.contains(&first)) {
            return None;
        }
        let word = std::str::from_utf8(&self.rest()[..length]).ok()?;
        self.at += length;
        month_number(&crate::data::values::text::fold(word))
    }
}

/// The first letters of month names, and more bytes than any of them has.
const MONTH_INITIALS: &[u8] = b"adefgjlmnos";
const LONGEST_MONTH: usize = 24;

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
