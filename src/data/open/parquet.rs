//! Parquet files → typed columns, and the same as delimited text (cargo feature `parquet`).
//!
//! Tables that are read whole take the columns as they are ([`Typed`]). Guessing what columns mean and reading
//! order lines piece by piece work on text, as for CSV: whole it stands in memory, so very large logs are
//! better exported as CSV.

use std::sync::Arc;

use polars::prelude::DataFrame;

use crate::{data::dataset::error::DataError, data::open::source::Input};

/// Columns with the types their file gives them.
#[derive(Clone, Debug)]
pub struct Typed(pub Arc<DataFrame>);

impl PartialEq for Typed {
    /// Whether they are the columns of one reading.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The file as comma-separated text in memory, under the same path, and its columns.
///
/// # Errors
/// [`DataError::Unreadable`] when the file is damaged or holds nested columns.
#[cfg(feature = "parquet")]
pub fn read(input: &Input) -> Result<(Input, Option<Typed>), DataError> {
    use std::io::Cursor;

    use polars::prelude::{CsvWriter, ParquetReader, SerReader, SerWriter};

    let refuse = |problem: String| DataError::Unreadable {
        path: input.path().to_path_buf(),
        problem: format!("the Parquet file cannot be read: {problem}"),
        advice: "Export it again without nested columns, or as CSV".to_owned(),
    };
    let mut frame = ParquetReader::new(Cursor::new(input.read_all()?))
        .finish()
        .map_err(|error| refuse(error.to_string()))?;
    let mut text = Vec::new();
    CsvWriter::new(&mut text)
        .with_date_format(Some("%Y-%m-%d".into()))
        .with_datetime_format(Some("%Y-%m-%d %H:%M:%S".into()))
        .finish(&mut frame)
        .map_err(|error| refuse(error.to_string()))?;
    Ok((input.holding(text), Some(Typed(Arc::new(frame)))))
}

/// Says that this build cannot read Parquet, and what to do.
///
/// # Errors
/// Always, with [`DataError::Unreadable`].
#[cfg(not(feature = "parquet"))]
pub fn read(input: &Input) -> Result<(Input, Option<Typed>), DataError> {
    Err(DataError::Unreadable {
        path: input.path().to_path_buf(),
        problem: "this is a Parquet file, which this build does not read".to_owned(),
        advice: "Export it as CSV, or build Keepers with `--features parquet`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(feature = "parquet"))]
    #[test]
    fn a_build_without_the_feature_says_what_to_do() {
        let error = read(&Input::memory("orders.parquet", b"PAR1")).unwrap_err();
        assert!(error.to_string().contains("--features parquet"), "{error}");
    }

    /// A Parquet file with these columns.
    #[cfg(feature = "parquet")]
    fn file(columns: Vec<polars::prelude::Series>) -> Input {
        use polars::prelude::{DataFrame, IntoColumn, ParquetWriter};

        let columns = columns.into_iter().map(IntoColumn::into_column).collect();
        let mut frame = DataFrame::new(3, columns).unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
        Input::memory("orders.parquet", Box::leak(bytes.into_boxed_slice()))
    }

    #[cfg(feature = "parquet")]
    fn open(columns: Vec<polars::prelude::Series>) -> crate::data::dataset::Dataset {
        use crate::{
            base::monitor::Monitor, data::dataset::options::ReadOptions, data::load::load_inputs,
        };

        let (options, monitor) = (ReadOptions::default(), Monitor::silent());
        load_inputs(&[file(columns)], &options, &monitor).unwrap()
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn the_assistant_sees_its_columns() {
        use polars::prelude::{NamedFrom, Series};

        use crate::{
            data::dataset::Role, data::dataset::options::ReadOptions,
            data::roles::inspect::inspect_inputs,
        };

        let file = file(vec![
            Series::new("Kundennummer".into(), [7_i64, 8, 7]),
            Series::new("Betrag".into(), [10.5, 20.0, 5.25]),
            Series::new("Bestelldatum".into(), ["2024-01-05"; 3]),
        ]);
        let seen = inspect_inputs(&[file], &ReadOptions::default()).unwrap();
        let roles: Vec<Role> = seen[0].columns.iter().map(|column| column.role).collect();
        assert_eq!(roles, [Role::Customer, Role::Amount, Role::Date]);
        assert_eq!(seen[0].rows, 3);
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn a_parquet_log_reads_like_the_same_log_as_csv() {
        use polars::prelude::{NamedFrom, Series};

        let days = ["2024-01-05", "2024-01-06", "2024-02-01"];
        let dataset = open(vec![
            Series::new("customer_id".into(), ["00001", "00002", "00001"]),
            Series::new("order_date".into(), days),
            Series::new("amount".into(), [10.5, 20.0, 5.25]),
        ]);
        assert_eq!(dataset.orders.customers(), 2);
        assert_eq!(dataset.orders.customer_ids.get(0), "00001");
        assert_eq!(dataset.orders.amounts.iter().sum::<f64>(), 35.75);
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn days_instants_whole_numbers_and_nulls_are_read() {
        use polars::prelude::{DataType, NamedFrom, Series, TimeUnit};

        use crate::data::day::iso;

        let days = Series::new("order_date".into(), [19_727_i32, 19_728, 19_754]);
        let days = days.cast(&DataType::Date).unwrap();
        let dataset = open(vec![
            Series::new("customer_id".into(), [17_850_i64, 9, 17_850]),
            days,
            Series::new("amount".into(), [Some(10.5), None, Some(5.25)]),
            Series::new("country".into(), ["M\u{e9}xico", "a, \"b\"", "two\nlines"]),
        ]);
        assert_eq!(dataset.orders.customer_ids.get(0), "17850");
        assert_eq!(dataset.orders.days, [19_727, 19_754]);
        assert_eq!(iso(dataset.orders.days[0]), "2024-01-05");
        assert_eq!(dataset.orders.attributes[0].value(1), "two\nlines");
        let rules: Vec<(&str, u64)> = dataset
            .quality
            .rules
            .iter()
            .map(|rule| (rule.rule.as_str(), rule.rows))
            .collect();
        assert_eq!(rules, [("unreadable_amount", 1)]);

        let noon = 1_704_456_000_000_i64; // 2024-01-05 12:00 UTC
        let instants = Series::new("order_date".into(), [noon, noon + 86_400_000, noon]);
        let unit = DataType::Datetime(TimeUnit::Milliseconds, None);
        let dataset = open(vec![
            Series::new("customer_id".into(), [1_i64, 2, 3]),
            instants.cast(&unit).unwrap(),
            Series::new("amount".into(), [1.0, 2.0, 3.0]),
        ]);
        assert_eq!(dataset.orders.days, [19_727, 19_728, 19_727]);
    }
}
