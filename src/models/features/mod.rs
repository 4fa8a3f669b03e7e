//! What a model may know of a customer: one named, defined column per feature.
//!
//! | module | holds |
//! | --- | --- |
//! | [`history`] | orders → features as of t₀ |
//! | [`categories`] | coded columns: first category, state, demographics |
//! | [`flat`] | columns of a customer table |
//! | [`naive`] | what naive rivals read, whatever was chosen |
//!
//! Features read lines dated **up to and including** t₀ and nothing else; the property test changes
//! and removes every later line and expects the same bytes. Nothing here is fitted: what is learned
//! from data (scaling, levels, buy-till-you-die parameters) belongs to
//! [`preprocess`](super::preprocess) and travels with the model.

pub mod categories;
pub mod flat;
pub mod history;
pub mod naive;
mod walk;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The features of some customers: columns of equal length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeatureTable {
    /// One per column.
    pub specs: Vec<FeatureSpec>,
    /// Row → customer of the orders, or row of a customer table; ascending.
    pub customers: Vec<u32>,
    /// One value per row; missing is NaN. Categories hold the index of their level.
    pub columns: Vec<Vec<f64>>,
}

/// Name, unit and meaning of a feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureSpec {
    /// Field-standard name with its unit: `recency_days`.
    pub name: String,
    pub unit: Unit,
    /// One sentence for people.
    pub definition: String,
    pub kind: FeatureKind,
    pub group: FeatureGroup,
}

/// What a feature counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The shop's currency.
    Money,
    Days,
    Orders,
    Lines,
    /// 0…1.
    Share,
    /// A number without a unit, or one only the data knows.
    Number,
    /// Text.
    Category,
}

impl Unit {
    /// Word for people; empty for plain numbers and categories.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Days => "days",
            Self::Orders => "orders",
            Self::Lines => "lines",
            Self::Share => "share",
            Self::Number | Self::Category => "",
        }
    }
}

/// How a model has to treat a feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureKind {
    /// A number that is used as it is.
    Number,
    /// A skewed number: linear models take sign(x) · ln(1 + |x|).
    Skewed,
    /// A text; columns hold the index of the level, NaN where it is missing.
    Category { levels: Vec<String> },
}

/// Features that are switched together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureGroup {
    /// Recency, frequency, money, average order value, tenure.
    Rfm,
    /// Revenue and orders of the last 30, 90, 180, 365 days.
    Windows,
    /// Revenue and orders, each order counting half as much after 30, 90, 180 days.
    Decay,
    /// Days between purchases: mean, spread, longest, last, and how late the next one is; trend.
    Rhythm,
    /// First, last and largest order; values of repeat purchases.
    OrderValues,
    /// Mean number of instalments.
    Instalments,
    /// What was returned, cancelled or credited.
    Returns,
    /// First category, product, channel, country, state; coded columns of lines.
    Categories,
    /// Columns of the customers themselves: age, gender, country.
    Demographics,
    /// Month of the first order.
    Cohort,
    /// The history of buy-till-you-die models, and what the fitted model expects.
    Lifetime,
    /// Revenue and orders since the first order, by month or day of age (early-life design).
    EarlyLife,
    /// The columns of a customer table.
    Table,
}

impl FeatureGroup {
    pub const ALL: [Self; 13] = [
        Self::Rfm,
        Self::Windows,
        Self::Decay,
        Self::Rhythm,
        Self::OrderValues,
        Self::Instalments,
        Self::Returns,
        Self::Categories,
        Self::Demographics,
        Self::Cohort,
        Self::Lifetime,
        Self::EarlyLife,
        Self::Table,
    ];

    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Rfm => "Recency, frequency, money",
            Self::Windows => "Last 30 to 365 days",
            Self::Decay => "Fading sums",
            Self::Rhythm => "Rhythm and trend",
            Self::OrderValues => "Order values",
            Self::Instalments => "Instalments",
            Self::Returns => "Returns and credits",
            Self::Categories => "What was bought, where",
            Self::Demographics => "Demographics",
            Self::Cohort => "Month of the first order",
            Self::Lifetime => "Buy-till-you-die",
            Self::EarlyLife => "First weeks",
            Self::Table => "Columns of the table",
        }
    }
}

