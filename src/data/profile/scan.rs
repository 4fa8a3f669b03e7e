//! The way through a file, in blocks, and through a table in memory: what is counted.

use rayon::prelude::*;

use super::{
    Distinct, MAX_KEPT_BYTES, TableProfile,
    figures::{Counted, Facts, finish},
    votes::{Plan, Votes},
};
use crate::{
    dataset::FileReading,
    dataset::error::DataError,
    dataset::options::ReadOptions,
    dataset::tables::{Column, Table, Values},
    open::doors,
    open::encoding::{self, Encoding},
    open::source::{self, Input},
    orders::{NO_DAY, PoolFull},
    table::chunks::{self, Plan as Cut, Stop},
    table::dialect::{self, Dialect},
    table::rows::{self, Rows},
    values::dates::{self, DateColumn, OrderEvidence, Zone},
    values::intern::Interner,
    values::numbers::{self, Decimal, Evidence},
    values::text,
};
use base::monitor::Monitor;

/// Rows of a table that comes in columns that are made text at once.
const ROWS_AT_ONCE: usize = 1 << 14;

/// Profiles a file that was opened before, under the column names it was given then.
///
/// # Errors
/// As [`profile_input`].
pub fn profile_file(
    reading: &FileReading,
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<TableProfile, DataError> {
    let names: Vec<String> = reading
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let input = Input::Named {
        input: Box::new(Input::File(reading.path.clone())),
        name: reading.name.clone(),
    };
    profile_input(&input, &names, options, monitor)
}

/// Profiles every column of a delimited file or of bytes in memory. `names` replace the names in the
/// file where their number fits; pass none to take the file's own.
///
/// # Errors
/// [`DataError`] when the file cannot be read, is no table, or the job is cancelled.
pub fn profile_input(
    input: &Input,
    names: &[String],
    options: &ReadOptions,
    monitor: &Monitor,
) -> Result<TableProfile, DataError> {
    let opened = doors::table(input, options)?;
    let (input, mut dialect) = dialect::look(&opened)?;
    if names.len() == dialect.names.len() {
        dialect.names = names.to_vec();
    }
    let mut encoding = Encoding::Utf8;
    loop {
        let mut tallies = Tallies::default();
        let cut = Cut {
            input: &input,
            dialect: &dialect,
            encoding,
            piece_bytes: chunks::PIECE_BYTES,
            block_bytes: chunks::BLOCK_BYTES,
        };
        match tallies.read(&cut, monitor) {
            Ok(()) => return Ok(tallies.profile(&cut, options)),
            Err(Stop::WrongEncoding) => encoding = encoding::survey(&input, monitor)?,
            Err(Stop::Error(error)) => return Err(error),
        }
    }
}

/// The different cells of a column, without white space around them, and how many rows hold each.
#[derive(Debug, Default)]
struct Tally {
    texts: Interner,
    rows: Vec<u64>,
}

impl Tally {
    fn add(&mut self, cell: &str, rows: u64) -> Result<(), PoolFull> {
        let at = self.texts.intern(cell)? as usize;
        if at == self.rows.len() {
            self.rows.push(0);
        }
        self.rows[at] += rows;
        Ok(())
    }

    fn iter(&self) -> impl Iterator<Item = Counted<&str>> {
        let texts = self.texts.texts().iter().zip(&self.rows);
        texts.map(|(value, &rows)| Counted { value, rows })
    }

    /// Memory it takes, about: a text, its place, its hash and its rows.
    fn bytes(&self) -> usize {
        self.texts.texts().bytes() + 32 * self.texts.len()
    }

    fn clear(&mut self) {
        self.texts.clear();
        self.rows.clear();
    }
}

/// What is counted of a file.
#[derive(Default)]
struct Tallies {
    /// One per column.
    columns: Vec<Tally>,
    rows: u64,
    broken_rows: u64,
    /// Rows that came when no memory was left for them ([`MAX_KEPT_BYTES`]).
    left_out: u64,
}

impl Tallies {
    fn read(&mut self, cut: &Cut<'_>, monitor: &Monitor) -> Result<(), Stop> {
        let full = |full| Stop::Error(source::too_large(cut.input.path(), full));
        let count = |rows: &Rows, columns: &mut Vec<Tally>| {
            columns.resize_with(rows.width(), Tally::default);
            for (at, tally) in columns.iter_mut().enumerate() {
                tally.clear();
                for cell in rows.cells(at) {
                    tally.add(text::trim(cell), 1).map_err(full)?;
                }
            }
            Ok(())
        };
        let (stage, size) = (format!("Profiling {}", cut.input.name()), cut.input.len()?);
        self.columns
            .resize_with(cut.dialect.names.len(), Tally::default);
        if let Some(table) = &cut.dialect.columns {
            for from in (0..table.rows()).step_by(ROWS_AT_ONCE) {
                monitor.check()?;
                for cells in table.cells(from..from + ROWS_AT_ONCE) {
                    self.rows += 1;
                    for (tally, cell) in self.columns.iter_mut().zip(&cells) {
                        tally.add(text::trim(cell), 1).map_err(full)?;
                    }
                }
            }
            return Ok(());
        }
        rows::for_each_batch(cut, monitor, count, |slots| {
            for slot in &*slots {
                self.broken_rows += slot.rows.broken_rows;
                let rows = slot.rows.len() as u64;
                let kept: usize = self.columns.iter().map(Tally::bytes).sum();
                if kept >= MAX_KEPT_BYTES {
                    self.left_out += rows;
                    continue;
                }
                self.rows += rows;
                let columns = self.columns.par_iter_mut().zip(&slot.made);
                columns
                    .try_for_each(|(whole, part)| {
                        let mut cells = part.iter();
                        cells.try_for_each(|cell| whole.add(cell.value, cell.rows))
                    })
                    .map_err(full)?;
            }
            let done = slots.last().map_or(0, |slot| slot.bytes_read);
            monitor.progress(stage.as_str(), done, size);
            Ok(())
        })
    }

    fn profile(self, cut: &Cut<'_>, options: &ReadOptions) -> TableProfile {
        let Dialect { names, .. } = cut.dialect;
        let zone = Zone::named(options.zone_name()).unwrap_or_default();
        let columns = names.par_iter().zip(&self.columns);
        let votes = |(name, tally): (&String, &Tally)| {
            Votes::of(name, tally.iter().map(|cell| (cell.value, cell.rows)))
        };
        let votes: Vec<Votes> = columns.map(votes).collect();
        let mut evidence = Evidence::default();
        for votes in &votes {
            evidence.add(votes.evidence());
        }
        let usual = evidence.decimal();
        let columns = names.par_iter().zip(&self.columns).zip(&votes);
        let facts: Vec<Facts> = columns
            .map(|((name, tally), votes)| match votes.plan() {
                Plan::Number(_) => numbers(name, tally, votes.evidence().decided_or(usual)),
                Plan::Date => dates(tally, &zone, options),
                Plan::Text => texts(name, tally),
            })
            .collect();
        let mut remarks = Vec::new();
        if cut.encoding == Encoding::DamagedUtf8 {
            remarks.push("some bytes are no valid UTF-8 and are shown as �".to_owned());
        }
        if self.left_out > 0 {
            remarks.push(format!(
                "the profile tells of the first {} rows; {} more stand in the file",
                self.rows, self.left_out
            ));
        }
        let columns = names.iter().zip(facts).map(|(name, mut facts)| {
            if self.left_out > 0 {
                facts.distinct = Distinct::AtLeast(facts.distinct.count());
            }
            let remark = facts.remark.take();
            remarks.extend(remark.map(|remark| format!("{name}: {remark}")));
            finish(name, facts, self.rows)
        });
        TableProfile {
            name: cut.input.name(),
            rows: self.rows,
            broken_rows: self.broken_rows,
            columns: columns.collect(),
            remarks,
        }
    }
}

fn numbers(name: &str, tally: &Tally, decimal: Decimal) -> Facts {
    let (mut values, mut missing, mut unreadable) = (Vec::new(), 0, 0);
    for Counted { value: cell, rows } in tally.iter() {
        let value = if numbers::has_only_money_letters(cell) {
            numbers::read(cell, decimal, &mut Evidence::default())
        } else {
            f64::NAN
        };
        if dates::is_missing_number_or_date(cell) {
            missing += rows;
        } else if value.is_nan() {
            unreadable += rows;
        } else {
            values.push(Counted { value, rows });
        }
    }
    Facts {
        missing,
        unreadable,
        ..Facts::of_numbers(name, values)
    }
}

/// The days of a column; each different cell is read once, and speaks for day or month first as often
/// as rows hold it.
fn dates(tally: &Tally, zone: &Zone, options: &ReadOptions) -> Facts {
    let (mut column, mut all) = (DateColumn::new(zone.clone(), 0), OrderEvidence::default());
    let (mut rows_of, mut missing) = (Vec::new(), 0);
    for Counted { value: cell, rows } in tally.iter() {
        if dates::is_missing_number_or_date(cell) {
            missing += rows;
            continue;
        }
        let before = column.evidence();
        column.push(cell);
        rows_of.push(rows);
        let after = column.evidence();
        all.add(OrderEvidence {
            day_first: rows * (after.day_first - before.day_first),
            month_first: rows * (after.month_first - before.month_first),
            open: rows * (after.open - before.open),
            year_first: rows * (after.year_first - before.year_first),
            year_last: rows * (after.year_last - before.year_last),
        });
    }
    let read = column.finish_among(all, options.date_order);
    let (mut days, mut unreadable) = (Vec::new(), 0);
    for (&day, rows) in read.days.iter().zip(rows_of) {
        if day <= dates::UNREADABLE {
            unreadable += rows;
        } else {
            let value = f64::from(day);
            days.push(Counted { value, rows });
        }
    }
    Facts {
        missing,
        unreadable,
        remark: read.remark,
        ..Facts::of_days(read.format, days)
    }
}

fn texts(name: &str, tally: &Tally) -> Facts {
    let is_missing = |cell: &Counted<&str>| dates::is_missing(cell.value);
    let missing = tally.iter().filter(is_missing).map(|cell| cell.rows);
    Facts {
        missing: missing.sum(),
        ..Facts::of_texts(
            name,
            tally.iter().filter(|cell| !is_missing(cell)).collect(),
        )
    }
}

/// Profiles a table in memory; its columns are already read as what they are.
#[must_use]
pub fn profile_table(table: &Table) -> TableProfile {
    let rows = table.rows as u64;
    let columns = table.columns.par_iter();
    let columns = columns.map(|column| finish(&column.name, facts_of(column, table.rows), rows));
    TableProfile {
        name: table.name.clone(),
        rows,
        broken_rows: 0,
        columns: columns.collect(),
        remarks: Vec::new(),
    }
}

fn facts_of(column: &Column, rows: usize) -> Facts {
    let once = |value: f64| Counted { value, rows: 1 };
    let (facts, filled) = match &column.values {
        Values::Numbers(values) => {
            let filled = values.iter().copied().filter(|value| !value.is_nan());
            let filled: Vec<_> = filled.map(once).collect();
            let count = filled.len() as u64;
            (Facts::of_numbers(&column.name, filled), count)
        }
        Values::Days(days) => {
            let filled = days.iter().copied().filter(|day| *day != NO_DAY);
            let filled: Vec<_> = filled.map(|day| once(f64::from(day))).collect();
            let count = filled.len() as u64;
            (Facts::of_days("date".to_owned(), filled), count)
        }
        Values::Texts { codes, pool } => {
            let mut counts = vec![0_u64; pool.len()];
            for row in 0..rows {
                counts[codes.get(row) as usize] += 1;
            }
            let texts = pool.iter().zip(counts);
            let filled = texts.filter(|(text, rows)| !text.is_empty() && *rows > 0);
            let filled: Vec<_> = filled
                .map(|(value, rows)| Counted { value, rows })
                .collect();
            let count = filled.iter().map(|text| text.rows).sum();
            (Facts::of_texts(&column.name, filled), count)
        }
    };
    Facts {
        missing: rows as u64 - filled,
        ..facts
    }
}
