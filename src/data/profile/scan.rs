//! The ways through a file, piece by piece, and through a table in memory.

use rayon::prelude::*;

use super::{
    TableProfile,
    column::{Cells, Column, Plan},
};
use crate::{
    base::monitor::Monitor,
    data::dataset::FileReading,
    data::dataset::error::DataError,
    data::dataset::options::ReadOptions,
    data::dataset::tables::{Table, Values},
    data::open::doors,
    data::open::encoding::{self, Encoding},
    data::open::source::Input,
    data::orders::NO_DAY,
    data::table::chunks::{self, HEADER, Piece, Plan as Cut, Stop},
    data::table::dialect::{self as sniff, Dialect},
    data::table::direct::grid::Grid,
    data::table::parser::Parser,
    data::table::refind,
    data::values::dates::Zone,
    data::values::numbers::Evidence,
};

/// Rows that decide what is tried first.
const SAMPLE_ROWS: usize = 2_000;
/// Rows of a table that comes in columns that are made text at once.
const ROWS_AT_ONCE: usize = 1 << 14;
/// First guess, revised plan.
const PASSES: usize = 2;

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
/// Streams the file once, and a second time for columns that turn out to be something else than
/// their first rows said. Memory does not grow with the file.
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
    let (input, mut dialect) = sniff::look(&opened)?;
    if names.len() == dialect.names.len() {
        dialect.names = names.to_vec();
    }
    let zone = Zone::named(options.zone_name()).unwrap_or_default();
    let mut scan = Scan::new(&input, &dialect, zone, monitor)?;
    loop {
        match scan.run() {
            Ok(()) => return Ok(scan.finish(options)),
            Err(Stop::WrongEncoding) => {
                let encoding = encoding::survey(&input, monitor)?;
                scan = Scan::new(&input, &dialect, scan.zone, monitor)?;
                scan.encoding = encoding;
            }
            Err(Stop::Error(error)) => return Err(error),
        }
    }
}

struct Scan<'a> {
    input: &'a Input,
    dialect: &'a Dialect,
    zone: Zone,
    monitor: &'a Monitor,
    encoding: Encoding,
    columns: Vec<Column>,
    rows: u64,
    broken_rows: u64,
}

impl<'a> Scan<'a> {
    fn new(
        input: &'a Input,
        dialect: &'a Dialect,
        zone: Zone,
        monitor: &'a Monitor,
    ) -> Result<Self, DataError> {
        let rows = refind::first_rows(input, dialect, SAMPLE_ROWS)?;
        let columns = dialect.names.iter().enumerate().map(|(at, name)| {
            let cells = rows.iter().map(|cells| (cells[at].as_str(), 1));
            Column::new(name, Plan::of(name, cells), &zone, false)
        });
        Ok(Self {
            input,
            dialect,
            columns: columns.collect(),
            zone,
            monitor,
            encoding: Encoding::Utf8,
            rows: 0,
            broken_rows: 0,
        })
    }

