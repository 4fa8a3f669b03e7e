//! Where the pipeline gets its data from, and how it notices that a file has changed.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::cx::Monitor;
use data::dataset::error::DataError;
use data::dataset::options::ReadOptions;
use data::dataset::{Dataset, FileReading};
use data::judge::rejected::{self, Rejected};
use data::load;
use data::open::source::Input;
use data::roles::inspect;
use project::Source;
use simulator::sample;

/// Length and time of last change of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub bytes: u64,
    /// `None` on file systems that do not keep it.
    pub modified: Option<SystemTime>,
}

/// What the files of a source looked like: equal fingerprints → not read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// Files in the order given, the files of a folder by name; no stamp = not there.
    pub files: Vec<(PathBuf, Option<Stamp>)>,
}

impl Fingerprint {
    /// Looks at files and at the direct contents of folders.
    #[must_use]
    pub fn of(paths: &[PathBuf]) -> Self {
        let mut files = Vec::new();
        for path in paths {
            match folder_entries(path) {
                Ok(Some(entries)) => {
                    // The folder itself: found again missing when a stick is pulled out.
                    files.push((path.clone(), Some(Stamp::FOLDER)));
                    files.extend(entries.into_iter().map(|file| {
                        let stamp = stamp(&file).ok();
                        (file, stamp)
                    }));
                }
                Ok(None) => files.push((path.clone(), stamp(path).ok())),
                Err(_) => files.push((path.clone(), None)),
            }
        }
        Self { files }
    }

    /// Paths that were there in `before` and are not there now.
    #[must_use]
    pub fn missing_since(&self, before: &Self) -> Vec<&Path> {
        let was_there = |path: &Path| {
            before
                .files
                .iter()
                .any(|(known, stamp)| known == path && stamp.is_some())
        };
        self.files
            .iter()
            .filter(|(path, stamp)| stamp.is_none() && was_there(path))
            .map(|(path, _)| path.as_path())
            .collect()
    }
}

impl Stamp {
    /// A folder counts by its contents alone: its own time changes with every unrelated file.
    const FOLDER: Self = Self {
        bytes: 0,
        modified: None,
    };
}

fn stamp(path: &Path) -> io::Result<Stamp> {
    let metadata = fs::metadata(path)?;
    Ok(Stamp {
        bytes: metadata.len(),
        modified: metadata.modified().ok(),
    })
}

/// The files of a folder, sorted by name; `None` when the path is no folder.
fn folder_entries(path: &Path) -> io::Result<Option<Vec<PathBuf>>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(None);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?.path();
        if entry.is_file() {
            files.push(entry);
        }
    }
    files.sort();
    Ok(Some(files))
}

/// How the pipeline opens a source; tests and benches put made-up shops in its place.
pub trait Loader: Send {
    /// What the source looks like now; cheap, because it is asked for with every request.
    fn fingerprint(&self, source: &Source) -> Fingerprint;

    /// Reads the source.
    ///
    /// # Errors
    /// See [`DataError`].
    fn load(
        &self,
        source: &Source,
        options: &ReadOptions,
        monitor: &Monitor,
    ) -> Result<Dataset, DataError>;
}

/// Reads the user's files and the built-in sample shop.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileLoader;

impl Loader for FileLoader {
    fn fingerprint(&self, source: &Source) -> Fingerprint {
        match source {
            Source::None | Source::Sample => Fingerprint::default(),
            Source::Files(paths) => Fingerprint::of(paths),
        }
    }

    fn load(
        &self,
        source: &Source,
        options: &ReadOptions,
        monitor: &Monitor,
    ) -> Result<Dataset, DataError> {
        match source {
            Source::Files(paths) => load::load(paths, options, monitor),
            Source::Sample => {
                let bytes = sample::SAMPLE_ORDERS;
                let mut dataset = load::load_bytes("orders.csv", bytes, options, monitor)?;
                "Sample shop".clone_into(&mut dataset.name);
                Ok(dataset)
            }
            Source::None => Err(DataError::FileSet {
                problem: "No shop is chosen".to_owned(),
                advice: "Open files, or try the sample shop.".to_owned(),
            }),
        }
    }
}

/// The files of a source, or the bytes of the built-in shop.
fn inputs(source: &Source) -> Result<Vec<Input>, DataError> {
    match source {
        Source::Files(paths) => load::inputs_of(paths),
        Source::Sample => Ok(vec![Input::memory("orders.csv", sample::SAMPLE_ORDERS)]),
        Source::None => Ok(Vec::new()),
    }
}

/// A first look at the files of a source, also where their columns cannot be told yet.
///
/// # Errors
/// See [`inspect::inspect`].
pub fn look_at(source: &Source, options: &ReadOptions) -> Result<Vec<FileReading>, DataError> {
    inspect::inspect_inputs(&inputs(source)?, options)
}

/// Every row of a source that rules leave out.
///
/// # Errors
/// See [`rejected::rejected`].
pub fn rejected_rows(
    source: &Source,
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<Rejected, DataError> {
    rejected::rejected(&inputs(source)?, options, monitor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_follows_length_and_presence() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("orders.csv");
        fs::write(&file, "a")?;
        let paths = [file.clone()];
        let before = Fingerprint::of(&paths);
        assert_eq!(before, Fingerprint::of(&paths));
        fs::write(&file, "ab")?;
        let longer = Fingerprint::of(&paths);
        assert_ne!(before, longer);
        assert!(longer.missing_since(&before).is_empty());
        fs::remove_file(&file)?;
        assert_eq!(
            Fingerprint::of(&paths).missing_since(&before),
            [file.as_path()]
        );
        Ok(())
    }

    #[test]
    fn a_folder_counts_by_its_files() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let shop = folder.path().join("shop");
        fs::create_dir(&shop)?;
        fs::write(shop.join("b.csv"), "bb")?;
        let paths = [shop.clone()];
        let before = Fingerprint::of(&paths);
        fs::write(shop.join("a.csv"), "a")?;
        let after = Fingerprint::of(&paths);
        assert_ne!(before, after);
        let names: Vec<_> = after.files.iter().map(|(path, _)| path.clone()).collect();
        assert_eq!(
            names,
            [shop.clone(), shop.join("a.csv"), shop.join("b.csv")]
        );
        fs::remove_dir_all(&shop)?;
        let gone = Fingerprint::of(&paths);
        assert_eq!(gone.missing_since(&after), [shop.as_path()]);
        Ok(())
    }

    #[test]
    fn the_sample_shop_opens_under_its_name() {
        let options = ReadOptions::default();
        let dataset = FileLoader
            .load(&Source::Sample, &options, &Monitor::silent())
            .unwrap();
        assert_eq!(dataset.name, "Sample shop");
        assert_eq!(dataset.orders.customers(), 4_000);
        assert!(dataset.quality.reconciles());
    }
}
