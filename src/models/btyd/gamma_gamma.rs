//! Gamma-Gamma: what an order is worth (Fader & Hardie 2013).
//!
//! Order values of a customer are Gamma(p, rate ν) around a mean of their own, ν ~ Gamma(q, rate v).
//! With *x* repeats of mean value *m*,
//!
//! ln L = lnΓ(px+q) − lnΓ(px) − lnΓ(q) + q ln v + (px−1) ln m + px ln x − (px+q) ln(xm+v).
//!
//! The model assumes that order value has nothing to do with the number of orders; the correlation
//! is told with every fit.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    FitReport, Warning,
    counts::{Counts, lines_between, starts_day},
    error::BtydError,
    fit::{Likelihood, maximise},
    holdout::correlation,
    optimise::Evaluation,
    parallel::sum_chunks,
    special::{digamma, ln_gamma},
};
use base::monitor::{Cancelled, Monitor};
use data::day::Day;
use data::orders::Orders;

/// Mean value of repeat purchases, customer by customer.
#[derive(Clone, Debug, PartialEq)]
pub struct RepeatSpend {
    /// Repeat purchase days of each of [`Counts::customers`].
    pub repeats: Vec<u32>,
    /// Mean net revenue of those days; 0 for customers without repeats.
    pub means: Vec<f64>,
}

impl RepeatSpend {
    /// Reads the mean net revenue of the purchase days after the first, up to the calibration end.
    #[must_use]
    pub fn from_orders(orders: &Orders, counts: &Counts) -> Self {
        let means = counts
            .customers
            .par_iter()
            .map(|&customer| mean_repeat_spend(orders, customer as usize, counts.calibration_end))
            .collect();
        Self {
            repeats: (0..counts.len())
                .map(|index| counts.history(index).repeats)
                .collect(),
            means,
        }
    }

    /// Customers with repeats that bring nothing or less than nothing: the model leaves them out.
    #[must_use]
    pub fn without_value(&self) -> usize {
        let pairs = self.repeats.iter().zip(&self.means);
        pairs.filter(|&(&x, &mean)| x > 0 && mean <= 0.0).count()
    }

    /// Pearson correlation of frequency and mean spend over the customers the model uses.
    #[must_use]
    pub fn correlation(&self) -> Option<f64> {
        let (repeats, means): (Vec<f64>, Vec<f64>) = self.spenders().unzip();
        correlation(&repeats, &means)
    }

    /// (x, mean) of the customers the model uses.
    fn spenders(&self) -> impl Iterator<Item = (f64, f64)> {
        let pairs = self.repeats.iter().zip(&self.means);
        pairs
            .filter(|&(&x, &mean)| x > 0 && mean > 0.0)
            .map(|(&x, &mean)| (f64::from(x), mean))
    }
}

fn mean_repeat_spend(orders: &Orders, customer: usize, calibration_end: Day) -> f64 {
    let lines = lines_between(orders, customer, Day::MIN, calibration_end);
    let (mut purchases, mut revenue) = (0u32, 0.0);
    let mut start = lines.start;
    for day in orders.days[lines].chunk_by(|a, b| a == b) {
        let lines = start..start + day.len();
        start = lines.end;
        if lines.clone().any(|line| starts_day(orders, line)) {
            purchases += 1;
            if purchases > 1 {
                revenue += lines.map(|line| orders.net(line)).sum::<f64>();
            }
        }
    }
    if purchases > 1 {
        revenue / f64::from(purchases - 1)
    } else {
        0.0
    }
}

/// A fitted Gamma-Gamma model; *v* is in the shop's currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GammaGamma {
    pub p: f64,
    pub q: f64,
    pub v: f64,
    /// Pearson correlation of frequency and mean spend; `None` when one of them does not vary.
    pub correlation: Option<f64>,
    /// Customers with repeats of no value, left out of the fit.
    pub left_out: usize,
    pub report: FitReport,
}

/// Fewer customers than this cannot carry three parameters.
const FEWEST_SPENDERS: usize = 10;
/// Correlations beyond this are worth a warning.
const NOTABLE_CORRELATION: f64 = 0.3;

