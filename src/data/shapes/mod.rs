//! The file layouts Keepers knows, one file each.
//!
//! To add one: write `shapes/yours.rs` with
//!
//! 1. `recognise(&[Sniffed]) -> bool`: look at column names, never at file names or their order;
//! 2. `read(&mut Job) -> Result<Gathered, DataError>`: fill a [`Stage`](super::stage::Stage) — for a
//!    table of order lines build [`Lines`](super::ingest::Lines) and call
//!    [`ingest`](super::ingest::ingest), as `order_log` does; for tables that must be joined read
//!    them with [`SmallTable`](super::small::SmallTable) and push one row per order, as `olist` does;
//!
//! then add a variant to [`Shape`] and one line to [`recognise`] and [`read`] below. Rules, sorting
//! and the quality report are shared ([`super::finish`]), so a shape only says what columns mean.

pub mod cdnow;
pub mod customer_table;
pub mod de_ds;
pub mod olist;
pub mod order_log;
pub mod thelook;

use std::collections::BTreeMap;

use super::{
    dataset::Shape, dates::Zone, error::DataError, excel::Book, finish::Gathered, monitor::Monitor,
    options::ReadOptions, sniff::Dialect, source::Input, text::fold,
};

/// A file and its layout.
#[derive(Clone, Debug)]
pub struct Sniffed {
    pub input: Input,
    pub dialect: Dialect,
}

impl Sniffed {
    /// Whether the file has a column of this (folded) name.
    #[must_use]
    pub fn has(&self, folded: &str) -> bool {
        self.column(folded).is_some()
    }

    /// Position of the column of this (folded) name.
    #[must_use]
    pub fn column(&self, folded: &str) -> Option<usize> {
        let mut names = self.dialect.names.iter();
        names
            .position(|name| fold(name) == folded)
            .filter(|_| self.dialect.has_header)
    }
}

/// What a shape needs to read its files.
pub struct Job<'a> {
    pub files: Vec<Sniffed>,
    pub options: &'a ReadOptions,
    pub zone: Zone,
    pub monitor: &'a Monitor,
    /// Bytes of all files.
    pub bytes_total: u64,
    /// The workbooks among the files, by name.
    pub books: BTreeMap<String, Book>,
}

/// Which shape the files have; anything unknown is tried as an order log.
#[must_use]
pub fn recognise(files: &[Sniffed]) -> Shape {
    if cdnow::recognise(files) {
        Shape::Cdnow
    } else if olist::recognise(files) {
        Shape::Olist
    } else if de_ds::recognise(files) {
        Shape::DeDs
    } else if thelook::recognise(files) {
        Shape::Thelook
    } else if customer_table::recognise(files) {
        Shape::CustomerTable
    } else {
        Shape::OrderLog
    }
}

/// Reads the files as the given shape.
///
/// # Errors
/// The shape's [`DataError`].
pub fn read(shape: Shape, job: &Job<'_>) -> Result<Gathered, DataError> {
    match shape {
        Shape::Cdnow => cdnow::read(job),
        Shape::Olist => olist::read(job),
        Shape::Thelook | Shape::DeDs => thelook::read(job, shape),
        // A customer table that proves to hold orders is read as what it is ([`customer_table::open`]).
        Shape::OrderLog | Shape::CustomerTable => order_log::read(job),
    }
}
