//! All models of one shop side by side, judged by what happened after the calibration.

use super::{
    counts::{Counts, TimeUnit},
    error::BtydError,
    gamma_gamma::{GammaGamma, RepeatSpend},
    holdout::{FrequencyRow, HoldOut, HoldOutScore, by_frequency, naive_rate, nobody_buys},
    transactions::{Family, TransactionModel},
};
use base::monitor::Monitor;
use data::day::Day;
use data::orders::Orders;

/// What to fit and to judge by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StudySpec {
    /// Last day of the calibration, included.
    pub calibration_end: Day,
    /// Last day of the hold-out, included; no hold-out unless later than the calibration end.
    pub end: Day,
    pub unit: TimeUnit,
}

/// Fitted models and how well they foresaw the hold-out.
#[derive(Clone, Debug)]
pub struct Study {
    pub spec: StudySpec,
    pub counts: Counts,
    /// One of each family, in the order of [`Family::ALL`].
    pub models: Vec<TransactionModel>,
    /// Order values, or why they could not be modelled.
    pub spend: Result<GammaGamma, BtydError>,
    pub hold_out: Option<Judgement>,
}

/// The hold-out check of a study.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub hold_out: HoldOut,
    /// Models in their order, then the rivals "naive rate" and "nobody buys".
    pub scores: Vec<HoldOutScore>,
    /// For each model, expected and actual purchases by calibration frequency.
    pub by_frequency: Vec<Vec<FrequencyRow>>,
    /// The model with the smallest root mean squared error, of those in which anybody may have left
    /// ([`Family::ANYBODY_LEAVES`]). (Absolute errors would favour models that expect too little:
    /// most customers buy nothing.)
    pub best: Family,
}

/// Names of the rivals in [`HoldOutScore::predictor`].
pub const NAIVE_RATE: &str = "naive_rate";
pub const NOBODY_BUYS: &str = "nobody_buys";

/// The last row of the table by frequency: this many repeats or more.
const MOST_REPEATS: u32 = 7;

/// Last day of calibration of the check that decides which family tells P(alive): the second half of
/// the days from the first order to `last`, at most a year, is held out. `None` for a shop of one day.
#[must_use]
pub fn calibration_end(orders: &Orders, last: Day) -> Option<Day> {
    let (first, _) = orders.day_range()?;
    let held_out = (i64::from(last) - i64::from(first)).max(0) / 2;
    let held_out = Day::try_from(held_out.min(365)).ok()?;
    (held_out > 0).then(|| last.saturating_sub(held_out))
}

/// Fits every model up to the calibration end and compares it with the days after.
///
/// # Errors
/// [`BtydError`] when there is nobody to learn from, or on cancellation. A shop whose order values
/// cannot be modelled is no error: [`Study::spend`] says why.
pub fn study(orders: &Orders, spec: StudySpec, monitor: &Monitor) -> Result<Study, BtydError> {
    let counts = Counts::from_orders(orders, spec.calibration_end, monitor)?;
    let models = Family::ALL
        .into_iter()
        .map(|family| TransactionModel::fit(family, &counts, spec.unit, monitor))
        .collect::<Result<Vec<_>, _>>()?;
    let spend = match GammaGamma::fit(&RepeatSpend::from_orders(orders, &counts), monitor) {
        Err(BtydError::Cancelled(cancelled)) => return Err(cancelled.into()),
        fitted => fitted,
    };
    let hold_out = HoldOut::from_orders(orders, &counts, spec.end)
        .map(|hold_out| judge(&counts, &models, hold_out, monitor))
        .transpose()?;
    Ok(Study {
        spec,
        counts,
        models,
        spend,
        hold_out,
    })
}

fn judge(
    counts: &Counts,
    models: &[TransactionModel],
    hold_out: HoldOut,
    monitor: &Monitor,
) -> Result<Judgement, BtydError> {
    let (mut scores, mut tables) = (Vec::new(), Vec::new());
    let mut best: Option<(f64, Family)> = None;
    for (index, model) in models.iter().enumerate() {
        monitor.progress("Checking the hold-out", index as u64, models.len() as u64);
        let outlooks = model.outlooks(counts, f64::from(hold_out.days), monitor)?;
        let expected: Vec<f64> = outlooks.iter().map(|o| o.expected_purchases).collect();
        let expected = counts.per_customer(&expected);
        let score = hold_out.score(model.family.name(), &expected);
        let serves = Family::ANYBODY_LEAVES.contains(&model.family);
        if serves && best.is_none_or(|(least, _)| score.rmse < least) {
            best = Some((score.rmse, model.family));
        }
        scores.push(score);
        tables.push(by_frequency(counts, &hold_out, &expected, MOST_REPEATS));
    }
    scores.push(hold_out.score(NAIVE_RATE, &naive_rate(counts, hold_out.days)));
    scores.push(hold_out.score(NOBODY_BUYS, &nobody_buys(counts)));
    Ok(Judgement {
        hold_out,
        scores,
        by_frequency: tables,
        best: best.map_or(Family::ANYBODY_LEAVES[0], |(_, family)| family),
    })
}
