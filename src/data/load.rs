//! Opening files: recognise the shape, read, clean, sort.

use std::path::PathBuf;

use super::{dataset::Dataset, error::DataError, monitor::Monitor, options::ReadOptions};

/// Opens files (or every data file of a folder) that together describe one shop.
///
/// # Errors
/// A [`DataError`] when the files are unreadable, do not form a known set, lack a needed column, or
/// hold no usable row. Rows that cannot be used are no error: they stand in the quality report.
pub fn load(
    paths: &[PathBuf],
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<Dataset, DataError> {
    let _ = (paths, options, monitor);
    unimplemented!("data reading")
}
