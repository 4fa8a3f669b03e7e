//! Typed columns → a Parquet file (cargo feature `parquet`). Lives here because polars is used in this
//! layer alone; what the columns mean is decided by those who hand them in.

use crate::day::Day;

/// Values of one column, all of one kind.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    Text(&'a [String]),
    Integers(&'a [i64]),
    /// Numbers that are not finite become nulls.
    Numbers(&'a [f64]),
    /// Calendar days; `None` becomes null.
    Days(&'a [Option<Day>]),
}

/// The bytes of a Parquet file with these columns, in this order; the same columns give the same bytes.
///
/// # Errors
/// What the writer says, in words.
#[cfg(feature = "parquet")]
pub fn to_bytes(columns: &[(&str, Values<'_>)]) -> Result<Vec<u8>, String> {
    use polars::prelude::{DataFrame, DataType, IntoColumn, NamedFrom, ParquetWriter, Series};

    let wrong = |error: polars::prelude::PolarsError| error.to_string();
    let mut series = Vec::with_capacity(columns.len());
    let mut rows = 0;
    for &(name, values) in columns {
        let column = match values {
            Values::Text(texts) => Series::new(name.into(), texts),
            Values::Integers(numbers) => Series::new(name.into(), numbers),
            Values::Numbers(numbers) => {
                let known = |value: &f64| value.is_finite().then_some(*value);
                let numbers: Vec<Option<f64>> = numbers.iter().map(known).collect();
                Series::new(name.into(), numbers)
            }
            Values::Days(days) => Series::new(name.into(), days)
                .cast(&DataType::Date)
                .map_err(wrong)?,
        };
        rows = column.len();
        series.push(column.into_column());
    }
    let mut frame = DataFrame::new(rows, series).map_err(wrong)?;
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .finish(&mut frame)
        .map_err(wrong)?;
    Ok(bytes)
}

/// Says that this build cannot write Parquet, and what to do.
///
/// # Errors
/// Always.
#[cfg(not(feature = "parquet"))]
pub fn to_bytes(columns: &[(&str, Values<'_>)]) -> Result<Vec<u8>, String> {
    Err(format!(
        "this build writes no Parquet, so {} columns were not written: build Keepers with `--features parquet`",
        columns.len()
    ))
}
