//! One date as text: the formats that exports write.

use super::{
    clock::{self, Time, Zone},
    months,
    scanner::Scanner,
};
use crate::{
    day::{Day, civil, from_civil},
    values::{keys::eight_digits, text::tidy_id},
};

/// How values of a column were written, for the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    YearFirst,
    Compact,
    Numeric,
    NamedMonth,
    Epoch,
    /// Days as a spreadsheet counts them ([`super::serials`]).
    Serial,
}

/// One value as far as it can be read alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Day(Day, Pattern),
    /// Two numbers that are day and month in some order, and a year.
    /// `shift` (−1, 0 or 1) is how far the shop's zone moves the day of an instant.
    Either {
        first: u32,
        second: u32,
        year: i32,
        shift: i32,
        /// Written with two digits: then the first number may be the year.
        short: bool,
    },
}

/// Whether a text alone reads as a date (used to tell dates from other columns).
#[must_use]
pub fn looks_like_date(text: &str) -> bool {
    let text = text.trim();
    // Words and blanks are most of what is asked for.
    if !text.chars().any(char::is_numeric) {
        return false;
    }
    let guarded = text.starts_with(['=', '"', '\'']);
    let text = if guarded { tidy_id(text) } else { text };
    match parse(text, &Zone::default()) {
        Some(Value::Day(day, Pattern::Epoch)) => {
            // Any integer could be an epoch: want likely years.
            (1990..=2040).contains(&civil(day).0)
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
        return iso_first(bytes, zone);
    }
    if let Some(number) = eight_digits(bytes) {
        return compact(number).map(|day| Value::Day(day, Pattern::Compact));
    }
    parse_other(text, zone)
}

/// What is neither `YYYY-MM-DD` nor `YYYYMMDD`.
fn parse_other(text: &str, zone: &Zone) -> Option<Value> {
    // Data frames write whole numbers with `.0`.
    let digits = text.strip_suffix(".0").unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return match eight_digits(digits.as_bytes()) {
            Some(number) => compact(number).map(|day| Value::Day(day, Pattern::Compact)),
            None => digits_only(digits, zone),
        };
    }
    if let Some(plain) = with_plain_digits(text) {
        return parse(plain.trim(), zone);
    }
    let mut scanner = Scanner::new(text.as_bytes());
    match scanner.number() {
        None => word_first(text, zone),
        Some((number, 8)) => {
            let time = clock::time(scanner.rest())?;
            let day = time.day(compact(number)?, zone)?;
            Some(Value::Day(day, Pattern::Compact))
        }
        Some((year, 4)) => year_first(year, scanner, zone),
        Some((first, 1 | 2)) => number_first(first, scanner, zone),
        Some(_) => None,
    }
    .or_else(|| {
        text.split_once('.')
            .and_then(|parts| fractional_epoch(parts, zone))
    })
}

/// A text with digits of full width in the usual ones; `None` when it has none.
fn with_plain_digits(text: &str) -> Option<String> {
    let is_wide = |c: char| ('\u{ff10}'..='\u{ff19}').contains(&c);
    text.contains(is_wide).then(|| {
        let plain = |c: char| char::from_u32(c as u32 - 0xFEE0).unwrap_or(c);
        text.chars()
            .map(|c| match c {
                '\u{ff0f}' | '\u{ff1a}' | '\u{ff0d}' | '\u{ff0e}' => plain(c),
                '\u{3000}' => ' ',
                c if is_wide(c) => plain(c),
                c => c,
            })
            .collect()
    })
}

/// The fast path: `YYYY-MM-DD`, alone or before a time.
#[inline]
fn iso_first(bytes: &[u8], zone: &Zone) -> Option<Value> {
    let (date, rest) = bytes.split_first_chunk::<10>()?;
    let digit = |index: usize| {
        let value = date[index].wrapping_sub(b'0');
        (value < 10).then_some(u32::from(value))
    };
    let pair = |index: usize| Some(digit(index)? * 10 + digit(index + 1)?);
    let (century, year, month, day) = (pair(0)?, pair(2)?, pair(5)?, pair(8)?);
    let day = from_civil((century * 100 + year) as i32, month, day)?;
    let day = if rest.is_empty() {
        day
    } else {
        clock::time(rest)?.day(day, zone)?
    };
    Some(Value::Day(day, Pattern::YearFirst))
}

