//! Maximum likelihood on log-parameters: what was found, how sure it is, and what to be wary of.

use serde::{Deserialize, Serialize};

use super::{
    error::BtydError,
    optimise::{self, Evaluation, Optimum, Spectrum},
};
use base::monitor::{Cancelled, Monitor};

/// A fitted parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Name in the literature: `r`, `alpha`, `a`, `b`, `s`, `beta`, `p`, `q`, `v`.
    pub name: String,
    pub value: f64,
    /// From the observed information; `None` where the likelihood is flat.
    pub standard_error: Option<f64>,
}

/// What a reader of the parameters must know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Warning {
    /// The search stopped before the likelihood was flat.
    NotConverged {
        iterations: usize,
        gradient_norm: f64,
    },
    /// The data say little or nothing about the parameter.
    NotIdentified { parameter: String, value: f64 },
    /// q ≤ 1 in the Gamma-Gamma model: the mean over all customers does not exist.
    NoPopulationMean { q: f64 },
    /// Order value goes with the number of orders, which the Gamma-Gamma model denies.
    CorrelatedSpend { correlation: f64 },
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotConverged {
                iterations,
                gradient_norm,
            } => write!(
                f,
                "the search stopped after {iterations} iterations with a gradient of {gradient_norm:.1e}: the parameters may not be the best ones"
            ),
            Self::NotIdentified { parameter, value } => write!(
                f,
                "{parameter} = {value:.3e} is not identified: the data fit a wide range of it equally well, so do not read it as a finding (predictions may still be sound)"
            ),
            Self::NoPopulationMean { q } => write!(
                f,
                "q = {q:.3} is not above 1: the mean order value over all customers does not exist, so customers without repeats get none"
            ),
            Self::CorrelatedSpend { correlation } => write!(
                f,
                "frequency and mean spend are correlated ({correlation:.2}); the spend model assumes they are not, so the value of frequent customers is off"
            ),
        }
    }
}

/// The outcome of a fit, whatever the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FitReport {
    pub estimates: Vec<Estimate>,
    /// In the time unit of the parameters; a constant that depends on the data alone is kept, so
    /// that models are comparable.
    pub log_likelihood: f64,
    /// Akaike's criterion: 2 · parameters − 2 · log-likelihood; smaller is better.
    pub aic: f64,
    pub customers: usize,
    pub iterations: usize,
    /// Evaluations of likelihood and gradient, all starting points together.
    pub evaluations: usize,
    /// Largest derivative of the log-likelihood per customer by a log-parameter.
    pub gradient_norm: f64,
    pub converged: bool,
    pub warnings: Vec<Warning>,
}

impl FitReport {
    /// Value of the parameter with this name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<f64> {
        let mut estimates = self.estimates.iter();
        estimates.find(|e| e.name == name).map(|e| e.value)
    }
}

