//! Ways of quoting that other readers do not share, made the usual one before the text is read: quotes
//! that backslashes escape, cells between apostrophes, whole lines in one pair of quotes, and letters
//! written as `&eacute;` beside semicolons that separate.

use std::collections::HashMap;

use crate::{dataset::error::DataError, open::source::Input, table::records::SEPARATORS};

/// A text with usual quotes.
pub struct Plain {
    pub input: Input,
    pub remark: &'static str,
}

/// The text with usual quotes, when it has others; `head` is how it begins.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn plain(input: &Input, head: &[u8]) -> Result<Option<Plain>, DataError> {
    type Mend = fn(&[u8]) -> Vec<u8>;
    let (mend, remark): (Mend, _) = if has_wrapped_lines(head) {
        (unwrapped, "every line stands in quotes as a whole")
    } else if has_escapes(head) {
        let mend: Mend = |bytes| requoted(bytes, b'"');
        (mend, "quotes within cells are escaped by backslashes")
    } else if has_apostrophes(head) {
        let mend: Mend = |bytes| requoted(bytes, b'\'');
        (mend, "cells are quoted by apostrophes")
    } else if has_entities(head) {
        (without_entities, "letters are written as in web pages")
    } else {
        return Ok(None);
    };
    let input = input.holding(mend(&input.read_all()?));
    Ok(Some(Plain { input, remark }))
}

/// What stands between the quotes that enclose a whole line with several cells.
fn wrapped(line: &[u8]) -> Option<&[u8]> {
    let inner = line.trim_ascii().strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let quotes = |part: &[u8]| memchr::memchr_iter(b'"', part).count();
    let doubled = 2 * memchr::memmem::find_iter(inner, b"\"\"").count() == quotes(inner);
    let separated = inner.iter().any(|byte| SEPARATORS.contains(byte));
    (doubled && separated).then_some(inner)
}

/// Whether all lines are [`wrapped`], the header alone may do without.
fn has_wrapped_lines(head: &[u8]) -> bool {
    // The last line may be cut.
    let end = memchr::memrchr(b'\n', head).unwrap_or(head.len());
    let mut lines = head[..end].split(|&byte| byte == b'\n');
    let header = lines.next().unwrap_or_default();
    let mut rows = lines
        .filter(|line| !line.trim_ascii().is_empty())
        .peekable();
    (wrapped(header).is_some() || !header.contains(&b'"'))
        && rows.peek().is_some()
        && rows.all(|line| wrapped(line).is_some())
}

fn unwrapped(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let Some(inner) = wrapped(line) else {
            out.extend_from_slice(line);
            continue;
        };
        let mut from = 0;
        for at in memchr::memmem::find_iter(inner, b"\"\"") {
            out.extend_from_slice(&inner[from..=at]);
            from = at + 2;
        }
        out.extend_from_slice(&inner[from..]);
        out.push(b'\n');
    }
    out
}

/// Characters by their names in web pages; those from 160 on in their order.
const NAMED: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn \
    sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde \
    Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde \
    Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil \
    egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave \
    uacute ucirc uuml yacute thorn yuml";
const OTHERS: [(&str, char); 8] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("euro", '€'),
    ("ndash", '–'),
    ("rsquo", '’'),
];

fn without_entities(bytes: &[u8]) -> Vec<u8> {
    let named: HashMap<&str, char> = (NAMED.split(' ').zip('\u{a0}'..)).chain(OTHERS).collect();
    let character = |name: &str| match name.strip_prefix('#') {
        Some(number) => {
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
            // A semicolon and a line end would be read as such.
            let text = |found: &char| !found.is_control() && *found != ';';
            char::from_u32(code.ok()?).filter(text)
        }
        None => named.get(name).copied(),
    };
    let (mut out, mut from) = (Vec::with_capacity(bytes.len()), 0);
    for at in memchr::memchr_iter(b'&', bytes) {
        let behind = &bytes[at + 1..bytes.len().min(at + 10)];
        let name = behind.iter().position(|&byte| byte == b';');
        let name = name.and_then(|end| str::from_utf8(&behind[..end]).ok());
        if let Some((name, found)) = name.and_then(|name| Some((name, character(name)?))) {
            out.extend_from_slice(&bytes[from..at]);
            out.extend_from_slice(found.encode_utf8(&mut [0; 4]).as_bytes());
            from = at + name.len() + 2;
        }
    }
    out.extend_from_slice(&bytes[from..]);
    out
}

/// Whether more lines have as many semicolons as most once letters stand for themselves.
fn has_entities(head: &[u8]) -> bool {
    if memchr::memchr(b'&', head).is_none() {
        return false;
    }
    // The usual number of semicolons in a line, and how many lines have it.
    let usual = |text: &[u8]| {
        let mut counts = HashMap::<usize, usize>::new();
        for line in text
            .split(|&byte| byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            let semicolons = memchr::memchr_iter(b';', line).count();
            *counts.entry(semicolons).or_default() += 1;
        }
        let most = counts
            .into_iter()
            .max_by_key(|&(many, lines)| (lines, many));
        most.unwrap_or_default()
    };
    let ((_, before), (many, after)) = (usual(head), usual(&without_entities(head)));
    many > 0 && after > before
}

