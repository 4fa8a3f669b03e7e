//! Markdown → blocks: what the window draws and the command line prints.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A run of text of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub strong: bool,
    pub emphasised: bool,
    pub code: bool,
    /// Where it leads, as written.
    pub link: Option<String>,
}

/// Runs that make one paragraph, heading or cell.
pub type Spans = Vec<Span>;

/// One thing on a page, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Heading {
        level: u8,
        spans: Spans,
    },
    Paragraph(Spans),
    /// A line of a list; `marker` is empty where the item goes on with a further paragraph.
    Item {
        depth: usize,
        marker: String,
        spans: Spans,
    },
    Code(String),
    Table {
        head: Vec<Spans>,
        rows: Vec<Vec<Spans>>,
    },
}

/// A heading that can be linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The anchor before it; empty for the page itself.
    pub id: String,
    pub title: String,
    pub level: u8,
    /// Number of its heading among the blocks.
    pub block: usize,
}

/// One page, read.
#[derive(Debug)]
pub struct Page {
    /// Name of its file without the ending, and on the command line.
    pub name: &'static str,
    pub source: &'static str,
    pub title: String,
    /// Its first paragraph: what it is about.
    pub about: String,
    pub blocks: Vec<Block>,
    /// The page as a whole first, then every heading that has an anchor.
    pub sections: Vec<Section>,
}

/// The text of some runs.
#[must_use]
pub fn plain(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

impl Block {
    /// The runs in it, cell by cell.
    pub fn spans(&self) -> Vec<&Spans> {
        match self {
            Self::Heading { spans, .. } | Self::Paragraph(spans) | Self::Item { spans, .. } => {
                vec![spans]
            }
            Self::Code(_) => Vec::new(),
            Self::Table { head, rows } => head.iter().chain(rows.iter().flatten()).collect(),
        }
    }

    /// Every link in it, as written.
    pub fn links(&self) -> Vec<&str> {
        let spans = self.spans().into_iter().flatten();
        spans.filter_map(|span| span.link.as_deref()).collect()
    }
}

/// Reads a page.
#[must_use]
pub fn read(name: &'static str, source: &'static str) -> Page {
    let mut reader = Reader::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(source, options) {
        reader.take(event);
    }
    let about = reader.blocks.iter().find_map(|block| match block {
        Block::Paragraph(spans) => Some(plain(spans)),
        _ => None,
    });
    let title = reader.sections.first().map(|section| section.title.clone());
    Page {
        name,
        source,
        title: title.unwrap_or_default(),
        about: about.unwrap_or_default(),
        blocks: reader.blocks,
        sections: reader.sections,
    }
}

/// A list that is open: the number of its next item, `None` for bullets.
type OpenList = Option<u64>;

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    sections: Vec<Section>,
    spans: Spans,
    style: Span,
    lists: Vec<OpenList>,
    marker: String,
    /// The anchor that waits for its heading.
    anchor: String,
    code: Option<String>,
    head: Vec<Spans>,
    rows: Vec<Vec<Spans>>,
    row: Vec<Spans>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.push(&text, false),
            },
            Event::Code(text) => self.push(&text, true),
            Event::SoftBreak | Event::HardBreak => self.push(" ", false),
            Event::Html(html) | Event::InlineHtml(html) => {
                let id = html.split_once("id=\"").and_then(|(_, rest)| {
                    let (id, _) = rest.split_once('"')?;
                    Some(id.to_owned())
                });
                self.anchor = id.unwrap_or(std::mem::take(&mut self.anchor));
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str, code: bool) {
        let kind = Span {
            code,
            ..self.style.clone()
        };
        match self.spans.last_mut() {
            Some(last)
                if (Span {
                    text: String::new(),
                    ..last.clone()
                }) == kind =>
            {
                last.text.push_str(text);
            }
            _ => self.spans.push(Span {
                text: text.to_owned(),
                ..kind
            }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.style.strong = true,
            Tag::Emphasis => self.style.emphasised = true,
            Tag::Link { dest_url, .. } => self.style.link = Some(dest_url.to_string()),
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                self.marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}.", *number - 1)
                    }
                    _ => "•".to_owned(),
                };
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.flush();
                self.code = Some(String::new());
            }
            Tag::Table(_) => self.rows.clear(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.style.strong = false,
            TagEnd::Emphasis => self.style.emphasised = false,
            TagEnd::Link => self.style.link = None,
            TagEnd::Paragraph | TagEnd::Item => self.flush(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::Heading(level) => self.heading(level as u8),
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.blocks.push(Block::Code(code.trim_end().to_owned()));
            }
            TagEnd::TableCell => self.row.push(std::mem::take(&mut self.spans)),
            TagEnd::TableHead => self.head = std::mem::take(&mut self.row),
            TagEnd::TableRow => self.rows.push(std::mem::take(&mut self.row)),
            TagEnd::Table => self.blocks.push(Block::Table {
                head: std::mem::take(&mut self.head),
                rows: std::mem::take(&mut self.rows),
            }),
            _ => {}
        }
    }

    fn heading(&mut self, level: u8) {
        let spans = std::mem::take(&mut self.spans);
        let id = std::mem::take(&mut self.anchor);
        if self.sections.is_empty() || !id.is_empty() {
            self.sections.push(Section {
                id,
                title: plain(&spans),
                level,
                block: self.blocks.len(),
            });
        }
        self.blocks.push(Block::Heading { level, spans });
    }

    /// Ends the paragraph or item under way.
    fn flush(&mut self) {
        let spans = std::mem::take(&mut self.spans);
        if plain(&spans).trim().is_empty() {
            return;
        }
        self.blocks.push(if self.lists.is_empty() {
            Block::Paragraph(spans)
        } else {
            Block::Item {
                depth: self.lists.len() - 1,
                marker: std::mem::take(&mut self.marker),
                spans,
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lists_tables_code_and_links_are_read() {
        let page = read(
            "page",
            "# Title\n\nWhat it *is*.\n\n<a id=\"one\"></a>\n## One\n\n- a **b** `c` [d](e.md#f)\n  - deeper\n- last\n\n1. first\n2. second\n\n| h | i |\n| --- | --- |\n| 1 | [2](g.md) |\n\n```sh\nkeepers\n```\n",
        );
        assert_eq!(
            (page.title.as_str(), page.about.as_str()),
            ("Title", "What it is.")
        );
        assert_eq!(page.sections.len(), 2);
        assert_eq!(page.sections[1].id, "one");
        let markers: Vec<(usize, &str)> = page
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Item { depth, marker, .. } => Some((*depth, marker.as_str())),
                _ => None,
            })
            .collect();
        assert_eq!(
            markers,
            [(0, "•"), (1, "•"), (0, "•"), (0, "1."), (0, "2.")]
        );
        let links: Vec<&str> = page.blocks.iter().flat_map(Block::links).collect();
        assert_eq!(links, ["e.md#f", "g.md"]);
        assert!(page.blocks.contains(&Block::Code("keepers".to_owned())));
        let strong = page.blocks[3].spans()[0].iter().filter(|span| span.strong);
        assert_eq!(
            strong.map(|span| span.text.as_str()).collect::<Vec<_>>(),
            ["b"]
        );
    }
}
