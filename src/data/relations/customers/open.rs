//! Opening customer tables, one or several.

use std::sync::Arc;

use rayon::prelude::*;

use super::{
    group::{Group, Match, Tables},
    report::{Keys, Report},
    verdict::{REPEATED_SHARE, verdict},
};
use crate::dataset::understanding::Understanding;
use crate::{
    dataset::error::DataError,
    dataset::tables::Table,
    dataset::{Dataset, FileReading, Role, Shape},
    lines::ingest::Read,
    orders::Orders,
    relations::tables::unreadable,
    roles::reason::Guess,
    roles::{job::Job, sniffed::Sniffed},
    table::typed::{self, Spelling, Typed},
};
use base::figures;

/// Reads the tables; `None` when all rows, or the meanings chosen by the user, say that one is an
/// order log after all.
///
/// Files with the same columns become one table, with a column that tells the file. Another table is
/// joined by its customers when it shares them; its columns follow, its customers do not.
///
/// # Errors
/// [`DataError::FileSet`] when tables have no customers in common, or hold the same customers twice;
/// any error of reading.
pub fn open(job: &Job<'_>) -> Result<Option<Dataset>, DataError> {
    let Some((files, mut remarks)) = tables_of(job) else {
        return Ok(None);
    };
    let mut groups = Group::read_all(&files, job)?;
    // The most customers decide; of equally many the first file.
    let most = groups.iter().map(Group::rows).max().unwrap_or(0);
    let Some(first) = groups.iter().position(|group| group.rows() == most) else {
        return Ok(None);
    };
    let mut tables = Tables::new(groups.remove(first));
    for group in groups {
        let found = tables
            .compare(&group)
            .map_err(|error| unreadable(group.first(), &error))?;
        remarks.extend(fit(&tables, &group, &found)?);
        tables.join(group, found);
    }
    job.monitor.check()?;
    job.monitor.progress("Reading columns", 0, 0);
    let columns = read_columns(&tables, job)?;
    let keys = Keys::of(&columns[tables.key()]);
    if keys.repeated.len() as f64 > REPEATED_SHARE * tables.rows() as f64 {
        return match tables.base().files() {
            [_] => Ok(None),
            _ => Err(same_customers(&tables, keys.repeated.len())),
        };
    }
    assemble(job, (tables, columns), &keys, remarks).map(Some)
}

/// Files with the place of their customer.
type Keyed<'a> = Vec<(&'a Sniffed, usize)>;

/// The customer tables among the files by path, so that the order in which they were given does not
/// matter, each with the place of its customer; and remarks on the other files.
fn tables_of<'a>(job: &'a Job<'_>) -> Option<(Keyed<'a>, Vec<String>)> {
    let (mut files, mut remarks) = (Vec::new(), Vec::new());
    for file in &job.files {
        let said = file.said(job.options);
        match verdict(file, said).filter(|_| file.dialect.has_header) {
            Some(key) => files.push((file, key)),
            // A file whose meaning was chosen by hand is no mere bystander.
            None if said.by_nobody() => remarks.push(format!(
                "{} is no table with one row per customer and was not used",
                file.input.name()
            )),
            None => return None,
        }
    }
    files.sort_by(|a, b| a.0.input.path().cmp(b.0.input.path()));
    (!files.is_empty()).then_some((files, remarks))
}

/// Whether a group belongs beside the first one: remarks on what does not fit.
fn fit(tables: &Tables<'_>, group: &Group<'_>, found: &Match) -> Result<Vec<String>, DataError> {
    let key = |group: &Group<'_>| group.first().folded()[group.key].clone();
    let name = |group: &Group<'_>| group.first().dialect.names[group.key].clone();
    let base = tables.base();
    let same_name = key(base) == key(group);
    if found.shared == 0 || (!same_name && found.shared * 2 < found.customers) {
        return Err(DataError::FileSet {
            problem: format!(
                "these are different customer tables: {} of {} customers of {} (by `{}`) stand in {} (by `{}`)",
                found.shared,
                found.customers,
                group.title(),
                name(group),
                base.title(),
                name(base),
            ),
            advice: "Open one of them at a time, or tables that name the same customers".to_owned(),
        });
    }
    let mut remarks = vec![format!(
        "{} is joined to {} by `{}`: {} of {} customers have a row in it",
        group.title(),
        base.title(),
        name(group),
        found.shared,
        tables.rows(),
    )];
    if found.shared < found.customers {
        remarks.push(format!(
            "{}: left out {} missing from {}",
            group.title(),
            figures::count(
                (found.customers - found.shared) as u64,
                "customer",
                "customers"
            ),
            base.title(),
        ));
    }
    if found.repeated > 0 {
        remarks.push(format!(
            "{}: {} of a customer that stands further up; the first row counts",
            group.title(),
            figures::count(found.repeated as u64, "further row", "further rows"),
        ));
    }
    let broken = group.reads().iter();
    remarks.extend(broken.filter_map(Read::broken_remark));
    Ok(remarks)
}

