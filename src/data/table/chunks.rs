//! A delimited file in pieces: a thread reads and cuts while the other cores parse and encode.
//!
//! A piece ends with a whole record. Its bytes are handed to polars as they are whenever every
//! record is regular; otherwise the good records are rewritten first, and the others are reported.

mod scan;

use std::{cell::RefCell, path::Path, sync::mpsc::sync_channel, thread};

use crate::{
    base::monitor::{Cancelled, Monitor},
    data::dataset::error::DataError,
    data::open::encoding::Encoding,
    data::open::source::{self, Input, Stream},
    data::table::dialect::Dialect,
    data::table::records::Separator,
};
use scan::{Scan, for_polars};

use crate::data::table::{direct::quotes, records, skipped::Skipped};

/// What polars always gets to see first. It keeps the first bytes of a piece from being taken for
/// the signature of a compressed file.
pub const HEADER: &[u8] = b"h\n";

/// Where a record that cannot be used stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Byte in the file.
    pub offset: u64,
    /// Line in the file, from 1.
    pub line: u64,
    /// Cells found; 0 for a quote that was never closed.
    pub cells: usize,
}

/// Where a piece stands in its file, enough to find one of its records again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Byte of the first record.
    pub offset: u64,
    /// Line of the first record, from 1.
    pub line: u64,
    /// Number of the first usable row within the file, from 0.
    pub row: u64,
}

/// A run of whole records.
#[derive(Debug)]
pub struct Piece {
    pub place: Place,
    /// [`HEADER`] and the usable records, each ended by a newline, ready for polars.
    pub text: Vec<u8>,
    /// Cells are separated by this byte in `text`.
    pub separator: u8,
    /// Usable rows.
    pub rows: usize,
    /// Lines of the file it takes.
    pub lines: u64,
    /// One fingerprint per usable row, of its bytes in the file.
    pub fingerprints: Vec<u32>,
    pub broken: Vec<Broken>,
    /// Lines are counted from the beginning of the piece.
    pub skipped: Skipped,
    /// Bytes of the file read so far.
    pub bytes_read: u64,
}

/// A run of whole lines without any quote, as the file holds them.
#[derive(Debug, Default)]
pub struct Block {
    /// [`HEADER`] and the lines, each ended by a newline.
    pub text: Vec<u8>,
    /// Byte of the first line in the file.
    pub offset: u64,
    /// Bytes of the file read so far.
    pub bytes_read: u64,
}

/// A part of a file as [`for_each_cut`] hands it out.
#[derive(Debug)]
pub enum Cut {
    Block(Block),
    /// Lines and rows are counted from the beginning of the piece.
    Piece(Piece),
}

/// Why reading stopped.
#[derive(Debug)]
pub enum Stop {
    Error(DataError),
    /// A byte sequence that the assumed encoding does not know.
    WrongEncoding,
}

impl From<DataError> for Stop {
    fn from(error: DataError) -> Self {
        Self::Error(error)
    }
}

impl From<Cancelled> for Stop {
    fn from(cancelled: Cancelled) -> Self {
        Self::Error(cancelled.into())
    }
}

/// How a file is to be cut.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    pub input: &'a Input,
    pub dialect: &'a Dialect,
    pub encoding: Encoding,
    /// Bytes per piece, and per block; tests use small ones.
    pub piece_bytes: usize,
    pub block_bytes: usize,
}

/// Usual size of a piece: large enough to keep every core busy, small enough for a few in memory.
pub const PIECE_BYTES: usize = 8 << 20;

/// Usual size of a block: it and its columns fit a processor's own cache.
pub const BLOCK_BYTES: usize = 512 << 10;
/// A small file is cut into about so many blocks, so that every core has some…
const LEAST_BLOCKS: u64 = 32;
/// …but into none smaller than this.
const LEAST_BLOCK_BYTES: u64 = 64 << 10;

/// A file of at most so many bytes is read in steps: starting a thread for it, and waiting for that, takes
/// longer.
pub const SMALL_BYTES: u64 = 4 << 20;

