//! Looking for words in all pages: the sentences that hold every one of them.

use std::sync::OnceLock;

use super::{
    Place,
    blocks::{Block, plain},
    pages,
};

/// Answers given at most.
const MOST: usize = 60;

/// A sentence, a row of a table or a line of code that can be found.
#[derive(Debug)]
struct Passage {
    place: Place,
    block: usize,
    /// Of a table.
    row: Option<usize>,
    heading: bool,
    text: String,
    lower: String,
    /// The titles above it, which may hold some of the words.
    titles: String,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub place: Place,
    /// Number of the block it stands in.
    pub block: usize,
    /// Number of the row, where the block is a table.
    pub row: Option<usize>,
    pub sentence: String,
}

/// The words of a query as they are looked for.
#[must_use]
pub fn words(query: &str) -> Vec<String> {
    let words = query.split_whitespace();
    words.map(str::to_lowercase).collect()
}

/// Where `word` begins in `lower`, at the start of a word only: "rate" is not found in "separate".
pub fn starts<'a>(lower: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let matches = lower.match_indices(word);
    matches.map(|(at, _)| at).filter(move |&at| {
        let before = lower[..at].chars().next_back();
        let inside = before.is_some_and(char::is_alphanumeric);
        !(inside && word.starts_with(char::is_alphanumeric))
    })
}

/// Sentences with every word of the query: headings first, then those with the words in a row, last those
/// that leave some of the words to the titles above them.
#[must_use]
pub fn search(query: &str) -> Vec<Found> {
    let words = words(query);
    if words.is_empty() {
        return Vec::new();
    }
    let phrase = words.join(" ");
    let mut found: Vec<(u8, &Passage)> = passages()
        .iter()
        .filter_map(|passage| {
            let has = |text: &str, word: &str| starts(text, word).next().is_some();
            let own = words.iter().filter(|word| has(&passage.lower, word));
            let own = own.count();
            let mut everywhere = words.iter();
            let all =
                everywhere.all(|word| has(&passage.lower, word) || has(&passage.titles, word));
            let together = words.len() > 1 && passage.lower.contains(&phrase);
            let rank = u8::from(own < words.len()) * 4
                + u8::from(!passage.heading) * 2
                + u8::from(!together);
            (all && own > 0).then_some((rank, passage))
        })
        .collect();
    found.sort_by_key(|&(rank, _)| rank);
    let found = found.into_iter().take(MOST);
    found
        .map(|(_, passage)| Found {
            place: passage.place,
            block: passage.block,
            row: passage.row,
            sentence: passage.text.clone(),
        })
        .collect()
}

fn passages() -> &'static [Passage] {
    static PASSAGES: OnceLock<Vec<Passage>> = OnceLock::new();
    PASSAGES.get_or_init(|| {
        let mut all = Vec::new();
        for (page, read) in pages().iter().enumerate() {
            let mut section = 0;
            for (block, content) in read.blocks.iter().enumerate() {
                let begins = read.sections.iter().position(|known| known.block == block);
                section = begins.unwrap_or(section);
                let heading = matches!(content, Block::Heading { .. });
                let table = matches!(content, Block::Table { .. });
                let titles = format!("{} {}", read.title, read.sections[section].title);
                let sentences = sentences(content).into_iter().enumerate();
                all.extend(sentences.map(|(number, text)| Passage {
                    place: Place { page, section },
                    block,
                    row: table.then_some(number),
                    heading,
                    lower: text.to_lowercase(),
                    text,
                    titles: titles.to_lowercase(),
                }));
            }
        }
        all
    })
}

/// What of a block is found and shown at once.
fn sentences(block: &Block) -> Vec<String> {
    match block {
        Block::Heading { spans, .. } => vec![plain(spans)],
        Block::Paragraph(spans) | Block::Item { spans, .. } => divided(&plain(spans)),
        Block::Code(code) => {
            let lines = code.lines().map(str::trim);
            lines
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect()
        }
        Block::Table { rows, .. } => {
            let rows = rows.iter();
            rows.map(|row| {
                let cells: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
                cells.join(" — ")
            })
            .collect()
        }
    }
}

/// A paragraph's sentences: they end with a stop before a capital letter.
fn divided(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(". ") {
        let next = text[at + 2..].chars().next();
        if next.is_some_and(|next| next.is_uppercase() || next == '*') {
            found.push(text[from..=at].to_owned());
            from = at + 2;
        }
    }
    found.push(text[from..].to_owned());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_before_capital_letters() {
        assert_eq!(
            divided("One e.g. two. Three 0.5. Four"),
            ["One e.g. two.", "Three 0.5.", "Four"]
        );
    }

    #[test]
    fn words_are_found_at_their_start() {
        assert_eq!(starts("separate rate", "rate").collect::<Vec<_>>(), [9]);
        assert_eq!(starts("bg/nbd --answer", "nbd").count(), 1);
        assert_eq!(starts("bg/nbd --answer", "--answer").count(), 1);
    }

    #[test]
    fn every_word_must_be_there_and_headings_come_first() {
        let found = search("retention");
        assert!(found.len() > 3, "{found:?}");
        assert_eq!(found[0].sentence, "Retention");
        assert_eq!(found[0].place.page().name, "definitions");
        assert_eq!(search("verdict mostly leakage")[0].row, Some(2));
        for answer in search("cut point").iter().take(5) {
            let lower = answer.sentence.to_lowercase();
            assert!(lower.contains("cut") && lower.contains("point"));
        }
        assert!(search("xyzzy").is_empty() && search("  ").is_empty());
    }
}
