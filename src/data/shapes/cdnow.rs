//! `CDNOW_master.txt` and `CDNOW_sample.txt`: no header, runs of spaces, CRLF.
//!
//! Columns are customer id, (sample id,) date as `YYYYMMDD`, number of CDs, dollars. There is no
//! order id: an order is a customer-day.

use super::{Job, Sniffed};
use crate::{
    data::dataset::error::DataError,
    data::dataset::{Role, Shape},
    data::judge::finish::Gathered,
    data::lines::ingest::{Lines, ingest},
    data::lines::stage::Stage,
    data::roles::mapping::Guess,
    data::table::records::Separator,
    data::table::refind,
    data::values::dates,
    data::values::numbers,
};

const MASTER: [(&str, Role); 4] = [
    ("customer id", Role::Customer),
    ("date", Role::Date),
    ("CDs", Role::Ignored),
    ("dollars", Role::Amount),
];

const SAMPLE: [(&str, Role); 5] = [
    ("customer id", Role::Customer),
    ("sample id", Role::Ignored),
    ("date", Role::Date),
    ("CDs", Role::Ignored),
    ("dollars", Role::Amount),
];

/// The layout that has so many columns as the file.
fn by_width(file: &Sniffed) -> Option<&'static [(&'static str, Role)]> {
    match file.dialect.names.len() {
        4 => Some(&MASTER),
        5 => Some(&SAMPLE),
        _ => None,
    }
}

/// The layout of a file whose first rows are those of one.
fn layout(file: &Sniffed) -> Option<&'static [(&'static str, Role)]> {
    let dialect = &file.dialect;
    if dialect.has_header || dialect.separator != Separator::Spaces {
        return None;
    }
    let layout = by_width(file)?;
    let rows = refind::first_rows(&file.input, dialect, 20).ok()?;
    let fits = |cell: &String, role: Role| match role {
        Role::Date => cell.len() == 8 && dates::looks_like_date(cell),
        Role::Amount => numbers::looks_like_number(cell),
        _ => cell.bytes().all(|byte| byte.is_ascii_digit()),
    };
    let fitting = rows
        .iter()
        .filter(|cells| {
            cells
                .iter()
                .zip(layout)
                .all(|(cell, (_, role))| fits(cell, *role))
        })
        .count();
    (fitting * 10 >= rows.len() * 9 && fitting > 0).then_some(layout)
}

/// Whether every file has one of the two layouts.
#[must_use]
pub fn recognise(files: &[Sniffed]) -> bool {
    !files.is_empty() && files.iter().all(|file| layout(file).is_some())
}

/// Reads the files as order lines with the known columns.
///
/// # Errors
/// [`DataError`] when reading fails.
pub fn read(job: &Job<'_>) -> Result<Gathered, DataError> {
    let (mut stage, mut reads, mut bytes_before) = (Stage::default(), Vec::new(), 0);
    for file in &job.files {
        let layout = by_width(file).unwrap_or(&MASTER);
        let mut dialect = file.dialect.clone();
        dialect.names = layout.iter().map(|(name, _)| (*name).to_owned()).collect();
        let overrides = job.options.roles.get(&file.input.name());
        let guesses =
            layout.iter().map(
                |(name, role)| match overrides.and_then(|roles| roles.get(*name)) {
                    Some(&role) => Guess::new(role, "chosen by you"),
                    None => Guess::new(*role, "by its place in the CDNOW layout"),
                },
            );
        let lines = Lines {
            input: &file.input,
            dialect: &dialect,
            guesses: guesses.collect(),
            zone: job.zone.clone(),
            date_order: job.options.date_order,
            bytes_total: job.bytes_total,
            bytes_before,
        };
        reads.push(ingest(&lines, &mut stage, job.monitor)?);
        bytes_before += file.input.len()?;
    }
    Ok(Gathered {
        name: super::order_log::set_name(&job.files),
        shape: Shape::Cdnow,
        stage,
        reads,
        beside: Vec::new(),
        remarks: Vec::new(),
        own: Vec::new(),
        damage: Vec::new(),
        tables: Vec::new(),
    })
}
