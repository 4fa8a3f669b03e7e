//! Columns of a frame → columns of numbers, days or coded text, for tables that are kept whole.

use std::path::Path;

use hashbrown::HashMap;
use polars::prelude::{Column as FrameColumn, PolarsError, PolarsResult, StringChunked};

use crate::{
    dataset::error::DataError,
    dataset::options::DateOrder,
    dataset::quality::MAX_SAMPLES,
    dataset::tables::{Column, Values},
    orders::{Codes, NO_DAY, PoolFull, TextPool},
    profile::{
        figures::names_an_id,
        votes::{Plan, Votes},
    },
    table::cells,
    values::dates::{self, DateColumn, Zone},
    values::numbers::{self, Decimal, Evidence},
    values::text,
};

/// What decides how cells are read, beside the cells.
#[derive(Clone, Debug, Default)]
pub struct Spelling {
    pub zone: Zone,
    pub date_order: Option<DateOrder>,
}

/// A column read as what its cells are.
#[derive(Clone, Debug)]
pub struct Typed {
    pub column: Column,
    /// How the cells were read, for people: "number, decimal comma"; empty for text.
    pub format: String,
    /// Cells that hold something else than the others; they count as missing.
    pub unreadable: u64,
    /// Rows of the first of them.
    pub unreadable_rows: Vec<usize>,
    /// What should be known about the order of day and month.
    pub remark: Option<String>,
}

/// Cells of one column as text.
struct Cells<'a> {
    name: &'a str,
    cells: &'a StringChunked,
}

impl<'a> Cells<'a> {
    fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let cells = self.cells.iter();
        cells.map(|cell| text::trim(cell.unwrap_or_default()))
    }

    /// Whether most of the first cells are numbers in plain spelling.
    fn seem_numbers(&self) -> bool {
        const FIRST: usize = 64;
        let first = || {
            self.iter()
                .filter(|cell| !dates::is_missing_number_or_date(cell))
                .take(FIRST)
        };
        let plain = first().filter(|cell| numbers::plain(cell.as_bytes()).is_some());
        2 * plain.count() > first().count()
    }
}

/// Why a column cannot be kept.
#[derive(Debug)]
pub enum Refused {
    /// A text column holds more than 4 GiB of distinct text.
    Full(PoolFull),
    Polars(PolarsError),
}

impl Refused {
    /// What to say of the file.
    #[must_use]
    pub fn of(self, path: &Path) -> DataError {
        let problem = match self {
            Self::Full(full) => full.to_string(),
            Self::Polars(error) => format!("a column cannot be read: {error}"),
        };
        DataError::Unreadable {
            path: path.to_path_buf(),
            problem,
            advice: "Leave long text columns out of the export".to_owned(),
        }
    }
}

impl From<PoolFull> for Refused {
    fn from(full: PoolFull) -> Self {
        Self::Full(full)
    }
}

impl From<PolarsError> for Refused {
    fn from(error: PolarsError) -> Self {
        Self::Polars(error)
    }
}

/// Reads a column as what most of its cells are; numbers of columns that identify something stay
/// text, so that 00042 keeps its zeros.
///
/// # Errors
/// [`Refused`] when the text is too much, or by polars.
pub fn read(name: &str, column: &FrameColumn, spelling: &Spelling) -> Result<Typed, Refused> {
    if let Some(days) = cells::days(column, &spelling.zone)? {
        let mut typed = Typed::of(name, "date");
        let days = days.into_iter().map(|day| day.unwrap_or(NO_DAY));
        typed.column.values = Values::Days(days.collect());
        return Ok(typed);
    }
    if column.dtype().is_primitive_numeric() && are_measures(name, column)? {
        let mut typed = Typed::of(name, "number");
        let values = cells::numbers_of(column)?.into_iter();
        let values = values.map(|value| value.unwrap_or(f64::NAN));
        typed.column.values = Values::Numbers(values.collect());
        return Ok(typed);
    }
    let cells = &cells::texts(column)?;
    let cells = &Cells { name, cells };
    let (plan, numbers, words) = if cells.seem_numbers() {
        let (plan, numbers) = Plain::of(cells);
        (plan, Some(numbers), None)
    } else {
        // Cells that repeat are judged once.
        let words = Words::of(cells, |cell| cell);
        (words.plan(name), None, Some(words))
    };
    match plan {
        Plan::Number(_) if names_an_id(name) => read_ids(name, column),
        Plan::Number(Decimal::Point) => {
            let numbers = numbers.unwrap_or_else(|| Plain::of(cells).1);
            Ok(numbers.typed(cells))
        }
        Plan::Number(decimal) => Ok(read_numbers(cells, decimal)),
        Plan::Date => Ok(read_dates(cells, spelling)),
        Plan::Text => {
            let words = words.unwrap_or_else(|| Words::of(cells, |cell| cell));
            Ok(words.typed(name)?)
        }
    }
}

