//! Where the tables of a set stand in the drawn plan, and what their joins say, without egui.

use crate::format;
use data::dataset::understanding::{Plan, PlanLink, PlanTable};

/// A join that finds fewer partners than this is pointed out.
const WEAK: f64 = 0.95;

/// Column (from the left) and row (from the top) of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub column: usize,
    pub row: usize,
}

/// Places of all tables; those that nothing reads stand below, in a row of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// By number of the table; `None` = below.
    pub of: Vec<Option<Place>>,
    pub columns: usize,
    /// Rows of the highest column.
    pub rows: usize,
}

/// Whether there is anything to draw: one table alone needs no plan.
#[must_use]
pub fn is_worth_drawing(plan: &Plan) -> bool {
    plan.tables.len() > 1
}

/// The links whose ends exist.
pub fn links(plan: &Plan) -> impl Iterator<Item = &PlanLink> {
    let tables = plan.tables.len();
    plan.links
        .iter()
        .filter(move |link| link.from < tables && link.to < tables && link.from != link.to)
}

/// Places every table right of those that ask it.
#[must_use]
pub fn places(plan: &Plan) -> Places {
    let count = plan.tables.len();
    let mut column = vec![0_usize; count];
    // As often as there are tables: a ring of joins must come to an end.
    for _ in 0..count {
        for link in links(plan) {
            column[link.to] = column[link.to].max(column[link.from] + 1).min(count - 1);
        }
    }
    close_gaps(plan, &mut column);
    let drawn = |table: usize| plan.tables[table].used;
    let columns = (0..count)
        .filter(|&table| drawn(table))
        .map(|table| column[table] + 1)
        .max()
        .unwrap_or(0);
    let mut places = Places {
        of: vec![None; count],
        columns,
        rows: 0,
    };
    for at in 0..columns {
        let mut members: Vec<usize> = (0..count)
            .filter(|&table| drawn(table) && column[table] == at)
            .collect();
        order(plan, &places, &mut members);
        places.rows = places.rows.max(members.len());
        for (row, table) in members.into_iter().enumerate() {
            places.of[table] = Some(Place { column: at, row });
        }
    }
    places
}

/// A table that only answers one neighbour stands right beside it; columns that are empty go.
fn close_gaps(plan: &Plan, column: &mut [usize]) {
    // A table that asks only and whose partner stands farther right moves up to it.
    for table in 0..column.len() {
        let asked = links(plan).any(|link| link.to == table);
        let nearest = links(plan)
            .filter(|link| link.from == table)
            .map(|link| column[link.to])
            .min();
        if let (false, Some(nearest)) = (asked, nearest) {
            column[table] = nearest.saturating_sub(1);
        }
    }
    let mut used: Vec<usize> = column.to_vec();
    used.sort_unstable();
    used.dedup();
    for place in column.iter_mut() {
        *place = used.partition_point(|known| known < place);
    }
}

/// Tables beside those they are joined with, so that few lines cross.
fn order(plan: &Plan, places: &Places, members: &mut [usize]) {
    let height = |table: usize| {
        let neighbours = links(plan).filter_map(|link| match table {
            _ if link.to == table => places.of[link.from],
            _ if link.from == table => places.of[link.to],
            _ => None,
        });
        let rows: Vec<usize> = neighbours.map(|place| place.row).collect();
        // Twice the mean, so that whole numbers tell halves apart.
        if rows.is_empty() {
            usize::MAX
        } else {
            2 * rows.iter().sum::<usize>() / rows.len()
        }
    };
    members.sort_by_key(|&table| (height(table), table));
}

/// `orders · 1,731 rows`
#[must_use]
pub fn caption(table: &PlanTable) -> String {
    let what = if table.used { &table.grain } else { "not used" };
    format!("{what} · {}", format::count(table.rows, "row", "rows"))
}

/// A table in a sentence.
#[must_use]
pub fn table_sentence(table: &PlanTable) -> String {
    let rows = format::count(table.rows, "row", "rows");
    if table.used {
        format!("{}: {} in {rows}", table.name, table.grain)
    } else {
        format!("{}: {rows}, not used", table.name)
    }
}

/// `1,723 of 1,731 found`
#[must_use]
pub fn found(link: &PlanLink) -> String {
    if link.matched == link.asked && link.asked > 0 {
        return format!("all {} found", format::integer(link.asked));
    }
    format!(
        "{} of {} found",
        format::integer(link.matched),
        format::integer(link.asked)
    )
}

