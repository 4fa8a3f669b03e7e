//! One table as several files: halves, months, or two exports that share days.

use super::{
    ids::without_zeros,
    plan::{IdDamage, Parts, Plan},
    table::{Cell, Table},
    words::Field,
};
use data::day::{Day, civil};

pub(super) fn split(mut tables: Vec<Table>, plan: &Plan) -> Vec<Table> {
    if plan.parts == Parts::Whole || tables.is_empty() {
        return tables;
    }
    let main = tables.remove(0);
    let mut parts = match plan.parts {
        Parts::Whole => vec![main],
        Parts::Halves => {
            let middle = day_at(&main, 50);
            vec![
                part(&main, "orders_part1", |day| day < middle),
                part(&main, "orders_part2", |day| day >= middle),
            ]
        }
        Parts::Overlapping => {
            let (from, to) = (day_at(&main, 40), day_at(&main, 60));
            vec![
                part(&main, "orders_a", |day| day <= to),
                part(&main, "orders_b", |day| day >= from),
            ]
        }
        Parts::Monthly => months(&main),
    };
    parts.retain(|part| !part.rows.is_empty());
    if plan.id_damage == IdDamage::LostZeros
        && let Some(last) = parts.last_mut()
    {
        lose_zeros(last);
    }
    parts.extend(tables);
    parts
}

/// The day up to which so many per cent of the rows stand.
fn day_at(table: &Table, percent: usize) -> Day {
    let mut days: Vec<Day> = table.rows.iter().map(|row| table.day(row)).collect();
    days.sort_unstable();
    days.get(days.len() * percent / 100)
        .copied()
        .unwrap_or_default()
}

fn part(table: &Table, name: &str, belongs: impl Fn(Day) -> bool) -> Table {
    let rows = table.rows.iter().filter(|row| belongs(table.day(row)));
    Table {
        name: name.to_owned(),
        columns: table.columns.clone(),
        rows: rows.cloned().collect(),
    }
}

/// A file per month, or per year where there would be very many.
fn months(table: &Table) -> Vec<Table> {
    let mut names: Vec<String> = Vec::new();
    let days = || table.rows.iter().map(|row| table.day(row));
    let long = days().max().unwrap_or_default() - days().min().unwrap_or_default() > 400;
    let name = |day: Day| {
        let (year, month, _) = civil(day);
        if long {
            format!("orders_{year}")
        } else {
            format!("orders_{year}-{month:02}")
        }
    };
    names.extend(days().map(name));
    names.sort();
    names.dedup();
    names
        .iter()
        .map(|known| part(table, known, |day| name(day) == *known))
        .collect()
}

fn lose_zeros(table: &mut Table) {
    let Some(at) = table.find(Field::Customer) else {
        return;
    };
    for row in &mut table.rows {
        if let Cell::Id(id) = &mut row[at] {
            *id = without_zeros(id);
        }
    }
}
