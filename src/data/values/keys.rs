//! Cells as machine words: what loading compares instead of texts.
//!
//! Loading looks up every id and every attribute value of every line. A text of up to twelve bytes is kept
//! as two words, length and bytes, and compared without touching the place where longer texts lie.

use std::ops::Range;

use crate::{table::records::fingerprint, values::id_text::is_plain_end};

/// A text of up to twelve bytes as two words: length, bytes, zeros. A longer text by its fingerprint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Key {
    low: u64,
    high: u64,
}

/// Longest text that a key holds.
pub const KEY_BYTES: usize = 12;

/// Masks of the first so many bytes.
const FIRST_BYTES: [u128; KEY_BYTES + 1] = {
    let (mut masks, mut length) = ([0; KEY_BYTES + 1], 1);
    while length <= KEY_BYTES {
        masks[length] = masks[length - 1] << 8 | 0xFF;
        length += 1;
    }
    masks
};

/// Stands where the length of a short text would.
const LONG: u64 = 0xFFFF_FFFF;

impl Key {
    /// The key of some text.
    #[must_use]
    #[inline]
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.len() <= KEY_BYTES {
            let mut words = [0; 16];
            words[0] = bytes.len() as u8;
            words[4..4 + bytes.len()].copy_from_slice(bytes);
            Self::from_words(u128::from_le_bytes(words))
        } else {
            let print = fingerprint(bytes);
            Self {
                low: LONG | print << 32,
                high: print ^ bytes.len() as u64,
            }
        }
    }

    /// The key of `bytes[range]`; reads sixteen bytes at once where the buffer goes on that far.
    #[must_use]
    #[inline]
    pub fn within(bytes: &[u8], range: Range<usize>) -> Self {
        let length = range.len();
        match bytes.get(range.start..).and_then(<[u8]>::first_chunk) {
            Some(sixteen) if length <= KEY_BYTES => {
                let text = u128::from_le_bytes(*sixteen) & FIRST_BYTES[length];
                Self::from_words(text << 32 | length as u128)
            }
            _ => Self::of(&bytes[range]),
        }
    }

    /// The key of a short text from its length (four bytes) and bytes (twelve, filled with zeros).
    #[inline]
    fn from_words(words: u128) -> Self {
        Self {
            low: words as u64,
            high: (words >> 64) as u64,
        }
    }

    /// Whether equal keys mean equal texts.
    #[must_use]
    #[inline]
    pub fn is_exact(self) -> bool {
        self.low & LONG <= KEY_BYTES as u64
    }

    /// Whether the text is empty.
    #[must_use]
    #[inline]
    pub fn is_empty(self) -> bool {
        self.low == 0
    }

    /// The first byte of an exact key.
    #[must_use]
    #[inline]
    pub fn first(self) -> Option<u8> {
        (!self.is_empty()).then_some((self.low >> 32) as u8)
    }

    /// The text as eight bytes, the first one highest, zeros behind; `None` when that is not all of it.
    #[must_use]
    #[inline]
    pub fn as_head(self) -> Option<u64> {
        let head = (self.low >> 32 | self.high << 32).swap_bytes();
        let length = 8 - head.trailing_zeros() / 8;
        (self.low & LONG == u64::from(length)).then_some(head)
    }

    /// Calls `take` with the text of an exact key.
    #[inline]
    pub fn with_text<T>(self, take: impl FnOnce(&str) -> T) -> T {
        let bytes = self.bytes();
        let length = usize::from(bytes[0]).min(KEY_BYTES);
        take(std::str::from_utf8(&bytes[4..4 + length]).unwrap_or_default())
    }

    #[inline]
    fn bytes(self) -> [u8; 16] {
        (u128::from(self.high) << 64 | u128::from(self.low)).to_le_bytes()
    }

    /// A short text that ends with digits (read eight at once: ids that are numbers are told apart in 21 ns
    /// instead of the 34 of a hash table), as what stands before them and their number: `C0000148` is
    /// number 148 of the family `C` of eight characters. Family and number together are the text.
    #[must_use]
    #[inline]
    pub fn numbered(self) -> Option<(Family, u32)> {
        if !self.is_exact() || self.is_empty() {
            return None;
        }
        let words = u128::from(self.high) << 64 | u128::from(self.low);
        let (text, length) = (words >> 32, self.low as u32 & 0xF);
        // The last eight characters, the very last one on top.
        let last = if length <= 8 {
            (text as u64) << (8 * (8 - length))
        } else {
            (text >> (8 * (length - 8))) as u64
        };
        let values = last ^ EIGHT_ZEROS;
        let beyond_nine = ((values & !HIGH_BITS) + (HIGH_BITS - TEN_EACH)) | values;
        let digits = ((beyond_nine & HIGH_BITS).leading_zeros() / 8).min(MAX_DIGITS);
        if digits == 0 {
            return None;
        }
        let kept = values & !0 << (64 - 8 * digits);
        let family = text & FIRST_BYTES[(length - digits) as usize];
        let family = family | u128::from(length) << 96 | u128::from(digits) << 104;
        Some((Family(family), number_of_eight(kept)))
    }

    /// Well mixed bits, the same in every run.
    #[must_use]
    #[inline]
    pub fn mixed(self) -> u64 {
        let product = u128::from(self.low ^ 0x9E37_79B9_7F4A_7C15)
            * u128::from(self.high ^ 0xA076_1D64_78BD_642F);
        (product as u64) ^ ((product >> 64) as u64)
    }

    /// Whether the text surely is an id or a value as it stands: nothing to trim, no guards or `.0` around
    /// it, nothing but ASCII inside, none of the words for "nothing".
    #[inline]
    pub(crate) fn is_tidy(self) -> bool {
        let bytes = self.bytes();
        let length = usize::from(bytes[0]);
        self.is_exact()
            && length > 4
            && (self.low >> 32 | self.high) & HIGH_BITS == 0
            && is_plain_end(bytes[4])
            && is_plain_end(bytes[3 + length])
            && !(bytes[3 + length] == b'0' && bytes[2 + length] == b'.')
    }
}

