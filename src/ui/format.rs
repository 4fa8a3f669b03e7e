//! How numbers and dates are written: thousands separators, at most three significant decimals, a
//! currency sign only when the user set one.

pub use base::figures::{chance, count, fixed, integer, money, number, percent};
use base::figures::{grouped, with_currency};
use data::day::{self, Day, MONTHS, Period, civil};

/// `−1,234` with a true minus sign.
#[must_use]
pub fn signed_integer(value: i64) -> String {
    let digits = integer(value.unsigned_abs());
    if value < 0 {
        format!("−{digits}")
    } else {
        digits
    }
}

/// An amount to the cent, for single orders.
#[must_use]
pub fn money_exact(value: f64, currency: &str) -> String {
    with_currency(&fixed(value, 2), currency)
}

/// An amount in a tight cell: `€ 63.1k`.
#[must_use]
pub fn money_compact(value: f64, currency: &str) -> String {
    with_currency(&compact(value), currency)
}

/// Short form for axes and tight cells: `2.5M`, `61.0k`, `850`.
#[must_use]
pub fn compact(value: f64) -> String {
    let magnitude = value.abs();
    let (divisor, unit) = match magnitude {
        m if !m.is_finite() => return "–".to_owned(),
        m if m >= 999_500_000.0 => (1e9, "B"),
        m if m >= 999_500.0 => (1e6, "M"),
        m if m >= 9_999.5 => (1e3, "k"),
        _ => return number(value),
    };
    let scaled = value / divisor;
    format!("{}{unit}", fixed(scaled, usize::from(scaled.abs() < 100.0)))
}

/// A remark of a lower layer as a sentence: a capital first, counts with separators. Digits that belong
/// to names, dates and years stay as they are.
#[must_use]
pub fn remark(text: &str) -> String {
    let mut words = text.split(' ').map(|word| {
        let digits = word.trim_end_matches([',', '.', ';', ':', ')']);
        let count = digits.len() > 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let year = digits.len() == 4 && matches!(digits.as_bytes()[0], b'1' | b'2');
        if count && !year && !digits.starts_with('0') {
            format!("{}{}", grouped(digits), &word[digits.len()..])
        } else {
            word.to_owned()
        }
    });
    let first = words.next().unwrap_or_default();
    // A file's name or a column's keeps its first letter.
    let plain = first.chars().all(char::is_alphabetic);
    let mut sentence = if plain { capital(&first) } else { first };
    for word in words {
        sentence.push(' ');
        sentence.push_str(&word);
    }
    sentence
}

/// Names stand in back quotes; prints pairs of them as quotation marks.
#[must_use]
pub fn printed(text: &str) -> String {
    let mut open = false;
    text.chars()
        .map(|letter| {
            if letter != '`' {
                return letter;
            }
            open = !open;
            if open { '\u{201c}' } else { '\u{201d}' }
        })
        .collect()
}

/// `30 Jun 2025`
#[must_use]
pub fn date(of: Day) -> String {
    day::spelled(of)
}

/// A calendar period for people: `W05 2024`, `Jan 1997`, `Q1 2024`, `1997`.
#[must_use]
pub fn period(period: Period, index: i32) -> String {
    let (year, month, _) = civil(period.first_day(index));
    match period {
        // The ISO label holds the year that owns the week, which may differ from the Monday's.
        Period::Week => match period.label(index).split_once('-') {
            Some((iso_year, week)) => format!("{week} {iso_year}"),
            None => period.label(index),
        },
        Period::Month => format!("{} {year}", MONTHS[month as usize - 1]),
        Period::Quarter => format!("Q{} {year}", (month - 1) / 3 + 1),
        Period::Year => year.to_string(),
    }
}

/// A tick of an axis whose ticks are `step` apart: `0`, `20k`, `2.5M`, `0.25`; only as many
/// decimals as the step needs.
#[must_use]
pub fn tick(value: f64, step: f64) -> String {
    let (divisor, unit) = match value.abs().max(step.abs()) {
        m if !m.is_finite() => return "–".to_owned(),
        m if m >= 1e9 => (1e9, "B"),
        m if m >= 1e6 => (1e6, "M"),
        // One unit per axis: 5k beside 10k, but 500 beside 1,000.
        m if m >= 1e4 || step >= 1e3 => (1e3, "k"),
        _ => (1.0, ""),
    };
    if value == 0.0 {
        return "0".to_owned();
    }
    format!(
        "{}{unit}",
        fixed(value / divisor, decimals_for(step / divisor))
    )
}

/// A tick of a percentage axis; `share` and `step` are 0…1.
#[must_use]
pub fn tick_percent(share: f64, step: f64) -> String {
    format!("{} %", fixed(share * 100.0, decimals_for(step * 100.0)))
}

/// Fewest decimals (at most 3) that write multiples of `step` exactly.
fn decimals_for(step: f64) -> usize {
    (0..3)
        .find(|&decimals| {
            let scaled = step * 10_f64.powi(decimals);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1.0)
        })
        .map_or(3, |decimals| decimals as usize)
}

