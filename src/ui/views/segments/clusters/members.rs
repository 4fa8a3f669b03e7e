//! The rows of a customer table, by the clusters that are ticked: there are no orders behind them, so
//! they are listed here instead of in the Customers view.

use std::sync::Arc;

use egui::Ui;

use crate::{
    action::Actions,
    chart::{ChartCard, Sheet, sheet::cell},
    cx::Cx,
    format,
    widgets::{
        card::Head,
        table::{Column, Scroll, Table as Grid, full_height},
    },
};
use analysis::clusters::{Clustering, kmeans::NO_CLUSTER};
use data::dataset::tables::{Table, Values};
use data::day::iso;

const MOST_ROWS: usize = 13;
const WIDTH: f32 = 118.0;
const CLUSTER_WIDTH: f32 = 220.0;

/// What the list remembers between frames.
#[derive(Debug, Default)]
pub struct State {
    /// Numbers of the clusters whose rows are listed; none stands for all.
    ticked: Vec<u8>,
    scroll: Scroll,
    current: Option<usize>,
    listed: Option<Listed>,
}

/// The rows as listed last, and what for.
#[derive(Debug)]
struct Listed {
    of: Arc<Clustering>,
    ticked: Vec<u8>,
    rows: Vec<u32>,
}

impl State {
    /// Whether a cluster's rows were asked for.
    #[must_use]
    pub fn is_ticked(&self, number: u8) -> bool {
        self.ticked.contains(&number)
    }

    /// Adds a cluster to those listed, or takes it out.
    pub fn tick(&mut self, number: u8) {
        match self.ticked.iter().position(|ticked| *ticked == number) {
            Some(at) => drop(self.ticked.remove(at)),
            None => self.ticked.push(number),
        }
        self.ticked.sort_unstable();
        self.current = None;
    }

    /// Works the list out when something about it is new; other clusters are listed whole.
    fn refresh(&mut self, found: &Arc<Clustering>) {
        let same = |listed: &Listed| Arc::ptr_eq(&listed.of, found);
        if self.listed.as_ref().is_some_and(|listed| !same(listed)) {
            self.ticked.clear();
        }
        let current = |listed: &Listed| same(listed) && listed.ticked == self.ticked;
        if !self.listed.as_ref().is_some_and(current) {
            self.listed = Some(Listed {
                of: Arc::clone(found),
                ticked: self.ticked.clone(),
                rows: rows_of(&found.labels, &self.ticked),
            });
        }
    }
}

/// Rows of these clusters, or all rows, in the order of the file.
fn rows_of(labels: &[u8], ticked: &[u8]) -> Vec<u32> {
    let mut rows = Vec::new();
    for (row, label) in (0_u32..).zip(labels) {
        if ticked.is_empty() || ticked.contains(label) {
            rows.push(row);
        }
    }
    rows
}

/// Draws the card; nothing for a shop with orders.
pub fn members_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (found, names): (&Arc<Clustering>, &[String]),
    state: &mut State,
    actions: &mut Actions,
) {
    let dataset = &cx.shop.dataset;
    let Some(table) = dataset
        .tables
        .first()
        .filter(|_| !dataset.shape.has_orders())
    else {
        return;
    };
    state.refresh(found);
    let State {
        ticked,
        scroll,
        current,
        listed: Some(listed),
    } = state
    else {
        return;
    };
    let finding = finding(listed.rows.len(), ticked, names);
    let head = Head {
        title: "Rows",
        finding: &finding,
        definition: "The rows of the customer table with their cluster, in the order of the file. Click a \
                     cluster's mark above to list its rows only; click several to list several.",
    };
    let rows = &listed.rows;
    let sheet = || sheet(table, (found, names), rows);
    ChartCard::new(cx.palette, head, "cluster_rows", &sheet).show_ui(ui, actions, |ui, _| {
        grid_ui(ui, cx, table, (found, names), (rows, scroll, current));
    });
}

fn finding(rows: usize, ticked: &[u8], names: &[String]) -> String {
    let count = format::count(rows as u64, "row", "rows");
    let chosen: Vec<&str> = ticked
        .iter()
        .filter_map(|&number| names.get(usize::from(number)))
        .map(String::as_str)
        .collect();
    if chosen.is_empty() {
        format!("{count} of all clusters; click a mark above to list one cluster.")
    } else {
        format!("{count} of {}.", chosen.join(" and "))
    }
}

