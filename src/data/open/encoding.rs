//! Which bytes stand for which letters, decided over the whole file.
//!
//! A file is taken for UTF-8 until its first invalid byte, wherever that comes; then the whole file
//! is surveyed once ([`survey`]). A text in another encoding is translated to UTF-8 in memory before
//! anything else looks at it ([`translated`]); one that turns out to be in another encoding far behind its
//! beginning is decoded cell by cell.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{GB18030, GBK, IBM866, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252};
use oem_cp::code_table::{DECODING_TABLE_CP437, DECODING_TABLE_CP850};

use crate::{
    dataset::error::DataError,
    open::source::{self, Input},
};
use base::monitor::Monitor;

/// How a file's bytes become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    /// UTF-8 in which a few invalid bytes are shown as �.
    DamagedUtf8,
    /// Latin letters of Windows; Latin-1 has the same printable characters and fewer.
    Windows1252,
    /// Any other one that browsers know: Windows-1250 to 1258, Shift-JIS, GB18030…
    Other(&'static encoding_rs::Encoding),
    /// Of DOS, which programs of tills and warehouses still write.
    Dos850,
    Dos437,
}

impl Encoding {
    /// Text of some bytes; `None` when they are not valid in this encoding.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::DamagedUtf8 => Some(String::from_utf8_lossy(bytes)),
            Self::Windows1252 => Some(WINDOWS_1252.decode_without_bom_handling(bytes).0),
            Self::Other(known) => Some(known.decode_without_bom_handling(bytes).0),
            Self::Dos850 => Some(dos(bytes, &DECODING_TABLE_CP850)),
            Self::Dos437 => Some(dos(bytes, &DECODING_TABLE_CP437)),
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

    /// Its name for people.
    #[must_use]
    pub fn title(self) -> Cow<'static, str> {
        match self {
            Self::Utf8 => "UTF-8".into(),
            Self::DamagedUtf8 => "UTF-8 with invalid bytes".into(),
            Self::Windows1252 => "Windows-1252".into(),
            Self::Dos850 => "DOS (code page 850)".into(),
            Self::Dos437 => "DOS (code page 437)".into(),
            Self::Other(known) => {
                let name = known.name();
                match name.strip_prefix("windows-") {
                    Some(number) => format!("Windows-{number}").into(),
                    None if name == "gb18030" => "GB18030".into(),
                    None if name == "Shift_JIS" => "Shift-JIS".into(),
                    None => name.into(),
                }
            }
        }
    }
}

fn dos<'a>(bytes: &[u8], table: &[char; 128]) -> Cow<'a, str> {
    oem_cp::decode_string_complete_table(bytes, table).into()
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
pub fn title(mark: Mark, encoding: Encoding) -> Cow<'static, str> {
    match (mark, encoding) {
        (Mark::Utf16Little | Mark::Utf16Big, _) => "UTF-16".into(),
        (Mark::Utf8, Encoding::Utf8) => "UTF-8 with BOM".into(),
        (_, encoding) => encoding.title(),
    }
}

/// Larger files are decoded piece by piece instead.
const MAX_TRANSLATED: u64 = 2 << 30;

/// A text that is no UTF-8 as UTF-8 in memory, and what it was; anything else as it is. `head` is how
/// it begins.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn translated(input: &Input, head: &[u8]) -> Result<(Input, Encoding), DataError> {
    // A character may be cut by the end of the head.
    let is_utf8 =
        std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    if is_utf8 || input.len()? > MAX_TRANSLATED {
        return Ok((input.clone(), Encoding::Utf8));
    }
    let bytes = input.read_all()?;
    let encoding = judge(&bytes);
    let text = encoding.decode_lossy(&bytes).into_owned();
    Ok((input.holding(text.into_bytes()), encoding))
}

/// What UTF-16 without a mark is, told by its zero bytes: separators, digits and line ends have one, and
/// always on the same side.
#[must_use]
pub fn unmarked_utf16(head: &[u8]) -> Option<Mark> {
    let mut zeros = [0_usize; 2];
    for place in memchr::memchr_iter(0, head) {
        zeros[place % 2] += 1;
    }
    match zeros {
        [0, odd] if odd > 3 && odd * 10 > head.len() => Some(Mark::Utf16Little),
        [even, 0] if even > 3 && even * 10 > head.len() => Some(Mark::Utf16Big),
        _ => None,
    }
}

