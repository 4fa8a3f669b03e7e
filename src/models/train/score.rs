//! Metrics by standard name, and what grid points and blends are chosen by.

use crate::{TrainError, predictions::Metrics, recipe::Recalibration};
use evaluation::{
    Classified, EvaluationError, Scored, calibration::Calibrator, classes::Thresholds,
    deciles::DecileChart, report,
};

/// Power at which Tweedie deviance is told, whatever was trained.
pub(crate) const POWER: f64 = 1.5;
/// Probability from which a class metric counts a "yes".
const THRESHOLD: f64 = 0.5;
const DECILES: usize = 10;

/// All metrics of predictions.
pub(crate) fn metrics(
    class: bool,
    (actual, predicted): (&[f64], &[f64]),
    seed: u64,
) -> Result<Metrics, TrainError> {
    let found = if class {
        let classified = Classified::new(actual, predicted).map_err(judged)?;
        report::Metrics::of_classes(classified, &Thresholds::new(classified), THRESHOLD)
    } else {
        let scored = Scored::new(actual, predicted).map_err(judged)?;
        let chart = DecileChart::new(scored, DECILES, seed);
        report::Metrics::of_values(scored, &chart, Some(POWER))
    };
    let entries = found.entries().into_iter();
    Ok(entries
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect())
}

#[allow(clippy::needless_pass_by_value)] // The shape `map_err` wants.
pub(crate) fn judged(error: EvaluationError) -> TrainError {
    match error {
        EvaluationError::Cancelled(cancelled) => TrainError::Cancelled(cancelled),
        error => TrainError::Judged {
            model: "a model".to_owned(),
            problem: error.to_string(),
        },
    }
}

/// Learns a recalibration from predictions of rows that the model had not seen.
pub(super) fn calibrator(
    kind: Recalibration,
    class: bool,
    (actual, predicted): (&[f64], &[f64]),
) -> Result<Option<Calibrator>, TrainError> {
    let scored = Scored::new(actual, predicted).map_err(judged)?;
    Ok(match kind {
        Recalibration::None => None,
        Recalibration::Isotonic => Some(Calibrator::isotonic(scored)),
        Recalibration::Scale if class => {
            let classified = Classified::new(actual, predicted).map_err(judged)?;
            Some(Calibrator::platt(classified))
        }
        Recalibration::Scale => Some(Calibrator::scale(scored)),
    })
}

/// Mean loss that a blend lowers: log loss, or Tweedie deviance (power 1.5, up to a constant of the
/// answers), in which predictions below a thousandth of the mean count as that.
pub(super) fn loss(class: bool, actual: &[f64], predicted: &[f64]) -> f64 {
    const EDGE: f64 = 1e-6;
    let count = actual.len().max(1) as f64;
    let pairs = actual.iter().zip(predicted);
    if class {
        let each = |(&y, &p): (&f64, &f64)| {
            let p = p.clamp(EDGE, 1.0 - EDGE);
            if y > 0.5 { -p.ln() } else { -(1.0 - p).ln() }
        };
        return pairs.map(each).sum::<f64>() / count;
    }
    let least = (actual.iter().sum::<f64>() / count * 1e-3).max(1e-9);
    let each = |(&y, &p): (&f64, &f64)| {
        let root = p.max(least).sqrt();
        2.0 * (y.max(0.0) / root + root)
    };
    pairs.map(each).sum::<f64>() / count
}

/// Brings predictions of classes into 0…1.
pub(super) fn tame(class: bool, values: &mut [f64]) {
    if class {
        for value in values {
            *value = value.clamp(0.0, 1.0);
        }
    }
}
