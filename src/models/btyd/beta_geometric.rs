//! BG/NBD (Fader, Hardie & Lee 2005) and MBG/NBD (Batislam, Denizel & Filiztekin 2007).
//!
//! A customer buys at a Poisson rate λ ~ Gamma(r, rate α) and may leave for good with probability
//! p ~ Beta(a, b) after a purchase. The two models differ in one thing only: in BG/NBD the first
//! purchase is no chance to leave, in MBG/NBD it is. With *k* chances so far (*x* or *x* + 1) both
//! likelihoods are
//!
//! L = Γ(r+x) αʳ / Γ(r) · B(a, b+k) / B(a, b) · \[ (α+T)^−(r+x) + \[k > 0\] · a / (b+k−1) · (α+tₓ)^−(r+x) \].

use super::{
    counts::Counts,
    fit::Likelihood,
    optimise::Evaluation,
    parallel::sum_chunks,
    special::{digamma, ln_gamma, softplus_and_sigmoid},
};
use base::monitor::{Cancelled, Monitor};

/// Parameters in one time unit, and whether the first purchase is a chance to leave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BetaGeometric {
    pub r: f64,
    pub alpha: f64,
    pub a: f64,
    pub b: f64,
    /// Chances to leave before the first repeat: 0 for BG/NBD, 1 for MBG/NBD.
    pub first_chance: u32,
}

impl BetaGeometric {
    /// Probability that a customer with `x` repeats, the last at `last`, is still there at `age`.
    pub fn probability_alive(&self, x: u32, last: f64, age: f64) -> f64 {
        let chances = f64::from(x + self.first_chance);
        if chances == 0.0 {
            return 1.0;
        }
        let shape = self.r + f64::from(x);
        let odds = (self.a / (self.b + chances - 1.0)).ln()
            + shape * ((self.alpha + age).ln() - (self.alpha + last).ln());
        softplus_and_sigmoid(-odds).1
    }

    /// Expected purchases in the `horizon` after `age` of a customer who is there at `age`.
    pub fn purchases_while_alive(&self, x: u32, age: f64, horizon: f64) -> f64 {
        let chances = f64::from(x + self.first_chance);
        let (shape, rate) = (self.r + f64::from(x), self.alpha + age);
        purchases_while_alive(shape, rate, (self.a, self.b + chances), horizon)
    }

    /// Expected repeat purchases of a new customer in the `time` after the first purchase.
    pub fn expected_from_first(&self, time: f64) -> f64 {
        self.probability_alive(0, 0.0, 0.0) * self.purchases_while_alive(0, 0.0, time)
    }
}

/// E\[(1 − e^(−λ p t)) / p\] for λ ~ Gamma(shape, rate) and p ~ Beta(a, b): purchases in `t` of a
/// customer who is there at its beginning.
///
/// The published formula with ₂F₁ subtracts nearly equal numbers and breaks down at a = 1 and
/// a + b + x = 1. This sums positive terms only: with *K* purchases wished for in `t` (negative
/// binomial), 1 + w + … + w^(K−1) are made, w = 1 − p, so the answer is E\[Σ_{j<K} E\[wʲ\]\] with
/// E\[wʲ\] = (b)ⱼ / (a+b)ⱼ.
fn purchases_while_alive(shape: f64, rate: f64, (a, b): (f64, f64), t: f64) -> f64 {
    const TOO_LARGE: f64 = 1e200;
    const MAX_TERMS: usize = 10_000_000;
    // An α of minutes comes out only where the data do not identify it, and matters only for who
    // first bought today. Purchases count by the day; without a floor the series would need 37 t / α terms.
    const LEAST_RATE: f64 = 1e-4;
    let z = t / (rate.max(LEAST_RATE * t) + t);
    let (mut weight, mut made, mut moment) = (1.0, 0.0, 1.0);
    let (mut total, mut sum) = (1.0, 0.0);
    for k in 0..MAX_TERMS {
        let k = k as f64;
        weight *= z * (shape + k) / (k + 1.0);
        made += moment;
        moment *= (b + k) / (a + b + k);
        total += weight;
        sum += weight * made;
        if weight > TOO_LARGE {
            weight /= TOO_LARGE;
            total /= TOO_LARGE;
            sum /= TOO_LARGE;
        }
        // What is left is below a geometric series.
        let ratio = (z * (shape + k + 1.0) / (k + 2.0)).max(z);
        if ratio < 1.0 {
            let rest = weight * ratio / (1.0 - ratio);
            if rest * (made + 1.0 / (1.0 - ratio)) <= 1e-16 * sum && rest <= 1e-16 * total {
                break;
            }
        }
    }
    sum / total
}

