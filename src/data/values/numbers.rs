//! Amounts and quantities as shops write them → numbers.
//!
//! Whether the comma or the point is the decimal sign is one decision for a column: `1.234` alone
//! can be either. [`Evidence`] counts the values that only one reading explains.

use std::ops::Range;

use crate::data::values::keys::{EIGHT_ZEROS, number_of};

/// The decimal sign of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Decimal {
    #[default]
    Point,
    Comma,
}

impl Decimal {
    /// How numbers were read, for people.
    #[must_use]
    pub fn format(self) -> &'static str {
        match self {
            Self::Point => "number",
            Self::Comma => "number, decimal comma",
        }
    }
}

/// Values that only one decimal sign explains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    pub point: u64,
    pub comma: u64,
}

impl Evidence {
    /// The decimal sign the column speaks for; point when nothing speaks for the comma.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        if self.comma > self.point {
            Decimal::Comma
        } else {
            Decimal::Point
        }
    }

    pub fn add(&mut self, other: Self) {
        self.point += other.point;
        self.comma += other.comma;
    }
}

/// A number, or NaN when the text is none. `evidence` learns what the text says about the column.
#[inline]
pub fn read(text: &str, decimal: Decimal, evidence: &mut Evidence) -> f64 {
    settle(plain(text.as_bytes()), || text, decimal, evidence)
}

/// As [`read`], of a cell within a text: where a plain number stands, nobody asks for characters.
#[inline]
pub fn read_within(
    text: &str,
    cell: Range<usize>,
    decimal: Decimal,
    evidence: &mut Evidence,
) -> f64 {
    let bytes = text.as_bytes();
    let eight = bytes.get(cell.start..).and_then(<[u8]>::first_chunk);
    let eight = eight.filter(|_| (1..=8).contains(&cell.len()));
    let number = eight.and_then(|eight| short(*eight, cell.len()));
    let number = number.or_else(|| plain(&bytes[cell.clone()]));
    settle(number, || &text[cell], decimal, evidence)
}

/// What a text says under a decimal sign; `number` is what [`plain`] makes of it.
#[inline]
fn settle<'a>(
    number: Option<(f64, usize)>,
    text: impl FnOnce() -> &'a str,
    decimal: Decimal,
    evidence: &mut Evidence,
) -> f64 {
    let Some((number, decimals)) = number else {
        let text = text();
        return match (long(text), decimal) {
            (Some(number), Decimal::Point) => {
                evidence.point += 1;
                number
            }
            _ => spelled(text, decimal, evidence),
        };
    };
    // Three digits after a point may be thousands.
    if decimals == 3 && decimal == Decimal::Comma {
        return spelled(text(), decimal, evidence);
    }
    evidence.point += u64::from(decimals > 0 && decimals != 3);
    if decimals == 0 || decimal == Decimal::Point {
        number
    } else {
        spelled(text(), decimal, evidence)
    }
}

/// Most digits of [`long`]: what programs write of a number and no more.
const LONG_DIGITS: usize = 24;

/// More digits than [`plain`] takes, with a point among them: `16.989999771118164`. There are too many
/// behind or before the point for it to part thousands.
fn long(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.')?;
    let all_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let fits =
        (16..=LONG_DIGITS).contains(&digits.len()) && (whole.len() > 3 || fraction.len() > 3);
    let long = fits && all_digits(whole) && all_digits(fraction);
    long.then(|| text.parse().ok()).flatten()
}

const LOW_BITS: u64 = 0x0101_0101_0101_0101;

