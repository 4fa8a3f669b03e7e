//! A table as delimited text, with everything that stands around tables.

use super::{
    plan::Plan,
    spell,
    table::{Cell, Table},
    words,
};
use crate::random::Rng;

/// Rows of a printed page, after which some programs repeat the header.
const PAGE: usize = 40;

/// The rows of a table as texts, the header first, with rows that are no data.
pub(super) fn rows(table: &Table, main: bool, plan: &Plan) -> Vec<Vec<String>> {
    let header: Vec<String> = table
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let mut rows = vec![header.clone()];
    for (at, row) in table.rows.iter().enumerate() {
        if main && plan.text.repeated_header && at > 0 && at.is_multiple_of(PAGE) {
            rows.push(header.clone());
        }
        rows.push(row.iter().map(|cell| spell::cell(cell, plan)).collect());
    }
    if main && plan.text.totals {
        let sums = totals(table);
        let mut cells: Vec<String> = sums.iter().map(|cell| spell::cell(cell, plan)).collect();
        if let Some(first) = cells.iter_mut().find(|cell| cell.is_empty()) {
            words::total(plan.words).clone_into(first);
        }
        rows.push(cells);
    }
    rows
}

/// Sums of the columns of money and pieces.
pub(super) fn totals(table: &Table) -> Vec<Cell> {
    let column = |at: usize| table.rows.iter().map(move |row| &row[at]);
    (0..table.columns.len())
        .map(|at| {
            let sum: i64 = column(at)
                .map(|cell| match cell {
                    Cell::Money(value) | Cell::Count(value) => *value,
                    _ => 0,
                })
                .sum();
            let kind = column(at).find(|cell| **cell != Cell::Blank);
            match kind {
                Some(Cell::Money(_)) => Cell::Money(sum),
                Some(Cell::Count(_)) => Cell::Count(sum),
                _ => Cell::Blank,
            }
        })
        .collect()
}

/// The whole text of a file.
pub(super) fn text(table: &Table, main: bool, plan: &Plan, rng: &mut Rng) -> String {
    let form = &plan.text;
    let end = if form.windows_lines { "\r\n" } else { "\n" };
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push_str(end);
    };
    if form.sep_line {
        line(&format!("sep={}", form.separator));
    }
    if form.titles && main {
        for title in titles(rng) {
            line(title);
        }
    }
    if form.comments && main {
        line("# exported by the back office");
        line("# one row per line");
    }
    for row in rows(table, main, plan) {
        line(&joined(&row, plan));
    }
    if form.blank_tail {
        let nothing = form.separator.to_string().repeat(table.columns.len() - 1);
        for _ in 0..=rng.below(4) {
            line(if rng.chance(0.5) { &nothing } else { "" });
        }
    }
    text
}

fn titles(rng: &mut Rng) -> &'static [&'static str] {
    const ALL: [&[&str]; 3] = [
        &["Sales report", ""],
        &["Example Shop Ltd.", "Orders, all channels", ""],
        &["Report created on 3 January 2025"],
    ];
    ALL[rng.below(ALL.len())]
}

fn joined(row: &[String], plan: &Plan) -> String {
    let form = &plan.text;
    let special = |c: char| c == form.separator || matches!(c, '"' | '\n');
    let fields = row.iter().map(|field| {
        // Blanks around a field are kept by quotation marks only.
        if form.quoted || field.contains(special) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.clone()
        }
    });
    let mut line = fields.collect::<Vec<_>>().join(&form.separator.to_string());
    if form.trailing {
        line.push(form.separator);
    }
    line
}
