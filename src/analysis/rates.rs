//! How often a target is met per category of a column: "churn rate by region".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use data::dataset::tables::{Column, Table, Values};
use data::day::iso;
use data::orders::NO_DAY;
use data::values::text::fold;

/// A yes/no question about one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub column: String,
    pub test: Test,
}

/// When the target is met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// The number is greater than this.
    Over(f64),
    /// The value equals this text, ignoring case; numbers are compared as numbers.
    Is(String),
}

impl Target {
    /// `Churn_Probability over 0.5`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.test {
            Test::Over(threshold) => format!("{} over {threshold}", self.column),
            Test::Is(value) => format!("{} is {value}", self.column),
        }
    }
}

/// Rows that met the target, among those whose target is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rate {
    /// Value of the column; empty for rows without one.
    pub category: String,
    pub rows: u64,
    pub hits: u64,
    /// hits ÷ rows.
    pub rate: f64,
    /// 95 % Wilson interval of the rate.
    pub low: f64,
    pub high: f64,
}

/// The target's rate in every category and in all rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rates {
    pub target: Target,
    pub by: String,
    pub overall: Rate,
    /// Highest rate first; equal ones by category.
    pub categories: Vec<Rate>,
    /// Rows whose target is missing; they count nowhere.
    pub unknown: u64,
}

/// Why there are no rates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    #[error("there is no column `{0}`. Use a name as the profile shows it")]
    NoColumn(String),
    #[error(
        "`{0}` holds no numbers, so nothing in it is over a threshold. Ask for a value instead"
    )]
    NotNumeric(String),
    #[error(
        "`{column}` has more than {MAX_CATEGORIES} different values. Choose a column with categories"
    )]
    TooMany { column: String },
}

/// Categories beyond which a column is no grouping.
pub const MAX_CATEGORIES: usize = 50;

/// Two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % interval of a share by Wilson's score (Wilson 1927):
/// (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) ÷ (1 + z²/n). All of 0…1 without rows.
#[must_use]
pub fn wilson(hits: u64, rows: u64) -> (f64, f64) {
    if rows == 0 {
        return (0.0, 1.0);
    }
    let n = rows as f64;
    let share = hits as f64 / n;
    let scale = 1.0 + Z * Z / n;
    let middle = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    (
        ((middle - spread) / scale).max(0.0),
        ((middle + spread) / scale).min(1.0),
    )
}

/// The rate of `target` per category of the column `by`.
///
/// # Errors
/// [`RateError`] when a column does not exist or cannot be used this way.
pub fn rates(table: &Table, target: &Target, by: &str) -> Result<Rates, RateError> {
    let column = |name: &str| {
        table
            .column(name)
            .ok_or_else(|| RateError::NoColumn(name.to_owned()))
    };
    let (asked, groups) = (column(&target.column)?, column(by)?);
    if matches!(
        (&target.test, &asked.values),
        (Test::Over(_), Values::Texts { .. })
    ) {
        return Err(RateError::NotNumeric(asked.name.clone()));
    }
    let mut counts = BTreeMap::<String, (u64, u64)>::new();
    let (mut all, mut unknown) = ((0, 0), 0);
    for row in 0..table.rows {
        let Some(met) = meets(asked, &target.test, row) else {
            unknown += 1;
            continue;
        };
        let category = cell(groups, row);
        if counts.len() == MAX_CATEGORIES && !counts.contains_key(&category) {
            return Err(RateError::TooMany {
                column: groups.name.clone(),
            });
        }
        let known = counts.entry(category).or_default();
        known.0 += 1;
        known.1 += u64::from(met);
        all.0 += 1;
        all.1 += u64::from(met);
    }
    let mut categories: Vec<Rate> = counts
        .into_iter()
        .map(|(category, count)| Rate::of(category, count))
        .collect();
    categories.sort_by(|a, b| b.rate.total_cmp(&a.rate));
    Ok(Rates {
        target: target.clone(),
        by: groups.name.clone(),
        overall: Rate::of(String::new(), all),
        categories,
        unknown,
    })
}

impl Rate {
    fn of(category: String, (rows, hits): (u64, u64)) -> Self {
        let (low, high) = wilson(hits, rows);
        Self {
            category,
            rows,
            hits,
            rate: if rows == 0 {
                0.0
            } else {
                hits as f64 / rows as f64
            },
            low,
            high,
        }
    }
}

/// Whether the row meets the test; `None` when its cell is missing.
fn meets(column: &Column, test: &Test, row: usize) -> Option<bool> {
    if column.values.is_missing(row) {
        return None;
    }
    Some(match (test, &column.values) {
        (Test::Over(threshold), Values::Numbers(values)) => values[row] > *threshold,
        (Test::Over(threshold), Values::Days(days)) => f64::from(days[row]) > *threshold,
        (Test::Over(_), Values::Texts { .. }) => false,
        (Test::Is(wanted), Values::Numbers(values)) => {
            wanted.trim().parse::<f64>() == Ok(values[row])
        }
        (Test::Is(wanted), _) => cell(column, row).eq_ignore_ascii_case(wanted.trim()),
    })
}