const POWERS: [f64; 16] = [
    1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// The common spelling: an optional minus, up to 15 digits, at most one point; the number and its
/// digits behind the point. Exact, because both the digits and the power of ten are whole numbers
/// below 2^53 and division rounds correctly.
#[inline]
pub(in crate::data) fn plain(bytes: &[u8]) -> Option<(f64, usize)> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let (mut number, mut point) = (0_u64, None);
    for (index, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            number = number * 10 + u64::from(digit);
        } else if byte == b'.' && point.is_none() && index > 0 {
            point = Some(index);
        } else {
            return None;
        }
    }
    let decimals = point.map_or(0, |point| digits.len() - point - 1);
    if digits.len() - usize::from(point.is_some()) > 15 {
        return None;
    }
    let number = number as f64 / POWERS[decimals];
    Some((if negative { -number } else { number }, decimals))
}

/// As [`plain`], of the first `length` of eight bytes, which is from one to eight; a sign is none. All
/// digits are read at once, so that the processor need not foresee how many there are.
#[inline]
fn short(bytes: [u8; 8], length: usize) -> Option<(f64, usize)> {
    // The last one on top, zeros before the first one.
    let unused = 8 * (8 - length as u32);
    let text =
        u64::from_le_bytes(bytes) << unused | EIGHT_ZEROS.checked_shr(64 - unused).unwrap_or(0);
    let values = text ^ EIGHT_ZEROS;
    // Without carries from one byte to the next: the lowest point is found, whatever stands above.
    let others = values ^ (u64::from(b'.' ^ b'0') * LOW_BITS);
    let points = others.wrapping_sub(LOW_BITS) & !others & (LOW_BITS << 7);
    let (digits, decimals) = if points == 0 {
        (values, 0)
    } else {
        let at = points.trailing_zeros() / 8;
        if at * 8 == unused {
            return None;
        }
        let below = (1 << (8 * at)) - 1;
        // What stands before the point moves up by a byte.
        let above = values & !below & !(0xFF << (8 * at));
        (above | (values & below) << 8, 7 - at as usize)
    };
    let number = f64::from(number_of(digits)?);
    Some((number / POWERS[decimals], decimals))
}

/// Most letters of a currency beside a number.
const MAX_LETTERS: usize = 4;

/// Everything else: signs behind, brackets, currency, thousands separators, decimal comma.
#[cold]
fn spelled(text: &str, decimal: Decimal, evidence: &mut Evidence) -> f64 {
    // Words and ids are told from numbers here as in `strip`, but without its searching.
    let letters = text.bytes().filter(u8::is_ascii_alphabetic);
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    if letters.count() > MAX_LETTERS || !text.as_bytes().iter().any(is_digit) {
        return f64::NAN;
    }
    // A sign between two digits: most likely a date.
    let within = |three: &[u8]| three[1] == b'-' && is_digit(&three[0]) && is_digit(&three[2]);
    if text.as_bytes().windows(3).any(within) {
        return f64::NAN;
    }
    let Some((negative, body)) = strip(text) else {
        return f64::NAN;
    };
    let (point, comma) = (plain_with(&body, '.', ','), plain_with(&body, ',', '.'));
    match (point.is_some(), comma.is_some()) {
        (true, false) => evidence.point += 1,
        (false, true) => evidence.comma += 1,
        _ => {}
    }
    let chosen = match decimal {
        Decimal::Point => point,
        Decimal::Comma => comma,
    };
    match chosen {
        Some(number) if negative => -number,
        Some(number) => number,
        None => f64::NAN,
    }
}

