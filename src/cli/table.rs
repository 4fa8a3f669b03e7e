//! Plain aligned tables: no colours, no box drawing, readable in any terminal and in a mail.

use std::fmt::Write;

use base::figures;

/// Rows of text in columns; words stand left, figures right.
pub(super) struct Table {
    figures: Vec<bool>,
    rows: Vec<Vec<String>>,
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Words,
    Figures,
}

impl Table {
    /// A table with these column titles.
    pub(super) fn new(columns: &[(&str, Column)]) -> Self {
        Self {
            figures: columns
                .iter()
                .map(|&(_, column)| column == Column::Figures)
                .collect(),
            rows: vec![columns.iter().map(|&(title, _)| title.to_owned()).collect()],
        }
    }

    /// A list of names and figures without titles.
    pub(super) fn list() -> Self {
        Self {
            figures: vec![false, true],
            rows: Vec::new(),
        }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// A row of a [`Table::list`].
    pub(super) fn entry(&mut self, name: &str, figure: impl Into<String>) {
        self.rows.push(vec![name.to_owned(), figure.into()]);
    }

    /// The table as text, each line indented by two spaces.
    pub(super) fn render(&self) -> String {
        let width = |text: &str| text.chars().count();
        let widths: Vec<usize> = (0..self.figures.len())
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                cells.map(|cell| width(cell)).max().unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, &figure), &wide) in row.iter().zip(&self.figures).zip(&widths) {
                let gap = " ".repeat(wide - width(cell));
                line.push_str("  ");
                if figure {
                    line.push_str(&gap);
                    line.push_str(cell);
                } else {
                    line.push_str(cell);
                    line.push_str(&gap);
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// `12,054`
pub(super) fn count(value: u64) -> String {
    decimals(value as f64, 0)
}

/// `2,500,315.63`
pub(super) fn money(value: f64) -> String {
    decimals(value, 2)
}

/// `70.2 %` for 0.7025
pub(super) fn percent(share: f64) -> String {
    if share.is_finite() {
        format!("{} %", decimals(share * 100.0, 1))
    } else {
        "-".to_owned()
    }
}

/// Thousands separators and this many decimals; `-` for what is no number.
pub(super) fn decimals(value: f64, places: usize) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    let digits = format!("{:.places$}", value.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let negative = value < 0.0 && digits.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    let mut text = String::from(if negative { "-" } else { "" });
    text += &figures::grouped(whole);
    if !fraction.is_empty() {
        let _ = write!(text, ".{fraction}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_like_print() {
        assert_eq!(count(23_570), "23,570");
        assert_eq!(count(0), "0");
        assert_eq!(money(2_500_315.63), "2,500,315.63");
        assert_eq!(money(-0.001), "0.00");
        assert_eq!(money(-1_234.5), "-1,234.50");
        assert_eq!(percent(0.702_49), "70.2 %");
        assert_eq!(percent(f64::NAN), "-");
    }

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&[("segment", Column::Words), ("n", Column::Figures)]);
        table.row(["VIP".to_owned(), "6,286".to_owned()]);
        table.row(["Café".to_owned(), "1".to_owned()]);
        assert_eq!(
            table.render(),
            "  segment      n\n  VIP      6,286\n  Café         1\n"
        );
    }
}
