//! What is to be predicted: who is asked (cutoff, early life, table) and about what.
//!
//! The label window is (t₀, t₀ + h]; features read lines dated ≤ t₀ only.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::TrainError;
use analysis::{
    numeric::settle,
    rates::{Target as FlatTarget, Test},
};
use data::dataset::tables::{Table, Values};
use data::day::{Day, Period, iso};
use data::orders::{Orders, flag};

/// A length of a customer's life, counted from the day of the first order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Up to and including the day so many days after the first order.
    Days(u32),
    /// Calendar months 0…n − 1 of age (month of the order − month of the first order).
    Months(u32),
}

impl Span {
    /// The last day of the span of a customer whose first order is on `first`.
    #[must_use]
    pub fn end(self, first: Day) -> Day {
        match self {
            Self::Days(days) => first.saturating_add_unsigned(days),
            Self::Months(months) => {
                let month = Period::Month.index(first);
                Period::Month.first_day(month.saturating_add_unsigned(months)) - 1
            }
        }
    }

    /// `90 days`, `3 months`.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Days(days) => format!("{days} days"),
            Self::Months(1) => "1 month".to_owned(),
            Self::Months(months) => format!("{months} months"),
        }
    }
}

/// Who is asked, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Design {
    /// One t₀ for all: every customer with an order by then; the label follows in `horizon_days`.
    Cutoff { horizon_days: u32 },
    /// Each customer's own t₀ = end of `window`; the label runs to the end of `total`. Only customers
    /// whose `total` is complete.
    EarlyLife { window: Span, total: Span },
    /// Rows of a customer table, at no particular time.
    Table,
}

/// What is predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// Net revenue after t₀.
    RemainingValue,
    /// Net revenue up to the end of the label window, including what features already contain.
    TotalValue,
    /// Whether an order follows in the label window.
    Purchase,
    /// Whether **no** order follows in the label window.
    Churn,
    /// Whether a column of a customer table meets a condition (churn of flat tables).
    Condition(FlatTarget),
    /// A numeric column of a customer table.
    Column(String),
}

impl TargetKind {
    /// Whether the answer is yes or no.
    #[must_use]
    pub fn is_class(&self) -> bool {
        matches!(self, Self::Purchase | Self::Churn | Self::Condition(_))
    }

    /// What models and grid points are chosen by.
    #[must_use]
    pub fn score(&self) -> Score {
        match self {
            Self::Purchase | Self::Churn | Self::Condition(_) => Score::LogLoss,
            Self::RemainingValue | Self::TotalValue => Score::Deviance,
            Self::Column(_) => Score::SquaredError,
        }
    }

    /// Whether the answer stands in a customer table.
    #[must_use]
    pub fn is_column(&self) -> bool {
        matches!(self, Self::Column(_) | Self::Condition(_))
    }
}

/// A score that is smallest in expectation for the true chance or mean, and for nothing else (Gneiting
/// & Raftery 2007): choosing by it keeps the level right, which a ranking cannot see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// Of chances.
    LogLoss,
    /// Of amounts: Tweedie deviance of power 1.5. Spend is zero for most and its variance grows
    /// faster than its mean; squared error would let a handful of large customers choose alone.
    Deviance,
    /// Of numbers that may be negative.
    SquaredError,
}

impl Score {
    /// Name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LogLoss => "log_loss",
            Self::Deviance => "tweedie_deviance",
            Self::SquaredError => "squared_error",
        }
    }
}

/// The answers, customer by customer; all columns are of equal length.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub kind: TargetKind,
    pub design: Design,
    /// Customers of the orders, or rows of the table; ascending.
    pub customers: Vec<u32>,
    /// t₀ of each customer: the last day features may read. Zeros for tables.
    pub cutoffs: Vec<Day>,
    /// The answer: money, or 1 for yes and 0 for no.
    pub values: Vec<f64>,
    /// The part of a total that is already known at t₀; empty for other kinds.
    pub known: Vec<f64>,
    /// What the answer is, in one sentence.
    pub definition: String,
}

