//! What kind of text a file is: separator, header, column names; or why it is no table at all.

use std::collections::{HashMap, HashSet};

use crate::{
    data::dataset::error::DataError,
    data::open::encoding::{self, Encoding, Mark},
    data::open::source::{self, Input},
    data::table::records::{self, Form, Separator},
    data::values::dates,
    data::values::numbers,
};

/// Bytes of a file that are looked at first.
const HEAD_BYTES: usize = 256 << 10;
/// Records of the head that take part in finding the separator.
const SAMPLE_RECORDS: usize = 200;

/// How a delimited text is laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Dialect {
    pub mark: Mark,
    /// The file ends its lines by carriage returns alone; its translation is what is read.
    pub bare_returns: bool,
    pub separator: Separator,
    pub has_header: bool,
    /// Unique column names; made up when there is no header.
    pub names: Vec<String>,
    /// Names that stand more than once in the header.
    pub repeated_names: Vec<String>,
    /// Where the first data record begins: byte and line (from 1).
    pub data_offset: u64,
    pub data_line: u64,
}

impl Dialect {
    /// How the file's bytes become lines of text, for people.
    #[must_use]
    pub fn reading(&self, encoding: Encoding) -> String {
        let title = encoding::title(self.mark, encoding);
        if self.bare_returns {
            format!("{title}, CR lines")
        } else {
            title.to_owned()
        }
    }
}

/// Looks at the beginning of a file.
///
/// # Errors
/// [`DataError`] when the file is empty, is no text, or cannot be read.
pub fn sniff(input: &Input) -> Result<(Input, Dialect), DataError> {
    let head = read_head(input)?;
    let mark = Mark::of(&head);
    let input = encoding::to_utf8_input(input, mark)?;
    let (head, skip) = match mark {
        Mark::Utf16Little | Mark::Utf16Big => (read_head(&input)?, 0),
        Mark::None | Mark::Utf8 => (head, mark.size()),
    };
    refuse_binary(&input, &head[skip..])?;
    let bare_returns = encoding::has_bare_returns(&head);
    let (input, head) = if bare_returns {
        let input = encoding::with_line_feeds(&input)?;
        let head = read_head(&input)?;
        (input, head)
    } else {
        (input, head)
    };
    let body = &head[skip..];
    let at_end = head.len() < HEAD_BYTES;
    let separator = find_separator(body, at_end);
    let Some(first) = first_record(body, separator) else {
        return Err(DataError::Unreadable {
            path: input.path().to_path_buf(),
            problem: "the file is empty".to_owned(),
            advice: "Choose a file that holds order lines".to_owned(),
        });
    };
    let content = &body[first.content.clone()];
    let (cells, has_header) = if is_json(content) {
        // Thousands of "names", which nobody asks for: how it begins is enough to name it.
        let beginning = String::from_utf8_lossy(&content[..content.len().min(1_000)]);
        (vec![beginning.into_owned()], true)
    } else {
        let cells = texts(content, separator);
        let has_header = is_header(&cells);
        (cells, has_header)
    };
    let (names, repeated_names) = column_names(&cells, has_header);
    let start = if has_header { first.next } else { first.start };
    let dialect = Dialect {
        mark,
        bare_returns,
        separator,
        has_header,
        names,
        repeated_names,
        data_offset: (skip + start) as u64,
        data_line: 1 + memchr::memchr_iter(b'\n', &body[..start]).count() as u64,
    };
    Ok((input, dialect))
}

/// Whether a first record is the beginning of JSON text: an object with a key, alone or in an array.
fn is_json(record: &[u8]) -> bool {
    let record = record.trim_ascii_start();
    let object = record.strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    let Some(inner) = object.unwrap_or(record).strip_prefix(b"{") else {
        return false;
    };
    inner.trim_ascii_start().starts_with(b"\"")
}

fn read_head(input: &Input) -> Result<Vec<u8>, DataError> {
    let mut head = Vec::new();
    let place = (&mut head, input.path());
    source::append(&mut *input.open(0)?, HEAD_BYTES, place)?;
    Ok(head)
}

