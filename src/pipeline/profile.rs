//! Profiles of everything a shop was opened from, worked out when somebody asks for them.
//!
//! They are no stage of the pipeline: no other number needs them, and reading large files once more
//! must neither delay the numbers on the screen nor be cancelled by every step of a slider.

use std::sync::Arc;

use super::{
    cx::{Cancelled, Monitor, Progress},
    problem::{PipelineError, Problem},
};
use analysis::correlation::{Correlations, correlations};
use data::dataset::Dataset;
use data::dataset::error::DataError;
use data::dataset::options::ReadOptions;
use data::open::source::Input;
use data::profile::{
    TableProfile,
    scan::{profile_file, profile_input, profile_table},
};
use project::Source;
use simulator::sample::SAMPLE_ORDERS;

/// What every column of the opened files and kept tables holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ShopProfile {
    /// One per file of the data set, in its order; a file that has gone meanwhile says so.
    pub files: Vec<Result<TableProfile, Problem>>,
    /// One per kept table of the data set, in its order.
    pub tables: Vec<TableProfile>,
    /// How the numbers of each kept table go together, in the same order.
    pub correlations: Vec<Correlations>,
}

/// How far the profile of the open shop is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Profiling {
    /// Nobody has asked.
    #[default]
    Idle,
    Running(Progress),
    Ready(Arc<ShopProfile>),
    Failed(Problem),
}

/// Profiles the files and tables of an open shop.
///
/// # Errors
/// [`Cancelled`]; anything wrong with a file stands in its place in the result.
pub fn profile_shop(
    source: &Source,
    dataset: &Dataset,
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<ShopProfile, Cancelled> {
    let mut files = Vec::with_capacity(dataset.files.len());
    for reading in &dataset.files {
        monitor.check()?;
        let profile = if *source == Source::Sample {
            let input = Input::memory("orders.csv", SAMPLE_ORDERS);
            profile_input(&input, &[], options, monitor)
        } else {
            profile_file(reading, options, monitor)
        };
        files.push(match profile {
            Ok(profile) => Ok(profile),
            Err(DataError::Cancelled(cancelled)) => return Err(cancelled),
            Err(error) => {
                let problem = Problem::from(&PipelineError::from(error));
                Err(Problem::new(
                    "The file could not be profiled",
                    problem.detail,
                    problem.advice,
                ))
            }
        });
    }
    let tables = dataset.tables.iter().map(|table| profile_table(table));
    let correlated = dataset.tables.iter().map(|table| correlations(table));
    Ok(ShopProfile {
        correlations: correlated.collect(),
        files,
        tables: tables.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileLoader, Loader};
    use data::profile::ColumnKind;

    #[test]
    fn the_sample_shop_and_a_file_that_has_gone() {
        let (options, monitor) = (ReadOptions::default(), Monitor::silent());
        let mut dataset = FileLoader
            .load(&Source::Sample, &options, &monitor)
            .unwrap();
        let profile = profile_shop(&Source::Sample, &dataset, &options, &monitor).unwrap();
        let table = profile.files[0].as_ref().unwrap();
        assert_eq!(table.rows, dataset.quality.rows_read);
        let customer = table.column("customer_id").unwrap();
        assert_eq!(customer.kind, ColumnKind::Id);
        assert_eq!(customer.distinct.count(), 4_000);
        dataset.files[0].path = "gone/orders.csv".into();
        let source = Source::Files(vec!["gone/orders.csv".into()]);
        let profile = profile_shop(&source, &dataset, &options, &monitor).unwrap();
        let problem = profile.files[0].as_ref().unwrap_err();
        assert_eq!(problem.title, "The file could not be profiled");
    }
}
