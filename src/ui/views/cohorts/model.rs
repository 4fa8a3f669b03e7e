//! Display data of the Cohorts view: names, sentences and numbers, without egui.

use crate::{
    chart::{Sheet, Tip, Unit, sheet},
    format,
};
use analysis::cohorts::{CellState, CohortSpec, CohortTable, Metric, RowsBy, SMALL_COHORT};
use data::day::Period;

use super::words;

/// One row's head.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub key: i64,
    /// "Jan 1997", "Q1 2024", or the attribute's value.
    pub name: String,
    /// As the table labels it ("1997-01"): what chips and files say.
    pub label: String,
    pub size: u64,
    /// Too few customers to read a rate from.
    pub small: bool,
    /// Seems to hold customers from before the data begin: not in the mean.
    pub left_censored: bool,
}

/// One observed cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellView {
    pub value: f64,
    pub state: CellState,
    pub customers: u64,
    pub orders: u64,
    pub revenue: f64,
    /// What the rates divide: customers who bought, of those whose period counts. Differs from
    /// `customers` only in rows by attribute, where running periods are left out.
    pub rated_customers: u64,
    pub exposed: u64,
    /// Fewer than [`SMALL_COHORT`] customers stand behind the number.
    pub small: bool,
}

/// Everything the view draws for one table and one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub metric: Metric,
    pub spec: CohortSpec,
    pub currency: String,
    pub rows: Vec<Row>,
    /// Number of age columns.
    pub ages: usize,
    /// `rows × ages`, row by row; `None` = unobserved or undefined.
    cells: Vec<Option<CellView>>,
    /// Mean over complete cells, weighted by cohort size.
    pub mean: Vec<Option<f64>>,
    /// Customers in all rows.
    pub customers: u64,
    /// Limits of the colour scale.
    pub domain: Option<(f64, f64)>,
    pub finding: String,
    pub curves_finding: String,
    /// Column heads "0", "1"…
    pub age_labels: Vec<String>,
}

impl Page {
    #[must_use]
    pub fn build(table: &CohortTable, metric: Metric, currency: &str) -> Self {
        let rows: Vec<Row> = table
            .rows
            .iter()
            .enumerate()
            .map(|(at, row)| Row {
                key: row.key,
                name: format!(
                    "{}{}",
                    row_name(&table.spec, row.key, &row.label),
                    if table.compares(at) { "" } else { " †" }
                ),
                label: row.label.clone(),
                size: row.size,
                small: row.size < SMALL_COHORT,
                left_censored: !table.compares(at),
            })
            .collect();
        let ages = table.ages;
        let cells = (0..rows.len())
            .flat_map(|row| (0..ages).map(move |age| (row, age)))
            .map(|(row, age)| cell(table, metric, row, age))
            .collect();
        let mut page = Self {
            metric,
            spec: table.spec.clone(),
            currency: currency.to_owned(),
            customers: rows.iter().map(|row| row.size).sum(),
            rows,
            ages,
            cells,
            mean: (0..ages)
                .map(|age| table.weighted_mean(metric, age))
                .collect(),
            domain: table.colour_domain(metric),
            finding: String::new(),
            curves_finding: String::new(),
            age_labels: (0..ages).map(|age| age.to_string()).collect(),
        };
        page.finding = words::finding(&page);
        for said in [table.left_out(), table.cut_short()].into_iter().flatten() {
            page.finding.push(' ');
            page.finding.push_str(&said);
        }
        page.curves_finding = words::best_and_worst(&page, table);
        page
    }

    #[must_use]
    pub fn cell(&self, row: usize, age: usize) -> Option<&CellView> {
        if age >= self.ages {
            return None;
        }
        self.cells.get(row * self.ages + age)?.as_ref()
    }

