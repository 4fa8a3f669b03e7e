//! One delimited file of order lines → rows of the [`Stage`].
//!
//! A shape decides what the columns mean ([`Lines`]); this module reads them piece by piece, all
//! columns in parallel. Two questions are answered on the way and may turn out otherwise when the
//! whole file is known — the encoding and the decimal sign. Then the file is read once more.

use rayon::prelude::*;

use super::{
    chunks::{self, Broken, Piece, Place, Plan, Stop},
    dataset::{ColumnReading, FileReading, Role},
    dates::{self, DateColumn, Dates, Zone},
    encoding::{self, Encoding},
    error::DataError,
    intern::Interner,
    mapping::Guess,
    monitor::Monitor,
    numbers::{self, Decimal, Evidence},
    options::DateOrder,
    orders::PoolFull,
    quality::MAX_SAMPLES,
    sniff::Dialect,
    source::Input,
    stage::{NO_CUSTOMER, OrderForms, OrderTexts, Stage, StagedAttribute, mark},
    synonyms,
    table::{Frame, Parser},
    text,
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
        }
    }

    /// First column with a role.
    #[must_use]
    pub fn column(&self, role: Role) -> Option<usize> {
        self.guesses.iter().position(|guess| guess.role == role)
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
            part: part.to_owned(),
            bytes: self.input.len()?,
            rows: self.rows + self.broken_rows,
            encoding: encoding::title(self.dialect.mark, self.encoding),
            delimiter: self.dialect.separator.title().to_owned(),
            has_header: self.dialect.has_header,
            columns: columns
                .map(|((name, guess), format)| ColumnReading {
                    name: name.clone(),
                    role: guess.role,
                    reason: guess.reason.clone(),
                    format: format.clone(),
                })
                .collect(),
            preview: self.preview.clone(),
        })
    }
}