/// A log-likelihood with `N` positive parameters.
pub(super) trait Likelihood<const N: usize> {
    const MODEL: &'static str;
    const NAMES: [&'static str; N];

    /// Customers that enter.
    fn customers(&self) -> usize;

    /// Parameters to begin from, the most promising first; the first also says what size of each
    /// parameter is ordinary, so that currency and time unit do not matter.
    fn starts(&self) -> Vec<[f64; N]>;

    /// Log-likelihood of all customers and its gradient by the parameters themselves.
    ///
    /// # Errors
    /// [`Cancelled`].
    fn evaluate(
        &self,
        parameters: &[f64; N],
        monitor: &Monitor,
    ) -> Result<Evaluation<N>, Cancelled>;
}

/// Beyond e^±LIMIT times its ordinary size a parameter is as good as 0 or ∞.
const LIMIT: f64 = 30.0;

/// Maximises the likelihood; further starting points are tried until one ends in a proper maximum.
pub(super) fn maximise<const N: usize, L: Likelihood<N>>(
    likelihood: &L,
    monitor: &Monitor,
) -> Result<([f64; N], FitReport), BtydError> {
    let customers = likelihood.customers() as f64;
    let starts = likelihood.starts();
    let ordinary = starts.first().map_or([0.0; N], |start| start.map(f64::ln));
    // Per customer and by log-parameter: then gradient and curvature are of order 1.
    let mut objective = |logs: &[f64; N]| {
        monitor.check()?;
        if (0..N).any(|i| (logs[i] - ordinary[i]).abs() > LIMIT) {
            return Ok(Evaluation::OUTSIDE);
        }
        let parameters = logs.map(f64::exp);
        let found = likelihood.evaluate(&parameters, monitor)?;
        Ok(Evaluation {
            value: -found.value / customers,
            gradient: std::array::from_fn(|i| -found.gradient[i] * parameters[i] / customers),
        })
    };
    let told = |iteration: usize| {
        monitor.progress(format!("Fitting {}", L::MODEL), iteration as u64, 0);
    };
    let mut best: Option<Optimum<N>> = None;
    let mut evaluations = 0;
    for start in starts {
        let Some(found) = optimise::minimise(start.map(f64::ln), &mut objective, &told)? else {
            continue;
        };
        evaluations += found.evaluations;
        let proper = found.converged && Spectrum::of(&found.hessian).is_definite();
        if best.as_ref().is_none_or(|best| found.value < best.value) {
            best = Some(found);
        }
        if proper {
            break;
        }
    }
    let best = best.ok_or(BtydError::NoStart { model: L::MODEL })?;
    let mut report = report(&best, L::NAMES, &ordinary, likelihood.customers());
    report.evaluations = evaluations;
    Ok((best.point.map(f64::exp), report))
}

/// Standard errors of the log-parameters from the observed information; `None` for parameters the
/// likelihood does not tell.
fn log_errors<const N: usize>(hessian: &optimise::Matrix<N>, customers: usize) -> [Option<f64>; N] {
    // Information below which a direction is flat: its standard error is above 4, a factor of 55.
    const LEAST_INFORMATION: f64 = 1.0 / 16.0;
    // Share of a flat direction from which on a parameter is part of it.
    const PART: f64 = 0.2;
    let spectrum = Spectrum::of(hessian);
    let mut variances = [Some(0.0); N];
    for (curvature, vector) in spectrum.values.iter().zip(&spectrum.vectors) {
        let information = curvature * customers as f64;
        let flat = information.is_nan() || information < LEAST_INFORMATION;
        for (variance, part) in variances.iter_mut().zip(vector) {
            if !flat {
                *variance = variance.map(|sum| sum + part * part / information);
            } else if part.abs() > PART || part.is_nan() {
                *variance = None;
            }
        }
    }
    variances.map(|variance| variance.map(f64::sqrt))
}

fn report<const N: usize>(
    found: &Optimum<N>,
    names: [&str; N],
    ordinary: &[f64; N],
    customers: usize,
) -> FitReport {
    // A 95 % interval from a seventh to seven times the value: the data hardly speak.
    const WIDEST_LOG_ERROR: f64 = 1.0;
    // Beyond a factor of 60,000 a parameter has run away to 0 or ∞.
    const FARTHEST_LOG: f64 = 11.0;
    let errors = log_errors(&found.hessian, customers);
    let mut warnings = Vec::new();
    if !found.converged {
        warnings.push(Warning::NotConverged {
            iterations: found.iterations,
            gradient_norm: found.gradient_norm,
        });
    }
    let mut estimates = Vec::with_capacity(N);
    for (i, name) in names.into_iter().enumerate() {
        let value = found.point[i].exp();
        let identified = errors[i].is_some_and(|error| error <= WIDEST_LOG_ERROR)
            && (found.point[i] - ordinary[i]).abs() < FARTHEST_LOG;
        if !identified {
            warnings.push(Warning::NotIdentified {
                parameter: name.to_owned(),
                value,
            });
        }
        estimates.push(Estimate {
            name: name.to_owned(),
            value,
            // At the maximum the gradient vanishes, so the information carries over by the chain rule.
            standard_error: errors[i].map(|error| value * error),
        });
    }
    let log_likelihood = -found.value * customers as f64;
    FitReport {
        estimates,
        log_likelihood,
        aic: 2.0 * N as f64 - 2.0 * log_likelihood,
        customers,
        iterations: found.iterations,
        evaluations: found.evaluations,
        gradient_norm: found.gradient_norm,
        converged: found.converged,
        warnings,
    }
}

/// Largest relative difference between the analytic gradient and central differences, for tests.
#[cfg(test)]
pub(super) fn gradient_error<const N: usize>(
    likelihood: &impl Likelihood<N>,
    parameters: [f64; N],
) -> f64 {
    let at = |parameters: &[f64; N]| {
        let found = likelihood.evaluate(parameters, &Monitor::silent());
        found.expect("never cancelled")
    };
    let analytic = at(&parameters);
    let mut worst = 0.0f64;
    for i in 0..N {
        // Fourth order: (8 (f₁ − f₋₁) − (f₂ − f₋₂)) / 12 h.
        let h = parameters[i] * 1e-3;
        let value = |steps: f64| {
            let mut shifted = parameters;
            shifted[i] += steps * h;
            at(&shifted).value
        };
        let slope = (8.0 * (value(1.0) - value(-1.0)) - (value(2.0) - value(-2.0))) / (12.0 * h);
        worst = worst.max((slope - analytic.gradient[i]).abs() / (1.0 + slope.abs()));
    }
    worst
}
