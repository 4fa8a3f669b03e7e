//! A table of typed columns: ids stay text, numbers stay numbers, days stay days, whatever file they
//! go into.

use std::collections::HashMap;

use data::day::Day;

/// A table that can leave the program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Name of the file and of the sheet.
    pub name: String,
    pub columns: Vec<Column>,
    /// Per header so far: the number its next namesake gets.
    taken: HashMap<String, usize>,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Plain header: lower case, digits and `_`, so that e-mail and campaign tools accept it.
    pub name: String,
    pub values: Values,
}

/// Values of one kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    Text(Vec<String>),
    Integers(Vec<i64>),
    /// NaN and infinities are empty cells.
    Numbers(Vec<f64>),
    /// `None` is an empty cell.
    Days(Vec<Option<Day>>),
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Empty,
    Text(&'a str),
    Integer(i64),
    Number(f64),
    Day(Day),
}

impl Values {
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Integers(values) => values.len(),
            Self::Numbers(values) => values.len(),
            Self::Days(values) => values.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a row; empty beyond the last one.
    #[must_use]
    pub fn cell(&self, row: usize) -> Cell<'_> {
        let cell = match self {
            Self::Text(values) => values.get(row).map(|text| Cell::Text(text)),
            Self::Integers(values) => values.get(row).copied().map(Cell::Integer),
            Self::Numbers(values) => {
                let value = values.get(row).copied();
                value.filter(|value| value.is_finite()).map(Cell::Number)
            }
            Self::Days(values) => values.get(row).copied().flatten().map(Cell::Day),
        };
        cell.unwrap_or(Cell::Empty)
    }
}

impl Table {
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self::of(name, Vec::new())
    }

    /// A table whose headers stay exactly as they are, for a tool that asks for them so.
    #[must_use]
    pub fn of(name: &str, columns: Vec<Column>) -> Self {
        Self {
            name: name.to_owned(),
            columns,
            taken: HashMap::new(),
        }
    }

    /// Adds a column; its header is made plain and, where taken, numbered.
    pub fn push(&mut self, name: &str, values: Values) {
        let plain = plain_name(name);
        let mut unique = plain.clone();
        while self.taken.contains_key(&unique) {
            let next = self.taken.entry(plain.clone()).or_insert(2);
            unique = format!("{plain}_{next}");
            *next += 1;
        }
        self.taken.insert(unique.clone(), 2);
        self.columns.push(Column {
            name: unique,
            values,
        });
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        let lengths = self.columns.iter().map(|column| column.values.len());
        lengths.max().unwrap_or(0)
    }

    /// The columns of these names, in this order.
    ///
    /// # Errors
    /// The first name there is no column of.
    pub fn select(self, names: &[String]) -> Result<Self, String> {
        let places = self.columns.iter().enumerate();
        let places: HashMap<&str, usize> = places
            .map(|(place, column)| (column.name.as_str(), place))
            .collect();
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let place = places.get(name.as_str()).ok_or_else(|| name.clone())?;
            columns.push(self.columns[*place].clone());
        }
        Ok(Self { columns, ..self })
    }
}

/// `Customer ID` → `customer_id`; letters beyond ASCII stay as they are.
#[must_use]
pub fn plain_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.trim().chars() {
        if letter.is_alphanumeric() {
            plain.extend(letter.to_lowercase());
        } else if !plain.ends_with('_') && !plain.is_empty() {
            plain.push('_');
        }
    }
    let plain = plain.trim_end_matches('_');
    if plain.is_empty() {
        "column".to_owned()
    } else {
        plain.to_owned()
    }
}

/// A table for tests of writers: ids that look like numbers and formulas, values that are missing, and
/// this day as the oldest.
#[cfg(test)]
pub(super) fn awkward(name: &str, oldest: Day) -> Table {
    let mut table = Table::new(name);
    let ids = ["00017", "=1+1", "1e3"].map(str::to_owned);
    table.push("customer_id", Values::Text(ids.to_vec()));
    table.push("orders", Values::Integers(vec![3, -1, 0]));
    table.push("revenue", Values::Numbers(vec![1.25, f64::NAN, -2.0]));
    // 2024-01-01
    let days = vec![Some(19_723), None, Some(oldest)];
    table.push("last_order", Values::Days(days));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_plain_and_differ() {
        let mut table = Table::new("t");
        for name in [
            "Customer ID",
            "customer-id",
            "=HYPERLINK(\"x\")",
            "  ",
            "Größe (cm)",
        ] {
            table.push(name, Values::Integers(vec![1]));
        }
        let names: Vec<&str> = table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "customer_id",
                "customer_id_2",
                "hyperlink_x",
                "column",
                "größe_cm"
            ]
        );
    }

    #[test]
    fn columns_leave_in_the_order_asked_for() {
        let mut table = Table::new("t");
        table.push("a", Values::Integers(vec![1]));
        table.push("b", Values::Numbers(vec![f64::NAN]));
        let chosen = table.clone().select(&["b".into(), "a".into()]).unwrap();
        assert_eq!(chosen.columns[0].name, "b");
        assert_eq!(chosen.columns[0].values.cell(0), Cell::Empty);
        assert_eq!(
            chosen.columns[1].values.cell(1),
            Cell::Empty,
            "beyond the end"
        );
        assert_eq!(table.select(&["c".into()]), Err("c".to_owned()));
    }
}