/// The day of `YYYYMMDD` as one number.
#[must_use]
#[inline]
pub fn compact(number: u32) -> Option<Day> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    from_civil(year as i32, month, day)
}

/// `YYYYMMDD` and a time without signs, or an instant in seconds and smaller units since 1970; eight digits
/// are read before.
///
/// `2018100100` is an hour of a day in 2018 and no second of 2033: seconds of real shops begin with 1, and
/// those that could be dates of the 1990s (`1997…`) are seconds after 2033.
fn digits_only(text: &str, zone: &Zone) -> Option<Value> {
    let number: i64 = text.parse().ok()?;
    if matches!(text.len(), 10 | 12 | 14 | 17)
        && let Some(day) = compact_with_clock(text)
    {
        return Some(Value::Day(day, Pattern::Compact));
    }
    // A digit fewer until September 2001.
    let per_second = match (text.len(), text.as_bytes()[0]) {
        (9, _) | (10, b'1') => 1,
        (12, _) | (13, b'1') => 1_000,
        (15, _) | (16, b'1') => 1_000_000,
        (19, b'1') => 1_000_000_000,
        _ => return None,
    };
    zone.day_of(number.div_euclid(per_second))
        .map(|day| Value::Day(day, Pattern::Epoch))
}

/// The day of `YYYYMMDDHH`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS` of likely years.
fn compact_with_clock(text: &str) -> Option<Day> {
    let (date, clock) = text.split_at_checked(8)?;
    let day = compact(date.parse().ok()?)?;
    let part = |at: usize| {
        clock
            .get(at..at + 2)
            .map_or(Some(0), |part| part.parse().ok())
    };
    let likely = (1970..=2100).contains(&civil(day).0);
    (likely && part(0)? < 25 && part(2)? < 60 && part(4)? < 61).then_some(day)
}

/// Seconds since 1970 with a fraction: `1546300800.123`.
fn fractional_epoch((seconds, fraction): (&str, &str), zone: &Zone) -> Option<Value> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (matches!(seconds.len(), 9 | 10) && digits(seconds) && digits(fraction))
        .then(|| zone.day_of(seconds.parse().ok()?))?
        .map(|day| Value::Day(day, Pattern::Epoch))
}

/// `2010/12/01`, `2010.12.1 8:26`, `2010-1-2`, `2024. 1. 5.`, `2024年1月5日`.
fn year_first(year: u32, mut numbers: Scanner, zone: &Zone) -> Option<Value> {
    let (month, day);
    if numbers.word("年").or_else(|| numbers.word("년")).is_some() {
        numbers.skip(b" ");
        month = numbers.number()?.0;
        numbers.word("月").or_else(|| numbers.word("월"))?;
        numbers.skip(b" ");
        day = numbers.number()?.0;
        numbers.word("日").or_else(|| numbers.word("일"))?;
    } else {
        let separator = numbers.peek()?;
        numbers.one_of(b"/.-")?;
        numbers.skip(b" ");
        if let Some((number, _)) = numbers.number() {
            month = number;
            numbers.exactly(separator)?;
        } else {
            month = numbers.month()?;
            numbers.one_of(b"/.- ")?;
        }
        numbers.skip(b" ");
        day = numbers.number()?.0;
    }
    let day = from_civil(year as i32, month, day)?;
    let day = clock::time(numbers.rest())?.day(day, zone)?;
    Some(Value::Day(day, Pattern::YearFirst))
}