/// Whether numbers are to be counted with: not ids, and not dates such as 20240131.
fn are_measures(name: &str, column: &FrameColumn) -> PolarsResult<bool> {
    const FIRST: usize = 1_000;
    let first = cells::texts(&column.slice(0, FIRST))?;
    let cells = first.iter().flatten().map(|cell| (cell, 1));
    let plan = Plan::of(name, cells);
    Ok(!names_an_id(name) && matches!(plan, Plan::Number(_)))
}

/// A column of mostly plain numbers, read while it is found out whether it is one.
#[derive(Debug, Default)]
struct Plain {
    /// NaN for any other cell.
    values: Vec<f64>,
    /// Rows of filled cells that are no such numbers.
    others: Vec<u32>,
}

impl Plain {
    /// Looks at every cell once.
    fn of(cells: &Cells<'_>) -> (Plan, Self) {
        let (mut votes, mut look) = (Votes::new(cells.name), Self::default());
        look.values.reserve_exact(cells.cells.len());
        for (row, cell) in cells.iter().enumerate() {
            let plain = numbers::plain(cell.as_bytes());
            look.values.push(plain.map_or(f64::NAN, |(value, _)| value));
            if let Some((_, decimals)) = plain {
                votes.add_plain(cell, decimals);
            } else if !dates::is_missing_number_or_date(cell) {
                look.others.push(row as u32);
                votes.add(cell, 1);
            }
        }
        (votes.plan(), look)
    }

    /// The column as numbers with a decimal point.
    fn typed(self, cells: &Cells<'_>) -> Typed {
        let mut typed = Typed::of(cells.name, Decimal::Point.format());
        let mut values = self.values;
        for row in self.others {
            let row = row as usize;
            let cell = cells.cells.get(row).unwrap_or_default();
            values[row] = numbers::read(cell, Decimal::Point, &mut Evidence::default());
            if values[row].is_nan() {
                typed.note_unreadable(row);
            }
        }
        typed.column.values = Values::Numbers(values);
        typed
    }
}

/// The different cells of a column; those that stand for nothing are one, the empty one.
struct Words<'a> {
    /// In the order in which they were met, each with the rows that hold it.
    texts: Vec<(&'a str, u32)>,
    /// Which one each row has.
    rows: Vec<u32>,
}

impl<'a> Words<'a> {
    fn of(cells: &Cells<'a>, tidy: impl Fn(&'a str) -> &'a str) -> Self {
        const FIRST: usize = 256;
        let mut known = HashMap::<&str, u32>::with_capacity(FIRST);
        let mut words = Self {
            texts: Vec::new(),
            rows: Vec::with_capacity(cells.cells.len()),
        };
        for (row, cell) in cells.iter().enumerate() {
            if row == FIRST && known.len() == FIRST {
                // None repeats so far: so it will be further on.
                known.reserve(cells.cells.len());
                words.texts.reserve(cells.cells.len());
            }
            let cell = if dates::is_missing(cell) {
                ""
            } else {
                tidy(cell)
            };
            let next = words.texts.len() as u32;
            let at = *known.entry(cell).or_insert(next);
            if at == next {
                words.texts.push((cell, 0));
            }
            words.texts[at as usize].1 += 1;
            words.rows.push(at);
        }
        words
    }

    /// What a column of these cells is to be read as.
    fn plan(&self, name: &str) -> Plan {
        let mut votes = Votes::new(name);
        let filled = self.texts.iter().filter(|(text, _)| !text.is_empty());
        for &(text, rows) in filled.clone() {
            votes.add_but_numbers(text, u64::from(rows));
        }
        if !votes.are_dates() {
            for &(text, rows) in filled {
                votes.add_number(text, u64::from(rows));
            }
        }
        votes.plan()
    }

    /// The column as text: codes in byte order of the texts, the same whatever the order of the rows.
    fn typed(self, name: &str) -> Result<Typed, PoolFull> {
        let texts: Vec<&str> = self.texts.into_iter().map(|(text, _)| text).collect();
        let mut pool = TextPool::default();
        pool.reserve(texts.len(), texts.iter().map(|text| text.len()).sum());
        let mut place = vec![0; texts.len()];
        for (code, first) in text::in_byte_order(&texts).into_iter().enumerate() {
            pool.push(texts[first as usize])?;
            place[first as usize] = code as u32;
        }
        let mut codes = Codes::U8(Vec::new());
        codes.extend_mapped(&self.rows, &place);
        let mut typed = Typed::of(name, "");
        typed.column.values = Values::Texts { codes, pool };
        Ok(typed)
    }
}

