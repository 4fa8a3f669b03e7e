//! Buy-till-you-die × Gamma-Gamma as a predictor and as a maker of features.
//!
//! It reads histories only, never the answers, so it is fitted once on everyone known at t₀, outside
//! the folds, without leaking anything.

use serde::{Deserialize, Serialize};

use super::{
    TrainError,
    btyd::{
        Counts, Family, GammaGamma, History, Outlook, RepeatSpend, TimeUnit, TransactionModel,
        calibration_end, holdout::HoldOut,
    },
    features::{FeatureGroup, FeatureSpec, FeatureTable, Unit, history::LIFETIME_FIELDS},
    preprocess::MissingFeatures,
};
use crate::btyd::error::BtydError;
use base::monitor::{Cancelled, Monitor};
use data::day::Day;
use data::orders::Orders;

/// A fitted pair of models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lifetime {
    pub transactions: TransactionModel,
    /// `None` when repeat purchases carry no usable money; then the mean purchase value stands in.
    pub spend: Option<GammaGamma>,
    /// Mean value of a repeat purchase over all customers.
    pub mean_value: f64,
    pub horizon_days: u32,
}

/// Names of the columns that [`Lifetime::append`] adds.
pub const OUTPUTS: [&str; 4] = [
    "p_alive",
    "expected_orders",
    "expected_order_value",
    "expected_value",
];

/// The family with the smallest root mean squared error in its own check on the days up to `last`
/// (see [`calibration_end`]): the same check, so the same answer, wherever it is asked.
///
/// # Errors
/// [`Cancelled`]. Where no check is possible, the first family is taken.
pub fn choose_family(
    orders: &Orders,
    families: &[Family],
    last: Day,
    monitor: &Monitor,
) -> Result<Family, Cancelled> {
    let fallback = families.first().copied();
    let fallback = fallback.unwrap_or(Family::ANYBODY_LEAVES[0]);
    let Some(calibration_end) = calibration_end(orders, last).filter(|_| families.len() > 1) else {
        return Ok(fallback);
    };
    match compare(orders, families, (calibration_end, last), monitor) {
        Ok(best) => Ok(best.unwrap_or(fallback)),
        Err(BtydError::Cancelled(cancelled)) => Err(cancelled),
        // Nobody to learn from by then.
        Err(_) => Ok(fallback),
    }
}

fn compare(
    orders: &Orders,
    families: &[Family],
    (calibration_end, last): (Day, Day),
    monitor: &Monitor,
) -> Result<Option<Family>, BtydError> {
    let counts = Counts::from_orders(orders, calibration_end, monitor)?;
    let Some(hold_out) = HoldOut::from_orders(orders, &counts, last) else {
        return Ok(None);
    };
    let mut best: Option<(f64, Family)> = None;
    for &family in families {
        let model = TransactionModel::fit(family, &counts, TimeUnit::Weeks, monitor)?;
        let outlooks = model.outlooks(&counts, f64::from(hold_out.days), monitor)?;
        let expected: Vec<f64> = outlooks.iter().map(|o| o.expected_purchases).collect();
        let score = hold_out.score(family.name(), &counts.per_customer(&expected));
        if best.is_none_or(|(least, _)| score.rmse < least) {
            best = Some((score.rmse, family));
        }
    }
    Ok(best.map(|(_, family)| family))
}

impl Lifetime {
    /// Fits both models to the histories in a feature table. `warnings` receives what is wrong with
    /// the parameters.
    ///
    /// # Errors
    /// [`TrainError::MissingFeatures`], [`TrainError::Btyd`], [`TrainError::Cancelled`].
    pub fn fit(
        table: &FeatureTable,
        (family, horizon_days): (Family, u32),
        monitor: &Monitor,
        warnings: &mut Vec<String>,
    ) -> Result<Self, TrainError> {
        let histories = Histories::of(table)?;
        let counts = Counts::from_histories(&histories.known, 0);
        let transactions = TransactionModel::fit(family, &counts, TimeUnit::Weeks, monitor)?;
        let spend = RepeatSpend {
            repeats: histories.known.iter().map(|h| h.repeats).collect(),
            means: histories.means.clone(),
        };
        let fitted = match GammaGamma::fit(&spend, monitor) {
            Ok(fitted) => Some(fitted),
            Err(BtydError::Cancelled(cancelled)) => return Err(cancelled.into()),
            Err(problem) => {
                warnings.push(format!("Gamma-Gamma: {problem}"));
                None
            }
        };
        let title = family.title();
        let told = transactions.report.warnings.iter();
        warnings.extend(told.map(|warning| format!("{title}: {warning}")));
        if let Some(spend) = &fitted {
            let told = spend.report.warnings.iter();
            warnings.extend(told.map(|warning| format!("Gamma-Gamma: {warning}")));
        }
        Ok(Self {
            transactions,
            spend: fitted,
            mean_value: spend.typical(),
            horizon_days,
        })
    }

    /// P(alive), expected orders, expected order value and expected value of every row.
    ///
    /// # Errors
    /// [`MissingFeatures`].
    pub fn outputs(&self, table: &FeatureTable) -> Result<[Vec<f64>; 4], MissingFeatures> {
        self.outputs_by(table, |counts, horizon| {
            let groups = counts.groups.iter();
            let outlook = |group| self.transactions.outlook(group, horizon);
            Ok(groups.map(outlook).collect())
        })
    }

