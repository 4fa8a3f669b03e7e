//! Cells that stand for "nothing".
//!
//! What a program writes instead of an empty cell is missing everywhere. `NA` is more than that: in a
//! column of ids or words it is Namibia, a dealer, a size; only where a number or a date must stand is it
//! nothing.

/// Whether a cell of ids or words stands for nothing: empty, or what exports write instead. Spelled as
/// programs spell them: `Null` and `Nan` are names of people, `none` is an answer.
#[must_use]
#[inline]
pub fn is_missing(text: &str) -> bool {
    match text.len() {
        0 => true,
        1 => text == "-",
        2 => text == "\\N",
        // The last is a dash of three bytes.
        3 => matches!(text, "nan" | "NaN" | "NaT" | "n/a" | "N/A" | "–"),
        4 => matches!(text, "null" | "NULL" | "None" | "#N/A"),
        _ => false,
    }
}

/// Whether a cell of numbers or dates stands for nothing: as [`is_missing`], however it is spelled, and
/// `NA`.
#[must_use]
#[inline]
pub fn is_missing_number_or_date(text: &str) -> bool {
    match text.len() {
        0 => true,
        1..=4 => {
            is_missing(text)
                || ["na", "nan", "n/a", "null", "none", "nat"]
                    .iter()
                    .any(|word| text.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}

/// Words, folded, that stand for a customer nobody knows.
#[rustfmt::skip]
const GUESTS: [&str; 30] = [
    "guest", "guests", "guestuser", "guestcheckout", "guestcustomer", "anonymous", "anonymouscustomer", "walkin", "walkincustomer",
    "cashcustomer", "unknown", "unknowncustomer", "notset", "nocustomer", "gast", "gastkunde", "gastbestellung", "unbekannt",
    "laufkunde", "laufkundschaft", "anonym", "anonyme", "invite", "inconnu", "invitado", "ospite", "convidado", "гость", "ゲスト", "游客",
];

/// Whether an id is the word that programs write for everybody who buys without an account.
#[must_use]
pub fn is_guest(id: &str) -> bool {
    let digits = id.bytes().any(|byte| byte.is_ascii_digit());
    !digits && (4..=24).contains(&id.len()) && GUESTS.contains(&super::text::fold(id).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing() {
        for (text, word, value) in [
            ("", true, true),
            ("-", true, true),
            ("\\N", true, true),
            ("null", true, true),
            ("NULL", true, true),
            ("nan", true, true),
            ("NaN", true, true),
            ("NaT", true, true),
            ("None", true, true),
            ("n/a", true, true),
            ("#N/A", true, true),
            ("NA", false, true),
            ("na", false, true),
            ("Null", false, true),
            ("Nan", false, true),
            ("none", false, true),
            ("–", true, true),
            ("0", false, false),
            ("NAM", false, false),
            ("no", false, false),
        ] {
            assert_eq!(is_missing(text), word, "{text}");
            assert_eq!(is_missing_number_or_date(text), value, "{text}");
        }
    }
}
