//! How numeric columns of a table move together: Pearson and Spearman correlation matrices.

use rayon::prelude::*;

use data::dataset::tables::{Table, Values};

/// Columns compared, the first ones of the table: a heatmap of more cannot be read.
pub const MAX_COLUMNS: usize = 40;

/// Correlations of every pair of columns. Missing cells are left out pair by pair.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Correlations {
    /// Names of the columns, in the order of the table.
    pub columns: Vec<String>,
    /// Pearson's r, row by row, `columns.len()` squared; NaN (in JSON null) where a column does not
    /// vary or fewer than two rows hold both.
    pub pearson: Vec<f64>,
    /// Spearman's ρ: Pearson's r of the ranks, equal values sharing their mean rank.
    pub spearman: Vec<f64>,
    /// Rows that hold both values.
    pub rows: Vec<u64>,
    /// Numeric columns beyond [`MAX_COLUMNS`] that were left out.
    pub left_out: usize,
}

impl Correlations {
    /// Position of a pair in the matrices.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> usize {
        row * self.columns.len() + column
    }

    /// The pair of different columns with the strongest Pearson correlation, as positions.
    #[must_use]
    pub fn strongest(&self) -> Option<(usize, usize)> {
        let count = self.columns.len();
        let pairs = (0..count).flat_map(|row| (0..row).map(move |column| (row, column)));
        pairs
            .filter(|&(row, column)| !self.pearson[self.at(row, column)].is_nan())
            .max_by(|&(a, b), &(c, d)| {
                let strength = |row, column| self.pearson[self.at(row, column)].abs();
                strength(a, b)
                    .total_cmp(&strength(c, d))
                    // The first of equals.
                    .then((c, d).cmp(&(a, b)))
            })
    }
}

/// Correlates the numeric columns that vary.
#[must_use]
pub fn correlations(table: &Table) -> Correlations {
    let numeric: Vec<(&str, &[f64])> = table
        .columns
        .iter()
        .filter_map(|column| match &column.values {
            Values::Numbers(values) if varies(values) => {
                Some((column.name.as_str(), values.as_slice()))
            }
            Values::Numbers(_) | Values::Days(_) | Values::Texts { .. } => None,
        })
        .collect();
    let left_out = numeric.len().saturating_sub(MAX_COLUMNS);
    let shown = &numeric[..numeric.len() - left_out];
    let ranked: Vec<Option<Vec<f64>>> = shown
        .par_iter()
        .map(|(_, values)| (!values.iter().any(|value| value.is_nan())).then(|| ranks(values)))
        .collect();
    let count = shown.len();
    let cells: Vec<(f64, f64, u64)> = (0..count * count)
        .into_par_iter()
        .map(|cell| {
            let (row, column) = (cell / count, cell % count);
            if row < column {
                return (f64::NAN, f64::NAN, 0); // Filled in from its mirror below.
            }
            let (pearson, spearman, rows) = pair(
                (shown[row].1, ranked[row].as_deref()),
                (shown[column].1, ranked[column].as_deref()),
            );
            if row == column {
                // Exactly, whatever the rounding: a column that varies moves with itself.
                return (1.0, 1.0, rows);
            }
            (pearson, spearman, rows)
        })
        .collect();
    let mirrored = |cell: usize| {
        let (row, column) = (cell / count, cell % count);
        cells[row.max(column) * count + row.min(column)]
    };
    Correlations {
        columns: shown.iter().map(|(name, _)| (*name).to_owned()).collect(),
        pearson: (0..count * count).map(|cell| mirrored(cell).0).collect(),
        spearman: (0..count * count).map(|cell| mirrored(cell).1).collect(),
        rows: (0..count * count).map(|cell| mirrored(cell).2).collect(),
        left_out,
    }
}

fn varies(values: &[f64]) -> bool {
    let mut known = values.iter().filter(|value| !value.is_nan());
    let first = known.next();
    first.is_some_and(|first| known.any(|value| value != first))
}

type Ranked<'a> = (&'a [f64], Option<&'a [f64]>);

fn pair((x, x_ranks): Ranked<'_>, (y, y_ranks): Ranked<'_>) -> (f64, f64, u64) {
    if let (Some(x_ranks), Some(y_ranks)) = (x_ranks, y_ranks) {
        return (pearson(x, y), pearson(x_ranks, y_ranks), x.len() as u64);
    }
    let both = x.iter().zip(y);
    let (x, y): (Vec<f64>, Vec<f64>) = both
        .filter(|(x, y)| !x.is_nan() && !y.is_nan())
        .map(|(x, y)| (*x, *y))
        .unzip();
    (
        pearson(&x, &y),
        pearson(&ranks(&x), &ranks(&y)),
        x.len() as u64,
    )
}

/// Pearson's r = Σ(x − x̄)(y − ȳ) ÷ √(Σ(x − x̄)² Σ(y − ȳ)²), in two passes; NaN without variation.
fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let count = x.len() as f64;
    if x.len() < 2 {
        return f64::NAN;
    }
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / count, y.iter().sum::<f64>() / count);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - mean_x, y - mean_y);
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    if xx == 0.0 || yy == 0.0 {
        return f64::NAN;
    }
    (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0)
}

/// Ranks from 1; equal values share the mean of their ranks.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let value = values[order[from] as usize];
        let mut to = from + 1;
        while to < order.len() && values[order[to] as usize] == value {
            to += 1;
        }
        let rank = (from + 1 + to) as f64 / 2.0;
        for &at in &order[from..to] {
            ranks[at as usize] = rank;
        }
        from = to;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::dataset::tables::Column;

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[5.0, 1.0, 5.0, 7.0]), [2.5, 1.0, 2.5, 4.0]);
    }

    /// Figures of pandas 2 `DataFrame.corr` on the same values.
    #[test]
    fn pairs_with_missing_values_as_pandas_has_them() {
        let column = |name: &str, values: &[f64]| Column {
            name: name.to_owned(),
            values: Values::Numbers(values.to_vec()),
        };
        let nan = f64::NAN;
        let table = Table {
            name: "t".to_owned(),
            rows: 5,
            columns: vec![
                column("a", &[1.0, 2.0, 3.0, 4.0, 10.0]),
                column("constant", &[7.0; 5]),
                column("b", &[2.0, nan, 1.0, 5.0, 5.0]),
            ],
        };
        let found = correlations(&table);
        assert_eq!(found.columns, ["a", "b"]);
        assert_eq!(found.rows, [5, 4, 4, 4]);
        assert_eq!(found.pearson[0], 1.0);
        assert!(
            (found.pearson[1] - PEARSON).abs() < 1e-12,
            "{}",
            found.pearson[1]
        );
        assert!(
            (found.spearman[1] - SPEARMAN).abs() < 1e-12,
            "{}",
            found.spearman[1]
        );
        assert_eq!(found.strongest(), Some((1, 0)));
    }

    const PEARSON: f64 = 0.688_846_720_193_664_4;
    const SPEARMAN: f64 = 0.737_864_787_372_621_8;
}
