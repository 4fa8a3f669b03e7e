//! Numbers and dates as the report prints them: as the window does.

pub use base::figures::{count as count_of, fixed, integer, money, percent};
use data::day::{Day, iso};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

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
