//! The numbers of a chart as text: tab-separated for the clipboard, CSV for a file.

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
        self.text('\t', |value| value.replace(['\t', '\r', '\n'], " ").clone())
    }

    /// CSV after RFC 4180 (with plain line feeds): values with commas, quotes or line breaks are
    /// quoted.
    #[must_use]
    pub fn csv(&self) -> String {
        self.text(',', |value| {
            if value.contains([',', '"', '\r', '\n']) {
                format!("\"{}\"", value.replace('"', "\"\""))
            } else {
                value.to_owned()
            }
        })
    }

    fn text(&self, separator: char, escape: impl Fn(&str) -> String) -> String {
        let mut text = String::new();
        for row in std::iter::once(&self.columns).chain(&self.rows) {
            for (column, value) in row.iter().enumerate() {
                if column > 0 {
                    text.push(separator);
                }
                text.push_str(&escape(value));
            }
            text.push('\n');
        }
        text
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
            "cohort,note\n1997-01,\"a \"\"b\"\", c\"\n0.5,x\ty\n"
        );
        assert_eq!(sheet.tsv(), "cohort\tnote\n1997-01\ta \"b\", c\n0.5\tx y\n");
        assert_eq!(cell(None), "");
        assert_eq!(cell(Some(f64::NAN)), "");
    }
}
