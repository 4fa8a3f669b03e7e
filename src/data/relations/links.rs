//! Which column of a table finds its partner in which column of another one.

use polars::prelude::{PolarsResult, StringChunked};

use super::{
    frames::{self, Keep},
    tables::Known,
};
use crate::{layouts::Grain, roles::vocabulary::concept::Concept, values::text};

/// A column that asks, a key that answers, and how often it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub from: usize,
    pub from_column: usize,
    pub to: usize,
    pub to_column: usize,
    /// Distinct values of the asking column that the key has, and how many there are.
    pub found: usize,
    pub asked: usize,
    /// Distinct values of the key.
    pub keys: usize,
}

impl Link {
    /// Share of the values asked for that are found, or of the keys that are asked for where that is more:
    /// an extract of the orders has all its lines in a table of many more.
    #[must_use]
    pub fn share(&self) -> f64 {
        let of = |whole: usize| self.found as f64 / whole.max(1) as f64;
        of(self.asked).max(of(self.keys))
    }
}

/// A column of ids that other columns are looked up in.
pub struct Key {
    table: usize,
    column: usize,
    ids: StringChunked,
    distinct: usize,
}

impl Key {
    /// # Errors
    /// As polars.
    pub fn of(tables: &[Known<'_>], table: usize, column: usize) -> PolarsResult<Self> {
        let ids = tables[table].keys(column)?;
        Ok(Self {
            table,
            column,
            distinct: frames::distinct(&ids)?.len(),
            ids,
        })
    }

    /// How far a column of another table finds its partners here.
    ///
    /// # Errors
    /// As polars.
    pub fn link(
        &self,
        tables: &[Known<'_>],
        from: usize,
        from_column: usize,
    ) -> PolarsResult<Link> {
        let asking = tables[from].keys(from_column)?;
        let (found, asked) = frames::contained(&asking, &self.ids)?;
        Ok(Link {
            from,
            from_column,
            to: self.table,
            to_column: self.column,
            found,
            asked,
            keys: self.distinct,
        })
    }
}

/// Fewer values found are no link.
const LEAST_SHARE: f64 = 0.05;

/// All links between tables whose names allow them and whose values confirm them.
///
/// Numbers of different things contain each other by chance (orders 1…900 are also customers 1…900), so
/// a link needs a name: both columns are ids of the same thing, or are named alike.
///
/// # Errors
/// As polars.
pub fn find(tables: &[Known<'_>]) -> PolarsResult<Vec<Link>> {
    let mut links = Vec::new();
    for (to, answering) in tables.iter().enumerate() {
        for to_column in 0..answering.frame.width() {
            if !can_answer(answering, to_column) || !answering.is_key(to_column)? {
                continue;
            }
            let key = Key::of(tables, to, to_column)?;
            for (from, asking) in tables.iter().enumerate() {
                if from == to {
                    continue;
                }
                let columns = (0..asking.frame.width())
                    .filter(|&column| named_alike((asking, column), (answering, to_column)));
                for from_column in columns {
                    let link = key.link(tables, from, from_column)?;
                    if link.share() >= LEAST_SHARE && !contradicts(tables, &link)? {
                        links.push(link);
                    }
                }
            }
        }
    }
    for from in 0..tables.len() {
        let linked = links.iter().any(|link| link.from == from);
        if tables[from].grain == Grain::Refunds && !linked {
            links.extend(to_lines(tables, from)?);
        }
    }
    Ok(links)
}

/// Links from refunds to tables in which an order has several rows: what is given back is the order's.
fn to_lines(tables: &[Known<'_>], from: usize) -> PolarsResult<Vec<Link>> {
    let mut links = Vec::new();
    let Some(from_column) = tables[from].order() else {
        return Ok(links);
    };
    for (to, answering) in tables.iter().enumerate().filter(|(to, _)| *to != from) {
        let lines = matches!(answering.grain, Grain::Lines | Grain::OrderOnLines);
        let Some(to_column) = answering.order().filter(|_| lines) else {
            continue;
        };
        let link = Key::of(tables, to, to_column)?.link(tables, from, from_column)?;
        if link.share() >= LEAST_SHARE {
            links.push(link);
        }
    }
    Ok(links)
}

/// Whether two tables number their orders alike and mean others: orders of one number have different
/// customers.
fn contradicts(tables: &[Known<'_>], link: &Link) -> PolarsResult<bool> {
    let (from, to) = (&tables[link.from], &tables[link.to]);
    let by_number = from.order() == Some(link.from_column) && to.order() == Some(link.to_column);
    let (Some(whose), Some(theirs), true) = (from.customer(), to.customer(), by_number) else {
        return Ok(false);
    };
    let rows = frames::lookup(
        &from.keys(link.from_column)?,
        &to.keys(link.to_column)?,
        Keep::First,
    )?;
    let theirs = to.keys_at(theirs, &rows)?;
    let same = |a: &str, b: &str| text::fold_id(a) == text::fold_id(b);
    Ok(frames::agreement(&from.keys(whose)?, &theirs, same).is_contradicted())
}

/// Columns that name something, not measure it.
fn can_answer(table: &Known<'_>, column: usize) -> bool {
    let (facts, spoken) = (&table.roles.facts[column], &table.roles.spoken[column]);
    let is_id =
        table.id_of[column].is_some() || spoken.has(Concept::Id) || spoken.has(Concept::Email);
    is_id || facts.letters > 0.9 && facts.dates < 0.5 && facts.length <= 40
}

/// A table and one of its columns.
type Place<'a, 'b> = (&'a Known<'b>, usize);

fn named_alike((asking, from): Place<'_, '_>, (answering, to): Place<'_, '_>) -> bool {
    let (of_from, of_to) = (asking.id_of[from], answering.id_of[to]);
    let name = |table: &Known<'_>, column: usize| table.files[0].folded()[column].clone();
    let (from_name, to_name) = (name(asking, from), name(answering, to));
    let bare = matches!(
        to_name.as_str(),
        "id" | "key" | "code" | "number" | "nr" | "no"
    );
    if from_name == to_name {
        // `id` and `id` are keys of two things; days are keys of a calendar where their name says so.
        let is_key = asking.roles.spoken[from].has(Concept::Id);
        return !bare && (is_key || asking.roles.facts[from].dates < 0.5);
    }
    match (of_from, of_to) {
        (Some(a), Some(b)) => a == b,
        _ => to_name.len() > 4 && !bare && from_name.ends_with(&to_name),
    }
}
