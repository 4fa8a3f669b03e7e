//! Amounts and quantities as shops write them → numbers.
//!
//! Whether the comma or the point is the decimal sign is one decision for a column: `1.234` alone
//! can be either. [`Evidence`] counts the values that only one reading explains.

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

/// Values that only one decimal sign explains, and those that either does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    pub point: u64,
    pub comma: u64,
    /// Three digits behind a single sign: `1.250` is a thousand times more under one sign than under the
    /// other.
    pub open: u64,
    /// Those of them whose sign is a comma.
    pub open_comma: u64,
    /// The beginning of the first currency beside a number; zeros when there is none.
    currency: [u8; 6],
    /// Whether another one stands beside another number.
    pub several_currencies: bool,
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

    /// The decimal sign the column speaks for; the usual one of its file when nothing does.
    #[must_use]
    pub fn decided_or(self, usual: Decimal) -> Decimal {
        if self.point == 0 && self.comma == 0 {
            usual
        } else {
            self.decimal()
        }
    }

    /// Whether some values can be read in two ways and nothing decides.
    #[must_use]
    pub fn is_ambiguous(self) -> bool {
        self.open > 0 && self.point == self.comma
    }

    pub fn add(&mut self, other: Self) {
        self.point += other.point;
        self.comma += other.comma;
        self.open += other.open;
        self.open_comma += other.open_comma;
        self.several_currencies |= other.several_currencies;
        self.meet(other.currency);
    }

    fn meet(&mut self, currency: [u8; 6]) {
        let none = <[u8; 6]>::default();
        if self.currency == none {
            self.currency = currency;
        }
        self.several_currencies |= currency != none && currency != self.currency;
    }

    /// The sign that all values speak for that speak at all.
    #[must_use]
    pub fn proven(self) -> Option<Decimal> {
        match (self.point > 0, self.comma > 0) {
            (true, false) => Some(Decimal::Point),
            (false, true) => Some(Decimal::Comma),
            _ => None,
        }
    }
}

/// A number, or NaN when the text is none. `evidence` learns what the text says about the column.
#[inline]
pub fn read(text: &str, decimal: Decimal, evidence: &mut Evidence) -> f64 {
    let (sign, count) = match decimal {
        Decimal::Point => (b'.', &mut evidence.point),
        Decimal::Comma => (b',', &mut evidence.comma),
    };
    let Some((number, decimals)) = digits(text.as_bytes(), sign) else {
        return match long(text) {
            Some(number) if decimal == Decimal::Point => {
                *count += 1;
                number
            }
            _ => spelled(text, decimal, evidence),
        };
    };
    // Three digits after a sign may be thousands, unless nothing or too much stands before it.
    let open = decimals == 3 && (1.0..1_000.0).contains(&number.abs());
    *count += u64::from(decimals > 0 && !open);
    evidence.open += u64::from(open);
    evidence.open_comma += u64::from(open && sign == b',');
    number
}

