//! What is said of the rows of customer tables: every row is kept, unless its cells do not fit the
//! header.

use super::group::Tables;
use crate::{
    dataset::error::DataError,
    dataset::quality::{Effect, MAX_SAMPLES, QualityReport, RowSample, RuleCount},
    dataset::tables::Values,
    table::refind,
    table::typed::Typed,
    values::text,
};

/// Rows whose customer is missing or stood in an earlier row.
#[derive(Debug, Default)]
pub(super) struct Keys {
    missing: Vec<usize>,
    pub(super) repeated: Vec<usize>,
}

impl Keys {
    /// Looks at the column of customers.
    pub(super) fn of(key: &Typed) -> Self {
        let mut keys = Self::default();
        let Values::Texts { codes, pool } = &key.column.values else {
            return keys;
        };
        let mut seen = vec![false; pool.len()];
        for row in 0..codes.len() {
            let code = codes.get(row) as usize;
            if pool.get(code).is_empty() {
                keys.missing.push(row);
            } else if std::mem::replace(&mut seen[code], true) {
                keys.repeated.push(row);
            }
        }
        keys
    }
}

/// Writes the quality report of tables.
pub(super) struct Report<'a> {
    pub(super) tables: &'a Tables<'a>,
}

impl Report<'_> {
    pub(super) fn write(&self, columns: &[Typed], keys: &Keys) -> Result<QualityReport, DataError> {
        let (mut rules, rows) = (Vec::new(), self.tables.rows() as u64);
        let reads = self.tables.base().reads();
        let broken_rows = reads.iter().map(|read| read.broken_rows).sum();
        if broken_rows > 0 {
            rules.push(self.broken(broken_rows)?);
        }
        for (rule, explanation, rows) in [
            (
                "missing_customer",
                "Rows without a customer id are kept: what they hold counts in every profile.",
                &keys.missing,
            ),
            (
                "repeated_customer",
                "Customers that stand in an earlier row too. Both rows are kept.",
                &keys.repeated,
            ),
        ] {
            if !rows.is_empty() {
                let first = &rows[..rows.len().min(MAX_SAMPLES)];
                rules.push(RuleCount {
                    limit: None,
                    rule: rule.to_owned(),
                    explanation: explanation.to_owned(),
                    effect: Effect::Flagged,
                    rows: rows.len() as u64,
                    amount: 0.0,
                    samples: self.samples(first, self.tables.key()),
                });
            }
        }
        let unreadable: u64 = columns.iter().map(|typed| typed.unreadable).sum();
        let mut samples = Vec::new();
        for (at, typed) in columns.iter().enumerate() {
            let room = MAX_SAMPLES - samples.len();
            let first = typed.unreadable_rows.len().min(room);
            samples.extend(self.samples(&typed.unreadable_rows[..first], at));
        }
        if unreadable > 0 {
            rules.push(RuleCount {
                limit: None,
                rule: "unreadable_cell".to_owned(),
                explanation: "Cells that are no number or date in a column of numbers or dates \
                              count as missing; their rows are kept."
                    .to_owned(),
                effect: Effect::Changed,
                rows: unreadable,
                amount: 0.0,
                samples,
            });
        }
        Ok(QualityReport {
            rows_read: rows + broken_rows,
            rows_kept: rows,
            rules,
        })
    }

    fn samples(&self, rows: &[usize], column: usize) -> Vec<RowSample> {
        let rows = rows.iter();
        rows.filter_map(|&row| self.tables.sample(row, column))
            .collect()
    }

    fn broken(&self, rows: u64) -> Result<RuleCount, DataError> {
        let mut samples = Vec::new();
        let reads = self.tables.base().reads().iter();
        let broken = reads.flat_map(|read| read.broken.iter().map(move |broken| (read, broken)));
        for (read, broken) in broken.take(MAX_SAMPLES) {
            let line = refind::find_broken(&read.plan(), broken)?;
            samples.push(RowSample {
                file: read.input.name(),
                line: broken.line,
                column: String::new(),
                found: text::shorten(line.trim(), 120).into_owned(),
            });
        }
        Ok(RuleCount {
            limit: None,
            rule: "broken_row".to_owned(),
            explanation: "Rows with another number of cells than the header cannot be read."
                .to_owned(),
            effect: Effect::Dropped,
            rows,
            amount: 0.0,
            samples,
        })
    }
}
