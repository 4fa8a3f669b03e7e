//! Project files: `*.keepers.ron`.
//!
//! - **Versioned.** The version is read first. A newer one is refused with a clear sentence; an older
//!   one is read by its own reader and brought forward (see `read_version`).
//! - **Nothing is passed over.** A field Keepers does not know is an error with line and column: in a
//!   file of our own version it can only be a slip of the pen, and a misspelt `as_of` that is
//!   silently ignored would change every number. A field that is left out has its default.
//! - **Atomic.** Written to a temporary file in the same folder, flushed to disk, then renamed: after
//!   a crash or a full disk the old file is whole.
//! - **Portable.** Data files that lie in the project's folder, or below it, are written relative to
//!   it, so that the folder can be moved or sent; in memory they are always full paths.

use std::{
    io,
    path::{Path, PathBuf},
};

use ron::ser::PrettyConfig;
use serde::Deserialize;

use super::{
    InvalidProject, Project, Source, VERSION,
    notation::options,
    stamps::{self, Change},
};

pub use base::atomic::{advice, write_atomically};
use base::reading;

/// How project files end.
pub const EXTENSION: &str = "keepers.ron";

/// A project file could not be read or written. `Display` is the full sentence shown to people.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    #[error("{}: {source}. {advice}", path.display())]
    Io {
        path: PathBuf,
        source: io::Error,
        advice: &'static str,
    },
    #[error(
        "{}, line {line}, column {column}: {problem}. \
         Correct that place, or open the original data files instead",
        path.display()
    )]
    Syntax {
        path: PathBuf,
        line: usize,
        column: usize,
        /// What was expected and what was found there.
        problem: String,
    },
    #[error(
        "{}: this project was saved by a newer Keepers (format {found}; this one reads up to \
         {VERSION}). Update Keepers to open it",
        path.display()
    )]
    Newer { path: PathBuf, found: u32 },
    #[error("{}: {source}", path.display())]
    Invalid {
        path: PathBuf,
        source: InvalidProject,
    },
    #[error("{}: the project cannot be written as text: {problem}. Rename data files whose names are not readable text", path.display())]
    Encode { path: PathBuf, problem: String },
}

/// A project as it was saved, and what has become of its data files since.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// Ready for use: without stamps.
    pub project: Project,
    /// Data files that are gone or differ from what they were when the project was saved.
    pub changes: Vec<Change>,
}

/// Whether the path names a project and not a data file.
#[must_use]
pub fn is_project(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().ends_with(&format!(".{EXTENSION}")))
}

/// Reads a project for use and compares its data files with what they were.
///
/// # Errors
/// As [`load`].
pub fn open(path: &Path) -> Result<Opened, ProjectError> {
    let mut project = load(path)?;
    let stamps = std::mem::take(&mut project.stamps);
    Ok(Opened {
        changes: stamps::changes(&stamps),
        project,
    })
}

/// Reads a project as it stands in its file.
///
/// # Errors
/// [`ProjectError`] naming file, line, column, and what was expected there.
pub fn load(path: &Path) -> Result<Project, ProjectError> {
    let text = reading::text(path).map_err(|source| ProjectError::Io {
        path: path.to_owned(),
        advice: match source.kind() {
            io::ErrorKind::NotFound => "Check whether the file was moved or renamed",
            io::ErrorKind::InvalidData => "A project is a text file: choose one that Keepers saved",
            _ => "Check that the file can be read",
        },
        source,
    })?;
    parse(&text, path)
}

/// Reads a project from the text of the file at `path`.
///
/// # Errors
/// As [`load`].
pub fn parse(text: &str, path: &Path) -> Result<Project, ProjectError> {
    #[derive(Deserialize)]
    #[serde(rename = "Project")]
    struct Header {
        version: u32,
    }
    let header = match read_as::<Header>(text, path) {
        Ok(header) => header,
        // Reading the whole project says more exactly what is wrong, unless only the version lacks.
        Err(error) => return Err(read_as::<Project>(text, path).err().unwrap_or(error)),
    };
    let mut project = read_version(header.version, text, path)?;
    project.check().map_err(|source| ProjectError::Invalid {
        path: path.to_owned(),
        source,
    })?;
    let folder = folder_of(path);
    map_paths(&mut project, |file| folder.join(file));
    Ok(project)
}