/// A feature's name for people: `revenue_365d` reads `Revenue, 365 days`, `tenure_days` `Tenure (days)`.
#[must_use]
pub fn feature(name: &str) -> String {
    let title = column(name);
    let Some((what, last)) = title.rsplit_once(' ') else {
        return title;
    };
    if last == "days" {
        return format!("{what} (days)");
    }
    let unit = last.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let (one, many) = match unit {
        "d" => ("day", "days"),
        "m" => ("month", "months"),
        _ => return title,
    };
    match last[..last.len() - unit.len()].parse() {
        Ok(number) => format!("{what}, {}", count(number, one, many)),
        Err(_) => title,
    }
}

/// A definition without its symbol: “after t₀” reads “after the cut-off”.
#[must_use]
pub fn plain(definition: &str) -> String {
    definition.replace("t₀", "the cut-off")
}

/// A column's name for people: `product_category` and `ProductCategory` read `Product category`.
#[must_use]
pub fn column(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for letter in name.trim().chars() {
        if matches!(letter, '_' | ' ' | '.') {
            if before != ' ' {
                text.push(' ');
            }
            before = ' ';
            continue;
        }
        let new_word = letter.is_uppercase() && before.is_lowercase();
        if new_word {
            text.push(' ');
        }
        if text.is_empty() {
            text.extend(letter.to_uppercase());
        } else if new_word || (before == ' ' && letter.is_uppercase()) {
            text.extend(letter.to_lowercase());
        } else {
            text.push(letter);
        }
        before = letter;
    }
    text.trim_end().to_owned()
}

/// A cell's text; the empty one means "missing".
#[must_use]
pub fn value(text: &str) -> &str {
    if text.is_empty() { "(missing)" } else { text }
}

/// With a capital letter in front: `orders` → "Orders".
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Joins parts into full sentences; empty parts are left out.
#[must_use]
pub fn sentences(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text += part;
        if !part.ends_with(['.', '…', '!', '?']) {
            text.push('.');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_and_targets_read_without_symbols() {
        assert_eq!(feature("revenue_fading_180d"), "Revenue fading, 180 days");
        assert_eq!(feature("rev_1m"), "Rev, 1 month");
        assert_eq!(feature("tenure_days"), "Tenure (days)");
        assert_eq!(feature("first_channel"), "First channel");
        assert_eq!(plain("spend after t₀"), "spend after the cut-off");
    }

    #[test]
    fn remarks_read_as_sentences() {
        assert_eq!(
            remark("payments of 89441 orders that are not in the orders file were left out"),
            "Payments of 89,441 orders that are not in the orders file were left out"
        );
        assert_eq!(
            remark("users.csv: 5120 rows of 2024"),
            "users.csv: 5,120 rows of 2024"
        );
        assert_eq!(
            remark("20240101.csv has 03456 in it"),
            "20240101.csv has 03456 in it"
        );
    }

    #[test]
    fn numbers_read_like_print() {
        assert_eq!(signed_integer(-1_234), "−1,234");
        assert_eq!(compact(2_500_315.0), "2.5M");
        assert_eq!(compact(61_041.69), "61.0k");
        assert_eq!(compact(-850.0), "−850");
        assert_eq!(date(10_407), "30 Jun 1998");
    }

    #[test]
    fn column_names_read_like_words() {
        assert_eq!(column("category"), "Category");
        assert_eq!(column("product_category_name"), "Product category name");
        assert_eq!(column("PaymentMethod"), "Payment method");
        assert_eq!(column("SKU"), "SKU");
        assert_eq!(column("Traffic Source "), "Traffic source");
        assert_eq!(value(""), "(missing)");
    }

    #[test]
    fn periods_read_like_print() {
        let of = |kind: Period, text| {
            period(
                kind,
                kind.index(data::day::parse_iso(text).expect("a date")),
            )
        };
        assert_eq!(of(Period::Month, "1997-01-31"), "Jan 1997");
        assert_eq!(of(Period::Quarter, "2024-03-31"), "Q1 2024");
        assert_eq!(of(Period::Week, "2024-02-01"), "W05 2024");
        assert_eq!(of(Period::Week, "2021-01-03"), "W53 2020");
        assert_eq!(of(Period::Year, "1997-07-01"), "1997");
    }

    #[test]
    fn ticks_carry_no_idle_decimals() {
        assert_eq!(tick(40_000.0, 20_000.0), "40k");
        assert_eq!(tick(2_500_000.0, 500_000.0), "2.5M");
        assert_eq!(tick(0.0, 20_000.0), "0");
        assert_eq!(tick(5_000.0, 5_000.0), "5k");
        assert_eq!(tick(1_500.0, 500.0), "1,500");
        assert_eq!(tick(0.25, 0.25), "0.25");
        assert_eq!(tick_percent(0.15, 0.05), "15 %");
        assert_eq!(tick_percent(0.025, 0.025), "2.5 %");
    }
}
