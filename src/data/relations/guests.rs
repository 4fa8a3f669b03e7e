//! Who buys without an account: known by an e-mail address or a telephone number.

use hashbrown::{HashMap, HashSet};

use super::frames::{NOBODY, either};
use crate::values::{dates, intern::Interner, missing, text};

/// Ids without the words and the zero that stand for everybody without an account.
#[must_use]
pub fn without_guests(ids: &[u32], contacts: &[u32], texts: &Interner) -> Vec<u32> {
    let zero = texts.find("0").unwrap_or(NOBODY);
    let is_zero = |id: u32| id == zero && id != NOBODY;
    let pairs = ids.iter().zip(contacts);
    let zeros = pairs.filter(|(id, contact)| is_zero(**id) && **contact != NOBODY);
    // Zero may be the first customer's number; nobody has several addresses.
    let zeros: HashSet<u32> = zeros.map(|(_, contact)| *contact).collect();
    let alone = zeros.len() > 1 || ids.iter().filter(|id| is_zero(**id)).count() == 1;
    let mut filled = ids.iter().filter(|id| **id != NOBODY);
    if filled.all(|id| is_zero(*id)) {
        return ids.to_vec();
    }
    let guests = texts.texts().iter().map(missing::is_guest);
    let guests: Vec<bool> = guests.collect();
    let nobody = |id: u32| {
        let named = guests.get(id as usize).is_some_and(|guest| *guest);
        named || is_zero(id) && alone
    };
    if zeros.is_empty() && !ids.iter().any(|id| guests.get(*id as usize) == Some(&true)) {
        return ids.to_vec();
    }
    let known = |&id: &u32| if nobody(id) { NOBODY } else { id };
    ids.iter().map(known).collect()
}

/// Who is behind each address: the customer who has it in an account, or else the address itself.
#[must_use]
pub fn owners(ids: &[u32], contacts: &[u32]) -> Vec<u32> {
    let mut accounts = HashMap::<u32, u32>::new();
    for (&id, &contact) in ids.iter().zip(contacts) {
        if id != NOBODY && contact != NOBODY {
            let known = accounts.entry(contact).or_insert(id);
            // A family may share an address.
            if *known != id {
                *known = NOBODY;
            }
        }
    }
    let owner = |contact: &u32| accounts.get(contact).copied().unwrap_or(NOBODY);
    let owners: Vec<u32> = contacts.iter().map(owner).collect();
    either(&owners, contacts)
}

/// An e-mail address or telephone number as an id.
#[must_use]
pub fn contact(cell: &str) -> Option<String> {
    let cell = text::trim(cell);
    if dates::is_missing(cell) {
        return None;
    }
    if cell.contains('@') {
        return Some(cell.to_lowercase());
    }
    let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 6).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(texts: &mut Interner, cells: &[&str]) -> Vec<u32> {
        let number = |cell: &&str| match *cell {
            "" => NOBODY,
            cell => texts.intern(cell).unwrap(),
        };
        cells.iter().map(number).collect()
    }

    #[test]
    fn an_address_leads_to_its_account() {
        let mut texts = Interner::default();
        let ids = numbers(&mut texts, &["77", "", "", "78", "79", ""]);
        let (ann, bob, fam) = ("ann@x.org", "bob@x.org", "fam@x.org");
        let contacts = numbers(&mut texts, &[ann, ann, bob, fam, fam, fam]);
        let expected = numbers(&mut texts, &["77", "77", bob]);
        let found = owners(&ids, &contacts);
        // A family's address is nobody's.
        assert_eq!((&found[..3], found[5]), (&expected[..], contacts[5]));
    }

    #[test]
    fn words_and_zeros_are_nobody() {
        let known = |cells: &[&str]| {
            let mut texts = Interner::default();
            let contacts = numbers(&mut texts, &["a@x.org", "b@x.org", "c@x.org", ""]);
            let ids = numbers(&mut texts, cells);
            let known = without_guests(&ids, &contacts, &texts).into_iter();
            known
                .map(|id| texts.texts().get(id as usize).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(known(&["7", "0", "0", "8"]), ["7", "", "", "8"]);
        assert_eq!(known(&["7", "Guest", "8", "guest"]), ["7", "", "8", ""]);
        assert_eq!(known(&["7", "8", "9", "10"]), ["7", "8", "9", "10"]);
    }
}