/// Which features to build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeatureChoice {
    pub groups: BTreeSet<FeatureGroup>,
    /// When not empty, only features of these names, in this order.
    pub only: Vec<String>,
    /// Names that are left out whatever the group says.
    pub without: BTreeSet<String>,
}

impl Default for FeatureChoice {
    fn default() -> Self {
        Self::groups(FeatureGroup::ALL)
    }
}

impl FeatureChoice {
    /// All features of these groups.
    pub fn groups(groups: impl IntoIterator<Item = FeatureGroup>) -> Self {
        Self {
            groups: groups.into_iter().collect(),
            only: Vec::new(),
            without: BTreeSet::new(),
        }
    }

    /// Exactly the features of these names, as far as the data holds them.
    #[must_use]
    pub fn only(names: &[&str]) -> Self {
        Self {
            only: names.iter().map(|&name| name.to_owned()).collect(),
            ..Self::default()
        }
    }

    /// Whether the feature is wanted.
    #[must_use]
    pub fn takes(&self, spec: &FeatureSpec) -> bool {
        let named = self.only.is_empty() || self.only.contains(&spec.name);
        named && self.groups.contains(&spec.group) && !self.without.contains(&spec.name)
    }
}

impl FeatureTable {
    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.customers.len()
    }

    /// Place of the feature of this name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.specs.iter().position(|spec| spec.name == name)
    }

    /// Values of the feature of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&[f64]> {
        self.position(name).map(|at| self.columns[at].as_slice())
    }

    /// The value for people and files: a number, or the text of a level; `None` when missing.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<Cell<'_>> {
        let value = self.columns[column][row];
        if value.is_nan() {
            return None;
        }
        match &self.specs[column].kind {
            FeatureKind::Category { levels } => {
                levels.get(value as usize).map(|text| Cell::Text(text))
            }
            FeatureKind::Number | FeatureKind::Skewed => Some(Cell::Number(value)),
        }
    }

    /// The rows at these places, in their order.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        let pick = |column: &Vec<f64>| rows.iter().map(|&row| column[row as usize]).collect();
        Self {
            specs: self.specs.clone(),
            customers: rows
                .iter()
                .map(|&row| self.customers[row as usize])
                .collect(),
            columns: self.columns.iter().map(pick).collect(),
        }
    }

    /// Keeps the wanted features, in the order the choice names them.
    #[must_use]
    pub fn choose(mut self, choice: &FeatureChoice) -> Self {
        let mut wanted: Vec<usize> = (0..self.specs.len())
            .filter(|&at| choice.takes(&self.specs[at]))
            .collect();
        if !choice.only.is_empty() {
            let place = |at: &usize| choice.only.iter().position(|n| *n == self.specs[*at].name);
            wanted.sort_by_key(place);
        }
        let specs = wanted.iter().map(|&at| self.specs[at].clone()).collect();
        let columns = wanted
            .iter()
            .map(|&at| std::mem::take(&mut self.columns[at]));
        self.columns = columns.collect();
        self.specs = specs;
        self
    }

    /// Adds a column.
    pub fn push(&mut self, spec: FeatureSpec, column: Vec<f64>) {
        debug_assert_eq!(column.len(), self.rows());
        self.specs.push(spec);
        self.columns.push(column);
    }
}

/// One value of a feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Number(f64),
    Text(&'a str),
}

impl FeatureSpec {
    pub(crate) fn new(
        name: impl Into<String>,
        group: FeatureGroup,
        unit: Unit,
        definition: impl Into<String>,
    ) -> Self {
        let kind = match unit {
            Unit::Share | Unit::Number => FeatureKind::Number,
            _ => FeatureKind::Skewed,
        };
        Self {
            name: name.into(),
            unit,
            definition: definition.into(),
            kind,
            group,
        }
    }
}