/// Reads the text with the reader of its version and brings the result forward.
///
/// To add version n + 1: keep the old struct in a module of its own, with a `From` towards the next
/// one, and give its version an arm here.
fn read_version(version: u32, text: &str, path: &Path) -> Result<Project, ProjectError> {
    match version {
        VERSION => read_as::<Project>(text, path),
        0 => Err(ProjectError::Invalid {
            path: path.to_owned(),
            source: InvalidProject {
                problem: "There is no project format 0".to_owned(),
                advice: format!("The newest format is {VERSION}."),
            },
        }),
        found => Err(ProjectError::Newer {
            path: path.to_owned(),
            found,
        }),
    }
}

fn read_as<'a, T: Deserialize<'a>>(text: &'a str, path: &Path) -> Result<T, ProjectError> {
    // A byte-order mark is what some editors leave; it is not the user's mistake.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    options()
        .from_str(text)
        .map_err(|error| ProjectError::Syntax {
            path: path.to_owned(),
            line: error.span.start.line,
            column: error.span.start.col,
            problem: error.code.to_string(),
        })
}

/// The text of a project as it stands in a file at `path`.
///
/// # Errors
/// [`ProjectError::Encode`] when a path is not Unicode, [`ProjectError::Invalid`] when the project
/// could not be read back.
pub fn to_text(project: &Project, path: &Path) -> Result<String, ProjectError> {
    project.check().map_err(|source| ProjectError::Invalid {
        path: path.to_owned(),
        source,
    })?;
    let mut project = project.clone();
    project.version = VERSION;
    let folder = folder_of(path);
    map_paths(&mut project, |file| {
        let full = absolute(file);
        full.strip_prefix(&folder)
            .ok()
            .filter(|relative| !relative.as_os_str().is_empty())
            .map_or(full.clone(), Path::to_path_buf)
    });
    let config = PrettyConfig::new().new_line("\n");
    let text = options()
        .to_string_pretty(&project, config)
        .map_err(|error| ProjectError::Encode {
            path: path.to_owned(),
            problem: error.to_string(),
        })?;
    Ok(text + "\n")
}

/// Saves a project atomically, with stamps of its data files.
///
/// # Errors
/// [`ProjectError`] with what to do; the file is then as it was before.
pub fn save(project: &Project, path: &Path) -> Result<(), ProjectError> {
    let stamped = Project {
        stamps: stamps::stamps(&project.source),
        ..project.clone()
    };
    let text = to_text(&stamped, path)?;
    write_atomically(path, text.as_bytes()).map_err(|source| ProjectError::Io {
        path: path.to_owned(),
        advice: advice(&source),
        source,
    })
}

/// `shop.keepers.ron` → `shop`.
#[must_use]
pub fn stem(path: &Path) -> String {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    match name.strip_suffix(EXTENSION) {
        Some(stem) => stem.trim_end_matches('.').to_owned(),
        None => name,
    }
}

/// A path with the project ending, which is added where it is missing.
#[must_use]
pub fn with_extension(path: PathBuf) -> PathBuf {
    if is_project(&path) {
        return path;
    }
    let mut name = path.into_os_string();
    name.push(format!(".{EXTENSION}"));
    PathBuf::from(name)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn folder_of(path: &Path) -> PathBuf {
    absolute(path)
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn map_paths(project: &mut Project, change: impl Fn(&Path) -> PathBuf) {
    if let Source::Files(paths) = &mut project.source {
        for path in paths {
            *path = change(path);
        }
    }
    for stamp in &mut project.stamps {
        stamp.path = change(&stamp.path);
    }
}
