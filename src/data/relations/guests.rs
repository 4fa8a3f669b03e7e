//! Who buys without an account: known by an e-mail address or a telephone number.

use hashbrown::{HashMap, HashSet};
use polars::prelude::StringChunked;

use crate::values::{dates, missing, text};

/// Ids without the words and the zero that stand for everybody without an account.
#[must_use]
pub fn without_guests(ids: &StringChunked, contacts: &StringChunked) -> StringChunked {
    let pairs = || ids.iter().zip(contacts.iter());
    let zeros = pairs().filter(|(id, contact)| *id == Some("0") && contact.is_some());
    // Zero may be the first customer's number; nobody has several addresses.
    let zeros: HashSet<_> = zeros.map(|(_, contact)| contact).collect();
    let zero = zeros.len() > 1 || ids.iter().filter(|id| *id == Some("0")).count() == 1;
    let known = |id: &&str| !(missing::is_guest(id) || *id == "0" && zero);
    let all_zero = || ids.iter().flatten().all(|id| id == "0");
    if zeros.is_empty() && !ids.iter().flatten().any(missing::is_guest) || all_zero() {
        return ids.clone();
    }
    ids.iter().map(|id| id.filter(known)).collect()
}

/// Who is behind each address: the customer who has it in an account, or else the address itself.
#[must_use]
pub fn owners(ids: &StringChunked, contacts: &StringChunked) -> StringChunked {
    let mut accounts = HashMap::<&str, Option<&str>>::new();
    for (id, contact) in ids.iter().zip(contacts.iter()) {
        if let (Some(id), Some(contact)) = (id, contact) {
            let known = accounts.entry(contact).or_insert(Some(id));
            // A family may share an address.
            if *known != Some(id) {
                *known = None;
            }
        }
    }
    let owner = |contact: &str| accounts.get(contact).copied().flatten().map(str::to_owned);
    let owned = contacts
        .iter()
        .map(|contact| contact.map(|contact| owner(contact).unwrap_or_else(|| contact.to_owned())));
    owned.collect()
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

    fn column(cells: &[&str]) -> StringChunked {
        let filled = |cell: &&str| (!cell.is_empty()).then(|| (*cell).to_owned());
        cells.iter().map(filled).collect()
    }

    #[test]
    fn an_address_leads_to_its_account() {
        let ids = column(&["77", "", "", "78", "79", ""]);
        let contacts = column(&[
            "ann@x.org",
            "ann@x.org",
            "bob@x.org",
            "fam@x.org",
            "fam@x.org",
            "fam@x.org",
        ]);
        let found = owners(&ids, &contacts);
        let found: Vec<_> = found.iter().flatten().collect();
        // A family's address is nobody's.
        assert_eq!(found[..3], ["77", "77", "bob@x.org"]);
        assert_eq!(found[5], "fam@x.org");
    }

    #[test]
    fn words_and_zeros_are_nobody() {
        let contacts = column(&["a@x.org", "b@x.org", "c@x.org", ""]);
        let known = |ids: &[&str]| {
            let ids = without_guests(&column(ids), &contacts);
            ids.iter()
                .map(|id| id.unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(known(&["7", "0", "0", "8"]), ["7", "", "", "8"]);
        assert_eq!(known(&["7", "Guest", "8", "guest"]), ["7", "", "8", ""]);
        assert_eq!(known(&["7", "8", "9", "10"]), ["7", "8", "9", "10"]);
    }
}