impl GammaGamma {
    /// Fits the model to customers with repeats of positive mean value.
    ///
    /// # Errors
    /// [`BtydError::TooFewSpenders`], [`BtydError::NoStart`], [`BtydError::Cancelled`].
    pub fn fit(spend: &RepeatSpend, monitor: &Monitor) -> Result<Self, BtydError> {
        let spenders: Vec<(f64, f64)> = spend.spenders().collect();
        if spenders.len() < FEWEST_SPENDERS {
            return Err(BtydError::TooFewSpenders {
                found: spenders.len(),
                needed: FEWEST_SPENDERS,
            });
        }
        let likelihood = GammaGammaLikelihood::new(&spenders, monitor)?;
        let ([p, q, v], mut report) = maximise(&likelihood, monitor)?;
        let correlation = spend.correlation();
        if q <= 1.0 {
            report.warnings.push(Warning::NoPopulationMean { q });
        }
        if let Some(correlation) = correlation.filter(|c| c.abs() > NOTABLE_CORRELATION) {
            report
                .warnings
                .push(Warning::CorrelatedSpend { correlation });
        }
        Ok(Self {
            p,
            q,
            v,
            correlation,
            left_out: spend.without_value(),
            report,
        })
    }

    /// Mean order value over all customers, p v / (q − 1); `None` when q ≤ 1.
    #[must_use]
    pub fn population_mean(&self) -> Option<f64> {
        (self.q > 1.0).then(|| self.p * self.v / (self.q - 1.0))
    }

    /// Expected order value of a customer with `repeats` of mean value `mean`:
    /// p (v + x m) / (p x + q − 1), between the customer's own mean and that of all.
    ///
    /// Customers without usable repeats get the mean over all; `None` when that does not exist.
    #[must_use]
    pub fn expected_mean_spend(&self, repeats: u32, mean: f64) -> Option<f64> {
        if repeats == 0 || mean <= 0.0 {
            return self.population_mean();
        }
        let x = f64::from(repeats);
        let weight = self.p * x + self.q - 1.0;
        (weight > 0.0).then(|| self.p * (self.v + x * mean) / weight)
    }
}

struct GammaGammaLikelihood<'a> {
    spenders: &'a [(f64, f64)],
    /// (x, customers) for every x that occurs, ascending.
    by_repeats: Vec<(f64, f64)>,
    /// Σ ln m and Σ x ln m.
    ln_means: [f64; 2],
    typical_mean: f64,
}

impl<'a> GammaGammaLikelihood<'a> {
    fn new(spenders: &'a [(f64, f64)], monitor: &Monitor) -> Result<Self, Cancelled> {
        let mut repeats: Vec<f64> = spenders.iter().map(|&(x, _)| x).collect();
        repeats.sort_unstable_by(f64::total_cmp);
        let by_repeats = repeats
            .chunk_by(|a, b| a == b)
            .map(|run| (run[0], run.len() as f64))
            .collect();
        let ln_means = sum_chunks((spenders.len(), 4096), monitor, |range| {
            spenders[range]
                .iter()
                .fold([0.0; 2], |[sum, by_x], &(x, m)| {
                    let ln_m = m.ln();
                    [sum + ln_m, by_x + x * ln_m]
                })
        })?;
        Ok(Self {
            spenders,
            by_repeats,
            typical_mean: (ln_means[0] / spenders.len() as f64).exp(),
            ln_means,
        })
    }
}