/// Sign and body: digits, points, commas and an exponent; `None` when there is no number inside.
fn strip(text: &str) -> Option<(bool, String)> {
    let text = text.trim();
    let (mut negative, text) = match text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
    {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let is_currency = |c: char| c.is_alphabetic() || "$€£¥₹₽₺₩₪฿₫₴₤".contains(c) || c == '.';
    let is_space = |c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{202f}';
    let mut rest = text;
    // Currency and sign may stand on either side, in either order: "-$5", "$-5", "5 EUR", "R$ 5", "5-".
    loop {
        let before = rest;
        rest = rest.trim_matches(is_space);
        for sign in ['-', '−', '–'] {
            if let Some(inner) = rest.strip_prefix(sign).or_else(|| rest.strip_suffix(sign)) {
                negative = !negative;
                rest = inner;
            }
        }
        rest = rest.strip_prefix('+').unwrap_or(rest);
        if rest.starts_with(|c: char| is_currency(c) && c != '.') {
            rest = rest.trim_start_matches(is_currency);
        }
        if rest.ends_with(|c: char| is_currency(c) && c != '.') {
            rest = rest.trim_end_matches(is_currency);
        }
        if rest == before {
            break;
        }
    }
    let currency_letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let body: String = rest
        .chars()
        .filter(|&c| !is_space(c) && c != '\'' && c != '’' && c != '_')
        .collect();
    let digits = body.chars().any(|c| c.is_ascii_digit());
    (digits && currency_letters <= MAX_LETTERS).then_some((negative, body))
}

/// Reads digits with the given decimal sign; the other sign may only separate groups of three.
fn plain_with(body: &str, decimal: char, group: char) -> Option<f64> {
    let exponent = body.find(['e', 'E']).unwrap_or(body.len());
    let (mantissa, exponent) = body.split_at(exponent);
    let (whole, fraction) = match mantissa.split_once(decimal) {
        Some((whole, fraction)) => (whole, fraction),
        None => (mantissa, ""),
    };
    let mut groups = whole.split(group);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = rest.is_empty()
        || ((1..=3).contains(&first.len()) && rest.iter().all(|part| part.len() == 3));
    if !grouped || !digits(first) || !rest.iter().all(|part| digits(part)) || !digits(fraction) {
        return None;
    }
    format!("{first}{}.{fraction}0{exponent}", rest.concat())
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

/// Whether a text alone reads as a number with either decimal sign.
#[must_use]
pub fn looks_like_number(text: &str) -> bool {
    let mut ignored = Evidence::default();
    !read(text, Decimal::Point, &mut ignored).is_nan()
        || !read(text, Decimal::Comma, &mut ignored).is_nan()
}

/// Letters that may stand beside a number where nothing says that it is one. [`read`] is more generous,
/// because there a column is known to hold money.
const MONEY_LETTERS: [&str; 18] = [
    "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "CNY", "INR", "BRL",
    "CAD", "AUD", "KR", "RS", "US",
];

/// Whether a text holds no letters but those of money: `C12` is an id, or a name, and no number.
#[must_use]
#[inline]
pub fn has_only_money_letters(cell: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'+');
    cell.bytes().all(plain) || has_money_letters(cell)
}

#[cold]
fn has_money_letters(cell: &str) -> bool {
    // No word that may stand beside a number has more than three letters.
    if cell.contains('_') || cell.chars().filter(|c| c.is_alphabetic()).nth(3).is_some() {
        return false;
    }
    let letters: String = cell.chars().filter(|c| c.is_alphabetic()).collect();
    let exponent = || {
        letters.eq_ignore_ascii_case("e")
            && cell.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && cell.ends_with(|c: char| c.is_ascii_digit())
    };
    let real = || letters == "R" && cell.contains("R$");
    letters.is_empty()
        || exponent()
        || real()
        || MONEY_LETTERS.contains(&letters.to_uppercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str, decimal: Decimal) -> f64 {
        read(text, decimal, &mut Evidence::default())
    }

    #[test]
    fn spellings_with_a_point() {
        for (text, expected) in [
            ("11.77", 11.77),
            ("-0.5", -0.5),
            ("0.1", 0.1),
            ("1234", 1234.0),
            ("1,234.50", 1234.5),
            ("$1,234", 1234.0),
            ("-$5.25", -5.25),
            ("$-5.25", -5.25),
            ("(12.50)", -12.5),
            ("12.50-", -12.5),
            ("5 EUR", 5.0),
            ("USD 5", 5.0),
            ("R$ 7.10", 7.1),
            ("Rs. 7.10", 7.1),
            ("£1 234.5", 1234.5),
            ("1'234.50", 1234.5),
            ("+3", 3.0),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("188.0", 188.0),
            ("9007199254740993.5", 9_007_199_254_740_993.5),
            ("16.989999771118164", 16.989999771118164),
            ("-0.10000000000000000555", -0.1),
        ] {
            assert_eq!(number(text, Decimal::Point), expected, "{text}");
        }
    }

    #[test]
    fn spellings_with_a_comma() {
        for (text, expected) in [
            ("11,77", 11.77),
            ("1.234,50 €", 1234.5),
            ("1.234", 1234.0),
            ("12", 12.0),
            ("-3,5", -3.5),
            ("1 234,5", 1234.5),
        ] {
            assert_eq!(number(text, Decimal::Comma), expected, "{text}");
        }
    }

    #[test]
    fn no_numbers() {
        for text in [
            "",
            "abc",
            "12,3,4",
            "1.2.3",
            "--",
            "12 apples",
            "NaN",
            "inf",
            "1e999",
            "-",
            ".",
        ] {
            assert!(number(text, Decimal::Point).is_nan(), "{text}");
        }
        assert!(number("12,50", Decimal::Point).is_nan());
        assert!(number("12.50", Decimal::Comma).is_nan());
    }

    #[test]
    fn long_numbers_say_the_same_in_both_ways() {
        for text in [
            "16.989999771118164",
            "-75.199999999999999",
            "1234567890123456.7",
            "123456789012345.678",
            "1234567890123456.789",
            "0.0000000000000001",
        ] {
            let (mut quick, mut careful) = (Evidence::default(), Evidence::default());
            let number = read(text, Decimal::Point, &mut quick);
            let expected = spelled(text, Decimal::Point, &mut careful);
            assert_eq!(number.to_bits(), expected.to_bits(), "{text}");
            assert_eq!(quick, careful, "{text}");
        }
    }

    #[test]
    fn short_numbers_are_read_as_plain_ones() {
        let bits = |read: Option<(f64, usize)>| read.map(|(number, at)| (number.to_bits(), at));
        // Whatever follows a cell says nothing about it.
        for behind in ["", "9", ".5", "\u{ff}", "\0\0", "x,7"] {
            for text in [
                "0", "7", "12", "11.77", "0.1", "5.", "00012", "1234.567", "12345678", "1.234567",
                ".5", ".", "-1", "1-2", "1.2.3", "1..2", "12e3", "/5", ":5", "5/", "5:", "1,5",
                "\u{1}2", "n", "1é", "1.é",
            ] {
                let mut bytes = [b'x'; 24];
                let whole = format!("{text}{behind}");
                bytes[..whole.len()].copy_from_slice(whole.as_bytes());
                let eight = *bytes.first_chunk().unwrap();
                let expected = plain(text.as_bytes()).filter(|_| !text.starts_with('-'));
                let read = short(eight, text.len());
                assert_eq!(bits(read), bits(expected), "{text:?} before {behind:?}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_short_text_is_read_as_a_plain_one(text in "[0-9./:-]{1,8}", behind in "[0-9.,]{8}") {
            let bytes = format!("{text}{behind}").into_bytes();
            let read = short(*bytes.first_chunk().unwrap(), text.len());
            let expected = plain(text.as_bytes()).filter(|_| !text.starts_with('-'));
            proptest::prop_assert_eq!(read, expected);
        }
    }

    #[test]
    fn evidence_counts_what_only_one_sign_explains() {
        let mut evidence = Evidence::default();
        for text in ["1.234", "1,234", "12", "12,5", "12,75", "3.5"] {
            let _ = read(text, Decimal::Point, &mut evidence);
        }
        assert_eq!(evidence, Evidence { point: 1, comma: 2 });
        assert_eq!(evidence.decimal(), Decimal::Comma);
    }
}
