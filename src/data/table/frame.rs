//! A table read whole: columns of text in a polars frame.

use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use crate::data::{
    dataset::error::DataError,
    lines::ingest::Read,
    open::json_file::{self, Damage},
    shapes::{Job, Sniffed},
    table::small::SmallTable,
};

/// A table read whole: text columns (or typed ones, of Parquet) named as in the dialect, in file order.
pub struct FrameTable {
    pub frame: DataFrame,
    /// Fingerprint of each row's bytes.
    pub fingerprints: Vec<u32>,
    pub read: Read,
    pub damage: Option<Damage>,
}

impl FrameTable {
    /// Reads a table.
    ///
    /// # Errors
    /// Any error of reading.
    pub fn read(file: &Sniffed, job: &Job<'_>) -> Result<Self, DataError> {
        let (table, damage) = if file.json_names().is_some() {
            let (table, damage) = json_file::read(file, job)?;
            (table, Some(damage))
        } else {
            (SmallTable::read_all(file, true, job)?, None)
        };
        let columns = (0..table.read.dialect.names.len()).map(|at| {
            let cells: Vec<&str> = (0..table.rows).map(|row| table.cell(row, at)).collect();
            Column::from(Series::new(at.to_string().as_str().into(), cells))
        });
        let frame = DataFrame::new(table.rows, columns.collect()).map_err(|error| DataError::Unreadable {
            path: file.input.path().to_path_buf(),
            problem: error.to_string(),
            advice: "Save the file again as plain CSV".to_owned(),
        })?;
        Ok(Self {
            frame,
            fingerprints: table.fingerprints,
            read: table.read,
            damage,
        })
    }
}
