//! Why a file cannot be written.

use std::io;

use project::file::advice;

/// A table could not be written. `Display` is the full sentence shown to people.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(
        "the list has {rows} rows and a workbook holds at most {most}. Save it as CSV, or select fewer customers"
    )]
    TooLarge { rows: usize, most: usize },
    #[error("the Parquet file could not be made: {0}")]
    Parquet(String),
    #[error("the workbook could not be made: {0}. Save the list as CSV instead")]
    Workbook(String),
    #[error("{path}: {source}. {advice}", advice = advice(source))]
    Io { path: String, source: io::Error },
    #[error("{0} exists already. Choose another name, or say that it may be replaced")]
    Exists(String),
    #[error(
        "{0}: the name does not say the format. End it with .csv or .xlsx (or .parquet, in a build with that feature)"
    )]
    Format(String),
}