/// Decodes a UTF-16 file as a whole, which begins with its mark or has none; anything else is returned as it
/// is.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn to_utf8_input(input: &Input, mark: Mark) -> Result<Input, DataError> {
    let encoding = match mark {
        Mark::Utf16Little => UTF_16LE,
        Mark::Utf16Big => UTF_16BE,
        Mark::None | Mark::Utf8 => return Ok(input.clone()),
    };
    let raw = input.read_all()?;
    let (text, _) = encoding.decode_with_bom_removal(&raw);
    Ok(input.holding(text.into_owned().into_bytes()))
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
    let mut bytes = input.read_all()?;
    for byte in &mut bytes {
        if *byte == b'\r' {
            *byte = b'\n';
        }
    }
    Ok(input.holding(bytes))
}

/// Surveys the whole file after an invalid byte was met.
///
/// # Errors
/// [`DataError`] when reading fails or the job was cancelled.
pub fn survey(input: &Input, monitor: &Monitor) -> Result<Encoding, DataError> {
    monitor.check()?;
    let mut evidence = Evidence::default();
    let mut stream = input.open(0)?;
    let (mut buffer, mut carried) = (vec![0; 4 << 20], 0);
    loop {
        monitor.check()?;
        let read = source::fill(&mut *stream, &mut buffer[carried..], input.path())?;
        let filled = carried + read;
        let used = evidence.feed(&buffer[..filled], read == 0);
        buffer.copy_within(used..filled, 0);
        carried = filled - used;
        if read == 0 {
            return Ok(evidence.judge());
        }
    }
}

/// The encoding of a whole text.
fn judge(text: &[u8]) -> Encoding {
    let mut evidence = Evidence::default();
    evidence.feed(text, true);
    evidence.judge()
}

/// What the bytes of a text speak for.
struct Evidence {
    /// Sequences of several bytes that are valid UTF-8, and bytes that are not.
    valid: u64,
    invalid: u64,
    /// Bytes above ASCII that stand alone within a word, and that are letters in DOS or in Windows.
    dos: u64,
    windows: u64,
    /// All bytes above ASCII that stand alone, and all.
    alone: u64,
    high: u64,
    /// Euro signs of Windows beside digits: a letter in the code pages of DOS.
    euros: u64,
    /// Signs of money that only code page 437 has, and letters that only 850 has.
    only_437: u64,
    only_850: u64,
    /// Which bytes there are above ASCII.
    seen: [bool; 256],
    detector: EncodingDetector,
}

impl Default for Evidence {
    fn default() -> Self {
        Self {
            valid: 0,
            invalid: 0,
            dos: 0,
            windows: 0,
            alone: 0,
            high: 0,
            euros: 0,
            only_437: 0,
            only_850: 0,
            seen: [false; 256],
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
        }
    }
}