/// Calls `take` with every piece of the file, in order, while the next one is being read.
///
/// # Errors
/// [`Stop`] when reading fails, the encoding proves wrong, the job is cancelled, or `take` fails.
#[allow(
    clippy::redundant_closure_for_method_calls,
    reason = "the method's path is not general enough over the cutter's lifetime"
)]
pub fn for_each_piece(
    plan: &Plan<'_>,
    monitor: &Monitor,
    mut take: impl FnMut(&Piece) -> Result<(), Stop> + Send,
) -> Result<(), Stop> {
    read_ahead(
        plan,
        1,
        monitor,
        |cutter, buffer| cutter.next(buffer),
        |piece: Piece, recycle| {
            take(&piece)?;
            recycle(piece.text);
            Ok(())
        },
    )
}

/// Calls `take` with every part of the file, in order, while the next ones are being read, and at
/// last with nothing. `take` gives buffers back that it has done with.
///
/// # Errors
/// As [`for_each_piece`].
#[allow(
    clippy::redundant_closure_for_method_calls,
    reason = "the method's path is not general enough over the cutter's lifetime"
)]
pub fn for_each_cut(
    plan: &Plan<'_>,
    ahead: usize,
    monitor: &Monitor,
    mut take: impl FnMut(Option<Cut>, &dyn Fn(Vec<u8>)) -> Result<(), Stop> + Send,
) -> Result<(), Stop> {
    read_ahead(
        plan,
        ahead,
        monitor,
        |cutter, buffer| cutter.cut(buffer),
        |cut, recycle| take(Some(cut), recycle),
    )?;
    take(None, &drop)
}

/// A run of whole records, each ended by a newline, as the file holds them.
#[derive(Debug, Default)]
pub struct Run {
    pub text: Vec<u8>,
    /// Byte of the first record in the file.
    pub offset: u64,
    /// Bytes of the file read so far.
    pub bytes_read: u64,
}

/// Calls `take` with every run of records of the file, in order, while the next ones are being read, and at
/// last with nothing. `take` gives buffers back that it has done with.
///
/// # Errors
/// As [`for_each_piece`].
#[allow(
    clippy::redundant_closure_for_method_calls,
    reason = "the method's path is not general enough over the cutter's lifetime"
)]
pub fn for_each_run(
    plan: &Plan<'_>,
    ahead: usize,
    monitor: &Monitor,
    mut take: impl FnMut(Option<Run>, &dyn Fn(Vec<u8>)) -> Result<(), Stop> + Send,
) -> Result<(), Stop> {
    read_ahead(
        plan,
        ahead,
        monitor,
        |cutter, buffer| cutter.run(buffer),
        |run, recycle| take(Some(run), recycle),
    )?;
    take(None, &drop)
}

/// The piece that a block is after all.
///
/// # Errors
/// [`Stop::WrongEncoding`] when the text is not valid.
pub fn piece_of(plan: &Plan<'_>, block: Block) -> Result<Piece, Stop> {
    let place = Place {
        offset: block.offset,
        ..Place::default()
    };
    let scan = Scan::of(&block.text, plan, place, true);
    let (rows, bytes_read) = (scan.rows(), block.bytes_read);
    let (text, separator) = for_polars(plan, block.text, &scan)?;
    Ok(Piece {
        place,
        text,
        separator,
        rows,
        lines: scan.line,
        fingerprints: scan.fingerprints,
        broken: scan.broken,
        skipped: scan.skipped,
        bytes_read,
    })
}

/// Lets a thread make parts of a file while `take` works on those before.
fn read_ahead<T: Send>(
    plan: &Plan<'_>,
    ahead: usize,
    monitor: &Monitor,
    make: impl Fn(&mut Cutter<'_>, Vec<u8>) -> Result<Option<T>, Stop> + Send,
    mut take: impl FnMut(T, &dyn Fn(Vec<u8>)) -> Result<(), Stop> + Send,
) -> Result<(), Stop> {
    let stamp = plan.input.stamp()?;
    let (stream, size) = (plan.input.open(plan.dialect.data_offset)?, stamp.bytes);
    let mut cutter = Cutter::new(plan, stream, size);
    let make = move |cutter: &mut Cutter<'_>, buffer| {
        let part = make(cutter, buffer)?;
        if part.is_none() {
            stamp.check(plan.input, cutter.bytes_read)?;
        }
        Ok(part)
    };
    if size <= SMALL_BYTES {
        let make = move |buffer| make(&mut cutter, buffer);
        return read_in_steps(ahead, monitor, make, take);
    }
    let (full_tx, full_rx) = sync_channel::<Result<T, Stop>>(ahead);
    let (empty_tx, empty_rx) = sync_channel::<Vec<u8>>(2 * ahead + 3);
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut next = || {
                monitor.check()?;
                make(&mut cutter, empty_rx.try_recv().unwrap_or_default())
            };
            loop {
                let (message, last) = match next() {
                    Ok(Some(part)) => (Ok(part), false),
                    Ok(None) => return,
                    Err(stop) => (Err(stop), true),
                };
                // A closed channel means that the taker gave up; its own error tells why.
                if full_tx.send(message).is_err() || last {
                    return;
                }
            }
        });
        // A full channel only means that there are buffers enough.
        let recycle = |buffer| drop(empty_tx.try_send(buffer));
        // Consuming the receiver closes the channel when `take` fails, so that the reader stops.
        for part in full_rx {
            take(part?, &recycle)?;
        }
        Ok(())
    })
}

