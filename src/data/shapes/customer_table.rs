//! A flat customer table: one row per customer, no order history.
//!
//! A table and an order log of people who all bought once look alike: both have a unique customer in
//! every row. What tells them apart is what the other columns say ([`verdict`]):
//!
//! 1. An order id, an order date and an amount, each by a name that means it, make an order log,
//!    whoever bought how often.
//! 2. Where customers repeat, every row is something a customer did: an order log.
//! 3. Columns that sum up a customer's whole life (a purchase frequency, a lifetime value, a
//!    probability of churn, days since the last visit…) make a customer table: no single order has them.
//! 4. Otherwise customer, date and amount make an order log, and unique customers without one of the
//!    two are a table — from [`MIN_CUSTOMERS`] rows on, since fewer do not show that nobody repeats.
//!
//! Columns whose meaning was chosen by hand as date and amount make an order log in any case.

use std::{collections::BTreeMap, sync::Arc};

use super::{Job, Sniffed, order_log::set_name};
use crate::data::{
    dataset::{Dataset, Role, Shape},
    dates,
    error::DataError,
    ingest::Read,
    mapping::{self, Guess, Sample},
    orders::{Orders, PoolFull},
    quality::{Effect, MAX_SAMPLES, QualityReport, RowSample, RuleCount},
    refind,
    small::SmallTable,
    synonyms::{self, Named},
    tables::{Table, Values},
    text,
    typed::{self, Cells, Spelling, Typed},
};

/// Rows that decide what the file is.
const SAMPLE_ROWS: usize = 1_000;
/// Fewer rows do not show that customers never repeat.
const MIN_CUSTOMERS: usize = 10;
/// Share of customers that may stand twice before the file is read as an order log.
const REPEATED_SHARE: f64 = 0.01;

/// Parts of names that sum up a customer's whole life, folded.
#[rustfmt::skip]
const LIFETIME: &[&str] = &[
    "frequency", "lifetime", "churn", "averageorder", "avgorder", "aov", "ltv", "clv", "tenure", "recency", "retention", "loyalty",
    "lastpurchase", "lastorder", "lastinteraction", "lastvisit", "lastlogin", "dayssince", "timebetween", "numberoforders", "numorders", "orderscount",
    "ordercount", "totalorders", "totalpurchases", "purchasecount", "numpurchases", "numberofpurchases", "numofpurchases", "satisfaction", "membership",
    "kundenwert", "abwanderung", "kundigung", "letzterkauf", "letztebestellung", "kaufhaufigkeit", "anzahlbestellungen",
    "dernierachat", "frequence", "ultimacompra", "frecuencia", "frequencia", "laatsteaankoop", "ultimoacquisto",
];

/// Whether the name of a column speaks of a customer's whole life.
fn sums_up(name: &str) -> bool {
    let folded = text::fold(name);
    LIFETIME.iter().any(|part| folded.contains(part))
}

/// The column that names the customer of each row when the file is a customer table; the columns'
/// meanings with it.
fn verdict(file: &Sniffed, overrides: &BTreeMap<String, Role>) -> Option<usize> {
    let rows = refind::first_rows(&file.input, &file.dialect, SAMPLE_ROWS).ok()?;
    let samples: Vec<Sample> = file
        .dialect
        .names
        .iter()
        .enumerate()
        .map(|(at, name)| Sample {
            name: name.clone(),
            cells: rows.iter().map(|cells| cells[at].clone()).collect(),
        })
        .collect();
    let guesses = mapping::guess(&samples, overrides);
    let summaries = samples
        .iter()
        .filter(|sample| sums_up(&sample.name))
        .count();
    let key = key_column(&samples, &guesses, summaries > 0)?;
    if !is_unique(&samples[key]) || key_is_order(&samples[key].name) {
        return None;
    }
    let evidence = |role| Evidence::of(role, &samples, &guesses);
    let (order, date) = (evidence(Role::Order), evidence(Role::Date));
    let money = evidence(Role::Amount).max(evidence(Role::UnitPrice).min(evidence(Role::Quantity)));
    let log = date.min(money);
    let is_log = log == Evidence::Chosen
        || (log == Evidence::Named && order >= Evidence::Named)
        || (log >= Evidence::Guessed && summaries == 0);
    let enough = if summaries > 0 { 2 } else { MIN_CUSTOMERS };
    (!is_log && rows.len() >= enough).then_some(key)
}

/// How sure it is that a file has a column of some meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Evidence {
    None,
    /// By its content, or by a part of its name.
    Guessed,
    /// By a name that means it, and a content that does not contradict.
    Named,
    /// The user said so.
    Chosen,
}