    /// As [`Self::outputs`], of a whole shop: on all threads, until it is cancelled.
    ///
    /// # Errors
    /// [`TrainError::MissingFeatures`], [`TrainError::Cancelled`].
    pub fn outputs_watched(
        &self,
        table: &FeatureTable,
        monitor: &Monitor,
    ) -> Result<[Vec<f64>; 4], TrainError> {
        self.outputs_by(table, |counts, horizon| {
            Ok(self.transactions.outlooks(counts, horizon, monitor)?)
        })
    }

    fn outputs_by<E: From<MissingFeatures>>(
        &self,
        table: &FeatureTable,
        outlooks: impl FnOnce(&Counts, f64) -> Result<Vec<Outlook>, E>,
    ) -> Result<[Vec<f64>; 4], E> {
        let histories = Histories::of(table)?;
        let counts = Counts::from_histories(&histories.known, 0);
        let horizon = f64::from(self.horizon_days);
        let groups = outlooks(&counts, horizon)?;
        let mut outputs = [(); 4].map(|()| Vec::with_capacity(table.rows()));
        for (row, &group) in counts.group_of.iter().enumerate() {
            let outlook = groups[group as usize];
            let (repeats, mean) = (histories.known[row].repeats, histories.means[row]);
            let expected = (self.spend.as_ref())
                .and_then(|spend| spend.expected_mean_spend(repeats, mean))
                .unwrap_or(if repeats > 0 && mean > 0.0 {
                    mean
                } else {
                    self.mean_value
                });
            outputs[0].push(outlook.probability_alive);
            outputs[1].push(outlook.expected_purchases);
            outputs[2].push(expected);
            outputs[3].push(outlook.expected_purchases * expected);
        }
        Ok(outputs)
    }

    /// Adds the four outputs as features; those already there are left alone.
    ///
    /// # Errors
    /// [`TrainError::MissingFeatures`], [`TrainError::Cancelled`].
    pub fn append(&self, table: &mut FeatureTable, monitor: &Monitor) -> Result<(), TrainError> {
        if OUTPUTS.iter().all(|name| table.position(name).is_some()) {
            return Ok(());
        }
        let outputs = self.outputs_watched(table, monitor)?;
        let (title, days) = (self.transactions.family.title(), self.horizon_days);
        let definitions = [
            (
                Unit::Share,
                format!("Probability of still being a customer at t₀, by {title}"),
            ),
            (
                Unit::Orders,
                format!("Orders expected in the {days} days after t₀, by {title}"),
            ),
            (
                Unit::Money,
                "Expected value of an order, by Gamma-Gamma".to_owned(),
            ),
            (
                Unit::Money,
                format!("Value expected in the {days} days after t₀: {title} × Gamma-Gamma"),
            ),
        ];
        for ((name, (unit, words)), column) in OUTPUTS.iter().zip(definitions).zip(outputs) {
            if table.position(name).is_none() {
                let spec = FeatureSpec::new(*name, FeatureGroup::Lifetime, unit, words);
                table.push(spec, column);
            }
        }
        Ok(())
    }
}

/// P(alive) of every row.
///
/// # Errors
/// [`MissingFeatures`].
pub fn alive_of(
    model: &TransactionModel,
    table: &FeatureTable,
) -> Result<Vec<f64>, MissingFeatures> {
    let histories = Histories::of(table)?;
    let counts = Counts::from_histories(&histories.known, 0);
    let groups: Vec<f64> = (counts.groups.iter())
        .map(|group| model.probability_alive(group))
        .collect();
    Ok(counts.per_customer(&groups))
}

struct Histories {
    known: Vec<History>,
    means: Vec<f64>,
}

impl Histories {
    fn of(table: &FeatureTable) -> Result<Self, MissingFeatures> {
        let columns = LIFETIME_FIELDS.map(|name| (name, table.column(name)));
        let names: Vec<String> = (columns.iter())
            .filter(|(_, column)| column.is_none())
            .map(|(name, _)| (*name).to_owned())
            .collect();
        if !names.is_empty() {
            return Err(MissingFeatures { names });
        }
        let [repeats, span, age, mean] = columns.map(|(_, column)| column.unwrap_or_default());
        // A missing number is 0; negative ones cannot come from orders.
        let count = |value: f64| value.max(0.0) as u32;
        let known = (0..table.rows())
            .map(|row| History {
                repeats: count(repeats[row]),
                last_days: count(span[row]),
                age_days: count(age[row]),
            })
            .collect();
        let means = mean
            .iter()
            .map(|&m| if m.is_nan() { 0.0 } else { m })
            .collect();
        Ok(Self { known, means })
    }
}

trait Typical {
    /// Mean value of a repeat purchase over customers with repeats; 0 without any.
    fn typical(&self) -> f64;
}

impl Typical for RepeatSpend {
    fn typical(&self) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for (&repeats, &mean) in self.repeats.iter().zip(&self.means) {
            sum += f64::from(repeats) * mean;
            count += f64::from(repeats);
        }
        if count > 0.0 { sum / count } else { 0.0 }
    }
}