/// Share of the rows that found their partner; 1 where no row asks.
fn share(link: &PlanLink) -> f64 {
    if link.asked == 0 {
        return 1.0;
    }
    link.matched as f64 / link.asked as f64
}

/// Whether so few rows find their partner that it should be looked at.
#[must_use]
pub fn is_weak(link: &PlanLink) -> bool {
    share(link) < WEAK
}

/// A join in a sentence.
#[must_use]
pub fn link_sentence(plan: &Plan, link: &PlanLink) -> String {
    let name = |at: usize| plan.tables.get(at).map_or("", |table| table.name.as_str());
    format!(
        "{} of {} rows of {} with a value in “{}” are found in “{}” of {} ({})",
        format::integer(link.matched),
        format::integer(link.asked),
        name(link.from),
        link.from_column,
        link.to_column,
        name(link.to),
        format::percent(share(link)),
    )
}

/// What the plan shows, in words.
#[must_use]
pub fn finding(plan: &Plan) -> String {
    let unused = plan.tables.iter().filter(|table| !table.used).count() as u64;
    let used = plan.tables.len() as u64 - unused;
    let mut text = format!("{} together", format::count(used, "table", "tables"));
    let rest = match unused {
        0 => ".".to_owned(),
        1 => "; 1 is not used.".to_owned(),
        more => format!("; {more} are not used."),
    };
    text += &rest;
    let weakest = links(plan).min_by(|a, b| share(a).total_cmp(&share(b)));
    if let Some(link) = weakest {
        text += if is_weak(link) {
            " Look at the weakest join: "
        } else {
            " Even of the weakest join, "
        };
        text += &link_sentence(plan, link);
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, grain: &str, rows: u64) -> PlanTable {
        PlanTable {
            name: name.to_owned(),
            grain: grain.to_owned(),
            rows,
            used: name != "notes.csv",
        }
    }

    fn link(from: usize, to: usize, matched: u64, asked: u64) -> PlanLink {
        PlanLink {
            complete: false,
            from,
            to,
            from_column: "order_id".to_owned(),
            to_column: "id".to_owned(),
            matched,
            asked,
        }
    }

    /// Items and refunds ask orders; orders ask customers; one table is not used.
    fn plan() -> Plan {
        Plan {
            tables: vec![
                table("orders.csv", "orders", 1_731),
                table("customers.csv", "customers", 900),
                table("items.csv", "order lines", 4_000),
                table("refunds.csv", "refunds", 120),
                table("notes.csv", "order lines", 3),
            ],
            links: vec![
                link(2, 0, 4_000, 4_000),
                link(3, 0, 110, 120),
                link(0, 1, 1_723, 1_731),
            ],
        }
    }

    #[test]
    fn who_asks_stands_left_of_who_answers() {
        let places = places(&plan());
        let at = |column, row| Some(Place { column, row });
        assert_eq!(places.of, [at(1, 0), at(2, 0), at(0, 0), at(0, 1), None]);
        assert_eq!((places.columns, places.rows), (3, 2));
    }

    #[test]
    fn rings_and_loose_ends_have_a_place_too() {
        let mut ring = plan();
        ring.links.push(link(1, 2, 1, 1));
        ring.links.push(link(0, 99, 1, 1));
        ring.links.push(link(0, 0, 1, 1));
        let places = places(&ring);
        assert!(places.of[..4].iter().all(Option::is_some));
        assert!(places.columns <= 4);
        assert!(!is_worth_drawing(&Plan::default()));
        assert_eq!(super::places(&Plan::default()).columns, 0);
    }

    #[test]
    fn joins_are_told_in_words() {
        let plan = plan();
        assert_eq!(found(&plan.links[2]), "1,723 of 1,731 found");
        assert_eq!(found(&plan.links[0]), "all 4,000 found");
        assert_eq!(caption(&plan.tables[0]), "orders · 1,731 rows");
        assert_eq!(
            table_sentence(&plan.tables[4]),
            "notes.csv: 3 rows, not used"
        );
        assert!(is_weak(&plan.links[1]) && !is_weak(&plan.links[2]));
        assert_eq!(
            finding(&plan),
            "4 tables together; 1 is not used. Look at the weakest join: 110 of 120 rows of refunds.csv \
             with a value in “order_id” are found in “id” of orders.csv (91.7 %)."
        );
    }
}
