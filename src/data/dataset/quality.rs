//! The quality report: every rule that dropped, changed or flagged rows, with counts and samples.
//!
//! Reconciliation always holds: `rows_read = rows_kept + Σ rows of rules that drop`.

/// What a rule does to the rows it meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The row is not in [`crate::orders::Orders`].
    Dropped,
    /// The row is kept, but counts differently (a cancelled sale counts 0, a credit is no order).
    Changed,
    /// The row is kept as it is and only pointed out.
    Flagged,
}

/// A row as the file holds it, so that a person can find it again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RowSample {
    /// File name without its folder.
    pub file: String,
    /// Line number in the file, counted from 1; the header is line 1.
    pub line: u64,
    /// Column that made the rule apply; empty when it is the whole row.
    pub column: String,
    /// What was found there, shortened to a readable length.
    pub found: String,
}

/// A line that a rule draws.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Later days are met.
    Day(crate::day::Day),
    /// Larger amounts are met.
    Amount(f64),
}

/// One rule and what it met.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct RuleCount {
    /// Stable name for scripts, e.g. `missing_customer`.
    pub rule: String,
    /// One sentence for people: what the rule does and why.
    pub explanation: String,
    pub effect: Effect,
    pub rows: u64,
    /// Where the rule draws its line in this data, for rules that find it in the data.
    pub limit: Option<Limit>,
    /// Sum of the amounts of these rows, in the shop's currency, where they are readable.
    pub amount: f64,
    /// At most [`MAX_SAMPLES`] rows, the first ones in file order.
    pub samples: Vec<RowSample>,
}

/// Rows shown per rule.
pub const MAX_SAMPLES: usize = 5;

/// What happened to the rows of the order file(s).
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct QualityReport {
    /// Data rows read (headers and blank lines are not rows).
    pub rows_read: u64,
    /// Rows that became lines of [`crate::orders::Orders`].
    pub rows_kept: u64,
    /// Rules that met at least one row, in a fixed order.
    pub rules: Vec<RuleCount>,
}

impl QualityReport {
    /// Gross sales: every positive amount of these lines, also of sales not kept, and those of the
    /// rows that rules left out. What the shares of the report are of. Walks every line.
    #[must_use]
    pub fn gross_sales(&self, amounts: &[f64]) -> f64 {
        let lines: f64 = amounts.iter().filter(|amount| **amount > 0.0).sum();
        let left_out = self
            .rules
            .iter()
            .filter(|rule| rule.effect == Effect::Dropped && rule.amount > 0.0);
        lines + left_out.map(|rule| rule.amount).sum::<f64>()
    }

    /// Whether every row read is accounted for.
    #[must_use]
    pub fn reconciles(&self) -> bool {
        let dropped: u64 = self
            .rules
            .iter()
            .filter(|rule| rule.effect == Effect::Dropped)
            .map(|rule| rule.rows)
            .sum();
        self.rows_read == self.rows_kept + dropped
    }
}