/// Whether a backslash stands before a quote that does not end its cell.
fn has_escapes(head: &[u8]) -> bool {
    let ends_cell = |byte: Option<&u8>| byte.is_none_or(|byte| is_border(*byte));
    memchr::memmem::find_iter(head, b"\\\"").any(|at| {
        let doubled = at > 0 && head[at - 1] == b'\\';
        !doubled && !ends_cell(head.get(at + 2)) && head[..at].contains(&b'"')
    })
}

fn is_border(byte: u8) -> bool {
    SEPARATORS.contains(&byte) || matches!(byte, b'\n' | b'\r')
}

/// Whether many cells begin and end with an apostrophe, and no quotes are used.
fn has_apostrophes(head: &[u8]) -> bool {
    if memchr::memchr(b'\'', head).is_none() || head.contains(&b'"') {
        return false;
    }
    let (mut opened, mut closed, mut lines) = (0, 0, 0);
    let before = std::iter::once(&b'\n').chain(head);
    let after = head.iter().skip(1).chain([&b'\n']);
    for ((before, &byte), after) in before.zip(head).zip(after) {
        lines += usize::from(byte == b'\n');
        if byte == b'\'' {
            opened += usize::from(is_border(*before));
            closed += usize::from(is_border(*after));
        }
    }
    opened == closed && opened > 1 && 2 * opened >= lines
}

/// Writes the cells between these quotes in usual ones.
fn requoted(bytes: &[u8], quote: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    let (mut at, mut inside, mut begins) = (0, false, true);
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        at += 1;
        match (inside, byte) {
            (false, byte) if begins && byte == quote => {
                inside = true;
                out.push(b'"');
            }
            (true, b'\\') if quote == b'"' && matches!(next, Some(b'"' | b'\\')) => {
                at += 1;
                out.extend_from_slice(if next == Some(b'"') { b"\"\"" } else { b"\\" });
            }
            (true, byte) if byte == quote && next == Some(quote) => {
                at += 1;
                out.extend_from_slice(if quote == b'"' { b"\"\"" } else { b"'" });
            }
            (true, byte) if byte == quote => {
                inside = false;
                out.push(b'"');
            }
            (true, b'"') => out.extend_from_slice(b"\"\""),
            (_, byte) => out.push(byte),
        }
        begins = !inside && is_border(byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Option<String> {
        let input = Input::memory("x.csv", text.as_bytes());
        let plain = plain(&input, text.as_bytes()).unwrap()?;
        Some(String::from_utf8(plain.input.read_all().unwrap()).unwrap())
    }

    #[test]
    fn other_quotes_become_usual_ones() {
        let escaped = "a,\"say \\\"hi\\\", you\",\"c:\\\\\"\nb,\"\"\"x\",y\n";
        let expected = "a,\"say \"\"hi\"\", you\",\"c:\\\"\nb,\"\"\"x\",y\n";
        assert_eq!(read(escaped).unwrap(), expected);
        let apostrophes = "'a','it''s; 5\" x',3\n'b','c',4\n";
        assert_eq!(
            read("'a';'b'\n'it''s; x';'y'\n").unwrap(),
            "\"a\";\"b\"\n\"it's; x\";\"y\"\n"
        );
        assert_eq!(read(apostrophes), None, "quotes are used");
        assert_eq!(read("it's,O'Neill\n'tis,3\n"), None);
        assert_eq!(read("path,x\n\"c:\\\",1\n"), None);
    }

    #[test]
    fn lines_may_stand_in_quotes_as_a_whole() {
        let rows = "\"1,\"\"say \"\"\"\"hi\"\"\"\", you\"\",3\"\r\n\n\"2,\"\"\"\",4\"\n";
        let plain = "1,\"say \"\"hi\"\", you\",3\n\n2,\"\",4\n";
        let text = |header: &str, rows: &str| format!("{header}\n{rows}");
        for header in ["a,b,c", "\"a,b,c\""] {
            let read = read(text(header, rows).leak());
            assert_eq!(read.unwrap(), text("a,b,c", plain));
        }
        assert_eq!(read("\"a\",\"b\"\n\"1\",\"2, x\"\n"), None);
        assert_eq!(read("note\n\"no cells here\"\n"), None);
        assert_eq!(read("a,b\n\"1,2\"\n3,4\n"), None, "one line is damaged");
    }

    #[test]
    fn letters_as_in_web_pages() {
        let text = "name;day;sum\nK&uuml;hn &amp; Co;2024-01-01;3\nA&#39;B&#x20AC;;2024-01-02;4\nR&D;2024-01-03;5\n";
        let plain = "name;day;sum\nKühn & Co;2024-01-01;3\nA'B€;2024-01-02;4\nR&D;2024-01-03;5\n";
        assert_eq!(read(text).unwrap(), plain);
        // Their semicolons disturb nobody, or are separators.
        assert_eq!(read("name,sum\nK&uuml;hn,3\nB,4\n"), None);
        assert_eq!(read("a;b;c\nx&lt;2;3\ny;4;5\n"), None);
    }
}
