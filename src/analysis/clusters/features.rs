//! Columns to cluster by, on one scale: logarithms of skewed columns, then standard deviations from
//! the mean.

use std::collections::HashSet;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{error::ClusterError, kmeans::NO_CLUSTER};
use crate::{customers::Customers, numeric::CHUNK};
use data::dataset::tables::{Table, Values};

/// How a column was brought to standard deviations from its mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    pub feature: Feature,
    /// Whether mean and deviation are those of `sign(x) · ln(1 + |x|)`.
    pub log: bool,
    pub mean: f64,
    /// Above 0.
    pub deviation: f64,
}

impl Scale {
    /// A value in standard deviations from the mean.
    #[must_use]
    pub fn z(&self, value: f64) -> f64 {
        let value = if self.log { signed_log(value) } else { value };
        (value - self.mean) / self.deviation
    }
}

/// A column of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Days since the last order.
    RecencyDays,
    /// Orders.
    Frequency,
    /// Net revenue.
    Monetary,
    /// Net revenue ÷ orders.
    Aov,
    /// Days since the first order.
    TenureDays,
    /// A column of a customer table.
    Column(String),
}

impl Feature {
    /// What a shop with orders offers.
    pub const OF_CUSTOMERS: [Self; 5] = [
        Self::RecencyDays,
        Self::Frequency,
        Self::Monetary,
        Self::Aov,
        Self::TenureDays,
    ];

    /// Name on the command line and in JSON; the column's own name for columns.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::RecencyDays => "recency",
            Self::Frequency => "frequency",
            Self::Monetary => "monetary",
            Self::Aov => "aov",
            Self::TenureDays => "tenure",
            Self::Column(name) => name,
        }
    }

    /// Name for people, with its unit.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::RecencyDays => "Days since last order",
            Self::Frequency => "Orders",
            Self::Monetary => "Net revenue",
            Self::Aov => "Revenue per order",
            Self::TenureDays => "Days since first order",
            Self::Column(name) => name,
        }
    }

    /// The feature of this name: the other way round of [`Feature::name`].
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::OF_CUSTOMERS
            .into_iter()
            .find(|feature| feature.name().eq_ignore_ascii_case(name))
            .unwrap_or_else(|| Self::Column(name.to_owned()))
    }
}

/// The rows to cluster.
#[derive(Clone, Copy)]
pub enum Rows<'a> {
    /// Customers with an order before S.
    Customers(&'a Customers),
    /// All rows of a customer table.
    Table(&'a Table),
}

impl Rows<'_> {
    /// Every column of numbers there is.
    #[must_use]
    pub fn offered(&self) -> Vec<Feature> {
        match self {
            Self::Customers(_) => Feature::OF_CUSTOMERS.to_vec(),
            Self::Table(table) => table
                .columns
                .iter()
                .filter(|column| matches!(column.values, Values::Numbers(_)))
                .map(|column| Feature::Column(column.name.clone()))
                .collect(),
        }
    }

    /// Rows of the data, those without an order included.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Customers(customers) => customers.len(),
            Self::Table(table) => table.rows,
        }
    }

    /// Rows that can be clustered: those with an order.
    pub(super) fn there(&self) -> usize {
        match self {
            Self::Customers(customers) => customers.active,
            Self::Table(table) => table.rows,
        }
    }

    fn exists(&self, row: usize) -> bool {
        match self {
            Self::Customers(customers) => customers.exists(row),
            Self::Table(_) => true,
        }
    }

    fn column(&self, feature: &Feature) -> Result<Vec<f64>, ClusterError> {
        let all = |value: &(dyn Fn(usize) -> f64 + Sync)| -> Vec<f64> {
            (0..self.len()).into_par_iter().map(value).collect()
        };
        match (self, feature) {
            (Self::Customers(customers), feature) => Ok(match feature {
                Feature::RecencyDays => all(&|row| f64::from(customers.recency_days(row))),
                Feature::Frequency => all(&|row| f64::from(customers.frequency[row])),
                Feature::Monetary => customers.monetary.clone(),
                Feature::Aov => all(&|row| customers.aov(row)),
                Feature::TenureDays => all(&|row| f64::from(customers.tenure_days(row))),
                Feature::Column(name) => return Err(self.unknown(name)),
            }),
            (Self::Table(table), feature) => {
                let wanted = feature.name();
                let found = table
                    .columns
                    .iter()
                    .find(|column| column.name.eq_ignore_ascii_case(wanted));
                match found.map(|column| &column.values) {
                    Some(Values::Numbers(values)) => Ok(values.clone()),
                    _ => Err(self.unknown(wanted)),
                }
            }
        }
    }

    fn unknown(&self, name: &str) -> ClusterError {
        let known: Vec<String> = self
            .offered()
            .iter()
            .map(|feature| feature.name().to_owned())
            .collect();
        ClusterError::Unknown {
            name: name.to_owned(),
            known: known.join(", "),
        }
    }
}

