//! Texts → small integers, by first appearance.
//!
//! Loading looks up every id and every attribute value of every line, so the common short text (up
//! to 15 bytes) is compared as two machine words instead of through the text pool.

use hashbrown::HashTable;

use super::{
    orders::{PoolFull, TextPool},
    records::fingerprint,
};

/// A text of up to 15 bytes in two words (length in the top byte); longer texts by hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    low: u64,
    high: u64,
}

const LONG: u64 = 0xFF << 56;

impl Key {
    #[must_use]
    #[inline]
    pub fn of(bytes: &[u8]) -> Self {
        let length = bytes.len();
        let marker = (length as u64) << 56;
        match length {
            0..=3 => {
                let byte = |index: usize| bytes.get(index).map_or(0, |&byte| u64::from(byte));
                Self {
                    low: byte(0) | byte(1) << 8 | byte(2) << 16,
                    high: marker,
                }
            }
            4..=7 => Self {
                low: u64::from(word32(bytes, 0))
                    | u64::from(word32(bytes, length - 4)) >> (8 * (8 - length)) << 32,
                high: marker,
            },
            8..=15 => Self {
                low: word64(bytes, 0),
                // The last eight bytes overlap the first ones: shift the overlap out.
                high: if length == 8 {
                    marker
                } else {
                    word64(bytes, length - 8) >> (8 * (16 - length)) | marker
                },
            },
            _ => Self {
                low: fingerprint(bytes),
                high: LONG | (length as u64 & 0xFFFF_FFFF),
            },
        }
    }

    /// Whether equal keys mean equal texts.
    #[inline]
    pub fn is_exact(self) -> bool {
        self.high & LONG != LONG
    }

    #[inline]
    fn mixed(self) -> u64 {
        let product = u128::from(self.low ^ 0x9E37_79B9_7F4A_7C15)
            * u128::from(self.high ^ 0xA076_1D64_78BD_642F);
        (product as u64) ^ ((product >> 64) as u64)
    }
}

#[inline]
fn word64(bytes: &[u8], at: usize) -> u64 {
    bytes[at..]
        .first_chunk()
        .map_or(0, |chunk| u64::from_le_bytes(*chunk))
}

#[inline]
fn word32(bytes: &[u8], at: usize) -> u32 {
    bytes[at..]
        .first_chunk()
        .map_or(0, |chunk| u32::from_le_bytes(*chunk))
}

/// Distinct texts, numbered by first appearance.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    /// Keys stand in the table itself: a lookup touches one place in memory, not three.
    table: HashTable<(Key, u32)>,
    texts: TextPool,
    last: Option<(Key, u32)>,
}

impl Interner {
    /// The number of `text`, new or known.
    ///
    /// # Errors
    /// [`PoolFull`] when the distinct texts outgrow 4 GiB.
    #[inline]
    pub fn intern(&mut self, text: &str) -> Result<u32, PoolFull> {
        let key = Key::of(text.as_bytes());
        if let Some((last, code)) = self.last
            && last == key
            && (key.is_exact() || self.texts.get(code as usize) == text)
        {
            return Ok(code);
        }
        let code = match self.look_up(key, text) {
            Some(code) => code,
            None => self.insert(key, text)?,
        };
        self.last = Some((key, code));
        Ok(code)
    }

    #[inline]
    fn look_up(&self, key: Key, text: &str) -> Option<u32> {
        self.table
            .find(key.mixed(), |&(known, code)| {
                known == key && (key.is_exact() || self.texts.get(code as usize) == text)
            })
            .map(|&(_, code)| code)
    }

    #[cold]
    fn insert(&mut self, key: Key, text: &str) -> Result<u32, PoolFull> {
        let code = self.texts.push(text)?;
        self.table
            .insert_unique(key.mixed(), (key, code), |(key, _)| key.mixed());
        Ok(code)
    }

    /// The number of a known text.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        self.look_up(Key::of(text.as_bytes()), text)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The distinct texts; text *i* has number *i*.
    #[must_use]
    pub fn texts(&self) -> &TextPool {
        &self.texts
    }

    /// Forgets how to look texts up and keeps the texts alone.
    #[must_use]
    pub fn into_texts(self) -> TextPool {
        self.texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_by_first_appearance() {
        let long = "a text that is longer than fifteen bytes";
        let mut interner = Interner::default();
        let codes: Vec<_> = ["b", "a", "b", "", long, "a", long]
            .iter()
            .map(|text| interner.intern(text).unwrap())
            .collect();
        assert_eq!(codes, [0, 1, 0, 2, 3, 1, 3]);
        assert_eq!(interner.texts().get(3), long);
        assert_eq!(interner.find("a"), Some(1));
        assert_eq!(interner.find("c"), None);
    }

    #[test]
    fn short_keys_are_injective() {
        let mut seen = std::collections::BTreeMap::new();
        let alphabet = ["\0", "a", "b"];
        let mut texts = vec![String::new()];
        for length in 0..9 {
            let grown: Vec<String> = texts
                .iter()
                .filter(|text| text.len() == length)
                .flat_map(|text| alphabet.iter().map(move |letter| format!("{text}{letter}")))
                .collect();
            texts.extend(grown);
        }
        texts.extend((9..16).flat_map(|length| {
            (0..length).map(move |at| {
                let mut text = vec![b'x'; length];
                text[at] = b'y';
                String::from_utf8(text).unwrap()
            })
        }));
        for text in texts {
            let key = Key::of(text.as_bytes());
            assert!(key.is_exact());
            if let Some(other) = seen.insert((key.low, key.high), text.clone()) {
                panic!("{other:?} and {text:?} share a key");
            }
        }
    }
}
