//! Workbooks (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`, `.ods`): every sheet that holds a table as delimited text,
//! so that everything that reads text reads workbooks too.
//!
//! The text has one line per row of the sheet: a line number in a report is the row number in the
//! spreadsheet. Rows above the header (a title, a note) become blank lines, which the readers skip. Cells are
//! written as what they hold, not as what their format shows: dates as YYYY-MM-DD, whole numbers
//! without decimals; what is stored as text (00042) stays as it is.
//!
//! Only cells that are there take memory: a stray one at the far end of a sheet costs nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    io::Cursor,
};

use calamine::{
    Data, Dimensions, Ods, Reader, SheetVisible, Sheets, XlsbError, XlsxError,
    open_workbook_auto_from_rs,
};

use super::opened::{Book, Opened};
use crate::{
    dataset::error::DataError,
    dataset::options::ReadOptions,
    open::archive,
    open::source::Input,
    roles::vocabulary::{self, concept::Concept},
    table::records,
    values::text,
};

/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 30;
/// Rows that tell how wide the table is.
const WIDTH_ROWS: usize = 200;
/// Bytes that a workbook may unpack to.
const MAX_BYTES: u64 = 1 << 30;
/// Stands between the name of a workbook and that of a sheet.
const BETWEEN: &str = " · ";

/// The sheets of a workbook that hold a table, or the one that was chosen. A single one has the name of
/// the workbook; of several each is named `book.xlsx · Sheet`.
///
/// # Errors
/// [`DataError::Unreadable`] when the workbook is damaged, protected, or holds no table, or when the
/// chosen sheet does not exist.
pub fn tables(input: &Input, options: &ReadOptions) -> Result<Vec<Opened>, DataError> {
    let bytes = input.read_all()?;
    if bytes.starts_with(b"PK") {
        archive::check_size(&bytes, MAX_BYTES, input)?;
    }
    let mut book = open(bytes, input)?;
    let names = book.sheet_names();
    let wanted = chosen(options, &input.name());
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
    let mut found = Vec::new();
    for name in names
        .iter()
        .filter(|name| wanted.is_none_or(|wanted| *name == wanted))
    {
        let mut sheet = Sheet::read(&mut book, name, input)?;
        if let Some(header) = sheet.header() {
            sheet.fill_merged(header);
        }
        found.extend(sheet.table().map(|table| (name, table)));
    }
    // What the shop has put out of sight is not meant, unless nothing else is there.
    let hidden: Vec<String> = (book.sheets_metadata().iter())
        .filter(|sheet| sheet.visible != SheetVisible::Visible && wanted != Some(&sheet.name))
        .map(|sheet| sheet.name.clone())
        .collect();
    let seen = |name: &String| !hidden.contains(name);
    let covered = found
        .iter()
        .any(|(name, table)| seen(name) && table.columns.len() > 1);
    if covered {
        found.retain(|(name, _)| seen(name));
    }
    // A list of notes is no table, unless there is no other one.
    if found.iter().any(|(_, table)| table.columns.len() > 1) {
        found.retain(|(_, table)| table.columns.len() > 1);
    }
    if found.is_empty() {
        let problem = match wanted {
            Some(name) => format!("the sheet `{name}` holds no table"),
            None => "no sheet of the workbook holds a table".to_owned(),
        };
        let advice = "Choose a sheet with a row of column names and data below it";
        return Err(unreadable(input, problem, advice));
    }
    let several = found.len() > 1;
    let mut left: Vec<String> = names.clone();
    left.retain(|name| {
        let unread = found.iter().all(|(read, _)| *read != name);
        wanted.is_none() && unread && (seen(name) || !covered)
    });
    let opened = found.into_iter().enumerate().map(|(at, (name, table))| {
        let mut text = input.holding(table.text);
        if several {
            text = text.called(input.name() + BETWEEN + name);
        }
        let mut remark = format!("{}: read from the sheet `{name}`", input.name());
        if names.len() > 1 {
            remark.extend([" of ", &list(&names)]);
        }
        if at == 0 && !left.is_empty() {
            remark.extend(["; without a table, and left out: ", &list(&left)]);
        }
        if at == 0 && covered && !hidden.is_empty() {
            remark.extend(["; hidden, and left out: ", &list(&hidden)]);
        }
        if !table.notes.is_empty() {
            let notes = table.notes.join("” and “");
            remark.extend(["; above the header stands “", &notes, "”"]);
        }
        Opened {
            input: text,
            book: Some(Book {
                sheets: names.clone(),
                read: name.clone(),
                remark,
            }),
            columns: None,
        }
    });
    Ok(opened.collect())
}

