//! The fast way of reading order lines: plain text straight into typed columns.
//!
//! Most exports are plain: no quotes, every line a row. Such text needs no general parser. It is read
//! in blocks of whole lines ([`Cut::Block`]); several blocks are read at once, each by one thread into
//! columns of its own ([`Columns`]), and then appended in the order of the file. Whatever is not
//! plain (a quote, a blank or broken line) goes through [`chunks`] and polars, with the same result;
//! a property test compares the two.

pub mod cells;
pub mod grid;
pub mod quotes;

use rayon::prelude::*;

use crate::data::lines::columns::StatusKind;
use crate::{
    base::monitor::Monitor,
    data::lines::columns::Encoder,
    data::lines::ingest::Lines,
    data::open::encoding::Encoding,
    data::orders::PoolFull,
    data::table::chunks::{self, Block, Cut, HEADER, Piece, Plan, Stop},
    data::table::records::Separator,
    data::values::dates::Zone,
    data::values::numbers::Decimal,
};
use cells::Columns;
use grid::Grid;

/// What the columns of a file are, for [`Columns::read`].
#[derive(Clone, Debug)]
pub struct Layout {
    pub separator: Separator,
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
    pub status: Option<StatusKind>,
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
        if encoding != Encoding::Utf8 {
            return None;
        }
        let mut layout = Self {
            separator: lines.dialect.separator,
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
                Encoder::Status { slot, kind, .. } => layout.words_of(*slot).status = Some(*kind),
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
}

/// What became of a block.
#[derive(Debug)]
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

    fn read(&mut self, layout: &Layout) -> Outcome {
        let body = self.block.text.get(HEADER.len()..).unwrap_or_default();
        let plain = match layout.separator {
            Separator::Byte(byte) => self.grid.lay(body, byte, layout.width),
            Separator::Spaces => self.grid.lay_runs(body, layout.width),
        };
        if !plain {
            return Outcome::NotPlain;
        }
        match String::from_utf8(std::mem::take(&mut self.block.text)) {
            Ok(text) => self.text = text,
            Err(_) => return Outcome::WrongEncoding,
        }
        let body = self.text.get(HEADER.len()..).unwrap_or_default();
        match self.columns.read(body, &self.grid, layout) {
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

/// Reads a file block by block; hands what is not plain to the taker as pieces. While the taker has
/// the blocks of one batch, those of the next one are read.
///
/// # Errors
/// [`Stop`] when reading fails, the encoding proves wrong, the job is cancelled, or the taker stops.
pub fn for_each_batch(
    plan: &Plan<'_>,
    monitor: &Monitor,
    mut layout: Layout,
    taker: &mut (impl Taker + Send),
) -> Result<(), Stop> {
    let (mut next, mut ready) = (Batch::default(), Batch::default());
    chunks::for_each_cut(plan, BATCH, monitor, |cut, recycle| {
        let (piece, goes_on) = match cut {
            Some(Cut::Block(block)) => {
                next.push(block);
                if next.filled < BATCH {
                    return Ok(());
                }
                (None, true)
            }
            Some(Cut::Piece(piece)) => (Some(piece), false),
            None => (None, false),
        };
        layout.skip_unwanted(taker.encoders());
        let ((), taken) = rayon::join(|| next.read(&layout), || ready.deliver(plan, taker));
        taken?;
        ready.recycle(recycle);
        std::mem::swap(&mut next, &mut ready);
        if goes_on {
            return Ok(());
        }
        ready.deliver(plan, taker)?;
        ready.recycle(recycle);
        match piece {
            Some(piece) => {
                recycle(taker.piece(piece)?.text);
                Ok(())
            }
            None => Ok(()),
        }
    })
}

/// Blocks that are read at once; the slots are used again and again.
#[derive(Debug, Default)]
struct Batch {
    slots: Vec<Slot>,
    filled: usize,
    /// Of the filled slots, once they are read.
    outcomes: Vec<Outcome>,
}

impl Batch {
    fn push(&mut self, block: Block) {
        if self.slots.len() == self.filled {
            self.slots.push(Slot::default());
        }
        self.slots[self.filled].block = block;
        self.filled += 1;
    }

    fn read(&mut self, layout: &Layout) {
        let slots = self.slots[..self.filled].par_iter_mut().with_max_len(1);
        slots
            .map(|slot| slot.read(layout))
            .collect_into_vec(&mut self.outcomes);
    }

    /// Hands over what was read, and as pieces what is not plain.
    fn deliver(&mut self, plan: &Plan<'_>, taker: &mut impl Taker) -> Result<(), Stop> {
        let slots = &mut self.slots[..self.filled];
        let mut from = 0;
        for (at, outcome) in self.outcomes.drain(..).enumerate() {
            let stop = match outcome {
                Outcome::Read => continue,
                Outcome::NotPlain => None,
                Outcome::WrongEncoding => Some(Stop::WrongEncoding),
                Outcome::Full(full) => Some(Stop::Error(crate::data::open::source::too_large(
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

    /// Gives the buffers back.
    fn recycle(&mut self, recycle: &dyn Fn(Vec<u8>)) {
        for slot in &mut self.slots[..self.filled] {
            recycle(std::mem::take(&mut slot.text).into_bytes());
        }
        self.filled = 0;
    }
}