fn grid_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    table: &Table,
    (found, names): (&Clustering, &[String]),
    (rows, scroll, current): (&[u32], &mut Scroll, &mut Option<usize>),
) {
    let titles: Vec<String> = table
        .columns
        .iter()
        .map(|column| format::column(&column.name))
        .collect();
    let first = Column {
        title: "Cluster",
        hint: "Cluster of the row; none where a number is missing",
        width: CLUSTER_WIDTH,
        grow: 1.0,
        numeric: false,
    };
    let others = table
        .columns
        .iter()
        .zip(&titles)
        .map(|(column, title)| Column {
            title,
            hint: &column.name,
            width: WIDTH,
            grow: 0.5,
            numeric: matches!(column.values, Values::Numbers(_)),
        });
    let columns: Vec<Column<'_>> = std::iter::once(first).chain(others).collect();
    let grid = Grid {
        label: "Rows of the clusters",
        columns: &columns,
        rows: rows.len(),
        sort: None,
        current: *current,
        sortable: false,
        height: full_height(rows.len().clamp(1, MOST_ROWS)),
        grabs_keys: false,
    };
    let output = grid.show_ui(ui, cx.palette, scroll, |line, at| {
        let row = rows[at] as usize;
        line.label(format!("Row {}", row + 1));
        let label = found.labels.get(row).copied().unwrap_or(NO_CLUSTER);
        match names.get(usize::from(label)) {
            Some(name) => line.segment(0, label, name),
            None => line.text(0, "–"),
        }
        for (number, column) in table.columns.iter().enumerate() {
            let text = text(&column.values, row);
            if columns[number + 1].numeric {
                line.number(number + 1, &text);
            } else {
                line.text(number + 1, &text);
            }
        }
    });
    if let Some(row) = output.moved.or(output.clicked.map(|(row, _)| row)) {
        *current = Some(row);
    }
}

/// One cell for people.
fn text(values: &Values, row: usize) -> String {
    match values {
        _ if values.is_missing(row) => "–".to_owned(),
        Values::Numbers(numbers) => format::number(numbers[row]),
        Values::Days(days) => format::date(days[row]),
        Values::Texts { codes, pool } => pool.get(codes.get(row) as usize).to_owned(),
    }
}

/// The listed rows for the clipboard or a file, as the file had them.
fn sheet(table: &Table, (found, names): (&Clustering, &[String]), rows: &[u32]) -> Sheet {
    let own = table.columns.iter().map(|column| column.name.clone());
    let mut sheet = Sheet {
        columns: std::iter::once("cluster".to_owned()).chain(own).collect(),
        rows: Vec::new(),
    };
    for &row in rows {
        let row = row as usize;
        let label = found.labels.get(row).copied().unwrap_or(NO_CLUSTER);
        let name = names.get(usize::from(label)).cloned().unwrap_or_default();
        let cells = table.columns.iter().map(|column| match &column.values {
            values if values.is_missing(row) => String::new(),
            Values::Numbers(numbers) => cell(Some(numbers[row])),
            Values::Days(days) => iso(days[row]),
            Values::Texts { codes, pool } => pool.get(codes.get(row) as usize).to_owned(),
        });
        sheet.push(std::iter::once(name).chain(cells).collect());
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_listed_by_the_clusters_that_are_ticked() {
        let labels = [1, 0, NO_CLUSTER, 1, 2];
        assert_eq!(rows_of(&labels, &[]), [0, 1, 2, 3, 4]);
        assert_eq!(rows_of(&labels, &[1]), [0, 3]);
        assert_eq!(rows_of(&labels, &[0, 2]), [1, 4]);
        let mut state = State::default();
        state.tick(2);
        state.tick(0);
        assert!(state.is_ticked(0) && state.is_ticked(2) && !state.is_ticked(1));
        assert_eq!(state.ticked, [0, 2]);
        state.tick(2);
        assert_eq!(state.ticked, [0]);
        let names = ["Few", "Many"].map(str::to_owned);
        assert_eq!(
            finding(1_204, &[0, 1], &names),
            "1,204 rows of Few and Many."
        );
        assert!(finding(1, &[], &names).starts_with("1 row of all clusters"));
    }
}