impl Target {
    /// The part of a total that is still to come; the values themselves for other kinds.
    #[must_use]
    pub fn remaining(&self) -> Vec<f64> {
        if self.known.is_empty() {
            return self.values.clone();
        }
        let pairs = self.values.iter().zip(&self.known);
        pairs.map(|(value, known)| settle(value - known)).collect()
    }

    /// Only the customers whose t₀ comes after this day.
    #[must_use]
    pub fn asked_after(self, day: Day) -> Self {
        let rows: Vec<usize> = (0..self.cutoffs.len())
            .filter(|&row| self.cutoffs[row] > day)
            .collect();
        let pick = |values: &[f64]| -> Vec<f64> {
            let known = rows.iter().filter_map(|&row| values.get(row));
            known.copied().collect()
        };
        Self {
            values: pick(&self.values),
            known: pick(&self.known),
            customers: rows.iter().map(|&row| self.customers[row]).collect(),
            cutoffs: rows.iter().map(|&row| self.cutoffs[row]).collect(),
            ..self
        }
    }

    /// Share of the sum of all totals that is already known at t₀; `None` unless the target is a total.
    #[must_use]
    pub fn known_share(&self) -> Option<f64> {
        let sum: f64 = self.values.iter().sum();
        (!self.known.is_empty() && sum > 0.0).then(|| self.known.iter().sum::<f64>() / sum)
    }
}

/// The customers that are asked and their t₀, without answers: also for applying a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    pub customers: Vec<u32>,
    /// Last day that features may read.
    pub cutoffs: Vec<Day>,
}

/// The last t₀ whose label window ends by `last` (the last day of the data, S − 1).
#[must_use]
pub fn latest_cutoff(horizon_days: u32, last: Day) -> Day {
    last.saturating_sub_unsigned(horizon_days)
}

/// First and last kept order of every customer; `None` for those who have none.
fn first_order(orders: &Orders, customer: usize) -> Option<Day> {
    let mut lines = orders.lines_of(customer);
    lines
        .find(|&line| orders.flags[line] & flag::ORDER_START != 0)
        .map(|line| orders.days[line])
}

/// Everyone with an order by `cutoff`, all asked on that day.
#[must_use]
pub fn panel_at(orders: &Orders, cutoff: Day) -> Panel {
    let known = |&customer: &u32| {
        first_order(orders, customer as usize).is_some_and(|first| first <= cutoff)
    };
    let everyone = (0..orders.customers() as u32).into_par_iter();
    let customers: Vec<u32> = everyone.filter(known).collect();
    Panel {
        cutoffs: vec![cutoff; customers.len()],
        customers,
    }
}

/// Every customer whose `window` of life is complete by `last`, asked at its end; `total` (when
/// given) must be complete, too.
#[must_use]
pub fn panel_of_age(orders: &Orders, window: Span, total: Option<Span>, last: Day) -> Panel {
    let asked = (0..orders.customers() as u32)
        .into_par_iter()
        .filter_map(|customer| {
            let first = first_order(orders, customer as usize)?;
            let complete = total.unwrap_or(window).end(first) <= last;
            complete.then(|| (customer, window.end(first)))
        });
    let (customers, cutoffs) = asked.unzip();
    Panel { customers, cutoffs }
}

/// Net revenue of a customer after `from` up to and including `to`.
#[must_use]
pub fn revenue_between(orders: &Orders, customer: usize, from: Day, to: Day) -> f64 {
    let lines = orders.lines_of(customer);
    let days = &orders.days[lines.clone()];
    let start = lines.start + days.partition_point(|&day| day <= from);
    let end = lines.start + days.partition_point(|&day| day <= to);
    settle((start..end.max(start)).map(|line| orders.net(line)).sum())
}

