//! Looking up, adding up and picking rows of text tables: everything polars does for the relations.

use polars::prelude::{
    Column, DataFrame, DataFrameJoinOps, IdxCa, IdxSize, IntoColumn, IntoSeries, NamedFrom,
    PolarsResult, Series, SortMultipleOptions, StringChunked, UniqueKeepStrategy,
};

use crate::values::{dates, text};

/// Names of the columns of the small frames made here.
const KEY: &str = "key";
const ROW: &str = "row";
const VALUE: &str = "value";

/// Ids without what spreadsheets do to them; an absent one is null.
#[must_use]
pub fn ids(cells: &StringChunked) -> StringChunked {
    let cells = cells.iter().map(|cell| {
        let id = text::tidy_id(cell.unwrap_or_default());
        (!dates::is_missing(id)).then_some(id)
    });
    cells.collect()
}

/// Which rows of a table stand for a key when several have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    First,
    Last,
}

/// For each key asked for, the row of the table that has it.
///
/// # Errors
/// As polars.
pub fn lookup(asked: &StringChunked, known: &StringChunked, keep: Keep) -> PolarsResult<IdxCa> {
    let rows: Vec<IdxSize> = (0..known.len() as IdxSize).collect();
    let right = DataFrame::new(
        known.len(),
        vec![named(known, KEY), Column::new(ROW.into(), rows)],
    )?;
    let filled = right.column(KEY)?.as_materialized_series().is_not_null();
    let keep = match keep {
        Keep::First => UniqueKeepStrategy::First,
        Keep::Last => UniqueKeepStrategy::Last,
    };
    let right = right
        .filter(&filled)?
        .unique_stable(Some(&[KEY.to_owned()]), keep, None)?;
    let left = DataFrame::new(asked.len(), vec![named(asked, KEY)])?;
    let joined = left.left_join(&right, [KEY], [KEY])?;
    Ok(joined.column(ROW)?.as_materialized_series().idx()?.clone())
}

/// A column of another table for each row that was looked up.
///
/// # Errors
/// As polars.
pub fn bring(column: &Column, rows: &IdxCa) -> PolarsResult<Column> {
    Ok(column.as_materialized_series().take(rows)?.into_column())
}

/// Rows of rows: where each of the second stands among the first.
///
/// # Errors
/// As polars.
pub fn take_rows(rows: &IdxCa, at: &IdxCa) -> PolarsResult<IdxCa> {
    Ok(rows.clone().into_series().take(at)?.idx()?.clone())
}

/// Sums of values by key, as whole hundredths of a cent so that the order of rows does not matter:
/// keys and sums.
///
/// # Errors
/// As polars.
pub fn sums(keys: &StringChunked, values: &[f64]) -> PolarsResult<Sums> {
    let exact: Vec<i64> = values.iter().map(|value| to_exact(*value)).collect();
    let frame = DataFrame::new(
        keys.len(),
        vec![named(keys, KEY), Column::new(VALUE.into(), exact)],
    )?;
    let filled = frame.column(KEY)?.as_materialized_series().is_not_null();
    let frame = frame.filter(&filled)?;
    let grouped = frame.group_by_stable([KEY])?;
    // The eager sum is deprecated in favour of lazy frames, which would double the build of polars.
    #[allow(deprecated, reason = "lazy polars is not built")]
    let sums = grouped.select([VALUE]).sum()?;
    let keys = sums.column(KEY)?.as_materialized_series().str()?.clone();
    let values = sums.columns()[1].as_materialized_series().i64()?.clone();
    Ok(Sums {
        keys,
        values: values
            .iter()
            .map(|value| from_exact(value.unwrap_or_default()))
            .collect(),
    })
}

/// Sums of values by key.
pub struct Sums {
    pub keys: StringChunked,
    pub values: Vec<f64>,
}

const EXACT: f64 = 1e4;

/// A value in hundredths of a cent; nothing for what is no number.
fn to_exact(value: f64) -> i64 {
    if value.is_nan() {
        0
    } else {
        (value * EXACT).round() as i64
    }
}

fn from_exact(value: i64) -> f64 {
    value as f64 / EXACT
}

