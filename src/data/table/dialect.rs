//! What kind of text a file is: separator, header, column names; or why it is no table at all.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    dataset::error::DataError,
    open::columns::Columns,
    open::encoding::{self, Encoding, Mark},
    open::json_file,
    open::opened::Opened,
    open::source::{self, Input},
    table::header,
    table::quoting,
    table::records::{self, Form, Record, Separator},
    values::text,
};

/// Bytes of a file that are looked at first.
const HEAD_BYTES: usize = 256 << 10;

/// How a delimited text is laid out.
#[derive(Clone, Debug)]
pub struct Dialect {
    pub mark: Mark,
    /// What the text was before it was translated to UTF-8; UTF-8 where that is still to be found out.
    pub encoding: Encoding,
    /// The file ends its lines by carriage returns alone; its translation is what is read.
    pub bare_returns: bool,
    pub separator: Separator,
    pub has_header: bool,
    /// Unique column names; made up when there is no header.
    pub names: Vec<String>,
    /// Names that stand more than once in the header.
    pub repeated_names: Vec<String>,
    /// The header as the file holds it, to know it when it comes again; empty without one.
    pub header: Vec<u8>,
    /// Lines that begin with `#` or `//` and fit no column are comments.
    pub comments: bool,
    /// Where the first data record begins: byte and line (from 1).
    pub data_offset: u64,
    pub data_line: u64,
    /// The columns themselves, where the table comes in columns and not in text.
    pub columns: Option<Arc<Columns>>,
    /// What should be said of how the text was read: lines above the header, units below it…
    pub remarks: Vec<String>,
}

/// What a record of a file is to its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Row,
    /// A blank line.
    Blank,
    Skipped(Skip),
    /// Not as many cells as there are columns, or a quote that is never closed.
    Broken,
}

/// Lines that are no rows, and no lost ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    Comment,
    /// The header once more: files joined into one.
    Header,
    /// A row of nothing but separators.
    Filler,
}

impl Dialect {
    /// Of a table that comes in columns.
    #[must_use]
    pub fn of_columns(columns: Arc<Columns>) -> Self {
        let names = columns.frame.get_column_names_owned();
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let (names, repeated_names) = column_names(&names, true);
        Self {
            mark: Mark::None,
            encoding: Encoding::Utf8,
            bare_returns: false,
            separator: Separator::Byte(b','),
            has_header: true,
            names,
            repeated_names,
            header: Vec::new(),
            comments: false,
            data_offset: 0,
            data_line: 1,
            columns: Some(columns),
            remarks: Vec::new(),
        }
    }

    /// How the file's bytes become lines of text, for people.
    #[must_use]
    pub fn reading(&self, encoding: Encoding) -> String {
        let known = match self.encoding {
            Encoding::Utf8 => encoding,
            known => known,
        };
        let title = encoding::title(self.mark, known);
        if self.bare_returns {
            format!("{title}, CR lines")
        } else {
            title.into_owned()
        }
    }

