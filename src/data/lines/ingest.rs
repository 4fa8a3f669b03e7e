//! One delimited file of order lines → rows of the [`Stage`].
//!
//! What the columns mean is decided before ([`Lines`]); this module reads them block by block, several at
//! once ([`rows`], [`block`](super::block)). Two questions are answered on the way and may turn out otherwise when the
//! whole file is known — the encoding and the decimal sign. Then the file is read once more.

use rayon::prelude::*;

use crate::{
    dataset::error::DataError,
    dataset::options::DateOrder,
    dataset::quality::MAX_SAMPLES,
    dataset::{ColumnReading, FileReading, Role},
    lines::block::{Block, Layout},
    lines::columns::{self, Column},
    lines::stage::Stage,
    open::encoding::{self, Encoding},
    open::source::{self, Input},
    orders::PoolFull,
    roles::reason::{Guess, Reason},
    table::chunks::{self, Broken, Place, Plan, Stop},
    table::dialect::Dialect,
    table::refind,
    table::rows::{self, Rows, Slot},
    table::skipped::Skipped,
    values::dates::{Dates, OrderEvidence, Zone},
    values::numbers::{self, Decimal, Evidence},
    values::text,
};
use base::{figures, monitor::Monitor};

/// Rows shown in the preview.
pub const PREVIEW_ROWS: usize = 20;

/// A file of order lines, and what its columns mean.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    pub input: &'a Input,
    pub dialect: &'a Dialect,
    /// One per column.
    pub guesses: Vec<Guess>,
    pub zone: Zone,
    pub date_order: Option<DateOrder>,
    /// The decimal sign, where all files of the set have decided it.
    pub decimal: Option<Decimal>,
    /// Bytes of all files, and of those read before: for progress.
    pub bytes_total: u64,
    pub bytes_before: u64,
}

/// What is remembered of a file after reading it.
#[derive(Clone, Debug)]
pub struct Read {
    pub input: Input,
    pub dialect: Dialect,
    pub encoding: Encoding,
    pub guesses: Vec<Guess>,
    /// How numbers and dates of each column were read; empty for text.
    pub formats: Vec<String>,
    /// Number of its first row in the stage, and how many it has.
    pub first_row: u64,
    pub rows: u64,
    pub places: Vec<Place>,
    /// Records with the wrong number of cells: how many, and the first ones.
    pub broken_rows: u64,
    pub broken: Vec<Broken>,
    pub remarks: Vec<String>,
    pub preview: Vec<Vec<String>>,
    /// What its dates say about the order of day and month, and its money about the decimal sign.
    pub dates: OrderEvidence,
    pub numbers: Evidence,
    /// The decimal sign it was read with.
    pub decimal: Decimal,
}

impl Read {
    /// How to find rows of this file again.
    #[must_use]
    pub fn plan(&self) -> Plan<'_> {
        Plan {
            input: &self.input,
            dialect: &self.dialect,
            encoding: self.encoding,
            piece_bytes: chunks::PIECE_BYTES,
            block_bytes: chunks::BLOCK_BYTES,
        }
    }

    /// First column with a role.
    #[must_use]
    pub fn column(&self, role: Role) -> Option<usize> {
        self.guesses.iter().position(|guess| guess.role == role)
    }

    /// A remark on rows that could not be used, for tables whose rows are no order lines.
    #[must_use]
    pub fn broken_remark(&self) -> Option<String> {
        let first = self.broken.first()?;
        Some(format!(
            "{}: left out {} with a wrong number of cells, the first one in line {}",
            self.input.name(),
            figures::count(self.broken_rows, "row", "rows"),
            first.line
        ))
    }

    /// The reading as it is shown to people.
    ///
    /// # Errors
    /// [`DataError::Io`] when the file's size cannot be read.
    pub fn reading(&self, part: &str) -> Result<FileReading, DataError> {
        let columns = self
            .dialect
            .names
            .iter()
            .zip(&self.guesses)
            .zip(&self.formats);
        Ok(FileReading {
            path: self.input.path().to_path_buf(),
            name: self.input.name(),
            sheets: Vec::new(),
            sheet: String::new(),
            part: part.to_owned(),
            bytes: self.input.len()?,
            rows: self.rows + self.broken_rows,
            encoding: self.dialect.reading(self.encoding),
            delimiter: self.dialect.layout().to_owned(),
            has_header: self.dialect.has_header,
            columns: columns
                .map(|((name, guess), format)| ColumnReading {
                    name: name.clone(),
                    role: guess.role,
                    reason: guess.reason.to_string(),
                    chosen: guess.reason.is_human(),
                    format: format.clone(),
                })
                .collect(),
            preview: self.preview.clone(),
        })
    }
}

/// How large a file's blocks are; the result is the same.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub piece_bytes: usize,
    pub block_bytes: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            piece_bytes: chunks::PIECE_BYTES,
            block_bytes: chunks::BLOCK_BYTES,
        }
    }
}

