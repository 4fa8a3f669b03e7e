//! Where records begin and end: quote-aware, tolerant of what real exports hold.
//!
//! A record is one row of a delimited text; a quoted cell may span lines. Three things go wrong in
//! practice and are told apart here: a quote inside a cell that does not start with one (`12" disc`)
//! is an ordinary character; text after a closing quote belongs to the cell; and a quote that is
//! never closed must not swallow the rest of the file, so the record ends with its first line and is
//! reported as broken.

use std::{borrow::Cow, ops::Range};

use memchr::{memchr, memchr2};

/// Bytes that may stand between cells, the likelier ones first; two that no text holds (`^A` of Hive, the
/// unit separator) among them.
pub const SEPARATORS: [u8; 8] = [b',', b';', b'\t', b'|', b'~', b'^', 0x1F, 0x01];

/// How cells are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// One byte: comma, semicolon, tab, pipe, or a rarer one ([`SEPARATORS`]).
    Byte(u8),
    /// Runs of spaces or tabs, as in `CDNOW_master.txt`; such files know no quotes.
    Spaces,
}

impl Separator {
    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Byte(b',') => "comma",
            Self::Byte(b';') => "semicolon",
            Self::Byte(b'\t') => "tab",
            Self::Byte(b'|') => "pipe",
            Self::Byte(b'~') => "tilde",
            Self::Byte(b'^') => "caret",
            Self::Byte(0x01 | 0x1F) => "control character",
            Self::Byte(_) => "single character",
            Self::Spaces => "runs of spaces",
        }
    }
}

/// A quoted cell longer than this is taken for a quote that was never closed.
pub const MAX_QUOTED_BYTES: usize = 1 << 20;

/// How well a record is formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing but white space, separators and empty quotes: not a row.
    Blank,
    Whole,
    /// A quote was opened and never closed; the record was cut at its first line end.
    Unclosed,
}

/// One record within a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its bytes without the line end.
    pub content: Range<usize>,
    /// Where the next record begins.
    pub next: usize,
    pub cells: usize,
    /// Lines of the file it takes.
    pub lines: u64,
    pub form: Form,
}

/// Finds the record that begins at `at`.
///
/// `None` when the buffer ends before the record does; with `at_end` the buffer's end ends the record.
#[must_use]
pub fn next_record(bytes: &[u8], at: usize, separator: Separator, at_end: bool) -> Option<Record> {
    if at >= bytes.len() {
        return None;
    }
    let newline = memchr(b'\n', &bytes[at..]).map(|offset| at + offset);
    let (line_end, next) = match newline {
        Some(end) => (end, end + 1),
        None if at_end => (bytes.len(), bytes.len()),
        // Without a line end in sight the record may still be cut short by a quote: wait for more.
        None => return None,
    };
    let line = trim_line_end(bytes, at..line_end);
    if bytes[line.clone()].iter().all(u8::is_ascii_whitespace) {
        return Some(one_line(line, next, 0, Form::Blank));
    }
    match separator {
        Separator::Spaces => {
            let cells = bytes[line.clone()]
                .split(|byte| matches!(byte, b' ' | b'\t'))
                .filter(|cell| !cell.is_empty())
                .count();
            Some(one_line(line, next, cells, Form::Whole))
        }
        Separator::Byte(byte) => {
            if memchr(b'"', &bytes[line.clone()]).is_none() {
                let cells = count(&bytes[line.clone()], byte) + 1;
                let form = form_of(&bytes[line.clone()], byte);
                return Some(one_line(line, next, cells, form));
            }
            quoted_record(bytes, at, byte, at_end, (line, next))
        }
    }
}

/// The form of a record that has ended.
fn form_of(content: &[u8], separator: u8) -> Form {
    if is_blank(content, separator) {
        Form::Blank
    } else {
        Form::Whole
    }
}

/// Whether a record holds nothing but separators, white space and empty quotes: the blank rows with
/// which spreadsheets fill up a table.
#[must_use]
#[inline]
pub fn is_blank(record: &[u8], separator: u8) -> bool {
    // Most records begin with something.
    let filler = |&byte: &u8| byte == separator || byte == b'"' || byte.is_ascii_whitespace();
    record.iter().all(filler)
}

fn one_line(content: Range<usize>, next: usize, cells: usize, form: Form) -> Record {
    Record {
        next,
        content,
        cells,
        lines: 1,
        form,
    }
}

