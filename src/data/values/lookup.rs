//! Ids of joined tables → numbers: an id that is 32 hexadecimal digits is looked up as a number.

use hashbrown::HashTable;

use crate::{data::orders::PoolFull, data::values::intern::Interner};

/// Distinct ids; each has a number, ascending in the order in which they first came.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    /// Ids such as `e481f51cbdc54678b7cc49136f2d6af7`, and their numbers.
    hexadecimal: HashTable<(u128, u32)>,
    /// Any other, and the number of each.
    other: Interner,
    numbers: Vec<u32>,
    next: u32,
}

impl Lookup {
    /// Makes room for so many ids, going by how the first one looks.
    pub fn reserve(&mut self, ids: usize, first: &str) {
        if hexadecimal(first).is_some() {
            self.hexadecimal.reserve(ids, |(id, _)| mixed(*id));
        }
    }

    /// The number of an id, new or known.
    ///
    /// # Errors
    /// [`PoolFull`] when there are more than 4 G ids, or 4 GiB of them.
    #[inline]
    pub fn number(&mut self, id: &str) -> Result<u32, PoolFull> {
        let new = self.next;
        let found = if let Some(id) = hexadecimal(id) {
            let entry = self.hexadecimal.entry(
                mixed(id),
                |(known, _)| *known == id,
                |(known, _)| mixed(*known),
            );
            entry.or_insert((id, new)).get().1
        } else {
            let at = self.other.intern(id)? as usize;
            if at == self.numbers.len() {
                self.numbers.push(new);
            }
            self.numbers[at]
        };
        if found == new {
            self.next = new.checked_add(1).ok_or(PoolFull)?;
        }
        Ok(found)
    }

    /// The number of a known id.
    #[must_use]
    #[inline]
    pub fn find(&self, id: &str) -> Option<usize> {
        let number = match hexadecimal(id) {
            Some(id) => {
                let found = self.hexadecimal.find(mixed(id), |(known, _)| *known == id);
                found.map(|(_, number)| *number)
            }
            None => self.other.find(id).map(|at| self.numbers[at as usize]),
        };
        number.map(|number| number as usize)
    }

    /// How many ids there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.next as usize
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.next == 0
    }
}

fn mixed(id: u128) -> u64 {
    let product = u128::from(id as u64 ^ 0x9E37_79B9_7F4A_7C15)
        * u128::from((id >> 64) as u64 ^ 0xA076_1D64_78BD_642F);
    (product as u64) ^ ((product >> 64) as u64)
}

/// A text of exactly 32 lower-case hexadecimal digits as a number that no other such text has.
#[inline]
fn hexadecimal(text: &str) -> Option<u128> {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let words: &[[u8; 8]; 4] = words.try_into().ok()?;
    if !rest.is_empty() {
        return None;
    }
    let mut number = 0;
    for word in words {
        number = number << 32 | u128::from(eight_digits(u64::from_le_bytes(*word))?);
    }
    Some(number)
}

const EACH: u64 = 0x0101_0101_0101_0101;

/// Eight hexadecimal digits, one in each byte, as 32 bits; `None` when one is something else.
#[inline]
fn eight_digits(word: u64) -> Option<u32> {
    // Letters have the bit of 64, digits do not.
    let letters = word >> 6 & EACH;
    let values = (word & (0x0F * EACH)) + 9 * letters;
    let spelled = values + 0x30 * EACH + 0x27 * letters;
    let from_ten = (values + 6 * EACH) >> 4 & EACH;
    if spelled != word || from_ten != letters || values & (0x10 * EACH) != 0 {
        return None;
    }
    let pairs = (values | values >> 4) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF;
    Some((fours | fours >> 16) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_by_first_appearance_whatever_an_id_looks_like() {
        let hex = "e481f51cbdc54678b7cc49136f2d6af7";
        let upper = hex.to_uppercase();
        let ids = [
            hex,
            "7",
            &upper,
            hex,
            "",
            "7",
            "a long id that is no number",
        ];
        let mut lookup = Lookup::default();
        let numbers: Vec<u32> = ids.iter().map(|id| lookup.number(id).unwrap()).collect();
        assert_eq!(numbers, [0, 1, 2, 0, 3, 1, 4]);
        assert_eq!((lookup.len(), lookup.find(&upper)), (5, Some(2)));
        assert_eq!(lookup.find("e481f51cbdc54678b7cc49136f2d6af8"), None);
    }

    #[test]
    fn only_lower_case_digits_count_as_hexadecimal() {
        let zeros = "0".repeat(32);
        for byte in 0..=127_u8 {
            for at in [0, 7, 8, 31] {
                let mut text = zeros.clone().into_bytes();
                text[at] = byte;
                let text = String::from_utf8(text).unwrap();
                let is_digit = byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                assert_eq!(hexadecimal(&text).is_some(), is_digit, "{text}");
            }
        }
        assert_eq!(hexadecimal(&zeros[1..]), None);
        assert_eq!(hexadecimal(&"é".repeat(16)), None);
        let different: std::collections::BTreeSet<u128> = (0..32)
            .flat_map(|at| {
                let digit = move |digit: char| {
                    let mut text = "0".repeat(32);
                    text.replace_range(at..=at, &digit.to_string());
                    hexadecimal(&text).unwrap()
                };
                ['1', '9', 'a', 'f'].map(digit)
            })
            .collect();
        assert_eq!(different.len(), 32 * 4);
    }
}
