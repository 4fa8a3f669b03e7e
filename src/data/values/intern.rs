//! Texts → small integers.
//!
//! Measured on 2 M rows against a plain hash table over the same texts (2026-11-30, 2 cores, ns a row):
//! ids that are numbers 21 instead of 34 ([`Numbered`]), a column of five words 5 instead of 18 (`recent`).
//! Keys kept in the table itself, and lookups sorted by their place in it, cost more than they saved
//! (84 → 67 for ids of twelve hexadecimal digits) and are gone.

use std::ops::Range;

use hashbrown::HashTable;

use crate::{
    orders::{PoolFull, TextPool},
    sort::numbered::Numbered,
    values::ids::Ids,
    values::keys::{Cell, Key},
};

/// Stands where a row's number is not known yet.
const NEW: u32 = u32::MAX - 1;

/// Distinct texts; each has a number, ascending in the order in which they were first asked for.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    /// Half of each text's hash, and its number.
    table: HashTable<(u32, u32)>,
    texts: TextPool,
    /// Ids that are numbers stand in tables of their own.
    numbered: Numbered,
    /// Recently met texts by hash: most columns have few values, and then nothing else is asked.
    recent: [Option<(Key, u32)>; RECENT],
}

/// More of them would crowd each other out of the nearest cache: 256 made ids a third slower.
const RECENT: usize = 32;

impl Interner {
    /// The number of `text`, new or known.
    ///
    /// # Errors
    /// [`PoolFull`] when the distinct texts outgrow 4 GiB.
    #[inline]
    pub fn intern(&mut self, text: &str) -> Result<u32, PoolFull> {
        self.intern_cell(Cell::of(text))
    }

    #[inline]
    fn intern_cell(&mut self, cell: Cell<'_>) -> Result<u32, PoolFull> {
        let slot = (cell.key.mixed() >> 32) as usize % RECENT;
        if let Some((known, code)) = self.recent[slot]
            && known == cell.key
            && (known.is_exact() || self.texts.get(code as usize) == cell.long.unwrap_or_default())
        {
            return Ok(code);
        }
        let code = self.intern_rare(cell)?;
        self.recent[slot] = Some((cell.key, code));
        Ok(code)
    }

    /// As [`Self::intern_cell`], for columns with very many values: asks for no recent ones.
    #[inline]
    fn intern_rare(&mut self, cell: Cell<'_>) -> Result<u32, PoolFull> {
        match self.look_up(cell) {
            Some(code) => Ok(code),
            None => cell.with_text(|text| self.insert(cell.key, text)),
        }
    }

    /// The number of the cell at a range of a text.
    ///
    /// # Errors
    /// [`PoolFull`] when the distinct texts outgrow 4 GiB.
    #[inline]
    pub fn intern_within(&mut self, text: &str, range: Range<usize>) -> Result<u32, PoolFull> {
        let key = Key::within(text.as_bytes(), range.clone());
        self.intern_cell(Cell {
            key,
            long: (!key.is_exact()).then(|| &text[range]),
        })
    }

    /// The numbers of many ids, for columns with very many values; rows that name nobody get
    /// `nothing`. `text` is what long ids point into.
    ///
    /// # Errors
    /// [`PoolFull`] when the distinct texts outgrow 4 GiB.
    pub fn intern_ids(
        &mut self,
        ids: &Ids,
        text: &str,
        nothing: u32,
        out: &mut Vec<u32>,
    ) -> Result<(), PoolFull> {
        let Some((family, numbers)) = &ids.numbers else {
            out.reserve(ids.keys.len());
            for cell in ids.cells(text) {
                let empty = cell.key.is_empty();
                out.push(if empty {
                    nothing
                } else {
                    self.intern_rare(cell)?
                });
            }
            return Ok(());
        };
        let from = out.len();
        self.numbered.find_all(*family, numbers, NEW, out);
        let rows = out[from..].iter_mut().zip(numbers).enumerate();
        for (row, (code, &number)) in rows.filter(|(_, (code, _))| **code == NEW) {
            let (key, next) = (ids.keys[row], self.texts.len() as u32);
            // As long as no id stands in the hash table, none needs to be looked for there.
            let alone = self.table.is_empty();
            let table = alone.then(|| self.numbered.table(*family)).flatten();
            match table.and_then(|table| table.number(number, next)) {
                Some(known) => {
                    if known == next {
                        key.with_text(|text| self.texts.push(text))?;
                    }
                    *code = known;
                }
                None => *code = self.intern_rare(Cell { key, long: None })?,
            }
        }
        Ok(())
    }

    /// Makes room for so many texts and bytes of them.
    pub fn reserve(&mut self, texts: usize, bytes: usize) {
        self.texts.reserve(texts, bytes);
        self.table.reserve(texts, |&(half, _)| whole_hash(half));
    }

