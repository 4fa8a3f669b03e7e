//! The numbers of a chart as text: tab-separated for the clipboard, CSV for a file. Nothing in them
//! runs as a formula where it is pasted or opened.

use export::csv;

/// A small table. Numbers are written in full, with a point and without grouping, so that a
/// spreadsheet reads them as numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    #[must_use]
    pub fn new(columns: &[&str]) -> Self {
        Self {
            columns: columns.iter().map(|&name| name.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// Tab-separated text with a header line, as spreadsheets paste it. Tabs and line breaks inside
    /// values become spaces.
    #[must_use]
    pub fn tsv(&self) -> String {
        let mut text = String::new();
        for row in self.lines() {
            for (column, value) in row.iter().enumerate() {
                if column > 0 {
                    text.push('\t');
                }
                let value = value.replace(['\t', '\r', '\n'], " ");
                text.push_str(&csv::loosely_defused(&value));
            }
            text.push('\n');
        }
        text
    }

    /// The CSV of every export.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = String::new();
        for row in self.lines() {
            csv::loose_line(row.iter().map(String::as_str), ',', &mut text);
        }
        text
    }

    /// The header and the rows.
    fn lines(&self) -> impl Iterator<Item = &Vec<String>> {
        std::iter::once(&self.columns).chain(&self.rows)
    }
}

/// A number for a sheet: shortest text that reads back as the same number; empty when there is none.
#[must_use]
pub fn cell(value: Option<f64>) -> String {
    value
        .filter(|value| value.is_finite())
        .map_or_else(String::new, |value| format!("{value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_and_tsv_stays_on_one_line() {
        let mut sheet = Sheet::new(&["cohort", "note"]);
        sheet.push(vec!["1997-01".into(), "a \"b\", c".into()]);
        sheet.push(vec![cell(Some(0.5)), "x\ty".into()]);
        assert_eq!(
            sheet.csv(),
            "cohort,note\r\n\"1997-01\",\"a \"\"b\"\", c\"\r\n0.5,\"x\ty\"\r\n"
        );
        assert_eq!(sheet.tsv(), "cohort\tnote\n1997-01\ta \"b\", c\n0.5\tx y\n");
        sheet.push(vec!["=1+1".into(), "-2.5".into()]);
        assert!(sheet.csv().ends_with("\r\n'=1+1,-2.5\r\n"));
        assert!(sheet.tsv().ends_with("\n'=1+1\t-2.5\n"));
        assert_eq!(cell(None), "");
        assert_eq!(cell(Some(f64::NAN)), "");
    }
}
