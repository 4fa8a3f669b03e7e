//! Tables that are joined before they become order lines: read whole, a few columns as text.

use super::{
    chunks::{self, Piece, Plan, Stop},
    encoding::{self, Encoding},
    error::DataError,
    ingest::{PREVIEW_ROWS, Read},
    mapping::Guess,
    orders::{PoolFull, TextPool},
    quality::MAX_SAMPLES,
    shapes::{Job, Sniffed},
    table::Parser,
    text,
};

/// Some columns of a table, and how its file was read.
#[derive(Clone, Debug)]
pub struct SmallTable {
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
            let mut table = Self::empty(file, names.len(), encoding);
            match table.fill(file, names, job) {
                Ok(()) => return Ok(table),
                Err(Stop::WrongEncoding) => encoding = encoding::survey(&file.input, job.monitor)?,
                Err(Stop::Error(error)) => return Err(error),
            }
        }
    }

    fn empty(file: &Sniffed, columns: usize, encoding: Encoding) -> Self {
        let width = file.dialect.names.len();
        let unused = Guess::new(super::dataset::Role::Ignored, "read by no analysis");
        Self {
            columns: vec![TextPool::default(); columns],
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
            },
        }
    }

    fn fill(&mut self, file: &Sniffed, names: &[&str], job: &Job<'_>) -> Result<(), Stop> {
        let positions: Vec<Option<usize>> = names.iter().map(|name| file.column(name)).collect();
        let width = file.dialect.names.len();
        let parser = Parser::new(width, (0..width).collect());
        let plan = Plan {
            input: &file.input,
            dialect: &file.dialect,
            encoding: self.read.encoding,
            piece_bytes: chunks::PIECE_BYTES,
        };
        let stage = format!("Reading {}", file.input.name());
        let size = file.input.len()?;
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
                pushed.map_err(|full| too_large(file, full))?;
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

fn too_large(file: &Sniffed, full: PoolFull) -> Stop {
    Stop::Error(DataError::Unreadable {
        path: file.input.path().to_path_buf(),
        problem: full.to_string(),
        advice: "Split the export by year".to_owned(),
    })
}
