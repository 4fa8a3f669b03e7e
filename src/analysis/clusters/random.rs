//! Random draws from the project's seed, the same on every machine (`SplitMix64`).

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A stream of draws.
pub(super) struct Rng(u64);

/// What a stream is for; streams of different purposes are independent.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Fitted = 1,
    Measured,
    Starts,
    Noise,
    Bootstrap,
}

impl Rng {
    pub(super) fn new(seed: u64, purpose: Purpose, number: u64) -> Self {
        let stream = mix(seed.wrapping_add((purpose as u64).wrapping_mul(GOLDEN)));
        Self(mix(stream ^ number.wrapping_mul(GOLDEN)))
    }

    pub(super) fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// Whole number in `0..count`; 0 when `count` is 0.
    pub(super) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next_u64()) * count as u128) >> 64) as usize
    }

    /// Number in `0.0..1.0`.
    pub(super) fn share(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Number of the standard normal distribution (Box & Muller 1958).
    pub(super) fn normal(&mut self) -> f64 {
        let (radius, angle) = (1.0 - self.share(), std::f64::consts::TAU * self.share());
        (-2.0 * libm::log(radius)).sqrt() * libm::cos(angle)
    }

    /// So many of `0..count`, ascending, every choice equally likely; all when there are no more.
    pub(super) fn choose(&mut self, count: usize, wanted: usize) -> Vec<usize> {
        if wanted >= count {
            return (0..count).collect();
        }
        // Selection sampling (Knuth, algorithm S): one pass, ascending, no set.
        let mut chosen = Vec::with_capacity(wanted);
        for index in 0..count {
            if self.below(count - index) < wanted - chosen.len() {
                chosen.push(index);
            }
        }
        chosen
    }
}