/// Reads all lines of a file into the stage.
///
/// # Errors
/// [`DataError`] when reading fails or the job is cancelled.
pub fn ingest(lines: &Lines<'_>, stage: &mut Stage, monitor: &Monitor) -> Result<Read, DataError> {
    ingest_by(Sizes::default(), lines, stage, monitor)
}

/// As [`ingest`], in blocks of choice: for tests that compare them.
///
/// # Errors
/// As [`ingest`].
pub fn ingest_by(
    sizes: Sizes,
    lines: &Lines<'_>,
    stage: &mut Stage,
    monitor: &Monitor,
) -> Result<Read, DataError> {
    let (rows, attributes, forms) = (stage.rows(), stage.attributes.len(), stage.order_forms);
    let first = match lines.decimal {
        Some(decimal) => decimal,
        None => first_decimal(lines)?,
    };
    let (mut encoding, mut decimal, mut revised) = (Encoding::Utf8, first, lines.decimal.is_some());
    loop {
        let mut attempt = Attempt::new(lines, encoding, decimal);
        match attempt.run(stage, monitor, sizes) {
            Ok(()) => {
                let wanted = attempt.evidence.decimal();
                // Once is enough: the second reading decided on evidence of the whole column.
                if wanted == decimal || revised {
                    return Ok(attempt.finish(stage));
                }
                (decimal, revised) = (wanted, true);
            }
            Err(Stop::WrongEncoding) => encoding = encoding::survey(lines.input, monitor)?,
            Err(Stop::Error(error)) => return Err(error),
        }
        stage.truncate(rows, attributes);
        stage.order_forms = forms;
    }
}

/// Rows that the decimal sign is guessed by; if others contradict them, the file is read again.
const DECIMAL_ROWS: usize = 200;

/// The decimal sign that the first rows speak for.
fn first_decimal(lines: &Lines<'_>) -> Result<Decimal, DataError> {
    let mut evidence = Evidence::default();
    refind::for_first_rows(lines.input, lines.dialect, DECIMAL_ROWS, |cells| {
        for (cell, guess) in cells.iter().zip(&lines.guesses) {
            if matches!(guess.role, Role::Amount | Role::UnitPrice | Role::Quantity) {
                let cell = Encoding::Windows1252.decode_cell(cell);
                let _ = numbers::read(&cell, Decimal::Point, &mut evidence);
            }
        }
    })?;
    Ok(evidence.decimal())
}

/// One reading of a file under given assumptions.
struct Attempt<'a> {
    lines: &'a Lines<'a>,
    encoding: Encoding,
    decimal: Decimal,
    evidence: Evidence,
    first_row: usize,
    places: Vec<Place>,
    broken_rows: u64,
    broken: Vec<Broken>,
    skipped: Skipped,
    preview: Vec<Vec<String>>,
    date_format: String,
    dates: OrderEvidence,
    remarks: Vec<String>,
}

impl<'a> Attempt<'a> {
    fn new(lines: &'a Lines<'a>, encoding: Encoding, decimal: Decimal) -> Self {
        Self {
            lines,
            encoding,
            decimal,
            evidence: Evidence::default(),
            first_row: 0,
            places: Vec::new(),
            broken_rows: 0,
            broken: Vec::new(),
            skipped: Skipped::default(),
            preview: Vec::new(),
            date_format: String::new(),
            dates: OrderEvidence::default(),
            remarks: Vec::new(),
        }
    }

    fn run(&mut self, stage: &mut Stage, monitor: &Monitor, sizes: Sizes) -> Result<(), Stop> {
        self.first_row = stage.rows();
        let lines = self.lines;
        let names = &lines.dialect.names;
        let layout = Layout::of(names, &lines.guesses, lines.zone.clone(), self.decimal);
        let full = |full| Stop::Error(source::too_large(lines.input.path(), full));
        let columns = columns::columns(stage, &layout, names).map_err(full)?;
        let plan = Plan {
            input: lines.input,
            dialect: lines.dialect,
            encoding: self.encoding,
            piece_bytes: sizes.piece_bytes,
            block_bytes: sizes.block_bytes,
        };
        let mut reader = Reader {
            attempt: self,
            stage,
            columns,
            layout: &layout,
            monitor,
            stage_name: format!("Reading {}", lines.input.name()),
        };
        let make = |rows: &Rows, block: &mut Block| block.read(rows, &layout).map_err(full);
        let outcome = rows::for_each_batch(&plan, monitor, make, |slots| reader.take(slots));
        // The stage gets its columns back in any case: rows of earlier files are in them.
        let columns = std::mem::take(&mut reader.columns);
        self.store(stage, columns).map_err(full)?;
        outcome
    }

