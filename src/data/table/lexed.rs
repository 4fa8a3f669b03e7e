//! A whole delimited file in memory, cut into cells where they stand.
//!
//! Tables that are joined are read this way: one pass over the bytes finds every record and notes the
//! places of the wanted cells; nothing is copied. Ordinary records — each cell plain, or in quotes
//! without doubled ones — take a few searches; any other one is taken apart by [`records`], whose word
//! counts for all readers, and its cells are written over it.

mod plain;

use std::ops::Range;

use memchr::{memchr2, memchr3};

use crate::{
    base::monitor::Monitor,
    data::dataset::quality::MAX_SAMPLES,
    data::lines::ingest::PREVIEW_ROWS,
    data::open::encoding::Encoding,
    data::open::source::{self, Input},
    data::orders::PoolFull,
    data::table::chunks::{Broken, Place, Stop},
    data::table::dialect::{Dialect, Kind},
    data::table::records::{self, Form, Record, Separator},
    data::table::spans::{Span, Texts},
    data::values::text,
};

/// Larger files are read piece by piece, so that only the wanted columns take memory.
pub const MAX_BYTES: u64 = 1 << 30;
/// Rows are found again from places this far apart.
const PLACE_BYTES: usize = 64 << 10;

/// What is wanted of a file.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The columns, by position; a column the file lacks is `None`.
    pub columns: &'a [Option<usize>],
    /// The fingerprint of every row is wanted too.
    pub fingerprints: bool,
}

/// The usable rows of a file.
#[derive(Debug, Default)]
pub struct Lexed {
    /// In the order of [`Wanted::columns`], without white space around cells.
    pub texts: Texts,
    pub rows: usize,
    pub fingerprints: Vec<u32>,
    pub places: Vec<Place>,
    pub broken_rows: u64,
    /// The first ones.
    pub broken: Vec<Broken>,
    /// The first rows, every column.
    pub preview: Vec<Vec<String>>,
}

/// Why a file was not read.
#[derive(Debug)]
pub enum Refused {
    /// Something in it looks like a row and is none.
    Careful,
    Stop(Stop),
    Full(PoolFull),
}

impl<E: Into<Stop>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Stop(error.into())
    }
}

/// Whether a file is read in this way: single-byte separators, and not too large.
#[must_use]
pub fn suits(dialect: &Dialect, bytes: u64) -> bool {
    matches!(dialect.separator, Separator::Byte(_)) && bytes <= MAX_BYTES
}

/// Reads a file of [`suits`].
///
/// # Errors
/// [`Refused`] when reading fails, the text is no UTF-8, a cell is too long, or the job is cancelled.
pub fn read(
    (input, dialect): (&Input, &Dialect),
    wanted: Wanted<'_>,
    monitor: &Monitor,
) -> Result<Lexed, Refused> {
    let Separator::Byte(separator) = dialect.separator else {
        return Ok(Lexed::default());
    };
    let mut stream = input.open(dialect.data_offset)?;
    let size = input.len()?.saturating_sub(dialect.data_offset) as usize;
    let mut bytes = Vec::with_capacity(size + 1);
    stream
        .read_to_end(&mut bytes)
        .map_err(|error| source::io_error(input.path(), error))?;
    if dialect.needs_care(&bytes) {
        return Err(Refused::Careful);
    }
    let ended = bytes.last() == Some(&b'\n');
    if !ended {
        bytes.push(b'\n');
    }
    if let Some((mut lexed, spans)) = plain::read(&bytes, (dialect, separator), wanted, monitor)? {
        lexed.texts = Texts::within(text_of(bytes)?, spans);
        return Ok(lexed);
    }
    if !ended {
        bytes.pop();
    }
    let mut lexer = Lexer {
        dialect,
        separator,
        wanted,
        slots: slots(wanted.columns, dialect.names.len()),
        spans: vec![Vec::new(); wanted.columns.len()],
        cells: vec![(0, 0); dialect.names.len()],
        lexed: Lexed::default(),
        line: dialect.data_line,
    };
    lexer.run(&mut bytes, monitor)?;
    let Lexer {
        spans, mut lexed, ..
    } = lexer;
    lexed.texts = Texts::within(text_of(bytes)?, spans);
    Ok(lexed)
}

