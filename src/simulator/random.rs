//! Random draws that are the same on every machine.
//!
//! A small `SplitMix64` generator (Steele, Lea & Flood 2014) with keyed streams: a draw depends only
//! on the seed, the purpose and the number of the customer or order it is for, so blocks can be
//! simulated in parallel and in any order. Logarithms and powers come from the `libm` crate, because
//! the platform's own may differ in the last bit.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a stream of draws is for; streams of different purposes are independent.
#[derive(Clone, Copy)]
pub enum Purpose {
    Person = 1,
    Order = 2,
    Id = 3,
    Catalogue = 4,
    Pilot = 5,
    /// Which customers a bootstrap draws again.
    Bootstrap = 6,
    /// Who stays in a control group.
    Control = 7,
    /// What a customer may do next.
    Future = 8,
    /// What became of an order that a shop system exports.
    Sale = 9,
    /// What a mangled shop is like, and what was done to it.
    Mangle = 10,
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

pub struct Rng(u64);

impl Rng {
    /// The stream for one purpose and one number (customer, order…).
    pub fn new(seed: u64, purpose: Purpose, number: u64) -> Self {
        let purpose = mix(seed.wrapping_add((purpose as u64).wrapping_mul(GOLDEN)));
        Self(mix(purpose ^ number.wrapping_mul(GOLDEN)))
    }

    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// Uniform in the open interval (0, 1): safe to take the logarithm of.
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        ((self.next_u64() >> 11) as f64 + 0.5) * STEP
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Whole number in `0..count`.
    pub fn below(&mut self, count: usize) -> usize {
        ((self.uniform() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// Index drawn in proportion to the weights, which need not sum to one.
    pub fn pick(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut rest = self.uniform() * weights.clone().sum::<f64>();
        let mut last = 0;
        for (index, weight) in weights.enumerate() {
            last = index;
            rest -= weight;
            if rest < 0.0 {
                break;
            }
        }
        last
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// Number of failures before the first success, so that the mean is `mean`; at most `cap`.
    pub fn geometric(&mut self, mean: f64, cap: u32) -> u32 {
        let go_on = mean / (1.0 + mean);
        let mut count = 0;
        while count < cap && self.chance(go_on) {
            count += 1;
        }
        count
    }

    /// Standard normal by Marsaglia's polar method.
    fn normal(&mut self) -> f64 {
        loop {
            let x = 2.0 * self.uniform() - 1.0;
            let y = 2.0 * self.uniform() - 1.0;
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * libm::log(square) / square).sqrt();
            }
        }
    }

    /// Gamma with this shape and rate 1 (Marsaglia & Tsang 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = libm::pow(self.uniform(), 1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let cube = 1.0 + c * x;
            if cube <= 0.0 {
                continue;
            }
            let v = cube * cube * cube;
            if libm::log(self.uniform()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }

    /// Beta(a, b).
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.gamma(a);
        let y = self.gamma(b);
        if x + y > 0.0 { x / (x + y) } else { 0.5 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: usize = 200_000;

    /// Mean and variance of many draws.
    fn moments(mut draw: impl FnMut(&mut Rng) -> f64) -> (f64, f64) {
        let mut rng = Rng::new(7, Purpose::Person, 0);
        let values: Vec<f64> = (0..DRAWS).map(|_| draw(&mut rng)).collect();
        let mean = values.iter().sum::<f64>() / DRAWS as f64;
        let square = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
        (mean, square / (DRAWS - 1) as f64)
    }

    /// Asserts mean and variance against theory: five standard errors, and 5 %.
    fn check(name: &str, found: (f64, f64), mean: f64, variance: f64) {
        let error = 5.0 * (variance / DRAWS as f64).sqrt();
        assert!((found.0 - mean).abs() < error, "{name}: mean {}", found.0);
        assert!(
            (found.1 / variance - 1.0).abs() < 0.05,
            "{name}: variance {}",
            found.1
        );
    }

    #[test]
    fn draws_have_the_moments_of_their_distributions() {
        check("uniform", moments(Rng::uniform), 0.5, 1.0 / 12.0);
        check("exponential", moments(Rng::exponential), 1.0, 1.0);
        check("normal", moments(Rng::normal), 0.0, 1.0);
        check("gamma 0.55", moments(|rng| rng.gamma(0.55)), 0.55, 0.55);
        check("gamma 6", moments(|rng| rng.gamma(6.0)), 6.0, 6.0);
        // Beta(a, b): mean a/(a+b), variance ab/((a+b)²(a+b+1)).
        let (a, b) = (0.8, 3.2);
        let variance = a * b / ((a + b) * (a + b) * (a + b + 1.0));
        check("beta", moments(|rng| rng.beta(a, b)), a / (a + b), variance);
        // Geometric from 0: variance m + m².
        check(
            "geometric",
            moments(|rng| f64::from(rng.geometric(0.35, 1000))),
            0.35,
            0.35 + 0.35 * 0.35,
        );
    }

    #[test]
    fn picking_follows_the_weights() {
        let weights = [1.0, 0.0, 3.0];
        let mut rng = Rng::new(1, Purpose::Order, 5);
        let mut counts = [0_u32; 3];
        for _ in 0..40_000 {
            counts[rng.pick(weights.iter().copied())] += 1;
        }
        assert_eq!(counts[1], 0);
        // Standard deviation of the first count: √(40000 · ¼ · ¾) = 87.
        assert!((i64::from(counts[0]) - 10_000).abs() < 5 * 87, "{counts:?}");
    }

    #[test]
    fn streams_are_reproducible_and_distinct() {
        let first = |seed, purpose, number| Rng::new(seed, purpose, number).next_u64();
        assert_eq!(first(1, Purpose::Person, 2), first(1, Purpose::Person, 2));
        assert_ne!(first(1, Purpose::Person, 2), first(2, Purpose::Person, 2));
        assert_ne!(first(1, Purpose::Person, 2), first(1, Purpose::Order, 2));
        assert_ne!(first(1, Purpose::Person, 2), first(1, Purpose::Person, 3));
    }
}
