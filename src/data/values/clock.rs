//! Time of day, offsets and the shop's time zone.
//!
//! A stamp with an offset was written by the clock of the shop and keeps its day: `2023-12-31 19:50 -0600`
//! is a sale of the old year wherever it is read. Only an instant that names no place (`Z`, `UTC`, `GMT`,
//! `+00:00`, seconds since 1970) is moved to the day of the zone chosen for the shop. (Time, in
//! `design/UNDERSTANDING.md`. An offset of zero counts as UTC: a shop in London that writes it has the same
//! days either way.)

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};

use super::scanner::Scanner;
use crate::day::{Day, from_civil};

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

    /// A zone so many hours from UTC.
    pub(super) fn of_hours(hours: i8) -> Self {
        Self(Some(TimeZone::fixed(Offset::constant(hours))))
    }

    /// Whether instants keep the day that they have in UTC.
    pub(super) fn is_utc(&self) -> bool {
        self.0.is_none()
    }

    /// The local calendar day of an instant (seconds since 1970-01-01 UTC).
    #[must_use]
    pub fn day_of(&self, seconds: i64) -> Option<Day> {
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

/// A time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Time {
    /// Seconds since midnight.
    seconds: u32,
    /// Whether it is that of UTC and of no place.
    pub utc: bool,
}

impl Time {
    /// The shop's day of this time on some day.
    pub(super) fn day(self, day: Day, zone: &Zone) -> Option<Day> {
        if self.utc && !zone.is_utc() {
            zone.day_of(i64::from(day) * 86_400 + i64::from(self.seconds))
        } else {
            Some(day)
        }
    }
}

/// The time that follows a date; midnight when nothing does, `None` when it is no time.
pub(super) fn time(rest: &[u8]) -> Option<Time> {
    let rest = rest.trim_ascii();
    let rest = strip_first(rest, b".").trim_ascii_start();
    let rest = strip_first(rest, b",").trim_ascii_start();
    let rest = strip_first(strip_first(rest, b"at "), b"um ");
    let rest = strip_first(rest, b":");
    // Russian dates end in "of the year".
    let rest = strip_first(strip_first(rest, "года".as_bytes()), "г.".as_bytes());
    let rest = strip_first(strip_first(rest, "г".as_bytes()), b",").trim_ascii_start();
    let rest = strip_first(rest, b"T").trim_ascii_start();
    if rest.is_empty() {
        return Some(Time::default());
    }
    let mut parts = Scanner::new(rest);
    let seconds = time_of_day(&mut parts)?;
    let utc = is_utc(parts.rest().trim_ascii())?;
    Some(Time { seconds, utc })
}

fn strip_first<'a>(text: &'a [u8], sign: &[u8]) -> &'a [u8] {
    text.strip_prefix(sign).unwrap_or(text)
}