/// Makes some parts while `take` works on those before, without a thread of its own.
fn read_in_steps<T: Send>(
    parts_each: usize,
    monitor: &Monitor,
    mut make: impl FnMut(Vec<u8>) -> Result<Option<T>, Stop> + Send,
    mut take: impl FnMut(T, &dyn Fn(Vec<u8>)) -> Result<(), Stop> + Send,
) -> Result<(), Stop> {
    let mut make_some = |spare: &mut Vec<Vec<u8>>| {
        let next = || make(spare.pop().unwrap_or_default()).transpose();
        let parts = std::iter::from_fn(next).take(parts_each);
        parts.collect::<Result<Vec<T>, Stop>>()
    };
    let mut take_all = |parts: Vec<T>| {
        let used = RefCell::new(Vec::new());
        let recycle = |buffer| used.borrow_mut().push(buffer);
        for part in parts {
            take(part, &recycle)?;
        }
        Ok::<_, Stop>(used.into_inner())
    };
    let (mut parts, mut spare) = (make_some(&mut Vec::new())?, Vec::new());
    while !parts.is_empty() {
        monitor.check()?;
        let (taken, made) = rayon::join(|| take_all(parts), || make_some(&mut spare));
        spare.extend(taken?);
        parts = made?;
    }
    Ok(())
}

/// Cuts a stream into pieces.
struct Cutter<'a> {
    plan: &'a Plan<'a>,
    stream: Box<dyn Stream>,
    block_bytes: usize,
    /// Bytes read but not yet part of a piece.
    carried: Vec<u8>,
    at_end: bool,
    place: Place,
    bytes_read: u64,
}

impl<'a> Cutter<'a> {
    fn new(plan: &'a Plan<'a>, stream: Box<dyn Stream>, size: u64) -> Self {
        let dialect = plan.dialect;
        let share = (size / LEAST_BLOCKS + 1).max(LEAST_BLOCK_BYTES);
        Self {
            plan,
            stream,
            block_bytes: plan.block_bytes.min(share as usize),
            carried: Vec::new(),
            at_end: false,
            place: Place {
                offset: dialect.data_offset,
                line: dialect.data_line,
                row: 0,
            },
            bytes_read: dialect.data_offset,
        }
    }

    fn path(&self) -> &Path {
        self.plan.input.path()
    }

    /// The next part, built in a used buffer; `None` at the end of the file.
    fn cut(&mut self, mut buffer: Vec<u8>) -> Result<Option<Cut>, Stop> {
        self.begin(&mut buffer);
        self.read_to(&mut buffer, HEADER.len() + self.block_bytes)?;
        if let Some(end) = self.plain_end(&buffer) {
            self.carried.extend_from_slice(&buffer[end..]);
            buffer.truncate(end);
            let offset = self.place.offset;
            self.place.offset += (end - HEADER.len()) as u64;
            if buffer.last() != Some(&b'\n') {
                buffer.push(b'\n');
            }
            return Ok((end > HEADER.len()).then(|| {
                Cut::Block(Block {
                    text: buffer,
                    offset,
                    bytes_read: self.bytes_read - self.carried.len() as u64,
                })
            }));
        }
        self.place = Place {
            offset: self.place.offset,
            ..Place::default()
        };
        Ok(self.piece(buffer)?.map(Cut::Piece))
    }