fn text_of(bytes: Vec<u8>) -> Result<String, Refused> {
    String::from_utf8(bytes).map_err(|_| Refused::Stop(Stop::WrongEncoding))
}

/// For every column of the file, which of the wanted ones it is.
fn slots(wanted: &[Option<usize>], width: usize) -> Vec<Option<usize>> {
    let mut slots = vec![None; width];
    for (slot, column) in wanted.iter().enumerate() {
        if let Some(at) = column.and_then(|column| slots.get_mut(column)) {
            *at = Some(slot);
        }
    }
    slots
}

struct Lexer<'a> {
    dialect: &'a Dialect,
    separator: u8,
    wanted: Wanted<'a>,
    slots: Vec<Option<usize>>,
    spans: Vec<Vec<Span>>,
    /// Cells of the record at hand: begin and end.
    cells: Vec<(usize, usize)>,
    lexed: Lexed,
    /// Line of the record at hand.
    line: u64,
}

impl Lexer<'_> {
    fn run(&mut self, bytes: &mut [u8], monitor: &Monitor) -> Result<(), Refused> {
        let (mut at, mut next_place) = (0, 0);
        while at < bytes.len() {
            if at >= next_place {
                monitor.check()?;
                self.lexed.places.push(Place {
                    offset: self.dialect.data_offset + at as u64,
                    line: self.line,
                    row: self.lexed.rows as u64,
                });
                if next_place == 0 {
                    self.reserve(bytes);
                }
                next_place = at + PLACE_BYTES;
            }
            at = match self.plain_record(bytes, at) {
                Some((content, next, lines)) => {
                    self.accept(bytes, content);
                    self.note(bytes).map_err(Refused::Full)?;
                    self.line += lines;
                    next
                }
                None => match self.dialect.next_record(bytes, at, true) {
                    Some((record, kind)) => self
                        .odd_record(bytes, (record, kind))
                        .map_err(Refused::Full)?,
                    None => break,
                },
            };
        }
        Ok(())
    }

    /// Makes room for as many rows as the first lines let expect.
    fn reserve(&mut self, bytes: &[u8]) {
        let head = &bytes[..bytes.len().min(PLACE_BYTES)];
        let lines = memchr::memchr_iter(b'\n', head).count().max(1);
        let rows = bytes.len() / (head.len() / lines).max(1);
        let rows = rows + rows / 16 + 16;
        for spans in &mut self.spans {
            spans.reserve_exact(rows);
        }
        if self.wanted.fingerprints {
            self.lexed.fingerprints.reserve_exact(rows);
        }
    }

    /// Finds the cells of a record: its content, where the next one begins, and how many lines it
    /// takes. `None` when something about it is not ordinary.
    #[inline]
    fn plain_record(&mut self, bytes: &[u8], at: usize) -> Option<(Range<usize>, usize, u64)> {
        let (separator, mut start, mut lines) = (self.separator, at, 1);
        let (last, before) = self.cells.split_last_mut()?;
        for cell in before {
            let end = cell_end(bytes, start, separator, &mut lines)?;
            *cell = end.content;
            if bytes.get(end.next) != Some(&separator) {
                return None;
            }
            start = end.next + 1;
        }
        let mut end = cell_end(bytes, start, separator, &mut lines)?;
        let next = match bytes.get(end.next) {
            None => end.next,
            Some(b'\n') => end.next + 1,
            Some(b'\r') if bytes.get(end.next + 1) == Some(&b'\n') => end.next + 2,
            Some(_) => return None,
        };
        let mut content = at..end.next;
        // A carriage return before the line end does not belong to a plain cell.
        if end.content.1 == end.next && content.end > start && bytes[content.end - 1] == b'\r' {
            content.end -= 1;
            end.content.1 -= 1;
        }
        *last = end.content;
        (!records::is_blank(&bytes[content.clone()], separator)).then_some((content, next, lines))
    }

    /// A usable row: its fingerprint, and what the preview shows of it.
    #[inline]
    fn accept(&mut self, bytes: &[u8], content: Range<usize>) {
        if self.wanted.fingerprints {
            let print = records::fingerprint(&bytes[content.clone()]) as u32;
            self.lexed.fingerprints.push(print);
        }
        if self.lexed.preview.len() < PREVIEW_ROWS {
            let cells = records::cells(&bytes[content], self.dialect.separator);
            let shown = cells.iter().map(|cell| {
                let text = Encoding::Utf8.decode_lossy(cell);
                text::shorten(&text, 200).into_owned()
            });
            self.lexed.preview.push(shown.collect());
        }
        self.lexed.rows += 1;
    }

    /// Notes the wanted cells of the record at hand.
    #[inline]
    fn note(&mut self, bytes: &[u8]) -> Result<(), PoolFull> {
        for (&(start, end), slot) in self.cells.iter().zip(&self.slots) {
            if let Some(slot) = *slot {
                let (start, end) = trimmed(bytes, start, end);
                self.spans[slot].push(Span::new(start, end - start)?);
            }
        }
        Ok(())
    }

    /// A record that [`records`] has to take apart; returns where the next one begins.
    #[cold]
    fn odd_record(
        &mut self,
        bytes: &mut [u8],
        (record, kind): (Record, Kind),
    ) -> Result<usize, PoolFull> {
        match kind {
            Kind::Blank | Kind::Skipped(_) => {}
            Kind::Row => {
                self.accept(bytes, record.content.clone());
                self.write_cells(bytes, record.content);
                self.note(bytes)?;
            }
            Kind::Broken => {
                self.lexed.broken_rows += 1;
                if self.lexed.broken.len() < MAX_SAMPLES {
                    let unclosed = record.form == Form::Unclosed;
                    self.lexed.broken.push(Broken {
                        offset: self.dialect.data_offset + record.content.start as u64,
                        line: self.line,
                        cells: if unclosed { 0 } else { record.cells },
                    });
                }
            }
        }
        self.line += record.lines;
        Ok(record.next)
    }

    /// Writes the cells of a record over it, one space between two of them: unquoted they are never
    /// longer than before.
    fn write_cells(&mut self, bytes: &mut [u8], content: Range<usize>) {
        let cells = records::cells(&bytes[content.clone()], self.dialect.separator);
        let cells: Vec<Vec<u8>> = cells.into_iter().map(Into::into).collect();
        let mut at = content.start;
        for (cell, place) in cells.iter().zip(&mut self.cells) {
            bytes[at..at + cell.len()].copy_from_slice(cell);
            *place = (at, at + cell.len());
            at = place.1;
            if at < content.end {
                bytes[at] = b' ';
                at += 1;
            }
        }
        bytes[at..content.end].fill(b' ');
    }
}

