//! Tables that are joined before they become order lines: read whole, a few columns as text.

use std::path::Path;

use crate::{
    data::dataset::Role,
    data::dataset::error::DataError,
    data::dataset::quality::MAX_SAMPLES,
    data::lines::ingest::{PREVIEW_ROWS, Read},
    data::open::encoding::{self, Encoding},
    data::orders::PoolFull,
    data::roles::reason::Guess,
    data::shapes::{Job, Sniffed},
    data::table::chunks::{self, Piece, Plan, Stop},
    data::table::lexed::{self, Lexed, Refused, Wanted},
    data::table::parser::Parser,
    data::table::spans::Texts,
    data::values::dates::OrderEvidence,
    data::values::numbers::{Decimal, Evidence},
    data::values::text::{self, fold},
};

/// Some columns of a table, and how its file was read.
#[derive(Clone, Debug)]
pub struct SmallTable {
    /// Folded names of the columns.
    names: Vec<String>,
    texts: Texts,
    pub rows: usize,
    /// Fingerprint of each row's bytes, for tables of order lines ([`SmallTable::read_lines`]).
    pub fingerprints: Vec<u32>,
    pub read: Read,
}

impl SmallTable {
    /// Reads the columns with these (folded) names; a column the file lacks reads as empty.
    ///
    /// # Errors
    /// [`DataError`] when reading fails or the job is cancelled.
    pub fn read(file: &Sniffed, names: &[&str], job: &Job<'_>) -> Result<Self, DataError> {
        Self::read_by(file, names, false, job)
    }

    /// As [`SmallTable::read`], with a fingerprint of every row.
    ///
    /// # Errors
    /// As [`SmallTable::read`].
    pub fn read_lines(file: &Sniffed, names: &[&str], job: &Job<'_>) -> Result<Self, DataError> {
        Self::read_by(file, names, true, job)
    }

    /// Reads all columns, with a fingerprint of every row where they are order lines.
    ///
    /// # Errors
    /// As [`SmallTable::read`].
    pub fn read_all(file: &Sniffed, lines: bool, job: &Job<'_>) -> Result<Self, DataError> {
        let names: Vec<&str> = file.folded().iter().map(String::as_str).collect();
        Self::read_by(file, &names, lines, job)
    }

    fn read_by(
        file: &Sniffed,
        names: &[&str],
        fingerprints: bool,
        job: &Job<'_>,
    ) -> Result<Self, DataError> {
        let columns: Vec<Option<usize>> = names.iter().map(|name| file.column(name)).collect();
        let wanted = Wanted {
            columns: &columns,
            fingerprints,
        };
        let mut encoding = Encoding::Utf8;
        let size = file.input.len()?;
        if lexed::suits(&file.dialect, size) {
            match lexed::read((&file.input, &file.dialect), wanted, job.monitor) {
                Ok(lexed) => {
                    let stage = format!("Reading {}", file.input.name());
                    job.monitor.progress(stage, size, size);
                    return Ok(Self::of_lexed(file, names, lexed));
                }
                Err(Refused::Careful) => {}
                Err(Refused::Stop(Stop::WrongEncoding)) => {
                    encoding = encoding::survey(&file.input, job.monitor)?;
                }
                Err(Refused::Stop(Stop::Error(error))) => return Err(error),
                Err(Refused::Full(full)) => return Err(too_large(file.input.path(), full)),
            }
        }
        loop {
            let mut table = Self::empty(file, names, encoding);
            match table.fill(file, wanted, job) {
                Ok(()) => return Ok(table),
                Err(Stop::WrongEncoding) => encoding = encoding::survey(&file.input, job.monitor)?,
                Err(Stop::Error(error)) => return Err(error),
            }
        }
    }

    fn of_lexed(file: &Sniffed, names: &[&str], lexed: Lexed) -> Self {
        let mut table = Self::empty(file, names, Encoding::Utf8);
        table.texts = lexed.texts;
        table.rows = lexed.rows;
        table.fingerprints = lexed.fingerprints;
        let read = &mut table.read;
        read.rows = lexed.rows as u64;
        read.places = lexed.places;
        read.broken_rows = lexed.broken_rows;
        read.broken = lexed.broken;
        read.preview = lexed.preview;
        table
    }

