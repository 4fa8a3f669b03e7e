//! Everything shown of a customer table: profile, correlations, derived fields, rates.

use serde::{Deserialize, Serialize};

use super::{
    correlation::{Correlations, correlations},
    customers::Customers,
    derived::{Derived, DerivedSpec, derive},
    rates::{Rates, Target, default_target, groupings, rates},
};
use data::dataset::tables::{Column, Table, Values};
use data::day::Day;
use data::orders::{Codes, Orders};
use data::profile::{TableProfile, scan::profile_table};

/// What the analyses of a customer table are asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlatSpec {
    pub derived: DerivedSpec,
    /// `None` takes the target the table speaks of ([`default_target`]).
    pub target: Option<Target>,
    /// Column whose categories are compared; `None` takes the first of [`groupings`].
    pub by: Option<String>,
}

/// What the columns hold and how they move together: follows from the table alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlatColumns {
    pub profile: TableProfile,
    pub correlations: Correlations,
}

/// What follows from the table and the [`FlatSpec`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlatAnswers {
    pub derived: Derived,
    /// Profile of the derived fields, column by column.
    pub derived_profile: TableProfile,
    /// Rates of the target, or why there are none.
    pub rates: Option<Result<Rates, String>>,
}

/// The customers of an order history as a flat table: one row per customer who ordered before S.
#[must_use]
pub fn customer_table(orders: &Orders, customers: &Customers) -> Table {
    let existing: Vec<usize> = (0..customers.len())
        .filter(|&customer| customers.exists(customer))
        .collect();
    let ids = existing
        .iter()
        .map(|&customer| orders.customer_ids.get(customer));
    let numbers = |value: &dyn Fn(usize) -> f64| {
        Values::Numbers(existing.iter().map(|&customer| value(customer)).collect())
    };
    let days =
        |days: &[Day]| Values::Days(existing.iter().map(|&customer| days[customer]).collect());
    let column = |name: &str, values| Column {
        name: name.to_owned(),
        values,
    };
    Table {
        name: "customers".to_owned(),
        rows: existing.len(),
        columns: vec![
            column(
                "Customer",
                Values::Texts {
                    codes: Codes::U32((0..existing.len() as u32).collect()),
                    pool: ids.collect(),
                },
            ),
            column("First_Order", days(&customers.first_day)),
            column("Last_Order", days(&customers.last_day)),
            column("Orders", numbers(&|at| f64::from(customers.frequency[at]))),
            column("Lifetime_Value", numbers(&|at| customers.monetary[at])),
            column("Average_Order_Value", numbers(&|at| customers.aov(at))),
        ],
    }
}

/// Profiles and correlates the columns.
#[must_use]
pub fn flat_columns(table: &Table) -> FlatColumns {
    let (profile, correlations) = rayon::join(|| profile_table(table), || correlations(table));
    FlatColumns {
        profile,
        correlations,
    }
}

/// Derives the fields and compares the categories, as of `as_of` (S).
#[must_use]
pub fn flat_answers(table: &Table, as_of: Day, spec: &FlatSpec) -> FlatAnswers {
    let derived = derive(table, as_of, &spec.derived);
    let target = spec.target.clone().or_else(|| default_target(table));
    let by = spec
        .by
        .as_deref()
        .or_else(|| groupings(table).first().copied());
    // Categories may also be the derived ones.
    let mut all = table.clone();
    all.columns.extend(derived.table.columns.iter().cloned());
    let rates = match (target, by) {
        (Some(target), Some(by)) => {
            Some(rates(&all, &target, by).map_err(|error| error.to_string()))
        }
        _ => None,
    };
    FlatAnswers {
        derived_profile: profile_table(&derived.table),
        derived,
        rates,
    }
}
