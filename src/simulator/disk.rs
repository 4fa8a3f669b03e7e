//! Saving a generated shop: nothing is overwritten unasked, and nothing half-written is left.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use super::{GenerateError, Spec, TRUTH_FILE, Truth, names::file_names, prepare, simulate};
use base::atomic::{temporary_in, without_temporary_name};
use base::monitor::Monitor;

/// Writes the shop's files and its truth file into `folder`, which is made when missing.
///
/// Files are written beside their place under a temporary name and renamed once all are complete.
///
/// # Errors
/// [`GenerateError::Exists`] when a file is already there and `overwrite` is not set; an input or
/// output error; a cancelled [`Monitor`].
pub fn to_folder(
    spec: &Spec,
    folder: &Path,
    overwrite: bool,
    monitor: &Monitor,
) -> Result<(Truth, Vec<PathBuf>), GenerateError> {
    let paths: Vec<PathBuf> = file_names(spec.layout)
        .iter()
        .chain([&TRUTH_FILE])
        .map(|name| folder.join(name))
        .collect();
    if !overwrite && let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(GenerateError::Exists { path: path.clone() });
    }
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| GenerateError::Io {
            path,
            source: without_temporary_name(source),
        }
    };
    // A spec that cannot be met leaves no empty folder behind.
    prepare(spec)?;
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut files = Vec::with_capacity(paths.len());
    for path in &paths {
        files.push(temporary_in(folder).map_err(failed(path))?);
    }
    let data = paths.len() - 1;
    let truth =
        simulate(spec, &mut files[..data], monitor).map_err(|error| match error.at(folder) {
            GenerateError::Io { path, source } => failed(&path)(source),
            error => error,
        })?;
    files[data]
        .write_all(truth.to_json().as_bytes())
        .map_err(failed(&paths[data]))?;
    for (file, path) in files.into_iter().zip(&paths) {
        let saved = if overwrite {
            file.persist(path)
        } else {
            file.persist_noclobber(path)
        };
        saved.map_err(|error| failed(path)(error.error))?;
    }
    Ok((truth, paths))
}
