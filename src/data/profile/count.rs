//! Distinct values with their counts, as long as they are few; an estimate of their number beyond.

use std::hash::Hash;

use hashbrown::HashMap;

use super::{Distinct, MAX_DISTINCT, MAX_DISTINCT_BYTES};
use crate::data::table::records;

/// A value that can be counted.
pub(super) trait Countable: Eq + Hash {
    /// A hash that is the same in every run.
    fn steady_hash(&self) -> u64;
    /// Bytes it holds on the heap.
    fn bytes(&self) -> usize;
}

impl Countable for u64 {
    fn steady_hash(&self) -> u64 {
        mix(*self)
    }

    fn bytes(&self) -> usize {
        0
    }
}

impl Countable for Box<str> {
    fn steady_hash(&self) -> u64 {
        text_hash(self)
    }

    fn bytes(&self) -> usize {
        self.len()
    }
}

fn text_hash(text: &str) -> u64 {
    mix(records::fingerprint(text.as_bytes()))
}

/// Spreads the bits of a number evenly (the finaliser of `SplitMix64`, Steele et al. 2014).
#[inline]
pub(super) fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// Counts per distinct value.
pub(super) struct Counter<K> {
    counts: HashMap<K, u64>,
    bytes: usize,
    /// Exists once there were too many values to keep.
    sketch: Option<Sketch>,
}

impl<K> Default for Counter<K> {
    fn default() -> Self {
        Self {
            counts: HashMap::new(),
            bytes: 0,
            sketch: None,
        }
    }
}

impl<K: Countable> Counter<K> {
    /// Starts the estimate with the values known so far when one more would be too many.
    fn is_full(&mut self) -> bool {
        if self.sketch.is_none()
            && (self.counts.len() >= MAX_DISTINCT || self.bytes >= MAX_DISTINCT_BYTES)
        {
            let mut sketch = Sketch::default();
            for value in self.counts.keys() {
                sketch.add(value.steady_hash());
            }
            self.sketch = Some(sketch);
        }
        self.sketch.is_some()
    }

    fn insert(&mut self, value: K, rows: u64) {
        self.bytes += value.bytes();
        self.counts.insert(value, rows);
    }

    /// Number of distinct values.
    pub fn distinct(&self) -> Distinct {
        match &self.sketch {
            None => Distinct::Exact(self.counts.len() as u64),
            Some(sketch) => Distinct::About(sketch.estimate()),
        }
    }

    /// Whether every value is kept with its count.
    pub fn is_exact(&self) -> bool {
        self.sketch.is_none()
    }

    /// The values kept, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, u64)> {
        self.counts.iter().map(|(value, rows)| (value, *rows))
    }

    /// Rows of the most frequent value kept.
    pub fn most(&self) -> u64 {
        self.counts.values().copied().max().unwrap_or_default()
    }
}

impl Counter<u64> {
    #[inline]
    pub fn add(&mut self, value: u64, rows: u64) {
        if let Some(known) = self.counts.get_mut(&value) {
            *known += rows;
        } else if !self.is_full() {
            self.insert(value, rows);
        } else if let Some(sketch) = &mut self.sketch {
            sketch.add(value.steady_hash());
        }
    }
}

impl Counter<Box<str>> {
    #[inline]
    pub fn add(&mut self, text: &str, rows: u64) {
        if let Some(known) = self.counts.get_mut(text) {
            *known += rows;
        } else if !self.is_full() {
            self.insert(text.into(), rows);
        } else if let Some(sketch) = &mut self.sketch {
            sketch.add(text_hash(text));
        }
    }
}

/// Bits of a hash that choose a register.
const INDEX_BITS: u32 = 14;
const REGISTERS: usize = 1 << INDEX_BITS;

/// `HyperLogLog` (Flajolet et al. 2007): the number of distinct values from the longest runs of zero
/// bits in their hashes.
struct Sketch(Box<[u8]>);

impl Default for Sketch {
    fn default() -> Self {
        Self(vec![0; REGISTERS].into_boxed_slice())
    }
}

impl Sketch {
    #[inline]
    fn add(&mut self, hash: u64) {
        let register = (hash >> (64 - INDEX_BITS)) as usize;
        // The marker bit bounds the run when all bits that are left are zero.
        let rest = (hash << INDEX_BITS) | 1 << (INDEX_BITS - 1);
        let run = rest.leading_zeros() as u8 + 1;
        self.0[register] = self.0[register].max(run);
    }

    /// α m² ÷ Σ 2^−register; only asked for far above the range that needs a correction for small
    /// numbers, and 64-bit hashes need none for large ones.
    fn estimate(&self) -> u64 {
        let registers = REGISTERS as f64;
        let alpha = 0.7213 / (1.0 + 1.079 / registers);
        let sum: f64 = self.0.iter().map(|&run| (-f64::from(run)).exp2()).sum();
        (alpha * registers * registers / sum).round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_counted_one_by_one() {
        let mut counter = Counter::<Box<str>>::default();
        for text in ["a", "b", "a"] {
            counter.add(text, 1);
        }
        counter.add("b", 5);
        assert_eq!(counter.distinct(), Distinct::Exact(2));
        assert_eq!(counter.most(), 6);
        let mut kept: Vec<_> = counter.iter().map(|(text, rows)| (&**text, rows)).collect();
        kept.sort_unstable();
        assert_eq!(kept, [("a", 2), ("b", 6)]);
    }

    #[test]
    fn many_values_are_estimated_within_three_standard_errors() {
        let (mut numbers, mut texts) = (Counter::<u64>::default(), Counter::<Box<str>>::default());
        for value in 0..400_000_u64 {
            numbers.add(value, 1);
            texts.add(&format!("customer-{value:07}"), 1);
        }
        // A second look at the same values adds none.
        for value in 0..400_000_u64 {
            numbers.add(value, 1);
        }
        for distinct in [numbers.distinct(), texts.distinct()] {
            let Distinct::About(count) = distinct else {
                panic!("{distinct:?} is exact");
            };
            let error = (count as f64 / 400_000.0 - 1.0).abs();
            assert!(error < 3.0 * 0.0081, "{count}");
        }
        assert_eq!(numbers.most(), 2, "values kept are still counted");
    }
}
