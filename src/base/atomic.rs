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
/// Whatever the file system says; the old content is then still there. A link to nothing is refused.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole(path, bytes, Manner::Replace).map_err(without_temporary_name)
}

/// As [`write_atomically`], for the user's eyes only: what names customers, notes and paths.
///
/// # Errors
/// As [`write_atomically`].
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole(path, bytes, Manner::Private).map_err(without_temporary_name)
}

/// Makes a folder, and the folders above it, that nobody else may look into; one that is there is closed
/// to others.
///
/// # Errors
/// Whatever the file system says.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Writes a whole file that is not there yet, or nothing.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], or whatever else the file system says.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole(path, bytes, Manner::New).map_err(without_temporary_name)
}

/// What may stand in the place of a new file, and who may read it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    New,
    Replace,
    Private,
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

fn write_whole(path: &Path, bytes: &[u8], manner: Manner) -> io::Result<()> {
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        // A link to nothing: renaming over it would put a file in the place of the link.
        Err(_) if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) => {
            let words = "this is a link to a file that is not there";
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, words));
        }
        Err(_) => absolute(path),
    };
    let folder = target.parent().unwrap_or(Path::new("/")).to_owned();
    let known = fs::metadata(&target).map(|metadata| metadata.permissions());
    // Temporary files are private by themselves.
    let permissions = match manner {
        Manner::Private => None,
        Manner::New | Manner::Replace => known.or_else(|_| new_file_permissions()).ok(),
    };
    let mut file = temporary(&folder, permissions)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    let persisted = match manner {
        Manner::Replace | Manner::Private => file.persist(&target),
        Manner::New => file.persist_noclobber(&target),
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

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        symlink(&real, &link).unwrap();
        for write in [write_atomically, write_new] {
            let error = write(&link, b"x").unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        }
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink() && !real.exists());
        fs::write(&real, "one").unwrap();
        write_atomically(&link, b"two").unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"two");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn private_files_are_nobody_elses() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let path = folder.path().join("deep").join("a.ron");
        make_private_folder(path.parent().unwrap()).unwrap();
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        write_atomically(&path, b"open").unwrap();
        write_private(&path, b"closed").unwrap();
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read(&path).unwrap(), b"closed");
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
