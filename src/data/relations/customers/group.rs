//! Customer tables one below the other (the same columns) and side by side (the same customers).

use polars::prelude::{Column, IdxCa, NamedFrom, PolarsResult, Series};

use crate::{
    dataset::error::DataError,
    dataset::quality::RowSample,
    lines::ingest::Read,
    relations::frames::{self, IdPool, Ids},
    roles::{job::Job, sniffed::Sniffed},
    table::cells,
    table::frame::{self, FrameTable},
    values::text,
};

/// Files with the same columns, in whatever order these stand.
pub(super) struct Group<'a> {
    files: Vec<&'a Sniffed>,
    table: FrameTable,
    /// Where the column that names the customer stands in the first file.
    pub(super) key: usize,
}

impl<'a> Group<'a> {
    /// Reads files, each with the place of its customer, in groups in the order of the files.
    pub(super) fn read_all(
        files: &[(&'a Sniffed, usize)],
        job: &Job<'_>,
    ) -> Result<Vec<Self>, DataError> {
        let groups = frame::parts(files.iter().map(|&(file, _)| file));
        let groups = groups.into_iter().map(|group| {
            let first = files.iter().find(|known| std::ptr::eq(known.0, group[0]));
            Ok(Self {
                table: FrameTable::read(&group, job)?,
                key: first.map_or(0, |&(_, key)| key),
                files: group,
            })
        });
        groups.collect()
    }

    /// The first file, which spells the names of the columns.
    pub(super) fn first(&self) -> &'a Sniffed {
        self.files[0]
    }

    pub(super) fn files(&self) -> &[&'a Sniffed] {
        &self.files
    }

    pub(super) fn rows(&self) -> usize {
        self.table.rows()
    }

    /// How each file was read.
    pub(super) fn reads(&self) -> &[Read] {
        &self.table.reads
    }

    /// Names of the files for people.
    pub(super) fn title(&self) -> String {
        let names: Vec<String> = self.files.iter().map(|file| file.input.name()).collect();
        names.join(" and ")
    }

    /// The customer of each row.
    fn ids(&self, pool: &IdPool) -> PolarsResult<Ids> {
        pool.ids(&cells::texts(&self.table.frame.columns()[self.key])?)
    }

    /// Which file each row stands in.
    fn sources(&self) -> Column {
        let rows = (0..self.rows()).map(|row| self.table.file_of(row));
        let names: Vec<String> = self.files.iter().map(|file| file.input.name()).collect();
        let names: Vec<&str> = rows.map(|file| names[file].as_str()).collect();
        Series::new(SOURCE.into(), names).into()
    }

    /// What a cell holds, and where it stands.
    fn sample(&self, row: usize, column: usize) -> Option<RowSample> {
        let cell = self.table.frame.columns().get(column)?.get(row).ok()?;
        Some(RowSample {
            file: self.table.reads[self.table.file_of(row)].input.name(),
            line: *self.table.lines.get(row)?,
            column: self.first().dialect.names[column].clone(),
            found: text::shorten(&cell.str_value(), 120).into_owned(),
        })
    }

    /// The groups' files with how each was read, and where the columns of the first one stand in it.
    pub(super) fn into_reads(self) -> impl Iterator<Item = (Read, Vec<usize>)> {
        let first = self.first();
        let reads = self.files.into_iter().zip(self.table.reads);
        reads.map(move |(file, read)| (read, frame::places_of(first, file)))
    }
}

/// A group, and which row of it belongs to each row of the first group; `None` for that one itself.
struct Beside<'a> {
    group: Group<'a>,
    rows: Option<IdxCa>,
}

/// What joining another group would bring.
pub(super) struct Match {
    rows: IdxCa,
    /// Its customers, those of them that the first group has too, and rows that repeat a customer.
    pub(super) customers: usize,
    pub(super) shared: usize,
    pub(super) repeated: usize,
}

/// Where a column comes from: a column of a group, or else the names of the files.
#[derive(Clone, Copy, PartialEq)]
struct Origin {
    group: usize,
    column: usize,
}

/// The customers of a group, with the columns of the groups beside it.
pub(super) struct Tables<'a> {
    groups: Vec<Beside<'a>>,
    names: Vec<String>,
    origins: Vec<Option<Origin>>,
}

