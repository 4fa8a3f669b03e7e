//! What went wrong, in the three parts a notice shows.

use base::monitor::Cancelled;
use data::dataset::error::DataError;
use project::InvalidProject;

/// Why the pipeline gave no snapshot. The one published before stays valid.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The files could not be read.
    #[error(transparent)]
    Data(DataError),
    /// The project holds values no analysis can work with.
    #[error(transparent)]
    Project(#[from] InvalidProject),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl From<DataError> for PipelineError {
    fn from(error: DataError) -> Self {
        match error {
            DataError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            error => Self::Data(error),
        }
    }
}

/// A failure as people read it: what happened, why, and what to do next. Each is one or two full
/// sentences, and nothing is said twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What happened: "The orders could not be read".
    pub title: String,
    /// Why, with file, row and column where known.
    pub detail: String,
    /// What to do next; empty when there is nothing to do.
    pub advice: String,
    /// Whether saying what the columns mean may help.
    pub can_map: bool,
}

impl Problem {
    pub fn new(
        title: impl Into<String>,
        detail: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            detail: detail.into(),
            advice: advice.into(),
            can_map: false,
        }
    }
}

impl From<Cancelled> for Problem {
    /// Lets a job write `monitor.check()?`; the worker reports a cancelled job as cancelled.
    fn from(_: Cancelled) -> Self {
        Self::new("Cancelled", "The job was stopped before it was done", "")
    }
}

impl From<&PipelineError> for Problem {
    fn from(error: &PipelineError) -> Self {
        match error {
            PipelineError::Data(error) => from_data(error),
            PipelineError::Project(error) => Self::new(
                "The project holds a value that cannot be used",
                error.problem.clone(),
                error.advice.clone(),
            ),
            PipelineError::Cancelled(cancelled) => (*cancelled).into(),
        }
    }
}

/// Takes the advice out of the sentence, so that a notice can show it on its own line.
fn from_data(error: &DataError) -> Problem {
    let sentence = error.to_string();
    let advice = match error {
        DataError::Io { advice, .. } => (*advice).to_owned(),
        DataError::Unreadable { advice, .. }
        | DataError::MissingColumn { advice, .. }
        | DataError::FileSet { advice, .. }
        | DataError::NoUsableRows { advice, .. } => advice.clone(),
        DataError::Cancelled(cancelled) => return (*cancelled).into(),
    };
    let detail = sentence
        .strip_suffix(&advice)
        .map(|rest| rest.trim_end_matches([' ', '.']).to_owned())
        .unwrap_or(sentence);
    Problem {
        can_map: matches!(
            error,
            DataError::MissingColumn { .. } | DataError::NoUsableRows { .. }
        ),
        ..Problem::new("The orders could not be read", detail, advice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_stands_once() {
        let error = PipelineError::from(DataError::Unreadable {
            path: "orders.csv".into(),
            problem: "line 7 has 3 fields instead of 5".into(),
            advice: "Check the quotes in that line.".into(),
        });
        assert_eq!(
            Problem::from(&error),
            Problem::new(
                "The orders could not be read",
                "orders.csv: line 7 has 3 fields instead of 5",
                "Check the quotes in that line.",
            )
        );
    }

    #[test]
    fn a_cancelled_load_is_cancelled_and_no_failure() {
        let error = PipelineError::from(DataError::Cancelled(Cancelled));
        assert!(matches!(error, PipelineError::Cancelled(Cancelled)));
    }
}
