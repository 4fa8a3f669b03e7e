//! Customer tables one below the other (the same columns) and side by side (the same customers).

use crate::{
    data::dataset::error::DataError,
    data::lines::ingest::Read,
    data::orders::PoolFull,
    data::shapes::{Job, Sniffed},
    data::table::chunks::Broken,
    data::table::small::SmallTable,
    data::values::lookup::Lookup,
    data::values::text,
};

/// Files with the same columns, in whatever order these stand.
pub(super) struct Group<'a> {
    files: Vec<&'a Sniffed>,
    tables: Vec<SmallTable>,
    /// Where the column that names the customer stands in the first file.
    pub(super) key: usize,
    pub(super) rows: usize,
}

impl<'a> Group<'a> {
    /// Sorts files with the place of their customer into groups, in the order of the files.
    pub(super) fn sort(
        files: &[(&'a Sniffed, usize)],
        job: &Job<'_>,
    ) -> Result<Vec<Self>, DataError> {
        let mut groups: Vec<Self> = Vec::new();
        for &(file, key) in files {
            job.monitor.check()?;
            let known = groups.iter_mut().find(|group| group.fits(file));
            if let Some(group) = known {
                group.push(file, job)?;
            } else {
                let mut group = Self {
                    files: Vec::new(),
                    tables: Vec::new(),
                    key,
                    rows: 0,
                };
                group.push(file, job)?;
                groups.push(group);
            }
        }
        Ok(groups)
    }

    fn fits(&self, file: &Sniffed) -> bool {
        let sorted = |file: &Sniffed| {
            let mut names = file.folded().to_vec();
            names.sort_unstable();
            names
        };
        sorted(self.first()) == sorted(file)
    }

    fn push(&mut self, file: &'a Sniffed, job: &Job<'_>) -> Result<(), DataError> {
        let names = self.files.first().unwrap_or(&file).folded();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let table = SmallTable::read(file, &names, job)?;
        self.rows += table.rows;
        self.files.push(file);
        self.tables.push(table);
        Ok(())
    }

    /// The first file, which spells the names of the columns.
    pub(super) fn first(&self) -> &'a Sniffed {
        self.files[0]
    }

    pub(super) fn files(&self) -> &[&'a Sniffed] {
        &self.files
    }

    /// Names of the files for people.
    pub(super) fn title(&self) -> String {
        let names: Vec<String> = self.files.iter().map(|file| file.input.name()).collect();
        names.join(" and ")
    }

    /// Which file a row stands in, and its number there.
    fn find(&self, mut row: usize) -> Option<(usize, usize)> {
        for (at, table) in self.tables.iter().enumerate() {
            if row < table.rows {
                return Some((at, row));
            }
            row -= table.rows;
        }
        None
    }

    fn cell(&self, row: usize, column: usize) -> &str {
        self.find(row)
            .map_or("", |(table, row)| self.tables[table].cell(row, column))
    }

    fn id(&self, row: usize) -> &str {
        text::tidy_id(self.cell(row, self.key))
    }

    /// How a row is found again: its file, its number there, and where the column stands in it.
    fn place(&self, row: usize, column: usize) -> Option<(&Read, usize, usize)> {
        let (table, row) = self.find(row)?;
        let at = self.files[table].column(&self.first().folded()[column])?;
        Some((&self.tables[table].read, row, at))
    }

    /// How the files were read, and where a column of the first one stands in each.
    pub(super) fn into_reads(self) -> impl Iterator<Item = (Read, Vec<Option<usize>>)> {
        let names = self.first().folded();
        self.files
            .into_iter()
            .zip(self.tables)
            .map(move |(file, table)| {
                let places = names.iter().map(|name| file.column(name)).collect();
                (table.read, places)
            })
    }

    pub(super) fn broken_remarks(&self) -> impl Iterator<Item = String> + '_ {
        self.tables.iter().filter_map(SmallTable::broken_remark)
    }
}

/// A group beside the first one, and what of it belongs to each row of that.
struct Joined<'a> {
    group: Group<'a>,
    rows: Vec<Option<u32>>,
}

/// What joining another group would bring.
pub(super) struct Match {
    rows: Vec<Option<u32>>,
    /// Its customers, those of them that the first group has too, and rows that repeat a customer.
    pub(super) customers: usize,
    pub(super) shared: usize,
    pub(super) repeated: usize,
}

/// Where a column comes from.
#[derive(Clone, Copy)]
enum Origin {
    Base(usize),
    /// Which file of the base a row stands in.
    Source,
    Joined(usize, usize),
}

/// The customers of a group, with the columns of the groups beside it.
pub(super) struct Tables<'a> {
    base: Group<'a>,
    joined: Vec<Joined<'a>>,
    names: Vec<String>,
    origins: Vec<Origin>,
    /// Names of the base's files, where there are several.
    sources: Vec<String>,
}

/// Name of the column that tells which file a row stands in.
const SOURCE: &str = "source_file";