    /// A table from columns that were read in another way; all of equal length, named as in `read`.
    #[must_use]
    pub fn of_texts(texts: Texts, rows: usize, read: Read) -> Self {
        Self {
            names: read.dialect.names.iter().map(|name| fold(name)).collect(),
            texts,
            rows,
            fingerprints: Vec::new(),
            read,
        }
    }

    fn empty(file: &Sniffed, names: &[&str], encoding: Encoding) -> Self {
        let width = file.dialect.names.len();
        let unused = Guess::said(Role::Ignored, "read by no analysis");
        Self {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            texts: Texts::new(names.len()),
            rows: 0,
            fingerprints: Vec::new(),
            read: Read {
                input: file.input.clone(),
                dialect: file.dialect.clone(),
                encoding,
                guesses: vec![unused; width],
                formats: vec![String::new(); width],
                first_row: 0,
                rows: 0,
                places: Vec::new(),
                broken_rows: 0,
                broken: Vec::new(),
                remarks: file.dialect.remarks.clone(),
                preview: Vec::new(),
                dates: OrderEvidence::default(),
                numbers: Evidence::default(),
                decimal: Decimal::Point,
                layout: None,
            },
        }
    }

    /// Reads any file piece by piece.
    fn fill(&mut self, file: &Sniffed, wanted: Wanted<'_>, job: &Job<'_>) -> Result<(), Stop> {
        let width = file.dialect.names.len();
        let parser = Parser::new(width, (0..width).collect());
        let size = file.input.len()?;
        let plan = Plan {
            input: &file.input,
            dialect: &file.dialect,
            encoding: self.read.encoding,
            // A piece is cleared before it is filled: no more than the file needs.
            piece_bytes: chunks::PIECE_BYTES.min(size as usize + 1),
            block_bytes: chunks::BLOCK_BYTES,
        };
        let stage = format!("Reading {}", file.input.name());
        chunks::for_each_piece(&plan, job.monitor, |piece| {
            job.monitor.check()?;
            let frame = parser.parse(piece, &file.input)?;
            if self.read.preview.is_empty() {
                self.read.preview = frame.preview(width, PREVIEW_ROWS);
            }
            for (column, position) in wanted.columns.iter().enumerate() {
                let Some(at) = position else {
                    continue;
                };
                let texts = &mut self.texts;
                frame
                    .try_for_each(*at, |cell| texts.push(column, text::trim(cell)))
                    .map_err(|full| Stop::Error(too_large(file.input.path(), full)))?;
            }
            self.remember(piece, wanted.fingerprints);
            job.monitor.progress(stage.as_str(), piece.bytes_read, size);
            Ok(())
        })
    }

    fn remember(&mut self, piece: &Piece, fingerprints: bool) {
        self.rows += piece.rows;
        if fingerprints {
            self.fingerprints.extend_from_slice(&piece.fingerprints);
        }
        let read = &mut self.read;
        read.rows = self.rows as u64;
        read.places.push(piece.place);
        read.broken_rows += piece.broken.len() as u64;
        let room = MAX_SAMPLES.saturating_sub(read.broken.len());
        read.broken.extend(piece.broken.iter().take(room).cloned());
    }

    /// Cell of a row in the `column`-th of the names asked for.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.texts.get(row, column)
    }

    /// Position of the column with this (folded) name.
    #[must_use]
    pub fn find(&self, folded: &str) -> Option<usize> {
        self.names.iter().position(|name| name == folded)
    }

    /// Cell of a row; empty where the table has no such column.
    #[must_use]
    pub fn text(&self, row: usize, column: Option<usize>) -> &str {
        column.map_or("", |column| self.texts.get(row, column))
    }

    /// A remark on rows that could not be used, for tables whose rows are no order lines.
    #[must_use]
    pub fn broken_remark(&self) -> Option<String> {
        let first = self.read.broken.first()?;
        Some(format!(
            "{}: {} rows with a wrong number of cells were left out, the first one in line {}",
            self.read.input.name(),
            self.read.broken_rows,
            first.line
        ))
    }
}

