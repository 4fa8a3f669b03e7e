//! One delimited file of order lines → rows of the [`Stage`].
//!
//! A shape decides what the columns mean ([`Lines`]); this module reads them piece by piece, all
//! columns in parallel. Two questions are answered on the way and may turn out otherwise when the
//! whole file is known — the encoding and the decimal sign. Then the file is read once more.

use rayon::prelude::*;

use crate::{
    base::monitor::Monitor,
    data::dataset::error::DataError,
    data::dataset::options::DateOrder,
    data::dataset::quality::MAX_SAMPLES,
    data::dataset::{ColumnReading, FileReading, Role},
    data::lines::columns::{Encoder, drop_wide, encoders, reserve},
    data::lines::stage::Stage,
    data::open::encoding::{self, Encoding},
    data::open::source::Input,
    data::orders::PoolFull,
    data::roles::reason::{Guess, Reason},
    data::table::chunks::{self, Broken, Piece, Place, Plan, Stop},
    data::table::dialect::Dialect,
    data::table::direct::{self, Layout, Slot, Taker, Words},
    data::table::parser::{Frame, Parser},
    data::table::refind,
    data::table::skipped::Skipped,
    data::values::dates::{Dates, OrderEvidence, Zone},
    data::values::numbers::{self, Decimal, Evidence},
    data::values::text,
};

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
    /// How the records lie in the file, where that is not a matter of separators.
    pub layout: Option<&'static str>,
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
            "{}: {} rows with a wrong number of cells were left out, the first one in line {}",
            self.input.name(),
            self.broken_rows,
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
            delimiter: self.layout.unwrap_or(self.dialect.layout()).to_owned(),
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

/// Which way a file is read; the result is the same.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// Read plain text directly, and only the rest through polars.
    pub direct: bool,
    pub piece_bytes: usize,
    pub block_bytes: usize,
}

