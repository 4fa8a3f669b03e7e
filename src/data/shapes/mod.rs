//! The file layouts Keepers knows, one file each.
//!
//! To add one: write `shapes/yours.rs` with
//!
//! 1. `recognise(&[Sniffed]) -> bool`: look at column names, never at file names or their order;
//! 2. `read(&mut Job) -> Result<Gathered, DataError>`: fill a [`Stage`](crate::data::lines::stage::Stage) — for a
//!    table of order lines build [`Lines`](crate::data::lines::ingest::Lines) and call
//!    [`ingest`](crate::data::lines::ingest::ingest), as `order_log` does; for tables that must be joined read
//!    them with [`SmallTable`](crate::data::table::small::SmallTable) and push one row per order, as `olist` does;
//!
//! then add a variant to [`Shape`] and one line to [`recognise`] and [`read`] below. Rules, sorting
//! and the quality report are shared ([`crate::data::judge::finish`]), so a shape only says what columns mean.

pub mod cdnow;
pub mod customer_table;
pub mod de_ds;
pub mod olist;
pub mod order_log;
pub mod thelook;

use std::{collections::BTreeMap, sync::OnceLock};

use crate::{
    base::monitor::Monitor,
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    data::dataset::{Role, Shape},
    data::judge::finish::Gathered,
    data::open::source::Input,
    data::open::workbook::Book,
    data::roles::mapping::{self, Guess, Sample},
    data::table::dialect::Dialect,
    data::table::refind,
    data::values::dates::Zone,
    data::values::text::fold,
};

/// A file and its layout.
#[derive(Clone, Debug)]
pub struct Sniffed {
    pub input: Input,
    pub dialect: Dialect,
    /// Folded names of the columns: every shape asks for them.
    folded: Vec<String>,
    /// The first rows by column, and what they say of the columns: asked for again and again.
    samples: OnceLock<Vec<Sample>>,
    guesses: OnceLock<Vec<Guess>>,
}

/// Rows that take part in guessing what columns mean.
pub const SAMPLE_ROWS: usize = 1_000;

impl Sniffed {
    #[must_use]
    pub fn new(input: Input, dialect: Dialect) -> Self {
        let folded = dialect.names.iter().map(|name| fold(name)).collect();
        Self {
            input,
            dialect,
            folded,
            samples: OnceLock::new(),
            guesses: OnceLock::new(),
        }
    }

    /// Folded names of its fields, when the file is JSON-ish text.
    #[must_use]
    pub fn json_names(&self) -> Option<&[String]> {
        let many = self.folded.len() > 1 && self.dialect.json.is_some();
        many.then_some(self.folded.as_slice())
    }

    /// Folded names of the columns.
    #[must_use]
    pub fn folded(&self) -> &[String] {
        &self.folded
    }

    /// The first rows, by column.
    ///
    /// # Errors
    /// [`DataError`] when reading fails.
    pub fn samples(&self) -> Result<&[Sample], DataError> {
        if let Some(samples) = self.samples.get() {
            return Ok(samples);
        }
        let columns = refind::first_columns(&self.input, &self.dialect, SAMPLE_ROWS)?;
        let names = self.dialect.names.iter();
        let samples = names.zip(columns).map(|(name, cells)| Sample {
            name: name.clone(),
            cells,
        });
        let samples = samples.collect();
        Ok(self.samples.get_or_init(|| samples))
    }

    /// What the columns mean, judged by the first rows, unless the user said so.
    ///
    /// # Errors
    /// As [`Sniffed::samples`].
    pub fn guesses(&self, overrides: &BTreeMap<String, Role>) -> Result<Vec<Guess>, DataError> {
        let samples = self.samples()?;
        if overrides.is_empty() {
            let guesses = || mapping::guess(samples, overrides);
            return Ok(self.guesses.get_or_init(guesses).clone());
        }
        Ok(mapping::guess(samples, overrides))
    }

    /// Whether the file has a column of this (folded) name.
    #[must_use]
    pub fn has(&self, folded: &str) -> bool {
        self.column(folded).is_some()
    }

    /// Position of the column of this (folded) name.
    #[must_use]
    pub fn column(&self, folded: &str) -> Option<usize> {
        let mut names = self.folded.iter();
        names
            .position(|name| name == folded)
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
