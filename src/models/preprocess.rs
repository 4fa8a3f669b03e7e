//! Feature table → matrix: what is learned from training rows before a model sees them.
//!
//! Linear models get inputs that are logged where skewed, clipped to the range seen in training,
//! centred and scaled, with missing values at the mean and a flag "is missing" beside them. Trees get
//! numbers as they are, missing values included. Texts become one 0/1 input per frequent level; rarer
//! and unknown levels are 0 everywhere. Inputs that never vary, or repeat another, are left out.

use std::collections::HashSet;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::features::{FeatureKind, FeatureTable};
use base::monitor::{Cancelled, Monitor};

/// A model reads features that the table does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the model reads {} that the data lacks: {}. Train it again on this data, or open data with these columns",
    if names.len() == 1 { "a feature" } else { "features" },
    names.join(", ")
)]
pub struct MissingFeatures {
    pub names: Vec<String>,
}

impl MissingFeatures {
    pub(super) fn one(name: &str) -> Self {
        Self {
            names: vec![name.to_owned()],
        }
    }
}

/// Who will read the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Linear,
    Trees,
}

/// How features become the columns of a matrix.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preprocess {
    pub inputs: Vec<Input>,
}

/// One column of the matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Name of the feature it is made of.
    pub feature: String,
    pub form: Form,
}

/// How a feature becomes a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As it is; missing stays NaN.
    Raw,
    /// (clip(f(x)) − mean) ÷ sd with f(x) = sign(x) ln(1 + |x|) or x; missing becomes 0.
    Standard {
        log: bool,
        mean: f64,
        sd: f64,
        low: f64,
        high: f64,
    },
    /// 1 where the feature is missing.
    IsMissing,
    /// 1 where the text is this one.
    Level(String),
}

/// Levels of a category that get an input of their own, most frequent first.
const MOST_LEVELS: usize = 16;
/// A level rarer than this share of rows does not.
const LEAST_SHARE: f64 = 0.005;

/// A dense matrix, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix<T> {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<T>,
}

impl<T> Matrix<T> {
    /// One row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[T] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }
}

impl Preprocess {
    /// Learns the columns from these rows of the table.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn fit(
        table: &FeatureTable,
        rows: &[u32],
        reader: Reader,
        monitor: &Monitor,
    ) -> Result<Self, Cancelled> {
        let columns = (0..table.specs.len()).into_par_iter();
        let per_feature: Vec<(u64, Vec<Form>)> = columns
            .map(|at| {
                monitor.check()?;
                let values: Vec<f64> = rows
                    .iter()
                    .map(|&row| table.columns[at][row as usize])
                    .collect();
                let forms = match &table.specs[at].kind {
                    FeatureKind::Category { levels } => frequent(levels, &values),
                    kind => numeric(&values, *kind == FeatureKind::Skewed, reader),
                };
                Ok((fingerprint(&values), forms))
            })
            .collect::<Result<_, Cancelled>>()?;
        let mut seen = HashSet::new();
        let mut inputs = Vec::new();
        for (spec, (print, forms)) in table.specs.iter().zip(per_feature) {
            let text = matches!(spec.kind, FeatureKind::Category { .. });
            if !text && !seen.insert(print) {
                continue;
            }
            inputs.extend(forms.into_iter().map(|form| Input {
                feature: spec.name.clone(),
                form,
            }));
        }
        Ok(Self { inputs })
    }

    /// The matrix of these rows.
    ///
    /// # Errors
    /// [`MissingFeatures`] with every feature that is read and not there.
    pub fn matrix<T: Number>(
        &self,
        table: &FeatureTable,
        rows: &[u32],
    ) -> Result<Matrix<T>, MissingFeatures> {
        let readers = self.readers(table)?;
        let columns = readers.len();
        let mut values = vec![T::default(); rows.len() * columns];
        if columns > 0 {
            values
                .par_chunks_mut(columns)
                .zip(rows)
                .for_each(|(cells, &row)| {
                    for (cell, reader) in cells.iter_mut().zip(&readers) {
                        *cell = T::of(reader.read(row as usize));
                    }
                });
        }
        Ok(Matrix {
            rows: rows.len(),
            columns,
            values,
        })
    }

    /// The matrix of all rows.
    ///
    /// # Errors
    /// [`MissingFeatures`].
    pub fn matrix_of_all<T: Number>(
        &self,
        table: &FeatureTable,
    ) -> Result<Matrix<T>, MissingFeatures> {
        let rows: Vec<u32> = (0..table.rows() as u32).collect();
        self.matrix(table, &rows)
    }

    /// Names of the columns for people and model files: `state = SP`, `gap_mean_days is missing`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let name = |input: &Input| match &input.form {
            Form::Raw | Form::Standard { .. } => input.feature.clone(),
            Form::IsMissing => format!("{} is missing", input.feature),
            Form::Level(level) => format!("{} = {level}", input.feature),
        };
        self.inputs.iter().map(name).collect()
    }

    fn readers<'a>(
        &'a self,
        table: &'a FeatureTable,
    ) -> Result<Vec<ColumnReader<'a>>, MissingFeatures> {
        let mut missing: Vec<String> = Vec::new();
        let mut readers = Vec::new();
        for input in &self.inputs {
            let Some(at) = table.position(&input.feature) else {
                if !missing.contains(&input.feature) {
                    missing.push(input.feature.clone());
                }
                continue;
            };
            let level = match (&input.form, &table.specs[at].kind) {
                (Form::Level(level), FeatureKind::Category { levels }) => levels
                    .iter()
                    .position(|known| known == level)
                    .map_or(f64::INFINITY, |place| place as f64),
                _ => f64::INFINITY,
            };
            readers.push(ColumnReader {
                values: &table.columns[at],
                form: &input.form,
                level,
            });
        }
        if missing.is_empty() {
            Ok(readers)
        } else {
            Err(MissingFeatures { names: missing })
        }
    }
}

