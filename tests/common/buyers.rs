//! Customers who buy till they die, with known parameters: for tests and measurements of the models.

#![allow(dead_code)]

use keepers::models::btyd::{Family, History};

/// A small seeded generator (`SplitMix64`) with the distributions the models are made of.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform in (0, 1).
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64 + f64::EPSILON / 4.0
    }

    pub fn exponential(&mut self, rate: f64) -> f64 {
        -self.uniform().ln() / rate
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Gamma(shape, rate) by Marsaglia & Tsang; shapes below 1 by boosting.
    pub fn gamma(&mut self, shape: f64, rate: f64) -> f64 {
        if shape < 1.0 {
            let boost = self.uniform().powf(1.0 / shape);
            return boost * self.gamma(shape + 1.0, rate);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let normal = self.normal();
            let cube = (1.0 + c * normal).powi(3);
            if cube > 0.0
                && self.uniform().ln() < 0.5 * normal * normal + d - d * cube + d * cube.ln()
            {
                return d * cube / rate;
            }
        }
    }

    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a, 1.0), self.gamma(b, 1.0));
        x / (x + y)
    }
}

/// One customer's repeats within `age` (in the time unit of the parameters): number and time of the last.
pub fn repeats(random: &mut Random, family: Family, p: &[f64; 4], age: f64) -> (u32, f64) {
    let rate = random.gamma(p[0], p[1]);
    let (chance, lifetime) = match family {
        Family::BgNbd | Family::MbgNbd => (random.beta(p[2], p[3]), f64::INFINITY),
        Family::ParetoNbd => {
            let leaving = random.gamma(p[2], p[3]);
            (0.0, random.exponential(leaving))
        }
    };
    let (mut count, mut last) = (0, 0.0);
    let mut gone = family == Family::MbgNbd && random.uniform() < chance;
    while !gone {
        let next = last + random.exponential(rate);
        if next > age.min(lifetime) {
            break;
        }
        (count, last) = (count + 1, next);
        gone = random.uniform() < chance;
    }
    (count, last)
}

/// Histories of `customers` with ages spread evenly from `ages.0` to `ages.1`; `per_unit` days make
/// one time unit of the parameters (many, where rounding to days must not show).
pub fn histories(
    (family, parameters): (Family, [f64; 4]),
    customers: usize,
    ages: (u32, u32),
    per_unit: f64,
    seed: u64,
) -> Vec<History> {
    let mut random = Random::new(seed);
    (0..customers)
        .map(|_| {
            let span = f64::from(ages.1 - ages.0 + 1);
            let age_days = ages.0 + (random.uniform() * span) as u32;
            let age = f64::from(age_days) / per_unit;
            let (repeats, last) = repeats(&mut random, family, &parameters, age);
            History {
                repeats,
                last_days: ((last * per_unit).ceil() as u32).min(age_days),
                age_days,
            }
        })
        .collect()
}
