//! Any table of order lines: one row per line, columns of any name.
//!
//! Several files are read one after the other (exports by year, say); their columns may be named and
//! ordered differently.

use std::collections::BTreeMap;

use super::{Job, Sniffed};
use crate::{
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    data::dataset::{Role, Shape},
    data::judge::finish::Gathered,
    data::lines::ingest::{self, Lines, ingest},
    data::lines::stage::Stage,
    data::roles::mapping::{self, Guess, Sample},
    data::table::small::SmallTable,
    data::values::text,
};

/// Reads every file that holds order lines; others are left out with a remark.
///
/// # Errors
/// [`DataError::MissingColumn`] when no file has columns for customer, date and amount, or one for
/// which the user chose roles lacks them; any error of reading.
pub fn read(job: &Job<'_>) -> Result<Gathered, DataError> {
    let (mut stage, mut reads, mut bytes_before) = (Stage::default(), Vec::new(), 0);
    let (mut beside, mut remarks, mut files) = (Vec::new(), Vec::new(), Vec::new());
    for file in &job.files {
        let overrides = job.options.roles.get(&file.input.name());
        let guesses = file.guesses(overrides.unwrap_or(&BTreeMap::new()))?;
        files.push((file, guesses));
    }
    let any = files
        .iter()
        .any(|(file, guesses)| require(file, guesses).is_ok());
    for (file, guesses) in files {
        if let Err(error) = require(file, &guesses) {
            if !any || job.options.roles.contains_key(&file.input.name()) {
                return Err(error);
            }
            let (read, remark) = unused(file, guesses, job)?;
            remarks.push(remark);
            beside.push((read, "not used"));
            continue;
        }
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
        beside,
        remarks,
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
            cells: rows.iter().map(|cells| cells[column].as_str()).collect(),
        })
        .collect();
    let none = BTreeMap::new();
    let overrides = options.roles.get(&file.input.name()).unwrap_or(&none);
    mapping::guess(&samples, overrides)
}

/// A file among order logs that is none: how it was understood, and a remark.
fn unused(
    file: &Sniffed,
    guesses: Vec<Guess>,
    job: &Job<'_>,
) -> Result<(ingest::Read, String), DataError> {
    let roles: Vec<Role> = guesses.iter().map(|guess| guess.role).collect();
    let lacks = mapping::missing(&roles);
    let remark = format!(
        "{} holds no order lines (no column for {}) and was not used",
        file.input.name(),
        lacks.first().map_or("", |need| need.name)
    );
    let mut table = SmallTable::read(file, &[], job)?;
    table.read.guesses = guesses;
    Ok((table.read, remark))
}

fn require(file: &Sniffed, guesses: &[Guess]) -> Result<(), DataError> {
    let roles: Vec<Role> = guesses.iter().map(|guess| guess.role).collect();
    match mapping::missing(&roles).first() {
        None => Ok(()),
        Some(need) => Err(DataError::MissingColumn {
            path: file.input.path().to_path_buf(),
            role: need.name.to_owned(),
            expected: need.expected.to_owned(),
            found: text::quoted(&file.dialect.names),
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
