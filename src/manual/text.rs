//! A page as plain text, for a terminal.

use super::{
    Place,
    blocks::{Block, Span, Spans, plain},
    pages,
};

/// Longest line.
const WIDTH: usize = 88;

/// A page, or the section of it that `place` names, as plain text.
#[must_use]
pub fn printed(place: Place) -> String {
    let (page, section) = (place.page(), place.section());
    let ends = |block: &Block| match block {
        Block::Heading { level, .. } => *level <= section.level,
        _ => false,
    };
    let rest = &page.blocks[section.block..];
    let length = match rest.iter().skip(1).position(ends) {
        Some(length) if !section.id.is_empty() => length + 1,
        _ => rest.len(),
    };
    let mut out = String::new();
    let mut before: Option<&Block> = None;
    for block in &rest[..length] {
        let lists = matches!(
            (before, block),
            (Some(Block::Item { .. }), Block::Item { .. })
        );
        if before.is_some() && !lists {
            out.push('\n');
        }
        print(block, &mut out);
        before = Some(block);
    }
    out
}

/// The list of pages, each with its sections.
#[must_use]
pub fn contents() -> String {
    let mut out = String::new();
    let longest = pages().iter().map(|page| page.name.len()).max();
    let indent = longest.unwrap_or(0) + 2;
    for page in pages() {
        let pad = " ".repeat(indent - page.name.len());
        let first = format!("{}{pad}{}", page.name, page.about);
        wrap(&first, Lead::hanging(indent), &mut out);
    }
    out
}

fn print(block: &Block, out: &mut String) {
    match block {
        Block::Heading { level, spans } => {
            let title = plain(spans);
            let line = if *level == 1 { "=" } else { "-" };
            out.push_str(&title);
            out.push('\n');
            if *level < 3 {
                out.push_str(&line.repeat(title.chars().count()));
                out.push('\n');
            }
        }
        Block::Paragraph(spans) => wrap(&written(spans), Lead::hanging(0), out),
        Block::Item {
            depth,
            marker,
            spans,
        } => {
            let marker = marker.replace('•', "-");
            let indent = depth * 2;
            let first = format!("{}{marker:2} ", " ".repeat(indent));
            wrap(&written(spans), Lead::before(&first), out);
        }
        Block::Code(code) => {
            for line in code.lines() {
                out.push_str("    ");
                out.push_str(line);
                out.push('\n');
            }
        }
        Block::Table { head, rows } => {
            for row in rows {
                let mut cells = row.iter().zip(head);
                if let Some((first, _)) = cells.next() {
                    wrap(&written(first), Lead::before("- "), out);
                }
                for (cell, name) in cells.filter(|(cell, _)| !plain(cell).is_empty()) {
                    let name = plain(name);
                    let name = if name.is_empty() {
                        String::new()
                    } else {
                        format!("{name}: ")
                    };
                    wrap(
                        &format!("{name}{}", written(cell)),
                        Lead::before("    "),
                        out,
                    );
                }
            }
        }
    }
}

/// Runs as they are read: code in quotes as on the page, links by their words.
fn written(spans: &Spans) -> String {
    let text = |span: &Span| {
        if span.code {
            format!("`{}`", span.text)
        } else {
            span.text.clone()
        }
    };
    spans.iter().map(text).collect()
}

/// What stands before the first line of a paragraph, and how far the others are indented.
#[derive(Clone, Copy)]
struct Lead<'a> {
    first: &'a str,
    indent: usize,
}

impl<'a> Lead<'a> {
    /// All lines begin below the end of `first`.
    fn before(first: &'a str) -> Self {
        let indent = first.chars().count();
        Self { first, indent }
    }

    /// All lines but the first are indented.
    fn hanging(indent: usize) -> Self {
        Self { first: "", indent }
    }
}

/// Adds a paragraph in lines of at most [`WIDTH`] letters.
fn wrap(text: &str, Lead { first, indent }: Lead<'_>, out: &mut String) {
    let mut line = first.to_owned();
    let mut empty = true;
    let mut used = line.chars().count();
    for word in text.split(' ') {
        let length = word.chars().count();
        if !empty && used + 1 + length > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            line = " ".repeat(indent);
            used = indent;
            empty = true;
        }
        if !empty {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::{place, places};
    use super::*;

    #[test]
    fn no_printed_line_but_code_is_too_long() {
        for place in places() {
            let text = printed(place);
            assert!(text.len() > 20, "{}", place.written());
            for line in text.lines().filter(|line| !line.starts_with("    ")) {
                let words = line.split(' ').count();
                assert!(line.chars().count() <= WIDTH || words < 5, "{line}");
            }
        }
    }

    #[test]
    fn a_section_ends_where_the_next_begins() {
        let section = place("segments#cut-points")
            .map(printed)
            .unwrap_or_default();
        let page = place("segments").map(printed).unwrap_or_default();
        assert!(section.starts_with("Cut points\n"), "{section}");
        assert!(section.len() < page.len() && page.contains(&section));
        assert!(!section.contains("\nRules\n"));
        assert!(contents().lines().count() >= pages().len());
    }
}
