//! Pareto/NBD (Schmittlein, Morrison & Colombo 1987).
//!
//! A customer buys at a Poisson rate λ ~ Gamma(r, rate α) during a lifetime that is exponential with
//! rate μ ~ Gamma(s, rate β). Integrated over both rates,
//!
//! L = Γ(r+x) αʳ βˢ / Γ(r) · \[ (α+T)^−(r+x) (β+T)^−s + s ∫ₜₓᵀ (α+u)^−(r+x) (β+u)^−(s+1) du \].
//!
//! The literature writes the integral as a difference of two ₂F₁, which cancels and overflows. Here
//! it stays an integral of a positive, smooth function: over v = ln(u + min(α, β)) it is nearly
//! exponential, so Gauss–Legendre with 16 or 32 nodes is good to rounding error, and the derivatives
//! are averages over the same nodes.

use std::sync::LazyLock;

use super::{
    counts::{Counts, History},
    fit::Likelihood,
    optimise::Evaluation,
    parallel::sum_chunks,
    special::{GaussLegendre, digamma, ln_gamma, relative_saturation, softplus_and_sigmoid},
};
use base::monitor::{Cancelled, Monitor};

/// Parameters in one time unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ParetoNbd {
    pub r: f64,
    pub alpha: f64,
    pub s: f64,
    pub beta: f64,
}

impl ParetoNbd {
    /// Probability that a customer with `x` repeats, the last at `last`, is still there at `age`.
    pub fn probability_alive(&self, x: u32, last: f64, age: f64) -> f64 {
        let gone = self.departure(x, last, age);
        softplus_and_sigmoid(-gone.ln_odds).1
    }

    /// Expected purchases in the `horizon` after `age` of a customer who is there at `age`.
    pub fn purchases_while_alive(&self, x: u32, age: f64, horizon: f64) -> f64 {
        let remaining = self.beta + age;
        let growth = (horizon / remaining).ln_1p();
        let rate = (self.r + f64::from(x)) / (self.alpha + age);
        // (1 − e^(−(s−1) growth)) / (s − 1), also at s = 1.
        rate * remaining * growth * relative_saturation((self.s - 1.0) * growth)
    }

    /// Probability that a customer who is there at `age` buys nothing in the `horizon` after it:
    /// stays without buying, or leaves at some time u without having bought until then,
    ///
    /// (A/(A+h))^(r+x) (B/(B+h))^s + ∫₀ʰ (A/(A+u))^(r+x) s Bˢ (B+u)^−(s+1) du,
    ///
    /// with A = α + age, B = β + age. Over t with B + u = B (1 + h/B)ᵗ the integrand is smooth.
    pub fn no_purchase_while_alive(&self, x: u32, age: f64, horizon: f64) -> f64 {
        let shape = self.r + f64::from(x);
        let (buys, leaves) = (self.alpha + age, self.beta + age);
        let growth = (horizon / leaves).ln_1p();
        let silent = |until: f64| -shape * (until / buys).ln_1p();
        let stays = (silent(horizon) - self.s * growth).exp();
        let goes: f64 = (RULES.long.nodes.iter())
            .map(|&(node, weight)| {
                let way = 0.5 * (node + 1.0) * growth;
                0.5 * weight * (silent(leaves * way.exp_m1()) - self.s * way).exp()
            })
            .sum();
        stays + self.s * growth * goes
    }

    /// Odds of having left between `last` and `age`, and averages over the time of leaving.
    fn departure(&self, x: u32, last: f64, age: f64) -> Departure {
        if age <= last {
            return Departure::NEVER;
        }
        let shape = self.r + f64::from(x);
        let shift = self.alpha.min(self.beta);
        let integrand = Integrand {
            shape,
            s: self.s,
            // One of the two is 0.
            alpha_excess: self.alpha - shift,
            beta_excess: self.beta - shift,
        };
        let low = (last + shift).ln();
        let (high, drop) = integrand.upper_limit(low, (age + shift).ln());
        let nodes = RULES.nodes(high - low, drop);
        let (half, middle) = (0.5 * (high - low), f64::midpoint(high, low));
        let peak = integrand.ln_value(low).max(integrand.ln_value(high));
        let mut sum = [0.0; 5];
        for &(node, weight) in nodes {
            let point = integrand.at(middle + half * node);
            let mass = weight * (point.ln_value - peak).exp();
            sum[0] += mass;
            sum[1] += mass * point.ln_alpha;
            sum[2] += mass * point.ln_beta;
            sum[3] += mass * point.per_alpha;
            sum[4] += mass * point.per_beta;
        }
        let ln_stay = -shape * (self.alpha + age).ln() - self.s * (self.beta + age).ln();
        Departure {
            ln_odds: self.s.ln() + (sum[0] * half).ln() + peak - ln_stay,
            ln_alpha: sum[1] / sum[0],
            ln_beta: sum[2] / sum[0],
            per_alpha: sum[3] / sum[0],
            per_beta: sum[4] / sum[0],
        }
    }
}