    /// Moves the columns back into the stage.
    fn store(&mut self, stage: &mut Stage, columns: Vec<Column>) -> Result<(), PoolFull> {
        for column in columns {
            match column {
                Column::Customer { ids, codes } => {
                    stage.ids = ids;
                    stage.customers = codes;
                }
                Column::Date(dates) => {
                    self.dates = dates.evidence();
                    let Dates {
                        days,
                        format,
                        remark,
                    } = dates.finish(self.lines.date_order);
                    if stage.days.is_empty() {
                        stage.days = days;
                    } else {
                        stage.days.extend_from_slice(&days);
                    }
                    self.date_format = format;
                    self.remarks.extend(remark);
                }
                Column::Money { money, evidence } => {
                    stage.amounts = money;
                    self.evidence = evidence;
                }
                Column::Order { ids, forms } => {
                    stage.orders = ids;
                    stage.order_forms = forms;
                }
                Column::Attribute { at, attribute, .. } => stage.attributes[at] = attribute,
            }
        }
        stage.pad()
    }

    fn finish(self, stage: &Stage) -> Read {
        let lines = self.lines;
        let mut remarks = self.remarks;
        remarks.extend_from_slice(&lines.dialect.remarks);
        remarks.extend(self.skipped.remark());
        if !lines.dialect.repeated_names.is_empty() {
            remarks.push(format!(
                "the header names {} more than once; the repetitions are numbered",
                text::quoted(&lines.dialect.repeated_names)
            ));
        }
        if self.encoding == Encoding::DamagedUtf8 {
            remarks.push("some bytes are no valid UTF-8 and are shown as �".to_owned());
        }
        let mut guesses = lines.guesses.clone();
        for (guess, name) in guesses.iter_mut().zip(&lines.dialect.names) {
            let attribute = stage.attributes.iter().find(|known| known.name == *name);
            if guess.role == Role::Attribute && attribute.is_some_and(|known| known.gave_up) {
                guess.role = Role::Ignored;
                guess.reason = Reason::Said(
                    format!(
                        "more than {} distinct values: too many to group by",
                        crate::lines::stage::MAX_DISTINCT
                    )
                    .into(),
                );
            }
        }
        let formats = guesses
            .iter()
            .map(|guess| match guess.role {
                Role::Date => self.date_format.clone(),
                Role::Amount | Role::UnitPrice | Role::Quantity => self.decimal.format().to_owned(),
                _ => String::new(),
            })
            .collect();
        Read {
            input: lines.input.clone(),
            dialect: lines.dialect.clone(),
            encoding: self.encoding,
            guesses,
            formats,
            first_row: self.first_row as u64,
            rows: (stage.rows() - self.first_row) as u64,
            places: self.places,
            broken_rows: self.broken_rows,
            broken: self.broken,
            remarks,
            preview: self.preview,
            dates: self.dates,
            numbers: self.evidence,
            decimal: self.decimal,
        }
    }
}

/// Takes the blocks of a file, in their order, into the columns of the stage.
struct Reader<'a, 'b> {
    attempt: &'b mut Attempt<'a>,
    stage: &'b mut Stage,
    columns: Vec<Column>,
    layout: &'b Layout,
    monitor: &'b Monitor,
    stage_name: String,
}

impl Reader<'_, '_> {
    fn take(&mut self, slots: &[Slot<Block>]) -> Result<(), Stop> {
        let lines = self.attempt.lines;
        let Some(first) = slots.first() else {
            return Ok(());
        };
        if self.attempt.places.is_empty() {
            // As many as the first ones let expect, by the bytes they took.
            let read = first.bytes_read.saturating_sub(lines.dialect.data_offset);
            let size = lines.input.len()?.max(read);
            let share = size as f64 / read.max(1) as f64 * 1.03;
            let rows = (first.rows.len() as f64 * share) as usize + 1;
            columns::reserve(self.stage, &mut self.columns, rows);
        }
        self.columns
            .par_iter_mut()
            .with_max_len(1)
            .try_for_each(|column| {
                slots
                    .iter()
                    .try_for_each(|slot| column.append(&slot.made, slot.rows.text()))
            })
            .map_err(|full| Stop::Error(source::too_large(lines.input.path(), full)))?;
        columns::drop_wide(&mut self.columns, self.layout);
        for slot in slots {
            self.attempt.remember(slot);
            self.stage.marks.extend_from_slice(&slot.made.marks);
            let prints = &mut self.stage.fingerprints;
            prints.extend_from_slice(&slot.rows.fingerprints);
        }
        let read = slots.last().map_or(0, |last| last.bytes_read);
        let read = lines.bytes_before + read;
        self.monitor
            .progress(self.stage_name.as_str(), read, lines.bytes_total);
        Ok(())
    }
}

impl Attempt<'_> {
    /// What is kept of a block beside its cells.
    fn remember(&mut self, slot: &Slot<Block>) {
        let rows = &slot.rows;
        self.places.push(slot.place);
        self.skipped.add(&rows.skipped, slot.place.line);
        self.broken_rows += rows.broken_rows;
        let room = MAX_SAMPLES.saturating_sub(self.broken.len());
        self.broken.extend(rows.broken.iter().take(room).cloned());
        let wanted = PREVIEW_ROWS.saturating_sub(self.preview.len());
        self.preview.extend(rows.head(wanted));
    }
}