/// What is clustered unless something else is chosen: recency, orders, revenue and tenure of
/// customers (revenue per order follows from two of them); all columns of numbers of a customer table.
#[must_use]
pub fn default_features(rows: Rows<'_>) -> Vec<Feature> {
    match rows {
        Rows::Customers(_) => vec![
            Feature::RecencyDays,
            Feature::Frequency,
            Feature::Monetary,
            Feature::TenureDays,
        ],
        Rows::Table(_) => rows.offered(),
    }
}

/// Skewness above which the logarithm is taken.
const SKEWED: f64 = 1.0;

/// One column as read and how it was brought to the common scale.
struct Column {
    values: Vec<f64>,
    scale: Scale,
}

/// Standardised rows.
pub struct Matrix {
    pub features: Vec<Feature>,
    pub logs: Vec<bool>,
    /// Chosen columns that hold the same number everywhere; they tell nothing apart.
    pub constant: Vec<String>,
    /// Rows of the data that take part, ascending.
    pub rows: Vec<u32>,
    /// Rows left out because a number is missing.
    pub missing: usize,
    /// `features` numbers a row.
    pub values: Vec<f64>,
    columns: Vec<Column>,
}

/// `sign(x) · ln(1 + |x|)`: a logarithm for sums of money that may be negative.
pub(super) fn signed_log(value: f64) -> f64 {
    value.signum() * libm::log1p(value.abs())
}

impl Matrix {
    /// Reads and standardises the columns; one that is named twice counts once.
    ///
    /// # Errors
    /// A column that is not there, or fewer than two that vary.
    pub fn new(rows: Rows<'_>, features: &[Feature]) -> Result<Self, ClusterError> {
        let mut wanted = if features.is_empty() {
            default_features(rows)
        } else {
            features.to_vec()
        };
        let mut known = HashSet::new();
        wanted.retain(|feature| known.insert(feature.name().to_ascii_lowercase()));
        let read = wanted
            .iter()
            .map(|feature| rows.column(feature))
            .collect::<Result<Vec<_>, _>>()?;
        let (mut taking_part, mut missing) = (Vec::new(), 0);
        for row in (0..rows.len()).filter(|&row| rows.exists(row)) {
            if read.iter().all(|values| values[row].is_finite()) {
                taking_part.push(row as u32);
            } else {
                missing += 1;
            }
        }
        let mut columns = Vec::new();
        let mut constant = Vec::new();
        for (feature, values) in wanted.into_iter().zip(read) {
            match Column::new(&feature, values, &taking_part) {
                Some(column) => columns.push(column),
                None => constant.push(feature.title().to_owned()),
            }
        }
        if columns.len() < 2 {
            return Err(ClusterError::TooFewColumns(columns.len()));
        }
        let mut matrix = Self {
            features: columns
                .iter()
                .map(|column| column.scale.feature.clone())
                .collect(),
            logs: columns.iter().map(|column| column.scale.log).collect(),
            constant,
            missing,
            values: Vec::new(),
            rows: taking_part,
            columns,
        };
        matrix.values = matrix.standardised();
        Ok(matrix)
    }

    #[must_use]
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// How each column was brought to the common scale.
    #[must_use]
    pub fn scales(&self) -> Vec<Scale> {
        let columns = self.columns.iter();
        columns.map(|column| column.scale.clone()).collect()
    }