    #[inline]
    fn look_up(&self, cell: Cell<'_>) -> Option<u32> {
        // Where most stand is asked first.
        if 2 * self.table.len() > self.texts.len() {
            let known = self.search(cell);
            known.or_else(|| self.numbered.find(cell.key))
        } else {
            let known = self.numbered.find(cell.key);
            known.or_else(|| self.search(cell))
        }
    }

    #[inline]
    fn search(&self, cell: Cell<'_>) -> Option<u32> {
        let half = half_hash(cell.key);
        let same = |code: u32| {
            let known = self.texts.get(code as usize);
            match cell.long {
                Some(text) => known == text,
                None => Key::of(known.as_bytes()) == cell.key,
            }
        };
        self.table
            .find(whole_hash(half), |&(known, code)| {
                known == half && same(code)
            })
            .map(|&(_, code)| code)
    }

    #[cold]
    fn insert(&mut self, key: Key, text: &str) -> Result<u32, PoolFull> {
        let code = self.texts.push(text)?;
        // Codes with letters in them are numbers of as many families as there are codes.
        let numbered = if self.table.is_empty() {
            self.numbered.insert(key, code)
        } else {
            self.numbered.insert_known(key, code)
        };
        if numbered {
            return Ok(code);
        }
        let half = half_hash(key);
        self.table
            .insert_unique(whole_hash(half), (half, code), |&(half, _)| {
                whole_hash(half)
            });
        Ok(code)
    }

    /// The numbers of all texts in the order of the texts, where these are numbers of one family and so
    /// in the order of those.
    #[must_use]
    pub fn in_order(&self) -> Option<impl Iterator<Item = u32>> {
        let all_numbered = self.table.is_empty();
        self.numbered.in_order().filter(|_| all_numbered)
    }

    /// The number of a known text.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        self.look_up(Cell::of(text))
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

    /// Forgets all texts and keeps the memory.
    pub fn clear(&mut self) {
        self.table.clear();
        self.texts.clear();
        self.numbered.clear();
        self.recent = [None; RECENT];
    }
}

/// What the table remembers of a key's hash.
fn half_hash(key: Key) -> u32 {
    (key.mixed() >> 32) as u32
}

/// The hash that a half stands for: the table looks at its lowest and highest bits.
fn whole_hash(half: u32) -> u64 {
    u64::from(half) << 32 | u64::from(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where texts stand that are written one behind the other.
    fn places(texts: &[String]) -> impl ExactSizeIterator<Item = Range<usize>> {
        let mut end = 0;
        texts.iter().map(move |text| {
            end += text.len();
            end - text.len()..end
        })
    }

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
    fn many_at_once_agree_with_one_by_one() {
        let long = "a text that is longer than fifteen bytes";
        let texts: Vec<String> = (0..5_000_u32)
            .map(|row| match row % 7 {
                0 => String::new(),
                1 => format!("{long}{}", row % 50),
                _ => format!("c{}", row.wrapping_mul(2_654_435_761) % 900),
            })
            .collect();
        let (mut ids, mut together, mut codes) = (Ids::default(), Interner::default(), vec![7]);
        for half in texts.chunks(2_500) {
            let text = half.concat();
            ids.read(&text, places(half));
            together
                .intern_ids(&ids, &text, u32::MAX, &mut codes)
                .unwrap();
        }
        assert_eq!(codes[0], 7);
        for (text, &code) in texts.iter().zip(&codes[1..]) {
            if text.is_empty() {
                assert_eq!(code, u32::MAX);
            } else {
                assert_eq!(together.texts().get(code as usize), text);
            }
        }
        let distinct: std::collections::BTreeSet<_> =
            texts.iter().filter(|text| !text.is_empty()).collect();
        assert_eq!(together.len(), distinct.len());
    }

    #[test]
    fn ids_that_are_numbers_keep_theirs_however_scattered() {
        let id = |row: u32| match row % 11 {
            0 => "guest".to_owned(),
            _ => format!(
                "C{:07}",
                row.wrapping_mul(2_654_435_761) % 2_000_003 % 700_000
            ),
        };
        for only_numbers in [true, false] {
            let rows = (0..60_000).filter(|row| !only_numbers || row % 11 != 0);
            let texts: Vec<String> = rows.map(id).collect();
            let (mut ids, mut interner, mut codes) = (Ids::default(), Interner::default(), vec![]);
            for block in texts.chunks(1_000) {
                let text = block.concat();
                ids.read(&text, places(block));
                interner
                    .intern_ids(&ids, &text, u32::MAX, &mut codes)
                    .unwrap();
            }
            let distinct: std::collections::BTreeSet<_> = texts.iter().collect();
            assert_eq!(interner.len(), distinct.len());
            for (text, &code) in texts.iter().zip(&codes) {
                assert_eq!(interner.texts().get(code as usize), text);
            }
        }
    }
}
