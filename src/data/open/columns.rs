//! A table that comes in columns: of a file that says of what type they are, or of JSON records.

use std::ops::Range;

use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn, PolarsResult, StringChunked, StringChunkedBuilder,
};

use crate::{
    dataset::quality::RowSample,
    table::{cells, records},
    values::text,
};

/// Records that could be read in part only, or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Damage {
    pub rows: u64,
    /// At most [`crate::dataset::quality::MAX_SAMPLES`], in file order.
    pub samples: Vec<RowSample>,
}

/// Columns, and where their rows stand in the file.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Numbers, days, moments, yes or no; anything else is text, without white space around it, never null.
    pub frame: DataFrame,
    /// Line of each row; empty where there are no lines and rows are counted.
    pub lines: Vec<u64>,
    /// How the rows lie in the file, for people.
    pub layout: &'static str,
    /// Of JSON records, those that could be read in part only, or not at all.
    pub damage: Option<Damage>,
}

impl Columns {
    /// Columns as a file gives them.
    ///
    /// # Errors
    /// Of polars, where a column holds what is no text either.
    pub fn new(frame: &DataFrame, layout: &'static str) -> PolarsResult<Self> {
        let tidied = frame.columns().iter().map(tidied);
        let columns = tidied.collect::<PolarsResult<Vec<Column>>>()?;
        Ok(Self {
            frame: DataFrame::new(frame.height(), columns)?,
            layout,
            ..Self::default()
        })
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// Where a row stands: its line, or else its number, from 1.
    #[must_use]
    pub fn line(&self, row: usize) -> u64 {
        self.lines.get(row).copied().unwrap_or(row as u64 + 1)
    }

    /// Some rows as text: for guessing and for people.
    #[must_use]
    pub fn cells(&self, rows: Range<usize>) -> Vec<Vec<String>> {
        let rows = rows.start.min(self.rows())..rows.end.min(self.rows());
        let part = self.frame.slice(rows.start as i64, rows.len());
        let mut cells = vec![Vec::with_capacity(part.width()); part.height()];
        for column in part.columns() {
            let texts = cells::texts(column).unwrap_or_default();
            // What has no text is an empty cell: no other one may stand in its place.
            let texts = texts.iter().chain(std::iter::repeat(None));
            for (row, cell) in cells.iter_mut().zip(texts) {
                let cell = cell.unwrap_or_default();
                let cell = match column.dtype() {
                    DataType::Datetime(..) => whole_seconds(cell),
                    _ => cell,
                };
                row.push(cell.to_owned());
            }
        }
        cells
    }

    /// A row as a line of CSV.
    #[must_use]
    pub fn as_csv(cells: &[String]) -> Vec<u8> {
        let mut line = Vec::new();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                line.push(b',');
            }
            records::write_cell(cell, b',', &mut line);
        }
        line
    }
}

/// A moment without a fraction that is zero.
fn whole_seconds(moment: &str) -> &str {
    match moment.split_once('.') {
        Some((seconds, fraction)) if fraction.bytes().all(|byte| byte == b'0') => seconds,
        _ => moment,
    }
}

/// A column of one of the kinds that are known: text of everything else.
fn tidied(column: &Column) -> PolarsResult<Column> {
    let known = |dtype: &DataType| {
        dtype.is_primitive_numeric()
            || matches!(
                dtype,
                DataType::Boolean | DataType::Date | DataType::Datetime(..)
            )
    };
    if known(column.dtype()) {
        return Ok(column.clone());
    }
    if matches!(column.dtype(), DataType::Decimal(..)) {
        return column.cast(&DataType::Float64);
    }
    let texts = cells::texts(column)?;
    let is_tidy =
        |cell: Option<&str>| cell.is_some_and(|cell| text::trim(cell).len() == cell.len());
    let tidy = texts.iter().all(is_tidy);
    Ok(if tidy { texts } else { trimmed(&texts) }.into_column())
}

fn trimmed(texts: &StringChunked) -> StringChunked {
    let mut cells = StringChunkedBuilder::new(texts.name().clone(), texts.len());
    for cell in texts.iter() {
        cells.append_value(text::trim(cell.unwrap_or_default()));
    }
    cells.finish()
}
