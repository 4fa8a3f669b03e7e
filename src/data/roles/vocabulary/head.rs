//! Which word of a name the others tell more about, and which thing an id is of.

use super::concept::{Concept, Part, Speech};

/// What is said about a thing: before the thing it is the head in any language (`id_order`, `date commande`).
const ATTRIBUTES: [Concept; 13] = [
    Concept::Id,
    Concept::Date,
    Concept::Clock,
    Concept::Email,
    Concept::Phone,
    Concept::Name,
    Concept::Status,
    Concept::Amount,
    Concept::Price,
    Concept::Quantity,
    Concept::Count,
    Concept::Currency,
    Concept::Text,
];

/// What has ids, dates and names.
const THINGS: [Concept; 16] = [
    Concept::Customer,
    Concept::Order,
    Concept::Item,
    Concept::Product,
    Concept::Purchase,
    Concept::Payment,
    Concept::Delivery,
    Concept::Shipping,
    Concept::Refund,
    Concept::Returned,
    Concept::Seller,
    Concept::Staff,
    Concept::Birth,
    Concept::Created,
    Concept::SignUp,
    Concept::Updated,
];

/// The part that the others tell more about.
pub(super) fn head(parts: &[Part]) -> Option<usize> {
    let noun = |at: &usize| parts[*at].is(Speech::Noun) && parts[*at].main().is_some();
    let link =
        (0..parts.len()).find(|&at| parts[at].is(Speech::Link) && (0..at).any(|at| noun(&at)));
    let within = link.unwrap_or(parts.len());
    let nouns: Vec<usize> = (0..within).filter(noun).collect();
    let (Some(&first), Some(&last)) = (nouns.first(), nouns.last()) else {
        return (0..parts.len())
            .rev()
            .find(|&at| parts[at].main().is_some());
    };
    let main_is =
        |at: usize, wanted: &[Concept]| parts[at].main().is_some_and(|main| wanted.contains(&main));
    let counted = parts[last].speaks(Concept::Count);
    let attribute_first = main_is(first, &ATTRIBUTES)
        && !parts[first].speaks(Concept::Purchase)
        && main_is(last, &THINGS)
        && (!counted || main_is(first, &[Concept::Count]));
    let first_language = begins_with_head(parts);
    // `cliente_id` is as common as `id_cliente`.
    let id_last = main_is(last, &[Concept::Id]) && !(first_language && main_is(first, &ATTRIBUTES));
    if id_last {
        Some(last)
    } else if attribute_first || first_language {
        Some(first)
    } else {
        Some(last)
    }
}

/// Whether the words are of languages that put the head first and of no other.
fn begins_with_head(parts: &[Part]) -> bool {
    let known = || parts.iter().filter_map(|part| part.known.as_ref());
    known().any(|known| known.first && !known.last)
        && !known().any(|known| known.last && !known.first)
}

/// What makes of a thing something that identifies none.
const UNNAMED: [Concept; 5] = [
    Concept::Count,
    Concept::FirstOrLast,
    Concept::Summary,
    Concept::Lifetime,
    Concept::Amount,
];

/// The thing that a name with this head identifies.
pub(super) fn of_id(parts: &[Part], head: usize) -> Option<Concept> {
    let main = parts[head].main()?;
    if main != Concept::Id {
        let bare = [
            Concept::Customer,
            Concept::Order,
            Concept::Item,
            Concept::Product,
        ];
        // The first order and the average basket name none.
        let counted = parts
            .iter()
            .any(|part| UNNAMED.iter().any(|&other| part.speaks(other)));
        return if main == Concept::Line && parts[head].speaks(Concept::Item) {
            Some(Concept::Item)
        } else {
            bare.contains(&main).then_some(main).filter(|_| !counted)
        };
    }
    // Adjectives between do not part an id from its thing; an unknown word does.
    let tells = |at: &usize| {
        let part = &parts[*at];
        !part.silent
            && !part.is(Speech::Link)
            && !part.is(Speech::Adjective)
            && part.main() != Some(Concept::Id)
    };
    let before = (0..head).rev().find(tells);
    let nearest = before.or_else(|| (head + 1..parts.len()).find(tells))?;
    match parts[nearest].main()? {
        Concept::Purchase => Some(Concept::Order),
        Concept::Amount if parts[nearest].speaks(Concept::Purchase) => Some(Concept::Order),
        Concept::Line => Some(Concept::Item),
        thing => (THINGS.contains(&thing) || thing == Concept::Place).then_some(thing),
    }
}
