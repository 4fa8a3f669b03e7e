//! Dates that a spreadsheet wrote as numbers, and dates that stand for none.

use super::{missing::is_missing_number_or_date, numbers::plain, text::trim};
use crate::day::{Day, civil};

/// How plain numbers of a date column are to be understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// As dates of digits (`20240131`) or seconds since 1970.
    #[default]
    Auto,
    /// As days since the end of 1899, as Excel counts them.
    Serial1900,
    /// As days since 1904-01-01, as old Excel on Macs counts them.
    Serial1904,
}

impl Form {
    /// How dates were read, for people; `None` where the values say it.
    #[must_use]
    pub fn format(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Serial1900 => Some("date, spreadsheet days since 1900"),
            Self::Serial1904 => Some("date, spreadsheet days since 1904"),
        }
    }

    /// The form that a column's format speaks of.
    #[must_use]
    pub fn in_format(format: &str) -> Self {
        [Self::Serial1900, Self::Serial1904]
            .into_iter()
            .find(|form| form.format() == Some(format))
            .unwrap_or_default()
    }

    /// The day of a serial number; `None` for what is none in this form.
    pub(super) fn day(self, text: &str) -> Option<Day> {
        // The last day is 9999-12-31.
        let serial = number(text)
            .filter(|serial| (0.0..2_958_466.0).contains(serial))?
            .floor() as i32;
        match self {
            Self::Auto => None,
            // Excel counts a 29 February 1900, its day 60, that never was.
            Self::Serial1900 if serial < 60 => Some(serial - 25_568),
            Self::Serial1900 => Some(serial - 25_569),
            Self::Serial1904 => Some(serial - 24_107),
        }
    }
}

/// A plain number, with decimal point or comma and any number of decimals.
fn number(text: &str) -> Option<f64> {
    if let Some((number, _)) = plain(text.as_bytes()) {
        return Some(number);
    }
    let (whole, fraction) = text.split_once([',', '.'])?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(fraction))
        .then(|| plain(whole.as_bytes()))
        .flatten()
        .map(|(number, _)| number)
}

/// Years in which the shops of today sold something.
const SHOP_YEARS: std::ops::RangeInclusive<i32> = 1990..=2040;

/// Cells of which one may be a word.
const MANY_DAYS: u32 = 6;

/// Whether some cells of a column, whose header must speak of a date, look like serial numbers of a
/// spreadsheet: all of them numbers of days in a shop's lifetime, but for the word of a totals row. The older
/// form is only taken where the usual one cannot be; a workbook says itself which one it has.
#[must_use]
pub fn serial_form<'a>(cells: impl IntoIterator<Item = &'a str>, speaks_of_date: bool) -> Form {
    let (mut filled, mut fits_1900, mut fits_1904) = (0, 0, 0);
    for cell in cells.into_iter().map(trim) {
        if is_missing_number_or_date(cell) {
            continue;
        }
        filled += 1;
        let likely = |form: Form| {
            form.day(cell)
                .is_some_and(|day| SHOP_YEARS.contains(&civil(day).0))
        };
        fits_1900 += u32::from(likely(Form::Serial1900));
        fits_1904 += u32::from(likely(Form::Serial1904));
    }
    let others = u32::from(filled >= MANY_DAYS);
    let all = |fits: u32| speaks_of_date && fits > 0 && fits + others >= filled;
    if all(fits_1900) {
        Form::Serial1900
    } else if all(fits_1904) {
        Form::Serial1904
    } else {
        Form::Auto
    }
}

/// Days that programs write where there is no date, as ISO dates: the beginnings and ends of what they can
/// count.
const PLACEHOLDERS: [Day; 11] = [
    -719_528,  // 0000-01-01
    -719_162,  // 0001-01-01
    -79_257,   // 1753-01-01
    -25_569,   // 1899-12-30
    -25_568,   // 1899-12-31
    -25_567,   // 1900-01-01
    -24_107,   // 1904-01-01
    0,         // 1970-01-01
    47_481,    // 2099-12-31
    376_199,   // 2999-12-31
    2_932_896, // 9999-12-31
];

/// Whether a day is one of those that stand for "no date". A real sale may fall on 1970-01-01: it counts
/// only where a day lies far from all others.
#[must_use]
pub fn is_placeholder(day: Day) -> bool {
    PLACEHOLDERS.contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::{iso, parse_iso};

    #[test]
    fn days_of_spreadsheets() {
        for (form, text, expected) in [
            (Form::Serial1900, "45292", "2024-01-01"),
            (Form::Serial1900, "45292.75", "2024-01-01"),
            (Form::Serial1900, "45292,428472222222", "2024-01-01"),
            (Form::Serial1900, "45292.42847222222222", "2024-01-01"),
            (Form::Serial1900, "1", "1900-01-01"),
            (Form::Serial1900, "61", "1900-03-01"),
            (Form::Serial1904, "0", "1904-01-01"),
            (Form::Serial1904, "43830", "2024-01-01"),
        ] {
            assert_eq!(form.day(text).map(iso).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "-5", "99999999", "soon", "1e5", "20240101"] {
            assert_eq!(Form::Serial1900.day(text), None, "{text}");
        }
    }

    #[test]
    fn columns_of_serial_numbers() {
        assert_eq!(
            serial_form(["45292", "", "45300.5"], true),
            Form::Serial1900
        );
        assert_eq!(serial_form(["45292", "45300"], false), Form::Auto);
        assert_eq!(serial_form(["31500", "33000"], true), Form::Serial1904);
        assert_eq!(serial_form(["45292", "12"], true), Form::Auto);
        assert_eq!(serial_form(["45292", "2024-01-01"], true), Form::Auto);
        assert_eq!(serial_form(["", "-"], true), Form::Auto);
        for form in [Form::Auto, Form::Serial1900, Form::Serial1904] {
            assert_eq!(Form::in_format(form.format().unwrap_or("date")), form);
        }
    }

    #[test]
    fn placeholders() {
        for text in [
            "0000-01-01",
            "0001-01-01",
            "1753-01-01",
            "1899-12-30",
            "1899-12-31",
            "1900-01-01",
            "1904-01-01",
            "1970-01-01",
            "2099-12-31",
            "2999-12-31",
            "9999-12-31",
        ] {
            assert!(
                parse_iso(text).is_some_and(is_placeholder),
                "{text} {:?}",
                parse_iso(text)
            );
        }
        assert!(!parse_iso("2024-01-01").is_some_and(is_placeholder));
    }
}
