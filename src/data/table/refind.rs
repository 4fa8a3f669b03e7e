//! Finding records of a file again: the first ones for guessing, single ones for the report, all of
//! them for an export. Rows are numbered as [`crate::table::rows::for_each_batch`] numbers them.

use std::{borrow::Cow, ops::Range, path::PathBuf};

use crate::{
    dataset::error::DataError,
    open::columns::Columns,
    open::encoding::Encoding,
    open::source::{self, Input},
    orders::TextPool,
    table::chunks::{self, Broken, Place, Plan},
    table::dialect::{Dialect, Kind},
    table::records,
};
use base::monitor::Monitor;

/// The first usable rows of a file as text (invalid bytes shown as �): for guessing.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn first_rows(
    input: &Input,
    dialect: &Dialect,
    limit: usize,
) -> Result<Vec<Vec<String>>, DataError> {
    let mut rows = Vec::new();
    for_first_rows(input, dialect, limit, |cells| {
        let cells = cells.iter();
        rows.push(
            cells
                .map(|cell| Encoding::Windows1252.decode_cell(cell).into_owned())
                .collect(),
        );
    })?;
    Ok(rows)
}

/// The first usable rows of a file by column, as text: cells that are not UTF-8 are read as
/// Windows-1252.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn first_columns(
    input: &Input,
    dialect: &Dialect,
    limit: usize,
) -> Result<Vec<TextPool>, DataError> {
    let mut columns = vec![TextPool::default(); dialect.names.len()];
    let mut failed = None;
    for_first_rows(input, dialect, limit, |cells| {
        for (column, cell) in columns.iter_mut().zip(cells) {
            let cell = Encoding::Windows1252.decode_cell(cell);
            failed = failed.or(column.push(&cell).err());
        }
    })?;
    match failed {
        Some(full) => Err(source::too_large(input.path(), full)),
        None => Ok(columns),
    }
}

