//! The manual: the pages of `assets/manual`, embedded, read into blocks, searched and printed.
//!
//! The window draws the blocks, `keepers manual` prints them. Sections are named by the anchors that stand
//! before their headings (`<a id="cut-points"></a>`), so that a heading can be reworded without breaking
//! a link; the same anchors work where the files are read on the web.

pub mod blocks;
pub mod search;
pub mod text;

use std::sync::OnceLock;

use blocks::Section;

pub use blocks::Page;

/// A section of a page. It exists: places are made by [`place`] and by the search only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    page: usize,
    section: usize,
}

impl Place {
    #[must_use]
    pub fn page(self) -> &'static Page {
        &pages()[self.page]
    }

    /// Number of the page in the manual.
    #[must_use]
    pub fn page_number(self) -> usize {
        self.page
    }

    #[must_use]
    pub fn section(self) -> &'static Section {
        &self.page().sections[self.section]
    }

    /// `segments#cut-points`, as links and the command line write it.
    #[must_use]
    pub fn written(self) -> String {
        let (page, section) = (self.page(), self.section());
        if section.id.is_empty() {
            page.name.to_owned()
        } else {
            format!("{}#{}", page.name, section.id)
        }
    }
}

macro_rules! source {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../assets/manual/", $name, ".md")),
        )
    };
}

/// File name and text of every page, in reading order.
const SOURCES: [(&str, &str); 12] = [
    source!("getting-started"),
    source!("files"),
    source!("views"),
    source!("selecting"),
    source!("segments"),
    source!("models-and-verdicts"),
    source!("audiences-and-lists"),
    source!("presenting"),
    source!("verbs"),
    source!("definitions"),
    source!("limits"),
    source!("building"),
];

/// Every page, in reading order.
#[must_use]
pub fn pages() -> &'static [Page] {
    static PAGES: OnceLock<Vec<Page>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let read = SOURCES.iter();
        read.map(|(name, source)| blocks::read(name, source))
            .collect()
    })
}

/// The top of a page.
#[must_use]
pub fn top(page: usize) -> Place {
    Place {
        page: page.min(pages().len() - 1),
        section: 0,
    }
}

/// The place called `page`, `page#section`, or by a section's id alone where only one page has it.
#[must_use]
pub fn place(written: &str) -> Option<Place> {
    let written = written.trim();
    let (page, section) = written.split_once('#').unwrap_or((written, ""));
    let page = page.trim_end_matches(".md");
    let known = pages().iter().position(|known| known.name == page);
    if let Some(page) = known {
        let sections = &pages()[page].sections;
        let section = sections.iter().position(|known| known.id == section)?;
        return Some(Place { page, section });
    }
    let mut found = places().filter(|place| place.section().id == page && !page.is_empty());
    let first = found.next()?;
    (section.is_empty() && found.next().is_none()).then_some(first)
}

/// The place a link on `page` leads to; `None` for files and addresses outside the manual.
#[must_use]
pub fn follow(page: usize, link: &str) -> Option<Place> {
    match link.strip_prefix('#') {
        Some(section) => place(&format!("{}#{section}", pages()[page].name)),
        None if !link.contains('/') && link.split('#').next()?.strip_suffix(".md").is_some() => {
            place(link)
        }
        None => None,
    }
}

/// Every section of every page, in reading order.
pub fn places() -> impl Iterator<Item = Place> {
    pages().iter().enumerate().flat_map(|(page, read)| {
        (0..read.sections.len()).map(move |section| Place { page, section })
    })
}

/// The definition of a word, where the page of definitions has one by this name.
#[must_use]
pub fn definition(word: &str) -> Option<Place> {
    let word = word.to_lowercase();
    places().find(|place| {
        place.page().name == "definitions" && place.section().title.to_lowercase() == word
    })
}

#[cfg(test)]
mod tests {
    use super::{blocks::Block, *};

    #[test]
    fn every_link_of_the_manual_leads_somewhere() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/manual");
        for (number, page) in pages().iter().enumerate() {
            for link in page.blocks.iter().flat_map(Block::links) {
                let file = link.split('#').next().unwrap_or_default();
                let outside = link.starts_with("../") && folder.join(file).exists();
                assert!(
                    outside || follow(number, link).is_some(),
                    "{}: {link} leads nowhere",
                    page.name
                );
            }
        }
    }

    #[test]
    fn every_heading_has_an_anchor_of_its_own() {
        for page in pages() {
            let headings = page.blocks.iter();
            let headings = headings.filter(|block| matches!(block, Block::Heading { .. }));
            assert_eq!(headings.count(), page.sections.len(), "{}", page.name);
            let mut ids: Vec<_> = page.sections.iter().map(|section| &section.id).collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), page.sections.len(), "{}", page.name);
            assert!(page.about.ends_with('.'), "{}: {}", page.name, page.about);
            assert!(!page.title.is_empty());
        }
    }

    #[test]
    fn places_are_found_by_page_and_by_section() {
        let written = |text: &str| place(text).map(Place::written);
        assert_eq!(written("segments").as_deref(), Some("segments"));
        assert_eq!(
            written("segments.md#cut-points").as_deref(),
            Some("segments#cut-points")
        );
        assert_eq!(
            written("cut-points").as_deref(),
            Some("segments#cut-points")
        );
        assert_eq!(written("segments#nowhere"), None);
        assert_eq!(written("nowhere"), None);
        assert_eq!(written(""), None);
        assert_eq!(
            definition("retention").map(Place::written).as_deref(),
            Some("definitions#retention")
        );
        for place_ in places() {
            assert_eq!(place(&place_.written()), Some(place_));
        }
    }
}
