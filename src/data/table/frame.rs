//! A table read whole, as a polars frame: for tables that are joined or grouped before they become order
//! lines.

use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn, PolarsResult, StringChunked, StringChunkedBuilder,
};

use super::skipped::Skipped;
use crate::{
    dataset::Role,
    dataset::error::DataError,
    dataset::quality::MAX_SAMPLES,
    lines::ingest::{PREVIEW_ROWS, Read},
    open::columns::{Columns, Damage},
    open::encoding::{self, Encoding},
    roles::reason::Guess,
    roles::{job::Job, sniffed::Sniffed},
    table::cells,
    table::chunks::{self, Plan, Stop},
    table::records,
    table::rows::{self, Rows, Slot},
    values::dates::OrderEvidence,
    values::numbers::{Decimal, Evidence},
    values::text,
};

/// A table read whole: one file, or several with the same columns, one below the other.
#[derive(Clone, Debug, Default)]
pub struct FrameTable {
    /// Columns of text, named and ordered as in the first file. Cells are without white space around
    /// them; an empty one is "", never null. Of a Parquet file they have its types and nulls.
    pub frame: DataFrame,
    /// Line of each row in its file, from 1.
    pub lines: Vec<u64>,
    /// Fingerprint of each row's bytes.
    pub fingerprints: Vec<u32>,
    /// One per file; `first_row` counts within this table.
    pub reads: Vec<Read>,
    /// Of files of JSON records those that could be read in part only, or not at all.
    pub damage: Vec<Damage>,
}

impl FrameTable {
    /// Reads all columns and rows of the files of one table ([`parts`]).
    ///
    /// # Errors
    /// [`DataError`] when reading fails or the job is cancelled.
    pub fn read(files: &[&Sniffed], job: &Job<'_>) -> Result<Self, DataError> {
        let mut whole = Self::default();
        for file in files {
            let part = Self::read_file(file, job)?;
            whole
                .append(part, files[0], file)
                .map_err(|error| odd(file, &error))?;
        }
        whole.frame.rechunk_mut_par();
        Ok(whole)
    }

    fn read_file(file: &Sniffed, job: &Job<'_>) -> Result<Self, DataError> {
        if let Some(columns) = &file.dialect.columns {
            let stage = format!("Reading {}", file.input.name());
            let size = file.input.len()?;
            job.monitor.progress(stage, size, size);
            return Self::of_columns(file, columns).map_err(|error| odd(file, &error));
        }
        let mut encoding = Encoding::Utf8;
        loop {
            match Reader::new(file, encoding).run(job, chunks::BLOCK_BYTES) {
                Ok(table) => return Ok(table),
                Err(Stop::WrongEncoding) => {
                    encoding = encoding::survey(&file.input, job.monitor)?;
                }
                Err(Stop::Error(error)) => return Err(error),
            }
        }
    }

    /// Of a table that comes in columns.
    fn of_columns(file: &Sniffed, columns: &Columns) -> PolarsResult<Self> {
        let mut frame = columns.frame.clone();
        frame.set_column_names(&file.dialect.names)?;
        let prints = row_prints(&frame)?;
        Ok(Self {
            frame,
            lines: (0..columns.rows()).map(|row| columns.line(row)).collect(),
            fingerprints: prints.into_iter().map(|print| print as u32).collect(),
            reads: vec![Read {
                rows: columns.rows() as u64,
                preview: columns.cells(0..PREVIEW_ROWS),
                ..unread(file, Encoding::Utf8)
            }],
            damage: columns.damage.iter().cloned().collect(),
        })
    }