/// The likelihood of grouped histories.
pub(super) struct BetaGeometricLikelihood<'a, const FIRST_CHANCE: u32> {
    counts: &'a Counts,
    by_repeats: Vec<f64>,
    unit_days: f64,
    longest_days: u32,
}

impl<'a, const FIRST_CHANCE: u32> BetaGeometricLikelihood<'a, FIRST_CHANCE> {
    pub fn new(counts: &'a Counts, unit_days: f64) -> Self {
        let ages = counts.groups.iter().map(|group| group.age_days);
        Self {
            by_repeats: counts.by_repeats(),
            longest_days: ages.max().unwrap_or(0),
            counts,
            unit_days,
        }
    }

    /// The factors that depend on the number of repeats alone.
    fn of_repeats(&self, &[r, alpha, a, b]: &[f64; 4]) -> [f64; 5] {
        let (ln_alpha, ln_gamma_r, digamma_r) = (alpha.ln(), ln_gamma(r), digamma(r));
        let ln_beta = ln_gamma(a + b) - ln_gamma(b);
        let (digamma_ab, digamma_b) = (digamma(a + b), digamma(b));
        let mut sum = [0.0; 5];
        for (x, &customers) in self.by_repeats.iter().enumerate() {
            if customers == 0.0 {
                continue;
            }
            let chances = x as f64 + f64::from(FIRST_CHANCE);
            let shape = r + x as f64;
            let left = digamma(a + b + chances);
            let terms = [
                ln_gamma(shape) - ln_gamma_r + r * ln_alpha + ln_beta + ln_gamma(b + chances)
                    - ln_gamma(a + b + chances),
                digamma(shape) - digamma_r + ln_alpha,
                r / alpha,
                digamma_ab - left,
                digamma_ab - digamma_b + digamma(b + chances) - left,
            ];
            for (sum, term) in sum.iter_mut().zip(terms) {
                *sum += customers * term;
            }
        }
        sum
    }

    /// The bracket with the times, summed over the groups.
    fn of_times(
        &self,
        &[r, alpha, a, b]: &[f64; 4],
        monitor: &Monitor,
    ) -> Result<[f64; 5], Cancelled> {
        let ln_direct = |day: u32| (alpha + f64::from(day) / self.unit_days).ln();
        // One logarithm per day instead of two per group, where that is fewer.
        let table: Vec<f64> = if (self.longest_days as usize) < self.counts.groups.len() {
            (0..=self.longest_days).map(ln_direct).collect()
        } else {
            Vec::new()
        };
        let ln_shifted = |day: u32| {
            let known = table.get(day as usize).copied();
            known.unwrap_or_else(|| ln_direct(day))
        };
        let ln_odds: Vec<f64> = (0..self.by_repeats.len())
            .map(|x| (a / (b + x as f64 + f64::from(FIRST_CHANCE) - 1.0)).ln())
            .collect();
        let (groups, weights) = (&self.counts.groups, &self.counts.weights);
        sum_chunks((groups.len(), 4096), monitor, |range| {
            let mut sum = [0.0; 5];
            for (group, &customers) in groups[range.clone()].iter().zip(&weights[range]) {
                let shape = r + f64::from(group.repeats);
                let ln_age = ln_shifted(group.age_days);
                let per_age = 1.0 / (alpha + f64::from(group.age_days) / self.unit_days);
                let chances = group.repeats + FIRST_CHANCE;
                if chances == 0 {
                    sum[0] -= customers * shape * ln_age;
                    sum[1] -= customers * ln_age;
                    sum[2] -= customers * shape * per_age;
                    continue;
                }
                let ln_last = ln_shifted(group.last_days);
                let per_last = 1.0 / (alpha + f64::from(group.last_days) / self.unit_days);
                let odds = ln_odds[group.repeats as usize] + shape * (ln_age - ln_last);
                let (bracket, gone) = softplus_and_sigmoid(odds);
                sum[0] += customers * (bracket - shape * ln_age);
                sum[1] += customers * (gone * (ln_age - ln_last) - ln_age);
                sum[2] -= customers * shape * ((1.0 - gone) * per_age + gone * per_last);
                sum[3] += customers * gone / a;
                sum[4] -= customers * gone / (b + f64::from(chances) - 1.0);
            }
            sum
        })
    }
}

