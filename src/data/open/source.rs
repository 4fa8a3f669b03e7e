//! Where bytes come from: files on disk, or bytes that are part of the program (the sample shop).

use std::{
    fs::File,
    io::{Cursor, ErrorKind, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use crate::{dataset::error::DataError, orders::PoolFull};

/// One thing to open.
#[derive(Clone, Debug)]
pub enum Input {
    /// A file on disk.
    File(PathBuf),
    /// Bytes held in memory under a file name.
    Memory { name: PathBuf, bytes: Bytes },
    /// Any of them under a longer name, because another one has the same file name.
    Named { input: Box<Self>, name: String },
}

/// Bytes in memory, cheap to clone.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// Part of the program.
    Static(&'static [u8]),
    /// Made while loading, e.g. by decoding UTF-16.
    Shared(Arc<[u8]>),
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// A readable, seekable stream that may change threads.
pub trait Stream: Read + Seek + Send {}
impl<T: Read + Seek + Send> Stream for T {}

impl Input {
    /// Bytes that live as long as the program, under a file name.
    #[must_use]
    pub fn memory(name: &str, bytes: &'static [u8]) -> Self {
        Self::Memory {
            name: PathBuf::from(name),
            bytes: Bytes::Static(bytes),
        }
    }

    /// The path, or the name of bytes in memory.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Memory { name, .. } => name,
            Self::Named { input, .. } => input.path(),
        }
    }

    /// File name, for reports and for the user's column roles: without its folder, unless files of
    /// the same name have to be told apart ([`told_apart`]).
    #[must_use]
    pub fn name(&self) -> String {
        if let Self::Named { name, .. } = self {
            return name.clone();
        }
        let path = self.path();
        path.file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned()
    }

    /// The file on disk, if it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Memory { .. } => None,
            Self::Named { input, .. } => input.file(),
        }
    }

    /// Size in bytes.
    ///
    /// # Errors
    /// [`DataError::Io`] when the file cannot be looked up.
    #[allow(
        clippy::len_without_is_empty,
        reason = "a size in bytes, not a collection"
    )]
    pub fn len(&self) -> Result<u64, DataError> {
        match self {
            Self::File(path) => std::fs::metadata(path)
                .map(|metadata| metadata.len())
                .map_err(|source| io_error(path, source)),
            Self::Memory { bytes, .. } => Ok(bytes.as_ref().len() as u64),
            Self::Named { input, .. } => input.len(),
        }
    }

    /// This input under the name of another one, of which it is a translation.
    #[must_use]
    pub fn named_as(self, other: &Self) -> Self {
        match other {
            Self::Named { name, .. } => Self::Named {
                input: Box::new(self),
                name: name.clone(),
            },
            Self::File(_) | Self::Memory { .. } => self,
        }
    }

    /// This input under another name.
    #[must_use]
    pub fn called(self, name: String) -> Self {
        let input = match self {
            Self::Named { input, .. } => input,
            other => Box::new(other),
        };
        Self::Named { input, name }
    }

    /// These bytes in the place of the input's own, of which they are a translation.
    #[must_use]
    pub fn holding(&self, bytes: Vec<u8>) -> Self {
        let text = Self::Memory {
            name: self.path().to_path_buf(),
            bytes: Bytes::Shared(Arc::from(bytes)),
        };
        text.named_as(self)
    }

    /// All bytes of the input.
    ///
    /// # Errors
    /// [`DataError`] when it cannot be read, or was changed meanwhile.
    pub fn read_all(&self) -> Result<Vec<u8>, DataError> {
        let stamp = self.stamp()?;
        let mut bytes = Vec::with_capacity(stamp.bytes.min(LARGEST_GUESS) as usize);
        self.open(0)?
            .read_to_end(&mut bytes)
            .map_err(|error| io_error(self.path(), error))?;
        stamp.check(self, bytes.len() as u64)?;
        Ok(bytes)
    }

    /// What tells later whether the input was changed while it was read.
    ///
    /// # Errors
    /// [`DataError::Io`] when the file cannot be looked up.
    pub fn stamp(&self) -> Result<Stamp, DataError> {
        match self {
            Self::File(path) => {
                let metadata = std::fs::metadata(path).map_err(|source| io_error(path, source))?;
                Ok(Stamp {
                    bytes: metadata.len(),
                    changed: metadata.modified().ok(),
                })
            }
            Self::Memory { bytes, .. } => Ok(Stamp {
                bytes: bytes.as_ref().len() as u64,
                changed: None,
            }),
            Self::Named { input, .. } => input.stamp(),
        }
    }

    /// Opens the input at byte `offset`.
    ///
    /// # Errors
    /// [`DataError`] when the file cannot be opened, or is a pipe or a device, which may never end.
    pub fn open(&self, offset: u64) -> Result<Box<dyn Stream>, DataError> {
        let mut stream: Box<dyn Stream> = match self {
            Self::File(path) => {
                let kind = std::fs::metadata(path).map_err(|source| io_error(path, source))?;
                if !kind.is_file() && !kind.is_dir() {
                    return Err(DataError::Unreadable {
                        path: path.clone(),
                        problem: "this is a pipe or a device, not a file".to_owned(),
                        advice: "Save the data to a file first, and open that".to_owned(),
                    });
                }
                Box::new(File::open(path).map_err(|source| io_error(path, source))?)
            }
            Self::Memory { bytes, .. } => Box::new(Cursor::new(bytes.clone())),
            Self::Named { input, .. } => return input.open(offset),
        };
        if offset > 0 {
            stream
                .seek(SeekFrom::Start(offset))
                .map_err(|source| io_error(self.path(), source))?;
        }
        Ok(stream)
    }
}

