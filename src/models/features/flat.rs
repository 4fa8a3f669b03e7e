//! The columns of a customer table as features.

use super::{FeatureGroup, FeatureKind, FeatureSpec, FeatureTable, Unit};
use data::dataset::tables::{Column, Table, Values};
use data::day::Day;
use data::orders::NO_DAY;

/// Every column but those in `without` (the target) and those that name rows rather than describe
/// them: texts that hardly repeat, whole numbers that never do. Dates count the days from them to S.
#[must_use]
pub fn build(table: &Table, rows: &[u32], without: &[&str], as_of: Day) -> FeatureTable {
    let mut features = FeatureTable {
        customers: rows.to_vec(),
        ..FeatureTable::default()
    };
    for column in &table.columns {
        if without
            .iter()
            .any(|name| column.name.eq_ignore_ascii_case(name))
        {
            continue;
        }
        if let Some((spec, values)) = feature(column, rows, as_of) {
            features.push(spec, values);
        }
    }
    features
}

fn feature(column: &Column, rows: &[u32], as_of: Day) -> Option<(FeatureSpec, Vec<f64>)> {
    let spec = |unit, words| FeatureSpec::new(&column.name, FeatureGroup::Table, unit, words);
    match &column.values {
        Values::Numbers(numbers) => {
            let values: Vec<f64> = rows.iter().map(|&row| numbers[row as usize]).collect();
            if numbers_rows(&values) {
                return None;
            }
            let mut spec = spec(Unit::Number, format!("`{}` of the table", column.name));
            if is_skewed(&values) {
                spec.kind = FeatureKind::Skewed;
            }
            Some((spec, values))
        }
        Values::Days(days) => {
            let since = |&row: &u32| match days[row as usize] {
                NO_DAY => f64::NAN,
                day => f64::from(as_of) - f64::from(day),
            };
            let mut spec = spec(Unit::Days, format!("Days from `{}` to S", column.name));
            spec.kind = FeatureKind::Number;
            Some((spec, rows.iter().map(since).collect()))
        }
        Values::Texts { codes, pool } => {
            const MOST_SHARE: f64 = 0.5;
            if pool.len() as f64 > MOST_SHARE * rows.len() as f64 {
                return None;
            }
            let (mut levels, mut place) = (Vec::new(), Vec::new());
            for text in pool.iter() {
                if text.is_empty() {
                    place.push(f64::NAN);
                } else {
                    place.push(levels.len() as f64);
                    levels.push(text.to_owned());
                }
            }
            let mut spec = spec(Unit::Category, format!("`{}` of the table", column.name));
            spec.kind = FeatureKind::Category { levels };
            let values = rows
                .iter()
                .map(|&row| place[codes.get(row as usize) as usize]);
            Some((spec, values.collect()))
        }
    }
}

/// Whether the column counts rows: whole numbers, all different, without gaps.
fn numbers_rows(values: &[f64]) -> bool {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    values.len() > 2 && sorted.windows(2).all(|pair| pair[1] - pair[0] == 1.0)
}

/// Whether a positive column has a long right tail (moment skewness above 2).
fn is_skewed(values: &[f64]) -> bool {
    const LONG_TAIL: f64 = 2.0;
    let known: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    if known.len() < 3 || known.iter().any(|&v| v < 0.0) {
        return false;
    }
    let count = known.len() as f64;
    let mean = known.iter().sum::<f64>() / count;
    let moment = |power: i32| known.iter().map(|v| (v - mean).powi(power)).sum::<f64>() / count;
    let variance = moment(2);
    variance > 0.0 && moment(3) / variance.powf(1.5) > LONG_TAIL
}
