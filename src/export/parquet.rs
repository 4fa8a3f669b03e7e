//! Tables as Parquet files (cargo feature `parquet`): text is text, numbers are 64-bit, days are dates,
//! empty cells are nulls.

use super::{
    error::ExportError,
    table::{Table, Values},
};
use data::open::parquet_write::{self, Values as Written};

/// Whether this build writes Parquet.
pub const AVAILABLE: bool = cfg!(feature = "parquet");

/// The bytes of a Parquet file with this table; the same table gives the same bytes.
///
/// # Errors
/// [`ExportError::Parquet`] when the table cannot be written, or by a build without the feature.
pub fn bytes(table: &Table) -> Result<Vec<u8>, ExportError> {
    let columns: Vec<(&str, Written<'_>)> = table
        .columns
        .iter()
        .map(|column| {
            let values = match &column.values {
                Values::Text(texts) => Written::Text(texts),
                Values::Integers(numbers) => Written::Integers(numbers),
                Values::Numbers(numbers) => Written::Numbers(numbers),
                Values::Days(days) => Written::Days(days),
            };
            (column.name.as_str(), values)
        })
        .collect();
    parquet_write::to_bytes(&columns).map_err(ExportError::Parquet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::awkward;

    fn table() -> Table {
        awkward("t", 0)
    }

    #[cfg(not(feature = "parquet"))]
    #[test]
    fn a_build_without_the_feature_says_what_to_do() {
        let error = bytes(&table()).unwrap_err().to_string();
        assert!(error.contains("--features parquet"), "{error}");
    }

    /// Read back by the reader of data files: ids keep their zeros, days are days, empty cells are empty.
    #[cfg(feature = "parquet")]
    #[test]
    fn another_reader_finds_the_same_cells() {
        use data::open::parquet;
        use data::open::source::Input;

        let written = bytes(&table()).unwrap();
        assert_eq!(written, bytes(&table()).unwrap(), "the same bytes");
        let written: &'static [u8] = Box::leak(written.into_boxed_slice());
        let read = parquet::read(&Input::memory("list.parquet", written)).unwrap();
        assert_eq!(
            read.cells(0..read.rows()),
            [
                ["00017", "3", "1.25", "2024-01-01"],
                ["=1+1", "-1", "", ""],
                ["1e3", "0", "-2.0", "1970-01-01"],
            ]
        );
    }
}
