//! Real headers and what they speak of.

use super::*;

/// Real headers, and what they speak of.
const HEADERS: &str = include_str!("../../../../tests/words/headers.txt");

fn name(concept: Option<Concept>) -> String {
    concept.map_or_else(|| "-".to_owned(), |concept| format!("{concept:?}"))
}

/// What is wrong with what a line of [`HEADERS`] says, if anything.
fn contradiction(line: &str) -> Option<String> {
    let fields: Vec<&str> = line.rsplitn(3, '|').map(str::trim).collect();
    let [of, concepts, header] = fields[..] else {
        return Some(format!("not three fields: {line}"));
    };
    let spoken = spoken(header);
    let mut wanted = concepts.split(' ');
    let head = wanted.next().unwrap_or("-");
    let has = |wanted: &str| {
        spoken
            .concepts
            .iter()
            .any(|has| format!("{has:?}") == wanted)
    };
    let right = (head == "-" || name(spoken.head.first().copied()) == head)
        && wanted.all(has)
        && name(spoken.of_id) == of;
    (!right).then(|| format!("{line}  got {spoken:?} of {:?}", words(header)))
}

#[test]
fn real_headers_are_understood() {
    let lines: Vec<&str> = HEADERS.lines().filter(|line| line.contains('|')).collect();
    assert!(lines.len() >= 250, "{} headers", lines.len());
    let wrong: Vec<String> = lines
        .iter()
        .filter_map(|line| contradiction(line))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_cut_into_words() {
    for (name, expected) in [
        ("orderItemID", "order item id"),
        ("customerIDs", "customer ids"),
        ("IDNumber", "id number"),
        ("Buy Ts", "buy ts"),
        ("price_usd", "price usd"),
        ("Prix d'achat (€)", "prix d achat"),
        ("LTV_12m", "ltv 12m"),
        ("address2", "address 2"),
        ("1st order", "1st order"),
        ("2024Orders", "2024 orders"),
        ("B2B", "b2b"),
        ("N° commande", "no commande"),
        ("№ заказа", "no заказа"),
        ("Order #", "order #"),
        ("Größe", "grosse"),
        ("Beställningsdatum", "bestallningsdatum"),
        ("Fac\u{327}ade", "facade"),
        ("İndirim", "indirim"),
        ("顧客ID", "顧客 id"),
        ("ＩＤ", "id"),
        ("", ""),
        (" -- ", ""),
    ] {
        assert_eq!(words(name).join(" "), expected, "{name}");
    }
}

#[test]
fn tables_hold_folded_words() {
    for language in &TABLES.languages {
        for Row(_, _, list) in &language.rows {
            for word in list.split(' ') {
                assert_eq!(words(word), [word], "in `{list}`");
            }
        }
    }
    for Row(_, _, list) in &TABLES.phrases {
        for phrase in list.split('|') {
            assert_eq!(words(phrase).join(" "), phrase);
            assert!(phrase.split(' ').count() <= LONGEST_PHRASE);
        }
    }
}

#[test]
fn unknown_words_are_counted() {
    assert_eq!(spoken("xyzzy plugh").unknown, 2);
    assert_eq!(spoken("customer of the shop 7").unknown, 0);
    assert_eq!(spoken("").concepts, []);
    assert_eq!(spoken("statement notes_x").head, [Concept::Text]);
}

proptest::proptest! {
    #[test]
    fn any_name_is_read(name in ".{0,40}") {
        let spoken = spoken(&name);
        assert!(spoken.head.iter().all(|concept| spoken.has(*concept)));
        assert!(words(&name).iter().all(|word| !word.is_empty()));
    }
}
