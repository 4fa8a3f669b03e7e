//! Tables kept whole: columns of numbers, days or coded text, for profiles and flat analyses.

use crate::{
    day::Day,
    orders::{Codes, NO_DAY, TextPool},
};

/// Named columns of equal length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What the table is within its set: "users", "customers"…
    pub name: String,
    pub rows: usize,
    pub columns: Vec<Column>,
}

/// One column, read as what its cells are.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name as the file spells it.
    pub name: String,
    pub values: Values,
}

/// The cells of a column; each variant has its own word for "missing".
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Missing is NaN.
    Numbers(Vec<f64>),
    /// Missing is [`NO_DAY`].
    Days(Vec<Day>),
    /// Codes into distinct texts; missing is the empty text.
    Texts { codes: Codes, pool: TextPool },
}

impl Table {
    /// The column of this name, ignoring case.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        let same = |column: &&Column| column.name.eq_ignore_ascii_case(name);
        self.columns.iter().find(same)
    }
}

impl Table {
    /// The latest day in any date column; the default as-of date of a shop without orders is the
    /// day after it.
    #[must_use]
    pub fn latest_day(&self) -> Option<Day> {
        let days = self
            .columns
            .iter()
            .filter_map(|column| match &column.values {
                Values::Days(days) => days.iter().copied().max(),
                Values::Numbers(_) | Values::Texts { .. } => None,
            });
        days.max().filter(|&day| day != NO_DAY)
    }
}

impl Values {
    /// Whether the cell of this row is missing.
    #[must_use]
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Numbers(numbers) => numbers[row].is_nan(),
            Self::Days(days) => days[row] == NO_DAY,
            Self::Texts { codes, pool } => pool.get(codes.get(row) as usize).is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_column_knows_its_missing_cells() {
        let pool = ["", "Paris"].into_iter().collect();
        let texts = Values::Texts {
            codes: Codes::U8(vec![0, 1]),
            pool,
        };
        for values in [
            Values::Numbers(vec![f64::NAN, 1.5]),
            Values::Days(vec![NO_DAY, 0]),
            texts,
        ] {
            assert!(values.is_missing(0));
            assert!(!values.is_missing(1));
        }
    }
}