impl Evidence {
    /// Takes bytes of a text, and says how many: a character cut by their end is left for the next time.
    fn feed(&mut self, bytes: &[u8], last: bool) -> usize {
        let used = self.feed_utf8(bytes, last);
        self.detector.feed(&bytes[..used], last);
        let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
        let ascii = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii);
        for (at, &byte) in bytes[..used].iter().enumerate() {
            if byte.is_ascii() {
                continue;
            }
            self.high += 1;
            self.seen[usize::from(byte)] = true;
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            let (after, next) = (bytes.get(at + 1), bytes.get(at + 2));
            self.euros += u64::from(byte == EURO && is_beside_digits(bytes, at));
            if !(ascii(before) && ascii(after) && ascii(next)) {
                continue;
            }
            self.alone += 1;
            let (behind, within) = (letter(before), letter(before) && letter(after));
            match byte {
                // Quotes, letters and the fixed space of Windows: what DOS has there tells nothing.
                0x8A | 0x8C | 0x8E | 0x92 | 0x9A | 0x9C | 0x9E..=0xA0 => {}
                0x9B | 0x9D if behind => self.only_850 += 1,
                0x9B | 0x9D => self.only_437 += 1,
                // In Windows signs that may end a word.
                0x80 | 0x85 | 0x91..=0x99 if within => self.dos += 1,
                0x80 | 0x85 | 0x91..=0x99 => {}
                0x80..=0xA5 if behind => self.dos += 1,
                0xC0.. if behind || letter(after) => self.windows += 1,
                _ => {}
            }
        }
        used
    }

    fn feed_utf8(&mut self, bytes: &[u8], last: bool) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            let error = match std::str::from_utf8(&bytes[at..]) {
                Ok(text) => {
                    self.valid += wide_characters(text.as_bytes());
                    return bytes.len();
                }
                Err(error) => error,
            };
            let end = at + error.valid_up_to();
            self.valid += wide_characters(&bytes[at..end]);
            at = end;
            match error.error_len() {
                Some(length) => at += length,
                None if last => at = bytes.len(),
                None => return at,
            }
            self.invalid += 1;
        }
        at
    }

    /// Whether all letters of the text are the same in Windows-1252, the commonest encoding of their kind.
    fn reads_alike(&self, known: &'static encoding_rs::Encoding) -> bool {
        let mut seen = (0..=u8::MAX).filter(|byte| self.seen[usize::from(*byte)]);
        let same = |byte: u8| {
            let text = |encoding: &'static encoding_rs::Encoding| {
                encoding.decode_without_bom_handling(&[byte]).0.into_owned()
            };
            text(known) == text(WINDOWS_1252)
        };
        known == WINDOWS_1252 || known.is_single_byte() && seen.all(same)
    }

    /// Sequences of several bytes that are valid UTF-8 hardly ever arise by chance; ten of them for each
    /// invalid byte mean a damaged UTF-8 file. Accents within words stand alone, unlike the letters
    /// of texts that are written in another alphabet: among them what is a letter in DOS is none in
    /// Windows, and the other way round.
    fn judge(&self) -> Encoding {
        if self.invalid == 0 {
            return Encoding::Utf8;
        }
        if self.valid >= 10 * self.invalid {
            return Encoding::DamagedUtf8;
        }
        if 2 * self.alone > self.high && self.dos + self.only_850 > self.windows {
            return if self.only_437 > self.only_850 {
                Encoding::Dos437
            } else {
                Encoding::Dos850
            };
        }
        match self.detector.guess(None, Utf8Detection::Deny) {
            // One letter is too little to tell.
            known if self.high < 2 || self.reads_alike(known) => Encoding::Windows1252,
            // Amounts in euros are not written in an alphabet of before the euro.
            known if known == IBM866 && self.euros > 0 => Encoding::Other(WINDOWS_1250),
            // The later one knows all letters of the earlier.
            known if known == GBK => Encoding::Other(GB18030),
            known => Encoding::Other(known),
        }
    }
}

/// The euro sign in the code pages of Windows.
const EURO: u8 = 0x80;

/// Whether a sign stands before or behind digits, with a blank or without.
fn is_beside_digits(bytes: &[u8], at: usize) -> bool {
    let mut before = bytes[..at].iter().rev();
    let mut after = bytes[at + 1..].iter();
    let digit = |side: &mut dyn Iterator<Item = &u8>| {
        side.take(2)
            .find(|byte| **byte != b' ')
            .is_some_and(u8::is_ascii_digit)
    };
    digit(&mut before) || digit(&mut after)
}