/// Room made for a file before its bytes come.
const LARGEST_GUESS: u64 = 1 << 30;

/// How large a file was and when it was last changed, before it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub bytes: u64,
    changed: Option<SystemTime>,
}

impl Stamp {
    /// Makes sure that so many bytes are the whole input, as it was and as it still is.
    ///
    /// # Errors
    /// [`DataError::Unreadable`] when it was cut short, has grown, or was written to.
    pub fn check(&self, input: &Input, read: u64) -> Result<(), DataError> {
        let now = input.stamp()?;
        if read == self.bytes && now == *self {
            return Ok(());
        }
        Err(DataError::Unreadable {
            path: input.path().to_path_buf(),
            problem: format!(
                "the file was changed while it was read: {} bytes at first, {read} read, {} now",
                self.bytes, now.bytes
            ),
            advice: "Wait until it is written, then open it again".to_owned(),
        })
    }
}

/// Gives inputs with the same file name longer names: with their folder, or else with all of their
/// path. What the user says about columns is kept by these names.
#[must_use]
pub fn told_apart(inputs: &[Input]) -> Vec<Input> {
    let with_folder = |input: &Input| {
        let folder = input.path().parent().and_then(Path::file_name);
        let folder = folder.map(|folder| format!("{}/", folder.to_string_lossy()));
        folder.unwrap_or_default() + &input.name()
    };
    let count = |name: &str, of: &dyn Fn(&Input) -> String| {
        inputs.iter().filter(|input| of(input) == name).count()
    };
    let longer = |input: &Input| {
        let short = input.name();
        if count(&short, &Input::name) < 2 {
            return input.clone();
        }
        let mut name = with_folder(input);
        if count(&name, &with_folder) > 1 {
            let folder = input.path().parent().unwrap_or(Path::new(""));
            name = folder.join(&short).display().to_string();
        }
        input.clone().called(name)
    };
    inputs.iter().map(longer).collect()
}

/// Fills `buffer` as far as the stream goes and returns how many bytes were read.
///
/// # Errors
/// [`DataError::Io`] when reading fails.
pub fn fill(stream: &mut dyn Stream, buffer: &mut [u8], path: &Path) -> Result<usize, DataError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match stream.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(io_error(path, error)),
        }
    }
    Ok(filled)
}

/// Appends at most `limit` bytes of the stream and returns how many there were. Unlike [`fill`], memory
/// for bytes that do not come is never touched.
///
/// # Errors
/// [`DataError::Io`] when reading fails.
pub fn append(
    stream: &mut dyn Stream,
    limit: usize,
    (buffer, path): (&mut Vec<u8>, &Path),
) -> Result<usize, DataError> {
    buffer.reserve(limit);
    stream
        .take(limit as u64)
        .read_to_end(buffer)
        .map_err(|error| io_error(path, error))
}

/// An I/O error with advice that fits its kind.
#[must_use]
pub fn io_error(path: &Path, source: std::io::Error) -> DataError {
    let advice = match source.kind() {
        ErrorKind::NotFound => "Check the path, or choose the file again",
        ErrorKind::PermissionDenied => "Allow reading this file, or copy it to a folder of yours",
        ErrorKind::IsADirectory => "Choose the files inside the folder",
        _ => "Check that the file is still there and that its disk can be read",
    };
    DataError::Io {
        path: path.to_path_buf(),
        source,
        advice,
    }
}

/// A cell or a column whose text outgrows what can be addressed.
#[must_use]
pub fn too_large(path: &Path, full: PoolFull) -> DataError {
    DataError::Unreadable {
        path: path.to_path_buf(),
        problem: full.to_string(),
        advice: "Split the export by year".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_changed_while_it_is_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.csv");
        std::fs::write(&path, "a,b\n1,2\n").unwrap();
        let input = Input::File(path.clone());
        let stamp = input.stamp().unwrap();
        assert!(stamp.check(&input, 8).is_ok());
        assert!(stamp.check(&input, 4).is_err(), "cut short");
        std::fs::write(&path, "a,b\n").unwrap();
        let error = stamp.check(&input, 8).unwrap_err().to_string();
        assert!(error.contains("changed while it was read"), "{error}");
        assert_eq!(input.read_all().unwrap(), b"a,b\n");
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_refused() {
        let error = Input::File("/dev/zero".into()).open(0).err().unwrap();
        assert!(error.to_string().contains("pipe or a device"), "{error}");
    }

    #[test]
    fn files_of_the_same_name_are_told_apart() {
        let paths = [
            "a/2023/orders.csv",
            "a/2024/orders.csv",
            "b/2024/orders.csv",
            "a/users.csv",
        ];
        let inputs = paths.map(|path| Input::File(PathBuf::from(path)));
        let names: Vec<String> = told_apart(&inputs).iter().map(Input::name).collect();
        assert_eq!(
            names,
            [
                "2023/orders.csv",
                "a/2024/orders.csv",
                "b/2024/orders.csv",
                "users.csv"
            ]
        );
        let named = &told_apart(&inputs)[0];
        assert_eq!(named.path(), Path::new(paths[0]));
        assert_eq!(Input::memory("x", b"1").named_as(named).name(), names[0]);
    }
}
