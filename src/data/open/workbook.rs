//! Excel workbooks (`.xlsx`): one sheet of a workbook as delimited text, so that everything that reads
//! text reads workbooks too.
//!
//! The text has one line per row of the sheet: a line number in a report is the row number in Excel.
//! Rows above the header (a title, a note) become blank lines, which the readers skip. Cells are
//! written as what they hold, not as what their format shows: dates as YYYY-MM-DD, whole numbers
//! without decimals; what is stored as text (00042) stays as it is.

use std::{
    fmt::Write,
    io::{Cursor, Read},
    sync::Arc,
};

use calamine::{Data, Range, Reader, Xlsx};

use crate::{
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    data::open::source::{self, Bytes, Input},
    data::table::records,
    data::values::text,
};

/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 30;
/// Rows that tell how wide the table is.
const WIDTH_ROWS: usize = 200;
/// First bytes of a zip archive, which a workbook is.
const SIGNATURE: &[u8] = b"PK\x03\x04";

/// A workbook that was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Names of its sheets, in its order, and the one that was read.
    pub sheets: Vec<String>,
    pub read: String,
    /// What should be said about it.
    pub remark: String,
}

/// A workbook as text, and what it is; any other file as it is.
///
/// # Errors
/// [`DataError::Unreadable`] when the workbook is damaged, protected, or holds no table, or when the
/// chosen sheet does not exist.
pub fn as_text(input: &Input, options: &ReadOptions) -> Result<(Input, Option<Book>), DataError> {
    if !is_workbook(input)? {
        return Ok((input.clone(), None));
    }
    let mut book = open(input)?;
    let names = book.sheet_names();
    let wanted = options.sheets.get(&input.name());
    if let Some(wanted) = wanted
        && !names.contains(wanted)
    {
        return Err(unreadable(
            input,
            format!(
                "there is no sheet `{wanted}`; the sheets are {}",
                list(&names)
            ),
            "Choose one of them",
        ));
    }
    for name in names
        .iter()
        .filter(|name| wanted.is_none_or(|wanted| *name == wanted))
    {
        let sheet = book
            .worksheet_range(name)
            .map_err(|error| damaged(input, &error.to_string()))?;
        if let Some(header) = header_row(&sheet) {
            let text = Input::Memory {
                name: input.path().to_path_buf(),
                bytes: Bytes::Shared(Arc::from(delimited(&sheet, header))),
            };
            let book = Book {
                remark: remark(input, (name, &names), &sheet, header),
                read: name.clone(),
                sheets: names.clone(),
            };
            return Ok((text.named_as(input), Some(book)));
        }
    }
    Err(unreadable(
        input,
        match wanted {
            Some(name) => format!("the sheet `{name}` holds no table"),
            None => "no sheet of the workbook holds a table".to_owned(),
        },
        "Choose a sheet with a row of column names and data below it",
    ))
}

/// Names of the sheets of a workbook, in its order; none for any other file.
///
/// # Errors
/// As [`as_text`].
pub fn sheets(input: &Input) -> Result<Vec<String>, DataError> {
    if is_workbook(input)? {
        Ok(open(input)?.sheet_names())
    } else {
        Ok(Vec::new())
    }
}

fn is_workbook(input: &Input) -> Result<bool, DataError> {
    let ending = input
        .path()
        .extension()
        .map(std::ffi::OsStr::to_ascii_lowercase);
    if !ending.is_some_and(|ending| ending == "xlsx" || ending == "xlsm") {
        return Ok(false);
    }
    let mut head = [0; SIGNATURE.len()];
    let read = source::fill(&mut *input.open(0)?, &mut head, input.path())?;
    Ok(head[..read] == *SIGNATURE)
}

fn open(input: &Input) -> Result<Xlsx<Cursor<Vec<u8>>>, DataError> {
    let mut bytes = Vec::new();
    input
        .open(0)?
        .read_to_end(&mut bytes)
        .map_err(|error| source::io_error(input.path(), error))?;
    Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(input, &error.to_string()))
}

fn damaged(input: &Input, problem: &str) -> DataError {
    unreadable(
        input,
        format!("the workbook cannot be read: {problem}"),
        "Open it in Excel, save it again without a password, or save the sheet as CSV",
    )
}

fn unreadable(input: &Input, problem: String, advice: &str) -> DataError {
    DataError::Unreadable {
        path: input.path().to_path_buf(),
        problem,
        advice: advice.to_owned(),
    }
}

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn remark(
    input: &Input,
    (name, names): (&str, &[String]),
    sheet: &Range<Data>,
    header: usize,
) -> String {
    let mut remark = format!("{}: read from the sheet `{name}`", input.name());
    if names.len() > 1 {
        remark.extend([" of ", &list(names)]);
    }
    let above = sheet.rows().take(header).filter(|row| filled(row) > 0);
    let notes: Vec<String> = above
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .map(cell)
                .filter(|cell| !cell.is_empty())
                .collect();
            text::shorten(&cells.join(" "), 80).into_owned()
        })
        .collect();
    if !notes.is_empty() {
        let notes = notes.join("” and “");
        remark.extend(["; above the header stands “", &notes, "”"]);
    }
    remark
}

fn filled(row: &[Data]) -> usize {
    row.iter()
        .filter(|data| !cell(data).trim().is_empty())
        .count()
}

/// The row of column names: the first one that is at least half as wide as the widest row, with
/// something below it. A title or a note above a table fills a cell or two.
fn header_row(sheet: &Range<Data>) -> Option<usize> {
    let widest = sheet.rows().take(WIDTH_ROWS).map(filled).max()?;
    let least = widest.div_ceil(2).max(1);
    let header = sheet
        .rows()
        .take(HEADER_ROWS)
        .position(|row| filled(row) >= least)?;
    let below = sheet.rows().skip(header + 1).any(|row| filled(row) > 0);
    below.then_some(header)
}

/// The rows from the header on as comma-separated text, below a blank line for every row above.
fn delimited(sheet: &Range<Data>, header: usize) -> Vec<u8> {
    let width = sheet.width();
    // Columns without any cell are margins, not data.
    let used: Vec<bool> = (0..width)
        .map(|column| {
            let mut rows = sheet.rows().skip(header);
            rows.any(|row| row.get(column).is_some_and(|data| *data != Data::Empty))
        })
        .collect();
    let above = sheet.start().map_or(0, |(row, _)| row as usize) + header;
    let mut out = vec![b'\n'; above];
    for row in sheet.rows().skip(header) {
        let mut first = true;
        for (data, _) in row.iter().zip(&used).filter(|(_, used)| **used) {
            if !first {
                out.push(b',');
            }
            first = false;
            records::write_cell(&cell(data), b',', &mut out);
        }
        out.push(b'\n');
    }
    out
}

/// A cell as text.
fn cell(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        // A line break in a cell would shift the line numbers of reports.
        Data::String(text) => text.replace(['\r', '\n'], " "),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            let mut text = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) != (0, 0, 0) {
                // Writing to a text cannot fail.
                let _ = write!(text, " {hour:02}:{minute:02}:{second:02}");
            }
            text
        }
        Data::DateTime(duration) => duration.as_f64().to_string(),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Error(error) => error.to_string(),
    }
}