/// Name of the column that tells which file a row stands in.
const SOURCE: &str = "source_file";

impl<'a> Tables<'a> {
    pub(super) fn new(base: Group<'a>) -> Self {
        let mut tables = Self {
            names: Vec::new(),
            origins: Vec::new(),
            groups: Vec::new(),
        };
        for (column, name) in base.first().dialect.names.iter().enumerate() {
            tables.names.push(name.clone());
            tables.origins.push(Some(Origin { group: 0, column }));
        }
        if base.files.len() > 1 {
            tables.add(SOURCE, SOURCE, None);
        }
        tables.groups.push(Beside {
            group: base,
            rows: None,
        });
        tables
    }

    /// Adds a column under a name that is still free.
    fn add(&mut self, name: &str, whose: &str, origin: Option<Origin>) {
        let taken = |names: &[String], wanted: &str| {
            let folded = text::fold(wanted);
            names.iter().any(|name| text::fold(name) == folded)
        };
        let mut wanted = name.to_owned();
        for copy in 1.. {
            if !taken(&self.names, &wanted) {
                break;
            }
            wanted = match copy {
                1 => format!("{name} ({whose})"),
                _ => format!("{name} ({whose}, {copy})"),
            };
        }
        self.names.push(wanted);
        self.origins.push(origin);
    }

    /// Looks for the customers of another group.
    pub(super) fn compare(&self, other: &Group<'_>) -> PolarsResult<Match> {
        let pool = IdPool::default();
        let (asked, known) = (self.base().ids(&pool)?, other.ids(&pool)?);
        Ok(Match {
            rows: frames::lookup(&asked.numbers, &known.numbers),
            customers: known.distinct,
            shared: frames::shared(&known.numbers, &asked.numbers),
            repeated: known.filled - known.distinct,
        })
    }

    /// Adds the columns of another group, but the one that names the customer.
    pub(super) fn join(&mut self, group: Group<'a>, found: Match) {
        let file = group.first().input.name();
        let stem = std::path::Path::new(&file).file_stem();
        let whose = stem.map_or_else(|| file.clone(), |stem| stem.to_string_lossy().into_owned());
        let names = group.first().dialect.names.iter().enumerate();
        for (column, name) in names.filter(|(column, _)| *column != group.key) {
            let origin = Origin {
                group: self.groups.len(),
                column,
            };
            self.add(name, &whose, Some(origin));
        }
        self.groups.push(Beside {
            group,
            rows: Some(found.rows),
        });
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn rows(&self) -> usize {
        self.base().rows()
    }

    /// The column that names the customer.
    pub(super) fn key(&self) -> usize {
        self.base().key
    }

    pub(super) fn base(&self) -> &Group<'a> {
        &self.groups[0].group
    }

    /// A column, one cell for each customer.
    pub(super) fn column(&self, column: usize) -> PolarsResult<Column> {
        let Some(Origin { group, column }) = self.origins[column] else {
            return Ok(self.base().sources());
        };
        let Beside { group, rows } = &self.groups[group];
        let column = &group.table.frame.columns()[column];
        match rows {
            None => Ok(column.clone()),
            Some(rows) => frames::bring(column, rows),
        }
    }

    /// What a cell holds, and where it stands; nothing for one that no file holds.
    pub(super) fn sample(&self, row: usize, column: usize) -> Option<RowSample> {
        let origin = self.origins[column]?;
        let Beside { group, rows } = &self.groups[origin.group];
        let row = match rows {
            None => row,
            Some(rows) => rows.get(row)? as usize,
        };
        group.sample(row, origin.column)
    }

    /// The groups, the first one first, with the column that each of theirs became; nothing for the
    /// customer of another group.
    pub(super) fn into_groups(self) -> impl Iterator<Item = (Group<'a>, Vec<Option<usize>>)> {
        let origins = self.origins;
        let groups = self.groups.into_iter().enumerate();
        groups.map(move |(at, Beside { group, .. })| {
            let became = (0..group.first().dialect.names.len()).map(|column| {
                let origin = Some(Origin { group: at, column });
                origins.iter().position(|known| *known == origin)
            });
            let became = became.collect();
            (group, became)
        })
    }
}
