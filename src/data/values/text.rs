//! Small text helpers of the readers: folding names for comparison, tidying ids, shortening finds.

use std::borrow::Cow;

pub use crate::values::id_text::{clean_id, fold_id, is_scientific, tidy_id};

/// Lower case, without accents, spaces and punctuation: "Stück-Preis" → "stuckpreis". Letters of other
/// scripts stay, so that names in them differ.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        push_folded(c, &mut folded);
    }
    folded
}

/// Appends a letter or digit as [`fold`] writes it, and nothing for any other character.
pub fn push_folded(c: char, folded: &mut String) {
    if c.is_ascii() {
        if c.is_ascii_alphanumeric() {
            folded.push(c.to_ascii_lowercase());
        }
        return;
    }
    for c in c.to_lowercase() {
        match unaccented(c) {
            Some(plain) => folded.push_str(plain),
            // Letters and digits of full width are those of ASCII.
            None if ('\u{ff10}'..='\u{ff5a}').contains(&c) => {
                let plain = char::from_u32(c as u32 - 0xFEE0).unwrap_or(c);
                folded.extend(Some(plain).filter(char::is_ascii_alphanumeric));
            }
            None if c.is_alphanumeric() => folded.push(c),
            None => {}
        }
    }
}

/// What stands for an accented letter of the European languages.
#[rustfmt::skip]
fn unaccented(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'ŕ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ţ' | 'ť' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ё' => "е",
        'ά' => "α",
        'έ' => "ε",
        'ή' => "η",
        'ί' | 'ϊ' | 'ΐ' => "ι",
        'ό' => "ο",
        'ύ' | 'ϋ' | 'ΰ' => "υ",
        'ώ' => "ω",
        'ς' => "σ",
        // Signs of ordinal numbers.
        'º' | 'ª' => "",
        _ => return None,
    })
}

/// As [`str::trim`], at the cost of two comparisons for the usual cell.
#[must_use]
#[inline]
pub fn trim(text: &str) -> &str {
    let plain = |byte: Option<&u8>| byte.is_none_or(|byte| (0x21..0x7F).contains(byte));
    let bytes = text.as_bytes();
    if plain(bytes.first()) && plain(bytes.last()) {
        text
    } else {
        text.trim()
    }
}

/// The first eight bytes, the first one highest, so that most comparisons of texts are comparisons of numbers.
#[must_use]
pub fn prefix(text: &str) -> u64 {
    let mut first = [0; 8];
    let length = text.len().min(8);
    first[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(first)
}

/// The places of some texts in the byte order of these.
#[must_use]
pub fn in_byte_order(texts: &[&str]) -> Vec<u32> {
    // What all begin with (`CUST_`) tells none of them apart.
    let first = texts.first().copied().unwrap_or_default();
    let common = texts.iter().fold(first.len(), |common, text| {
        let (a, b) = (first.as_bytes(), text.as_bytes());
        let same = a.iter().zip(b).take(common).take_while(|(a, b)| a == b);
        same.count()
    });
    let behind = |text: &str| {
        let mut bytes = [0; 8];
        let rest = &text.as_bytes()[common..];
        let length = rest.len().min(8);
        bytes[..length].copy_from_slice(&rest[..length]);
        u64::from_be_bytes(bytes)
    };
    let mut keyed: Vec<(u64, u32)> = (0..)
        .zip(texts)
        .map(|(at, text)| (behind(text), at))
        .collect();
    keyed.sort_unstable_by(|a, b| {
        let text = |at: u32| texts[at as usize];
        a.0.cmp(&b.0).then_with(|| text(a.1).cmp(text(b.1)))
    });
    keyed.into_iter().map(|(_, at)| at).collect()
}

/// "`a`, `b` and `c`".
#[must_use]
pub fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// At most `limit` characters, with an ellipsis where something was cut.
#[must_use]
pub fn shorten(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_meets_names_halfway() {
        assert_eq!(fold("Stück-Preis"), "stuckpreis");
        assert_eq!(fold("CustomerID"), fold("customer_id"));
        assert_eq!(fold("Größe"), "grosse");
        assert_eq!(fold("Zamówienie nr"), "zamowienienr");
        assert_eq!(fold("Дата заказа"), "датазаказа");
        assert_eq!(fold("Πελάτης"), fold("ΠΕΛΑΤΗΣ"));
        assert_eq!(fold("注文番号（ＩＤ）"), "注文番号id");
    }

    #[test]
    fn texts_in_byte_order() {
        let texts = [
            "id_b",
            "id_",
            "id_aaaaaaaaab",
            "id_\0",
            "id_aaaaaaaaaa",
            "id_é",
            "id_a",
        ];
        let sorted: Vec<&str> = in_byte_order(&texts)
            .into_iter()
            .map(|at| texts[at as usize])
            .collect();
        let mut expected = texts;
        expected.sort_unstable();
        assert_eq!(sorted, expected);
        assert_eq!(in_byte_order(&["b", "", "a"]), [1, 2, 0]);
        assert_eq!(in_byte_order(&[]), [0; 0]);
    }

    #[test]
    fn shortening_counts_characters() {
        assert_eq!(shorten("äöü", 2), "äö…");
        assert_eq!(shorten("äö", 2), "äö");
    }
}
