//! The automatic profile: what every column of a table holds.
//!
//! [`scan::profile_input`] streams a file through the reader that also feeds the analyses ([`rows`]), so that its
//! rows and its encoding are read alike. Of every column the different cells are kept with their counts,
//! from which all figures follow exactly; where they take more than [`MAX_KEPT_BYTES`], the first rows are
//! profiled, and the profile says so. [`scan::profile_table`] does the same for a table in memory.
//!
//! | file | holds |
//! | --- | --- |
//! | `scan` | the ways through a file and through a table: what is counted |
//! | `votes` | as what a column is to be read |
//! | `figures` | from counts to a [`ColumnProfile`] |
//!
//! [`rows`]: crate::table::rows

pub(super) mod figures;
pub mod scan;
#[cfg(test)]
mod tests;
pub(super) mod votes;

/// Memory for different cells, in bytes, about: some twenty million that never repeat. Rows that come when
/// it is used up are not profiled.
pub const MAX_KEPT_BYTES: usize = 1 << 30;
/// Most frequent values shown per column.
pub const TOP_VALUES: usize = 10;
/// Bins of a distribution, at most.
pub const BINS: usize = 24;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Numbers, some of them with decimals.
    Number,
    WholeNumber,
    Date,
    Text,
    /// Two values that mean yes and no; 0 and 1 count as them.
    YesNo,
    /// Names things rather than measuring them.
    Id,
    /// No cell holds anything.
    Empty,
}

impl ColumnKind {
    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Number => "Number",
            Self::WholeNumber => "Whole number",
            Self::Date => "Date",
            Self::Text => "Text",
            Self::YesNo => "Yes/no",
            Self::Id => "Id",
            Self::Empty => "Empty",
        }
    }

    /// Whether averages of the column mean something.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::WholeNumber)
    }
}

/// How many different values a column holds; a missing cell is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Distinct {
    Exact(u64),
    /// Of a file of which only the first rows are profiled ([`MAX_KEPT_BYTES`]). To be shown with "at least".
    AtLeast(u64),
}

impl Distinct {
    /// The number, of all rows or of those profiled.
    #[must_use]
    pub fn count(self) -> u64 {
        match self {
            Self::Exact(count) | Self::AtLeast(count) => count,
        }
    }
}

/// A value and how many rows hold it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct TopValue {
    /// The value as text; dates as YYYY-MM-DD.
    pub text: String,
    /// The number, or the day since 1970-01-01, of number and date columns.
    pub value: Option<f64>,
    pub rows: u64,
}

/// Position and spread. For dates all are days since 1970-01-01, the deviation is in days.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Summary {
    pub min: f64,
    /// Middle value, or the mean of the two middle ones.
    pub median: f64,
    pub mean: f64,
    pub max: f64,
    /// Sample standard deviation (divisor n − 1); 0 for a single value.
    pub deviation: f64,
}

/// The distribution of a number or date column in bins of equal width, for a sparkline.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Bins {
    /// Lower end of the first bin: the smallest value.
    pub start: f64,
    /// Width of a bin. Whole numbers and dates that span fewer than [`BINS`] steps have one bin per
    /// step (width 1).
    pub width: f64,
    /// Values per bin; the last bin includes its upper end.
    pub counts: Vec<u64>,
}

/// What one column holds.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ColumnProfile {
    pub name: String,
    pub kind: ColumnKind,
    /// Why it counts as this kind, in a few words.
    pub reason: String,
    pub rows: u64,
    /// Cells that are empty or hold a word for nothing (`null`, `NaN`, `n/a`…).
    pub missing: u64,
    /// Cells of a number or date column that are neither missing nor readable.
    pub unreadable: u64,
    pub distinct: Distinct,
    /// The most frequent values, at most [`TOP_VALUES`], ties in order of the values.
    pub top: Vec<TopValue>,
    /// Filled rows with none of the `top` values.
    pub other_rows: u64,
    /// Of number, date and 0/1 columns; `None` for ids, text, and columns without a readable value.
    pub summary: Option<Summary>,
    /// As `summary`. Text and yes/no columns are drawn as bars of `top` instead.
    pub bins: Option<Bins>,
}

impl ColumnProfile {
    /// Share of the rows in which the cell is missing, 0…1.
    #[must_use]
    pub fn missing_share(&self) -> f64 {
        if self.rows == 0 {
            0.0
        } else {
            self.missing as f64 / self.rows as f64
        }
    }

    /// Cells that are not missing.
    #[must_use]
    pub fn filled(&self) -> u64 {
        self.rows - self.missing
    }
}

/// What every column of a table holds.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct TableProfile {
    /// File name without its folder, or the name of a table in memory.
    pub name: String,
    /// Rows profiled; rows with the wrong number of cells are not among them.
    pub rows: u64,
    /// Rows left out because they have the wrong number of cells.
    pub broken_rows: u64,
    pub columns: Vec<ColumnProfile>,
    /// What the reader should know ("some bytes are no valid UTF-8…").
    pub remarks: Vec<String>,
}

impl TableProfile {
    /// The column of this name, ignoring case.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnProfile> {
        let same = |column: &&ColumnProfile| column.name.eq_ignore_ascii_case(name);
        self.columns.iter().find(same)
    }
}
