//! What the words of a header speak of, in many languages.
//!
//! A header is cut into words (`orderItemID`, `Buy Ts`, `Ventes nettes`, `price_usd`), each word or
//! compound speaks of [`Concept`]s, and the last noun of a name weighs most: `order_item_id` is the id of
//! an item, `item_order_id` that of an order.
//!
//! The words stand in `assets/words/headers.ron`, by language; a word of several languages speaks of what
//! it means in each of them. What no table holds is tried as a compound of words that
//! some table holds (`Kundennummer`, `orderdate`, `订单编号`).

pub mod concept;
mod cut;
mod head;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use self::concept::{Concept, Known, Part, Speech};
pub use cut::words;
use head::{head, of_id};

/// Words that speak of the same: how they stand in a name, what they speak of, and the words, divided by
/// blanks (phrases by `|`).
#[derive(Deserialize)]
struct Row(Speech, Vec<Concept>, String);

/// What a header speaks of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spoken {
    /// Concepts of its words, in their order; a word may speak of several.
    pub concepts: Vec<Concept>,
    /// The concepts of its head word: the last noun in English and German (`Kundennummer`), the first
    /// in French, Spanish, Portuguese and Italian (`numéro de commande`). What the word is first of all
    /// stands first.
    pub head: Vec<Concept>,
    /// The thing that an id or number is of, or that the name as a whole stands for: `order_item_order_id`
    /// → `Order`, `Invoice` → `Order`, `SKU` → `Product`, `customer_email` and `id` → `None`.
    pub of_id: Option<Concept>,
    /// Words that speak of nothing known.
    pub unknown: usize,
}

impl Spoken {
    #[must_use]
    pub fn has(&self, concept: Concept) -> bool {
        self.concepts.contains(&concept)
    }

    #[must_use]
    pub fn any(&self, concepts: &[Concept]) -> bool {
        concepts.iter().any(|concept| self.has(*concept))
    }

    /// What the head word is first of all.
    #[must_use]
    pub fn is(&self, concept: Concept) -> bool {
        self.head.first() == Some(&concept)
    }
}

/// Where the head of a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Head {
    First,
    Last,
}

#[derive(Deserialize)]
struct Language {
    head: Head,
    rows: Vec<Row>,
}

/// All words, as `assets/words/headers.ron` holds them.
#[derive(Deserialize)]
struct Tables {
    languages: Vec<Language>,
    phrases: Vec<Row>,
    /// Divided by blanks, as the fillers are.
    links: String,
    fillers: String,
}

#[allow(
    clippy::expect_used,
    reason = "the file is compiled in, and a test reads it"
)]
static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let text = include_str!("../../../assets/words/headers.ron");
    ron::from_str(text).expect("assets/words/headers.ron")
});

/// Behind a word of doing they stand for a date: `created_at`, `Bestellt am`, `Payé le`.
const WHEN: [&str; 8] = ["at", "on", "am", "op", "le", "el", "il", "den"];

/// Words for an id that before several things, or before "of", count them.
const NUMBERS: [&str; 9] = [
    "num", "number", "no", "nr", "nbr", "numb", "numero", "#", "n",
];

/// Two letters that are parts of compounds; other parts have three.
const SHORT_PARTS: [&str; 14] = [
    "id", "no", "nr", "dt", "ts", "at", "on", "am", "of", "de", "do", "da", "di", "du",
];

/// Every word, and every phrase with single blanks.
static WORDS: LazyLock<HashMap<&'static str, Known>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, Known> = HashMap::new();
    for Language { head, rows, .. } in &TABLES.languages {
        for Row(speech, concepts, list) in rows {
            for word in list.split(' ') {
                let known = words
                    .entry(word)
                    .or_insert_with(|| Known::plain(*speech, &[]));
                for concept in concepts {
                    if !known.concepts.contains(concept) {
                        known.concepts.push(*concept);
                    }
                }
                known.first |= *head == Head::First;
                known.last |= *head == Head::Last;
            }
        }
    }
    for Row(speech, concepts, list) in &TABLES.phrases {
        for phrase in list.split('|') {
            words.insert(phrase, Known::plain(*speech, concepts));
        }
    }
    for (word, concept) in [("#", Concept::Id), ("n", Concept::Id), ("%", Concept::Rate)] {
        words.insert(word, Known::plain(Speech::Noun, &[concept]));
    }
    for (speech, list) in [
        (Speech::Link, &TABLES.links),
        (Speech::Filler, &TABLES.fillers),
    ] {
        for word in list.split(' ') {
            words
                .entry(word)
                .or_insert_with(|| Known::plain(speech, &[]));
        }
    }
    words
});