/// The odds of having left, and averages over when: of ln(α+u), ln(β+u) and their reciprocals.
struct Departure {
    ln_odds: f64,
    ln_alpha: f64,
    ln_beta: f64,
    per_alpha: f64,
    per_beta: f64,
}

impl Departure {
    const NEVER: Self = Self {
        ln_odds: f64::NEG_INFINITY,
        ln_alpha: 0.0,
        ln_beta: 0.0,
        per_alpha: 0.0,
        per_beta: 0.0,
    };
}

/// (α+u)^−shape (β+u)^−(s+1) du/dv with eᵛ = u + min(α, β).
struct Integrand {
    shape: f64,
    s: f64,
    alpha_excess: f64,
    beta_excess: f64,
}

struct Point {
    ln_value: f64,
    ln_alpha: f64,
    ln_beta: f64,
    per_alpha: f64,
    per_beta: f64,
}

impl Integrand {
    fn at(&self, v: f64) -> Point {
        let e = v.exp();
        let ln_of = |excess: f64| if excess == 0.0 { v } else { (e + excess).ln() };
        let (ln_alpha, ln_beta) = (ln_of(self.alpha_excess), ln_of(self.beta_excess));
        Point {
            ln_value: v - self.shape * ln_alpha - (self.s + 1.0) * ln_beta,
            ln_alpha,
            ln_beta,
            per_alpha: 1.0 / (e + self.alpha_excess),
            per_beta: 1.0 / (e + self.beta_excess),
        }
    }

    fn ln_value(&self, v: f64) -> f64 {
        self.at(v).ln_value
    }

    fn slope(&self, v: f64) -> f64 {
        let e = v.exp();
        1.0 - self.shape * e / (e + self.alpha_excess) - (self.s + 1.0) * e / (e + self.beta_excess)
    }

    /// Where to stop: `high`, or earlier where the integrand has become negligible; and how far its
    /// logarithm drops until there.
    ///
    /// The logarithm is concave in v, so Newton's method from the right stays right of the level.
    fn upper_limit(&self, low: f64, high: f64) -> (f64, f64) {
        const NEGLIGIBLE: f64 = 38.0;
        let start = self.ln_value(low);
        let mut limit = high;
        let mut drop = start - self.ln_value(limit);
        for _ in 0..30 {
            if drop <= NEGLIGIBLE * 1.05 {
                break;
            }
            limit = (limit + (drop - NEGLIGIBLE) / self.slope(limit)).max(low);
            drop = start - self.ln_value(limit);
        }
        (limit, drop)
    }
}

/// The two quadrature rules.
struct Rules {
    short: GaussLegendre,
    long: GaussLegendre,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules {
    short: GaussLegendre::new(16),
    long: GaussLegendre::new(32),
});

impl Rules {
    fn nodes(&self, length: f64, drop: f64) -> &[(f64, f64)] {
        if length <= 3.0 && drop.abs() <= 16.0 {
            &self.short.nodes
        } else {
            &self.long.nodes
        }
    }
}

/// The likelihood of grouped histories.
pub(super) struct ParetoNbdLikelihood<'a> {
    counts: &'a Counts,
    by_repeats: Vec<f64>,
    unit_days: f64,
}

impl<'a> ParetoNbdLikelihood<'a> {
    pub fn new(counts: &'a Counts, unit_days: f64) -> Self {
        Self {
            by_repeats: counts.by_repeats(),
            counts,
            unit_days,
        }
    }

    /// The factors before the bracket.
    fn of_repeats(&self, model: &ParetoNbd) -> [f64; 5] {
        let ParetoNbd { r, alpha, s, beta } = *model;
        let customers = self.counts.len() as f64;
        let mut value = customers * (r * alpha.ln() + s * beta.ln() - ln_gamma(r));
        let mut by_r = customers * (alpha.ln() - digamma(r));
        for (x, &customers) in self.by_repeats.iter().enumerate() {
            if customers > 0.0 {
                value += customers * ln_gamma(r + x as f64);
                by_r += customers * digamma(r + x as f64);
            }
        }
        [
            value,
            by_r,
            customers * r / alpha,
            customers * beta.ln(),
            customers * s / beta,
        ]
    }

