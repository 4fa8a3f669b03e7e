//! Files of JSON records → a table as text: a bare array, the same array in one CSV cell, one object
//! per line, an object that holds one array, or a CSV column of objects. What cannot be read is counted
//! and shown.
//!
//! The table has the line numbers of the file wherever records begin in lines of their own; records of one
//! line are numbered.

use std::borrow::Cow;

use hashbrown::HashMap;
use rayon::prelude::*;

use crate::{
    data::dataset::error::DataError,
    data::dataset::quality::{MAX_SAMPLES, RowSample},
    data::open::json_record::{self, Record},
    data::open::source::{self, Input},
    data::table::records,
    data::values::text,
};

/// Bytes of a file in which its first record must stand.
const HEAD_BYTES: usize = 64 << 10;
/// Most columns of a table; damaged keys must not make more.
const MAX_COLUMNS: usize = 256;
/// Longest find shown in a sample.
const FOUND_CHARACTERS: usize = 120;

/// Records that could be read in part only, or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Damage {
    pub rows: u64,
    /// At most [`MAX_SAMPLES`], in file order.
    pub samples: Vec<RowSample>,
}

/// What a table of JSON records was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// How the records lie in the file, for people.
    pub layout: &'static str,
    pub damage: Damage,
}

/// Records as a table.
#[derive(Debug)]
pub struct Table {
    /// Comma-separated text.
    pub input: Input,
    pub names: Vec<String>,
    /// Where the first record stands in the text, and its line in the file.
    pub data_offset: usize,
    pub data_line: u64,
    pub origin: Origin,
}

/// How the records lie in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// One after the other, lines do not matter: an array.
    Sequence { quoted: bool },
    /// One on each line; each line may be a quoted CSV cell.
    Lines,
}

impl Layout {
    fn title(self, has_header: bool) -> &'static str {
        match (self, has_header) {
            (Self::Sequence { quoted: true }, _) => "a JSON array in one cell",
            (Self::Sequence { .. }, _) => "a JSON array",
            (Self::Lines, true) => "one column of JSON records",
            (Self::Lines, false) => "one JSON record per line",
        }
    }
}

/// The layout of a text and where the records begin; `None` for anything that is not JSON-ish.
fn layout(text: &str) -> Option<(Layout, usize)> {
    let start = text.len()
        - text
            .trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t'])
            .len();
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |end| from + end);
    let sequence = Layout::Sequence { quoted: false };
    let body = &text[start..];
    if begins_array(body) {
        return Some((sequence, start));
    }
    if body.starts_with('{') {
        let first = &text[start..line_end(start)];
        let layout = if first.contains('}') {
            Layout::Lines
        } else {
            sequence
        };
        return Some((layout, start));
    }
    // A header line, then the records.
    let rest = line_end(start);
    let at = text.len() - text[rest..].trim_start().len();
    let body = &text[at..];
    if body.strip_prefix('"').is_some_and(begins_array) {
        Some((Layout::Sequence { quoted: true }, at))
    } else if begins_array(body) {
        Some((sequence, at))
    } else if body.starts_with('{') || body.starts_with("\"{") {
        Some((Layout::Lines, at))
    } else {
        None
    }
}

/// Whether a text begins with an array of objects, or with one that is cut off at once.
fn begins_array(text: &str) -> bool {
    let inner = text.strip_prefix('[').map(str::trim_start);
    inner.is_some_and(|inner| inner.is_empty() || inner.starts_with('{'))
}

/// A CSV cell without its quotes; unquoted text as it is.
fn unquoted(cell: &str) -> Cow<'_, str> {
    let Some(inner) = cell.strip_prefix('"') else {
        return Cow::Borrowed(cell);
    };
    let inner = inner.trim_end();
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    Cow::Owned(inner.replace("\"\"", "\""))
}

/// Name and text of a field: one under the empty key may name itself.
fn named<'a>(name: &'a str, text: &'a str) -> (&'a str, &'a str) {
    match name {
        "" => json_record::tagged(text).unwrap_or(("unnamed", text)),
        name => (name, text),
    }
}

