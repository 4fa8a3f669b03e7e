//! Files of JSON records → columns of text: a bare array, the same array in one CSV cell, one object
//! per line, an object that holds one array, or a CSV column of objects. What cannot be read is counted
//! and shown.
//!
//! The table has the line numbers of the file wherever records begin in lines of their own; records of one
//! line are numbered.

use std::borrow::Cow;

use hashbrown::HashMap;
use polars::prelude::{DataFrame, IntoColumn, StringChunkedBuilder};
use rayon::prelude::*;

use crate::{
    dataset::error::DataError,
    dataset::quality::{MAX_SAMPLES, RowSample},
    open::columns::{Columns, Damage},
    open::json_nested,
    open::json_record::{self, Field, Member, Record, Within},
    open::source::Input,
    values::text,
};

/// Bytes of a file in which its first record must stand.
const HEAD_BYTES: usize = 64 << 10;
/// Most columns of a table; damaged keys must not make more.
const MAX_COLUMNS: usize = 256;
/// Records that are searched for rows within them.
const LOOKED_AT: usize = 200;
/// Longest find shown in a sample.
const FOUND_CHARACTERS: usize = 120;

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

/// The (folded) fields of the first record, when the text is JSON-ish and its first record can be read.
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
pub fn as_table(input: &Input, head: &[u8]) -> Result<Option<Columns>, DataError> {
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
        whole.then(|| json_record::records_within(body)).flatten()
    };
    let wrapped = body.starts_with('{').then(wrapped).flatten();
    let above = |part: &str| newlines(&body[..part.as_ptr() as usize - body.as_ptr() as usize]);
    match layout {
        _ if let Some(Within::Array(array)) = wrapped => {
            table.sequence(array, line + above(array));
            table.layout = "a JSON array within an object";
        }
        _ if let Some(Within::Dictionary(records)) = wrapped => {
            for record in json_record::members(records).unwrap_or_default() {
                table.keyed(&record, line + above(record.value));
            }
            table.layout = "a JSON object with a record under each key";
        }
        Layout::Lines => table.lines(body, line),
        Layout::Sequence { quoted: true } => table.sequence(&unquoted(body), line),
        Layout::Sequence { quoted: false } => table.sequence(body, line),
    }
    if table.layout.is_empty() {
        table.layout = layout.title(has_header);
    }
    Ok(table.finish())
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
    columns: Vec<StringChunkedBuilder>,
    /// Line of each row.
    lines: Vec<u64>,
    /// Cells of the row at hand.
    cells: Vec<Option<String>>,
    damage: Damage,
    /// The arrays within a record whose elements are the rows.
    path: Vec<json_nested::Step>,
    /// Whether the key of a record says what its fields do not.
    has_keys: bool,
}

impl Builder {
    fn new(file: String) -> Self {
        Self {
            file,
            layout: "",
            names: Vec::new(),
            known: HashMap::new(),
            columns: Vec::new(),
            lines: Vec::new(),
            cells: Vec::new(),
            damage: Damage::default(),
            path: Vec::new(),
            has_keys: false,
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
        for ((number, line), record) in lines.iter().zip(records) {
            let Some((start, record)) = record else {
                self.damaged(*number, line);
                continue;
            };
            let behind = line[start + record.length..].trim_matches([',', '"', ' ', '\t']);
            let damage = record.damage.map(|at| &line[start + at..]);
            let damage = damage.or((!behind.is_empty()).then_some(behind));
            self.take(&line[start..start + record.length], record.fields, *number);
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
            at = start + record.length;
            self.take(&text[start..at], record.fields, line);
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

    /// A record under a key, which is its id where no field says so.
    fn keyed(&mut self, record: &Member<'_>, line: u64) {
        let mut fields = json_record::read(record.value).fields;
        if self.lines.is_empty() {
            self.has_keys = fields.iter().all(|field| field.text != record.key);
        }
        if self.has_keys {
            let (name, text) = ("id".into(), record.key.clone());
            fields.insert(0, Field { name, text });
        }
        self.take(record.value, fields, line);
    }

    /// Takes a record, or the rows within it.
    fn take(&mut self, text: &str, fields: Vec<Field<'_>>, line: u64) {
        if self.path.is_empty() && self.lines.len() < LOOKED_AT {
            self.path = json_nested::path_of(text);
        }
        let rows = json_nested::rows(text, &self.path, fields);
        for fields in rows {
            self.push(fields, line);
        }
    }

    /// Takes fields as a row of this line, or of the next one that has no row yet.
    fn push(&mut self, fields: Vec<Field<'_>>, line: u64) {
        if fields.is_empty() {
            return;
        }
        let mut expected = 0;
        for field in fields {
            let (name, value) = named(&field.name, &field.text);
            let Some(column) = self.column(name, expected) else {
                continue;
            };
            expected = column + 1;
            self.cells[column] = Some(text::trim(value).to_owned());
        }
        let next = self.lines.last().map_or(0, |line| line + 1);
        self.lines.push(line.max(next));
        for (column, cell) in self.columns.iter_mut().zip(&mut self.cells) {
            column.append_value(cell.take().unwrap_or_default());
        }
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
        let mut column = StringChunkedBuilder::new(wanted.as_ref().into(), 0);
        for _ in &self.lines {
            column.append_value("");
        }
        self.columns.push(column);
        self.names.push(wanted.into_owned());
        self.cells.push(None);
        Some(self.names.len() - 1)
    }

    fn finish(self) -> Option<Columns> {
        let columns = self.columns.into_iter();
        let columns = columns.map(|column| column.finish().into_column());
        let frame = DataFrame::new(self.lines.len(), columns.collect()).ok()?;
        (frame.height() > 0).then_some(Columns {
            frame,
            lines: self.lines,
            layout: self.layout,
            damage: Some(self.damage),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Option<Columns> {
        let input = Input::memory("x.json", b"").holding(text.as_bytes().to_vec());
        as_table(&input, text.as_bytes()).unwrap()
    }

    fn rows(table: &Columns) -> Vec<String> {
        let cells = table.cells(0..table.rows()).into_iter();
        cells.map(|cells| cells.join("|")).collect()
    }

    #[test]
    fn records_in_every_layout() {
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
            let table = table(text).unwrap();
            assert_eq!(table.frame.get_column_names(), ["a", "b"], "{layout}");
            assert_eq!(rows(&table), ["1|x", "2|y, z"], "{layout}");
            assert_eq!((table.layout, table.damage.unwrap().rows), (layout, 0));
        }
        assert!(table("a,b\n1,2\n").is_none());
        assert!(table("[1,2,3]").is_none());
        assert!(table("[{\"a\"").is_none());
    }

    #[test]
    fn fields_that_come_and_go_and_lines() {
        let text = "[\n{\"a\":1},\n\n{\"b\":2,\"a\":3,\"c\":[1,2]},\n{\"a\":4,\"b\":\"cut";
        let table = table(text).unwrap();
        assert_eq!(table.frame.get_column_names(), ["a", "b", "c"]);
        assert_eq!(rows(&table), ["1||", "3|2|1, 2", "4||"]);
        assert_eq!(table.lines, [2, 4, 5]);
        let damage = table.damage.unwrap();
        assert_eq!((damage.rows, damage.samples[0].line), (1, 5));
    }
}