/// `13/1/2010 8:26`, `31.12.99`, `14-Jan-15`, `3. März 2020`, `1er janvier 2024`, `5 de enero de 2024`.
fn number_first(first: u32, mut numbers: Scanner, zone: &Zone) -> Option<Value> {
    ordinal(&mut numbers);
    let separator = numbers.peek()?;
    // Without a sign between: `05JAN2024`.
    if numbers.letters().is_empty() {
        numbers.one_of(b"/.- ")?;
        numbers.skip(b" ");
    }
    if !numbers.peek()?.is_ascii_digit() {
        of(&mut numbers);
        let month = numbers.month()?;
        numbers.skip(b"/.-, ");
        of(&mut numbers);
        let day = from_civil(numbers.year()?, month, first)?;
        let day = clock::time(numbers.rest())?.day(day, zone)?;
        return Some(Value::Day(day, Pattern::NamedMonth));
    }
    let (second, _) = numbers.number()?;
    numbers.exactly(separator)?;
    numbers.skip(b" ");
    let short = |rest: &[u8]| rest.iter().take_while(|byte| byte.is_ascii_digit()).count() == 2;
    let short = short(numbers.rest()) && first > 9;
    let year = numbers.year()?;
    if !(1..=31).contains(&first) || !(1..=31).contains(&second) || (first > 12 && second > 12) {
        return None;
    }
    let shift = shift(clock::time(numbers.rest())?, (year, first, second), zone)?;
    Some(Value::Either {
        first,
        second,
        year,
        shift,
        short,
    })
}

/// How far the zone moves the day of an instant whose day and month are not told apart yet: by the same
/// number of days in both orders, but for a change of clocks within the hour.
fn shift(time: Time, (year, first, second): (i32, u32, u32), zone: &Zone) -> Option<i32> {
    if !time.utc {
        return Some(0);
    }
    let day = from_civil(year, second, first).or_else(|| from_civil(year, first, second))?;
    Some((time.day(day, zone)? - day).clamp(-1, 1))
}

/// What makes a number the first, second or tenth.
fn ordinal(numbers: &mut Scanner) {
    for ending in ["st", "nd", "rd", "th", "er", "º", "ª", "°"] {
        if numbers.word(ending).is_some() {
            break;
        }
    }
}

/// The words between the parts of a date: `5 de enero de 2024`, `1st of May`.
fn of(numbers: &mut Scanner) {
    for word in ["de ", "del ", "of ", "d'", "d’"] {
        if numbers.word(word).is_some() {
            break;
        }
    }
}

/// `Jan 14, 2015`, and dates behind a weekday: `Wednesday, 14 January 2015`.
fn word_first(text: &str, zone: &Zone) -> Option<Value> {
    month_first(text, zone).or_else(|| {
        let scanner = Scanner::new(text.as_bytes());
        let word = scanner.letters();
        let is_weekday = word.len() <= months::LONGEST && months::is_weekday(word);
        let rest = text[word.len()..].trim_start_matches([',', '.', ' ']);
        // A name for a day stands once: what follows must begin otherwise.
        let goes_on = rest.len() < text.len() && !rest.is_empty();
        (is_weekday && goes_on)
            .then(|| match rest.as_bytes()[0] {
                b'0'..=b'9' => parse(rest, zone),
                _ => month_first(rest, zone),
            })
            .flatten()
    })
}

/// `Jan 14, 2015 3:05 PM`, `January 5th 2024`, `Jan  5 10:15:00 UTC 2024`.
fn month_first(text: &str, zone: &Zone) -> Option<Value> {
    let mut parts = Scanner::new(text.as_bytes());
    let month = parts.month()?;
    parts.skip(b"/.-, ");
    let (of_month, _) = parts.number()?;
    ordinal(&mut parts);
    parts.skip(b"/.-, ");
    let before_time = || {
        let mut ahead = parts;
        let day = from_civil(ahead.year()?, month, of_month)?;
        clock::time(ahead.rest())?.day(day, zone)
    };
    // As the clock of a system writes it.
    let behind_time = || {
        let (time, year) = std::str::from_utf8(parts.rest()).ok()?.rsplit_once(' ')?;
        let year = year.parse().ok().filter(|_| year.len() == 4)?;
        let day = from_civil(year, month, of_month)?;
        clock::time(time.as_bytes())?.day(day, zone)
    };
    before_time()
        .or_else(behind_time)
        .map(|day| Value::Day(day, Pattern::NamedMonth))
}

/// Whether a text reads as a date whose day depends on the shop's time zone.
pub(super) fn is_instant(text: &str) -> bool {
    // Of two zones half a day from UTC, one moves any instant to another day.
    let read = |zone: &Zone| parse(text, zone);
    let here = read(&Zone::default());
    [-12, 12]
        .into_iter()
        .any(|hours| read(&Zone::of_hours(hours)) != here)
}