/// The (folded) fields of the first record, when the file is JSON-ish and its first record can be read.
#[must_use]
pub fn column_names(input: &Input) -> Option<Vec<String>> {
    let mut head = vec![0; HEAD_BYTES];
    let read = source::fill(&mut *input.open(0).ok()?, &mut head, input.path()).ok()?;
    first_names(&String::from_utf8_lossy(&head[..read]))
}

fn first_names(text: &str) -> Option<Vec<String>> {
    let (layout, start) = layout(text)?;
    let records = match layout {
        Layout::Sequence { quoted: false } => Cow::Borrowed(&text[start..]),
        Layout::Sequence { quoted: true } => unquoted(&text[start..]),
        Layout::Lines => unquoted(text[start..].lines().next()?),
    };
    let record = json_record::read(&records[records.find('{')?..]);
    let names = record.fields.iter();
    let names: Vec<String> = names
        .map(|field| text::fold(named(&field.name, &field.text).0))
        .collect();
    (names.len() > 1).then_some(names)
}

/// The records of a file as a table; `None` for any other text, and for one of which no record can be read.
/// `head` is how the file begins.
///
/// # Errors
/// [`DataError`] when the file cannot be read.
pub fn as_table(input: &Input, head: &[u8]) -> Result<Option<Table>, DataError> {
    let head = String::from_utf8_lossy(&head[..head.len().min(HEAD_BYTES)]);
    if first_names(&head).is_none()
        && layout(&head).is_none_or(|(_, start)| !head[start..].contains('['))
    {
        return Ok(None);
    }
    let bytes = input.read_all()?;
    let text = String::from_utf8_lossy(&bytes);
    let Some((layout, start)) = layout(&text) else {
        return Ok(None);
    };
    let has_header = !text[..start]
        .trim_matches(['\u{feff}', ' ', '\r', '\n'])
        .is_empty();
    let mut table = Builder::new(input.name());
    let line = 1 + newlines(&text[..start]);
    let body = &text[start..];
    let wrapped = || {
        let whole = json_record::value_length(body)? == body.trim_end().len();
        json_record::array_within(body).filter(|_| whole)
    };
    match layout {
        _ if body.starts_with('{') && wrapped().is_some() => {
            let array = wrapped().unwrap_or_default();
            let above = array.as_ptr() as usize - body.as_ptr() as usize;
            table.sequence(array, line + newlines(&body[..above]));
            table.layout = "a JSON array within an object";
        }
        Layout::Lines => table.lines(body, line),
        Layout::Sequence { quoted: true } => table.sequence(&unquoted(body), line),
        Layout::Sequence { quoted: false } => table.sequence(body, line),
    }
    if table.layout.is_empty() {
        table.layout = layout.title(has_header);
    }
    Ok(table.finish(input))
}

fn newlines(text: &str) -> u64 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64
}

/// Bytes between two records that belong there least.
fn between(part: &str) -> usize {
    part.trim_matches([',', '[', ']', ' ', '\t', '\r', '\n'])
        .len()
}

/// A table in the making.
struct Builder {
    file: String,
    layout: &'static str,
    names: Vec<String>,
    known: HashMap<String, usize>,
    /// The rows so far, without the cells of columns that came up later.
    text: Vec<u8>,
    /// Where each row ends in the text, and how many cells it has.
    rows: Vec<(usize, usize)>,
    /// Line of the file that follows the text.
    next_line: u64,
    first_line: u64,
    /// Cells of the row at hand.
    cells: Vec<Option<String>>,
    damage: Damage,
}

impl Builder {
    fn new(file: String) -> Self {
        Self {
            file,
            layout: "",
            names: Vec::new(),
            known: HashMap::new(),
            text: Vec::new(),
            rows: Vec::new(),
            next_line: 0,
            first_line: 0,
            cells: Vec::new(),
            damage: Damage::default(),
        }
    }

