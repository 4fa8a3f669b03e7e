//! The numbers of the Data view's charts, for the clipboard and for files.

use super::profile_words::value;
use crate::chart::{Sheet, sheet::cell};
use analysis::{correlation::Correlations, rates::Rates};
use data::profile::{ColumnProfile, TableProfile};

/// One row per column of the table.
pub fn profile(profile: &TableProfile) -> Sheet {
    let mut sheet = Sheet::new(&[
        "column", "type", "rows", "missing", "distinct", "min", "median", "mean", "max",
    ]);
    for column in &profile.columns {
        let summary = column.summary.as_ref();
        sheet.push(vec![
            column.name.clone(),
            column.kind.title().to_owned(),
            column.rows.to_string(),
            column.missing.to_string(),
            column.distinct.count().to_string(),
            cell(summary.map(|summary| summary.min)),
            cell(summary.map(|summary| summary.median)),
            cell(summary.map(|summary| summary.mean)),
            cell(summary.map(|summary| summary.max)),
        ]);
    }
    sheet
}

/// The distribution of a column, or its most frequent values where it has none.
pub fn column(column: &ColumnProfile) -> Sheet {
    if let Some(bins) = &column.bins {
        let mut sheet = Sheet::new(&["from", "to", "rows"]);
        for (index, count) in bins.counts.iter().enumerate() {
            let edge = |index: usize| bins.start + bins.width * index as f64;
            sheet.push(vec![
                value(column.kind, edge(index)),
                value(column.kind, edge(index + 1)),
                count.to_string(),
            ]);
        }
        return sheet;
    }
    let mut sheet = Sheet::new(&["value", "rows"]);
    for top in &column.top {
        sheet.push(vec![top.text.clone(), top.rows.to_string()]);
    }
    sheet
}

/// The matrix, with the names of its columns in the first row and column.
pub fn correlations(found: &Correlations) -> Sheet {
    let mut columns = vec!["column"];
    columns.extend(found.columns.iter().map(String::as_str));
    let mut sheet = Sheet::new(&columns);
    for (row, name) in found.columns.iter().enumerate() {
        let mut cells = vec![name.clone()];
        let r = |column| cell(Some(found.pearson[found.at(row, column)]));
        cells.extend((0..found.columns.len()).map(r));
        sheet.push(cells);
    }
    sheet
}

/// One row per category.
pub fn rates(rates: Option<&Rates>) -> Sheet {
    let mut sheet = Sheet::new(&["category", "rows", "met", "rate", "low", "high"]);
    for rate in rates.iter().flat_map(|rates| &rates.categories) {
        sheet.push(vec![
            rate.category.clone(),
            rate.rows.to_string(),
            rate.hits.to_string(),
            cell(Some(rate.rate)),
            cell(Some(rate.low)),
            cell(Some(rate.high)),
        ]);
    }
    sheet
}
