//! First and last names in two columns, which name a customer where nothing else does.

use super::{facts::Facts, vocabulary};

const GIVEN: &str = "firstname fname forename givenname vorname prenom voornaam nombre nome fornamn fornavn imie \
    etunimi jmeno имя";
const FAMILY: &str = "lastname lname surname familyname nachname familienname zuname nom nomdefamille achternaam \
    apellido apellidos sobrenome cognome efternamn efternavn nazwisko sukunimi prijmeni фамилия";
/// What may stand before both: people that are no customers have first names too.
const OF_CUSTOMERS: &str =
    "customer client buyer billing billto bill kunde kunden rechnung user contact";

/// The columns of first and of last names, by the words of all headers.
pub(super) fn find(words: &[Vec<String>], facts: &[Facts]) -> Option<(usize, usize)> {
    let names = |at: &usize| facts[*at].letters >= 0.9 && facts[*at].fill() >= 0.9;
    let all = || (0..words.len()).filter(names);
    all().find_map(|given| {
        let before = before(&words[given], GIVEN)?;
        let of_customers = before.is_empty() || has(OF_CUSTOMERS, &before.concat());
        let family = |at: &usize| self::before(&words[*at], FAMILY) == Some(before);
        of_customers.then(|| Some((given, all().find(family)?)))?
    })
}

/// Whether a column of this name holds the first names of customers.
#[must_use]
pub fn is_given_name(header: &str) -> bool {
    is_name(header, GIVEN)
}

/// Whether a column of this name holds the last names of customers.
#[must_use]
pub fn is_family_name(header: &str) -> bool {
    is_name(header, FAMILY)
}

fn is_name(header: &str, kind: &str) -> bool {
    let words = vocabulary::words(header);
    let before = before(&words, kind);
    before.is_some_and(|before| before.is_empty() || has(OF_CUSTOMERS, &before.concat()))
}

fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// The words before a name of this kind, with which a header must end.
fn before<'a>(words: &'a [String], kind: &str) -> Option<&'a [String]> {
    let mut cuts = (0..words.len()).map(|at| words.split_at(at));
    cuts.find_map(|(before, name)| has(kind, &name.concat()).then_some(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_names_belong_together() {
        let facts = Facts {
            rows: 1,
            filled: 1,
            letters: 1.0,
            ..Facts::default()
        };
        let found = |headers: &[&str]| {
            let words: Vec<_> = headers.iter().map(|name| vocabulary::words(name)).collect();
            find(&words, &vec![facts.clone(); headers.len()])
        };
        for headers in [
            ["First Name", "Last Name"],
            ["fname", "lname"],
            ["FirstName", "LastName"],
            ["Vorname", "Nachname"],
            ["Prénom", "Nom"],
            ["billing_first_name", "billing_last_name"],
            ["Customer Forename", "Customer Surname"],
        ] {
            assert_eq!(found(&headers), Some((0, 1)), "{headers:?}");
        }
        assert_eq!(found(&["Author First Name", "Author Last Name"]), None);
        assert_eq!(found(&["First Name", "Billing Last Name"]), None);
        assert_eq!(found(&["Nom", "Nombre"]), Some((1, 0)));
    }
}