/// What numbered texts have in common: the characters before the digits, and how many of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family(u128);

/// Most digits of a number; further ones belong to the family.
const MAX_DIGITS: u32 = 7;
/// Eight characters `0`.
const EIGHT_ZEROS: u64 = 0x3030_3030_3030_3030;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
const TEN_EACH: u64 = 0x0A0A_0A0A_0A0A_0A0A;

/// The number of eight decimal digits (values, not characters), the first one in the lowest byte.
#[must_use]
#[inline]
fn number_of_eight(digits: u64) -> u32 {
    // Neighbours are joined three times over: eight digits, four pairs, two fours, one number.
    let pairs = digits.wrapping_mul(10) + (digits >> 8);
    let low = (pairs & 0x0000_00FF_0000_00FF).wrapping_mul(0x000F_4240_0000_0064);
    let high = ((pairs >> 16) & 0x0000_00FF_0000_00FF).wrapping_mul(0x0000_2710_0000_0001);
    (low.wrapping_add(high) >> 32) as u32
}

/// The number that exactly eight decimal digits write: what dates are known again by, in 18 ns a row.
#[must_use]
#[inline]
pub fn eight_digits(text: &[u8]) -> Option<u32> {
    let digits = u64::from_le_bytes(text.try_into().ok()?) ^ EIGHT_ZEROS;
    let beyond_nine = ((digits & !HIGH_BITS) + (HIGH_BITS - TEN_EACH)) | digits;
    (beyond_nine & HIGH_BITS == 0).then(|| number_of_eight(digits))
}

/// A cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cell<'a> {
    pub key: Key,
    /// The text, when it is too long for the key.
    pub long: Option<&'a str>,
}

impl<'a> Cell<'a> {
    /// The cell that holds a text.
    #[must_use]
    #[inline]
    pub fn of(text: &'a str) -> Self {
        let key = Key::of(text.as_bytes());
        Self {
            key,
            long: (!key.is_exact()).then_some(text),
        }
    }

    /// Calls `take` with the text.
    #[inline]
    pub fn with_text<T>(self, take: impl FnOnce(&str) -> T) -> T {
        match self.long {
            Some(text) => take(text),
            None => self.key.with_text(take),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{id_text::clean_id, missing::is_missing};

    #[test]
    fn short_keys_give_their_text_back() {
        for text in ["", "a", "abc", "abcd", "abcdefgh", "abcdefghijkl", "é"] {
            let key = Key::of(text.as_bytes());
            assert!(key.is_exact());
            assert_eq!(key.is_empty(), text.is_empty());
            assert!(key.with_text(|back| back == text), "{text}");
        }
        assert!(!Key::of(b"abcdefghijklm").is_exact());
    }

    #[test]
    fn zeros_at_the_end_are_part_of_the_text() {
        assert_ne!(Key::of(b"a"), Key::of(b"a\0"));
        assert_ne!(Key::of(b"thirteen bytes"), Key::of(b"thirteen bytes\0"));
    }

    #[test]
    fn keys_within_a_buffer_are_those_of_the_texts() {
        let buffer = b"a,C0000148,twelve bytes,thirteen byte,\xC3\xA9,end";
        let mut start = 0;
        for cell in buffer.split(|&byte| byte == b',') {
            let range = start..start + cell.len();
            assert_eq!(Key::within(buffer, range.clone()), Key::of(cell));
            assert_eq!(Key::within(cell, 0..cell.len()), Key::of(cell));
            start = range.end + 1;
        }
    }

    #[test]
    fn numbered_texts_have_a_family() {
        let numbered = |text: &str| Key::of(text.as_bytes()).numbered();
        let number = |text: &str| numbered(text).map(|(_, number)| number);
        for (text, expected) in [
            ("C0000148", Some(148)),
            ("7", Some(7)),
            ("00042", Some(42)),
            ("123456789012", Some(6_789_012)),
            ("AB-12", Some(12)),
            ("é9", Some(9)),
            ("12a", None),
            ("", None),
            ("a customer 1234", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
        let family = |text: &str| numbered(text).map(|(family, _)| family);
        assert_eq!(family("C0000148"), family("C0999999"));
        for other in ["C000148", "D0000148", "C000014", "00000148"] {
            assert_ne!(family("C0000148"), family(other), "{other}");
        }
        assert_ne!(family("12345678"), family("22345678"));
    }

    #[test]
    fn eight_digits_are_a_number() {
        assert_eq!(eight_digits(b"19970101"), Some(19_970_101));
        assert_eq!(eight_digits(b"00000009"), Some(9));
        for text in [
            "1997010",
            "199701011",
            "1997-1-1",
            "1997010:",
            "1997010/",
            "1997010p",
            " 9970101",
            "1997\u{e9}10",
        ] {
            assert_eq!(eight_digits(text.as_bytes()), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_needs_no_tidying_stays(text in "[ -~é\u{200b}]{0,12}") {
            let key = Key::of(text.as_bytes());
            if key.is_tidy() {
                proptest::prop_assert_eq!(&clean_id(&text), &text);
                proptest::prop_assert!(!is_missing(&text));
            }
        }
    }
}