    /// Reads every column, and those again that need another plan.
    fn run(&mut self) -> Result<(), Stop> {
        let mut wanted: Vec<usize> = (0..self.columns.len()).collect();
        for _ in 0..PASSES {
            self.pass(&wanted)?;
            let mut evidence = Evidence::default();
            for column in &self.columns {
                evidence.add(column.evidence());
            }
            let usual = evidence.decimal();
            wanted.clear();
            for (at, column) in self.columns.iter_mut().enumerate() {
                if let Some(plan) = column.better_plan(usual) {
                    *column = Column::new(&column.name, plan, &self.zone, true);
                    wanted.push(at);
                }
            }
            if wanted.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// Reads the wanted columns (ascending) from the beginning to the end of the file.
    fn pass(&mut self, wanted: &[usize]) -> Result<(), Stop> {
        let (input, monitor) = (self.input, self.monitor);
        let width = self.dialect.names.len();
        let (parser, mut grid) = (Parser::new(width, wanted.to_vec()), Grid::default());
        let cut = Cut {
            input,
            dialect: self.dialect,
            encoding: self.encoding,
            piece_bytes: chunks::PIECE_BYTES,
            block_bytes: chunks::BLOCK_BYTES,
        };
        let (stage, size) = (format!("Profiling {}", input.name()), input.len()?);
        (self.rows, self.broken_rows) = (0, 0);
        let (rows, broken_rows) = (&mut self.rows, &mut self.broken_rows);
        let mut columns: Vec<&mut Column> = self
            .columns
            .iter_mut()
            .enumerate()
            .filter(|(at, _)| wanted.binary_search(at).is_ok())
            .map(|(_, column)| column)
            .collect();
        if let Some(table) = &self.dialect.columns {
            for from in (0..table.rows()).step_by(ROWS_AT_ONCE) {
                monitor.check()?;
                let part = table.cells(from..from + ROWS_AT_ONCE);
                let columns = columns.par_iter_mut().zip(wanted).with_max_len(1);
                columns.for_each(|(column, &slot)| {
                    for cells in &part {
                        column.push(&cells[slot]);
                    }
                    column.gather();
                });
                *rows += part.len() as u64;
                monitor.progress(stage.as_str(), *rows, table.rows() as u64);
            }
            return Ok(());
        }
        chunks::for_each_piece(&cut, monitor, |piece| {
            monitor.check()?;
            let columns = columns
                .par_iter_mut()
                .zip(wanted)
                .with_max_len(1)
                .enumerate();
            if let Some(body) = plain_text(piece, width, &mut grid) {
                columns.for_each(|(_, (column, &slot))| {
                    let cells = grid.column(body.as_bytes(), slot);
                    cells.for_each(|cell| column.push(&body[cell]));
                    column.gather();
                });
            } else {
                let frame = parser.parse(piece, input)?;
                columns.for_each(|(at, (column, _))| {
                    frame.for_each(at, |cell| column.push(cell));
                    column.gather();
                });
            }
            *rows += piece.rows as u64;
            *broken_rows += piece.broken.len() as u64;
            monitor.progress(stage.as_str(), piece.bytes_read, size);
            Ok(())
        })
    }

    fn finish(self, options: &ReadOptions) -> TableProfile {
        let mut remarks = Vec::new();
        if self.encoding == Encoding::DamagedUtf8 {
            remarks.push("some bytes are no valid UTF-8 and are shown as �".to_owned());
        }
        let (rows, columns) = (self.rows, self.columns);
        let columns = columns.into_iter().map(|column| {
            let (profile, remark) = column.profile(rows, options.date_order);
            remarks.extend(remark);
            profile
        });
        TableProfile {
            name: self.input.name(),
            rows,
            broken_rows: self.broken_rows,
            columns: columns.collect(),
            remarks,
        }
    }
}

/// The rows of a piece, when every line is one: without a quote, each of `width` cells. Such text needs
/// no general parser. The grid says where its cells stand.
fn plain_text<'a>(piece: &'a Piece, width: usize, grid: &mut Grid) -> Option<&'a str> {
    let body = piece.text.get(HEADER.len()..)?;
    let plain = memchr::memchr(b'"', body).is_none()
        && grid.lay(body, piece.separator, width)
        && grid.rows() == piece.rows;
    plain.then(|| std::str::from_utf8(body).ok()).flatten()
}

/// Profiles a table in memory; its columns are already read as what they are.
#[must_use]
pub fn profile_table(table: &Table) -> TableProfile {
    let rows = table.rows as u64;
    let columns = table.columns.par_iter().map(|column| {
        let plan = match &column.values {
            Values::Numbers(_) => Plan::Number(crate::data::values::numbers::Decimal::Point),
            Values::Days(_) => Plan::Date,
            Values::Texts { .. } => Plan::Text,
        };
        let mut read = Column::new(&column.name, plan, &Zone::default(), true);
        read.take(&column.values, table.rows);
        read.profile(rows, None).0
    });
    TableProfile {
        name: table.name.clone(),
        rows,
        broken_rows: 0,
        columns: columns.collect(),
        remarks: Vec::new(),
    }
}

impl Column {
    /// Counts what was read since the last call, where that waits for the end of a piece.
    fn gather(&mut self) {
        if let Cells::Dates(dates) = &mut self.cells {
            dates.gather();
        }
    }

    /// Takes the cells of a column in memory.
    fn take(&mut self, values: &Values, rows: usize) {
        match (&mut self.cells, values) {
            (Cells::Numbers(numbers), Values::Numbers(values)) => {
                for &value in values {
                    if value.is_nan() {
                        self.missing += 1;
                    } else {
                        numbers.push(value);
                    }
                }
            }
            (Cells::Dates(dates), Values::Days(days)) => {
                for &day in days {
                    if day == NO_DAY {
                        self.missing += 1;
                    } else {
                        *dates.undecided.entry(day).or_default() += 1;
                    }
                }
            }
            (Cells::Texts(texts), Values::Texts { codes, pool }) => {
                let mut counts = vec![0_u64; pool.len()];
                for row in 0..rows {
                    counts[codes.get(row) as usize] += 1;
                }
                for (text, count) in pool.iter().zip(counts) {
                    match (text.is_empty(), count) {
                        (_, 0) => {}
                        (true, count) => self.missing += count,
                        (false, count) => texts.push(text, count),
                    }
                }
            }
            // The plan was made from the values.
            _ => self.missing = rows as u64,
        }
    }
}