impl Evidence {
    fn of(role: Role, samples: &[Sample], guesses: &[Guess]) -> Self {
        let Some(at) = guesses.iter().position(|guess| guess.role == role) else {
            return Self::None;
        };
        let named = synonyms::rank(role, &text::fold(&samples[at].name));
        match named {
            _ if guesses[at].reason == "chosen by you" => Self::Chosen,
            Some(Named::Exactly(_)) if !sums_up(&samples[at].name) => Self::Named,
            _ => Self::Guessed,
        }
    }
}

/// The column named after customers, or (beside columns that sum up a life) a plain `id`.
fn key_column(samples: &[Sample], guesses: &[Guess], summed_up: bool) -> Option<usize> {
    let by_role = guesses
        .iter()
        .position(|guess| guess.role == Role::Customer);
    by_role.or_else(|| {
        let mut names = samples.iter().map(|sample| text::fold(&sample.name));
        names.position(|name| name == "id").filter(|_| summed_up)
    })
}

fn key_is_order(name: &str) -> bool {
    matches!(
        synonyms::rank(Role::Order, &text::fold(name)),
        Some(Named::Exactly(_))
    )
}

/// Whether nearly every cell is filled and almost none repeats.
fn is_unique(sample: &Sample) -> bool {
    let mut cells: Vec<&str> = sample
        .cells
        .iter()
        .map(|cell| text::tidy_id(cell))
        .filter(|cell| !dates::is_missing(cell))
        .collect();
    let filled = cells.len();
    cells.sort_unstable();
    cells.dedup();
    let repeated = (filled - cells.len()) as f64;
    filled * 10 >= sample.cells.len() * 9 && repeated <= REPEATED_SHARE * filled as f64
}

/// Whether the files are one customer table, going by the first rows.
#[must_use]
pub fn recognise(files: &[Sniffed]) -> bool {
    matches!(files, [file] if file.dialect.has_header && verdict(file, &BTreeMap::new()).is_some())
}

/// Reads the table; `None` when all its rows, or the meanings chosen by the user, say that it is an
/// order log after all.
///
/// # Errors
/// [`DataError`] when reading fails or the job is cancelled.
pub fn open(job: &Job<'_>) -> Result<Option<Dataset>, DataError> {
    let [file] = job.files.as_slice() else {
        return Ok(None);
    };
    let none = BTreeMap::new();
    let overrides = job.options.roles.get(&file.input.name()).unwrap_or(&none);
    let Some(key) = verdict(file, overrides) else {
        return Ok(None);
    };
    let names: Vec<String> = file
        .dialect
        .names
        .iter()
        .map(|name| text::fold(name))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let whole = SmallTable::read(file, &names, job)?;
    job.monitor.check()?;
    job.monitor.progress("Reading columns", 0, 0);
    let mut columns = Vec::with_capacity(names.len());
    let spelling = Spelling {
        zone: job.zone.clone(),
        date_order: job.options.date_order,
    };
    for (at, name) in file.dialect.names.iter().enumerate() {
        job.monitor.check()?;
        let cells = Cells {
            name,
            rows: whole.rows,
            cell: &|row| whole.cell(row, at),
        };
        let typed = if at == key {
            typed::read_ids(&cells)
        } else {
            typed::read(&cells, &spelling)
        };
        columns.push(typed.map_err(|full| too_large(file, full))?);
    }
    let keys = Keys::of(&columns[key]);
    if keys.repeated.len() as f64 > REPEATED_SHARE * whole.rows as f64 {
        return Ok(None);
    }
    assemble(file, key, (whole, columns), &keys).map(Some)
}

fn too_large(file: &Sniffed, full: PoolFull) -> DataError {
    DataError::Unreadable {
        path: file.input.path().to_path_buf(),
        problem: full.to_string(),
        advice: "Leave long text columns out of the export".to_owned(),
    }
}

/// Rows whose customer is missing or stood in an earlier row.
#[derive(Debug, Default)]
struct Keys {
    missing: Vec<usize>,
    repeated: Vec<usize>,
}

impl Keys {
    fn of(key: &Typed) -> Self {
        let mut keys = Self::default();
        let Values::Texts { codes, pool } = &key.column.values else {
            return keys;
        };
        let mut seen = vec![false; pool.len()];
        for row in 0..codes.len() {
            let code = codes.get(row) as usize;
            if pool.get(code).is_empty() {
                keys.missing.push(row);
            } else if std::mem::replace(&mut seen[code], true) {
                keys.repeated.push(row);
            }
        }
        keys
    }
}

