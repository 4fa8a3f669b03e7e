//! The cells of one block of plain lines → typed columns, on one thread and without polars.
//!
//! What a cell says is decided by the very functions that the other way of reading uses
//! ([`DateColumn`], [`numbers::read`], [`Interner`]); here they only get their cells faster.

use std::ops::Range;

use super::{Layout, Words, grid::Grid};
use crate::{
    data::lines::columns::{order_form, status_mark},
    data::lines::stage::{OrderForms, mark},
    data::orders::PoolFull,
    data::table::records,
    data::values::dates::DateColumn,
    data::values::ids::Ids,
    data::values::intern::Interner,
    data::values::numbers::{self, Evidence},
};

/// The columns of one block; reused from block to block.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub rows: usize,
    pub customers: Ids,
    pub dates: DateColumn,
    pub money: Vec<f64>,
    pub evidence: Evidence,
    pub orders: Ids,
    pub forms: OrderForms,
    pub marks: Vec<u16>,
    pub fingerprints: Vec<u32>,
    /// In the order of [`Layout::words`].
    pub words: Vec<Coded>,
}

/// A column of few different texts.
#[derive(Clone, Debug, Default)]
pub struct Coded {
    /// The different cells of the block.
    pub known: Interner,
    /// Which one each row has.
    pub codes: Vec<u32>,
    /// What each different cell says of its row.
    marks: Vec<u16>,
}

impl Columns {
    /// Reads all cells of a block whose lines were found to be plain rows.
    ///
    /// # Errors
    /// [`PoolFull`] never in practice: a block is smaller than 4 GiB.
    pub fn read(&mut self, text: &str, grid: &Grid, layout: &Layout) -> Result<(), PoolFull> {
        let body = text.as_bytes();
        self.rows = grid.rows();
        self.marks.clear();
        self.marks.resize(self.rows, 0);
        self.fingerprints.clear();
        let prints = grid
            .lines(body)
            .map(|line| records::fingerprint(&body[line]));
        self.fingerprints.extend(prints.map(|print| print as u32));
        self.customers.clear();
        if let Some(column) = layout.customer {
            self.customers.read(text, grid.column(body, column));
        }
        self.dates.restart(&layout.zone);
        if let Some(column) = layout.date {
            self.dates.reserve(self.rows);
            for cell in grid.column(body, column) {
                self.dates.push_within(text, cell);
            }
        }
        self.read_orders(text, grid, layout);
        self.read_money(text, grid, layout);
        self.words.resize_with(layout.words.len(), Coded::default);
        for (coded, words) in self.words.iter_mut().zip(&layout.words) {
            coded.read(text, grid.column(body, words.column), words)?;
            if words.status.is_some() {
                for (mark, &code) in self.marks.iter_mut().zip(&coded.codes) {
                    *mark |= coded.marks[code as usize];
                }
            }
        }
        Ok(())
    }

    fn read_orders(&mut self, text: &str, grid: &Grid, layout: &Layout) {
        self.orders.clear();
        self.forms = OrderForms::default();
        let Some(column) = layout.order else {
            return;
        };
        self.orders.keys.reserve(self.rows);
        for cell in grid.column(text.as_bytes(), column) {
            self.orders.push_within(text, cell);
        }
        for (mark, cell) in self.marks.iter_mut().zip(self.orders.cells(text)) {
            *mark |= order_form(cell, &mut self.forms);
        }
    }

    /// The amount column, or unit price × quantity; a negative quantity is marked.
    fn read_money(&mut self, text: &str, grid: &Grid, layout: &Layout) {
        let body = text.as_bytes();
        self.money.clear();
        self.evidence = Evidence::default();
        let decimal = layout.decimal;
        if let Some(column) = layout.amount.or(layout.price) {
            self.money.reserve(self.rows);
            for cell in grid.column(body, column) {
                let amount = numbers::read_within(text, cell, decimal, &mut self.evidence);
                self.money.push(amount);
            }
        }
        let Some(column) = layout.quantity else {
            return;
        };
        for (row, cell) in grid.column(body, column).enumerate() {
            let quantity = numbers::read_within(text, cell, decimal, &mut self.evidence);
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
        if words.skip {
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