/// A workbook of any kind.
fn open(bytes: Vec<u8>, input: &Input) -> Result<Sheets<Cursor<Vec<u8>>>, DataError> {
    let head = &bytes[..bytes.len().min(200)];
    // Trying every kind, the crate would only say that it is none.
    let mark = b"opendocument.spreadsheet";
    if head.windows(mark.len()).any(|part| part == mark) {
        let book = Ods::new(Cursor::new(bytes));
        return book.map(Sheets::Ods).map_err(|error| {
            let problem = format!("the workbook cannot be read: {error}");
            unreadable(
                input,
                problem,
                "Delete cells far from the table, or save the sheet as CSV",
            )
        });
    }
    open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| damaged(input, &error))
}

/// The sheet the user chose of a workbook, under its own name or that of one of its sheets.
fn chosen<'a>(options: &'a ReadOptions, book: &str) -> Option<&'a String> {
    let of_book = |name: &str| {
        name.strip_prefix(book)
            .is_some_and(|rest| rest.starts_with(BETWEEN))
    };
    let sheets = &options.sheets;
    sheets.get(book).or_else(|| {
        sheets
            .iter()
            .find(|(name, _)| of_book(name))
            .map(|(_, sheet)| sheet)
    })
}

fn damaged(input: &Input, problem: &dyn std::fmt::Display) -> DataError {
    unreadable(
        input,
        format!("the workbook cannot be read: {problem}"),
        "Open it in a spreadsheet program, save it again without a password, or save the sheet as CSV",
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

/// The cells of a sheet that hold something, by row and column.
#[derive(Debug, Default)]
struct Sheet {
    rows: BTreeMap<u32, BTreeMap<u32, String>>,
    /// Areas that are shown as one cell.
    merged: Vec<Dimensions>,
}

/// What columns of money speak of.
const MONEY: [Concept; 7] = [
    Concept::Amount,
    Concept::Subtotal,
    Concept::Price,
    Concept::Shipping,
    Concept::Discount,
    Concept::Refund,
    Concept::Quantity,
];

/// A sheet as text.
struct Table {
    text: Vec<u8>,
    columns: Vec<u32>,
    /// What stands above the header.
    notes: Vec<String>,
}

impl Sheet {
    /// Reads a sheet cell by cell where that is possible: of the older formats the crate makes a whole
    /// rectangle, which their own limits bound.
    fn read(
        book: &mut Sheets<Cursor<Vec<u8>>>,
        name: &str,
        input: &Input,
    ) -> Result<Self, DataError> {
        let mut sheet = Self::default();
        match book {
            Sheets::Xlsx(book) => {
                let mut cells = match book.worksheet_cells_reader(name) {
                    Ok(cells) => cells,
                    // A sheet that is one chart.
                    Err(XlsxError::NotAWorksheet(_)) => return Ok(sheet),
                    Err(error) => return Err(damaged(input, &error)),
                };
                while let Some(found) = cells.next_cell().map_err(|error| damaged(input, &error))? {
                    sheet.add(found.get_position(), &Data::from(found.get_value().clone()));
                }
                drop(cells);
                let merged = book.merge_cells_by_sheet_name(name);
                sheet.merged = merged.map_err(|error| damaged(input, &error))?;
            }
            Sheets::Xlsb(book) => {
                let wrong = |error: XlsbError| damaged(input, &error);
                let mut cells = book.worksheet_cells_reader(name).map_err(wrong)?;
                while let Some(found) = cells.next_cell().map_err(wrong)? {
                    sheet.add(found.get_position(), &Data::from(found.get_value().clone()));
                }
            }
            Sheets::Xls(_) | Sheets::Ods(_) => {
                let range = book
                    .worksheet_range(name)
                    .map_err(|error| damaged(input, &error))?;
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, data) in range.used_cells() {
                    sheet.add((top + row as u32, left + column as u32), data);
                }
                if let Sheets::Xls(book) = book {
                    let merged = book.merge_cells_by_sheet_name(name);
                    sheet.merged = merged.map_err(|error| damaged(input, &error))?;
                }
            }
        }
        Ok(sheet)
    }

    /// What stands in a cell that covers several rows is true of each of them: the customer, the day. Not so
    /// money, which would count once per row.
    fn fill_merged(&mut self, header: u32) {
        for area in std::mem::take(&mut self.merged) {
            let (row, column) = area.start;
            let name = (self.rows.get(&header)).and_then(|cells| cells.get(&column));
            let spoken = vocabulary::spoken(name.map_or("", String::as_str));
            let (Some(cell), false) = (
                self.rows.get(&row).and_then(|cells| cells.get(&column)),
                row <= header || area.end.0 <= row || spoken.any(&MONEY),
            ) else {
                continue;
            };
            let cell = cell.clone();
            for (_, cells) in self.rows.range_mut(row + 1..=area.end.0) {
                cells.entry(column).or_insert_with(|| cell.clone());
            }
        }
    }

    fn add(&mut self, (row, column): (u32, u32), data: &Data) {
        let text = cell(data);
        if !text.trim().is_empty() {
            self.rows.entry(row).or_default().insert(column, text);
        }
    }

    /// The row of column names: the first one that is at least half as wide as the widest row, with
    /// something below it. A title or a note above a table fills a cell or two.
    fn header(&self) -> Option<u32> {
        let widest = self
            .rows
            .values()
            .take(WIDTH_ROWS)
            .map(BTreeMap::len)
            .max()?;
        let least = widest.div_ceil(2).max(widest.min(2));
        let mut first = self.rows.iter().take(HEADER_ROWS);
        let (&header, _) = first.find(|(_, cells)| cells.len() >= least)?;
        // Below the header of a page of notes most rows fill one cell.
        let below = || {
            self.rows
                .range(header + 1..)
                .take(WIDTH_ROWS)
                .map(|(_, cells)| cells.len())
        };
        let wide = below().filter(|cells| *cells >= widest.min(2)).count();
        (wide > 0 && 3 * wide >= below().count()).then_some(header)
    }

    /// Columns with a name, and those beside them that hold something; not what stands apart.
    fn columns(&self, header: u32) -> Vec<u32> {
        let mut used = BTreeSet::new();
        for cells in self.rows.range(header..).map(|(_, cells)| cells) {
            used.extend(cells.keys().copied());
        }
        let named = self.rows.get(&header);
        let ends =
            named.and_then(|cells| Some((*cells.first_key_value()?.0, *cells.last_key_value()?.0)));
        let Some((mut first, mut last)) = ends else {
            return Vec::new();
        };
        while last < u32::MAX && used.contains(&(last + 1)) {
            last += 1;
        }
        while first > 0 && used.contains(&(first - 1)) {
            first -= 1;
        }
        used.range(first..=last).copied().collect()
    }

    /// The rows from the header on as comma-separated text, below a blank line for every row above.
    fn table(&self) -> Option<Table> {
        let header = self.header()?;
        let columns = self.columns(header);
        let (mut text, mut next) = (Vec::new(), 0);
        for (&row, cells) in self.rows.range(header..) {
            if !columns.iter().any(|column| cells.contains_key(column)) {
                continue;
            }
            // Rows without a cell are blank lines.
            text.resize(text.len() + (row - next) as usize, b'\n');
            next = row + 1;
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    text.push(b',');
                }
                let cell = cells.get(column).map_or("", String::as_str);
                records::write_cell(cell, b',', &mut text);
            }
            text.push(b'\n');
        }
        let notes = self.rows.range(..header).map(|(_, cells)| {
            let cells: Vec<&str> = cells.values().map(String::as_str).collect();
            text::shorten(&cells.join(" "), 80).into_owned()
        });
        let notes = notes.collect();
        Some(Table {
            text,
            columns,
            notes,
        })
    }
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

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{Workbook, Worksheet};

    use super::*;

    fn memory(mut book: Workbook) -> Input {
        Input::memory("shop.xlsx", b"").holding(book.save_to_buffer().unwrap())
    }

    fn sheet<'a>(book: &'a mut Workbook, name: &str, rows: &[&[&str]]) -> &'a mut Worksheet {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cells) in rows.iter().enumerate() {
            sheet
                .write_row(row as u32, 0, cells.iter().copied())
                .unwrap();
        }
        sheet
    }

    fn opened(input: &Input, options: &ReadOptions) -> Vec<(String, String)> {
        let tables = tables(input, options).unwrap().into_iter();
        tables
            .map(|table| {
                let text = String::from_utf8(table.input.read_all().unwrap()).unwrap();
                (table.input.name(), text)
            })
            .collect()
    }

    #[test]
    fn every_sheet_that_holds_a_table() {
        let mut book = Workbook::new();
        sheet(&mut book, "Title", &[&["Our shop"], &["of the spring"]]);
        sheet(
            &mut book,
            "Orders",
            &[&["as of today"], &[], &["id", "day"], &["1", "x"]],
        );
        sheet(&mut book, "Empty", &[]);
        sheet(&mut book, "People", &[&["id", "city"], &["1", "a, b"]]);
        let input = memory(book);
        let mut options = ReadOptions::default();
        let expected = [
            ("shop.xlsx · Orders", "\n\nid,day\n1,x\n"),
            ("shop.xlsx · People", "id,city\n1,\"a, b\"\n"),
        ];
        let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(opened(&input, &options), expected);
        let first = tables(&input, &options).unwrap().remove(0).book.unwrap();
        assert_eq!((first.sheets.len(), first.read.as_str()), (4, "Orders"));
        assert!(
            first.remark.contains("left out: `Title`, `Empty`"),
            "{}",
            first.remark
        );
        assert!(
            first
                .remark
                .ends_with("above the header stands “as of today”"),
            "{}",
            first.remark
        );
        // A choice is made under the name of a sheet, and then under that of the workbook.
        options
            .sheets
            .insert("shop.xlsx · Orders".to_owned(), "People".to_owned());
        assert_eq!(
            opened(&input, &options),
            [("shop.xlsx".to_owned(), expected[1].1.clone())]
        );
        options
            .sheets
            .insert("shop.xlsx".to_owned(), "Orders".to_owned());
        assert_eq!(opened(&input, &options)[0].1, expected[0].1);
    }

    #[test]
    fn hidden_sheets_are_left_out_and_merged_cells_hold_for_all_their_rows() {
        let mut book = Workbook::new();
        let orders = sheet(
            &mut book,
            "Orders",
            &[
                &["customer", "order", "amount"],
                &["", "1", ""],
                &["", "2", "7"],
            ],
        );
        let plain = rust_xlsxwriter::Format::new();
        orders.merge_range(1, 0, 2, 0, "Anna", &plain).unwrap();
        let old = sheet(
            &mut book,
            "Old",
            &[&["customer", "order"], &["Zoe", "9"], &["Zoe", "8"]],
        );
        old.set_hidden(true);
        let input = memory(book);
        let found = opened(&input, &ReadOptions::default());
        let text = "customer,order,amount\nAnna,1,\nAnna,2,7\n";
        assert_eq!(found, [("shop.xlsx".to_owned(), text.to_owned())]);
        let read = tables(&input, &ReadOptions::default()).unwrap();
        let remark = &read[0].book.as_ref().unwrap().remark;
        assert!(remark.ends_with("hidden, and left out: `Old`"), "{remark}");
        // Who asks for it reads it.
        let sheets = [("shop.xlsx".to_owned(), "Old".to_owned())].into();
        let asked = ReadOptions {
            sheets,
            ..ReadOptions::default()
        };
        assert!(opened(&input, &asked)[0].1.contains("Zoe,9"));
    }

    #[test]
    fn far_cells_cost_nothing() {
        let mut book = Workbook::new();
        let far = sheet(&mut book, "Orders", &[&["id", "day"], &["1", "x"]]);
        far.write(1_048_575, 16_383, "stray").unwrap();
        far.write(900_000, 0, "2").unwrap();
        let found = opened(&memory(book), &ReadOptions::default());
        assert!(
            found[0].1.starts_with("id,day\n1,x\n\n"),
            "{}",
            &found[0].1[..40]
        );
        assert!(found[0].1.ends_with("\n2,\n") && found[0].1.len() < 1_000_000);
    }
}