    fn append(&mut self, mut part: Self, first: &Sniffed, file: &Sniffed) -> PolarsResult<()> {
        if self.reads.is_empty() {
            *self = part;
            return Ok(());
        }
        let above = self.lines.len();
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        let places = places_of(first, file);
        for (column, (&at, name)) in self
            .frame
            .columns()
            .iter()
            .zip(places.iter().zip(&first.dialect.names))
        {
            let (mut upper_part, mut lower_part) =
                (column.clone(), part.frame.columns()[at].clone());
            lower_part.rename(name.as_str().into());
            // Of one file numbers, of another one text: what both can be.
            if upper_part.dtype() != lower_part.dtype() {
                upper_part = upper_part.cast(&DataType::String)?;
                lower_part = lower_part.cast(&DataType::String)?;
            }
            upper.push(upper_part);
            lower.push(lower_part);
        }
        self.frame = DataFrame::new(above, upper)?;
        let lower = DataFrame::new(part.lines.len(), lower)?;
        self.frame.vstack_mut(&lower)?;
        self.lines.append(&mut part.lines);
        self.fingerprints.append(&mut part.fingerprints);
        for read in &mut part.reads {
            read.first_row += above as u64;
        }
        self.reads.append(&mut part.reads);
        self.damage.append(&mut part.damage);
        Ok(())
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// How the file was read that a row stands in.
    #[must_use]
    pub fn file_of(&self, row: usize) -> usize {
        let begun = |read: &Read| read.first_row <= row as u64;
        self.reads.partition_point(begun).saturating_sub(1)
    }
}

/// Files whose columns are the same, whatever their order: parts of one table.
#[must_use]
pub fn parts<'a>(files: impl IntoIterator<Item = &'a Sniffed>) -> Vec<Vec<&'a Sniffed>> {
    let mut tables: Vec<(Vec<&String>, Vec<&'a Sniffed>)> = Vec::new();
    for file in files {
        let mut names: Vec<&String> = file.folded().iter().collect();
        names.sort_unstable();
        let same = |known: &&mut (Vec<&String>, Vec<&Sniffed>)| {
            known.0 == names && known.1[0].dialect.has_header == file.dialect.has_header
        };
        match tables.iter_mut().find(same) {
            Some((_, parts)) => parts.push(file),
            None => tables.push((names, vec![file])),
        }
    }
    tables.into_iter().map(|(_, parts)| parts).collect()
}

/// For each column of the first file, where it stands in another one of the same table. Names that look
/// alike are met in their order.
#[must_use]
pub fn places_of(first: &Sniffed, file: &Sniffed) -> Vec<usize> {
    let mut free: Vec<Option<&String>> = file.folded().iter().map(Some).collect();
    let wanted = first.folded().iter().enumerate();
    wanted
        .map(|(at, name)| {
            let place = free.iter().position(|known| *known == Some(name));
            place.inspect(|&place| free[place] = None).unwrap_or(at)
        })
        .collect()
}

/// Columns that polars does not take together.
fn odd(file: &Sniffed, error: &polars::prelude::PolarsError) -> DataError {
    DataError::Unreadable {
        path: file.input.path().to_path_buf(),
        problem: format!("its columns do not fit together: {error}"),
        advice: "Save the file again as plain CSV with one row per line".to_owned(),
    }
}

/// A table in the making.
struct Reader<'a> {
    file: &'a Sniffed,
    read: Read,
    /// By column, one for every run of records.
    columns: Vec<Vec<StringChunked>>,
    lines: Vec<u64>,
    fingerprints: Vec<u32>,
    skipped: Skipped,
}

impl<'a> Reader<'a> {
    fn new(file: &'a Sniffed, encoding: Encoding) -> Self {
        Self {
            file,
            read: unread(file, encoding),
            columns: vec![Vec::new(); file.dialect.names.len()],
            lines: Vec::new(),
            fingerprints: Vec::new(),
            skipped: Skipped::default(),
        }
    }

    fn run(mut self, job: &Job<'_>, block_bytes: usize) -> Result<FrameTable, Stop> {
        let size = self.file.input.len()?;
        let plan = Plan {
            input: &self.file.input,
            dialect: &self.file.dialect,
            encoding: self.read.encoding,
            piece_bytes: chunks::PIECE_BYTES.min(size as usize + 1),
            block_bytes,
        };
        let stage = format!("Reading {}", self.file.input.name());
        rows::for_each_batch(&plan, job.monitor, fill, |slots| {
            for slot in &mut *slots {
                self.take(slot);
            }
            let done = slots.last().map_or(0, |slot| slot.bytes_read);
            job.monitor.progress(stage.as_str(), done, size);
            Ok(())
        })?;
        self.finish()
    }