/// The cell as text; empty when it is missing.
fn cell(column: &Column, row: usize) -> String {
    match &column.values {
        Values::Numbers(values) if values[row].is_nan() => String::new(),
        Values::Numbers(values) => values[row].to_string(),
        Values::Days(days) if days[row] == NO_DAY => String::new(),
        Values::Days(days) => iso(days[row]),
        Values::Texts { codes, pool } => pool.get(codes.get(row) as usize).to_owned(),
    }
}

/// The target a table speaks of by itself: a column named after churn, over 0.5 when it holds shares
/// or 0/1, else equal to its word for yes.
#[must_use]
pub fn default_target(table: &Table) -> Option<Target> {
    let named = |column: &&Column| {
        let folded = fold(&column.name);
        ["churn", "attrition", "abwanderung", "exited"]
            .iter()
            .any(|word| folded.contains(word))
    };
    let column = table.columns.iter().find(named)?;
    let test = match &column.values {
        Values::Numbers(values) => {
            let in_range = values
                .iter()
                .all(|value| value.is_nan() || (0.0..=1.0).contains(value));
            Test::Over(if in_range { 0.5 } else { 50.0 })
        }
        Values::Texts { pool, .. } => {
            let yes = ["yes", "true", "y", "churned", "ja", "1"];
            let found = pool
                .iter()
                .find(|text| yes.contains(&fold(text).as_str()))?;
            Test::Is(found.to_owned())
        }
        Values::Days(_) => return None,
    };
    Some(Target {
        column: column.name.clone(),
        test,
    })
}

/// Columns to group by: text of 2 to [`MAX_CATEGORIES`] values, in the order of the table.
#[must_use]
pub fn groupings(table: &Table) -> Vec<&str> {
    let groups = |column: &&Column| match &column.values {
        Values::Texts { pool, .. } => {
            let filled = pool.iter().filter(|text| !text.is_empty()).count();
            (2..=MAX_CATEGORIES).contains(&filled)
        }
        Values::Numbers(_) | Values::Days(_) => false,
    };
    let columns = table.columns.iter().filter(groups);
    columns.map(|column| column.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::orders::Codes;

    /// Worked out with another program from the formula.
    #[test]
    fn wilson_intervals() {
        for ((hits, rows), (low, high)) in [
            ((0, 10), (0.0, 0.277_532_799_862_889_2)),
            ((5, 10), (0.236_593_090_512_564, 0.763_406_909_487_436)),
            ((9, 10), (0.595_849_973_204_761_6, 0.982_123_786_904_927_1)),
        ] {
            let found = wilson(hits, rows);
            assert!(
                (found.0 - low).abs() < 1e-12 && (found.1 - high).abs() < 1e-12,
                "{found:?}"
            );
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    fn table() -> Table {
        Table {
            name: "customers".to_owned(),
            rows: 5,
            columns: vec![
                Column {
                    name: "Churn".to_owned(),
                    values: Values::Numbers(vec![0.9, 0.5, 0.7, f64::NAN, 0.1]),
                },
                Column {
                    name: "Region".to_owned(),
                    values: Values::Texts {
                        codes: Codes::U8(vec![1, 1, 2, 2, 0]),
                        pool: ["", "Asia", "Europe"].into_iter().collect(),
                    },
                },
            ],
        }
    }

    #[test]
    fn rates_per_category_leave_unknown_targets_out() {
        let table = table();
        let target = default_target(&table).expect("named churn");
        assert_eq!(target.words(), "Churn over 0.5");
        assert_eq!(groupings(&table), ["Region"]);
        let found = rates(&table, &target, "region").expect("possible");
        let rows: Vec<_> = found
            .categories
            .iter()
            .map(|rate| (rate.category.as_str(), rate.hits, rate.rows))
            .collect();
        assert_eq!(rows, [("Europe", 1, 1), ("Asia", 1, 2), ("", 0, 1)]);
        assert_eq!(
            (found.overall.hits, found.overall.rows, found.unknown),
            (2, 4, 1)
        );
        let is = Target {
            column: "region".to_owned(),
            test: Test::Is("asia".to_owned()),
        };
        assert_eq!(
            rates(&table, &is, "Region").map(|found| found.overall.hits),
            Ok(2)
        );
    }

    #[test]
    fn what_cannot_be_asked() {
        let target = |column: &str, test| Target {
            column: column.to_owned(),
            test,
        };
        let over = target("Region", Test::Over(1.0));
        assert_eq!(
            rates(&table(), &over, "Region"),
            Err(RateError::NotNumeric("Region".to_owned()))
        );
        let gone = target("gone", Test::Over(1.0));
        assert_eq!(
            rates(&table(), &gone, "Region"),
            Err(RateError::NoColumn("gone".to_owned()))
        );
    }
}