/// Files that other programs write and that hold no plain text.
const SIGNATURES: [(&[u8], &str, &str); 7] = [
    (
        b"PK\x03\x04",
        "an Excel workbook or zip archive",
        "Save the sheet as CSV, or unpack the archive, and open that",
    ),
    (
        b"\xD0\xCF\x11\xE0",
        "an old Excel or Office file",
        "Save the sheet as CSV and open that",
    ),
    (
        b"PAR1",
        "a Parquet file",
        "Export the table as CSV and open that",
    ),
    (
        b"\x1F\x8B",
        "a gzip archive",
        "Unpack it and open the file inside",
    ),
    (
        b"%PDF",
        "a PDF document",
        "Export the table as CSV and open that",
    ),
    (
        b"SQLite format 3",
        "a SQLite database",
        "Export the order table as CSV and open that",
    ),
    (
        b"\x89PNG",
        "a picture",
        "Choose a file that holds order lines",
    ),
];

fn refuse_binary(input: &Input, head: &[u8]) -> Result<(), DataError> {
    let known = SIGNATURES
        .iter()
        .find(|(start, _, _)| head.starts_with(start));
    let control = |byte: &&u8| **byte < 9 || (14..32).contains(*byte);
    let zeros = head.iter().take(8192).filter(|&&byte| byte == 0).count();
    let controls = head.iter().take(8192).filter(control).count();
    let binary = zeros > 0 || controls * 20 > head.len().min(8192);
    let (what, advice) = match known {
        Some((_, what, advice)) => (*what, *advice),
        None if binary => (
            "a binary file, not text",
            "Choose a CSV, TSV or text file with order lines",
        ),
        None => return Ok(()),
    };
    Err(DataError::Unreadable {
        path: input.path().to_path_buf(),
        problem: format!("this is {what}"),
        advice: advice.to_owned(),
    })
}

struct First {
    start: usize,
    content: std::ops::Range<usize>,
    next: usize,
}

fn first_record(body: &[u8], separator: Separator) -> Option<First> {
    let mut at = 0;
    while let Some(record) = records::next_record(body, at, separator, true) {
        if record.form != Form::Blank {
            return Some(First {
                start: at,
                content: record.content,
                next: record.next,
            });
        }
        at = record.next;
    }
    None
}

fn texts(record: &[u8], separator: Separator) -> Vec<String> {
    records::cells(record, separator)
        .iter()
        .map(|cell| Encoding::Windows1252.decode_cell(cell).into_owned())
        .collect()
}

/// Cells per record of the head, read with one separator.
fn widths(body: &[u8], separator: Separator, at_end: bool) -> Vec<usize> {
    let (mut at, mut widths) = (0, Vec::new());
    while widths.len() < SAMPLE_RECORDS
        && let Some(record) = records::next_record(body, at, separator, at_end)
    {
        if record.form != Form::Blank {
            widths.push(record.cells);
        }
        at = record.next;
    }
    widths
}

/// The separator that cuts most records into the same number (above one) of cells.
///
/// Nine records of ten must agree; among several such separators the one with more cells wins, and
/// runs of spaces only count when no other separator fits.
fn find_separator(body: &[u8], at_end: bool) -> Separator {
    let judged = [b',', b';', b'\t', b'|'].map(|byte| {
        let widths = widths(body, Separator::Byte(byte), at_end);
        let (width, share) = most_common(&widths);
        (
            share >= 0.9 && width > 1,
            share * (width as f64 - 1.0),
            byte,
        )
    });
    let best = judged
        .iter()
        .rev()
        .max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let spaces = most_common(&widths(body, Separator::Spaces, at_end));
    match best {
        Some((true, _, byte)) => Separator::Byte(*byte),
        _ if spaces.0 > 1 && spaces.1 >= 0.9 => Separator::Spaces,
        Some((_, score, byte)) if *score > 0.0 => Separator::Byte(*byte),
        _ => Separator::Byte(b','),
    }
}

/// The most common width (the larger of equals) and its share.
fn most_common(widths: &[usize]) -> (usize, f64) {
    let mut counts = std::collections::BTreeMap::new();
    for width in widths {
        *counts.entry(*width).or_insert(0_usize) += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(width, count)| (count, width))
        .map_or((0, 0.0), |(width, count)| {
            (width, count as f64 / widths.len() as f64)
        })
}

/// A first record is a header when none of its cells is a number or a date (`c1` is neither, although a
/// column of money would read it as one): a row of order lines
/// always holds one of them.
fn is_header(cells: &[String]) -> bool {
    let number = |cell: &str| {
        numbers::has_only_money_letters(cell.trim()) && numbers::looks_like_number(cell)
    };
    let value = |cell: &String| number(cell) || dates::looks_like_date(cell);
    !cells.iter().any(value) && !cells.iter().all(|cell| cell.trim().is_empty())
}