/// A number, or the share that a percentage is: `12.5 %` is 0.125. NaN for anything else.
#[must_use]
pub fn read_or_share(text: &str, decimal: Decimal) -> f64 {
    let number = |text: &str| read(text, decimal, &mut Evidence::default());
    match text.trim_end().strip_suffix('%') {
        Some(share) => number(share.trim()) / 100.0,
        None => number(text),
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

const POWERS: [f64; 16] = [
    1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// The common spelling: an optional minus, up to 15 digits, at most one point; the number and its
/// digits behind the point. Exact, because both the digits and the power of ten are whole numbers
/// below 2^53 and division rounds correctly.
#[inline]
pub(crate) fn plain(bytes: &[u8]) -> Option<(f64, usize)> {
    digits(bytes, b'.')
}

/// As [`plain`], with any sign before the decimals.
#[inline]
fn digits(bytes: &[u8], sign: u8) -> Option<(f64, usize)> {
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
        } else if byte == sign && point.is_none() && index > 0 {
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

/// Most letters of a currency beside a number.
const MAX_LETTERS: usize = 4;

/// Everything else: signs behind, brackets, currency, thousands separators, decimal comma.
#[cold]
fn spelled(text: &str, decimal: Decimal, evidence: &mut Evidence) -> f64 {
    if text.contains(is_wide) {
        let plain: String = text.chars().map(narrow).collect();
        return read(&plain, decimal, evidence);
    }
    let tidy = super::text::tidy_id(text);
    if tidy.len() < text.trim().len() && text.contains(['"', '\'']) && !tidy.contains(['"', '\'']) {
        return read(tidy, decimal, evidence);
    }
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
    match (point, comma) {
        (Some(_), None) => evidence.point += 1,
        (None, Some(_)) => evidence.comma += 1,
        // Whole numbers without any sign are the same in both ways.
        (Some(point), Some(comma)) => {
            evidence.open += u64::from(point != comma);
            evidence.open_comma += u64::from(point != comma && body.contains(','));
        }
        (None, None) => {}
    }
    if !evidence.several_currencies
        && let Some(currency) = currency_of(text)
    {
        let mut first = <[u8; 6]>::default();
        for (byte, of) in first.iter_mut().zip(currency.bytes()) {
            *byte = of;
        }
        evidence.meet(first);
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

/// Digits and signs of full width, as East Asian keyboards write them.
fn is_wide(c: char) -> bool {
    ('\u{ff01}'..='\u{ff5e}').contains(&c)
}

fn narrow(c: char) -> char {
    match c {
        c if is_wide(c) => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{a0}' || c == '\u{202f}'
}

/// Letters and signs of currencies.
fn is_currency(c: char) -> bool {
    c.is_alphabetic() || "$€£¥￥₹₽₺₩￦₪฿₫₴₤₦₱₡₲₵".contains(c)
}

/// Sign and body: digits, points, commas and an exponent; `None` when there is no number inside.
fn strip(text: &str) -> Option<(bool, String)> {
    let text = text.trim();
    let brackets = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    let (mut negative, text) = match brackets {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let mut rest = text;
    // Currency and sign may stand on either side, in either order: "-$5", "$-5", "5 EUR", "R$ 5", "5-".
    loop {
        let before = rest;
        rest = without_cents(rest.trim_matches(is_space));
        if let Some((credit, inner)) = credit_or_debit(rest) {
            negative ^= credit;
            rest = inner;
        }
        for sign in ['-', '−', '–'] {
            if let Some(inner) = rest.strip_prefix(sign).or_else(|| rest.strip_suffix(sign)) {
                negative = !negative;
                rest = inner;
            }
        }
        rest = rest.strip_prefix('+').unwrap_or(rest);
        rest = without_currency(rest);
        if rest == before {
            break;
        }
    }
    let currency_letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let body = without_blanks(rest)?;
    let digits = body.contains(|c: char| c.is_ascii_digit());
    (digits && currency_letters <= MAX_LETTERS).then_some((negative, body))
}

/// `10.00 CR` is money the customer gets, `10.00 DR` money the customer owes, as ledgers write them.
fn credit_or_debit(text: &str) -> Option<(bool, &str)> {
    let (amount, word) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let credit = word.eq_ignore_ascii_case("CR");
    let behind_number = amount.ends_with(|c: char| c.is_ascii_digit() || c.is_whitespace());
    (behind_number && (credit || word.eq_ignore_ascii_case("DR"))).then_some((credit, amount))
}

/// The sign or word of a currency beside a number, in capitals: `€` of `€ 12.50`, `SEK` of `120 sek`.
#[must_use]
pub fn currency_of(cell: &str) -> Option<String> {
    if cell
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'))
    {
        return None;
    }
    let digits = |c: char| c.is_ascii_digit();
    let around = cell.trim_matches(|c: char| is_space(c) || "()+-−–".contains(c));
    let before = &around[..around.find(digits)?];
    let behind = &around[around.rfind(digits)? + 1..];
    let word = |part: &str| {
        let part = part.trim_matches(|c: char| is_space(c) || ".,-−–+'\"=".contains(c));
        let fits = !part.is_empty() && part.chars().all(is_currency) && part.len() <= 6;
        fits.then(|| part.to_uppercase())
    };
    let found = word(before).or_else(|| word(behind))?;
    match found.as_str() {
        "CR" | "DR" | "E" => None,
        "EUR" | "EURO" => Some("€".to_owned()),
        "GBP" => Some("£".to_owned()),
        _ => Some(found),
    }
}

/// `12.–` and `12,-` have dashes where cents would stand.
fn without_cents(text: &str) -> &str {
    let dashes = text.trim_end_matches(['-', '–', '—']);
    let whole = dashes.strip_suffix(['.', ',']);
    match whole {
        Some(whole)
            if dashes.len() < text.len() && whole.ends_with(|c: char| c.is_ascii_digit()) =>
        {
            whole
        }
        _ => text,
    }
}

/// Cuts a currency off either end, with the point behind an abbreviation (`Rs.`, `руб.`).
fn without_currency(text: &str) -> &str {
    let mut rest = text.trim_start_matches(is_currency);
    let cut = &text[..text.len() - rest.len()];
    if cut.ends_with(char::is_alphabetic) {
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    let unpointed = rest
        .strip_suffix('.')
        .filter(|rest| rest.ends_with(char::is_alphabetic));
    unpointed.unwrap_or(rest).trim_end_matches(is_currency)
}

/// Drops blanks and apostrophes that part groups of three digits; `None` where they part anything else: two
/// numbers, for one.
fn without_blanks(text: &str) -> Option<String> {
    let is_mark = |c: char| is_space(c) || matches!(c, '\'' | '’' | '_');
    let mut body = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if !is_mark(c) {
            body.push(c);
            continue;
        }
        let behind = &text.as_bytes()[at + c.len_utf8()..];
        let group = behind
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if group != 3 || !body.ends_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
    }
    Some(body)
}

/// Reads digits with the given decimal sign; the other sign may only part groups of digits.
fn plain_with(body: &str, decimal: char, group: char) -> Option<f64> {
    let exponent = body.find(['e', 'E']).unwrap_or(body.len());
    let (mantissa, exponent) = body.split_at(exponent);
    let (whole, fraction) = match mantissa.split_once(decimal) {
        Some((whole, fraction)) => (whole, fraction),
        None => (mantissa, ""),
    };
    let groups: Vec<&str> = whole.split(group).collect();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !are_groups(&groups) || !groups.iter().all(|part| digits(part)) || !digits(fraction) {
        return None;
    }
    format!("{}.{fraction}0{exponent}", groups.concat())
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

/// Whether digits are grouped as thousands are: by three, or in India by two before the last three. No
/// number begins with a group of zeros: `0.435` is a fraction.
fn are_groups(groups: &[&str]) -> bool {
    let [first, middle @ .., last] = groups else {
        return true;
    };
    let all = |length: usize| middle.iter().all(|part| part.len() == length);
    last.len() == 3
        && !first.starts_with('0')
        && ((1..=3).contains(&first.len()) && all(3) || (1..=2).contains(&first.len()) && all(2))
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
#[rustfmt::skip]
const MONEY_LETTERS: [&str; 43] = [
    "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "CNY", "INR", "BRL", "CAD", "AUD", "KR", "RS", "US",
    "HUF", "RON", "TRY", "RUB", "NZD", "SGD", "HKD", "MXN", "ZAR", "THB", "KRW", "UAH", "ZŁ", "KČ", "FT", "LEI", "TL", "РУБ", "Р",
    "FR", "CR", "DR", "元", "円", "원",
];

/// Whether a word is one that may stand beside money: `eur`, `SEK`.
#[must_use]
pub fn is_currency_word(word: &str) -> bool {
    MONEY_LETTERS.contains(&word.to_uppercase().as_str())
}

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
mod tests;