    /// The next run of records, built in a used buffer; `None` at the end of the file.
    fn run(&mut self, mut buffer: Vec<u8>) -> Result<Option<Run>, Stop> {
        buffer.clear();
        buffer.append(&mut self.carried);
        let mut goal = self.block_bytes;
        let end = loop {
            self.read_to(&mut buffer, goal)?;
            let end = self.records_end(&buffer);
            if end > 0 || self.at_end {
                break end;
            }
            // Not one whole record: a cell is larger than the block.
            goal = buffer.len() + self.plan.piece_bytes;
        };
        if end == 0 {
            return Ok(None);
        }
        self.carried.extend_from_slice(&buffer[end..]);
        buffer.truncate(end);
        let offset = self.place.offset;
        self.place.offset += end as u64;
        if buffer.last() != Some(&b'\n') {
            buffer.push(b'\n');
        }
        Ok(Some(Run {
            text: buffer,
            offset,
            bytes_read: self.bytes_read - self.carried.len() as u64,
        }))
    }

    /// Where the last whole record of a buffer ends; 0 when there is none.
    fn records_end(&self, buffer: &[u8]) -> usize {
        let separator = self.plan.dialect.separator;
        let quoted =
            matches!(separator, Separator::Byte(_)) && memchr::memchr(b'"', buffer).is_some();
        if !quoted {
            let newline = || memchr::memrchr(b'\n', buffer).map_or(0, |newline| newline + 1);
            return if self.at_end { buffer.len() } else { newline() };
        }
        if let Separator::Byte(byte) = separator
            && buffer.len() <= records::MAX_QUOTED_BYTES
        {
            let end = quotes::regular_end(buffer, byte);
            // Otherwise something odd comes soon: it is passed in one go with what follows.
            if end > buffer.len() / 2 {
                return end;
            }
        }
        let mut end = 0;
        while let Some((record, _)) = self.plan.dialect.next_record(buffer, end, self.at_end) {
            end = record.next;
        }
        end
    }

    /// Where the whole lines of a buffer end, if there is one and no quote makes them doubtful.
    fn plain_end(&self, buffer: &[u8]) -> Option<usize> {
        let body = &buffer[HEADER.len()..];
        if memchr::memchr(b'"', body).is_some() || self.plan.dialect.needs_care(body) {
            return None;
        }
        if self.at_end {
            return Some(buffer.len());
        }
        memchr::memrchr(b'\n', body).map(|newline| HEADER.len() + newline + 1)
    }

    /// The next piece, built in a used buffer; `None` at the end of the file.
    fn next(&mut self, mut buffer: Vec<u8>) -> Result<Option<Piece>, Stop> {
        self.begin(&mut buffer);
        self.piece(buffer)
    }

    fn begin(&mut self, buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.extend_from_slice(HEADER);
        buffer.append(&mut self.carried);
    }

    /// The piece that a buffer begins with.
    fn piece(&mut self, mut buffer: Vec<u8>) -> Result<Option<Piece>, Stop> {
        let mut goal = HEADER.len() + self.plan.piece_bytes;
        let mut scan;
        loop {
            self.read_to(&mut buffer, goal)?;
            scan = Scan::of(&buffer, self.plan, self.place, self.at_end);
            if scan.end > HEADER.len() || self.at_end {
                break;
            }
            // Not one whole record: a cell is larger than the piece.
            goal = buffer.len() + self.plan.piece_bytes;
        }
        if scan.end == HEADER.len() {
            return Ok(None);
        }
        self.carried.extend_from_slice(&buffer[scan.end..]);
        buffer.truncate(scan.end);
        let place = self.place;
        self.place = Place {
            offset: place.offset + (scan.end - HEADER.len()) as u64,
            line: scan.line,
            row: place.row + scan.rows() as u64,
        };
        let (text, separator) = for_polars(self.plan, buffer, &scan)?;
        Ok(Some(Piece {
            place,
            text,
            separator,
            rows: scan.rows(),
            lines: scan.line - place.line,
            fingerprints: scan.fingerprints,
            broken: scan.broken,
            skipped: scan.skipped,
            bytes_read: self.bytes_read - self.carried.len() as u64,
        }))
    }

    fn read_to(&mut self, buffer: &mut Vec<u8>, goal: usize) -> Result<(), DataError> {
        let filled = buffer.len();
        if self.at_end || filled >= goal {
            return Ok(());
        }
        let place = (buffer, self.plan.input.path());
        let read = source::append(&mut *self.stream, goal - filled, place)?;
        self.at_end = read < goal - filled;
        self.bytes_read += read as u64;
        Ok(())
    }
}

impl std::fmt::Debug for Cutter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cutter")
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}
