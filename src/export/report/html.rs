//! Writing HTML that is well-formed as XML too: every tag is closed, every text escaped.

use std::fmt::Write;

use super::style;

/// A page being written.
#[derive(Debug, Default)]
pub(super) struct Html {
    pub text: String,
}

/// A table's cell: text, and whether it is a figure.
pub(super) struct Cell {
    pub text: String,
    pub figure: bool,
    /// Share of the strongest colour behind it, 0…1.
    pub heat: Option<f64>,
    /// The text may be broken into lines.
    pub long: bool,
    /// Style number of the segment it names.
    pub mark: Option<u8>,
}

impl Cell {
    /// With lines that may break.
    pub(super) fn long(self) -> Self {
        Self { long: true, ..self }
    }

    /// With the mark of a segment of this style.
    pub(super) fn marked(self, style: u8) -> Self {
        Self {
            mark: Some(style),
            ..self
        }
    }
}

pub(super) fn words(text: impl Into<String>) -> Cell {
    Cell {
        text: text.into(),
        figure: false,
        heat: None,
        long: false,
        mark: None,
    }
}

pub(super) fn figure(text: impl Into<String>) -> Cell {
    Cell {
        text: text.into(),
        figure: true,
        heat: None,
        long: false,
        mark: None,
    }
}

impl Html {
    /// Markup as it stands.
    pub(super) fn raw(&mut self, markup: &str) {
        self.text.push_str(markup);
    }

    /// A tag around a text.
    pub(super) fn tag(&mut self, tag: &str, text: &str) {
        let _ = writeln!(self.text, "<{tag}>{}</{tag}>", escape(text));
    }

    pub(super) fn open_section(&mut self, title: &str) {
        self.raw("<section>\n");
        self.tag("h2", title);
    }

    /// Opens what is folded away until somebody asks for it.
    pub(super) fn open_details(&mut self, title: &str) {
        self.raw("<details>\n");
        self.tag("summary", title);
    }

    pub(super) fn close_details(&mut self) {
        self.raw("</details>\n");
    }

    pub(super) fn close_section(&mut self) {
        self.raw("</section>\n");
    }

    /// The finding below a title.
    pub(super) fn finding(&mut self, text: &str) {
        let _ = writeln!(self.text, "<p class=\"finding\">{}</p>", escape(text));
    }

    /// A table; titles of figures stand right.
    pub(super) fn table(&mut self, titles: &[(&str, bool)], rows: &[Vec<Cell>]) {
        self.raw("<div class=\"scroll\"><table>\n<thead><tr>");
        for (title, figure) in titles {
            let class = if *figure { " class=\"n\"" } else { "" };
            let _ = write!(self.text, "<th{class} scope=\"col\">{}</th>", escape(title));
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.raw("<tr>");
            for cell in row {
                self.cell(cell);
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table></div>\n");
    }

    fn cell(&mut self, cell: &Cell) {
        let heat = cell.heat.map(|heat| heat.clamp(0.0, 1.0));
        // Where text stays readable on the accent mixed into a light and into a dark card.
        let class = match (cell.figure, heat) {
            (_, Some(heat)) if heat > 0.8 => " class=\"n heat strong\"",
            (_, Some(heat)) if heat > 0.65 => " class=\"n heat middle\"",
            (_, Some(_)) => " class=\"n heat\"",
            (true, ..) => " class=\"n\"",
            (false, ..) if cell.long => " class=\"long\"",
            (false, ..) => "",
        };
        let style = heat.map_or_else(String::new, |heat| {
            format!(" style=\"--heat:{}%\"", (heat * 100.0).round())
        });
        let mark = cell.mark.map_or_else(String::new, |number| {
            let (mark, color) = (style::mark(number), style::segment(number));
            format!("<span class=\"mark\" style=\"color:{color}\">{mark}</span>")
        });
        let _ = write!(
            self.text,
            "<td{class}{style}>{mark}{}</td>",
            escape(&cell.text)
        );
    }

    /// A headline figure with its raw value for programs.
    pub(super) fn figure_row(&mut self, name: &str, key: &str, shown: &str, raw: Option<f64>) {
        let raw = raw.filter(|raw| raw.is_finite());
        let raw = raw.map_or_else(String::new, |raw| format!("{raw}"));
        let _ = writeln!(
            self.text,
            "<div class=\"kpi\"><span>{}</span><strong data-figure=\"{key}\" data-value=\"{raw}\">{}</strong></div>",
            escape(name),
            escape(shown)
        );
    }
}

/// Text as it may stand in HTML and XML, between tags and in attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Not allowed in XML at all.
            letter if letter.is_control() && !matches!(letter, '\n' | '\t') => out.push('\u{fffd}'),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

/// Standard base64 with padding (RFC 4648).
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for part in 0..4 {
            if part <= chunk.len() {
                let index = (bits >> (18 - 6 * part)) & 63;
                text.push(char::from(LETTERS[index as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_the_standard_one() {
        // Test vectors of RFC 4648, section 10.
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn no_text_becomes_markup() {
        assert_eq!(
            escape("<img src=x onerror='alert(1)'> & \"\u{0}"),
            "&lt;img src=x onerror=&#39;alert(1)&#39;&gt; &amp; &quot;\u{fffd}"
        );
    }
}
