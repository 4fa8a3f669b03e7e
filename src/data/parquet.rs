//! Parquet files → the delimited text that every other reader understands (cargo feature `parquet`).
//!
//! Going through text keeps one way from cells to orders: the same guesses, rules and report as for
//! CSV. It holds the file as text in memory, so very large logs are better exported as CSV, which is
//! read piece by piece. The feature is off by default because it adds minutes to a cold build.

use super::{
    error::DataError,
    source::{self, Input},
};

/// The first four bytes of every Parquet file.
const MAGIC: [u8; 4] = *b"PAR1";

/// Whether the input is a Parquet file, by its first bytes.
///
/// # Errors
/// [`DataError::Io`] when it cannot be read.
pub fn is_parquet(input: &Input) -> Result<bool, DataError> {
    let mut head = [0; MAGIC.len()];
    let read = source::fill(&mut *input.open(0)?, &mut head, input.path())?;
    Ok(read == MAGIC.len() && head == MAGIC)
}

/// The file as comma-separated text in memory, under the same path.
///
/// # Errors
/// [`DataError::Unreadable`] when the file is damaged or holds nested columns.
#[cfg(feature = "parquet")]
pub fn to_text(input: &Input) -> Result<Input, DataError> {
    use std::io::{Cursor, Read};

    use polars::prelude::{CsvWriter, ParquetReader, SerReader, SerWriter};

    let refuse = |problem: String| DataError::Unreadable {
        path: input.path().to_path_buf(),
        problem: format!("the Parquet file cannot be read: {problem}"),
        advice: "Export it again without nested columns, or as CSV".to_owned(),
    };
    let mut bytes = Vec::new();
    input
        .open(0)?
        .read_to_end(&mut bytes)
        .map_err(|error| source::io_error(input.path(), error))?;
    let mut frame = ParquetReader::new(Cursor::new(bytes))
        .finish()
        .map_err(|error| refuse(error.to_string()))?;
    let mut text = Vec::new();
    CsvWriter::new(&mut text)
        .with_date_format(Some("%Y-%m-%d".into()))
        .with_datetime_format(Some("%Y-%m-%d %H:%M:%S".into()))
        .finish(&mut frame)
        .map_err(|error| refuse(error.to_string()))?;
    let text = Input::Memory {
        name: input.path().to_path_buf(),
        bytes: source::Bytes::Shared(text.into()),
    };
    Ok(text.named_as(input))
}

/// Says that this build cannot read Parquet, and what to do.
///
/// # Errors
/// Always, with [`DataError::Unreadable`].
#[cfg(not(feature = "parquet"))]
pub fn to_text(input: &Input) -> Result<Input, DataError> {
    Err(DataError::Unreadable {
        path: input.path().to_path_buf(),
        problem: "this is a Parquet file, which this build does not read".to_owned(),
        advice: "Export it as CSV, or build Keepers with `--features parquet`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parquet_is_told_by_its_first_bytes() {
        let is = |bytes: &'static [u8]| is_parquet(&Input::memory("orders", bytes)).unwrap();
        assert!(is(b"PAR1\x15\x04"));
        assert!(!is(b"PAR"));
        assert!(!is(b"customer,date,amount\n"));
    }

    #[cfg(not(feature = "parquet"))]
    #[test]
    fn a_build_without_the_feature_says_what_to_do() {
        let error = to_text(&Input::memory("orders.parquet", b"PAR1")).unwrap_err();
        assert!(error.to_string().contains("--features parquet"), "{error}");
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn a_parquet_log_reads_like_the_same_log_as_csv() {
        use polars::prelude::{DataFrame, IntoColumn, NamedFrom, ParquetWriter, Series};

        use crate::data::{load::load_bytes, monitor::Monitor, options::ReadOptions};

        let columns = vec![
            Series::new("customer_id".into(), ["00001", "00002", "00001"]).into_column(),
            Series::new(
                "order_date".into(),
                ["2024-01-05", "2024-01-06", "2024-02-01"],
            )
            .into_column(),
            Series::new("amount".into(), [10.5, 20.0, 5.25]).into_column(),
        ];
        let mut frame = DataFrame::new(3, columns).unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
        let bytes: &'static [u8] = Box::leak(bytes.into_boxed_slice());
        let dataset = load_bytes(
            "orders.parquet",
            bytes,
            &ReadOptions::default(),
            &Monitor::silent(),
        )
        .unwrap();
        assert_eq!(dataset.orders.customers(), 2);
        assert_eq!(dataset.orders.customer_ids.get(0), "00001");
        assert_eq!(dataset.orders.amounts.iter().sum::<f64>(), 35.75);
    }
}
