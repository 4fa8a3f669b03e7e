//! Which bytes stand for which letters: UTF-8, UTF-16 or Windows-1252, decided over the whole file.
//!
//! A file is taken for UTF-8 until its first invalid byte, wherever that comes; then the whole file
//! is surveyed once, and the side with more evidence wins. (Latin-1 is read as Windows-1252, which
//! has the same printable characters and more.)

use std::{borrow::Cow, sync::Arc};

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::{
    base::monitor::Monitor,
    data::dataset::error::DataError,
    data::open::source::{self, Bytes, Input},
};

/// How a file's bytes become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    /// UTF-8 in which a few invalid bytes are shown as �.
    DamagedUtf8,
    Windows1252,
}

impl Encoding {
    /// Text of some bytes; `None` when they are not valid in this encoding.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::DamagedUtf8 => Some(String::from_utf8_lossy(bytes)),
            Self::Windows1252 => Some(WINDOWS_1252.decode_without_bom_handling(bytes).0),
        }
    }

    /// Text of a cell before the file's encoding is decided: UTF-8 when it is valid, else this one.
    #[must_use]
    pub fn decode_cell(self, bytes: &[u8]) -> Cow<'_, str> {
        std::str::from_utf8(bytes).map_or_else(|_| self.decode_lossy(bytes), Cow::Borrowed)
    }

    /// Text of some bytes, with � where they are invalid.
    #[must_use]
    pub fn decode_lossy(self, bytes: &[u8]) -> Cow<'_, str> {
        self.decode(bytes)
            .unwrap_or_else(|| String::from_utf8_lossy(bytes))
    }
}

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    None,
    Utf8,
    Utf16Little,
    Utf16Big,
}

impl Mark {
    /// Reads a byte order mark.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => Self::Utf8,
            [0xFF, 0xFE, ..] => Self::Utf16Little,
            [0xFE, 0xFF, ..] => Self::Utf16Big,
            _ => Self::None,
        }
    }

    /// Bytes the mark takes.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Self::None => 0,
            Self::Utf8 => 3,
            Self::Utf16Little | Self::Utf16Big => 2,
        }
    }
}

/// Name of an encoding for people.
#[must_use]
pub fn title(mark: Mark, encoding: Encoding) -> &'static str {
    match (mark, encoding) {
        (Mark::Utf16Little | Mark::Utf16Big, _) => "UTF-16",
        (Mark::Utf8, Encoding::Utf8) => "UTF-8 with BOM",
        (_, Encoding::Utf8) => "UTF-8",
        (_, Encoding::DamagedUtf8) => "UTF-8 with invalid bytes",
        (_, Encoding::Windows1252) => "Windows-1252",
    }
}

/// Decodes a UTF-16 file as a whole; anything else is returned as it is.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn to_utf8_input(input: &Input, mark: Mark) -> Result<Input, DataError> {
    let encoding = match mark {
        Mark::Utf16Little => UTF_16LE,
        Mark::Utf16Big => UTF_16BE,
        Mark::None | Mark::Utf8 => return Ok(input.clone()),
    };
    let mut raw = Vec::new();
    std::io::Read::read_to_end(&mut input.open(mark.size() as u64)?, &mut raw)
        .map_err(|error| source::io_error(input.path(), error))?;
    let (text, _) = encoding.decode_without_bom_handling(&raw);
    let text = Input::Memory {
        name: input.path().to_path_buf(),
        bytes: Bytes::Shared(Arc::from(text.as_bytes())),
    };
    Ok(text.named_as(input))
}

/// Whether a text of which this is the beginning ends its lines by carriage returns alone, as old Macintosh
/// programs did and Excel still does on request.
#[must_use]
pub fn has_bare_returns(head: &[u8]) -> bool {
    memchr::memchr(b'\r', head).is_some() && memchr::memchr(b'\n', head).is_none()
}

/// A text of [`has_bare_returns`] with line feeds in their place.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn with_line_feeds(input: &Input) -> Result<Input, DataError> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut input.open(0)?, &mut bytes)
        .map_err(|error| source::io_error(input.path(), error))?;
    for byte in &mut bytes {
        if *byte == b'\r' {
            *byte = b'\n';
        }
    }
    let text = Input::Memory {
        name: input.path().to_path_buf(),
        bytes: Bytes::Shared(Arc::from(bytes)),
    };
    Ok(text.named_as(input))
}

/// Surveys the whole file after an invalid byte was met.
///
/// Sequences of several bytes that are valid UTF-8 hardly ever arise by chance in Windows-1252; ten
/// of them for each invalid byte mean a damaged UTF-8 file.
///
/// # Errors
/// [`DataError`] when reading fails or the job was cancelled.
pub fn survey(input: &Input, monitor: &Monitor) -> Result<Encoding, DataError> {
    let mut stream = input.open(0)?;
    let mut buffer = vec![0; 4 << 20];
    let (mut carried, mut valid, mut invalid) = (0, 0_u64, 0_u64);
    loop {
        monitor.check()?;
        let read = source::fill(&mut *stream, &mut buffer[carried..], input.path())?;
        let filled = carried + read;
        let mut at = 0;
        while at < filled {
            match std::str::from_utf8(&buffer[at..filled]) {
                Ok(text) => {
                    valid += wide_characters(text);
                    at = filled;
                }
                Err(error) => {
                    let end = at + error.valid_up_to();
                    let text = std::str::from_utf8(&buffer[at..end]).unwrap_or_default();
                    valid += wide_characters(text);
                    at = end;
                    match error.error_len() {
                        Some(length) => {
                            invalid += 1;
                            at += length;
                        }
                        // A character cut by the end of the buffer, or of the file.
                        None if read == 0 => {
                            invalid += 1;
                            at = filled;
                        }
                        None => break,
                    }
                }
            }
        }
        buffer.copy_within(at..filled, 0);
        carried = filled - at;
        if read == 0 {
            break;
        }
    }
    Ok(match invalid {
        0 => Encoding::Utf8,
        invalid if valid >= 10 * invalid => Encoding::DamagedUtf8,
        _ => Encoding::Windows1252,
    })
}

/// Characters that take more than one byte.
fn wide_characters(text: &str) -> u64 {
    let continuation = text.bytes().filter(|byte| (0xC0..=0xF7).contains(byte));
    continuation.count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surveyed(bytes: Vec<u8>) -> Encoding {
        let input = Input::Memory {
            name: "x".into(),
            bytes: Bytes::Shared(bytes.into()),
        };
        survey(&input, &Monitor::silent()).unwrap()
    }

    #[test]
    fn the_whole_file_decides() {
        assert_eq!(surveyed(b"plain".to_vec()), Encoding::Utf8);
        assert_eq!(
            surveyed("né".repeat(3_000_000).into_bytes()),
            Encoding::Utf8
        );
        let mut latin = vec![b'a'; 5_000_000];
        latin.push(0xE9);
        assert_eq!(surveyed(latin), Encoding::Windows1252);
        let mut damaged = "é".repeat(100).into_bytes();
        damaged.push(0xFF);
        assert_eq!(surveyed(damaged), Encoding::DamagedUtf8);
        assert_eq!(surveyed(vec![b'a', 0xC3]), Encoding::Windows1252);
    }

    #[test]
    fn windows_letters_decode() {
        let text = Encoding::Windows1252.decode(b"Caf\xE9 \x80").unwrap();
        assert_eq!(text, "Café €");
        assert_eq!(Encoding::Utf8.decode(b"\xE9"), None);
    }
}
