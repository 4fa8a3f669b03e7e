//! Fields derived from a customer table: days since the last interaction, tenure, value category,
//! high value, churn risk.
//!
//! Which columns they come from is guessed by name, and for dates by content; each field says its
//! source and its rule, and one that cannot be derived says why.

use serde::{Deserialize, Serialize};

use super::numeric::quantile;
use data::dataset::tables::{Column, Table, Values};
use data::day::Day;
use data::orders::{Codes, NO_DAY, TextPool};
use data::values::text::fold;

/// Thresholds of the derived fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DerivedSpec {
    /// Values below the first cut are Low, from the second on High. `None` cuts at the shares below.
    pub value_cuts: Option<[f64; 2]>,
    /// Shares of customers (0…1) at which values are cut into Low, Medium and High.
    pub value_shares: [f64; 2],
    /// Value from which a customer is of high value. `None` takes the share below.
    pub high_value: Option<f64>,
    /// Share of customers (0…1) above which a customer is of high value.
    pub high_value_share: f64,
    /// Churn scores (0…1) from which the risk is Medium and High.
    pub churn_cuts: [f64; 2],
}

impl Default for DerivedSpec {
    fn default() -> Self {
        Self {
            value_cuts: None,
            value_shares: [1.0 / 3.0, 2.0 / 3.0],
            high_value: None,
            high_value_share: 0.75,
            churn_cuts: [0.3, 0.7],
        }
    }
}

impl DerivedSpec {
    /// Whether every threshold is a number in its range and in ascending order.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let ascending =
            |cuts: [f64; 2]| cuts[0].is_finite() && cuts[1].is_finite() && cuts[0] <= cuts[1];
        let share = |share: &f64| (0.0..=1.0).contains(share);
        self.value_cuts.is_none_or(ascending)
            && ascending(self.value_shares)
            && self.value_shares.iter().all(share)
            && self.high_value.is_none_or(f64::is_finite)
            && share(&self.high_value_share)
            && ascending(self.churn_cuts)
    }
}

/// Names of the fields, in order.
pub const FIELDS: [&str; 5] = [
    "Days_Since_Last_Interaction",
    "Tenure_Days",
    "CLTV_Category",
    "Is_High_Value_Customer",
    "Churn_Risk_Category",
];

/// The derived fields of every row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Derived {
    /// One column per field that could be derived, in the order of [`FIELDS`].
    pub table: Table,
    /// Per column: where it comes from and by which rule, in one sentence.
    pub reasons: Vec<String>,
    /// Where values were cut, if the table has any.
    pub cuts: Option<Cuts>,
    /// Fields that could not be derived, and why.
    pub absent: Vec<(&'static str, String)>,
}

/// Where values are cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuts {
    /// Low below the first one, High from the second on.
    pub low_high: [f64; 2],
    /// High value from here on.
    pub high_value: f64,
}

impl Cuts {
    fn of(values: &[f64], spec: &DerivedSpec) -> Self {
        let mut sorted: Vec<f64> = values
            .iter()
            .copied()
            .filter(|value| !value.is_nan())
            .collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| quantile(&sorted, share).unwrap_or(f64::NAN);
        Self {
            low_high: spec.value_cuts.unwrap_or(spec.value_shares.map(at)),
            high_value: spec.high_value.unwrap_or_else(|| at(spec.high_value_share)),
        }
    }
}

/// Derives the fields as of `as_of` (S).
#[must_use]
pub fn derive(table: &Table, as_of: Day, spec: &DerivedSpec) -> Derived {
    let mut derived = Derived {
        table: Table {
            name: "derived fields".to_owned(),
            rows: table.rows,
            columns: Vec::new(),
        },
        ..Derived::default()
    };
    derived.dates(table, as_of);
    derived.value(table, spec);
    derived.churn(table, spec);
    derived
}

impl Derived {
    fn push(&mut self, field: usize, values: Values, reason: String) {
        self.table.columns.push(Column {
            name: FIELDS[field].to_owned(),
            values,
        });
        self.reasons.push(reason);
    }

    fn dates(&mut self, table: &Table, as_of: Day) {
        let (first, last) = date_columns(table);
        for (field, found, wanted, what) in [
            (0, last, "the last interaction", "S − last interaction"),
            (1, first, "the beginning", "S − first date"),
        ] {
            match found {
                Some(Found { days, name, why }) => {
                    let since = |&day: &Day| {
                        if day == NO_DAY {
                            f64::NAN
                        } else {
                            f64::from(as_of) - f64::from(day)
                        }
                    };
                    let values = Values::Numbers(days.iter().map(since).collect());
                    self.push(field, values, format!("{what}, from “{name}”: {why}"));
                }
                None => self.absent.push((
                    FIELDS[field],
                    format!("there is no column with the date of {wanted}"),
                )),
            }
        }
    }