/// Calls `take` with the cells of the first usable rows of a file.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn for_first_rows(
    input: &Input,
    dialect: &Dialect,
    limit: usize,
    mut take: impl FnMut(&[Cow<'_, [u8]>]),
) -> Result<(), DataError> {
    if let Some(columns) = &dialect.columns {
        take_rows(columns, 0..limit, &mut take);
        return Ok(());
    }
    let plan = first_plan(input, dialect);
    let mut bytes = first_bytes(limit);
    loop {
        let (buffer, at_end) = read_from(&plan, dialect.data_offset, bytes)?;
        let enough = at_end || bytes >= MAX_FIRST_BYTES;
        let records = usable_records(&buffer, at_end, dialect, limit);
        if records.len() < limit && !enough {
            bytes = MAX_FIRST_BYTES.min(bytes * 4);
            continue;
        }
        for content in records {
            take(&records::cells(&buffer[content], dialect.separator));
        }
        return Ok(());
    }
}

/// Parts of a file that rows are taken from beside its first ones.
const LATER_SHARES: [f64; 3] = [0.35, 0.7, 1.0];
/// Bytes read there.
const LATER_BYTES: u64 = 48 << 10;

/// Rows from later parts of a large file, with as many cells as it has columns: what the first rows say
/// need not hold further down (a shop's first year knows no second item).
///
/// A part may begin within a quoted cell; rows that are cut wrongly there have another width and are left
/// out. Smaller files give nothing: their first rows are most of them. No row is taken twice, or ids that
/// never repeat would seem to: `behind` is how many bytes of data the first rows have at most,
/// or how many rows of a table that comes in columns they are.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn for_later_rows(
    input: &Input,
    dialect: &Dialect,
    behind: u64,
    limit: usize,
    mut take: impl FnMut(&[Cow<'_, [u8]>]),
) -> Result<(), DataError> {
    if let Some(columns) = &dialect.columns {
        let (rows, mut taken) = (columns.rows(), behind as usize);
        for share in LATER_SHARES {
            let from = ((rows as f64 * share) as usize).min(rows.saturating_sub(limit));
            let from = from.max(taken).min(rows);
            taken = rows.min(from + limit);
            take_rows(columns, from..taken, &mut take);
        }
        return Ok(());
    }
    let size = input.len()?;
    if size < 4 * LATER_BYTES {
        return Ok(());
    }
    let plan = first_plan(input, dialect);
    let mut taken = dialect.data_offset + behind;
    for share in LATER_SHARES {
        let from = ((size as f64 * share) as u64).min(size - LATER_BYTES);
        let from = from.max(taken);
        if from >= size {
            break;
        }
        taken = from + LATER_BYTES;
        let (buffer, at_end) = read_from(&plan, from, LATER_BYTES as usize)?;
        let Some(start) = memchr::memchr(b'\n', &buffer) else {
            continue;
        };
        let buffer = &buffer[start + 1..];
        for content in usable_records(buffer, at_end, dialect, limit) {
            take(&records::cells(&buffer[content], dialect.separator));
        }
    }
    Ok(())
}

/// Calls `take` with the cells of some rows of a table that comes in columns.
fn take_rows(columns: &Columns, rows: Range<usize>, take: &mut impl FnMut(&[Cow<'_, [u8]>])) {
    for cells in columns.cells(rows) {
        let cells = cells.into_iter().map(|cell| Cow::Owned(cell.into_bytes()));
        take(&cells.collect::<Vec<_>>());
    }
}

fn first_plan<'a>(input: &'a Input, dialect: &'a Dialect) -> Plan<'a> {
    Plan {
        input,
        dialect,
        encoding: Encoding::Utf8,
        piece_bytes: 256 << 10,
        block_bytes: chunks::BLOCK_BYTES,
    }
}

/// Bytes to look for so many rows in: they are mostly short, so that few are read first.
fn first_bytes(rows: usize) -> usize {
    (rows * USUAL_ROW_BYTES).clamp(LEAST_FIRST_BYTES, MAX_FIRST_BYTES)
}

/// The first rows are looked for in at least, and in at most, so many bytes.
const LEAST_FIRST_BYTES: usize = 16 << 10;
const MAX_FIRST_BYTES: usize = 2 << 20;
const USUAL_ROW_BYTES: usize = 192;

/// Where the first usable records of a buffer stand.
fn usable_records(
    buffer: &[u8],
    at_end: bool,
    dialect: &Dialect,
    limit: usize,
) -> Vec<Range<usize>> {
    let (mut at, mut found) = (0, Vec::new());
    while found.len() < limit
        && let Some((record, kind)) = dialect.next_record(buffer, at, at_end)
    {
        at = record.next;
        if kind == Kind::Row {
            found.push(record.content);
        }
    }
    found
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
    Finder::default().row(plan, places, row)
}

/// Reads single rows again, quickest in the order of the file: what was read for one row is kept for
/// the next.
#[derive(Debug, Default)]
pub struct Finder {
    held: Option<Held>,
}

/// The text read last, and how far the rows in it are counted.
#[derive(Debug)]
struct Held {
    path: PathBuf,
    place: Place,
    buffer: Vec<u8>,
    /// The file ends with the buffer.
    at_end: bool,
    /// The record at byte `at` begins in this line and is the row of this number, if it is usable.
    at: usize,
    line: u64,
    row: u64,
}

impl Finder {
    /// Reads one usable row again; `None` when the file has changed meanwhile.
    ///
    /// # Errors
    /// [`DataError`] when reading fails.
    pub fn row(
        &mut self,
        plan: &Plan<'_>,
        places: &[Place],
        row: u64,
    ) -> Result<Option<Found>, DataError> {
        if let Some(columns) = &plan.dialect.columns {
            let at = row as usize;
            let mut rows = columns.cells(at..at + 1).into_iter();
            return Ok(rows.next().map(|cells| Found {
                line: columns.line(at),
                cells,
            }));
        }
        let index = places.partition_point(|place| place.row <= row);
        let Some(&place) = index.checked_sub(1).and_then(|index| places.get(index)) else {
            return Ok(None);
        };
        let same = |held: &Held| held.place == place && held.path == plan.input.path();
        let mut held = match self.held.take().filter(same) {
            Some(held) if held.row <= row => held,
            Some(held) => held.rewound(),
            // Sampled rows mostly stand near the beginning of a piece: read little first.
            None => Held::read(plan, place, FIRST_LOOK_BYTES)?,
        };
        let mut found = held.find(plan, row);
        let most = 2 * plan.piece_bytes + records::MAX_QUOTED_BYTES;
        while found.is_none() && !held.at_end && held.buffer.len() <= most {
            held = Held::read(plan, place, held.buffer.len() * 8)?;
            found = held.find(plan, row);
        }
        self.held = Some(held);
        Ok(found)
    }
}

const FIRST_LOOK_BYTES: usize = 64 << 10;

impl Held {
    fn read(plan: &Plan<'_>, place: Place, bytes: usize) -> Result<Self, DataError> {
        let (buffer, at_end) = read_from(plan, place.offset, bytes)?;
        let held = Self {
            path: plan.input.path().to_path_buf(),
            place,
            buffer,
            at_end,
            at: 0,
            line: 0,
            row: 0,
        };
        Ok(held.rewound())
    }

    fn rewound(self) -> Self {
        Self {
            at: 0,
            line: self.place.line,
            row: self.place.row,
            ..self
        }
    }

    /// Walks on to a row that is not passed yet.
    fn find(&mut self, plan: &Plan<'_>, row: u64) -> Option<Found> {
        let separator = plan.dialect.separator;
        while let Some((record, kind)) =
            plan.dialect.next_record(&self.buffer, self.at, self.at_end)
        {
            let usable = kind == Kind::Row;
            if usable && self.row == row {
                let cells = records::cells(&self.buffer[record.content], separator);
                let cells = cells
                    .iter()
                    .map(|cell| plan.encoding.decode_lossy(cell).into_owned());
                return Some(Found {
                    line: self.line,
                    cells: cells.collect(),
                });
            }
            self.row += u64::from(usable);
            self.line += record.lines;
            self.at = record.next;
        }
        None
    }
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

/// Rows of a table that comes in columns that are made text at once.
const ROWS_AT_ONCE: usize = 4096;

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
    if let Some(columns) = &dialect.columns {
        for from in (0..columns.rows()).step_by(ROWS_AT_ONCE) {
            monitor.check()?;
            let rows = columns.cells(from..from + ROWS_AT_ONCE);
            for (row, cells) in (from..).zip(rows) {
                take(Whole {
                    line: columns.line(row),
                    row: Some(row as u64),
                    bytes: &Columns::as_csv(&cells),
                });
            }
        }
        return Ok(());
    }
    let (mut offset, mut line, mut row) = (dialect.data_offset, dialect.data_line, 0);
    let mut bytes = plan.piece_bytes;
    loop {
        monitor.check()?;
        let (buffer, at_end) = read_from(plan, offset, bytes)?;
        let mut at = 0;
        while let Some((record, kind)) = dialect.next_record(&buffer, at, at_end) {
            let usable = kind == Kind::Row;
            if usable || kind == Kind::Broken {
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