/// A cell or a column whose text outgrows what can be addressed.
pub(in crate::data) fn too_large(path: &Path, full: PoolFull) -> DataError {
    DataError::Unreadable {
        path: path.to_path_buf(),
        problem: full.to_string(),
        advice: "Split the export by year".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::{
        base::monitor::Monitor,
        data::dataset::options::ReadOptions,
        data::open::source::{Bytes, Input},
        data::table::refind,
        data::values::dates::Zone,
    };

    fn file(text: &[u8]) -> Sniffed {
        let input = Input::Memory {
            name: "table.csv".into(),
            bytes: Bytes::Shared(text.into()),
        };
        let mut dialect =
            crate::data::table::dialect::sniff(&Input::memory("x", b"a,b,c\nx,y,z\n"))
                .unwrap()
                .1;
        dialect.data_offset = 6;
        Sniffed::new(input, dialect)
    }

    fn with_job<T>(take: impl FnOnce(&Job<'_>) -> T) -> T {
        let (options, monitor) = (ReadOptions::default(), Monitor::silent());
        take(&Job {
            files: Vec::new(),
            options: &options,
            zone: Zone::default(),
            monitor: &monitor,
            bytes_total: 0,
            books: BTreeMap::new(),
            recognised: None,
        })
    }

    /// Everything a table tells, and each row as it is found again.
    fn told(table: &SmallTable) -> impl PartialEq + std::fmt::Debug + use<> {
        let cells: Vec<[String; 3]> = (0..table.rows)
            .map(|row| [0, 1, 2].map(|column| table.cell(row, column).to_owned()))
            .collect();
        let read = &table.read;
        let found: Vec<_> = (0..read.rows)
            .map(|row| refind::find_row(&read.plan(), &read.places, row).unwrap())
            .collect();
        (
            (cells, found),
            (table.fingerprints.clone(), read.preview.clone()),
            (read.encoding, read.broken_rows, read.broken.clone()),
        )
    }

    const NAMES: [&str; 3] = ["b", "no such column", "c"];

    fn both_ways(text: &[u8]) -> [SmallTable; 2] {
        let file = file(text);
        with_job(|job| {
            let fast = SmallTable::read_lines(&file, &NAMES, job).unwrap();
            let columns = NAMES.map(|name| file.column(name));
            let wanted = Wanted {
                columns: &columns,
                fingerprints: true,
            };
            let mut slow = SmallTable::empty(&file, &NAMES, fast.read.encoding);
            slow.fill(&file, wanted, job).unwrap();
            [fast, slow]
        })
    }

    #[test]
    fn cells_lose_quotes_and_space_around_them() {
        let text = b"a,b,c\n1,\" x \",\"say \"\"hi\"\"\"\r\n\n2, y\xC2\xA0,12\" disc\n3,z\n";
        let [table, slow] = both_ways(text);
        assert_eq!(told(&table), told(&slow));
        let cells = |row| [0, 1, 2].map(|column| table.cell(row, column));
        assert_eq!(cells(0), ["x", "", "say \"hi\""]);
        assert_eq!(cells(1), ["y", "", "12\" disc"]);
        assert_eq!((table.rows, table.read.broken_rows), (2, 1));
        assert_eq!(
            (table.read.broken[0].line, table.read.broken[0].cells),
            (5, 2)
        );
        assert_eq!(table.read.preview[0], ["1", " x ", "say \"hi\""]);
    }

    #[test]
    fn other_encodings_are_read_piece_by_piece() {
        let [table, _] = both_ways(b"a,b,c\n1,M\xFCnchen,x\n2,\"K\xF6ln\",\n");
        assert_eq!(table.read.encoding, Encoding::Windows1252);
        assert_eq!(
            [table.cell(0, 0), table.cell(1, 0)],
            ["M\u{fc}nchen", "K\u{f6}ln"]
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
            ][..],
        );
        let cells = prop_oneof![
            9 => proptest::collection::vec(cell.clone(), 3),
            1 => proptest::collection::vec(cell, 0..5),
        ];
        (cells, select(&["\n", "\n", "\r\n"][..])).prop_map(|(cells, end)| cells.join(",") + end)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn one_pass_tells_what_the_general_reader_tells(
            records in proptest::collection::vec(record(), 0..12),
            cut in any::<bool>(),
        ) {
            let mut text = format!("a,b,c\n{}", records.concat());
            if cut && text.ends_with('\n') && text.len() > 6 {
                text.pop();
            }
            let [fast, slow] = both_ways(text.as_bytes());
            prop_assert_eq!(told(&fast), told(&slow));
        }
    }
}
