//! Errors of predicted values.

use super::{Scored, mean, ranking::mean_ranks, ratio};

/// Mean |predicted − actual|, in the unit of the target.
#[must_use]
pub fn mae(scored: Scored<'_>) -> f64 {
    scored.pairs().map(|(a, p)| (p - a).abs()).sum::<f64>() / scored.len() as f64
}

/// √ mean (predicted − actual)², in the unit of the target.
#[must_use]
pub fn rmse(scored: Scored<'_>) -> f64 {
    let squares: f64 = scored.pairs().map(|(a, p)| (p - a) * (p - a)).sum();
    (squares / scored.len() as f64).sqrt()
}

/// R² = 1 − Σ(actual − predicted)² ÷ Σ(actual − mean)²; `None` when nothing varies.
#[must_use]
pub fn r2(scored: Scored<'_>) -> Option<f64> {
    let mean = mean(scored.actual().iter().copied())?;
    let total: f64 = scored.pairs().map(|(a, _)| (a - mean) * (a - mean)).sum();
    let left: f64 = scored.pairs().map(|(a, p)| (a - p) * (a - p)).sum();
    ratio(left, total).map(|share| 1.0 - share)
}

/// Aggregate bias Σ predicted ÷ Σ actual; 1 is right on the whole. `None` when nothing was sold.
#[must_use]
pub fn bias(scored: Scored<'_>) -> Option<f64> {
    ratio(
        scored.predicted().iter().sum(),
        scored.actual().iter().sum(),
    )
}

/// Spearman's ρ: Pearson correlation of the ranks, equal values sharing their mean rank. `None` when
/// one side does not vary.
#[must_use]
pub fn spearman(scored: Scored<'_>) -> Option<f64> {
    let (x, y) = (mean_ranks(scored.actual()), mean_ranks(scored.predicted()));
    // Ranks average (n + 1) / 2 whatever the ties.
    let middle = f64::midpoint(scored.len() as f64, 1.0);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in x.into_iter().zip(y) {
        let (a, b) = (a - middle, b - middle);
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    ratio(xy, (xx * yy).sqrt())
}

/// Mean Tweedie deviance for a variance power 1 < p < 2 (Jørgensen 1987):
/// 2 · mean [ y²⁻ᵖ/((1−p)(2−p)) − y·μ¹⁻ᵖ/(1−p) + μ²⁻ᵖ/(2−p) ].
///
/// `None` for another power, a negative actual value or a prediction that is not positive: the
/// deviance is not defined there.
#[must_use]
pub fn tweedie_deviance(scored: Scored<'_>, power: f64) -> Option<f64> {
    let defined = power > 1.0
        && power < 2.0
        && scored
            .pairs()
            .all(|(actual, predicted)| actual >= 0.0 && predicted > 0.0);
    let (below, above) = (1.0 - power, 2.0 - power);
    let unit = |(y, mu): (f64, f64)| {
        y.powf(above) / (below * above) - y * mu.powf(below) / below + mu.powf(above) / above
    };
    defined.then(|| 2.0 * scored.pairs().map(unit).sum::<f64>() / scored.len() as f64)
}

/// D²: share of the Tweedie deviance explained, 1 − deviance ÷ deviance of predicting the mean.
#[must_use]
pub fn tweedie_d2(scored: Scored<'_>, power: f64) -> Option<f64> {
    let mean = mean(scored.actual().iter().copied())?;
    let constant = vec![mean; scored.len()];
    let null = Scored::new(scored.actual(), &constant).ok()?;
    ratio(
        tweedie_deviance(scored, power)?,
        tweedie_deviance(null, power)?,
    )
    .map(|share| 1.0 - share)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTUAL: [f64; 6] = [0.0, 12.5, 3.0, 0.0, 40.0, 7.25];
    const PREDICTED: [f64; 6] = [1.0, 10.0, 3.0, 0.5, 22.0, 9.0];

    fn scored() -> Scored<'static> {
        Scored::new(&ACTUAL, &PREDICTED).unwrap()
    }

    fn close(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() < 1e-12,
            "{found} instead of {expected}"
        );
    }

    /// Expected: scikit-learn 1.9.1 (`mean_absolute_error`, `root_mean_squared_error`, `r2_score`,
    /// `mean_tweedie_deviance`, `d2_tweedie_score`) and scipy 1.17.1 (`spearmanr`).
    #[test]
    fn agrees_with_scikit_learn() {
        close(mae(scored()), 3.9583333333333335);
        close(rmse(scored()), 7.467289780547335);
        close(r2(scored()).unwrap(), 0.7119694374445111);
        close(spearman(scored()).unwrap(), 0.9856107606091624);
        close(tweedie_deviance(scored(), 1.5).unwrap(), 1.5679995584042785);
        close(tweedie_deviance(scored(), 1.2).unwrap(), 1.7748948930896207);
        close(tweedie_d2(scored(), 1.5).unwrap(), 0.7702625552661031);
        close(bias(scored()).unwrap(), 45.5 / 62.75);
    }

    #[test]
    fn what_is_not_defined_is_none() {
        let constant = Scored::new(&[2.0, 2.0], &[1.0, 2.0]).unwrap();
        assert_eq!((r2(constant), spearman(constant)), (None, None));
        let nothing = Scored::new(&[0.0, 0.0], &[1.0, 2.0]).unwrap();
        assert_eq!(bias(nothing), None);
        let zero = Scored::new(&[0.0, 1.0], &[0.0, 2.0]).unwrap();
        assert_eq!(tweedie_deviance(zero, 1.5), None);
        let returned = Scored::new(&[-1.0, 1.0], &[1.0, 2.0]).unwrap();
        assert_eq!(tweedie_deviance(returned, 1.5), None);
        assert_eq!(tweedie_deviance(scored(), 2.0), None);
    }
}