/// `10:15`, `10:15:30.123`, `3:05 PM`, `10h15`, `101530`; seconds since midnight.
fn time_of_day(parts: &mut Scanner) -> Option<u32> {
    let (first, digits) = parts.number()?;
    let (mut hour, minute, mut second) = match digits {
        1 | 2 if parts.one_of(b":.h").is_some() || any_word(parts, &["時", "时", "시 ", "시"]) => {
            (first, parts.number()?.0, 0)
        }
        // An hour alone is written with two digits.
        2 => (first, 0, 0),
        4 => (first / 100, first % 100, 0),
        6 => (first / 10_000, first / 100 % 100, first % 100),
        _ => return None,
    };
    if digits <= 2 && parts.one_of(b":.").is_some() {
        second = parts.number()?.0;
    } else if any_word(parts, &["分", "분 ", "분"]) && !parts.rest().is_empty() {
        second = parts.number()?.0;
        any_word(parts, &["秒", "초"]);
    }
    if parts.one_of(b".,:").is_some() {
        parts.number()?;
    }
    if hour > 24 || minute >= 60 || second > 60 {
        return None;
    }
    parts.skip(b" ");
    if let Some(afternoon) = half_of_day(parts) {
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    Some(hour * 3_600 + minute * 60 + second)
}

/// Skips the first of some words that stands here.
fn any_word(parts: &mut Scanner, words: &[&str]) -> bool {
    words.iter().any(|word| parts.word(word).is_some())
}

/// `AM`, `pm`, `a. m.`; whether it is the second half.
fn half_of_day(parts: &mut Scanner) -> Option<bool> {
    let forms: [(&str, bool); 6] = [
        ("am", false),
        ("pm", true),
        ("a.m.", false),
        ("p.m.", true),
        ("a. m.", false),
        ("p. m.", true),
    ];
    // A no-break space may stand inside: `a.\u{a0}m.`
    let found = forms.into_iter().find(|(form, _)| {
        let head = parts.rest().get(..form.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(form.as_bytes()))
    });
    let (form, afternoon) = found?;
    parts.advance(form.len());
    Some(afternoon)
}

/// Names of zones that stand behind local times, as an offset would.
#[rustfmt::skip]
const LOCAL: [&[u8]; 42] = [
    b"PST", b"PDT", b"MST", b"MDT", b"CST", b"CDT", b"EST", b"EDT", b"AKST", b"AKDT", b"HST", b"AST", b"ADT", b"NST", b"NDT",
    b"BST", b"IST", b"WET", b"WEST", b"CET", b"CEST", b"MEZ", b"MESZ", b"MET", b"MEST", b"EET", b"EEST", b"MSK", b"TRT",
    b"JST", b"KST", b"SGT", b"HKT", b"AEST", b"AEDT", b"ACST", b"AWST", b"NZST", b"NZDT", b"SAST", b"BRT", b"ART",
];

/// Whether what follows a time says that it is that of UTC: `Z`, `UTC`, `GMT`, `+00:00`. Not so for any other
/// offset (`+02:00`, `-0530`, `GMT+2`) and zone by name; `None` for what is neither.
fn is_utc(tail: &[u8]) -> Option<bool> {
    // `[Europe/Berlin]` or `(Central European Time)` only explains the offset before.
    let explained = tail.iter().position(|byte| matches!(byte, b'[' | b'('));
    let closed = matches!(tail.last(), Some(b']' | b')'));
    let tail = match explained.filter(|_| closed) {
        Some(at) => tail[..at].trim_ascii_end(),
        None => tail,
    };
    if matches!(tail, b"UTC" | b"Z") {
        return Some(true);
    }
    let upper = tail.to_ascii_uppercase();
    if upper.is_empty() || matches!(&upper[..], b"UHR" | b"H") || LOCAL.contains(&&upper[..]) {
        return Some(false);
    }
    let rest = ["UTC", "GMT", "Z"]
        .iter()
        .find_map(|name| upper.strip_prefix(name.as_bytes()))
        .unwrap_or(&upper);
    if rest.is_empty() {
        return Some(true);
    }
    let mut parts = Scanner::new(rest);
    // A real minus is three bytes.
    if parts.one_of(b"+-").is_none() {
        rest.starts_with("−".as_bytes()).then(|| parts.advance(3))?;
    }
    let (number, digits) = parts.number()?;
    let (hours, minutes) = match digits {
        1 | 2 if parts.one_of(b":").is_some() => (number, parts.number()?.0),
        1 | 2 => (number, 0),
        4 => (number / 100, number % 100),
        _ => return None,
    };
    (parts.rest().is_empty() && hours <= 18 && minutes < 60).then_some(hours == 0 && minutes == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_whose_they_are() {
        for (text, hour, minute, utc) in [
            (" 10:15", 10, 15, false),
            ("T10:15:30Z", 10, 15, true),
            (" 10:15:30 UTC", 10, 15, true),
            (" 10:15:30.123456 GMT", 10, 15, true),
            (" 10:15:30+00:00", 10, 15, true),
            ("T10:15:30.000+0000", 10, 15, true),
            (" 10:15:30 -0600", 10, 15, false),
            (" 10:15:30−06:00", 10, 15, false),
            (" 10:15 GMT+2", 10, 15, false),
            (" 10:15 PST", 10, 15, false),
            ("T10:15:00+01:00[Europe/Paris]", 10, 15, false),
            (
                " 10:15:00 GMT+0100 (Central European Standard Time)",
                10,
                15,
                false,
            ),
            (", 3:05:10 PM", 15, 5, false),
            (" 12:05 am", 0, 5, false),
            (" 3:05 p. m.", 15, 5, false),
            ("T101530Z", 10, 15, true),
            (" 1015", 10, 15, false),
            (" 10h15", 10, 15, false),
            (" 10.15 Uhr", 10, 15, false),
            (" 07", 7, 0, false),
            (" um 10:15", 10, 15, false),
            (" 10:15:30:123", 10, 15, false),
            (" 10時15分", 10, 15, false),
            ("10时15分30秒", 10, 15, false),
            (" г.", 0, 0, false),
            (" г., 10:15", 10, 15, false),
            ("", 0, 0, false),
            (".", 0, 0, false),
        ] {
            let found = time(text.as_bytes());
            let expected = hour * 60 + minute;
            assert_eq!(
                found.map(|time| (time.seconds / 60, time.utc)),
                Some((expected, utc)),
                "{text}"
            );
        }
        for text in [
            " 25:00",
            "x",
            " 10:15 apples",
            " 7",
            " 10:61",
            " 10:15+99:00",
            " 123",
        ] {
            assert_eq!(time(text.as_bytes()), None, "{text}");
        }
    }
}