/// A cell type of matrices.
pub trait Number: Copy + Default + Send + Sync {
    fn of(value: f64) -> Self;
}

impl Number for f64 {
    fn of(value: f64) -> Self {
        value
    }
}

impl Number for f32 {
    fn of(value: f64) -> Self {
        value as Self
    }
}

struct ColumnReader<'a> {
    values: &'a [f64],
    form: &'a Form,
    /// Code of the level in this table.
    level: f64,
}

impl ColumnReader<'_> {
    #[inline]
    fn read(&self, row: usize) -> f64 {
        let value = self.values[row];
        match self.form {
            Form::Raw => value,
            Form::IsMissing => f64::from(u8::from(value.is_nan())),
            Form::Level(_) => f64::from(u8::from(value == self.level)),
            Form::Standard {
                log,
                mean,
                sd,
                low,
                high,
            } => {
                if value.is_nan() {
                    return 0.0;
                }
                let value = if *log { signed_log(value) } else { value };
                (value.clamp(*low, *high) - mean) / sd
            }
        }
    }
}

fn signed_log(value: f64) -> f64 {
    libm::log1p(value.abs()).copysign(value)
}

fn numeric(values: &[f64], skewed: bool, reader: Reader) -> Vec<Form> {
    let known: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    let missing = known.len() < values.len();
    let varies = known.windows(2).any(|pair| pair[0] != pair[1]);
    let mut forms = Vec::new();
    if reader == Reader::Trees {
        if varies || (missing && !known.is_empty()) {
            forms.push(Form::Raw);
        }
        return forms;
    }
    if varies {
        // Logarithms once: they are most of the time this takes.
        let used: Vec<f64> = if skewed {
            known.iter().map(|&value| signed_log(value)).collect()
        } else {
            known.clone()
        };
        let count = known.len() as f64;
        let mean = used.iter().sum::<f64>() / count;
        let squares: f64 = used.iter().map(|value| (value - mean).powi(2)).sum();
        let bound = |best: fn(f64, f64) -> f64, start| used.iter().copied().fold(start, best);
        forms.push(Form::Standard {
            log: skewed,
            mean,
            sd: (squares / count).sqrt(),
            low: bound(f64::min, f64::INFINITY),
            high: bound(f64::max, f64::NEG_INFINITY),
        });
    }
    if missing && !known.is_empty() {
        forms.push(Form::IsMissing);
    }
    forms
}

/// One input per frequent level; with two levels that cover all rows, one is enough.
fn frequent(levels: &[String], values: &[f64]) -> Vec<Form> {
    let mut counts = vec![0usize; levels.len()];
    for &value in values {
        if let Some(count) = counts.get_mut(value as usize)
            && !value.is_nan()
        {
            *count += 1;
        }
    }
    let least = ((values.len() as f64 * LEAST_SHARE).ceil() as usize).max(2);
    let mut places: Vec<usize> = (0..levels.len())
        .filter(|&place| counts[place] >= least && counts[place] < values.len())
        .collect();
    places.sort_by_key(|&place| std::cmp::Reverse(counts[place]));
    let covered: usize = places.iter().map(|&place| counts[place]).sum();
    if places.len() == 2 && covered == values.len() {
        places.pop();
    }
    places.truncate(MOST_LEVELS);
    places.sort_unstable();
    places
        .into_iter()
        .map(|place| Form::Level(levels[place].clone()))
        .collect()
}

