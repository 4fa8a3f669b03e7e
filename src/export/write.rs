//! From a table to a file: the format follows from the name, and nothing is replaced unasked.

use std::{io::ErrorKind, path::Path};

use super::{
    csv::{self, CsvOptions},
    error::ExportError,
    excel, parquet,
    table::Table,
};
use base::atomic::{write_atomically, write_new};

/// Formats of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Csv,
    Excel,
    /// Only in a build with the feature `parquet`.
    Parquet,
}

impl Format {
    /// The formats this build writes.
    pub const ALL: &[Self] = if parquet::AVAILABLE {
        &[Self::Csv, Self::Excel, Self::Parquet]
    } else {
        &[Self::Csv, Self::Excel]
    };

    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Excel => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Excel => "Excel",
            Self::Parquet => "Parquet",
        }
    }

    /// The format a file name asks for.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_string_lossy().to_lowercase();
        match extension.as_str() {
            "csv" | "txt" | "tsv" => Some(Self::Csv),
            "xlsx" => Some(Self::Excel),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// How a table is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub format: Format,
    pub csv: CsvOptions,
}

/// The bytes of a file with this table.
///
/// # Errors
/// [`ExportError`] when the format cannot hold the table.
pub fn bytes(table: &Table, options: Options) -> Result<Vec<u8>, ExportError> {
    match options.format {
        Format::Excel => excel::workbook(std::slice::from_ref(table)),
        Format::Parquet => parquet::bytes(table),
        Format::Csv => {
            let mut bytes = Vec::new();
            csv::write(table, options.csv, &mut bytes).map_err(|source| ExportError::Io {
                path: table.name.clone(),
                source,
            })?;
            Ok(bytes)
        }
    }
}

/// Writes whole or not at all; an existing file is replaced only when told so.
///
/// # Errors
/// [`ExportError::Exists`], or what the file system says.
pub fn save(bytes: &[u8], path: &Path, replace: bool) -> Result<(), ExportError> {
    let name = || path.display().to_string();
    let written = if replace {
        write_atomically(path, bytes)
    } else {
        write_new(path, bytes)
    };
    written.map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists if !replace => ExportError::Exists(name()),
        _ => ExportError::Io {
            path: name(),
            source,
        },
    })
}
