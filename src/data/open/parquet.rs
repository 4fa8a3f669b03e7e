//! Parquet files → typed columns (cargo feature `parquet`).
//!
//! Columns keep the types that the file gives them; nothing is printed and read again.

use crate::{
    dataset::error::DataError,
    open::columns::Columns,
    open::source::{self, Input},
};

/// The columns of a file.
///
/// # Errors
/// [`DataError::Unreadable`] when the file is damaged or holds nested columns.
#[cfg(feature = "parquet")]
pub fn read(input: &Input) -> Result<Columns, DataError> {
    use polars::prelude::{ParquetReader, SerReader};

    let refuse = |error: polars::prelude::PolarsError| DataError::Unreadable {
        path: input.path().to_path_buf(),
        problem: format!("the Parquet file cannot be read: {error}"),
        advice: "Export it again without nested columns, or as CSV".to_owned(),
    };
    let frame = match input.file() {
        // A file is mapped: its bytes take no memory beside the columns.
        Some(path) => {
            let file = base::reading::open(path).map_err(|error| source::io_error(path, error))?;
            let stamp = input.stamp()?;
            let frame = ParquetReader::new(file).finish();
            stamp.check(input, stamp.bytes)?;
            frame
        }
        None => ParquetReader::new(std::io::Cursor::new(input.read_all()?)).finish(),
    };
    let mut frame = frame.map_err(refuse)?;
    // Each column in one piece from here on: later readers share it, and none has to copy it.
    frame.rechunk_mut_par();
    let nested = frame
        .columns()
        .iter()
        .find(|column| column.dtype().is_nested());
    if let Some(column) = nested {
        return Err(DataError::Unreadable {
            path: input.path().to_path_buf(),
            problem: format!(
                "the column `{}` of the Parquet file holds lists or tables",
                column.name()
            ),
            advice: "Export it again without nested columns, or as CSV".to_owned(),
        });
    }
    Columns::new(&frame, "Parquet columns").map_err(refuse)
}

/// Says that this build cannot read Parquet, and what to do.
///
/// # Errors
/// Always, with [`DataError::Unreadable`].
#[cfg(not(feature = "parquet"))]
pub fn read(input: &Input) -> Result<Columns, DataError> {
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
        use polars::prelude::{Column, DataFrame, IntoColumn, ParquetWriter};

        let columns: Vec<Column> = columns.into_iter().map(IntoColumn::into_column).collect();
        let mut frame = DataFrame::new(columns[0].len(), columns).unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
        Input::memory("orders.parquet", Box::leak(bytes.into_boxed_slice()))
    }

    #[cfg(feature = "parquet")]
    fn open(columns: Vec<polars::prelude::Series>) -> crate::dataset::Dataset {
        use crate::{dataset::options::ReadOptions, load::load_inputs};
        use base::monitor::Monitor;

        let (options, monitor) = (ReadOptions::default(), Monitor::silent());
        load_inputs(&[file(columns)], &options, &monitor).unwrap()
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn the_assistant_sees_its_columns() {
        use polars::prelude::{NamedFrom, Series};

        use crate::{dataset::Role, dataset::options::ReadOptions, roles::inspect::inspect_inputs};

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

        use crate::day::iso;

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

    #[cfg(feature = "parquet")]
    #[test]
    fn moments_of_utc_move_into_the_zone_of_the_shop() {
        use polars::prelude::{IntoSeries, NamedFrom, Series, TimeUnit, TimeZone};

        use crate::{dataset::options::ReadOptions, load::load_inputs};
        use base::monitor::Monitor;

        // 2024-01-05 01:00 and 12:00.
        let moments = Series::new(
            "ordered_at".into(),
            [1_704_416_400_000_i64, 1_704_456_000_000],
        );
        let moments = moments.i64().unwrap().clone();
        let moments = moments.into_datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC));
        let input = file(vec![
            Series::new("customer_id".into(), [1_i64, 2]),
            moments.into_series(),
            Series::new("amount".into(), [1.0, 2.0]),
        ]);
        let options = ReadOptions {
            time_zone: Some("America/Sao_Paulo".to_owned()),
            ..ReadOptions::default()
        };
        let dataset = load_inputs(&[input], &options, &Monitor::silent()).unwrap();
        assert_eq!(dataset.orders.days, [19_726, 19_727]);
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn numbers_of_one_file_and_text_of_another_are_one_table() {
        use polars::prelude::{NamedFrom, Series};

        use crate::{dataset::options::ReadOptions, load::load_inputs};
        use base::monitor::Monitor;

        let first = file(vec![
            Series::new("customer_id".into(), [7_i64, 8, 7]),
            Series::new("order_date".into(), ["2024-01-05"; 3]),
            Series::new("amount".into(), [10.5, 20.0, 5.25]),
        ]);
        let more = b"amount,customer_id,order_date\n4.25,9,2024-03-01\n1,A-7,2024-03-02\n";
        let inputs = [first, Input::memory("more.csv", more)];
        let (options, monitor) = (ReadOptions::default(), Monitor::silent());
        let dataset = load_inputs(&inputs, &options, &monitor).unwrap();
        assert_eq!(dataset.orders.customers(), 4);
        assert_eq!(dataset.orders.amounts.iter().sum::<f64>(), 41.0);
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn a_table_of_customers_keeps_its_types() {
        use polars::prelude::{DataType, NamedFrom, Series};

        use crate::{
            dataset::{Shape, tables::Values},
            orders::NO_DAY,
        };

        let days = Series::new("last_order_date".into(), [Some(19_727_i32), None, Some(3)]);
        let dataset = open(vec![
            Series::new("customer_id".into(), [17_850_i64, 9, 12]),
            Series::new("lifetime_value".into(), [Some(10.5), None, Some(5.25)]),
            days.cast(&DataType::Date).unwrap(),
            Series::new("since".into(), [20_240_131_i64, 20_240_201, 20_240_301]),
        ]);
        assert_eq!(dataset.shape, Shape::CustomerTable);
        let columns = &dataset.tables[0].columns;
        let Values::Numbers(values) = &columns[1].values else {
            panic!("{columns:?}");
        };
        assert!(values[0] == 10.5 && values[1].is_nan());
        assert_eq!(columns[2].values, Values::Days(vec![19_727, NO_DAY, 3]));
        // Days written as numbers are days all the same.
        assert!(matches!(&columns[3].values, Values::Days(days) if days[0] == 19_753));
        assert!(dataset.quality.rules.is_empty(), "{:?}", dataset.quality);
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn its_profile_counts_what_is_missing() {
        use polars::prelude::{NamedFrom, Series};

        use crate::{dataset::options::ReadOptions, profile::scan::profile_input};
        use base::monitor::Monitor;

        let file = file(vec![
            Series::new("spend".into(), [Some(10.5), None, Some(5.25)]),
            Series::new("city".into(), [Some(" Rome "), Some("Oslo"), None]),
        ]);
        let (options, monitor) = (ReadOptions::default(), Monitor::silent());
        let profile = profile_input(&file, &[], &options, &monitor).unwrap();
        assert_eq!((profile.rows, profile.columns[0].missing), (3, 1));
        assert_eq!(profile.columns[0].summary.unwrap().max, 10.5);
        assert_eq!(profile.columns[1].missing, 1);
        assert_eq!(profile.columns[1].distinct.count(), 2);
    }
}
