//! Figures as people read them: thousands apart, a true minus sign, no more decimals than say something.

/// `12,054`
#[must_use]
pub fn integer(value: u64) -> String {
    grouped(&value.to_string())
}

/// A number with this many decimals and thousands separators; "–" where there is no number.
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !zero { "−" } else { "" };
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{dot}{fraction}", grouped(whole))
}

/// A plain number: about three significant digits, and whole from 100 on.
#[must_use]
pub fn number(value: f64) -> String {
    let decimals = match value.abs() {
        magnitude if magnitude >= 100.0 => 0,
        magnitude if magnitude >= 10.0 => 1,
        magnitude if magnitude >= 1.0 => 2,
        0.0 => 0,
        _ => 3,
    };
    fixed(value, decimals)
}

/// An amount of money: `€ 2,500,316`, or `35.9` without a sign.
#[must_use]
pub fn money(value: f64, currency: &str) -> String {
    with_currency(&number(value), currency)
}

/// An amount as written, with the currency before it, if there is one.
#[must_use]
pub fn with_currency(number: &str, currency: &str) -> String {
    if currency.is_empty() {
        number.to_owned()
    } else {
        format!("{currency} {number}")
    }
}

/// `10.3 %`; `share` is 0…1. A share that is something but would print as nothing reads `<0.1 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "–".to_owned();
    }
    if share > 0.0 && share < 0.000_5 {
        return "<0.1 %".to_owned();
    }
    format!("{} %", fixed(share * 100.0, 1))
}

/// A chance, `82.4 %`: never printed as certain, neither way.
#[must_use]
pub fn chance(probability: f64) -> String {
    if probability >= 0.999_5 {
        ">99.9 %".to_owned()
    } else if probability < 0.000_5 {
        "<0.1 %".to_owned()
    } else {
        percent(probability)
    }
}

/// `1 order`, `2 orders`
#[must_use]
pub fn count(value: u64, singular: &str, plural: &str) -> String {
    let noun = if value == 1 { singular } else { plural };
    format!("{} {noun}", integer(value))
}

/// Digits with a comma between thousands.
#[must_use]
pub fn grouped(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_like_print() {
        assert_eq!(integer(23_570), "23,570");
        assert_eq!(integer(0), "0");
        assert_eq!(number(2_500_315.63), "2,500,316");
        assert_eq!(number(35.894), "35.9");
        assert_eq!(number(0.1034), "0.103");
        assert_eq!(number(0.0), "0");
        assert_eq!(number(f64::NAN), "–");
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!(fixed(-1_234.5, 2), "−1,234.50");
        assert_eq!(fixed(f64::NAN, 2), "–");
        assert_eq!(percent(0.70249), "70.2 %");
        assert_eq!(percent(0.000_2), "<0.1 %");
        assert_eq!(percent(0.0), "0.0 %");
        assert_eq!(chance(1.0), ">99.9 %");
        assert_eq!(chance(0.999_49), "99.9 %");
        assert_eq!(chance(0.0), "<0.1 %");
        assert_eq!(chance(f64::NAN), "–");
        assert_eq!(money(1_234.5, "€"), "€ 1,234");
        assert_eq!(count(1, "order", "orders"), "1 order");
    }
}
