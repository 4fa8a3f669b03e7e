//! Ids that are numbers (`C0000148`, `17850`) → codes, by position instead of by hash.
//!
//! Shops number their customers. A table with the code of each number is four bytes a customer, fits
//! the processor's caches where a hash table does not, and needs no comparison of texts.

use crate::values::keys::{Family, Key};

/// Stands where a number has no code.
const NONE: u32 = u32::MAX;
/// Families that get a table; ids of further ones are left to the hash table.
const MAX_FAMILIES: usize = 8;
/// Numbers up to this one may always stand in a table…
const FREE_NUMBERS: usize = 1 << 12;
/// …and larger ones as long as there are so many of them: widely scattered numbers would waste memory.
const NUMBERS_PER_ID: usize = 16;

/// Codes by family and number. An id that is not found here may still stand elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Numbered {
    tables: Vec<NumberTable>,
    /// The table asked last.
    last: usize,
}

/// The codes of one family.
#[derive(Clone, Debug)]
pub struct NumberTable {
    family: Family,
    ids: usize,
    codes: Vec<u32>,
}

impl NumberTable {
    /// The code of a number, which is `new` if it had none; `None` when it belongs into the hash table.
    #[inline]
    pub fn number(&mut self, number: u32, new: u32) -> Option<u32> {
        let number = number as usize;
        match self.codes.get_mut(number) {
            Some(code) if *code != NONE => return Some(*code),
            Some(code) => *code = new,
            None => {
                let limit = FREE_NUMBERS + NUMBERS_PER_ID * (self.ids + 1);
                if number >= limit {
                    self.ids += 1;
                    return None;
                }
                let length = (number + 1).max(2 * self.codes.len()).min(limit);
                self.codes.resize(length, NONE);
                self.codes[number] = new;
            }
        }
        self.ids += 1;
        Some(new)
    }
}

impl Numbered {
    /// The code of a key, if it stands in a table.
    #[must_use]
    #[inline]
    pub fn find(&self, key: Key) -> Option<u32> {
        let table = self.tables.get(self.last)?;
        let (family, number) = key.numbered()?;
        let table = if table.family == family {
            table
        } else {
            self.tables.iter().find(|table| table.family == family)?
        };
        let code = table.codes.get(number as usize).copied()?;
        (code != NONE).then_some(code)
    }

    /// Appends the codes of many numbers of one family; `unknown` where there is none.
    pub fn find_all(&self, family: Family, numbers: &[u32], unknown: u32, out: &mut Vec<u32>) {
        let table = self.tables.iter().find(|table| table.family == family);
        let codes = table.map_or(&[][..], |table| &table.codes);
        // Codes lie scattered. A loop that does nothing else can wait for many at once.
        let code = |number: &u32| codes.get(*number as usize).copied();
        out.extend(numbers.iter().map(|number| match code(number) {
            Some(code) if code != NONE => code,
            _ => unknown,
        }));
    }

    /// Remembers the code of a new key; false when it belongs into the hash table.
    pub fn insert(&mut self, key: Key, code: u32) -> bool {
        let numbered = key.numbered();
        let table = numbered.and_then(|(family, number)| Some((self.table(family)?, number)));
        table.is_some_and(|(table, number)| table.number(number, code).is_some())
    }

    /// As [`Self::insert`], for keys of families that have a table alone.
    pub fn insert_known(&mut self, key: Key, code: u32) -> bool {
        let numbered = key.numbered();
        numbered.is_some_and(|(family, number)| {
            let mut tables = self.tables.iter_mut();
            let table = tables.find(|table| table.family == family);
            table.is_some_and(|table| table.number(number, code).is_some())
        })
    }

    /// The table of a family, new or known; `None` when its ids belong into the hash table.
    pub fn table(&mut self, family: Family) -> Option<&mut NumberTable> {
        let known = self.tables.iter().position(|table| table.family == family);
        self.last = match known {
            Some(at) => at,
            None if self.tables.len() == MAX_FAMILIES => return None,
            None => {
                self.tables.push(NumberTable {
                    family,
                    ids: 0,
                    codes: Vec::new(),
                });
                self.tables.len() - 1
            }
        };
        self.tables.get_mut(self.last)
    }

    /// The codes in the order of the numbers, when all are of one family.
    #[must_use]
    pub fn in_order(&self) -> Option<impl Iterator<Item = u32>> {
        match self.tables.as_slice() {
            [table] => Some(table.codes.iter().copied().filter(|&code| code != NONE)),
            _ => None,
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.tables.clear();
        self.last = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::of(text.as_bytes())
    }

    #[test]
    fn codes_by_family_and_number() {
        let mut numbered = Numbered::default();
        assert_eq!(numbered.find(key("C1")), None);
        for (code, text) in ["C1", "C2", "7", "007", "D2"].into_iter().enumerate() {
            assert!(numbered.insert(key(text), code as u32));
        }
        for (code, text) in ["C1", "C2", "7", "007", "D2"].into_iter().enumerate() {
            assert_eq!(numbered.find(key(text)), Some(code as u32), "{text}");
        }
        let mut found = vec![8];
        let (family, _) = key("C1").numbered().unwrap();
        numbered.find_all(family, &[2, 0, 1, 70_000], 99, &mut found);
        assert_eq!(found, [8, 1, 99, 0, 99]);
        for unknown in ["C3", "C01", "07", "x", "", "E1"] {
            assert_eq!(numbered.find(key(unknown)), None, "{unknown}");
        }
        assert!(!numbered.insert(key("x"), 9));
    }

    #[test]
    fn scattered_numbers_are_left_out() {
        let mut numbered = Numbered::default();
        assert!(!numbered.insert(key("9000000"), 0));
        assert_eq!(numbered.find(key("9000000")), None);
        assert!(numbered.insert(key("0000001"), 1));
    }
}