    #[must_use]
    pub fn unit(&self) -> Unit<'_> {
        match self.metric {
            Metric::Retention => Unit::Share,
            Metric::Customers | Metric::Orders => Unit::Count,
            Metric::Revenue | Metric::RevenuePerCustomer | Metric::CumulativeLtv | Metric::Aov => {
                Unit::Money(&self.currency)
            }
        }
    }

    /// Whether age 0 stands outside of the colours and curves: where every customer of a cohort
    /// orders at age 0 by definition, it would outshine everything after it.
    #[must_use]
    pub fn first_left_out(&self) -> bool {
        self.ages > 1 && !matches!(self.metric, Metric::CumulativeLtv | Metric::Aov)
    }

    /// First age drawn in the curves.
    #[must_use]
    pub fn first_age(&self) -> usize {
        usize::from(self.first_left_out())
    }

    /// Place of a value on the colour scale, 0…1.
    #[must_use]
    pub fn shade(&self, value: f64) -> f32 {
        let Some((low, high)) = self.domain else {
            return 0.5;
        };
        if high > low {
            ((value - low) / (high - low)).clamp(0.0, 1.0) as f32
        } else {
            0.5
        }
    }

    /// A number as it stands in a cell: short enough for 44 points.
    #[must_use]
    pub fn cell_text(&self, value: f64) -> String {
        match self.metric {
            Metric::Retention if value >= 0.999_5 => "100 %".to_owned(),
            // A cell of nobody is quiet.
            Metric::Retention if value == 0.0 => "0 %".to_owned(),
            Metric::Retention => format::percent(value),
            _ => format::compact(value),
        }
    }

    /// What a row is: "Cohort", or the attribute ("Channel").
    #[must_use]
    pub fn row_title(&self) -> String {
        match &self.spec.rows {
            RowsBy::Acquisition => "Cohort".to_owned(),
            RowsBy::Attribute(name) => format::capital(&plain(name)),
        }
    }

    /// "by cohort", "by first channel"
    #[must_use]
    pub fn by(&self) -> String {
        match &self.spec.rows {
            RowsBy::Acquisition => "by cohort".to_owned(),
            RowsBy::Attribute(name) => format!("by first {}", plain(name)),
        }
    }

    /// Place of an acquisition row between the oldest (0) and the newest (1).
    #[must_use]
    pub fn newness(&self, row: usize) -> f32 {
        row as f32 / self.rows.len().saturating_sub(1).max(1) as f32
    }

    #[must_use]
    pub fn is_acquisition(&self) -> bool {
        self.spec.rows == RowsBy::Acquisition
    }

    /// "month", "week"…
    #[must_use]
    pub fn noun(&self) -> &'static str {
        self.spec.period.noun()
    }

    /// Name of the values' axis, with its unit.
    #[must_use]
    pub fn value_title(&self) -> String {
        let title = self.metric.title();
        match self.metric {
            Metric::Retention => "Share of the cohort that ordered (%)".to_owned(),
            Metric::Customers | Metric::Orders => title.to_owned(),
            _ if self.currency.is_empty() => title.to_owned(),
            _ => format!("{title} ({})", self.currency),
        }
    }

    /// Name of the age axis.
    #[must_use]
    pub fn age_title(&self) -> String {
        format!("{}s since the first order", format::capital(self.noun()))
    }

    /// The read-out of a cell.
    #[must_use]
    pub fn tip(&self, row: usize, age: usize) -> Tip {
        words::cell_tip(self, row, age)
    }

    /// The table's numbers: cohort, size, one column per age.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        let mut columns = vec!["cohort".to_owned(), "size".to_owned()];
        columns.extend((0..self.ages).map(|age| format!("{}_{age}", self.noun())));
        let mut sheet = Sheet {
            columns,
            rows: Vec::new(),
        };
        for (index, row) in self.rows.iter().enumerate() {
            let mut values = vec![row.label.clone(), row.size.to_string()];
            values.extend(
                (0..self.ages).map(|age| sheet::cell(self.cell(index, age).map(|cell| cell.value))),
            );
            sheet.push(values);
        }
        let mut mean = vec!["weighted mean".to_owned(), self.customers.to_string()];
        mean.extend(self.mean.iter().map(|&value| sheet::cell(value)));
        sheet.push(mean);
        sheet
    }

    /// Values of one row for the curves.
    #[must_use]
    pub fn curve(&self, row: usize) -> Vec<Option<f64>> {
        (0..self.ages)
            .map(|age| self.cell(row, age).map(|cell| cell.value))
            .collect()
    }

    /// First age of a row from which its numbers are not to be relied on (in progress, or too few
    /// customers); `usize::MAX` when there is none.
    #[must_use]
    pub fn unsure_from(&self, row: usize) -> usize {
        (0..self.ages)
            .find(|&age| {
                self.cell(row, age)
                    .is_some_and(|cell| cell.small || cell.state == CellState::InProgress)
            })
            .unwrap_or(usize::MAX)
    }

    /// Whether any cell is in progress, and whether any cohort is small: decides what the legend
    /// must explain.
    #[must_use]
    pub fn needs_legend_for(&self) -> (bool, bool) {
        let cells = || self.cells.iter().flatten();
        (
            cells().any(|cell| cell.state == CellState::InProgress),
            cells().any(|cell| cell.small),
        )
    }
}

fn cell(table: &CohortTable, metric: Metric, row: usize, age: usize) -> Option<CellView> {
    let state = table.state(row, age);
    if state == CellState::Unobserved {
        return None;
    }
    let source = table.rows.get(row)?;
    let sums = source.cells.get(age)?;
    let (rated, exposed) = source.rated(age);
    Some(CellView {
        value: table.value(metric, row, age)?,
        state,
        customers: sums.customers,
        orders: sums.orders,
        revenue: sums.revenue,
        rated_customers: rated.customers,
        exposed,
        small: exposed < SMALL_COHORT,
    })
}

fn row_name(spec: &CohortSpec, key: i64, label: &str) -> String {
    match (&spec.rows, i32::try_from(key)) {
        (RowsBy::Acquisition, Ok(index)) => format::period(spec.period, index),
        _ if label.is_empty() => "No value".to_owned(),
        _ => label.to_owned(),
    }
}

/// A column name as a word: `product_category` → "product category".
fn plain(name: &str) -> String {
    name.replace('_', " ").to_lowercase()
}

/// Names of the period switch.
pub const PERIODS: [(Period, &str); 4] = [
    (Period::Week, "Week"),
    (Period::Month, "Month"),
    (Period::Quarter, "Quarter"),
    (Period::Year, "Year"),
];

/// Choices of the rows dropdown: acquisition, then every attribute of the data.
#[must_use]
pub fn row_choices<'a>(
    period: Period,
    attributes: impl Iterator<Item = &'a str>,
) -> Vec<(RowsBy, String)> {
    let first = (
        RowsBy::Acquisition,
        format!("{} of first order", format::capital(period.noun())),
    );
    std::iter::once(first)
        .chain(attributes.map(|name| {
            (
                RowsBy::Attribute(name.to_owned()),
                format!("First {}", plain(name)),
            )
        }))
        .collect()
}