impl Default for Route {
    fn default() -> Self {
        Self {
            direct: true,
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
    ingest_by(Route::default(), lines, stage, monitor)
}

/// As [`ingest`], on a route of choice: for tests that compare them.
///
/// # Errors
/// As [`ingest`].
pub fn ingest_by(
    route: Route,
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
        match attempt.run(stage, monitor, route) {
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

    fn run(&mut self, stage: &mut Stage, monitor: &Monitor, route: Route) -> Result<(), Stop> {
        self.first_row = stage.rows();
        let lines = self.lines;
        let width = lines.dialect.names.len();
        let encoders = encoders(stage, lines).map_err(|full| self.full(full))?;
        let plan = Plan {
            input: lines.input,
            dialect: lines.dialect,
            encoding: self.encoding,
            piece_bytes: route.piece_bytes,
            block_bytes: route.block_bytes,
        };
        let layout = Layout::of(lines, self.encoding, self.decimal, &encoders);
        let mut reader = Reader {
            words: layout
                .as_ref()
                .map_or_else(Vec::new, |known| known.words.clone()),
            attempt: self,
            stage,
            encoders,
            // Ignored columns are read too: they stand in the preview.
            parser: Parser::new(width, (0..width).collect()),
            monitor,
            stage_name: format!("Reading {}", lines.input.name()),
            next: Place {
                line: lines.dialect.data_line,
                ..Place::default()
            },
        };
        let outcome = match layout {
            Some(layout) if route.direct => {
                direct::for_each_batch(&plan, monitor, layout, &mut reader)
            }
            _ => chunks::for_each_piece(&plan, monitor, |piece| reader.take(piece)),
        };
        // The stage gets its columns back in any case: rows of earlier files are in them.
        let encoders = std::mem::take(&mut reader.encoders);
        self.store(stage, encoders)
            .map_err(|full| self.full(full))?;
        outcome
    }

    fn full(&self, full: PoolFull) -> Stop {
        Stop::Error(DataError::Unreadable {
            path: self.lines.input.path().to_path_buf(),
            problem: full.to_string(),
            advice: "Split the file, or leave long text columns out of the export".to_owned(),
        })
    }

    /// Moves what the encoders hold back into the stage.
    fn store(&mut self, stage: &mut Stage, encoders: Vec<Encoder>) -> Result<(), PoolFull> {
        for encoder in encoders {
            match encoder {
                Encoder::Customer { ids, codes, .. } => {
                    stage.ids = ids;
                    stage.customers = codes;
                }
                Encoder::Date { column, .. } => {
                    self.dates = column.evidence();
                    let Dates {
                        days,
                        format,
                        remark,
                    } = column.finish(self.lines.date_order);
                    if stage.days.is_empty() {
                        stage.days = days;
                    } else {
                        stage.days.extend_from_slice(&days);
                    }
                    self.date_format = format;
                    self.remarks.extend(remark);
                }
                Encoder::Money {
                    money, evidence, ..
                } => {
                    stage.amounts = money;
                    self.evidence = evidence;
                }
                Encoder::Order { ids, forms, .. } => {
                    stage.orders = ids;
                    stage.order_forms = forms;
                }
                Encoder::Status { .. } => {}
                Encoder::Attribute { at, attribute, .. } => stage.attributes[at] = attribute,
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
                        crate::data::lines::stage::MAX_DISTINCT
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
            layout: None,
        }
    }
}

/// Takes the parts of a file, in their order, into the columns of the stage.
struct Reader<'a, 'b> {
    attempt: &'b mut Attempt<'a>,
    stage: &'b mut Stage,
    encoders: Vec<Encoder>,
    words: Vec<Words>,
    parser: Parser,
    monitor: &'b Monitor,
    stage_name: String,
    /// Line and row that follow what was taken.
    next: Place,
}

impl Reader<'_, '_> {
    /// Takes a piece whose lines and rows are counted from the beginning of the file.
    fn take(&mut self, piece: &Piece) -> Result<(), Stop> {
        let lines = self.attempt.lines;
        self.monitor.check()?;
        self.reserve(piece.rows, piece.bytes_read);
        let frame = self.parser.parse(piece, lines.input)?;
        self.remember(piece, &frame);
        let decimal = self.attempt.decimal;
        self.encoders
            .par_iter_mut()
            .with_max_len(1)
            .try_for_each(|encoder| encoder.take(&frame, decimal))
            .map_err(|full| self.attempt.full(full))?;
        drop_wide(&mut self.encoders);
        let marks_from = self.stage.marks.len();
        self.stage.marks.resize(marks_from + piece.rows, 0);
        for encoder in &self.encoders {
            encoder.add_marks(&mut self.stage.marks[marks_from..]);
        }
        let prints = &mut self.stage.fingerprints;
        prints.extend_from_slice(&piece.fingerprints);
        self.tell(piece.bytes_read);
        Ok(())
    }

    /// Makes room for all rows when the first ones come.
    fn reserve(&mut self, rows: usize, bytes_read: u64) {
        if self.attempt.places.is_empty() {
            let first = (rows, bytes_read);
            reserve(self.stage, &mut self.encoders, first, self.attempt.lines);
        }
    }

    fn remember(&mut self, piece: &Piece, frame: &Frame) {
        let attempt = &mut *self.attempt;
        attempt.places.push(piece.place);
        attempt.skipped.add(&piece.skipped, piece.place.line);
        attempt.broken_rows += piece.broken.len() as u64;
        let room = MAX_SAMPLES.saturating_sub(attempt.broken.len());
        let broken = piece.broken.iter().take(room);
        attempt.broken.extend(broken.cloned());
        let wanted = PREVIEW_ROWS.saturating_sub(attempt.preview.len());
        if wanted > 0 {
            let width = attempt.lines.dialect.names.len();
            attempt.preview.extend(frame.preview(width, wanted));
        }
        self.next.line = piece.place.line + piece.lines;
        self.next.row = piece.place.row + piece.rows as u64;
    }

    fn tell(&self, bytes_read: u64) {
        let lines = self.attempt.lines;
        let read = lines.bytes_before + bytes_read;
        let stage = self.stage_name.as_str();
        self.monitor.progress(stage, read, lines.bytes_total);
    }
}

impl Taker for Reader<'_, '_> {
    fn blocks(&mut self, slots: &[Slot]) -> Result<(), Stop> {
        let Some(first) = slots.first() else {
            return Ok(());
        };
        self.monitor.check()?;
        self.reserve(first.columns.rows, first.block.bytes_read);
        for slot in slots {
            self.attempt.places.push(Place {
                offset: slot.block.offset,
                ..self.next
            });
            self.next.row += slot.columns.rows as u64;
            self.next.line += slot.columns.rows as u64;
            let wanted = PREVIEW_ROWS.saturating_sub(self.attempt.preview.len());
            self.attempt.preview.extend(slot.preview(wanted));
        }
        let (encoders, words) = (&mut self.encoders, &self.words);
        encoders
            .par_iter_mut()
            .with_max_len(1)
            .try_for_each(|encoder| {
                slots
                    .iter()
                    .try_for_each(|slot| encoder.append(slot, words))
            })
            .map_err(|full| self.attempt.full(full))?;
        drop_wide(&mut self.encoders);
        for slot in slots {
            self.stage.marks.extend_from_slice(&slot.columns.marks);
            let prints = &mut self.stage.fingerprints;
            prints.extend_from_slice(&slot.columns.fingerprints);
        }
        self.tell(slots.last().map_or(0, |last| last.block.bytes_read));
        Ok(())
    }

    fn piece(&mut self, mut piece: Piece) -> Result<Piece, Stop> {
        piece.place.line += self.next.line;
        piece.place.row += self.next.row;
        for broken in &mut piece.broken {
            broken.line += self.next.line;
        }
        self.take(&piece)?;
        Ok(piece)
    }

    fn encoders(&self) -> &[Encoder] {
        &self.encoders
    }
}
