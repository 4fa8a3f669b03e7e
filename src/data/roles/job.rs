//! A set of files to be read together, and what was said about it.

use std::{collections::BTreeMap, path::Path};

use crate::{
    dataset::{
        Role,
        error::DataError,
        options::{self, ReadOptions},
    },
    layouts::Recognised,
    open::opened::Book,
    roles::{
        assign::{Said, TableRoles},
        sniffed::Sniffed,
    },
    values::dates::Zone,
};
use base::monitor::Monitor;

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
    pub recognised: Option<Recognised<'a>>,
}

/// The time zone that was set or answered.
///
/// # Errors
/// [`DataError`] when it does not exist.
pub fn zone_of(options: &ReadOptions) -> Result<Zone, DataError> {
    let name = options.zone_name();
    Zone::named(name).ok_or_else(|| DataError::FileSet {
        problem: format!("there is no time zone `{}`", name.unwrap_or_default()),
        advice: "Use an IANA name such as Europe/Berlin or America/Sao_Paulo".to_owned(),
    })
}

impl Job<'_> {
    /// The same files under other answers.
    ///
    /// # Errors
    /// As [`zone_of`].
    pub fn under<'a>(
        &'a self,
        options: &'a ReadOptions,
        monitor: &'a Monitor,
    ) -> Result<Job<'a>, DataError> {
        Ok(Job {
            files: self.files.clone(),
            options,
            zone: zone_of(options)?,
            monitor,
            bytes_total: self.bytes_total,
            books: self.books.clone(),
            recognised: self.recognised.clone(),
        })
    }

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

    /// The known exports the files are read as: your export “June”, “Shopify orders export”.
    #[must_use]
    pub fn exports(&self) -> Vec<String> {
        let known = self.recognised.iter().map(|known| known.layout);
        let mut words: Vec<String> = known
            .map(|layout| {
                let own = self.options.taught.contains(layout);
                format!(
                    "{}“{}”",
                    if own { "your export " } else { "" },
                    layout.title
                )
            })
            .collect();
        for file in &self.files {
            if let Some(taught) = file.taught(self.options) {
                let named = format!("your export “{}”", taught.title);
                if !words.contains(&named) {
                    words.push(named);
                }
            }
        }
        words
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
            answers,
            layout: known,
            ..file.said(self.options)
        })
    }

    /// Name of the set: the file's stem, or the folder's name for several files.
    #[must_use]
    pub fn set_name(&self) -> String {
        let path = self.files.first().map(|file| file.input.path());
        let named = match self.files.as_slice() {
            [_] => path.and_then(Path::file_stem),
            _ => path.and_then(Path::parent).and_then(Path::file_name),
        };
        named.map_or_else(
            || "orders".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        )
    }
}
