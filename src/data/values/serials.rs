//! Dates that only their column tells to be some: numbers of a spreadsheet, six digits, months; and dates
//! that stand for none.

use std::collections::HashSet;

use super::{missing::is_missing_number_or_date, months, numbers::plain, text::trim};
use crate::day::{Day, civil, from_civil};

/// How the cells of a date column are to be understood that say too little alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// As dates of digits (`20240131`) or seconds since 1970.
    #[default]
    Auto,
    /// As days since the end of 1899, as Excel counts them.
    Serial1900,
    /// As days since 1904-01-01, as old Excel on Macs counts them.
    Serial1904,
    /// As year, month and day of two digits each: `240131`.
    ShortYear,
    /// As months (`2024-03`, `Mar 2024`, `03/2024`, `202403`), whose first day stands for all.
    Months,
}

/// All that are looked for; of two that fit the first one counts.
const FORMS: [Form; 4] = [
    Form::Serial1900,
    Form::Serial1904,
    Form::ShortYear,
    Form::Months,
];

impl Form {
    /// How dates were read, for people; `None` where the values say it.
    #[must_use]
    pub fn format(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Serial1900 => Some("date, spreadsheet days since 1900"),
            Self::Serial1904 => Some("date, spreadsheet days since 1904"),
            Self::ShortYear => Some("date, YYMMDD"),
            Self::Months => Some("date, months without days"),
        }
    }

    /// The form that a column's format speaks of.
    #[must_use]
    pub fn in_format(format: &str) -> Self {
        FORMS
            .into_iter()
            .find(|form| form.format() == Some(format))
            .unwrap_or_default()
    }

    /// The day of a cell; `None` for what is none in this form.
    pub(super) fn day(self, text: &str) -> Option<Day> {
        match self {
            Self::Auto => return None,
            Self::ShortYear => return short_year(text),
            Self::Months => return first_of_month(text),
            Self::Serial1900 | Self::Serial1904 => {}
        }
        // The last day is 9999-12-31.
        let serial = number(text)
            .filter(|serial| (0.0..2_958_466.0).contains(serial))?
            .floor() as i32;
        Some(match self {
            Self::Serial1904 => serial - 24_107,
            // Excel counts a 29 February 1900, its day 60, that never was.
            _ if serial < 60 => serial - 25_568,
            _ => serial - 25_569,
        })
    }
}

/// Six digits, which data frames write with `.0`.
fn six_digits(text: &str) -> Option<u32> {
    let digits = text.strip_suffix(".0").unwrap_or(text);
    let six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    six.then(|| digits.parse().ok()).flatten()
}

fn short_year(text: &str) -> Option<Day> {
    let number = six_digits(text)?;
    let year = number / 10_000;
    let century = if year < 70 { 2000 } else { 1900 };
    from_civil((century + year) as i32, number / 100 % 100, number % 100)
}

fn first_of_month(text: &str) -> Option<Day> {
    if let Some(number) = six_digits(text) {
        return from_civil((number / 100) as i32, number % 100, 1);
    }
    let (first, last) = text.split_once(['-', '/', '.', ' '])?;
    let (first, last) = (trim(first), last.trim_matches(['-', '/', '.', ' ']));
    let is_year = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month) = if is_year(first) {
        (first, last)
    } else {
        (last, first)
    };
    let number = match month.len() {
        1 | 2 => month.parse().ok(),
        _ => months::month(month),
    };
    is_year(year).then(|| from_civil(year.parse().ok()?, number?, 1))?
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
const MANY_DAYS: usize = 6;

/// The form of some cells of a column whose header speaks of a date: all of them are days in a shop's lifetime,
/// but for the word of a totals row. The older one of a spreadsheet is only taken where the usual one cannot
/// be; a workbook says itself which one it has.
#[must_use]
pub fn form_of<'a>(cells: impl IntoIterator<Item = &'a str>) -> Form {
    let cells = cells.into_iter().map(trim);
    let filled: Vec<&str> = cells
        .filter(|cell| !is_missing_number_or_date(cell))
        .collect();
    let others = usize::from(filled.len() >= MANY_DAYS);
    let fits = |form: Form| {
        let likely = |cell: &&&str| {
            form.day(cell)
                .is_some_and(|day| SHOP_YEARS.contains(&civil(day).0))
        };
        let fit = filled.iter().filter(likely).count();
        fit > 0 && fit + others >= filled.len()
    };
    match FORMS.into_iter().find(|form| fits(*form)) {
        // `200512` may be a month, and `311224` end with its year: years differ less than days do.
        Some(Form::ShortYear) => {
            let kinds = |pair: std::ops::Range<usize>| {
                let pairs = filled.iter().filter_map(|cell| cell.get(pair.clone()));
                pairs.collect::<HashSet<&str>>().len()
            };
            if kinds(0..2) < kinds(4..6) && !fits(Form::Months) {
                Form::ShortYear
            } else {
                Form::Auto
            }
        }
        found => found.unwrap_or_default(),
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
        for (cells, form) in [
            (&["45292", "", "45300.5"][..], Form::Serial1900),
            (&["31500", "33000"], Form::Serial1904),
            (&["45292", "12"], Form::Auto),
            (&["45292", "2024-01-01"], Form::Auto),
            (&["", "-"], Form::Auto),
            (&["240131", "240203", "231107"], Form::ShortYear),
            (&["970101.0", "970112.0"], Form::ShortYear),
            // The year may stand last, or nothing tells; these may be months.
            (&["310124", "030224", "071123"], Form::Auto),
            (&["240110", "240210"], Form::Auto),
            (&["200511", "200512"], Form::Auto),
            (&["201612", "201701"], Form::Months),
            (&["2024-03", "2024-11"], Form::Months),
            (&["03/2024", "1.2024"], Form::Months),
            (&["Mar 2024", "Sept. 2024", "2024 März"], Form::Months),
            (&["2024-13", "2024-11"], Form::Auto),
            (&["Mar 24", "Apr 24"], Form::Auto),
        ] {
            assert_eq!(form_of(cells.iter().copied()), form, "{cells:?}");
        }
        assert_eq!(
            Form::Months.day("Mar 2024").map(iso).as_deref(),
            Some("2024-03-01")
        );
        assert_eq!(
            Form::ShortYear.day("990131").map(iso).as_deref(),
            Some("1999-01-31")
        );
        for form in FORMS.into_iter().chain([Form::Auto]) {
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
