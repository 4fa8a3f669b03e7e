//! The cells of a polars column, as text, numbers or days.

use polars::prelude::{Column, DataType, PolarsResult, StringChunked, TimeUnit};

use crate::{day::Day, values::dates::Zone};

/// The cells of a column as text, whatever its type.
///
/// # Errors
/// As polars.
pub fn texts(column: &Column) -> PolarsResult<StringChunked> {
    let series = column.as_materialized_series();
    match series.dtype() {
        DataType::String => Ok(series.str()?.clone()),
        // Zones are not built into polars here: by the clock of UTC, and marked so where that is the zone.
        DataType::Datetime(unit, Some(zone)) => {
            let moments = series
                .to_physical_repr()
                .cast(&DataType::Datetime(*unit, None))?;
            let texts = moments.cast(&DataType::String)?;
            let mark = if is_utc(zone) { "Z" } else { "" };
            let texts = texts.str()?.iter();
            Ok(texts
                .map(|text| text.map(|text| format!("{text}{mark}")))
                .collect())
        }
        _ => Ok(series.cast(&DataType::String)?.str()?.clone()),
    }
}

fn is_utc(zone: &str) -> bool {
    matches!(zone, "UTC" | "Etc/UTC" | "+00:00")
}

/// The numbers of a column of numbers.
///
/// # Errors
/// As polars.
pub fn numbers_of(column: &Column) -> PolarsResult<Vec<Option<f64>>> {
    let numbers = column.cast(&DataType::Float64)?;
    Ok(numbers.as_materialized_series().f64()?.iter().collect())
}

/// The days of a column of days or moments; `None` of any other column. Moments of no zone are the shop's
/// own; those of UTC are moved into its zone.
///
/// # Errors
/// As polars.
pub fn days(column: &Column, zone: &Zone) -> PolarsResult<Option<Vec<Option<Day>>>> {
    let (each_second, of_zone) = match column.dtype() {
        DataType::Date => {
            let days = column.to_physical_repr();
            let days = days.as_materialized_series().i32()?.iter().collect();
            return Ok(Some(days));
        }
        DataType::Datetime(unit, of_zone) => {
            let each_second = match unit {
                TimeUnit::Nanoseconds => 1_000_000_000,
                TimeUnit::Microseconds => 1_000_000,
                TimeUnit::Milliseconds => 1_000,
            };
            (each_second, of_zone.as_ref().map(ToString::to_string))
        }
        _ => return Ok(None),
    };
    let zone = match of_zone.as_deref() {
        None => Zone::default(),
        Some(of) if is_utc(of) => zone.clone(),
        // The shop's own clock.
        named => Zone::named(named).unwrap_or_default(),
    };
    let moments = column.to_physical_repr();
    let moments = moments.as_materialized_series().i64()?.iter();
    let day = |moment: i64| zone.day_of(moment.div_euclid(each_second));
    Ok(Some(moments.map(|moment| moment.and_then(day)).collect()))
}
