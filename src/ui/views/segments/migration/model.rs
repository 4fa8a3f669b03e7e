//! What the section says: totals, findings, the numbers as a sheet.

use crate::{
    chart::{Sheet, sheet::cell},
    format,
};
use analysis::migration::{Course, Flow, Migration};
use data::day::iso;

/// One figure above the charts.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    pub title: String,
    pub figure: String,
    pub note: String,
}

#[derive(Clone, Debug)]
pub struct Model {
    pub totals: Vec<Total>,
    pub flow_finding: String,
    pub matrix_finding: String,
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

impl Model {
    #[must_use]
    pub fn new(migration: &Migration, currency: &str) -> Self {
        let before = migration.before();
        let total = |title: &str, flow: &Flow, of_all: bool| {
            let shown = if of_all {
                format!(", {}", format::percent(share(flow.customers, before)))
            } else {
                String::new()
            };
            Total {
                title: format!("{title}{shown}"),
                figure: format::integer(flow.customers),
                note: format!(
                    "{} revenue\n{} of it between the dates",
                    format::money(flow.revenue, currency),
                    format::money(flow.revenue_between, currency)
                ),
            }
        };
        let mut totals = vec![
            total("● Stayed", &migration.stayed, true),
            total("▲ Moved up", &migration.up, true),
            total("▼ Moved down", &migration.down, true),
            total("New since", &migration.new, false),
        ];
        if migration.aged.customers > 0 {
            totals.push(total("Only aged", &migration.aged, true));
        }
        if migration.unplaced.customers > 0 {
            totals.push(total("To or from no segment", &migration.unplaced, true));
        }
        Self {
            totals,
            flow_finding: courses(migration),
            matrix_finding: largest(migration),
        }
    }
}

/// "Of 23,570 customers 92.8 % stayed, 4.3 % moved up and 2.9 % moved down; nobody is new."
fn courses(migration: &Migration) -> String {
    let before = migration.before();
    let new = match migration.new.customers {
        0 => "nobody is new".to_owned(),
        new => format::count(new, "is new", "are new"),
    };
    if before == 0 {
        return format!(
            "Nobody had ordered before {}; {new}.",
            format::date(migration.from)
        );
    }
    let percent = |flow: &Flow| format::percent(share(flow.customers, before));
    let not_yet = if migration.not_yet > 0 {
        format!(
            " {} had not ordered before {} and are left out.",
            format::count(
                migration.not_yet,
                "person of the data",
                "people of the data"
            ),
            format::date(migration.to)
        )
    } else {
        String::new()
    };
    let aged = match migration.aged.customers {
        0 => String::new(),
        _ => format!(
            " {} are in a segment of a higher level without an order since: they have only aged.",
            percent(&migration.aged)
        ),
    };
    format!(
        "Of {} on {}, {} stayed, {} moved up and {} moved down by {}; {new}.{aged}{not_yet}",
        format::count(before, "customer", "customers"),
        format::date(migration.from),
        percent(&migration.stayed),
        percent(&migration.up),
        percent(&migration.down),
        format::date(migration.to),
    )
}

/// The most travelled way down and up.
fn largest(migration: &Migration) -> String {
    let most = |wanted: Course| {
        let cells = (0..migration.sources.len())
            .flat_map(|row| (0..migration.targets.len()).map(move |column| (row, column)));
        cells
            .filter(|&(row, column)| migration.course(row, column) == wanted)
            .map(|(row, column)| (migration.flows[row][column].customers, row, column))
            .filter(|(customers, _, _)| *customers > 0)
            .max_by_key(|&(customers, row, column)| {
                (customers, std::cmp::Reverse(row), std::cmp::Reverse(column))
            })
    };
    let words = |(customers, row, column): (u64, usize, usize)| {
        format!(
            "{} → {} ({})",
            migration.sources[row].place.title(),
            migration.targets[column].place.title(),
            format::integer(customers)
        )
    };
    match (most(Course::Up).map(words), most(Course::Down).map(words)) {
        (Some(up), Some(down)) => {
            format!("Most travelled: up {up}, down {down}.")
        }
        (Some(up), None) => format!("Most travelled: up {up}; nobody moved down."),
        (None, Some(down)) => format!("Most travelled: down {down}; nobody moved up."),
        (None, None) => "Nobody moved from one segment to another.".to_owned(),
    }
}

/// One row per way, also those nobody took.
#[must_use]
pub fn sheet(migration: &Migration) -> Sheet {
    let mut sheet = Sheet::new(&[
        "from_date",
        "to_date",
        "from_segment",
        "to_segment",
        "customers",
        "revenue",
        "revenue_between",
    ]);
    for (row, source) in migration.sources.iter().enumerate() {
        for (column, target) in migration.targets.iter().enumerate() {
            let flow = &migration.flows[row][column];
            sheet.push(vec![
                iso(migration.from),
                iso(migration.to),
                source.place.title().to_owned(),
                target.place.title().to_owned(),
                flow.customers.to_string(),
                cell(Some(flow.revenue)),
                cell(Some(flow.revenue_between)),
            ]);
        }
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::migration::{Place, Stop};

    #[test]
    fn the_finding_counts_what_became_of_everyone() {
        let stop = |name: &str, level: f64| Stop {
            place: Place::Segment(name.to_owned()),
            style: Some(0),
            level: Some(level),
        };
        let flow = |customers: u64| Flow {
            customers,
            revenue: customers as f64,
            revenue_between: 0.0,
            bought: customers,
        };
        let migration = Migration {
            from: 0,
            to: 90,
            sources: vec![stop("VIP", 5.0), stop("Dormant", 1.0)],
            targets: vec![stop("VIP", 5.0), stop("Dormant", 1.0)],
            flows: vec![vec![flow(6), flow(1)], vec![flow(3), flow(0)]],
            stayed: flow(6),
            up: flow(3),
            down: flow(1),
            ..Migration::default()
        };
        let model = Model::new(&migration, "");
        assert_eq!(
            model.flow_finding,
            "Of 10 customers on 1 Jan 1970, 60.0 % stayed, 30.0 % moved up and 10.0 % moved down by 1 Apr 1970; nobody is new."
        );
        assert_eq!(
            model.matrix_finding,
            "Most travelled: up Dormant → VIP (3), down VIP → Dormant (1)."
        );
        assert_eq!(sheet(&migration).rows.len(), 4);
    }
}
