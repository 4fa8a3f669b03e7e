//! The cells of one block of a file → typed columns: what each column of an order log means.
//!
//! A block is read by one thread, several of them at once; what they hold is put together in the order of
//! the file ([`super::columns`]).

use std::{
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
};

use crate::{
    dataset::Role,
    lines::marks::{StatusKind, order_form, status_mark},
    lines::stage::{OrderForms, mark},
    orders::PoolFull,
    roles::reason::Guess,
    table::rows::Rows,
    values::dates::{DateColumn, Zone},
    values::ids::Ids,
    values::intern::Interner,
    values::numbers::{self, Decimal, Evidence},
};

/// What the columns of a file are.
#[derive(Debug)]
pub struct Layout {
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
#[derive(Debug)]
pub struct Words {
    pub column: usize,
    /// How the column tells whether sales were kept, where it does.
    pub status: Option<StatusKind>,
    /// It is something to group by.
    pub attribute: bool,
    /// Nobody asks for it any more: it has too many values.
    skip: AtomicBool,
}

impl Layout {
    /// The layout of columns of these names and roles.
    #[must_use]
    pub fn of(names: &[String], guesses: &[Guess], zone: Zone, decimal: Decimal) -> Self {
        let slot = |role| guesses.iter().position(|guess| guess.role == role);
        let columns = guesses.iter().zip(names).enumerate();
        let words = columns.filter_map(|(column, (guess, name))| {
            let status = (guess.role == Role::Status).then(|| StatusKind::of(name));
            let attribute = match status {
                Some(kind) => kind != StatusKind::ReturnDate,
                None => matches!(guess.role, Role::Attribute | Role::Currency | Role::Contact),
            };
            (attribute || status.is_some()).then_some(Words {
                column,
                status,
                attribute,
                skip: AtomicBool::new(false),
            })
        });
        Self {
            zone,
            decimal,
            customer: slot(Role::Customer),
            date: slot(Role::Date),
            amount: slot(Role::Amount),
            price: slot(Role::UnitPrice),
            quantity: slot(Role::Quantity),
            order: slot(Role::Order),
            words: words.collect(),
        }
    }
}

impl Words {
    /// Leaves the column out of the blocks to come, unless it tells whether sales were kept.
    pub fn give_up(&self) {
        self.skip.store(self.status.is_none(), Ordering::Relaxed);
    }
}

/// The columns of one block; reused from block to block.
#[derive(Debug, Default)]
pub struct Block {
    pub customers: Ids,
    pub dates: DateColumn,
    pub money: Vec<f64>,
    pub evidence: Evidence,
    pub orders: Ids,
    pub forms: OrderForms,
    /// [`mark`] bits per row.
    pub marks: Vec<u16>,
    /// In the order of [`Layout::words`].
    pub words: Vec<Coded>,
}

/// A column of few different texts.
#[derive(Debug, Default)]
pub struct Coded {
    /// The different cells of the block.
    pub known: Interner,
    /// Which one each row has.
    pub codes: Vec<u32>,
    /// What each different cell says of its row.
    marks: Vec<u16>,
}

impl Block {
    /// Reads all cells of some rows.
    ///
    /// # Errors
    /// [`PoolFull`] never in practice: a block is smaller than 4 GiB.
    pub fn read(&mut self, rows: &Rows, layout: &Layout) -> Result<(), PoolFull> {
        self.marks.clear();
        self.marks.resize(rows.len(), 0);
        self.customers.clear();
        if let Some(column) = layout.customer {
            self.customers.read(rows.text(), rows.places(column));
        }
        self.dates.restart(&layout.zone);
        if let Some(column) = layout.date {
            self.dates.reserve(rows.len());
            for cell in rows.places(column) {
                self.dates.push_within(rows.text(), cell);
            }
        }
        self.read_orders(rows, layout);
        self.read_money(rows, layout);
        self.words.resize_with(layout.words.len(), Coded::default);
        for (coded, words) in self.words.iter_mut().zip(&layout.words) {
            coded.read(rows.text(), rows.places(words.column), words)?;
            if words.status.is_some() {
                for (mark, &code) in self.marks.iter_mut().zip(&coded.codes) {
                    *mark |= coded.marks[code as usize];
                }
            }
        }
        Ok(())
    }

    fn read_orders(&mut self, rows: &Rows, layout: &Layout) {
        self.orders.clear();
        self.forms = OrderForms::default();
        let Some(column) = layout.order else {
            return;
        };
        let text = rows.text();
        self.orders.keys.reserve(rows.len());
        for cell in rows.places(column) {
            self.orders.push_within(text, cell);
        }
        for (mark, cell) in self.marks.iter_mut().zip(self.orders.cells(text)) {
            *mark |= order_form(cell, &mut self.forms);
        }
    }

    /// The amount column, or unit price × quantity; a negative quantity is marked.
    fn read_money(&mut self, rows: &Rows, layout: &Layout) {
        let (text, decimal) = (rows.text(), layout.decimal);
        self.money.clear();
        self.evidence = Evidence::default();
        if let Some(column) = layout.amount.or(layout.price) {
            let cells = rows.places(column).map(|cell| &text[cell]);
            let evidence = &mut self.evidence;
            self.money
                .extend(cells.map(|cell| numbers::read(cell, decimal, evidence)));
        }
        let Some(column) = layout.quantity else {
            return;
        };
        for (row, cell) in rows.places(column).enumerate() {
            let quantity = numbers::read(&text[cell], decimal, &mut self.evidence);
            if quantity < 0.0 {
                self.marks[row] |= mark::NEGATIVE_QUANTITY;
            }
            if layout.amount.is_none()
                && let Some(money) = self.money.get_mut(row)
            {
                *money *= quantity;
            }
        }
    }
}

impl Coded {
    fn read(
        &mut self,
        text: &str,
        cells: impl ExactSizeIterator<Item = Range<usize>>,
        words: &Words,
    ) -> Result<(), PoolFull> {
        self.known.clear();
        self.codes.clear();
        self.marks.clear();
        if words.skip.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.codes.reserve(cells.len());
        for cell in cells {
            let code = self.known.intern_within(text, cell.clone())?;
            if let Some(kind) = words.status
                && code as usize == self.marks.len()
            {
                self.marks.push(status_mark(&text[cell], kind));
            }
            self.codes.push(code);
        }
        Ok(())
    }
}
