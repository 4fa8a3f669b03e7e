//! Walks over numbers, signs and names of a date.

use super::months;

/// What is left to read of a text.
#[derive(Clone, Copy)]
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// Goes on by some bytes, at most to the end.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.bytes.len());
    }

    /// A number of at most nine digits, and how many digits it has.
    pub(super) fn number(&mut self) -> Option<(u32, usize)> {
        let rest = self.rest();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > 9 {
            return None;
        }
        let number = rest[..digits]
            .iter()
            .fold(0, |number, &digit| number * 10 + u32::from(digit - b'0'));
        self.at += digits;
        Some((number, digits))
    }

    /// A year of two or four digits, with the apostrophe that stands for the century or without.
    /// Two-digit years: 70–99 are 1970–1999, 00–69 are 2000–2069.
    pub(super) fn year(&mut self) -> Option<i32> {
        if self.one_of(b"'`").is_none() {
            self.word("’");
        }
        match self.number()? {
            (year, 4) => Some(year as i32),
            (year, 2) if year >= 70 => Some(1900 + year as i32),
            (year, 2) => Some(2000 + year as i32),
            _ => None,
        }
    }

    pub(super) fn one_of(&mut self, wanted: &[u8]) -> Option<()> {
        self.peek().filter(|byte| wanted.contains(byte))?;
        self.at += 1;
        Some(())
    }

    pub(super) fn exactly(&mut self, wanted: u8) -> Option<()> {
        self.one_of(&[wanted])
    }

    pub(super) fn skip(&mut self, unwanted: &[u8]) {
        while self.one_of(unwanted).is_some() {}
    }

    /// Skips a word where it stands.
    pub(super) fn word(&mut self, word: &str) -> Option<()> {
        self.rest()
            .starts_with(word.as_bytes())
            .then(|| self.advance(word.len()))
    }

    /// The letters that come next.
    pub(super) fn letters(&self) -> &'a str {
        let rest = self.rest();
        let is_letter = |byte: &&u8| byte.is_ascii_alphabetic() || **byte >= 0x80;
        let length = rest.iter().take_while(is_letter).count();
        std::str::from_utf8(&rest[..length]).unwrap_or_default()
    }

    /// A month by its name or abbreviation.
    pub(super) fn month(&mut self) -> Option<u32> {
        let word = self.letters();
        let month = (word.len() <= months::LONGEST).then(|| months::month(word))??;
        self.at += word.len();
        Some(month)
    }
}
