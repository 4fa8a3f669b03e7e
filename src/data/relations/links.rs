//! Which column of a table finds its partner in which column of another one.

use polars::prelude::PolarsResult;

use super::{frames, tables::Known};
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

/// A column of one of the tables.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: usize,
    pub column: usize,
}

/// How far a column finds its partners in that of another table.
///
/// # Errors
/// As polars.
pub fn link(tables: &[Known<'_>], from: Place, to: Place) -> PolarsResult<Link> {
    let asking = tables[from.table].keys(from.column)?;
    let known = tables[to.table].keys(to.column)?;
    Ok(Link {
        from: from.table,
        from_column: from.column,
        to: to.table,
        to_column: to.column,
        found: frames::shared(&asking.numbers, &known.numbers),
        asked: asking.distinct,
        keys: known.distinct,
    })
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
    let places =
        |at: usize| (0..tables[at].frame.width()).map(move |column| Place { table: at, column });
    for to in (0..tables.len()).flat_map(places) {
        if !can_answer(&tables[to.table], to.column) {
            continue;
        }
        let others = (0..tables.len()).filter(|table| *table != to.table);
        let asking = others.flat_map(places);
        // Values are looked at only where names allow a link.
        let mut asking = asking
            .filter(|from| named_alike(tables, *from, to))
            .peekable();
        if asking.peek().is_none() || !tables[to.table].is_key(to.column)? {
            continue;
        }
        for from in asking {
            let link = link(tables, from, to)?;
            if link.share() >= LEAST_SHARE && !contradicts(tables, &link)? {
                links.push(link);
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
        let Some(column) = answering.order().filter(|_| lines) else {
            continue;
        };
        let asking = Place {
            table: from,
            column: from_column,
        };
        let link = link(tables, asking, Place { table: to, column })?;
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
    let (asked, known) = (from.keys(link.from_column)?, to.keys(link.to_column)?);
    let theirs = to.keys_at(theirs, &frames::lookup(&asked.numbers, &known.numbers))?;
    let ours = from.keys(whose)?;
    let known = from.pool.texts();
    let folded = |id: u32| text::fold_id(known.texts().get(id as usize));
    let same = |a: u32, b: u32| folded(a) == folded(b);
    Ok(frames::agreement(&ours.numbers, &theirs, same).is_contradicted())
}

/// Columns that name something, not measure it.
fn can_answer(table: &Known<'_>, column: usize) -> bool {
    let (facts, spoken) = (&table.roles.facts[column], &table.roles.spoken[column]);
    let is_id =
        table.id_of[column].is_some() || spoken.has(Concept::Id) || spoken.has(Concept::Email);
    is_id || facts.letters > 0.9 && facts.dates < 0.5 && facts.length <= 40
}

fn named_alike(tables: &[Known<'_>], from: Place, to: Place) -> bool {
    let id_of = |place: Place| tables[place.table].id_of[place.column];
    let name = |place: Place| tables[place.table].files[0].folded()[place.column].as_str();
    let (from_name, to_name) = (name(from), name(to));
    let bare = matches!(to_name, "id" | "key" | "code" | "number" | "nr" | "no");
    if from_name == to_name {
        // `id` and `id` are keys of two things; days are keys of a calendar where their name says so.
        let roles = &tables[from.table].roles;
        let is_key = roles.spoken[from.column].has(Concept::Id);
        return !bare && (is_key || roles.facts[from.column].dates < 0.5);
    }
    match (id_of(from), id_of(to)) {
        (Some(a), Some(b)) => a == b,
        _ => to_name.len() > 4 && !bare && from_name.ends_with(to_name),
    }
}
