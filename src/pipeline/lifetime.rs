//! Checks of the buy-till-you-die models on the open shop: calibration against hold-out, tracking by
//! week, and what frequency and recency mean.

use data::dataset::Dataset;
use data::day::Day;
use models::{
    Run, TrainError,
    btyd::{
        Study, StudySpec, TimeUnit, calibration_end, study,
        tracking::{RecencyFrequencyMatrix, TrackingWeek, recency_frequency_matrix, track},
    },
    features::FeatureGroup,
    recipe::ModelSpec,
};

use super::cx::Monitor;

/// Days ahead of the expected purchases in the matrix.
const AHEAD_DAYS: f64 = 90.0;

/// What is shown of the buy-till-you-die models.
#[derive(Clone, Debug)]
pub struct LifetimeCheck {
    pub study: Study,
    /// Place of the best model in [`Study::models`].
    pub best: usize,
    /// The best model week by week.
    pub tracking: Vec<TrackingWeek>,
    pub matrix: RecencyFrequencyMatrix,
    pub ahead_days: f64,
}

/// Fits and checks the models when the recipe uses them: calibrated on the first half of the orders'
/// span (at most a year is held out), checked on the rest. `None` for other recipes and for shops whose
/// models cannot be fitted; the run's warnings say why.
///
/// # Errors
/// [`TrainError::Cancelled`].
pub fn lifetime_check(
    dataset: &Dataset,
    run: &Run,
    monitor: &Monitor,
) -> Result<Option<LifetimeCheck>, TrainError> {
    let asked = run
        .recipe
        .models
        .iter()
        .any(|model| matches!(model, ModelSpec::Lifetime(_)));
    let as_feature = run
        .features
        .specs
        .iter()
        .any(|spec| spec.group == FeatureGroup::Lifetime);
    let orders = &dataset.orders;
    let last = run.as_of - 1;
    let first = orders.days.iter().copied().min();
    let (true, Some(first)) = (
        dataset.shape.has_orders() && (asked || as_feature),
        first.filter(|&first| first < last),
    ) else {
        return Ok(None);
    };
    let Some(calibration_end) = calibration_end(orders, last) else {
        return Ok(None);
    };
    let spec = StudySpec {
        calibration_end,
        end: last,
        unit: TimeUnit::Weeks,
    };
    let study = match study(orders, spec, monitor) {
        Ok(study) => study,
        Err(error) => {
            return match TrainError::from(error) {
                TrainError::Cancelled(cancelled) => Err(cancelled.into()),
                _ => Ok(None),
            };
        }
    };
    let family = study.hold_out.as_ref().map(|judgement| judgement.best);
    let best = study
        .models
        .iter()
        .position(|model| Some(model.family) == family)
        .unwrap_or(0);
    let Some(model) = study.models.get(best) else {
        return Ok(None);
    };
    let tracking = track(orders, &study.counts, model, last, monitor)?;
    let matrix = matrix(model, first, spec.calibration_end);
    Ok(Some(LifetimeCheck {
        best,
        tracking,
        matrix,
        ahead_days: AHEAD_DAYS,
        study,
    }))
}

/// A customer known since the beginning: 0 to 10 repeats, silent for up to the whole time.
fn matrix(
    model: &models::btyd::TransactionModel,
    first: Day,
    calibration_end: Day,
) -> RecencyFrequencyMatrix {
    const COLUMNS: u32 = 10;
    let age = calibration_end.abs_diff(first).max(COLUMNS);
    let silent = (0..=COLUMNS).map(|step| age * step / COLUMNS).collect();
    recency_frequency_matrix(model, age, AHEAD_DAYS, ((0..=10).collect(), silent))
}
