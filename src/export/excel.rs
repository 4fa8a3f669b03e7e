//! Tables as an Excel workbook: text is text (no formula, no lost zero), numbers are numbers, days
//! are dates.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{
    error::ExportError,
    table::{Cell, Table},
};
use data::day::{Day, iso};

/// Rows and letters a workbook can hold.
const MAX_ROWS: usize = 1_048_575;
const MAX_LETTERS: usize = 32_767;
/// Rows looked at for the widths of columns.
const MEASURED: usize = 200;

/// The bytes of a workbook with one sheet per table; the same tables give the same bytes.
///
/// # Errors
/// [`ExportError::TooLarge`] beyond what a workbook can hold.
pub fn workbook(tables: &[Table]) -> Result<Vec<u8>, ExportError> {
    for table in tables {
        if table.rows() > MAX_ROWS {
            return Err(ExportError::TooLarge {
                rows: table.rows(),
                most: MAX_ROWS,
            });
        }
    }
    write(tables).map_err(|error| ExportError::Workbook(error.to_string()))
}

fn write(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // No clock: a file says what it holds, not when it was written.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&table.name))?;
        fill(sheet, table)?;
    }
    workbook.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let header = Format::new().set_bold();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let text = Format::new().set_num_format("@");
    sheet.set_freeze_panes(1, 0)?;
    for (column, values) in table.columns.iter().enumerate() {
        // Beyond 16,384 columns the crate refuses.
        let at = u16::try_from(column).unwrap_or(u16::MAX);
        sheet.write_string_with_format(0, at, &values.name, &header)?;
        let mut width = values.name.chars().count();
        for row in 0..values.values.len() {
            let line = row as u32 + 1;
            let cell = values.values.cell(row);
            if row < MEASURED {
                width = width.max(letters(cell));
            }
            match cell {
                Cell::Empty => {}
                Cell::Text(value) => {
                    // U+FFFE and U+FFFF are no characters: XML must not hold them.
                    let fair = |letter| match letter {
                        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
                        letter => letter,
                    };
                    let cut: String = value.chars().take(MAX_LETTERS).map(fair).collect();
                    sheet.write_string_with_format(line, at, cut, &text)?;
                }
                Cell::Integer(value) => {
                    sheet.write_number(line, at, value as f64)?;
                }
                Cell::Number(value) => {
                    sheet.write_number(line, at, value)?;
                }
                Cell::Day(day) => match excel_date(day) {
                    Some(value) => {
                        sheet.write_datetime_with_format(line, at, value, &date)?;
                    }
                    // Before 1900 a workbook has no dates.
                    None => {
                        sheet.write_string(line, at, iso(day))?;
                    }
                },
            }
        }
        sheet.set_column_width(at, (width + 2).clamp(8, 48) as f64)?;
    }
    if !table.columns.is_empty() {
        let last = (table.columns.len() - 1) as u16;
        sheet.autofilter(0, 0, table.rows() as u32, last)?;
    }
    Ok(())
}

fn letters(cell: Cell<'_>) -> usize {
    match cell {
        Cell::Empty => 0,
        Cell::Text(text) => text.chars().count(),
        Cell::Integer(value) => value.to_string().len(),
        Cell::Number(_) | Cell::Day(_) => 10,
    }
}

fn excel_date(day: Day) -> Option<ExcelDateTime> {
    ExcelDateTime::parse_from_str(&iso(day)).ok()
}

/// At most 31 letters, none of `[]:*?/\`.
fn sheet_name(name: &str) -> String {
    let plain = name.chars().filter(|letter| !"[]:*?/\\'".contains(*letter));
    let name: String = plain.take(31).collect();
    if name.trim().is_empty() {
        "Sheet".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Values, awkward};
    use calamine::{Data, Reader as _, open_workbook_from_rs};

    #[test]
    fn another_reader_finds_text_as_text_and_numbers_as_numbers() {
        let table = awkward("Customers [all]", -40_000);
        let bytes = workbook(std::slice::from_ref(&table)).unwrap();
        assert_eq!(bytes, workbook(&[table]).unwrap(), "the same bytes");
        let mut book: calamine::Xlsx<_> =
            open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range("Customers all").unwrap();
        let text = |text: &str| Data::String(text.to_owned());
        let cell = |row, column| range.get((row, column)).unwrap().clone();
        assert_eq!(cell(0, 0), text("customer_id"));
        assert_eq!(cell(1, 0), text("00017"));
        assert_eq!(cell(2, 0), text("=1+1"));
        assert_eq!(cell(3, 0), text("1e3"));
        assert_eq!(cell(1, 1), Data::Float(3.0));
        assert_eq!(cell(1, 2), Data::Float(1.25));
        assert_eq!(cell(2, 2), Data::Empty);
        // 2024-01-01 is day 45292 of Excel.
        let Data::DateTime(date) = cell(1, 3) else {
            panic!("{:?}", cell(1, 3));
        };
        assert_eq!(date.as_f64(), 45_292.0);
        assert_eq!(cell(3, 3), text("1860-06-26"));
    }

    #[test]
    fn more_rows_than_a_sheet_holds_are_refused() {
        let mut table = Table::new("t");
        table.push("n", Values::Integers(vec![0; MAX_ROWS + 1]));
        let error = workbook(&[table]).unwrap_err();
        assert!(error.to_string().contains("CSV"), "{error}");
    }
}
