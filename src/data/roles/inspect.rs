//! A first look at files that are not open yet: what they hold and what their columns seem to mean.
//!
//! Nothing is required of the files but that they can be read, so this also works on files whose
//! columns must still be mapped. It reads the beginning of each file only.

use std::path::PathBuf;

use crate::{
    dataset::error::DataError,
    dataset::options::ReadOptions,
    dataset::{ColumnReading, FileReading, Role},
    lines::ingest::PREVIEW_ROWS,
    load,
    open::encoding::Encoding,
    open::opened::Book,
    open::source::Input,
    roles::reason::Guess,
    roles::sniffed::{SAMPLE_ROWS, Sniffed},
    table::refind,
    values::dates::{DateColumn, Zone},
    values::numbers::{self, Evidence},
};

/// Sniffs every file, guesses what its columns mean under these options and reads its first rows.
/// [`FileReading::rows`] counts the rows looked at, not those of the file.
///
/// # Errors
/// [`DataError`] when a file cannot be read or is no table.
pub fn inspect(paths: &[PathBuf], options: &ReadOptions) -> Result<Vec<FileReading>, DataError> {
    inspect_inputs(&load::inputs_of(paths)?, options)
}

/// As [`inspect`], of files on disk and in memory.
///
/// # Errors
/// As [`inspect`].
pub fn inspect_inputs(
    inputs: &[Input],
    options: &ReadOptions,
) -> Result<Vec<FileReading>, DataError> {
    let looked = load::look(inputs, options)?;
    looked
        .into_iter()
        .map(|(file, book)| reading(&file, book, options))
        .collect()
}

fn reading(
    file: &Sniffed,
    book: Option<Book>,
    options: &ReadOptions,
) -> Result<FileReading, DataError> {
    let book = book.unwrap_or_default();
    let rows = refind::first_rows(&file.input, &file.dialect, SAMPLE_ROWS)?;
    let guesses = file.guesses(file.said(options))?;
    let formats = formats(&guesses, &rows, options);
    let names = file.dialect.names.iter();
    let columns = names.zip(guesses).zip(formats);
    Ok(FileReading {
        path: file.input.path().to_path_buf(),
        name: file.input.name(),
        sheets: book.sheets,
        sheet: book.read,
        part: "order lines".to_owned(),
        bytes: file.input.len()?,
        rows: rows.len() as u64,
        encoding: file.dialect.reading(Encoding::Utf8),
        delimiter: file.dialect.layout().to_owned(),
        has_header: file.dialect.has_header,
        columns: columns
            .map(|((name, guess), format)| ColumnReading {
                name: name.clone(),
                role: guess.role,
                reason: guess.reason.to_string(),
                chosen: guess.reason.is_human(),
                format,
            })
            .collect(),
        preview: rows.into_iter().take(PREVIEW_ROWS).collect(),
    })
}

/// How dates and numbers of each column are read, as far as the first rows tell.
fn formats(guesses: &[Guess], rows: &[Vec<String>], options: &ReadOptions) -> Vec<String> {
    let zone = Zone::named(options.zone_name()).unwrap_or_default();
    let money = |role| matches!(role, Role::Amount | Role::UnitPrice | Role::Quantity);
    let mut evidence = Evidence::default();
    for cells in rows {
        for (cell, guess) in cells.iter().zip(guesses) {
            if money(guess.role) {
                let _ = numbers::read(cell, evidence.decimal(), &mut evidence);
            }
        }
    }
    let format = |(at, guess): (usize, &Guess)| match guess.role {
        Role::Date => {
            let mut column = DateColumn::new(zone.clone(), rows.len());
            for cells in rows {
                column.push(&cells[at]);
            }
            column.finish(options.date_order).format
        }
        role if money(role) => evidence.decimal().format().to_owned(),
        _ => String::new(),
    };
    guesses.iter().enumerate().map(format).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(text: &'static str, options: &ReadOptions) -> FileReading {
        let input = Input::memory("unknown.csv", text.as_bytes());
        inspect_inputs(&[input], options).unwrap().remove(0)
    }

    const UNKNOWN: &str = "k;d;x;z\nA1;03/04/2024;1.234,50;rot\nA2;04/05/2024;12,00;blau\n";

    fn roles(file: &FileReading) -> Vec<Role> {
        file.columns.iter().map(|column| column.role).collect()
    }

    #[test]
    fn files_without_known_names_are_looked_at_all_the_same() {
        let file = read(UNKNOWN, &ReadOptions::default());
        assert_eq!(file.delimiter, "semicolon");
        assert_eq!((file.rows, file.preview.len()), (2, 2));
        // Contents speak for date and amount; who the customer is nobody can tell.
        assert_eq!(
            roles(&file),
            [Role::Attribute, Role::Date, Role::Amount, Role::Attribute]
        );
        assert_eq!(file.columns[1].format, "date, day/month/year");
        assert_eq!(file.columns[2].format, "number, decimal comma");
    }

    #[test]
    fn what_the_user_says_counts() {
        let said = BTreeMap::from([("k".to_owned(), Role::Customer)]);
        let options = ReadOptions {
            roles: BTreeMap::from([("unknown.csv".to_owned(), said)]),
            date_order: Some(crate::dataset::options::DateOrder::MonthDay),
            ..ReadOptions::default()
        };
        let file = read(UNKNOWN, &options);
        assert_eq!(file.columns[0].role, Role::Customer);
        assert_eq!(file.columns[0].reason, "chosen by you");
        assert_eq!(file.columns[1].format, "date, month/day/year");
    }
}