/// Characters that take more than one byte.
fn wide_characters(text: &[u8]) -> u64 {
    let leading = text.iter().filter(|byte| (0xC0..=0xF7).contains(*byte));
    leading.count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::source::Bytes;

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
    fn letters_tell_the_encoding() {
        use encoding_rs::{SHIFT_JIS, WINDOWS_1251, WINDOWS_1253, WINDOWS_1254};
        let known = |name: &'static encoding_rs::Encoding, text: &str| {
            let bytes = name.encode(text).0.into_owned();
            let found = judge(&bytes);
            assert_eq!(found.decode(&bytes).unwrap(), text, "{found:?}");
            found.title().into_owned()
        };
        for (name, text, title) in [
            (
                WINDOWS_1252,
                "kunde;stadt\n1;M\u{fc}nchen\n2;K\u{f6}ln\n3;Orl\u{e9}ans\n",
                "Windows-1252",
            ),
            (
                WINDOWS_1250,
                "klient;miasto\n1;\u{141}\u{f3}d\u{17a}\n2;Gda\u{144}sk\n3;Pozna\u{144}\n4;\u{15a}wi\u{119}tokrzyskie\n5;cz\u{119}stochowa\n",
                "Windows-1250",
            ),
            (
                WINDOWS_1250,
                "klient;produkt;kwota\n1057;Dv\u{159}\u{ed}\u{10d} 1;81,40 \u{20ac}\n1078;K\u{e1}vl 3;2,60 \u{20ac}\n1008;\u{17a}r\u{f3}d 6;101,96 \u{20ac}\n",
                "Windows-1250",
            ),
            (
                WINDOWS_1251,
                "id;\u{433}\u{43e}\u{440}\u{43e}\u{434}\n1;\u{41c}\u{43e}\u{441}\u{43a}\u{432}\u{430}\n2;\u{41a}\u{430}\u{437}\u{430}\u{43d}\u{44c}\n",
                "Windows-1251",
            ),
            (
                WINDOWS_1253,
                "id;\u{3c0}\u{3cc}\u{3bb}\u{3b7}\n1;\u{391}\u{3b8}\u{3ae}\u{3bd}\u{3b1}\n2;\u{398}\u{3b5}\u{3c3}\u{3c3}\u{3b1}\u{3bb}\u{3bf}\u{3bd}\u{3af}\u{3ba}\u{3b7}\n",
                "Windows-1253",
            ),
            (
                WINDOWS_1254,
                "id;\u{15f}ehir\n1;\u{130}stanbul\n2;Eski\u{15f}ehir\n3;Kad\u{131}k\u{f6}y\n4;\u{15e}anl\u{131}urfa\n5;A\u{11f}r\u{131}\n",
                "Windows-1254",
            ),
            (
                SHIFT_JIS,
                "id,\u{90fd}\u{5e02}\n1,\u{6771}\u{4eac}\n2,\u{5927}\u{962a}\n3,\u{30ab}\u{30bf}\u{30ab}\u{30ca}\n",
                "Shift-JIS",
            ),
            (
                GB18030,
                "id,\u{57ce}\u{5e02}\n1,\u{5317}\u{4eac}\n2,\u{4e0a}\u{6d77}\n3,\u{5e7f}\u{5dde}\n",
                "GB18030",
            ),
        ] {
            assert_eq!(known(name, text), title);
        }
        // \u{e9} is 0x82 in DOS, \u{fc} 0x81; in Windows a low quote, and nothing.
        let dos = judge(b"kunde;stadt\n1;M\x81nchen\n2;Orl\x82ans\n3;K\x94ln\n");
        assert_eq!(dos, Encoding::Dos850);
        assert_eq!(
            dos.decode(b"M\x81nchen \x82t\x82").unwrap(),
            "M\u{fc}nchen \u{e9}t\u{e9}"
        );
        let cents = judge(b"item,price\nCaf\x82,25\x9B\nTh\x82,30\x9B\nP\x83t\x82,9\x9B\n");
        assert_eq!(
            (cents, cents.title().as_ref()),
            (Encoding::Dos437, "DOS (code page 437)")
        );
        assert_eq!(
            judge(b"name,note\nAnn,\x93fine\x94 \x96 it\x92s 5 \x80\n"),
            Encoding::Windows1252
        );
    }

    #[test]
    fn utf16_without_a_mark_is_told_by_its_zeros() {
        assert_eq!(unmarked_utf16(b"a\0,\0b\0\n\0"), Some(Mark::Utf16Little));
        assert_eq!(unmarked_utf16(b"\0a\0,\0b\0\n"), Some(Mark::Utf16Big));
        assert_eq!(unmarked_utf16(b"a,\0b\0c"), None);
        assert_eq!(unmarked_utf16(b"a,b"), None);
    }

    #[test]
    fn windows_letters_decode() {
        let text = Encoding::Windows1252.decode(b"Caf\xE9 \x80").unwrap();
        assert_eq!(text, "Café €");
        assert_eq!(Encoding::Utf8.decode(b"\xE9"), None);
    }
}
