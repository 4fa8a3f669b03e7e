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
    options::ReadOptions,
    stage::Stage,
};

/// Rows that take part in guessing what columns mean.
pub const SAMPLE_ROWS: usize = 1_000;

/// Reads every file as order lines.
///
/// # Errors
/// [`DataError::MissingColumn`] when a file has no column for customer, date or amount, and any
/// error of reading.
pub fn read(job: &Job<'_>) -> Result<Gathered, DataError> {
    let (mut stage, mut reads, mut bytes_before) = (Stage::default(), Vec::new(), 0);
    for file in &job.files {
        let rows = chunks::first_rows(&file.input, &file.dialect, SAMPLE_ROWS)?;
        let guesses = guess(file, &rows, job.options);
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
        damage: Vec::new(),
        tables: Vec::new(),
    })
}

/// What the columns of a file mean, judged by its first rows.
#[must_use]
pub fn guess(file: &Sniffed, rows: &[Vec<String>], options: &ReadOptions) -> Vec<Guess> {
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
    let overrides = options.roles.get(&file.input.name()).unwrap_or(&none);
    mapping::guess(&samples, overrides)
}

fn require(file: &Sniffed, guesses: &[Guess]) -> Result<(), DataError> {
    let roles: Vec<Role> = guesses.iter().map(|guess| guess.role).collect();
    match mapping::missing(&roles).first() {
        None => Ok(()),
        Some(need) => Err(DataError::MissingColumn {
            path: file.input.path().to_path_buf(),
            role: need.name.to_owned(),
            expected: need.expected.to_owned(),
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
