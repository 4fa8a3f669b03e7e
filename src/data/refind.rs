//! Finding records of a file again: the first ones for guessing, single ones for the report, all of
//! them for an export. Rows are numbered as [`super::chunks::for_each_piece`] numbers them.

use super::{
    chunks::{self, Broken, Place, Plan},
    encoding::Encoding,
    error::DataError,
    monitor::Monitor,
    records::{self, Form},
    sniff::Dialect,
    source::{self, Input},
};

/// The first usable rows of a file as text (invalid bytes shown as �): for guessing.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn first_rows(
    input: &Input,
    dialect: &Dialect,
    limit: usize,
) -> Result<Vec<Vec<String>>, DataError> {
    let plan = Plan {
        input,
        dialect,
        encoding: Encoding::Utf8,
        piece_bytes: 256 << 10,
        block_bytes: chunks::BLOCK_BYTES,
    };
    // Rows are mostly short: read little first.
    let mut bytes = 128 << 10;
    loop {
        let (buffer, at_end) = read_from(&plan, dialect.data_offset, bytes)?;
        let rows = rows_in(&buffer, at_end, dialect, limit);
        if rows.len() == limit || at_end || bytes >= MAX_FIRST_BYTES {
            return Ok(rows);
        }
        bytes = MAX_FIRST_BYTES.min(bytes * 4);
    }
}

/// The first rows are looked for in so many bytes.
const MAX_FIRST_BYTES: usize = 2 << 20;

fn rows_in(buffer: &[u8], at_end: bool, dialect: &Dialect, limit: usize) -> Vec<Vec<String>> {
    let (mut at, mut rows) = (0, Vec::new());
    while rows.len() < limit
        && let Some(record) = records::next_record(buffer, at, dialect.separator, at_end)
    {
        if record.cells == dialect.names.len()
            && !matches!(record.form, Form::Blank | Form::Unclosed)
        {
            let cells = records::cells(&buffer[record.content], dialect.separator);
            rows.push(
                cells
                    .iter()
                    .map(|cell| Encoding::Windows1252.decode_cell(cell))
                    .collect(),
            );
        }
        at = record.next;
    }
    rows
}

/// A row found again: its line and its cells as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub line: u64,
    pub cells: Vec<String>,
}

/// Reads one usable row again; `None` when the file has changed meanwhile.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn find_row(plan: &Plan<'_>, places: &[Place], row: u64) -> Result<Option<Found>, DataError> {
    let index = places.partition_point(|place| place.row <= row);
    let Some(place) = index.checked_sub(1).and_then(|index| places.get(index)) else {
        return Ok(None);
    };
    // Sampled rows mostly stand near the beginning of a piece: read little first.
    let mut bytes = FIRST_LOOK_BYTES;
    loop {
        let (buffer, at_end) = read_from(plan, place.offset, bytes)?;
        let found = find_in(&buffer, at_end, plan, (place, row));
        if found.is_some() || at_end || bytes > 2 * plan.piece_bytes + records::MAX_QUOTED_BYTES {
            return Ok(found);
        }
        bytes *= 8;
    }
}

const FIRST_LOOK_BYTES: usize = 256 << 10;

fn find_in(
    buffer: &[u8],
    at_end: bool,
    plan: &Plan<'_>,
    (place, row): (&Place, u64),
) -> Option<Found> {
    let separator = plan.dialect.separator;
    let (mut at, mut line, mut passed) = (0, place.line, place.row);
    while let Some(record) = records::next_record(buffer, at, separator, at_end) {
        let usable = record.cells == plan.dialect.names.len()
            && !matches!(record.form, Form::Blank | Form::Unclosed);
        if usable && passed == row {
            let cells = records::cells(&buffer[record.content], separator);
            let cells = cells
                .iter()
                .map(|cell| plan.encoding.decode_lossy(cell).into_owned());
            return Some(Found {
                line,
                cells: cells.collect(),
            });
        }
        passed += u64::from(usable);
        line += record.lines;
        at = record.next;
    }
    None
}

/// A record as its file holds it.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// Line in the file, from 1.
    pub line: u64,
    /// Number among the usable rows of the file, from 0; `None` for a broken record.
    pub row: Option<u64>,
    /// Its bytes without the line end.
    pub bytes: &'a [u8],
}

/// Walks over all records of a file but blank ones, in order, numbering rows as reading does.
///
/// # Errors
/// [`DataError`] when reading fails or the job is cancelled.
pub fn for_each_record(
    plan: &Plan<'_>,
    monitor: &Monitor,
    mut take: impl FnMut(Whole<'_>),
) -> Result<(), DataError> {
    let dialect = plan.dialect;
    let (mut offset, mut line, mut row) = (dialect.data_offset, dialect.data_line, 0);
    let mut bytes = plan.piece_bytes;
    loop {
        monitor.check()?;
        let (buffer, at_end) = read_from(plan, offset, bytes)?;
        let mut at = 0;
        while let Some(record) = records::next_record(&buffer, at, dialect.separator, at_end) {
            if record.form != Form::Blank {
                let usable = record.cells == dialect.names.len() && record.form != Form::Unclosed;
                take(Whole {
                    line,
                    row: usable.then_some(row),
                    bytes: &buffer[record.content],
                });
                row += u64::from(usable);
            }
            line += record.lines;
            at = record.next;
        }
        if at_end {
            return Ok(());
        }
        // Not one whole record: a cell is larger than the piece.
        bytes = if at == 0 { bytes * 2 } else { plan.piece_bytes };
        offset += at as u64;
    }
}

/// The text of a broken record.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn find_broken(plan: &Plan<'_>, broken: &Broken) -> Result<String, DataError> {
    let mut head = vec![0; 4096];
    let mut stream = plan.input.open(broken.offset)?;
    let read = source::fill(&mut *stream, &mut head, plan.input.path())?;
    let line = head[..read]
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    Ok(plan
        .encoding
        .decode_lossy(line.trim_ascii_end())
        .into_owned())
}

fn read_from(plan: &Plan<'_>, offset: u64, bytes: usize) -> Result<(Vec<u8>, bool), DataError> {
    let mut stream = plan.input.open(offset)?;
    let mut buffer = Vec::new();
    let place = (&mut buffer, plan.input.path());
    let read = source::append(&mut *stream, bytes, place)?;
    Ok((buffer, read < bytes))
}
