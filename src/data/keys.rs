//! Cells as machine words: what loading compares instead of texts.
//!
//! Loading looks up every id and every attribute value of every line. polars already keeps texts of
//! up to twelve bytes in sixteen (length and bytes); such a text is compared as two words, without
//! touching the place where longer texts lie.

use super::{dates, records::fingerprint, text};

/// A text of up to twelve bytes as two words: length, bytes, zeros. A longer text by its fingerprint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Key {
    low: u64,
    high: u64,
}

/// Longest text that a key holds.
pub const KEY_BYTES: usize = 12;

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

    /// The key of a short text from its length (four bytes) and bytes (twelve, filled with zeros).
    #[must_use]
    #[inline]
    pub fn from_words(words: u128) -> Self {
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

    /// Well mixed bits, the same in every run.
    #[must_use]
    #[inline]
    pub fn mixed(self) -> u64 {
        let product = u128::from(self.low ^ 0x9E37_79B9_7F4A_7C15)
            * u128::from(self.high ^ 0xA076_1D64_78BD_642F);
        (product as u64) ^ ((product >> 64) as u64)
    }

    /// Whether the text surely is an id or a value as it stands: nothing to trim, no `.0` behind it,
    /// none of the words for "nothing".
    #[inline]
    fn is_tidy(self) -> bool {
        let bytes = self.bytes();
        let length = usize::from(bytes[0]);
        let plain = |byte: u8| (0x21..0x7F).contains(&byte);
        self.is_exact()
            && length > 4
            && plain(bytes[4])
            && plain(bytes[3 + length])
            && !(bytes[3 + length] == b'0' && bytes[2 + length] == b'.')
    }
}

/// A cell of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

    /// The cell as an id: trimmed, without a spreadsheet's `.0`; `None` when nothing is there.
    #[must_use]
    #[inline]
    pub fn id(self) -> Option<Self> {
        if self.key.is_tidy() {
            return Some(self);
        }
        self.tidied()
    }

    fn tidied(self) -> Option<Self> {
        let tidied = match self.long {
            Some(text) => Self::of(text::tidy_id(text)),
            None => Self {
                key: self
                    .key
                    .with_text(|text| Key::of(text::tidy_id(text).as_bytes())),
                long: None,
            },
        };
        (!tidied.with_text(dates::is_missing)).then_some(tidied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn ids_are_tidied() {
        let id = |text: &str| Cell::of(text).id().map(|id| id.with_text(str::to_owned));
        assert_eq!(id("C0000001").as_deref(), Some("C0000001"));
        assert_eq!(id(" 17850.0").as_deref(), Some("17850"));
        assert_eq!(id("17850.0").as_deref(), Some("17850"));
        assert_eq!(id("1234567890123.0").as_deref(), Some("1234567890123"));
        assert_eq!(
            id("  a long customer name ").as_deref(),
            Some("a long customer name")
        );
        for nothing in ["", " ", "NaN", "null", " n/a "] {
            assert_eq!(id(nothing), None);
        }
    }
}
