//! Reading small files whole: projects, rules, recipes, models, cost tables.
//!
//! Whoever names such a file may name anything: a pipe that never ends, a device, a disk image. So what
//! is read is an ordinary file, and no larger than one of its kind can be.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

/// Most bytes of a text that people or Keepers write: projects, rules, recipes, layouts, cost tables.
pub const MOST_TEXT: u64 = 32 << 20;
/// Most bytes of a saved model.
pub const MOST_MODEL: u64 = 512 << 20;

/// Opens an ordinary file.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] for folders, pipes, devices and sockets, else what the file system says.
pub fn open(path: &Path) -> io::Result<File> {
    let kind = std::fs::metadata(path)?;
    if kind.is_dir() {
        return Err(refused("this is a folder, not a file".to_owned()));
    }
    // Asked before it is opened: opening a pipe waits for whoever writes to it.
    if !kind.is_file() {
        return Err(refused("this is a pipe or a device, not a file".to_owned()));
    }
    File::open(path)
}

/// All bytes of an ordinary file of at most `most` bytes.
///
/// # Errors
/// As [`open`], and [`io::ErrorKind::InvalidInput`] for a larger one.
pub fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let limit = most >> 20;
        return Err(refused(format!(
            "it is larger than {limit} MB, which no such file is"
        )));
    }
    Ok(bytes)
}

/// The text of an ordinary file of at most [`MOST_TEXT`] bytes.
///
/// # Errors
/// As [`bytes`], and [`io::ErrorKind::InvalidData`] for what is no UTF-8.
pub fn text(path: &Path) -> io::Result<String> {
    let no_text = |_| {
        let words = "it is not text in UTF-8";
        io::Error::new(io::ErrorKind::InvalidData, words)
    };
    String::from_utf8(bytes(path, MOST_TEXT)?).map_err(no_text)
}

fn refused(words: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ordinary_files_of_a_fair_size_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "five!").unwrap();
        assert_eq!(text(&path).unwrap(), "five!");
        assert_eq!(bytes(&path, 5).unwrap(), b"five!");
        let words = |error: io::Error| (error.kind(), error.to_string());
        let (kind, said) = words(bytes(&path, 4).unwrap_err());
        assert_eq!(kind, io::ErrorKind::InvalidInput);
        assert!(said.contains("larger than"), "{said}");
        std::fs::write(&path, b"\xff\xfe").unwrap();
        assert_eq!(text(&path).unwrap_err().kind(), io::ErrorKind::InvalidData);
        let (kind, said) = words(text(folder.path()).unwrap_err());
        assert_eq!(kind, io::ErrorKind::InvalidInput);
        assert!(said.contains("folder"), "{said}");
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_are_refused_at_once() {
        use std::{path::PathBuf, process::Command};
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status();
        let pipe = made.is_ok_and(|status| status.success()).then_some(pipe);
        for path in pipe
            .iter()
            .map(PathBuf::as_path)
            .chain([Path::new("/dev/zero")])
        {
            let error = text(path).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
            assert!(error.to_string().contains("pipe or a device"), "{error}");
        }
    }
}
