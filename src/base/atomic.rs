//! Writing files whole or not at all: what every file of Keepers is written by.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// How the names of temporary files begin.
const TEMPORARY: &str = ".keepers-";

/// Writes a whole file or nothing: a temporary file beside it, flushed to disk, then renamed over it.
/// A symbolic link stays one; an existing file keeps its permissions.
///
/// # Errors
/// Whatever the file system says; the old content is then still there.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole(path, bytes, true).map_err(without_temporary_name)
}

/// Writes a whole file that is not there yet, or nothing.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], or whatever else the file system says.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole(path, bytes, false).map_err(without_temporary_name)
}

/// What to do when a file cannot be written.
#[must_use]
pub fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "Save it in a folder you may write to"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Free some disk space and save again"
        }
        io::ErrorKind::NotFound => "Make the folder first, or choose another one",
        _ => "Save it in another folder",
    }
}

/// A temporary file with the permissions of an ordinary new one, to be renamed once it is whole.
///
/// # Errors
/// Whatever the file system says.
pub fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    temporary(folder, new_file_permissions().ok())
}

/// The same error without the made-up name of the temporary file, which nobody knows and which would
/// make every message of the same trouble another one.
#[must_use]
pub fn without_temporary_name(error: io::Error) -> io::Error {
    if !error.to_string().contains(TEMPORARY) {
        return error;
    }
    let kind = error.kind();
    let words = match kind {
        io::ErrorKind::StorageFull => "the disk is full",
        io::ErrorKind::QuotaExceeded => "the disk quota is used up",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::NotFound => "there is no such folder",
        _ => {
            let plain = io::Error::from(kind);
            // Kinds the standard library has no word for say more in the words of the system.
            let wordless =
                kind == io::ErrorKind::Other || plain.to_string().contains("uncategorized");
            return if wordless { error } else { plain };
        }
    };
    io::Error::new(kind, words)
}

fn write_whole(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| absolute(path));
    let folder = target.parent().unwrap_or(Path::new("/")).to_owned();
    let known = fs::metadata(&target).map(|metadata| metadata.permissions());
    let permissions = known.or_else(|_| new_file_permissions());
    let mut file = temporary(&folder, permissions.ok())?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    let persisted = if replace {
        file.persist(&target)
    } else {
        file.persist_noclobber(&target)
    };
    persisted.map_err(|error| error.error)?;
    sync_folder(&folder)
}

fn temporary(folder: &Path, permissions: Option<fs::Permissions>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY).suffix(".tmp");
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    builder.tempfile_in(folder)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// What an ordinary new file gets, less the user's mask; temporary files are private otherwise.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps)]
fn new_file_permissions() -> io::Result<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> io::Result<fs::Permissions> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Makes the rename itself durable.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_replaces_none_and_leaves_nothing_else_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_new(&path, b"one").unwrap();
        let again = write_new(&path, b"two").unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write_atomically(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn trouble_is_told_without_names_nobody_knows() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("no").join("a.txt");
        for error in [
            write_new(&nowhere, b"").unwrap_err(),
            write_atomically(&nowhere, b"").unwrap_err(),
        ] {
            assert_eq!(error.to_string(), "there is no such folder");
            assert!(advice(&error).contains("folder first"));
        }
    }
}
