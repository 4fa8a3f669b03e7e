//! Columns that nothing should be read from, and columns in any order.

use super::{
    plan::{Money, Plan, Total},
    table::{Cell, Column, Table},
    words::{self, Field},
};
use crate::random::Rng;
use data::day::{Day, from_civil};

const NOISE: [Field; 12] = [
    Field::Cost,
    Field::Tax,
    Field::Discount,
    Field::Launch,
    Field::Birth,
    Field::Delivery,
    Field::ListPrice,
    Field::Margin,
    Field::RowNumber,
    Field::InternalId,
    Field::Latitude,
    Field::Longitude,
];

pub(super) fn damage(tables: &mut [Table], plan: &Plan, rng: &mut Rng) {
    if let Some(main) = tables.first_mut() {
        add_noise(main, plan, rng);
    }
    if plan.shuffled {
        for table in tables {
            shuffle(table, rng);
        }
    }
}

fn add_noise(table: &mut Table, plan: &Plan, rng: &mut Rng) {
    // A discount beside price × quantity might be still to be taken off.
    let told = plan.money == Money::Amount || plan.total != Total::EachLine;
    let mut free: Vec<Field> = NOISE
        .into_iter()
        .filter(|field| told || *field != Field::Discount)
        .collect();
    for _ in 0..plan.noise.min(free.len()) {
        let field = free.swap_remove(rng.below(free.len()));
        let cells = (0..table.rows.len())
            .map(|row| cell(table, field, row, rng))
            .collect();
        let column = Column {
            field,
            name: words::name(field, plan.words, rng),
        };
        table.insert(rng.below(table.columns.len() + 1), column, cells);
    }
}

fn cell(table: &Table, field: Field, row: usize, rng: &mut Rng) -> Cell {
    let cells = &table.rows[row];
    let worth = worth(table, cells).unwrap_or(1_000 + rng.below(5_000) as i64);
    let day = table.day(cells);
    match field {
        Field::Cost => Cell::Money(worth * (50 + rng.below(20) as i64) / 100),
        Field::Tax => Cell::Money(worth * 19 / 119),
        Field::Discount if rng.chance(0.2) => Cell::Money(worth / 10),
        Field::Discount => Cell::Money(0),
        Field::Margin => Cell::Money(worth * (25 + rng.below(20) as i64) / 100),
        Field::ListPrice => Cell::Money(worth.abs() * 12 / 10 + 99),
        Field::Delivery => Cell::Date(day + 1 + rng.below(9) as Day),
        Field::Launch => Cell::Date(day - 200 - rng.below(1_500) as Day),
        Field::Birth => {
            let born = from_civil(1955, 1, 1).unwrap_or_default();
            Cell::Date(born + rng.below(17_000) as Day)
        }
        Field::RowNumber => Cell::Count(row as i64 + 1),
        Field::InternalId => Cell::Number(format!("{:08x}", rng.next_u64() as u32)),
        Field::Latitude => Cell::Number(format!("{:.5}", 40.0 + 12.0 * rng.uniform())),
        _ => Cell::Number(format!("{:.5}", 2.0 + 15.0 * rng.uniform())),
    }
}

/// The money of a row in cents.
fn worth(table: &Table, row: &[Cell]) -> Option<i64> {
    let money = |field| match table.find(field).map(|at| &row[at]) {
        Some(Cell::Money(cents)) => Some(*cents),
        _ => None,
    };
    let pieces = match table.find(Field::Quantity).map(|at| &row[at]) {
        Some(Cell::Count(count)) => *count,
        _ => 1,
    };
    money(Field::Amount)
        .or_else(|| money(Field::Total))
        .or_else(|| money(Field::UnitPrice).map(|price| price * pieces))
}

fn shuffle(table: &mut Table, rng: &mut Rng) {
    for last in (1..table.columns.len()).rev() {
        let other = rng.below(last + 1);
        table.columns.swap(last, other);
        for row in &mut table.rows {
            row.swap(last, other);
        }
    }
}
