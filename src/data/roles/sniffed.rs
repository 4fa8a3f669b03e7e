//! A file and its layout, and what its columns seem to mean.

use std::sync::OnceLock;

use crate::{
    dataset::{Role, error::DataError, options::ReadOptions},
    layouts::{self, Headers, TableLayout, Taught},
    open::{
        encoding::Encoding,
        source::{self, Input},
    },
    orders::TextPool,
    roles::{
        assign::{self, Said, TableRoles},
        facts::Sample,
        reason::Guess,
    },
    table::{dialect::Dialect, refind},
    values::text::fold,
};

/// A file and its layout.
#[derive(Clone, Debug)]
pub struct Sniffed {
    pub input: Input,
    pub dialect: Dialect,
    /// Folded names of the columns: every shape asks for them.
    folded: Vec<String>,
    /// The first rows by column.
    samples: OnceLock<Vec<Sample>>,
    roles: OnceLock<TableRoles>,
}

/// Rows that take part in guessing what columns mean.
pub const SAMPLE_ROWS: usize = 1_000;
/// Further rows from each of some later parts of a large file.
const LATER_ROWS: usize = 300;

impl Sniffed {
    #[must_use]
    pub fn new(input: Input, dialect: Dialect) -> Self {
        let folded = dialect.names.iter().map(|name| fold(name)).collect();
        Self {
            input,
            dialect,
            folded,
            samples: OnceLock::new(),
            roles: OnceLock::new(),
        }
    }

    /// The same file under other names of its columns.
    #[must_use]
    pub fn renamed(self, names: &[String]) -> Self {
        let dialect = Dialect {
            names: names.to_vec(),
            ..self.dialect
        };
        Self::new(self.input, dialect)
    }

    /// Whether the file holds JSON records.
    #[must_use]
    pub fn is_json(&self) -> bool {
        let columns = self.dialect.columns.as_deref();
        columns.is_some_and(|columns| columns.damage.is_some())
    }

    /// Folded names of the columns.
    #[must_use]
    pub fn folded(&self) -> &[String] {
        &self.folded
    }

    /// What layouts look at.
    #[must_use]
    pub fn headers(&self) -> Headers<'_> {
        Headers {
            folded: &self.folded,
            has_header: self.dialect.has_header,
        }
    }

    /// The export of these columns that the user has taught.
    #[must_use]
    pub fn taught<'a>(&self, options: &'a ReadOptions) -> Option<Taught<'a>> {
        let fits = |table: &TableLayout| self.holds(table);
        layouts::taught(&self.headers(), &options.taught, fits)
    }

    /// Whether a file without header, which has nothing else to be known by, holds dates and numbers where
    /// the layout has them.
    fn holds(&self, table: &TableLayout) -> bool {
        if self.dialect.has_header {
            return true;
        }
        let Ok(roles) = self.roles(Said::default()) else {
            return false;
        };
        let mut columns = self.dialect.names.iter().zip(&roles.facts);
        columns.all(|(name, facts)| match table.role_of(name) {
            Some(Role::Date) => facts.dates >= 0.9,
            Some(Role::Amount | Role::UnitPrice | Role::Quantity) => facts.numbers >= 0.9,
            _ => true,
        })
    }

    /// What people say of this file's columns: now, or of earlier files with the same ones.
    #[must_use]
    pub fn said<'a>(&self, options: &'a ReadOptions) -> Said<'a> {
        Said {
            roles: options.roles.get(&self.input.name()),
            taught: self.taught(options),
            ..Said::default()
        }
    }

    /// The first rows, by column.
    ///
    /// # Errors
    /// [`DataError`] when reading fails.
    pub fn samples(&self) -> Result<&[Sample], DataError> {
        if let Some(samples) = self.samples.get() {
            return Ok(samples);
        }
        let mut columns = refind::first_columns(&self.input, &self.dialect, SAMPLE_ROWS)?;
        // A sample never fills a pool; a column that did would only be shorter.
        let mut full = None;
        // Cells with their separators, and quotes where they have some.
        let bytes = |column: &TextPool| -> usize { column.iter().map(|cell| cell.len() + 3).sum() };
        let behind = match &self.dialect.columns {
            Some(_) => SAMPLE_ROWS as u64,
            None => columns.iter().map(bytes).sum::<usize>() as u64,
        };
        refind::for_later_rows(&self.input, &self.dialect, behind, LATER_ROWS, |cells| {
            for (column, cell) in columns.iter_mut().zip(cells) {
                full = full.or(column.push(&Encoding::Windows1252.decode_cell(cell)).err());
            }
        })?;
        if let Some(full) = full {
            return Err(source::too_large(self.input.path(), full));
        }
        let names = self.dialect.names.iter();
        let samples = names.zip(columns).map(|(name, cells)| Sample {
            name: name.clone(),
            cells,
        });
        let samples = samples.collect();
        Ok(self.samples.get_or_init(|| samples))
    }

    /// What the columns mean, judged by the first rows, unless somebody said so.
    ///
    /// # Errors
    /// As [`Sniffed::samples`].
    pub fn roles(&self, said: Said<'_>) -> Result<TableRoles, DataError> {
        let samples = self.samples()?;
        if said.by_nobody() {
            let roles = || assign::assign(samples, said);
            return Ok(self.roles.get_or_init(roles).clone());
        }
        Ok(assign::assign(samples, said))
    }

    /// As [`Sniffed::roles`], the roles alone.
    ///
    /// # Errors
    /// As [`Sniffed::samples`].
    pub fn guesses(&self, said: Said<'_>) -> Result<Vec<Guess>, DataError> {
        Ok(self.roles(said)?.guesses)
    }

    /// Whether the file has a column of this (folded) name.
    #[must_use]
    pub fn has(&self, folded: &str) -> bool {
        self.column(folded).is_some()
    }

    /// Position of the column of this (folded) name.
    #[must_use]
    pub fn column(&self, folded: &str) -> Option<usize> {
        self.folded.iter().position(|name| name == folded)
    }
}
