//! Files of JSON-ish records → a [`SmallTable`]: a bare array, the same array in one CSV cell, one
//! object per line, or a CSV column of such objects. What cannot be read is counted and shown.

mod parts;

use std::borrow::Cow;

use crate::{
    data::dataset::Role,
    data::dataset::error::DataError,
    data::dataset::quality::{MAX_SAMPLES, RowSample},
    data::lines::ingest::{PREVIEW_ROWS, Read},
    data::open::encoding::{self, Encoding},
    data::open::json_text::{self, Object},
    data::open::source::{self, Input},
    data::orders::PoolFull,
    data::roles::reason::Guess,
    data::shapes::{Job, Sniffed},
    data::table::small::{self, SmallTable},
    data::table::spans::Texts,
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
    let body = &text[start..];
    if body.starts_with('[') {
        return Some((Layout::Sequence { quoted: false }, start));
    }
    if body.starts_with('{') {
        let first = &text[start..line_end(start)];
        let layout = if first.contains('}') {
            Layout::Lines
        } else {
            Layout::Sequence { quoted: false }
        };
        return Some((layout, start));
    }
    // A header line, then the records.
    let rest = line_end(start);
    let at = text.len() - text[rest..].trim_start().len();
    let body = &text[at..];
    if body.starts_with("\"[") {
        Some((Layout::Sequence { quoted: true }, at))
    } else if body.starts_with('[') {
        Some((Layout::Sequence { quoted: false }, at))
    } else if body.starts_with('{') || body.starts_with("\"{") {
        Some((Layout::Lines, at))
    } else {
        None
    }
}

/// A CSV cell without its quotes; unquoted text as it is.
fn unquoted(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix('"') {
        None => Cow::Borrowed(cell),
        Some(inner) => {
            let mut plain = String::with_capacity(inner.len());
            unquote(inner, &mut plain);
            Cow::Owned(plain)
        }
    }
}

/// Appends what stands behind the opening quote of a CSV cell, without the closing one and with
/// doubled ones made single.
fn unquote(inner: &str, plain: &mut String) {
    let inner = inner.trim_end();
    let mut rest = inner.strip_suffix('"').unwrap_or(inner);
    while let Some(quote) = memchr::memchr(b'"', rest.as_bytes()) {
        plain.push_str(&rest[..=quote]);
        rest = &rest[quote + 1..];
        rest = rest.strip_prefix('"').unwrap_or(rest);
    }
    plain.push_str(rest);
}

/// Name and value of a field: one under the empty key may name itself.
fn named<'a>(key: &'a str, value: &'a str) -> (&'a str, &'a str) {
    match key {
        "" => json_text::tagged(value).unwrap_or(("unnamed", value)),
        key => (key, value),
    }
}

/// The (folded) fields of the first record, when the file is JSON-ish and its first record can be read.
#[must_use]
pub fn column_names(input: &Input) -> Option<Vec<String>> {
    let mut head = vec![0; HEAD_BYTES];
    let read = source::fill(&mut *input.open(0).ok()?, &mut head, input.path()).ok()?;
    let text = String::from_utf8_lossy(&head[..read]);
    let (layout, start) = layout(&text)?;
    let records = match layout {
        Layout::Sequence { quoted: false } => Cow::Borrowed(&text[start..]),
        Layout::Sequence { quoted: true } => unquoted(&text[start..]),
        Layout::Lines => unquoted(text[start..].lines().next()?),
    };
    let object = json_text::next_object(&records, 0)?;
    let names = object.fields.iter();
    let names: Vec<String> = names
        .map(|(key, value)| text::fold(named(key, value).0))
        .collect();
    (names.len() > 1).then_some(names)
}

/// Reads all records with all their fields.
///
/// # Errors
/// [`DataError`] when the file cannot be read or holds no record.
pub fn read(file: &Sniffed, job: &Job<'_>) -> Result<(SmallTable, Damage), DataError> {
    let stage = format!("Reading {}", file.input.name());
    job.monitor.progress(stage, 0, job.bytes_total);
    let (text, encoding) = whole_text(&file.input, job)?;
    let Some((layout, start)) = layout(&text) else {
        return Err(no_record(file, &text));
    };
    let line = 1 + newlines(&text[..start]);
    let records = match layout {
        Layout::Lines => parts::lines(file, (&text[start..], line), job)?,
        Layout::Sequence { quoted: true } => {
            parts::sequence(file, (&unquoted(&text[start..]), line), job)?
        }
        Layout::Sequence { quoted: false } => parts::sequence(file, (&text[start..], line), job)?,
    };
    if records.rows == 0 {
        return Err(no_record(file, &text[start..]));
    }
    let has_header = !text[..start]
        .trim_matches(['\u{feff}', ' ', '\r', '\n'])
        .is_empty();
    Ok(records.finish(file, encoding, layout.title(has_header)))
}

fn no_record(file: &Sniffed, text: &str) -> DataError {
    DataError::Unreadable {
        path: file.input.path().to_path_buf(),
        problem: format!(
            "no JSON record could be read: expected objects such as {{\"id\":1,…}}; found `{}`",
            text::shorten(text.trim(), 60)
        ),
        advice: "Export the table again, or as plain CSV".to_owned(),
    }
}

fn whole_text(input: &Input, job: &Job<'_>) -> Result<(String, Encoding), DataError> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut input.open(0)?, &mut bytes)
        .map_err(|error| source::io_error(input.path(), error))?;
    job.monitor.check()?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((text, Encoding::Utf8)),
        Err(error) => {
            let encoding = encoding::survey(input, job.monitor)?;
            let text = encoding.decode_lossy(error.as_bytes()).into_owned();
            Ok((text, encoding))
        }
    }
}