    fn take(&mut self, slot: &mut Slot<Vec<StringChunked>>) {
        for (column, cells) in self.columns.iter_mut().zip(slot.made.drain(..)) {
            column.push(cells);
        }
        let rows = &slot.rows;
        let first = slot.place.line;
        self.lines.extend(rows.row_lines().map(|line| first + line));
        self.fingerprints.extend_from_slice(&rows.fingerprints);
        self.skipped.add(&rows.skipped, first);
        let read = &mut self.read;
        read.places.push(slot.place);
        read.rows += rows.len() as u64;
        read.broken_rows += rows.broken_rows;
        let room = MAX_SAMPLES.saturating_sub(read.broken.len());
        read.broken.extend(rows.broken.iter().take(room).cloned());
        let wanted = PREVIEW_ROWS.saturating_sub(read.preview.len());
        read.preview.extend(rows.head(wanted));
    }

    fn finish(mut self) -> Result<FrameTable, Stop> {
        self.read.remarks.extend(self.skipped.remark());
        let file = self.file;
        let odd = |error: polars::prelude::PolarsError| odd(file, &error);
        let names = file.dialect.names.iter();
        let columns = names.zip(self.columns).map(|(name, parts)| {
            let mut parts = parts.into_iter();
            let mut whole = parts.next().unwrap_or_default();
            for part in parts {
                whole.append_owned(part)?;
            }
            whole.rename(name.as_str().into());
            Ok(whole.into_column())
        });
        let columns = columns.collect::<Result<Vec<Column>, _>>().map_err(odd)?;
        let frame = DataFrame::new(self.lines.len(), columns).map_err(odd)?;
        Ok(FrameTable {
            frame,
            lines: self.lines,
            fingerprints: self.fingerprints,
            reads: vec![self.read],
            damage: Vec::new(),
        })
    }
}

/// A print of the cells of each row.
///
/// # Errors
/// As polars.
pub fn row_prints(frame: &DataFrame) -> PolarsResult<Vec<u64>> {
    let mut prints = vec![0_u64; frame.height()];
    let mut mix = |row: usize, cell: u64| {
        let print: &mut u64 = &mut prints[row];
        *print = (print.rotate_left(5) ^ cell).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    };
    for column in frame.columns() {
        if column.dtype().is_primitive_numeric() || column.dtype().is_temporal() {
            let physical = column.to_physical_repr().cast(&DataType::Float64)?;
            let cells = physical.as_materialized_series().f64()?;
            for (row, cell) in cells.iter().enumerate() {
                mix(row, cell.map_or(u64::MAX, f64::to_bits));
            }
        } else {
            for (row, cell) in cells::texts(column)?.iter().enumerate() {
                let cell = cell.unwrap_or_default().as_bytes();
                mix(row, records::fingerprint(cell));
            }
        }
    }
    Ok(prints)
}

/// The columns of some rows.
#[allow(clippy::unnecessary_wraps, reason = "what a reader of rows answers")]
fn fill(rows: &Rows, columns: &mut Vec<StringChunked>) -> Result<(), Stop> {
    let text = rows.text();
    columns.extend((0..rows.width()).map(|column| {
        let mut cells = StringChunkedBuilder::new("".into(), rows.len());
        for cell in rows.places(column) {
            cells.append_value(text::trim(&text[cell]));
        }
        cells.finish()
    }));
    Ok(())
}

