//! Metrics by standard name, and what grid points and blends are chosen by.

use crate::{TrainError, predictions::Metrics, recipe::Recalibration, target::Score};
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

/// Mean loss that chooses among grid points and models, and that a blend lowers: log loss, squared
/// error, or Tweedie deviance (power 1.5), in which negative answers count as 0 and predictions below
/// a thousandth of the mean as that.
pub(super) fn loss(score: Score, actual: &[f64], predicted: &[f64]) -> f64 {
    const EDGE: f64 = 1e-6;
    let count = actual.len().max(1) as f64;
    let pairs = actual.iter().zip(predicted);
    let sum: f64 = match score {
        Score::LogLoss => {
            let each = |(&y, &p): (&f64, &f64)| {
                let p = p.clamp(EDGE, 1.0 - EDGE);
                if y > 0.5 { -p.ln() } else { -(1.0 - p).ln() }
            };
            pairs.map(each).sum()
        }
        Score::SquaredError => pairs.map(|(y, p)| (p - y) * (p - y)).sum(),
        Score::Deviance => {
            let least = (actual.iter().sum::<f64>() / count * 1e-3).max(1e-9);
            // 2 · [y²⁻ᵖ/((1−p)(2−p)) − y·μ¹⁻ᵖ/(1−p) + μ²⁻ᵖ/(2−p)] at p = 1.5.
            let each = |(&y, &p): (&f64, &f64)| {
                let (y, root) = (y.max(0.0), p.max(least).sqrt());
                4.0 * (y / root + root - 2.0 * y.sqrt())
            };
            pairs.map(each).sum()
        }
    };
    sum / count
}

/// What a grid point or a model is chosen by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// The proper score; smaller is better.
    pub loss: f64,
    /// Normalised Gini, which decides between equals.
    pub ranking: f64,
}

/// The place of the best: the smallest loss; among those within a thousandth of it the best ranking;
/// the first of equals.
pub(super) fn best_of(standings: &[Standing]) -> Option<usize> {
    const EQUAL: f64 = 1e-3;
    let least = standings
        .iter()
        .map(|one| one.loss)
        .min_by(f64::total_cmp)?;
    let mut best: Option<usize> = None;
    for (at, one) in standings.iter().enumerate() {
        let level = one.loss <= least + EQUAL * least.abs();
        if level && best.is_none_or(|best| one.ranking > standings[best].ranking) {
            best = Some(at);
        }
    }
    best
}

/// Brings predictions of classes into 0…1.
pub(super) fn tame(class: bool, values: &mut [f64]) {
    if class {
        for value in values {
            *value = value.clamp(0.0, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evaluation::values::tweedie_deviance;

    /// The loss of amounts is the Tweedie deviance by its definition (checked against scikit-learn in
    /// `evaluation::values`), wherever that is defined.
    #[test]
    fn the_loss_of_amounts_is_the_deviance() {
        let (actual, predicted) = ([0.0, 12.5, 3.0, 0.0], [1.0, 10.0, 3.0, 0.5]);
        let scored = Scored::new(&actual, &predicted).unwrap();
        let deviance = tweedie_deviance(scored, POWER).unwrap();
        assert!((loss(Score::Deviance, &actual, &predicted) - deviance).abs() < 1e-12);
        let nobody = loss(Score::Deviance, &actual, &[0.0; 4]);
        assert!(nobody.is_finite() && nobody > deviance);
    }

    #[test]
    fn the_score_chooses_and_the_ranking_decides_between_equals() {
        let standing = |loss, ranking| Standing { loss, ranking };
        // Retail transactions: ridge 0.01 ranked better, ridge 1 had the right level.
        let retail = [standing(14.50, 0.81), standing(14.16, 0.80)];
        assert_eq!(best_of(&retail), Some(1));
        let equal = [standing(14.16, 0.80), standing(14.165, 0.81)];
        assert_eq!(best_of(&equal), Some(1));
        assert_eq!(best_of(&[standing(1.0, 0.5), standing(1.0, 0.5)]), Some(0));
        assert_eq!(best_of(&[]), None);
    }
}
