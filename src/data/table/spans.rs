//! Columns of texts as places in one text: no cell of a joined table has an allocation of its own.

use crate::data::orders::PoolFull;

/// Where a cell stands: its first byte, and in the lowest bits how many bytes it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span(u64);

/// Bits of a length: cells are shorter than 16 MiB, and the text before them than a tebibyte.
const LENGTH_BITS: u32 = 24;

impl Span {
    /// The place of `length` bytes at `start`.
    ///
    /// # Errors
    /// [`PoolFull`] when a cell is longer than 16 MiB, or stands behind the first tebibyte.
    #[inline]
    pub fn new(start: usize, length: usize) -> Result<Self, PoolFull> {
        let fits = length < 1 << LENGTH_BITS && start < 1 << (64 - LENGTH_BITS);
        let span = (start as u64) << LENGTH_BITS | length as u64;
        if fits { Ok(Self(span)) } else { Err(PoolFull) }
    }

    #[inline]
    fn range(self) -> std::ops::Range<usize> {
        let start = (self.0 >> LENGTH_BITS) as usize;
        start..start + (self.0 & ((1 << LENGTH_BITS) - 1)) as usize
    }
}

/// Some columns of cells; a column that is shorter than the others reads as empty from there on.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    text: String,
    columns: Vec<Vec<Span>>,
}

impl Texts {
    /// No cells yet in so many columns.
    #[must_use]
    pub fn new(columns: usize) -> Self {
        Self {
            text: String::new(),
            columns: vec![Vec::new(); columns],
        }
    }

    /// Cells that all stand in one text.
    #[must_use]
    pub fn within(text: String, columns: Vec<Vec<Span>>) -> Self {
        Self { text, columns }
    }

    /// Appends a cell to a column.
    ///
    /// # Errors
    /// As [`Span::new`].
    #[inline]
    pub fn push(&mut self, column: usize, cell: &str) -> Result<(), PoolFull> {
        let span = Span::new(self.text.len(), cell.len())?;
        self.text.push_str(cell);
        self.columns[column].push(span);
        Ok(())
    }

    /// Gives a column empty cells up to `rows`.
    pub fn pad(&mut self, column: usize, rows: usize) {
        let cells = &mut self.columns[column];
        if cells.len() < rows {
            cells.resize(rows, Span::default());
        }
    }

    /// Cells of a column.
    #[must_use]
    pub fn len(&self, column: usize) -> usize {
        self.columns[column].len()
    }

    /// The cell of a row; empty where there is none.
    #[must_use]
    #[inline]
    pub fn get(&self, row: usize, column: usize) -> &str {
        let span = self.columns[column].get(row).copied().unwrap_or_default();
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Appends the rows of another one, column by column; both have the same columns of full length.
    ///
    /// # Errors
    /// As [`Span::new`].
    pub fn append(&mut self, later: &Self) -> Result<(), PoolFull> {
        let from = self.text.len();
        self.text.push_str(&later.text);
        for (cells, later) in self.columns.iter_mut().zip(&later.columns) {
            cells.reserve(later.len());
            for span in later {
                let range = span.range();
                cells.push(Span::new(from + range.start, range.len())?);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_by_row_and_column() {
        let mut texts = Texts::new(2);
        for (column, cell) in [(0, "a"), (1, "één"), (0, ""), (0, "b")] {
            texts.push(column, cell).unwrap();
        }
        texts.pad(1, 3);
        let row = |texts: &Texts, row| [0, 1].map(|column| texts.get(row, column).to_owned());
        assert_eq!(row(&texts, 0), ["a", "één"]);
        assert_eq!(row(&texts, 1), ["", ""]);
        assert_eq!(row(&texts, 2), ["b", ""]);
        assert_eq!(texts.get(7, 0), "");
        let copy = texts.clone();
        texts.append(&copy).unwrap();
        assert_eq!((texts.len(0), row(&texts, 3)), (6, row(&copy, 0)));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(Span::new(7, (1 << 24) - 1).is_ok());
        assert_eq!(Span::new(7, 1 << 24), Err(PoolFull));
        assert_eq!(Span::new(1 << 40, 1), Err(PoolFull));
    }
}
