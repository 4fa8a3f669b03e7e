//! Ways of quoting that other readers do not share, made the usual one before the text is read: quotes
//! that backslashes escape, and cells between apostrophes.

use crate::{dataset::error::DataError, open::source::Input};

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
    let (quote, remark) = if has_escapes(head) {
        (b'"', "quotes within cells are escaped by backslashes")
    } else if has_apostrophes(head) {
        (b'\'', "cells are quoted by apostrophes")
    } else {
        return Ok(None);
    };
    let bytes = input.read_all()?;
    let input = input.holding(requoted(&bytes, quote));
    Ok(Some(Plain { input, remark }))
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
    matches!(byte, b',' | b';' | b'\t' | b'|' | b'\n' | b'\r')
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
}
