//! Tables that are joined before they become order lines: read whole, a few columns as text.

use std::path::Path;

use super::{
    chunks::{self, Piece, Plan, Stop},
    dataset::Role,
    encoding::{self, Encoding},
    error::DataError,
    ingest::{PREVIEW_ROWS, Read},
    mapping::Guess,
    orders::{PoolFull, TextPool},
    quality::MAX_SAMPLES,
    shapes::{Job, Sniffed},
    table::Parser,
    text::{self, fold},
};

/// Some columns of a table, and how its file was read.
#[derive(Clone, Debug)]
pub struct SmallTable {
    /// Folded names of `columns`.
    names: Vec<String>,
    columns: Vec<TextPool>,
    pub rows: usize,
    /// Fingerprint of each row's bytes.
    pub fingerprints: Vec<u32>,
    pub read: Read,
}

impl SmallTable {
    /// Reads the columns with these (folded) names; a column the file lacks reads as empty.
    ///
    /// # Errors
    /// [`DataError`] when reading fails or the job is cancelled.
    pub fn read(file: &Sniffed, names: &[&str], job: &Job<'_>) -> Result<Self, DataError> {
        let mut encoding = Encoding::Utf8;
        loop {
            let mut table = Self::empty(file, names, encoding);
            match table.fill(file, names, job) {
                Ok(()) => return Ok(table),
                Err(Stop::WrongEncoding) => encoding = encoding::survey(&file.input, job.monitor)?,
                Err(Stop::Error(error)) => return Err(error),
            }
        }
    }

    /// Reads all columns.
    ///
    /// # Errors
    /// As [`SmallTable::read`].
    pub fn read_all(file: &Sniffed, job: &Job<'_>) -> Result<Self, DataError> {
        let names: Vec<String> = file.dialect.names.iter().map(|name| fold(name)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Self::read(file, &names, job)
    }

    /// A table from columns that were read in another way; all of equal length, named as in `read`.
    #[must_use]
    pub fn of_columns(columns: Vec<TextPool>, rows: usize, read: Read) -> Self {
        Self {
            names: read.dialect.names.iter().map(|name| fold(name)).collect(),
            columns,
            rows,
            fingerprints: Vec::new(),
            read,
        }
    }

    fn empty(file: &Sniffed, names: &[&str], encoding: Encoding) -> Self {
        let width = file.dialect.names.len();
        let unused = Guess::new(Role::Ignored, "read by no analysis");
        Self {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            columns: vec![TextPool::default(); names.len()],
            rows: 0,
            fingerprints: Vec::new(),
            read: Read {
                input: file.input.clone(),
                dialect: file.dialect.clone(),
                encoding,
                guesses: vec![unused; width],
                formats: vec![String::new(); width],
                first_row: 0,
                rows: 0,
                places: Vec::new(),
                broken_rows: 0,
                broken: Vec::new(),
                remarks: Vec::new(),
                preview: Vec::new(),
                layout: None,
            },
        }
    }

    fn fill(&mut self, file: &Sniffed, names: &[&str], job: &Job<'_>) -> Result<(), Stop> {
        let positions: Vec<Option<usize>> = names.iter().map(|name| file.column(name)).collect();
        let width = file.dialect.names.len();
        let parser = Parser::new(width, (0..width).collect());
        let size = file.input.len()?;
        let plan = Plan {
            input: &file.input,
            dialect: &file.dialect,
            encoding: self.read.encoding,
            // A piece is cleared before it is filled: no more than the file needs.
            piece_bytes: chunks::PIECE_BYTES.min(size as usize + 1),
            block_bytes: chunks::BLOCK_BYTES,
        };
        let stage = format!("Reading {}", file.input.name());
        chunks::for_each_piece(&plan, job.monitor, |piece| {
            job.monitor.check()?;
            let frame = parser.parse(piece, &file.input)?;
            if self.read.preview.is_empty() {
                self.read.preview = frame.preview(width, PREVIEW_ROWS);
            }
            for (column, position) in self.columns.iter_mut().zip(&positions) {
                let pushed = match position {
                    Some(at) => {
                        frame.try_for_each(*at, |cell| column.push(text::trim(cell)).map(|_| ()))
                    }
                    None => (0..piece.rows).try_for_each(|_| column.push("").map(|_| ())),
                };
                pushed.map_err(|full| Stop::Error(too_large(file.input.path(), full)))?;
            }
            self.remember(piece);
            job.monitor.progress(stage.as_str(), piece.bytes_read, size);
            Ok(())
        })
    }

    fn remember(&mut self, piece: &Piece) {
        self.rows += piece.rows;
        self.fingerprints.extend_from_slice(&piece.fingerprints);
        let read = &mut self.read;
        read.rows = self.rows as u64;
        read.places.push(piece.place);
        read.broken_rows += piece.broken.len() as u64;
        let room = MAX_SAMPLES.saturating_sub(read.broken.len());
        read.broken.extend(piece.broken.iter().take(room).cloned());
    }

    /// Cell of a row in the `column`-th of the names asked for.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.columns[column].get(row)
    }

    /// Position of the column with this (folded) name.
    #[must_use]
    pub fn find(&self, folded: &str) -> Option<usize> {
        self.names.iter().position(|name| name == folded)
    }

    /// Cell of a row; empty where the table has no such column.
    #[must_use]
    pub fn text(&self, row: usize, column: Option<usize>) -> &str {
        column.map_or("", |column| self.columns[column].get(row))
    }

    /// All columns with their names as the file spells them (for tables that were read whole).
    pub fn columns(&self) -> impl Iterator<Item = (&str, &TextPool)> {
        let names = self.read.dialect.names.iter().map(String::as_str);
        names.zip(&self.columns)
    }

    /// Says what the columns of these (folded) names were read as.
    pub fn set_roles(&mut self, roles: &[(&str, Role, &str)]) {
        let names = self.read.dialect.names.iter();
        for (name, guess) in names.zip(&mut self.read.guesses) {
            let folded = fold(name);
            if let Some((_, role, reason)) = roles.iter().find(|(known, _, _)| *known == folded) {
                *guess = Guess::new(*role, *reason);
            }
        }
    }

    /// A remark on rows that could not be used, for tables whose rows are no order lines.
    #[must_use]
    pub fn broken_remark(&self) -> Option<String> {
        let first = self.read.broken.first()?;
        Some(format!(
            "{}: {} rows with a wrong number of cells were left out, the first one in line {}",
            self.read.input.name(),
            self.read.broken_rows,
            first.line
        ))
    }
}

/// A column whose text outgrows what can be addressed.
pub(super) fn too_large(path: &Path, full: PoolFull) -> DataError {
    DataError::Unreadable {
        path: path.to_path_buf(),
        problem: full.to_string(),
        advice: "Split the export by year".to_owned(),
    }
}
