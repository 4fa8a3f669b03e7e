//! The numbers of a chart as its CSV has them, and as spreadsheets take them: figures as numbers,
//! everything else as text.

use crate::table::{Column, Table, Values};

/// The table behind a chart: the very texts of its CSV.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Numbers {
    /// Place of the column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    #[must_use]
    pub fn text(&self, cell: At) -> &str {
        let row = self.rows.get(cell.row);
        row.and_then(|row| row.get(cell.column))
            .map_or("", String::as_str)
    }

    #[must_use]
    pub fn number(&self, cell: At) -> Option<f64> {
        number(self.text(cell))
    }

    /// Whether every cell of a column that holds anything holds a number.
    #[must_use]
    pub fn is_numeric(&self, column: usize) -> bool {
        let texts = || {
            let cells = self.rows.iter().map(|row| row.get(column));
            cells.map(|cell| cell.map_or("", String::as_str))
        };
        texts().all(|text| text.is_empty() || number(text).is_some())
            && texts().any(|text| !text.is_empty())
    }

    /// As the sheet of a workbook, headers as they are.
    #[must_use]
    pub fn table(&self, name: &str) -> Table {
        let columns = self.columns.iter().enumerate().map(|(place, head)| {
            let text = |row: usize| self.text(At { row, column: place });
            let rows = 0..self.rows.len();
            let values = if self.is_numeric(place) {
                let numbers = rows.map(|row| number(text(row)).unwrap_or(f64::NAN));
                Values::Numbers(numbers.collect())
            } else {
                Values::Text(rows.map(|row| text(row).to_owned()).collect())
            };
            Column {
                name: head.clone(),
                values,
            }
        });
        Table::of(name, columns.collect())
    }
}

/// A cell below the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    pub row: usize,
    pub column: usize,
}

/// Reads what the window writes as a number. Ids such as `007` are none.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let plain = digits.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    let value: f64 = text.parse().ok()?;
    (plain && !leading_zero && value.is_finite()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_months_stay_text() {
        for text in ["007", "2022-07", "1e3", "inf", "", "a", "1.2.3"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(number("0.50"), Some(0.5));
        assert_eq!(number("-12"), Some(-12.0));
        assert_eq!(number("0"), Some(0.0));
    }

    #[test]
    fn a_column_of_gaps_and_figures_is_numeric() {
        let numbers = Numbers {
            columns: vec!["a".into(), "b".into(), "c".into()],
            rows: vec![
                vec!["1".into(), "x".into(), String::new()],
                vec![String::new(), "2".into(), String::new()],
            ],
        };
        let numeric = [0, 1, 2].map(|column| numbers.is_numeric(column));
        assert_eq!(numeric, [true, false, false]);
    }
}
