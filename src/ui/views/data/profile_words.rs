//! What the profile of a table says, without egui.

use std::fmt::Write;

use crate::format;
use data::profile::{ColumnKind, ColumnProfile, Distinct, TableProfile, TopValue};

/// A number of a column as people read it; dates are days since 1970-01-01.
#[must_use]
pub fn value(kind: ColumnKind, value: f64) -> String {
    match kind {
        ColumnKind::Date => format::date(value.round() as i32),
        ColumnKind::WholeNumber | ColumnKind::YesNo | ColumnKind::Id if value.fract() == 0.0 => {
            format::fixed(value, 0)
        }
        _ => format::number(value),
    }
}

/// A frequent value as people read it.
#[must_use]
pub fn top_value(kind: ColumnKind, top: &TopValue) -> String {
    match (kind, top.value) {
        (ColumnKind::Date | ColumnKind::Number | ColumnKind::WholeNumber, Some(number)) => {
            value(kind, number)
        }
        _ => top.text.clone(),
    }
}

/// `4,000`, or `at least 1,204,000` where not all rows were profiled.
#[must_use]
pub fn distinct(column: &ColumnProfile) -> String {
    match column.distinct {
        Distinct::Exact(count) => format::integer(count),
        Distinct::AtLeast(count) => format!("at least {}", format::integer(count)),
    }
}

/// Smallest, middle and largest value; "–" for columns that have none.
#[must_use]
pub fn spread(column: &ColumnProfile) -> [String; 3] {
    match &column.summary {
        Some(summary) => {
            [summary.min, summary.median, summary.max].map(|number| value(column.kind, number))
        }
        None => ["–"; 3].map(str::to_owned),
    }
}

/// `complete`, or the share of rows without a value.
#[must_use]
pub fn missing(column: &ColumnProfile) -> String {
    match column.missing {
        0 => "complete".to_owned(),
        _ => super::rules::share_words(column.missing_share()),
    }
}

/// What the whole table is.
#[must_use]
pub fn finding(table: &TableProfile) -> String {
    let with_gaps = table
        .columns
        .iter()
        .filter(|column| column.missing > 0)
        .count() as u64;
    let gaps = match with_gaps {
        0 => "every column is complete".to_owned(),
        count => format!(
            "{} missing values",
            format::count(count, "column has", "columns have")
        ),
    };
    format!(
        "{} and {}; {gaps}.",
        format::count(table.rows, "row", "rows"),
        format::count(table.columns.len() as u64, "column", "columns"),
    )
}

/// What one column is, in a sentence; also its text for screen readers.
#[must_use]
pub fn sentence(column: &ColumnProfile) -> String {
    let mut text = format!(
        "{}: {}, {} distinct",
        column.name,
        column.kind.title().to_lowercase(),
        distinct(column)
    );
    if column.summary.is_some() {
        let [min, median, max] = spread(column);
        let _ = write!(text, ", from {min} to {max}, median {median}");
    } else if let Some(top) = column.top.first() {
        let _ = write!(
            text,
            ", most often {} ({})",
            top_value(column.kind, top),
            super::rules::share_words(top.rows as f64 / column.filled().max(1) as f64)
        );
    }
    if column.missing > 0 {
        let _ = write!(text, ", missing in {} of the rows", missing(column));
    }
    text.push('.');
    text
}

/// Heights of the distribution, 0…1: bins of numbers and dates, the most frequent values of the rest.
#[must_use]
pub fn heights(column: &ColumnProfile) -> Vec<f32> {
    let counts: Vec<u64> = match &column.bins {
        // Ids hardly repeat: bars of them would all be alike and say nothing.
        None if column.kind == ColumnKind::Id => return Vec::new(),
        Some(bins) => bins.counts.clone(),
        None => column.top.iter().map(|top| top.rows).collect(),
    };
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    counts
        .iter()
        .map(|&count| count as f32 / most as f32)
        .collect()
}

/// The frequent values with their share of the filled rows, then all others together.
#[must_use]
pub fn shares(column: &ColumnProfile) -> Vec<(String, u64, f32)> {
    let filled = column.filled().max(1) as f32;
    let mut shares: Vec<_> = column
        .top
        .iter()
        .map(|top| {
            let text = top_value(column.kind, top);
            (text, top.rows, top.rows as f32 / filled)
        })
        .collect();
    if column.other_rows > 0 {
        let share = column.other_rows as f32 / filled;
        shares.push(("all other values".to_owned(), column.other_rows, share));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::monitor::Monitor;
    use data::dataset::options::ReadOptions;
    use data::open::source::Input;
    use data::profile::scan::profile_input;

    fn profile() -> TableProfile {
        const TEXT: &[u8] = b"city,amount,day\nRome,1.5,2024-01-01\nRome,2.5,2024-01-03\n\
            Oslo,8.5,2024-01-02\n,1.5,2024-01-02\n";
        let input = Input::memory("orders.csv", TEXT);
        profile_input(&input, &[], &ReadOptions::default(), &Monitor::silent()).unwrap()
    }

    #[test]
    fn columns_read_like_prose() {
        let table = profile();
        assert_eq!(
            finding(&table),
            "4 rows and 3 columns; 1 column has missing values."
        );
        let said: Vec<_> = table.columns.iter().map(sentence).collect();
        assert_eq!(
            said,
            [
                "city: text, 2 distinct, most often Rome (66.7 %), missing in 25.0 % of the rows.",
                "amount: number, 3 distinct, from 1.50 to 8.50, median 2.00.",
                "day: date, 3 distinct, from 1 Jan 2024 to 3 Jan 2024, median 2 Jan 2024.",
            ]
        );
    }

    #[test]
    fn distributions_end_at_one() {
        let table = profile();
        assert_eq!(heights(&table.columns[0]), [1.0, 0.5]);
        assert_eq!(heights(&table.columns[2]), [0.5, 1.0, 0.5]);
        let shares = shares(&table.columns[0]);
        assert_eq!(shares[1].0, "Oslo");
        assert_eq!(shares[1].1, 1);
    }
}