/// Most words of a phrase.
const LONGEST_PHRASE: usize = 4;

/// What a header speaks of.
#[must_use]
pub fn spoken(name: &str) -> Spoken {
    let words = words(name);
    let parts = parts(&words);
    let mut concepts = Vec::new();
    for known in parts.iter().filter_map(|part| part.known.as_ref()) {
        concepts.extend_from_slice(&known.concepts);
    }
    let head = head(&parts);
    let unknown = parts
        .iter()
        .filter(|part| part.known.is_none() && !part.silent);
    Spoken {
        unknown: unknown.count(),
        of_id: head.and_then(|head| of_id(&parts, head)),
        head: head
            .and_then(|head| parts[head].known.as_ref())
            .map(|known| known.concepts.clone())
            .unwrap_or_default(),
        concepts,
    }
}

/// The parts of a name: phrases before words, words before parts of words.
fn parts(words: &[String]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = words;
    while let Some((word, behind)) = rest.split_first() {
        let longest = rest.len().min(LONGEST_PHRASE);
        let phrase = (2..=longest).rev().find_map(|length| {
            let known = WORDS.get(rest[..length].join(" ").as_str())?;
            Some((length, known.clone()))
        });
        if let Some((length, known)) = phrase {
            parts.push(Part::of(known));
            rest = &rest[length..];
            continue;
        }
        rest = behind;
        if behind.is_empty() && !parts.is_empty() && WHEN.contains(&word.as_str()) {
            parts.push(Part::of(Known::plain(Speech::Noun, &[Concept::Date])));
        } else if NUMBERS.contains(&word.as_str()) && counts(behind) {
            parts.push(Part::of(Known::plain(Speech::Noun, &[Concept::Count])));
        } else {
            push_parts(word, &mut parts);
        }
    }
    parts
}

/// Whether a number before these words says how many there are.
fn counts(behind: &[String]) -> bool {
    let Some(next) = behind.first() else {
        return false;
    };
    let many = WORDS.get(next.as_str());
    next == "of" || many.is_some_and(|known| known.concepts.contains(&Concept::Count))
}

fn push_parts(word: &str, parts: &mut Vec<Part>) {
    if let Some(known) = WORDS.get(word) {
        parts.push(Part::of(known.clone()));
    } else if let Some(split) = split(word) {
        let last = split.len() - 1;
        for (at, part) in split.into_iter().enumerate() {
            let known = if at == last && at > 0 && WHEN.contains(&part) {
                Some(Known::plain(Speech::Noun, &[Concept::Date]))
            } else {
                WORDS.get(part).cloned()
            };
            parts.extend(known.map(Part::of));
        }
    } else {
        let singular = word.strip_suffix('s').filter(|_| word.len() > 4);
        let mut known = singular.and_then(|word| WORDS.get(word)).cloned();
        if let Some(known) = &mut known {
            known.concepts.push(Concept::Count);
        }
        let silent = word.bytes().all(|byte| byte.is_ascii_digit());
        parts.push(Part { known, silent });
    }
}

/// The fewest known words that make up a compound; an `s` may join them (`Bestellungsnummer`).
fn split(word: &str) -> Option<Vec<&str>> {
    // For every place the number of parts up to it, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; word.len() + 1];
    best[0] = Some((0, 0));
    for end in (1..=word.len()).filter(|&end| word.is_char_boundary(end)) {
        for start in (0..end).filter(|&start| word.is_char_boundary(start)) {
            let Some((parts, _)) = best[start] else {
                continue;
            };
            let part = &word[start..end];
            let joins = part == "s" && start > 0 && end < word.len();
            let fits = part.len() >= 3 || SHORT_PARTS.contains(&part);
            let better = best[end].is_none_or(|(known, _)| parts + 1 < known);
            if better && (joins || fits && WORDS.contains_key(part)) {
                best[end] = Some((parts + 1, start));
            }
        }
    }
    let mut found = Vec::new();
    let mut end = word.len();
    while end > 0 {
        let (_, start) = best[end]?;
        found.push(&word[start..end]);
        end = start;
    }
    found.reverse();
    // Links alone make no compound.
    let speaks = |part: &&str| {
        WORDS
            .get(part)
            .is_some_and(|known| !known.concepts.is_empty())
    };
    found.iter().any(speaks).then_some(found)
}
