//! A column of ids as keys: what customers and orders are told apart by.

use std::{borrow::Cow, ops::Range};

use crate::{
    values::id_text::{clean_id, tidy_range},
    values::keys::{Cell, Family, KEY_BYTES, Key},
    values::missing::is_missing,
};

/// One key per row, tidied; the empty key stands for a cell that names nobody.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    pub keys: Vec<Key>,
    /// Where the texts of keys that are not exact stand, in the order of their rows
    /// ([`Ids::long_text`]).
    pub long: Vec<Range<u32>>,
    /// The family of all keys and their numbers, where they are all of one ([`Ids::number`]).
    pub numbers: Option<(Family, Vec<u32>)>,
    /// Ids that had to be cleaned inside: `long` points at them as if they stood behind the block's text.
    spilled: String,
}

impl Ids {
    /// Begins anew.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.long.clear();
        self.numbers = None;
        self.spilled.clear();
    }

    /// Reads the cells of a block's text, and their numbers if they are all of one family.
    pub fn read(&mut self, text: &str, cells: impl ExactSizeIterator<Item = Range<usize>>) {
        self.clear();
        self.keys.reserve(cells.len());
        let (mut family, mut numbers) = (None, Vec::with_capacity(cells.len()));
        let mut all = true;
        for cell in cells {
            let key = self.push_within(text, cell);
            if all {
                let numbered = key.numbered();
                all = numbered.is_some_and(|(of, _)| *family.get_or_insert(of) == of);
                numbers.extend(numbered.map(|(_, number)| number));
            }
        }
        self.numbers = family.filter(|_| all).map(|family| (family, numbers));
    }

    /// The next row's cell, at a range of a block's text; its key.
    #[inline]
    pub fn push_within(&mut self, text: &str, range: Range<usize>) -> Key {
        let key = Key::within(text.as_bytes(), range.clone());
        if key.is_tidy() {
            self.keys.push(key);
            key
        } else {
            self.push_untidy(text, range)
        }
    }

    fn push_untidy(&mut self, text: &str, range: Range<usize>) -> Key {
        let cell = &text[range.clone()];
        let clean = clean_id(cell);
        let key = if is_missing(&clean) {
            Key::default()
        } else {
            Key::of(clean.as_bytes())
        };
        if clean.len() > KEY_BYTES {
            let long = match clean {
                Cow::Borrowed(_) => {
                    let tidy = tidy_range(cell);
                    range.start + tidy.start..range.start + tidy.end
                }
                Cow::Owned(clean) => {
                    let from = text.len() + self.spilled.len();
                    self.spilled.push_str(&clean);
                    from..from + clean.len()
                }
            };
            self.long.push(long.start as u32..long.end as u32);
        }
        self.keys.push(key);
        key
    }

    /// The text at a range of `long`, where `text` is what it points into.
    #[must_use]
    pub fn long_text<'a>(&'a self, range: Range<u32>, text: &'a str) -> &'a str {
        let range = range.start as usize..range.end as usize;
        match range.start.checked_sub(text.len()) {
            Some(from) => &self.spilled[from..from + range.len()],
            None => &text[range],
        }
    }

    /// The rows' cells, where `text` is what `long` points into.
    pub fn cells<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Cell<'a>> {
        let mut long = self.long.iter();
        self.keys.iter().map(move |&key| Cell {
            key,
            long: (!key.is_exact())
                .then(|| self.long_text(long.next().cloned().unwrap_or_default(), text)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_cleaned() {
        let pairs = [
            ("C0000148", "C0000148"),
            (" 17850.0 ", "17850"),
            ("17850.0", "17850"),
            ("", ""),
            ("n/a", ""),
            ("NaN", ""),
            ("\u{feff}", ""),
            ("NA", "NA"),
            ("  a long customer name ", "a long customer name"),
            ("7", "7"),
            ("a long customer name", "a long customer name"),
            ("123456789012345.0", "123456789012345"),
            ("=\"00417\"", "00417"),
            ("'123456789012345", "123456789012345"),
            ("a long\u{200b} customer name", "a long customer name"),
            ("C\u{200b}1234", "C1234"),
            (
                "\u{feff}another long customer name",
                "another long customer name",
            ),
        ];
        let text = pairs.map(|(cell, _)| cell).join(",");
        let (mut ids, mut start) = (Ids::default(), 0);
        for (cell, _) in pairs {
            ids.push_within(&text, start..start + cell.len());
            start += cell.len() + 1;
        }
        let read: Vec<String> = ids
            .cells(&text)
            .map(|cell| cell.with_text(str::to_owned))
            .collect();
        assert_eq!(read, pairs.map(|(_, expected)| expected));
    }
}