    /// One record on each line.
    fn lines(&mut self, text: &str, first: u64) {
        let lines: Vec<(u64, Cow<'_, str>)> = (first..)
            .zip(text.lines())
            .map(|(number, line)| (number, text::trim(line)))
            .filter(|(_, line)| !line.is_empty())
            .map(|(number, line)| (number, unquoted(line)))
            .collect();
        let records: Vec<Option<(usize, Record<'_>)>> = lines
            .par_iter()
            .map(|(_, line)| {
                let start = line.find('{')?;
                Some((start, json_record::read(&line[start..])))
            })
            .collect();
        for ((number, line), record) in lines.iter().zip(&records) {
            let Some((start, record)) = record else {
                self.damaged(*number, line);
                continue;
            };
            let behind = line[start + record.length..].trim_matches([',', '"', ' ', '\t']);
            let damage = record.damage.map(|at| &line[start + at..]);
            let damage = damage.or((!behind.is_empty()).then_some(behind));
            self.push(record, *number);
            if let Some(damage) = damage {
                self.damaged(*number, damage);
            }
        }
    }

    /// Records one after the other, up to the end of the array.
    fn sequence(&mut self, text: &str, first: u64) {
        let (mut at, mut line, mut last_damaged) = (0, first, false);
        while let Some(found) = text[at..].find('{') {
            let start = at + found;
            let gap = &text[at..start];
            let record = json_record::read(&text[start..]);
            line += newlines(gap);
            last_damaged = record.damage.is_some();
            if let Some(damage) = record.damage {
                let damage = start + damage;
                self.damaged(line + newlines(&text[start..damage]), &text[damage..]);
            } else if between(gap) > 0 {
                self.damaged(line, gap);
            }
            self.push(&record, line);
            at = start + record.length;
            line += newlines(&text[start..at]);
        }
        let tail = text[at..].trim();
        let closed = !text.starts_with('[') || tail.starts_with(']');
        if (between(tail) > 0 || !closed) && !last_damaged {
            let found = if tail.is_empty() {
                "the text ends before the array does"
            } else {
                tail
            };
            self.damaged(line, found);
        }
    }

    fn damaged(&mut self, line: u64, found: &str) {
        self.damage.rows += 1;
        if self.damage.samples.len() < MAX_SAMPLES {
            let found = if found.is_empty() {
                "the record ends before its closing brace"
            } else {
                found
            };
            self.damage.samples.push(RowSample {
                file: self.file.clone(),
                line,
                column: String::new(),
                found: text::shorten(found, FOUND_CHARACTERS).into_owned(),
            });
        }
    }

    /// Writes a record down as a row of this line, if the line before is passed.
    fn push(&mut self, record: &Record<'_>, line: u64) {
        if record.fields.is_empty() {
            return;
        }
        let mut expected = 0;
        for field in &record.fields {
            let (name, value) = named(&field.name, &field.text);
            let Some(column) = self.column(name, expected) else {
                continue;
            };
            expected = column + 1;
            // A line break in a cell would shift the line numbers of reports.
            let value = text::trim(value).replace(['\r', '\n'], " ");
            self.cells[column] = Some(value);
        }
        if self.rows.is_empty() {
            (self.first_line, self.next_line) = (line, line);
        }
        while self.next_line < line {
            self.text.push(b'\n');
            self.next_line += 1;
        }
        for (at, cell) in self.cells.iter_mut().enumerate() {
            if at > 0 {
                self.text.push(b',');
            }
            records::write_cell(&cell.take().unwrap_or_default(), b',', &mut self.text);
        }
        self.rows.push((self.text.len(), self.cells.len()));
        self.text.push(b'\n');
        self.next_line += 1;
    }

    /// The column for a field of the row at hand. A name that comes again within the record gets
    /// a column of its own, so that no value is lost.
    fn column(&mut self, name: &str, expected: usize) -> Option<usize> {
        // Records mostly have the same fields in the same order.
        let same = self.names.get(expected).is_some_and(|known| known == name);
        if same && self.cells[expected].is_none() {
            return Some(expected);
        }
        let mut wanted = Cow::Borrowed(name);
        for repetition in 2.. {
            match self.known.get(wanted.as_ref()) {
                Some(&at) if self.cells[at].is_none() => return Some(at),
                Some(_) => wanted = Cow::Owned(format!("{name} ({repetition})")),
                None => break,
            }
        }
        if self.names.len() == MAX_COLUMNS {
            return None;
        }
        self.known
            .insert(wanted.clone().into_owned(), self.names.len());
        self.names.push(wanted.into_owned());
        self.cells.push(None);
        Some(self.names.len() - 1)
    }

    fn finish(self, input: &Input) -> Option<Table> {
        if self.rows.is_empty() {
            return None;
        }
        let mut text = Vec::with_capacity(self.text.len() + self.text.len() / 8 + 1_024);
        for (at, name) in self.names.iter().enumerate() {
            if at > 0 {
                text.push(b',');
            }
            records::write_cell(&name.replace(['\r', '\n'], " "), b',', &mut text);
        }
        text.push(b'\n');
        let (data_offset, mut from) = (text.len(), 0);
        for (end, cells) in self.rows {
            text.extend_from_slice(&self.text[from..end]);
            text.resize(text.len() + self.names.len() - cells, b',');
            from = end;
        }
        text.push(b'\n');
        Some(Table {
            input: input.holding(text),
            names: self.names,
            data_offset,
            data_line: self.first_line,
            origin: Origin {
                layout: self.layout,
                damage: self.damage,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Option<(Vec<String>, String, Origin)> {
        let input = Input::memory("x.json", b"").holding(text.as_bytes().to_vec());
        let table = as_table(&input, text.as_bytes()).unwrap()?;
        let bytes = table.input.read_all().unwrap();
        let rows = String::from_utf8(bytes[table.data_offset..].to_vec()).unwrap();
        Some((table.names, rows, table.origin))
    }

    #[test]
    fn records_in_every_layout() {
        let rows = "1,x\n2,\"y, z\"\n";
        for (text, layout) in [
            (r#"[{"a":1,"b":"x"},{"a":2,"b":"y, z"}]"#, "a JSON array"),
            (
                "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y, z\"}\n",
                "one JSON record per line",
            ),
            (
                r#"{"n":2,"rows":[{"a":1,"b":"x"},{"a":2,"b":"y, z"}]}"#,
                "a JSON array within an object",
            ),
            (
                "cell\n\"[{\"\"a\"\":1,\"\"b\"\":\"\"x\"\"},{\"\"a\"\":2,\"\"b\"\":\"\"y, z\"\"}]\"\n",
                "a JSON array in one cell",
            ),
            (
                "cell\n\"{\"\"a\"\":1,\"\"b\"\":\"\"x\"\"}\"\n\"{\"\"a\"\":2,\"\"b\"\":\"\"y, z\"\"}\"\n",
                "one column of JSON records",
            ),
        ] {
            let (names, text, origin) = table(text).unwrap();
            assert_eq!(
                (names, text.as_str()),
                (vec!["a".to_owned(), "b".to_owned()], rows),
                "{layout}"
            );
            assert_eq!((origin.layout, origin.damage.rows), (layout, 0));
        }
        assert!(table("a,b\n1,2\n").is_none());
        assert!(table("[1,2,3]").is_none());
        assert!(table("[{\"a\"").is_none());
    }

    #[test]
    fn fields_that_come_and_go_and_lines() {
        let (names, rows, origin) =
            table("[\n{\"a\":1},\n\n{\"b\":2,\"a\":3,\"c\":[1,2]},\n{\"a\":4,\"b\":\"cut").unwrap();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(rows, "1,,\n\n3,2,\"1, 2\"\n4,,\n");
        assert_eq!((origin.damage.rows, origin.damage.samples[0].line), (1, 5));
    }
}
