//! Ids as text: what spreadsheets and programs put around them is cut off, and what makes two spellings
//! the same person.

use std::{borrow::Cow, ops::Range};

/// An id as text, without what stands around it: blanks and invisible characters, guards against
/// spreadsheets (`="00417"`, `'00522`), left-over quotes, and the `.0` that data frames append to whole
/// numbers (`17850.0`). Leading zeros stay. What stands inside is for [`clean_id`].
#[must_use]
#[inline]
pub fn tidy_id(text: &str) -> &str {
    &text[tidy_range(text)]
}

/// Where in a text the id of [`tidy_id`] stands.
#[must_use]
#[inline]
pub fn tidy_range(text: &str) -> Range<usize> {
    let bytes = text.as_bytes();
    match bytes {
        // Between two plain characters there is nothing to cut, but for `.0`.
        [first, .., before, last]
            if is_plain_end(*first) && is_plain_end(*last) && (*last, *before) != (b'0', b'.') =>
        {
            0..text.len()
        }
        _ => untidy_range(text),
    }
}

/// Whether an id may begin or end with this byte: any of ASCII that can be seen but quotes and `=`.
#[must_use]
#[inline]
pub fn is_plain_end(byte: u8) -> bool {
    matches!(byte, b'!' | b'#'..=b'&' | b'('..=b'<' | b'>'..=b'~')
}

#[cold]
fn untidy_range(text: &str) -> Range<usize> {
    let mut inner = text;
    loop {
        let before = inner;
        inner = without_guards(inner.trim_matches(is_blank));
        if inner == before {
            break;
        }
    }
    let from = inner.as_ptr() as usize - text.as_ptr() as usize;
    let whole = inner
        .strip_suffix(".0")
        .filter(|whole| is_all_digits(whole));
    from..from + whole.unwrap_or(inner).len()
}

/// Cuts one layer of guards or quotes.
fn without_guards(text: &str) -> &str {
    let within = |sign: char| text.strip_prefix(sign)?.strip_suffix(sign);
    if let Some(formula) = text.strip_prefix('=')
        && formula.len() > 1
        && formula.starts_with('"')
        && formula.ends_with('"')
    {
        return formula;
    }
    if let Some(inner) = within('"').or_else(|| within('\'')) {
        return inner;
    }
    let unquoted = text.trim_matches('"');
    // An apostrophe keeps a spreadsheet from reading a number or a formula.
    let is_kept_from = |c: char| c.is_ascii_digit() || "=+-@".contains(c);
    match unquoted.strip_prefix('\'') {
        Some(guarded) if guarded.starts_with(is_kept_from) => guarded,
        _ => unquoted,
    }
}

/// Characters that cannot be seen and say nothing.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

fn is_all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// An id as [`tidy_id`] gives it, without invisible characters inside either; digits and letters of full
/// width are the usual ones. A no-break space beside a digit is dropped (`17 850`), another is a blank.
#[must_use]
pub fn clean_id(text: &str) -> Cow<'_, str> {
    let tidy = tidy_id(text);
    let is_hidden = |c: char| !c.is_ascii() && is_invisible(c);
    let foreign = |c: char| is_hidden(c) || is_no_break(c) || is_wide(c);
    if tidy.is_ascii() || !tidy.contains(foreign) {
        return Cow::Borrowed(tidy);
    }
    let mut clean = String::with_capacity(tidy.len());
    let mut letters = tidy.chars().filter(|&c| !is_hidden(c)).peekable();
    while let Some(c) = letters.next() {
        if is_no_break(c) {
            let beside = |c: Option<char>| c.is_some_and(char::is_numeric);
            if !beside(clean.chars().last()) && !beside(letters.peek().copied()) {
                clean.push(' ');
            }
        } else if is_wide(c) {
            clean.extend(char::from_u32(c as u32 - 0xFEE0));
        } else {
            clean.push(c);
        }
    }
    // Something may have been hidden by what was dropped.
    Cow::Owned(tidy_id(&clean).to_owned())
}

fn is_no_break(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{202f}')
}

/// Letters, digits and signs of full width.
fn is_wide(c: char) -> bool {
    ('\u{ff01}'..='\u{ff5e}').contains(&c)
}