/// Reads all lines of a file into the stage.
///
/// # Errors
/// [`DataError`] when reading fails or the job is cancelled.
pub fn ingest(lines: &Lines<'_>, stage: &mut Stage, monitor: &Monitor) -> Result<Read, DataError> {
    let (rows, attributes, forms) = (stage.rows(), stage.attributes.len(), stage.order_forms);
    let (mut encoding, mut decimal, mut revised) = (Encoding::Utf8, first_decimal(lines)?, false);
    loop {
        let mut attempt = Attempt::new(lines, encoding, decimal);
        match attempt.run(stage, monitor) {
            Ok(()) => {
                let wanted = attempt.evidence.decimal();
                // Once is enough: the second reading decided on evidence of the whole column.
                if wanted == decimal || revised {
                    return attempt.finish(stage);
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

/// The decimal sign that the first rows speak for.
fn first_decimal(lines: &Lines<'_>) -> Result<Decimal, DataError> {
    let mut evidence = Evidence::default();
    for cells in chunks::first_rows(lines.input, lines.dialect, 1_000)? {
        for (cell, guess) in cells.iter().zip(&lines.guesses) {
            if matches!(guess.role, Role::Amount | Role::UnitPrice | Role::Quantity) {
                let _ = numbers::read(cell, Decimal::Point, &mut evidence);
            }
        }
    }
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
    preview: Vec<Vec<String>>,
    date_format: String,
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
            preview: Vec::new(),
            date_format: String::new(),
            remarks: Vec::new(),
        }
    }

    fn run(&mut self, stage: &mut Stage, monitor: &Monitor) -> Result<(), Stop> {
        self.first_row = stage.rows();
        let lines = self.lines;
        let width = lines.dialect.names.len();
        // Ignored columns are read too: they stand in the preview.
        let parser = Parser::new(width, (0..width).collect());
        let mut encoders = encoders(stage, lines).map_err(|full| self.full(full))?;
        let plan = Plan {
            input: lines.input,
            dialect: lines.dialect,
            encoding: self.encoding,
            piece_bytes: chunks::PIECE_BYTES,
        };
        let stage_name = format!("Reading {}", lines.input.name());
        let mut reserved = false;
        let outcome = chunks::for_each_piece(&plan, monitor, |piece| {
            monitor.check()?;
            if !reserved {
                reserved = true;
                reserve(stage, &mut encoders, piece, lines);
            }
            let frame = parser.parse(piece, lines.input)?;
            self.remember(piece, &frame);
            encoders
                .par_iter_mut()
                .with_max_len(1)
                .try_for_each(|encoder| encoder.take(&frame, self.decimal))
                .map_err(|full| self.full(full))?;
            let marks_from = stage.marks.len();
            stage.marks.resize(marks_from + piece.rows, 0);
            for encoder in &encoders {
                encoder.add_marks(&mut stage.marks[marks_from..]);
            }
            stage.fingerprints.extend_from_slice(&piece.fingerprints);
            let read = lines.bytes_before + piece.bytes_read;
            monitor.progress(stage_name.as_str(), read, lines.bytes_total);
            Ok(())
        });
        // The stage gets its columns back in any case: rows of earlier files are in them.
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

    fn remember(&mut self, piece: &Piece, frame: &Frame) {
        self.places.push(piece.place);
        self.broken_rows += piece.broken.len() as u64;
        let room = MAX_SAMPLES.saturating_sub(self.broken.len());
        self.broken.extend(piece.broken.iter().take(room).cloned());
        if self.preview.is_empty() && piece.rows > 0 {
            self.preview = frame.preview(self.lines.dialect.names.len(), PREVIEW_ROWS);
        }
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

    fn finish(self, stage: &Stage) -> Result<Read, DataError> {
        let lines = self.lines;
        let mut remarks = self.remarks;
        if !lines.dialect.repeated_names.is_empty() {
            remarks.push(format!(
                "the header names {} more than once; the repetitions are numbered",
                quoted(&lines.dialect.repeated_names)
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
                guess.reason = format!(
                    "more than {} distinct values: too many to group by",
                    super::stage::MAX_DISTINCT
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
        Ok(Read {
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
        })
    }
}

/// "`a`, `b` and `c`".
#[must_use]
pub fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Turns one column (or the money columns together) into codes and numbers.
enum Encoder {
    Customer {
        slot: usize,
        ids: Interner,
        codes: Vec<u32>,
    },
    Date {
        slot: usize,
        column: DateColumn,
    },
    Money {
        amount: Option<usize>,
        price: Option<usize>,
        quantity: Option<usize>,
        money: Vec<f64>,
        evidence: Evidence,
        marks: Vec<u8>,
    },
    Order {
        slot: usize,
        ids: OrderTexts,
        forms: OrderForms,
        marks: Vec<u8>,
    },
    /// A status in words or a return date, as marks; words become an attribute as well.
    Status {
        slot: usize,
        return_date: bool,
        known: Interner,
        not_kept: Vec<bool>,
        marks: Vec<u8>,
    },
    Attribute {
        slot: usize,
        at: usize,
        attribute: StagedAttribute,
    },
}

/// One encoder per column that is read, the costly ones first.
fn encoders(stage: &mut Stage, lines: &Lines<'_>) -> Result<Vec<Encoder>, PoolFull> {
    let guesses = &lines.guesses;
    let slot = |role| guesses.iter().position(|guess| guess.role == role);
    let mut encoders = Vec::new();
    if let Some(slot) = slot(Role::Customer) {
        encoders.push(Encoder::Customer {
            slot,
            ids: std::mem::take(&mut stage.ids),
            codes: std::mem::take(&mut stage.customers),
        });
    }
    encoders.push(Encoder::Money {
        amount: slot(Role::Amount),
        price: slot(Role::UnitPrice),
        quantity: slot(Role::Quantity),
        money: std::mem::take(&mut stage.amounts),
        evidence: Evidence::default(),
        marks: Vec::new(),
    });
    if let Some(slot) = slot(Role::Order) {
        stage.orders.backfill(stage.marks.len())?;
        encoders.push(Encoder::Order {
            slot,
            ids: std::mem::take(&mut stage.orders),
            forms: stage.order_forms,
            marks: Vec::new(),
        });
    }
    if let Some(slot) = slot(Role::Date) {
        encoders.push(Encoder::Date {
            slot,
            column: DateColumn::new(lines.zone.clone(), 0),
        });
    }
    for (slot, guess) in guesses.iter().enumerate() {
        let name = &lines.dialect.names[slot];
        let return_date = synonyms::is_return_date(&text::fold(name));
        if guess.role == Role::Status {
            encoders.push(Encoder::Status {
                slot,
                return_date,
                known: Interner::default(),
                not_kept: Vec::new(),
                marks: Vec::new(),
            });
        }
        if guess.role == Role::Attribute || (guess.role == Role::Status && !return_date) {
            let at = stage.attribute(name)?;
            let attribute =
                std::mem::replace(&mut stage.attributes[at], StagedAttribute::new(name));
            encoders.push(Encoder::Attribute {
                slot,
                at,
                attribute,
            });
        }
    }
    Ok(encoders)
}

/// Makes room for all rows at once, judging by the first piece: growing a column copies it.
fn reserve(stage: &mut Stage, encoders: &mut [Encoder], piece: &Piece, lines: &Lines<'_>) {
    let read = piece
        .bytes_read
        .saturating_sub(lines.dialect.data_offset)
        .max(1);
    let size = lines.input.len().unwrap_or(read);
    let share = (size as f64 / read as f64).max(1.0) * 1.03;
    let rows = (piece.rows as f64 * share) as usize + 1;
    stage.marks.reserve_exact(rows);
    stage.fingerprints.reserve_exact(rows);
    for encoder in encoders {
        match encoder {
            Encoder::Customer { codes, .. } => codes.reserve_exact(rows),
            Encoder::Date { column, .. } => column.reserve(rows),
            Encoder::Money { money, .. } => money.reserve_exact(rows),
            Encoder::Order { ids, .. } => ids.starts.reserve_exact(rows),
            Encoder::Status { .. } => {}
            Encoder::Attribute { attribute, .. } => attribute.codes.reserve(rows),
        }
    }
}

impl Encoder {
    /// Reads the cells of one piece.
    fn take(&mut self, frame: &Frame, decimal: Decimal) -> Result<(), PoolFull> {
        match self {
            Self::Customer { slot, ids, codes } => frame.try_for_each(*slot, |cell| {
                let id = text::tidy_id(cell);
                codes.push(if dates::is_missing(id) {
                    NO_CUSTOMER
                } else {
                    ids.intern(id)?
                });
                Ok(())
            }),
            Self::Date { slot, column } => {
                frame.for_each(*slot, |cell| column.push(cell));
                Ok(())
            }
            Self::Money {
                amount,
                price,
                quantity,
                money,
                evidence,
                marks,
            } => {
                let slots = [*amount, *price, *quantity];
                read_money(frame, slots, (decimal, evidence), (money, marks));
                Ok(())
            }
            Self::Order {
                slot,
                ids,
                forms,
                marks,
            } => {
                marks.clear();
                frame.try_for_each(*slot, |cell| {
                    let id = text::tidy_id(cell);
                    let credit = is_credit_id(id);
                    forms.credits += u64::from(credit);
                    forms.digits +=
                        u64::from(id.as_bytes().first().is_some_and(u8::is_ascii_digit));
                    marks.push(if credit { mark::CREDIT_ID } else { 0 });
                    ids.push(if dates::is_missing(id) { "" } else { id })
                })
            }
            Self::Status {
                slot,
                return_date,
                known,
                not_kept,
                marks,
            } => {
                marks.clear();
                frame.try_for_each(*slot, |cell| {
                    let cell = text::trim(cell);
                    marks.push(if *return_date {
                        if dates::is_missing(cell) {
                            0
                        } else {
                            mark::RETURNED
                        }
                    } else {
                        let code = known.intern(cell)? as usize;
                        if code == not_kept.len() {
                            not_kept.push(synonyms::is_not_kept(cell));
                        }
                        if not_kept[code] { mark::NOT_KEPT } else { 0 }
                    });
                    Ok(())
                })
            }
            Self::Attribute {
                slot, attribute, ..
            } => {
                if !attribute.gave_up {
                    frame.try_for_each(*slot, |cell| {
                        let cell = text::trim(cell);
                        attribute.push(if dates::is_missing(cell) { "" } else { cell })
                    })?;
                    attribute.give_up_if_too_wide();
                }
                Ok(())
            }
        }
    }

    /// Adds what this column says about the rows of the last piece.
    fn add_marks(&self, rows: &mut [u8]) {
        if let Self::Money { marks, .. } | Self::Order { marks, .. } | Self::Status { marks, .. } =
            self
        {
            for (row, mark) in rows.iter_mut().zip(marks) {
                *row |= mark;
            }
        }
    }
}

/// `C` and digits: the credit-note convention of Online Retail.
fn is_credit_id(id: &str) -> bool {
    match id.as_bytes() {
        [b'C' | b'c', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Amounts of a piece: the amount column, or unit price × quantity. A negative quantity is marked.
fn read_money(
    frame: &Frame,
    [amount, price, quantity]: [Option<usize>; 3],
    (decimal, evidence): (Decimal, &mut Evidence),
    (money, marks): (&mut Vec<f64>, &mut Vec<u8>),
) {
    let from = money.len();
    if let Some(slot) = amount.or(price) {
        frame.for_each(slot, |cell| {
            money.push(numbers::read(cell, decimal, evidence))
        });
    }
    marks.clear();
    if let Some(slot) = quantity {
        let mut at = from;
        let mut own = Evidence::default();
        frame.for_each(slot, |cell| {
            let quantity = numbers::read(cell, decimal, &mut own);
            marks.push(if quantity < 0.0 {
                mark::NEGATIVE_QUANTITY
            } else {
                0
            });
            if amount.is_none()
                && let Some(value) = money.get_mut(at)
            {
                *value *= quantity;
            }
            at += 1;
        });
        evidence.add(own);
    }
}
