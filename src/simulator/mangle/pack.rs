//! Text as bytes, and files in their containers.

use std::io::{Cursor, Write};

use flate2::{Compression, write::GzEncoder};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use zip::{ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::{
    lines,
    plan::{Container, Encoding, Plan},
    spell,
    table::{Cell, Table},
    words,
};
use crate::random::Rng;
use data::day::Day;

pub(super) fn pack(tables: &[Table], plan: &Plan, rng: &mut Rng) -> Vec<MangledFile> {
    let ending = match plan.text.separator {
        '\t' => "tsv",
        '|' => "txt",
        _ => "csv",
    };
    // Parts of one table are all like the first.
    let mains = tables
        .iter()
        .take_while(|table| table.name.starts_with("orders"))
        .count();
    let mut files = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        if plan.container == Container::Workbook {
            let bytes = workbook(table, at < mains, plan).unwrap_or_default();
            files.push(MangledFile {
                name: format!("{}.xlsx", table.name),
                bytes,
            });
            continue;
        }
        let text = lines::text(table, at < mains, plan, rng);
        files.push(MangledFile {
            name: format!("{}.{ending}", table.name),
            bytes: encoded(&text, plan.encoding),
        });
    }
    match plan.container {
        Container::Plain | Container::Workbook => files,
        Container::Gzip => files.iter().map(gzipped).collect(),
        Container::Zip => zipped(&files).map_or(files, |bytes| {
            vec![MangledFile {
                name: "export.zip".to_owned(),
                bytes,
            }]
        }),
    }
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Mark => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        Encoding::Windows1250 => encoding_rs::WINDOWS_1250.encode(text).0.into_owned(),
        Encoding::ShiftJis => encoding_rs::SHIFT_JIS.encode(text).0.into_owned(),
        Encoding::CodePage850 => {
            oem_cp::encode_string_lossy(text, &oem_cp::code_table::ENCODING_TABLE_CP850)
        }
        Encoding::Utf16 => {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        }
    }
}

fn gzipped(file: &MangledFile) -> MangledFile {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let done = encoder
        .write_all(&file.bytes)
        .and_then(|()| encoder.finish());
    MangledFile {
        name: format!("{}.gz", file.name),
        // Writing into memory does not fail.
        bytes: done.unwrap_or_default(),
    }
}

fn zipped(files: &[MangledFile]) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        archive.start_file(file.name.as_str(), SimpleFileOptions::default())?;
        archive.write_all(&file.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// A workbook with real numbers and real dates.
fn workbook(table: &Table, main: bool, plan: &Plan) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let mut at = 0;
    if plan.text.titles && main {
        sheet.write_string(0, 0, "Sales report")?;
        at = 2;
    }
    let header = |sheet: &mut Worksheet, at: u32| -> Result<(), XlsxError> {
        for (column, place) in table.columns.iter().zip(0..) {
            sheet.write_string(at, place, &column.name)?;
        }
        Ok(())
    };
    header(sheet, at)?;
    for (number, row) in table.rows.iter().enumerate() {
        if main && plan.text.repeated_header && number > 0 && number.is_multiple_of(40) {
            at += 1;
            header(sheet, at)?;
        }
        at += 1;
        for (cell, column) in row.iter().zip(0..) {
            put(sheet, Place { row: at, column }, cell, plan)?;
        }
    }
    if main && plan.text.totals {
        let sums = lines::totals(table);
        for (cell, column) in sums.iter().zip(0..) {
            put(
                sheet,
                Place {
                    row: at + 1,
                    column,
                },
                cell,
                plan,
            )?;
        }
        if let Some(first) = sums.iter().position(|cell| *cell == Cell::Blank) {
            sheet.write_string(at + 1, first as u16, words::total(plan.words))?;
        }
    }
    book.save_to_buffer()
}

#[derive(Clone, Copy)]
struct Place {
    row: u32,
    column: u16,
}

fn put(sheet: &mut Worksheet, place: Place, cell: &Cell, plan: &Plan) -> Result<(), XlsxError> {
    let Place { row, column } = place;
    let day = |day: Day| f64::from(day) + 25_569.0;
    match cell {
        Cell::Blank => {}
        Cell::Money(_) if plan.numbers.sign.is_some() => {
            sheet.write_string(row, column, spell::cell(cell, plan))?;
        }
        Cell::Money(cents) => {
            sheet.write_number(row, column, *cents as f64 / 100.0)?;
        }
        Cell::Count(count) => {
            sheet.write_number(row, column, *count as f64)?;
        }
        Cell::When(on, minute) => {
            let format = Format::new().set_num_format("yyyy-mm-dd hh:mm");
            let moment = day(*on) + f64::from(*minute) / 1_440.0;
            sheet.write_number_with_format(row, column, moment, &format)?;
        }
        Cell::Date(on) => {
            let format = Format::new().set_num_format("dd.mm.yyyy");
            sheet.write_number_with_format(row, column, day(*on), &format)?;
        }
        Cell::Text(text) | Cell::Id(text) | Cell::Number(text) => {
            sheet.write_string(row, column, text)?;
        }
    }
    Ok(())
}

/// A file to write, by its name.
pub struct MangledFile {
    pub name: String,
    pub bytes: Vec<u8>,
}
