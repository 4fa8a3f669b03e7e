//! Days that stand in a table of their own: rows name a day by its key, and a calendar (the date dimension
//! of a star schema) says which day that is.

use std::{cell::OnceCell, sync::Arc};

use polars::prelude::{DataFrame, IntoColumn, PolarsResult, StringChunked};

use super::{
    frames::{self, IdPool},
    tables,
};
use crate::{
    dataset::{Role, error::DataError},
    lines::ingest::Read,
    open::columns::Columns,
    roles::{
        assign::Said, facts::Sample, job::Job, sniffed::Sniffed, vocabulary::concept::Concept,
    },
    table::{cells, dialect::Dialect, frame::FrameTable},
};

/// A calendar among the files, and its column of days.
struct Calendar {
    file: usize,
    day: usize,
    /// All of it, once a file names days by its keys.
    frame: OnceCell<DataFrame>,
}

impl Calendar {
    fn frame(&self, job: &Job<'_>) -> Result<&DataFrame, DataError> {
        if let Some(known) = self.frame.get() {
            return Ok(known);
        }
        let frame = FrameTable::read(&[&job.files[self.file]], job)?.frame;
        Ok(self.frame.get_or_init(|| frame))
    }
}

/// A column whose cells are keys of a calendar.
#[derive(Clone, Copy, PartialEq)]
struct Keyed {
    column: usize,
    calendar: usize,
    key: usize,
}

/// Puts the days of a calendar in the place of its keys, in every file that names them.
///
/// # Errors
/// Any error of reading.
pub fn resolve(job: &mut Job<'_>) -> Result<(), DataError> {
    let mut calendars = Vec::new();
    for (file, sniffed) in job.files.iter().enumerate() {
        let day = day_of(sniffed)?;
        calendars.extend(day.map(|day| Calendar {
            file,
            day,
            frame: OnceCell::new(),
        }));
    }
    if calendars.is_empty() || job.files.len() < 2 {
        return Ok(());
    }
    let mut keyed: Vec<Vec<Keyed>> = Vec::new();
    for (at, file) in job.files.iter().enumerate() {
        let is_calendar = calendars.iter().any(|calendar| calendar.file == at);
        keyed.push(if is_calendar {
            Vec::new()
        } else {
            keys_in(file, &calendars, job)?
        });
    }
    // With days for keys a calendar can be joined still.
    for of in keyed.concat() {
        let own = &mut keyed[calendars[of.calendar].file];
        let column = of.key;
        if own.iter().all(|known| known.column != column) {
            own.push(Keyed { column, ..of });
        }
    }
    let files = job.files.iter().zip(&keyed).map(|(file, keyed)| {
        if keyed.is_empty() {
            return Ok(file.clone());
        }
        dated(file, keyed, &calendars, job)
    });
    job.files = files.collect::<Result<_, DataError>>()?;
    Ok(())
}

/// The days of a file that is a calendar: each stands in one row, beside its parts, and nobody buys.
fn day_of(file: &Sniffed) -> Result<Option<usize>, DataError> {
    let roles = file.roles(Said::default())?;
    let sells = [Role::Customer, Role::Order, Role::Contact];
    let parts = roles
        .spoken
        .iter()
        .filter(|spoken| spoken.has(Concept::CalendarPart));
    if sells.iter().any(|role| roles.column(*role).is_some()) || parts.count() < 2 {
        return Ok(None);
    }
    Ok(roles.facts.iter().position(|facts| {
        facts.likely_dates > 0.99 && facts.numbers < 0.5 && facts.distinct == facts.rows
    }))
}

/// The columns of a file that are named like a key of a calendar, find their partners there, and hold no
/// days themselves.
fn keys_in(file: &Sniffed, calendars: &[Calendar], job: &Job<'_>) -> Result<Vec<Keyed>, DataError> {
    let roles = file.roles(Said::default())?;
    let broken = |error| tables::unreadable(file, &error);
    let pool = IdPool::default();
    let ids = |sample: &Sample| {
        let rows = (0..sample.rows()).map(|row| Some(sample.cell(row)));
        pool.ids(&rows.collect::<StringChunked>()).map_err(broken)
    };
    let mut keyed = Vec::new();
    for (column, sample) in file.samples()?.iter().enumerate() {
        for (calendar, known) in calendars.iter().enumerate() {
            let other = &job.files[known.file];
            let key = other.folded().iter().enumerate().position(|(key, name)| {
                let alike = name.len() > 4 && file.folded()[column].ends_with(name);
                alike && key != known.day && roles.facts[column].dates < 0.5
            });
            let Some(key) = key else { continue };
            let (asked, keys) = (ids(sample)?, ids(&other.samples()?[key])?);
            let found = frames::shared(&asked.numbers, &keys.numbers);
            // A sample of a long calendar does not hold every key.
            let most = found * 10 >= asked.distinct * 9 || keys.numbers.len() >= MANY_DAYS;
            if found > 0 && most {
                keyed.push(Keyed {
                    column,
                    calendar,
                    key,
                });
                break;
            }
        }
    }
    Ok(keyed)
}

/// A sample of so many days is not the whole calendar.
const MANY_DAYS: usize = 1_000;

/// The file with days in place of keys.
fn dated(
    file: &Sniffed,
    keyed: &[Keyed],
    calendars: &[Calendar],
    job: &Job<'_>,
) -> Result<Sniffed, DataError> {
    let broken = |error| tables::unreadable(file, &error);
    let table = FrameTable::read(&[file], job)?;
    let mut frame = table.frame;
    let mut remarks = file.dialect.remarks.clone();
    remarks.extend(table.reads.iter().filter_map(Read::broken_remark));
    for keyed in keyed {
        let known = &calendars[keyed.calendar];
        let calendar = &job.files[known.file];
        let of = known.frame(job)?;
        let mut bring = || -> PolarsResult<()> {
            let pool = IdPool::default();
            let asked = pool.ids(&cells::texts(&frame.columns()[keyed.column])?)?;
            let keys = pool.ids(&cells::texts(&of.columns()[keyed.key])?)?;
            let rows = frames::lookup(&asked.numbers, &keys.numbers);
            let days = frames::bring(&of.columns()[known.day], &rows)?;
            let days = cells::texts(&days)?.with_name(frame.columns()[keyed.column].name().clone());
            frame.replace_column(keyed.column, days.into_column())?;
            Ok(())
        };
        bring().map_err(broken)?;
        remarks.push(format!(
            "`{}` names days by a key; the days were taken from `{}` of {}",
            file.dialect.names[keyed.column],
            calendar.dialect.names[known.day],
            calendar.input.name()
        ));
    }
    let columns = Columns {
        lines: table.lines,
        ..Columns::new(&frame, file.dialect.layout()).map_err(broken)?
    };
    let dialect = Dialect {
        remarks,
        ..Dialect::of_columns(Arc::new(columns))
    };
    Ok(Sniffed::new(file.input.clone(), dialect))
}