/// Walks the cells of a record that holds quotes.
fn quoted_record(
    bytes: &[u8],
    at: usize,
    separator: u8,
    at_end: bool,
    (line, next): (Range<usize>, usize),
) -> Option<Record> {
    let (mut cells, mut start) = (0, at);
    loop {
        cells += 1;
        let end = match cell_at(bytes, start, separator, at_end) {
            CellEnd::At(end) => end,
            CellEnd::Unclosed => {
                let cells = count(&bytes[line.clone()], separator) + 1;
                return Some(one_line(line, next, cells, Form::Unclosed));
            }
            CellEnd::Beyond => return None,
        };
        if bytes.get(end) != Some(&separator) {
            let content = trim_line_end(bytes, at..end);
            let lines = 1 + count(&bytes[content.clone()], b'\n') as u64;
            return Some(Record {
                form: form_of(&bytes[content.clone()], separator),
                content,
                next: (end + 1).min(bytes.len()),
                cells,
                lines,
            });
        }
        start = end + 1;
    }
}

enum CellEnd {
    /// Index of the separator, the newline or the end of the buffer.
    At(usize),
    Unclosed,
    /// The buffer ends first.
    Beyond,
}

fn cell_at(bytes: &[u8], start: usize, separator: u8, at_end: bool) -> CellEnd {
    let plain_end = |from: usize| {
        memchr2(separator, b'\n', &bytes[from..])
            .map(|offset| from + offset)
            .or(at_end.then_some(bytes.len()))
    };
    if bytes.get(start) != Some(&b'"') {
        return plain_end(start).map_or(CellEnd::Beyond, CellEnd::At);
    }
    let mut from = start + 1;
    let close = loop {
        let window = &bytes[from.min(bytes.len())..];
        let Some(offset) = memchr(b'"', window) else {
            let too_long = bytes.len() - start > MAX_QUOTED_BYTES;
            return if at_end || too_long {
                CellEnd::Unclosed
            } else {
                CellEnd::Beyond
            };
        };
        let quote = from + offset;
        if quote - start > MAX_QUOTED_BYTES {
            return CellEnd::Unclosed;
        }
        match bytes.get(quote + 1) {
            Some(b'"') => from = quote + 2,
            None if !at_end => return CellEnd::Beyond,
            _ => break quote,
        }
    };
    let rest = &bytes[close + 1..];
    let line_end = rest
        .first()
        .is_none_or(|&byte| byte == separator || byte == b'\n');
    if line_end {
        return CellEnd::At(close + 1);
    }
    if rest == b"\r" && !at_end {
        return CellEnd::Beyond;
    }
    if rest == b"\r" || rest.starts_with(b"\r\n") {
        return CellEnd::At(close + 2);
    }
    // Text after a closing quote that stands on a later line: the quote was a stray one.
    if memchr(b'\n', &bytes[start..close]).is_some() {
        return CellEnd::Unclosed;
    }
    plain_end(close + 1).map_or(CellEnd::Beyond, CellEnd::At)
}

fn trim_line_end(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let trailing = usize::from(range.end > range.start && bytes[range.end - 1] == b'\r');
    range.start..range.end - trailing
}

fn count(bytes: &[u8], wanted: u8) -> usize {
    memchr::memchr_iter(wanted, bytes).count()
}

/// The cells of a record's bytes, unquoted.
#[must_use]
pub fn cells(record: &[u8], separator: Separator) -> Vec<Cow<'_, [u8]>> {
    match separator {
        Separator::Spaces => record
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|cell| !cell.is_empty())
            .map(Cow::Borrowed)
            .collect(),
        Separator::Byte(byte) => {
            let (mut cells, mut start) = (Vec::new(), 0);
            loop {
                let end = match cell_at(record, start, byte, true) {
                    CellEnd::At(end) => end,
                    CellEnd::Unclosed | CellEnd::Beyond => {
                        memchr(byte, &record[start..]).map_or(record.len(), |at| start + at)
                    }
                };
                cells.push(unquote(&record[start..end]));
                if record.get(end) != Some(&byte) {
                    return cells;
                }
                start = end + 1;
            }
        }
    }
}

/// Removes the quotes of a fully quoted cell; anything else stays as it is.
fn unquote(cell: &[u8]) -> Cow<'_, [u8]> {
    let cell = cell.strip_suffix(b"\r").unwrap_or(cell);
    let inner = cell
        .strip_prefix(b"\"")
        .and_then(|inner| inner.strip_suffix(b"\""));
    let Some(inner) = inner else {
        return Cow::Borrowed(cell);
    };
    let mut text = Vec::with_capacity(inner.len());
    let mut quotes = 0;
    for &byte in inner {
        quotes = if byte == b'"' { quotes + 1 } else { 0 };
        if quotes == 2 {
            quotes = 0;
        } else {
            text.push(byte);
        }
    }
    if text.len() == inner.len() {
        Cow::Borrowed(inner)
    } else {
        Cow::Owned(text)
    }
}