    fn value(&mut self, table: &Table, spec: &DerivedSpec) {
        let Some((name, values)) = numbers_named(table, VALUE) else {
            let why = "there is no column with a lifetime value or total spend";
            for field in [2, 3] {
                self.absent.push((FIELDS[field], why.to_owned()));
            }
            return;
        };
        let found = Cuts::of(values, spec);
        let Cuts {
            low_high: cuts,
            high_value: least,
        } = found;
        self.cuts = Some(found);
        let reason = format!(
            "From “{name}”: Low below {:.2}, High from {:.2}{}",
            cuts[0],
            cuts[1],
            if spec.value_cuts.is_none() {
                format!(
                    " (cut at {:.0} % and {:.0} % of the customers)",
                    spec.value_shares[0] * 100.0,
                    spec.value_shares[1] * 100.0
                )
            } else {
                String::new()
            }
        );
        self.push(2, levels(values, cuts), reason);
        let yes = |value: &f64| {
            if value.is_nan() {
                0
            } else if *value >= least {
                2
            } else {
                1
            }
        };
        let codes = Codes::U8(values.iter().map(yes).collect());
        let pool: TextPool = ["", "No", "Yes"].into_iter().collect();
        let reason = format!("From “{name}”: at least {least:.2}");
        self.push(3, Values::Texts { codes, pool }, reason);
    }

    fn churn(&mut self, table: &Table, spec: &DerivedSpec) {
        let scores = numbers_named(table, CHURN).filter(|(_, values)| {
            let in_range = |value: &f64| value.is_nan() || (0.0..=1.0).contains(value);
            values.iter().all(in_range)
        });
        match scores {
            Some((name, values)) => {
                let [medium, high] = spec.churn_cuts;
                let reason = format!("From “{name}”: Medium from {medium}, High from {high}");
                self.push(4, levels(values, spec.churn_cuts), reason);
            }
            None => self.absent.push((
                FIELDS[4],
                "there is no column with a churn score between 0 and 1".to_owned(),
            )),
        }
    }
}

/// Low below the first cut, High from the second on, Medium between; missing stays missing.
fn levels(values: &[f64], cuts: [f64; 2]) -> Values {
    let level = |value: &f64| match *value {
        value if value.is_nan() => 0,
        value if value >= cuts[1] => 1,
        value if value < cuts[0] => 2,
        _ => 3,
    };
    Values::Texts {
        codes: Codes::U8(values.iter().map(level).collect()),
        pool: ["", "High", "Low", "Medium"].into_iter().collect(),
    }
}

/// Parts of names, folded, best first.
const VALUE: &[&str] = &[
    "lifetimevalue",
    "cltv",
    "clv",
    "ltv",
    "customervalue",
    "kundenwert",
    "totalspent",
    "totalspend",
    "monetary",
    "totalrevenue",
    "revenue",
];
const CHURN: &[&str] = &[
    "churnprobability",
    "churnscore",
    "churnrisk",
    "churn",
    "abwanderung",
];
const LAST: &[&str] = &[
    "lastinteraction",
    "lastpurchase",
    "lastorder",
    "lastvisit",
    "lastlogin",
    "lastseen",
    "lastactiv",
    "mostrecent",
    "last",
    "letzt",
    "dernier",
    "ultim",
];
const FIRST: &[&str] = &[
    "firstpurchase",
    "firstorder",
    "signup",
    "joined",
    "joindate",
    "registered",
    "registration",
    "customersince",
    "membersince",
    "created",
    "launch",
    "start",
    "first",
    "since",
    "seit",
    "erst",
];

fn numbers_named<'a>(table: &'a Table, parts: &[&str]) -> Option<(&'a str, &'a [f64])> {
    parts.iter().find_map(|part| {
        table
            .columns
            .iter()
            .find_map(|column| match &column.values {
                Values::Numbers(values) if fold(&column.name).contains(part) => {
                    Some((column.name.as_str(), values.as_slice()))
                }
                Values::Numbers(_) | Values::Days(_) | Values::Texts { .. } => None,
            })
    })
}

/// A date column and why it was chosen.
struct Found<'a> {
    days: &'a [Day],
    name: &'a str,
    why: &'static str,
}