fn orders_between(orders: &Orders, customer: usize, from: Day, to: Day) -> bool {
    orders.lines_of(customer).any(|line| {
        let day = orders.days[line];
        day > from && day <= to && orders.flags[line] & flag::ORDER_START != 0
    })
}

/// Days of orders before t₀ from which so many days ahead can be learned: a quarter of them, and two
/// weeks. With less, features of behaviour over time say nothing yet.
#[must_use]
pub fn least_history(horizon_days: u32) -> u32 {
    const TWO_WEEKS: u32 = 14;
    (horizon_days / 4).max(TWO_WEEKS)
}

/// Makes sure that the orders reach back far enough from the t₀ of the cutoff design.
///
/// # Errors
/// [`TrainError::TooLittleHistory`].
pub fn enough_history(orders: &Orders, design: Design, cutoff: Day) -> Result<(), TrainError> {
    let Design::Cutoff { horizon_days } = design else {
        return Ok(());
    };
    let Some((first, _)) = orders.day_range().filter(|(first, _)| *first <= cutoff) else {
        // Nobody has ordered yet: said by who asks them.
        return Ok(());
    };
    let days = u32::try_from(i64::from(cutoff) - i64::from(first) + 1).unwrap_or(u32::MAX);
    let needed = least_history(horizon_days);
    if days < needed {
        return Err(TrainError::TooLittleHistory {
            cutoff,
            days,
            needed,
            horizon_days,
        });
    }
    Ok(())
}

/// The answers of a shop with orders. `last` is the last day that may be read (S − 1), `cutoff` the
/// t₀ of the cutoff design (ignored by early life).
///
/// # Errors
/// [`TrainError`] when nobody can be asked, or the kind needs a customer table.
pub fn from_orders(
    orders: &Orders,
    kind: &TargetKind,
    design: Design,
    cutoff: Day,
    last: Day,
) -> Result<Target, TrainError> {
    let (panel, ends) = match design {
        Design::Cutoff { horizon_days } => {
            let end = cutoff.saturating_add_unsigned(horizon_days);
            if end > last {
                return Err(TrainError::WindowTooLate { cutoff, end, last });
            }
            let panel = panel_at(orders, cutoff);
            let ends = vec![end; panel.customers.len()];
            (panel, ends)
        }
        Design::EarlyLife { window, total } => {
            let panel = panel_of_age(orders, window, Some(total), last);
            let ends = (panel.customers.iter())
                .map(|&customer| {
                    first_order(orders, customer as usize).map_or(last, |first| total.end(first))
                })
                .collect();
            (panel, ends)
        }
        Design::Table => return Err(TrainError::NeedsTable),
    };
    if panel.customers.is_empty() {
        return Err(TrainError::NobodyToAsk {
            question: definition(kind, design),
            last,
        });
    }
    answers(orders, kind, design, panel, &ends)
}

fn answers(
    orders: &Orders,
    kind: &TargetKind,
    design: Design,
    panel: Panel,
    ends: &[Day],
) -> Result<Target, TrainError> {
    let each = |answer: &(dyn Fn(usize, Day, Day) -> f64 + Sync)| -> Vec<f64> {
        let rows = panel.customers.par_iter().zip(&panel.cutoffs).zip(ends);
        rows.map(|((&customer, &from), &to)| answer(customer as usize, from, to))
            .collect()
    };
    let values = match kind {
        TargetKind::RemainingValue => {
            each(&|customer, from, to| revenue_between(orders, customer, from, to))
        }
        TargetKind::TotalValue => {
            each(&|customer, _, to| revenue_between(orders, customer, Day::MIN, to))
        }
        TargetKind::Purchase => each(&|customer, from, to| {
            f64::from(u8::from(orders_between(orders, customer, from, to)))
        }),
        TargetKind::Churn => each(&|customer, from, to| {
            f64::from(u8::from(!orders_between(orders, customer, from, to)))
        }),
        TargetKind::Condition(_) | TargetKind::Column(_) => return Err(TrainError::NeedsTable),
    };
    let known = match kind {
        TargetKind::TotalValue => {
            each(&|customer, from, _| revenue_between(orders, customer, Day::MIN, from))
        }
        _ => Vec::new(),
    };
    Ok(Target {
        kind: kind.clone(),
        design,
        customers: panel.customers,
        cutoffs: panel.cutoffs,
        values,
        known,
        definition: definition(kind, design),
    })
}

