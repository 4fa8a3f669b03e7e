//! The rows of one run of records: where their cells stand, whichever way they were found.
//!
//! Plain and regularly quoted text is laid out where it stands ([`Grid`]). Anything else (a stray quote, a
//! line of another width, a comment, letters that are no UTF-8) is taken apart record by record with the
//! help of [`records`], whose word counts for all readers, and its cells are written down anew. What
//! comes out is the same: a text, and the places of the cells in it.

use std::ops::Range;

use rayon::prelude::*;

use crate::{
    dataset::quality::MAX_SAMPLES,
    open::encoding::Encoding,
    table::chunks::{self, Broken, Place, Plan, Run, Stop},
    table::dialect::Kind,
    table::grid::Grid,
    table::records::{self, Form, Separator},
    table::skipped::Skipped,
};
use base::monitor::Monitor;

/// The usable rows of a run, and what else stands in it.
#[derive(Debug, Default)]
pub struct Rows {
    text: String,
    grid: Grid,
    /// One per row, of its bytes in the file.
    pub fingerprints: Vec<u32>,
    /// Line of each row, counted from the beginning of the run; empty when every line is a row.
    row_lines: Vec<u64>,
    /// Lines of the file it takes.
    pub lines: u64,
    pub broken_rows: u64,
    /// The first ones; places are counted from the beginning of the run.
    pub broken: Vec<Broken>,
    pub skipped: Skipped,
}

impl Rows {
    /// Finds the rows of a run of records.
    ///
    /// # Errors
    /// [`Stop::WrongEncoding`] when the text is not valid in the assumed encoding.
    pub fn read(&mut self, bytes: &mut Vec<u8>, plan: &Plan<'_>) -> Result<(), Stop> {
        self.fingerprints.clear();
        self.row_lines.clear();
        self.broken.clear();
        self.broken_rows = 0;
        self.skipped = Skipped::default();
        self.lines = newlines(bytes);
        if self.read_plain(bytes, plan) {
            let text = String::from_utf8(std::mem::take(bytes));
            self.text = text.map_err(|_| Stop::WrongEncoding)?;
            return Ok(());
        }
        self.read_careful(bytes, plan)
    }

    /// Lays out text in which every line, or every regularly quoted record, is a row.
    fn read_plain(&mut self, bytes: &mut [u8], plan: &Plan<'_>) -> bool {
        let width = plan.dialect.names.len();
        let decoded = plan.encoding == Encoding::Utf8 || bytes.is_ascii();
        if !decoded || plan.dialect.needs_care(bytes) {
            return false;
        }
        let quoted = match plan.dialect.separator {
            Separator::Spaces => {
                return self.grid.lay_runs(bytes, width) && self.print(bytes);
            }
            Separator::Byte(byte) => {
                let quoted = memchr::memchr(b'"', bytes).is_some();
                let laid = if quoted {
                    self.grid.lay_quoted(bytes, byte, width)
                } else {
                    self.grid.lay(bytes, byte, width)
                };
                if !laid {
                    return false;
                }
                quoted
            }
        };
        self.print(bytes);
        if quoted {
            if self.lines != self.grid.rows() as u64 {
                let mut line = 0;
                self.row_lines.extend(self.grid.lines(bytes).map(|row| {
                    let begins = line;
                    line += 1 + newlines(&bytes[row]);
                    begins
                }));
            }
            self.grid.unquote(bytes);
        }
        true
    }

    /// Takes the fingerprint of every row.
    fn print(&mut self, bytes: &[u8]) -> bool {
        let rows = self.grid.lines(bytes).map(|row| &bytes[row]);
        let prints = rows.map(|row| records::fingerprint(row) as u32);
        self.fingerprints.extend(prints);
        true
    }

    /// Takes the text apart record by record.
    fn read_careful(&mut self, bytes: &[u8], plan: &Plan<'_>) -> Result<(), Stop> {
        self.grid.begin(plan.dialect.names.len());
        self.text.clear();
        let (mut at, mut line) = (0, 0);
        while let Some((record, kind)) = plan.dialect.next_record(bytes, at, true) {
            match kind {
                Kind::Blank => {}
                Kind::Skipped(skip) => self.skipped.note(skip, line),
                Kind::Row => {
                    let content = &bytes[record.content.clone()];
                    self.add_row(content, plan)?;
                    self.row_lines.push(line);
                }
                Kind::Broken => {
                    let unclosed = record.form == Form::Unclosed;
                    self.note_broken(Broken {
                        offset: record.content.start as u64,
                        line,
                        cells: if unclosed { 0 } else { record.cells },
                    });
                }
            }
            at = record.next;
            line += record.lines;
        }
        Ok(())
    }

    /// Writes down the cells of a row, each followed by a byte that is no part of it.
    fn add_row(&mut self, content: &[u8], plan: &Plan<'_>) -> Result<(), Stop> {
        for cell in records::cells(content, plan.dialect.separator) {
            let cell = plan.encoding.decode(&cell).ok_or(Stop::WrongEncoding)?;
            let start = self.text.len();
            self.text.push_str(&cell);
            self.grid.add_cell(&(start..self.text.len()));
            self.text.push('\n');
        }
        self.grid.add_row(self.text.len() - 1);
        self.fingerprints.push(records::fingerprint(content) as u32);
        Ok(())
    }

