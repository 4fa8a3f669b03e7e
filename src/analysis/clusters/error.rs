//! Why columns or numbers cannot be clustered.

/// The most clusters that can be asked for.
pub const MOST_CLUSTERS: usize = 12;

/// Why nothing can be clustered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClusterError {
    #[error("cancelled")]
    Cancelled,
    #[error("there is no column called “{name}” with numbers to cluster by. Choose from: {known}")]
    Unknown { name: String, known: String },
    #[error(
        "clusters need at least two columns whose numbers vary; found {0}. Choose other columns"
    )]
    TooFewColumns(usize),
    #[error(
        "{k} clusters need at least {k} different rows; found {rows}. Choose fewer clusters, a later date or more data"
    )]
    TooFewRows { k: usize, rows: usize },
    #[error("the number of clusters must lie between 2 and {MOST_CLUSTERS}, not {0}")]
    BadNumber(usize),
    #[error("the calculation failed: {0}. Choose other columns")]
    Failed(String),
}

impl From<smartcore::error::Failed> for ClusterError {
    fn from(error: smartcore::error::Failed) -> Self {
        Self::Failed(error.to_string())
    }
}
