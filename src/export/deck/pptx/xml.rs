//! Pieces of XML that every part of a presentation is made of.

use std::fmt::Write as _;

/// The first line of every part.
pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

pub(super) const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
pub(super) const RELATIONS: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
pub(super) const PRESENTATION: &str = "http://schemas.openxmlformats.org/presentationml/2006/main";

/// English Metric Units of a length in points.
pub(super) fn emu(points: f32) -> i64 {
    (f64::from(points) * 12_700.0).round() as i64
}

/// Text as it may stand between tags and in attributes; what XML forbids becomes a space.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// A relationship of a part to another.
pub(super) struct Relation {
    pub kind: &'static str,
    pub target: String,
}

impl Relation {
    pub(super) fn new(kind: &'static str, target: impl Into<String>) -> Self {
        Self {
            kind,
            target: target.into(),
        }
    }
}

/// A part's relationships, `rId1` and so on.
pub(super) fn relations(all: &[Relation]) -> String {
    let mut text = String::from(HEAD);
    text.push_str(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    );
    for (place, relation) in all.iter().enumerate() {
        let kind = if relation.kind.starts_with("http") {
            relation.kind.to_owned()
        } else {
            format!("{RELATIONS}/{}", relation.kind)
        };
        let _ = write!(
            text,
            "<Relationship Id=\"rId{}\" Type=\"{kind}\" Target=\"{}\"/>",
            place + 1,
            escape(&relation.target)
        );
    }
    text.push_str("</Relationships>");
    text
}