fn same_customers(tables: &Tables<'_>, repeated: usize) -> DataError {
    DataError::FileSet {
        problem: format!(
            "{} hold the same customers: {repeated} of {} rows repeat one of an earlier row",
            tables.base().title(),
            tables.rows(),
        ),
        advice: "Open one of them, such as the latest".to_owned(),
    }
}

fn read_columns(tables: &Tables<'_>, job: &Job<'_>) -> Result<Vec<Typed>, DataError> {
    let spelling = Spelling {
        zone: job.zone.clone(),
        date_order: job.options.date_order,
    };
    let first = tables.base().first();
    let names = tables.names().par_iter().enumerate();
    let columns: Vec<_> = names
        .with_max_len(1)
        .map(|(at, name)| {
            job.monitor.check()?;
            let column = tables.column(at);
            let column = column.map_err(|error| unreadable(first, &error))?;
            let typed = if at == tables.key() {
                typed::read_ids(name, &column)
            } else {
                typed::read(name, &column, &spelling)
            };
            typed.map_err(|refused| refused.of(first.input.path()))
        })
        .collect();
    columns.into_iter().collect()
}

fn assemble(
    job: &Job<'_>,
    (tables, columns): (Tables<'_>, Vec<Typed>),
    keys: &Keys,
    more_remarks: Vec<String>,
) -> Result<Dataset, DataError> {
    let report = Report { tables: &tables };
    let quality = report.write(&columns, keys)?;
    let rows = tables.rows();
    if rows == 0 {
        return Err(DataError::NoUsableRows {
            path: tables.base().first().input.path().to_path_buf(),
            problem: "there is a header, but no usable row below it".to_owned(),
            advice: "Choose the file with one row per customer".to_owned(),
        });
    }
    let mut remarks = vec![
        "One row per customer and no order history: cohorts, recency and frequency need orders."
            .to_owned(),
    ];
    remarks.extend(more_remarks);
    let names = tables.names().to_vec();
    remarks.extend(columns.iter().zip(&names).filter_map(|(typed, name)| {
        let remark = typed.remark.as_ref()?;
        Some(format!("{name}: {remark}"))
    }));
    let key = tables.key();
    let files = readings(tables, &columns, key)?;
    let table = Table {
        name: "customers".to_owned(),
        rows,
        columns: columns.into_iter().map(|typed| typed.column).collect(),
    };
    Ok(Dataset {
        name: job.set_name(),
        shape: Shape::CustomerTable,
        files,
        orders: Arc::new(Orders {
            offsets: vec![0],
            ..Orders::default()
        }),
        tables: vec![Arc::new(table)],
        quality,
        understanding: Understanding::default(),
        remarks,
    })
}

/// How every file was understood.
fn readings(
    tables: Tables<'_>,
    columns: &[Typed],
    key: usize,
) -> Result<Vec<FileReading>, DataError> {
    let mut files = Vec::new();
    for (which, (group, became)) in tables.into_groups().enumerate() {
        let part = if which == 0 {
            "customers"
        } else {
            "joined to the customers"
        };
        for (mut read, places) in group.into_reads() {
            for (at, column) in places.into_iter().zip(&became) {
                read.guesses[at] = match *column {
                    Some(column) if column == key => {
                        Guess::said(Role::Customer, "one row per customer: no value repeats")
                    }
                    Some(_) => Guess::said(Role::Attribute, "a field of the customer"),
                    None => Guess::said(Role::Customer, "joins the tables"),
                };
                if let Some(column) = *column {
                    read.formats[at].clone_from(&columns[column].format);
                }
            }
            files.push(read.reading(part)?);
        }
    }
    Ok(files)
}
