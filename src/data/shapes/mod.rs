//! A file and its layout, and what the reading of a set needs.

pub mod order_log;

use std::{collections::BTreeMap, sync::OnceLock};

use super::{
    dataset::{
        Role,
        error::DataError,
        options::{self, ReadOptions},
    },
    layouts::{Headers, Recognised},
    open::{encoding::Encoding, source::Input},
    roles::{
        assign::{self, Said, TableRoles},
        facts::Sample,
        reason::Guess,
    },
    table::{dialect::Dialect, refind},
    values::{dates::Zone, text::fold},
};
use crate::{base::monitor::Monitor, data::open::opened::Book};

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

    /// Folded names of the fields of its first record, when the file is JSON-ish text.
    #[must_use]
    pub fn json_names(&self) -> Option<&[String]> {
        let many = self.folded.len() > 1 && self.dialect.json.is_some();
        many.then_some(self.folded.as_slice())
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
        refind::for_later_rows(&self.input, &self.dialect, LATER_ROWS, |cells| {
            for (column, cell) in columns.iter_mut().zip(cells) {
                full = full.or(column.push(&Encoding::Windows1252.decode_cell(cell)).err());
            }
        })?;
        if let Some(full) = full {
            return Err(crate::data::open::source::too_large(
                self.input.path(),
                full,
            ));
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
        let nobody = said.layout.is_none()
            && said.roles.is_none_or(BTreeMap::is_empty)
            && said.answers.is_none_or(BTreeMap::is_empty);
        if nobody {
            let roles = || assign::assign(samples, said);
            return Ok(self.roles.get_or_init(roles).clone());
        }
        Ok(assign::assign(samples, said))
    }

    /// As [`Sniffed::roles`], the roles alone.
    ///
    /// # Errors
    /// As [`Sniffed::samples`].
    pub fn guesses(&self, overrides: &BTreeMap<String, Role>) -> Result<Vec<Guess>, DataError> {
        let said = Said {
            roles: Some(overrides),
            ..Said::default()
        };
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

/// What the reading of a set needs.
pub struct Job<'a> {
    pub files: Vec<Sniffed>,
    pub options: &'a ReadOptions,
    pub zone: Zone,
    pub monitor: &'a Monitor,
    /// Bytes of all files.
    pub bytes_total: u64,
    /// The workbooks among the files, by name.
    pub books: BTreeMap<String, Book>,
    /// The known export that the files are, and which of its tables each file is.
    pub recognised: Option<Recognised<'static>>,
}

impl Job<'_> {
    /// What the columns of a file mean.
    ///
    /// # Errors
    /// As [`Sniffed::samples`].
    pub fn roles(&self, at: usize) -> Result<TableRoles, DataError> {
        let roles = self.judged(at, None)?;
        let answered = self.answered(at, &roles);
        if answered.is_empty() {
            return Ok(roles);
        }
        let mut again = self.judged(at, Some(&answered))?;
        // The question stands, with its answer.
        again.rivals = roles.rivals;
        again.first_choice = Some(roles.money);
        again.other_dates = roles.other_dates;
        again.first_date = roles
            .guesses
            .iter()
            .position(|guess| guess.role == Role::Date);
        Ok(again)
    }

    /// Roles that answers to questions about this file's columns give.
    fn answered(&self, at: usize, roles: &TableRoles) -> BTreeMap<String, Role> {
        let names = &self.files[at].dialect.names;
        let mut given = BTreeMap::new();
        if let Some(answer) = self.options.answers.get(options::AMOUNT) {
            let ways = roles
                .rivals
                .iter()
                .map(|way| &way.money)
                .chain([&roles.money]);
            let chosen = ways
                .filter(|money| money.name(names) == *answer)
                .collect::<Vec<_>>();
            if let Some(money) = chosen.first() {
                given.extend(money.roles(names));
            }
        }
        if let Some(answer) = self.options.answers.get(options::DATE)
            && names.contains(answer)
            && !roles.other_dates.is_empty()
        {
            given.insert(answer.clone(), Role::Date);
        }
        given
    }

    fn judged(
        &self,
        at: usize,
        answers: Option<&BTreeMap<String, Role>>,
    ) -> Result<TableRoles, DataError> {
        let file = &self.files[at];
        let known = self.recognised.as_ref().and_then(|known| {
            let table = known.tables[at]?;
            Some((table, known.layout.title.as_str()))
        });
        file.roles(Said {
            roles: self.options.roles.get(&file.input.name()),
            answers,
            layout: known,
        })
    }
}
