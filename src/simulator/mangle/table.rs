//! Tables before they are spelled.

use super::words::Field;
use data::day::Day;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Blank,
    Text(String),
    Id(String),
    /// Cents.
    Money(i64),
    Count(i64),
    /// A day and a minute of it.
    When(Day, u16),
    Date(Day),
    /// Written as it stands.
    Number(String),
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub field: Field,
    pub name: String,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Name of the file without its ending.
    pub name: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(super) fn find(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == field)
    }

    /// The day of a row; that of the rows' dates alone.
    pub(super) fn day(&self, row: &[Cell]) -> Day {
        let at = self.find(Field::Date);
        match at.map(|at| &row[at]) {
            Some(Cell::When(day, _) | Cell::Date(day)) => *day,
            _ => 0,
        }
    }

    /// Puts a column between the others, or behind them.
    pub(super) fn insert(&mut self, at: usize, column: Column, cells: Vec<Cell>) {
        self.columns.insert(at, column);
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            row.insert(at, cell);
        }
    }
}