/// The answers of a customer table; rows whose answer is missing are left out.
///
/// # Errors
/// [`TrainError::NoColumn`] when the table has no such column, [`TrainError::NeedsOrders`] when the
/// kind is about orders.
pub fn from_table(table: &Table, kind: &TargetKind) -> Result<Target, TrainError> {
    let (name, test) = match kind {
        TargetKind::Condition(FlatTarget { column, test }) => (column, Some(test)),
        TargetKind::Column(column) => (column, None),
        _ => return Err(TrainError::NeedsOrders),
    };
    let column = table.column(name).ok_or_else(|| TrainError::NoColumn {
        column: name.clone(),
        columns: table.columns.iter().map(|c| c.name.clone()).collect(),
    })?;
    let answer = |row: usize| -> Option<f64> {
        if column.values.is_missing(row) {
            return None;
        }
        match (&column.values, test) {
            (Values::Numbers(numbers), None) => Some(numbers[row]),
            (Values::Numbers(numbers), Some(Test::Over(limit))) => {
                Some(f64::from(u8::from(numbers[row] > *limit)))
            }
            (Values::Numbers(numbers), Some(Test::Is(text))) => {
                let wanted: f64 = text.trim().parse().ok()?;
                Some(f64::from(u8::from(numbers[row] == wanted)))
            }
            (Values::Texts { codes, pool }, Some(Test::Is(text))) => {
                let same = pool.get(codes.get(row) as usize).eq_ignore_ascii_case(text);
                Some(f64::from(u8::from(same)))
            }
            _ => None,
        }
    };
    let rows = (0..table.rows).filter_map(|row| Some((row as u32, answer(row)?)));
    let (customers, values): (Vec<u32>, Vec<f64>) = rows.unzip();
    if customers.is_empty() {
        return Err(TrainError::NoAnswers {
            column: name.clone(),
        });
    }
    Ok(Target {
        kind: kind.clone(),
        design: Design::Table,
        cutoffs: vec![0; customers.len()],
        customers,
        values,
        known: Vec::new(),
        definition: definition(kind, Design::Table),
    })
}

/// What is asked, in words: "net revenue in the 90 days after t₀".
#[must_use]
pub fn definition(kind: &TargetKind, design: Design) -> String {
    let window = match design {
        Design::Cutoff { horizon_days } => format!("in the {horizon_days} days after t₀"),
        Design::EarlyLife { window, total } => format!(
            "between the first {} and the first {} of a customer's life",
            window.words(),
            total.words()
        ),
        Design::Table => String::new(),
    };
    match (kind, design) {
        (TargetKind::TotalValue, Design::EarlyLife { total, .. }) => format!(
            "net revenue of the first {} of a customer's life, what is already known included",
            total.words()
        ),
        (TargetKind::TotalValue, _) => format!(
            "all net revenue up to the end of the window {window}, what is already known included"
        ),
        (TargetKind::RemainingValue, _) => format!("net revenue {window}"),
        (TargetKind::Purchase, _) => format!("at least one order {window}"),
        (TargetKind::Churn, _) => format!("no order {window}"),
        (TargetKind::Condition(target), _) => target.words(),
        (TargetKind::Column(column), _) => column.clone(),
    }
}

/// t₀ in words for messages.
#[must_use]
pub fn cutoff_words(target: &Target) -> String {
    match target.design {
        Design::Cutoff { .. } => target
            .cutoffs
            .first()
            .map_or_else(String::new, |&day| iso(day)),
        Design::EarlyLife { window, .. } => format!("{} after each first order", window.words()),
        Design::Table => "no date".to_owned(),
    }
}