    fn note_broken(&mut self, broken: Broken) {
        self.broken_rows += 1;
        if self.broken.len() < MAX_SAMPLES {
            self.broken.push(broken);
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.grid.rows()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many cells each has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.grid.width()
    }

    /// The text in which the cells stand.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The places of a column's cells in the text.
    #[inline]
    pub fn places(&self, column: usize) -> impl ExactSizeIterator<Item = Range<usize>> + '_ {
        self.grid.column(self.text.as_bytes(), column)
    }

    /// The cells of a column.
    #[inline]
    pub fn cells(&self, column: usize) -> impl ExactSizeIterator<Item = &str> + '_ {
        self.places(column).map(|cell| &self.text[cell])
    }

    /// Line of each row, counted from the beginning of the run.
    pub fn row_lines(&self) -> impl Iterator<Item = u64> + '_ {
        let every = self.row_lines.is_empty();
        (0..self.len()).map(move |row| {
            if every {
                row as u64
            } else {
                self.row_lines[row]
            }
        })
    }

    /// The first rows as text, long cells cut short: for the preview.
    #[must_use]
    pub fn head(&self, rows: usize) -> Vec<Vec<String>> {
        self.grid.head(&self.text, rows)
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// A run of records, and what was made of it.
#[derive(Debug, Default)]
pub struct Slot<T> {
    /// Where its first record stands in the file.
    pub place: Place,
    /// Bytes of the file read so far.
    pub bytes_read: u64,
    pub rows: Rows,
    pub made: T,
    run: Run,
    stopped: Option<Stop>,
}

/// Runs that are worked on at once.
const BATCH: usize = 8;

/// Reads a file in runs of records: `make` works on several runs at once, and `take` gets them in the order of
/// the file, while the next ones are being worked on.
///
/// # Errors
/// [`Stop`] when reading fails, the encoding proves wrong, the job is cancelled, or `make` or `take` fails.
pub fn for_each_batch<T: Default + Send>(
    plan: &Plan<'_>,
    monitor: &Monitor,
    make: impl Fn(&Rows, &mut T) -> Result<(), Stop> + Sync,
    mut take: impl FnMut(&mut [Slot<T>]) -> Result<(), Stop> + Send,
) -> Result<(), Stop> {
    let (mut next, mut ready) = (Batch::default(), Batch::default());
    let mut place = Place {
        line: plan.dialect.data_line,
        ..Place::default()
    };
    let mut deliver = |batch: &mut Batch<T>| {
        let slots = &mut batch.slots[..batch.filled];
        batch.filled = 0;
        let stopped = slots.iter().position(|slot| slot.stopped.is_some());
        let whole = stopped.unwrap_or(slots.len());
        for slot in &mut slots[..whole] {
            slot.place = Place {
                offset: slot.run.offset,
                ..place
            };
            for broken in &mut slot.rows.broken {
                broken.offset += slot.run.offset;
                broken.line += place.line;
            }
            place.line += slot.rows.lines;
            place.row += slot.rows.len() as u64;
        }
        take(&mut slots[..whole])?;
        if let Some(stop) = slots.get_mut(whole).and_then(|slot| slot.stopped.take()) {
            return Err(stop);
        }
        Ok(())
    };
    chunks::for_each_run(plan, BATCH, monitor, |run, recycle| {
        let last = run.is_none();
        if let Some(run) = run {
            next.push(run);
            if next.filled < BATCH {
                return Ok(());
            }
        }
        monitor.check()?;
        let ((), taken) = rayon::join(|| next.work(plan, &make), || deliver(&mut ready));
        taken?;
        ready.recycle(recycle);
        std::mem::swap(&mut next, &mut ready);
        if last { deliver(&mut ready) } else { Ok(()) }
    })
}

/// The slots are used again and again.
#[derive(Debug, Default)]
struct Batch<T> {
    slots: Vec<Slot<T>>,
    filled: usize,
}

impl<T: Default + Send> Batch<T> {
    fn push(&mut self, run: Run) {
        if self.slots.len() == self.filled {
            self.slots.push(Slot::default());
        }
        self.slots[self.filled].run = run;
        self.filled += 1;
    }

    /// Gives the buffers back.
    fn recycle(&mut self, recycle: &dyn Fn(Vec<u8>)) {
        for slot in &mut self.slots {
            recycle(std::mem::take(&mut slot.rows.text).into_bytes());
        }
    }

    fn work(
        &mut self,
        plan: &Plan<'_>,
        make: &(impl Fn(&Rows, &mut T) -> Result<(), Stop> + Sync),
    ) {
        let slots = self.slots[..self.filled].par_iter_mut().with_max_len(1);
        slots.for_each(|slot| {
            slot.bytes_read = slot.run.bytes_read;
            let read = slot.rows.read(&mut slot.run.text, plan);
            slot.stopped = read.and_then(|()| make(&slot.rows, &mut slot.made)).err();
        });
    }
}
