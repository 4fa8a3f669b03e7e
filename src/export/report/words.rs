//! Numbers and dates as the report prints them: as the window does.

use crate::data::day::{Day, iso};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `12,054`
#[must_use]
pub fn integer(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `2,500,315.63` with this many decimals; "–" where there is no number.
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), integer);
    let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !zero { "−" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// Money with three or so significant figures, and whole from 100 on.
#[must_use]
pub fn money(value: f64, currency: &str) -> String {
    let decimals = match value.abs() {
        magnitude if magnitude >= 100.0 => 0,
        magnitude if magnitude >= 10.0 => 1,
        magnitude if magnitude >= 1.0 => 2,
        0.0 => 0,
        _ => 3,
    };
    let text = fixed(value, decimals);
    if currency.is_empty() {
        text
    } else {
        format!("{currency} {text}")
    }
}

/// `70.2 %` for 0.7025; what is more than nothing never reads as nothing.
#[must_use]
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        "–".to_owned()
    } else if share > 0.0 && share < 0.000_5 {
        "<0.1 %".to_owned()
    } else {
        format!("{} %", fixed(share * 100.0, 1))
    }
}

/// `30 Jun 2025`
#[must_use]
pub fn date(day: Day) -> String {
    let text = iso(day);
    let mut parts = text.rsplitn(3, '-');
    let (date, month, year) = (parts.next(), parts.next(), parts.next());
    let number = month.and_then(|month| month.parse::<usize>().ok());
    let name = number.and_then(|number| MONTHS.get(number.wrapping_sub(1)));
    match (date, name, year) {
        (Some(date), Some(name), Some(year)) => {
            format!("{} {name} {year}", date.trim_start_matches('0'))
        }
        _ => text,
    }
}

/// `1 file`, `3 files`.
#[must_use]
pub fn count_of(value: u64, singular: &str, plural: &str) -> String {
    let noun = if value == 1 { singular } else { plural };
    format!("{} {noun}", integer(value))
}
