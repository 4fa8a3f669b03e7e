//! Delimited text → polars frames, one per piece, every column as text.

use std::{io::Cursor, sync::Arc};

use polars::prelude::{
    CsvParseOptions, CsvReadOptions, DataFrame, DataType, Schema, SchemaRef, SerReader,
    StringChunked,
};

use crate::{
    data::dataset::error::DataError,
    data::open::source::Input,
    data::table::chunks::Piece,
    data::values::keys::{Cell, Key},
};

/// Parses pieces of one file.
#[derive(Clone, Debug)]
pub struct Parser {
    schema: SchemaRef,
    /// Columns that are wanted, ascending; polars skips the others.
    wanted: Arc<Vec<usize>>,
}

impl Parser {
    /// A parser for `width` columns, of which only the `wanted` ones (ascending) are kept.
    #[must_use]
    pub fn new(width: usize, wanted: Vec<usize>) -> Self {
        let mut schema = Schema::with_capacity(width);
        for index in 0..width {
            schema.with_column(index.to_string().into(), DataType::String);
        }
        Self {
            schema: Arc::new(schema),
            wanted: Arc::new(wanted),
        }
    }

    /// Parses one piece.
    ///
    /// # Errors
    /// [`DataError::Unreadable`] when polars sees other rows than the record scanner did.
    pub fn parse(&self, piece: &Piece, input: &Input) -> Result<Frame, DataError> {
        if piece.rows == 0 {
            return Ok(Frame {
                columns: vec![StringChunked::default(); self.wanted.len()],
            });
        }
        let format = CsvParseOptions::default()
            .with_separator(piece.separator)
            .with_quote_char(Some(b'"'))
            .with_missing_is_null(false);
        let frame = CsvReadOptions::default()
            .with_has_header(true)
            .with_schema(Some(Arc::clone(&self.schema)))
            .with_projection(Some(Arc::clone(&self.wanted)))
            .with_rechunk(false)
            .with_parse_options(format)
            .into_reader_with_file_handle(Cursor::new(piece.text.as_slice()))
            .finish()
            .map_err(|error| disagreement(input, piece, &error.to_string()))?;
        Frame::of(&frame, piece).map_err(|problem| disagreement(input, piece, &problem))
    }
}

fn disagreement(input: &Input, piece: &Piece, problem: &str) -> DataError {
    DataError::Unreadable {
        path: input.path().to_path_buf(),
        problem: format!(
            "the rows after line {} cannot be parsed: {problem}",
            piece.place.line
        ),
        advice: "Save the file again as plain CSV with one row per line".to_owned(),
    }
}

/// The wanted columns of a piece as text.
#[derive(Clone, Debug)]
pub struct Frame {
    columns: Vec<StringChunked>,
}

impl Frame {
    fn of(frame: &DataFrame, piece: &Piece) -> Result<Self, String> {
        if frame.height() != piece.rows {
            return Err(format!("{} rows instead of {}", frame.height(), piece.rows));
        }
        let columns = frame
            .columns()
            .iter()
            .map(|column| column.as_materialized_series().str().cloned())
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())?;
        Ok(Self { columns })
    }

    /// Calls `take` with every cell of the `index`-th wanted column, in order; an absent cell is "".
    #[inline]
    pub fn for_each(&self, index: usize, mut take: impl FnMut(&str)) {
        let Some(column) = self.columns.get(index) else {
            return;
        };
        for array in column.downcast_iter() {
            for text in array {
                take(text.unwrap_or_default());
            }
        }
    }

    /// Calls `take` with every cell of the `index`-th wanted column, in order, until the first error.
    ///
    /// # Errors
    /// The first error of `take`.
    #[inline]
    pub fn try_for_each_cell<E>(
        &self,
        index: usize,
        mut take: impl FnMut(Cell<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(column) = self.columns.get(index) else {
            return Ok(());
        };
        for array in column.downcast_iter() {
            for (row, view) in array.views().iter().enumerate() {
                take(if view.is_inline() {
                    Cell {
                        key: Key::from_words(view.as_u128()),
                        long: None,
                    }
                } else {
                    Cell::of(array.value(row))
                })?;
            }
        }
        Ok(())
    }

    /// The first cells of the `index`-th wanted column.
    #[must_use]
    pub fn head(&self, index: usize, rows: usize) -> Vec<String> {
        let Some(column) = self.columns.get(index) else {
            return Vec::new();
        };
        let arrays = column.downcast_iter().flatten();
        arrays
            .take(rows)
            .map(|text| text.unwrap_or_default().to_owned())
            .collect()
    }

    /// The first rows of a frame that holds every column, for the preview.
    #[must_use]
    pub fn preview(&self, width: usize, rows: usize) -> Vec<Vec<String>> {
        let mut preview: Vec<Vec<String>> = Vec::new();
        for column in 0..width {
            for (row, cell) in self.head(column, rows).into_iter().enumerate() {
                if preview.len() <= row {
                    preview.push(vec![String::new(); width]);
                }
                preview[row][column] = crate::data::values::text::shorten(&cell, 200).into_owned();
            }
        }
        preview
    }

    /// As [`Frame::for_each`], until the first error.
    ///
    /// # Errors
    /// The first error of `take`.
    #[inline]
    pub fn try_for_each<E>(
        &self,
        index: usize,
        mut take: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(column) = self.columns.get(index) else {
            return Ok(());
        };
        for array in column.downcast_iter() {
            for text in array {
                take(text.unwrap_or_default())?;
            }
        }
        Ok(())
    }
}
