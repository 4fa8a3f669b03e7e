//! What the words of a header speak of, in many languages.
//!
//! A header is cut into words (`orderItemID`, `Buy Ts`, `Ventes nettes`, `price_usd`), each word or
//! compound speaks of [`Concept`]s, and the last noun of a name weighs most: `order_item_id` is the id of
//! an item, `item_order_id` that of an order.
//!
//! The words stand in `assets/words/headers.ron`, by language; a word of several languages speaks of what
//! it means in each of them. What no table holds is tried as a compound of words that
//! some table holds (`Kundennummer`, `orderdate`, `订单编号`).

mod cut;
mod head;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

pub use cut::words;
use head::{head, of_id};

/// Something a header may speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Concept {
    // Who and which.
    Customer,
    Order,
    Item,
    Product,
    Id,
    Email,
    Phone,
    /// Name of a person, firm or thing.
    Name,
    // When.
    Date,
    /// Bought, ordered, paid, invoiced: the moment of the sale.
    Purchase,
    /// A time of day alone.
    Clock,
    /// Shipped, delivered, picked up, due, estimated.
    Delivery,
    Returned,
    Cancelled,
    Birth,
    /// Launched, released, first sold.
    Launch,
    Updated,
    /// Signed up, registered, joined.
    SignUp,
    /// Expires, ends, valid until.
    Expiry,
    /// Made, added, entered into the system: of an order the moment of the sale, of a customer the sign-up.
    Created,
    // Money.
    /// Amount, total, revenue, sales, value, paid.
    Amount,
    Price,
    /// "Unit", "each", "per piece" beside a price.
    Unit,
    /// Of one line or item.
    Line,
    /// Before something is taken off or added: subtotal.
    Subtotal,
    Tax,
    Shipping,
    Fee,
    Tip,
    Cost,
    Discount,
    Coupon,
    Refund,
    Balance,
    /// List, standard, recommended, compare-at price.
    ListPrice,
    /// Margin, profit, contribution.
    Margin,
    Currency,
    /// An exchange rate, a rate, a per cent.
    Rate,
    Quantity,
    Payment,
    // What became of it.
    Status,
    /// First, last, previous, next.
    FirstOrLast,
    /// Average, mean, median, maximum, score, per month.
    Summary,
    /// Number of, count, how many.
    Count,
    /// Lifetime, total ever, since the beginning, churn, loyalty, recency, frequency, tenure.
    Lifetime,
    // What a customer or product is like: never money, never an order.
    /// Age, gender, income, education, household size…
    Person,
    /// City, country, zip, address, region, state, store, coordinates.
    Place,
    /// Weight, length, height, photos…
    Measure,
    /// Year, month, week, weekday, hour as a number.
    CalendarPart,
    /// Kind, category, brand, group, department, method.
    Category,
    /// Source, campaign, device, website.
    Channel,
    /// Seller, vendor, supplier, manufacturer: not who buys.
    Seller,
    /// Employee, cashier, agent.
    Staff,
    /// Description, note, tags, link.
    Text,
}

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

/// How a word stands in a name: only nouns can be its head where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Speech {
    Noun,
    Adjective,
    /// `of`, `de`, `per`: what follows tells more about the noun before.
    Link,
    /// Articles and the like: as if not there.
    Filler,
}

/// Words that speak of the same: how they stand in a name, what they speak of, and the words, divided by
/// blanks (phrases by `|`).
#[derive(Deserialize)]
struct Row(Speech, Vec<Concept>, String);

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

/// What a word speaks of.
#[derive(Clone, Debug)]
struct Known {
    speech: Speech,
    concepts: Vec<Concept>,
    /// Known in a language whose names begin, or end, with their head.
    first: bool,
    last: bool,
}

impl Known {
    fn plain(speech: Speech, concepts: &[Concept]) -> Self {
        Self {
            speech,
            concepts: concepts.to_vec(),
            first: false,
            last: false,
        }
    }

    fn main(&self) -> Option<Concept> {
        self.concepts.first().copied()
    }
}

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

/// A part of a name.
struct Part {
    /// `None` for a word that no table holds.
    known: Option<Known>,
    /// Says nothing: an article, or digits.
    silent: bool,
}

impl Part {
    fn of(known: Known) -> Self {
        Self {
            silent: known.speech == Speech::Filler,
            known: Some(known),
        }
    }

    fn main(&self) -> Option<Concept> {
        self.known.as_ref().and_then(Known::main)
    }

    fn speaks(&self, concept: Concept) -> bool {
        let known = self.known.as_ref();
        known.is_some_and(|known| known.concepts.contains(&concept))
    }

    fn is(&self, speech: Speech) -> bool {
        self.known
            .as_ref()
            .is_some_and(|known| known.speech == speech)
    }
}

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