    /// The standardised numbers of some rows of the matrix, one after the other.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Vec<f64> {
        let width = self.width();
        rows.iter()
            .flat_map(|&row| &self.values[row * width..(row + 1) * width])
            .copied()
            .collect()
    }

    /// Mean of a feature, in its own unit, over the rows of the matrix with this label.
    #[must_use]
    pub fn mean(&self, feature: usize, labels: &[u8], label: u8) -> f64 {
        let values = &self.columns[feature].values;
        let (mut sum, mut count) = (0.0, 0_u64);
        for (&row, &known) in self.rows.iter().zip(labels) {
            if known == label {
                sum += values[row as usize];
                count += 1;
            }
        }
        if count == 0 { 0.0 } else { sum / count as f64 }
    }

    /// Labels of the matrix's rows as labels of all `len` rows of the data.
    #[must_use]
    pub fn spread(&self, labels: &[u8], len: usize) -> Vec<u8> {
        let mut all = vec![NO_CLUSTER; len];
        for (&row, &label) in self.rows.iter().zip(labels) {
            all[row as usize] = label;
        }
        all
    }

    fn standardised(&self) -> Vec<f64> {
        let width = self.width();
        let mut values = vec![0.0; self.rows.len() * width];
        values
            .par_chunks_mut(CHUNK * width)
            .zip(self.rows.par_chunks(CHUNK))
            .for_each(|(values, rows)| {
                for (values, &row) in values.chunks_exact_mut(width).zip(rows) {
                    for (value, column) in values.iter_mut().zip(&self.columns) {
                        *value = column.scale.z(column.values[row as usize]);
                    }
                }
            });
        values
    }
}

impl Column {
    /// `None` when all values are equal.
    fn new(feature: &Feature, values: Vec<f64>, rows: &[u32]) -> Option<Self> {
        let taking_part = || rows.iter().map(|&row| values[row as usize]);
        let (_, deviation, skewness) = moments(taking_part());
        if deviation <= 0.0 {
            return None;
        }
        let log = skewness > SKEWED;
        let (mean, deviation, _) = if log {
            moments(taking_part().map(signed_log))
        } else {
            moments(taking_part())
        };
        (deviation > 0.0).then_some(Self {
            values,
            scale: Scale {
                feature: feature.clone(),
                log,
                mean,
                deviation,
            },
        })
    }
}

/// Mean, standard deviation (÷ n) and skewness; zeros without values.
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64, f64) {
    let (mut count, mut sum) = (0_u64, 0.0);
    for value in values.clone() {
        count += 1;
        sum += value;
    }
    if count == 0 {
        return (0.0, 0.0, 0.0);
    }
    let mean = sum / count as f64;
    let (mut second, mut third) = (0.0, 0.0);
    for value in values {
        let distance = value - mean;
        second += distance * distance;
        third += distance * distance * distance;
    }
    let deviation = (second / count as f64).sqrt();
    if deviation <= mean.abs() * 1e-12 {
        return (mean, 0.0, 0.0);
    }
    (mean, deviation, third / count as f64 / deviation.powi(3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::dataset::tables::Column as TableColumn;

    fn table(columns: &[(&str, &[f64])]) -> Table {
        Table {
            name: "customers".to_owned(),
            rows: columns[0].1.len(),
            columns: columns
                .iter()
                .map(|(name, values)| TableColumn {
                    name: (*name).to_owned(),
                    values: Values::Numbers(values.to_vec()),
                })
                .collect(),
        }
    }

    #[test]
    fn columns_are_standardised_and_skewed_ones_logged() {
        let table = table(&[
            ("even", &[1.0, 2.0, 3.0, 4.0]),
            ("skewed", &[0.0, 0.0, 0.0, 1_000.0]),
            ("same", &[7.0; 4]),
            ("holes", &[1.0, f64::NAN, 3.0, 5.0]),
        ]);
        let chosen = ["even", "skewed", "same"].map(Feature::named);
        let matrix = Matrix::new(Rows::Table(&table), &chosen).unwrap();
        assert_eq!(matrix.logs, [false, true]);
        assert_eq!(matrix.constant, ["same"]);
        // Population standard deviation of 1…4 is √1.25.
        assert!((matrix.values[0] + 1.5 / 1.25_f64.sqrt()).abs() < 1e-12);
        // Three zeros and one ln 1001: the odd one lies √3 deviations above.
        assert!((matrix.values[7] - 3.0_f64.sqrt()).abs() < 1e-12);
        let holes = Matrix::new(Rows::Table(&table), &["even", "holes"].map(Feature::named));
        let holes = holes.unwrap();
        assert_eq!((holes.rows, holes.missing), (vec![0, 2, 3], 1));
        assert_eq!(
            Matrix::new(Rows::Table(&table), &["even", "same"].map(Feature::named)).err(),
            Some(ClusterError::TooFewColumns(1))
        );
        let unknown = Matrix::new(Rows::Table(&table), &[Feature::named("odd")]).err();
        assert!(unknown.unwrap().to_string().contains("even, skewed"));
    }
}