/// Appends a cell so that a strict reader of comma-separated text gets it back unchanged.
pub fn write_cell(cell: &str, separator: u8, out: &mut Vec<u8>) {
    let special = |byte: &u8| *byte == separator || matches!(byte, b'"' | b'\n' | b'\r');
    if cell.as_bytes().iter().any(special) {
        out.push(b'"');
        for &byte in cell.as_bytes() {
            if byte == b'"' {
                out.push(b'"');
            }
            out.push(byte);
        }
        out.push(b'"');
    } else {
        out.extend_from_slice(cell.as_bytes());
    }
}

/// A fingerprint of some bytes; the same on every machine and in every run.
///
/// Folded multiplication over sixteen bytes at a time, with the length mixed in; the last sixteen
/// bytes may overlap those before them.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let fold = |state: u64, words: u128| {
        let (first, second) = (words as u64, (words >> 64) as u64);
        let product = u128::from(state ^ first) * u128::from(second ^ MULTIPLIER);
        (product as u64) ^ ((product >> 64) as u64)
    };
    let mut state = 0xA076_1D64_78BD_642F ^ bytes.len() as u64;
    let last = bytes.last_chunk::<16>().copied().unwrap_or_else(|| {
        let mut padded = [0; 16];
        padded[..bytes.len()].copy_from_slice(bytes);
        padded
    });
    // The last sixteen come by themselves, whole or not.
    for words in bytes[..bytes.len().saturating_sub(1)].as_chunks::<16>().0 {
        state = fold(state, u128::from_le_bytes(*words));
    }
    state = fold(state, u128::from_le_bytes(last));
    fold(state, 0xE703_7ED1_A0B4_28DB)
}

#[cfg(test)]
mod tests {
    use super::{
        Form::{Unclosed, Whole},
        *,
    };

    const COMMA: Separator = Separator::Byte(b',');

    fn all(text: &str) -> Vec<(Vec<String>, Form, u64)> {
        let bytes = text.as_bytes();
        let (mut at, mut found) = (0, Vec::new());
        while let Some(record) = next_record(bytes, at, COMMA, true) {
            let texts = cells(&bytes[record.content.clone()], COMMA)
                .iter()
                .map(|cell| String::from_utf8_lossy(cell).into_owned())
                .collect();
            found.push((texts, record.form, record.lines));
            assert!(record.next > at);
            at = record.next;
        }
        found
    }

    #[test]
    fn quoted_cells_span_lines_and_hold_doubled_quotes() {
        let found = all("a,\"two\nlines\",\"say \"\"hi\"\"\"\r\nb,c,d");
        assert_eq!(found[0].0, ["a", "two\nlines", "say \"hi\""]);
        assert_eq!((found[0].1, found[0].2), (Whole, 2));
        assert_eq!(found[1].0, ["b", "c", "d"]);
    }

    #[test]
    fn stray_quotes_do_not_swallow_rows() {
        let found =
            all("1,12\" disc,x\n2,\"a\" b,y\n3,\"open,z\n4,\"shut\",w\n5,\"never,v\n6,u,t\n");
        let forms: Vec<_> = found.iter().map(|(_, form, _)| *form).collect();
        assert_eq!(forms, [Whole, Whole, Unclosed, Whole, Unclosed, Whole]);
        assert_eq!(found[0].0, ["1", "12\" disc", "x"]);
        assert_eq!(found[1].0, ["2", "\"a\" b", "y"]);
        assert_eq!(found[5].0, ["6", "u", "t"]);
    }

    #[test]
    fn a_lone_carriage_return_is_a_blank_line() {
        let forms: Vec<_> = all("a,b\n\r")
            .into_iter()
            .map(|(_, form, _)| form)
            .collect();
        assert_eq!(forms, [Whole, Form::Blank]);
    }

    #[test]
    fn an_incomplete_record_waits_for_more_bytes() {
        assert_eq!(next_record(b"a,b", 0, COMMA, false), None);
        assert_eq!(next_record(b"a,\"b\nc", 0, COMMA, false), None);
        assert!(next_record(b"a,b", 0, COMMA, true).is_some());
    }

    #[test]
    fn written_cells_read_back() {
        for text in ["plain", "a,b", "say \"hi\"", "two\nlines", "", "\""] {
            let mut out = Vec::new();
            write_cell(text, b',', &mut out);
            out.extend_from_slice(b",end");
            assert_eq!(cells(&out, COMMA)[0].as_ref(), text.as_bytes());
        }
    }

    #[test]
    fn fingerprints_differ_by_content_and_length() {
        assert_ne!(fingerprint(b"a"), fingerprint(b"a\0"));
        assert_ne!(fingerprint(b"12345678"), fingerprint(b"12345679"));
        assert_eq!(fingerprint(b"same"), fingerprint(b"same"));
    }
}