    /// How cells are told apart, for people.
    #[must_use]
    pub fn layout(&self) -> &'static str {
        let separator = self.separator.title();
        let columns = self.columns.as_deref();
        columns.map_or(separator, |columns| columns.layout)
    }

    /// The record that begins at `at`, without a byte order mark that files joined into one have there, and
    /// what it is. `None` as in [`records::next_record`].
    #[must_use]
    pub fn next_record(&self, bytes: &[u8], at: usize, at_end: bool) -> Option<(Record, Kind)> {
        let at = at + 3 * usize::from(bytes.get(at..)?.starts_with(BYTE_ORDER_MARK));
        let record = records::next_record(bytes, at, self.separator, at_end)?;
        let content = &bytes[record.content.clone()];
        let fits = record.cells == self.names.len() && record.form != Form::Unclosed;
        let kind = match record.form {
            Form::Blank if content.trim_ascii().is_empty() => Kind::Blank,
            Form::Blank => Kind::Skipped(Skip::Filler),
            _ if self.is_header(content) => Kind::Skipped(Skip::Header),
            _ if fits => Kind::Row,
            _ if self.comments && header::is_comment(content) => Kind::Skipped(Skip::Comment),
            _ => Kind::Broken,
        };
        Some((record, kind))
    }

    /// Whether a record is the header once more, with or without quotes.
    fn is_header(&self, content: &[u8]) -> bool {
        let bare = |bytes: &'_ [u8]| bytes.iter().copied().find(|&byte| byte != b'"');
        if self.header.is_empty() || bare(content) != bare(&self.header) {
            return false;
        }
        let unquoted = |bytes: &[u8]| -> Vec<u8> {
            let bytes = bytes.trim_ascii().iter().copied();
            bytes.filter(|&byte| byte != b'"').collect()
        };
        unquoted(content) == unquoted(&self.header)
    }

    /// Whether some whole lines may hold something else than rows that has as many cells: only a closer
    /// look tells.
    #[must_use]
    pub fn needs_care(&self, lines: &[u8]) -> bool {
        memchr::memmem::find(lines, BYTE_ORDER_MARK).is_some()
            || !self.header.is_empty() && memchr::memmem::find(lines, &self.header).is_some()
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What an opened table is.
///
/// # Errors
/// As [`sniff`].
pub fn look(table: &Opened) -> Result<(Input, Dialect), DataError> {
    match &table.columns {
        Some(columns) => {
            let dialect = Dialect::of_columns(Arc::clone(columns));
            Ok((table.input.clone(), dialect))
        }
        None => sniff(&table.input),
    }
}

/// Looks at the beginning of a file.
///
/// # Errors
/// [`DataError`] when the file is empty, is no text, or cannot be read.
pub fn sniff(input: &Input) -> Result<(Input, Dialect), DataError> {
    let mut text = Text::of(input)?;
    let skip = match text.mark {
        Mark::Utf8 => text.mark.size(),
        _ => 0,
    };
    if let Some(columns) = json_file::as_table(&text.input, &text.head[skip..])? {
        let dialect = Dialect {
            mark: text.mark,
            encoding: text.encoding,
            bare_returns: text.bare_returns,
            remarks: text.remarks,
            ..Dialect::of_columns(Arc::new(columns))
        };
        return Ok((text.input, dialect));
    }
    if let Some(plain) = quoting::plain(&text.input, &text.head[skip..])? {
        text.remarks.push(plain.remark.to_owned());
        text.input = plain.input;
        text.head = read_head(&text.input)?;
    }
    let body = &text.head[skip..];
    let at_end = text.head.len() < HEAD_BYTES;
    let Some(found) = header::find(body, at_end) else {
        return Err(DataError::Unreadable {
            path: text.input.path().to_path_buf(),
            problem: "the file is empty".to_owned(),
            advice: "Choose a file that holds order lines".to_owned(),
        });
    };
    let (names, repeated_names) = column_names(&found.cells, found.has_header);
    text.remarks.extend(found.remarks);
    let dialect = Dialect {
        mark: text.mark,
        encoding: text.encoding,
        bare_returns: text.bare_returns,
        separator: found.separator,
        has_header: found.has_header,
        names,
        repeated_names,
        header: found.header,
        comments: found.comments,
        columns: None,
        data_offset: (skip + found.data) as u64,
        data_line: 1 + memchr::memchr_iter(b'\n', &body[..found.data]).count() as u64,
        remarks: text.remarks,
    };
    Ok((text.input, dialect))
}

/// A text as UTF-8 with line feeds, and what it was before.
struct Text {
    input: Input,
    head: Vec<u8>,
    mark: Mark,
    encoding: Encoding,
    bare_returns: bool,
    remarks: Vec<String>,
}

impl Text {
    fn of(input: &Input) -> Result<Self, DataError> {
        let mut head = read_head(input)?;
        let mut mark = Mark::of(&head);
        if mark == Mark::None {
            mark = encoding::unmarked_utf16(&head).unwrap_or(Mark::None);
        }
        let mut input = encoding::to_utf8_input(input, mark)?;
        if matches!(mark, Mark::Utf16Little | Mark::Utf16Big) {
            head = read_head(&input)?;
        }
        let skip = if mark == Mark::Utf8 { mark.size() } else { 0 };
        refuse_binary(&input, &head[skip..])?;
        let encoding;
        (input, encoding) = encoding::translated(&input, &head)?;
        if encoding != Encoding::Utf8 {
            head = read_head(&input)?;
        }
        let bare_returns = encoding::has_bare_returns(&head);
        if bare_returns {
            input = encoding::with_line_feeds(&input)?;
            head = read_head(&input)?;
        }
        let damaged = encoding == Encoding::DamagedUtf8;
        let remark = "some bytes are no valid UTF-8 and are shown as �".to_owned();
        Ok(Self {
            input,
            head,
            mark,
            encoding,
            bare_returns,
            remarks: damaged.then_some(remark).into_iter().collect(),
        })
    }
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
        "an Office document or zip archive that holds no table",
        "Save the table as CSV, or unpack the archive, and open that",
    ),
    (
        b"\xD0\xCF\x11\xE0",
        "an old Office file",
        "Save the table as CSV and open that",
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
    let control = |byte: &&u8| {
        (**byte < 9 || (14..32).contains(*byte)) && !records::SEPARATORS.contains(byte)
    };
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

/// Unique, non-empty names, and the names that were repeated.
fn column_names(cells: &[String], has_header: bool) -> (Vec<String>, Vec<String>) {
    let (mut names, mut repeated): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    // A file that is one long line of JSON has thousands of "names", most of them repeated.
    let mut taken = HashSet::new();
    let mut next_copy = HashMap::<String, usize>::new();
    for (index, cell) in cells.iter().enumerate() {
        let trimmed = cell.trim();
        let base = if has_header && !trimmed.is_empty() {
            text::shorten(trimmed, 200).into_owned()
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
            (b"PK\x03\x04rest", "zip archive that holds no table"),
            (b"a,b\0c\n", "a binary file"),
        ] {
            let error = sniff(&Input::memory("x", bytes)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
