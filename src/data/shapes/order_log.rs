//! Any table of order lines: one row per line, columns of any name.
//!
//! Several files are read one after the other (exports by year, say); their columns may be named and
//! ordered differently.

use std::collections::BTreeMap;

use super::{Job, Sniffed};
use crate::data::{
    chunks,
    dataset::{Role, Shape},
    error::DataError,
    finish::Gathered,
    ingest::{self, Lines, ingest},
    mapping::{self, Guess, Sample},
    stage::Stage,
};

/// Rows that take part in guessing what columns mean.
const SAMPLE_ROWS: usize = 1_000;

/// Reads every file as order lines.
///
/// # Errors
/// [`DataError::MissingColumn`] when a file has no column for customer, date or amount, and any
/// error of reading.
pub fn read(job: &Job<'_>) -> Result<Gathered, DataError> {
    let (mut stage, mut reads, mut bytes_before) = (Stage::default(), Vec::new(), 0);
    for file in &job.files {
        let guesses = guess(file, job)?;
        require(file, &guesses)?;
        let lines = Lines {
            input: &file.input,
            dialect: &file.dialect,
            guesses,
            zone: job.zone.clone(),
            date_order: job.options.date_order,
            bytes_total: job.bytes_total,
            bytes_before,
        };
        reads.push(ingest(&lines, &mut stage, job.monitor)?);
        bytes_before += file.input.len()?;
    }
    Ok(Gathered {
        name: set_name(&job.files),
        shape: Shape::OrderLog,
        stage,
        reads,
        beside: Vec::new(),
        remarks: Vec::new(),
        own: Vec::new(),
    })
}

fn guess(file: &Sniffed, job: &Job<'_>) -> Result<Vec<Guess>, DataError> {
    let rows = chunks::first_rows(&file.input, &file.dialect, SAMPLE_ROWS)?;
    let samples: Vec<Sample> = file
        .dialect
        .names
        .iter()
        .enumerate()
        .map(|(column, name)| Sample {
            name: name.clone(),
            cells: rows.iter().map(|cells| cells[column].clone()).collect(),
        })
        .collect();
    let none = BTreeMap::new();
    let overrides = job.options.roles.get(&file.input.name()).unwrap_or(&none);
    Ok(mapping::guess(&samples, overrides))
}

/// What an order log cannot do without, with names that would have been understood.
const REQUIRED: [(Role, &str, &str); 3] = [
    (
        Role::Customer,
        "the customer",
        "a column such as customer_id, CustomerID or Kundennummer",
    ),
    (
        Role::Date,
        "the order date",
        "a column such as order_date, InvoiceDate or Bestelldatum",
    ),
    (
        Role::Amount,
        "the amount",
        "a column such as amount, total or Betrag, or both UnitPrice and Quantity",
    ),
];

fn require(file: &Sniffed, guesses: &[Guess]) -> Result<(), DataError> {
    let has = |role| guesses.iter().any(|guess| guess.role == role);
    let priced = has(Role::UnitPrice) && has(Role::Quantity);
    let missing = REQUIRED
        .iter()
        .find(|(role, _, _)| !has(*role) && (*role != Role::Amount || !priced));
    match missing {
        None => Ok(()),
        Some((_, role, expected)) => Err(DataError::MissingColumn {
            path: file.input.path().to_path_buf(),
            role: (*role).to_owned(),
            expected: (*expected).to_owned(),
            found: ingest::quoted(&file.dialect.names),
            advice: "Say which column it is, or add it to the file".to_owned(),
        }),
    }
}

/// The file's stem, or the folder's name for several files.
#[must_use]
pub fn set_name(files: &[Sniffed]) -> String {
    let path = files.first().map(|file| file.input.path());
    let named = match files {
        [_] => path.and_then(std::path::Path::file_stem),
        _ => path
            .and_then(std::path::Path::parent)
            .and_then(std::path::Path::file_name),
    };
    named.map_or_else(
        || "orders".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}