/// What is known of a file before it is read.
fn unread(file: &Sniffed, encoding: Encoding) -> Read {
    let width = file.dialect.names.len();
    Read {
        dates: OrderEvidence::default(),
        numbers: Evidence::default(),
        decimal: Decimal::Point,
        input: file.input.clone(),
        dialect: file.dialect.clone(),
        encoding,
        guesses: vec![Guess::said(Role::Ignored, "read by no analysis"); width],
        formats: vec![String::new(); width],
        first_row: 0,
        rows: 0,
        places: Vec::new(),
        broken_rows: 0,
        broken: Vec::new(),
        remarks: file.dialect.remarks.clone(),
        preview: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::{
        dataset::options::ReadOptions,
        open::source::{Bytes, Input},
        table::chunks::Broken,
        table::dialect,
        table::records::{self, Form, Separator},
        table::refind,
        values::dates::Zone,
    };
    use base::monitor::Monitor;

    /// A file below the header `a,b,c`.
    fn file(text: &[u8]) -> Sniffed {
        let input = Input::Memory {
            name: "table.csv".into(),
            bytes: Bytes::Shared([b"a,b,c\n", text].concat().into()),
        };
        let known = dialect::sniff(&Input::memory("x", b"a,b,c\nx,y,z\n"));
        Sniffed::new(input, known.unwrap().1)
    }

    fn read(file: &Sniffed, encoding: Encoding, block_bytes: usize) -> Result<FrameTable, Stop> {
        let (options, monitor) = (ReadOptions::default(), Monitor::silent());
        let job = Job {
            files: Vec::new(),
            options: &options,
            zone: Zone::default(),
            monitor: &monitor,
            bytes_total: 0,
            books: BTreeMap::new(),
            recognised: None,
        };
        Reader::new(file, encoding).run(&job, block_bytes)
    }

    fn rows_of(table: &FrameTable) -> Vec<Vec<String>> {
        let cell = |column: &Column, row| column.str().unwrap().get(row).unwrap().to_owned();
        (0..table.frame.height())
            .map(|row| {
                table
                    .frame
                    .columns()
                    .iter()
                    .map(|column| cell(column, row))
                    .collect()
            })
            .collect()
    }

    /// Rows, lines, fingerprints and broken records, found one by one.
    type Told = (Vec<Vec<String>>, Vec<u64>, Vec<u32>, Vec<Broken>);

    fn slowly(text: &[u8]) -> Told {
        let (comma, mut told) = (Separator::Byte(b','), Told::default());
        let (mut at, mut line) = (0, 2);
        while let Some(record) = records::next_record(text, at, comma, true) {
            let content = &text[record.content.clone()];
            let unclosed = record.form == Form::Unclosed;
            if record.form == Form::Blank {
            } else if record.cells == 3 && !unclosed {
                let cells = records::cells(content, comma);
                let cells = cells.iter().map(|cell| String::from_utf8_lossy(cell));
                told.0
                    .push(cells.map(|cell| text::trim(&cell).to_owned()).collect());
                told.1.push(line);
                told.2.push(records::fingerprint(content) as u32);
            } else if told.3.len() < MAX_SAMPLES {
                let cells = if unclosed { 0 } else { record.cells };
                let offset = 6 + at as u64;
                told.3.push(Broken {
                    offset,
                    line,
                    cells,
                });
            }
            at = record.next;
            line += record.lines;
        }
        told
    }

    fn told(table: &FrameTable) -> Told {
        let (lines, prints) = (table.lines.clone(), table.fingerprints.clone());
        (rows_of(table), lines, prints, table.reads[0].broken.clone())
    }

    #[test]
    fn cells_lines_and_broken_rows() {
        let text = b"1,\" x \",\"say \"\"hi\"\"\"\r\n\n2, y\xC2\xA0,\"two\nlines\"\n,\"\",\n3,z\n4,12\" disc,\n";
        let table = read(&file(text), Encoding::Utf8, chunks::BLOCK_BYTES).unwrap();
        let expected = [
            ["1", "x", "say \"hi\""],
            ["2", "y", "two\nlines"],
            ["4", "12\" disc", ""],
        ];
        assert_eq!(rows_of(&table), expected);
        assert_eq!(table.lines, [2, 4, 8]);
        assert_eq!((table.reads[0].rows, table.reads[0].broken_rows), (3, 1));
        assert_eq!(
            (
                table.reads[0].broken[0].line,
                table.reads[0].broken[0].cells
            ),
            (7, 2)
        );
        assert_eq!(table.reads[0].preview[0], ["1", " x ", "say \"hi\""]);
        assert_eq!(table.frame.get_column_names(), ["a", "b", "c"]);
    }

    #[test]
    fn names_that_look_alike_are_two_columns() {
        let sniffed = |text: &'static [u8]| {
            let (input, dialect) = dialect::sniff(&Input::memory("x", text)).unwrap();
            Sniffed::new(input, dialect)
        };
        let first = sniffed(b"a_b,ab,c\nx,y,z\n");
        assert_eq!(places_of(&first, &first), [0, 1, 2]);
        let other = sniffed(b"c,AB,a-b\nx,y,z\n");
        assert_eq!(places_of(&first, &other), [1, 2, 0]);
    }

    #[test]
    fn a_cell_larger_than_a_block_and_one_that_never_ends() {
        let long = "word, ".repeat(300_000);
        let text = format!(
            "1,2,3\n4,\"{}\",5\n6,\"{long}\",7\n8,9,0\n",
            &long[..900_000]
        );
        let table = read(&file(text.as_bytes()), Encoding::Utf8, 64).unwrap();
        let firsts: Vec<String> = rows_of(&table)
            .into_iter()
            .map(|mut row| row.remove(0))
            .collect();
        // The second one is longer than any cell may be: its quote is taken for a stray one.
        assert_eq!(firsts, ["1", "4", "8"]);
        assert_eq!(table.reads[0].broken[0].cells, 0);
    }

    #[test]
    fn other_letters_are_decoded() {
        let file = file(b"1,M\xFCnchen,x\n2,\"K\xF6ln\",\n");
        let stopped = read(&file, Encoding::Utf8, chunks::BLOCK_BYTES);
        assert!(matches!(stopped, Err(Stop::WrongEncoding)));
        let table = read(&file, Encoding::Windows1252, chunks::BLOCK_BYTES).unwrap();
        assert_eq!(
            rows_of(&table),
            [["1", "M\u{fc}nchen", "x"], ["2", "K\u{f6}ln", ""]]
        );
    }

    fn record() -> impl Strategy<Value = String> {
        let cell = select(
            &[
                "a",
                "a",
                "12.5",
                "",
                "\"q\"",
                "\"a,b\"",
                "\"two\nlines\"",
                "\"say \"\"hi\"\"\"",
                "\"\"",
                "12\" disc",
                "\"a\" b",
                " padded ",
                "\u{e9}",
                "\"open",
                "x\ry",
                "\u{a0}\u{e9}",
                "\"\r\n\"",
                "\"\"\"\"",
                "\"a\"\r",
                "\"a rather long cell of more than sixty-four bytes, which is a block\"",
            ][..],
        );
        let plain = select(
            &[
                "a",
                "\"q\"",
                "\"a,\"\"b\"",
                "\"two\nlines\"",
                "",
                "\"\"",
                "\u{e9}",
            ][..],
        );
        let cells = prop_oneof![
            6 => proptest::collection::vec(plain, 3),
            3 => proptest::collection::vec(cell.clone(), 3),
            1 => proptest::collection::vec(cell, 0..5),
        ];
        (cells, select(&["\n", "\n", "\r\n"][..])).prop_map(|(cells, end)| cells.join(",") + end)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn blocks_tell_what_records_tell(
            records in proptest::collection::vec(record(), 0..20),
            (cut, block_bytes) in (any::<bool>(), 16..400_usize),
        ) {
            let mut text = records.concat();
            if cut && text.ends_with('\n') {
                text.pop();
            }
            let file = file(text.as_bytes());
            let table = read(&file, Encoding::Utf8, block_bytes).unwrap();
            prop_assert_eq!(told(&table), slowly(text.as_bytes()));
            let read = &table.reads[0];
            for (row, line) in table.lines.iter().enumerate() {
                let found = refind::find_row(&read.plan(), &read.places, row as u64).unwrap();
                let found = found.expect("the row");
                prop_assert_eq!(found.line, *line);
            }
        }
    }
}