fn assemble(
    file: &Sniffed,
    key: usize,
    (whole, columns): (SmallTable, Vec<Typed>),
    keys: &Keys,
) -> Result<Dataset, DataError> {
    let quality = Report {
        read: &whole.read,
        key,
    }
    .write(whole.rows as u64, &columns, keys)?;
    if whole.rows == 0 {
        return Err(DataError::NoUsableRows {
            path: file.input.path().to_path_buf(),
            problem: "there is a header, but no usable row below it".to_owned(),
            advice: "Choose the file with one row per customer".to_owned(),
        });
    }
    let mut read = whole.read;
    for (at, typed) in columns.iter().enumerate() {
        read.guesses[at] = if at == key {
            Guess::new(Role::Customer, "one row per customer: no value repeats")
        } else {
            Guess::new(Role::Attribute, "a field of the customer")
        };
        read.formats[at].clone_from(&typed.format);
    }
    let mut remarks = vec![
        "One row per customer and no order history: cohorts, recency and frequency need orders."
            .to_owned(),
    ];
    remarks.extend(columns.iter().filter_map(|typed| {
        let remark = typed.remark.as_ref()?;
        Some(format!("{}: {remark}", typed.column.name))
    }));
    let name = set_name(std::slice::from_ref(file));
    let table = Table {
        name: "customers".to_owned(),
        rows: whole.rows,
        columns: columns.into_iter().map(|typed| typed.column).collect(),
    };
    Ok(Dataset {
        name,
        shape: Shape::CustomerTable,
        files: vec![read.reading("customers")?],
        orders: Arc::new(Orders {
            offsets: vec![0],
            ..Orders::default()
        }),
        tables: vec![Arc::new(table)],
        quality,
        remarks,
    })
}

/// Writes the quality report of a table: every row is kept, unless its cells do not fit the header.
struct Report<'a> {
    read: &'a Read,
    key: usize,
}

impl Report<'_> {
    fn write(&self, rows: u64, columns: &[Typed], keys: &Keys) -> Result<QualityReport, DataError> {
        let mut rules = Vec::new();
        if self.read.broken_rows > 0 {
            rules.push(self.broken()?);
        }
        let key = [self.key];
        for (rule, explanation, rows) in [
            (
                "missing_customer",
                "Rows without a customer id are kept: what they hold counts in every profile.",
                &keys.missing,
            ),
            (
                "repeated_customer",
                "Customers that stand in an earlier row too. Both rows are kept.",
                &keys.repeated,
            ),
        ] {
            let first: Vec<usize> = rows.iter().copied().take(MAX_SAMPLES).collect();
            self.flag(
                (rule, explanation),
                rows.len() as u64,
                (&first, &key),
                &mut rules,
            )?;
        }
        let unreadable: u64 = columns.iter().map(|typed| typed.unreadable).sum();
        let mut samples = Vec::new();
        for (at, typed) in columns.iter().enumerate() {
            let room = MAX_SAMPLES - samples.len();
            let rows: Vec<usize> = typed.unreadable_rows.iter().copied().take(room).collect();
            samples.extend(self.samples(&rows, at)?);
        }
        if unreadable > 0 {
            rules.push(RuleCount {
                limit: None,
                rule: "unreadable_cell".to_owned(),
                explanation: "Cells that are no number or date in a column of numbers or dates \
                              count as missing; their rows are kept."
                    .to_owned(),
                effect: Effect::Changed,
                rows: unreadable,
                amount: 0.0,
                samples,
            });
        }
        Ok(QualityReport {
            rows_read: rows + self.read.broken_rows,
            rows_kept: rows,
            rules,
        })
    }

    fn flag(
        &self,
        (rule, explanation): (&str, &str),
        rows: u64,
        (first, columns): (&[usize], &[usize]),
        rules: &mut Vec<RuleCount>,
    ) -> Result<(), DataError> {
        if rows > 0 {
            let mut samples = Vec::new();
            for &column in columns {
                samples.extend(self.samples(first, column)?);
            }
            rules.push(RuleCount {
                limit: None,
                rule: rule.to_owned(),
                explanation: explanation.to_owned(),
                effect: Effect::Flagged,
                rows,
                amount: 0.0,
                samples,
            });
        }
        Ok(())
    }

    fn samples(&self, rows: &[usize], column: usize) -> Result<Vec<RowSample>, DataError> {
        let mut samples = Vec::new();
        for &row in rows {
            let found = refind::find_row(&self.read.plan(), &self.read.places, row as u64)?;
            samples.extend(found.map(|found| RowSample {
                file: self.read.input.name(),
                line: found.line,
                column: self.read.dialect.names[column].clone(),
                found: text::shorten(found.cells[column].trim(), 120).into_owned(),
            }));
        }
        Ok(samples)
    }

    fn broken(&self) -> Result<RuleCount, DataError> {
        let mut samples = Vec::new();
        for broken in &self.read.broken {
            let line = refind::find_broken(&self.read.plan(), broken)?;
            samples.push(RowSample {
                file: self.read.input.name(),
                line: broken.line,
                column: String::new(),
                found: text::shorten(line.trim(), 120).into_owned(),
            });
        }
        Ok(RuleCount {
            limit: None,
            rule: "broken_row".to_owned(),
            explanation: "Rows with another number of cells than the header cannot be read."
                .to_owned(),
            effect: Effect::Dropped,
            rows: self.read.broken_rows,
            amount: 0.0,
            samples,
        })
    }
}
