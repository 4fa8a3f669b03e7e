//! Why files could not be opened: each error names the file and, where known, row and column, what
//! was expected, what was found, and what to do next.

use std::path::PathBuf;

use base::monitor::Cancelled;

/// An error of the data layer. `Display` is the full sentence shown to people.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("{}: {source}. {advice}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
        advice: &'static str,
    },
    #[error("{}: {problem}. {advice}", path.display())]
    Unreadable {
        path: PathBuf,
        problem: String,
        advice: String,
    },
    #[error("{}: no column for {role}: expected {expected}; found {found}. {advice}", path.display())]
    MissingColumn {
        path: PathBuf,
        role: String,
        expected: String,
        found: String,
        advice: String,
    },
    #[error("{problem}. {advice}")]
    FileSet { problem: String, advice: String },
    #[error("{}: no row could be used: {problem}. {advice}", path.display())]
    NoUsableRows {
        path: PathBuf,
        problem: String,
        advice: String,
    },
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
