//! The fast way of reading order lines: plain text straight into typed columns.
//!
//! Most exports are plain: no quotes, every line a row. Such text needs no general parser. It is read
//! in blocks of whole lines ([`Cut::Block`]); several blocks are read at once, each by one thread into
//! columns of its own ([`Columns`]), and then appended in the order of the file. Whatever is not
//! plain (a quote, a blank or broken line) goes through [`chunks`] and polars, with the same result;
//! a property test compares the two.

pub mod cells;
pub mod grid;

use rayon::prelude::*;

use super::{
    chunks::{self, Block, Cut, HEADER, Piece, Plan, Stop},
    columns::Encoder,
    dates::Zone,
    encoding::Encoding,
    ingest::Lines,
    monitor::Monitor,
    numbers::Decimal,
    orders::PoolFull,
    records::{self, Separator},
};
use cells::Columns;
use grid::Grid;

/// What the columns of a file are, for [`Columns::read`].
#[derive(Clone, Debug)]
pub struct Layout {
    pub separator: u8,
    /// Cells are separated by runs of spaces or tabs.
    pub runs: bool,
    pub width: usize,
    pub zone: Zone,
    pub decimal: Decimal,
    pub customer: Option<usize>,
    pub date: Option<usize>,
    pub amount: Option<usize>,
    pub price: Option<usize>,
    pub quantity: Option<usize>,
    pub order: Option<usize>,
    pub words: Vec<Words>,
}

/// A column of texts that repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    pub column: usize,
    /// The column tells whether sales were kept: by a return date (true) or in words (false).
    pub status: Option<bool>,
    /// Nobody asks for it any more: it has too many values.
    pub skip: bool,
}

impl Layout {
    /// The layout of a file under an assumed encoding and decimal sign; `None` when such a file has
    /// to go through [`chunks`].
    #[must_use]
    pub fn of(
        lines: &Lines<'_>,
        encoding: Encoding,
        decimal: Decimal,
        encoders: &[Encoder],
    ) -> Option<Self> {
        let separator = match (lines.dialect.separator, encoding) {
            (Separator::Byte(separator), Encoding::Utf8) => separator,
            (Separator::Spaces, Encoding::Utf8) => b' ',
            _ => return None,
        };
        let mut layout = Self {
            separator,
            runs: lines.dialect.separator == Separator::Spaces,
            width: lines.dialect.names.len(),
            zone: lines.zone.clone(),
            decimal,
            customer: None,
            date: None,
            amount: None,
            price: None,
            quantity: None,
            order: None,
            words: Vec::new(),
        };
        for encoder in encoders {
            match encoder {
                Encoder::Customer { slot, .. } => layout.customer = Some(*slot),
                Encoder::Date { slot, .. } => layout.date = Some(*slot),
                Encoder::Order { slot, .. } => layout.order = Some(*slot),
                Encoder::Money {
                    amount,
                    price,
                    quantity,
                    ..
                } => {
                    (layout.amount, layout.price) = (*amount, *price);
                    layout.quantity = *quantity;
                }
                Encoder::Status {
                    slot, return_date, ..
                } => layout.words_of(*slot).status = Some(*return_date),
                Encoder::Attribute { slot, .. } => drop(layout.words_of(*slot)),
            }
        }
        Some(layout)
    }

    fn words_of(&mut self, column: usize) -> &mut Words {
        let at = self
            .words
            .iter()
            .position(|words| words.column == column)
            .unwrap_or(self.words.len());
        if at == self.words.len() {
            self.words.push(Words {
                column,
                status: None,
                skip: false,
            });
        }
        &mut self.words[at]
    }

    /// Leaves out columns that no encoder wants any more.
    fn skip_unwanted(&mut self, encoders: &[Encoder]) {
        for words in &mut self.words {
            words.skip = words.status.is_none()
                && encoders.iter().any(|encoder| match encoder {
                    Encoder::Attribute {
                        slot, attribute, ..
                    } => *slot == words.column && attribute.gave_up,
                    _ => false,
                });
        }
    }
}

/// A block, and what was read from it.
#[derive(Debug, Default)]
pub struct Slot {
    pub block: Block,
    /// Its text, once it is known to be UTF-8.
    text: String,
    pub columns: Columns,
    pub grid: Grid,
    /// Its lines with single spaces, and the fingerprints of the lines as they were.
    spaced: Vec<u8>,
    prints: Vec<u32>,
}

/// What became of a block.
enum Outcome {
    Read,
    /// Not every line is a plain row.
    NotPlain,
    WrongEncoding,
    Full(PoolFull),
}

