//! A delimited file in runs of whole records: a thread reads and cuts while the other cores lex them
//! ([`super::rows`]).

use std::{cell::RefCell, sync::mpsc::sync_channel, thread};

use crate::{
    dataset::error::DataError,
    open::encoding::Encoding,
    open::source::{self, Input, Stream},
    table::dialect::Dialect,
    table::quotes,
    table::records::{self, Separator},
};
use base::monitor::{Cancelled, Monitor};

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

/// Where a run stands in its file, enough to find one of its records again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Byte of the first record.
    pub offset: u64,
    /// Line of the first record, from 1.
    pub line: u64,
    /// Number of the first usable row within the file, from 0.
    pub row: u64,
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
    /// Bytes read at once for single rows, and where a record is larger than a block; tests use few.
    pub piece_bytes: usize,
    /// Bytes of a usual run.
    pub block_bytes: usize,
}

/// Read at once for single rows.
pub const PIECE_BYTES: usize = 8 << 20;

/// Usual size of a run: it and its columns fit a processor's own cache.
pub const BLOCK_BYTES: usize = 512 << 10;
/// A small file is cut into about so many blocks, so that every core has some…
const LEAST_BLOCKS: u64 = 32;
/// …but into none smaller than this.
const LEAST_BLOCK_BYTES: u64 = 64 << 10;

/// A file of at most so many bytes is read in steps: starting a thread for it, and waiting for that, takes
/// longer.
pub const SMALL_BYTES: u64 = 4 << 20;

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
/// [`Stop`] when reading fails, the file is changed meanwhile, the job is cancelled, or `take` fails.
pub fn for_each_run(
    plan: &Plan<'_>,
    ahead: usize,
    monitor: &Monitor,
    mut take: impl FnMut(Option<Run>, &dyn Fn(Vec<u8>)) -> Result<(), Stop> + Send,
) -> Result<(), Stop> {
    read_ahead(plan, ahead, monitor, |run, recycle| {
        take(Some(run), recycle)
    })?;
    take(None, &drop)
}

/// Lets a thread cut runs from a file while `take` works on those before.
fn read_ahead(
    plan: &Plan<'_>,
    ahead: usize,
    monitor: &Monitor,
    mut take: impl FnMut(Run, &dyn Fn(Vec<u8>)) -> Result<(), Stop> + Send,
) -> Result<(), Stop> {
    let stamp = plan.input.stamp()?;
    let (stream, size) = (plan.input.open(plan.dialect.data_offset)?, stamp.bytes);
    let mut cutter = Cutter::new(plan, stream, size);
    let mut make = move |buffer| {
        let run = cutter.run(buffer)?;
        if run.is_none() {
            stamp.check(plan.input, cutter.bytes_read)?;
        }
        Ok(run)
    };
    if size <= SMALL_BYTES {
        return read_in_steps(ahead, monitor, make, take);
    }
    let (full_tx, full_rx) = sync_channel::<Result<Run, Stop>>(ahead);
    let (empty_tx, empty_rx) = sync_channel::<Vec<u8>>(2 * ahead + 3);
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut next = || {
                monitor.check()?;
                make(empty_rx.try_recv().unwrap_or_default())
            };
            loop {
                let (message, last) = match next() {
                    Ok(Some(run)) => (Ok(run), false),
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
        for run in full_rx {
            take(run?, &recycle)?;
        }
        Ok(())
    })
}

/// Cuts some runs while `take` works on those before, without a thread of its own.
fn read_in_steps(
    runs_each: usize,
    monitor: &Monitor,
    mut make: impl FnMut(Vec<u8>) -> Result<Option<Run>, Stop> + Send,
    mut take: impl FnMut(Run, &dyn Fn(Vec<u8>)) -> Result<(), Stop> + Send,
) -> Result<(), Stop> {
    let mut make_some = |spare: &mut Vec<Vec<u8>>| {
        let next = || make(spare.pop().unwrap_or_default()).transpose();
        let runs = std::iter::from_fn(next).take(runs_each);
        runs.collect::<Result<Vec<Run>, Stop>>()
    };
    let mut take_all = |runs: Vec<Run>| {
        let used = RefCell::new(Vec::new());
        let recycle = |buffer| used.borrow_mut().push(buffer);
        for run in runs {
            take(run, &recycle)?;
        }
        Ok::<_, Stop>(used.into_inner())
    };
    let (mut runs, mut spare) = (make_some(&mut Vec::new())?, Vec::new());
    while !runs.is_empty() {
        monitor.check()?;
        let (taken, made) = rayon::join(|| take_all(runs), || make_some(&mut spare));
        spare.extend(taken?);
        runs = made?;
    }
    Ok(())
}

/// Cuts a stream into runs.
struct Cutter<'a> {
    plan: &'a Plan<'a>,
    stream: Box<dyn Stream>,
    block_bytes: usize,
    /// Bytes read but not yet part of a run.
    carried: Vec<u8>,
    at_end: bool,
    /// Byte where the next run begins.
    offset: u64,
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
            offset: dialect.data_offset,
            bytes_read: dialect.data_offset,
        }
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
        let offset = self.offset;
        self.offset += end as u64;
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
