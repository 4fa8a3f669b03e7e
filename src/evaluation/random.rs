//! Seeded draws that are the same on every machine and for any number of threads.
//!
//! `SplitMix64` (Steele, Lea & Flood 2014) with numbered streams: replicate 17 draws the same whether
//! or not replicate 16 was drawn before it.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// One stream of draws.
#[derive(Clone, Debug)]
pub struct Draws(u64);

impl Draws {
    /// Stream number `stream` of a seed.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        Self(mix(
            mix(seed.wrapping_add(GOLDEN)) ^ stream.wrapping_mul(GOLDEN)
        ))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// Uniform in the open interval (0, 1).
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        ((self.bits() >> 11) as f64 + 0.5) * STEP
    }

    /// Whole number in `0..count`; 0 when there is nothing to choose from.
    pub fn below(&mut self, count: usize) -> usize {
        // Multiply and shift: unbiased to one part in 2⁶⁴ / count, and faster than a division.
        ((u128::from(self.bits()) * count as u128) >> 64) as usize
    }

    /// Puts the items in random order (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// `count` different numbers of `0..len` in ascending order; all of them when there are no more.
    pub fn sample(&mut self, len: usize, count: usize) -> Vec<usize> {
        if count >= len {
            return (0..len).collect();
        }
        // Floyd's method costs count draws, however long the list.
        let mut chosen = std::collections::BTreeSet::new();
        for last in len - count..len {
            let drawn = self.below(last + 1);
            if !chosen.insert(drawn) {
                chosen.insert(last);
            }
        }
        chosen.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_uniform_and_repeatable() {
        let mut draws = Draws::new(7, 3);
        let mut counts = [0usize; 10];
        for _ in 0..100_000 {
            counts[draws.below(10)] += 1;
        }
        // Expected 10,000 each; SD 95.
        assert!(
            counts.iter().all(|count| count.abs_diff(10_000) < 400),
            "{counts:?}"
        );
        assert_eq!(Draws::new(7, 3).bits(), Draws::new(7, 3).bits());
        assert_ne!(Draws::new(7, 3).bits(), Draws::new(7, 4).bits());
        assert_ne!(Draws::new(7, 3).bits(), Draws::new(8, 3).bits());
    }

    #[test]
    fn samples_hold_different_numbers_and_shuffles_lose_none() {
        let mut draws = Draws::new(1, 1);
        let sample = draws.sample(1000, 300);
        assert_eq!(sample.len(), 300);
        assert!(sample.windows(2).all(|pair| pair[0] < pair[1]) && sample[299] < 1000);
        assert_eq!(draws.sample(3, 9), [0, 1, 2]);
        let mut items: Vec<usize> = (0..100).collect();
        draws.shuffle(&mut items);
        assert!(items.windows(2).any(|pair| pair[0] > pair[1]));
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