impl Slot {
    /// The block's lines, once they are read.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.get(HEADER.len()..).unwrap_or_default()
    }

    /// The first rows, for the preview.
    #[must_use]
    pub fn preview(&self, rows: usize) -> Vec<Vec<String>> {
        self.grid.head(self.text(), rows)
    }

    /// Makes runs of separators single spaces. False, and nothing changed, when not every line is a
    /// row of `width` cells.
    fn single_spaces(&mut self, width: usize) -> bool {
        let Self {
            block,
            spaced,
            prints,
            ..
        } = self;
        spaced.clear();
        prints.clear();
        spaced.extend_from_slice(HEADER);
        let body = block.text.get(HEADER.len()..).unwrap_or_default();
        for line in body
            .strip_suffix(b"\n")
            .unwrap_or(body)
            .split(|&byte| byte == b'\n')
        {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            prints.push(records::fingerprint(line) as u32);
            let from = spaced.len();
            let cells = line.split(|byte| matches!(byte, b' ' | b'\t'));
            let mut found = 0;
            for cell in cells.filter(|cell| !cell.is_empty()) {
                if found > 0 {
                    spaced.push(b' ');
                }
                spaced.extend_from_slice(cell);
                found += 1;
            }
            if found != width
                || line.ends_with(b"\r")
                || spaced[from..].iter().all(u8::is_ascii_whitespace)
            {
                return false;
            }
            spaced.push(b'\n');
        }
        std::mem::swap(&mut block.text, spaced);
        true
    }

    fn read(&mut self, layout: &Layout) -> Outcome {
        if layout.runs && !self.single_spaces(layout.width) {
            return Outcome::NotPlain;
        }
        let body = self.block.text.get(HEADER.len()..).unwrap_or_default();
        if !self.grid.lay(body, layout.separator, layout.width) {
            return Outcome::NotPlain;
        }
        match String::from_utf8(std::mem::take(&mut self.block.text)) {
            Ok(text) => self.text = text,
            Err(_) => return Outcome::WrongEncoding,
        }
        let body = self.text.get(HEADER.len()..).unwrap_or_default();
        match self.columns.read(body, &self.grid, layout) {
            Ok(()) if layout.runs => {
                // Those of the lines as the file holds them.
                std::mem::swap(&mut self.columns.fingerprints, &mut self.prints);
                Outcome::Read
            }
            Ok(()) => Outcome::Read,
            Err(full) => Outcome::Full(full),
        }
    }
}

/// Blocks read at once.
const BATCH: usize = 8;

/// What is done with the blocks and pieces of a file, in its order.
pub trait Taker {
    /// Blocks that follow each other, with their columns.
    ///
    /// # Errors
    /// [`Stop`] when the columns cannot take them.
    fn blocks(&mut self, slots: &[Slot]) -> Result<(), Stop>;

    /// A piece that has to be parsed, whose lines and rows are counted from its own beginning.
    ///
    /// # Errors
    /// [`Stop`] when parsing fails.
    fn piece(&mut self, piece: Piece) -> Result<Piece, Stop>;

    /// The columns read so far.
    fn encoders(&self) -> &[Encoder];
}

/// Reads a file block by block; hands what is not plain to the taker as pieces.
///
/// # Errors
/// [`Stop`] when reading fails, the encoding proves wrong, the job is cancelled, or the taker stops.
pub fn for_each_batch(
    plan: &Plan<'_>,
    monitor: &Monitor,
    mut layout: Layout,
    taker: &mut impl Taker,
) -> Result<(), Stop> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut filled = 0;
    chunks::for_each_cut(plan, BATCH, monitor, |cut, recycle| {
        let piece = match cut {
            Some(Cut::Block(block)) => {
                if slots.len() == filled {
                    slots.push(Slot::default());
                }
                slots[filled].block = block;
                filled += 1;
                if filled < BATCH {
                    return Ok(());
                }
                None
            }
            Some(Cut::Piece(piece)) => Some(piece),
            None => None,
        };
        layout.skip_unwanted(taker.encoders());
        take_batch(plan, &layout, &mut slots[..filled], taker)?;
        for slot in &mut slots[..filled] {
            recycle(std::mem::take(&mut slot.text).into_bytes());
        }
        filled = 0;
        match piece {
            Some(piece) => {
                recycle(taker.piece(piece)?.text);
                Ok(())
            }
            None => Ok(()),
        }
    })
}

fn take_batch(
    plan: &Plan<'_>,
    layout: &Layout,
    slots: &mut [Slot],
    taker: &mut impl Taker,
) -> Result<(), Stop> {
    let outcomes: Vec<Outcome> = slots
        .par_iter_mut()
        .with_max_len(1)
        .map(|slot| slot.read(layout))
        .collect();
    let mut from = 0;
    for (at, outcome) in outcomes.into_iter().enumerate() {
        let stop = match outcome {
            Outcome::Read => continue,
            Outcome::NotPlain => None,
            Outcome::WrongEncoding => Some(Stop::WrongEncoding),
            Outcome::Full(full) => Some(Stop::Error(super::small::too_large(
                plan.input.path(),
                full,
            ))),
        };
        taker.blocks(&slots[from..at])?;
        if let Some(stop) = stop {
            return Err(stop);
        }
        let block = std::mem::take(&mut slots[at].block);
        taker.piece(chunks::piece_of(plan, block)?)?;
        from = at + 1;
    }
    taker.blocks(&slots[from..])
}