/// Reads a column of ids: text, without the `.0` that data frames append to whole numbers.
///
/// # Errors
/// As [`read`].
pub fn read_ids(name: &str, column: &FrameColumn) -> Result<Typed, Refused> {
    let cells = &cells::texts(column)?;
    let cells = Cells { name, cells };
    Ok(Words::of(&cells, text::tidy_id).typed(name)?)
}

fn read_numbers(cells: &Cells<'_>, decimal: Decimal) -> Typed {
    let mut typed = Typed::of(cells.name, decimal.format());
    let mut values = Vec::with_capacity(cells.cells.len());
    for (row, cell) in cells.iter().enumerate() {
        let missing = dates::is_missing_number_or_date(cell);
        let value = if missing {
            f64::NAN
        } else {
            numbers::read(cell, decimal, &mut Evidence::default())
        };
        if value.is_nan() && !missing {
            typed.note_unreadable(row);
        }
        values.push(value);
    }
    typed.column.values = Values::Numbers(values);
    typed
}

fn read_dates(cells: &Cells<'_>, spelling: &Spelling) -> Typed {
    let mut column = DateColumn::new(spelling.zone.clone(), cells.cells.len());
    for cell in cells.iter() {
        column.push(cell);
    }
    let mut dates = column.finish(spelling.date_order);
    let mut typed = Typed::of(cells.name, &dates.format);
    for (row, day) in dates.days.iter_mut().enumerate() {
        if *day == dates::UNREADABLE {
            typed.note_unreadable(row);
        }
        if *day <= dates::UNREADABLE {
            *day = NO_DAY;
        }
    }
    typed.remark = dates.remark;
    typed.column.values = Values::Days(dates.days);
    typed
}

impl Typed {
    fn of(name: &str, format: &str) -> Self {
        Self {
            column: Column {
                name: name.to_owned(),
                values: Values::Numbers(Vec::new()),
            },
            format: format.to_owned(),
            unreadable: 0,
            unreadable_rows: Vec::new(),
            remark: None,
        }
    }

    fn note_unreadable(&mut self, row: usize) {
        self.unreadable += 1;
        if self.unreadable_rows.len() < MAX_SAMPLES {
            self.unreadable_rows.push(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(name: &str, rows: &[&'static str]) -> Typed {
        let column = FrameColumn::new(name.into(), rows);
        read(name, &column, &Spelling::default()).unwrap()
    }

    #[test]
    fn numbers_dates_and_texts() {
        let numbers = typed("spend", &["1,50", "2,25", "", "x", "7,00", "8,10"]);
        assert_eq!(numbers.format, "number, decimal comma");
        let Values::Numbers(values) = &numbers.column.values else {
            panic!("{numbers:?}");
        };
        assert_eq!(values[..2], [1.5, 2.25]);
        assert!(values[2].is_nan() && values[3].is_nan());
        assert_eq!((numbers.unreadable, numbers.unreadable_rows), (1, vec![3]));
        let dates = typed("since", &["1970-01-03", "null", "1970-02-01"]);
        assert_eq!(dates.column.values, Values::Days(vec![2, NO_DAY, 31]));
        let texts = typed("city", &["Rome", "Oslo", "Rome", ""]);
        let Values::Texts { codes, pool } = &texts.column.values else {
            panic!("{texts:?}");
        };
        assert_eq!(pool.iter().collect::<Vec<_>>(), ["", "Oslo", "Rome"]);
        assert_eq!(*codes, Codes::U8(vec![2, 1, 2, 0]));
    }

    #[test]
    fn ids_stay_text_without_the_trailing_zero() {
        let ids = typed("customer_id", &["17850.0", "3.0"]);
        let Values::Texts { pool, .. } = &ids.column.values else {
            panic!("{ids:?}");
        };
        assert_eq!(pool.iter().collect::<Vec<_>>(), ["17850", "3"]);
    }
}