    /// The logarithm of the bracket for one history, and its gradient.
    fn of_times(&self, model: &ParetoNbd, history: &History) -> [f64; 5] {
        let last = f64::from(history.last_days) / self.unit_days;
        let age = f64::from(history.age_days) / self.unit_days;
        let departure = model.departure(history.repeats, last, age);
        let (bracket, gone) = softplus_and_sigmoid(departure.ln_odds);
        let stays = 1.0 - gone;
        let shape = model.r + f64::from(history.repeats);
        let (alpha, beta, s) = (model.alpha + age, model.beta + age, model.s);
        [
            bracket - shape * alpha.ln() - s * beta.ln(),
            -stays * alpha.ln() - gone * departure.ln_alpha,
            -shape * (stays / alpha + gone * departure.per_alpha),
            -stays * beta.ln() + gone * (1.0 / s - departure.ln_beta),
            -stays * s / beta - gone * (s + 1.0) * departure.per_beta,
        ]
    }
}

impl Likelihood<4> for ParetoNbdLikelihood<'_> {
    const MODEL: &'static str = "Pareto/NBD";
    const NAMES: [&'static str; 4] = ["r", "alpha", "s", "beta"];

    fn customers(&self) -> usize {
        self.counts.len()
    }

    fn starts(&self) -> Vec<[f64; 4]> {
        let (repeats, age_days) = self.counts.means();
        let age = age_days.max(1.0) / self.unit_days;
        let pause = age / repeats / 1.5;
        vec![
            [0.6, 0.6 * pause, 0.6, 0.5 * age],
            [1.0, pause, 1.0, 2.0 * age],
            [0.2, 0.2 * pause, 0.2, 0.1 * age],
            [4.0, 4.0 * pause, 2.0, age],
        ]
    }

    fn evaluate(
        &self,
        &[r, alpha, s, beta]: &[f64; 4],
        monitor: &Monitor,
    ) -> Result<Evaluation<4>, Cancelled> {
        let model = ParetoNbd { r, alpha, s, beta };
        let (groups, weights) = (&self.counts.groups, &self.counts.weights);
        let times = sum_chunks((groups.len(), 256), monitor, |range| {
            let mut sum = [0.0; 5];
            for (group, &customers) in groups[range.clone()].iter().zip(&weights[range]) {
                let terms = self.of_times(&model, group);
                for (sum, term) in sum.iter_mut().zip(terms) {
                    *sum += customers * term;
                }
            }
            sum
        })?;
        let repeats = self.of_repeats(&model);
        Ok(Evaluation {
            value: repeats[0] + times[0],
            gradient: std::array::from_fn(|i| repeats[i + 1] + times[i + 1]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::btyd::fit::gradient_error;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs(),
            "found {found}, expected {expected}"
        );
    }

    fn likelihood_of(history: (u32, u32, u32), parameters: [f64; 4]) -> (f64, f64) {
        let (repeats, last_days, age_days) = history;
        let history = History {
            repeats,
            last_days,
            age_days,
        };
        let counts = Counts::from_histories(&[history], 0);
        let likelihood = ParetoNbdLikelihood::new(&counts, 7.0);
        (
            likelihood
                .evaluate(&parameters, &Monitor::silent())
                .unwrap()
                .value,
            gradient_error(&likelihood, parameters),
        )
    }

    // Expected values: mpmath with 40 digits, log-likelihood from the published formula with ₂F₁.
    #[test]
    fn likelihood_agrees_with_the_published_formula_and_gradients_with_differences() {
        for (history, parameters, expected) in LIKELIHOODS {
            let (found, gradient_error) = likelihood_of(history, parameters);
            close(found, expected, 1e-12);
            assert!(
                gradient_error < 1e-8,
                "{history:?} {parameters:?}: {gradient_error}"
            );
        }
    }

    #[test]
    fn expectation_is_continuous_where_the_formula_is_not() {
        let model = |s| ParetoNbd {
            r: 0.5,
            alpha: 10.0,
            s,
            beta: 11.0,
        };
        // s = 2, T = 4, t = 15: (r+x)(β+T)/(α+T) · (1 − 15/30) = 2.5 · 15 / 14 · 0.5.
        close(
            model(2.0).purchases_while_alive(2, 4.0, 15.0),
            2.5 * 15.0 / 14.0 * 0.5,
            1e-15,
        );
        // s = 1: the limit is (r+x)(β+T)/(α+T) · ln 2.
        close(
            model(1.0).purchases_while_alive(2, 4.0, 15.0),
            2.5 * 15.0 / 14.0 * 2f64.ln(),
            1e-15,
        );
    }

    #[test]
    fn who_bought_today_is_there() {
        let model = ParetoNbd {
            r: 0.5,
            alpha: 10.0,
            s: 0.6,
            beta: 11.0,
        };
        assert_eq!(model.probability_alive(3, 20.0, 20.0), 1.0);
        let (soon, late) = (
            model.probability_alive(3, 20.0, 24.0),
            model.probability_alive(3, 20.0, 240.0),
        );
        assert!(1.0 > soon && soon > late && late > 0.0);
        // Thousands of purchases and then decades of silence: 0, not NaN.
        assert_eq!(model.probability_alive(5_000, 100.0, 2_000.0), 0.0);
    }

    /// `(x, t_x, T)`, `(r, α, s, β)` and the log-likelihood.
    type Case = ((u32, u32, u32), [f64; 4], f64);

    const LIKELIHOODS: [Case; 28] = [
        ((0, 0, 200), [0.55, 10.5, 0.6, 11.5], -0.4778053009858288),
        ((0, 0, 200), [0.25, 40.0, 3.0, 0.5], -0.001541108559420268),
        ((0, 0, 200), [3.0, 0.03125, 0.125, 50.0], -10.15101454088356),
        ((0, 0, 200), [2.0, 5.0, 20.0, 500.0], -1.943151631039117),
        ((1, 3, 272), [0.55, 10.5, 0.6, 11.5], -4.248421223588264),
        ((1, 3, 272), [0.25, 40.0, 3.0, 0.5], -6.959439305739072),
        (
            (1, 3, 272),
            [3.0, 0.03125, 0.125, 50.0],
            -14.072526179075389,
        ),
        ((1, 3, 272), [2.0, 5.0, 20.0, 500.0], -3.56554571623679),
        ((2, 213, 272), [0.55, 10.5, 0.6, 11.5], -9.555711136522175),
        ((2, 213, 272), [0.25, 40.0, 3.0, 0.5], -22.363893731149393),
        (
            (2, 213, 272),
            [3.0, 0.03125, 0.125, 50.0],
            -26.26371745942752,
        ),
        ((2, 213, 272), [2.0, 5.0, 20.0, 500.0], -11.14608913627459),
        ((18, 246, 251), [0.55, 10.5, 0.6, 11.5], -36.102287762817625),
        ((18, 246, 251), [0.25, 40.0, 3.0, 0.5], -57.939664701929594),
        (
            (18, 246, 251),
            [3.0, 0.03125, 0.125, 50.0],
            -44.009714905276354,
        ),
        ((18, 246, 251), [2.0, 5.0, 20.0, 500.0], -32.99614948237566),
        ((400, 700, 720), [0.55, 10.5, 0.6, 11.5], 106.17011026723543),
        ((400, 700, 720), [0.25, 40.0, 3.0, 0.5], -2.7078029015820526),
        (
            (400, 700, 720),
            [3.0, 0.03125, 0.125, 50.0],
            136.82621731516525,
        ),
        ((400, 700, 720), [2.0, 5.0, 20.0, 500.0], 130.42684291546018),
        (
            (400, 700, 1500),
            [0.55, 10.5, 0.6, 11.5],
            106.14634722553818,
        ),
        (
            (400, 700, 1500),
            [0.25, 40.0, 3.0, 0.5],
            -2.7345694047899687,
        ),
        (
            (400, 700, 1500),
            [3.0, 0.03125, 0.125, 50.0],
            136.7710149524942,
        ),
        ((400, 700, 1500), [2.0, 5.0, 20.0, 500.0], 130.4247034860705),
        ((30, 30, 3000), [0.55, 10.5, 0.6, 11.5], -12.55653254769237),
        ((30, 30, 3000), [0.25, 40.0, 3.0, 0.5], -50.51208957901553),
        (
            (30, 30, 3000),
            [3.0, 0.03125, 0.125, 50.0],
            14.113334137872707,
        ),
        ((30, 30, 3000), [2.0, 5.0, 20.0, 500.0], 5.383419015532213),
    ];
}