/// The key under which spellings of one person's id agree: without regard to case, blanks and invisible
/// characters, and of ids that are numbers to leading zeros.
#[must_use]
pub fn fold_id(text: &str) -> String {
    let folded: String = clean_id(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    let folded = composed(folded);
    if is_all_digits(&folded) {
        let number = folded.trim_start_matches('0');
        return if number.is_empty() { "0" } else { number }.to_owned();
    }
    folded
}

/// Marks that stand behind a letter, each with letters and what they become.
const MARKS: [(char, &str); 12] = [
    ('\u{300}', "aàeèiìoòuù"),
    ('\u{301}', "aáeéiíoóuúyýcćnńsśzź"),
    ('\u{302}', "aâeêiîoôuû"),
    ('\u{303}', "aãnñoõ"),
    ('\u{306}', "aăgğий"),
    ('\u{307}', "eėzż"),
    ('\u{308}', "aäeëiïoöuüyÿеё"),
    ('\u{30a}', "aåuů"),
    ('\u{30b}', "oőuű"),
    ('\u{30c}', "cčdďeěnňrřsštťzž"),
    ('\u{327}', "cçsştţ"),
    ('\u{328}', "aąeęiįuų"),
];

/// Letters and marks as one: `u` and `¨` are `ü` as programs of Macs write it.
fn composed(text: String) -> String {
    if text.is_ascii() || !text.contains(|c: char| ('\u{300}'..='\u{36f}').contains(&c)) {
        return text;
    }
    let mut whole = String::with_capacity(text.len());
    for c in text.chars() {
        let pairs = MARKS
            .iter()
            .find(|(mark, _)| *mark == c)
            .map(|(_, pairs)| *pairs);
        let letter = pairs.and_then(|pairs| {
            let last = whole.chars().last()?;
            let letters: Vec<char> = pairs.chars().collect();
            let found = letters.chunks(2).find(|pair| pair[0] == last);
            found.map(|pair| pair[1])
        });
        match letter {
            Some(letter) => {
                whole.pop();
                whole.push(letter);
            }
            None => whole.push(c),
        }
    }
    whole
}

/// Whether an id is a number as spreadsheets and data frames write long ones (`1.03293E+19`, `4,05678e12`):
/// its last digits are lost, and several ids may have become one. A plain `12E5` may be a code.
#[must_use]
pub fn is_scientific(text: &str) -> bool {
    let text = tidy_id(text);
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let signed = exponent.strip_prefix('+');
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let fractional = !fraction.is_empty();
    let digits = signed.unwrap_or(exponent);
    let large = digits.len() <= 2 && digits.parse::<u8>().is_ok_and(|exponent| exponent >= 5);
    whole.len() == 1
        && is_all_digits(whole)
        && (!fractional || is_all_digits(fraction))
        && (signed.is_some() || fractional)
        && is_all_digits(digits)
        && large
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_ids_is_cut() {
        for (text, expected) in [
            ("00001", "00001"),
            (" 17850.0 ", "17850"),
            ("2029548929081.0", "2029548929081"),
            ("v1.0", "v1.0"),
            (".0", ".0"),
            ("=\"00417\"", "00417"),
            ("\"=\"\"00417\"\"\"", "00417"),
            ("'00522", "00522"),
            ("'C1'", "C1"),
            ("\"C1", "C1"),
            ("C1\"", "C1"),
            ("'s-Hertogenbosch", "'s-Hertogenbosch"),
            ("O'Hara", "O'Hara"),
            ("\u{feff}C1", "C1"),
            ("\u{a0}C1\u{200b} ", "C1"),
            ("\t C1\r", "C1"),
            ("a", "a"),
            ("", ""),
            ("\"\"", ""),
            ("=", "="),
            ("'+4912345", "+4912345"),
            ("a@b.c", "a@b.c"),
        ] {
            assert_eq!(tidy_id(text), expected, "{text}");
            assert_eq!(clean_id(text), expected, "{text}");
        }
    }

    #[test]
    fn what_hides_inside_ids_is_dropped() {
        for (text, expected) in [
            ("C\u{200b}1\u{ad}2", "C12"),
            ("17\u{a0}850", "17850"),
            ("17\u{202f}850.0", "17850"),
            ("Anna\u{a0}Meier", "Anna Meier"),
            ("１７８５０", "17850"),
            ("Ｃ－１", "C-1"),
            ("Zoë", "Zoë"),
            ("a\u{200b}'", "a'"),
            ("\u{200b}", ""),
        ] {
            assert_eq!(clean_id(text), expected, "{text:?}");
        }
    }

    #[test]
    fn spellings_of_one_person_agree() {
        for (a, b) in [
            ("00417", "417"),
            ("C-001", "c-001 "),
            ("anna@x.de", " Anna@X.de"),
            ("AB 12", "ab12"),
            ("417.0", "00417"),
            ("=\"00417\"", "417"),
            ("000", "0"),
            ("Anna\u{a0}Meier", "anna meier"),
            ("Mu\u{308}ller", "MÜLLER"),
            ("Dvor\u{30c}a\u{301}k", "dvořák"),
        ] {
            assert_eq!(fold_id(a), fold_id(b), "{a} {b}");
        }
        for (a, b) in [("C001", "C1"), ("12", "120"), ("a", "b"), ("", "0")] {
            assert_ne!(fold_id(a), fold_id(b), "{a} {b}");
        }
    }

    #[test]
    fn rounded_ids_are_told() {
        for text in [
            "1.03293E+19",
            "4.05678E+12",
            "4,05678E+12",
            "1E+15",
            "3.91e+16",
            "1.2e16",
            " 4.05678E+12 ",
        ] {
            assert!(is_scientific(text), "{text}");
        }
        for text in [
            "12E5",
            "1E5",
            "17850",
            "e5",
            "1.5E+2",
            "E+12",
            "12.5E+12",
            "1.E+",
            "1.03293E+199",
            "1e+x",
        ] {
            assert!(!is_scientific(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn clean_ids_stay_as_they_are(text in "[\"'= \u{a0}\u{200b}0-9a-cé.０]{0,12}") {
            let clean = clean_id(&text).into_owned();
            proptest::prop_assert_eq!(&clean_id(&clean), &clean);
            proptest::prop_assert_eq!(fold_id(&clean), fold_id(&text));
        }
    }
}
