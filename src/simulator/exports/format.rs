//! Dates and money as the exports spell them.

use crate::ledger::date;
use data::day::{civil, iso};

/// English names, which every export uses that names months.
pub(super) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `1234.50`
pub(super) fn plain(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// `1,234.50`
pub(super) fn grouped(cents: u64) -> String {
    with_groups(cents, ',', '.')
}

/// `1.234,50`
pub(super) fn german(cents: u64) -> String {
    with_groups(cents, '.', ',')
}

fn with_groups(cents: u64, group: char, decimal: char) -> String {
    let whole = (cents / 100).to_string();
    let mut text = String::with_capacity(whole.len() + 6);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    format!("{text}{decimal}{:02}", cents % 100)
}

/// `2024-02-29`
pub(super) fn day(day: u16) -> String {
    iso(date(day))
}

/// `17:05`
pub(super) fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `5:05:00 PM`
pub(super) fn twelve_hours(minute: u16) -> String {
    let hour = minute / 60;
    let half = if hour < 12 { "AM" } else { "PM" };
    let shown = if hour.is_multiple_of(12) {
        12
    } else {
        hour % 12
    };
    format!("{shown}:{:02}:00 {half}", minute % 60)
}

/// Year, month and day.
pub(super) fn parts(day: u16) -> (i32, u32, u32) {
    civil(date(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_times_are_spelled_as_people_do() {
        assert_eq!(plain(123_450), "1234.50");
        assert_eq!(grouped(123_456_789), "1,234,567.89");
        assert_eq!(grouped(5), "0.05");
        assert_eq!(german(123_450), "1.234,50");
        assert_eq!(german(99_999), "999,99");
        assert_eq!(twelve_hours(0), "12:00:00 AM");
        assert_eq!(twelve_hours(725), "12:05:00 PM");
        assert_eq!(twelve_hours(1_020), "5:00:00 PM");
        assert_eq!(clock(65), "01:05");
        assert_eq!(day(0), "2022-07-01");
    }
}