fn newlines(text: &str) -> u64 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64
}

/// Bytes between two records that belong there least.
fn between(part: &str) -> usize {
    part.trim_matches([',', '[', ']', ' ', '\t', '\r', '\n'])
        .len()
}

/// Records read between two looks at whether the job is cancelled.
const ROWS_PER_CHECK: usize = 4096;

/// Columns in the making.
struct Records {
    file: String,
    names: Vec<String>,
    texts: Texts,
    rows: usize,
    damage: Damage,
    path: std::path::PathBuf,
}

impl Records {
    fn new(file: &Sniffed) -> Self {
        Self {
            file: file.input.name(),
            names: Vec::new(),
            texts: Texts::default(),
            rows: 0,
            damage: Damage::default(),
            path: file.input.path().to_path_buf(),
        }
    }

    /// One record on each line.
    fn lines(&mut self, text: &str, first: u64, job: &Job<'_>) -> Result<(), DataError> {
        let mut plain = String::new();
        for (index, line) in text.lines().enumerate() {
            let line = text::trim(line);
            if line.is_empty() {
                continue;
            }
            if index % ROWS_PER_CHECK == 0 {
                job.monitor.check()?;
            }
            let line_number = first + index as u64;
            let line = match line.strip_prefix('"') {
                Some(inner) => {
                    plain.clear();
                    unquote(inner, &mut plain);
                    plain.as_str()
                }
                None => line,
            };
            let Some(object) = json_text::next_object(line, 0) else {
                self.damaged(line_number, line);
                continue;
            };
            let behind = line[object.end..].trim_matches([',', '"', ' ', '\t']);
            let damage = object.damage.map(|at| &line[at..]);
            let damage = damage.or((!behind.is_empty()).then_some(behind));
            self.push(&object)?;
            if let Some(damage) = damage {
                self.damaged(line_number, damage);
            }
        }
        Ok(())
    }

    /// Records one after the other, up to the end of the array.
    fn sequence(&mut self, text: &str, first: u64, job: &Job<'_>) -> Result<(), DataError> {
        let (mut at, mut line, mut last_damaged) = (0, first, false);
        while let Some(object) = json_text::next_object(text, at) {
            if self.rows.is_multiple_of(ROWS_PER_CHECK) {
                job.monitor.check()?;
            }
            let gap = &text[at..object.start];
            line += newlines(gap);
            last_damaged = object.damage.is_some();
            if let Some(damage) = object.damage {
                self.damaged(
                    line + newlines(&text[object.start..damage]),
                    &text[damage..],
                );
            } else if between(gap) > 0 {
                self.damaged(line, gap);
            }
            self.push(&object)?;
            line += newlines(&text[object.start..object.end]);
            at = object.end;
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
        Ok(())
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

    fn push(&mut self, object: &Object<'_>) -> Result<(), DataError> {
        self.try_push(object)
            .map_err(|full| small::too_large(&self.path, full))
    }

    fn try_push(&mut self, object: &Object<'_>) -> Result<(), PoolFull> {
        if object.fields.is_empty() {
            return Ok(());
        }
        let mut expected = 0;
        for (key, value) in &object.fields {
            let (name, value) = named(key, value);
            let Some(column) = self.column(name, expected) else {
                continue;
            };
            expected = column + 1;
            self.texts.push(column, text::trim(value))?;
        }
        self.rows += 1;
        for column in 0..self.names.len() {
            self.texts.pad(column, self.rows);
        }
        Ok(())
    }

    /// The column for a field of the current record. A name that comes again within the record gets
    /// a column of its own, so that no value is lost.
    fn column(&mut self, name: &str, expected: usize) -> Option<usize> {
        let free = |records: &Self, at: usize| records.texts.len(at) == records.rows;
        // Records mostly have the same fields in the same order.
        if self.names.get(expected).is_some_and(|known| known == name) && free(self, expected) {
            return Some(expected);
        }
        let mut wanted = Cow::Borrowed(name);
        for repetition in 2.. {
            match self.names.iter().position(|known| *known == wanted) {
                Some(at) if free(self, at) => return Some(at),
                Some(_) => wanted = Cow::Owned(format!("{name} ({repetition})")),
                None => break,
            }
        }
        if self.names.len() == MAX_COLUMNS {
            return None;
        }
        self.names.push(wanted.into_owned());
        self.texts.add_column();
        self.texts.pad(self.names.len() - 1, self.rows);
        Some(self.names.len() - 1)
    }

    fn finish(
        self,
        file: &Sniffed,
        encoding: Encoding,
        layout: &'static str,
    ) -> (SmallTable, Damage) {
        let mut dialect = file.dialect.clone();
        dialect.names.clone_from(&self.names);
        dialect.repeated_names = Vec::new();
        let width = self.names.len();
        let preview = (0..self.rows.min(PREVIEW_ROWS)).map(|row| {
            let cells = (0..width).map(|column| self.texts.get(row, column));
            cells
                .map(|cell| text::shorten(cell, 200).into_owned())
                .collect()
        });
        let read = Read {
            input: file.input.clone(),
            dialect,
            encoding,
            guesses: vec![Guess::said(Role::Ignored, "read by no analysis"); width],
            formats: vec![String::new(); width],
            first_row: 0,
            rows: self.rows as u64,
            places: Vec::new(),
            broken_rows: 0,
            broken: Vec::new(),
            remarks: Vec::new(),
            preview: preview.collect(),
            layout: Some(layout),
        };
        let table = SmallTable::of_texts(self.texts, self.rows, read);
        (table, self.damage)
    }
}