impl<'a> Tables<'a> {
    pub(super) fn new(base: Group<'a>) -> Self {
        let names = base.first().dialect.names.clone();
        let mut tables = Self {
            origins: (0..names.len()).map(Origin::Base).collect(),
            joined: Vec::new(),
            sources: Vec::new(),
            names,
            base,
        };
        if tables.base.files.len() > 1 {
            let files = tables.base.files.iter();
            tables.sources = files.map(|file| file.input.name()).collect();
            tables.add(SOURCE, SOURCE, Origin::Source);
        }
        tables
    }

    /// Adds a column under a name that is still free.
    fn add(&mut self, name: &str, whose: &str, origin: Origin) {
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
    pub(super) fn compare(&self, other: &Group<'_>) -> Result<Match, PoolFull> {
        let (mut ids, mut first_rows) = (Lookup::default(), Vec::new());
        let mut repeated = 0;
        for row in 0..other.rows {
            let id = other.id(row);
            if id.is_empty() {
                continue;
            }
            if ids.number(id)? as usize == first_rows.len() {
                first_rows.push(row as u32);
            } else {
                repeated += 1;
            }
        }
        let mut met = vec![false; first_rows.len()];
        let rows = (0..self.base.rows).map(|row| {
            let at = ids.find(self.base.id(row))?;
            met[at] = true;
            Some(first_rows[at])
        });
        Ok(Match {
            rows: rows.collect(),
            customers: first_rows.len(),
            shared: met.into_iter().filter(|met| *met).count(),
            repeated,
        })
    }

    /// Adds the columns of another group, but the one that names the customer.
    pub(super) fn join(&mut self, group: Group<'a>, found: Match) {
        let file = group.first().input.name();
        let stem = std::path::Path::new(&file).file_stem();
        let whose = stem.map_or_else(|| file.clone(), |stem| stem.to_string_lossy().into_owned());
        let names = &group.first().dialect.names;
        for (at, name) in names.iter().enumerate() {
            if at != group.key {
                self.add(name, &whose, Origin::Joined(self.joined.len(), at));
            }
        }
        self.joined.push(Joined {
            group,
            rows: found.rows,
        });
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn rows(&self) -> usize {
        self.base.rows
    }

    /// The column that names the customer.
    pub(super) fn key(&self) -> usize {
        self.base.key
    }

    pub(super) fn base(&self) -> &Group<'a> {
        &self.base
    }

    /// Where a column stands that is one of a single file: its cells need no looking for.
    pub(super) fn plain_column(&self, column: usize) -> Option<(&SmallTable, usize)> {
        match (self.origins[column], self.base.tables.as_slice()) {
            (Origin::Base(at), [table]) => Some((table, at)),
            _ => None,
        }
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        match self.origins[column] {
            Origin::Base(at) => self.base.cell(row, at),
            Origin::Source => {
                let file = self.base.find(row);
                file.map_or("", |(file, _)| self.sources[file].as_str())
            }
            Origin::Joined(which, at) => {
                let Joined { group, rows } = &self.joined[which];
                rows[row].map_or("", |row| group.cell(row as usize, at))
            }
        }
    }

    /// As [`Group::place`], for any column that a file holds.
    pub(super) fn place(&self, row: usize, column: usize) -> Option<(&Read, usize, usize)> {
        match self.origins[column] {
            Origin::Base(at) => self.base.place(row, at),
            Origin::Source => None,
            Origin::Joined(which, at) => {
                let Joined { group, rows } = &self.joined[which];
                group.place(rows[row]? as usize, at)
            }
        }
    }

    pub(super) fn broken_rows(&self) -> u64 {
        let tables = self.base.tables.iter();
        tables.map(|table| table.read.broken_rows).sum()
    }

    /// The first rows that could not be used, and how to find them again.
    pub(super) fn broken(&self) -> impl Iterator<Item = (&Read, &Broken)> {
        self.base.tables.iter().flat_map(|table| {
            let broken = table.read.broken.iter();
            broken.map(|broken| (&table.read, broken))
        })
    }

    /// The groups, the first one first, with the column that each of theirs became; nothing for the
    /// customer of another group.
    pub(super) fn into_groups(self) -> impl Iterator<Item = (Group<'a>, Vec<Option<usize>>)> {
        let Self {
            base,
            joined,
            origins,
            ..
        } = self;
        let places = |width: usize, wanted: &dyn Fn(Origin) -> Option<usize>| {
            let mut places = vec![None; width];
            for (column, origin) in origins.iter().enumerate() {
                if let Some(at) = wanted(*origin) {
                    places[at] = Some(column);
                }
            }
            places
        };
        let mut groups = Vec::new();
        let width = base.first().dialect.names.len();
        let of_base = places(width, &|origin| match origin {
            Origin::Base(at) => Some(at),
            _ => None,
        });
        groups.push((base, of_base));
        for (which, Joined { group, .. }) in joined.into_iter().enumerate() {
            let width = group.first().dialect.names.len();
            let of_group = places(width, &|origin| match origin {
                Origin::Joined(known, at) if known == which => Some(at),
                _ => None,
            });
            groups.push((group, of_group));
        }
        groups.into_iter()
    }
}
