//! A column of ids as keys: what customers and orders are told apart by.

use std::ops::Range;

use crate::{
    data::values::keys::{Cell, Family, KEY_BYTES, Key},
    data::values::missing::is_missing,
    data::values::text::tidy_id,
};

/// One key per row, tidied; the empty key stands for a cell that names nobody.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    pub keys: Vec<Key>,
    /// Where the texts of keys that are not exact stand, in the order of their rows.
    pub long: Vec<Range<u32>>,
    /// The family of all keys and their numbers, where they are all of one ([`Ids::number`]).
    pub numbers: Option<(Family, Vec<u32>)>,
    /// The text that `long` points into, unless the rows still stand in a block of their own.
    pub spilled: String,
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
        let tidied = tidy_id(cell);
        let key = if is_missing(tidied) {
            Key::default()
        } else {
            Key::of(tidied.as_bytes())
        };
        if tidied.len() > KEY_BYTES {
            // Tidying cuts white space off both ends.
            let from = range.start + (cell.len() - cell.trim_start().len());
            self.long.push(from as u32..(from + tidied.len()) as u32);
        }
        self.keys.push(key);
        key
    }

    /// The next row's cell; long text is copied.
    #[inline]
    pub fn push_cell(&mut self, cell: Cell<'_>) {
        let id = cell.id().unwrap_or_default();
        if let Some(text) = id.long {
            let from = self.spilled.len() as u32;
            self.spilled.push_str(text);
            self.long.push(from..self.spilled.len() as u32);
        }
        self.keys.push(id.key);
    }

    /// The rows' cells, where `text` is what `long` points into.
    pub fn cells<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Cell<'a>> {
        let mut long = self.long.iter();
        self.keys.iter().map(move |&key| Cell {
            key,
            long: (!key.is_exact()).then(|| {
                let range = long.next().cloned().unwrap_or_default();
                &text[range.start as usize..range.end as usize]
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_pushing_agree() {
        let cells = [
            "C0000148",
            " 17850.0 ",
            "",
            "n/a",
            "  a long customer name ",
            "7",
            "a long customer name",
            "123456789012345.0",
        ];
        let text = cells.join(",");
        let (mut within, mut copied, mut start) = (Ids::default(), Ids::default(), 0);
        for cell in cells {
            within.push_within(&text, start..start + cell.len());
            copied.push_cell(Cell::of(cell));
            start += cell.len() + 1;
        }
        let read = |ids: &Ids, text: &str| -> Vec<String> {
            let cells = ids.cells(text);
            cells.map(|cell| cell.with_text(str::to_owned)).collect()
        };
        let expected = [
            "C0000148",
            "17850",
            "",
            "",
            "a long customer name",
            "7",
            "a long customer name",
            "123456789012345",
        ];
        assert_eq!(read(&within, &text), expected);
        assert_eq!(read(&copied, &copied.spilled), expected);
    }
}