/// Unique, non-empty names, and the names that were repeated.
fn column_names(cells: &[String], has_header: bool) -> (Vec<String>, Vec<String>) {
    let (mut names, mut repeated): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    // A file that is one long line of JSON has thousands of "names", most of them repeated.
    let mut taken = HashSet::new();
    let mut next_copy = HashMap::<String, usize>::new();
    for (index, cell) in cells.iter().enumerate() {
        let trimmed = cell.trim();
        let base = if has_header && !trimmed.is_empty() {
            crate::data::values::text::shorten(trimmed, 200).into_owned()
        } else {
            format!("column {}", index + 1)
        };
        let mut name = base.clone();
        if taken.contains(&base) {
            let copy = next_copy.entry(base.clone()).or_insert_with(|| {
                repeated.push(base.clone());
                2
            });
            while taken.contains(&name) {
                name = format!("{base} ({copy})");
                *copy += 1;
            }
        }
        taken.insert(name.clone());
        names.push(name);
    }
    (names, repeated)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn dialect(text: &'static [u8]) -> Dialect {
        sniff(&Input::memory("x.csv", text)).unwrap().1
    }

    #[test]
    fn separators() {
        for (text, separator, columns) in [
            ("a,b\n1,2\n3,4\n", Separator::Byte(b','), 2),
            ("a;b;c\n1;2,5;3,5\n2;3,5;4,5\n", Separator::Byte(b';'), 3),
            ("a\tb\n1\t2\n", Separator::Byte(b'\t'), 2),
            ("a|b\n1|2\n", Separator::Byte(b'|'), 2),
            (
                " 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n",
                Separator::Spaces,
                4,
            ),
            (
                "a,b\n2010-12-01 08:26,1\n2010-12-01 08:26,1\n",
                Separator::Byte(b','),
                2,
            ),
            (
                "name,\"x;y\"\n\"a;b\",1\n\"a;b\",2\n",
                Separator::Byte(b','),
                2,
            ),
        ] {
            let found = dialect(text.as_bytes());
            assert_eq!(
                (found.separator, found.names.len()),
                (separator, columns),
                "{text}"
            );
        }
    }

    #[test]
    fn headers_and_their_names() {
        let found = dialect(b"\xEF\xBB\xBF\n\namount,amount,\n1,2,3\n");
        assert!(found.has_header);
        assert_eq!(found.names, ["amount", "amount (2)", "column 3"]);
        assert_eq!(found.repeated_names, ["amount"]);
        assert_eq!((found.data_offset, found.data_line), (3 + 17, 4));
        // Names with a number in them are no values.
        let short = dialect(b"c1;c2;c3\nA;2024-01-01;3,5\n");
        assert!(short.has_header);
        assert_eq!(short.names, ["c1", "c2", "c3"]);
        let bare = dialect(b"7,2024-01-01,3.5\n8,2024-01-02,4.5\n");
        assert!(!bare.has_header);
        assert_eq!(bare.names, ["column 1", "column 2", "column 3"]);
        assert_eq!((bare.data_offset, bare.data_line), (0, 1));
    }

    #[test]
    fn lines_may_end_with_carriage_returns() {
        let text = b"\xEF\xBB\xBFid;day\r1;\"a\rb\"\r2;c\r";
        let (input, found) = sniff(&Input::memory("x.csv", text)).unwrap();
        assert_eq!(
            (found.names.as_slice(), found.data_line),
            (&["id".to_owned(), "day".to_owned()][..], 2)
        );
        assert!(found.reading(Encoding::Utf8).contains("CR lines"));
        let mut bytes = Vec::new();
        input
            .open(found.data_offset)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        assert_eq!(bytes, b"1;\"a\nb\"\n2;c\n");
        assert!(!dialect(b"a,b\r\n1,2\r\n").bare_returns);
    }

    #[test]
    fn no_tables() {
        for (bytes, expected) in [
            (&b""[..], "the file is empty"),
            (b"\n \n", "the file is empty"),
            (b"PK\x03\x04rest", "an Excel workbook or zip archive"),
            (b"a,b\0c\n", "a binary file"),
        ] {
            let error = sniff(&Input::memory("x", bytes)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