/// Equal for equal columns (FNV-1a over the bits, one word at a time).
pub(super) fn fingerprint(values: &[f64]) -> u64 {
    values.iter().fold(0xCBF2_9CE4_8422_2325, |print, value| {
        let mixed = (print ^ (value + 0.0).to_bits()).wrapping_mul(0x0000_0100_0000_01B3);
        mixed ^ (mixed >> 29)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{FeatureGroup, FeatureSpec, Unit};

    fn table() -> FeatureTable {
        let mut table = FeatureTable {
            customers: vec![0, 1, 2, 3],
            ..FeatureTable::default()
        };
        let spec = |name: &str, unit| FeatureSpec::new(name, FeatureGroup::Table, unit, "");
        let mut state = spec("state", Unit::Category);
        state.kind = FeatureKind::Category {
            levels: vec!["RJ".to_owned(), "SP".to_owned()],
        };
        table.push(spec("share", Unit::Share), vec![1.0, 3.0, f64::NAN, 5.0]);
        table.push(spec("same", Unit::Share), vec![2.0; 4]);
        table.push(
            spec("money", Unit::Money),
            vec![0.0, std::f64::consts::E - 1.0, 0.0, 0.0],
        );
        table.push(
            spec("again", Unit::Money),
            vec![0.0, std::f64::consts::E - 1.0, 0.0, 0.0],
        );
        table.push(state, vec![0.0, 1.0, f64::NAN, 1.0]);
        table
    }

    #[test]
    fn linear_inputs_by_hand() {
        let table = table();
        let learned =
            Preprocess::fit(&table, &[0, 1, 2, 3], Reader::Linear, &Monitor::silent()).unwrap();
        // `same` never varies, `again` repeats `money`, RJ stands on one row only.
        assert_eq!(
            learned.names(),
            ["share", "share is missing", "money", "state = SP"]
        );
        let matrix: Matrix<f64> = learned.matrix_of_all(&table).expect("complete");
        // share: mean 3, sd √(8/3); money: ln(1 + x) = 0, 1, 0, 0 with mean 1/4, sd √3/4.
        let (s, m) = (2.0 / (8.0f64 / 3.0).sqrt(), 3.0f64.sqrt());
        let expected = [
            [-s, 0.0, -1.0 / m, 0.0],
            [0.0, 0.0, 3.0 / m, 1.0],
            [0.0, 1.0, -1.0 / m, 0.0],
            [s, 0.0, -1.0 / m, 1.0],
        ];
        for (row, expected) in expected.iter().enumerate() {
            for (found, expected) in matrix.row(row).iter().zip(expected) {
                assert!((found - expected).abs() < 1e-12, "{found} {expected}");
            }
        }
    }

    #[test]
    fn new_data_is_clipped_and_levels_are_found_by_text() {
        let mut table = table();
        let learned =
            Preprocess::fit(&table, &[0, 1, 2, 3], Reader::Linear, &Monitor::silent()).unwrap();
        table.columns[0][0] = 1e9;
        table.specs[4].kind = FeatureKind::Category {
            levels: vec!["SP".to_owned(), "AC".to_owned()],
        };
        table.columns[4] = vec![0.0, 1.0, 0.0, f64::NAN];
        let matrix: Matrix<f64> = learned.matrix_of_all(&table).expect("complete");
        assert!((matrix.row(0)[0] - 2.0 / (8.0f64 / 3.0).sqrt()).abs() < 1e-12);
        let states: Vec<f64> = (0..4).map(|row| matrix.row(row)[3]).collect();
        assert_eq!(states, [1.0, 0.0, 1.0, 0.0]);
        let (share, money) = (table.position("share"), table.position("money"));
        assert_eq!((share, money), (Some(0), Some(2)));
        table.specs[0].name = "other".to_owned();
        table.specs[2].name = "thing".to_owned();
        let error = learned
            .matrix_of_all::<f32>(&table)
            .expect_err("incomplete");
        assert_eq!(error.names, ["share", "money"]);
    }

    #[test]
    fn trees_get_numbers_as_they_are() {
        let table = table();
        let learned =
            Preprocess::fit(&table, &[0, 1, 2, 3], Reader::Trees, &Monitor::silent()).unwrap();
        assert_eq!(learned.names(), ["share", "money", "state = SP"]);
        let matrix: Matrix<f32> = learned.matrix_of_all(&table).expect("complete");
        assert!(matrix.row(2)[0].is_nan());
        assert_eq!(matrix.row(3)[0], 5.0);
    }
}