/// The row of each key whose value is the largest; of equal ones the one whose texts come first.
///
/// # Errors
/// As polars.
pub fn largest(
    keys: &StringChunked,
    values: &[f64],
    ties: &[StringChunked],
) -> PolarsResult<(StringChunked, IdxCa)> {
    let rows: Vec<IdxSize> = (0..keys.len() as IdxSize).collect();
    let mut columns = vec![
        named(keys, KEY),
        Column::new(ROW.into(), rows),
        Column::new(VALUE.into(), values.to_vec()),
    ];
    let mut by = vec![VALUE.to_owned()];
    let mut descending = vec![true];
    for (at, tie) in ties.iter().enumerate() {
        let name = format!("tie {at}");
        columns.push(named(tie, &name));
        by.push(name);
        descending.push(false);
    }
    let frame = DataFrame::new(keys.len(), columns)?;
    let options = SortMultipleOptions::default()
        .with_order_descending_multi(descending)
        .with_nulls_last(true)
        .with_maintain_order(true);
    let best = frame.sort(by, options)?.unique_stable(
        Some(&[KEY.to_owned()]),
        UniqueKeepStrategy::First,
        None,
    )?;
    let keys = best.column(KEY)?.as_materialized_series().str()?.clone();
    let rows = best.column(ROW)?.as_materialized_series().idx()?.clone();
    Ok((keys, rows))
}

/// Distinct keys.
///
/// # Errors
/// As polars.
pub fn distinct(keys: &StringChunked) -> PolarsResult<StringChunked> {
    let frame = DataFrame::new(keys.len(), vec![named(keys, KEY)])?;
    let filled = frame.column(KEY)?.as_materialized_series().is_not_null();
    let unique = frame
        .filter(&filled)?
        .unique_stable(None, UniqueKeepStrategy::First, None)?;
    Ok(unique.column(KEY)?.as_materialized_series().str()?.clone())
}

/// How many of the distinct keys asked for stand in a table, and how many there are.
///
/// # Errors
/// As polars.
pub fn contained(asked: &StringChunked, known: &StringChunked) -> PolarsResult<(usize, usize)> {
    let asked = distinct(asked)?;
    let found = lookup(&asked, known, Keep::First)?;
    Ok((found.len() - found.null_count(), asked.len()))
}

/// How far two columns of ids say the same, on the rows where both say something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub met: usize,
    pub same: usize,
}

impl Agreement {
    /// Whether they differ on more than a tenth of the rows.
    #[must_use]
    pub fn is_contradicted(self) -> bool {
        (self.met - self.same) * 10 > self.met
    }
}

/// Compares two columns row by row.
pub fn agreement(
    first: &StringChunked,
    second: &StringChunked,
    are_same: impl Fn(&str, &str) -> bool,
) -> Agreement {
    let (mut met, mut same) = (0, 0);
    for pair in first.iter().zip(second.iter()) {
        if let (Some(first), Some(second)) = pair {
            met += 1;
            same += usize::from(are_same(first, second));
        }
    }
    Agreement { met, same }
}

/// The first of two texts that says something.
#[must_use]
pub fn either(first: &StringChunked, second: &StringChunked) -> StringChunked {
    let pairs = first.iter().zip(second.iter());
    pairs
        .map(|(first, second)| first.filter(|text| !dates::is_missing(text)).or(second))
        .collect()
}

fn named(cells: &StringChunked, name: &str) -> Column {
    let mut column = cells.clone().into_column();
    column.rename(name.into());
    column
}

/// A column of one text.
#[must_use]
pub fn repeated(text: &str, rows: usize) -> StringChunked {
    Series::new("".into(), vec![text; rows])
        .str()
        .cloned()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str]) -> StringChunked {
        cells.iter().copied().map(Some).collect()
    }

    #[test]
    fn rows_are_found_by_their_tidied_key() {
        let asked = ids(&column(&["2.0", "", "3", " 1", "9"]));
        let known = ids(&column(&["1", "2", "2", "3"]));
        let rows = |keep| {
            let found = lookup(&asked, &known, keep).unwrap();
            found.iter().collect::<Vec<_>>()
        };
        assert_eq!(rows(Keep::First), [Some(1), None, Some(3), Some(0), None]);
        assert_eq!(rows(Keep::Last), [Some(2), None, Some(3), Some(0), None]);
        assert_eq!(contained(&asked, &known).unwrap(), (3, 4));
    }

    #[test]
    fn sums_do_not_depend_on_the_order_of_rows() {
        let keys = ids(&column(&["a", "b", "a", "a", ""]));
        let sums = sums(&keys, &[0.1, 5.0, 0.2, f64::NAN, 7.0]).unwrap();
        let keys: Vec<_> = sums.keys.iter().flatten().collect();
        assert_eq!((keys, sums.values), (vec!["a", "b"], vec![0.3, 5.0]));
    }

    #[test]
    fn the_largest_row_stands_for_its_key() {
        let keys = column(&["a", "a", "b", "a"]);
        let ties = [column(&["x", "z", "q", "y"])];
        let (keys, rows) = largest(&keys, &[1.0, 3.0, 2.0, 3.0], &ties).unwrap();
        let found: Vec<_> = keys.iter().flatten().zip(rows.iter().flatten()).collect();
        assert_eq!(found, [("a", 3), ("b", 2)]);
    }
}
