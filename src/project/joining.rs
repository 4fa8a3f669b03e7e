//! Next month's files: what was said about the columns of a shop's files holds for the new ones too.

use std::collections::{BTreeMap, BTreeSet};

use data::dataset::{FileReading, Role, options::ReadOptions};

/// What was said of one file before: its columns and the roles given to some of them.
struct Said<'a> {
    columns: BTreeSet<&'a str>,
    roles: &'a BTreeMap<String, Role>,
}

/// How the files now at hand are read, given how those before were. A file that was there before keeps
/// what was said of it, also where its name is longer now, because another file has the same; a new
/// one takes over what was said of a file that has all those columns.
#[must_use]
pub fn carried(reading: &ReadOptions, before: &[FileReading], now: &[FileReading]) -> ReadOptions {
    let mut roles = BTreeMap::new();
    let mut sheets = BTreeMap::new();
    for file in now {
        let same = before.iter().find(|known| known.path == file.path);
        let given = match same {
            Some(known) => reading.roles.get(&known.name).cloned(),
            None => taken_over(reading, before, file),
        };
        if let Some(given) = given {
            roles.insert(file.name.clone(), given);
        }
        let sheet = same.and_then(|known| reading.sheets.get(&known.name));
        if let Some(sheet) = sheet {
            sheets.insert(file.name.clone(), sheet.clone());
        }
    }
    ReadOptions {
        roles,
        sheets,
        ..reading.clone()
    }
}

fn taken_over(
    reading: &ReadOptions,
    before: &[FileReading],
    file: &FileReading,
) -> Option<BTreeMap<String, Role>> {
    let columns: BTreeSet<&str> = names(file);
    let said = before.iter().filter_map(|known| {
        let roles = reading.roles.get(&known.name)?;
        let columns = names(known);
        Some(Said { columns, roles })
    });
    let fits = said.filter(|said| {
        said.roles
            .keys()
            .all(|name| columns.contains(name.as_str()))
    });
    // The file with the most columns in common.
    let best = fits.max_by_key(|said| said.columns.intersection(&columns).count());
    best.map(|said| said.roles.clone())
}

fn names(file: &FileReading) -> BTreeSet<&str> {
    let columns = file.columns.iter();
    columns.map(|column| column.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::dataset::{ColumnReading, options::ReadingEdit};

    fn file(path: &str, name: &str, columns: &[&str]) -> FileReading {
        let column = |name: &&str| ColumnReading {
            name: (*name).to_owned(),
            role: Role::Attribute,
            chosen: false,
            reason: String::new(),
            format: String::new(),
        };
        FileReading {
            path: path.into(),
            name: name.to_owned(),
            sheets: Vec::new(),
            sheet: String::new(),
            part: String::new(),
            bytes: 1,
            rows: 1,
            encoding: String::new(),
            delimiter: String::new(),
            has_header: true,
            columns: columns.iter().map(column).collect(),
            preview: Vec::new(),
        }
    }

    fn said(file: &str) -> ReadOptions {
        let mut reading = ReadOptions {
            time_zone: Some("Europe/Berlin".to_owned()),
            ..ReadOptions::default()
        };
        for (column, role) in [("k", Role::Customer), ("u", Role::Amount)] {
            reading.edit(ReadingEdit::Role {
                file: file.to_owned(),
                column: column.to_owned(),
                role: Some(role),
            });
        }
        reading
    }

    #[test]
    fn the_same_columns_mean_the_same_next_month() {
        let june = file("a/june.csv", "june.csv", &["k", "t", "u"]);
        let july = file("a/july.csv", "july.csv", &["u", "k", "t", "more"]);
        let other = file("a/people.csv", "people.csv", &["k", "city"]);
        let reading = said("june.csv");
        let added = carried(
            &reading,
            std::slice::from_ref(&june),
            &[june.clone(), july.clone(), other],
        );
        assert_eq!(
            added.roles.keys().collect::<Vec<_>>(),
            ["july.csv", "june.csv"]
        );
        assert_eq!(added.roles["july.csv"], reading.roles["june.csv"]);
        assert_eq!(added.time_zone, reading.time_zone);
        let replaced = carried(&reading, &[june], &[july]);
        assert_eq!(replaced.roles.keys().collect::<Vec<_>>(), ["july.csv"]);
    }

    #[test]
    fn a_file_keeps_its_meanings_where_its_name_grows() {
        let june = file("06/orders.csv", "orders.csv", &["k", "t", "u"]);
        let now = [
            file("06/orders.csv", "06/orders.csv", &["k", "t", "u"]),
            file("07/orders.csv", "07/orders.csv", &["k", "t", "u"]),
        ];
        let added = carried(&said("orders.csv"), &[june], &now);
        let names: Vec<_> = added.roles.keys().collect();
        assert_eq!(names, ["06/orders.csv", "07/orders.csv"]);
    }
}