/// Where a cell ends.
struct End {
    /// What is in it.
    content: (usize, usize),
    /// The byte behind it.
    next: usize,
}

/// The end of an ordinary cell that begins at `start`.
#[inline]
fn cell_end(bytes: &[u8], start: usize, separator: u8, lines: &mut u64) -> Option<End> {
    let rest = &bytes[start..];
    if rest.first() != Some(&b'"') {
        let length = memchr3(separator, b'\n', b'"', rest).unwrap_or(rest.len());
        return (rest.get(length) != Some(&b'"')).then_some(End {
            content: (start, start + length),
            next: start + length,
        });
    }
    let mut length = 0;
    loop {
        length += memchr2(b'"', b'\n', &rest[1 + length..])?;
        if rest[1 + length] == b'"' {
            break;
        }
        *lines += 1;
        length += 1;
    }
    let next = start + length + 2;
    // A long or doubled one is left to the careful reader.
    if length >= LONGEST_QUOTED || bytes.get(next) == Some(&b'"') {
        return None;
    }
    let content = (start + 1, next - 1);
    Some(End { content, next })
}

const LONGEST_QUOTED: usize = records::MAX_QUOTED_BYTES / 2;

/// A cell without white space around it.
#[inline]
fn trimmed(bytes: &[u8], start: usize, end: usize) -> (usize, usize) {
    let plain = |byte: u8| (0x21..0x7F).contains(&byte);
    if start == end || plain(bytes[start]) && plain(bytes[end - 1]) {
        return (start, end);
    }
    // Text that is not UTF-8 is refused as a whole in the end.
    let Ok(text) = std::str::from_utf8(&bytes[start..end]) else {
        return (start, end);
    };
    let start = start + text.len() - text.trim_start().len();
    (start, start + text.trim().len())
}