impl<const FIRST_CHANCE: u32> Likelihood<4> for BetaGeometricLikelihood<'_, FIRST_CHANCE> {
    const MODEL: &'static str = if FIRST_CHANCE == 0 {
        "BG/NBD"
    } else {
        "MBG/NBD"
    };
    const NAMES: [&'static str; 4] = ["r", "alpha", "a", "b"];

    fn customers(&self) -> usize {
        self.counts.len()
    }

    fn starts(&self) -> Vec<[f64; 4]> {
        let (repeats, age_days) = self.counts.means();
        // A rate a little above repeats ÷ age, because some have left.
        let pause = age_days.max(1.0) / self.unit_days / repeats / 1.5;
        vec![
            [0.5, 0.5 * pause, 0.7, 2.0],
            [1.0, pause, 0.2, 3.0],
            [0.2, 0.2 * pause, 2.0, 2.0],
            [4.0, 4.0 * pause, 0.5, 10.0],
        ]
    }

    fn evaluate(
        &self,
        parameters: &[f64; 4],
        monitor: &Monitor,
    ) -> Result<Evaluation<4>, Cancelled> {
        let repeats = self.of_repeats(parameters);
        let times = self.of_times(parameters, monitor)?;
        Ok(Evaluation {
            value: repeats[0] + times[0],
            gradient: std::array::from_fn(|i| repeats[i + 1] + times[i + 1]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::btyd::{counts::History, fit::gradient_error};

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs(),
            "found {found}, expected {expected}"
        );
    }

    pub fn counts() -> Counts {
        let history = |(repeats, last_days, age_days)| History {
            repeats,
            last_days,
            age_days,
        };
        let histories = [
            (0, 0, 0),
            (0, 0, 200),
            (1, 3, 272),
            (2, 213, 272),
            (18, 246, 251),
            (400, 700, 720),
            (400, 700, 1_500),
        ];
        Counts::from_histories(&histories.map(history), 0)
    }

    #[test]
    fn gradients_agree_with_finite_differences() {
        let counts = counts();
        for parameters in [
            [0.24, 4.4, 0.79, 2.4],
            [3.0, 0.2, 0.01, 40.0],
            [0.05, 30.0, 5.0, 0.3],
        ] {
            let bg = BetaGeometricLikelihood::<0>::new(&counts, 7.0);
            let mbg = BetaGeometricLikelihood::<1>::new(&counts, 7.0);
            assert!(gradient_error(&bg, parameters) < 1e-9);
            assert!(gradient_error(&mbg, parameters) < 1e-9);
        }
    }

    // Expected values: mpmath with 40 digits, the published formula with ₂F₁ (at a = 1 its limit).
    #[test]
    fn expectations_agree_with_the_published_formula() {
        for ((shape, rate, a, b, t), expected) in EXPECTATIONS {
            close(
                purchases_while_alive(shape, rate, (a, b), t),
                expected,
                2e-13,
            );
        }
    }

    #[test]
    fn the_first_purchase_is_a_chance_to_leave_in_one_model_only() {
        let bg = BetaGeometric {
            r: 0.24,
            alpha: 4.4,
            a: 0.79,
            b: 2.4,
            first_chance: 0,
        };
        assert_eq!(bg.probability_alive(0, 0.0, 100.0), 1.0);
        let mbg = BetaGeometric {
            first_chance: 1,
            ..bg
        };
        // b / (a + b)
        close(mbg.probability_alive(0, 0.0, 0.0), 2.4 / 3.19, 1e-14);
        assert!(mbg.probability_alive(0, 0.0, 100.0) < 2.4 / 3.19);
        assert!(mbg.expected_from_first(39.0) < bg.expected_from_first(39.0));
    }

    /// x, α + T, a, b, t and the expected purchases.
    type Expectation = ((f64, f64, f64, f64, f64), f64);

    const EXPECTATIONS: [Expectation; 8] = [
        ((0.25, 4.5, 0.75, 2.5, 39.0), 1.2501718692342807),
        ((18.25, 40.5, 0.75, 20.5, 39.0), 13.683526511848044),
        ((2.25, 43.0, 1.0, 4.5, 52.0), 2.0682557447113434),
        ((0.5, 10.0, 0.125, 0.25, 26.0), 0.968201327412942),
        ((400.5, 220.0, 0.75, 402.5, 52.0), 87.29836546584986),
        ((0.25, 0.03125, 3.0, 0.5, 104.0), 1.0725564915313723),
        ((5000.5, 100.0, 0.5, 5002.0, 500.0), 14497.204485546874),
        ((3.0, 25.0, 1e-06, 1000000.0, 30.0), 3.59999999999136),
    ];
}