impl Likelihood<3> for GammaGammaLikelihood<'_> {
    const MODEL: &'static str = "Gamma-Gamma";
    const NAMES: [&'static str; 3] = ["p", "q", "v"];

    fn customers(&self) -> usize {
        self.spenders.len()
    }

    fn starts(&self) -> Vec<[f64; 3]> {
        // v such that the mean over all customers is the typical one.
        let start = |p: f64, q: f64| [p, q, self.typical_mean * (q - 1.0) / p];
        vec![start(5.0, 3.5), start(1.0, 2.0), start(20.0, 5.0)]
    }

    fn evaluate(
        &self,
        &[p, q, v]: &[f64; 3],
        monitor: &Monitor,
    ) -> Result<Evaluation<3>, Cancelled> {
        let customers = self.spenders.len() as f64;
        let [sum_ln, sum_x_ln, sum_per, sum_x_per] =
            sum_chunks((self.spenders.len(), 4096), monitor, |range| {
                let mut sum = [0.0; 4];
                for &(x, mean) in &self.spenders[range] {
                    let total = x * mean + v;
                    let (ln_total, per_total) = (total.ln(), 1.0 / total);
                    sum[0] += ln_total;
                    sum[1] += x * ln_total;
                    sum[2] += per_total;
                    sum[3] += x * per_total;
                }
                sum
            })?;
        let [ln_mean, x_ln_mean] = self.ln_means;
        let mut value = customers * (q * v.ln() - ln_gamma(q)) + p * x_ln_mean
            - ln_mean
            - p * sum_x_ln
            - q * sum_ln;
        let mut by_p = x_ln_mean - sum_x_ln;
        let mut by_q = customers * (v.ln() - digamma(q)) - sum_ln;
        for &(x, customers) in &self.by_repeats {
            let (px, ln_x, both) = (p * x, x.ln(), digamma(p * x + q));
            value += customers * (ln_gamma(px + q) - ln_gamma(px) + px * ln_x);
            by_p += customers * x * (both - digamma(px) + ln_x);
            by_q += customers * both;
        }
        let by_v = customers * q / v - p * sum_x_per - q * sum_per;
        Ok(Evaluation {
            value,
            gradient: [by_p, by_q, by_v],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::btyd::fit::gradient_error;
    use data::orders::flag;

    #[test]
    fn gradient_agrees_with_finite_differences() {
        let spenders = [(1.0, 20.0), (2.0, 7.5), (40.0, 90.0), (3.0, 0.01)];
        let likelihood = GammaGammaLikelihood::new(&spenders, &Monitor::silent()).unwrap();
        for parameters in [[6.25, 3.74, 15.44], [0.5, 0.8, 300.0], [40.0, 12.0, 2.0]] {
            assert!(gradient_error(&likelihood, parameters) < 1e-9);
        }
    }

    #[test]
    fn likelihood_of_one_customer_by_hand() {
        // p = q = v = x = m = 1: lnΓ(2) − 3·lnΓ(1) − 2 ln 2 = −2 ln 2.
        let silent = Monitor::silent();
        let likelihood = GammaGammaLikelihood::new(&[(1.0, 1.0)], &silent).unwrap();
        let found = likelihood.evaluate(&[1.0; 3], &silent).unwrap().value;
        assert!((found + 2.0 * 2f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn mean_spend_leaves_out_the_first_day_and_nets_credits_of_a_purchase_day() {
        let start = flag::ORDER_START | flag::DAY_START;
        // Day 0: 100. Day 5: 30 + 10, less a credit of 4. Day 6: a credit alone. Day 9: 14. Day 20: later.
        let orders = Orders {
            customer_ids: std::iter::once("a").collect(),
            offsets: vec![0, 7],
            days: vec![0, 5, 5, 5, 6, 9, 20],
            amounts: vec![100.0, -4.0, 30.0, 10.0, -5.0, 14.0, 999.0],
            orders: (0..7).collect(),
            flags: vec![
                start,
                flag::CREDIT,
                start,
                flag::ORDER_START,
                flag::CREDIT,
                start,
                start,
            ],
            ..Orders::default()
        };
        let counts = Counts::from_orders(&orders, 10, &Monitor::silent()).unwrap();
        let spend = RepeatSpend::from_orders(&orders, &counts);
        assert_eq!(spend.repeats, [2]);
        assert_eq!(spend.means, [f64::midpoint(36.0, 14.0)]);
        assert_eq!(spend.without_value(), 0);
    }

    #[test]
    fn too_few_spenders_is_an_error() {
        let spend = RepeatSpend {
            repeats: vec![1, 0, 2],
            means: vec![5.0, 0.0, -1.0],
        };
        assert_eq!(spend.without_value(), 1);
        let error = GammaGamma::fit(&spend, &Monitor::silent()).unwrap_err();
        assert_eq!(
            error,
            BtydError::TooFewSpenders {
                found: 1,
                needed: FEWEST_SPENDERS
            }
        );
    }
}
