//! Texts → small integers.

use std::ops::Range;

use hashbrown::HashTable;

use crate::{
    data::orders::{PoolFull, TextPool},
    data::sort::numbered::Numbered,
    data::values::ids::Ids,
    data::values::keys::{Cell, Key},
};

/// Stands where a row's number is not known yet.
const NEW: u32 = u32::MAX - 1;
/// Parts of the table that are visited one after the other.
const PARTS: usize = 64;

/// Distinct texts; each has a number, ascending in the order in which they were first asked for.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    /// Keys stand in the table itself: a lookup touches one place in memory, not three.
    table: HashTable<(Key, u32)>,
    texts: TextPool,
    /// Ids that are numbers stand in tables of their own.
    numbered: Numbered,
    /// Recently met texts by hash: most columns have few values, and then nothing else is asked.
    recent: [Option<(Key, u32)>; RECENT],
}

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

    /// The number of a cell's text, new or known.
    ///
    /// # Errors
    /// [`PoolFull`] when the distinct texts outgrow 4 GiB.
    #[inline]
    pub fn intern_cell(&mut self, cell: Cell<'_>) -> Result<u32, PoolFull> {
        let (key, text) = (cell.key, cell.long.unwrap_or_default());
        let slot = (key.mixed() >> 32) as usize % RECENT;
        if let Some((known, code)) = self.recent[slot]
            && known == key
            && (key.is_exact() || self.texts.get(code as usize) == text)
        {
            return Ok(code);
        }
        let code = match self.look_up(key, text) {
            Some(code) => code,
            None => cell.with_text(|text| self.insert(key, text))?,
        };
        self.recent[slot] = Some((key, code));
        Ok(code)
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
    /// A large table does not fit the processor's caches, and each lookup would wait for memory.
    /// So keys that are no plain numbers are first sorted roughly by where they stand in the table,
    /// and looked up part by part.
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
        let from = out.len();
        let mut rest = Vec::new();
        if let Some((family, numbers)) = &ids.numbers {
            self.numbered.find_all(*family, numbers, NEW, out);
            // As long as no id stands in the hash table, none needs to be looked for there.
            let table = self.table.is_empty().then(|| self.numbered.table(*family));
            let mut table = table.flatten();
            let rows = out[from..].iter_mut().zip(numbers).enumerate();
            for (row, (code, &number)) in rows.filter(|(_, (code, _))| **code == NEW) {
                let (key, next) = (ids.keys[row], self.texts.len() as u32);
                let known = table.as_mut().and_then(|table| table.number(number, next));
                let Some(known) = known else {
                    rest.push((key, row as u32));
                    continue;
                };
                if known == next {
                    key.with_text(|text| self.texts.push(text))?;
                }
                *code = known;
            }
        } else {
            self.intern_rows(ids, (text, nothing), (out, &mut rest))?;
        }
        self.sort_by_place(&mut rest);
        for (key, row) in rest {
            out[from + row as usize] = match self.look_up(key, "") {
                Some(code) => code,
                None => key.with_text(|text| self.insert(key, text))?,
            };
        }
        Ok(())
    }

    /// Finds ids one by one; those of short keys that are no known numbers are left for later.
    fn intern_rows(
        &mut self,
        ids: &Ids,
        (text, nothing): (&str, u32),
        (out, rest): (&mut Vec<u32>, &mut Vec<(Key, u32)>),
    ) -> Result<(), PoolFull> {
        let mut long = ids.long.iter();
        for (row, &key) in ids.keys.iter().enumerate() {
            out.push(if let Some(code) = self.numbered.find(key) {
                code
            } else if key.is_empty() {
                nothing
            } else if key.is_exact() {
                rest.push((key, row as u32));
                nothing
            } else {
                let text = ids.long_text(long.next().cloned().unwrap_or_default(), text);
                self.intern_cell(Cell {
                    key,
                    long: Some(text),
                })?
            });
        }
        Ok(())
    }

    /// Brings keys roughly into the order of their places in the table.
    fn sort_by_place(&self, keys: &mut Vec<(Key, u32)>) {
        if self.table.len() < PARTS * 1024 || keys.len() < PARTS {
            return;
        }
        // Lowest bits first is how the table finds a place: its highest such bits name the part.
        let places = (self.table.capacity() * 8 / 7).next_power_of_two() as u64;
        let shift = places
            .trailing_zeros()
            .saturating_sub(PARTS.trailing_zeros());
        let part = |key: Key| ((key.mixed() & (places - 1)) >> shift) as usize % PARTS;
        let mut starts = [0_usize; PARTS + 1];
        for &(key, _) in keys.iter() {
            starts[part(key) + 1] += 1;
        }
        for index in 0..PARTS {
            starts[index + 1] += starts[index];
        }
        let mut sorted = vec![(Key::default(), 0_u32); keys.len()];
        for &(key, row) in keys.iter() {
            let place = &mut starts[part(key)];
            sorted[*place] = (key, row);
            *place += 1;
        }
        *keys = sorted;
    }

    #[inline]
    fn look_up(&self, key: Key, text: &str) -> Option<u32> {
        self.numbered.find(key).or_else(|| self.search(key, text))
    }

    #[inline]
    fn search(&self, key: Key, text: &str) -> Option<u32> {
        self.table
            .find(key.mixed(), |&(known, code)| {
                known == key && (key.is_exact() || self.texts.get(code as usize) == text)
            })
            .map(|&(_, code)| code)
    }

    #[cold]
    fn insert(&mut self, key: Key, text: &str) -> Result<u32, PoolFull> {
        let code = self.texts.push(text)?;
        if self.numbered.insert(key, code) {
            return Ok(code);
        }
        self.table
            .insert_unique(key.mixed(), (key, code), |(key, _)| key.mixed());
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

    /// Forgets all texts and keeps the memory.
    pub fn clear(&mut self) {
        self.table.clear();
        self.texts.clear();
        self.numbered.clear();
        self.recent = [None; RECENT];
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
            ids.clear();
            for text in half {
                ids.push_cell(Cell::of(text));
            }
            let spilled = std::mem::take(&mut ids.spilled);
            together
                .intern_ids(&ids, &spilled, u32::MAX, &mut codes)
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
}