/// The columns with the first and the last date of a customer: by name, else the earliest and the
/// latest of several date columns by their middle date.
fn date_columns(table: &Table) -> (Option<Found<'_>>, Option<Found<'_>>) {
    let mut dates: Vec<(&str, &[Day], Day)> = table
        .columns
        .iter()
        .filter_map(|column| match &column.values {
            Values::Days(days) => Some((column.name.as_str(), days.as_slice(), middle(days)?)),
            Values::Numbers(_) | Values::Texts { .. } => None,
        })
        .collect();
    let mut named = |parts: &[&str]| {
        let at = parts.iter().find_map(|part| {
            dates
                .iter()
                .position(|(name, _, _)| fold(name).contains(part))
        })?;
        let (name, days, _) = dates.remove(at);
        Some(Found {
            days,
            name,
            why: "by its name",
        })
    };
    let (last, first) = (named(LAST), named(FIRST));
    dates.sort_by_key(|(_, _, middle)| *middle);
    let last = last.or_else(|| {
        let (name, days, _) = dates.pop()?;
        Some(Found {
            days,
            name,
            why: "the latest of the date columns",
        })
    });
    let first = first.or_else(|| {
        let (name, days, _) = dates.into_iter().next()?;
        Some(Found {
            days,
            name,
            why: "the earliest of the date columns",
        })
    });
    (first, last)
}

fn middle(days: &[Day]) -> Option<Day> {
    let mut known: Vec<Day> = days.iter().copied().filter(|&day| day != NO_DAY).collect();
    let at = known.len() / 2;
    (!known.is_empty()).then(|| *known.select_nth_unstable(at).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, values: Values) -> Column {
        Column {
            name: name.to_owned(),
            values,
        }
    }

    fn texts(derived: &Derived, field: &str) -> Vec<String> {
        let column = derived.table.column(field).expect("derived");
        let Values::Texts { codes, pool } = &column.values else {
            panic!("{field} is no text");
        };
        let text = |row| pool.get(codes.get(row) as usize).to_owned();
        (0..derived.table.rows).map(text).collect()
    }

    #[test]
    fn every_field_from_its_columns() {
        let table = Table {
            name: "customers".to_owned(),
            rows: 4,
            columns: vec![
                column("Peak_Date", Values::Days(vec![90, NO_DAY, 80, 95])),
                column("Launch_Date", Values::Days(vec![10, 20, 30, 40])),
                column(
                    "Lifetime_Value",
                    Values::Numbers(vec![10.0, 20.0, 30.0, f64::NAN]),
                ),
                column(
                    "Churn_Probability",
                    Values::Numbers(vec![0.29, 0.3, 0.7, 0.1]),
                ),
            ],
        };
        let derived = derive(&table, 100, &DerivedSpec::default());
        assert!(derived.absent.is_empty());
        let names: Vec<&str> = derived
            .table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(names, FIELDS);
        let Values::Numbers(since) = &derived.table.columns[0].values else {
            panic!("numbers");
        };
        assert_eq!((since[0], since[1].is_nan(), since[2]), (10.0, true, 20.0));
        assert_eq!(
            derived.table.columns[1].values,
            Values::Numbers(vec![90.0, 80.0, 70.0, 60.0])
        );
        // Cut at 16.67 and 23.33; high value from 25.
        assert_eq!(texts(&derived, FIELDS[2]), ["Low", "Medium", "High", ""]);
        assert_eq!(texts(&derived, FIELDS[3]), ["No", "No", "Yes", ""]);
        assert_eq!(texts(&derived, FIELDS[4]), ["Low", "Medium", "High", "Low"]);
        assert!(derived.reasons[0].contains("“Peak_Date”: the latest of the date columns"));
        let fixed = DerivedSpec {
            value_cuts: Some([20.0, 20.0]),
            high_value: Some(10.0),
            ..DerivedSpec::default()
        };
        let derived = derive(&table, 100, &fixed);
        assert_eq!(texts(&derived, FIELDS[2]), ["Low", "High", "High", ""]);
        assert_eq!(texts(&derived, FIELDS[3]), ["Yes", "Yes", "Yes", ""]);
    }

    #[test]
    fn what_cannot_be_derived_says_why() {
        let derived = derive(&Table::default(), 0, &DerivedSpec::default());
        let absent: Vec<&str> = derived.absent.iter().map(|(field, _)| *field).collect();
        assert_eq!(absent, FIELDS);
        let bad = DerivedSpec {
            churn_cuts: [0.7, 0.3],
            ..DerivedSpec::default()
        };
        assert!(!bad.is_valid() && DerivedSpec::default().is_valid());
    }
}
